/** Loops, switches and selects. */
import type {
  Expression,
  Identifier,
  RangeStatement,
  SelectClause,
  Statement,
  SwitchClause,
  TypeAssertion,
  TypeNode,
  TypeSwitchClause,
} from './ast.ts';
import type { Parser } from './parser-core.ts';
import { parseExpression, parseExpressionList } from './parser-expressions.ts';
import { hasForeignForParentheses, skipToLineEnd } from './parser-recovery.ts';
import { definedNames, parseSimpleRest, parseSimpleStatement } from './parser-simple.ts';
import { closeBlock, conditionOf, parseBody, parseStatementList } from './parser-statements.ts';
import { parseType } from './parser-types.ts';
import type { Token } from './tokens.ts';

/** Every form of `for`. */
export function parseFor(p: Parser): Statement {
  const { start } = p.next();
  return parseForRest(p, start);
}

type RangeClause = Pick<RangeStatement, 'key' | 'value' | 'define' | 'object'>;

/** `for` behind its keyword. */
export function parseForRest(p: Parser, start: number): Statement {
  const keyword = p.tokens[p.index - 1];
  const { inHeader } = p;
  p.inHeader = true;
  const parenthesis = hasForeignForParentheses(p) ? p.next() : null;
  if (parenthesis) {
    const help = 'write for init; condition; post { … }';
    p.error(parenthesis, 'foreign-syntax', "unexpected '(' around the clauses of 'for'", help);
  }
  let init: Statement | null = null;
  let condition: Statement | null = null;
  let post: Statement | null = null;
  let range: RangeClause | null = null;
  if (!p.at('{')) {
    const first = p.at(';') ? null : parseSimpleOrRange(p);
    if (first !== null && 'object' in first && !('kind' in first)) {
      range = first;
    } else if (p.at(';') && !(p.atLineEnd() && first !== null)) {
      p.next();
      init = first as Statement | null;
      condition = p.at(';') ? null : parseSimpleStatement(p);
      if (p.expect(';', "after the condition of 'for'", 'write for init; condition; post { … }')) {
        post = p.at('{') || p.at(')') ? null : parseSimpleStatement(p);
      }
    } else {
      condition = first as Statement | null;
    }
  }
  if (parenthesis) p.eat(')');
  p.inHeader = inHeader;
  if (range !== null) {
    const body = parseBody(p, "after the header of 'for'", keyword);
    return { kind: 'range', span: p.span(start), ...range, body };
  }
  const test = condition === null ? null : conditionOf(p, condition, keyword);
  const body = parseBody(p, "after the header of 'for'", keyword);
  return { kind: 'for', span: p.span(start), init, condition: test, post, body };
}

/** A simple statement, or `range x`, `k, v := range x`, `k, v = range x`. */
function parseSimpleOrRange(p: Parser): Statement | RangeClause {
  const { start } = p.token;
  if (p.eat('range')) {
    const object = parseExpression(p, "an expression after 'range'");
    return { key: null, value: null, define: false, object };
  }
  const left = parseExpressionList(p, "a condition or a clause after 'for'");
  if (p.atWord('in')) return parseForIn(p, left);
  if ((!p.at(':=') && !p.at('=')) || p.peek().kind !== 'range') {
    return parseSimpleRest(p, start, left);
  }
  const at = p.next();
  p.next();
  const define = at.kind === ':=' && definedNames(p, at, left) !== null;
  const object = parseExpression(p, "an expression after 'range'");
  if (left.length > 2) {
    p.error(at, 'unexpected-token', `'range' gives at most two values, not ${left.length}`);
  }
  return { key: left[0], value: left[1] ?? null, define, object };
}

/** `for x in xs`: reported, and read as a range. */
function parseForIn(p: Parser, left: Expression[]): RangeClause {
  const help = 'write for _, x := range xs, or for i := range n';
  p.error(p.token, 'foreign-syntax', "unexpected 'in'", help);
  p.next();
  p.eat('range');
  const object = parseExpression(p);
  const define = left.every((expression) => expression.kind === 'identifier');
  return { key: left[0], value: left[1] ?? null, define, object };
}

/** `switch tag { … }` and `switch v := x.(type) { … }`. */
export function parseSwitch(p: Parser): Statement {
  const keyword = p.next();
  const { start } = keyword;
  const { inHeader, allowTypeGuard } = p;
  p.inHeader = true;
  p.allowTypeGuard = true;
  let init: Statement | null = null;
  let tag: Statement | null = null;
  if (!p.at('{') && !p.at(';')) tag = parseSimpleStatement(p);
  if (p.at(';') && !(p.atLineEnd() && tag !== null)) {
    p.next();
    init = tag;
    tag = p.at('{') ? null : parseSimpleStatement(p);
  }
  p.inHeader = inHeader;
  p.allowTypeGuard = allowTypeGuard;
  const guard = tag === null ? null : typeGuard(tag);
  if (guard !== null) {
    const clauses: TypeSwitchClause[] = [];
    parseClauses(p, keyword, (at) => clauses.push(parseTypeClause(p, at)));
    const { binding, object } = guard;
    return { kind: 'type-switch', span: p.span(start), init, binding, object, clauses };
  }
  const value = tag === null ? null : conditionOf(p, tag, keyword);
  const clauses: SwitchClause[] = [];
  parseClauses(p, keyword, (at) => clauses.push(parseSwitchClause(p, at)));
  return { kind: 'switch', span: p.span(start), init, tag: value, clauses };
}

