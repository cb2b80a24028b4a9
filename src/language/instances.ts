/** Instances of functions: one typed function for each list of type arguments. */
import type { FunctionTypeNode, Parameter, TypeNode } from './ast.ts';
import type { Checker } from './checker.ts';
import { checkFunctionBody } from './function-bodies.ts';
import { Scope } from './entities.ts';
import type { FunctionEntity, FunctionInstance, GenericSignature } from './entities.ts';
import { typeParameters } from './generics.ts';
import { namedInstance, parameterType, signatureType } from './type-nodes.ts';
import type { TypeContext } from './type-nodes.ts';
import { invalidType, spell } from './type-store.ts';
import type { TypedFunction, Variable } from './typed.ts';
import { underlying } from './types.ts';
import type { FunctionType, Type } from './types.ts';
import { typeEntity } from './universe.ts';

/** Names of the type parameters of a function, or of the type that it is a method of. */
export function typeParameterNames(entity: FunctionEntity): readonly string[] {
  const { receiver, typeParameters: own } = entity.declaration;
  if (!receiver) return own.map((parameter) => parameter.name.name);
  const node = receiverNode(receiver.type);
  if (node?.kind !== 'named-type') return [];
  return node.typeArguments.map((one) =>
    one.kind === 'named-type' && !one.packageName ? one.name.name : '_',
  );
}

/** The receiver's type without `*`. */
export function receiverNode(node: TypeNode): TypeNode {
  return node.kind === 'pointer-type' ? node.element : node;
}

/** The instance for these type arguments, made when first asked for. Its body is checked only
 *  when it is requested (`requestFunction`). */
export function functionInstance(
  checker: Checker,
  entity: FunctionEntity,
  typeArguments: readonly Type[],
): FunctionInstance {
  const key = typeArguments.length === 0 ? '' : checker.store.key(typeArguments);
  const known = entity.instances.get(key);
  if (known) return known;
  const { declaration, file } = entity;
  const scope = new Scope(file.scope, declaration.span);
  for (const [index, name] of typeParameterNames(entity).entries()) {
    const argument = typeArguments[index];
    if (name !== '_' && argument) scope.names.set(name, typeEntity(argument));
  }
  // A generic signature is complained about once, where its parameters are opaque.
  const { muted } = checker;
  checker.muted = typeArguments.length > 0 ? 1 : 0;
  const typed = declareFunction(entity, { checker, file, scope }, typeArguments);
  checker.muted = muted;
  const instance = { typed, scope, typeArguments, requested: false };
  checker.addTo(entity.instances, key, instance);
  return instance;
}

function declareFunction(
  entity: FunctionEntity,
  context: TypeContext,
  typeArguments: readonly Type[],
): TypedFunction {
  const { declaration, file } = entity;
  const { receiver, signature, body } = declaration;
  const own = signatureType(context, signature);
  const receiverType = receiver ? typeOfReceiver(entity, context, typeArguments) : null;
  const { store } = context.checker;
  const type = receiverType
    ? store.function([receiverType, ...own.parameters], own.results, own.variadic)
    : own;
  const nodes = receiver ? [receiver, ...signature.parameters] : signature.parameters;
  const scope = body?.span ?? declaration.span;
  return {
    name: functionName(entity),
    packageName: file.package.name,
    file: file.source,
    span: declaration.span,
    type,
    parameters: nodes.map((node, index) =>
      parameterVariable(context, node, type.parameters[index], 'parameter', index, scope),
    ),
    results: signature.results.map((node, index) =>
      parameterVariable(context, node, type.results[index], 'result', index, scope),
    ),
    captures: [],
    body: null,
    hasDefer: false,
    isWrapper: false,
    isRangeBody: false,
  };
}

/** The receiver's type; the names of type parameters in it (perhaps `_`) stand for themselves. */
function typeOfReceiver(
  entity: FunctionEntity,
  context: TypeContext,
  typeArguments: readonly Type[],
): Type {
  const { receiver } = entity.declaration;
  if (!receiver) return invalidType;
  if (!entity.receiver || typeArguments.length === 0) {
    const type = parameterType(context, receiver);
    checkReceiver(entity, context, type);
    return type;
  }
  const wanted = entity.receiver.declaration?.typeParameters.length ?? 0;
  if (wanted !== typeArguments.length) return parameterType(context, receiver);
  const type = namedInstance(context.checker, entity.receiver, typeArguments);
  return entity.pointerReceiver ? context.checker.store.pointer(type) : type;
}

/** Methods belong to types that are neither pointers nor interfaces. */
function checkReceiver(entity: FunctionEntity, context: TypeContext, type: Type): void {
  const base = entity.pointerReceiver && type.kind === 'pointer' ? type.element : type;
  const { kind } = underlying(base);
  if (!entity.receiver || (kind !== 'pointer' && kind !== 'interface')) return;
  const { receiver } = entity.declaration;
  const message = `invalid receiver type ${spell(base)} (pointer or interface type)`;
  context.checker.report(context.file.source, (receiver ?? entity.node).span, 'receiver', message);
}

