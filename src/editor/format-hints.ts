/** What the syntax tree tells the formatter about the tokens, by their offsets. */
import type {
  Block,
  Expression,
  FileNode,
  FunctionTypeNode,
  Node,
  Parameter,
  Statement,
} from '../language/ast.ts';
import type { Comment, Token } from '../language/tokens.ts';
import { childrenOf } from '../language/tree.ts';
import { separateDeclarations } from './format-apart.ts';
import { spaceExpression } from './format-operators.ts';
import type { SpacingSinks } from './format-operators.ts';
import { needsLines, visitors } from './format-visitors.ts';

/** What a `{` begins; `short` ones are closed on the same line and stay so. */
export type BraceKind = 'block' | 'clauses' | 'fields' | 'literal' | 'short';

export class Hints {
  /** Whether a blank stands before the token at this offset, against the general rules. */
  readonly space = new Map<number, boolean>();
  /** Tokens that always begin a line. */
  readonly breaks = new Set<number>();
  /** Declarations that stand apart from the one above, by a blank line. */
  readonly apart = new Set<number>();
  /** Elements of lists whose line does not line up with the one above. */
  readonly sections = new Set<number>();
  readonly braces = new Map<number, BraceKind>();
  readonly unary = new Set<number>();
  /** Operators behind which a line may end: binary ones and assignments. */
  readonly binary = new Set<number>();
  readonly labels = new Set<number>();
  /** The braces that end the header of an if, for, switch. */
  readonly bodies = new Set<number>();
  /** Names of a list that goes on at the indentation of its first. */
  readonly flush = new Set<number>();
  /** Tokens of a scenario's head, with their indentation when they begin a line. */
  readonly headIndent = new Map<number, number>();
  /** Tokens that begin a cell: its number, and the token that must begin the line for that. */
  readonly cells = new Map<number, { readonly column: number; readonly first: number }>();
  /** The column of the comment behind a line that begins with this token. */
  readonly commentColumns = new Map<number, number>();
  /** Offset behind a run of tokens that is printed as it stands, by its start. */
  readonly verbatim = new Map<number, number>();
}

/** A function body on one line stays there up to these bounds, which are those of gofmt. */
const MAX_SHORT_LENGTH = 100;
const MAX_SHORT_STATEMENTS = 5;

/** Elements of a list up to this size always line up, larger ones by their ratio to the others. */
const SMALL_SIZE = 40;
const MAX_SIZE_RATIO = 2.5;

/** Collects the hints of a file without errors. */
export function collectHints(
  file: FileNode,
  tokens: readonly Token[],
  comments: readonly Comment[],
): Hints {
  const collector = new Collector(file.source.text, tokens);
  collector.collect(file);
  separateDeclarations(collector, file, comments);
  return collector.hints;
}

export class Collector {
  readonly hints = new Hints();
  private readonly text: string;
  private readonly tokens: readonly Token[];
  private readonly indexByStart = new Map<number, number>();
  private readonly sinks: SpacingSinks;
  /** `a, b T` share the node of their type: each node is visited once. */
  private readonly visited = new Set<Node>();

