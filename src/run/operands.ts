/** Values in the middle of an evaluation, and what operators do with them. */
import type { BinaryOperator } from '../language/ast.ts';
import type { RuntimeType } from '../language/image.ts';
import { EvaluationFailure } from './expressions.ts';
import { type Datum, integerOf, type Values } from './values.ts';

/** A value of the state, or one that only the expression has. */
export type Operand =
  | { readonly kind: 'datum'; readonly datum: Datum }
  | { readonly kind: 'constant'; readonly value: Constant };

/** null is nil. */
export type Constant = number | string | boolean | null;

export function constant(value: Constant): Operand {
  return { kind: 'constant', value };
}

/** What an operand is in operations: a number, text, truth, or nil; null for all other values. */
export function simpleValue(values: Values, operand: Operand): Constant | undefined {
  if (operand.kind === 'constant') return operand.value;
  const { type, words } = operand.datum;
  switch (type.kind) {
    case 'integer':
      return integerOf(type, words[0]);
    case 'bool':
      return words[0] !== 0;
    case 'string':
      return values.machine.readString(words[0]);
    case 'interface': {
      const dynamic = values.dynamicValue(operand.datum);
      return dynamic === null ? null : simpleValue(values, { kind: 'datum', datum: dynamic });
    }
    case 'slice':
      return words[0] === 0 && words[2] === 0 ? null : undefined;
    case 'struct':
    case 'array':
      return undefined;
    default:
      return words[0] === 0 ? null : undefined;
  }
}

export function numberOf(values: Values, operand: Operand, what: string): number {
  const value = simpleValue(values, operand);
  if (typeof value === 'number') return value;
  throw new EvaluationFailure(`${what} must be a number, not ${describe(values, operand)}`);
}

export function truthOf(values: Values, operand: Operand): boolean {
  const value = simpleValue(values, operand);
  if (typeof value === 'boolean') return value;
  throw new EvaluationFailure(`expected true or false, not ${describe(values, operand)}`);
}

/** Every binary operator but && and ||, which need not evaluate both sides. */
export function binary(
  values: Values,
  operator: BinaryOperator,
  left: Operand,
  right: Operand,
): Operand {
  if (operator === '==') return constant(equal(values, left, right));
  if (operator === '!=') return constant(!equal(values, left, right));
  const a = simpleValue(values, left);
  const b = simpleValue(values, right);
  if (typeof a === 'string' && typeof b === 'string') return stringBinary(operator, a, b);
  if (typeof a !== 'number' || typeof b !== 'number') {
    const sides = `${describe(values, left)} and ${describe(values, right)}`;
    throw new EvaluationFailure(`${operator} does not go with ${sides}`);
  }
  const result = numberBinary(operator, a, b);
  const type = integerTypeOf(left) ?? integerTypeOf(right);
  return constant(typeof result === 'number' && type !== null ? wrapTo(type, result) : result);
}

function stringBinary(operator: BinaryOperator, a: string, b: string): Operand {
  switch (operator) {
    case '+':
      return constant(a + b);
    case '<':
      return constant(a < b);
    case '<=':
      return constant(a <= b);
    case '>':
      return constant(a > b);
    case '>=':
      return constant(a >= b);
    default:
      throw new EvaluationFailure(`${operator} does not go with strings`);
  }
}

function numberBinary(operator: BinaryOperator, a: number, b: number): number | boolean {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return Math.trunc(a / nonZero(b));
    case '%':
      return a % nonZero(b);
    case '&':
      return a & b;
    case '|':
      return a | b;
    case '^':
      return a ^ b;
    case '&^':
      return a & ~b;
    case '<<':
      return b >= 32 ? 0 : a << b;
    case '>>':
      return a >> Math.min(b, 31);
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    default:
      throw new EvaluationFailure(`${operator} does not go with numbers`);
  }
}

function nonZero(divisor: number): number {
  if (divisor === 0) throw new EvaluationFailure('division by zero');
  return divisor;
}

/** Go's ==, where it is defined; also between a value and nil. */
function equal(values: Values, left: Operand, right: Operand): boolean {
  const a = simpleValue(values, left);
  const b = simpleValue(values, right);
  if (a !== undefined && b !== undefined) {
    if (a === null || b === null || typeof a === typeof b) return a === b;
    const sides = `${describe(values, left)} and ${describe(values, right)}`;
    throw new EvaluationFailure(`cannot compare ${sides}`);
  }
  if (a === null || b === null) return false;
  if (left.kind === 'constant' || right.kind === 'constant') {
    const sides = `${describe(values, left)} and ${describe(values, right)}`;
    throw new EvaluationFailure(`cannot compare ${sides}`);
  }
  const { words } = left.datum;
  return words.every((word, index) => word === right.datum.words[index]);
}

function integerTypeOf(operand: Operand): RuntimeType | null {
  if (operand.kind === 'constant') return null;
  return operand.datum.type.kind === 'integer' ? operand.datum.type : null;
}

function wrapTo(type: RuntimeType, value: number): number {
  if (Math.abs(type.bits) >= 64) return value;
  const word = Math.trunc(value) | 0;
  if (type.bits === -8) return (word << 24) >> 24;
  if (type.bits === -16) return (word << 16) >> 16;
  return integerOf(type, word);
}

/** A value in an error message: `"x"`, `3`, `a []int`. */
export function describe(values: Values, operand: Operand): string {
  if (operand.kind === 'constant') return renderConstant(operand.value);
  const { type } = operand.datum;
  const isShort = type.kind === 'integer' || type.kind === 'bool' || type.kind === 'string';
  return isShort ? values.render(operand.datum) : `a ${type.name}`;
}

export function renderConstant(value: Constant): string {
  if (value === null) return 'nil';
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
