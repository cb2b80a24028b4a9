/** Explicit conversions `T(x)`. */
import type { CallExpression, Expression } from './ast.ts';
import {
  convertTo,
  defaultType,
  expressionOf,
  implicitConversion,
  machineLimit,
  retype,
  whyNotAssignable,
} from './assignability.ts';
import { complain } from './checker.ts';
import type { Body } from './checker.ts';
import { representation } from './constants.ts';
import { checkExpression, singleValue } from './expressions.ts';
import { everyType, isConstraintOnly } from './members.ts';
import { describe, invalidOperand, isUntyped } from './operand.ts';
import type { Operand } from './operand.ts';
import { isInteger, isText } from './operators.ts';
import { invalidType, spell } from './type-store.ts';
import type { Conversion, TypedExpression } from './typed.ts';
import type { Span } from './diagnostics.ts';
import { underlying } from './types.ts';
import type { Type } from './types.ts';

/** `T(x)`. */
export function checkConversion(body: Body, node: CallExpression, target: Type): Operand {
  const [argument] = node.arguments;
  if (node.arguments.length !== 1 || !argument) {
    for (const one of node.arguments) checkExpression(body, one);
    if (target !== invalidType) {
      const word = node.arguments.length === 0 ? 'missing argument' : 'too many arguments';
      complain(body, node.span, 'arguments', `${word} in conversion to ${spell(target)}`);
    }
    return invalidOperand(node);
  }
  const operand = singleValue(body, argument, true);
  if (operand.mode === 'invalid' || target === invalidType) return invalidOperand(node);
  if (isConstraintOnly(target) && target.kind !== 'type-parameter') {
    const message = `cannot use interface ${spell(target)} in conversion (it is a constraint)`;
    complain(body, node.span, 'conversion', message);
    return invalidOperand(node);
  }
  return convert(body, node, operand, target);
}

function convert(body: Body, node: Expression, operand: Operand, target: Type): Operand {
  if (operand.mode === 'constant' && target.kind === 'type-parameter') {
    const { value } = operand;
    const all = (fit: string): boolean =>
      !everyType(target, (one) => representation(value, one) !== fit);
    if (everyType(target, isInteger) && (all('overflows') || all('other-kind'))) {
      const what = describe(body.file.source, operand);
      const message = `cannot convert ${what} to type ${spell(target)}: it does not fit every type of its constraint`;
      complain(body, node.span, 'conversion', message);
      return invalidOperand(node);
    }
  }
  if (operand.mode === 'constant' && underlying(target).kind === 'basic') {
    return convertConstant(body, node, operand, target);
  }
  if (operand.mode === 'nil' || operand.mode === 'generic') {
    const expression = convertTo(body, operand, target, 'conversion');
    return { mode: 'value', node, type: target, expression };
  }
  if (isUntyped(operand) && operand.mode !== 'constant') {
    const under = underlying(target);
    if (under.kind === 'basic' && isInteger(under) === isInteger(operand.type)) {
      const expression = retype(expressionOf(operand), target);
      return { mode: 'value', node, type: target, expression };
    }
  }
  const own = defaultType(operand.type);
  const source = isUntyped(operand)
    ? convertTo(body, operand, own, 'conversion')
    : expressionOf(operand);
  const expression = conversionOf(body, source, target, node);
  if (expression) return { mode: 'value', node, type: target, expression };
  const what = describe(body.file.source, operand);
  const message = `cannot convert ${what} to type ${spell(target)}`;
  complain(body, node.span, 'conversion', message);
  return invalidOperand(node);
}

function convertConstant(
  body: Body,
  node: Expression,
  operand: Operand & { readonly mode: 'constant' },
  target: Type,
): Operand {
  const { value } = operand;
  if (typeof value === 'bigint' && isText(target)) {
    const point = value >= 0n && value <= 0x10ffffn ? Number(value) : 0xfffd;
    const text = String.fromCodePoint(point >= 0xd800 && point < 0xe000 ? 0xfffd : point);
    return { mode: 'constant', node, type: target, value: text };
  }
  const fit = representation(value, target);
  if (fit === 'fits') return { mode: 'constant', node, type: target, value };
  if (fit === 'machine-limit') machineLimit(body, operand, target);
  else {
    const message =
      fit === 'overflows'
        ? `cannot convert ${describe(body.file.source, operand)} to type ${spell(
            target,
          )} (constant ${String(value)} overflows ${spell(target)})`
        : `cannot convert ${describe(body.file.source, operand)} to type ${spell(target)}`;
    complain(body, node.span, 'conversion', message);
  }
  return invalidOperand(node);
}

