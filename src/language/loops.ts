/** `for` in all its forms but the one over functions. */
import type { Expression, ForStatement, RangeStatement } from './ast.ts';
import { convertTo, defaultType, expressionOf } from './assignability.ts';
import { assignmentTarget } from './assignments.ts';
import { hasCall } from './builtins.ts';
import { complain } from './checker.ts';
import type { Body, FlowTarget, FunctionLoop } from './checker.ts';
import type { Span } from './diagnostics.ts';
import { singleValue } from './expressions.ts';
import { collect, declare, emit, inScope, localVariable, temporary } from './function-bodies.ts';
import { coreType } from './members.ts';
import { describe, isUntyped, textOf } from './operand.ts';
import type { Operand } from './operand.ts';
import { isInteger, isText } from './operators.ts';
import { checkFunctionRange } from './range-function.ts';
import { checkStatement, checkStatements, conditionOf } from './statements.ts';
import { int32Type, intType, invalidType, stringType } from './type-store.ts';
import type {
  BranchTarget,
  TypedBlock,
  TypedExpression,
  TypedRange,
  TypedStatement,
  Variable,
} from './typed.ts';
import { underlying } from './types.ts';
import type { Type } from './types.ts';

/** Runs `work` while break and continue can name the statement. */
export function withTarget<T>(
  body: Body,
  label: string | null,
  kind: FlowTarget['kind'],
  work: (target: BranchTarget) => T,
  loop: FunctionLoop | null = null,
): T {
  const target: BranchTarget = { label };
  body.targets.push({ label, kind, target, loop });
  const result = work(target);
  body.targets.pop();
  return result;
}

/** `for init; condition; post {}`. */
export function checkFor(body: Body, node: ForStatement, label: string | null): void {
  const { span } = node;
  const block = inScope(body, span, () => {
    const init = collect(body, span, () => {
      if (node.init) checkStatement(body, node.init);
    });
    const iterationVariables = [...body.scope.names.values()].flatMap((entity) =>
      entity.kind === 'variable' ? [entity.variable] : [],
    );
    const condition = node.condition ? conditionOf(body, node.condition, 'for') : null;
    const post = collect(body, span, () => {
      if (node.post?.kind === 'define') {
        const message = 'cannot declare in post statement of for loop';
        complain(body, node.post.span, 'for', message);
      } else if (node.post) checkStatement(body, node.post);
    });
    withTarget(body, label, 'loop', (target) => {
      const inner = loopBody(body, node.body.span, node.body.statements);
      const [first] = init.statements;
      const single = init.statements.length === 1 && first;
      if (!single) for (const statement of init.statements) emit(body, statement);
      emit(body, {
        kind: 'loop',
        span,
        target,
        init: single ? first : null,
        iterationVariables,
        condition,
        post: onlyStatement(post),
        body: inner,
      });
    });
  });
  if (block.statements.length === 1) emit(body, block.statements[0]);
  else emit(body, block);
}

function onlyStatement(block: TypedBlock): TypedStatement | null {
  if (block.statements.length === 0) return null;
  return block.statements.length === 1 ? block.statements[0] : block;
}

function loopBody(
  body: Body,
  span: Span,
  statements: ForStatement['body']['statements'],
): TypedBlock {
  return inScope(body, span, () => {
    checkStatements(body, statements);
  });
}

interface RangeShape {
  readonly form: TypedRange['form'];
  readonly key: Type | null;
  readonly value: Type | null;
  readonly object: TypedExpression;
}

/** `for k, v := range x {}`. */
export function checkRange(body: Body, node: RangeStatement, label: string | null): void {
  const operand = singleValue(body, node.object);
  if (operand.mode === 'invalid') {
    checkBroken(body, node, label);
    return;
  }
  const type = coreType(operand.type);
  if (type.kind === 'function' && operand.mode !== 'nil') {
    if (!checkFunctionRange(body, node, label, operand, type)) checkBroken(body, node, label);
    return;
  }
  const shape = rangeShape(body, node, operand);
  if (!shape) {
    checkBroken(body, node, label);
    return;
  }
  const { span } = node;
  inScopeEmit(body, span, () => {
    withTarget(body, label, 'loop', (target) => {
      const assigns: Assigns = { targets: [], values: [] };
      const parts = node.define
        ? null
        : {
            key: assignedVariable(body, node.key, shape.key, assigns),
            value: assignedVariable(body, node.value, shape.value, assigns),
          };
      const key = parts?.key ?? definedVariable(body, node, node.key, shape.key);
      const value = parts?.value ?? definedVariable(body, node, node.value, shape.value);
      const inner = inScope(body, node.body.span, () => {
        if (assigns.targets.length > 0) emit(body, { kind: 'assign', span, ...assigns });
        checkStatements(body, node.body.statements);
      });
      const { form, object } = shape;
      emit(body, { kind: 'range', span, target, form, key, value, object, body: inner });
    });
  });
}

function inScopeEmit(body: Body, span: Span, work: () => void): void {
  const block = inScope(body, span, work);
  for (const statement of block.statements) emit(body, statement);
}

