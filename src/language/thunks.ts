/**
 * Functions that the checker makes: a closure that calls with values taken earlier. Used where Go
 * evaluates something now and calls later (go, defer), and where a call takes all results of
 * another call.
 */
import type { Callee } from './calls.ts';
import type { Body } from './checker.ts';
import type { Span } from './diagnostics.ts';
import { Scope } from './entities.ts';
import {
  addFunction,
  capture,
  closureName,
  newBody,
  newFunction,
  temporary,
} from './function-bodies.ts';
import type { Operand } from './operand.ts';
import { boolType, intType } from './type-store.ts';
import type { TypedExpression, TypedFunction, TypedStatement, Variable } from './typed.ts';
import type { FunctionType, Type } from './types.ts';

/** A closure without parameters made by the checker; `fill` gives its statements. */
export function makeThunk(
  body: Body,
  span: Span,
  name: string,
  type: FunctionType,
  fill: (inner: Body) => TypedStatement[],
): { readonly closure: TypedExpression; readonly function: TypedFunction } {
  const { checker, file } = body;
  const results = type.results.map((one, index) => temporary(body, `r${index}`, one, span));
  const typed = newFunction(file, name, span, {
    type,
    results: results.map((one): Variable => ({ ...one, kind: 'result' })),
    isWrapper: true,
  });
  const inner = newBody(checker, file, typed, body, body.root, new Scope(body.scope, span));
  const statements = fill(inner);
  for (const variable of variablesIn(statements)) {
    if (checker.owners.get(variable) !== inner) capture(inner, variable);
  }
  typed.body = { kind: 'block', span, statements };
  addFunction(body, typed);
  return { closure: { kind: 'closure', type, span, function: typed }, function: typed };
}

/** `f(g())` where g gives several values: called inside of a closure that holds them. */
export function callThrough(
  body: Body,
  span: Span,
  tuple: TypedExpression,
  callee: Callee,
  call: (inner: Body, operands: readonly Operand[]) => TypedExpression,
): TypedExpression {
  const types = tuple.type.kind === 'tuple' ? tuple.type.elements : [];
  const { results } = callee.type;
  const { store } = body.checker;
  const type = store.function([], results, false);
  const thunk = makeThunk(body, span, closureName(body, 'func'), type, (inner) => {
    const variables = types.map((one, index) => temporary(inner, `a${index}`, one, tuple.span));
    const operands = variables.map(
      (variable): Operand => ({
        mode: 'value',
        // The description in a complaint is that of the call that gives the values.
        node: { kind: 'bad', span: tuple.span },
        type: variable.type,
        expression: { kind: 'variable', type: variable.type, span: tuple.span, variable },
      }),
    );
    const held: TypedStatement[] = [];
    const expression = calleeFirst(inner, call(inner, operands), callee.receiver !== null, held);
    const last: TypedStatement =
      results.length === 0
        ? { kind: 'expression', span, expression }
        : { kind: 'return', span, values: [expression] };
    const taken: TypedStatement = { kind: 'declare', span, variables, values: [tuple] };
    return results.length > 1
      ? [...held, taken, ...returnAll(inner, span, expression, results)]
      : [...held, taken, last];
  });
  return {
    kind: 'call',
    type: results.length === 1 ? results[0] : store.tuple(results),
    span,
    callee: { kind: 'value', value: thunk.closure },
    arguments: [],
  };
}

/** What is called, or the receiver, is evaluated before the call that gives the arguments. */
function calleeFirst(
  body: Body,
  expression: TypedExpression,
  isMethod: boolean,
  held: TypedStatement[],
): TypedExpression {
  if (expression.kind !== 'call') return expression;
  const hold = (operand: TypedExpression): TypedExpression => {
    if (['variable', 'function', 'closure', 'nil', 'constant'].includes(operand.kind)) {
      return operand;
    }
    const variable = temporary(body, 'callee', operand.type, operand.span);
    const { type, span } = operand;
    held.push({ kind: 'declare', span, variables: [variable], values: [operand] });
    return { kind: 'variable', type, span, variable };
  };
  const { callee } = expression;
  if (callee.kind === 'value') {
    return { ...expression, callee: { kind: 'value', value: hold(callee.value) } };
  }
  if (callee.kind === 'interface') {
    return { ...expression, callee: { ...callee, object: hold(callee.object) } };
  }
  const [first, ...others] = expression.arguments;
  return isMethod && first ? { ...expression, arguments: [hold(first), ...others] } : expression;
}

/** Follows a nil pointer when an interface value is nil: taking a method of nil fails at once. */
export function nilCheck(object: TypedExpression, span: Span): TypedStatement {
  const nil: TypedExpression = { kind: 'nil', type: object.type, span };
  const condition: TypedExpression = {
    kind: 'binary',
    operator: '==',
    type: boolType,
    span,
    left: object,
    right: nil,
  };
  const pointer: TypedExpression = { kind: 'nil', type: intPointer, span };
  const value: TypedExpression = { kind: 'dereference', type: intType, span, pointer };
  const statements: TypedStatement[] = [{ kind: 'assign', span, targets: [null], values: [value] }];
  return {
    kind: 'if',
    span,
    condition,
    then: { kind: 'block', span, statements },
    otherwise: null,
  };
}

const intPointer: Type = { kind: 'pointer', element: intType };

/** `return f()` for a call that gives several values. */
export function returnAll(
  body: Body,
  span: Span,
  tuple: TypedExpression,
  types: readonly Type[],
): TypedStatement[] {
  const variables = types.map((type, index) => temporary(body, `v${index}`, type, span));
  const values = variables.map(
    (variable): TypedExpression => ({
      kind: 'variable',
      type: variable.type,
      span,
      variable,
    }),
  );
  return [
    { kind: 'declare', span, variables, values: [tuple] },
    { kind: 'return', span, values },
  ];
}

/** All variables of enclosing functions that statements made by the checker mention. */
function variablesIn(statements: readonly TypedStatement[]): Set<Variable> {
  const found = new Set<Variable>();
  const pending: unknown[] = [...statements];
  while (pending.length > 0) {
    const next = pending.pop();
    if (typeof next !== 'object' || next === null) continue;
    if (Array.isArray(next)) {
      pending.push(...(next as unknown[]));
      continue;
    }
    const node = next as { kind?: string; variable?: Variable; function?: TypedFunction };
    if (node.kind === 'variable' && node.variable) found.add(node.variable);
    if (node.kind === 'closure' && node.function) {
      for (const variable of node.function.captures) found.add(variable);
    }
    for (const [key, value] of Object.entries(next)) {
      if (!ignoredKeys.has(key)) pending.push(value as unknown);
    }
  }
  return found;
}

/** Parts of nodes that are no expressions or statements. */
const ignoredKeys = new Set([
  'type',
  'span',
  'variable',
  'variables',
  'function',
  'target',
  'element',
  'typeArguments',
]);
