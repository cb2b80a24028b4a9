/** Operators: arithmetic by the kind of integer, comparisons of every type, conditions as jumps. */
import type { FunctionCompiler } from './compile-function.ts';
import { branch, constantWord, value } from './compile-expressions.ts';
import { quotientInto, shiftInto } from './compile-integers.ts';
import { operandsInto, pair } from './evaluation-order.ts';
import { Label } from './emit.ts';
import * as op from './instructions.ts';
import { move } from './places.ts';
import type { BinaryOperation, TypedExpression, UnaryOperation } from './typed.ts';
import type { BinaryOperator } from './ast.ts';
import type { Type } from './types.ts';
import { underlying, wordsOf } from './types.ts';

/** How integers of a type behave in 32-bit words: `wide` stops the run beyond 31 bits and a sign,
 *  `natural` (unsigned and wide) also below zero; the others wrap. */
export interface IntegerKind {
  readonly kind: 'wide' | 'natural' | 'int32' | 'uint32' | 'narrow';
  /** Operand of WRAP for narrow ones. */
  readonly bits: number;
  readonly signed: boolean;
}

const integerKinds: Readonly<Record<string, IntegerKind>> = {
  int: { kind: 'wide', bits: 0, signed: true },
  int64: { kind: 'wide', bits: 0, signed: true },
  uint: { kind: 'natural', bits: 0, signed: false },
  uint64: { kind: 'natural', bits: 0, signed: false },
  uintptr: { kind: 'natural', bits: 0, signed: false },
  int32: { kind: 'int32', bits: 0, signed: true },
  uint32: { kind: 'uint32', bits: 0, signed: false },
  int8: { kind: 'narrow', bits: -8, signed: true },
  int16: { kind: 'narrow', bits: -16, signed: true },
  uint8: { kind: 'narrow', bits: 8, signed: false },
  uint16: { kind: 'narrow', bits: 16, signed: false },
};

/** How integers of the type behave; that of int for types that are none. */
export function integerKind(type: Type): IntegerKind {
  const under = underlying(type);
  const found = under.kind === 'basic' ? integerKinds[under.name] : undefined;
  return found ?? integerKinds.int;
}

export function isString(type: Type): boolean {
  const under = underlying(type);
  return under.kind === 'basic' && under.name === 'string';
}

/** F[dest] = -F, ^F or !F of the operand. */
export function unaryInto(f: FunctionCompiler, expression: UnaryOperation, dest: number): void {
  const { out } = f;
  const operand = value(f, expression.operand);
  out.span = expression.span;
  if (expression.operator === '!') return out.emit(op.OP_LNOT, dest, operand);
  const integer = integerKind(expression.type);
  if (expression.operator === '^') out.emit(op.OP_NOT, dest, operand);
  else if (integer.kind === 'wide' || integer.kind === 'natural') {
    out.emit(op.OP_NEG, dest, operand);
  } else {
    const zero = out.temporary(1);
    out.emit(op.OP_CONST, zero, 0);
    out.emit(op.OP_SUBW, dest, zero, operand);
  }
  settle(f, integer, dest);
}

/** Brings a result of 32-bit arithmetic into the range of its type, or traps. */
export function settle(f: FunctionCompiler, integer: IntegerKind, dest: number): void {
  if (integer.kind === 'narrow') f.out.emit(op.OP_WRAP, dest, dest, integer.bits);
  else if (integer.kind === 'natural') f.out.emit(op.OP_RANGE, dest);
}

/** F[dest] of the integer type `from` becomes one of `to`. */
export function convertInteger(f: FunctionCompiler, from: Type, to: Type, dest: number): void {
  const source = integerKind(from);
  const target = integerKind(to);
  if (target.kind === 'narrow') {
    const fits =
      source.kind === 'narrow' &&
      Math.abs(source.bits) + (source.signed ? 0 : 1) <=
        Math.abs(target.bits) + (target.signed ? 0 : 1) &&
      (target.signed || !source.signed);
    if (!fits) f.out.emit(op.OP_WRAP, dest, dest, target.bits);
  } else if (target.kind === 'wide') {
    if (source.kind === 'uint32') f.out.emit(op.OP_RANGE, dest);
  } else if (target.kind === 'natural') {
    if (source.signed || source.kind === 'uint32') f.out.emit(op.OP_RANGE, dest);
  }
}

/** F[dest] = left operator right, of any operator. */
export function binaryInto(f: FunctionCompiler, expression: BinaryOperation, dest: number): void {
  const { operator, left, right } = expression;
  if (operator === '&&' || operator === '||') return truthInto(f, expression, dest);
  if (isComparison(operator)) return comparisonInto(f, expression, dest);
  if (isString(expression.type)) return concatenateInto(f, left, right, dest);
  const step = constantStep(f, operator, expression.type, right);
  if (step !== null) {
    const operand = value(f, left);
    f.out.span = expression.span;
    return f.out.emit(op.OP_ADDI, dest, operand, step);
  }
  const [first, second] = pair(f, left, right);
  f.out.span = expression.span;
  arithmetic(f, operator, expression.type, dest, first, second, right);
}

