/** Interfaces: two words, the id of the dynamic type and one word of data (the value itself when it
 *  has one word, nothing when it has none, the address of a copy otherwise). */
import type { FunctionCompiler } from './compile-function.ts';
import { into, value, zeroInto } from './compile-expressions.ts';
import { Label } from './emit.ts';
import * as op from './instructions.ts';
import { loadPlace, move, storePlace } from './places.ts';
import type { SimplePlace } from './places.ts';
import { runtimeCall } from './compile-calls.ts';
import type { Assertion, TypedExpression, TypeTest } from './typed.ts';
import type { Type } from './types.ts';
import { underlying, wordsOf } from './types.ts';

export function isInterface(type: Type): boolean {
  return underlying(type).kind === 'interface';
}

/** F[dest], F[dest+1] = the operand as an interface value. */
export function interfaceInto(f: FunctionCompiler, operand: TypedExpression, dest: number): void {
  if (isInterface(operand.type)) return into(f, operand, dest);
  if (wordsOf(operand.type) === 1) {
    into(f, operand, dest + 1);
    return f.out.emit(op.OP_CONST, dest, f.unit.types.id(operand.type));
  }
  wrapInterface(f, operand.type, value(f, operand), dest);
}

/** The same for a value of no or several words that stands at a slot. */
function wrapInterface(f: FunctionCompiler, type: Type, slot: number, dest: number): void {
  const { out } = f;
  const words = wordsOf(type);
  const id = f.unit.types.id(type);
  if (words === 0) out.emit(op.OP_CONST, dest + 1, 0);
  else {
    const copy = out.temporary(1);
    out.emit(op.OP_ALLOC, copy, id);
    storePlace(f, { kind: 'memory', pointer: copy, offset: 0, local: true }, slot, words);
    out.emit(op.OP_MOV, dest + 1, copy);
  }
  out.emit(op.OP_CONST, dest, id);
}

/** F[dest] = whether the interface holds the target. */
export function typeTestInto(f: FunctionCompiler, expression: TypeTest, dest: number): void {
  const slot = value(f, expression.operand);
  testInto(f, slot, expression.target, dest);
}

function testInto(f: FunctionCompiler, slot: number, target: Type | null, dest: number): void {
  const { out } = f;
  if (target === null) return out.emit(op.OP_LNOT, dest, slot);
  if (isInterface(target)) {
    return out.emit(op.OP_IMPLEMENTS, dest, slot, f.unit.types.id(target));
  }
  const id = out.temporary(1);
  out.emit(op.OP_CONST, id, f.unit.types.id(target));
  out.emit(op.OP_EQ, dest, slot, id);
}

/** `x.(T)`: F[dest…] = the value, and whether it holds with commaOk. */
export function assertInto(f: FunctionCompiler, expression: Assertion, dest: number): void {
  const { out } = f;
  const { target, commaOk } = expression;
  const words = wordsOf(target);
  const slot = value(f, expression.operand);
  const no = new Label();
  const end = new Label();
  const test = out.temporary(1);
  testInto(f, slot, target, test);
  out.jump(op.OP_JF, no, test);
  if (isInterface(target)) move(f, dest, slot, 2);
  else if (words === 1) move(f, dest, slot + 1, 1);
  else if (words > 1) {
    const copy: SimplePlace = { kind: 'memory', pointer: slot + 1, offset: 0, local: true };
    loadPlace(f, copy, dest, words);
  }
  if (commaOk) out.emit(op.OP_CONST, dest + words, 1);
  out.jump(op.OP_JMP, end);
  out.bind(no);
  if (commaOk) zeroInto(f, dest, words + 1);
  else {
    runtimeCall(f, 'panicdottype', 3, 0, (base) => {
      move(f, base, slot, 1);
      out.emit(op.OP_CONST, base + 1, f.unit.types.id(target));
      out.emit(op.OP_CONST, base + 2, f.unit.types.id(expression.operand.type));
    });
    out.reachable = false;
  }
  out.bind(end);
}

/** F[dest…dest+3) = a []any of the values, which lie in temporaries: it must not outlive the
 *  statement. */
export function anySliceInto(
  f: FunctionCompiler,
  values: readonly TypedExpression[],
  dest: number,
): void {
  const { out } = f;
  const array = out.temporary(values.length * 2);
  for (const [index, each] of values.entries()) {
    const mark = out.top;
    interfaceInto(f, each, array + index * 2);
    out.release(mark);
  }
  if (values.length > 0) out.emit(op.OP_LEA, dest, array);
  else out.emit(op.OP_CONST, dest, 0);
  out.emit(op.OP_CONST, dest + 1, values.length);
  out.emit(op.OP_CONST, dest + 2, values.length);
}
