/** Labels of a function: where they are, whether gotos may reach them, whether all are used. */
import type { Block, BranchStatement, Identifier, Statement } from './ast.ts';
import { complain } from './checker.ts';
import type { Body } from './checker.ts';
import { positionAt } from './diagnostics.ts';
import type { SourceFile } from './diagnostics.ts';

/** Finds the labels of a body (not those of function literals in it) and checks its gotos. */
export function declareLabels(body: Body, block: Block): void {
  const places: Place[] = [];
  const gotos: { node: BranchStatement; path: Step[] }[] = [];
  const visit = (statements: readonly Statement[], path: readonly Step[]): void => {
    for (const [index, statement] of statements.entries()) {
      const here = [...path, { statements, index }];
      let inner = statement;
      while (inner.kind === 'labeled') {
        declareLabel(body, inner.label);
        places.push({ label: inner.label, path: here });
        inner = inner.statement;
      }
      if (inner.kind === 'branch' && inner.branch === 'goto')
        gotos.push({ node: inner, path: here });
      for (const list of blocksOf(inner)) visit(list, here);
    }
  };
  if (!mayHaveLabels(body.file.source)) return;
  visit(block.statements, []);
  for (const { node, path } of gotos) checkGoto(body, node, path, places);
}

interface Step {
  readonly statements: readonly Statement[];
  readonly index: number;
}

interface Place {
  readonly label: Identifier;
  readonly path: readonly Step[];
}

const labelled = new WeakMap<SourceFile, boolean>();

/** Most files have no labels: one look at the text spares the walks over all bodies. */
function mayHaveLabels(file: SourceFile): boolean {
  let known = labelled.get(file);
  if (known === undefined) {
    known = /\bgoto\b|(?:^|[{;])\s*(?!default\b)\w+\s*:(?!=)/m.test(file.text);
    labelled.set(file, known);
  }
  return known;
}

function declareLabel(body: Body, node: Identifier): void {
  const { name } = node;
  if (body.labels.has(name) && name !== '_') {
    complain(body, node.span, 'redeclared', `label ${name} already defined`);
    return;
  }
  body.labels.set(name, { node, target: { label: name }, used: name === '_' });
}

/** The statement lists directly inside of a statement. */
function blocksOf(statement: Statement): (readonly Statement[])[] {
  switch (statement.kind) {
    case 'block':
      return [statement.statements];
    case 'atomic':
    case 'for':
    case 'range':
      return [statement.body.statements];
    case 'if':
      return [
        statement.then.statements,
        ...(statement.otherwise ? blocksOf(statement.otherwise) : []),
      ];
    case 'switch':
    case 'type-switch':
    case 'select':
      return statement.clauses.map((clause) => clause.body);
    default:
      return [];
  }
}

function checkGoto(
  body: Body,
  node: BranchStatement,
  path: readonly Step[],
  places: readonly Place[],
): void {
  const name = node.label?.name;
  const place = places.find((one) => one.label.name === name);
  if (!name || !place) return;
  const last = place.path[place.path.length - 1];
  const from = path.find((step) => step.statements === last.statements);
  if (!from) {
    complain(body, node.span, 'goto', `goto ${name} jumps into block`);
    return;
  }
  for (let index = from.index + 1; index < last.index; index++) {
    let statement = last.statements[index];
    while (statement.kind === 'labeled') statement = statement.statement;
    const declares =
      statement.kind === 'define' ||
      (statement.kind === 'declaration-statement' &&
        statement.declarations.some((one) => one.kind === 'variable'));
    if (!declares) continue;
    const { line } = positionAt(body.file.source, statement.span.start);
    const message = `goto ${name} jumps over variable declaration at line ${line}`;
    complain(body, node.span, 'goto', message);
    return;
  }
}

/** Complains of labels that no statement names. */
export function checkLabels(body: Body): void {
  for (const { node, used } of body.labels.values()) {
    if (used) continue;
    complain(body, node.span, 'unused-label', `label ${node.name} defined and not used`);
  }
}