/** What `x + c` or `x - c` of a trapping type adds; null for other operations. */
export function constantStep(
  f: FunctionCompiler,
  operator: BinaryOperator,
  type: Type,
  right: TypedExpression,
): number | null {
  if (right.kind !== 'constant' || typeof right.value !== 'bigint') return null;
  const { kind } = integerKind(type);
  if (kind !== 'wide' && !(kind === 'natural' && operator === '+')) return null;
  const word = constantWord(f, right);
  if (operator === '+') return word;
  return operator === '-' && word !== -0x80000000 ? -word : null;
}

/** F[dest] = F[left] operator F[right] of the integer (or string) type. */
export function arithmetic(
  f: FunctionCompiler,
  operator: BinaryOperator,
  type: Type,
  dest: number,
  left: number,
  right: number,
  rightExpression: TypedExpression,
): void {
  const { out } = f;
  if (isString(type)) return joinStrings(f, dest, left, right);
  const integer = integerKind(type);
  if (operator === '<<' || operator === '>>') {
    return shiftInto(f, operator, integer, dest, left, right, rightExpression);
  }
  const traps = integer.kind === 'wide' || integer.kind === 'natural';
  const opcodes = integer.kind === 'uint32' ? unsignedOpcodes : traps ? trapping : wrapping;
  const opcode = opcodes[operator] ?? bitwise[operator];
  if (opcode === undefined) throw new Error(`internal error: operator ${operator}, please report`);
  if (operator === '/' && integer.kind === 'int32') return quotientInto(f, dest, left, right);
  out.emit(opcode, dest, left, right);
  if (operator === '-' || integer.kind === 'narrow') settle(f, integer, dest);
}

type Opcodes = Readonly<Partial<Record<BinaryOperator, number>>>;
const bitwise: Opcodes = {
  '&': op.OP_AND,
  '|': op.OP_OR,
  '^': op.OP_XOR,
  '&^': op.OP_ANDNOT,
};
const trapping: Opcodes = {
  '+': op.OP_ADD,
  '-': op.OP_SUB,
  '*': op.OP_MUL,
  '/': op.OP_DIV,
  '%': op.OP_REM,
};
const wrapping: Opcodes = { ...trapping, '+': op.OP_ADDW, '-': op.OP_SUBW, '*': op.OP_MULW };
const unsignedOpcodes: Opcodes = { ...wrapping, '/': op.OP_DIVU, '%': op.OP_REMU };

function concatenateInto(
  f: FunctionCompiler,
  left: TypedExpression,
  right: TypedExpression,
  dest: number,
): void {
  const base = textsInto(f, left, right);
  f.out.emit(op.OP_SYS, op.SYS_CONCAT, base);
  move(f, dest, base, 1);
}

/** Two strings side by side in temporaries, as system calls want them. */
function textsInto(f: FunctionCompiler, left: TypedExpression, right: TypedExpression): number {
  const base = f.out.temporary(2);
  operandsInto(f, [
    { expression: left, dest: base },
    { expression: right, dest: base + 1 },
  ]);
  return base;
}

function joinStrings(f: FunctionCompiler, dest: number, left: number, right: number): void {
  const base = f.out.temporary(2);
  move(f, base, left, 1);
  move(f, base + 1, right, 1);
  f.out.emit(op.OP_SYS, op.SYS_CONCAT, base);
  move(f, dest, base, 1);
}

// ---------------------------------------------------------------------------- comparisons

function isComparison(operator: BinaryOperator): boolean {
  return /^(?:[=!]=|[<>]=?)$/.test(operator);
}

function truthInto(f: FunctionCompiler, condition: TypedExpression, dest: number): void {
  const { out } = f;
  const no = new Label();
  const end = new Label();
  branchOn(f, condition, false, no);
  out.emit(op.OP_CONST, dest, 1);
  out.jump(op.OP_JMP, end);
  out.bind(no);
  out.emit(op.OP_CONST, dest, 0);
  out.bind(end);
}

/** A comparison reduced to one of two words, or to one word that is not 0 for true. */
type Test =
  | {
      readonly kind: 'words';
      readonly operator: BinaryOperator;
      readonly signed: boolean;
      readonly left: number;
      readonly right: number;
    }
  | { readonly kind: 'word'; readonly slot: number; readonly inverted: boolean };

function comparisonInto(f: FunctionCompiler, expression: BinaryOperation, dest: number): void {
  const { out } = f;
  const test = testOf(f, expression);
  out.span = expression.span;
  if (test.kind === 'word') {
    if (test.inverted) out.emit(op.OP_LNOT, dest, test.slot);
    else if (isTruth(expression)) move(f, dest, test.slot, 1);
    else {
      out.emit(op.OP_LNOT, dest, test.slot);
      out.emit(op.OP_LNOT, dest, dest);
    }
    return;
  }
  const { left, right, operator, signed } = test;
  const less = signed ? op.OP_LT : op.OP_LTU;
  const lessEqual = signed ? op.OP_LE : op.OP_LEU;
  if (operator === '==') out.emit(op.OP_EQ, dest, left, right);
  else if (operator === '!=') out.emit(op.OP_NE, dest, left, right);
  else if (operator === '<') out.emit(less, dest, left, right);
  else if (operator === '<=') out.emit(lessEqual, dest, left, right);
  else if (operator === '>') out.emit(less, dest, right, left);
  else out.emit(lessEqual, dest, right, left);
}

