/**
 * What all parts of the parser share: the cursor over the tokens, errors, and lists.
 *
 * Convention: a function `parseX` always returns an X, if need be a `bad` node, and consumes what
 * it understood. Whoever meets a token that does not fit reports it; the line of the last error is
 * remembered and nothing more is said about that line, so that one slip is one diagnostic.
 */
import type { BadNode, Expression, Identifier, Statement, TypeNode } from './ast.ts';
import type { Diagnostic, SourceFile, Span } from './diagnostics.ts';
import type { LexResult } from './lexer.ts';
import { atDeclaration } from './parser-recovery.ts';
import { describeToken, isAutomatic } from './tokens.ts';
import type { Token, TokenKind } from './tokens.ts';

/** Bound on the depth of the tree: later phases recurse over it and must not run out of stack. */
export const MAX_NESTING_DEPTH = 500;

/** Ends the parse of a declaration that nests too deeply; caught in parser-declarations.ts. */
export class NestingTooDeep {
  readonly span: Span;
  constructor(span: Span) {
    this.span = span;
  }
}

/** The state of one parse. */
export class Parser {
  readonly source: SourceFile;
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly diagnostics: Diagnostic[] = [];
  readonly lexed: LexResult;

  index = 0;
  token: Token;
  kind: TokenKind;
  /** Offset behind the last consumed token. */
  previousEnd = 0;
  /** In the header of if, for or switch, `T {` begins the block, not a composite literal. */
  inHeader = false;
  /** `x.(type)` is valid in the header of a switch only. */
  allowTypeGuard = false;
  /** How many switches and selects are open: where `case` ends a list of statements. */
  clauseDepth = 0;
  depth = 0;
  /** Operators, calls and selectors in the current declaration: chains that deepen the tree. */
  links = 0;
  deepest = 0;
  /** The opening brace of the block whose closing brace seems to be missing, by indentation. */
  suspiciousBrace: Token | null = null;
  /** Something opened in this declaration is not closed: the next declaration follows. */
  missingBraceReported = false;
  /** Indentation of the current declaration. */
  declarationIndent = 0;

  private readonly errorLines: Set<number>;

  constructor(source: SourceFile, lexed: LexResult, errorLines: Set<number>) {
    this.source = source;
    this.text = source.text;
    this.lexed = lexed;
    this.tokens = lexed.tokens;
    this.errorLines = errorLines;
    this.token = this.tokens[0];
    this.kind = this.token.kind;
  }

  next(): Token {
    const token = this.token;
    if (token.kind !== 'end') {
      this.previousEnd = token.end;
      this.token = this.tokens[++this.index];
      this.kind = this.token.kind;
    }
    return token;
  }

  at(kind: TokenKind): boolean {
    return this.kind === kind;
  }

  eat(kind: TokenKind): boolean {
    if (this.kind !== kind) return false;
    this.next();
    return true;
  }

  /** The token `count` ahead; the last token of the file when there are fewer. */
  peek(count = 1): Token {
    return this.tokens[Math.min(this.index + count, this.tokens.length - 1)];
  }

  atWord(word: string): boolean {
    return this.kind === 'identifier' && this.wordOf(this.token) === word;
  }

  wordOf(token: Token): string {
    return this.text.slice(token.start, token.end);
  }

  /** At an automatic semicolon. */
  atLineEnd(): boolean {
    return isAutomatic(this.token);
  }

  /** Whether the next token stands on another line than the last consumed one. */
  onNewLine(): boolean {
    return this.token.line > this.lastLine();
  }

  /** The line of the last consumed token; -1 at the start. */
  lastLine(): number {
    return this.index === 0 ? -1 : this.tokens[this.index - 1].line;
  }

  /** Whether the token at `index` is the first of its line. */
  beginsLine(index: number): boolean {
    return index === 0 || this.tokens[index].line > this.tokens[index - 1].line;
  }

  indentOf(token: Token): number {
    return this.lexed.indents[token.line] ?? 0;
  }

  /** From `start` to the last consumed token; empty and behind that when none was since. */
  span(start: number): Span {
    return { start: Math.min(start, this.previousEnd), end: this.previousEnd };
  }

  bad(start: number, parts?: readonly (Expression | TypeNode | Statement)[]): BadNode {
    const span = this.span(start);
    return parts ? { kind: 'bad', span, parts } : { kind: 'bad', span };
  }

  found(): string {
    return describeToken(this.text, this.token);
  }

  /** Reports an error at a token, unless its line has one already. */
  error(at: Token, code: string, message: string, help?: string): void {
    // What a swallowed rest of the file leaves open is no second mistake.
    if (at.kind === 'end' && this.lexed.truncated) return;
    if (this.errorLines.has(at.line)) return;
    this.errorLines.add(at.line);
    const span = { start: at.start, end: at.end };
    const base = { file: this.source, span, severity: 'error', code, message } as const;
    this.diagnostics.push(help === undefined ? base : { ...base, help });
  }