export interface Assigns {
  readonly targets: (TypedExpression | null)[];
  readonly values: TypedExpression[];
}

function definedVariable(
  body: Body,
  node: RangeStatement,
  name: Expression | null,
  type: Type | null,
): Variable | null {
  if (!node.define || name?.kind !== 'identifier' || !type || name.name === '_') return null;
  const variable = localVariable(body, name, type, node.body.span.start);
  declare(body, name, variable);
  return variable;
}

/** The assigning form: a variable of the checker, assigned to the target at the start of a turn. */
export function assignedVariable(
  body: Body,
  node: Expression | null,
  type: Type | null,
  assigns: Assigns,
): Variable | null {
  if (!node || !type) return null;
  const target = assignmentTarget(body, node);
  if (typeof target === 'string') return null;
  const variable = temporary(body, 'range', type, node.span);
  const operand: Operand = {
    mode: 'value',
    node,
    type,
    expression: { kind: 'variable', type, span: node.span, variable },
  };
  assigns.targets.push(target.expression);
  assigns.values.push(convertTo(body, operand, target.type, 'range clause'));
  return variable;
}

/** After a complaint the body is looked at all the same; its variables have no known type. */
function checkBroken(body: Body, node: RangeStatement, label: string | null): void {
  collect(body, node.span, () => {
    withTarget(body, label, 'loop', () => {
      inScope(body, node.span, () => {
        for (const name of [node.key, node.value]) {
          if (!node.define || name?.kind !== 'identifier') continue;
          declare(body, name, localVariable(body, name, invalidType, node.body.span.start), true);
        }
        checkStatements(body, node.body.statements);
      });
    });
  });
}

function rangeShape(body: Body, node: RangeStatement, operand: Operand): RangeShape | null {
  const { source } = body.file;
  const what = (): string => describe(source, operand);
  const type = operand.mode === 'nil' ? operand.type : coreType(operand.type);
  const complainOf = (tail: string): null => {
    const message = `cannot range over ${what()}${tail}`;
    complain(body, node.object.span, 'range', message);
    return null;
  };
  let shape: RangeShape | null = null;
  if (isInteger(type)) shape = integerRange(body, node, operand);
  else if (isText(type)) {
    const object = isUntyped(operand)
      ? convertTo(body, operand, stringType, 'range clause')
      : expressionOf(operand);
    shape = { form: 'string', key: intType, value: int32Type, object };
  } else if (type.kind === 'slice') {
    shape = { form: 'slice', key: intType, value: type.element, object: expressionOf(operand) };
  } else if (type.kind === 'array') {
    shape = { form: 'array', key: intType, value: type.element, object: expressionOf(operand) };
  } else if (type.kind === 'pointer' && underlying(type.element).kind === 'array') {
    shape = arrayPointerRange(operand, type.element);
  } else if (type.kind === 'channel') {
    if (type.direction === 'send') return complainOf(': receive from send-only channel');
    shape = { form: 'channel', key: type.element, value: null, object: expressionOf(operand) };
  }
  if (!shape) return complainOf('');
  if (shape.form === 'array' && !namesValue(node) && !hasCall(node.object)) {
    shape = constantRange(shape);
  }
  if (node.value && !shape.value) {
    const text = textOf(source, node.object.span);
    const message = `range over ${what()} permits only one iteration variable`;
    complain(body, node.value.span, 'range', message, `${text} gives one value a turn`);
    return null;
  }
  return shape;
}

function namesValue(node: RangeStatement): boolean {
  return node.value !== null && !(node.value.kind === 'identifier' && node.value.name === '_');
}

/** Where only the length of an array counts the array itself is not looked at: it may be nil. */
function constantRange(shape: RangeShape): RangeShape {
  const { type, span } = shape.object;
  const own = underlying(type);
  const under = own.kind === 'pointer' ? underlying(own.element) : own;
  const value = BigInt(under.kind === 'array' ? under.length : 0);
  const object: TypedExpression = { kind: 'constant', type: intType, span, value };
  return { form: 'integer', key: intType, value: shape.value, object };
}

/** Over the array that a pointer leads to: its elements are seen as they are at each turn. */
function arrayPointerRange(operand: Operand, array: Type): RangeShape {
  const under = underlying(array);
  const element = under.kind === 'array' ? under.element : array;
  return { form: 'array', key: intType, value: element, object: expressionOf(operand) };
}

/** `range n`: an untyped constant takes the type of the variable it is assigned to, or int. */
function integerRange(body: Body, node: RangeStatement, operand: Operand): RangeShape {
  let type = operand.type;
  if (isUntyped(operand)) {
    type = defaultType(type);
    if (!node.define && node.key) {
      const { muted } = body.checker;
      body.checker.muted++;
      const target = assignmentTarget(body, node.key);
      body.checker.muted = muted;
      if (typeof target !== 'string') ({ type } = target);
    }
  }
  const object = convertTo(body, operand, type, 'range clause');
  return { form: 'integer', key: type, value: null, object };
}
