/** Calls: callee, arguments, inference of type arguments. */
import type { CallExpression, Expression } from './ast.ts';
import { convertTo, defaultType, whyNotAssignable } from './assignability.ts';
import type { Context } from './assignability.ts';
import { checkBuiltin } from './builtins.ts';
import { complain } from './checker.ts';
import type { Body } from './checker.ts';
import { checkConversion } from './conversions.ts';
import type { FunctionEntity } from './entities.ts';
import { checkExpression, requireValue, useFunction } from './expressions.ts';
import { reportUnsatisfied, unify, unifyConstraints } from './generics.ts';
import type { Bindings } from './generics.ts';
import { functionInstance, genericSignature } from './instances.ts';
import { coreType } from './members.ts';
import { describe, invalidOperand, isUntyped, textOf } from './operand.ts';
import type { Operand } from './operand.ts';
import { selectMember } from './selectors.ts';
import { callThrough } from './thunks.ts';
import { invalidType, spell } from './type-store.ts';
import type { Call, TypedExpression } from './typed.ts';
import type { FunctionType, Type, TypeParameterType } from './types.ts';

/** What is called, once it is known. */
export interface Callee {
  readonly type: FunctionType;
  readonly callee: Call['callee'];
  /** The receiver of a method. */
  readonly receiver: TypedExpression | null;
}

/** A call or a conversion. */
export function checkCall(body: Body, node: CallExpression): Operand {
  let { callee: calleeNode } = node;
  while (calleeNode.kind === 'parenthesized') calleeNode = calleeNode.inner;
  if (calleeNode.kind === 'selector') {
    const selected = selectMember(body, calleeNode);
    if ('callee' in selected) return checkArguments(body, node, selected);
    return callOperand(body, node, selected);
  }
  return callOperand(body, node, checkExpression(body, calleeNode));
}

function callOperand(body: Body, node: CallExpression, operand: Operand): Operand {
  switch (operand.mode) {
    case 'type':
      return checkConversion(body, node, operand.type);
    case 'builtin':
      return checkBuiltin(body, node, operand.builtin);
    case 'generic':
      return callGeneric(body, node, operand.entity, operand.typeArguments);
    default: {
      const value = requireValue(body, operand);
      if (value.mode === 'invalid' || value.mode === 'nil') {
        return giveUp(body, node);
      }
      const type = coreType(value.type);
      if (type.kind !== 'function' || value.mode === 'constant') {
        const what = describe(body.file.source, value);
        const message = `invalid operation: cannot call non-function ${what}`;
        complain(body, node.span, 'not-callable', message);
        return giveUp(body, node);
      }
      const expression = 'expression' in value ? value.expression : null;
      const callee: Call['callee'] =
        expression?.kind === 'function'
          ? { kind: 'static', function: expression.function }
          : { kind: 'value', value: expression ?? { kind: 'nil', type, span: node.span } };
      return checkArguments(body, node, { type, callee, receiver: null });
    }
  }
}

/** The arguments of a call that was complained about are looked at all the same. */
function giveUp(body: Body, node: CallExpression): Operand {
  for (const argument of node.arguments) checkExpression(body, argument);
  return invalidOperand(node);
}

/** Operands of the arguments; `tuple` when one call gives them all. */
interface Arguments {
  readonly operands: readonly Operand[];
  readonly tuple: TypedExpression | null;
}

function evaluateArguments(body: Body, node: CallExpression): Arguments | null {
  const { arguments: nodes } = node;
  if (nodes.length === 1 && !node.spread) {
    const operand = checkExpression(body, nodes[0]);
    if (operand.mode === 'value' && operand.type.kind === 'tuple') {
      const { elements } = operand.type;
      if (elements.length > 1) return { operands: [], tuple: operand.expression };
    }
    const value = requireValue(body, operand, true);
    return value.mode === 'invalid' ? null : { operands: [value], tuple: null };
  }
  const operands = nodes.map((one) => requireValue(body, checkExpression(body, one), true));
  return operands.some((one) => one.mode === 'invalid') ? null : { operands, tuple: null };
}

function checkArguments(body: Body, node: CallExpression, callee: Callee): Operand {
  const found = evaluateArguments(body, node);
  const result = resultOperand(body, node, callee.type);
  if (!found) return result(invalidType);
  return applyArguments(body, node, callee, found);
}

function applyArguments(
  body: Body,
  node: CallExpression,
  callee: Callee,
  found: Arguments,
): Operand {
  if (found.tuple) {
    const { tuple } = found;
    const expression = callThrough(body, node.span, tuple, callee, (inner, operands) => {
      const converted = convertArguments(inner, node, callee.type, operands);
      return makeCall(inner, node, callee, converted ?? []);
    });
    return operandOf(node, expression);
  }
  const converted = convertArguments(body, node, callee.type, found.operands);
  if (!converted) return resultOperand(body, node, callee.type)(invalidType);
  return operandOf(node, makeCall(body, node, callee, converted));
}

