/** Simple statements: those that may stand in the headers of if, for and switch. */
import type { AssignStatement, BinaryOperator, Expression, Identifier, Statement } from './ast.ts';
import type { Parser } from './parser-core.ts';
import { parseExpression, parseExpressionList } from './parser-expressions.ts';
import type { Token, TokenKind } from './tokens.ts';

const ASSIGN_OPERATORS: Readonly<Partial<Record<TokenKind, BinaryOperator>>> = {
  '+=': '+',
  '-=': '-',
  '*=': '*',
  '/=': '/',
  '%=': '%',
  '&=': '&',
  '|=': '|',
  '^=': '^',
  '<<=': '<<',
  '>>=': '>>',
  '&^=': '&^',
};

/** A send, an assignment, a definition, `x++` or an expression. */
export function parseSimpleStatement(p: Parser): Statement {
  const { start } = p.token;
  const left = parseExpressionList(p, 'a statement');
  return parseSimpleRest(p, start, left);
}

/** The rest of a simple statement whose expressions on the left have been read. */
export function parseSimpleRest(p: Parser, from: number, left: Expression[]): Statement {
  // A missing expression lies behind the last token, before where this statement began.
  const start = Math.min(from, left[0].span.start);
  const operator = ASSIGN_OPERATORS[p.kind];
  if (operator !== undefined || p.at('=')) {
    p.next();
    const right = parseExpressionList(p, 'a value');
    return { kind: 'assign', span: p.span(start), operator: operator ?? null, left, right };
  }
  if (p.at(':=')) return parseDefine(p, start, left);
  if (left.length > 1) {
    p.unexpected("':=' or '=' after the list");
    return p.bad(start, left);
  }
  const [expression] = left;
  if (p.at('++') || p.at('--')) {
    const delta = p.next().kind === '++' ? 1 : -1;
    return { kind: 'increment', span: p.span(start), operand: expression, delta };
  }
  if (p.eat('<-')) {
    const value = parseExpression(p, 'the value to send');
    return { kind: 'send', span: p.span(start), channel: expression, value };
  }
  if (expression.kind === 'bad') return expression;
  return { kind: 'expression-statement', span: p.span(start), expression };
}

function parseDefine(p: Parser, start: number, left: Expression[]): Statement {
  const at = p.next();
  const names = definedNames(p, at, left);
  const values = parseExpressionList(p, 'a value');
  const span = p.span(start);
  if (names === null) {
    const assign: AssignStatement = { kind: 'assign', span, operator: null, left, right: values };
    return assign;
  }
  return { kind: 'define', span, names, values };
}

/** The names on the left of `:=`; reports and gives null when there is something else. */
export function definedNames(
  p: Parser,
  at: Token,
  left: readonly Expression[],
): Identifier[] | null {
  const names: Identifier[] = [];
  for (const expression of left) {
    if (expression.kind === 'identifier') {
      names.push(expression);
      continue;
    }
    if (expression.kind !== 'bad') {
      const { start, end } = expression.span;
      const spelled = p.text.slice(start, Math.min(end, start + 32));
      const help = "':=' defines new names; assign to what exists with '='";
      p.error(at, 'non-name-define', `'${spelled}' on the left of ':=' is not a name`, help);
    }
    return null;
  }
  return names;
}
