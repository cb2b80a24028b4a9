/** Exact arithmetic on constants, and which values a type can hold. */
import type { BinaryOperator } from './ast.ts';
import { hasBareBytes, isBareByte, joinTexts, textBytes } from './literals.ts';
import { underlying } from './types.ts';
import type { BasicName, Type } from './types.ts';

export type Constant = bigint | boolean | string;

/** Bits of an integer constant that Go's compiler gives up at. */
const maxConstantBits = 512;
const constantLimit = 1n << BigInt(maxConstantBits);
/** Longest text that constants are joined to: a few doublings more would fill the memory. */
export const maxConstantLength = 1 << 24;

interface IntegerShape {
  readonly bits: number;
  readonly signed: boolean;
  /** Bits of the machine, where they are fewer than Go's: unsigned ones of Go's 64 bits stay below
   *  the sign. */
  readonly machineBits: number;
}

function shape(bits: number, signed: boolean): IntegerShape {
  return { bits, signed, machineBits: bits <= 32 ? bits : signed ? 32 : 31 };
}

const shapes: Partial<Record<BasicName, IntegerShape>> = {
  int: shape(64, true),
  int8: shape(8, true),
  int16: shape(16, true),
  int32: shape(32, true),
  int64: shape(64, true),
  uint: shape(64, false),
  uint8: shape(8, false),
  uint16: shape(16, false),
  uint32: shape(32, false),
  uint64: shape(64, false),
  uintptr: shape(64, false),
};

function integerShape(type: Type): IntegerShape | null {
  const under = underlying(type);
  return under.kind === 'basic' ? (shapes[under.name] ?? null) : null;
}

/** Whether the type is a typed integer. */
export function isTypedInteger(type: Type): boolean {
  return integerShape(type) !== null;
}

/** Whether integers of the type have no sign. */
export function isUnsigned(type: Type): boolean {
  return integerShape(type)?.signed === false;
}

function fits(value: bigint, bits: number, signed: boolean): boolean {
  const size = BigInt(signed ? bits - 1 : bits);
  const high = 1n << size;
  return signed ? value >= -high && value < high : value >= 0n && value < high;
}

/**
 * How a constant stands to a type: it fits, it is beyond Go's range, it is only beyond the 32 bits
 * of the machine, or it is of another kind altogether.
 */
export function representation(
  value: Constant,
  type: Type,
): 'fits' | 'overflows' | 'machine-limit' | 'other-kind' {
  const under = underlying(type);
  if (under.kind !== 'basic') return 'other-kind';
  if (typeof value === 'boolean') {
    return under.name === 'bool' || under.name === 'untyped-bool' ? 'fits' : 'other-kind';
  }
  if (typeof value === 'string') {
    return under.name === 'string' || under.name === 'untyped-string' ? 'fits' : 'other-kind';
  }
  if (under.name === 'untyped-int' || under.name === 'untyped-rune') return 'fits';
  const integer = integerShape(under);
  if (!integer) return 'other-kind';
  if (!fits(value, integer.bits, integer.signed)) return 'overflows';
  return fits(value, integer.machineBits, integer.signed) ? 'fits' : 'machine-limit';
}

/** The value wrapped to the type's bits: `^x` of an unsigned constant. */
export function complementOf(value: bigint, type: Type): bigint {
  const integer = integerShape(type);
  if (!integer || integer.signed) return ~value;
  return BigInt.asUintN(integer.bits, ~value);
}

/** Whether the value has more bits than constants may have. */
export function isTooLarge(value: Constant): boolean {
  return typeof value === 'bigint' && (value >= constantLimit || value <= -constantLimit);
}

/** `a op b` of two constants of one kind; null when the operator is not defined on it. The divisor
 *  is not zero (the caller has looked). */
export function foldBinary(operator: BinaryOperator, a: Constant, b: Constant): Constant | null {
  if (typeof a === 'bigint' && typeof b === 'bigint') return foldIntegers(operator, a, b);
  if (typeof a === 'string' && typeof b === 'string') {
    if (operator === '+') return joinTexts(a, b);
    return foldOrder(operator, compareStrings(a, b));
  }
  if (typeof a === 'boolean' && typeof b === 'boolean') {
    if (operator === '&&') return a && b;
    if (operator === '||') return a || b;
    if (operator === '==') return a === b;
    if (operator === '!=') return a !== b;
  }
  return null;
}

function foldIntegers(operator: BinaryOperator, a: bigint, b: bigint): Constant | null {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a % b;
    case '&':
      return a & b;
    case '|':
      return a | b;
    case '^':
      return a ^ b;
    case '&^':
      return a & ~b;
    default:
      return foldOrder(operator, a < b ? -1 : a > b ? 1 : 0);
  }
}

function foldOrder(operator: BinaryOperator, order: number): boolean | null {
  switch (operator) {
    case '==':
      return order === 0;
    case '!=':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    default:
      return null;
  }
}

/** Byte order, as Go compares strings; code points order as their UTF-8 bytes do. */
function compareStrings(a: string, b: string): number {
  if (hasBareBytes(a) || hasBareBytes(b)) {
    const [left, right] = [textBytes(a), textBytes(b)];
    for (let i = 0; i < left.length && i < right.length; i++) {
      if (left[i] !== right[i]) return left[i] - right[i];
    }
    return left.length - right.length;
  }
  const left = Array.from(a);
  const right = Array.from(b);
  for (let i = 0; i < left.length && i < right.length; i++) {
    const order = (left[i].codePointAt(0) ?? 0) - (right[i].codePointAt(0) ?? 0);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** Length of a string in bytes of UTF-8. */
export function utf8Length(text: string): number {
  let length = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    if (isBareByte(point)) length += 1;
    else length += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return length;
}

/** A constant as messages show it. */
export function spellConstant(value: Constant): string {
  if (typeof value !== 'string') return String(value);
  const quoted = JSON.stringify(value);
  return quoted.length > 40 ? `${quoted.slice(0, 36)}…"` : quoted;
}
