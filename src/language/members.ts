/** Fields and methods of types: promotion through embedded fields, method sets, interfaces. */
import type { Checker } from './checker.ts';
import type { FunctionEntity } from './entities.ts';
import { functionInstance } from './instances.ts';
import { spell } from './type-store.ts';
import { underlying } from './types.ts';
import type { Field, FunctionType, InterfaceType, NamedType, Type } from './types.ts';

/** What `x.name` names. `path` are the embedded fields to walk first. */
export type Member = {
  readonly path: readonly Field[];
  /** Whether a pointer is followed on the way, x itself included. */
  readonly indirect: boolean;
} & (
  | { readonly kind: 'field'; readonly field: Field }
  | { readonly kind: 'method'; readonly entity: FunctionEntity; readonly named: NamedType }
  | { readonly kind: 'interface'; readonly name: string; readonly type: FunctionType }
);

interface Candidate {
  readonly type: Type;
  readonly path: readonly Field[];
  readonly indirect: boolean;
}

/** Finds a field or method; null when there is none, `ambiguous` when several are equally deep. */
export function findMember(
  checker: Checker,
  type: Type,
  name: string,
): Member | 'ambiguous' | null {
  const pointed = type.kind === 'named' ? type.underlying : null;
  if (pointed?.kind === 'pointer' && pointed.element !== type) {
    // A pointer with a name of its own has the fields of what it points to, but no methods.
    const field = findMember(checker, pointed, name);
    return field !== 'ambiguous' && field?.kind !== 'field' ? null : field;
  }
  let start: Candidate = { type, path: [], indirect: false };
  if (type.kind === 'pointer') {
    start = { type: type.element, path: [], indirect: true };
    if (underlying(type.element).kind === 'interface') return null;
  }
  // Most members stand in the type itself.
  const direct = directMember(checker, start, name);
  if (direct) return direct;
  let level: Candidate[] = [start];
  const seen = new Set<Type>();
  while (level.length > 0) {
    const found: Member[] = [];
    const next: Candidate[] = [];
    for (const candidate of level) {
      if (seen.has(candidate.type)) continue;
      const member = directMember(checker, candidate, name);
      if (member) found.push(member);
      else next.push(...embeddedOf(candidate));
    }
    for (const candidate of level) seen.add(candidate.type);
    if (found.length > 0) return found.length === 1 ? found[0] : 'ambiguous';
    level = next;
  }
  return null;
}

function directMember(checker: Checker, candidate: Candidate, name: string): Member | null {
  const { type, path, indirect } = candidate;
  if (type.kind === 'named') {
    const entity = checker.named.get(type)?.entity.methods.get(name);
    if (entity) return { kind: 'method', entity, named: type, path, indirect };
  }
  const under = type.kind === 'type-parameter' ? underlying(type.constraint) : underlying(type);
  if (under.kind === 'interface') {
    const method = under.methods.find((one) => one.name === name);
    return method ? { kind: 'interface', name, type: method.type, path, indirect } : null;
  }
  if (under.kind !== 'struct') return null;
  const field = under.fields.find((one) => one.name === name);
  return field ? { kind: 'field', field, path, indirect } : null;
}

function embeddedOf(candidate: Candidate): Candidate[] {
  const under = underlying(candidate.type);
  if (under.kind !== 'struct') return [];
  const found: Candidate[] = [];
  for (const field of under.fields) {
    if (!field.embedded) continue;
    const pointer = field.type.kind === 'pointer';
    found.push({
      type: field.type.kind === 'pointer' ? field.type.element : field.type,
      path: [...candidate.path, field],
      indirect: candidate.indirect || pointer,
    });
  }
  return found;
}

