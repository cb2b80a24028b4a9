/** Unary and binary operators. */
import type { BinaryExpression, BinaryOperator, Expression } from './ast.ts';
import {
  convertTo,
  defaultType,
  expressionOf,
  machineLimit,
  whyNotAssignable,
} from './assignability.ts';
import { complain } from './checker.ts';
import type { Body } from './checker.ts';
import { foldBinary, isTooLarge, maxConstantLength, representation } from './constants.ts';
import type { Constant } from './constants.ts';
import { singleValue } from './expressions.ts';
import { everyType, isComparable } from './members.ts';
import { describe, invalidOperand, isUntyped, textOf } from './operand.ts';
import type { Operand } from './operand.ts';
import { basic, invalidType, spell, untypedBool, untypedInt, untypedRune } from './type-store.ts';
import type { TypedExpression } from './typed.ts';
import { underlying } from './types.ts';
import type { Type } from './types.ts';

const comparisons = new Set<BinaryOperator>(['==', '!=', '<', '<=', '>', '>=']);
const maxShift = 1000n;

/** `x op y`. */
export function checkBinary(body: Body, node: BinaryExpression): Operand {
  const left = singleValue(body, node.left);
  const right = singleValue(body, node.right);
  return binaryOperation(body, node, node.operator, left, right);
}

/** The operation on operands that were checked already; also for `x op= y`. */
export function binaryOperation(
  body: Body,
  node: Expression,
  operator: BinaryOperator,
  leftOperand: Operand,
  rightOperand: Operand,
): Operand {
  if (leftOperand.mode === 'invalid' || rightOperand.mode === 'invalid') {
    return invalidOperand(node);
  }
  if (operator === '<<' || operator === '>>') {
    return checkShift(body, node, operator, leftOperand, rightOperand);
  }
  const isComparison = comparisons.has(operator);
  const matched = matchOperands(body, node, operator, leftOperand, rightOperand);
  if (!matched) return invalidOperand(node);
  const [left, right] = matched;
  if (isComparison) return checkComparison(body, node, operator, left, right);
  if (left.type !== right.type) {
    mismatched(body, node, left, right);
    return invalidOperand(node);
  }
  if (left.mode === 'nil' || !everyType(left.type, (one) => isDefined(operator, one))) {
    const what = describe(body.file.source, left);
    const message = `invalid operation: operator ${operator} not defined on ${what}`;
    complain(body, node.span, 'operator', message);
    return invalidOperand(node);
  }
  if ((operator === '/' || operator === '%') && right.mode === 'constant' && right.value === 0n) {
    complain(body, right.node.span, 'division-by-zero', 'invalid operation: division by zero');
    return invalidOperand(node);
  }
  if (left.mode === 'constant' && right.mode === 'constant') {
    if (joinsTooLong(body, node, left.value, right.value)) return invalidOperand(node);
    const value = foldBinary(operator, left.value, right.value);
    if (value === null) return invalidOperand(node);
    return constantResult(body, node, left.type, value);
  }
  return {
    mode: 'value',
    node,
    type: left.type,
    expression: binaryExpression(node, operator, left.type, left, right),
  };
}

function joinsTooLong(body: Body, node: Expression, left: Constant, right: Constant): boolean {
  if (typeof left !== 'string' || typeof right !== 'string') return false;
  const length = left.length + right.length;
  if (length <= maxConstantLength) return false;
  const message =
    `this constant string is too long: ${length} characters ` +
    `(the bound is ${maxConstantLength})`;
  complain(body, node.span, 'constant-overflow', message);
  return true;
}

function binaryExpression(
  node: Expression,
  operator: BinaryOperator,
  type: Type,
  left: Operand,
  right: Operand,
): TypedExpression {
  return {
    kind: 'binary',
    operator,
    type,
    span: node.span,
    left: expressionOf(left),
    right: expressionOf(right),
  };
}

/** A constant result, if its type can hold it. */
export function constantResult(body: Body, node: Expression, type: Type, value: Constant): Operand {
  const operand: Operand = { mode: 'constant', node, type, value };
  if (isTooLarge(value)) {
    const text = textOf(body.file.source, node.span);
    complain(body, node.span, 'constant-overflow', `constant ${text} overflow`);
    return invalidOperand(node);
  }
  const fit = isUntyped(operand) ? 'fits' : representation(value, type);
  if (fit === 'fits') return operand;
  if (fit === 'machine-limit') machineLimit(body, operand, type);
  else {
    const what = describe(body.file.source, operand);
    complain(body, node.span, 'constant-overflow', `${what} overflows ${spell(type)}`);
  }
  return invalidOperand(node);
}

