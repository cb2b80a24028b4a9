/** Unary operators, and addresses. */
import { constantResult, isBoolean, isInteger } from './operators.ts';
import type { UnaryExpression } from './ast.ts';
import { expressionOf } from './assignability.ts';
import { complain } from './checker.ts';
import type { Body } from './checker.ts';
import { checkComposite } from './composite-literals.ts';
import { complementOf } from './constants.ts';
import type { Constant } from './constants.ts';
import { singleValue } from './expressions.ts';
import { coreType, everyType } from './members.ts';
import { describe, invalidOperand } from './operand.ts';
import type { Operand } from './operand.ts';
import type { TypedExpression } from './typed.ts';
import { underlying } from './types.ts';
import type { Type } from './types.ts';

/** `-x`, `!x`, `^x`, `&x`, `<-c`. */
export function checkUnary(body: Body, node: UnaryExpression): Operand {
  if (node.operator === '&') return checkAddress(body, node);
  const operand = singleValue(body, node.operand);
  if (operand.mode === 'invalid') return invalidOperand(node);
  if (node.operator === '<-') return checkReceive(body, node, operand);
  const test = node.operator === '!' ? isBoolean : isInteger;
  if (operand.mode === 'nil' || !everyType(operand.type, test)) {
    const what = describe(body.file.source, operand);
    const message = `invalid operation: operator ${node.operator} not defined on ${what}`;
    complain(body, node.span, 'operator', message);
    return invalidOperand(node);
  }
  if (operand.mode === 'constant') {
    const value = foldUnary(node.operator, operand.value, operand.type);
    return constantResult(body, node, operand.type, value);
  }
  if (node.operator === '+') return { ...operand, node };
  const expression: TypedExpression = {
    kind: 'unary',
    operator: node.operator,
    type: operand.type,
    span: node.span,
    operand: expressionOf(operand),
  };
  return { mode: 'value', node, type: operand.type, expression };
}

function foldUnary(operator: '+' | '-' | '!' | '^', value: Constant, type: Type): Constant {
  if (typeof value === 'boolean') return !value;
  if (typeof value !== 'bigint') return value;
  if (operator === '-') return -value;
  return operator === '^' ? complementOf(value, type) : value;
}

function checkAddress(body: Body, node: UnaryExpression): Operand {
  const { store } = body.checker;
  let target = node.operand;
  while (target.kind === 'parenthesized') target = target.inner;
  if (target.kind === 'composite') {
    const literal = checkComposite(body, target, null);
    if (literal.mode !== 'value') return invalidOperand(node);
    const type = store.pointer(literal.type);
    const { expression: value } = literal;
    const expression: TypedExpression = {
      kind: 'new',
      type,
      span: node.span,
      element: literal.type,
      value,
    };
    return { mode: 'value', node, type, expression };
  }
  const operand = singleValue(body, node.operand);
  if (operand.mode === 'invalid') return invalidOperand(node);
  if (operand.mode !== 'variable') {
    const what = describe(body.file.source, operand);
    const message = `invalid operation: cannot take address of ${what}`;
    complain(body, node.span, 'not-addressable', message, 'put it into a variable first');
    return invalidOperand(node);
  }
  const type = store.pointer(operand.type);
  return { mode: 'value', node, type, expression: addressOf(body, operand.expression) };
}

/** `&x`; notes that the variable behind it must live on the heap. */
export function addressOf(body: Body, operand: TypedExpression): TypedExpression {
  const type = body.checker.store.pointer(operand.type);
  if (operand.kind === 'dereference') return { ...operand.pointer, type };
  markAddressTaken(operand);
  return { kind: 'address', type, span: operand.span, operand };
}

/** Notes that the address of (a part of) a variable is taken. */
export function markAddressTaken(operand: TypedExpression): void {
  let root = operand;
  while (
    root.kind === 'field' ||
    (root.kind === 'element' && underlying(root.object.type).kind === 'array')
  ) {
    root = root.object;
  }
  if (root.kind === 'variable') root.variable.addressTaken = true;
}

function checkReceive(body: Body, node: UnaryExpression, operand: Operand): Operand {
  const channel = coreType(operand.type);
  if (channel.kind !== 'channel' || channel.direction === 'send') {
    const what = describe(body.file.source, operand);
    const why = channel.kind === 'channel' ? 'from send-only channel' : 'from non-channel';
    const message = `invalid operation: cannot receive ${why} ${what}`;
    complain(body, node.span, 'receive', message);
    return invalidOperand(node);
  }
  const expression: TypedExpression = {
    kind: 'receive',
    type: channel.element,
    span: node.span,
    channel: expressionOf(operand),
    commaOk: false,
  };
  return { mode: 'value', node, type: channel.element, expression };
}