function operandOf(node: Expression, expression: TypedExpression): Operand {
  return { mode: 'value', node, type: expression.type, expression };
}

/** A value of the call's type, where the call itself was complained about. */
function resultOperand(
  body: Body,
  node: CallExpression,
  type: FunctionType,
): (fallback: Type) => Operand {
  return () => {
    const own = resultType(body, type);
    if (own === invalidType) return invalidOperand(node);
    const { span } = node;
    return { mode: 'value', node, type: own, expression: { kind: 'zero', type: own, span } };
  };
}

/** The type of a call: the one result's, or a tuple. */
export function resultType(body: Body, type: FunctionType): Type {
  return type.results.length === 1 ? type.results[0] : body.checker.store.tuple(type.results);
}

function makeCall(
  body: Body,
  node: CallExpression,
  callee: Callee,
  converted: readonly TypedExpression[],
): TypedExpression {
  return {
    kind: 'call',
    type: resultType(body, callee.type),
    span: node.span,
    callee: callee.callee,
    arguments: callee.receiver ? [callee.receiver, ...converted] : converted,
  };
}

/** Converts the arguments to the parameters' types and packs the variadic ones. */
function convertArguments(
  body: Body,
  node: CallExpression,
  type: FunctionType,
  operands: readonly Operand[],
): TypedExpression[] | null {
  const { parameters, variadic } = type;
  const fixed = variadic ? parameters.length - 1 : parameters.length;
  const nameOf = (): string => textOf(body.file.source, node.callee.span);
  const spread = node.spread && variadic;
  if (node.spread && !variadic) {
    const message = `cannot use ... in call to non-variadic ${nameOf()}`;
    complain(body, node.span, 'arguments', message);
    return null;
  }
  const enough =
    variadic && !spread ? operands.length >= fixed : operands.length === parameters.length;
  if (!enough) {
    const few = operands.length < parameters.length;
    countMismatch(body, node, type, operands, few);
    return null;
  }
  const context = (): string => `argument to ${nameOf()}`;
  const direct = spread ? parameters.length : fixed;
  const converted = operands
    .slice(0, direct)
    .map((operand, index) => convertTo(body, operand, parameters[index], context));
  if (variadic && !spread) {
    converted.push(packVariadic(body, node, parameters[fixed], operands.slice(fixed), context));
  }
  return converted;
}

/** The last arguments as the slice of a variadic parameter; nil when there are none. */
export function packVariadic(
  body: Body,
  node: Expression,
  type: Type,
  operands: readonly Operand[],
  context: Context,
): TypedExpression {
  const { span } = node;
  if (operands.length === 0 || type.kind !== 'slice') return { kind: 'nil', type, span };
  const elements = operands.map((operand, index) => ({
    index,
    value: convertTo(body, operand, type.element, context),
  }));
  return { kind: 'composite', type, span, elements, length: elements.length };
}

function countMismatch(
  body: Body,
  node: CallExpression,
  type: FunctionType,
  operands: readonly Operand[],
  few: boolean,
): void {
  const have = operands.map((one) => (one.mode === 'nil' ? 'nil' : shortType(one))).join(', ');
  const name = textOf(body.file.source, node.callee.span);
  const word = few ? 'not enough' : 'too many';
  const list = spell(body.checker.store.function(type.parameters, [], type.variadic)).slice(4);
  const at = few
    ? { start: Math.max(node.span.start, node.span.end - 1), end: node.span.end }
    : (operands[type.parameters.length]?.node.span ?? node.span);
  const message = `${word} arguments in call to ${name}: have (${have}), want ${list}`;
  complain(body, at, 'arguments', message);
}

function shortType(operand: Operand): string {
  return isUntyped(operand) ? 'number' : spell(operand.type);
}

function callGeneric(
  body: Body,
  node: CallExpression,
  entity: FunctionEntity,
  given: readonly Type[],
): Operand {
  const found = evaluateArguments(body, node);
  if (!found) return invalidOperand(node);
  const operands = found.tuple
    ? (found.tuple.type.kind === 'tuple' ? found.tuple.type.elements : []).map(
        (type): Operand => ({
          mode: 'value',
          node: node.arguments[0],
          type,
          expression: { kind: 'zero', type, span: node.span },
        }),
      )
    : found.operands;
  const typeArguments = inferArguments(body, node, entity, given, operands);
  if (!typeArguments) return invalidOperand(node);
  const callee = genericCallee(body, node, entity, typeArguments);
  if (!callee) return invalidOperand(node);
  return applyArguments(body, node, callee, found);
}

