/**
 * Loops over functions. The body becomes a function that the iterator calls; a state variable
 * tells whether it may be called, and exits that reach further than the loop are passed on by
 * number after the iterator has returned:
 *
 *     state := ready
 *     f(func(k K, v V) bool {
 *         if state != ready { runtime.panicrangestate(state) }
 *         state = panicking
 *         …                        // break: state = done; return false
 *         state = ready            // return x: result = x; next = -1; state = done; return false
 *         return true
 *     })
 *     if state == panicking { runtime.panicrangestate(missingPanic) }
 *     state = exhausted
 *     if next == -1 { return }
 *
 * Statements made here have empty spans: no source text stands for them.
 */
import type { RangeStatement } from './ast.ts';
import { expressionOf } from './assignability.ts';
import { complain } from './checker.ts';
import type { Body, FunctionExit, FunctionLoop, LoopNest } from './checker.ts';
import type { Span } from './diagnostics.ts';
import { Scope } from './entities.ts';
import { useFunction } from './expressions.ts';
import {
  addFunction,
  capture,
  closureName,
  collect,
  declare,
  emit,
  inScope,
  localVariable,
  newBody,
  newFunction,
  reference,
  temporary,
} from './function-bodies.ts';
import { assignedVariable, withTarget } from './loops.ts';
import type { Assigns } from './loops.ts';
import { parameter } from './method-values.ts';
import { describe } from './operand.ts';
import type { Operand } from './operand.ts';
import { checkStatements } from './statements.ts';
import { boolType, intType } from './type-store.ts';
import type { Call, TypedExpression, TypedFunction, TypedStatement, Variable } from './typed.ts';
import { underlying } from './types.ts';
import type { FunctionType } from './types.ts';

/** States of a loop, numbered as Go's runtime does. */
const stateDone = 0n;
const stateReady = 1n;
const statePanic = 2n;
const stateExhausted = 3n;
const stateMissingPanic = 4n;

const returnCode = -1;

/** Checks `for … range f`; false when f cannot be ranged over (after a complaint). */
export function checkFunctionRange(
  body: Body,
  node: RangeStatement,
  label: string | null,
  operand: Operand,
  type: FunctionType,
): boolean {
  const yieldType = yieldOf(type);
  const count = [node.key, node.value].filter((one) => one !== null).length;
  const what = (): string => describe(body.file.source, operand);
  if (!yieldType) {
    const message = `cannot range over ${what()}: func must be func(yield func(...) bool)`;
    complain(body, node.object.span, 'range', message);
    return false;
  }
  const offered = yieldType.parameters.length;
  if (count > offered) {
    const permits = offered === 0 ? 'no iteration variables' : 'only one iteration variable';
    const message = `range over ${what()} permits ${permits}`;
    complain(body, (node.value ?? node.key ?? node).span, 'range', message);
    return false;
  }
  lowerLoop(body, node, label, expressionOf(operand), yieldType);
  return true;
}

function yieldOf(type: FunctionType): FunctionType | null {
  const [only] = type.parameters;
  if (type.parameters.length !== 1 || type.results.length > 0 || !only) return null;
  const inner = underlying(only);
  if (inner.kind !== 'function' || inner.parameters.length > 2 || inner.variadic) return null;
  const [result] = inner.results;
  return inner.results.length === 1 && result && underlying(result) === boolType ? inner : null;
}

function newNest(body: Body, span: Span): LoopNest {
  return {
    next: temporary(body, 'next', intType, span),
    frame: temporary(body, 'frame', intType, span),
    usesNext: false,
    usesFrame: false,
    codes: [],
  };
}

function lowerLoop(
  body: Body,
  node: RangeStatement,
  label: string | null,
  iterator: TypedExpression,
  yieldType: FunctionType,
): void {
  const nowhere = { start: node.span.start, end: node.span.start };
  const nest = body.loop?.nest ?? newNest(body, nowhere);
  const state = temporary(body, 'state', intType, nowhere);
  const loop: FunctionLoop = { state, nest, exits: new Map() };
  const typed = withTarget(
    body,
    label,
    'loop',
    () => loopFunction(body, node, yieldType, loop),
    loop,
  );
  const statements = collect(body, node.span, () => {
    declareInt(body, state, stateReady, nowhere);
    if (!body.loop) declareNest(body, nest, nowhere);
    const closure: TypedExpression = {
      kind: 'closure',
      type: yieldType,
      span: node.span,
      function: typed,
    };
    emit(body, {
      kind: 'expression',
      span: node.span,
      expression: callOf(body, node, iterator, closure),
    });
    afterCall(body, loop, nowhere);
  });
  emit(body, statements);
}

