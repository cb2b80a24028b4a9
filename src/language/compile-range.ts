/** `for … range` over integers, slices, arrays, strings and channels. */
import { elementType, runtimeCall } from './compile-calls.ts';
import type { FunctionCompiler } from './compile-function.ts';
import { into, value } from './compile-expressions.ts';
import { turn } from './compile-loops.ts';
import { initialise } from './compile-assignments.ts';
import { block, headOf } from './compile-statements.ts';
import { Label } from './emit.ts';
import * as op from './instructions.ts';
import { loadPlace, move } from './places.ts';
import type { TypedExpression, TypedRange, Variable } from './typed.ts';
import { isBoxed } from './typed.ts';
import { underlying, wordsOf } from './types.ts';

interface Turn {
  readonly head: Label;
  readonly next: Label;
  readonly end: Label;
}

export function range(f: FunctionCompiler, node: TypedRange): void {
  const { out } = f;
  const labels: Turn = { head: new Label(), next: new Label(), end: new Label() };
  f.openScope(null);
  if (!out.reachable) return f.endScope();
  f.breakables.set(node.target, {
    breakLabel: labels.end,
    continueLabel: labels.next,
    depth: f.depth,
  });
  if (node.form === 'string') rangeString(f, node, labels);
  else if (node.form === 'channel') rangeChannel(f, node, labels);
  else rangeIndex(f, node, labels);
  out.bind(labels.end);
  f.closeScope();
}

/** The stop that each turn of the loop makes at its head. */
function headStop(f: FunctionCompiler, node: TypedRange): void {
  f.out.statement(headOf(node.span, node.object.span));
}

function endTurn(f: FunctionCompiler, node: TypedRange, labels: Turn): void {
  turn(f, labels.head, node.span.start);
}

/** Integers, slices and arrays: an index that counts up to a length. */
function rangeIndex(f: FunctionCompiler, node: TypedRange, labels: Turn): void {
  const { out } = f;
  const { key } = node;
  headStop(f, node);
  const source = sourceOf(f, node);
  // A key that the body does not change can count itself.
  const own = key !== null && !isBoxed(key) && !key.reassigned;
  const index = own ? (f.slotOf(key) as number) : out.temporary(1);
  out.emit(op.OP_CONST, index, 0);
  const first = new Label();
  out.jump(op.OP_JMP, first);
  out.bind(labels.head);
  out.reachable = true;
  headStop(f, node);
  out.emit(op.OP_ADDI, index, index, 1);
  out.bind(first);
  out.jump(op.OP_JLE, labels.end, source.length, index);
  if (key && !own) initialise(f, key, index);
  if (key) f.declared(key);
  if (node.value) elementInto(f, node, node.value, source, index);
  block(f, node.body);
  out.bind(labels.next);
  if (node.value && wordsOf(node.value.type) > 0) clearVariable(f, node.value);
  endTurn(f, node, labels);
}

interface Source {
  readonly length: number;
  /** Slot of the address of element 0; -1 for integers. */
  readonly address: number;
  readonly local: boolean;
}

/** Evaluates what is ranged over, once. */
function sourceOf(f: FunctionCompiler, node: TypedRange): Source {
  const { out } = f;
  const { object } = node;
  if (node.form === 'integer') {
    if (isFixed(object)) return { length: value(f, object), address: -1, local: true };
    const length = out.temporary(1);
    into(f, object, length);
    return { length, address: -1, local: true };
  }
  if (node.form === 'slice') {
    const slice = out.temporary(3);
    into(f, object, slice);
    const owned =
      (object.kind === 'field' && object.local) ||
      (object.kind === 'variable' && object.variable.kind === 'global' && object.variable.local);
    return { length: slice + 1, address: slice, local: owned };
  }
  const type = underlying(object.type);
  const array = type.kind === 'pointer' ? underlying(type.element) : type;
  const length = out.temporary(1);
  out.emit(op.OP_CONST, length, array.kind === 'array' ? array.length : 0);
  const address = out.temporary(1);
  if (type.kind === 'pointer') {
    // Its elements are seen as they are at each turn.
    into(f, object, address);
    return { length, address, local: false };
  }
  const copy = out.temporary(wordsOf(object.type));
  into(f, object, copy);
  out.emit(op.OP_LEA, address, copy);
  return { length, address, local: true };
}