/** The conversion of a typed value; null when there is none. */
function conversionOf(
  body: Body,
  operand: TypedExpression,
  target: Type,
  node: Expression,
): TypedExpression | null {
  const { span } = node;
  const from = operand.type;
  if (from === target) return { ...operand, span };
  const make = (conversion: Conversion['conversion']): TypedExpression => ({
    kind: 'conversion',
    conversion,
    type: target,
    span,
    operand,
  });
  if (from.kind === 'type-parameter' || target.kind === 'type-parameter') {
    return convertsForAll(body, from, target) ? make('same-words') : null;
  }
  if (whyNotAssignable(body, from, target) === null) {
    return { ...implicitConversion(body, operand, target), span };
  }
  const kind = conversionKind(from, target);
  return kind ? make(kind) : arrayOfSlice(body, operand, target, span);
}

/** `[N]T(s)` and `(*[N]T)(s)`; null where that is not what is asked. */
function arrayOfSlice(
  body: Body,
  operand: TypedExpression,
  target: Type,
  span: Span,
): TypedExpression | null {
  const slice = underlying(operand.type);
  const under = underlying(target);
  const array = under.kind === 'pointer' ? underlying(under.element) : under;
  if (slice.kind !== 'slice' || array.kind !== 'array') return null;
  if (slice.element !== array.element) return null;
  const type = under.kind === 'pointer' ? target : body.checker.store.pointer(target);
  const pointer: TypedExpression = {
    kind: 'conversion',
    conversion: 'slice-to-array',
    type,
    span,
    operand,
  };
  if (under.kind === 'pointer') return pointer;
  // An array without elements has no address worth following: that of a nil slice is nil.
  if (array.length === 0) {
    return { kind: 'conversion', conversion: 'slice-to-empty', type: target, span, operand };
  }
  return { kind: 'dereference', type: target, span, pointer };
}

/** With opaque type parameters: every type of the one set converts to every type of the other. */
function convertsForAll(body: Body, from: Type, target: Type): boolean {
  if (whyNotAssignable(body, from, target) === null) return true;
  return everyType(from, (one) =>
    everyType(
      target,
      (other) =>
        one === other ||
        whyNotAssignable(body, one, other) === null ||
        conversionKind(one, other) !== null,
    ),
  );
}

function conversionKind(from: Type, target: Type): Conversion['conversion'] | null {
  const source = underlying(from);
  const under = underlying(target);
  if (source === under || identicalButTags(source, under)) return 'same-words';
  if (isInteger(source) && isInteger(under)) return 'integer';
  if (isInteger(source) && isText(under)) return 'rune-to-string';
  if (isText(source) && under.kind === 'slice') {
    const element = underlying(under.element);
    if (element.kind === 'basic' && element.name === 'uint8') return 'string-to-bytes';
    if (element.kind === 'basic' && element.name === 'int32') return 'string-to-runes';
  }
  if (isText(under) && source.kind === 'slice') {
    const element = underlying(source.element);
    if (element.kind === 'basic' && element.name === 'uint8') return 'bytes-to-string';
    if (element.kind === 'basic' && element.name === 'int32') return 'runes-to-string';
  }
  if (source.kind === 'pointer' && under.kind === 'pointer') {
    const [one, other] = [underlying(source.element), underlying(under.element)];
    if (one === other || identicalButTags(one, other)) return 'same-words';
  }
  if (source.kind === 'channel' && under.kind === 'channel') {
    const both = source.direction === 'both' && source.element === under.element;
    if (both) return 'same-words';
  }
  return isUnsafePair(source, under) || isUnsafePair(under, source) ? 'same-words' : null;
}

/** Whether two types are the same but for the tags of struct fields. */
function identicalButTags(one: Type, other: Type): boolean {
  if (one === other) return true;
  if (one.kind === 'struct' && other.kind === 'struct') {
    return (
      one.fields.length === other.fields.length &&
      one.fields.every((field, index) => {
        const { name, type, embedded } = other.fields[index];
        return (
          field.name === name && field.embedded === embedded && identicalButTags(field.type, type)
        );
      })
    );
  }
  if (one.kind === 'pointer' && other.kind === 'pointer') {
    return identicalButTags(one.element, other.element);
  }
  if (one.kind === 'slice' && other.kind === 'slice') {
    return identicalButTags(one.element, other.element);
  }
  if (one.kind === 'array' && other.kind === 'array') {
    return one.length === other.length && identicalButTags(one.element, other.element);
  }
  return false;
}

/** unsafe.Pointer stands for any pointer, and for its address; functions too, as models need. */
function isUnsafePair(one: Type, other: Type): boolean {
  if (one.kind !== 'basic' || one.name !== 'unsafe.Pointer') return false;
  if (other.kind === 'basic') return other.name === 'uintptr';
  return other.kind === 'pointer';
}
