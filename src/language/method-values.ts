/** Methods as values: `x.M` (bound now, called later) and `T.M` (the receiver first). */
import type { SelectorExpression } from './ast.ts';
import type { Callee } from './calls.ts';
import { resultType } from './calls.ts';
import type { Body } from './checker.ts';
import { methodWrapper } from './dynamic-types.ts';
import { useFunction } from './expressions.ts';
import { Scope } from './entities.ts';
import { addFunction, newBody, newFunction, reference } from './function-bodies.ts';
import { methodType } from './members.ts';
import type { Member } from './members.ts';
import { nilCheck } from './thunks.ts';
import type { TypedExpression, TypedFunction, TypedStatement, Variable } from './typed.ts';
import type { FunctionType, Type } from './types.ts';

/**
 * `x.M`: a call of a function that takes x and gives the closure, so that x is evaluated at once.
 */
export function methodValue(
  body: Body,
  node: SelectorExpression,
  selected: Callee,
): TypedExpression {
  const { callee, type } = selected;
  const receiver = callee.kind === 'interface' ? callee.object : selected.receiver;
  const { span } = node;
  if (!receiver || (callee.kind !== 'interface' && callee.kind !== 'static')) {
    return { kind: 'zero', type, span };
  }
  const key = `${callee.kind === 'static' ? callee.function.name : callee.method}|${body.checker.store.id(
    receiver.type,
  )}|${body.checker.store.id(type)}`;
  const binder = cached(body, `value ${key}`, () =>
    makeBinder(body, node, selected, receiver.type),
  );
  return {
    kind: 'call',
    type,
    span,
    callee: { kind: 'static', function: binder },
    arguments: [receiver],
  };
}

function cached(body: Body, key: string, make: () => TypedFunction): TypedFunction {
  const { wrappers } = body.checker;
  if (body.root.isAbstract) return make();
  let typed = wrappers.get(key);
  if (!typed) wrappers.set(key, (typed = make()));
  return typed;
}

function makeBinder(
  body: Body,
  node: SelectorExpression,
  { callee, type }: Callee,
  receiverType: Type,
): TypedFunction {
  const { checker, file } = body;
  const { span } = node;
  const method = callee.kind === 'static' ? callee.function.name : `${node.name.name}`;
  const receiver = parameter(body, 'x', receiverType, span);
  const binder = newFunction(file, `${method}-bind`, span, {
    type: checker.store.function([receiverType], [type], false),
    parameters: [receiver],
    results: [{ ...parameter(body, 'r', type, span), kind: 'result' }],
    isWrapper: true,
  });
  const outer = newBody(checker, file, binder, null, body.root, new Scope(body.scope, span));
  const parameters = type.parameters.map((one, index) => parameter(body, `p${index}`, one, span));
  const typed = newFunction(file, `${method}-fm`, span, {
    type,
    parameters,
    results: type.results.map(
      (one, index): Variable => ({
        ...parameter(body, `r${index}`, one, span),
        kind: 'result',
      }),
    ),
    isWrapper: true,
  });
  const inner = newBody(checker, file, typed, outer, body.root, new Scope(outer.scope, span));
  const object = reference(inner, receiver, span);
  const values = parameters.map((one) => reference(inner, one, span));
  const call: TypedExpression = {
    kind: 'call',
    type: resultType(body, type),
    span,
    callee: callee.kind === 'interface' ? { ...callee, object } : callee,
    arguments: callee.kind === 'interface' ? values : [object, ...values],
  };
  typed.body = { kind: 'block', span, statements: returnOf(inner, call, type) };
  const closure: TypedExpression = { kind: 'closure', type, span, function: typed };
  const statements: TypedStatement[] = [{ kind: 'return', span, values: [closure] }];
  if (callee.kind === 'interface') {
    statements.unshift(nilCheck(reference(outer, receiver, span), span));
  }
  binder.body = { kind: 'block', span, statements };
  addFunction(body, binder);
  addFunction(body, typed);
  return binder;
}

/** A parameter made by the checker. */
export function parameter(body: Body, name: string, type: Type, span: Variable['span']): Variable {
  return {
    name: `#${name}`,
    type,
    kind: 'parameter',
    file: body.file.source,
    span,
    scope: span,
    synthetic: true,
    local: false,
    captured: false,
    addressTaken: false,
    reassigned: false,
  };
}

/** Statements that return what a call gives. */
export function returnOf(body: Body, call: TypedExpression, type: FunctionType): TypedStatement[] {
  const { span } = call;
  if (type.results.length === 0) return [{ kind: 'expression', span, expression: call }];
  if (type.results.length === 1) return [{ kind: 'return', span, values: [call] }];
  const variables = type.results.map(
    (one, index): Variable => ({
      ...parameter(body, `v${index}`, one, span),
      kind: 'local',
    }),
  );
  const values = variables.map(
    (one): TypedExpression => ({
      kind: 'variable',
      type: one.type,
      span,
      variable: one,
    }),
  );
  return [
    { kind: 'declare', span, variables, values: [call] },
    { kind: 'return', span, values },
  ];
}

/** `T.M`, `(*T).M`, `I.M`: a function whose first parameter is the receiver. */
export function methodExpression(
  body: Body,
  node: SelectorExpression,
  type: Type,
  member: Member,
): TypedExpression {
  const { span } = node;
  const { store } = body.checker;
  const own = methodType(body.checker, member);
  if (!own) return { kind: 'zero', type, span };
  const whole = store.function([type, ...own.parameters], own.results, own.variadic);
  const direct = member.kind === 'method' && member.path.length === 0;
  if (direct && member.entity.pointerReceiver === (type.kind === 'pointer')) {
    const typed = useFunction(body, member.entity, member.named.typeArguments);
    return { kind: 'function', type: whole, span, function: typed };
  }
  const typed = methodWrapper(body, type, node.name.name, member, 'value');
  return { kind: 'function', type: whole, span, function: typed };
}
