/** From type syntax to types. Named types are completed lazily, so that they may be recursive. */
import type {
  FunctionTypeNode,
  Identifier,
  InterfaceTypeNode,
  NamedTypeNode,
  Parameter,
  StructTypeNode,
  TypeNode,
  UnionTypeNode,
} from './ast.ts';
import type { Checker, NamedInfo } from './checker.ts';
import { constantLength } from './constant-declarations.ts';
import { Scope } from './entities.ts';
import type { Entity, PackageFile, TypeEntity } from './entities.ts';
import { reportUnsatisfied, typeParameters } from './generics.ts';
import { isComparable } from './members.ts';
import { packageMember, undefinedName } from './names.ts';
import { reportEmbedded, reportRepeated, reportSize } from './type-mistakes.ts';
import { invalidType } from './type-store.ts';
import { underlying } from './types.ts';
import { typeEntity } from './universe.ts';
import type { Field, FunctionType, InterfaceType, NamedType, Type } from './types.ts';

/** Where type syntax stands. A body of a function is one. */
export interface TypeContext {
  readonly checker: Checker;
  readonly file: PackageFile;
  readonly scope: Scope;
}

const maxTypeDepth = 300;

/** The type that the syntax names; `invalid` when that was complained about. */
export function resolveType(context: TypeContext, node: TypeNode): Type {
  const { checker } = context;
  if (checker.resolving > maxTypeDepth) {
    complainAt(context, node, 'nesting-limit', 'this type is nested too deeply');
    return invalidType;
  }
  checker.resolving++;
  const type = resolveNode(context, node);
  if (node.kind !== 'named-type' || node.typeArguments.length > 0) {
    checker.pendingSizes.push({ type, file: context.file.source, span: node.span });
  }
  checker.resolving--;
  if (checker.resolving === 0) completePending(checker);
  return type;
}

function completePending(checker: Checker): void {
  for (let next = checker.pendingTypes.pop(); next; next = checker.pendingTypes.pop()) {
    completeNamed(checker, next);
  }
  for (let next = checker.pendingSizes.pop(); next; next = checker.pendingSizes.pop()) {
    reportSize(checker, next);
  }
}

function resolveNode(context: TypeContext, node: TypeNode): Type {
  const { store } = context.checker;
  switch (node.kind) {
    case 'bad':
      return invalidType;
    case 'named-type':
      return resolveName(context, node);
    case 'pointer-type':
      return wrap(resolveType(context, node.element), (one) => store.pointer(one));
    case 'slice-type':
      return wrap(resolveType(context, node.element), (one) => store.slice(one));
    case 'channel-type':
      return wrap(resolveType(context, node.element), (one) => store.channel(node.direction, one));
    case 'array-type': {
      if (node.length === null) {
        const message = 'invalid use of [...] array (outside a composite literal)';
        complainAt(context, node, 'array-length', message);
        return invalidType;
      }
      const length = constantLength(context, node.length);
      const element = resolveType(context, node.element);
      if (length === null || element === invalidType) return invalidType;
      return store.array(length, element);
    }
    case 'map-type':
      complainAt(context, node, 'no-maps', 'maps are not in the language', useSlice);
      return invalidType;
    case 'function-type':
      reportRepeated(context, node);
      return signatureType(context, node);
    case 'struct-type':
      return resolveStruct(context, node);
    case 'interface-type':
      return resolveInterface(context, node);
    case 'union-type':
      return store.interface([], unionTerms(context, node), false);
  }
}

const useSlice = 'keep the pairs in a slice of structs';

function wrap(type: Type, make: (type: Type) => Type): Type {
  return type === invalidType ? type : make(type);
}

/** A type whose layout is needed at once. */
function completed(context: TypeContext, node: TypeNode): Type {
  const type = resolveType(context, node);
  return completeLayout(context.checker, type) ? type : invalidType;
}

/** Completes what lies in a value of the type; false when that contains itself. */
function completeLayout(checker: Checker, type: Type): boolean {
  if (type.kind === 'named') return completeNamed(checker, type);
  return type.kind === 'array' ? completeLayout(checker, type.element) : true;
}

/** The type of a signature. */
export function signatureType(context: TypeContext, node: FunctionTypeNode): FunctionType {
  const parameters = node.parameters.map((one) => parameterType(context, one));
  const results = node.results.map((one) => parameterType(context, one));
  const variadic = node.parameters.some((one) => one.variadic);
  return context.checker.store.function(parameters, results, variadic);
}

/** The type of one parameter as the body sees it: a slice for `...T`. */
export function parameterType(context: TypeContext, node: Parameter): Type {
  const type = resolveType(context, node.type);
  return node.variadic && type !== invalidType ? context.checker.store.slice(type) : type;
}

