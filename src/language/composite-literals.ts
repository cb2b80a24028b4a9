/** `T{…}`: structs, arrays and slices. */
import type { CompositeLiteral, Expression } from './ast.ts';
import { convertTo } from './assignability.ts';
import { complain } from './checker.ts';
import type { Body } from './checker.ts';
import { constantValue } from './constant-declarations.ts';
import { isExported } from './entities.ts';
import { checkExpression, requireValue, valueOf } from './expressions.ts';
import { coreType } from './members.ts';
import { invalidOperand, textOf } from './operand.ts';
import type { Operand } from './operand.ts';
import { resolveType } from './type-nodes.ts';
import { invalidType, spell } from './type-store.ts';
import type { CompositeValue, TypedExpression } from './typed.ts';
import type { StructType, Type } from './types.ts';

type Elements = CompositeValue['elements'];

/** The largest index of an element. */
const maxIndex = 1n << 20n;

/** A literal; `elided` is the type that the literal around it gives. */
export function checkComposite(body: Body, node: CompositeLiteral, elided: Type | null): Operand {
  const type = literalType(body, node, elided);
  if (type === invalidType) {
    visitElements(body, node);
    return invalidOperand(node);
  }
  const pointer = elided && coreType(elided);
  if (elided && pointer?.kind === 'pointer' && !node.type) {
    const inner = checkComposite(body, node, pointer.element);
    if (inner.mode !== 'value') return inner;
    const expression: TypedExpression = {
      kind: 'new',
      type: elided,
      span: node.span,
      element: pointer.element,
      value: inner.expression,
    };
    return { mode: 'value', node, type: elided, expression };
  }
  const under = coreType(type);
  const { span } = node;
  if (under.kind === 'struct') {
    const elements = structElements(body, node, type, under);
    return literal(node, { kind: 'composite', type, span, elements, length: 0 });
  }
  if (under.kind === 'slice' || under.kind === 'array') {
    const fixed = under.kind === 'array' && !isOpenArray(node) ? under.length : null;
    const { elements, length } = listElements(body, node, under.element, fixed);
    const own = isOpenArray(node) ? body.checker.store.array(length, under.element) : type;
    const size = under.kind === 'array' && fixed !== null ? fixed : length;
    return literal(node, { kind: 'composite', type: own, span, elements, length: size });
  }
  visitElements(body, node);
  complain(body, node.span, 'composite', `invalid composite literal type ${spell(type)}`);
  return invalidOperand(node);
}

function literal(node: CompositeLiteral, expression: TypedExpression): Operand {
  return { mode: 'value', node, type: expression.type, expression };
}

function isOpenArray(node: CompositeLiteral): boolean {
  return node.type?.kind === 'array-type' && node.type.length === null;
}

function literalType(body: Body, node: CompositeLiteral, elided: Type | null): Type {
  if (node.type === null) {
    if (elided) return elided;
    const message = 'invalid composite literal: no type given';
    complain(body, node.span, 'composite', message);
    return invalidType;
  }
  if (node.type.kind === 'array-type' && node.type.length === null) {
    const element = resolveType(body, node.type.element);
    return element === invalidType ? element : body.checker.store.array(0, element);
  }
  return resolveType(body, node.type);
}

/** Looks at the elements of a literal that was complained about. */
function visitElements(body: Body, node: CompositeLiteral): void {
  for (const { value } of node.elements) {
    if (value.kind !== 'composite' || value.type) checkExpression(body, value);
  }
}

function structElements(
  body: Body,
  node: CompositeLiteral,
  type: Type,
  struct: StructType,
): Elements {
  const { elements } = node;
  if (elements.length === 0) return [];
  const keyed = elements.filter((one) => one.key !== null).length;
  if (keyed > 0 && keyed < elements.length) {
    const message = 'mixture of field:value and value elements in struct literal';
    complain(body, node.span, 'composite', message);
    return [];
  }
  return keyed > 0
    ? keyedFields(body, node, type, struct)
    : positionalFields(body, node, type, struct);
}