function callOf(
  body: Body,
  node: RangeStatement,
  iterator: TypedExpression,
  closure: TypedExpression,
): TypedExpression {
  const callee: Call['callee'] =
    iterator.kind === 'function'
      ? { kind: 'static', function: iterator.function }
      : { kind: 'value', value: iterator };
  const type = body.checker.store.emptyTuple;
  return { kind: 'call', type, span: node.object.span, callee, arguments: [closure] };
}

function loopFunction(
  body: Body,
  node: RangeStatement,
  yieldType: FunctionType,
  loop: FunctionLoop,
): TypedFunction {
  const { checker, file } = body;
  const { span } = node.body;
  const nowhere = { start: span.start, end: span.start };
  const parameters: Variable[] = [];
  const typed = newFunction(file, closureName(body, '-range'), span, {
    type: yieldType,
    parameters,
    results: [{ ...parameter(body, 'r0', boolType, nowhere), kind: 'result' }],
    isRangeBody: true,
  });
  const inner = newBody(checker, file, typed, body, body.root, new Scope(body.scope, span), loop);
  const block = inScope(inner, span, () => {
    const assigns: Assigns = { targets: [], values: [] };
    for (const [index, type] of yieldType.parameters.entries()) {
      const name = index === 0 ? node.key : node.value;
      let made: Variable | null = null;
      if (name?.kind === 'identifier' && name.name !== '_' && node.define) {
        made = { ...localVariable(inner, name, type, span.start), kind: 'parameter' };
        declare(inner, name, made);
      } else if (name && !node.define) made = assignedVariable(inner, name, type, assigns);
      const variable = made ?? parameter(body, `p${index}`, type, nowhere);
      checker.owners.set(variable, inner);
      parameters.push(variable);
    }
    enter(inner, loop, nowhere);
    if (assigns.targets.length > 0) emit(inner, { kind: 'assign', span, ...assigns });
    emit(
      inner,
      inScope(inner, span, () => {
        checkStatements(inner, node.body.statements);
      }),
    );
    finish(inner, loop, stateReady, true, nowhere);
  });
  typed.body = block;
  addFunction(body, typed);
  return typed;
}

// ----------------------------------------------------------------------- pieces of the lowering

function integer(value: bigint, span: Span): TypedExpression {
  return { kind: 'constant', type: intType, span, value };
}

function declareInt(body: Body, variable: Variable, value: bigint, span: Span): void {
  emit(body, { kind: 'declare', span, variables: [variable], values: [integer(value, span)] });
}

function declareNest(body: Body, nest: LoopNest, span: Span): void {
  if (nest.usesNext) declareInt(body, nest.next, 0n, span);
  if (!nest.usesFrame) return;
  const frame: TypedExpression = { kind: 'frame-pointer', type: intType, span };
  emit(body, { kind: 'declare', span, variables: [nest.frame], values: [frame] });
}

function set(body: Body, variable: Variable, value: bigint, span: Span): TypedStatement {
  variable.reassigned = true;
  const targets = [reference(body, variable, span)];
  return { kind: 'assign', span, targets, values: [integer(value, span)] };
}

function equals(
  body: Body,
  variable: Variable,
  operator: '==' | '!=',
  value: bigint,
  span: Span,
): TypedExpression {
  const left = reference(body, variable, span);
  return { kind: 'binary', operator, type: boolType, span, left, right: integer(value, span) };
}

function when(
  condition: TypedExpression,
  span: Span,
  statements: TypedStatement[],
): TypedStatement {
  return {
    kind: 'if',
    span,
    condition,
    then: { kind: 'block', span, statements },
    otherwise: null,
  };
}

/** A call of the runtime's function that complains of an iterator. */
function panicState(body: Body, state: TypedExpression, span: Span): TypedStatement {
  const entity = body.checker.packages.get('runtime')?.scope.names.get('panicrangestate');
  if (entity?.kind === 'function') {
    const callee: Call['callee'] = { kind: 'static', function: useFunction(body, entity, []) };
    const type = body.checker.store.emptyTuple;
    const call: TypedExpression = { kind: 'call', type, span, callee, arguments: [state] };
    return { kind: 'expression', span, expression: call };
  }
  const expression: TypedExpression = {
    kind: 'builtin',
    builtin: 'println',
    type: body.checker.store.emptyTuple,
    span,
    arguments: [state],
  };
  return { kind: 'expression', span, expression };
}

