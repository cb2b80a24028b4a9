/** Values of several parts: fresh objects, literals, slices of slices. */
import { into, value, zeroInto } from './compile-expressions.ts';
import { hasCall, hoist } from './evaluation-order.ts';
import type { FunctionCompiler } from './compile-function.ts';
import * as op from './instructions.ts';
import { addressOfPlace, move, placeOf, resolve, storePlace } from './places.ts';
import type { SimplePlace } from './places.ts';
import type { CompositeValue, SliceOf, TypedExpression } from './typed.ts';
import type { Type } from './types.ts';
import { underlying, wordsOf } from './types.ts';

/** A fresh object with its value: nobody else can see it yet, so its stores are local. */
export function newInto(
  f: FunctionCompiler,
  type: Type,
  initial: TypedExpression | null,
  dest: number,
): void {
  const { out } = f;
  const id = f.unit.types.id(type);
  if (initial === null) return out.emit(op.OP_ALLOC, dest, id);
  // A variable may be read by the value before it is assigned; a temporary is not.
  const pointer = dest >= f.layout.firstTemporary ? dest : out.temporary(1);
  const place: SimplePlace = { kind: 'memory', pointer, offset: 0, local: true };
  const literal = initial.kind === 'composite' && underlying(initial.type).kind !== 'slice';
  if (literal) {
    out.emit(op.OP_ALLOC, pointer, id);
    compositeInto(f, initial as CompositeValue, place, true);
  } else {
    const slot = value(f, initial);
    out.emit(op.OP_ALLOC, pointer, id);
    storePlace(f, place, slot, wordsOf(type));
  }
  move(f, dest, pointer, 1);
}

/** A literal, element by element, into a place (`isZero`: known to be zeros). */
export function compositeInto(
  f: FunctionCompiler,
  expression: CompositeValue,
  place: SimplePlace,
  isZero: boolean,
): void {
  const type = underlying(expression.type);
  if (type.kind === 'slice') return sliceLiteralInto(f, expression, type.element, place);
  const words = wordsOf(type);
  let cleared = isZero;
  if (!cleared && place.kind === 'slot' && !coversAll(expression)) {
    zeroInto(f, place.slot, words);
    cleared = true;
  }
  const elementWords = type.kind === 'array' ? wordsOf(type.element) : 0;
  const parts = expression.elements.map(({ index, value: part }) => {
    const offset = type.kind === 'struct' ? type.fields[index].offset : index * elementWords;
    return { part, offset };
  });
  const calls = parts.length > 1 && parts.some(({ part }) => hasCall(f, part));
  if (calls) for (const { part } of parts) hoist(f, part);
  for (const { part, offset } of parts) partInto(f, part, moved(place, offset), cleared);
}

function partInto(
  f: FunctionCompiler,
  part: TypedExpression,
  place: SimplePlace,
  isZero: boolean,
): void {
  const { out } = f;
  if (isZero && (part.kind === 'zero' || part.kind === 'nil')) return;
  const mark = out.top;
  if (part.kind === 'composite') compositeInto(f, part, place, isZero);
  else if (place.kind === 'slot') into(f, part, place.slot);
  else storePlace(f, place, value(f, part), wordsOf(part.type));
  out.release(mark);
}

function moved(place: SimplePlace, offset: number): SimplePlace {
  if (place.kind === 'slot') return { kind: 'slot', slot: place.slot + offset };
  if (place.kind === 'global') return { ...place, address: place.address + offset };
  return { ...place, offset: place.offset + offset };
}

function coversAll(expression: CompositeValue): boolean {
  const type = underlying(expression.type);
  const count = type.kind === 'struct' ? type.fields.length : expression.length;
  return expression.elements.length === count;
}

function sliceLiteralInto(
  f: FunctionCompiler,
  expression: CompositeValue,
  element: Type,
  place: SimplePlace,
): void {
  const { out } = f;
  const slice = out.temporary(3);
  out.emit(op.OP_CONST, slice + 1, expression.length);
  out.emit(op.OP_CONST, slice + 2, expression.length);
  out.emit(op.OP_ALLOCN, slice, f.unit.types.id(element), slice + 1);
  const words = wordsOf(element);
  const calls = expression.elements.length > 1;
  if (calls) for (const part of expression.elements) hoist(f, part.value);
  for (const part of expression.elements) {
    const offset = part.index * words;
    partInto(f, part.value, { kind: 'memory', pointer: slice, offset, local: true }, true);
  }
  storePlace(f, place, slice, 3);
}

/** `x[low:high:max]`: F[dest…dest+3) is the slice, or F[dest] the string. */
export function sliceInto(f: FunctionCompiler, expression: SliceOf, dest: number): void {
  const { out } = f;
  const { object, low, high, max } = expression;
  const type = underlying(object.type);
  if (type.kind === 'basic') {
    const base = out.temporary(3);
    into(f, object, base);
    limitInto(f, low, base + 1, 0);
    limitInto(f, high, base + 2, op.NO_BOUND);
    out.emit(op.OP_SYS, op.SYS_SUBSTRING, base);
    return move(f, dest, base, 1);
  }
  const base = out.temporary(8);
  let element: Type;
  const isArray = type.kind === 'array' ? 4 : 0;
  if (type.kind === 'array') {
    element = type.element;
    const mark = out.top;
    addressOfPlace(f, resolve(f, placeOf(f, object)), base);
    out.release(mark);
    out.emit(op.OP_CONST, base + 1, type.length);
    out.emit(op.OP_CONST, base + 2, type.length);
  } else {
    element = type.kind === 'slice' ? type.element : type;
    into(f, object, base);
  }
  limitInto(f, low, base + 3, 0);
  limitInto(f, high, base + 4, 0);
  limitInto(f, max, base + 5, 0);
  out.emit(op.OP_CONST, base + 6, wordsOf(element));
  out.emit(op.OP_CONST, base + 7, (high ? 1 : 0) | (max ? 2 : 0) | isArray);
  out.emit(op.OP_SYS, op.SYS_SLICE, base);
  move(f, dest, base, 3);
}

function limitInto(
  f: FunctionCompiler,
  limit: TypedExpression | null,
  dest: number,
  absent: number,
): void {
  if (limit) into(f, limit, dest);
  else f.out.emit(op.OP_CONST, dest, absent);
}
