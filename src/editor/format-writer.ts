/** Puts tokens and comments on lines: where lines end, how far they are indented, what aligns. */
import { isAutomatic } from '../language/tokens.ts';
import type { Comment, Token, TokenKind } from '../language/tokens.ts';
import type { BraceKind, Hints } from './format-hints.ts';
import { printLines } from './format-lines.ts';
import type { Line } from './format-lines.ts';
import { hasBlank } from './format-spaces.ts';

type BracketKind = BraceKind | 'parenthesis' | 'group';

interface Bracket {
  readonly kind: BracketKind;
  /** Indentation of the line that opens it. */
  readonly lineIndent: number;
  /** Indentation of the line on which its current element or statement began. */
  elementIndent: number;
  /** The next token begins an element or statement. */
  atElementStart: boolean;
  /** In the header of if, for or switch: its semicolons stay. */
  inHeader: boolean;
}

interface OpenLine extends Line {
  /** Offset of its first token, or -1 for a comment. */
  readonly first: number;
}

const BREAKS_BEHIND: ReadonlySet<TokenKind> = new Set<TokenKind>([',', '(', '[', '{', '.', 'case']);

const LINE_END = /[ \t\r;]*(?:\n|$)/y;

export class FormatWriter {
  private readonly text: string;
  private readonly hints: Hints;
  private readonly lines: OpenLine[] = [];
  private readonly brackets: Bracket[] = [newBracket('block', -1)];
  /** The last token that was printed; automatic and dropped semicolons are not. */
  private last: Token | null = null;
  /** Line of the source on which the last token or comment ended. */
  private lastSourceLine = 0;
  private lastWasComment = false;
  /** A comment has had a line of its own since the last token. */
  private commentAbove = false;
  /**
   * A statement or declaration ended: what follows begins a line, unless it closes a short body.
   */
  private ended = false;
  private mustBreak = false;
  /** The last token is the colon of a label. */
  private behindLabel = false;
  /** Offset behind the tokens that are printed together as they stand. */
  private verbatimEnd = -1;

  constructor(text: string, hints: Hints) {
    this.text = text;
    this.hints = hints;
  }

  /** Prints the next token. */
  token(token: Token): void {
    const isStatement = this.isEmptyStatement(token);
    if (token.kind === ';' && !isStatement && this.dropsSemicolon(token)) return;
    if (isStatement) this.ended = true;
    const word = this.text.slice(token.start, token.end);
    const top = this.top();
    const closes = isClosing(token.kind) && this.brackets.length > 1;
    if (this.beginsElement(token)) top.atElementStart = true;
    if (token.start < this.verbatimEnd) {
      this.append(word, false);
    } else if (this.breaksBefore(token, closes)) {
      this.newLine(this.indentOf(token, closes), token, token.start, closes);
      this.append(word, false);
    } else {
      this.appendToken(token, word);
    }
    this.verbatimEnd = Math.max(this.verbatimEnd, this.hints.verbatim.get(token.start) ?? -1);
    this.track(token, top, closes);
    const before = this.last;
    this.behindLabel = token.kind === ':' && before !== null && this.hints.labels.has(before.start);
    this.last = token;
    this.ended = isStatement;
    this.mustBreak = false;
    this.lastWasComment = false;
    this.commentAbove = false;
    this.lastSourceLine = token.line + this.breaksIn(token);
  }

  /** Prints a comment; `next` is the token behind it. */
  comment(comment: Comment, next: Token): void {
    const text = this.text.slice(comment.start, comment.end).trimEnd();
    const line = this.lines.at(-1);
    const ownLine = line === undefined || comment.line > this.lastSourceLine;
    if (ownLine) {
      this.newLine(this.commentIndent(comment, next), comment, -1, false, next);
      this.append(text, false);
      this.commentAbove = true;
    } else if (comment.block && !this.endsLine(comment)) {
      this.append(text, this.last?.kind !== '(' && this.last?.kind !== '[');
    } else {
      const column = this.hints.commentColumns.get(line.first) ?? line.cells.length;
      while (line.cells.length < column) line.cells.push('');
      line.cells.push(text);
    }
    this.lastSourceLine = comment.line + this.breaksIn(comment);
    // A comment before code stays on its line; others end theirs.
    this.mustBreak = !comment.block || (ownLine && next.line > this.lastSourceLine);
    this.lastWasComment = true;
  }

