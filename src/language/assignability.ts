/** Implicit conversions: what may be assigned to what, and how it gets there. */
import { complain } from './checker.ts';
import type { Body } from './checker.ts';
import { representation } from './constants.ts';
import { registerDynamicType } from './dynamic-types.ts';
import { functionValue } from './expressions.ts';
import { unify } from './generics.ts';
import type { Bindings } from './generics.ts';
import { genericSignature } from './instances.ts';
import { everyType, whyNotImplements } from './members.ts';
import { describe, invalidExpression, isUntyped } from './operand.ts';
import type { Operand } from './operand.ts';
import { boolType, int32Type, intType, invalidType, spell, stringType } from './type-store.ts';
import type { TypedExpression } from './typed.ts';
import { underlying } from './types.ts';
import type { Type } from './types.ts';

/** Where a value goes, for messages: `assignment`, `argument to f`; made up only when needed. */
export type Context = string | (() => string);

function contextText(context: Context): string {
  return typeof context === 'string' ? context : context();
}

/** The type that an untyped value gets when nothing asks for another. */
export function defaultType(type: Type): Type {
  if (type.kind !== 'basic') return type;
  switch (type.name) {
    case 'untyped-bool':
      return boolType;
    case 'untyped-int':
      return intType;
    case 'untyped-rune':
      return int32Type;
    case 'untyped-string':
      return stringType;
    default:
      return type;
  }
}

/** The operand as an expression of its own (or default) type. */
export function defaulted(body: Body, operand: Operand): TypedExpression {
  if (operand.mode === 'nil') {
    complain(body, operand.node.span, 'untyped-nil', 'use of untyped nil in this place');
    return invalidExpression(operand.node.span);
  }
  return convertTo(body, operand, defaultType(operand.type), 'assignment');
}

/**
 * The operand as a value of type `target`, with the conversion made explicit. `context` completes
 * the message `cannot use x (…) as T value in …`.
 */
export function convertTo(
  body: Body,
  operand: Operand,
  target: Type,
  context: Context,
): TypedExpression {
  const { span } = operand.node;
  if (operand.mode === 'invalid' || target === invalidType) return invalidExpression(span, target);
  if (operand.mode === 'generic') return instantiateFor(body, operand, target, context);
  if (operand.type === invalidType) return invalidExpression(span, target);
  if (operand.mode === 'nil') return nilAs(body, operand, target, context);
  if (operand.mode !== 'constant' && operand.mode !== 'variable' && operand.mode !== 'value') {
    return invalidExpression(span, target);
  }
  if (isUntyped(operand)) return untypedAs(body, operand, target, context);
  const expression = expressionOf(operand);
  if (operand.type === target) return expression;
  const reason = whyNotAssignable(body, operand.type, target);
  if (reason !== null) {
    const tail = reason === '' ? '' : `: ${reason}`;
    cannotUse(body, operand, target, context, tail, mendingHelp(operand, target));
    return invalidExpression(span, target);
  }
  return implicitConversion(body, expression, target);
}

function mendingHelp(operand: Operand, target: Type): string | undefined {
  const { type } = operand;
  if (type.kind === 'pointer' && type.element === target) return 'follow the pointer with *';
  if (target.kind === 'pointer' && target.element === type) return 'take the address with &';
  const both = [underlying(type), underlying(target)];
  const integers = both.every((one) => one.kind === 'basic' && /^u?int/.test(one.name));
  return integers ? `convert it: ${spell(target)}(…)` : undefined;
}

function cannotUse(
  body: Body,
  operand: Operand,
  target: Type,
  context: Context,
  tail: string,
  help?: string,
): void {
  const what = describe(body.file.source, operand);
  const message = `cannot use ${what} as ${spell(target)} value in ${contextText(context)}${tail}`;
  complain(body, operand.node.span, 'not-assignable', message, help);
}

/** An operand that has a value, as an expression. */
export function expressionOf(operand: Operand): TypedExpression {
  const { span } = operand.node;
  switch (operand.mode) {
    case 'constant':
      return { kind: 'constant', type: operand.type, span, value: operand.value };
    case 'variable':
    case 'value':
      return operand.expression;
    default:
      return invalidExpression(span);
  }
}

function isNamed(type: Type): boolean {
  return type.kind === 'named' || type.kind === 'basic' || type.kind === 'type-parameter';
}

/** Null when a typed value of `from` may be assigned to `to`; else the reason, perhaps empty. */
export function whyNotAssignable(body: Body, from: Type, to: Type): string | null {
  if (from === to || from === invalidType || to === invalidType) return null;
  const under = underlying(to);
  const source = underlying(from);
  if (under.kind === 'interface' && !under.union && to.kind !== 'type-parameter') {
    const why = whyNotImplements(body.checker, from, under);
    return why === null ? null : `${spell(from)} does not implement ${spell(to)} (${why})`;
  }
  if (source === under && !(isNamed(from) && isNamed(to))) return null;
  if (source.kind === 'channel' && under.kind === 'channel') {
    const same = source.element === under.element && source.direction === 'both';
    if (same && !(isNamed(from) && isNamed(to))) return null;
  }
  if (to.kind === 'type-parameter' && !isNamed(from)) {
    if (everyType(to, (one) => whyNotAssignable(body, from, one) === null)) return null;
  }
  if (from.kind === 'type-parameter' && !isNamed(to)) {
    if (everyType(from, (one) => whyNotAssignable(body, one, to) === null)) return null;
  }
  if (source.kind === 'interface' && from.kind !== 'type-parameter') {
    const back = whyNotImplements(body.checker, to, source);
    if (back === null) return 'need type assertion';
  }
  return '';
}

