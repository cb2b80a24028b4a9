/** Statements: the dispatcher and the simple ones. */
import { checkDefine, checkVariableDeclaration } from './definitions.ts';
import { checkReturn } from './returns.ts';
import type {
  BinaryOperator,
  Block,
  ConstantDeclaration,
  DeclarationStatement,
  Expression,
  ExpressionStatement,
  IfStatement,
  IncrementStatement,
  SendStatement,
  Statement,
  TypeDeclaration,
} from './ast.ts';
import { convertTo, expressionOf } from './assignability.ts';
import { checkAssign, notAssignable } from './assignments.ts';
import { checkBranch, checkLabeled } from './branches.ts';
import { complain, maxNesting } from './checker.ts';
import type { Body } from './checker.ts';
import { checkExpression, requireValue, singleValue } from './expressions.ts';
import { checkBlock, declareEntity, emit, inScope } from './function-bodies.ts';
import { checkDefer, checkGo } from './go-defer.ts';
import { checkFor, checkRange } from './loops.ts';
import { coreType, everyType } from './members.ts';
import { describe, textOf } from './operand.ts';
import type { Operand } from './operand.ts';
import { isBoolean, isInteger } from './operators.ts';
import { checkSelect } from './selects.ts';
import { checkSwitch, checkTypeSwitch } from './switches.ts';
import { namedInstance } from './type-nodes.ts';
import { boolType, spell, invalidType } from './type-store.ts';
import type { TypedExpression, TypedStatement } from './typed.ts';
import { type ConstantEntity, typeEntity } from './entities.ts';
import { resolveConstant } from './constant-declarations.ts';

/** Checks statements in the current scope, emitting what they become. */
export function checkStatements(body: Body, statements: readonly Statement[]): void {
  for (const statement of statements) checkStatement(body, statement);
}

/** Checks one statement; `label` is the name in front of it. */
export function checkStatement(body: Body, node: Statement, label: string | null = null): void {
  const { root } = body;
  if (root.nesting > maxNesting) {
    complain(body, node.span, 'nesting-limit', 'this statement is nested too deeply');
    return;
  }
  root.nesting++;
  dispatch(body, node, label);
  root.nesting--;
}

function dispatch(body: Body, node: Statement, label: string | null): void {
  switch (node.kind) {
    case 'empty':
    case 'bad':
      return;
    case 'block':
      emit(body, checkBlock(body, node.span, node.statements));
      return;
    case 'expression-statement':
      checkExpressionStatement(body, node);
      return;
    case 'send':
      checkSend(body, node);
      return;
    case 'assign':
      checkAssign(body, node);
      return;
    case 'increment':
      checkIncrement(body, node);
      return;
    case 'define':
      checkDefine(body, node);
      return;
    case 'declaration-statement':
      checkDeclarations(body, node);
      return;
    case 'go':
      checkGo(body, node);
      return;
    case 'defer':
      checkDefer(body, node);
      return;
    case 'return':
      checkReturn(body, node);
      return;
    case 'branch':
      checkBranch(body, node);
      return;
    case 'if':
      checkIf(body, node);
      return;
    case 'for':
      checkFor(body, node, label);
      return;
    case 'range':
      checkRange(body, node, label);
      return;
    case 'switch':
      checkSwitch(body, node, label);
      return;
    case 'type-switch':
      checkTypeSwitch(body, node, label);
      return;
    case 'select':
      checkSelect(body, node, label);
      return;
    case 'labeled':
      checkLabeled(body, node);
      return;
    case 'atomic':
      checkAtomic(body, node.span, node.body);
  }
}

function checkAtomic(body: Body, span: Statement['span'], block: Block): void {
  if (!body.file.source.isModel) {
    const message = 'atomic sections can be used in runtime models only';
    complain(body, { start: span.start, end: span.start + 6 }, 'models-only', message);
  }
  const inner = checkBlock(body, block.span, block.statements);
  emit(body, { kind: 'atomic', span, body: inner });
}

function checkExpressionStatement(body: Body, node: ExpressionStatement): void {
  const operand = checkExpression(body, node.expression);
  if (operand.mode === 'invalid') return;
  if (operand.mode === 'value' && isStatementExpression(node.expression, operand.expression)) {
    emit(body, { kind: 'expression', span: node.span, expression: operand.expression });
    return;
  }
  const value = operand.mode === 'generic' ? operand : requireUse(body, operand);
  if (value.mode === 'invalid') return;
  const what = describe(body.file.source, value);
  complain(body, node.span, 'unused-result', `${what} is not used`);
}

function requireUse(body: Body, operand: Operand): Operand {
  return operand.mode === 'type' || operand.mode === 'builtin'
    ? operand
    : requireValue(body, operand);
}

/** Calls and receives may stand alone, but not conversions or functions that only give a value. */
function isStatementExpression(node: Expression, expression: TypedExpression): boolean {
  let inner = node;
  while (inner.kind === 'parenthesized') inner = inner.inner;
  if (inner.kind === 'unary') return expression.kind === 'receive';
  if (inner.kind !== 'call') return false;
  if (expression.kind === 'call') return true;
  if (expression.kind === 'builtin') {
    return ![
      'append',
      'append-string',
      'len',
      'cap',
      'min',
      'max',
      'make-slice',
      'make-channel',
    ].includes(expression.builtin);
  }
  // What was complained about passes.
  return expression.kind === 'zero';
}

function checkSend(body: Body, node: SendStatement): void {
  const parts = sendParts(body, node);
  if (parts) emit(body, { kind: 'send', span: node.span, ...parts });
}

