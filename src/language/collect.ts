/** The packages of a program: what each file declares, before any of it is looked at. */
import type {
  Declaration,
  FileNode,
  FunctionDeclaration,
  Identifier,
  ImportNode,
  ScenarioDeclaration,
  ConditionDeclaration,
} from './ast.ts';
import type { Checker } from './checker.ts';
import { positionAt } from './diagnostics.ts';
import { Scope, typeEntity } from './entities.ts';
import type {
  ConstantEntity,
  Entity,
  FunctionEntity,
  GlobalEntity,
  PackageFile,
  TypeEntity,
} from './entities.ts';
import { receiverNode } from './instances.ts';
import { knownPackages, packageOfPath } from './names.ts';
import { invalidType } from './type-store.ts';
import { universe } from './universe.ts';

const nowhere = { start: 0, end: 0 };

/** What the declarations of a scenario's file come to. */
export interface Collected {
  readonly mainFile: PackageFile;
  readonly scenarios: readonly ScenarioDeclaration[];
  readonly conditions: readonly CollectedCondition[];
}

export interface CollectedCondition {
  readonly node: ConditionDeclaration;
  readonly file: PackageFile;
}

/** Puts the declarations of models into the scopes of their packages; gives their conditions. */
export function collectModels(
  checker: Checker,
  models: readonly FileNode[],
): readonly CollectedCondition[] {
  const conditions: CollectedCondition[] = [];
  const files = models.map((node) =>
    collectFile(checker, node, node.packageName?.name ?? 'runtime', [], conditions),
  );
  for (const file of files) attachFile(checker, file);
  return conditions;
}

/** Puts the declarations of a scenario's file into package main, after those of the models. */
export function collectScenario(checker: Checker, scenario: FileNode | null): Collected {
  const scenarios: ScenarioDeclaration[] = [];
  const conditions: CollectedCondition[] = [];
  const mainFile = collectFile(checker, scenario ?? emptyFile, 'main', scenarios, conditions);
  attachFile(checker, mainFile);
  return { mainFile, scenarios, conditions };
}

const emptyFile: FileNode = {
  kind: 'file',
  span: nowhere,
  source: { path: 'main', text: '', isModel: false },
  packageName: null,
  imports: [],
  runtime: null,
  declarations: [],
};

function collectFile(
  checker: Checker,
  node: FileNode,
  name: string,
  scenarios: ScenarioDeclaration[],
  conditions: CollectedCondition[],
): PackageFile {
  const file = addFile(checker, node, name);
  for (const declaration of node.declarations) {
    if (declaration.kind === 'scenario') scenarios.push(declaration);
    else if (declaration.kind === 'condition') conditions.push({ node: declaration, file });
    else collectDeclaration(checker, file, declaration);
  }
  return file;
}

function attachFile(checker: Checker, file: PackageFile): void {
  collectImports(checker, file);
  attachMethods(checker, file);
}

function addFile(checker: Checker, node: FileNode, name: string): PackageFile {
  let known = checker.packages.get(name);
  if (!known) {
    known = {
      name,
      isModel: node.source.isModel,
      scope: new Scope(universe, node.span),
      files: [],
      globals: [],
      initFunctions: [],
      methods: [],
      used: name === 'main' || name === 'runtime',
    };
    checker.packages.set(name, known);
  }
  const { source } = node;
  const scope = new Scope(known.scope, { start: 0, end: source.text.length });
  const file = { source, node, package: known, scope };
  known.files.push(file);
  return file;
}

function collectDeclaration(
  checker: Checker,
  file: PackageFile,
  declaration: Exclude<Declaration, ScenarioDeclaration | ConditionDeclaration>,
): void {
  const { package: home, scope } = file;
  switch (declaration.kind) {
    case 'function':
      collectFunction(checker, file, declaration);
      return;
    case 'variable':
      for (const [index, node] of declaration.names.entries()) {
        const entity: GlobalEntity = {
          kind: 'global',
          node,
          declaration,
          index,
          file,
          state: 'new',
          variable: null,
          references: new Set(),
        };
        home.globals.push(entity);
        declareInPackage(checker, file, node, entity);
      }
      return;
    case 'constant':
      for (const [index, node] of declaration.names.entries()) {
        const entity: ConstantEntity = {
          kind: 'constant',
          node,
          declaration,
          index,
          file,
          scope,
          state: 'new',
          type: invalidType,
          value: 0n,
        };
        declareInPackage(checker, file, node, entity);
      }
      return;
    case 'type': {
      const entity = typeEntity(declaration, file, scope);
      declareInPackage(checker, file, declaration.name, entity);
    }
  }
}