/** Whether the one-word test of the comparison is a 0 or 1 already. */
function isTruth({ left, right }: BinaryOperation): boolean {
  const kind = underlying(left.type).kind;
  return (
    !isNothing(left) &&
    !isNothing(right) &&
    (kind === 'struct' || kind === 'array' || kind === 'interface')
  );
}

/** Evaluates the operands of a comparison. */
function testOf(f: FunctionCompiler, { operator, left, right }: BinaryOperation): Test {
  const { out } = f;
  const type = underlying(left.type);
  const inverted = operator === '==';
  if (operator === '==' || operator === '!=') {
    // Against nil or 0, the first word alone tells: a type id, an address, an integer.
    if (isNothing(right)) return { kind: 'word', slot: value(f, left), inverted };
    if (isNothing(left)) return { kind: 'word', slot: value(f, right), inverted };
  }
  if (isString(left.type)) {
    const base = textsInto(f, left, right);
    out.emit(op.OP_SYS, op.SYS_COMPARE, base);
    if (operator === '==' || operator === '!=') return { kind: 'word', slot: base, inverted };
    const zero = out.temporary(1);
    out.emit(op.OP_CONST, zero, 0);
    return { kind: 'words', operator, signed: true, left: base, right: zero };
  }
  const [first, second] = pair(f, left, right);
  if (type.kind === 'interface') {
    const equal = out.temporary(1);
    out.emit(op.OP_IFACEEQ, equal, first, second);
    return { kind: 'word', slot: equal, inverted: operator === '!=' };
  }
  if (type.kind === 'struct' || type.kind === 'array') {
    const addresses = out.temporary(2);
    if (wordsOf(type) === 0) out.emit(op.OP_CONST, addresses, 1);
    else {
      out.emit(op.OP_LEA, addresses, first);
      out.emit(op.OP_LEA, addresses + 1, second);
      const equal = out.temporary(1);
      out.emit(op.OP_TYPEEQ, equal, addresses, f.unit.types.id(left.type));
      return { kind: 'word', slot: equal, inverted: operator === '!=' };
    }
    return { kind: 'word', slot: addresses, inverted: operator === '!=' };
  }
  const { signed } = integerKind(left.type);
  return { kind: 'words', operator, signed, left: first, right: second };
}

/** nil, 0 and the like, of a type whose values are unequal to it iff their first word is not 0. */
function isNothing(expression: TypedExpression): boolean {
  if (expression.kind === 'nil') return true;
  if (expression.kind === 'constant') return expression.value === 0n || expression.value === false;
  return false;
}

/** Jumps to the label when the condition is `wanted`. */
export function branchOn(
  f: FunctionCompiler,
  condition: TypedExpression,
  wanted: boolean,
  label: Label,
): void {
  const { out } = f;
  if (condition.kind === 'constant') {
    if (condition.value === wanted) out.jump(op.OP_JMP, label);
    return;
  }
  if (condition.kind === 'unary') return branch(f, condition.operand, !wanted, label);
  if (condition.kind === 'binary') {
    const { operator, left, right } = condition;
    if (operator === '&&' || operator === '||') {
      // The left side decides alone when it is what `decides` says.
      const decides = operator === '||';
      if (decides === wanted) {
        branch(f, left, wanted, label);
        return branch(f, right, wanted, label);
      }
      const skip = new Label();
      branch(f, left, decides, skip);
      branch(f, right, wanted, label);
      return out.bind(skip);
    }
    return branchOnTest(f, testOf(f, condition), condition, wanted, label);
  }
  const slot = value(f, condition);
  out.span = condition.span;
  out.jump(wanted ? op.OP_JT : op.OP_JF, label, slot);
}

function branchOnTest(
  f: FunctionCompiler,
  test: Test,
  { span }: BinaryOperation,
  wanted: boolean,
  label: Label,
): void {
  const { out } = f;
  out.span = span;
  if (test.kind === 'word') {
    return out.jump(test.inverted === wanted ? op.OP_JF : op.OP_JT, label, test.slot);
  }
  const operator = wanted ? test.operator : (opposite[test.operator] as BinaryOperator);
  const { left, right } = test;
  if (operator === '==') return out.jump(op.OP_JEQ, label, left, right);
  if (operator === '!=') return out.jump(op.OP_JNE, label, left, right);
  const swapped = operator === '>' || operator === '>=';
  const strict = operator === '<' || operator === '>';
  const [low, high] = swapped ? [right, left] : [left, right];
  if (test.signed) return out.jump(strict ? op.OP_JLT : op.OP_JLE, label, low, high);
  const result = out.temporary(1);
  out.emit(strict ? op.OP_LTU : op.OP_LEU, result, low, high);
  out.jump(op.OP_JT, label, result);
}

const opposite: Readonly<Partial<Record<BinaryOperator, BinaryOperator>>> = {
  '==': '!=',
  '!=': '==',
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
};
