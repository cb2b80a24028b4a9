/**
 * One function on its way from typed tree to instructions: its frame, its scopes and what a
 * debugger must know of its variables. The code of statements and expressions is made by the
 * functions of the compile-….ts files, which all work on this.
 */
import type { Analysis, FunctionLayout } from './analysis.ts';
import { blockBody } from './compile-statements.ts';
import { Emitter, Label } from './emit.ts';
import type { CodeBuffer } from './emit.ts';
import type { FunctionInfo, VariableInfo } from './image.ts';
import * as op from './instructions.ts';
import { loadPlace, storePlace, variablePlace } from './places.ts';
import type { RuntimeTypes } from './runtime-types.ts';
import type { BranchTarget, TypedBlock, TypedExpression, TypedFunction } from './typed.ts';
import { isBoxed } from './typed.ts';
import type { Variable } from './typed.ts';
import type { SourceFile, Span } from './diagnostics.ts';
import { wordsOf } from './types.ts';

/** What all functions of an image share while it is made. */
export interface Unit {
  readonly buffer: CodeBuffer;
  readonly types: RuntimeTypes;
  readonly analysis: Analysis;
  /** Whether an expression calls or receives: such operands are evaluated before plain loads. */
  readonly callCache: Map<TypedExpression, boolean>;
  /** Whether a detector of data races is told what happens. */
  readonly races: boolean;
  /** Number of the function, which will be compiled too; `local`: its version for conditions. */
  functionNumber(target: TypedFunction, local: boolean): number;
  /** Number of a function of RUNTIME_FUNCTIONS. */
  runtimeFunction(name: string): number;
  stringValue(text: string): number;
  globalAddress(variable: Variable): number;
  fileNumber(file: SourceFile): number;
}

interface Scope {
  readonly block: TypedBlock | null;
  readonly isAtomic: boolean;
  readonly variables: { start: number; end: number }[];
  /** First free temporary where it begins. */
  readonly top: number;
  /** Range of slots of the variables declared in it. */
  low: number;
  high: number;
}

interface Breakable {
  readonly breakLabel: Label;
  readonly continueLabel: Label | null;
  readonly depth: number;
}

type MutableVariableInfo = { -readonly [K in keyof VariableInfo]: VariableInfo[K] };

export class FunctionCompiler {
  readonly unit: Unit;
  readonly source: TypedFunction;
  /** Compiled for a condition: no access is visible. */
  readonly local: boolean;
  /** Plain accesses to memory are no interleaving points: in conditions, and in models whose first
   *  line begins `//local` (there, locks and atomics order all that is shared). */
  readonly plainLocal: boolean;
  /** Calls that were done before the expression around them; where their results are. */
  readonly hoisted = new Map<TypedExpression, number>();
  readonly layout: FunctionLayout;
  readonly out: Emitter;
  readonly breakables = new Map<BranchTarget, Breakable>();
  readonly labels = new Map<BranchTarget, Label>();
  /** First slot of the result variables, or -1 when they are not one row of slots. */
  readonly resultSlot: number;
  readonly resultWords: number;
  readonly returnLabel = new Label();
  readonly hasEpilogue: boolean;
  readonly #scopes: Scope[] = [];
  readonly #variables: MutableVariableInfo[] = [];
  readonly #captureOffsets = new Map<Variable, number>();

  constructor(unit: Unit, source: TypedFunction, local: boolean) {
    this.unit = unit;
    this.source = source;
    this.local = local;
    this.plainLocal = local || (source.file.isModel && source.file.text.startsWith('//local'));
    this.layout = unit.analysis.layoutOf(source);
    const { firstTemporary } = this.layout;
    const file = unit.fileNumber(source.file);
    this.out = new Emitter(unit.buffer, file, firstTemporary, source.isWrapper);
    this.hasEpilogue = source.hasDefer || this.layout.givesFrame;
    this.resultWords = source.results.reduce((sum, result) => sum + wordsOf(result.type), 0);
    this.resultSlot = source.results.some(isBoxed)
      ? -1
      : op.FRAME_HEADER_WORDS + this.layout.parameterWords;
    let offset = 1;
    for (const variable of source.captures) {
      this.#captureOffsets.set(variable, offset);
      offset += isBoxed(variable) ? 1 : wordsOf(variable.type);
    }
  }

