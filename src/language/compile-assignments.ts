/** Statements that give variables their values: declarations, assignments, `x op= y`. */
import { effects, into, value } from './compile-expressions.ts';
import type { FunctionCompiler } from './compile-function.ts';
import { arithmetic, constantStep } from './compile-operators.ts';
import { hasCall, hoist, operandsInto } from './evaluation-order.ts';
import * as op from './instructions.ts';
import { loadPlace, placeOf, resolve, slotOfExpression, storePlace } from './places.ts';
import type { Place } from './places.ts';
import type { TypedExpression, TypedStatement, Variable } from './typed.ts';
import { isBoxed } from './typed.ts';
import { wordsOf } from './types.ts';

type Declaration = Extract<TypedStatement, { readonly kind: 'declare' }>;
type Assignment = Extract<TypedStatement, { readonly kind: 'assign' }>;
type Update = Extract<TypedStatement, { readonly kind: 'update' }>;

export function declare(f: FunctionCompiler, { span, variables, values }: Declaration): void {
  const { out } = f;
  out.statement(span);
  if (variables.length === 1 && values.length === 1) {
    declareOne(f, variables[0], values[0]);
  } else if (values.length === 0) {
    for (const variable of variables) declareZero(f, variable);
  } else {
    initialiseAll(f, variables, allValues(f, values));
  }
  for (const variable of variables) f.declared(variable);
}

function declareOne(f: FunctionCompiler, variable: Variable, initial: TypedExpression): void {
  const slot = f.slotOf(variable) as number;
  if (isBoxed(variable)) f.newBox(variable, value(f, initial));
  else into(f, initial, slot);
}

function declareZero(f: FunctionCompiler, variable: Variable): void {
  const slot = f.slotOf(variable) as number;
  if (isBoxed(variable)) f.newBox(variable, -1);
  else f.out.emit(op.OP_CLEAR, slot, wordsOf(variable.type));
}

/** Fresh variables get the values that stand in a row from a slot on. */
function initialiseAll(f: FunctionCompiler, variables: readonly Variable[], first: number): void {
  let slot = first;
  let next = f.slotOf(variables[0]) as number;
  const row = variables.every((variable) => {
    const fits = !isBoxed(variable) && f.slotOf(variable) === next;
    next += wordsOf(variable.type);
    return fits;
  });
  const start = f.slotOf(variables[0]) as number;
  if (row) return storePlace(f, { kind: 'slot', slot: start }, first, next - start);
  for (const variable of variables) {
    initialise(f, variable, slot);
    slot += wordsOf(variable.type);
  }
}

/** A fresh variable gets the value at a slot. */
export function initialise(f: FunctionCompiler, variable: Variable, slot: number): void {
  if (isBoxed(variable)) return f.newBox(variable, slot);
  const place = { kind: 'slot', slot: f.slotOf(variable) as number } as const;
  storePlace(f, place, slot, wordsOf(variable.type));
}

/** Evaluates the values into one row of temporaries. */
export function allValues(f: FunctionCompiler, values: readonly TypedExpression[]): number {
  if (values.length === 1) return value(f, values[0]);
  const words = values.reduce((sum, each) => sum + wordsOf(each.type), 0);
  const row = f.out.temporary(words);
  let dest = row;
  operandsInto(
    f,
    values.map((expression) => {
      const operand = { expression, dest };
      dest += wordsOf(expression.type);
      return operand;
    }),
  );
  return row;
}

export function assign(f: FunctionCompiler, { span, targets, values }: Assignment): void {
  const { out } = f;
  out.statement(span);
  if (targets.length === 1 && values.length === 1) return assignOne(f, targets[0], values[0]);
  let slot = 0;
  const late = values.some((each) => hasCall(f, each));
  if (late) {
    for (const target of targets) hoist(f, target);
    slot = allValues(f, values);
  }
  const places = targets.map((target) => (target ? pinned(f, placeOf(f, target)) : null));
  if (!late) slot = allValues(f, values);
  const tuple = values.length === 1 ? values[0].type : null;
  for (const [index, place] of places.entries()) {
    const type = tuple?.kind === 'tuple' ? tuple.elements[index] : values[index].type;
    const words = wordsOf(type);
    const mark = out.top;
    const target = targets[index];
    if (place && target) {
      out.span = target.span;
      storePlace(f, place, slot, words);
    }
    out.release(mark);
    slot += words;
  }
}

function assignOne(
  f: FunctionCompiler,
  target: TypedExpression | null,
  assigned: TypedExpression,
): void {
  const { out } = f;
  if (target === null) return effects(f, assigned);
  if (hasCall(f, assigned) && slotOfExpression(f, target) < 0) {
    hoist(f, target);
    const slot = value(f, assigned);
    const place = placeOf(f, target);
    out.span = target.span;
    return storePlace(f, place, slot, wordsOf(target.type));
  }
  const place = placeOf(f, target);
  if (place.kind === 'slot' && assigned.kind !== 'composite') {
    return into(f, assigned, place.slot);
  }
  const slot = value(f, assigned);
  out.span = target.span;
  storePlace(f, place, slot, wordsOf(target.type));
}

/** The place with its operands out of reach of the assignments that come before its own. */
function pinned(f: FunctionCompiler, place: Place): Place {
  if (place.kind === 'memory') return { ...place, pointer: copied(f, place.pointer, 1) };
  if (place.kind !== 'element') return place;
  const { object } = place;
  return {
    ...place,
    object: typeof object === 'number' ? copied(f, object, 2) : pinned(f, object),
    index: copied(f, place.index, 1),
  };
}

function copied(f: FunctionCompiler, slot: number, words: number): number {
  if (slot >= f.layout.firstTemporary || slot < op.FRAME_HEADER_WORDS) return slot;
  const copy = f.out.temporary(words);
  storePlace(f, { kind: 'slot', slot: copy }, slot, words);
  return copy;
}

export function update(f: FunctionCompiler, node: Update): void {
  const { out } = f;
  const { target, operator } = node;
  out.statement(node.span);
  if (hasCall(f, node.value)) {
    hoist(f, target);
    hoist(f, node.value);
  }
  const operands = placeOf(f, target);
  if (operands.kind === 'slot') {
    const { span, type } = target;
    const sum: TypedExpression = {
      kind: 'binary',
      type,
      span,
      operator,
      left: target,
      right: node.value,
    };
    return into(f, { ...sum, span: node.span }, operands.slot);
  }
  const step = constantStep(f, operator, target.type, node.value);
  const right = step === null ? value(f, node.value) : -1;
  out.span = node.span;
  const place = resolve(f, operands);
  const result = out.temporary(1);
  loadPlace(f, place, result, 1);
  if (step !== null) out.emit(op.OP_ADDI, result, result, step);
  else arithmetic(f, operator, target.type, result, result, right, node.value);
  storePlace(f, place, result, 1);
}
