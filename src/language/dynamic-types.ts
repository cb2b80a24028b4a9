/**
 * Types that stand in interfaces, with their method tables. A table's functions take the data word
 * of the interface: a value of one word itself, the address of all others.
 */
import type { Body } from './checker.ts';
import { useFunction } from './expressions.ts';
import { Scope } from './entities.ts';
import { addFunction, newBody, newFunction, reference } from './function-bodies.ts';
import { findMember, inMethodSet, methodNames, methodType } from './members.ts';
import type { Member } from './members.ts';
import { parameter, returnOf } from './method-values.ts';
import { resultType } from './calls.ts';
import { spell } from './type-store.ts';
import type { TypedExpression, TypedFunction, Variable } from './typed.ts';
import { underlying, wordsOf } from './types.ts';
import type { Field, FunctionType, Type } from './types.ts';

/** Notes that values of the type are put into interfaces, tested for or formatted. */
export function registerDynamicType(body: Body, type: Type): void {
  const { checker } = body;
  if (body.root.isAbstract || checker.dynamicTypes.has(type) || checker.store.isOpen(type)) return;
  if (underlying(type).kind === 'interface') return;
  const methods = new Map<string, TypedFunction>();
  checker.dynamicTypes.set(type, { type, methods });
  checker.pending.push(() => {
    for (const name of methodNames(checker, type)) {
      const member = findMember(checker, type, name);
      if (member === null || member === 'ambiguous' || member.kind === 'field') continue;
      if (inMethodSet(member)) methods.set(name, tableEntry(body, type, name, member));
    }
    registerFormatted(body, type, true);
  });
}

/** Methods that package fmt asks for texts, on whatever it finds inside a value. */
const textMethods = ['Error', 'String', 'GoString'];

/** Enters the types inside a dynamic type that may have a text of their own: what package fmt can
 *  come to through elements, fields and, at the top, a pointer. */
function registerFormatted(body: Body, type: Type, isTop: boolean): void {
  const { formattedTypes } = body.checker;
  const under = underlying(type);
  if (under.kind === 'pointer') {
    // errors.As asks whether what a pointer leads to is an error.
    if (isTop) registerText(body, under.element);
    return;
  }
  if (formattedTypes.has(type)) return;
  formattedTypes.add(type);
  if (under.kind === 'slice' || under.kind === 'array') registerText(body, under.element);
  if (under.kind === 'struct') for (const field of under.fields) registerText(body, field.type);
}

function registerText(body: Body, type: Type): void {
  const { checker } = body;
  const hasText = textMethods.some((name) => {
    const member = findMember(checker, type, name);
    return member !== null && member !== 'ambiguous' && member.kind !== 'field';
  });
  if (hasText) registerDynamicType(body, type);
  registerFormatted(body, type, false);
}

function tableEntry(body: Body, type: Type, name: string, member: Member): TypedFunction {
  const direct = member.kind === 'method' && member.path.length === 0;
  const same = direct && member.entity.pointerReceiver === (type.kind === 'pointer');
  if (same && wordsOf(type) === 1) {
    return useFunction(body, member.entity, member.named.typeArguments);
  }
  return methodWrapper(body, type, name, member, 'data-word');
}

/**
 * A function that takes a value of `type` (or, as a table entry of a type that is not one word,
 * its address) and calls the method that `member` leads to.
 */
export function methodWrapper(
  body: Body,
  type: Type,
  name: string,
  member: Member,
  form: 'value' | 'data-word',
): TypedFunction {
  const { checker } = body;
  const key = `${form} ${checker.store.id(type)} ${name}`;
  const known = checker.wrappers.get(key);
  if (known) return known;
  const typed = makeWrapper(body, type, name, member, form === 'data-word' && wordsOf(type) !== 1);
  if (!body.root.isAbstract) checker.wrappers.set(key, typed);
  return typed;
}

function makeWrapper(
  body: Body,
  type: Type,
  name: string,
  member: Member,
  boxed: boolean,
): TypedFunction {
  const { checker, file } = body;
  const { store } = checker;
  const own = methodType(checker, member) ?? store.thunk;
  const { span } = body.function;
  const receiverType = boxed ? store.pointer(type) : type;
  const receiver = parameter(body, 'x', receiverType, span);
  const parameters = [
    receiver,
    ...own.parameters.map((one, index) => parameter(body, `p${index}`, one, span)),
  ];
  const typed = newFunction(file, wrapperName(type, name), span, {
    type: store.function([receiverType, ...own.parameters], own.results, own.variadic),
    parameters,
    results: own.results.map(
      (one, index): Variable => ({
        ...parameter(body, `r${index}`, one, span),
        kind: 'result',
      }),
    ),
    isWrapper: true,
  });
  const inner = newBody(checker, file, typed, null, body.root, new Scope(file.scope, span));
  const values = parameters.map((one) => reference(inner, one, span));
  // A value without words has no address worth following.
  const start: TypedExpression =
    wordsOf(type) === 0 ? { kind: 'zero', type, span } : follow(values[0], boxed);
  const call = callMember(inner, own, member, start, values.slice(1));
  typed.body = { kind: 'block', span, statements: returnOf(inner, call, own) };
  addFunction(body, typed);
  return typed;
}

function wrapperName(type: Type, name: string): string {
  const bare = spell(type).replaceAll(/\[[^\]]*\]/g, '[...]');
  const qualified = bare.includes('.') ? bare : `main.${bare}`;
  if (type.kind !== 'pointer') return `${qualified}.${name}`;
  const base = spell(type.element).replaceAll(/\[[^\]]*\]/g, '[...]');
  const dot = base.indexOf('.');
  return dot < 0
    ? `main.(*${base}).${name}`
    : `${base.slice(0, dot)}.(*${base.slice(dot + 1)}).${name}`;
}

function follow(value: TypedExpression, always: boolean): TypedExpression {
  const under = underlying(value.type);
  if (!always || under.kind !== 'pointer') return value;
  return { kind: 'dereference', type: under.element, span: value.span, pointer: value };
}

function fieldOf(object: TypedExpression, field: Field): TypedExpression {
  const { type, offset, name, local } = field;
  return { kind: 'field', type, span: object.span, object, offset, name, local };
}

function callMember(
  body: Body,
  own: FunctionType,
  member: Member,
  start: TypedExpression,
  values: readonly TypedExpression[],
): TypedExpression {
  let holder = start;
  for (const field of member.path) holder = fieldOf(follow(holder, true), field);
  const { span } = start;
  const type = resultType(body, own);
  if (member.kind !== 'method') {
    const { name } = member as Member & { readonly kind: 'interface' };
    const object = follow(holder, true);
    return {
      kind: 'call',
      type,
      span,
      callee: { kind: 'interface', object, method: name },
      arguments: values,
    };
  }
  const typed = useFunction(body, member.entity, member.named.typeArguments);
  const isPointer = underlying(holder.type).kind === 'pointer';
  let receiver = holder;
  if (!member.entity.pointerReceiver) receiver = follow(holder, true);
  else if (!isPointer) {
    const address = body.checker.store.pointer(holder.type);
    receiver = { kind: 'address', type: address, span, operand: holder };
  }
  return {
    kind: 'call',
    type,
    span,
    callee: { kind: 'static', function: typed },
    arguments: [receiver, ...values],
  };
}
