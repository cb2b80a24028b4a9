/** What runs before main: package variables in the order of their needs, then init functions. */
import type { Checker } from './checker.ts';
import type { Initializer, Package, PackageFile } from './entities.ts';
import { newFunction } from './function-bodies.ts';
import { orderInitializers } from './initialization-order.ts';
import { functionInstance, requestFunction } from './instances.ts';
import type { TypedExpression, TypedFunction, TypedStatement } from './typed.ts';

const nowhere = { start: 0, end: 0 };

/**
 * Fills the body of `init`: the packages of models that are used, then the scenario's. Variables
 * of package runtime are set before anything runs: at the start of the entry, which must be this
 * program's own.
 */
export function buildInit(
  checker: Checker,
  init: TypedFunction,
  entry: TypedFunction | null,
): void {
  // Initialisers may reach further packages, whose init functions are then due as well.
  const initFunctions = new Map<Package, TypedFunction[]>();
  for (let more = true; more; ) {
    more = false;
    for (const home of checker.packages.values()) {
      if (!home.used || initFunctions.has(home)) continue;
      initFunctions.set(home, requestInits(checker, home));
      checker.drain();
      more = true;
    }
  }
  const statements: TypedStatement[] = [];
  const packages = [...initFunctions.keys()].sort((a, b) => rank(a) - rank(b));
  for (const home of packages) {
    const setters = initializerFunctions(checker, home, orderInitializers(checker, home));
    const calls = setters.map((typed) => callOf(checker, typed));
    if (home.name === 'runtime' && entry?.body) {
      entry.body = { ...entry.body, statements: [...calls, ...entry.body.statements] };
    } else statements.push(...calls);
    for (const typed of initFunctions.get(home) ?? []) statements.push(callOf(checker, typed));
  }
  init.body = { kind: 'block', span: nowhere, statements };
}

function rank(home: Package): number {
  if (home.name === 'runtime') return 0;
  return home.isModel ? 1 : 2;
}

function requestInits(checker: Checker, home: Package): TypedFunction[] {
  return home.initFunctions.map((entity, index) => {
    const instance = functionInstance(checker, entity, []);
    const { typed } = instance;
    Object.assign(typed, { name: `${home.name}.init.${index}` });
    requestFunction(checker, entity, instance);
    return typed;
  });
}

function callOf(checker: Checker, typed: TypedFunction): TypedStatement {
  const expression: TypedExpression = {
    kind: 'call',
    type: checker.store.emptyTuple,
    span: nowhere,
    callee: { kind: 'static', function: typed },
    arguments: [],
  };
  return { kind: 'expression', span: nowhere, expression };
}

/** Functions that run the initialisers, a new one where the file changes. */
function initializerFunctions(
  checker: Checker,
  home: Package,
  ordered: readonly Initializer[],
): TypedFunction[] {
  const made: TypedFunction[] = [];
  let file: PackageFile | null = null;
  let statements: TypedStatement[] = [];
  for (const one of ordered) {
    if (one.file !== file) {
      ({ file } = one);
      statements = [];
      const { thunk } = checker.store;
      const typed = newFunction(file, `${home.name}.init`, one.span, { type: thunk });
      typed.body = { kind: 'block', span: one.span, statements };
      made.push(typed);
      checker.functions.push(typed);
    }
    statements.push(assignment(one));
  }
  return made;
}

function assignment({ targets, value, span }: Initializer): TypedStatement {
  const places = targets.map(
    (variable): TypedExpression | null =>
      variable && { kind: 'variable', type: variable.type, span: variable.span, variable },
  );
  return { kind: 'assign', span, targets: places, values: [value] };
}
