/** Which parts of `var` and `const` groups stand below each other. */
import type { ConstantDeclaration, Node, TypeNode, VariableDeclaration } from '../language/ast.ts';
import type { Collector } from './format-hints.ts';

type ValueSpec = VariableDeclaration | ConstantDeclaration;

/** The type written on this line; a constant may repeat the one of the line above. */
function ownType(spec: ValueSpec): TypeNode | null {
  return spec.type !== null && spec.type.span.start >= spec.span.start ? spec.type : null;
}

/** Columns of `var` and `const`: names, type, values; a run of lines may do without types. */
export function alignSpecs(c: Collector, declarations: readonly Node[]): void {
  let group: ValueSpec[] = [];
  const flush = (): void => {
    specColumns(c, group);
    group = [];
  };
  for (const node of declarations as readonly (ValueSpec | { kind: 'other' })[]) {
    if (node.kind !== 'variable' && node.kind !== 'constant') {
      flush();
      continue;
    }
    const own = ownType(node);
    if (own !== null) c.space(own.span.start, true);
    const grouped = c.tokenAfter(node.span.start).kind === 'identifier';
    if (!grouped || c.before(node.span.start).kind === '(') flush();
    if (grouped) group.push(node);
  }
  flush();
}

function specColumns(c: Collector, group: readonly ValueSpec[]): void {
  let run: ValueSpec[] = [];
  const flush = (): void => {
    const keepsTypes = run.some((spec) => ownType(spec) !== null);
    for (const spec of run) valueColumn(c, spec, keepsTypes ? 2 : 1);
    run = [];
  };
  for (const spec of group) {
    const type = ownType(spec);
    if (type !== null) c.hints.cells.set(type.span.start, { column: 1, first: -1 });
    c.hints.commentColumns.set(spec.span.start, 3);
    const hasValues = spec.values.some((value) => value.span.start >= spec.span.start);
    if (hasValues) run.push(spec);
    else flush();
  }
  flush();
}

function valueColumn(c: Collector, spec: ValueSpec, column: number): void {
  const equals = c.before(spec.values[0].span.start);
  c.hints.cells.set(equals.start, { column, first: -1 });
}
