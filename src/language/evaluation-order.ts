/**
 * The order in which operands are evaluated. As Go's own compiler does it: of all operands of an
 * operation or statement, first what calls or receives, from left to right, then plain loads. (The
 * language leaves the order of loads and calls open; programs see what they see in Go.)
 */
import { into, value } from './compile-expressions.ts';
import type { FunctionCompiler } from './compile-function.ts';
import type { TypedExpression } from './typed.ts';

/** Evaluates several operands into given slots. */
export function operandsInto(
  f: FunctionCompiler,
  operands: readonly { readonly expression: TypedExpression; readonly dest: number }[],
): void {
  const mark = f.out.top;
  const calls = operands.length > 1 && operands.some((each) => hasCall(f, each.expression));
  if (calls) {
    for (const { expression, dest } of operands) {
      if (isCall(expression)) into(f, expression, dest);
      else hoist(f, expression);
    }
  }
  for (const { expression, dest } of operands) {
    if (!calls || !isCall(expression)) into(f, expression, dest);
  }
  f.out.release(mark);
}

/** Slots of two operands. */
export function pair(
  f: FunctionCompiler,
  left: TypedExpression,
  right: TypedExpression,
): [number, number] {
  if (hasCall(f, right)) {
    hoist(f, left);
    hoist(f, right);
  }
  const first = value(f, left);
  return [first, value(f, right)];
}

/** Does the calls of an expression now; their results wait in temporaries until it is evaluated. */
export function hoist(f: FunctionCompiler, expression: TypedExpression | null): void {
  if (!hasCall(f, expression) || expression === null) return;
  if (isCall(expression) || isLazy(expression)) {
    f.hoisted.set(expression, value(f, expression));
    return;
  }
  for (const child of childrenOf(expression)) hoist(f, child);
}

function isLazy(expression: TypedExpression): boolean {
  return (
    expression.kind === 'binary' && (expression.operator === '&&' || expression.operator === '||')
  );
}

function isCall(expression: TypedExpression): boolean {
  const { kind } = expression;
  return (
    kind === 'call' ||
    kind === 'receive' ||
    (kind === 'builtin' && expression.builtin === 'recover')
  );
}

/** Whether evaluating the expression calls a function or receives. */
export function hasCall(f: FunctionCompiler, expression: TypedExpression | null): boolean {
  if (expression === null) return false;
  const known = f.unit.callCache.get(expression);
  if (known !== undefined) return known;
  const found = isCall(expression) || childrenOf(expression).some((child) => hasCall(f, child));
  f.unit.callCache.set(expression, found);
  return found;
}

const none: readonly TypedExpression[] = [];

/** The operands of an expression that is no call, in the order of the source. */
function childrenOf(expression: TypedExpression): readonly (TypedExpression | null)[] {
  switch (expression.kind) {
    case 'builtin':
      return expression.arguments;
    case 'field':
      return [expression.object];
    case 'element':
      return [expression.object, expression.index];
    case 'dereference':
      return [expression.pointer];
    case 'address':
    case 'unary':
    case 'conversion':
    case 'assertion':
    case 'type-test':
      return [expression.operand];
    case 'new':
      return [expression.value];
    case 'slice':
      return [expression.object, expression.low, expression.high, expression.max];
    case 'composite':
      return expression.elements.map((element) => element.value);
    case 'binary':
      return [expression.left, expression.right];
    default:
      return none;
  }
}
