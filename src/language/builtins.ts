/** Predeclared functions. */
import type { CallExpression, Expression } from './ast.ts';
import { convertTo, defaulted, defaultType, expressionOf } from './assignability.ts';
import { packVariadic } from './calls.ts';
import { complain } from './checker.ts';
import type { Body } from './checker.ts';
import { utf8Length } from './constants.ts';
import { checkExpression, requireValue, singleValue } from './expressions.ts';
import { checkIndexValue, typeOf } from './indexing.ts';
import { coreType, everyType } from './members.ts';
import { describe, invalidOperand, isUntyped, textOf } from './operand.ts';
import type { Operand } from './operand.ts';
import { binaryOperation, isInteger, isText } from './operators.ts';
import { anyType, intType, invalidType, spell, stringType, uint8Type } from './type-store.ts';
import type { BuiltinCall, TypedExpression } from './typed.ts';
import { underlying } from './types.ts';
import type { Type } from './types.ts';

/** Least and largest number of arguments. */
const arity = new Map<string, readonly [number, number]>([
  ['append', [1, Infinity]],
  ['cap', [1, 1]],
  ['clear', [1, 1]],
  ['close', [1, 1]],
  ['copy', [2, 2]],
  ['len', [1, 1]],
  ['make', [1, 3]],
  ['max', [1, Infinity]],
  ['min', [1, Infinity]],
  ['new', [1, 1]],
  ['panic', [1, 1]],
  ['print', [0, Infinity]],
  ['println', [0, Infinity]],
  ['recover', [0, 0]],
  ['fail', [0, Infinity]],
]);

/** A call of a predeclared function. */
export function checkBuiltin(body: Body, node: CallExpression, name: string): Operand {
  const [least, most] = arity.get(name) ?? [0, Infinity];
  const count = node.arguments.length;
  if (count < least || count > most || (node.spread && name !== 'append')) {
    for (const one of node.arguments) checkExpression(body, one);
    const word = count < least ? 'not enough' : 'too many';
    const text = textOf(body.file.source, node.span);
    const spread = `invalid operation: invalid use of ... with built-in ${name}`;
    const message = node.spread
      ? spread
      : `${word} arguments for ${text} (expected ${count < least ? least : most}, found ${count})`;
    complain(body, node.span, 'arguments', message);
    return invalidOperand(node);
  }
  switch (name) {
    case 'new':
      return checkNew(body, node);
    case 'make':
      return checkMake(body, node);
    case 'append':
      return checkAppend(body, node);
    case 'len':
    case 'cap':
      return checkLength(body, node, name);
    case 'min':
    case 'max':
      return checkExtreme(body, node, name);
    case 'copy':
      return checkCopy(body, node);
    case 'clear':
    case 'close':
      return checkContainer(body, node, name);
    default:
      return checkOutput(body, node, name as 'panic' | 'print' | 'println' | 'recover' | 'fail');
  }
}

function builtin(
  node: CallExpression,
  type: Type,
  name: BuiltinCall['builtin'],
  operands: readonly TypedExpression[],
): Operand {
  const { span } = node;
  const expression: TypedExpression = {
    kind: 'builtin',
    builtin: name,
    type,
    span,
    arguments: operands,
  };
  return { mode: 'value', node, type, expression };
}

function checkNew(body: Body, node: CallExpression): Operand {
  const operand = checkExpression(body, node.arguments[0]);
  let value: TypedExpression | null = null;
  if (operand.mode !== 'type') {
    const single = requireValue(body, operand);
    if (single.mode === 'invalid') return invalidOperand(node);
    value = defaulted(body, single);
  }
  const element = value ? value.type : operand.type;
  if (element === invalidType) return invalidOperand(node);
  const type = body.checker.store.pointer(element);
  const { span } = node;
  const expression: TypedExpression = { kind: 'new', type, span, element, value };
  return { mode: 'value', node, type, expression };
}