function collectFunction(
  checker: Checker,
  file: PackageFile,
  declaration: FunctionDeclaration,
): void {
  const { package: home } = file;
  const { name, receiver } = declaration;
  const entity: FunctionEntity = {
    kind: 'function',
    node: name,
    declaration,
    file,
    receiver: null,
    pointerReceiver: receiver?.type.kind === 'pointer-type',
    instances: new Map(),
    generic: null,
  };
  if (receiver) {
    home.methods.push(entity);
    return;
  }
  if (name.name === 'init' || (name.name === 'main' && home.name === 'main')) {
    const { parameters, results } = declaration.signature;
    if (parameters.length > 0 || results.length > 0 || declaration.typeParameters.length > 0) {
      const message = `func ${name.name} must have no arguments and no return values`;
      checker.report(file.source, name.span, 'main-signature', message);
    }
  }
  if (name.name === 'init') home.initFunctions.push(entity);
  else declareInPackage(checker, file, name, entity);
}

function declareInPackage(
  checker: Checker,
  file: PackageFile,
  node: Identifier,
  entity: Entity,
): void {
  const { names } = file.package.scope;
  if (node.name === '_') {
    // It has no name, but must be looked at all the same.
    if (entity.kind !== 'global') names.set(`_ ${names.size}`, entity);
    return;
  }
  const mustBeFunction =
    node.name === 'init' || (node.name === 'main' && entity.kind !== 'function');
  if (mustBeFunction && file.package.name === 'main') {
    const message = `cannot declare ${node.name} - must be func`;
    checker.report(file.source, node.span, 'redeclared', message);
    return;
  }
  const other = names.get(node.name);
  if (!other) {
    names.set(node.name, entity);
    return;
  }
  const otherFile = 'file' in other && other.file ? other.file.source : file.source;
  const { line } = positionAt(otherFile, other.node?.span.start ?? 0);
  const help = `the other declaration is on line ${line}`;
  checker.report(
    file.source,
    node.span,
    'redeclared',
    `${node.name} redeclared in this block`,
    help,
  );
}

function collectImports(checker: Checker, file: PackageFile): void {
  for (const node of file.node.imports) collectImport(checker, file, node);
}

function collectImport(checker: Checker, file: PackageFile, node: ImportNode): void {
  const name = packageOfPath(node.path);
  if (name === 'unsafe' && file.source.isModel) return;
  const found = checker.packages.get(name);
  if (!found || !found.isModel) {
    const message = `package ${node.path} is not in this runtime profile`;
    checker.report(file.source, node.span, 'unknown-import', message, knownPackages(checker));
    return;
  }
  const alias = node.alias?.name ?? name;
  if (alias === '_') return;
  if (alias === '.') {
    const message = 'dot imports are not in the language';
    checker.report(file.source, node.span, 'not-in-language', message);
    return;
  }
  file.scope.names.set(alias, { kind: 'package', node: node.alias, package: found });
}

/** The type that a name of the package stands for; aliases are followed. */
function declaredType(scope: Scope, name: string): TypeEntity | null {
  let entity = scope.names.get(name);
  for (let turns = 0; turns < 100; turns++) {
    if (entity?.kind !== 'type' || !entity.declaration) return null;
    const { alias, type } = entity.declaration;
    if (!alias) return entity;
    if (type.kind !== 'named-type' || type.packageName) return null;
    entity = scope.names.get(type.name.name);
  }
  return null;
}

/** Finds the type that each method belongs to. */
function attachMethods(checker: Checker, file: PackageFile): void {
  const { methods, scope } = file.package;
  for (const [index, method] of methods.entries()) {
    if (method.file !== file || !method.declaration.receiver) continue;
    const { name } = method.node;
    const node = receiverNode(method.declaration.receiver.type);
    if (node.kind !== 'named-type') {
      if (node.kind !== 'bad') {
        checker.report(file.source, node.span, 'receiver', 'invalid receiver type');
      }
      continue;
    }
    const entity = node.packageName ? null : declaredType(scope, node.name.name);
    if (!entity) {
      if (node.packageName || universe.names.has(node.name.name)) {
        const message = `cannot define new methods on non-local type ${node.name.name}`;
        checker.report(file.source, node.span, 'receiver', message);
      }
      continue;
    }
    const other = entity.methods.get(name);
    if (other && name !== '_') {
      const message = `method ${node.name.name}.${name} already declared`;
      const { line } = positionAt(other.file.source, other.node.span.start);
      const help = `the other declaration is on line ${line}`;
      checker.report(file.source, method.node.span, 'redeclared', message, help);
      continue;
    }
    const attached = { ...method, receiver: entity };
    entity.methods.set(name, attached);
    methods[index] = attached;
  }
}
