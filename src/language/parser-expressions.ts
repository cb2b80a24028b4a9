/** Expressions: precedence climbing over Go's five levels. */
import type {
  BinaryOperator,
  CompositeLiteral,
  Expression,
  LiteralExpression,
  TypeNode,
  UnaryExpression,
} from './ast.ts';
import { integerValue, runeValue, stringValue } from './literals.ts';
import { parseList } from './parser-core.ts';
import type { Parser } from './parser-core.ts';
import { atDeclaration, foreignOperand, foreignOperator } from './parser-recovery.ts';
import { parseBlock } from './parser-statements.ts';
import { parseSignature, parseType } from './parser-types.ts';
import type { LiteralKind, TokenKind } from './tokens.ts';

/** Go's binary operators with their precedence, 5 binds tightest. */
export const PRECEDENCE: Readonly<Partial<Record<TokenKind, number>>> = {
  '||': 1,
  '&&': 2,
  '==': 3,
  '!=': 3,
  '<': 3,
  '<=': 3,
  '>': 3,
  '>=': 3,
  '+': 4,
  '-': 4,
  '|': 4,
  '^': 4,
  '*': 5,
  '/': 5,
  '%': 5,
  '<<': 5,
  '>>': 5,
  '&': 5,
  '&^': 5,
};

/** An expression, or a type where Go allows one (`make([]int, 3)`, `f[*T]`). */
export function parseExpression(p: Parser, what = 'an expression'): Expression {
  return parseBinary(p, 1, what);
}

/** One or more expressions with commas between. */
export function parseExpressionList(p: Parser, what = 'an expression'): Expression[] {
  const list = [parseExpression(p, what)];
  while (p.eat(',')) list.push(parseExpression(p, "an expression after ','"));
  return list;
}

function parseBinary(p: Parser, minimum: number, what: string): Expression {
  const { start } = p.token;
  let left = parseUnary(p, what);
  for (;;) {
    const operator = PRECEDENCE[p.kind] === undefined ? foreignOperator(p) : p.kind;
    const precedence = operator === null ? 0 : (PRECEDENCE[operator] ?? 0);
    if (operator === null || precedence < minimum) return left;
    p.next();
    p.links++;
    const right = parseBinary(p, precedence + 1, `an expression after '${operator}'`);
    const span = p.span(Math.min(start, left.span.start));
    left = { kind: 'binary', span, operator: operator as BinaryOperator, left, right };
  }
}

function parseUnary(p: Parser, what: string): Expression {
  p.enter();
  const result = parseUnaryUnguarded(p, what);
  p.depth--;
  return result;
}

function parseUnaryUnguarded(p: Parser, what: string): Expression {
  const { start } = p.token;
  const operator = p.kind;
  switch (operator) {
    case '+':
    case '-':
    case '!':
    case '^':
    case '&':
      p.next();
      return unary(p, start, operator);
    case '<-':
      if (p.peek().kind === 'chan') return parsePrimary(p, what);
      p.next();
      return unary(p, start, operator);
    case '*': {
      p.next();
      const operand = parseUnary(p, "an expression after '*'");
      return { kind: 'star', span: p.span(start), operand };
    }
    case '++':
    case '--':
      p.error(
        p.token,
        'foreign-syntax',
        `unexpected '${operator}' before an expression`,
        `'${operator}' is a statement and stands behind the name: i${operator}`,
      );
      p.next();
      return parseUnary(p, what);
    default:
      if (foreignOperand(p)) return unary(p, start, '!');
      return parsePrimary(p, what);
  }
}

function unary(p: Parser, start: number, operator: UnaryExpression['operator']): Expression {
  const operand = parseUnary(p, `an expression after '${operator}'`);
  return { kind: 'unary', span: p.span(start), operator, operand };
}

function parsePrimary(p: Parser, what: string): Expression {
  const { start } = p.token;
  let result = parseOperand(p, what);
  if (result.kind === 'bad' && result.span.end === result.span.start) return result;
  for (;;) {
    const links = p.links + 1;
    switch (p.kind) {
      case '.':
        result = parseSelector(p, start, result);
        break;
      case '(':
        result = parseCall(p, start, result);
        break;
      case '[':
        result = parseIndex(p, start, result);
        break;
      case '{': {
        const type = literalType(p, result);
        if (type === null) return result;
        result = parseCompositeLiteral(p, start, type);
        break;
      }
      default:
        return result;
    }
    p.links = Math.max(p.links, links);
  }
}

