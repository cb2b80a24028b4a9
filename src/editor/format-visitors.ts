/** What each kind of node tells the formatter; see format-hints.ts. */
import type {
  Block,
  Expression,
  FileNode,
  FunctionTypeNode,
  Node,
  RuntimeOption,
  Statement,
  TypeNode,
} from '../language/ast.ts';
import { childrenOf } from '../language/tree.ts';
import { alignSpecs } from './format-columns.ts';
import type { Collector } from './format-hints.ts';

/** `a, b T` share the node of their type: judged once, or nesting would cost exponential time. */
/** The type of a field that shares a line with its braces is shorter than this, as in gofmt. */
const MAX_SHORT_FIELD_LENGTH = 30;

/** `gomaxprocs=2` without blanks. */
function spaceOptions(c: Collector, options: readonly RuntimeOption[]): void {
  for (const { span, name } of options) {
    const equals = c.tokenAfter(span.start + name.length);
    if (equals.kind === '=') c.around(equals, false);
  }
}

const needsLinesCache = new WeakMap<Node, boolean>();

/** Whether a statement, or a function literal inside it, cannot be printed on one line. */
export function needsLines(node: Node): boolean {
  let known = needsLinesCache.get(node);
  if (known === undefined) {
    known = computeNeedsLines(node);
    needsLinesCache.set(node, known);
  }
  return known;
}

function computeNeedsLines(node: Node): boolean {
  const { kind } = node as Statement;
  if (kind === 'if' || kind === 'for' || kind === 'range' || kind === 'switch') return true;
  if (kind === 'type-switch' || kind === 'atomic' || kind === 'labeled' || kind === 'block') {
    return true;
  }
  if (kind === 'select' && (node as Statement & { kind: 'select' }).clauses.length > 0) return true;
  if ((node as { kind?: string }).kind === 'struct-type') {
    const { fields } = node as unknown as TypeNode & { kind: 'struct-type' };
    if (fields.some(({ type }) => type !== fields[0].type)) return true;
  }
  return childrenOf(node).some((child) =>
    (node as Expression).kind === 'function-literal' && (child as Statement).kind === 'block'
      ? childrenOf(child).some(needsLines)
      : needsLines(child),
  );
}

type Visitor = (c: Collector, node: never) => void;
type NodeOf<K> = Extract<Statement | FileNode['declarations'][number] | TypeNode, { kind: K }>;

