/**
 * Writes JavaScript for one function of an image: what the interpreter does, with all operands
 * known. For machines that execute very many steps. generated.ts runs it; the interpreter is its
 * measure.
 *
 * The text is one loop over a switch of blocks. A block begins where execution can come from
 * elsewhere (a jump, a return, a visible operation); inside it slots live in constants, and are
 * written to memory only where something can see them: before calls, exits, and the block's end.
 * Whatever is rare (a trap, a freed object) leaves: the interpreter executes that instruction.
 *
 * A generated function takes pc and fp, and gives the pc where execution goes on, with core.fp set;
 * or STOPPED, HALTED or BAILED. All state is in memory whenever it returns, so it does not matter
 * to whom: a JavaScript frame is only a shortcut for going on after a call.
 */
import { ATOMIC_HOLDER, CONTEXT_DEFERS, CONTEXT_LIMIT } from '../language/image.ts';
import { INSTRUCTIONS } from '../language/instruction-table.ts';
import * as ops from '../language/instructions.ts';
import { isTrue } from './generate-arithmetic.ts';
import { store } from './generate-block.ts';
import { inlineLength } from './generate-inline.ts';
import { MemoryWriter } from './generate-memory.ts';
import type { Tables } from './tables.ts';

/** Before a visible operation; core.pc and core.fp say where. */
export const STOPPED = -1;
/** The thread or the run has ended. */
export const HALTED = -2;
/** The instructions allowed may not suffice: the interpreter counts them exactly. */
export const BAILED = -3;

const NEXT = ops.INSTRUCTION_WORDS;

/** Whether something must be checked before the instruction at this pc is executed: it stops. */
export function stopTest(op: number): string {
  if (op < ops.OP_VISIBLE) return '';
  const free = `m[${ATOMIC_HOLDER}] === 0`;
  return op === ops.OP_CHOOSE ? `${free} || !C.isolated` : free;
}

/** First pcs of the blocks of a function, in order. */
export function blockStarts(tables: Tables, start: number, end: number): number[] {
  const { code } = tables;
  const starts = new Set<number>([start]);
  for (let pc = start; pc < end; pc += NEXT) {
    const op = code[pc];
    const shape = INSTRUCTIONS[op];
    if (shape?.a === 'p') starts.add(code[pc + 1]);
    if (shape?.b === 'p') starts.add(code[pc + 2]);
    if (shape?.c === 'p') starts.add(code[pc + 3]);
    if (op >= ops.OP_VISIBLE || op === ops.OP_RUNDEFERS) starts.add(pc);
    if (op >= ops.OP_CALL && op <= ops.OP_CALLI) starts.add(pc + NEXT);
    if (op === ops.OP_MCALL || op === ops.OP_GOGO) starts.add(pc + NEXT);
  }
  return [...starts].filter((pc) => pc < end).sort((x, y) => x - y);
}

/** The body of a generated function, of parameters pc and fp; `numbers` are its blocks by pc. */
export function generateFunction(
  tables: Tables,
  start: number,
  end: number,
  isRecording = false,
): string {
  return new FunctionWriter(tables, start, end, isRecording).text();
}

class FunctionWriter extends MemoryWriter {
  readonly #end: number;
  readonly #blocks: readonly number[];

  constructor(tables: Tables, start: number, end: number, isRecording: boolean) {
    super(tables, start, end, isRecording);
    this.#end = end;
    this.#blocks = blockStarts(tables, start, end);
  }