/** `main.f`, `main.Map[...]`, `main.(*List[...]).Push`. */
function functionName(entity: FunctionEntity): string {
  const { declaration, file } = entity;
  const { name } = declaration.name;
  const prefix = `${file.package.name}.`;
  const dots = typeParameterNames(entity).length > 0 ? '[...]' : '';
  if (!declaration.receiver) {
    return `${prefix}${name}${dots}`;
  }
  const base = `${entity.receiver?.node?.name ?? '_'}${dots}`;
  return `${prefix}${entity.pointerReceiver ? `(*${base})` : base}.${name}`;
}

/** The variable of a parameter or result; unnamed ones are synthetic. */
export function parameterVariable(
  context: TypeContext,
  node: Parameter,
  type: Type,
  kind: 'parameter' | 'result',
  index: number,
  scope: Variable['scope'],
): Variable {
  const named = node.name !== null && node.name.name !== '_';
  return {
    name: node.name ? node.name.name : `${kind === 'result' ? '~r' : '~p'}${index}`,
    type,
    kind,
    file: context.file.source,
    span: (node.name ?? node).span,
    scope,
    synthetic: !named,
    local: false,
    captured: false,
    addressTaken: false,
    reassigned: false,
  };
}

/** The signature with opaque type parameters, for inference and for the check of a generic body. */
export function genericSignature(checker: Checker, entity: FunctionEntity): GenericSignature {
  if (entity.generic) return entity.generic;
  const { declaration, file } = entity;
  const scope = new Scope(file.scope, declaration.span);
  const context = { checker, file, scope };
  const parameters = typeParameters(context, declaration.typeParameters);
  checker.keep(entity);
  entity.generic = { parameters, scope, type: signatureOf(context, declaration.signature) };
  return entity.generic;
}

function signatureOf(context: TypeContext, node: FunctionTypeNode): FunctionType {
  const { checker } = context;
  checker.muted++;
  const type = signatureType(context, node);
  checker.muted--;
  return type;
}

/** Sees to it that the body of an instance is checked and becomes part of the program. */
export function requestFunction(
  checker: Checker,
  entity: FunctionEntity,
  instance: FunctionInstance,
): void {
  if (instance.requested) return;
  checker.keep(instance);
  instance.requested = true;
  checker.use(entity.file.package);
  const { typed } = instance;
  const { declaration, file } = entity;
  if (checker.store.isOpen(typed.type)) return;
  checker.functions.push(typed);
  if (!declaration.body) {
    reportMissingBody(checker, entity, typed);
    return;
  }
  const mute = typeParameterNames(entity).length > 0;
  if (mute && !checker.countInstance(file.source, declaration.name, instance.typeArguments)) return;
  checker.pending.push(() => {
    if (mute) checkGenericFunction(checker, entity);
    if (mute) checker.muted++;
    checkFunctionBody(checker, entity, instance, false);
    if (mute) checker.muted--;
  });
}

/** Checks a generic function once with opaque type parameters: mistakes are found there. */
export function checkGenericFunction(checker: Checker, entity: FunctionEntity): void {
  if (checker.abstractDone.has(entity)) return;
  checker.abstractDone.add(entity);
  const { declaration, file, receiver } = entity;
  let signature: GenericSignature;
  if (declaration.receiver) {
    const parameters = receiver?.declaration?.typeParameters ?? [];
    const names = typeParameterNames(entity);
    const scope = new Scope(file.scope, declaration.span);
    const types = typeParameters(
      { checker, file, scope: new Scope(receiver?.scope ?? null, declaration.span) },
      parameters,
    );
    for (const [index, name] of names.entries()) {
      if (name !== '_' && types[index]) scope.names.set(name, typeEntity(types[index]));
    }
    signature = { parameters: types, scope, type: checker.store.thunk };
  } else {
    signature = genericSignature(checker, entity);
  }
  const { scope } = signature;
  const typed = checker.aloud(() =>
    declareFunction(entity, { checker, file, scope }, signature.parameters),
  );
  if (!declaration.body) return;
  checker.aloud(() => {
    checkFunctionBody(checker, entity, { typed, scope, typeArguments: [], requested: true }, true);
  });
}

function reportMissingBody(checker: Checker, entity: FunctionEntity, typed: TypedFunction): void {
  const { file, declaration } = entity;
  if (typed.name === 'runtime.main_main') checker.mainMain = typed;
  else if (file.package.name !== 'machine' && typed.name !== 'runtime.main_init') {
    checker.report(file.source, declaration.name.span, 'missing-body', 'missing function body');
  }
}
