/**
 * The type checker: from the trees of a scenario and of a profile's models to a typed program.
 *
 * Everything is checked on demand. All of the scenario file is looked at; of the models only what
 * is reached from it, from the entry and from the functions that compiled code calls. What is
 * reached without a scenario is checked once for the same models, and kept with them.
 */
import type { FileNode, Identifier } from './ast.ts';
import { Checker } from './checker.ts';
import type { NameInfo } from './checker.ts';
import { collectModels, collectScenario } from './collect.ts';
import type { Diagnostic } from './diagnostics.ts';
import { resolveConstant } from './constant-declarations.ts';
import { Scope } from './entities.ts';
import type { Entity, FunctionEntity, Package } from './entities.ts';
import { typeParameters } from './generics.ts';
import { newFunction } from './function-bodies.ts';
import { resolveGlobal } from './globals.ts';
import { genericSignature } from './instances.ts';
import {
  checkGenericFunction,
  functionInstance,
  requestFunction,
  typeParameterNames,
} from './instances.ts';
import { buildInit } from './initialization.ts';
import { checkConditions, checkScenarios } from './scenarios.ts';
import { completeNamed, namedInstance } from './type-nodes.ts';
import type { CheckResult, TypedCondition, TypedFunction } from './typed.ts';
import { CHANNEL_FUNCTIONS, RUNTIME_FUNCTIONS, SELECT_FUNCTION } from './instructions.ts';
import type { NamedType, TypeParameterType } from './types.ts';

export type { NameInfo } from './checker.ts';
export { requireScenario } from './scenarios.ts';

const nowhere = { start: 0, end: 0 };

/**
 * Checks a scenario file together with the model files of a profile.
 * `runtimeFunctions` are the functions of package runtime that compiled code calls by name; those
 * for channels and select are added where they are needed.
 * Never throws for bad input; a program with errors must not be compiled.
 */
export function check(
  scenario: FileNode | null,
  models: readonly FileNode[],
  runtimeFunctions: readonly string[] = RUNTIME_FUNCTIONS,
): CheckResult {
  return run(scenario, models, runtimeFunctions, null);
}

/** As `check`, and what each identifier of the scenario means: for hovers and definitions. */
export function checkInfo(
  scenario: FileNode | null,
  models: readonly FileNode[],
): CheckResult & { readonly names: ReadonlyMap<Identifier, NameInfo> } {
  const names = new Map<Identifier, NameInfo>();
  return { ...run(scenario, models, RUNTIME_FUNCTIONS, names), names };
}

/** Looks at every function of models, also at those that nothing reaches. */
export function checkModels(models: readonly FileNode[]): readonly Diagnostic[] {
  const checker = new Checker(null);
  collectModels(checker, models);
  const { mainFile } = collectScenario(checker, null);
  checker.init = newFunction(mainFile, 'main.init', nowhere, {
    type: checker.store.thunk,
  });
  for (const home of checker.packages.values()) checkPackage(checker, home);
  checker.drain();
  return sorted(checker.diagnostics, null);
}

function run(
  scenario: FileNode | null,
  models: readonly FileNode[],
  runtimeNames: readonly string[],
  names: Map<Identifier, NameInfo> | null,
): CheckResult {
  const base = baseOf(models, runtimeNames);
  const checker = new Checker(names, base.checker);
  try {
    return runOn(base, checker, scenario);
  } catch (error) {
    // Each needs the next, thousands of times: the one way left to exhaust the stack.
    if (!(error instanceof RangeError) || !scenario) throw error;
    checker.takeBack();
    const { program } = run(null, models, runtimeNames, null);
    return { program, diagnostics: [tooDeep(scenario)] };
  } finally {
    checker.takeBack();
  }
}

function tooDeep({ source: file, span }: FileNode): Diagnostic {
  const message = 'too many declarations here need each other, one behind the other';
  const at = { start: span.start, end: span.start };
  return { file, span: at, severity: 'error', code: 'nesting-limit', message };
}

function runOn(base: Base, checker: Checker, scenario: FileNode | null): CheckResult {
  const collected = collectScenario(checker, scenario);
  const { mainFile } = collected;
  const init = newFunction(mainFile, 'main.init', nowhere, { type: checker.store.thunk });
  checker.init = init;
  checker.functions.push(init);
  const entry = base.entry && { ...base.entry };
  const runtimeFunctions = new Map(base.runtimeFunctions);
  requestLate(checker, runtimeFunctions);
  if (scenario) checkPackage(checker, mainFile.package);
  const scenarios = checkScenarios(checker, collected);
  const conditions = [...base.conditions, ...checkConditions(checker, collected.conditions)];
  checker.drain();
  buildInit(checker, init, entry);
  checker.drain();
  return {
    program: {
      functions: checker.functions,
      globals: checker.globals,
      entry,
      scenarios,
      init,
      mainMain: checker.mainMain,
      conditions,
      runtimeFunctions,
      dynamicTypes: [...checker.dynamicTypes.values()],
    },
    diagnostics: sorted(checker.diagnostics, scenario),
  };
}

