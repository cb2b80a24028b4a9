/** What the syntax tree tells the formatter about the tokens, by their offsets. */
import type {
  Block,
  ConstantDeclaration,
  Expression,
  FileNode,
  FunctionTypeNode,
  Node,
  Parameter,
  Statement,
  TypeNode,
  VariableDeclaration,
} from '../language/ast.ts';
import type { Comment, Token } from '../language/tokens.ts';
import { childrenOf } from '../language/tree.ts';
import { spaceExpression } from './format-operators.ts';
import type { SpacingSinks } from './format-operators.ts';

/** What a `{` begins; `short` ones are closed on the same line and stay so. */
export type BraceKind = 'block' | 'clauses' | 'fields' | 'literal' | 'short';

export class Hints {
  /** Whether a blank stands before the token at this offset, against the general rules. */
  readonly space = new Map<number, boolean>();
  /** Tokens that always begin a line. */
  readonly breaks = new Set<number>();
  /** Declarations that stand apart from the one above, by a blank line. */
  readonly apart = new Set<number>();
  readonly braces = new Map<number, BraceKind>();
  readonly unary = new Set<number>();
  /** Operators behind which a line may end: binary ones and assignments. */
  readonly binary = new Set<number>();
  readonly labels = new Set<number>();
  /** Tokens of a scenario's head, with their indentation when they begin a line. */
  readonly headIndent = new Map<number, number>();
  /** Tokens that begin a cell: its number, and the token that must begin the line for it to count. */
  readonly cells = new Map<number, { readonly column: number; readonly first: number }>();
  /** The column of the comment behind a line that begins with this token. */
  readonly commentColumns = new Map<number, number>();
  /** Offset behind a run of tokens that is printed as it stands, by its start. */
  readonly verbatim = new Map<number, number>();
}

/** A function body on one line stays there up to this many characters and statements, as in gofmt. */
const MAX_SHORT_LENGTH = 100;
const MAX_SHORT_STATEMENTS = 5;

/** Collects the hints of a file without errors. */
export function collectHints(
  file: FileNode,
  tokens: readonly Token[],
  comments: readonly Comment[],
): Hints {
  const collector = new Collector(file, tokens);
  collector.collect(file);
  collector.separate(comments);
  return collector.hints;
}

class Collector {
  readonly hints = new Hints();
  private readonly tokens: readonly Token[];
  private readonly indexByStart = new Map<number, number>();
  private readonly file: FileNode;
  private readonly sinks: SpacingSinks;

  constructor(file: FileNode, tokens: readonly Token[]) {
    this.file = file;
    this.tokens = tokens;
    for (const [index, token] of tokens.entries()) {
      if (token.end > token.start) this.indexByStart.set(token.start, index);
    }
    this.sinks = {
      operator: (expression, blanks) => {
        const operator = this.tokenAfter(expression.left.span.end);
        this.hints.binary.add(operator.start);
        this.around(operator, blanks);
      },
      colon: (expression, blanks) => this.sliceColons(expression, blanks),
      nested: (expression) => this.nested(expression),
    };
  }

  collect(node: Node): void {
    if ('kind' in node) this.visit(node as Statement);
    for (const child of childrenOf(node)) {
      if (isExpression(child)) this.expression(child, depthOf(node, child));
      else this.collect(child);
    }
  }

  /**
   * Sets declarations apart as gofmt does, where their kind changes and above a comment on them,
   * and also around bodies of several lines.
   */
  separate(comments: readonly Comment[]): void {
    const { declarations, imports, runtime, packageName } = this.file;
    const commented = new Set<number>();
    for (const comment of comments) {
      const line = this.text(
        this.file.source.text.lastIndexOf('\n', comment.start) + 1,
        comment.start,
      );
      const breaks = this.text(comment.start, comment.end).split('\n').length;
      if (line.trim() === '') commented.add(comment.line + breaks);
    }
    const nodes = [...imports, ...declarations, ...(runtime === null ? [] : [runtime])];
    const starts = nodes.flatMap((node) => {
      const token = this.declarationStart(node);
      return token === null ? [] : [{ token, kind: node.kind, long: this.isLong(node) }];
    });
    if (packageName !== null) {
      const token = this.before(packageName.span.start);
      starts.push({ token, kind: 'import', long: true });
    }
    starts.sort((a, b) => a.token.start - b.token.start);
    for (const [index, { token, kind, long }] of starts.entries()) {
      const previous = starts[index - 1];
      const apart = long || previous?.long || kind !== previous?.kind || commented.has(token.line);
      if (apart) this.hints.apart.add(token.start);
    }
  }