function enter(body: Body, { state }: FunctionLoop, span: Span): void {
  const complaint = panicState(body, reference(body, state, span), span);
  emit(body, when(equals(body, state, '!=', stateReady, span), span, [complaint]));
  emit(body, set(body, state, statePanic, span));
}

function giveBack(more: boolean, span: Span): TypedStatement {
  const value: TypedExpression = { kind: 'constant', type: boolType, span, value: more };
  return { kind: 'return', span, values: [value] };
}

function finish(
  body: Body,
  { state }: FunctionLoop,
  value: bigint,
  more: boolean,
  span: Span,
): void {
  emit(body, set(body, state, value, span));
  emit(body, giveBack(more, span));
}

/** Branches out of the body of a loop over a function. */
export function leaveLoops(body: Body, at: Span, exit: FunctionExit): void {
  const span = { start: at.start, end: at.start };
  const { loop } = body;
  if (!loop) return;
  const target = exit.kind === 'return' ? null : exit;
  const own = target?.flow?.loop ?? null;
  if (own === loop) {
    const again = exit.kind === 'continue';
    const block = collect(body, at, () => {
      finish(body, loop, again ? stateReady : stateDone, again, span);
    });
    emit(body, { ...block, span: at });
    return;
  }
  const { nest } = loop;
  nest.usesNext = true;
  const code = codeOf(nest, exit);
  const block = collect(body, at, () => {
    emit(body, set(body, nest.next, BigInt(code), span));
    for (let one: Body | null = body; one?.loop; one = one.parent) {
      if (target && one === target.owner) break;
      if (one.loop === own && exit.kind === 'continue') break;
      emit(body, set(body, one.loop.state, stateDone, span));
      if (one.loop === own) break;
      one.loop.exits.set(code, exit);
    }
    emit(body, giveBack(false, span));
  });
  emit(body, block);
}

function codeOf(nest: LoopNest, exit: FunctionExit): number {
  if (exit.kind === 'return') return returnCode;
  const { kind, target } = exit;
  const known = nest.codes.findIndex((one) => one.kind === kind && one.target === target);
  if (known >= 0) return known + 1;
  nest.codes.push({ kind, target });
  return nest.codes.length;
}

/** `return` inside of a loop over a function: the results are the function's own variables. */
export function returnFromLoop(
  body: Body,
  owner: Body,
  at: Span,
  values: readonly TypedExpression[] | null,
): void {
  if (values && values.length > 0) {
    const targets = owner.function.results.map((one) => {
      one.reassigned = true;
      return reference(body, one, at);
    });
    emit(body, { kind: 'assign', span: at, targets, values });
  }
  leaveLoops(body, at, { kind: 'return' });
}

/** What follows the iterator's return: its state, and exits that reach further. */
function afterCall(body: Body, loop: FunctionLoop, span: Span): void {
  const { state, nest, exits } = loop;
  const missing = panicState(body, integer(stateMissingPanic, span), span);
  emit(body, when(equals(body, state, '==', statePanic, span), span, [missing]));
  emit(body, set(body, state, stateExhausted, span));
  for (const [code, exit] of exits) {
    const condition = equals(body, nest.next, '==', BigInt(code), span);
    const then = collect(body, span, () => {
      passOn(body, nest, exit, span);
    });
    emit(body, { kind: 'if', span, condition, then, otherwise: null });
  }
}

function passOn(body: Body, nest: LoopNest, exit: FunctionExit, span: Span): void {
  if (exit.kind === 'return') {
    emit(body, body.loop ? giveBack(false, span) : { kind: 'return', span, values: null });
    return;
  }
  const own = exit.flow?.loop ?? null;
  if (own && body.loop === own) {
    emit(body, set(body, nest.next, 0n, span));
    if (exit.kind === 'continue') finish(body, own, stateReady, true, span);
    else emit(body, giveBack(false, span));
    return;
  }
  if (body !== exit.owner) {
    emit(body, giveBack(false, span));
    return;
  }
  emit(body, set(body, nest.next, 0n, span));
  emit(body, { kind: 'branch', span, branch: exit.kind, target: exit.target });
}

/** The frame that a deferred call inside of such a loop belongs to; null outside of one. */
export function deferFrame(body: Body, span: Span): TypedExpression | null {
  if (!body.loop) return null;
  const { nest } = body.loop;
  nest.usesFrame = true;
  capture(body, nest.frame);
  return reference(body, nest.frame, span);
}
