/**
 * The formatter: gofmt's layout for `.coro` files.
 *
 * It prints the file's own tokens and comments with new blanks, line breaks and indentation; what
 * the tokens are to each other comes from the syntax tree (format-hints.ts). A text with syntax
 * errors is returned as it is, and so is one whose tokens would not survive.
 */
import { lex } from '../language/lexer.ts';
import type { LexResult } from '../language/lexer.ts';
import { parse } from '../language/parser.ts';
import { isAutomatic } from '../language/tokens.ts';
import type { Comment, Token } from '../language/tokens.ts';
import { collectHints } from './format-hints.ts';
import type { Hints } from './format-hints.ts';
import { FormatWriter } from './format-writer.ts';

/** Rounds until the text stays as it is: a comment in an odd place may move more than once. */
const ROUND_LIMIT = 4;

/** Formats a whole file; gives the text itself when it cannot be formatted without loss. */
export function format(text: string): string {
  let last = text;
  for (let round = 0; round < ROUND_LIMIT; round++) {
    const next = formatOnce(last);
    if (next === last) return next;
    last = next;
  }
  return formatOnce(last) === last ? last : text;
}

function formatOnce(text: string): string {
  const source = { path: '', text, isModel: true };
  const { file, diagnostics } = parse(source);
  if (diagnostics.length > 0) return text;
  const lexed = lex(source);
  const formatted = layout(text, lexed, collectHints(file, lexed.tokens, lexed.comments));
  return isSame(text, lexed, formatted) ? formatted : text;
}

function layout(text: string, lexed: LexResult, hints: Hints): string {
  const writer = new FormatWriter(text, hints);
  const { tokens, comments } = lexed;
  let nextComment = 0;
  for (const token of tokens) {
    // An automatic semicolon stands before the comment that ends its line.
    if (!isAutomatic(token)) {
      const until = token.kind === 'end' ? text.length + 1 : token.start;
      while (nextComment < comments.length && comments[nextComment].start < until) {
        writer.comment(comments[nextComment++], token);
      }
    }
    if (token.kind !== 'end') writer.token(token);
  }
  return writer.finish();
}

/** Whether two texts hold the same tokens and comments, whatever stands between them. */
function isSame(text: string, lexed: LexResult, formatted: string): boolean {
  const again = lex({ path: '', text: formatted, isModel: true });
  if (again.diagnostics.length > 0) return false;
  return (
    essence(text, lexed.tokens) === essence(formatted, again.tokens) &&
    commentEssence(text, lexed.comments) === commentEssence(formatted, again.comments)
  );
}

/** The tokens as one string; semicolons that Go does not need are left out. */
function essence(text: string, tokens: readonly Token[]): string {
  const words: string[] = [];
  for (const token of tokens) {
    const { kind } = token;
    const last = words.length - 1;
    const closes = kind === ')' || kind === '}' || kind === 'end';
    if (closes && words[last] === ';') words.pop();
    const before = words[words.length - 1];
    const needless = kind === ';' && (before === ';' || before === '{' || words.length === 0);
    if (!needless) words.push(kind === ';' ? ';' : text.slice(token.start, token.end));
  }
  return words.join('\u0000');
}

function commentEssence(text: string, comments: readonly Comment[]): string {
  return comments.map(({ start, end }) => text.slice(start, end).trimEnd()).join('\u0000');
}
