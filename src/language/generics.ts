/** Type parameters, their constraints, and inference of type arguments. */
import type { Node, TypeParameter } from './ast.ts';
import { coreType, whyNotImplements } from './members.ts';
import { fulfilsUnion, resolveType } from './type-nodes.ts';
import type { TypeContext } from './type-nodes.ts';
import { anyType, invalidType, spell } from './type-store.ts';
import type { TypeStore } from './type-store.ts';
import { underlying } from './types.ts';
import type { Type, TypeParameterType } from './types.ts';
import { typeEntity } from './universe.ts';

/** Declares type parameters in the context's scope and gives their opaque types. */
export function typeParameters(
  context: TypeContext,
  nodes: readonly TypeParameter[],
): TypeParameterType[] {
  const made = nodes.map((node) => {
    const type: { kind: 'type-parameter'; name: string; constraint: Type } = {
      kind: 'type-parameter',
      name: node.name.name,
      constraint: anyType,
    };
    context.scope.names.set(node.name.name, typeEntity(type, node.name));
    return type;
  });
  for (const [index, node] of nodes.entries()) {
    made[index].constraint = constraintOf(context, resolveType(context, node.constraint));
  }
  return made;
}

/** A constraint that is no interface stands for the set of that one type. */
function constraintOf(context: TypeContext, type: Type): Type {
  if (type === invalidType) return anyType;
  if (underlying(type).kind === 'interface') return type;
  return context.checker.store.interface([], [{ tilde: false, type }], false);
}

/**
 * Complains of type arguments that their constraints do not admit. In `bound` the names
 * of the parameters stand for the arguments. True when all is well.
 */
export function reportUnsatisfied(
  context: TypeContext,
  node: Node,
  parameters: readonly TypeParameterType[],
  typeArguments: readonly Type[],
  bound: TypeContext,
  nodes: readonly TypeParameter[],
): boolean {
  const { checker, file } = context;
  for (const [index, parameter] of parameters.entries()) {
    const argument = typeArguments[index];
    const constraint = boundConstraint(bound, parameter, nodes[index]);
    if (constraint.kind !== 'interface' || argument === invalidType) continue;
    const missing = whyNotImplements(checker, argument, constraint);
    const reason = missing ?? fulfilsUnion(argument, constraint);
    if (reason === null) continue;
    const target = spell(parameter.constraint);
    const why = target === 'comparable' ? '' : ` (${reasonText(argument, target, reason)})`;
    const message = `${spell(argument)} does not satisfy ${target}${why}`;
    checker.report(file.source, node.span, 'constraint', message);
    return false;
  }
  return true;
}

/** The constraint with the arguments in the place of the parameters. */
function boundConstraint(
  bound: TypeContext,
  parameter: TypeParameterType,
  node: TypeParameter | undefined,
): Type {
  const { checker } = bound;
  if (!node || !checker.store.isOpen(parameter.constraint)) return underlying(parameter.constraint);
  checker.muted++;
  const type = constraintOf(bound, resolveType(bound, node.constraint));
  checker.muted--;
  return underlying(type);
}

function reasonText(argument: Type, target: string, reason: string): string {
  return reason === 'not in the type set' ? `${spell(argument)} missing in ${target}` : reason;
}

/** The type with type parameters replaced; named types only if they are not generic. */
export function substitute(
  store: TypeStore,
  type: Type,
  parameters: readonly TypeParameterType[],
  typeArguments: readonly Type[],
): Type {
  if (!store.isOpen(type)) return type;
  const again = (one: Type): Type => substitute(store, one, parameters, typeArguments);
  switch (type.kind) {
    case 'type-parameter': {
      const index = parameters.indexOf(type);
      return index < 0 ? type : (typeArguments[index] ?? type);
    }
    case 'pointer':
      return store.pointer(again(type.element));
    case 'slice':
      return store.slice(again(type.element));
    case 'array':
      return store.array(type.length, again(type.element));
    case 'channel':
      return store.channel(type.direction, again(type.element));
    case 'function':
      return store.function(type.parameters.map(again), type.results.map(again), type.variadic);
    case 'interface':
      return store.interface(
        type.methods.map(({ name, type: method }) => ({
          name,
          type: again(method) as typeof method,
        })),
        type.union?.map((term) => ({ tilde: term.tilde, type: again(term.type) })) ?? null,
        type.comparable,
      );
    default:
      return type;
  }
}