  text(): string {
    const cases = this.#blocks.map((pc, index) => {
      this.#block(pc, this.#blocks[index + 1] ?? this.#end);
      return `case ${index + 1}: {\n${this.lines.join('\n')}\n}`;
    });
    return `const E = C.epoch;
let b = B[pc >> 2];
for (;;) switch (b) {
${cases.join('\n')}
default: return one(pc, fp);
}`;
  }

  #block(start: number, end: number): void {
    this.lines = [];
    this.slots = new Map();
    this.executed = 0;
    const length = this.#length(start, end);
    this.emit(`if (R.left < ${length}) { C.pc = ${start}; C.fp = fp; return ${BAILED}; }`);
    let goesOn = true;
    for (this.pc = start; this.pc < end && goesOn; this.pc += NEXT) {
      goesOn = this.#instruction();
    }
    if (!goesOn) return;
    this.flush();
    this.count();
    if (end >= this.#end) this.emit(`C.fp = fp; return ${end};`);
    else this.emit(this.#stopBefore(end));
  }

  /** Instructions of a block, with those of callees that are written in place. */
  #length(start: number, end: number): number {
    const { code } = this.tables;
    let length = 0;
    for (let pc = start; pc < end; pc += NEXT) {
      length += 1 + (code[pc] === ops.OP_CALL ? inlineLength(this.tables, code[pc + 1]) : 0);
    }
    return length;
  }

  /** Leaves before a visible operation, unless it is inside an atomic section. */
  #stopBefore(pc: number): string {
    const test = stopTest(this.tables.code[pc]);
    return test === '' ? '' : `if (${test}) { C.pc = ${pc}; C.fp = fp; return ${STOPPED}; }`;
  }

  /** A statement that jumps to a block. */
  #jump(pc: number): string {
    const index = this.#blocks.indexOf(pc);
    if (index < 0) return `C.fp = fp; return ${pc};`;
    const stop = this.#stopBefore(pc);
    return `${stop} b = ${index + 1}; continue;`;
  }

  /** Writes one instruction; false if execution does not go on behind it. */
  #instruction(): boolean {
    const [op, a, b, c] = this.words();
    if (op >= ops.OP_JMP && op <= ops.OP_JLE) return this.#branch(op, a, b, c);
    if (op === ops.OP_RET) return this.#return(a, b, c);
    if (op === ops.OP_CALL) return this.#call(a, b);
    if (op === ops.OP_CALLC || op === ops.OP_CALLI) return this.#callValue(b);
    if (!this.simple(op, a, b, c) && !this.memory(op, a, b, c) && !this.atomic(op, a, b, c)) {
      if (op !== ops.OP_RUNDEFERS) return this.slowly();
      // Usually nothing was deferred.
      this.emit(`if (m[C.context + ${CONTEXT_DEFERS}] !== 0) {`);
      this.emit(`${this.stores()} ${this.counted()} return one(${this.pc}, fp); }`);
    }
    this.executed++;
    return true;
  }

  #branch(op: number, a: number, b: number, c: number): boolean {
    if (op === ops.OP_JMP) {
      this.executed++;
      this.flush();
      this.count();
      this.emit(this.#jump(a));
      return false;
    }
    const isUnary = op === ops.OP_JT || op === ops.OP_JF;
    const x = this.read(a);
    const condition = isUnary ? isTrue(op, x, '') : isTrue(op, x, this.read(b));
    this.executed++;
    const target = isUnary ? b : c;
    this.emit(`if (${condition}) { ${this.stores()} ${this.counted()} ${this.#jump(target)} }`);
    return true;
  }

  #call(number: number, base: number): boolean {
    if (this.#inline(number, base)) return true;
    const { entry, extent } = this.tables;
    const next = this.pc + NEXT;
    this.flush();
    const frame = this.value(`fp + ${base}`);
    const top = `${frame} + ${extent[number]} > m[C.context + ${CONTEXT_LIMIT}]`;
    this.emit(`if (${top}) { ${this.counted()} return one(${this.pc}, fp); }`);
    this.emit(store(frame, String(next)));
    this.emit(store(`${frame} + 1`, 'fp'));
    this.emit(store(`${frame} + 2`, '0'));
    this.executed++;
    this.count();
    const first = entry[number];
    const stop = stopTest(this.tables.code[first]);
    if (stop !== '') {
      this.emit(`if (${stop}) { C.pc = ${first}; C.fp = ${frame}; return ${STOPPED}; }`);
    }
    this.emit(`if (R.depth > 50) { C.fp = ${frame}; return ${first}; }`);
    const result = this.name();
    this.emit(
      `R.depth++; const ${result} = (F[${number}] || make(${number}))(${first}, ${frame});`,
    );
    this.emit(`R.depth--; if (${result} !== ${next} || C.fp !== fp) return ${result};`);
    this.slots = new Map();
    return true;
  }

  /** Writes a callee without effects in place: its frame exists only in constants. */
  #inline(number: number, base: number): boolean {
    const { code, entry, extent } = this.tables;
    const count = this.hasAddresses ? 0 : inlineLength(this.tables, number);
    if (count === 0) return false;
    const callPc = this.pc;
    this.unless(`fp + ${base + extent[number]} > m[C.context + ${CONTEXT_LIMIT}]`);
    this.wayOut = this.leave();
    this.offset = base;
    const end = entry[number] + (count - 1) * NEXT;
    for (this.pc = entry[number]; this.pc < end; this.pc += NEXT) {
      const [op, a, b, c] = this.words();
      if (!this.simple(op, a, b, c)) this.memory(op, a, b, c);
    }
    const [first, results] = [code[end + 1], code[end + 2]];
    const values = Array.from({ length: results }, (_, i) => this.read(first + i));
    for (let slot = 0; slot < extent[number]; slot++) {
      this.write(slot, values[slot - ops.FRAME_HEADER_WORDS] ?? '0');
    }
    this.offset = 0;
    this.wayOut = null;
    this.pc = callPc;
    this.executed += 1 + count;
    return true;
  }

  /** Calls of closures and methods. */
  #callValue(base: number): boolean {
    const [op, a, b, c] = this.words();
    const next = this.pc + NEXT;
    this.flush();
    this.executed++;
    this.count();
    const result = this.name();
    const entered = this.name();
    this.emit(`const ${entered} = slow(${this.pc}, fp, ${op}, ${a}, ${b}, ${c});`);
    this.emit(`if (${entered} < 0 || C.fp !== fp + ${base}) return ${entered};`);
    this.emit(`const ${result} = enter(${entered}, C.fp);`);
    this.emit(`if (${result} !== ${next} || C.fp !== fp) return ${result};`);
    this.slots = new Map();
    return true;
  }

  #return(first: number, count: number, extent: number): boolean {
    const values = Array.from({ length: count }, (_, i) => this.read(first + i));
    const returnPc = this.value('m[fp]');
    this.unless(`${returnPc} <= 0`);
    const caller = this.value('m[fp + 1]');
    for (const [i, value] of values.entries()) this.emit(store(`fp + ${3 + i}`, value));
    const from = ops.FRAME_HEADER_WORDS + count;
    if (extent > from) this.emit(`clear(fp + ${from}, fp + ${extent}, E);`);
    for (const word of ['fp', 'fp + 1', 'fp + 2']) this.emit(store(word, '0'));
    this.executed++;
    this.count();
    this.emit(`C.fp = ${caller}; return ${returnPc};`);
    return false;
  }
}
