/** `:=` and `var`: new variables and what they begin with. */
import { assignmentTarget, describeTuple, holdTuple, tupleOperands } from './assignments.ts';
import type { Target } from './assignments.ts';
import type { DefineStatement, Expression, Identifier, VariableDeclaration } from './ast.ts';
import { convertTo, defaultType } from './assignability.ts';
import { complain } from './checker.ts';
import type { Body } from './checker.ts';
import type { Span } from './diagnostics.ts';
import { checkExpression, requireValue } from './expressions.ts';
import { declare, emit, localVariable, temporary } from './function-bodies.ts';
import type { Operand } from './operand.ts';
import { resolveType } from './type-nodes.ts';
import { invalidType } from './type-store.ts';
import type { TypedExpression, Variable } from './typed.ts';
import type { Type } from './types.ts';

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
export function valueForOne(
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
