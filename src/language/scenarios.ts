/** Scenarios with their expectations, conditions, and `main` of a pasted Go program. */
import type { Block, ExpectationNode, FileNode, ScenarioDeclaration } from './ast.ts';
import type { Checker } from './checker.ts';
import type { Collected, CollectedCondition } from './collect.ts';
import { positionAt } from './diagnostics.ts';
import type { Diagnostic, SourceFile } from './diagnostics.ts';
import { Scope } from './entities.ts';
import type { PackageFile } from './entities.ts';
import { fillBody, newBody, newFunction } from './function-bodies.ts';
import { OUTCOME_KINDS } from './image.ts';
import { functionInstance, requestFunction } from './instances.ts';
import { boolType } from './type-store.ts';
import type { TypedCondition, TypedFunction, TypedScenario } from './typed.ts';
import type { FunctionType } from './types.ts';

/** Outcomes that a scenario may expect. */
const expectable = OUTCOME_KINDS.filter((kind) => kind !== 'internal');

/** The scenarios of the file, bodies checked. */
export function checkScenarios(checker: Checker, collected: Collected): TypedScenario[] {
  const { mainFile, scenarios } = collected;
  const { source } = mainFile;
  const found: TypedScenario[] = [];
  const lines = new Map<string, number>();
  for (const node of scenarios) {
    const { name } = node.name;
    const line = lines.get(name);
    if (line !== undefined) {
      const help = `the other one is on line ${line}`;
      const message = `scenario ${name} declared twice`;
      checker.report(source, node.name.span, 'redeclared', message, help);
    }
    lines.set(name, positionAt(source, node.name.span.start).line);
    checkExpectations(checker, source, node);
    const body = bodyFunction(checker, mainFile, 'main.main', node.body, checker.store.thunk);
    found.push({ name, span: node.name.span, expectations: node.expectations, body });
  }
  const main = mainScenario(checker, mainFile);
  if (main && lines.has('main')) {
    const message = 'scenario main declared twice: func main is the scenario main';
    checker.report(source, main.span, 'redeclared', message);
  }
  if (main) found.push(main);
  return found;
}

function mainScenario(checker: Checker, file: PackageFile): TypedScenario | null {
  const entity = file.package.scope.names.get('main');
  if (entity?.kind !== 'function' || !entity.declaration.body) return null;
  if (entity.declaration.typeParameters.length > 0) return null;
  const instance = functionInstance(checker, entity, []);
  requestFunction(checker, entity, instance);
  return { name: 'main', span: entity.node.span, expectations: [], body: instance.typed };
}

function checkExpectations(checker: Checker, source: SourceFile, node: ScenarioDeclaration): void {
  for (const expectation of node.expectations) {
    checkOutcome(checker, source, expectation);
  }
}

function checkOutcome(checker: Checker, source: SourceFile, node: ExpectationNode): void {
  const { outcome } = node;
  if (outcome === '' || (expectable as readonly string[]).includes(outcome)) return;
  const message = `unknown outcome ${outcome}`;
  const help = `outcomes are ${expectable.join(', ')}`;
  checker.report(source, node.span, 'unknown-outcome', message, help);
}

/** The invariants of models and scenarios, bodies checked. */
export function checkConditions(
  checker: Checker,
  conditions: readonly CollectedCondition[],
): TypedCondition[] {
  const { store } = checker;
  const type = store.function([], [boolType], false);
  return conditions.map(({ node, file }) => {
    const name = `${file.package.name}.${node.condition} ${JSON.stringify(node.name)}`;
    const body = bodyFunction(checker, file, name, node.body, type);
    return { condition: node.condition, name: node.name, body };
  });
}

function bodyFunction(
  checker: Checker,
  file: PackageFile,
  name: string,
  block: Block,
  type: FunctionType,
): TypedFunction {
  const typed = newFunction(file, name, block.span, {
    type,
    results: type.results.map((one) => ({
      name: '~r0',
      type: one,
      kind: 'result',
      file: file.source,
      span: block.span,
      scope: block.span,
      synthetic: true,
      local: false,
      captured: false,
      addressTaken: false,
      reassigned: false,
    })),
  });
  checker.functions.push(typed);
  const references = new Set<never>();
  checker.references.set(typed, references);
  const root = { references, isAbstract: false, nesting: 0 };
  fillBody(newBody(checker, file, typed, null, root, new Scope(file.scope, block.span)), block);
  return typed;
}

/** The diagnostic of a file that nothing can be run of; null when there is a scenario or main. */
export function requireScenario(file: FileNode): Diagnostic | null {
  const runs = file.declarations.some(
    (one) =>
      one.kind === 'scenario' ||
      (one.kind === 'function' && one.name.name === 'main' && one.receiver === null),
  );
  if (runs) return null;
  return {
    file: file.source,
    span: { start: 0, end: 0 },
    severity: 'error',
    code: 'no-scenario',
    message: 'this file has no scenario and no func main: there is nothing to run',
    help: 'write scenario Name expect ok { … }',
  };
}