  private isLong(node: Node): boolean {
    const { body } = node as { body?: Block | null };
    return (
      body !== undefined && body !== null && this.hints.braces.get(body.span.start) === 'block'
    );
  }

  /** The token that begins a declaration: its keyword; null for the later lines of a group. */
  private declarationStart(node: Node): Token | null {
    const first = this.tokenAfter(node.span.start);
    const { kind } = node as Statement | FileNode['imports'][number];
    const mayGroup =
      kind === 'import' || String(kind) === 'variable' || String(kind) === 'constant';
    if (!mayGroup && String(kind) !== 'type') return first;
    if (['import', 'var', 'const', 'type'].includes(first.kind)) return first;
    const open = this.before(first.start);
    return open.kind === '(' ? this.before(open.start) : null;
  }

  private expression(expression: Expression, depth: number): void {
    spaceExpression(this.sinks, expression, depth);
    this.unaries(expression);
  }

  /** Marks unary operators; does not enter what `nested` enters. */
  private unaries(node: Node): void {
    const { kind } = node as Expression;
    if (kind === 'unary' || kind === 'star') this.hints.unary.add(node.span.start);
    if (kind === 'function-literal' || kind === 'type-expression') return;
    if (kind === 'call' && (node as Expression & { kind: 'call' }).spread) this.spread(node);
    for (const child of childrenOf(node)) if (isExpression(child)) this.unaries(child);
  }

  private spread(call: Node): void {
    const last = this.tokenIndexBefore(call.span.end);
    for (let i = last; i > 0 && this.tokens[i].start > call.span.start; i--) {
      if (this.tokens[i].kind !== '...') continue;
      this.hints.space.set(this.tokens[i].start, false);
      return;
    }
  }

  /** What stands inside an expression but is none: types and bodies. */
  private nested(expression: Expression): void {
    if (expression.kind === 'composite') {
      this.literal(expression);
      if (expression.type !== null) this.collect(expression.type);
      return;
    }
    if (expression.kind === 'function-literal') this.body(expression.body);
    for (const child of childrenOf(expression)) {
      if (!isExpression(child)) this.collect(child);
    }
  }

  private visit(node: Statement | Node): void {
    if (!('kind' in node)) return;
    const kind: string = node.kind;
    const visitor = visitors[kind];
    visitor?.(this, node as never);
  }