function parseOperand(p: Parser, what: string): Expression {
  const { start } = p.token;
  switch (p.kind) {
    case 'identifier':
      return p.takeIdentifier();
    case 'int':
    case 'float':
    case 'rune':
    case 'string':
      return parseLiteral(p, p.kind);
    case '(': {
      const open = p.next();
      const { inHeader } = p;
      p.inHeader = false;
      const inner = parseExpression(p);
      p.inHeader = inHeader;
      if (!p.eat(')')) {
        const help = `it closes the '(' of line ${open.line + 1}`;
        p.unexpected("')'", open.line === p.token.line ? undefined : help);
      }
      return { kind: 'parenthesized', span: p.span(start), inner };
    }
    case 'func':
      if (atDeclaration(p)) break;
      return parseFunction(p);
    case '[':
    case 'map':
    case 'chan':
    case '<-':
    case 'struct':
    case 'interface': {
      const type = parseType(p);
      return { kind: 'type-expression', span: p.span(start), type };
    }
    default:
      break;
  }
  p.unexpected(what, operandHelp(p));
  return p.bad(start);
}

function operandHelp(p: Parser): string | undefined {
  if (p.kind === 'if' || p.kind === 'switch') return 'statements give no value; assign inside them';
  if (p.kind === '=' || p.kind === ':=') return 'the name comes first: name := value';
  if (p.kind === 'import') return 'imports stand at the head of the file';
  if (p.kind === 'range') return "'range' stands in a for statement only";
  if (p.kind === '{') return 'a composite literal begins with its type: T{…}';
  return undefined;
}

function parseLiteral(p: Parser, literal: LiteralKind): LiteralExpression {
  const token = p.next();
  const text = p.wordOf(token);
  const span = { start: token.start, end: token.end };
  const kind = 'literal';
  if (literal === 'string') return { kind, span, literal, value: stringValue(text), integer: null };
  if (literal === 'rune') {
    return { kind, span, literal, value: text, integer: BigInt(runeValue(text)) };
  }
  const integer = literal === 'int' ? integerValue(text) : null;
  return { kind, span, literal, value: text, integer: literal === 'int' ? (integer ?? 0n) : null };
}

/** `func(…) … { … }`, or the function type without a body. */
function parseFunction(p: Parser): Expression {
  const { start } = p.next();
  const signature = parseSignature(p);
  if (!p.at('{')) {
    const span = p.span(start);
    return { kind: 'type-expression', span, type: { ...signature, span } };
  }
  const { inHeader, allowTypeGuard } = p;
  p.inHeader = false;
  p.allowTypeGuard = false;
  const body = parseBlock(p);
  p.inHeader = inHeader;
  p.allowTypeGuard = allowTypeGuard;
  return { kind: 'function-literal', span: p.span(start), signature, body };
}

/** `x.name`, `x.(T)`, `x.(type)`. */
function parseSelector(p: Parser, start: number, object: Expression): Expression {
  p.next();
  if (p.at('identifier')) {
    const name = p.takeIdentifier();
    return { kind: 'selector', span: p.span(start), object, name };
  }
  if (!p.eat('(')) {
    p.unexpected("a name after '.'");
    return p.bad(start, [object]);
  }
  let type: TypeNode | null = null;
  if (p.at('type')) {
    if (!p.allowTypeGuard) {
      const help = 'write switch v := x.(type) { … }, or x.(T) with a type';
      p.error(p.token, 'misplaced-type-guard', "'.(type)' outside a type switch", help);
    }
    p.next();
  } else {
    type = parseType(p);
  }
  p.expect(')', 'after the type');
  return { kind: 'type-assertion', span: p.span(start), object, type };
}

function parseCall(p: Parser, start: number, callee: Expression): Expression {
  const open = p.next();
  const args: Expression[] = [];
  let spread = false;
  parseList(p, open, ')', 'the arguments', () => {
    args.push(parseExpression(p, 'an argument'));
    if (!p.at('...')) return;
    spread = true;
    p.next();
  });
  return { kind: 'call', span: p.span(start), callee, arguments: args, spread };
}

