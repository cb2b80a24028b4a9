/** `return`: its values, and what is said when they do not fit. */
import type { ReturnStatement } from './ast.ts';
import { convertTo } from './assignability.ts';
import { complain } from './checker.ts';
import type { Body } from './checker.ts';
import { checkExpression, requireValue, singleValue } from './expressions.ts';
import { emit, temporary } from './function-bodies.ts';
import type { Operand } from './operand.ts';
import { returnFromLoop } from './range-function.ts';
import { spell } from './type-store.ts';
import type { TypedExpression } from './typed.ts';
import type { Type } from './types.ts';

/** `return`, also from the body of a loop over a function; emits what it becomes. */
export function checkReturn(body: Body, node: ReturnStatement): void {
  // Bodies of loops over functions return for the function around them.
  let owner = body;
  while (owner.loop && owner.parent) owner = owner.parent;
  const { results, type } = owner.function;
  const values = returnValues(
    body,
    node,
    results.map((one) => one.type),
  );
  if (values === 'invalid') return;
  if (values === null && type.results.length > 0) {
    for (const result of results) {
      const entity = body.scope.lookup(result.name);
      if (result.synthetic) continue;
      if (entity?.kind === 'variable' && entity.variable === result) continue;
      const message = `result parameter ${result.name} not in scope at return`;
      complain(body, node.span, 'return', message);
    }
  }
  if (values !== null) for (const result of results) result.reassigned = true;
  if (owner === body) emit(body, { kind: 'return', span: node.span, values });
  else returnFromLoop(body, owner, node.span, values);
}

/** The values converted to the results' types; null for a bare return. */
function returnValues(
  body: Body,
  node: ReturnStatement,
  types: readonly Type[],
): TypedExpression[] | null | 'invalid' {
  const { values } = node;
  let owner = body;
  while (owner.loop && owner.parent) owner = owner.parent;
  if (values.length === 0) {
    const named = owner.function.results.some((one) => !one.name.startsWith('~r'));
    if (types.length === 0 || named) return null;
    const want = types.map(spell).join(', ');
    complain(body, node.span, 'return', `not enough return values: have (), want (${want})`);
    return 'invalid';
  }
  if (values.length === 1) {
    const operand = checkExpression(body, values[0]);
    if (operand.mode === 'value' && operand.type.kind === 'tuple') {
      return returnTuple(body, node, operand, types);
    }
    const single = requireValue(body, operand, true);
    if (single.mode === 'invalid') return 'invalid';
    if (types.length === 1) return [convertTo(body, single, types[0], 'return statement')];
    returnMismatch(body, node, [single], types);
    return 'invalid';
  }
  const operands = values.map((one) => singleValue(body, one, true));
  if (operands.length !== types.length) {
    if (!operands.some((one) => one.mode === 'invalid'))
      returnMismatch(body, node, operands, types);
    return 'invalid';
  }
  return operands.map((one, index) => convertTo(body, one, types[index], 'return statement'));
}

function returnTuple(
  body: Body,
  node: ReturnStatement,
  operand: Operand & { readonly mode: 'value' },
  types: readonly Type[],
): TypedExpression[] | 'invalid' {
  const elements = operand.type.kind === 'tuple' ? operand.type.elements : [];
  if (elements.length === 0 && types.length > 0) {
    requireValue(body, operand);
    return 'invalid';
  }
  const operands = elements.map((type, index): Operand => {
    const variable = temporary(body, `v${index}`, type, node.span);
    const expression: TypedExpression = { kind: 'variable', type, span: node.span, variable };
    return { mode: 'value', node: node.values[0], type, expression };
  });
  if (elements.length !== types.length) {
    returnMismatch(body, node, operands, types);
    return 'invalid';
  }
  const variables = operands.flatMap((one) =>
    one.mode === 'value' && one.expression.kind === 'variable' ? [one.expression.variable] : [],
  );
  emit(body, { kind: 'declare', span: node.span, variables, values: [operand.expression] });
  return operands.map((one, index) => convertTo(body, one, types[index], 'return statement'));
}

function returnMismatch(
  body: Body,
  node: ReturnStatement,
  operands: readonly Operand[],
  types: readonly Type[],
): void {
  const few = operands.length < types.length;
  const have = operands.map((one) =>
    one.mode === 'constant' ? 'number' : one.mode === 'nil' ? 'nil' : spell(one.type),
  );
  const message =
    `${few ? 'not enough' : 'too many'} return values: have (${have.join(', ')}), ` +
    `want (${types.map(spell).join(', ')})`;
  const at = few ? node.span : (operands[types.length]?.node.span ?? node.span);
  complain(body, at, 'return', message);
}
