/**
 * Which declarations a scenario needs, and which names they use: what an exported program holds.
 */
import type { Declaration, Expression, FileNode, Statement, TypeNode } from './ast.ts';

/** The names that declarations use. */
export interface GoNames {
  readonly identifiers: ReadonlySet<string>;
  /** Names that stand before a dot and may be packages. */
  readonly packages: ReadonlySet<string>;
}

type AnyNode = Declaration | Expression | Statement | TypeNode;

/** Every node of a declaration that has a kind, parents before children. */
export function nodesOf(declaration: Declaration): AnyNode[] {
  const found: AnyNode[] = [];
  const pending: unknown[] = [declaration];
  while (pending.length > 0) {
    const next = pending.pop();
    if (typeof next !== 'object' || next === null) continue;
    if ('kind' in next && 'span' in next) {
      found.push(next as AnyNode);
    }
    pending.push(...(Object.values(next) as unknown[]).reverse());
  }
  return found;
}

/** The names that the declarations use, in no particular order. */
export function namesOf(declarations: readonly Declaration[]): GoNames {
  const identifiers = new Set<string>();
  const packages = new Set<string>();
  for (const declaration of declarations) {
    for (const node of nodesOf(declaration)) {
      if (node.kind === 'identifier') {
        identifiers.add(node.name);
      } else if (node.kind === 'selector' && node.object.kind === 'identifier') {
        packages.add(node.object.name);
      } else if (node.kind === 'named-type' && node.packageName !== null) {
        packages.add(node.packageName.name);
      }
    }
  }
  return { identifiers, packages };
}

/**
 * What a program that begins at `main` needs of the file: what is named on the way, the methods of
 * the types among it, and all that runs before main (init functions and package variables).
 */
export function neededDeclarations(file: FileNode, main: Declaration): Set<Declaration> {
  const byName = new Map<string, Declaration[]>();
  for (const declaration of file.declarations) {
    for (const name of declaredNames(declaration)) {
      byName.set(name, [...(byName.get(name) ?? []), declaration]);
    }
  }
  const needed = new Set<Declaration>();
  const pending = [main, ...file.declarations.filter(runsBeforeMain)];
  while (pending.length > 0) {
    const next = pending.pop();
    if (next === undefined || needed.has(next)) continue;
    needed.add(next);
    for (const name of namesOf([next]).identifiers) {
      pending.push(...(byName.get(name) ?? []));
    }
  }
  return needed;
}

function runsBeforeMain(declaration: Declaration): boolean {
  const isInit = declaration.kind === 'function' && declaration.name.name === 'init';
  return isInit || declaration.kind === 'variable' || declaration.kind === 'constant';
}

/** The names under which a declaration is needed: a method is needed with its type. */
function declaredNames(declaration: Declaration): string[] {
  switch (declaration.kind) {
    case 'function':
      return declaration.receiver === null
        ? [declaration.name.name]
        : [receiverName(declaration.receiver.type)];
    case 'type':
      return [declaration.name.name];
    case 'variable':
    case 'constant':
      return declaration.names.map(({ name }) => name);
    default:
      return [];
  }
}

function receiverName(type: TypeNode): string {
  if (type.kind === 'pointer-type') return receiverName(type.element);
  return type.kind === 'named-type' ? type.name.name : '';
}
