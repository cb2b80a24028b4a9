/**
 * Expressions. `value` gives the slot where a value stands, `into` puts it where it is wanted,
 * `branch` turns a condition into jumps. Operands of an operation never use its destination as
 * scratch space, so that `x = x + f(x)` needs no copy.
 */
import { assertInto, interfaceInto, typeTestInto } from './compile-interfaces.ts';
import { builtinInto } from './compile-builtins.ts';
import { callValue, machineInto, receiveInto } from './compile-calls.ts';
import { compositeInto, newInto, sliceInto } from './compile-composites.ts';
import type { FunctionCompiler } from './compile-function.ts';
import { binaryInto, branchOn, convertInteger, unaryInto } from './compile-operators.ts';
import { Label } from './emit.ts';
import { operandsInto } from './evaluation-order.ts';
import * as op from './instructions.ts';
import {
  addressOfPlace,
  loadPlace,
  move,
  placeOf,
  slotOfExpression,
  storePlace,
} from './places.ts';
import type { SimplePlace } from './places.ts';
import type {
  ClosureValue,
  ConstantValue,
  Conversion,
  ElementAccess,
  TypedExpression,
  Variable,
} from './typed.ts';
import { isBoxed } from './typed.ts';
import { underlying, wordsOf } from './types.ts';

/** The slot where the value stands: a variable's own, or temporaries. Not to be written to. */
export function value(f: FunctionCompiler, expression: TypedExpression): number {
  const slot = slotOfExpression(f, expression);
  if (slot >= 0) return slot;
  const early = f.takeHoisted(expression);
  if (early !== undefined) return early;
  if (expression.kind === 'call' && expression.callee.kind !== 'machine') {
    return callValue(f, expression);
  }
  const fresh = f.out.temporary(wordsOf(expression.type));
  into(f, expression, fresh);
  return fresh;
}

/** Evaluates the expression into F[dest…]. */
export function into(f: FunctionCompiler, expression: TypedExpression, dest: number): void {
  const { out } = f;
  const outer = out.span;
  const mark = out.top;
  out.span = expression.span;
  const slot = slotOfExpression(f, expression);
  const early = slot < 0 ? f.takeHoisted(expression) : slot;
  if (early !== undefined) move(f, dest, early, wordsOf(expression.type));
  else intoByKind(f, expression, dest);
  out.release(mark);
  out.span = outer;
}

function intoByKind(f: FunctionCompiler, expression: TypedExpression, dest: number): void {
  const { out } = f;
  switch (expression.kind) {
    case 'constant':
      return out.emit(op.OP_CONST, dest, constantWord(f, expression));
    case 'nil':
    case 'zero':
      return zeroInto(f, dest, wordsOf(expression.type));
    case 'variable':
    case 'field':
    case 'dereference':
      return loadInto(f, expression, dest);
    case 'element':
      if (underlying(expression.object.type).kind !== 'basic') return loadInto(f, expression, dest);
      return stringElementInto(f, expression, dest);
    case 'function':
      return out.emit(op.OP_CONST, dest, -f.unit.functionNumber(expression.function, f.local) - 1);
    case 'closure':
      return closureInto(f, expression, dest);
    case 'address':
      if (expression.operand.kind === 'composite') {
        return newInto(f, expression.operand.type, expression.operand, dest);
      }
      return addressOfPlace(f, placeOf(f, expression.operand), dest);
    case 'new':
      return newInto(f, expression.element, expression.value, dest);
    case 'slice':
      return sliceInto(f, expression, dest);
    case 'composite':
      return compositeInto(f, expression, { kind: 'slot', slot: dest }, false);
    case 'unary':
      return unaryInto(f, expression, dest);
    case 'binary':
      return binaryInto(f, expression, dest);
    case 'conversion':
      return conversionInto(f, expression, dest);
    case 'assertion':
      return assertInto(f, expression, dest);
    case 'type-test':
      return typeTestInto(f, expression, dest);
    case 'call':
      if (expression.callee.kind === 'machine') return machineInto(f, expression, dest);
      return move(f, dest, callValue(f, expression), wordsOf(expression.type));
    case 'builtin':
      return builtinInto(f, expression, dest);
    case 'receive':
      return receiveInto(f, expression, dest);
    case 'frame-pointer':
      return out.emit(op.OP_FRAME, dest);
  }
}

/** Evaluates for the effects alone. */
export function effects(f: FunctionCompiler, expression: TypedExpression): void {
  const { out } = f;
  const mark = out.top;
  out.span = expression.span;
  if (expression.kind === 'call' && expression.callee.kind !== 'machine') callValue(f, expression);
  else into(f, expression, out.temporary(wordsOf(expression.type)));
  out.release(mark);
}

/** Jumps to the label when the condition is `wanted`, else goes on. */
export function branch(
  f: FunctionCompiler,
  condition: TypedExpression,
  wanted: boolean,
  label: Label,
): void {
  const { out } = f;
  const outer = out.span;
  const mark = out.top;
  out.span = condition.span;
  branchOn(f, condition, wanted, label);
  out.release(mark);
  out.span = outer;
}

