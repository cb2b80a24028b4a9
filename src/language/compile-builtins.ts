/** Built-in functions. */
import { elementType, runtimeCall, systemCall } from './compile-calls.ts';
import type { FunctionCompiler } from './compile-function.ts';
import { into, value } from './compile-expressions.ts';
import { operandsInto } from './evaluation-order.ts';
import { anySliceInto, interfaceInto } from './compile-interfaces.ts';
import { isString } from './compile-operators.ts';
import { Label } from './emit.ts';
import * as op from './instructions.ts';
import { isLoad, loadPlace, move, placeOf, shift, slotOfExpression } from './places.ts';
import type { BuiltinCall, TypedExpression } from './typed.ts';
import { underlying, wordsOf } from './types.ts';

/** F[dest…] = the result, if the builtin has one. */
export function builtinInto(f: FunctionCompiler, expression: BuiltinCall, dest: number): void {
  const { out } = f;
  const values = expression.arguments;
  switch (expression.builtin) {
    case 'len':
    case 'cap':
      return lengthInto(f, values[0], expression.builtin, dest);
    case 'append':
    case 'append-string':
      return appendInto(f, expression, dest);
    case 'copy':
      return copyInto(f, values[0], values[1], dest);
    case 'clear':
      return clearSlice(f, values[0]);
    case 'min':
    case 'max':
      return extremeInto(f, expression, dest);
    case 'make-slice':
      return makeSliceInto(f, expression, dest);
    case 'make-channel':
      return makeChannelInto(f, expression, dest);
    case 'close': {
      const channel = value(f, values[0]);
      out.span = expression.span;
      runtimeCall(f, 'closechan', 1, 0, (slot) => move(f, slot, channel, 1));
      return;
    }
    case 'panic':
      runtimeCall(f, 'gopanic', 2, 0, (slot) => {
        interfaceInto(f, values[0], slot);
        out.span = expression.span;
      });
      out.reachable = false;
      return;
    case 'print':
    case 'println':
      return printValues(f, expression);
    case 'recover': {
      const slot = runtimeCall(f, 'gorecover', 1, 2, (frame) => {
        out.emit(op.OP_CALLERFRAME, frame);
      });
      return move(f, dest, slot, 2);
    }
    case 'fail': {
      const slice = out.temporary(3);
      anySliceInto(f, values, slice);
      out.span = expression.span;
      runtimeCall(f, 'fail', 3, 0, (slot) => move(f, slot, slice, 3));
      out.reachable = false;
    }
  }
}

function lengthInto(
  f: FunctionCompiler,
  object: TypedExpression,
  builtin: 'len' | 'cap',
  dest: number,
): void {
  const { out } = f;
  const type = underlying(object.type);
  const offset = builtin === 'len' ? 1 : 2;
  if (type.kind === 'slice') {
    const slot = slotOfExpression(f, object);
    if (slot < 0 && isLoad(object)) {
      return loadPlace(f, shift(placeOf(f, object), offset, false), dest, 1);
    }
    return move(f, dest, value(f, object) + offset, 1);
  }
  if (type.kind === 'channel') {
    const channel = value(f, object);
    const name = builtin === 'len' ? 'chanlen' : 'chancap';
    const slot = runtimeCall(f, name, 1, 1, (argument) => move(f, argument, channel, 1));
    return move(f, dest, slot, 1);
  }
  const array = type.kind === 'pointer' ? underlying(type.element) : type;
  if (array.kind === 'array') {
    value(f, object);
    return out.emit(op.OP_CONST, dest, array.length);
  }
  const base = systemCall(f, op.SYS_STRING_LENGTH, 1, (slot) => into(f, object, slot));
  move(f, dest, base, 1);
}

function appendInto(f: FunctionCompiler, expression: BuiltinCall, dest: number): void {
  const { out } = f;
  const [slice, added] = expression.arguments;
  const type = f.unit.types.id(elementType(slice.type));
  const base = systemCall(f, op.SYS_APPEND, 7, (slot) => {
    if (expression.builtin === 'append') {
      operandsInto(f, [
        { expression: slice, dest: slot },
        { expression: added, dest: slot + 3 },
      ]);
    } else {
      into(f, slice, slot);
      const bytes = systemCall(f, op.SYS_STRING_BYTES, 3, (text) => into(f, added, text));
      move(f, slot + 3, bytes, 3);
    }
    out.emit(op.OP_CONST, slot + 6, type);
  });
  move(f, dest, base, 3);
}

function copyInto(
  f: FunctionCompiler,
  target: TypedExpression,
  source: TypedExpression,
  dest: number,
): void {
  const { out } = f;
  const text = isString(source.type);
  const words = wordsOf(elementType(target.type));
  const base = systemCall(f, text ? op.SYS_COPY_STRING : op.SYS_COPY, text ? 4 : 7, (slot) => {
    operandsInto(f, [
      { expression: target, dest: slot },
      { expression: source, dest: slot + 3 },
    ]);
    if (!text) out.emit(op.OP_CONST, slot + 6, words);
  });
  move(f, dest, base, 1);
}