  /** Reports that something else was expected at the current token. */
  unexpected(expected: string, help?: string): void {
    this.error(this.token, 'unexpected-token', `expected ${expected}, found ${this.found()}`, help);
  }

  /** Consumes `kind`, or reports and consumes nothing. */
  expect(kind: TokenKind, where: string, help?: string): boolean {
    if (this.eat(kind)) return true;
    this.unexpected(`'${kind}' ${where}`, help);
    return false;
  }

  /** An identifier; when there is none, reports and gives `_`, which later phases ignore. */
  identifier(what: string, help?: string): Identifier {
    if (this.kind === 'identifier') return this.takeIdentifier();
    this.unexpected(what, help);
    const span = { start: this.previousEnd, end: this.previousEnd };
    return { kind: 'identifier', name: '_', span };
  }

  /** The identifier at the cursor. */
  takeIdentifier(): Identifier {
    const { start, end } = this.next();
    return { kind: 'identifier', name: this.text.slice(start, end), span: { start, end } };
  }

  /** Enters one level of nesting; every call is matched by `this.depth--`. */
  enter(): void {
    if (++this.depth > this.deepest) this.deepest = this.depth;
    if (this.depth > MAX_NESTING_DEPTH) throw new NestingTooDeep(this.token);
  }
}

/** Tokens that begin an expression on sight, for telling a missing comma from a missing bracket. */
const BEGINS_OPERAND: ReadonlySet<TokenKind> = new Set<TokenKind>([
  'identifier',
  'int',
  'float',
  'rune',
  'string',
  'func',
  'struct',
  'map',
  'chan',
  'interface',
  '!',
  '(',
  '[',
  '^',
]);

/** Whether the current token can only begin an expression, not continue one. */
export function beginsOperand(kind: TokenKind): boolean {
  return BEGINS_OPERAND.has(kind);
}

/**
 * Parses the elements of a bracketed list and its closing bracket; the cursor is behind `open`.
 *
 * Missing commas and a missing closing bracket are mended here: a line that goes on deeper than the
 * line of `open` still belongs to the list, any other ends it.
 */
export function parseList(
  p: Parser,
  open: Token,
  close: ')' | ']' | '}',
  where: string,
  element: () => void,
): void {
  const { inHeader } = p;
  p.inHeader = false;
  while (p.kind !== close && p.kind !== 'end' && p.kind !== '}' && !atDeclaration(p)) {
    const before = p.index;
    element();
    if (p.eat(',')) continue;
    if (p.kind === close) break;
    if (!mendList(p, open, close, where, before)) {
      p.inHeader = inHeader;
      return;
    }
  }
  p.inHeader = inHeader;
  if (p.kind === close) {
    p.next();
    return;
  }
  if (p.kind !== '}') p.missingBraceReported = true;
  p.error(open, 'unclosed-bracket', `'${open.kind}' of ${where} is never closed`);
}

/** After an element without comma: whether the list goes on. */
function mendList(
  p: Parser,
  open: Token,
  close: ')' | ']' | '}',
  where: string,
  before: number,
): boolean {
  if (p.atLineEnd()) {
    const following = p.peek();
    if (following.kind === close) {
      const help = `end the line with ',', or put '${close}' on it`;
      p.error(p.token, 'missing-comma', `missing ',' before the line break in ${where}`, help);
      p.next();
      return true;
    }
    if (p.indentOf(following) > p.indentOf(open) && following.kind !== '}') {
      p.error(p.token, 'missing-comma', `missing ',' at the end of the line in ${where}`);
      p.next();
      return true;
    }
    p.unexpected(`',' or '${close}' in ${where}`);
    return false;
  }
  p.unexpected(`',' or '${close}' in ${where}`, listHelp(p));
  if (p.index > before && beginsOperand(p.kind)) return true;
  skipInList(p, close);
  if (p.eat(',')) return true;
  return p.kind === close;
}

function listHelp(p: Parser): string | undefined {
  if (p.kind === '=' || p.kind === ':') return 'arguments have no names here';
  if (p.kind === '=>' || p.kind === '->') return 'a function value is written func(…) { … }';
  return undefined;
}

/** Skips to what may continue or end the list, over balanced brackets. */
function skipInList(p: Parser, close: TokenKind): void {
  while (p.kind !== ',' && p.kind !== close && p.kind !== ';' && p.kind !== 'end') {
    if (p.kind === '{' || p.kind === '}') return;
    if (p.kind === '(' || p.kind === '[') skipBrackets(p);
    else p.next();
  }
}

/** Skips one balanced bracket pair; an unbalanced one to a closing brace or the end of the file. */
export function skipBrackets(p: Parser): void {
  let open = 0;
  do {
    if (p.kind === '(' || p.kind === '[' || p.kind === '{') open++;
    else if (p.kind === ')' || p.kind === ']' || p.kind === '}') open--;
    p.next();
  } while (open > 0 && p.kind !== 'end' && p.kind !== '}');
  if (open > 0 && p.kind === '}') p.next();
}