  /** Emits the whole function. */
  compile(): FunctionInfo {
    const { out, source } = this;
    const { body } = source;
    if (!body) throw new Error(`internal error: ${source.name} has no body, please report`);
    const start = out.pc;
    out.span = { start: source.span.start, end: source.span.start };
    this.#prologue();
    this.openScope(body);
    blockBody(this, body);
    if (out.reachable) {
      out.release(this.layout.firstTemporary);
      out.statement({ start: Math.max(body.span.start, body.span.end - 1), end: body.span.end });
      this.emitReturn();
    }
    const epilogue = this.#epilogue();
    this.endScope();
    const end = out.pc;
    for (const variable of this.#variables) if (variable.end < 0) variable.end = end;
    if (epilogue >= 0) this.unit.buffer.code[epilogue + 1] = out.frameWords;
    return {
      name: source.name,
      packageName: source.packageName,
      file: out.file,
      start,
      end,
      epilogue,
      frameWords: out.frameWords,
      parameterWords: this.layout.parameterWords,
      resultWords: this.resultWords,
      isModel: source.file.isModel,
      isWrapper: source.isWrapper,
      isRangeBody: source.isRangeBody,
      variables: this.#variables,
    };
  }

  /** Whether a goroutine may be preempted here: in scenarios, not in models or conditions. */
  get preemptible(): boolean {
    return !this.local && !this.source.file.isModel && !this.source.isWrapper;
  }

  /** Offset of a captured variable (or of its box's address) in the closure object. */
  captureOffset(variable: Variable): number {
    const offset = this.#captureOffsets.get(variable);
    if (offset === undefined) {
      const where = `${variable.name} in ${this.source.name}`;
      throw new Error(`internal error: no place for ${where}, please report`);
    }
    return offset;
  }

  takeHoisted(expression: TypedExpression): number | undefined {
    if (this.hoisted.size === 0) return undefined;
    const slot = this.hoisted.get(expression);
    if (slot !== undefined) this.hoisted.delete(expression);
    return slot;
  }

  slotOf(variable: Variable): number | undefined {
    return this.layout.slots.get(variable);
  }

  // ------------------------------------------------------------------------------- scopes

  get depth(): number {
    return this.#scopes.length;
  }

  openScope(block: TypedBlock | null, isAtomic = false): void {
    const { top } = this.out;
    this.#scopes.push({ block, isAtomic, variables: [], top, low: -1, high: -1 });
  }

  /** Ends the innermost scope: its variables are cleared and no longer shown. */
  closeScope(): void {
    this.#leave(this.#scopes[this.#scopes.length - 1]);
    this.endScope();
  }

  /** The same without code: where control never arrives, or the frame is given up. */
  endScope(): void {
    const scope = this.#scopes.pop() as Scope;
    for (const variable of scope.variables) variable.end = this.out.pc;
  }

  /** Code for a jump out of the scopes above `depth`. */
  leaveScopes(depth: number): void {
    for (let i = this.#scopes.length - 1; i >= depth; i--) this.#leave(this.#scopes[i]);
  }

  /** Depth just inside the scope of a block that encloses the current place. */
  depthOf(block: TypedBlock): number {
    for (let i = this.#scopes.length - 1; i >= 0; i--) {
      if (this.#scopes[i].block === block) return i + 1;
    }
    throw new Error('internal error: a label outside of its block, please report');
  }

  /** First free temporary of the statements in the scope just below `depth`. */
  topOf(depth: number): number {
    return this.#scopes[depth - 1].top;
  }

  #leave(scope: Scope): void {
    if (scope.isAtomic && !this.local) this.out.emit(op.OP_ATOMIC_END);
    if (scope.low >= 0) this.out.emit(op.OP_CLEAR, scope.low, scope.high - scope.low);
  }

  /** Atomic sections that a return leaves. */
  leaveAtomic(): void {
    for (const scope of this.#scopes) {
      if (scope.isAtomic && !this.local) this.out.emit(op.OP_ATOMIC_END);
    }
  }

  /** From here to the end of the scope the variable has its value. */
  declared(variable: Variable): void {
    const scope = this.#scopes[this.#scopes.length - 1];
    const slot = this.slotOf(variable) as number;
    const words = isBoxed(variable) ? 1 : wordsOf(variable.type);
    if (words > 0) {
      if (scope.low < 0 || slot < scope.low) scope.low = slot;
      if (slot + words > scope.high) scope.high = slot + words;
    }
    this.#show(variable, isBoxed(variable) ? 'box' : 'slot', slot);
    if (!isHidden(variable)) scope.variables.push(this.#variables[this.#variables.length - 1]);
  }

  #show(variable: Variable, storage: VariableInfo['storage'], index: number): void {
    if (isHidden(variable)) return;
    this.#variables.push({
      name: variable.name,
      type: this.unit.types.id(variable.type),
      storage,
      index,
      kind: variable.kind === 'global' ? 'local' : variable.kind,
      start: this.out.pc,
      end: -1,
    });
  }