/** The word that stands for a constant. */
export function constantWord(f: FunctionCompiler, { value: constant }: ConstantValue): number {
  if (typeof constant === 'string') return f.unit.stringValue(constant);
  if (typeof constant === 'boolean') return constant ? 1 : 0;
  return Number(BigInt.asIntN(32, constant));
}

export function zeroInto(f: FunctionCompiler, dest: number, words: number): void {
  if (words === 1) f.out.emit(op.OP_CONST, dest, 0);
  else if (words > 1) f.out.emit(op.OP_CLEAR, dest, words);
}

function loadInto(f: FunctionCompiler, expression: TypedExpression, dest: number): void {
  const place = placeOf(f, expression);
  f.out.span = expression.span;
  loadPlace(f, place, dest, wordsOf(expression.type));
}

function stringElementInto(f: FunctionCompiler, expression: ElementAccess, dest: number): void {
  const base = f.out.temporary(2);
  operandsInto(f, [
    { expression: expression.object, dest: base },
    { expression: expression.index, dest: base + 1 },
  ]);
  f.out.emit(op.OP_SYS, op.SYS_STRING_INDEX, base);
  move(f, dest, base, 1);
}

function closureInto(f: FunctionCompiler, expression: ClosureValue, dest: number): void {
  const { out } = f;
  const made = expression.function;
  const number = f.unit.functionNumber(made, f.local);
  if (made.captures.length === 0) return out.emit(op.OP_CONST, dest, -number - 1);
  const sizes = made.captures.map((each) => (isBoxed(each) ? 1 : wordsOf(each.type)));
  const words = sizes.reduce((sum, size) => sum + size, 0);
  const only = made.captures.length === 1 ? f.slotOf(made.captures[0]) : undefined;
  const values = only ?? out.temporary(words);
  let next = values;
  for (const [index, variable] of made.captures.entries()) {
    if (only === undefined) captureInto(f, variable, next, sizes[index]);
    next += sizes[index];
  }
  const object = only === dest ? out.temporary(1) : dest;
  out.emit(op.OP_CLOSURE, object, number, words);
  const target: SimplePlace = { kind: 'memory', pointer: object, offset: 1, local: true };
  storePlace(f, target, values, words);
  move(f, dest, object, 1);
}

/** F[dest…] = the words that a closure keeps of a variable: its value or its box. */
function captureInto(f: FunctionCompiler, variable: Variable, dest: number, words: number): void {
  const slot = f.slotOf(variable);
  if (slot !== undefined) return move(f, dest, slot, words);
  const offset = f.captureOffset(variable);
  const place: SimplePlace = { kind: 'memory', pointer: op.FRAME_CLOSURE, offset, local: true };
  loadPlace(f, place, dest, words);
}

function conversionInto(f: FunctionCompiler, expression: Conversion, dest: number): void {
  const { out } = f;
  const { operand } = expression;
  switch (expression.conversion) {
    case 'same-words':
    case 'interface-to-interface':
      return into(f, operand, dest);
    case 'integer':
      into(f, operand, dest);
      return convertInteger(f, operand.type, expression.type, dest);
    case 'to-interface':
      return interfaceInto(f, operand, dest);
    case 'slice-to-empty':
      into(f, operand, out.temporary(3));
      return;
    case 'slice-to-array':
      return arrayPointerInto(f, expression, dest);
    default: {
      const call = textConversions[expression.conversion];
      const base = out.temporary(3);
      into(f, operand, base);
      out.emit(op.OP_SYS, call, base);
      // The bytes of a constant are an array of just that length.
      if (expression.conversion === 'string-to-bytes' && operand.kind === 'constant') {
        out.emit(op.OP_MOV, base + 2, base + 1);
      }
      return move(f, dest, base, wordsOf(expression.type));
    }
  }
}

/** `(*[N]T)(s)`. */
function arrayPointerInto(f: FunctionCompiler, expression: Conversion, dest: number): void {
  const { out } = f;
  const pointer = underlying(expression.type);
  const array = pointer.kind === 'pointer' ? underlying(pointer.element) : pointer;
  const slice = out.temporary(4);
  into(f, expression.operand, slice);
  out.span = expression.span;
  const good = new Label();
  out.emit(op.OP_CONST, slice + 3, array.kind === 'array' ? array.length : 0);
  out.jump(op.OP_JLE, good, slice + 3, slice + 1);
  out.emit(op.OP_TRAP, op.TRAP_CONVERT, slice + 1, slice + 3);
  out.bind(good);
  move(f, dest, slice, 1);
}

const textConversions = {
  'rune-to-string': op.SYS_RUNE_STRING,
  'string-to-bytes': op.SYS_STRING_BYTES,
  'string-to-runes': op.SYS_STRING_RUNES,
  'bytes-to-string': op.SYS_BYTES_STRING,
  'runes-to-string': op.SYS_RUNES_STRING,
} as const;