/** `x[i]`, `f[A, B]`, `x[low:high:max]`. */
function parseIndex(p: Parser, start: number, object: Expression): Expression {
  const open = p.next();
  const { inHeader } = p;
  p.inHeader = false;
  const bounds: (Expression | null)[] = [null];
  if (!p.at(':')) {
    bounds[0] = parseExpression(p, 'an index');
    if (!p.at(':')) {
      const indices = [bounds[0]];
      if (p.at(',')) p.next();
      const element = (): void => void indices.push(parseExpression(p, 'a type argument'));
      p.inHeader = inHeader;
      parseList(p, open, ']', 'the brackets', element);
      return { kind: 'index', span: p.span(start), object, indices };
    }
  }
  while (p.at(':') && bounds.length < 3) {
    p.next();
    const empty = p.at(':') || p.at(']');
    bounds.push(empty ? null : parseExpression(p, 'the bound of a slice'));
  }
  p.inHeader = inHeader;
  p.expect(']', 'after the bounds of the slice');
  const [low, high = null, max = null] = bounds;
  return { kind: 'slice', span: p.span(start), object, low, high, max };
}

/** The type before a `{` that begins a composite literal, or null when the `{` begins a block. */
function literalType(p: Parser, expression: Expression): TypeNode | null {
  if (expression.kind === 'type-expression') {
    const { kind } = expression.type;
    const literal = kind === 'array-type' || kind === 'slice-type' || kind === 'map-type';
    return literal || kind === 'struct-type' ? expression.type : null;
  }
  if (p.inHeader || !isTypeName(expression)) return null;
  return expressionToType(p, expression);
}

function isTypeName(expression: Expression): boolean {
  switch (expression.kind) {
    case 'identifier':
      return true;
    case 'selector':
      return expression.object.kind === 'identifier';
    case 'index':
      return isTypeName(expression.object) && expression.object.kind !== 'index';
    default:
      return false;
  }
}

/** `{…}` behind its type, or inside another literal without one. */
function parseCompositeLiteral(p: Parser, start: number, type: TypeNode | null): CompositeLiteral {
  p.enter();
  const open = p.next();
  const elements: CompositeLiteral['elements'][number][] = [];
  parseList(p, open, '}', 'the literal', () => {
    let key: Expression | null = null;
    let value = parseElement(p);
    if (p.at('=') && value.kind === 'identifier') {
      p.unexpected(`':' after '${value.name}'`, 'fields are given as name: value');
      p.next();
      [key, value] = [value, parseElement(p)];
    } else if (p.eat(':')) {
      [key, value] = [value, parseElement(p)];
    }
    elements.push({ key, value });
  });
  p.depth--;
  return { kind: 'composite', span: p.span(start), type, elements };
}

function parseElement(p: Parser): Expression {
  if (p.at('{')) return parseCompositeLiteral(p, p.token.start, null);
  return parseExpression(p, 'an element');
}

/** The type that an expression spells; reports one that spells none. */
export function expressionToType(p: Parser, expression: Expression): TypeNode {
  const { span } = expression;
  switch (expression.kind) {
    case 'identifier':
      return { kind: 'named-type', span, packageName: null, name: expression, typeArguments: [] };
    case 'selector':
      if (expression.object.kind !== 'identifier') break;
      return {
        kind: 'named-type',
        span,
        packageName: expression.object,
        name: expression.name,
        typeArguments: [],
      };
    case 'index': {
      const object = expressionToType(p, expression.object);
      if (object.kind !== 'named-type') return { kind: 'bad', span };
      const typeArguments = expression.indices.map((index) => expressionToType(p, index));
      return { ...object, span, typeArguments };
    }
    case 'star':
      return { kind: 'pointer-type', span, element: expressionToType(p, expression.operand) };
    case 'parenthesized':
      return expressionToType(p, expression.inner);
    case 'type-expression':
      return expression.type;
    default:
      break;
  }
  if (expression.kind !== 'bad') reportNoType(p, expression);
  return { kind: 'bad', span, parts: [expression] };
}

function reportNoType(p: Parser, expression: Expression): void {
  const { start, end } = expression.span;
  let index = Math.min(p.index, p.tokens.length - 1);
  while (index > 0 && p.tokens[index].start > start) index--;
  const spelled = p.text.slice(start, Math.min(end, start + 32));
  const token = { ...p.tokens[index], start, end };
  p.error(token, 'unexpected-token', `expected a type, found '${spelled}'`);
}
