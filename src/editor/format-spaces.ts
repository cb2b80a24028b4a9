/** Whether a blank stands between two tokens of a line. */
import type { Token, TokenKind } from '../language/tokens.ts';
import type { Hints } from './format-hints.ts';

const NO_BLANK_BEFORE: ReadonlySet<TokenKind> = new Set<TokenKind>([
  ',',
  ')',
  ']',
  '.',
  ':',
  '++',
  '--',
]);
const NO_BLANK_BEHIND: ReadonlySet<TokenKind> = new Set<TokenKind>([
  '(',
  '[',
  '.',
  '!',
  '~',
  '...',
]);
const KEYWORDS_BEFORE_PARENTHESIS: ReadonlySet<TokenKind> = new Set<TokenKind>([
  'return',
  'go',
  'defer',
  'if',
  'for',
  'switch',
  'case',
  'var',
  'const',
  'type',
  'import',
  'range',
  'chan',
  'else',
  'select',
  'goto',
]);
/** Behind these a `[` or `(` belongs to what stands before. */
const ENDS_OPERAND: ReadonlySet<TokenKind> = new Set<TokenKind>([
  'identifier',
  ')',
  ']',
  '}',
  'string',
  'int',
  'float',
  'rune',
  'func',
  'map',
  'struct',
  'interface',
]);

/** Decides by the hints where there are any, else by the two tokens. */
export function hasBlank(
  hints: Hints,
  text: string,
  before: Token,
  token: Token,
  inLiteral: boolean,
): boolean {
  const hinted = hints.space.get(token.start);
  const closesLiteral = inLiteral && token.kind === '}';
  const blank = hinted ?? (!closesLiteral && byKinds(hints, before, token));
  return blank || melts(text, before, token);
}

function byKinds(hints: Hints, before: Token, token: Token): boolean {
  const { kind } = token;
  if (kind === ';') return before.kind === ';' || KEYWORDS_BEFORE_PARENTHESIS.has(before.kind);
  if (NO_BLANK_BEFORE.has(kind)) return false;
  if (NO_BLANK_BEHIND.has(before.kind) || hints.unary.has(before.start)) return false;
  if (kind === '{') {
    return hints.braces.get(token.start) !== 'literal' || before.kind === ',';
  }
  if (before.kind === '{') return kind !== '}' && hints.braces.get(before.start) === 'short';
  if (kind === '}') return true;
  if (kind === '(' || kind === '[') return !ENDS_OPERAND.has(before.kind);
  if (before.kind === ']') return !beginsElementType(kind);
  if (before.kind === '<-' && kind === 'chan') return false;
  if (before.kind === 'func') return true;
  return true;
}

/** What follows `]` directly, as the type of elements does: `[]int`, `map[K]*V`. */
function beginsElementType(kind: TokenKind): boolean {
  switch (kind) {
    case 'identifier':
    case '*':
    case 'map':
    case 'chan':
    case 'func':
    case 'struct':
    case 'interface':
    case '<-':
      return true;
    default:
      return false;
  }
}

const WORD = /[\p{L}\p{Nd}_]/u;
const SYMBOLS = new Set([
  '++',
  '--',
  '//',
  '/*',
  '<-',
  '<<',
  '&&',
  '&^',
  '==',
  '>>',
  '||',
  ':=',
  '+=',
  '-=',
  '->',
  '=>',
  '::',
  '..',
  '<=',
  '>=',
  '!=',
  '%=',
  '*=',
  '/=',
  '&=',
  '|=',
  '^=',
]);

/** Whether two tokens would become another without a blank. */
function melts(text: string, before: Token, token: Token): boolean {
  const last = text[before.end - 1];
  const first = text[token.start];
  if (WORD.test(last) && WORD.test(first)) return true;
  if (before.kind === 'int' && first === '.') return true;
  return SYMBOLS.has(last + first);
}
