/** Texts of expressions, parsed once by the language's own parser. */
import type { Expression } from '../language/ast.ts';
import { lex } from '../language/lexer.ts';
import { MAX_NESTING_DEPTH, NestingTooDeep, Parser } from '../language/parser-core.ts';
import { parseExpression } from '../language/parser-expressions.ts';

/** Thrown inside an evaluation; its message is for people. */
export class EvaluationFailure extends Error {}

const MAX_CACHED = 500;
const cache = new Map<string, Expression | string>();

/** The tree of an expression. Throws an EvaluationFailure when the text is none. */
export function expressionOf(text: string): Expression {
  let found = cache.get(text);
  if (found === undefined) {
    if (cache.size >= MAX_CACHED) cache.clear();
    found = parseText(text);
    cache.set(text, found);
  }
  if (typeof found === 'string') throw new EvaluationFailure(found);
  return found;
}

function parseText(text: string): Expression | string {
  if (text.trim() === '') return 'there is nothing to evaluate';
  const source = { path: 'expression', text, isModel: true };
  const lexed = lex(source);
  const p = new Parser(source, lexed, new Set());
  try {
    const expression = parseExpression(p);
    while (p.eat(';'));
    if (!p.at('end')) p.unexpected('the end of the expression');
    if (p.deepest * 4 + p.links >= MAX_NESTING_DEPTH) return 'the expression nests too deeply';
    const [mistake] = [...lexed.diagnostics, ...p.diagnostics];
    return mistake === undefined ? expression : mistake.message;
  } catch (error) {
    if (error instanceof NestingTooDeep) return 'the expression nests too deeply';
    throw error;
  }
}