  /** The first token at or behind an offset. */
  tokenAfter(offset: number): Token {
    let low = 0;
    let high = this.tokens.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.tokens[middle].start >= offset && this.tokens[middle].end > offset) high = middle;
      else low = middle + 1;
    }
    return this.tokens[low];
  }

  /** The index of the last token that ends at or before an offset. */
  tokenIndexBefore(offset: number): number {
    let index = (this.indexByStart.get(this.tokenAfter(offset).start) ?? this.tokens.length) - 1;
    while (index > 0 && this.tokens[index].end > offset) index--;
    while (index > 0 && this.tokens[index].end === this.tokens[index].start) index--;
    return index;
  }

  /** The token before the one at `offset`, automatic semicolons left out. */
  before(offset: number): Token {
    return this.tokens[this.tokenIndexBefore(offset)];
  }

  space(offset: number, blank: boolean): void {
    this.hints.space.set(offset, blank);
  }

  /** Blanks, or none, on both sides of a token. */
  around(token: Token, blanks: boolean): void {
    this.space(token.start, blanks);
    this.space(this.tokenAfter(token.end).start, blanks);
  }

  assignment(node: Node, left: Node, right: Node | undefined): void {
    if (right === undefined || right.span.start === right.span.end) return;
    const operator = this.before(right.span.start);
    if (operator.start < left.span.end || operator.start < node.span.start) return;
    this.hints.binary.add(operator.start);
  }

  /** A body that may stay on one line. */
  body(block: Block): void {
    const { start, end } = block.span;
    const first = this.tokenAfter(start);
    const last = this.tokens[this.tokenIndexBefore(end)];
    const short =
      first.line === last.line &&
      block.statements.length <= MAX_SHORT_STATEMENTS &&
      this.lengthOf(first, last) <= MAX_SHORT_LENGTH &&
      !block.statements.some((statement) => needsLines(statement));
    this.hints.braces.set(start, short ? 'short' : 'block');
  }

  block(block: Block): void {
    if (this.hints.braces.has(block.span.start)) return;
    this.hints.braces.set(block.span.start, 'block');
  }

  /** How long the tokens are without any blanks: the same however the text is laid out. */
  private lengthOf(first: Token, last: Token): number {
    let length = 0;
    const end = this.indexByStart.get(last.start) ?? 0;
    for (let i = this.indexByStart.get(first.start) ?? 0; i < end; i++) {
      length += this.tokens[i].end - this.tokens[i].start;
    }
    return length;
  }

  clauses(node: Node, after: number, clauses: readonly Node[]): void {
    let open = this.tokenAfter(after);
    while (open.kind !== '{') open = this.tokenAfter(open.end);
    const empty = clauses.length === 0 && (node as Statement).kind === 'select';
    const close = this.tokens[this.tokenIndexBefore(node.span.end)];
    const short = empty && close.line === open.line;
    this.hints.braces.set(open.start, short ? 'short' : 'clauses');
  }

  clause(clause: { span: Node['span']; body: readonly Statement[] }): void {
    this.hints.breaks.add(clause.span.start);
    for (const statement of clause.body) this.hints.breaks.add(statement.span.start);
  }

  signature(signature: FunctionTypeNode): void {
    for (const parameter of signature.parameters) this.parameter(parameter);
    for (const parameter of signature.results) this.parameter(parameter);
    if (signature.results.length === 0) return;
    const [first] = signature.results;
    const open = this.before(first.span.start);
    const parenthesized = open.kind === '(' && open.start > signature.span.start;
    this.space(parenthesized ? open.start : first.span.start, true);
  }

  /** Columns of `var` and `const`: names, type, values; as in gofmt a run of lines may do without types. */
  specs(declarations: readonly Node[]): void {
    let group: ValueSpec[] = [];
    const flush = (): void => {
      this.specColumns(group);
      group = [];
    };
    for (const node of declarations as readonly (ValueSpec | { kind: 'other' })[]) {
      if (node.kind !== 'variable' && node.kind !== 'constant') {
        flush();
        continue;
      }
      const own = ownType(node);
      if (own !== null) this.space(own.span.start, true);
      const grouped = this.tokenAfter(node.span.start).kind === 'identifier';
      if (!grouped || this.before(node.span.start).kind === '(') flush();
      if (grouped) group.push(node);
    }
    flush();
  }

  private specColumns(group: readonly ValueSpec[]): void {
    let run: ValueSpec[] = [];
    const flush = (): void => {
      const keepsTypes = run.some((spec) => ownType(spec) !== null);
      for (const spec of run) this.valueColumn(spec, keepsTypes ? 2 : 1);
      run = [];
    };
    for (const spec of group) {
      const type = ownType(spec);
      if (type !== null) this.hints.cells.set(type.span.start, { column: 1, first: -1 });
      this.hints.commentColumns.set(spec.span.start, 3);
      const hasValues = spec.values.some((value) => value.span.start >= spec.span.start);
      if (hasValues) run.push(spec);
      else flush();
    }
    flush();
  }

  private valueColumn(spec: ValueSpec, column: number): void {
    const equals = this.before(spec.values[0].span.start);
    this.hints.cells.set(equals.start, { column, first: -1 });
  }

  private parameter(parameter: Parameter): void {
    const { name, type, variadic } = parameter;
    if (name === null || type.span.start < name.span.end) return;
    this.space(variadic ? this.before(type.span.start).start : type.span.start, true);
  }

  /** Fields or methods between braces: one alone may stay on the line. */
  members(node: Node, count: number): void {
    let open = this.tokenAfter(node.span.start);
    while (open.kind !== '{') open = this.tokenAfter(open.end);
    const close = this.tokens[this.tokenIndexBefore(node.span.end)];
    const short = open.line === close.line && count <= 1;
    this.hints.braces.set(open.start, short ? 'short' : 'fields');
    // `struct{}` and `struct{ x int }`, but `struct {` before several lines.
    this.space(open.start, !short && count > 0);
    if (!short && count === 0) this.hints.braces.set(open.start, 'short');
  }

  private literal(expression: Expression & { kind: 'composite' }): void {
    const { type, span, elements } = expression;
    const open = this.tokenAfter(type === null ? span.start : type.span.end);
    this.hints.braces.set(open.start, 'literal');
    for (const { key, value } of elements) {
      if (key === null) continue;
      this.space(value.span.start, true);
      const keyLength = key.span.end - key.span.start;
      if (keyLength > 40) continue;
      this.hints.cells.set(value.span.start, { column: 1, first: key.span.start });
      this.hints.commentColumns.set(key.span.start, 2);
    }
  }

  private sliceColons(expression: Expression & { kind: 'slice' }, blanks: boolean): void {
    const { object, low, high, max, span } = expression;
    let at = low?.span.end ?? this.tokenAfter(object.span.end).end;
    for (const bound of [high, max]) {
      const colon = this.tokenAfter(at);
      if (colon.kind !== ':' || colon.start >= span.end) return;
      const before = this.before(colon.start).kind !== '[';
      this.space(colon.start, blanks && before);
      this.space(this.tokenAfter(colon.end).start, blanks && bound !== null);
      at = bound?.span.end ?? colon.end;
    }
  }

  text(start: number, end: number): string {
    return this.file.source.text.slice(start, end);
  }
}

