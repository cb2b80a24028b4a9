/** The arithmetic that is rarer: as Go has it, on 32-bit words. */
import * as ops from '../language/instructions.ts';
import { internal } from './core.ts';

export interface ArithmeticResult {
  /** TRAP_… number, or -1. */
  readonly trap: number;
  readonly value: number;
}

const overflow: ArithmeticResult = { trap: ops.TRAP_OVERFLOW, value: 0 };
const divide: ArithmeticResult = { trap: ops.TRAP_DIVIDE, value: 0 };

const done = (value: number): ArithmeticResult => ({ trap: -1, value: value | 0 });
/** A result that must fit 32 bits. */
const exact = (value: number): ArithmeticResult => (value === (value | 0) ? done(value) : overflow);

/** One instruction: x and y are F[b] and F[c], c the operand itself. */
export function arithmetic(op: number, x: number, y: number, c: number): ArithmeticResult {
  switch (op) {
    case ops.OP_MUL:
      return exact(x * y + 0);
    case ops.OP_DIV:
      return y === 0 ? divide : exact(Math.trunc(x / y) + 0);
    case ops.OP_REM:
      return y === 0 ? divide : done(x % y);
    case ops.OP_DIVU:
      return y === 0 ? divide : done(Math.floor((x >>> 0) / (y >>> 0)));
    case ops.OP_REMU:
      return y === 0 ? divide : done((x >>> 0) % (y >>> 0));
    case ops.OP_ANDNOT:
      return done(x & ~y);
    case ops.OP_NEG:
      return exact(0 - x);
    case ops.OP_NOT:
      return done(~x);
    case ops.OP_WRAP:
      return wrap(x, c);
    default:
      return shift(op, x, y);
  }
}

function wrap(x: number, bits: number): ArithmeticResult {
  switch (bits) {
    case 8:
      return done(x & 0xff);
    case -8:
      return done((x << 24) >> 24);
    case 16:
      return done(x & 0xffff);
    case -16:
      return done((x << 16) >> 16);
    default:
      throw internal(`WRAP to ${bits} bits`);
  }
}

function shift(op: number, x: number, count: number): ArithmeticResult {
  if (op < ops.OP_SHL || op > ops.OP_SHRU) throw internal(`${op} is no instruction`);
  // A negative count of the others is one beyond 31 bits: where it can be none, code before them
  // has looked.
  if (count < 0) {
    if (op === ops.OP_SHL) return { trap: ops.TRAP_SHIFT, value: 0 };
    count = 32;
  }
  switch (op) {
    case ops.OP_SHL:
      if (x === 0) return done(0);
      return count >= 32 ? overflow : exact(x * 2 ** count);
    case ops.OP_SHLW:
      return done(count >= 32 ? 0 : x << count);
    case ops.OP_SHR:
      return done(x >> Math.min(count, 31));
    default:
      return done(count >= 32 ? 0 : x >>> count);
  }
}
