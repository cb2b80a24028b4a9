/** `x.name`: fields, methods, method values and expressions, members of packages. */
import type { SelectorExpression } from './ast.ts';
import { expressionOf } from './assignability.ts';
import { calleeOf } from './calls.ts';
import type { Callee } from './calls.ts';
import { complain } from './checker.ts';
import type { Body } from './checker.ts';
import { checkExpression, entityOperand, requireValue, useFunction } from './expressions.ts';
import { findMember, inMethodSet, methodNames, methodType } from './members.ts';
import type { Member } from './members.ts';
import { methodExpression, methodValue } from './method-values.ts';
import { memberOf } from './names.ts';
import { invalidOperand, textOf } from './operand.ts';
import type { Operand } from './operand.ts';
import { addressOf } from './unary-operators.ts';
import { invalidType, spell } from './type-store.ts';
import type { TypedExpression } from './typed.ts';
import { underlying } from './types.ts';
import type { Field, Type } from './types.ts';
import { unsafeScope } from './universe.ts';
import type { FunctionEntity } from './entities.ts';

/** A selector as an expression: a method becomes a closure. */
export function checkSelector(body: Body, node: SelectorExpression): Operand {
  const selected = selectMember(body, node);
  if (!('callee' in selected)) return selected;
  if (selected.callee.kind === 'machine') {
    const message = `${node.name.name} is a primitive of the machine and must be called`;
    complain(body, node.span, 'machine-function', message);
    return invalidOperand(node);
  }
  const expression = methodValue(body, node, selected);
  return { mode: 'value', node, type: expression.type, expression };
}

/** A selector as what it names: an operand, or what to call for a method. */
export function selectMember(body: Body, node: SelectorExpression): Operand | Callee {
  const { object, name } = node;
  if (object.kind === 'identifier') {
    const entity = body.checker.lookup(body.scope, object.name);
    if (object.name === 'unsafe' && body.file.source.isModel && !entity) {
      const member = unsafeScope.lookup(name.name);
      if (member) return entityOperand(body, member, name, node);
    }
    if (entity?.kind === 'package') {
      const member = memberOf(body, entity.package.name, name);
      if (!member) return invalidOperand(node);
      if (member.kind === 'function' && entity.package.name === 'machine') {
        const generic = member.declaration.typeParameters.length > 0;
        if (!generic) return calleeOf(body, member, []);
      }
      return entityOperand(body, member, name, node);
    }
  }
  const operand = checkExpression(body, object);
  if (operand.mode === 'type') return selectOfType(body, node, operand.type);
  const value = requireValue(body, operand);
  if (value.mode === 'invalid') return invalidOperand(node);
  if (value.mode === 'nil') {
    const message = `${textOf(body.file.source, node.span)} undefined (nil has no field or method ${node.name.name})`;
    complain(body, node.span, 'selector', message);
    return invalidOperand(node);
  }
  return selectOfValue(body, node, value);
}

function selectOfValue(body: Body, node: SelectorExpression, value: Operand): Operand | Callee {
  const { checker } = body;
  const { name } = node.name;
  const member = findMember(checker, value.type, name);
  if (member === null || member === 'ambiguous') {
    missingMember(body, node, value, member === 'ambiguous');
    return invalidOperand(node);
  }
  const addressable = value.mode === 'variable';
  const holder = walk(expressionOf(value), member.path, node);
  if (member.kind === 'field') {
    const expression = fieldOf(followed(holder, node), member.field, node);
    noteMember(body, node, 'field', member.field.type, null);
    if (member.field.type === invalidType) return invalidOperand(node);
    const throughPointer = expression.kind === 'field' && isStored(expression.object);
    const mode = addressable || throughPointer ? 'variable' : 'value';
    return { mode, node, type: member.field.type, expression };
  }
  const type = methodType(checker, member);
  if (!type) return invalidOperand(node);
  if (member.kind === 'interface') {
    const object = followed(holder, node);
    noteMember(body, node, 'function', type, null);
    return { type, callee: { kind: 'interface', object, method: name }, receiver: null };
  }
  const receiver = receiverFor(body, node, member, holder, addressable);
  if (!receiver) return invalidOperand(node);
  const typed = useFunction(body, member.entity, member.named.typeArguments);
  noteMember(body, node, 'function', type, member.entity);
  return { type, callee: { kind: 'static', function: typed }, receiver };
}