function checkMake(body: Body, node: CallExpression): Operand {
  const [typeNode, ...sizes] = node.arguments;
  const type = typeOf(body, typeNode);
  const indices = sizes.map((one) => checkIndexValue(body, one, null));
  if (type === invalidType) return invalidOperand(node);
  const under = coreType(type);
  const { span } = node;
  const zero: TypedExpression = { kind: 'constant', type: intType, span, value: 0n };
  if (under.kind === 'slice') {
    const [length, capacity] = indices;
    if (!length) {
      const text = textOf(body.file.source, span);
      const message = `invalid operation: ${text} expects 2 or 3 arguments; found 1`;
      complain(body, span, 'arguments', message);
      return invalidOperand(node);
    }
    const swapped =
      capacity?.kind === 'constant' && length.kind === 'constant' && length.value > capacity.value;
    if (swapped) {
      complain(body, span, 'arguments', 'invalid argument: length and capacity swapped');
    }
    return builtin(node, type, 'make-slice', [length, capacity ?? length]);
  }
  if (under.kind === 'channel' && indices.length < 2) {
    return builtin(node, type, 'make-channel', [indices[0] ?? zero]);
  }
  const text = textOf(body.file.source, typeNode.span);
  const message =
    under.kind === 'channel'
      ? `invalid operation: ${textOf(body.file.source, span)} expects 1 or 2 arguments; found 3`
      : `invalid argument: cannot make ${text}; type must be slice or channel`;
  complain(body, typeNode.span, 'make', message);
  return invalidOperand(node);
}

function checkAppend(body: Body, node: CallExpression): Operand {
  const [first, ...others] = node.arguments;
  const slice = singleValue(body, first);
  const operands = others.map((one) => singleValue(body, one, true));
  if (slice.mode === 'invalid' || operands.some((one) => one.mode === 'invalid')) {
    return invalidOperand(node);
  }
  const under = slice.mode === 'nil' ? slice.type : coreType(slice.type);
  if (under.kind !== 'slice') {
    const what = describe(body.file.source, slice);
    const message = `invalid argument: ${what} (expected slice) in append`;
    complain(body, first.span, 'arguments', message);
    return invalidOperand(node);
  }
  const source = expressionOf(slice);
  const unnamed = body.checker.store.slice(under.element);
  if (!node.spread) {
    const packed = packVariadic(body, node, unnamed, operands, 'argument to append');
    return builtin(node, slice.type, 'append', [source, packed]);
  }
  const [only] = operands;
  if (operands.length !== 1 || !only) {
    const message = 'can only use ... with final argument in list';
    complain(body, node.span, 'arguments', message);
    return invalidOperand(node);
  }
  if (
    only.mode !== 'nil' &&
    everyType(only.type, isText) &&
    underlying(under.element) === uint8Type
  ) {
    const text = isUntyped(only)
      ? convertTo(body, only, stringType, 'argument to append')
      : expressionOf(only);
    return builtin(node, slice.type, 'append-string', [source, text]);
  }
  const added = convertTo(body, only, unnamed, 'argument to append');
  return builtin(node, slice.type, 'append', [source, added]);
}

function checkLength(body: Body, node: CallExpression, name: 'len' | 'cap'): Operand {
  const operand = singleValue(body, node.arguments[0]);
  if (operand.mode === 'invalid') return invalidOperand(node);
  const core = operand.mode === 'nil' ? operand.type : coreType(operand.type);
  const text = name === 'len' && isText(core);
  if (operand.mode === 'constant' && typeof operand.value === 'string' && text) {
    const value = BigInt(utf8Length(operand.value));
    return { mode: 'constant', node, type: intType, value };
  }
  const pointed = core.kind === 'pointer' ? underlying(core.element) : core;
  if (pointed.kind === 'array') {
    const isConstant = !hasCall(node.arguments[0]);
    if (isConstant) return { mode: 'constant', node, type: intType, value: BigInt(pointed.length) };
    return builtin(node, intType, name, [expressionOf(operand)]);
  }
  if (text || core.kind === 'slice' || core.kind === 'channel') {
    return builtin(node, intType, name, [expressionOf(operand)]);
  }
  const what = describe(body.file.source, operand);
  complain(
    body,
    node.arguments[0].span,
    'arguments',
    `invalid argument: ${what} for built-in ${name}`,
  );
  return invalidOperand(node);
}

/** Whether evaluating the expression calls a function or receives: then a length is no constant. */
export function hasCall(node: Expression): boolean {
  switch (node.kind) {
    case 'call':
      return !(node.callee.kind === 'identifier' && node.callee.name === 'len');
    case 'unary':
      return node.operator === '<-' || hasCall(node.operand);
    case 'star':
      return hasCall(node.operand);
    case 'parenthesized':
      return hasCall(node.inner);
    case 'selector':
    case 'type-assertion':
      return hasCall(node.object);
    case 'index':
      return hasCall(node.object) || node.indices.some(hasCall);
    case 'slice':
      return [node.object, node.low, node.high, node.max].some((one) => one && hasCall(one));
    case 'binary':
      return hasCall(node.left) || hasCall(node.right);
    case 'composite':
      return node.elements.some((one) => hasCall(one.value));
    default:
      return false;
  }
}