/** A value of an assignable type as one of type `target`. */
export function implicitConversion(
  body: Body,
  expression: TypedExpression,
  target: Type,
): TypedExpression {
  const { type, span } = expression;
  if (type === target) return expression;
  const toInterface = underlying(target).kind === 'interface';
  const fromInterface = underlying(type).kind === 'interface';
  if (expression.kind === 'constant' && !toInterface) return { ...expression, type: target };
  if (toInterface && !fromInterface) registerDynamicType(body, type);
  const conversion = toInterface
    ? fromInterface
      ? 'interface-to-interface'
      : 'to-interface'
    : 'same-words';
  return { kind: 'conversion', conversion, type: target, span, operand: expression };
}

function nilAs(body: Body, operand: Operand, target: Type, context: Context): TypedExpression {
  const { span } = operand.node;
  if (everyType(target, isNilable)) return { kind: 'nil', type: target, span };
  const message = `cannot use nil as ${spell(target)} value in ${contextText(context)}`;
  complain(body, span, 'not-assignable', message);
  return invalidExpression(span, target);
}

function isNilable(type: Type): boolean {
  return (
    ['pointer', 'slice', 'function', 'channel', 'interface'].includes(type.kind) ||
    (type.kind === 'basic' && type.name === 'unsafe.Pointer')
  );
}

function untypedAs(body: Body, operand: Operand, target: Type, context: Context): TypedExpression {
  const { span } = operand.node;
  if (target === operand.type) return expressionOf(operand);
  if (target.kind === 'type-parameter') return untypedAsParameter(body, operand, target, context);
  const under = underlying(target);
  if (under.kind === 'interface') {
    const type = defaultType(operand.type);
    const value = untypedAs(body, operand, type, context);
    const why = whyNotAssignable(body, type, target);
    if (why === null) return implicitConversion(body, value, target);
    cannotUse(body, operand, target, context, why === '' ? '' : `: ${why}`);
    return invalidExpression(span, target);
  }
  const expression = expressionOf(operand);
  if (operand.mode !== 'constant') {
    if (canHoldUntyped(operand.type, under)) return retype(expression, target);
    cannotUse(body, operand, target, context, '');
    return invalidExpression(span, target);
  }
  const fit = representation(operand.value, target);
  if (fit === 'fits') return { kind: 'constant', type: target, span, value: operand.value };
  if (fit === 'machine-limit') machineLimit(body, operand, target);
  else {
    const tail = fit === 'overflows' ? ' (overflows)' : '';
    cannotUse(body, operand, target, context, tail);
  }
  return invalidExpression(span, target);
}

/** A constant that Go's type could hold, but not the machine's 32 bits. */
export function machineLimit(body: Body, operand: Operand, target: Type): void {
  const message =
    `${describe(body.file.source, operand)} does not fit into ${spell(target)} here: ` +
    `the machine's integers have 32 bits`;
  complain(body, operand.node.span, 'machine-limit', message, 'use a smaller number');
}

function untypedAsParameter(
  body: Body,
  operand: Operand,
  target: Type,
  context: Context,
): TypedExpression {
  const fits = everyType(target, (one) =>
    operand.mode === 'constant'
      ? representation(operand.value, one) === 'fits'
      : canHoldUntyped(operand.type, one),
  );
  if (!fits) cannotUse(body, operand, target, context, '');
  return invalidExpression(operand.node.span, target);
}

function canHoldUntyped(from: Type, to: Type): boolean {
  if (from.kind !== 'basic' || to.kind !== 'basic') return false;
  if (from.name === 'untyped-bool') return to.name === 'bool' || to.name === 'untyped-bool';
  if (from.name === 'untyped-string') return to.name === 'string';
  return /^(?:untyped-)?(?:u?int|rune)/.test(to.name);
}

/** An expression of an untyped type (comparisons, shifts of constants) with the type it gets. */
export function retype(expression: TypedExpression, type: Type): TypedExpression {
  const { type: own } = expression;
  if (own.kind !== 'basic' || !own.name.startsWith('untyped-')) return expression;
  if (expression.kind === 'unary') {
    return { ...expression, type, operand: retype(expression.operand, type) };
  }
  if (expression.kind !== 'binary') return { ...expression, type };
  const { operator } = expression;
  const left = retype(expression.left, type);
  if (operator === '<<' || operator === '>>') return { ...expression, type, left };
  if (['==', '!=', '<', '<=', '>', '>='].includes(operator)) return { ...expression, type };
  return { ...expression, type, left, right: retype(expression.right, type) };
}

function instantiateFor(
  body: Body,
  operand: Operand & { readonly mode: 'generic' },
  target: Type,
  context: Context,
): TypedExpression {
  const { span } = operand.node;
  const { entity, typeArguments } = operand;
  const { checker } = body;
  const signature = genericSignature(checker, entity);
  const bindings: Bindings = new Map();
  for (const [index, argument] of typeArguments.entries()) {
    bindings.set(signature.parameters[index], argument);
  }
  const wanted = new Set(signature.parameters);
  const agrees = unify(signature.type, target, wanted, bindings);
  if (agrees && bindings.size === signature.parameters.length) {
    const all = signature.parameters.map((one) => bindings.get(one) ?? invalidType);
    const value = functionValue(body, entity, all, operand.node);
    return convertTo(body, value, target, context);
  }
  const message = `cannot use generic function ${entity.node.name} without instantiation`;
  complain(body, span, 'type-arguments', message);
  return invalidExpression(span, target);
}
