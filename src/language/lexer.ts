/**
 * Text to tokens, with Go's automatic semicolons.
 *
 * The whole file is read at once, in time linear in its length. Comments are kept beside the
 * tokens for the formatter and the editor. Bad input gives diagnostics, at most one a line, and
 * tokens that let the parser go on.
 */
import type { Diagnostic, SourceFile, Span } from './diagnostics.ts';
import { describeUnknown, foreignAt, foreignCharacters, numberHelp } from './lexer-errors.ts';
import { isDigit, numberKind, readEscape } from './literals.ts';
import { FOREIGN_OPERATORS, keywordAt, OPERATORS } from './tokens.ts';
import type { Comment, Token, TokenKind } from './tokens.ts';

/** Bound on the length of a number: a longer one would only cost time. */
export const MAX_NUMBER_LENGTH = 512;

export interface LexResult {
  /** Ends with one token of kind `end`. */
  readonly tokens: readonly Token[];
  readonly comments: readonly Comment[];
  /** How many blanks each line begins with, by 0-based line. */
  readonly indents: readonly number[];
  readonly diagnostics: readonly Diagnostic[];
  /** A comment or raw string swallowed the rest of the file: what its end lacks is no news. */
  readonly truncated: boolean;
}

/** Splits a file into tokens; never throws. */
export function lex(source: SourceFile): LexResult {
  const lexer = new Lexer(source, 0, source.text.length);
  lexer.run([]);
  return lexer;
}

/** The tokens of a part of a file, which begins at the head of a line or at a brace; lines count
 *  from there. Of the blocks that `skipped` names, in their order, only the braces are read. */
export function lexPart(source: SourceFile, part: Span, skipped: readonly Span[]): LexResult {
  const lexer = new Lexer(source, part.start, part.end);
  lexer.run(skipped);
  return lexer;
}

const IDENTIFIER_ASCII = new Uint8Array(128);
for (const c of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789') {
  IDENTIFIER_ASCII[c.charCodeAt(0)] = 1;
}
/** A pattern runs at full speed at once, where a loop of ours would be interpreted at first. */
const WORD = /\w+/y;
const IDENTIFIER_TAIL = /[\p{L}\p{Nd}_]*/uy;
const LETTER = /\p{L}/uy;
/** Any run of characters that could belong to a number, judged afterwards. */
const NUMBER = /0[xX](?:[pP][+-]|[\w.])*|(?:[eE][+-]|[\w.])+/y;
/** After these a line break ends the statement, as in Go. */
const ENDS_STATEMENT: ReadonlySet<TokenKind> = new Set<TokenKind>([
  'identifier',
  'int',
  'float',
  'rune',
  'string',
  'break',
  'continue',
  'fallthrough',
  'return',
  '++',
  '--',
  ')',
  ']',
  '}',
]);

/** Operators by first character, longest first. */
const OPERATORS_BY_START: (readonly TokenKind[])[] = [];
for (const operator of [...OPERATORS, ...FOREIGN_OPERATORS].sort((a, b) => b.length - a.length)) {
  const start = operator.charCodeAt(0);
  OPERATORS_BY_START[start] = [...(OPERATORS_BY_START[start] ?? []), operator];
}

class Lexer implements LexResult {
  readonly tokens: Token[] = [];
  readonly comments: Comment[] = [];
  readonly indents: number[] = [];
  readonly diagnostics: Diagnostic[] = [];
  truncated = false;

  private readonly source: SourceFile;
  private readonly text: string;
  private readonly end: number;
  private at: number;
  private line = 0;
  private lastErrorLine = -1;
  private last: TokenKind | null = null;

  constructor(source: SourceFile, start: number, end: number) {
    this.source = source;
    this.text = source.text;
    this.at = start;
    this.end = end;
  }

  run(skipped: readonly Span[]): void {
    const { text, end, at: start } = this;
    if (this.at === 0 && text.charCodeAt(0) === 0xfeff) this.at = 1;
    this.beginLine();
    for (const block of skipped) {
      this.scanTo(block.start);
      this.push('{', block.start, block.start + 1);
      this.at = block.end - 1;
      this.newLine();
      this.push('}', this.at, block.end);
    }
    this.scanTo(end);
    this.endLine(end);
    this.push('end', end, end);
    for (const { at, message } of foreignCharacters(text, start, end)) {
      this.lastErrorLine = -1;
      this.report({ start: at, end: at + 1 }, 'invalid-character', message);
    }
  }