  /** The formatted text. */
  finish(): string {
    return printLines(this.lines);
  }

  /** Notes a semicolon that is not printed; false for one that is. */
  private dropsSemicolon(token: Token): boolean {
    const top = this.top();
    if (isAutomatic(token)) {
      this.ended = true;
      return true;
    }
    if (top.inHeader || top.kind === 'parenthesis' || top.kind === 'literal') return false;
    if (top.kind !== 'short') {
      this.ended = true;
      return true;
    }
    // In a short body, `; }` and `; ;` lose theirs.
    const following = this.following(token);
    return following === '}' || following === ';' || this.last?.kind === '{';
  }

  /** The semicolon that keeps a label from labelling the statement below. */
  private isEmptyStatement(token: Token): boolean {
    if (token.kind !== ';' || isAutomatic(token) || !this.behindLabel) return false;
    return this.top().kind !== 'short' && this.following(token) !== '}';
  }

  /** The first character behind a token that is no blank. */
  private following({ end }: Token): string | undefined {
    return /\S/.exec(this.text.slice(end, end + 200))?.[0];
  }

  private beginsElement(token: Token): boolean {
    if (this.hints.headIndent.has(token.start)) return false;
    return this.last === null || this.ended || this.hints.breaks.has(token.start);
  }

  private breaksBefore(token: Token, closes: boolean): boolean {
    const { last } = this;
    if (this.lines.length === 0 || this.mustBreak) return true;
    if (this.commentAbove && this.lastWasComment) return false;
    if (last === null) return true;
    const { kind } = this.top();
    const onLines = kind === 'block' || kind === 'clauses' || kind === 'fields' || kind === 'group';
    if (closes) {
      if (onLines) return true;
      return kind !== 'short' && this.inSource(token) && last.kind === ',';
    }
    if (onLines && (last.kind === '{' || last.kind === '(')) return true;
    if (this.hints.headIndent.has(token.start)) return this.inSource(token);
    if (kind === 'short') return false;
    if (this.ended || this.hints.breaks.has(token.start)) return true;
    if (!this.inSource(token)) return false;
    return BREAKS_BEHIND.has(last.kind) || this.hints.binary.has(last.start);
  }

  private inSource(token: Token): boolean {
    return token.line > this.lastSourceLine;
  }

  private indentOf(token: Token, closes: boolean): number {
    const top = this.top();
    if (closes) return Math.max(0, top.lineIndent);
    const head = this.hints.headIndent.get(token.start);
    if (head !== undefined) return head;
    const base = top.lineIndent + 1;
    if (this.hints.labels.has(token.start)) return Math.max(0, base - 1);
    if (top.kind === 'clauses' && (token.kind === 'case' || token.kind === 'default')) {
      return base - 1;
    }
    const begins = top.atElementStart || this.hints.flush.has(token.start);
    return begins ? base : top.elementIndent + 1;
  }

  private commentIndent(comment: Comment, next: Token): number {
    const top = this.top();
    const base = top.lineIndent + 1;
    if (next.kind === 'case' || next.kind === 'default') {
      // It belongs to the case below when it stands above it, else to the statements before.
      return this.columnOf(comment) === this.columnOf(next) ? base - 1 : base;
    }
    const head = this.hints.headIndent.has(next.start);
    if (head) return 1;
    const begins = top.atElementStart || this.beginsElement(next) || isClosing(next.kind);
    if (this.hints.flush.has(next.start)) return base;
    return begins || next.kind === 'end' ? base : top.elementIndent + 1;
  }

  private columnOf({ start }: { readonly start: number }): number {
    return start - this.text.lastIndexOf('\n', start - 1);
  }

