/** `=`, `op=`, `:=` and `var`. */
import { valueForOne } from './definitions.ts';
import type { AssignStatement, Expression } from './ast.ts';
import { convertTo, defaulted } from './assignability.ts';
import { complain } from './checker.ts';
import type { Body } from './checker.ts';
import type { Span } from './diagnostics.ts';
import { checkExpression, requireValue, singleValue } from './expressions.ts';
import { emit, temporary } from './function-bodies.ts';
import { describe, textOf } from './operand.ts';
import type { Operand } from './operand.ts';
import { binaryOperation } from './operators.ts';
import { markAssigned, update } from './statements.ts';
import { boolType, invalidType } from './type-store.ts';
import type { TypedExpression } from './typed.ts';
import type { Type } from './types.ts';

/** `a, b = x, y` and `a op= x`. */
export function checkAssign(body: Body, node: AssignStatement): void {
  if (node.operator !== null) {
    checkUpdate(body, node);
    return;
  }
  const { left, right, span } = node;
  const targets = left.map((one) => assignmentTarget(body, one));
  if (right.length === 1 && left.length > 1) {
    const operands = tupleOperands(body, right[0], left.length);
    if (!operands) return;
    if (operands === 'mismatch') return;
    assignTuple(body, span, targets, operands);
    return;
  }
  const operands = right.map((one) => valueForOne(body, one, span, left.length, true));
  if (left.length !== right.length) {
    if (!operands.some((one) => one.mode === 'invalid')) {
      describeTuple(body, span, left.length, right);
    }
    return;
  }
  const values = operands.map((one, index) => valueFor(body, one, targets[index]));
  if (targets.includes('invalid')) return;
  emit(body, { kind: 'assign', span, targets: targets.map(place), values });
}

export type Target =
  | { readonly type: Type; readonly expression: TypedExpression }
  | 'blank'
  | 'invalid';

function place(target: Target): TypedExpression | null {
  return typeof target === 'string' ? null : target.expression;
}

function valueFor(body: Body, operand: Operand, target: Target): TypedExpression {
  if (typeof target === 'string') {
    if (operand.mode === 'nil' && target === 'blank') {
      complain(body, operand.node.span, 'untyped-nil', 'use of untyped nil in assignment');
      return defaulted(body, { mode: 'invalid', node: operand.node, type: invalidType });
    }
    if (target === 'invalid') {
      return defaulted(body, { mode: 'invalid', node: operand.node, type: invalidType });
    }
    return defaulted(body, operand);
  }
  return convertTo(body, operand, target.type, 'assignment');
}

/** The left side of an assignment. Naming a variable here is no use of it. */
export function assignmentTarget(body: Body, node: Expression): Target {
  let inner = node;
  while (inner.kind === 'parenthesized') inner = inner.inner;
  if (inner.kind === 'identifier') {
    if (inner.name === '_') return 'blank';
    const entity = body.scope.lookup(inner.name);
    if (entity?.kind === 'variable') {
      const { used } = entity;
      const operand = singleValue(body, inner);
      entity.used = used;
      return targetOf(body, operand);
    }
  }
  return targetOf(body, singleValue(body, node));
}

function targetOf(body: Body, operand: Operand): Target {
  if (operand.mode === 'invalid') return 'invalid';
  if (operand.mode !== 'variable') {
    const message = notAssignable(body, operand);
    const field = operand.mode === 'value' && operand.expression.kind === 'field';
    const help = field ? 'assign the whole struct, or use a pointer' : undefined;
    complain(body, operand.node.span, 'not-assignable', message, help);
    return 'invalid';
  }
  markAssigned(operand.expression);
  return { type: operand.type, expression: operand.expression };
}

/** What is said of an operand on the left side that is no place. */
export function notAssignable(body: Body, operand: Operand): string {
  const { source } = body.file;
  if (operand.mode !== 'constant') {
    const text = textOf(source, operand.node.span);
    return `cannot assign to ${text} (neither addressable nor a map index expression)`;
  }
  return `cannot assign to ${describe(source, operand)}`;
}