/** The parts of `v := x.(type)` or `x.(type)`; null for anything else. */
function typeGuard(tag: Statement): { binding: Identifier | null; object: Expression } | null {
  const isGuard = (expression: Expression): expression is TypeAssertion =>
    expression.kind === 'type-assertion' && expression.type === null;
  if (tag.kind === 'expression-statement' && isGuard(tag.expression)) {
    return { binding: null, object: tag.expression.object };
  }
  if (tag.kind !== 'define' || tag.names.length !== 1 || tag.values.length !== 1) return null;
  const [[binding], [value]] = [tag.names, tag.values];
  return isGuard(value) ? { binding, object: value.object } : null;
}

/** `{`, the clauses, `}`. */
function parseClauses(p: Parser, keyword: Token, clause: (at: Token) => void): void {
  if (p.atLineEnd() && p.peek().kind === '{') {
    const help = 'a line break ends the statement before it';
    p.error(p.peek(), 'misplaced-brace', "'{' must stand on the line before", help);
    p.next();
  }
  const open = p.token;
  if (!p.expect('{', `after the header of '${p.wordOf(keyword)}'`)) {
    skipToLineEnd(p);
    if (!p.at('{')) return;
    p.next();
  }
  const { inHeader } = p;
  p.inHeader = false;
  p.clauseDepth++;
  for (;;) {
    while (p.eat(';'));
    if (p.at('case') || p.at('default')) {
      clause(p.token);
      continue;
    }
    if (p.at('}') || p.at('end')) break;
    const before = p.index;
    p.unexpected("'case', 'default' or '}'", "statements stand behind 'case …:'");
    parseStatementList(p);
    if (p.index === before) break;
  }
  p.clauseDepth--;
  p.inHeader = inHeader;
  closeBlock(p, open);
}

/** The `:` behind a case and the statements of the clause. */
function parseClauseBody(p: Parser): Statement[] {
  if (!p.eat(':')) {
    const help = p.at('{') || p.at('->') || p.at('=>') ? "write 'case value:'" : undefined;
    p.unexpected("':' after the case", help);
    if (p.at('->') || p.at('=>')) p.next();
    else if (!p.at('{')) skipToLineEnd(p);
  }
  return parseStatementList(p);
}

function parseSwitchClause(p: Parser, at: Token): SwitchClause {
  const isDefault = p.next().kind === 'default';
  const values = isDefault ? [] : parseExpressionList(p, "a value after 'case'");
  const body = parseClauseBody(p);
  return { span: p.span(at.start), values, isDefault, body };
}

function parseTypeClause(p: Parser, at: Token): TypeSwitchClause {
  const isDefault = p.next().kind === 'default';
  const types: (TypeNode | null)[] = [];
  if (!isDefault) {
    do {
      if (p.atWord('nil')) {
        p.next();
        types.push(null);
      } else {
        types.push(parseType(p, "a type after 'case'"));
      }
    } while (p.eat(','));
  }
  const body = parseClauseBody(p);
  return { span: p.span(at.start), types, isDefault, body };
}

/** `select { case v := <-c: … }`. */
export function parseSelect(p: Parser): Statement {
  const keyword = p.next();
  const clauses: SelectClause[] = [];
  parseClauses(p, keyword, (at) => clauses.push(parseSelectClause(p, at)));
  return { kind: 'select', span: p.span(keyword.start), clauses };
}

function parseSelectClause(p: Parser, at: Token): SelectClause {
  let communication: SelectClause['communication'] = null;
  if (p.next().kind === 'case') {
    const first = p.token;
    const statement = parseSimpleStatement(p);
    communication = communicationOf(statement);
    if (communication === null) {
      const help = "write 'case c <- v:' or 'case v := <-c:'";
      p.error(first, 'not-a-communication', 'a case of select is a send or a receive', help);
      const { span } = statement;
      const expression = { kind: 'bad', span, parts: [statement] } as const;
      communication = { kind: 'expression-statement', span, expression };
    }
  }
  const body = parseClauseBody(p);
  return { span: p.span(at.start), communication, body };
}

function communicationOf(statement: Statement): SelectClause['communication'] {
  const receives = (list: readonly Expression[]): boolean =>
    list.length === 1 && isReceive(list[0]);
  switch (statement.kind) {
    case 'send':
      return statement;
    case 'expression-statement':
      return isReceive(statement.expression) ? statement : null;
    case 'define':
      return receives(statement.values) ? statement : null;
    case 'assign':
      return receives(statement.right) ? statement : null;
    default:
      return null;
  }
}

function isReceive(expression: Expression): boolean {
  if (expression.kind === 'parenthesized') return isReceive(expression.inner);
  return expression.kind === 'bad' || (expression.kind === 'unary' && expression.operator === '<-');
}