  // ----------------------------------------------------------------- beginning and end

  #prologue(): void {
    const { out, source } = this;
    const start = out.pc;
    if (this.preemptible) out.emit(op.OP_PREEMPT);
    let incoming = op.FRAME_HEADER_WORDS;
    for (const parameter of source.parameters) {
      const words = wordsOf(parameter.type);
      if (isBoxed(parameter)) {
        this.newBox(parameter, incoming);
        if (words > 0) out.emit(op.OP_CLEAR, incoming, words);
      }
      this.#show(parameter, isBoxed(parameter) ? 'box' : 'slot', this.slotOf(parameter) as number);
      incoming += words;
    }
    for (const result of source.results) {
      if (isBoxed(result)) this.newBox(result, -1);
      this.#show(result, isBoxed(result) ? 'box' : 'slot', this.slotOf(result) as number);
    }
    for (const variable of source.captures) {
      const storage = isBoxed(variable) ? 'capture-box' : 'capture';
      this.#show(variable, storage, this.captureOffset(variable));
    }
    for (const shown of this.#variables) if (shown.storage !== 'box') shown.start = start;
  }

  /** A fresh box for the variable, with the value at slot `from` (-1: zero). */
  newBox(variable: Variable, from: number): void {
    const slot = this.slotOf(variable) as number;
    const words = wordsOf(variable.type);
    this.out.emit(op.OP_ALLOC, slot, this.unit.types.id(variable.type));
    if (from < 0) return;
    storePlace(this, { kind: 'memory', pointer: slot, offset: 0, local: true }, from, words);
  }

  /** Gives control back; the values are in the result variables. */
  emitReturn(): void {
    const { out } = this;
    this.leaveAtomic();
    if (this.hasEpilogue) out.jump(op.OP_JMP, this.returnLabel);
    else this.#returnResults();
  }

  #returnResults(): void {
    const { out } = this;
    let slot = this.resultSlot;
    if (slot < 0) {
      slot = out.temporary(this.resultWords);
      let next = slot;
      for (const result of this.source.results) {
        const words = wordsOf(result.type);
        const mark = out.top;
        loadPlace(this, variablePlace(this, result), next, words);
        out.release(mark);
        next += words;
      }
    }
    out.emit(op.OP_RET, slot, this.resultWords);
    out.reachable = false;
  }

  /** The place that runs the deferred calls; its pc, or -1 when the function has none. */
  #epilogue(): number {
    if (!this.hasEpilogue) return -1;
    const { out } = this;
    out.bind(this.returnLabel);
    // A recovered panic comes here from anywhere.
    out.reachable = true;
    out.flush();
    const { body } = this.source;
    if (body) out.span = endOf(body.span);
    const pc = out.pc;
    out.emit(op.OP_RUNDEFERS, 0);
    this.#returnResults();
    return pc;
  }
}

function endOf(span: Span): Span {
  return { start: Math.max(span.start, span.end - 1), end: span.end };
}

function isHidden(variable: Variable): boolean {
  return variable.synthetic || variable.name === '_';
}