/** Whether the expression is a variable that nothing changes while the loop runs. */
function isFixed(object: TypedExpression): boolean {
  if (object.kind !== 'variable') return false;
  const { variable } = object;
  return variable.kind !== 'global' && !variable.reassigned && !variable.addressTaken;
}

function elementInto(
  f: FunctionCompiler,
  node: TypedRange,
  variable: Variable,
  source: Source,
  index: number,
): void {
  const { out } = f;
  const mark = out.top;
  const words = wordsOf(variable.type);
  const pointer = out.temporary(1);
  const { span } = node.object;
  out.span = span;
  out.emit(op.OP_MOV, pointer, source.address);
  out.emit(op.OP_ELEMENT, pointer, index, words);
  const element = isBoxed(variable) ? out.temporary(words) : (f.slotOf(variable) as number);
  const place = { kind: 'memory', pointer, offset: 0, local: source.local } as const;
  if (words > 0) loadPlace(f, place, element, words);
  if (isBoxed(variable)) f.newBox(variable, element);
  f.declared(variable);
  out.release(mark);
}

function clearVariable(f: FunctionCompiler, variable: Variable): void {
  const words = isBoxed(variable) ? 1 : wordsOf(variable.type);
  f.out.emit(op.OP_CLEAR, f.slotOf(variable) as number, words);
}

function rangeString(f: FunctionCompiler, node: TypedRange, labels: Turn): void {
  const { out } = f;
  headStop(f, node);
  const text = out.temporary(3);
  const length = text + 1;
  const index = text + 2;
  into(f, node.object, text);
  const measure = out.top;
  const base = out.temporary(2);
  move(f, base, text, 1);
  out.emit(op.OP_SYS, op.SYS_STRING_LENGTH, base);
  move(f, length, base, 1);
  out.emit(op.OP_CONST, index, 0);
  out.release(measure);
  const rune = out.temporary(2);
  const first = new Label();
  out.jump(op.OP_JMP, first);
  out.bind(labels.head);
  out.reachable = true;
  headStop(f, node);
  out.emit(op.OP_NOP);
  out.bind(first);
  out.jump(op.OP_JLE, labels.end, length, index);
  move(f, rune, text, 1);
  move(f, rune + 1, index, 1);
  out.emit(op.OP_SYS, op.SYS_STRING_RUNE, rune);
  if (node.key) {
    initialise(f, node.key, index);
    f.declared(node.key);
  }
  if (node.value) {
    initialise(f, node.value, rune);
    f.declared(node.value);
  }
  // The next index is known before the body runs, as in Go.
  out.emit(op.OP_ADD, index, index, rune + 1);
  block(f, node.body);
  out.bind(labels.next);
  endTurn(f, node, labels);
}

function rangeChannel(f: FunctionCompiler, node: TypedRange, labels: Turn): void {
  const { out } = f;
  const words = wordsOf(elementType(node.object.type));
  headStop(f, node);
  const channel = out.temporary(1);
  into(f, node.object, channel);
  const received = out.temporary(Math.max(1, words));
  const first = new Label();
  out.jump(op.OP_JMP, first);
  out.bind(labels.head);
  out.reachable = true;
  headStop(f, node);
  out.emit(op.OP_NOP);
  out.bind(first);
  out.span = node.object.span;
  const mark = out.top;
  const ok = runtimeCall(f, 'chanrecv2', 2, 1, (slot) => {
    move(f, slot, channel, 1);
    out.emit(op.OP_LEA, slot + 1, received);
  });
  out.received(received, words);
  out.jump(op.OP_JF, labels.end, ok);
  out.release(mark);
  const { key } = node;
  if (key) {
    initialise(f, key, received);
    f.declared(key);
  }
  block(f, node.body);
  out.bind(labels.next);
  if (words > 0) out.emit(op.OP_CLEAR, received, words);
  if (key && words > 0) clearVariable(f, key);
  endTurn(f, node, labels);
}
