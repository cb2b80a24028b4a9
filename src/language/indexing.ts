/** `x[i]`, `x[a:b]`, `x.(T)`, `*p`, and instantiations written as indexing. */
import type {
  Expression,
  IndexExpression,
  SliceExpression,
  StarExpression,
  TypeAssertion,
} from './ast.ts';
import { convertTo, expressionOf } from './assignability.ts';
import { checkTypeArguments } from './calls.ts';
import { complain } from './checker.ts';
import type { Body } from './checker.ts';
import { utf8Length } from './constants.ts';
import { registerDynamicType } from './dynamic-types.ts';
import type { TypeEntity } from './entities.ts';
import { checkExpression, functionValue, requireValue, singleValue } from './expressions.ts';
import { genericSignature } from './instances.ts';
import { coreType, everyType, whyNotImplements } from './members.ts';
import { memberOf } from './names.ts';
import { describe, invalidOperand, textOf } from './operand.ts';
import type { Operand } from './operand.ts';
import { isInteger } from './operators.ts';
import { markAddressTaken } from './unary-operators.ts';
import { instantiateType, resolveType } from './type-nodes.ts';
import { intType, invalidType, spell, stringType, uint8Type } from './type-store.ts';
import type { TypedExpression } from './typed.ts';
import { underlying } from './types.ts';
import type { Type } from './types.ts';

/** `x[i]`, `f[int]` or `T[int]`. */
export function checkIndex(body: Body, node: IndexExpression): Operand {
  const generic = genericTypeOf(body, node.object);
  if (generic) {
    const typeArguments = node.indices.map((one) => typeOf(body, one));
    const name = node.object.kind === 'selector' ? node.object.name : node.object;
    if (name.kind !== 'identifier') return invalidOperand(node);
    return { mode: 'type', node, type: instantiateType(body, generic, typeArguments, name) };
  }
  const object = checkExpression(body, node.object);
  if (object.mode === 'generic') return instantiateFunction(body, node, object);
  const value = requireValue(body, object);
  if (node.indices.length !== 1) {
    for (const one of node.indices) checkExpression(body, one);
    if (value.mode !== 'invalid') {
      const text = textOf(body.file.source, node.span);
      complain(body, node.span, 'index', `${text} takes one index`);
    }
    return invalidOperand(node);
  }
  if (value.mode === 'invalid') {
    checkExpression(body, node.indices[0]);
    return invalidOperand(node);
  }
  return elementOf(body, node, value);
}

/** The generic type that an expression names. */
function genericTypeOf(body: Body, node: Expression): TypeEntity | null {
  const { checker } = body;
  let entity = null;
  if (node.kind === 'identifier') entity = checker.lookup(body.scope, node.name);
  else if (node.kind === 'selector' && node.object.kind === 'identifier') {
    const found = checker.lookup(body.scope, node.object.name);
    if (found?.kind === 'package') {
      const member = found.package.scope.names.get(node.name.name);
      if (member?.kind === 'type') entity = memberOf(body, found.package.name, node.name);
    }
  }
  if (entity?.kind !== 'type') return null;
  return (entity.declaration?.typeParameters.length ?? 0) > 0 ? entity : null;
}

/** An expression that must be a type. */
export function typeOf(body: Body, node: Expression): Type {
  const operand = checkExpression(body, node);
  if (operand.mode === 'type' || operand.mode === 'invalid') return operand.type;
  const text = textOf(body.file.source, node.span);
  complain(body, node.span, 'not-a-type', `${text} is not a type`);
  return invalidType;
}

function instantiateFunction(
  body: Body,
  node: IndexExpression,
  object: Operand & { readonly mode: 'generic' },
): Operand {
  const { entity } = object;
  const typeArguments = node.indices.map((one) => typeOf(body, one));
  if (typeArguments.includes(invalidType)) return invalidOperand(node);
  const { parameters } = genericSignature(body.checker, entity);
  if (typeArguments.length > parameters.length) {
    const message = `got ${typeArguments.length} type arguments but ${textOf(
      body.file.source,
      node.object.span,
    )} has ${parameters.length} type parameters`;
    complain(body, node.span, 'type-arguments', message);
    return invalidOperand(node);
  }
  if (typeArguments.length < parameters.length || entity.file.package.name === 'machine') {
    return { mode: 'generic', node, type: invalidType, entity, typeArguments };
  }
  if (!checkTypeArguments(body, node, entity, typeArguments)) return invalidOperand(node);
  return functionValue(body, entity, typeArguments, node);
}