function resolveStruct(context: TypeContext, node: StructTypeNode): Type {
  const fields: Omit<Field, 'offset'>[] = [];
  const seen = new Set<string>();
  let valid = true;
  for (const field of node.fields) {
    const { name } = field.name;
    const type = completed(context, field.type);
    if (type === invalidType) valid = false;
    reportEmbedded(context, field, type);
    if (name !== '_' && seen.has(name)) {
      complainAt(context, field.name, 'redeclared', `${name} redeclared`);
      continue;
    }
    seen.add(name);
    const local = context.file.source.isModel && field.tag === 'local';
    const tag = local ? '' : (field.tag ?? '');
    fields.push({ name, type, embedded: field.embedded, local, tag });
  }
  return valid || fields.length > 0 ? context.checker.store.struct(fields) : invalidType;
}

function resolveInterface(context: TypeContext, node: InterfaceTypeNode): Type {
  const methods = new Map<string, FunctionType>();
  for (const method of node.methods) {
    if (methods.has(method.name.name)) {
      const message = `duplicate method ${method.name.name}`;
      complainAt(context, method.name, 'redeclared', message);
    }
    methods.set(method.name.name, signatureType(context, method.signature));
  }
  let union: InterfaceType['union'] = null;
  let comparable = false;
  for (const embedded of node.embedded) {
    const type = completed(context, embedded);
    const under = underlying(type);
    if (type === invalidType) continue;
    if (under.kind === 'interface') {
      for (const method of under.methods) methods.set(method.name, method.type);
      union = intersect(union, under.union);
      comparable ||= under.comparable;
    } else {
      union = intersect(union, [{ tilde: false, type }]);
    }
  }
  const list = [...methods].map(([name, type]) => ({ name, type }));
  return context.checker.store.interface(list, union, comparable);
}

function intersect(a: InterfaceType['union'], b: InterfaceType['union']): InterfaceType['union'] {
  if (!a || !b) return a ?? b;
  return a.filter((term) =>
    b.some(
      (other) => other.type === term.type || (other.tilde && underlying(term.type) === other.type),
    ),
  );
}

function unionTerms(context: TypeContext, node: UnionTypeNode): InterfaceType['union'] {
  const terms: { tilde: boolean; type: Type }[] = [];
  for (const term of node.terms) {
    const type = completed(context, term.type);
    const under = underlying(type);
    if (under.kind === 'interface' && under.union) terms.push(...under.union);
    else if (type !== invalidType) terms.push({ tilde: term.tilde, type });
  }
  return terms;
}

function resolveName(context: TypeContext, node: NamedTypeNode): Type {
  const { checker } = context;
  const entity = node.packageName
    ? packageMember(context, node.packageName, node.name)
    : checker.lookup(context.scope, node.name.name);
  if (!entity) {
    if (!node.packageName) undefinedName(context, node.name);
    return invalidType;
  }
  if (entity.kind !== 'type') {
    if (!isInvalid(entity)) {
      const name = node.packageName ? `${node.packageName.name}.${node.name.name}` : node.name.name;
      complainAt(context, node, 'not-a-type', `${name} is not a type`);
    }
    return invalidType;
  }
  const typeArguments = node.typeArguments.map((one) => resolveType(context, one));
  const type = instantiateType(context, entity, typeArguments, node.name);
  const definition = entity.file &&
    entity.node && { file: entity.file.source, span: entity.node.span };
  checker.note(node.name, { kind: 'type', type, definition });
  return type;
}

function isInvalid(entity: Entity): boolean {
  return entity.kind === 'variable' && entity.variable.type === invalidType;
}

/** The instance of a type for arguments that are already resolved. */
export function instantiateType(
  context: TypeContext,
  entity: TypeEntity,
  typeArguments: readonly Type[],
  node: Identifier,
): Type {
  const { name } = node;
  const wanted = entity.declaration?.typeParameters.length ?? 0;
  if (typeArguments.length === 0 && wanted > 0) {
    const message = `cannot use generic type ${name} without instantiation`;
    complainAt(context, node, 'type-arguments', message);
    return invalidType;
  }
  if (typeArguments.length !== wanted) {
    const message =
      wanted === 0
        ? `${name} is not a generic type`
        : `${typeArguments.length < wanted ? 'not enough' : 'too many'} type arguments for type ` +
          `${name}: have ${typeArguments.length}, want ${wanted}`;
    complainAt(context, node, 'type-arguments', message);
    return invalidType;
  }
  if (typeArguments.includes(invalidType)) return invalidType;
  const type = namedInstance(context.checker, entity, typeArguments);
  if (wanted > 0 && entity.parameters) {
    const { checker } = context;
    const info = checker.named.get(type as NamedType);
    const { parameters, file, declaration } = entity;
    if (!info || !file || !declaration) return type;
    const bound = { checker, file, scope: info.scope };
    const nodes = declaration.typeParameters;
    if (!reportUnsatisfied(context, node, parameters, typeArguments, bound, nodes)) {
      return invalidType;
    }
  }
  return type;
}

