/** Which parts of `var`, `const` and `type` groups stand below each other. */
import type {
  ConstantDeclaration,
  Node,
  ScenarioDeclaration as Scenario,
  TypeDeclaration,
  TypeNode,
  VariableDeclaration,
} from '../language/ast.ts';
import type { Collector } from './format-hints.ts';

type ValueSpec = VariableDeclaration | ConstantDeclaration;

/** The type written on this line; a constant may repeat the one of the line above. */
function ownType(spec: ValueSpec): TypeNode | null {
  return spec.type !== null && spec.type.span.start >= spec.span.start ? spec.type : null;
}

/** Columns of `var` and `const`: names, type, values; a run of lines may do without types. */
export function alignSpecs(c: Collector, declarations: readonly Node[]): void {
  let group: (ValueSpec | TypeDeclaration)[] = [];
  const flush = (): void => {
    specColumns(
      c,
      group.filter((node) => node.kind !== 'type'),
    );
    typeColumns(
      c,
      group.filter((node) => node.kind === 'type'),
    );
    group = [];
  };
  for (const node of declarations as readonly (ValueSpec | TypeDeclaration | Scenario)[]) {
    if (node.kind !== 'variable' && node.kind !== 'constant' && node.kind !== 'type') {
      flush();
      continue;
    }
    const own = node.kind === 'type' ? null : ownType(node);
    const names = node.kind === 'type' ? [] : node.names.slice(1);
    for (const { span } of names) c.hints.flush.add(span.start);
    if (own !== null) c.space(own.span.start, true);
    const grouped = c.tokenAfter(node.span.start).kind === 'identifier';
    if (!grouped || c.before(node.span.start).kind === '(') flush();
    if (grouped) group.push(node);
  }
  flush();
}

/** Types stand below each other where a group has several. */
function typeColumns(c: Collector, group: readonly TypeDeclaration[]): void {
  if (group.length < 2) return;
  for (const { type, alias } of group) {
    const start = alias ? c.before(type.span.start).start : type.span.start;
    c.hints.cells.set(start, { column: 1, first: -1 });
  }
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
    const first = spec.span.start;
    if (type !== null) c.hints.cells.set(type.span.start, { column: 1, first });
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
