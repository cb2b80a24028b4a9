/** `switch` and type switches, as chains of conditions. */
import type {
  Expression,
  Statement,
  SwitchClause,
  SwitchStatement,
  TypeNode,
  TypeSwitchClause,
  TypeSwitchStatement,
} from './ast.ts';
import { convertTo, defaulted, defaultType, expressionOf } from './assignability.ts';
import { complain } from './checker.ts';
import type { Body } from './checker.ts';
import { spellConstant } from './constants.ts';
import { registerDynamicType } from './dynamic-types.ts';
import type { VariableEntity } from './entities.ts';
import { singleValue } from './expressions.ts';
import { declare, emit, inScope, localVariable, reference, temporary } from './function-bodies.ts';
import { checkPossible, isInterfaceOperand } from './indexing.ts';
import { withTarget } from './loops.ts';
import { describe } from './operand.ts';
import type { Operand } from './operand.ts';
import { binaryOperation } from './operators.ts';
import { checkStatement, checkStatements, conditionOf } from './statements.ts';
import { resolveType } from './type-nodes.ts';
import { boolType, invalidType, spell } from './type-store.ts';
import type { TypedExpression, TypedSwitch, Variable } from './typed.ts';
import { underlying } from './types.ts';
import type { Type } from './types.ts';

type Clauses = TypedSwitch['clauses'];

/** `switch init; tag { case … }`. */
export function checkSwitch(body: Body, node: SwitchStatement, label: string | null): void {
  const { span } = node;
  const block = inScope(body, span, () => {
    if (node.init) checkStatement(body, node.init);
    const tag = node.tag ? tagOperand(body, node.tag) : null;
    oneDefault(body, node.clauses);
    withTarget(body, label, 'switch', (target) => {
      const seen = new Map<string, number>();
      const last = node.clauses.length - 1;
      const clauses = node.clauses.map((clause, index) => {
        const conditions = clause.values.map((value) =>
          tag ? caseCondition(body, value, tag, seen) : conditionOf(body, value, 'case'),
        );
        return clauseOf(body, clause, conditions, index === last);
      });
      emit(body, { kind: 'switch', span, target, clauses });
    });
  });
  emit(body, block);
}

/** The tag in a variable of the checker, evaluated once. */
function tagOperand(body: Body, node: Expression): Operand {
  const operand = singleValue(body, node);
  if (operand.mode === 'invalid') return operand;
  if (operand.mode === 'nil') {
    complain(body, node.span, 'untyped-nil', 'use of untyped nil in switch expression');
    return { mode: 'invalid', node, type: invalidType };
  }
  const value = defaulted(body, operand);
  const variable = temporary(body, 'tag', value.type, node.span);
  const { span } = node;
  emit(body, { kind: 'declare', span, variables: [variable], values: [value] });
  const expression: TypedExpression = { kind: 'variable', type: value.type, span, variable };
  return { mode: 'value', node, type: value.type, expression };
}

function caseCondition(
  body: Body,
  node: Expression,
  tag: Operand,
  seen: Map<string, number>,
): TypedExpression {
  const value = singleValue(body, node);
  const never: TypedExpression = {
    kind: 'constant',
    type: boolType,
    span: node.span,
    value: false,
  };
  if (value.mode === 'invalid' || tag.mode === 'invalid') return never;
  if (value.mode === 'constant') {
    // In an interface 0 of one type is another value than 0 of another.
    const own = underlying(tag.type).kind === 'interface' ? spell(defaultType(value.type)) : '';
    const key = `${typeof value.value} ${own} ${spellConstant(value.value)}`;
    if (seen.has(key)) {
      const shown = spellConstant(value.value);
      const message = `duplicate case ${shown} in expression switch`;
      complain(body, node.span, 'duplicate-case', message);
    }
    seen.set(key, node.span.start);
  }
  // Go's message names the comparison `tag == value`; its text does not stand in the source.
  const whole: Expression = { kind: 'bad', span: node.span };
  const { diagnostics } = body.checker;
  const before = diagnostics.length;
  const result = binaryOperation(body, whole, '==', value, tag);
  for (let index = before; index < diagnostics.length; index++) {
    const one = diagnostics[index];
    if (one.code !== 'mismatched-types') continue;
    const message =
      `invalid case ${describe(body.file.source, value)} in switch ` +
      `(mismatched types ${value.mode === 'nil' ? 'nil' : spell(value.type)} and ${spell(tag.type)})`;
    diagnostics[index] = { ...one, message };
  }
  if (result.mode === 'invalid') return never;
  return convertTo(body, result, boolType, 'switch case');
}

function clauseOf(
  body: Body,
  clause: SwitchClause,
  conditions: readonly TypedExpression[],
  isLast: boolean,
): Clauses[number] {
  const statements = [...clause.body];
  let through: Statement | undefined = statements[statements.length - 1];
  if (through?.kind !== 'branch' || through.branch !== 'fallthrough') through = undefined;
  if (through) {
    statements.pop();
    if (isLast) {
      complain(body, through.span, 'fallthrough', 'cannot fallthrough final case in switch');
    }
  }
  const inner = inScope(body, clause.span, () => {
    checkStatements(body, statements);
  });
  return {
    span: clause.span,
    conditions,
    isDefault: clause.isDefault,
    body: inner,
    fallsThrough: through !== undefined && !isLast,
  };
}