/** Models after their check, without a scenario: what every scenario's check begins with. */
interface Base {
  readonly checker: Checker;
  readonly entry: TypedFunction | null;
  readonly conditions: readonly TypedCondition[];
  readonly runtimeFunctions: ReadonlyMap<string, TypedFunction>;
}

const bases = new WeakMap<readonly FileNode[], Base>();

function baseOf(models: readonly FileNode[], runtimeNames: readonly string[]): Base {
  const isUsual = runtimeNames === RUNTIME_FUNCTIONS;
  let base = isUsual ? bases.get(models) : undefined;
  if (base === undefined) {
    base = makeBase(models, runtimeNames);
    if (isUsual) bases.set(models, base);
  }
  return base;
}

function makeBase(models: readonly FileNode[], runtimeNames: readonly string[]): Base {
  const checker = new Checker(null);
  const collected = collectModels(checker, models);
  const runtimeFunctions = new Map<string, TypedFunction>();
  requestLate(checker, runtimeFunctions);
  const entry = runtimeFunction(checker, 'rt0_go');
  runtimeFunction(checker, 'main_main');
  for (const name of runtimeNames) addRuntimeFunction(checker, name, runtimeFunctions);
  const conditions = checkConditions(checker, collected);
  checker.drain();
  return { checker, entry, conditions, runtimeFunctions };
}

/** Many programs have no channels, and then no code of theirs. What is asked for while something
 *  else is being checked is checked after that. */
function requestLate(checker: Checker, into: Map<string, TypedFunction>): void {
  const request = (names: readonly string[]) => {
    checker.pending.push(() => {
      for (const name of names) addRuntimeFunction(checker, name, into);
    });
  };
  checker.store.onChannel = () => request(CHANNEL_FUNCTIONS);
  checker.onSelect = () => request([SELECT_FUNCTION]);
}

function addRuntimeFunction(
  checker: Checker,
  name: string,
  into: Map<string, TypedFunction>,
): void {
  if (into.has(name)) return;
  const typed = runtimeFunction(checker, name);
  if (typed) into.set(name, typed);
}

/** Requests a function of package runtime; null when the profile lacks it. */
function runtimeFunction(checker: Checker, name: string): TypedFunction | null {
  const entity = checker.packages.get('runtime')?.scope.names.get(name);
  if (entity?.kind !== 'function' || typeParameterNames(entity).length > 0) return null;
  const instance = functionInstance(checker, entity, []);
  requestFunction(checker, entity, instance);
  return instance.typed;
}

/** Everything that the files of a package declare. */
function checkPackage(checker: Checker, home: Package): void {
  const { scope, globals, methods, initFunctions } = home;
  for (const entity of scope.names.values()) checkEntity(checker, entity);
  for (const entity of globals) resolveGlobal(checker, entity);
  for (const entity of [...methods, ...initFunctions]) checkFunction(checker, entity);
  checker.drain();
}

function checkEntity(checker: Checker, entity: Entity): void {
  switch (entity.kind) {
    case 'constant':
      resolveConstant(checker, entity);
      return;
    case 'type': {
      if (!entity.declaration) return;
      if (entity.declaration.typeParameters.length === 0) {
        namedInstance(checker, entity, []);
        return;
      }
      const parameters = genericTypeParameters(checker, entity);
      const type = namedInstance(checker, entity, parameters);
      if (type.kind === 'named') completeNamed(checker, type as NamedType);
      return;
    }
    case 'function':
      checkFunction(checker, entity);
      return;
    default:
  }
}

function genericTypeParameters(
  checker: Checker,
  entity: Entity & { readonly kind: 'type' },
): TypeParameterType[] {
  const { declaration, file } = entity;
  if (!declaration || !file) return [];
  const scope = new Scope(entity.scope ?? file.scope, declaration.span);
  entity.parameters ??= typeParameters({ checker, file, scope }, declaration.typeParameters);
  return [...entity.parameters];
}

function checkFunction(checker: Checker, entity: FunctionEntity): void {
  if (typeParameterNames(entity).length > 0) {
    if (!entity.declaration.receiver) genericSignature(checker, entity);
    checkGenericFunction(checker, entity);
    return;
  }
  requestFunction(checker, entity, functionInstance(checker, entity, []));
}

/** By file, the scenario's first, then by place; every message once. */
function sorted(diagnostics: readonly Diagnostic[], scenario: FileNode | null): Diagnostic[] {
  const files = new Map<unknown, number>([[scenario?.source, 0]]);
  for (const { file } of diagnostics) if (!files.has(file)) files.set(file, files.size);
  const rank = ({ file }: Diagnostic): number => files.get(file) ?? 0;
  const list = diagnostics.toSorted((a, b) => rank(a) - rank(b) || a.span.start - b.span.start);
  return list.filter((one, index) => {
    const before = list[index - 1];
    return !before || before.span.start !== one.span.start || before.message !== one.message;
  });
}