/** Names of all methods that a type may have, its embedded fields' included. */
export function methodNames(checker: Checker, type: Type): string[] {
  const names = new Set<string>();
  const seen = new Set<Type>();
  const visit = (one: Type): void => {
    const base = one.kind === 'pointer' ? one.element : one;
    if (seen.has(base)) return;
    seen.add(base);
    if (base.kind === 'named') {
      for (const name of checker.named.get(base)?.entity.methods.keys() ?? []) names.add(name);
    }
    const under = underlying(base);
    if (under.kind === 'interface' && base !== type) {
      for (const method of under.methods) names.add(method.name);
    }
    if (under.kind !== 'struct') return;
    for (const field of under.fields) if (field.embedded) visit(field.type);
  };
  visit(type);
  return [...names].sort();
}

/** The method's signature without its receiver. */
export function methodType(checker: Checker, member: Member): FunctionType | null {
  if (member.kind === 'interface') return member.type;
  if (member.kind === 'field') return null;
  const { typed } = functionInstance(checker, member.entity, member.named.typeArguments);
  const { parameters, results, variadic } = typed.type;
  return checker.store.function(parameters.slice(1), results, variadic);
}

/** Whether the method belongs to the method set of `type` (not only of a pointer to it). */
export function inMethodSet(member: Member): boolean {
  return member.kind !== 'method' || !member.entity.pointerReceiver || member.indirect;
}

/** Why a type does not implement an interface; null when it does. */
export function whyNotImplements(
  checker: Checker,
  type: Type,
  target: InterfaceType,
): string | null {
  for (const wanted of target.methods) {
    const member = findMember(checker, type, wanted.name);
    if (member === null || member === 'ambiguous' || member.kind === 'field') {
      if (type.kind === 'pointer' && underlying(type.element).kind === 'interface') {
        return `type ${spell(type)} is pointer to interface, not interface`;
      }
      return `missing method ${wanted.name}`;
    }
    const found = methodType(checker, member);
    if (found !== wanted.type) {
      const have = found ? spell(found).slice(4) : '';
      const want = spell(wanted.type).slice(4);
      const { name } = wanted;
      return `wrong type for method ${name}: have ${name}${have}, want ${name}${want}`;
    }
    if (!inMethodSet(member)) return `method ${wanted.name} has pointer receiver`;
  }
  return null;
}

const comparable = new WeakMap<Type, boolean>();

/** Whether values of the type can be compared with ==. */
export function isComparable(type: Type): boolean {
  if (type.kind !== 'struct') return decideComparable(type);
  let known = comparable.get(type);
  if (known === undefined) comparable.set(type, (known = decideComparable(type)));
  return known;
}

function decideComparable(type: Type): boolean {
  const under = underlying(type);
  switch (under.kind) {
    case 'slice':
    case 'function':
      return false;
    case 'array':
      return isComparable(under.element);
    case 'struct':
      if (under !== type) return isComparable(under);
      return under.fields.every((field) => isComparable(field.type));
    case 'type-parameter': {
      const constraint = underlying(under.constraint);
      if (constraint.kind !== 'interface') return false;
      if (constraint.comparable) return true;
      return constraint.union !== null && constraint.union.every((one) => isComparable(one.type));
    }
    default:
      return true;
  }
}

/** Whether every type that an operand of `type` can have fulfils the test. */
export function everyType(type: Type, test: (type: Type) => boolean): boolean {
  if (type.kind !== 'type-parameter') return test(underlying(type));
  const constraint = underlying(type.constraint);
  if (constraint.kind !== 'interface' || !constraint.union) return false;
  return constraint.union.every((term) => test(underlying(term.type)));
}

/** The one underlying type of all types that an operand of `type` can have; itself if none. */
export function coreType(type: Type): Type {
  if (type.kind !== 'type-parameter') return underlying(type);
  const constraint = underlying(type.constraint);
  if (constraint.kind !== 'interface' || !constraint.union) return type;
  const [first, ...others] = constraint.union.map((term) => underlying(term.type));
  return others.every((other) => other === first) ? first : type;
}

/** Whether a type may only stand as a constraint. */
export function isConstraintOnly(type: Type): boolean {
  const under = underlying(type);
  return under.kind === 'interface' && (under.union !== null || under.comparable);
}
