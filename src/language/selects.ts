/** `select`. */
import type { Expression, SelectClause, SelectStatement } from './ast.ts';
import { assignmentTarget } from './assignments.ts';
import { convertTo } from './assignability.ts';
import { complain } from './checker.ts';
import type { Body } from './checker.ts';
import { singleValue } from './expressions.ts';
import { declare, emit, inScope, localVariable, temporary } from './function-bodies.ts';
import { withTarget } from './loops.ts';
import type { Operand } from './operand.ts';
import { checkStatements, sendParts } from './statements.ts';
import { boolType } from './type-store.ts';
import type { Receive, TypedExpression, TypedSelect, TypedStatement, Variable } from './typed.ts';
import type { Type } from './types.ts';

type Clause = TypedSelect['clauses'][number];

/** `select { case … }`. */
export function checkSelect(body: Body, node: SelectStatement, label: string | null): void {
  const { span } = node;
  body.checker.onSelect?.();
  const [, second] = node.clauses.filter((clause) => clause.communication === null);
  if (second) complain(body, second.span, 'duplicate-case', 'multiple defaults in select');
  withTarget(body, label, 'select', (target) => {
    const clauses: Clause[] = [];
    for (const clause of node.clauses) {
      const found = checkClause(body, clause);
      if (found) clauses.push(found);
    }
    emit(body, { kind: 'select', span, target, clauses });
  });
}

function checkClause(body: Body, clause: SelectClause): Clause | null {
  const { communication: node, span } = clause;
  let communication: Clause['communication'] | undefined;
  const inner = inScope(body, span, () => {
    communication = node ? communicationOf(body, node) : null;
    checkStatements(body, clause.body);
  });
  return communication === undefined ? null : { span, communication, body: inner };
}

function communicationOf(
  body: Body,
  node: NonNullable<SelectClause['communication']>,
): Clause['communication'] | undefined {
  switch (node.kind) {
    case 'send': {
      const parts = sendParts(body, node);
      return parts ? { kind: 'send', ...parts } : undefined;
    }
    case 'expression-statement': {
      const receive = receiveOf(body, node.expression);
      if (!receive) return undefined;
      return { kind: 'receive', channel: receive.channel, value: null, ok: null };
    }
    case 'define': {
      const receive = receiveOf(body, node.values[0] ?? { kind: 'bad', span: node.span });
      const types: Type[] = receive ? [receive.type, boolType] : [];
      const variables = node.names.map((name, index): Variable | null => {
        if (name.name === '_' || !types[index]) return null;
        const variable = localVariable(body, name, types[index], node.span.end);
        declare(body, name, variable);
        return variable;
      });
      if (!receive || !checkCount(body, node.names.length, node)) return undefined;
      const [value, ok] = variables;
      return { kind: 'receive', channel: receive.channel, value: value ?? null, ok: ok ?? null };
    }
    case 'assign': {
      const receive = receiveOf(body, node.right[0] ?? { kind: 'bad', span: node.span });
      if (!receive || !checkCount(body, node.left.length, node)) return undefined;
      const [value, ok] = assignReceived(body, node.left, [receive.type, boolType]);
      return { kind: 'receive', channel: receive.channel, value: value ?? null, ok: ok ?? null };
    }
  }
}

function checkCount(
  body: Body,
  count: number,
  node: { readonly span: Expression['span'] },
): boolean {
  if (count === 1 || count === 2) return true;
  const message = `assignment mismatch: ${count} variables but a receive gives 2 values at most`;
  complain(body, node.span, 'assignment-mismatch', message);
  return false;
}

function receiveOf(body: Body, node: Expression): Receive | null {
  const operand = singleValue(body, node);
  if (operand.mode === 'invalid') return null;
  if (operand.mode === 'value' && operand.expression.kind === 'receive') return operand.expression;
  complain(body, node.span, 'select', 'select case must be receive, send or assign recv');
  return null;
}

/** The assigning form: variables of the checker, assigned at the start of the clause. */
function assignReceived(
  body: Body,
  left: readonly Expression[],
  types: readonly Type[],
): (Variable | null)[] {
  const targets: TypedExpression[] = [];
  const values: TypedExpression[] = [];
  const variables = left.map((node, index): Variable | null => {
    const target = assignmentTarget(body, node);
    if (typeof target === 'string') return null;
    const variable = temporary(body, 'received', types[index], node.span);
    const { type } = variable;
    const expression: TypedExpression = { kind: 'variable', type, span: node.span, variable };
    const operand: Operand = { mode: 'value', node, type, expression };
    targets.push(target.expression);
    values.push(convertTo(body, operand, target.type, 'assignment'));
    return variable;
  });
  const [first] = left;
  const statement: TypedStatement = { kind: 'assign', span: first.span, targets, values };
  if (targets.length > 0) emit(body, statement);
  return variables;
}