/** Gives an untyped operand the type of the other one. */
function matchOperands(
  body: Body,
  node: Expression,
  operator: BinaryOperator,
  left: Operand,
  right: Operand,
): [Operand, Operand] | null {
  const leftUntyped = isUntyped(left);
  const rightUntyped = isUntyped(right);
  if (leftUntyped && rightUntyped) {
    if (left.mode === 'nil' || right.mode === 'nil') {
      if (left.mode === right.mode) {
        const message = `invalid operation: operator ${operator} not defined on nil`;
        complain(body, node.span, 'operator', message);
      } else mismatched(body, node, left, right);
      return null;
    }
    const type = commonUntyped(left.type, right.type);
    if (type)
      return [
        { ...left, type },
        { ...right, type },
      ];
    mismatched(body, node, left, right);
    return null;
  }
  if (!leftUntyped && !rightUntyped) return [left, right];
  const untyped = leftUntyped ? left : right;
  const typed = leftUntyped ? right : left;
  const given = giveType(body, node, operator, untyped, typed);
  if (!given) return null;
  return leftUntyped ? [given, right] : [left, given];
}

function commonUntyped(a: Type, b: Type): Type | null {
  if (a === b) return a;
  const numbers: Type[] = [untypedInt, untypedRune];
  return numbers.includes(a) && numbers.includes(b) ? untypedRune : null;
}

function giveType(
  body: Body,
  node: Expression,
  operator: BinaryOperator,
  untyped: Operand,
  typed: Operand,
): Operand | null {
  const target = typed.type;
  const under = underlying(target);
  const { source } = body.file;
  if (untyped.mode !== 'nil' && under.kind === 'interface') {
    if (!comparisons.has(operator)) {
      mismatched(body, node, untyped, typed);
      return null;
    }
  } else if (untyped.mode === 'constant') {
    const fit = everyType(target, (one) => representation(untyped.value, one) !== 'other-kind');
    if (!fit) {
      mismatched(body, node, untyped === typed ? typed : untyped, typed);
      return null;
    }
    if (target.kind !== 'type-parameter' && representation(untyped.value, target) === 'overflows') {
      const message = `${describe(source, untyped)} overflows ${spell(target)}`;
      complain(body, untyped.node.span, 'constant-overflow', message);
      return null;
    }
  } else if (untyped.mode === 'nil' && !isNilable(under)) {
    const message = `invalid operation: ${textOf(source, node.span)} (mismatched types ${spell(
      target,
    )} and untyped nil)`;
    complain(body, node.span, 'mismatched-types', message);
    return null;
  }
  const expression = convertTo(body, untyped, target, 'comparison');
  if (expression.kind === 'zero') return null;
  if (untyped.mode === 'constant' && expression.kind === 'constant') {
    return { ...untyped, type: target };
  }
  if (untyped.mode === 'nil') {
    return { mode: 'value', node: untyped.node, type: target, expression };
  }
  return { mode: 'value', node: untyped.node, type: target, expression };
}

function isNilable(under: Type): boolean {
  if (under.kind === 'basic') return under.name === 'unsafe.Pointer';
  return ['pointer', 'slice', 'function', 'channel', 'interface'].includes(under.kind);
}

function mismatched(body: Body, node: Expression, left: Operand, right: Operand): void {
  if (left.type === invalidType || right.type === invalidType) return;
  const types = [left, right].sort((a, b) => a.node.span.start - b.node.span.start);
  const [first, second] = types.map((one) =>
    one.mode === 'nil' ? 'untyped nil' : spell(one.type),
  );
  const text = textOf(body.file.source, node.span);
  const message = `invalid operation: ${text} (mismatched types ${first} and ${second})`;
  complain(body, node.span, 'mismatched-types', message);
}

function checkComparison(
  body: Body,
  node: Expression,
  operator: BinaryOperator,
  left: Operand,
  right: Operand,
): Operand {
  const forward = whyNotAssignable(body, left.type, right.type) === null;
  if (!forward && whyNotAssignable(body, right.type, left.type) !== null) {
    mismatched(body, node, left, right);
    return invalidOperand(node);
  }
  const reason = whyNotCompared(operator, left, right);
  if (reason) {
    const text = textOf(body.file.source, node.span);
    complain(body, node.span, 'operator', `invalid operation: ${text} (${reason})`);
    return invalidOperand(node);
  }
  if (left.mode === 'constant' && right.mode === 'constant') {
    const value = foldBinary(operator, left.value, right.value);
    if (value === null) return invalidOperand(node);
    return { mode: 'constant', node, type: untypedBool, value };
  }
  const target = forward ? right.type : left.type;
  const expression: TypedExpression = {
    kind: 'binary',
    operator,
    type: untypedBool,
    span: node.span,
    left: isUntyped(left) ? defaultedForComparison(body, left) : convertTo(body, left, target, ''),
    right: isUntyped(right)
      ? defaultedForComparison(body, right)
      : convertTo(body, right, target, ''),
  };
  return { mode: 'value', node, type: untypedBool, expression };
}