  constructor(text: string, tokens: readonly Token[]) {
    this.text = text;
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
    if (this.visited.has(node)) return;
    this.visited.add(node);
    if ('kind' in node) this.visit(node as Statement);
    for (const child of childrenOf(node)) {
      if (isExpression(child)) this.expression(child, depthOf(node, child));
      else this.collect(child);
    }
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
    if (kind === 'call') {
      const call = node as Expression & { kind: 'call' };
      if (call.spread) this.spread(call);
      this.sections(call.callee.span.end, call.arguments);
    }
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
    if (expression.kind === 'function-literal') this.body(expression.body, expression.span.start);
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
  body(block: Block, header: number): void {
    const { start, end } = block.span;
    const first = this.tokenAfter(start);
    const last = this.tokens[this.tokenIndexBefore(end)];
    const short =
      first.line === last.line &&
      block.statements.length <= MAX_SHORT_STATEMENTS &&
      this.lengthOf(this.tokenAfter(header), last) <= MAX_SHORT_LENGTH &&
      !block.statements.some((statement) => needsLines(statement));
    this.hints.braces.set(start, short ? 'short' : 'block');
  }

  block(block: Block): void {
    if (this.hints.braces.has(block.span.start)) return;
    this.hints.braces.set(block.span.start, 'block');
  }

  /** How long a node is without any blanks. */
  sizeOf({ span }: Node): number {
    const last = this.tokens[this.tokenIndexBefore(span.end)];
    return this.lengthOf(this.tokenAfter(span.start), last) + last.end - last.start;
  }

  /** How long the tokens before `last` are without any blanks, however the text is laid out. */
  private lengthOf(first: Token, last: Token): number {
    let length = 0;
    const end = this.indexByStart.get(last.start) ?? 0;
    for (let i = this.indexByStart.get(first.start) ?? 0; i < end; i++) {
      length += this.tokens[i].end - this.tokens[i].start;
    }
    return length;
  }

  private breaksIn({ start, end }: Token): number {
    return this.text.slice(start, end).split('\n').length - 1;
  }

  /** Whether a raw string among these tokens has several lines. */
  private hasBreak(first: Token, last: Token): boolean {
    return this.text.slice(first.start, last.end).includes('\n');
  }

  clauses(node: Node, after: number, clauses: readonly Node[]): void {
    let open = this.tokenAfter(after);
    while (open.kind !== '{') open = this.tokenAfter(open.end);
    const empty = clauses.length === 0 && (node as Statement).kind === 'select';
    const close = this.tokens[this.tokenIndexBefore(node.span.end)];
    const short = empty && close.line === open.line;
    this.hints.braces.set(open.start, short ? 'short' : 'clauses');
    this.hints.bodies.add(open.start);
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

  private parameter(parameter: Parameter): void {
    const { name, type, variadic } = parameter;
    if (name === null || type.span.start < name.span.end) return;
    this.space(variadic ? this.before(type.span.start).start : type.span.start, true);
  }

  /** Fields or methods between braces: a single line of them may stay on the line. */
  members(node: Node, lines: number, isSmall: boolean): void {
    let open = this.tokenAfter(node.span.start);
    while (open.kind !== '{') open = this.tokenAfter(open.end);
    const close = this.tokens[this.tokenIndexBefore(node.span.end)];
    const short = open.line === close.line && lines <= 1 && isSmall;
    this.hints.braces.set(open.start, short ? 'short' : 'fields');
    // `struct{}` and `struct{ x int }`, but `struct {` before several lines.
    this.space(open.start, !short);
  }

  private literal(expression: Expression & { kind: 'composite' }): void {
    const { type, span, elements } = expression;
    const open = this.tokenAfter(type === null ? span.start : type.span.end);
    this.hints.braces.set(open.start, 'literal');
    this.sections(
      open.start,
      elements.map(({ key, value }) => {
        const start = key?.span.start ?? value.span.start;
        return { span: { start, end: value.span.end }, key };
      }),
    );
    for (const { key, value } of elements) {
      if (key === null) continue;
      this.space(value.span.start, true);
      this.hints.cells.set(value.span.start, { column: 1, first: key.span.start });
      this.hints.commentColumns.set(key.span.start, 2);
    }
  }

  /**
   * Decides which lines of a list line up, by exprList of Go's go/printer/nodes.go: neighbours that
   * stand alone on their lines, have one line each, and are alike in size.
   */
  private sections(
    openEnd: number,
    elements: readonly { span: Node['span']; key?: Node | null }[],
  ) {
    let [lastBreak, size, logarithms, count] = [-1, 0, 0, 0];
    let line = this.tokenAfter(openEnd).line;
    for (const [index, element] of elements.entries()) {
      const first = this.tokenAfter(element.span.start);
      const last = this.tokens[this.tokenIndexBefore(element.span.end)];
      const before = size;
      const measured = element.key?.span ?? element.span;
      const end = this.tokens[this.tokenIndexBefore(measured.end)];
      const oneLine = first.line === last.line && !this.hasBreak(first, last);
      size = oneLine ? this.lengthOf(first, end) + end.end - end.start : 0;
      let apart = before === 0 || size === 0;
      if (!apart && count > 0 && (before > SMALL_SIZE || size > SMALL_SIZE)) {
        const ratio = size / Math.exp(logarithms / count);
        apart = ratio * MAX_SIZE_RATIO <= 1 || ratio >= MAX_SIZE_RATIO;
      }
      if (first.line > line) {
        apart ||= lastBreak + 1 < index;
        if (apart) this.hints.sections.add(first.start);
        if (apart) [logarithms, count] = [0, 0];
        lastBreak = index;
      }
      if (size > 0) [logarithms, count] = [logarithms + Math.log(size), count + 1];
      line = last.line + (oneLine ? 0 : this.breaksIn(last));
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