  private newLine(
    indent: number,
    item: { readonly line: number },
    first: number,
    closes: boolean,
    next?: Token,
  ): void {
    const top = this.top();
    const inBody = top.kind === 'block' || top.kind === 'clauses';
    const opened = isOpening(this.last?.kind) && !this.lastWasComment && !inBody;
    const separate = !this.lastWasComment && this.hints.apart.has(next?.start ?? first);
    const blank = item.line - this.lastSourceLine > 1 || separate;
    const blankBefore = blank && !opened && (!closes || inBody) && this.lines.length > 0;
    const continues = first >= 0 && !closes && !top.atElementStart;
    const apart = continues || this.hints.sections.has(first);
    this.lines.push({ indent, cells: [], blankBefore, apart, first });
  }

  private appendToken(token: Token, word: string): void {
    const line = this.lines[this.lines.length - 1];
    const cell = this.hints.cells.get(token.start);
    const counts =
      cell !== undefined &&
      this.top().kind !== 'short' &&
      line.cells.length <= cell.column &&
      (cell.first < 0 || cell.first === line.first);
    if (counts) {
      while (line.cells.length < cell.column) line.cells.push('');
      line.cells.push(word);
    } else if (this.lastWasComment) {
      const closesLiteral = token.kind === '}' && this.top().kind === 'literal';
      this.append(word, !isTight(token.kind) && !closesLiteral);
    } else {
      const { last, hints, text } = this;
      const inLiteral = this.top().kind === 'literal';
      this.append(word, last !== null && hasBlank(hints, text, last, token, inLiteral));
    }
  }

  private append(word: string, blank: boolean): void {
    const { cells } = this.lines[this.lines.length - 1];
    const last = cells.length - 1;
    if (last < 0) cells.push(word);
    else cells[last] += (blank ? ' ' : '') + word;
  }

  /** Keeps account of brackets, headers and where elements begin. */
  private track(token: Token, top: Bracket, closes: boolean): void {
    const { indent } = this.lines[this.lines.length - 1];
    const { kind } = token;
    if (closes) {
      this.brackets.pop();
      return;
    }
    if (top.atElementStart) {
      top.elementIndent = indent;
      top.atElementStart = false;
    }
    if (kind === '{') {
      if (this.hints.bodies.has(token.start)) top.inHeader = false;
      const brace = this.hints.braces.get(token.start) ?? 'block';
      // A body belongs to its statement, also when the header takes several lines.
      this.brackets.push(newBracket(brace, brace === 'literal' ? indent : top.elementIndent));
    } else if (kind === '(' || kind === '[') {
      const group = kind === '(' && isGroupKeyword(this.last?.kind);
      this.brackets.push(newBracket(group ? 'group' : 'parenthesis', indent));
    } else if (kind === 'if' || kind === 'for' || kind === 'switch') {
      top.inHeader = true;
    } else if (kind === ',') {
      top.atElementStart = top.kind === 'parenthesis' || top.kind === 'literal';
    }
  }

  private top(): Bracket {
    return this.brackets[this.brackets.length - 1];
  }

  /** Whether nothing but a semicolon follows a comment on its line. */
  private endsLine({ end }: Comment): boolean {
    LINE_END.lastIndex = end;
    return LINE_END.test(this.text);
  }

  private breaksIn({ start, end }: { readonly start: number; readonly end: number }): number {
    let count = 0;
    for (let i = start; i < end; i++) if (this.text.charCodeAt(i) === 10) count++;
    return count;
  }
}

function newBracket(kind: BracketKind, lineIndent: number): Bracket {
  return { kind, lineIndent, elementIndent: lineIndent, atElementStart: true, inHeader: false };
}

function isOpening(kind: TokenKind | undefined): boolean {
  return kind === '{' || kind === '(' || kind === '[';
}

function isClosing(kind: TokenKind): boolean {
  return kind === '}' || kind === ')' || kind === ']';
}

function isGroupKeyword(kind: TokenKind | undefined): boolean {
  return kind === 'import' || kind === 'var' || kind === 'const' || kind === 'type';
}

/** What never has a blank before it, not even behind a comment. */
function isTight(kind: TokenKind): boolean {
  return kind === ',' || kind === ')' || kind === ']' || kind === ';';
}
