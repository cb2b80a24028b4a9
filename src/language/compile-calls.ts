/** Calls: arguments go straight into the callee's frame, which begins above all live temporaries of
 *  the caller; results are found at the same place. */
import type { FunctionCompiler } from './compile-function.ts';
import { into, value } from './compile-expressions.ts';
import { hasCall, operandsInto } from './evaluation-order.ts';
import * as op from './instructions.ts';
import { machineOperation } from './machine-operations.ts';
import { move, slotOfExpression } from './places.ts';
import type { Call, Receive, TypedExpression } from './typed.ts';
import { underlying, wordsOf } from './types.ts';
import type { Type } from './types.ts';

/** Calls and gives the slot of the results, which are temporaries then. */
export function callValue(f: FunctionCompiler, expression: Call): number {
  const { out } = f;
  const { callee } = expression;
  const results = wordsOf(expression.type);
  const outer = out.span;
  let slot: number;
  if (callee.kind === 'static') {
    const number = f.unit.functionNumber(callee.function, f.local);
    const base = argumentsInto(f, expression.arguments, 0);
    out.span = expression.span;
    slot = out.call(op.OP_CALL, number, base, 0, results);
  } else if (callee.kind === 'value') {
    const late = isLate(f, callee.value, expression.arguments);
    const target = late ? out.temporary(1) : value(f, callee.value);
    const base = argumentsInto(f, expression.arguments, 0);
    if (late) into(f, callee.value, target);
    out.span = expression.span;
    slot = out.call(op.OP_CALLC, target, base, 0, results);
  } else if (callee.kind === 'interface') {
    const late = isLate(f, callee.object, expression.arguments);
    const object = late ? out.temporary(2) : value(f, callee.object);
    const base = argumentsInto(f, expression.arguments, 1);
    if (late) into(f, callee.object, object);
    move(f, base + op.FRAME_HEADER_WORDS, object + 1, 1);
    out.span = expression.span;
    const method = methodNumber(f, callee.object.type, callee.method);
    slot = out.call(op.OP_CALLI, object, base, method, results);
  } else {
    throw new Error('internal error: a machine operation is no call, please report');
  }
  out.release(slot + results);
  out.span = outer;
  return slot;
}

/** The number of an interface's method. */
function methodNumber(f: FunctionCompiler, type: Type, name: string): number {
  const under = underlying(type);
  const methods = under.kind === 'interface' ? under.methods : [];
  const found = methods.find((one) => one.name === name);
  if (!found) throw new Error(`internal error: an interface lacks method ${name}, please report`);
  return f.unit.types.methodNumber(name, found.type.parameters, found.type.results);
}

/** Whether what is called is loaded after the calls among its arguments. */
function isLate(
  f: FunctionCompiler,
  callee: TypedExpression,
  values: readonly TypedExpression[],
): boolean {
  if (hasCall(f, callee) || slotOfExpression(f, callee) >= 0) return false;
  return values.some((each) => hasCall(f, each));
}

/** Opens a frame above the temporaries and fills in the arguments, from `skipped` words on. */
function argumentsInto(
  f: FunctionCompiler,
  values: readonly TypedExpression[],
  skipped: number,
): number {
  const { out } = f;
  const base = out.top;
  let dest = base + op.FRAME_HEADER_WORDS + skipped;
  const operands = values.map((expression) => {
    const operand = { expression, dest };
    dest += wordsOf(expression.type);
    return operand;
  });
  out.raise(dest);
  operandsInto(f, operands);
  return base;
}

/**
 * Calls a function of package runtime; `fill` puts the arguments at the slot it is given. Gives the
 * slot of the results.
 */
export function runtimeCall(
  f: FunctionCompiler,
  name: string,
  argumentWords: number,
  resultWords: number,
  fill: (slot: number) => void,
): number {
  const { out } = f;
  const number = f.unit.runtimeFunction(name);
  const base = out.top;
  const first = base + op.FRAME_HEADER_WORDS;
  out.raise(first + argumentWords);
  fill(first);
  const slot = out.call(op.OP_CALL, number, base, 0, resultWords);
  out.release(slot + resultWords);
  return slot;
}

/** Runs SYS `number`; `fill` puts the arguments at the slot it is given, where the results stay. */
export function systemCall(
  f: FunctionCompiler,
  number: number,
  words: number,
  fill: (slot: number) => void,
): number {
  const base = f.out.temporary(words);
  fill(base);
  f.out.emit(op.OP_SYS, number, base);
  return base;
}

/** An operation of package machine: one instruction, its operands in slots. */
export function machineInto(f: FunctionCompiler, expression: Call, dest: number): void {
  const { callee } = expression;
  if (callee.kind !== 'machine') return;
  machineOperation(f, callee.name, callee.typeArguments, expression, dest);
}

/** `<-c`: F[dest…] = the element, and whether the channel was open with commaOk. */
export function receiveInto(f: FunctionCompiler, expression: Receive, dest: number): void {
  const { out } = f;
  const element = elementType(expression.channel.type);
  const words = wordsOf(element);
  // A temporary can take the element itself; a variable may be read by others meanwhile.
  const direct = words > 0 && dest >= f.layout.firstTemporary;
  const received = direct ? dest : out.temporary(Math.max(1, words));
  const name = expression.commaOk ? 'chanrecv2' : 'chanrecv1';
  const ok = runtimeCall(f, name, 2, expression.commaOk ? 1 : 0, (slot) => {
    into(f, expression.channel, slot);
    out.span = expression.span;
    out.emit(op.OP_LEA, slot + 1, received);
  });
  out.received(received, words);
  move(f, dest, received, words);
  if (expression.commaOk) move(f, dest + words, ok, 1);
}

export function elementType(type: Type): Type {
  const under = underlying(type);
  if (under.kind === 'channel' || under.kind === 'slice' || under.kind === 'array') {
    return under.element;
  }
  throw new Error('internal error: a type without elements, please report');
}