/** Type arguments found so far, by type parameter. */
export type Bindings = Map<TypeParameterType, Type>;

/**
 * Makes `parameter` equal to `argument` by binding type parameters. A named type agrees with an
 * unnamed one when their underlying types do (`iter.Seq[V]` with `func(yield func(int) bool)`).
 */
export function unify(
  parameter: Type,
  argument: Type,
  wanted: ReadonlySet<TypeParameterType>,
  bindings: Bindings,
  loose = true,
): boolean {
  if (parameter.kind === 'type-parameter' && wanted.has(parameter)) {
    const bound = bindings.get(parameter);
    if (!bound) {
      bindings.set(parameter, argument);
      return true;
    }
    if (bound === argument) return true;
    if (!loose || underlying(bound) !== underlying(argument)) return false;
    if (bound.kind === 'named' && argument.kind === 'named') return false;
    if (argument.kind === 'named') bindings.set(parameter, argument);
    return true;
  }
  // Identical types go on: in a function that calls itself their parameters are those wanted.
  if (argument.kind === 'type-parameter' && loose && parameter.kind !== 'named') {
    const core = coreType(argument);
    if (parameter === argument) return true;
    return core !== argument && unify(parameter, core, wanted, bindings, false);
  }
  const all = (one: readonly Type[], two: readonly Type[]): boolean =>
    one.length === two.length &&
    one.every((type, index) => unify(type, two[index], wanted, bindings, false));
  if (parameter.kind === 'named' && argument.kind === 'named') {
    const same = parameter.name === argument.name && parameter.packageName === argument.packageName;
    return same && all(parameter.typeArguments, argument.typeArguments);
  }
  if (parameter.kind === 'named' || argument.kind === 'named') {
    if (!loose) return false;
    return unify(underlying(parameter), underlying(argument), wanted, bindings, false);
  }
  switch (parameter.kind) {
    case 'pointer':
    case 'slice':
      if (argument.kind !== parameter.kind) return false;
      return unify(parameter.element, argument.element, wanted, bindings, false);
    case 'array':
      if (argument.kind !== 'array' || argument.length !== parameter.length) return false;
      return unify(parameter.element, argument.element, wanted, bindings, false);
    case 'channel':
      if (argument.kind !== 'channel') return false;
      return unify(parameter.element, argument.element, wanted, bindings, false);
    case 'function':
      if (argument.kind !== 'function' || argument.variadic !== parameter.variadic) return false;
      return (
        all(parameter.parameters, argument.parameters) && all(parameter.results, argument.results)
      );
    case 'struct':
      if (argument.kind !== 'struct') return false;
      return all(
        parameter.fields.map((field) => field.type),
        argument.fields.map((field) => field.type),
      );
    default:
      return parameter === argument;
  }
}

/** Type arguments that follow from constraints with one underlying type (`S ~[]E`). */
export function unifyConstraints(
  parameters: readonly TypeParameterType[],
  wanted: ReadonlySet<TypeParameterType>,
  bindings: Bindings,
  store: TypeStore,
): void {
  for (const parameter of parameters) {
    const constraint = underlying(parameter.constraint);
    if (constraint.kind !== 'interface' || constraint.union?.length !== 1) continue;
    const [term] = constraint.union;
    const bound = bindings.get(parameter);
    if (bound) {
      unify(term.type, term.tilde ? underlying(bound) : bound, wanted, bindings);
    } else {
      const known = [...bindings.keys()];
      const type = substitute(store, term.type, known, [...bindings.values()]);
      if (!parameters.some((one) => mentions(store, type, one))) bindings.set(parameter, type);
    }
  }
}

function mentions(store: TypeStore, type: Type, parameter: TypeParameterType): boolean {
  return substitute(store, type, [parameter], [invalidType]) !== type;
}
