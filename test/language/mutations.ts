/** Random texts for property tests; all of them follow from a seed. */
import { lex } from '../../src/language/lexer.ts';
import { FOREIGN_OPERATORS, KEYWORDS, OPERATORS } from '../../src/language/tokens.ts';

/** Gives a whole number in [0, limit). */
export type Random = (limit: number) => number;

/** The generator that `seed` determines (mulberry32). */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * limit);
  };
}

const VOCABULARY: readonly string[] = [
  ...KEYWORDS,
  ...OPERATORS,
  ...FOREIGN_OPERATORS,
  'x',
  'y',
  'T',
  'pkg',
  'nil',
  'int',
  'while',
  'let',
  'and',
  'not',
  'elif',
  'fn',
  'in',
  'scenario',
  'expect',
  'on',
  'runtime',
  'prints',
  'invariant',
  'quiescent',
  'atomic',
  '0',
  '1.5',
  '0x1F',
  '08',
  '"s"',
  '"open',
  "'r'",
  "'rr'",
  '`raw`',
  '`',
  '/*',
  '*/',
  '//',
  '#',
  '?',
  '“',
  'é',
  '\n',
  '\n',
  '\n',
  '\t',
  ' ',
  '\r\n',
];

/** Bytes read as Latin-1, mostly printable. */
export function randomBytes(random: Random): string {
  const length = random(400);
  let text = '';
  for (let i = 0; i < length; i++) {
    const printable = random(4) > 0;
    text += String.fromCharCode(printable ? 32 + random(96) : random(65536));
    if (random(12) === 0) text += '\n';
  }
  return text;
}

/** Words of the language without any order. */
export function randomTokens(random: Random): string {
  const length = random(200);
  const words: string[] = [];
  for (let i = 0; i < length; i++) words.push(VOCABULARY[random(VOCABULARY.length)]);
  return words.join(random(3) === 0 ? '' : ' ');
}

/** A text with a few tokens deleted, doubled, replaced, exchanged or inserted, or its end cut. */
export function editTokens(random: Random, text: string): string {
  let edited = text;
  for (let edits = 1 + random(5); edits > 0; edits--) edited = editOnce(random, edited);
  return edited;
}

function editOnce(random: Random, text: string): string {
  const { tokens } = lex({ path: 'edit.coro', text, isModel: false });
  if (tokens.length < 3) return text;
  const token = tokens[random(tokens.length - 1)];
  const other = tokens[random(tokens.length - 1)];
  const before = text.slice(0, token.start);
  const spelled = text.slice(token.start, token.end);
  const after = text.slice(token.end);
  const word = VOCABULARY[random(VOCABULARY.length)];
  switch (random(7)) {
    case 0:
      return before + after;
    case 1:
      return `${before}${spelled} ${spelled}${after}`;
    case 2:
      return `${before}${word}${after}`;
    case 3:
      return `${before}${word} ${spelled}${after}`;
    case 4:
      return before + text.slice(other.start, other.end) + after;
    case 5:
      return random(4) === 0 ? before : text;
    default: {
      // Deletes, or inserts, one character anywhere: also inside tokens, comments and indentation.
      const at = random(text.length);
      return text.slice(0, at) + (random(2) === 0 ? word[0] : '') + text.slice(at + 1);
    }
  }
}
