/**
 * Places: where a value is read or written. A place is made in two steps, as Go assigns in two
 * phases: `placeOf` evaluates its operands, `resolve` checks bounds and computes the address.
 */
import type { FunctionCompiler } from './compile-function.ts';
import { value } from './compile-expressions.ts';
import { MAX_WIDE_WORDS, wide } from './emit.ts';
import * as op from './instructions.ts';
import type { ElementAccess, TypedExpression, Variable } from './typed.ts';
import { isBoxed } from './typed.ts';
import { underlying, wordsOf } from './types.ts';

export type SimplePlace =
  | { readonly kind: 'slot'; readonly slot: number }
  | { readonly kind: 'global'; readonly address: number; readonly local: boolean }
  /** At M[F[pointer] + offset]. */
  | {
      readonly kind: 'memory';
      readonly pointer: number;
      readonly offset: number;
      readonly local: boolean;
    };

/** An element whose index is not checked yet, and `offset` words into it. */
export interface ElementPlace {
  readonly kind: 'element';
  /** A place of an array, or the slot of a slice's address and length. */
  readonly object: Place | number;
  /** Of an array. */
  readonly length: number;
  readonly index: number;
  /** The index when it is constant, else -1. */
  readonly constant: number;
  readonly words: number;
  readonly offset: number;
  readonly local: boolean;
}

export type Place = SimplePlace | ElementPlace;

/** The slot that holds the value of an expression as it stands: a variable of the frame or a part
 *  of one. -1 when it must be computed or loaded. */
export function slotOfExpression(f: FunctionCompiler, expression: TypedExpression): number {
  switch (expression.kind) {
    case 'variable': {
      if (isBoxed(expression.variable)) return -1;
      return f.slotOf(expression.variable) ?? -1;
    }
    case 'field': {
      const slot = slotOfExpression(f, expression.object);
      return slot < 0 ? -1 : slot + expression.offset;
    }
    case 'element': {
      const { index, object } = expression;
      const type = underlying(object.type);
      if (type.kind !== 'array' || index.kind !== 'constant') return -1;
      const slot = slotOfExpression(f, object);
      if (slot < 0 || Number(index.value) >= type.length) return -1;
      return slot + Number(index.value) * wordsOf(type.element);
    }
    case 'conversion':
      if (expression.conversion !== 'same-words') return -1;
      return slotOfExpression(f, expression.operand);
    default:
      return -1;
  }
}

/** Evaluates the operands of a place. A value that is nowhere yet goes into temporaries. */
export function placeOf(f: FunctionCompiler, expression: TypedExpression): Place {
  f.out.span = expression.span;
  switch (expression.kind) {
    case 'variable':
      return variablePlace(f, expression.variable);
    case 'field':
      return shift(placeOf(f, expression.object), expression.offset, expression.local);
    case 'element':
      return elementPlace(f, expression);
    case 'dereference': {
      const pointer = value(f, expression.pointer);
      return { kind: 'memory', pointer, offset: 0, local: false };
    }
    default:
      return { kind: 'slot', slot: value(f, expression) };
  }
}

export function variablePlace(f: FunctionCompiler, variable: Variable): SimplePlace {
  if (variable.kind === 'global') {
    return { kind: 'global', address: f.unit.globalAddress(variable), local: variable.local };
  }
  const slot = f.slotOf(variable);
  if (!isBoxed(variable)) {
    if (slot !== undefined) return { kind: 'slot', slot };
    const offset = f.captureOffset(variable);
    return { kind: 'memory', pointer: op.FRAME_CLOSURE, offset, local: true };
  }
  const local = f.unit.analysis.staysInGoroutine(variable);
  if (slot !== undefined) return { kind: 'memory', pointer: slot, offset: 0, local };
  const offset = f.captureOffset(variable);
  const pointer = f.out.temporary(1);
  f.out.emit(op.OP_LOAD, pointer, op.FRAME_CLOSURE, offset);
  return { kind: 'memory', pointer, offset: 0, local };
}