  private scanTo(end: number): void {
    const { text } = this;
    while (this.at < end) {
      const code = text.charCodeAt(this.at);
      if (code === 32 || code === 9 || code === 13) this.at++;
      else this.scan(code);
    }
  }

  /** Reads the token, comment or line break that begins with the character `code`. */
  private scan(code: number): void {
    const { text } = this;
    const start = this.at;
    if (code === 10) {
      this.endLine(start);
      this.at++;
      this.newLine();
    } else if (code < 128 && IDENTIFIER_ASCII[code] === 1) {
      if (code >= 48 && code <= 57) this.scanNumber(start);
      else this.scanWord(start);
    } else if (code === 34) {
      this.scanString(start);
    } else if (code === 39) {
      this.scanRune(start);
    } else if (code === 96) {
      this.scanRawString(start);
    } else if (code === 47 && text.charCodeAt(start + 1) === 47) {
      this.scanLineComment(start);
    } else if (code === 47 && text.charCodeAt(start + 1) === 42) {
      this.scanBlockComment(start);
    } else if (code === 46 && isDigit(text.charCodeAt(start + 1))) {
      this.scanNumber(start);
    } else if (code >= 128 && matchAt(LETTER, text, start) > start) {
      this.scanWord(start);
    } else if (!this.scanOperator(start, code)) {
      this.scanUnknown(start);
    }
  }

  private push(kind: TokenKind, start: number, end: number): void {
    this.tokens.push({ kind, start, end, line: this.line });
    this.last = kind;
    this.at = end;
  }

  /** Puts in the automatic semicolon where a line ends behind a token that can end a statement. */
  private endLine(at: number): void {
    if (this.last === null || !ENDS_STATEMENT.has(this.last)) return;
    const end = this.tokens[this.tokens.length - 1].end;
    this.push(';', end, end);
    this.at = at;
  }

  private newLine(): void {
    this.line++;
    this.beginLine();
  }

  private beginLine(): void {
    let end = this.at;
    for (;;) {
      const code = this.text.charCodeAt(end);
      if (code !== 32 && code !== 9) break;
      end++;
    }
    this.indents.push(end - this.at);
    this.at = end;
  }

  private scanWord(start: number): void {
    const { text } = this;
    let end = matchAt(WORD, text, start);
    if (text.charCodeAt(end) >= 128) end = matchAt(IDENTIFIER_TAIL, text, end);
    this.push(keywordAt(text, start, end) ?? 'identifier', start, end);
  }

  private scanOperator(start: number, code: number): boolean {
    const candidates = OPERATORS_BY_START[code];
    if (!candidates) return false;
    // Most operators are single characters that no other begins with: brackets, commas.
    if (candidates.length === 1) {
      this.push(candidates[0], start, start + 1);
      return true;
    }
    for (const operator of candidates) {
      if (operator.length > 1 && !this.text.startsWith(operator, start)) continue;
      this.push(operator, start, start + operator.length);
      return true;
    }
    return false;
  }

  private scanNumber(start: number): void {
    const { text } = this;
    const end = matchAt(NUMBER, text, start);
    const number = text.slice(start, end);
    if (number.length > MAX_NUMBER_LENGTH) {
      const help = `the bound is ${MAX_NUMBER_LENGTH} characters a number`;
      this.report({ start, end }, 'invalid-number', 'this number is too long', help);
      this.push('int', start, end);
    } else {
      const kind = numberKind(number);
      if (kind === null) this.scanInvalidNumber(start, number);
      else this.push(kind, start, end);
    }
  }

  /** `1..3` and `1.2.3` end before the second dot; the rest is called malformed. */
  private scanInvalidNumber(start: number, number: string): void {
    const end = start + number.length;
    // A profile such as `go1.25.1` reads its version from here: the parser judges it as a whole.
    if (/^\.?[0-9]+(\.[0-9]+)+$/.test(number)) {
      this.push('float', start, end);
      const inProfile = this.tokens[this.tokens.length - 2]?.end === start;
      if (!inProfile) this.report({ start, end }, 'invalid-number', `'${number}' is not a number`);
      return;
    }
    this.report(
      { start, end },
      'invalid-number',
      `'${number.slice(0, 32)}' is not a number`,
      numberHelp(number),
    );
    this.push('int', start, end);
  }