function checkExtreme(body: Body, node: CallExpression, name: 'min' | 'max'): Operand {
  const operands = node.arguments.map((one) => singleValue(body, one));
  if (operands.some((one) => one.mode === 'invalid')) return invalidOperand(node);
  let [result] = operands;
  const dynamic: Operand[] = [];
  for (const [index, operand] of operands.entries()) {
    if (
      operand.mode === 'nil' ||
      !everyType(operand.type, (one) => isInteger(one) || isText(one))
    ) {
      const what = describe(body.file.source, operand);
      const message = `invalid argument: ${what} cannot be ordered`;
      complain(body, operand.node.span, 'arguments', message);
      return invalidOperand(node);
    }
    if (operand.mode !== 'constant') dynamic.push(operand);
    if (index === 0) continue;
    // The comparison finds the common type and complains when there is none.
    const whole: Expression = { kind: 'bad', span: node.span };
    const less = binaryOperation(body, whole, '<', operand, result);
    if (less.mode === 'invalid') return invalidOperand(node);
    const type = isUntyped(result) ? operand.type : result.type;
    const smaller = less.mode === 'constant' && less.value === true;
    const chosen = less.mode !== 'constant' || smaller !== (name === 'min') ? result : operand;
    result = { ...chosen, type };
  }
  if (dynamic.length === 0) return { ...result, node };
  const type = isUntyped(result) ? defaultType(result.type) : result.type;
  if (operands.length === 1) return { mode: 'value', node, type, expression: expressionOf(result) };
  const values = operands.map((one) => convertTo(body, one, type, `argument to ${name}`));
  return builtin(node, type, name, values);
}

function checkCopy(body: Body, node: CallExpression): Operand {
  const [to, from] = node.arguments.map((one) => singleValue(body, one));
  if (to.mode === 'invalid' || from.mode === 'invalid') return invalidOperand(node);
  const target = to.mode === 'nil' ? to.type : coreType(to.type);
  const source = from.mode === 'nil' ? from.type : coreType(from.type);
  const bytes =
    target.kind === 'slice' && underlying(target.element) === uint8Type && isText(source);
  const same =
    target.kind === 'slice' && source.kind === 'slice' && target.element === source.element;
  if (!bytes && !same) {
    const text = textOf(body.file.source, node.span);
    const what = `${describe(body.file.source, to)} and ${describe(body.file.source, from)}`;
    const message = `invalid argument: ${text} expects slices of one element type; found ${what}`;
    complain(body, node.span, 'arguments', message);
    return invalidOperand(node);
  }
  const value = isUntyped(from)
    ? convertTo(body, from, stringType, 'argument to copy')
    : expressionOf(from);
  return builtin(node, intType, 'copy', [expressionOf(to), value]);
}

function checkContainer(body: Body, node: CallExpression, name: 'clear' | 'close'): Operand {
  const operand = singleValue(body, node.arguments[0]);
  if (operand.mode === 'invalid') return invalidOperand(node);
  const core = operand.mode === 'nil' ? operand.type : coreType(operand.type);
  const what = describe(body.file.source, operand);
  let message: string | null = null;
  if (name === 'clear') {
    if (core.kind !== 'slice') message = `invalid argument: clear ${what} must be a slice`;
  } else if (core.kind !== 'channel') {
    message = `invalid operation: cannot close non-channel ${what}`;
  } else if (core.direction === 'receive') {
    message = `invalid operation: cannot close receive-only channel ${what}`;
  }
  if (message) {
    complain(body, node.arguments[0].span, 'arguments', message);
    return invalidOperand(node);
  }
  return builtin(node, body.checker.store.emptyTuple, name, [expressionOf(operand)]);
}

function checkOutput(
  body: Body,
  node: CallExpression,
  name: 'panic' | 'print' | 'println' | 'recover' | 'fail',
): Operand {
  const operands = node.arguments.map((one) => singleValue(body, one, true));
  if (operands.some((one) => one.mode === 'invalid')) return invalidOperand(node);
  if (name === 'recover') return builtin(node, anyType, name, []);
  const { emptyTuple } = body.checker.store;
  if (name === 'print' || name === 'println') {
    const values = operands.map((one) => defaulted(body, one));
    for (const value of values) {
      if (isPrintable(value.type)) continue;
      const message = `invalid argument: cannot print a value of type ${spell(value.type)}`;
      complain(body, value.span, 'arguments', message, 'use fmt.Println');
    }
    return builtin(node, emptyTuple, name, values);
  }
  const context = `argument to ${name}`;
  const values = operands.map((one) => convertTo(body, one, anyType, context));
  return builtin(node, emptyTuple, name, values);
}

function isPrintable(type: Type): boolean {
  const under = underlying(type);
  return !['struct', 'array'].includes(under.kind);
}
