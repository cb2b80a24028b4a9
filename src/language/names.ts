/** Finding names in packages, and what is said when they are not there. */
import type { Identifier } from './ast.ts';
import type { Checker } from './checker.ts';
import { isExported } from './entities.ts';
import type { Entity } from './entities.ts';
import type { TypeContext } from './type-nodes.ts';
import { missingNames, unsafeScope } from './universe.ts';

/** Packages that only models may use. */
const modelPackages = new Set(['machine', 'unsafe']);

/** Import path of a package, for those where it is not the name itself. */
const importPaths = new Map([
  ['sync/atomic', 'atomic'],
  ['unicode/utf8', 'utf8'],
]);

/** The package name that an import path stands for. */
export function packageOfPath(path: string): string {
  return importPaths.get(path) ?? path;
}

/** What the profile offers, for messages. */
export function knownPackages(checker: Checker): string {
  const names = [...checker.packages.values()]
    .filter((one) => one.isModel && !modelPackages.has(one.name))
    .map(({ name }) => [...importPaths].find(([, own]) => own === name)?.[0] ?? name)
    .sort();
  return names.length > 0
    ? `this runtime profile has the packages ${names.join(', ')}`
    : 'this runtime profile has no packages';
}

/** `pkg.Name`; null after complaining when there is no such package or member. */
export function packageMember(
  context: TypeContext,
  packageName: Identifier,
  name: Identifier,
): Entity | null {
  const { checker } = context;
  if (packageName.name === 'unsafe' && context.file.source.isModel) {
    const entity = unsafeScope.lookup(name.name);
    if (!entity) undefinedMember(context, packageName.name, name);
    return entity;
  }
  const found = checker.lookup(context.scope, packageName.name);
  if (!found) {
    undefinedName(context, packageName);
    return null;
  }
  if (found.kind !== 'package') {
    const message = `${packageName.name}.${name.name} is not a type`;
    report(context, packageName, 'not-a-type', message);
    return null;
  }
  return memberOf(context, found.package.name, name);
}

/** A member of the package of that name. */
export function memberOf(
  context: TypeContext,
  packageName: string,
  name: Identifier,
): Entity | null {
  const { checker, file } = context;
  const found = checker.packages.get(packageName);
  const entity = found?.scope.names.get(name.name) ?? null;
  if (!found || !entity) {
    undefinedMember(context, packageName, name);
    return null;
  }
  if (found.name === 'machine' && !file.source.isModel) {
    report(context, name, 'models-only', 'package machine can be used in runtime models only');
    return null;
  }
  const open = file.source.isModel || found.name === 'runtime' || found === file.package;
  if (!open && !isExported(name.name)) {
    const message = `name ${name.name} not exported by package ${packageName}`;
    report(context, name, 'not-exported', message);
    return null;
  }
  checker.use(found);
  return entity;
}

function undefinedMember(context: TypeContext, packageName: string, name: Identifier): void {
  const scope = context.checker.packages.get(packageName)?.scope;
  const other = scope && similarName(scope.names.keys(), name.name);
  const message = `undefined: ${packageName}.${name.name}`;
  const fallback = scope ? 'this runtime profile does not model it' : undefined;
  const help = other ? `did you mean ${packageName}.${other}?` : fallback;
  report(context, name, 'undefined-name', message, help);
}

/** Complains of a name that nothing declares, and says what was perhaps meant. */
export function undefinedName(context: TypeContext, node: Identifier): void {
  const { name } = node;
  if (name === '_') {
    report(context, node, 'blank', 'cannot use _ as value');
    return;
  }
  const missing = missingNames.get(name);
  if (missing) {
    report(context, node, 'not-in-language', `${name}: ${missing}`);
    return;
  }
  report(context, node, 'undefined-name', `undefined: ${name}`, suggestion(context, name));
}

function suggestion(context: TypeContext, name: string): string | undefined {
  for (let scope: typeof context.scope | null = context.scope; scope; scope = scope.parent) {
    const other = similarName(scope.names.keys(), name);
    if (other) return `did you mean ${other}?`;
  }
  if (commonPackages.has(name)) return knownPackages(context.checker);
  return undefined;
}

const commonPackages = new Set([
  'strings',
  'os',
  'time',
  'errors',
  'sort',
  'math',
  'context',
  'slices',
  'maps',
  'log',
  'bytes',
  'strconv',
  'sync',
  'atomic',
  'fmt',
  'iter',
  'runtime',
  'io',
  'rand',
  'testing',
  'unsafe',
  'machine',
  'zig',
  'cgo',
]);

/** A name that differs in capitals, or by one slip of the pen. */
function similarName(names: Iterable<string>, wanted: string): string | null {
  const low = wanted.toLowerCase();
  for (const name of names) {
    if (name.toLowerCase() === low || isOneSlip(name, wanted)) return name;
  }
  return null;
}

function isOneSlip(a: string, b: string): boolean {
  if (Math.min(a.length, b.length) < 4 || Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  const restA = a.slice(start);
  const restB = b.slice(start);
  return (
    restA.slice(1) === restB ||
    restA === restB.slice(1) ||
    restA.slice(1) === restB.slice(1) ||
    (restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2))
  );
}

function report(
  context: TypeContext,
  node: Identifier,
  code: string,
  message: string,
  help?: string,
): void {
  context.checker.report(context.file.source, node.span, code, message, help);
}