/** The type of an entity, made when it is first asked for. */
export function namedInstance(
  checker: Checker,
  entity: TypeEntity,
  typeArguments: readonly Type[],
): Type {
  if (entity.type) return entity.type;
  const { declaration, file, scope } = entity;
  if (!declaration || !file || !scope) return invalidType;
  checker.use(file.package);
  checker.keep(entity);
  if (declaration.alias) return resolveAlias(checker, entity, typeArguments);
  const key = checker.store.key(typeArguments);
  const known = entity.instances.get(key);
  if (known) return known;
  const isGeneric = declaration.typeParameters.length > 0;
  if (isGeneric && !checker.countInstance(file.source, declaration.name, typeArguments)) {
    return invalidType;
  }
  const named: NamedType = {
    kind: 'named',
    packageName: file.package.name,
    name: declaration.name.name,
    typeArguments,
    underlying: invalidType,
  };
  const inner = new Scope(scope, declaration.span);
  if (declaration.typeParameters.length > 0) {
    entity.parameters ??= typeParameters(
      { checker, file, scope: new Scope(scope, declaration.span) },
      declaration.typeParameters,
    );
    for (const [index, parameter] of declaration.typeParameters.entries()) {
      inner.names.set(parameter.name.name, typeEntity(typeArguments[index]));
    }
    checker.addTo(entity.instances, key, named);
  } else {
    entity.type = named;
  }
  checker.named.set(named, { entity, scope: inner, state: 'new' });
  checker.pendingTypes.push(named);
  if (checker.resolving === 0) completePending(checker);
  return named;
}

function resolveAlias(checker: Checker, entity: TypeEntity, typeArguments: readonly Type[]): Type {
  const { declaration, file, scope } = entity;
  if (!declaration || !file || !scope) return invalidType;
  if (entity.state === 'busy') {
    const message = `invalid recursive type ${declaration.name.name}`;
    checker.report(file.source, declaration.name.span, 'recursive-type', message);
    entity.type = invalidType;
    return invalidType;
  }
  const inner = new Scope(scope, declaration.span);
  for (const [index, parameter] of declaration.typeParameters.entries()) {
    inner.names.set(parameter.name.name, typeEntity(typeArguments[index]));
  }
  entity.state = 'busy';
  checker.resolving++;
  const type = resolveType({ checker, file, scope: inner }, declaration.type);
  checker.resolving--;
  entity.state = 'done';
  if (typeArguments.length === 0) entity.type ??= type;
  if (checker.resolving === 0) completePending(checker);
  return type;
}

/** Gives a named type its underlying type. False when it contains itself. */
export function completeNamed(checker: Checker, named: NamedType): boolean {
  const info = checker.named.get(named);
  if (!info || info.state === 'done') return true;
  const { declaration, file } = info.entity;
  if (!declaration || !file) return true;
  if (info.state === 'busy') {
    const message = `invalid recursive type ${named.name}`;
    const help = 'use a pointer to it';
    checker.report(file.source, declaration.name.span, 'recursive-type', message, help);
    return false;
  }
  info.state = 'busy';
  checker.resolving++;
  // The declaration itself is complained about once: by its first instance.
  const mute = declaration.typeParameters.length > 0 && info.entity.instances.size > 1;
  if (mute) checker.muted++;
  const type = resolveType({ checker, file, scope: info.scope }, declaration.type);
  const whole = completeLayout(checker, type);
  if (mute) checker.muted--;
  checker.resolving--;
  info.state = 'done';
  named.underlying = whole ? underlying(type) : invalidType;
  if (!mute) reportFieldMethods(checker, named, info);
  return true;
}

function reportFieldMethods(checker: Checker, named: NamedType, { entity }: NamedInfo): void {
  const { underlying: under } = named;
  if (under.kind !== 'struct') return;
  for (const { name } of under.fields) {
    const method = entity.methods.get(name);
    if (!method) continue;
    const message = `field and method with the same name ${name}`;
    checker.report(method.file.source, method.node.span, 'redeclared', message);
  }
}

/** Whether `type` belongs to what the constraint admits; the reason otherwise. */
export function fulfilsUnion(type: Type, constraint: InterfaceType): string | null {
  if (constraint.comparable && !isComparable(type)) return 'is not comparable';
  const { union } = constraint;
  if (!union) return null;
  const admitted = (one: Type): boolean =>
    union.some(
      (term) => term.type === one || (term.tilde && underlying(term.type) === underlying(one)),
    );
  if (type.kind === 'type-parameter') {
    const own = underlying(type.constraint);
    const terms = own.kind === 'interface' ? own.union : null;
    return terms?.every((term) => admitted(term.type)) ? null : 'not in the type set';
  }
  return admitted(type) ? null : 'not in the type set';
}

function complainAt(
  context: TypeContext,
  node: { readonly span: { readonly start: number; readonly end: number } },
  code: string,
  message: string,
  help?: string,
): void {
  context.checker.report(context.file.source, node.span, code, message, help);
}
