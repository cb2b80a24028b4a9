/** `go` and `defer`: the function and its arguments are evaluated now, the call happens later. */
import type { DeferStatement, Expression, GoStatement } from './ast.ts';
import { complain } from './checker.ts';
import type { Body } from './checker.ts';
import type { Span } from './diagnostics.ts';
import { checkExpression } from './expressions.ts';
import { closureName, emit, temporary } from './function-bodies.ts';
import { textOf } from './operand.ts';
import { deferFrame } from './range-function.ts';
import { makeThunk, nilCheck } from './thunks.ts';
import { invalidType } from './type-store.ts';
import type { BuiltinCall, Call, TypedExpression } from './typed.ts';
import { builtinNames } from './universe.ts';

/** `go f(x)`. */
export function checkGo(body: Body, node: GoStatement): void {
  const closure = laterCall(body, node.call, node.span, 'go');
  if (closure) emit(body, { kind: 'go', span: node.span, closure });
}

/** `defer f(x)`. */
export function checkDefer(body: Body, node: DeferStatement): void {
  const closure = laterCall(body, node.call, node.span, 'defer');
  if (!closure) return;
  let owner = body;
  while (owner.loop && owner.parent) owner = owner.parent;
  owner.function.hasDefer = true;
  const { span } = node;
  emit(body, { kind: 'defer', span, closure, frame: deferFrame(body, span) });
}

/** Built-in functions whose result would be lost. */
const discarding = new Set([
  'append',
  'append-string',
  'cap',
  'len',
  'make-slice',
  'make-channel',
  'max',
  'min',
]);

/** A func() value that does the call; null after a complaint. */
function laterCall(
  body: Body,
  node: Expression,
  span: Span,
  word: 'go' | 'defer',
): TypedExpression | null {
  let inner = node;
  while (inner.kind === 'parenthesized') inner = inner.inner;
  if (inner.kind === 'bad') return null;
  if (inner.kind !== 'call') {
    const message = `expression in ${word} must be function call`;
    const isFunction = inner.kind === 'function-literal';
    const help = isFunction ? 'write () after the function' : undefined;
    complain(body, node.span, 'not-a-call', message, help);
    return null;
  }
  const operand = checkExpression(body, inner);
  if (operand.mode === 'invalid') return null;
  const expression = operand.mode === 'value' ? operand.expression : null;
  if (expression?.kind === 'zero') return null;
  if (expression?.kind === 'builtin') {
    if (discarding.has(expression.builtin)) return discards(body, node, word);
    // recover() is the deferred function itself then, not called by one: it finds nothing.
    if (expression.builtin === 'recover') return doesNothing(body, span);
    return thunkOf(body, expression, span, word);
  }
  if (expression?.kind === 'call') {
    return plainFunction(body, expression) ?? thunkOf(body, expression, span, word);
  }
  const { callee } = inner;
  const name = callee.kind === 'identifier' ? callee.name : '';
  const isBuiltin = (builtinNames as readonly string[]).includes(name);
  if (isBuiltin && operand.type !== invalidType) return discards(body, node, word);
  const message = `${word} requires function call, not conversion`;
  complain(body, node.span, 'not-a-call', message);
  return null;
}

function doesNothing(body: Body, span: Span): TypedExpression {
  const name = closureName(body, 'deferwrap');
  return makeThunk(body, span, name, body.checker.store.thunk, () => []).closure;
}

function discards(body: Body, node: Expression, word: string): null {
  const text = textOf(body.file.source, node.span);
  complain(body, node.span, 'unused-result', `${word} discards result of ${text}`);
  return null;
}

/** A call without arguments and results needs no thunk: so recover() finds its caller. */
function plainFunction(body: Body, call: Call): TypedExpression | null {
  if (call.arguments.length > 0) return null;
  if (call.type !== body.checker.store.emptyTuple) return null;
  const { callee, span } = call;
  const type = body.checker.store.thunk;
  if (callee.kind === 'static') return { kind: 'function', type, span, function: callee.function };
  return callee.kind === 'value' ? callee.value : null;
}

function thunkOf(
  body: Body,
  call: Call | BuiltinCall,
  span: Span,
  word: 'go' | 'defer',
): TypedExpression {
  const later = holdOperands(body, call, span);
  const name = closureName(body, word === 'go' ? 'gowrap' : 'deferwrap');
  const { closure } = makeThunk(body, span, name, body.checker.store.thunk, () => [
    { kind: 'expression', span, expression: later },
  ]);
  return closure;
}

/** The call with its operands in variables of the checker, evaluated from left to right. */
function holdOperands(body: Body, call: Call | BuiltinCall, span: Span): TypedExpression {
  const hold = (operand: TypedExpression): TypedExpression => held(body, operand, span);
  if (call.kind === 'builtin') return { ...call, arguments: call.arguments.map(hold) };
  let { callee } = call;
  if (callee.kind === 'value') callee = { kind: 'value', value: hold(callee.value) };
  else if (callee.kind === 'interface') {
    callee = { ...callee, object: hold(callee.object) };
    emit(body, nilCheck(callee.object, { start: span.start, end: span.start }));
  }
  return { ...call, callee, arguments: call.arguments.map(hold) };
}

function held(body: Body, operand: TypedExpression, span: Span): TypedExpression {
  if (['constant', 'nil', 'zero', 'function'].includes(operand.kind)) return operand;
  const variable = temporary(body, 'later', operand.type, span);
  const { type } = operand;
  emit(body, { kind: 'declare', span: operand.span, variables: [variable], values: [operand] });
  return { kind: 'variable', type, span: operand.span, variable };
}