  private scanString(start: number): void {
    const { text } = this;
    let at = start + 1;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code === 34) break;
      if (code === 10 || at >= text.length) {
        const end = text.charCodeAt(at - 1) === 13 ? at - 1 : at;
        this.report(
          { start, end },
          'unterminated-string',
          'this string is not closed on its line',
          'close it with ", or use back quotes ` for a text of several lines',
        );
        this.push('string', start, Math.max(end, start + 1));
        return;
      }
      at = code === 92 ? this.skipEscape(at) : at + 1;
    }
    this.push('string', start, at + 1);
  }

  private skipEscape(at: number): number {
    const escape = readEscape(this.text, at);
    if (!escape.valid) {
      this.report(
        { start: at, end: escape.end },
        'invalid-escape',
        `'${this.text.slice(at, escape.end)}' is not an escape`,
        'write \\\\ for a backslash',
      );
    }
    return escape.end;
  }

  private scanRune(start: number): void {
    const { text } = this;
    let at = start + 1;
    let count = 0;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code === 39) break;
      if (code === 10 || at >= text.length) {
        const end = Math.max(start + 1, text.charCodeAt(at - 1) === 13 ? at - 1 : at);
        const help = 'a rune is one character in single quotes; strings have double quotes';
        this.report({ start, end }, 'unterminated-rune', 'this rune is not closed', help);
        this.push('rune', start, end);
        return;
      }
      if (code === 92) at = this.skipEscape(at);
      else at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
      count++;
    }
    const span = { start, end: at + 1 };
    if (count === 0) this.report(span, 'invalid-rune', 'this rune is empty');
    if (count > 1) {
      const help = 'strings have double quotes';
      this.report(span, 'invalid-rune', 'more than one character in single quotes', help);
    }
    // Several characters were meant as a string: later phases then have nothing to complain of.
    this.push(count > 1 ? 'string' : 'rune', start, at + 1);
  }

  private scanRawString(start: number): void {
    const close = this.text.indexOf('`', start + 1);
    const end = close < 0 ? this.text.length : close + 1;
    if (close < 0) {
      this.truncated = true;
      const span = { start, end: start + 1 };
      const help = 'close it with a back quote';
      this.report(span, 'unterminated-string', 'this raw string is never closed', help);
    }
    this.push('string', start, end);
    this.countLines(start, end);
  }

  private scanLineComment(start: number): void {
    const lineEnd = this.text.indexOf('\n', start);
    let end = lineEnd < 0 ? this.text.length : lineEnd;
    if (this.text.charCodeAt(end - 1) === 13) end--;
    this.comments.push({ start, end, line: this.line, block: false });
    this.at = end;
  }

  private scanBlockComment(start: number): void {
    const close = this.text.indexOf('*/', start + 2);
    const end = close < 0 ? this.text.length : close + 2;
    if (close < 0) {
      this.truncated = true;
      const span = { start, end: start + 2 };
      this.report(
        span,
        'unterminated-comment',
        'this comment is never closed',
        "close it with '*/'",
      );
    }
    this.comments.push({ start, end, line: this.line, block: true });
    // A comment that holds a line break acts like a line break.
    if (this.text.slice(start, end).includes('\n')) this.endLine(end);
    this.at = end;
    this.countLines(start, end);
  }

  /** Accounts for the line breaks inside a token or comment. */
  private countLines(start: number, end: number): void {
    for (let i = start; i < end; i++) {
      if (this.text.charCodeAt(i) !== 10) continue;
      this.line++;
      this.indents.push(0);
    }
  }

  private scanUnknown(start: number): void {
    const { text } = this;
    let end = start;
    do {
      end += (text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1;
    } while (end < text.length && isUnknown(text, end));
    const { character, shown, help } = describeUnknown(text, start);
    if (foreignAt(text, start) === null)
      this.report({ start, end }, 'unexpected-character', `unexpected ${shown}`, help);
    this.at = end;
    if (character === '#') {
      const lineEnd = text.indexOf('\n', start);
      this.at = lineEnd < 0 ? text.length : lineEnd;
    }
  }

  private report(span: Span, code: string, message: string, help?: string): void {
    if (this.lastErrorLine === this.line) return;
    this.lastErrorLine = this.line;
    const base = { file: this.source, span, severity: 'error', code, message } as const;
    this.diagnostics.push(help === undefined ? base : { ...base, help });
  }
}

/** Whether the character at `at` cannot begin a token or white space. */
function isUnknown(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code >= 128) return matchAt(LETTER, text, at) === at;
  if (code === 32 || (code >= 9 && code <= 13) || code === 34 || code === 39 || code === 96) {
    return false;
  }
  return IDENTIFIER_ASCII[code] === 0 && OPERATORS_BY_START[code] === undefined;
}

/** End of the match of a sticky pattern at `at`, or `at`. */
function matchAt(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}