function checkUpdate(body: Body, node: AssignStatement): void {
  const [leftNode] = node.left;
  const [rightNode] = node.right;
  const { operator, span } = node;
  if (!operator || !leftNode || !rightNode) return;
  if (node.left.length !== 1 || node.right.length !== 1) {
    const message = `assignment operation ${operator}= requires single-valued expressions`;
    complain(body, span, 'assignment', message);
    return;
  }
  const target = singleValue(body, leftNode);
  const value = singleValue(body, rightNode);
  if (target.mode === 'invalid' || value.mode === 'invalid') return;
  const whole: Expression = { kind: 'bad', span };
  const result = binaryOperation(body, whole, operator, target, value);
  if (result.mode !== 'value' || result.expression.kind !== 'binary') {
    if (result.mode === 'constant') update(body, span, operator, target, defaulted(body, value));
    return;
  }
  update(body, span, operator, target, result.expression.right);
}

/**
 * The operands that one expression gives for several places: the results of a call, or the value
 * and ok of a receive or type assertion. Null after a complaint.
 */
export function tupleOperands(
  body: Body,
  node: Expression,
  count: number,
): { readonly expression: TypedExpression; readonly types: readonly Type[] } | 'mismatch' | null {
  const operand = checkExpression(body, node);
  if (operand.mode === 'value' && operand.type.kind === 'tuple') {
    const { elements } = operand.type;
    if (elements.length === count) return { expression: operand.expression, types: elements };
    describeTuple(body, node.span, count, [node], operand);
    return 'mismatch';
  }
  const value = requireValue(body, operand);
  if (value.mode === 'invalid') return null;
  const commaOk = count === 2 && value.mode === 'value' ? withOk(body, value.expression) : null;
  if (commaOk) return { expression: commaOk, types: [value.type, boolType] };
  describeTuple(body, node.span, count, [node], value);
  return 'mismatch';
}

/** The comma-ok form of a receive or an assertion. */
export function withOk(body: Body, expression: TypedExpression): TypedExpression | null {
  if (expression.kind !== 'assertion' && expression.kind !== 'receive') return null;
  const type = body.checker.store.tuple([expression.type, boolType]);
  return { ...expression, type, commaOk: true };
}

/** `assignment mismatch: 2 variables but f() returns 1 value`. */
export function describeTuple(
  body: Body,
  span: Span,
  count: number,
  values: readonly Expression[],
  operand: Operand | null = null,
): void {
  const variables = count === 1 ? '1 variable' : `${count} variables`;
  const [only] = values;
  let tail = values.length === 1 ? '1 value' : `${values.length} values`;
  if (values.length === 1 && only?.kind === 'call' && operand) {
    const number = operand.type.kind === 'tuple' ? operand.type.elements.length : 1;
    const text = textOf(body.file.source, only.callee.span);
    tail = `${text}() returns ${number === 1 ? '1 value' : `${number} values`}`;
  }
  complain(body, span, 'assignment-mismatch', `assignment mismatch: ${variables} but ${tail}`);
}

function assignTuple(
  body: Body,
  span: Span,
  targets: readonly Target[],
  { expression, types }: { expression: TypedExpression; types: readonly Type[] },
): void {
  if (targets.includes('invalid')) return;
  const identical = targets.every(
    (target, index) => typeof target === 'string' || target.type === types[index],
  );
  if (identical) {
    emit(body, { kind: 'assign', span, targets: targets.map(place), values: [expression] });
    return;
  }
  const operands = holdTuple(body, span, expression, types);
  const values: TypedExpression[] = [];
  const places: TypedExpression[] = [];
  for (const [index, target] of targets.entries()) {
    if (typeof target === 'string') continue;
    places.push(target.expression);
    values.push(convertTo(body, operands[index], target.type, 'assignment'));
  }
  emit(body, { kind: 'assign', span, targets: places, values });
}

/** Puts the elements of a tuple into variables of the checker. */
export function holdTuple(
  body: Body,
  span: Span,
  expression: TypedExpression,
  types: readonly Type[],
): Operand[] {
  const variables = types.map((type, index) => temporary(body, `t${index}`, type, span));
  emit(body, { kind: 'declare', span, variables, values: [expression] });
  return variables.map(
    (variable): Operand => ({
      mode: 'value',
      node: { kind: 'bad', span: expression.span },
      type: variable.type,
      expression: { kind: 'variable', type: variable.type, span: expression.span, variable },
    }),
  );
}