function elementOf(body: Body, node: IndexExpression, value: Operand): Operand {
  const [indexNode] = node.indices;
  let object = expressionOf(value);
  let under = coreType(value.type);
  let stored = value.mode === 'variable';
  if (under.kind === 'pointer' && underlying(under.element).kind === 'array') {
    object = { kind: 'dereference', type: under.element, span: node.object.span, pointer: object };
    under = underlying(under.element);
    stored = true;
  }
  const bound = lengthOf(value, under);
  const index = checkIndexValue(body, indexNode, bound);
  const text =
    under.kind === 'basic' && (under.name === 'string' || under.name === 'untyped-string');
  if (under.kind !== 'slice' && under.kind !== 'array' && !text) {
    const what = describe(body.file.source, value);
    complain(body, node.span, 'index', `invalid operation: cannot index ${what}`);
    return invalidOperand(node);
  }
  const type = under.kind === 'slice' || under.kind === 'array' ? under.element : uint8Type;
  if (text && value.mode === 'constant') object = { ...object, type: stringOf(value.type) };
  const expression: TypedExpression = { kind: 'element', type, span: node.span, object, index };
  const addressable = under.kind === 'slice' || (under.kind === 'array' && stored);
  return { mode: addressable ? 'variable' : 'value', node, type, expression };
}

function stringOf(type: Type): Type {
  return type.kind === 'basic' ? stringType : type;
}

function lengthOf(value: Operand, under: Type): number | null {
  if (under.kind === 'array') return under.length;
  if (value.mode === 'constant' && typeof value.value === 'string') return utf8Length(value.value);
  return null;
}

/** An index: any integer; constant ones are compared with `length` when that is known. */
export function checkIndexValue(
  body: Body,
  node: Expression,
  length: number | null,
  inclusive = false,
): TypedExpression {
  const operand = singleValue(body, node);
  const zero: TypedExpression = { kind: 'constant', type: intType, span: node.span, value: 0n };
  if (operand.mode === 'invalid') return zero;
  const { source } = body.file;
  const what = (): string => describe(source, operand);
  if (operand.mode === 'nil' || !everyType(operand.type, isInteger)) {
    complain(body, node.span, 'index', `invalid argument: index ${what()} must be integer`);
    return zero;
  }
  if (operand.mode === 'constant' && typeof operand.value === 'bigint') {
    const { value } = operand;
    if (value < 0n) {
      const message = `invalid argument: index ${what()} must not be negative`;
      complain(body, node.span, 'index', message);
      return zero;
    }
    if (length !== null && value >= BigInt(length) + (inclusive ? 1n : 0n)) {
      const message = `invalid argument: index ${value} out of bounds [0:${
        inclusive ? length + 1 : length
      }]`;
      complain(body, node.span, 'index', message);
      return zero;
    }
  }
  if (operand.type.kind === 'basic' && operand.type.name.startsWith('untyped')) {
    return convertTo(body, operand, intType, 'index');
  }
  return expressionOf(operand);
}

/** `x[low:high:max]`. */
export function checkSlice(body: Body, node: SliceExpression): Operand {
  const value = singleValue(body, node.object);
  const { store } = body.checker;
  const under = value.mode === 'invalid' ? invalidType : coreType(value.type);
  let object = expressionOf(value);
  let type: Type = value.type;
  let length: number | null = lengthOf(value, under);
  const array =
    under.kind === 'array'
      ? under
      : under.kind === 'pointer' && underlying(under.element).kind === 'array'
        ? underlying(under.element)
        : null;
  if (array?.kind === 'array') {
    type = store.slice(array.element);
    ({ length } = array);
    if (under.kind === 'pointer') {
      const { span } = node.object;
      object = { kind: 'dereference', type: under.element, span, pointer: object };
    } else if (value.mode === 'variable') markAddressTaken(object);
  }
  const index = (part: Expression | null): TypedExpression | null =>
    part ? checkIndexValue(body, part, length, true) : null;
  const [low, high, max] = [index(node.low), index(node.high), index(node.max)];
  if (value.mode === 'invalid') return invalidOperand(node);
  checkOrder(body, [low, high, max]);
  const message = whyNotSliced(body, node, value, under);
  if (message) {
    complain(body, node.span, 'slice', message);
    return invalidOperand(node);
  }
  if (value.mode === 'constant') {
    type = stringOf(value.type);
    object = { ...object, type };
  }
  const expression: TypedExpression = {
    kind: 'slice',
    type,
    span: node.span,
    object,
    low,
    high,
    max,
  };
  return { mode: 'value', node, type, expression };
}