/** Channel and value of a send; null after a complaint. */
export function sendParts(
  body: Body,
  node: SendStatement,
): { channel: TypedExpression; value: TypedExpression } | null {
  const channel = singleValue(body, node.channel);
  const value = singleValue(body, node.value, true);
  if (channel.mode === 'invalid' || value.mode === 'invalid') return null;
  const type = coreType(channel.type);
  if (type.kind !== 'channel' || type.direction === 'receive') {
    const what = describe(body.file.source, channel);
    const why = type.kind === 'channel' ? 'to receive-only channel' : 'to non-channel';
    complain(body, node.span, 'send', `invalid operation: cannot send ${why} ${what}`);
    return null;
  }
  return {
    channel: expressionOf(channel),
    value: convertTo(body, value, type.element, 'send'),
  };
}

function checkIncrement(body: Body, node: IncrementStatement): void {
  const operator = node.delta > 0 ? '+' : '-';
  const target = singleValue(body, node.operand);
  if (target.mode === 'invalid') return;
  if (target.mode === 'nil' || !everyType(target.type, isInteger)) {
    const text = textOf(body.file.source, node.span);
    const message = `invalid operation: ${text} (non-numeric type ${spell(target.type)})`;
    complain(body, node.span, 'operator', message);
    return;
  }
  update(body, node.span, operator, target, {
    kind: 'constant',
    type: target.type,
    span: node.span,
    value: 1n,
  });
}

/** Emits `target op= value` if the target can be assigned. */
export function update(
  body: Body,
  span: Statement['span'],
  operator: BinaryOperator,
  target: Operand,
  value: TypedExpression,
): void {
  if (target.mode !== 'variable') {
    complain(body, target.node.span, 'not-assignable', notAssignable(body, target));
    return;
  }
  markAssigned(target.expression);
  emit(body, { kind: 'update', span, operator, target: target.expression, value });
}

/** Notes that a variable gets a new value after its declaration. */
export function markAssigned(target: TypedExpression): void {
  let root = target;
  while (root.kind === 'field' || root.kind === 'element') {
    if (root.kind === 'element' && root.object.type.kind === 'slice') return;
    root = root.object;
  }
  if (root.kind === 'variable') root.variable.reassigned = true;
}

function checkDeclarations(body: Body, node: DeclarationStatement): void {
  for (const declaration of node.declarations) {
    switch (declaration.kind) {
      case 'variable':
        checkVariableDeclaration(body, declaration);
        break;
      case 'constant':
        declareConstants(body, declaration);
        break;
      case 'type':
        declareType(body, declaration);
        break;
    }
  }
}

function declareConstants(body: Body, declaration: ConstantDeclaration): void {
  const { file, scope } = body;
  const entities = declaration.names.map(
    (node, index): ConstantEntity => ({
      kind: 'constant',
      node,
      declaration,
      index,
      file,
      scope,
      state: 'new',
      type: invalidType,
      value: 0n,
    }),
  );
  // All values are looked at before the first name is declared.
  for (const entity of entities) resolveLocalConstant(body, entity);
  for (const [index, entity] of entities.entries()) {
    declareEntity(body, declaration.names[index], entity);
  }
}

/** Constants are looked at aloud, but those of a muted instance must stay silent. */
function resolveLocalConstant(body: Body, entity: ConstantEntity): void {
  const { checker } = body;
  const { length } = checker.diagnostics;
  resolveConstant(checker, entity);
  if (checker.muted > 0) checker.diagnostics.length = length;
}

function declareType(body: Body, declaration: TypeDeclaration): void {
  const { file, scope } = body;
  if (declaration.typeParameters.length > 0) {
    const message = 'generic type cannot be declared inside of a function';
    complain(body, declaration.name.span, 'generic-type', message);
    return;
  }
  const entity = typeEntity(declaration, file, scope);
  declareEntity(body, declaration.name, entity);
  namedInstance(body.checker, entity, []);
}

function checkIf(body: Body, node: IfStatement): void {
  const block = inScope(body, node.span, () => {
    if (node.init) checkStatement(body, node.init);
    const condition = conditionOf(body, node.condition, 'if');
    const then = checkBlock(body, node.then.span, node.then.statements);
    let otherwise: TypedStatement | null = null;
    if (node.otherwise) {
      const branch = node.otherwise;
      const list = checkBlock(
        body,
        branch.span,
        branch.kind === 'block' ? branch.statements : [branch],
      );
      otherwise = list;
    }
    emit(body, { kind: 'if', span: node.span, condition, then, otherwise });
  });
  if (node.init) emit(body, block);
  else for (const statement of block.statements) emit(body, statement);
}

/** A condition of if or for. */
export function conditionOf(body: Body, node: Expression, statement: string): TypedExpression {
  const operand = singleValue(body, node);
  const always: TypedExpression = {
    kind: 'constant',
    type: boolType,
    span: node.span,
    value: true,
  };
  if (operand.mode === 'invalid') return always;
  if (operand.mode === 'nil' || !isBoolean(operand.type)) {
    const message = `non-boolean condition in ${statement} statement`;
    complain(
      body,
      node.span,
      'condition',
      message,
      `${textOf(body.file.source, node.span)} is ${
        operand.mode === 'nil' ? 'nil' : `of type ${spell(operand.type)}`
      }`,
    );
    return always;
  }
  return operand.type.kind === 'basic' && operand.type.name === 'untyped-bool'
    ? convertTo(body, operand, boolType, 'condition')
    : expressionOf(operand);
}
