/** `=`, `op=`, `:=` and `var`. */
import type {
  AssignStatement,
  DefineStatement,
  Expression,
  Identifier,
  VariableDeclaration,
} from './ast.ts';
import { convertTo, defaulted, defaultType, whyNotAssignable } from './assignability.ts';
import { complain } from './checker.ts';
import type { Body } from './checker.ts';
import type { Span } from './diagnostics.ts';
import { checkExpression, requireValue, singleValue } from './expressions.ts';
import { declare, emit, localVariable, temporary } from './function-bodies.ts';
import { describe, isUntyped, textOf } from './operand.ts';
import type { Operand } from './operand.ts';
import { binaryOperation } from './operators.ts';
import { markAssigned, update } from './statements.ts';
import { resolveType } from './type-nodes.ts';
import { boolType, invalidType } from './type-store.ts';
import type { TypedExpression, Variable } from './typed.ts';
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

type Target = { readonly type: Type; readonly expression: TypedExpression } | 'blank' | 'invalid';

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
function tupleOperands(
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
function holdTuple(
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

/** `a, b := x, y`. */
export function checkDefine(body: Body, node: DefineStatement): void {
  const { names, values, span } = node;
  const seen = new Set<string>();
  const old = names.map((name): Target | null => {
    if (name.name !== '_' && seen.has(name.name)) {
      complain(body, name.span, 'redeclared', `${name.name} repeated on left side of :=`);
    }
    seen.add(name.name);
    const known = body.scope.names.get(name.name);
    return known?.kind === 'variable' && name.name !== '_' ? assignmentTarget(body, name) : null;
  });
  const isNew = names.some((name, index) => old[index] === null && name.name !== '_');
  if (!isNew) {
    const help = names.length === 1 ? `write ${names[0].name} = …` : 'use = instead of :=';
    complain(body, span, 'no-new-variables', 'no new variables on left side of :=', help);
  }
  const operands = definedValues(body, names, values, span, false);
  const fresh = names.map((name, index) =>
    old[index] === null ? freshVariable(body, name, operands?.[index]?.type, span.end) : null,
  );
  if (operands) emitDefine(body, span, operands, fresh, old);
  for (const [index, name] of names.entries()) {
    const variable = fresh[index];
    if (names.findIndex((one) => one.name === name.name) < index && name.name !== '_') continue;
    // After a complaint the variable is taken as used: one slip, one message.
    if (variable) declare(body, name, variable, variable.type === invalidType || !isNew);
  }
}

function freshVariable(
  body: Body,
  name: Identifier,
  type: Type | undefined,
  from: number,
): Variable {
  return localVariable(body, name, type ? defaultType(type) : invalidType, from);
}

/** What each name gets: operands of their own, or elements of one tuple (kept for the end). */
interface DefinedValue {
  readonly type: Type;
  readonly operand: Operand | null;
  readonly tuple: TypedExpression | null;
}

function definedValues(
  body: Body,
  names: readonly Identifier[],
  values: readonly Expression[],
  span: Span,
  typed: boolean,
): DefinedValue[] | null {
  if (values.length === 1 && names.length > 1) {
    const found = tupleOperands(body, values[0], names.length);
    if (!found || found === 'mismatch') return null;
    return found.types.map((type) => ({ type, operand: null, tuple: found.expression }));
  }
  const operands = values.map((one) => valueForOne(body, one, span, names.length, typed));
  if (operands.length !== names.length) {
    if (!operands.some((one) => one.mode === 'invalid')) {
      describeTuple(body, span, names.length, values);
    }
    return null;
  }
  return operands.map((operand) => {
    if (operand.mode === 'nil' && !typed) {
      complain(body, operand.node.span, 'untyped-nil', 'use of untyped nil in assignment');
      return { type: invalidType, operand, tuple: null };
    }
    return { type: operand.type, operand, tuple: null };
  });
}

/** One of as many values as there are names; a call that gives several is a mismatch. */
function valueForOne(
  body: Body,
  node: Expression,
  span: Span,
  count: number,
  allowGeneric: boolean,
): Operand {
  const operand = checkExpression(body, node);
  if (count === 1 && operand.type.kind === 'tuple' && operand.type.elements.length > 1) {
    describeTuple(body, span, count, [node], operand);
    return { mode: 'invalid', node, type: invalidType };
  }
  return requireValue(body, operand, allowGeneric);
}

function emitDefine(
  body: Body,
  span: Span,
  values: readonly DefinedValue[],
  fresh: readonly (Variable | null)[],
  old: readonly (Target | null)[],
): void {
  const tuple = values[0]?.tuple ?? null;
  const types = values.map((one) => one.type);
  if (fresh.every((one) => one !== null)) {
    const variables = fresh.filter((one) => one !== null);
    if (tuple) emit(body, { kind: 'declare', span, variables, values: [tuple] });
    else {
      const list = values.map((one, index) => toVariable(body, one, variables[index].type));
      emit(body, { kind: 'declare', span, variables, values: list });
    }
    return;
  }
  // Some names are assigned: all values are taken first.
  const held = tuple ? holdTuple(body, span, tuple, types) : null;
  if (!held && values.length === 1) return;
  const operands = held ?? holdValues(body, span, values, fresh, old);
  for (const [index, operand] of operands.entries()) {
    const variable = fresh[index];
    const target = old[index];
    if (variable) {
      const value = convertTo(body, operand, variable.type, 'assignment');
      emit(body, { kind: 'declare', span, variables: [variable], values: [value] });
    } else if (target && typeof target !== 'string') {
      const value = convertTo(body, operand, target.type, 'assignment');
      emit(body, { kind: 'assign', span, targets: [target.expression], values: [value] });
    }
  }
}

function toVariable(body: Body, value: DefinedValue, type: Type): TypedExpression {
  const operand = value.operand ?? undefined;
  if (!operand || (operand.mode === 'nil' && type === invalidType)) {
    return { kind: 'zero', type, span: operand?.node.span ?? { start: 0, end: 0 } };
  }
  return convertTo(body, operand, type, 'assignment');
}

function holdValues(
  body: Body,
  span: Span,
  values: readonly DefinedValue[],
  fresh: readonly (Variable | null)[],
  old: readonly (Target | null)[],
): Operand[] {
  const types = values.map((value, index) => {
    const target = old[index];
    return fresh[index]?.type ?? (target && typeof target !== 'string' ? target.type : value.type);
  });
  const list = values.map((value, index) => toVariable(body, value, types[index]));
  const variables = types.map((type, index) => temporary(body, `t${index}`, type, span));
  emit(body, { kind: 'declare', span, variables, values: list });
  return variables.map(
    (variable): Operand => ({
      mode: 'value',
      node: { kind: 'bad', span },
      type: variable.type,
      expression: { kind: 'variable', type: variable.type, span, variable },
    }),
  );
}

/** `var a, b T = x, y` as a statement. */
export function checkVariableDeclaration(body: Body, node: VariableDeclaration): void {
  const { names, values, span } = node;
  const type = node.type ? resolveType(body, node.type) : null;
  let variables: Variable[];
  if (values.length === 0) {
    variables = names.map((name) => localVariable(body, name, type ?? invalidType, span.end));
    emit(body, { kind: 'declare', span, variables, values: [] });
  } else {
    const found = definedValues(body, names, values, span, type !== null);
    variables = names.map((name, index) =>
      localVariable(
        body,
        name,
        type ?? (found ? defaultType(found[index].type) : invalidType),
        span.end,
      ),
    );
    if (found) emitDeclaration(body, span, found, variables, type);
  }
  for (const [index, name] of names.entries()) {
    declare(body, name, variables[index], variables[index].type === invalidType);
  }
}

function emitDeclaration(
  body: Body,
  span: Span,
  found: readonly DefinedValue[],
  variables: readonly Variable[],
  type: Type | null,
): void {
  const tuple = found[0]?.tuple ?? null;
  if (!tuple) {
    const values = found.map(({ operand }, index) =>
      operand
        ? convertTo(body, operand, variables[index].type, 'variable declaration')
        : { kind: 'zero' as const, type: variables[index].type, span },
    );
    emit(body, { kind: 'declare', span, variables, values });
    return;
  }
  const same = !type || found.every((one) => one.type === type);
  if (same) {
    emit(body, { kind: 'declare', span, variables, values: [tuple] });
    return;
  }
  const operands = holdTuple(
    body,
    span,
    tuple,
    found.map((one) => one.type),
  );
  const values = operands.map((one, index) =>
    convertTo(body, one, variables[index].type, 'variable declaration'),
  );
  emit(body, { kind: 'declare', span, variables, values });
}

export { isUntyped, whyNotAssignable };