function defaultedForComparison(body: Body, operand: Operand): TypedExpression {
  return convertTo(body, operand, defaultType(operand.type), 'comparison');
}

function isNil(operand: Operand): boolean {
  return operand.mode === 'value' && operand.expression.kind === 'nil';
}

function whyNotCompared(operator: BinaryOperator, left: Operand, right: Operand): string | null {
  const type = isNil(left) ? right.type : left.type;
  if (operator !== '==' && operator !== '!=') {
    const isOrdered = (one: Type): boolean => isInteger(one) || isText(one);
    const ordered = everyType(type, isOrdered) && everyType(right.type, isOrdered);
    return ordered ? null : `operator ${operator} not defined on ${kindName(type)}`;
  }
  if (isNil(left) || isNil(right)) return null;
  const other = isComparable(left.type) ? right.type : left.type;
  if (isComparable(other)) return null;
  const under = underlying(other);
  if (under.kind === 'slice') return 'slice can only be compared to nil';
  if (under.kind === 'function') return 'func can only be compared to nil';
  if (under.kind === 'type-parameter') return 'incomparable types in type set';
  return `${spell(other)} cannot be compared`;
}

function kindName(type: Type): string {
  const under = underlying(type);
  if (under.kind === 'function') return 'func';
  if (under.kind === 'channel') return 'chan';
  return under.kind === 'basic' ? spell(under) : under.kind;
}

function checkShift(
  body: Body,
  node: Expression,
  operator: '<<' | '>>',
  left: Operand,
  right: Operand,
): Operand {
  const count = shiftCount(body, right);
  if (!count) return invalidOperand(node);
  if (left.mode === 'nil' || !everyType(left.type, isInteger)) {
    const what = describe(body.file.source, left);
    const message = `invalid operation: shifted operand ${what} must be integer`;
    complain(body, node.span, 'operator', message);
    return invalidOperand(node);
  }
  if (left.mode === 'constant' && right.mode === 'constant') {
    const value = left.value as bigint;
    const by = right.value as bigint;
    if (by > maxShift) {
      const what = describe(body.file.source, right);
      complain(body, right.node.span, 'shift', `invalid shift count ${what}`);
      return invalidOperand(node);
    }
    return constantResult(body, node, left.type, operator === '<<' ? value << by : value >> by);
  }
  // A constant shifted by a variable gets its type from where the result goes.
  const type = left.type === untypedRune ? untypedInt : left.type;
  const expression: TypedExpression = {
    kind: 'binary',
    operator,
    type,
    span: node.span,
    left: expressionOf({ ...left, type }),
    right: count,
  };
  return { mode: 'value', node, type, expression };
}

function shiftCount(body: Body, right: Operand): TypedExpression | null {
  const what = (): string => describe(body.file.source, right);
  if (right.mode === 'nil' || !everyType(right.type, isInteger)) {
    const message = `invalid operation: shift count ${what()} must be integer`;
    complain(body, right.node.span, 'shift', message);
    return null;
  }
  if (right.mode === 'constant' && typeof right.value === 'bigint' && right.value < 0n) {
    const message = `invalid operation: negative shift count ${what()}`;
    complain(body, right.node.span, 'shift', message);
    return null;
  }
  if (!isUntyped(right)) return expressionOf(right);
  if (right.mode === 'constant' && (right.value as bigint) > maxShift) {
    if (!isUntyped(right)) return expressionOf(right);
    return { kind: 'constant', type: basic('uint'), span: right.node.span, value: maxShift };
  }
  return convertTo(body, right, basic('uint'), 'shift count');
}

/** Whether the type is an integer type, an untyped one included. */
export function isInteger(type: Type): boolean {
  const under = underlying(type);
  return under.kind === 'basic' && /^(?:u?int|untyped-int|untyped-rune)/.test(under.name);
}

/** Whether the type is a bool type, the untyped one included. */
export function isBoolean(type: Type): boolean {
  const under = underlying(type);
  return under.kind === 'basic' && (under.name === 'bool' || under.name === 'untyped-bool');
}

/** Whether the type is a string type, the untyped one included. */
export function isText(type: Type): boolean {
  const under = underlying(type);
  return under.kind === 'basic' && (under.name === 'string' || under.name === 'untyped-string');
}

function isDefined(operator: BinaryOperator, type: Type): boolean {
  if (operator === '&&' || operator === '||') return isBoolean(type);
  return isInteger(type) || (operator === '+' && isText(type));
}
