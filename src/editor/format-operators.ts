/**
 * Where gofmt puts blanks around binary operators: by precedence, so that `a*b + c` shows its
 * structure. Follows binaryExpr, cutoff and walkBinary of Go's go/printer/nodes.go.
 */
import type { BinaryExpression, Expression } from '../language/ast.ts';
import { PRECEDENCE } from '../language/parser-expressions.ts';

/** Told for each binary operator whether blanks stand around it. */
export type OperatorSink = (expression: BinaryExpression, blanks: boolean) => void;

/** Told for each slice expression whether blanks stand around its colons. */
export type ColonSink = (expression: Expression & { kind: 'slice' }, blanks: boolean) => void;

export interface SpacingSinks {
  readonly operator: OperatorSink;
  readonly colon: ColonSink;
  /** Told of the function literals and types met; what is inside them is spaced afresh. */
  readonly nested: (expression: Expression) => void;
}

/** Decides the blanks inside `expression`; `depth` is 1 for one that stands alone. */
export function spaceExpression(sinks: SpacingSinks, expression: Expression, depth: number): void {
  const inner = (part: Expression, innerDepth: number): void =>
    spaceExpression(sinks, part, innerDepth);
  switch (expression.kind) {
    case 'binary':
      spaceBinary(sinks, expression, cutoffOf(expression, depth), depth);
      return;
    case 'parenthesized':
      inner(expression.inner, Math.max(1, depth - 1));
      return;
    case 'selector':
    case 'type-assertion':
      inner(expression.object, depth);
      if (expression.kind === 'type-assertion') sinks.nested(expression);
      return;
    case 'index':
      inner(expression.object, 1);
      for (const index of expression.indices) inner(index, depth + 1);
      return;
    case 'slice':
      spaceSlice(sinks, expression, depth);
      return;
    case 'call': {
      const argumentDepth = expression.arguments.length > 1 ? depth + 1 : depth;
      inner(expression.callee, argumentDepth);
      for (const argument of expression.arguments) inner(argument, argumentDepth);
      return;
    }
    case 'composite':
      for (const { key, value } of expression.elements) {
        if (key !== null) inner(key, 1);
        inner(value, 1);
      }
      sinks.nested(expression);
      return;
    case 'star':
      inner(expression.operand, 1);
      return;
    case 'unary':
      inner(expression.operand, depth);
      return;
    case 'function-literal':
    case 'type-expression':
      sinks.nested(expression);
      return;
    default:
      return;
  }
}

function spaceBinary(
  sinks: SpacingSinks,
  expression: BinaryExpression,
  cutoff: number,
  depth: number,
): void {
  // Chains of operators lean to the left: walked in a loop, not to depend on their length.
  const { left, right } = expression;
  const precedence = precedenceOf(expression);
  sinks.operator(expression, precedence < cutoff);
  const sameLevel = left.kind === 'binary' && precedenceOf(left) === precedence;
  spaceExpression(sinks, left, sameLevel ? depth : depth + 1);
  spaceExpression(sinks, right, depth + 1);
}

function spaceSlice(
  sinks: SpacingSinks,
  expression: Expression & { kind: 'slice' },
  depth: number,
): void {
  const { low, high, max } = expression;
  const bounds = [low, high, max].filter((bound) => bound !== null);
  const binary = bounds.some((bound) => bound.kind === 'binary');
  sinks.colon(expression, depth <= 1 && bounds.length > 1 && binary);
  spaceExpression(sinks, expression.object, 1);
  for (const bound of bounds) spaceExpression(sinks, bound, depth + 1);
}

function precedenceOf(expression: BinaryExpression): number {
  return PRECEDENCE[expression.operator] ?? 0;
}

interface Operators {
  four: boolean;
  five: boolean;
  /** The tightest operator that needs blanks lest it melt with a unary operator: `a - -b`. */
  problem: number;
}

/** Operators below the result have blanks around them. */
function cutoffOf(expression: BinaryExpression, depth: number): number {
  const found: Operators = { four: false, five: false, problem: 0 };
  walkBinary(expression, found);
  if (found.problem > 0) return found.problem + 1;
  if (found.four && found.five) return depth === 1 ? 5 : 4;
  return depth === 1 ? 6 : 4;
}

function walkBinary(expression: BinaryExpression, found: Operators): void {
  const { left, right, operator } = expression;
  const precedence = precedenceOf(expression);
  if (precedence === 4) found.four = true;
  if (precedence === 5) found.five = true;
  if (left.kind === 'binary' && precedenceOf(left) >= precedence) walkBinary(left, found);
  if (right.kind === 'binary') {
    if (precedenceOf(right) > precedence) walkBinary(right, found);
  } else if (right.kind === 'star') {
    if (operator === '/') found.problem = 5;
  } else if (right.kind === 'unary') {
    const pair = operator + right.operator;
    if (pair === '&&' || pair === '&^') found.problem = 5;
    if (pair === '++' || pair === '--') found.problem = Math.max(found.problem, 4);
  }
}