const EXPRESSION_KINDS: ReadonlySet<string> = new Set<Expression['kind']>([
  'identifier',
  'literal',
  'composite',
  'function-literal',
  'parenthesized',
  'selector',
  'index',
  'slice',
  'type-assertion',
  'call',
  'star',
  'unary',
  'binary',
  'type-expression',
]);

function isExpression(node: Node): node is Expression {
  return 'kind' in node && EXPRESSION_KINDS.has(node.kind as string);
}

/** The depth at which gofmt sets an expression that stands in `parent`. */
function depthOf(parent: Node, child: Expression): number {
  const statement = parent as Statement;
  if (statement.kind === 'increment') return 2;
  if (statement.kind !== 'assign' && statement.kind !== 'define') return 1;
  const right = statement.kind === 'assign' ? statement.right : statement.values;
  const left = statement.kind === 'assign' ? statement.left : statement.names;
  return left.length > 1 && right.length > 1 && child.kind !== 'identifier' ? 2 : 1;
}

/** Whether a statement, or a function literal inside it, cannot be printed on one line. */
function needsLines(node: Node): boolean {
  const { kind } = node as Statement;
  if (kind === 'if' || kind === 'for' || kind === 'range' || kind === 'switch') return true;
  if (kind === 'type-switch' || kind === 'atomic' || kind === 'labeled' || kind === 'block') {
    return true;
  }
  if (kind === 'select' && (node as Statement & { kind: 'select' }).clauses.length > 0) return true;
  if ((node as { kind?: string }).kind === 'struct-type') {
    if ((node as unknown as { fields: unknown[] }).fields.length > 1) return true;
  }
  return childrenOf(node).some((child) =>
    (node as Expression).kind === 'function-literal' && (child as Statement).kind === 'block'
      ? childrenOf(child).some(needsLines)
      : needsLines(child),
  );
}

type ValueSpec = VariableDeclaration | ConstantDeclaration;

/** The type written on this line; a constant may repeat the one of the line above. */
function ownType(spec: ValueSpec): TypeNode | null {
  return spec.type !== null && spec.type.span.start >= spec.span.start ? spec.type : null;
}

type Visitor = (c: Collector, node: never) => void;
type NodeOf<K> = Extract<Statement | FileNode['declarations'][number] | TypeNode, { kind: K }>;

/** What each kind of node tells; kinds that tell nothing are left out. */
const visitors: Readonly<Record<string, Visitor | undefined>> = {
  file: (c, node: FileNode) => {
    for (const { span } of node.declarations) c.hints.breaks.add(span.start);
    for (const { span } of node.imports) c.hints.breaks.add(span.start);
    c.specs(node.declarations);
    if (node.runtime === null) return;
    const { profileSpan, options } = node.runtime;
    c.hints.breaks.add(node.runtime.span.start);
    c.hints.verbatim.set(profileSpan.start, profileSpan.end);
    for (const option of options) {
      const equals = c.tokenAfter(option.span.start + option.name.length);
      if (equals.kind === '=') c.around(equals, false);
    }
  },
  function: (c, node: NodeOf<'function'>) => {
    if (node.receiver !== null) c.space(c.before(node.receiver.span.start).start, true);
    for (const { constraint } of node.typeParameters) c.space(constraint.span.start, true);
    if (node.body !== null) c.body(node.body);
  },
  scenario: (c, node: NodeOf<'scenario'>) => {
    for (const { span, profileSpan, outcomeSpan } of node.expectations) {
      for (let token = c.tokenAfter(span.start); token.start < span.end; ) {
        c.hints.headIndent.set(token.start, token.start === span.start ? 1 : 2);
        token = c.tokenAfter(token.end);
      }
      if (profileSpan !== null) c.hints.verbatim.set(profileSpan.start, profileSpan.end);
      c.hints.verbatim.set(outcomeSpan.start, outcomeSpan.end);
    }
    c.body(node.body);
  },
  condition: (c, node: NodeOf<'condition'>) => c.body(node.body),
  'declaration-statement': (c, node: NodeOf<'declaration-statement'>) => {
    c.specs(node.declarations);
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
    c.members(node, node.fields.length);
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
    c.members(node, node.methods.length + node.embedded.length);
  },
  block: (c, node: Block) => {
    c.block(node);
    if (c.hints.braces.get(node.span.start) === 'short') return;
    for (const statement of node.statements) c.hints.breaks.add(statement.span.start);
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
