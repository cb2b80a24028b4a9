/** Terminating statements, as Go's specification defines them: where `missing return` is due. */
import type { Block, Statement } from './ast.ts';

/** Whether control cannot reach the end of the block. */
export function endsInReturn(block: Block): boolean {
  return isTerminatingList(block.statements);
}

function isTerminatingList(statements: readonly Statement[]): boolean {
  let last = statements.length - 1;
  while (last >= 0 && statements[last].kind === 'empty') last--;
  return last >= 0 && isTerminating(statements[last], null);
}

function isTerminating(statement: Statement, label: string | null): boolean {
  switch (statement.kind) {
    case 'return':
    case 'bad':
      return true;
    case 'branch':
      return statement.branch === 'goto' || statement.branch === 'fallthrough';
    case 'expression-statement': {
      let { expression } = statement;
      while (expression.kind === 'parenthesized') expression = expression.inner;
      if (expression.kind !== 'call' || expression.callee.kind !== 'identifier') return false;
      const { name } = expression.callee;
      return name === 'panic' || name === 'fail';
    }
    case 'block':
      return endsInReturn(statement);
    case 'atomic':
      return endsInReturn(statement.body);
    case 'if':
      if (!statement.otherwise) return false;
      return endsInReturn(statement.then) && isTerminating(statement.otherwise, null);
    case 'for':
      return statement.condition === null && !hasBreak(statement.body.statements, label, true);
    case 'labeled':
      return isTerminating(statement.statement, statement.label.name);
    case 'switch':
    case 'type-switch':
      return (
        statement.clauses.some((clause) => clause.isDefault) &&
        statement.clauses.every(
          (clause) => isTerminatingList(clause.body) && !hasBreak(clause.body, label, true),
        )
      );
    case 'select':
      return statement.clauses.every(
        (clause) => isTerminatingList(clause.body) && !hasBreak(clause.body, label, true),
      );
    default:
      return false;
  }
}

/** Whether a break in the statements leaves the statement around them. */
function hasBreak(
  statements: readonly Statement[],
  label: string | null,
  direct: boolean,
): boolean {
  const again = (inner: readonly Statement[], stillDirect: boolean): boolean =>
    hasBreak(inner, label, stillDirect);
  return statements.some((statement): boolean => {
    switch (statement.kind) {
      case 'branch':
        if (statement.branch !== 'break') return false;
        return statement.label ? statement.label.name === label : direct;
      case 'block':
        return again(statement.statements, direct);
      case 'atomic':
        return again(statement.body.statements, direct);
      case 'if':
        return (
          again(statement.then.statements, direct) ||
          (statement.otherwise !== null && again([statement.otherwise], direct))
        );
      case 'labeled':
        return again([statement.statement], direct);
      case 'for':
      case 'range':
        return again(statement.body.statements, false);
      case 'switch':
      case 'type-switch':
      case 'select':
        return statement.clauses.some((clause) => again(clause.body, false));
      default:
        return false;
    }
  });
}