/** What each kind of node tells; kinds that tell nothing are left out. */
export const visitors: Readonly<Record<string, Visitor | undefined>> = {
  file: (c, node: FileNode) => {
    for (const { span } of node.declarations) c.hints.breaks.add(span.start);
    for (const { span } of node.imports) c.hints.breaks.add(span.start);
    alignSpecs(c, node.declarations);
    if (node.runtime === null) return;
    const { profileSpan, options } = node.runtime;
    c.hints.breaks.add(node.runtime.span.start);
    c.hints.verbatim.set(profileSpan.start, profileSpan.end);
    spaceOptions(c, options);
  },
  function: (c, node: NodeOf<'function'>) => {
    if (node.receiver !== null) c.space(c.before(node.receiver.span.start).start, true);
    for (const { constraint } of node.typeParameters) c.space(constraint.span.start, true);
    if (node.body === null) return;
    c.body(node.body, node.span.start);
    // Short bodies of neighbouring functions stand below each other.
    if (c.hints.braces.get(node.body.span.start) !== 'short') return;
    c.hints.cells.set(node.body.span.start, { column: 1, first: node.span.start });
  },
  scenario: (c, node: NodeOf<'scenario'>) => {
    for (const { span } of [...node.options, ...node.expectations]) {
      for (let token = c.tokenAfter(span.start); token.start < span.end; ) {
        c.hints.headIndent.set(token.start, token.start === span.start ? 1 : 2);
        token = c.tokenAfter(token.end);
      }
    }
    for (const { options } of node.options) spaceOptions(c, options);
    for (const { profileSpan, outcomeSpan } of node.expectations) {
      if (profileSpan !== null) c.hints.verbatim.set(profileSpan.start, profileSpan.end);
      c.hints.verbatim.set(outcomeSpan.start, outcomeSpan.end);
    }
    c.body(node.body, node.body.span.start);
  },
  condition: (c, node: NodeOf<'condition'>) => c.body(node.body, node.span.start),
  send: (c, node: NodeOf<'send'>) => c.around(c.before(node.value.span.start), true),
  'declaration-statement': (c, node: NodeOf<'declaration-statement'>) => {
    alignSpecs(c, node.declarations);
  },
  type: (c, node: NodeOf<'type'>) => {
    for (const { constraint } of node.typeParameters) c.space(constraint.span.start, true);
    c.space(node.type.span.start, true);
  },
  'function-type': (c, node: FunctionTypeNode) => c.signature(node),
  'pointer-type': (c, node: NodeOf<'pointer-type'>) => {
    c.hints.unary.add(node.span.start);
  },
  'channel-type': (c, node: NodeOf<'channel-type'>) => {
    c.space(node.element.span.start, true);
    const arrow = c.tokenAfter(node.span.start + (node.direction === 'send' ? 4 : 0));
    if (node.direction === 'send') c.space(arrow.start, false);
    if (node.direction === 'receive') c.space(c.tokenAfter(arrow.end).start, false);
  },
  'struct-type': (c, node: NodeOf<'struct-type'>) => {
    const lines = new Set(node.fields.map((field) => field.type));
    const isSmall = node.fields.every(({ type, tag }) => {
      return tag === null && c.sizeOf(type) < MAX_SHORT_FIELD_LENGTH;
    });
    c.members(node, lines.size, isSmall);
    for (const { type, embedded, name, tag, span } of node.fields) {
      const first = embedded ? span.start : name.span.start;
      if (!embedded) {
        c.space(type.span.start, true);
        c.hints.cells.set(type.span.start, { column: 1, first: -1 });
      }
      // The columns of gofmt: a tag keeps its distance from types, a comment from tags.
      const tagColumn = embedded ? 1 : 3;
      if (tag !== null) {
        const at = c.tokenAfter(type.span.end).start;
        c.hints.cells.set(at, { column: tagColumn, first: -1 });
      }
      c.hints.commentColumns.set(first, tag === null ? 2 : tagColumn + 1);
    }
  },
  'interface-type': (c, node: NodeOf<'interface-type'>) => {
    c.members(node, node.methods.length + node.embedded.length, true);
  },
  block: (c, node: Block) => {
    c.block(node);
    if (c.hints.braces.get(node.span.start) === 'short') return;
    for (const statement of node.statements) c.hints.breaks.add(statement.span.start);
  },
  if: (c, node: NodeOf<'if'>) => {
    c.hints.bodies.add(node.then.span.start);
  },
  for: (c, node: NodeOf<'for'>) => {
    c.hints.bodies.add(node.body.span.start);
  },
  range: (c, node: NodeOf<'range'>) => {
    c.hints.bodies.add(node.body.span.start);
  },
  'union-type': (c, node: NodeOf<'union-type'>) => {
    for (const { type, tilde } of node.terms.slice(1)) {
      const before = c.before(type.span.start);
      c.hints.binary.add((tilde ? c.before(before.start) : before).start);
    }
  },
  assign: (c, node: NodeOf<'assign'>) => c.assignment(node, node.left[0], node.right[0]),
  define: (c, node: NodeOf<'define'>) => c.assignment(node, node.names[0], node.values[0]),
  labeled: (c, node: NodeOf<'labeled'>) => {
    c.hints.labels.add(node.span.start);
    if (node.statement.kind !== 'empty') c.hints.breaks.add(node.statement.span.start);
  },
  switch: (c, node: NodeOf<'switch'>) => {
    c.clauses(node, (node.tag ?? node.init)?.span.end ?? node.span.start, node.clauses);
    for (const clause of node.clauses) c.clause(clause);
  },
  'type-switch': (c, node: NodeOf<'type-switch'>) => {
    c.clauses(node, node.object.span.end, node.clauses);
    for (const clause of node.clauses) c.clause(clause);
  },
  select: (c, node: NodeOf<'select'>) => {
    c.clauses(node, node.span.start, node.clauses);
    for (const clause of node.clauses) c.clause(clause);
  },
};