function elementPlace(f: FunctionCompiler, expression: ElementAccess): Place {
  const { object, index } = expression;
  const type = underlying(object.type);
  const words = wordsOf(expression.type);
  const constant = index.kind === 'constant' ? Number(index.value) : -1;
  if (type.kind === 'array') {
    const array = placeOf(f, object);
    if (constant >= 0 && constant < type.length) return shift(array, constant * words, false);
    const local = array.kind === 'slot' || array.local;
    const position = value(f, index);
    const { length } = type;
    return {
      kind: 'element',
      object: array,
      length,
      index: position,
      constant,
      words,
      offset: 0,
      local,
    };
  }
  if (type.kind !== 'slice') return { kind: 'slot', slot: value(f, expression) };
  const slice = sliceWords(f, object);
  const position = value(f, index);
  const local = isTaggedLocal(object);
  return {
    kind: 'element',
    object: slice,
    length: 0,
    index: position,
    constant,
    words,
    offset: 0,
    local,
  };
}

/** The slot of a slice's address and length. */
function sliceWords(f: FunctionCompiler, object: TypedExpression): number {
  const slot = slotOfExpression(f, object);
  if (slot >= 0 || !isLoad(object)) return slot >= 0 ? slot : value(f, object);
  const words = f.out.temporary(2);
  const mark = f.out.top;
  loadPlace(f, placeOf(f, object), words, 2);
  f.out.release(mark);
  return words;
}

/** Whether the expression is read from memory, word by word as wanted. */
export function isLoad(expression: TypedExpression): boolean {
  switch (expression.kind) {
    case 'variable':
    case 'dereference':
      return true;
    case 'field':
      return isLoad(expression.object);
    case 'element':
      return underlying(expression.object.type).kind !== 'basic';
    default:
      return false;
  }
}

/** The elements of a slice belong to whom the variable or field belongs to that holds it. */
function isTaggedLocal(object: TypedExpression): boolean {
  if (object.kind === 'field') return object.local;
  if (object.kind === 'variable') return object.variable.kind === 'global' && object.variable.local;
  return false;
}

/** The place `offset` words further. */
export function shift(place: Place, offset: number, local: boolean): Place {
  switch (place.kind) {
    case 'slot':
      return { kind: 'slot', slot: place.slot + offset };
    case 'global':
      return { kind: 'global', address: place.address + offset, local: place.local || local };
    default:
      return { ...place, offset: place.offset + offset, local: place.local || local };
  }
}

/** Checks bounds and computes the address of an element (in `scratch`, if it is a temporary); other
 *  places are as they are. */
export function resolve(f: FunctionCompiler, place: Place, scratch = -1): SimplePlace {
  if (place.kind !== 'element') return place;
  const { out } = f;
  const { object, index, constant, words } = place;
  if (typeof object === 'number') {
    out.emit(op.OP_BOUNDS, index, object + 1);
    if (constant >= 0) {
      const offset = constant * words + place.offset;
      return { kind: 'memory', pointer: object, offset, local: place.local };
    }
    const pointer = isTemporary(f, scratch) ? scratch : out.temporary(1);
    out.emit(op.OP_MOV, pointer, object);
    out.emit(op.OP_ELEMENT, pointer, index, words);
    return { kind: 'memory', pointer, offset: place.offset, local: place.local };
  }
  const pointer = isTemporary(f, scratch) ? scratch : out.temporary(1);
  addressOfPlace(f, object, pointer);
  const mark = out.top;
  const length = out.temporary(1);
  out.emit(op.OP_CONST, length, place.length);
  out.emit(op.OP_BOUNDS, index, length);
  out.release(mark);
  out.emit(op.OP_ELEMENT, pointer, index, words);
  return { kind: 'memory', pointer, offset: place.offset, local: place.local };
}

/** F[dest] = address of the place; nil pointers trap. */
export function addressOfPlace(f: FunctionCompiler, place: Place, dest: number): void {
  const { out } = f;
  const simple = resolve(f, place, dest);
  if (simple.kind === 'slot') out.emit(op.OP_LEA, dest, simple.slot);
  else if (simple.kind === 'global') out.emit(op.OP_CONST, dest, simple.address);
  else if (place.kind !== 'element' || simple.offset > 0 || simple.pointer !== dest) {
    out.emit(op.OP_FIELD, dest, simple.pointer, simple.offset);
  }
}