function clearSlice(f: FunctionCompiler, slice: TypedExpression): void {
  const { out } = f;
  const slot = value(f, slice);
  const words = wordsOf(elementType(slice.type));
  systemCall(f, op.SYS_MOVE, 3, (base) => {
    move(f, base, slot, 1);
    out.emit(op.OP_CONST, base + 1, words);
    out.emit(op.OP_MUL, base + 2, slot + 1, base + 1);
    out.emit(op.OP_CONST, base + 1, 0);
  });
}

function extremeInto(f: FunctionCompiler, expression: BuiltinCall, dest: number): void {
  const { out } = f;
  const values = expression.arguments;
  const text = isString(expression.type);
  const type = underlying(expression.type);
  const unsigned = type.kind === 'basic' && type.name === 'uint32';
  const slots = out.temporary(values.length);
  operandsInto(
    f,
    values.map((each, index) => ({ expression: each, dest: slots + index })),
  );
  const test = out.temporary(3);
  for (let i = 1; i < values.length; i++) {
    const [low, high] = expression.builtin === 'min' ? [slots, slots + i] : [slots + i, slots];
    const keep = new Label();
    if (text) {
      move(f, test, low, 1);
      move(f, test + 1, high, 1);
      out.emit(op.OP_SYS, op.SYS_COMPARE, test);
      out.emit(op.OP_CONST, test + 2, 0);
      out.jump(op.OP_JLE, keep, test, test + 2);
    } else if (unsigned) {
      out.emit(op.OP_LEU, test, low, high);
      out.jump(op.OP_JT, keep, test);
    } else out.jump(op.OP_JLE, keep, low, high);
    out.emit(op.OP_MOV, slots, slots + i);
    out.bind(keep);
  }
  move(f, dest, slots, 1);
}

function makeSliceInto(f: FunctionCompiler, expression: BuiltinCall, dest: number): void {
  const { out } = f;
  const [length, capacity] = expression.arguments;
  const type = f.unit.types.id(elementType(expression.type));
  const slice = out.temporary(3);
  if (capacity === undefined || capacity === length) {
    into(f, length, slice + 1);
    out.emit(op.OP_MOV, slice + 2, slice + 1);
  } else {
    operandsInto(f, [
      { expression: length, dest: slice + 1 },
      { expression: capacity, dest: slice + 2 },
    ]);
    if (length.kind !== 'constant' || capacity.kind !== 'constant') {
      const negative = new Label();
      const small = new Label();
      const good = new Label();
      const zero = out.temporary(1);
      out.emit(op.OP_CONST, zero, 0);
      out.jump(op.OP_JLT, negative, slice + 1, zero);
      out.jump(op.OP_JLT, small, slice + 2, slice + 1);
      out.jump(op.OP_JLE, good, slice + 1, slice + 2);
      out.bind(negative);
      out.emit(op.OP_TRAP, op.TRAP_MAKESLICE, slice + 1, slice + 2);
      out.bind(small);
      out.emit(op.OP_TRAP, op.TRAP_MAKESLICE_CAPACITY, slice + 1, slice + 2);
      out.bind(good);
    }
  }
  out.span = expression.span;
  out.emit(op.OP_ALLOCN, slice, type, slice + 2);
  move(f, dest, slice, 3);
}

function makeChannelInto(f: FunctionCompiler, expression: BuiltinCall, dest: number): void {
  const { out } = f;
  const element = elementType(expression.type);
  const size = expression.arguments[0];
  const slot = runtimeCall(f, 'makechan', 3, 1, (base) => {
    out.emit(op.OP_CONST, base, f.unit.types.id(element));
    out.emit(op.OP_CONST, base + 1, wordsOf(element));
    if (size) into(f, size, base + 2);
    else out.emit(op.OP_CONST, base + 2, 0);
    out.span = expression.span;
  });
  move(f, dest, slot, 1);
}

/** print and println write to standard error; println puts spaces between and a line's end. */
function printValues(f: FunctionCompiler, expression: BuiltinCall): void {
  const { out } = f;
  const values = expression.arguments;
  const text = out.temporary(1);
  const mark = out.top;
  if (expression.builtin === 'println') {
    const base = systemCall(f, op.SYS_SPRINTLN, 3, (slot) => anySliceInto(f, values, slot));
    move(f, text, base, 1);
  } else {
    out.emit(op.OP_CONST, text, 0);
    for (const each of values) {
      const part = systemCall(f, op.SYS_SPRINT, 3, (slot) => anySliceInto(f, [each], slot));
      const joined = systemCall(f, op.SYS_CONCAT, 2, (slot) => {
        move(f, slot, text, 1);
        move(f, slot + 1, part, 1);
      });
      move(f, text, joined, 1);
      out.release(mark);
    }
  }
  out.release(mark);
  out.span = expression.span;
  runtimeCall(f, 'printstring', 1, 0, (slot) => move(f, slot, text, 1));
}
