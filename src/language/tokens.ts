/**
 * The words of the language: Go's tokens, and the few sequences of other languages (`->`, `=>`,
 * `===`) that are kept whole so that one mistake is one token and one diagnostic.
 */

/** Go's keywords. The words of scenarios (`expect`, `atomic`, …) are ordinary identifiers. */
export const KEYWORDS = [
  'break',
  'case',
  'chan',
  'const',
  'continue',
  'default',
  'defer',
  'else',
  'fallthrough',
  'for',
  'func',
  'go',
  'goto',
  'if',
  'import',
  'interface',
  'map',
  'package',
  'range',
  'return',
  'select',
  'struct',
  'switch',
  'type',
  'var',
] as const;

/** Go's operators and punctuation. */
export const OPERATORS = [
  '+',
  '-',
  '*',
  '/',
  '%',
  '&',
  '|',
  '^',
  '<<',
  '>>',
  '&^',
  '+=',
  '-=',
  '*=',
  '/=',
  '%=',
  '&=',
  '|=',
  '^=',
  '<<=',
  '>>=',
  '&^=',
  '&&',
  '||',
  '<-',
  '++',
  '--',
  '==',
  '<',
  '>',
  '=',
  '!',
  '~',
  '!=',
  '<=',
  '>=',
  ':=',
  '...',
  '(',
  '[',
  '{',
  ',',
  '.',
  ')',
  ']',
  '}',
  ';',
  ':',
] as const;

/** Never valid in Go; the parser says what to write instead. */
export const FOREIGN_OPERATORS = ['->', '=>', '===', '!==', '::'] as const;

export type Keyword = (typeof KEYWORDS)[number];
export type Operator = (typeof OPERATORS)[number];
export type ForeignOperator = (typeof FOREIGN_OPERATORS)[number];
export type LiteralKind = 'int' | 'float' | 'rune' | 'string';
export type TokenKind = 'identifier' | 'end' | LiteralKind | Keyword | Operator | ForeignOperator;

/**
 * One token: half-open UTF-16 offsets and the 0-based line of its start. A `;` of zero width is
 * an automatic semicolon; it stands right behind the last token of its line.
 */
export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
  readonly line: number;
}

/** A comment with its delimiters; the line break behind a line comment is not part of it. */
export interface Comment {
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly block: boolean;
}

/** Whether `token` was put in by the lexer at the end of a line. */
export function isAutomatic(token: Token): boolean {
  return token.kind === ';' && token.start === token.end;
}

/** How diagnostics name a token that they found: its text in quotes, or what it is. */
export function describeToken(text: string, token: Token): string {
  if (token.kind === 'end') return 'the end of the file';
  if (isAutomatic(token)) return 'the end of the line';
  const spelled = text.slice(token.start, token.end);
  if (token.kind === 'string') return `the string ${shorten(spelled)}`;
  return `'${shorten(spelled)}'`;
}

function shorten(spelled: string): string {
  const line = spelled.split('\n', 1)[0];
  return line.length > 32 || line !== spelled ? `${line.slice(0, 32)}…` : line;
}

/** Keywords by first character. */
const KEYWORDS_BY_START: (readonly Keyword[] | undefined)[] = [];
for (const keyword of KEYWORDS) {
  const start = keyword.charCodeAt(0);
  KEYWORDS_BY_START[start] = [...(KEYWORDS_BY_START[start] ?? []), keyword];
}
const MAX_KEYWORD_LENGTH = 11;

/** The keyword at `start`, compared in place: no string is made of each word. */
export function keywordAt(text: string, start: number, end: number): Keyword | null {
  const length = end - start;
  const candidates = KEYWORDS_BY_START[text.charCodeAt(start)];
  if (candidates === undefined || length > MAX_KEYWORD_LENGTH) return null;
  for (const keyword of candidates) {
    if (keyword.length === length && text.startsWith(keyword, start)) return keyword;
  }
  return null;
}