function isTemporary(f: FunctionCompiler, slot: number): boolean {
  return slot >= f.layout.firstTemporary;
}

/** F[dest…] = the `words` words at the place. */
export function loadPlace(f: FunctionCompiler, place: Place, dest: number, words: number): void {
  const { out } = f;
  const simple = resolve(f, place);
  if (simple.kind === 'slot') {
    move(f, dest, simple.slot, words);
  } else if (simple.kind === 'global') {
    const local = simple.local || f.plainLocal;
    if (words === 1) out.emit(local ? op.OP_GLOAD : op.OP_VGLOAD, dest, simple.address);
    else if (words > 1) loadWords(f, globalPointer(f, simple.address), 0, local, dest, words);
  } else {
    loadWords(f, simple.pointer, simple.offset, simple.local || f.plainLocal, dest, words);
  }
}

function loadWords(
  f: FunctionCompiler,
  pointer: number,
  offset: number,
  local: boolean,
  dest: number,
  words: number,
): void {
  const { out } = f;
  if (words === 0) checkNil(f, pointer);
  else if (words === 1) out.emit(local ? op.OP_LOAD : op.OP_VLOAD, dest, pointer, offset);
  else {
    for (let done = 0; done < words; done += MAX_WIDE_WORDS) {
      const [base, rest] = reach(f, pointer, offset + done);
      const count = wide(rest, Math.min(words - done, MAX_WIDE_WORDS));
      out.emit(local ? op.OP_LOADN : op.OP_VLOADN, dest + done, base, count);
    }
  }
}

/** The `words` words at the place = F[source…]. */
export function storePlace(f: FunctionCompiler, place: Place, source: number, words: number): void {
  const { out } = f;
  const simple = resolve(f, place);
  if (simple.kind === 'slot') {
    move(f, simple.slot, source, words);
    return;
  }
  const local = simple.local || f.plainLocal;
  if (simple.kind === 'global') {
    if (words === 1) out.emit(local ? op.OP_GSTORE : op.OP_VGSTORE, simple.address, source);
    else if (words > 1) storeWords(f, globalPointer(f, simple.address), 0, local, source, words);
  } else {
    storeWords(f, simple.pointer, simple.offset, local, source, words);
  }
}

function storeWords(
  f: FunctionCompiler,
  pointer: number,
  offset: number,
  local: boolean,
  source: number,
  words: number,
): void {
  const { out } = f;
  if (words === 0) checkNil(f, pointer);
  else if (words === 1) out.emit(local ? op.OP_STORE : op.OP_VSTORE, pointer, offset, source);
  else {
    for (let done = 0; done < words; done += MAX_WIDE_WORDS) {
      const [base, rest] = reach(f, pointer, offset + done);
      const count = wide(rest, Math.min(words - done, MAX_WIDE_WORDS));
      out.emit(local ? op.OP_STOREN : op.OP_VSTOREN, base, count, source + done);
    }
  }
}

function globalPointer(f: FunctionCompiler, address: number): number {
  const pointer = f.out.temporary(1);
  f.out.emit(op.OP_CONST, pointer, address);
  return pointer;
}

/** A pointer and an offset that fits a wide operand. */
function reach(f: FunctionCompiler, pointer: number, offset: number): [number, number] {
  if (offset <= 0xffff) return [pointer, offset];
  const nearer = f.out.temporary(1);
  f.out.emit(op.OP_FIELD, nearer, pointer, offset);
  return [nearer, 0];
}

function checkNil(f: FunctionCompiler, pointer: number): void {
  f.out.emit(op.OP_FIELD, f.out.temporary(1), pointer, 0);
}

/** F[dest…] = F[source…]. */
export function move(f: FunctionCompiler, dest: number, source: number, words: number): void {
  if (dest === source || words === 0) return;
  if (words === 1) f.out.emit(op.OP_MOV, dest, source);
  else f.out.emit(op.OP_MOVN, dest, source, words);
}