function keyedFields(body: Body, node: CompositeLiteral, type: Type, struct: StructType): Elements {
  const found: { index: number; value: TypedExpression }[] = [];
  const seen = new Set<number>();
  for (const { key, value } of node.elements) {
    if (key?.kind !== 'identifier') {
      if (key) complain(body, key.span, 'composite', 'invalid field name in struct literal');
      checkExpression(body, value);
      continue;
    }
    const index = struct.fields.findIndex((field) => field.name === key.name);
    if (index < 0 || key.name === '_' || !mayName(body, type, key.name)) {
      const message = `unknown field ${key.name} in struct literal of type ${spell(type)}`;
      const names = struct.fields.map((field) => field.name).join(', ');
      const help = names === '' ? 'it has no fields' : `its fields are ${names}`;
      complain(body, key.span, 'undefined-member', message, help);
      checkExpression(body, value);
      continue;
    }
    if (seen.has(index)) {
      const message = `duplicate field name ${key.name} in struct literal`;
      complain(body, key.span, 'redeclared', message);
    }
    seen.add(index);
    const field = struct.fields[index];
    body.checker.note(key, { kind: 'field', type: field.type, definition: null });
    found.push({ index, value: element(body, value, field.type, 'struct literal') });
  }
  return found;
}

function mayName(body: Body, type: Type, name: string): boolean {
  if (isExported(name) || type.kind !== 'named' || body.file.source.isModel) return true;
  return type.packageName === body.file.package.name || type.packageName === 'runtime';
}

function positionalFields(
  body: Body,
  node: CompositeLiteral,
  type: Type,
  struct: StructType,
): Elements {
  const { fields } = struct;
  const found: { index: number; value: TypedExpression }[] = [];
  for (const [index, { value }] of node.elements.entries()) {
    const field = fields[index];
    if (!field) {
      const message = `too many values in struct literal of type ${spell(type)}`;
      complain(body, value.span, 'composite', message);
      return found;
    }
    found.push({ index, value: element(body, value, field.type, 'struct literal') });
  }
  if (found.length < fields.length) {
    const end = { start: Math.max(node.span.start, node.span.end - 1), end: node.span.end };
    complain(body, end, 'composite', `too few values in struct literal of type ${spell(type)}`);
  }
  return found;
}

/** An element's value; a literal without a type takes that of the element. */
function element(body: Body, node: Expression, type: Type, context: string): TypedExpression {
  if (node.kind !== 'composite' || node.type) return valueOf(body, node, type, context);
  const operand = requireValue(body, checkComposite(body, node, type));
  return convertTo(body, operand, type, context);
}

function listElements(
  body: Body,
  node: CompositeLiteral,
  type: Type,
  fixed: number | null,
): { elements: Elements; length: number } {
  const elements: { index: number; value: TypedExpression }[] = [];
  const seen = new Set<number>();
  let next = 0;
  let length = 0;
  for (const { key, value } of node.elements) {
    if (key) next = elementIndex(body, key) ?? next;
    if (seen.has(next)) {
      const text = textOf(body.file.source, (key ?? value).span);
      const message = `duplicate index ${text} in array or slice literal`;
      complain(body, (key ?? value).span, 'redeclared', message);
    }
    if (fixed !== null && next >= fixed) {
      const message = `invalid argument: index ${next} out of bounds [0:${fixed}]`;
      complain(body, value.span, 'index', message);
    }
    seen.add(next);
    elements.push({ index: next, value: element(body, value, type, 'array or slice literal') });
    next++;
    length = Math.max(length, next);
  }
  return { elements, length };
}

function elementIndex(body: Body, key: Expression): number | null {
  const value = constantValue(body, key);
  if (value === null) return null;
  if (typeof value === 'bigint' && value >= 0n && value < maxIndex) return Number(value);
  const text = textOf(body.file.source, key.span);
  complain(body, key.span, 'index', `index ${text} must be integer constant`);
  return null;
}