/** The instance to call; null after complaining of its type arguments. */
function genericCallee(
  body: Body,
  node: CallExpression,
  entity: FunctionEntity,
  typeArguments: readonly Type[],
): Callee | null {
  if (!checkTypeArguments(body, node.callee, entity, typeArguments)) return null;
  return calleeOf(body, entity, typeArguments);
}

/** Complains of type arguments that the constraints do not admit. */
export function checkTypeArguments(
  body: Body,
  node: Expression,
  entity: FunctionEntity,
  typeArguments: readonly Type[],
): boolean {
  const { parameters } = genericSignature(body.checker, entity);
  const { scope } = functionInstance(body.checker, entity, typeArguments);
  const { checker } = body;
  const { declaration, file } = entity;
  const bound = { checker, file, scope };
  return reportUnsatisfied(
    body,
    node,
    parameters,
    typeArguments,
    bound,
    declaration.typeParameters,
  );
}

/** What to call for a function, be it a primitive of the machine. */
export function calleeOf(
  body: Body,
  entity: FunctionEntity,
  typeArguments: readonly Type[],
): Callee {
  const typed = useFunction(body, entity, typeArguments);
  const callee: Call['callee'] =
    entity.file.package.name === 'machine'
      ? { kind: 'machine', name: entity.node.name, typeArguments }
      : { kind: 'static', function: typed };
  return { type: typed.type, callee, receiver: null };
}

function inferArguments(
  body: Body,
  node: CallExpression,
  entity: FunctionEntity,
  given: readonly Type[],
  operands: readonly Operand[],
): Type[] | null {
  const { store } = body.checker;
  const { parameters, type } = genericSignature(body.checker, entity);
  if (given.length === parameters.length) return [...given];
  const bindings: Bindings = new Map();
  for (const [index, argument] of given.entries()) bindings.set(parameters[index], argument);
  const wanted = new Set(parameters);
  if (!unifyOperands(body, node, type, operands, wanted, bindings)) return null;
  unifyConstraints(parameters, wanted, bindings, store);
  bindUntyped(type, operands, node.spread, wanted, bindings);
  unifyConstraints(parameters, wanted, bindings, store);
  const missing = parameters.find((one) => !bindings.has(one));
  if (missing) {
    const name = textOf(body.file.source, node.callee.span);
    const message = `in call to ${name}, cannot infer ${missing.name}`;
    complain(body, node.span, 'inference', message, `give it: ${name}[…](…)`);
    return null;
  }
  return parameters.map((one) => bindings.get(one) ?? invalidType);
}

function parameterAt(type: FunctionType, index: number, spread: boolean): Type | null {
  const last = type.parameters.length - 1;
  if (!type.variadic || index < last || spread) return type.parameters[index] ?? null;
  const packed = type.parameters[last];
  return packed.kind === 'slice' ? packed.element : packed;
}

function unifyOperands(
  body: Body,
  node: CallExpression,
  type: FunctionType,
  operands: readonly Operand[],
  wanted: ReadonlySet<TypeParameterType>,
  bindings: Bindings,
): boolean {
  for (const [index, operand] of operands.entries()) {
    const parameter = parameterAt(type, index, node.spread);
    if (!parameter || isUntyped(operand) || operand.mode === 'generic') continue;
    if (!body.checker.store.isOpen(parameter)) continue;
    if (unify(parameter, operand.type, wanted, bindings)) continue;
    const bound = bindings.get(parameter as TypeParameterType);
    if (bound && whyNotAssignable(body, operand.type, bound) === null) continue;
    const { source } = body.file;
    const name = textOf(source, node.callee.span);
    const text = textOf(source, operand.node.span);
    const what = bound
      ? `type ${spell(operand.type)} of ${text} does not match inferred type ${spell(bound)}`
      : `type ${spell(operand.type)} of ${text} does not match`;
    const tail = bound ? ` for ${spell(parameter)}` : ` ${spell(parameter)}`;
    const message = `in call to ${name}, ${what}${tail}`;
    complain(body, operand.node.span, 'inference', message);
    return false;
  }
  return true;
}

/** Untyped constants decide what nothing else has decided, the widest kind first. */
function bindUntyped(
  type: FunctionType,
  operands: readonly Operand[],
  spread: boolean,
  wanted: ReadonlySet<Type>,
  bindings: Bindings,
): void {
  const open = new Map<Type, Type>();
  for (const [index, operand] of operands.entries()) {
    const parameter = parameterAt(type, index, spread);
    if (!parameter || parameter.kind !== 'type-parameter' || !wanted.has(parameter)) continue;
    if (!isUntyped(operand) || operand.mode === 'nil' || bindings.has(parameter)) continue;
    const own = defaultType(operand.type);
    const known = open.get(parameter);
    const rune = own.kind === 'basic' && own.name === 'int32';
    if (!known || rune) open.set(parameter, own);
  }
  for (const [parameter, own] of open) {
    if (parameter.kind === 'type-parameter') bindings.set(parameter, own);
  }
}