/** Constant bounds must not decrease. */
function checkOrder(body: Body, bounds: readonly (TypedExpression | null)[]): void {
  const constants = bounds.flatMap((one) => (one?.kind === 'constant' ? [one] : []));
  for (const [index, one] of constants.entries()) {
    const before = constants[index - 1];
    if (!before || before.value <= one.value) continue;
    const message = `invalid slice indices: ${String(one.value)} < ${String(before.value)}`;
    complain(body, one.span, 'slice', message);
    return;
  }
}

function whyNotSliced(
  body: Body,
  node: SliceExpression,
  value: Operand,
  under: Type,
): string | null {
  const what = (): string => describe(body.file.source, value);
  if (under.kind === 'slice') return null;
  if (under.kind === 'array') {
    return value.mode === 'variable'
      ? null
      : `invalid operation: ${what()} (slice of unaddressable value)`;
  }
  if (under.kind === 'pointer' && underlying(under.element).kind === 'array') return null;
  if (under.kind === 'basic' && (under.name === 'string' || under.name === 'untyped-string')) {
    return node.max ? `invalid operation: 3-index slice of string` : null;
  }
  return `cannot slice ${what()}`;
}

/** `x.(T)` outside of a type switch. */
export function checkAssertion(body: Body, node: TypeAssertion): Operand {
  const value = singleValue(body, node.object);
  if (!node.type) {
    complain(
      body,
      node.span,
      'assertion',
      'invalid syntax tree: use of .(type) outside type switch',
    );
    return invalidOperand(node);
  }
  const target = resolveType(body, node.type);
  if (value.mode === 'invalid' || target === invalidType) return invalidOperand(node);
  if (!isInterfaceOperand(value)) {
    const what = describe(body.file.source, value);
    complain(body, node.object.span, 'assertion', `invalid operation: ${what} is not an interface`);
    return invalidOperand(node);
  }
  if (!checkPossible(body, node, value, target)) return invalidOperand(node);
  registerDynamicType(body, target);
  const expression: TypedExpression = {
    kind: 'assertion',
    type: target,
    span: node.span,
    operand: expressionOf(value),
    target,
    commaOk: false,
  };
  return { mode: 'value', node, type: target, expression };
}

/** Whether the operand is of an interface type (a type parameter is none). */
export function isInterfaceOperand(value: Operand): boolean {
  const under = underlying(value.type);
  return value.mode !== 'nil' && under.kind === 'interface';
}

/** Complains of an assertion or case that can never hold. */
export function checkPossible(
  body: Body,
  node: { readonly span: Expression['span'] },
  value: Operand,
  target: Type,
): boolean {
  const source = underlying(value.type);
  if (source.kind !== 'interface' || underlying(target).kind === 'interface') return true;
  // In an instance of generic code the case merely never holds.
  if (body.checker.muted > 0 || body.checker.store.isOpen(target)) return true;
  const why = whyNotImplements(body.checker, target, source);
  if (why === null) return true;
  const text = textOf(body.file.source, value.node.span);
  const message =
    `impossible type assertion: ${text}.(${spell(target)}): ` +
    `${spell(target)} does not implement ${spell(value.type)} (${why})`;
  complain(body, node.span, 'assertion', message);
  return false;
}

/** `*p`, or a pointer type. */
export function checkStar(body: Body, node: StarExpression): Operand {
  const operand = checkExpression(body, node.operand);
  if (operand.mode === 'type') {
    const { type } = operand;
    return {
      mode: 'type',
      node,
      type: type === invalidType ? type : body.checker.store.pointer(type),
    };
  }
  const value = requireValue(body, operand);
  if (value.mode === 'invalid') return invalidOperand(node);
  const under = coreType(value.type);
  if (under.kind !== 'pointer' || value.mode === 'nil') {
    const what = describe(body.file.source, value);
    complain(body, node.span, 'dereference', `invalid operation: cannot indirect ${what}`);
    return invalidOperand(node);
  }
  const type = under.element;
  const pointer = expressionOf(value);
  const expression: TypedExpression = { kind: 'dereference', type, span: node.span, pointer };
  return { mode: 'variable', node, type, expression };
}
