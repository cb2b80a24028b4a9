/** Shifts, and the one division that leaves its type's range. */
import type { FunctionCompiler } from './compile-function.ts';
import type { IntegerKind } from './compile-operators.ts';
import { integerKind, settle } from './compile-operators.ts';
import { Label } from './emit.ts';
import * as op from './instructions.ts';
import type { TypedExpression } from './typed.ts';

/** F[dest] = F[left] shifted by F[count]. */
export function shiftInto(
  f: FunctionCompiler,
  operator: '<<' | '>>',
  integer: IntegerKind,
  dest: number,
  left: number,
  count: number,
  countExpression: TypedExpression,
): void {
  const { out } = f;
  const traps = integer.kind === 'wide' || integer.kind === 'natural';
  const counted = integerKind(countExpression.type);
  const checks = countExpression.kind !== 'constant' && counted.signed;
  if (checks && !(operator === '<<' && traps)) {
    const zero = out.temporary(1);
    const good = new Label();
    out.emit(op.OP_CONST, zero, 0);
    out.jump(op.OP_JLE, good, zero, count);
    out.emit(op.OP_TRAP, op.TRAP_SHIFT, count, count);
    out.bind(good);
  }
  if (operator === '<<' && traps && counted.kind === 'uint32') count = boundedCount(f, count);
  if (operator === '<<') out.emit(traps ? op.OP_SHL : op.OP_SHLW, dest, left, count);
  else out.emit(integer.kind === 'uint32' ? op.OP_SHRU : op.OP_SHR, dest, left, count);
  if (operator === '<<') settle(f, integer, dest);
}

/** A slot with the count, or with one as good where it is beyond 31 bits, and so not negative. */
function boundedCount(f: FunctionCompiler, count: number): number {
  const { out } = f;
  const bounded = out.temporary(2);
  const good = new Label();
  out.emit(op.OP_MOV, bounded, count);
  out.emit(op.OP_CONST, bounded + 1, 0);
  out.jump(op.OP_JLE, good, bounded + 1, bounded);
  out.emit(op.OP_CONST, bounded, 64);
  out.bind(good);
  return bounded;
}

/** F[dest] = F[left] / F[right] of type int32, where the least by -1 is the least again. */
export function quotientInto(f: FunctionCompiler, dest: number, left: number, right: number): void {
  const { out } = f;
  const minus = out.temporary(2);
  const [usual, end] = [new Label(), new Label()];
  out.emit(op.OP_CONST, minus, -1);
  out.jump(op.OP_JNE, usual, right, minus);
  out.emit(op.OP_CONST, minus + 1, 0);
  out.emit(op.OP_SUBW, dest, minus + 1, left);
  out.jump(op.OP_JMP, end);
  out.bind(usual);
  out.emit(op.OP_DIV, dest, left, right);
  out.bind(end);
}