function oneDefault(
  body: Body,
  clauses: readonly { readonly isDefault: boolean; readonly span: Statement['span'] }[],
): void {
  const [, second] = clauses.filter((clause) => clause.isDefault);
  if (second) complain(body, second.span, 'duplicate-case', 'multiple defaults in switch');
}

/** `switch v := x.(type) { case T: … }`. */
export function checkTypeSwitch(body: Body, node: TypeSwitchStatement, label: string | null): void {
  const { span, binding } = node;
  const block = inScope(body, span, () => {
    if (node.init) checkStatement(body, node.init);
    const operand = singleValue(body, node.object);
    let held: Variable | null = null;
    if (operand.mode !== 'invalid' && !isInterfaceOperand(operand)) {
      const what = describe(body.file.source, operand);
      complain(body, node.object.span, 'assertion', `${what} is not an interface`);
    } else if (operand.mode !== 'invalid') {
      held = temporary(body, 'subject', operand.type, node.object.span);
      const values = [expressionOf(operand)];
      emit(body, { kind: 'declare', span: node.object.span, variables: [held], values });
    }
    oneDefault(body, node.clauses);
    const bound: VariableEntity[] = [];
    withTarget(body, label, 'switch', (target) => {
      const seen = new Set<Type | null>();
      const clauses = node.clauses.map((clause) =>
        typeClause(body, node, clause, operand, held, seen, bound),
      );
      emit(body, { kind: 'switch', span, target, clauses });
    });
    const unused = !bound.some((one) => one.used);
    for (const one of bound) one.used = true;
    if (binding && unused && binding.name !== '_') {
      const message = `declared and not used: ${binding.name}`;
      complain(body, binding.span, 'unused', message);
    }
  });
  emit(body, block);
}

function typeClause(
  body: Body,
  node: TypeSwitchStatement,
  clause: TypeSwitchClause,
  operand: Operand,
  held: Variable | null,
  seen: Set<Type | null>,
  bound: VariableEntity[],
): Clauses[number] {
  const targets = clause.types.map((one) => caseType(body, one, clause.span, operand, seen));
  const conditions = targets.flatMap((target): TypedExpression[] => {
    if (!held || target === invalidType) return [];
    const span = clause.span;
    const value = reference(body, held, span);
    return [{ kind: 'type-test', type: boolType, span, operand: value, target }];
  });
  const inner = inScope(body, clause.span, () => {
    if (node.binding) bindSubject(body, node, clause, targets, held, bound);
    const outer = body.scope;
    const block = inScope(body, clause.span, () => {
      checkStatements(body, clause.body);
    });
    for (const statement of block.statements) emit(body, statement);
    // Whether the binding is used is told of all clauses together.
    for (const entity of outer.names.values()) {
      if (entity.kind !== 'variable') continue;
      const entry = bound.find((one) => one.variable === entity.variable);
      if (entry) {
        entry.used = entity.used;
        entity.used = true;
      }
    }
  });
  const { span, isDefault } = clause;
  return { span, conditions, isDefault, body: inner, fallsThrough: false };
}

/** The type of a case; null for nil. */
function caseType(
  body: Body,
  node: TypeNode | null,
  clause: Statement['span'],
  operand: Operand,
  seen: Set<Type | null>,
): Type | null {
  const type = node ? resolveType(body, node) : null;
  if (type === invalidType) return type;
  if (seen.has(type)) {
    const name = type ? spell(type) : 'nil';
    const at = node?.span ?? clause;
    complain(body, at, 'duplicate-case', `duplicate case ${name} in type switch`);
  }
  seen.add(type);
  if (type && node && operand.mode !== 'invalid') {
    if (isInterfaceOperand(operand) && !checkPossible(body, node, operand, type))
      return invalidType;
    registerDynamicType(body, type);
  }
  return type;
}

function bindSubject(
  body: Body,
  node: TypeSwitchStatement,
  clause: TypeSwitchClause,
  targets: readonly (Type | null)[],
  held: Variable | null,
  bound: VariableEntity[],
): void {
  const { binding } = node;
  if (!binding || binding.name === '_') return;
  const [target] = targets;
  const single = targets.length === 1 && target !== null && target !== undefined ? target : null;
  const type = single ?? held?.type ?? invalidType;
  const variable = localVariable(body, binding, type, clause.span.start);
  const { span } = binding;
  if (held) {
    const subject = reference(body, held, span);
    let value: TypedExpression = subject;
    if (single && underlying(single).kind === 'interface' && single === held.type) value = subject;
    else if (single) {
      value = {
        kind: 'assertion',
        type: single,
        span,
        operand: subject,
        target: single,
        commaOk: false,
      };
    }
    emit(body, { kind: 'declare', span, variables: [variable], values: [value] });
  }
  bound.push({ ...declare(body, binding, variable) });
}