function noteMember(
  body: Body,
  node: SelectorExpression,
  kind: 'field' | 'function',
  type: Type,
  entity: FunctionEntity | null,
): void {
  const definition = entity && { file: entity.file.source, span: entity.node.span };
  body.checker.note(node.name, { kind, type, definition });
}

/** Whether the expression is a place in memory whatever it is a part of. */
function isStored(expression: TypedExpression): boolean {
  if (expression.kind === 'dereference') return true;
  if (expression.kind === 'field') return isStored(expression.object);
  if (expression.kind !== 'element') return false;
  const under = underlying(expression.object.type);
  return under.kind === 'slice' || isStored(expression.object);
}

/** The receiver as the method takes it: its address, or what a pointer points to. */
function receiverFor(
  body: Body,
  node: SelectorExpression,
  member: Member & { readonly kind: 'method' },
  holder: TypedExpression,
  addressable: boolean,
): TypedExpression | null {
  const isPointer = underlying(holder.type).kind === 'pointer';
  if (!member.entity.pointerReceiver) return followed(holder, node);
  if (isPointer) return holder;
  if (addressable || isStored(holder)) return addressOf(body, holder);
  const { name } = node.name;
  const type = spell(member.named);
  const message = `cannot call pointer method ${name} on ${type}`;
  complain(body, node.span, 'not-addressable', message, 'put the value into a variable first');
  return null;
}

/** `*p` for a pointer to what has the member; itself otherwise. */
function followed(holder: TypedExpression, node: SelectorExpression): TypedExpression {
  const under = underlying(holder.type);
  if (under.kind !== 'pointer') return holder;
  return { kind: 'dereference', type: under.element, span: node.object.span, pointer: holder };
}

/** Walks embedded fields. */
export function walk(
  start: TypedExpression,
  path: readonly Field[],
  node: SelectorExpression,
): TypedExpression {
  let holder = start;
  for (const field of path) holder = fieldOf(followed(holder, node), field, node);
  return holder;
}

function fieldOf(object: TypedExpression, field: Field, node: SelectorExpression): TypedExpression {
  const { type, offset, name, local } = field;
  return { kind: 'field', type, span: node.span, object, offset, name, local };
}

function missingMember(
  body: Body,
  node: SelectorExpression,
  value: Operand,
  ambiguous: boolean,
): void {
  const { source } = body.file;
  const { name } = node.name;
  const text = textOf(source, node.span);
  if (ambiguous) {
    complain(body, node.name.span, 'selector', `ambiguous selector ${text}`);
    return;
  }
  const { type } = value;
  const pointer = type.kind === 'pointer' && underlying(type.element).kind === 'interface';
  const why = pointer
    ? `type ${spell(type)} is pointer to interface, not interface`
    : `type ${spell(type)} has no field or method ${name}`;
  const message = `${text} undefined (${why})`;
  complain(body, node.name.span, 'undefined-member', message, similarMember(body, type, name));
}

function similarMember(body: Body, type: Type, name: string): string | undefined {
  const base = type.kind === 'pointer' ? type.element : type;
  const under = underlying(base);
  const fields = under.kind === 'struct' ? under.fields.map((field) => field.name) : [];
  const names = [...fields, ...methodNames(body.checker, base)];
  const low = name.toLowerCase();
  const other = names.find((one) => one.toLowerCase() === low);
  return other ? `did you mean ${other}?` : undefined;
}

function selectOfType(body: Body, node: SelectorExpression, type: Type): Operand {
  if (type === invalidType) return invalidOperand(node);
  const { name } = node.name;
  const member = findMember(body.checker, type, name);
  const text = textOf(body.file.source, node.span);
  if (member === null || member === 'ambiguous' || member.kind === 'field') {
    const message = `${text} undefined (type ${spell(type)} has no field or method ${name})`;
    complain(body, node.name.span, 'undefined-member', message);
    return invalidOperand(node);
  }
  if (!inMethodSet(member)) {
    const message =
      `invalid method expression ${text} (needs pointer receiver ` + `(*${spell(type)}).${name})`;
    complain(body, node.span, 'method-expression', message);
    return invalidOperand(node);
  }
  const expression = methodExpression(body, node, type, member);
  return { mode: 'value', node, type: expression.type, expression };
}
