/** SYS: what the machine computes for the language at once, mostly on strings and slices. */
import { HEAP_TOP, NIL_LIMIT, OBJECT_ARRAY_BIT, OBJECT_RAW, TIME } from '../language/image.ts';
import { SYSTEM_CALLS } from '../language/instruction-table.ts';
import * as ops from '../language/instructions.ts';
import { grownCapacity, roundedCapacity } from './append.ts';
import { raise } from './frames.ts';
import type { Core } from './core.ts';
import { internal } from './core.ts';
import { compareStrings, missingMethod } from './equality.ts';
import { sprintf } from './format-directives.ts';
import { newPrinting } from './format-methods.ts';
import type { Value } from './format-names.ts';
import { panicText, pointerName, typeName, unwrap } from './format-names.ts';
import { sprint, sprintln } from './format.ts';
import {
  allocate,
  allocateArray,
  free,
  isFreed,
  makeString,
  POISON,
  stringBytes,
  stringLength,
  stringText,
} from './heap.ts';
import { copyWords } from './words.ts';
import { tellCopy, tellRace } from './race-events.ts';
import { isReachable, pointerIn, reachesFrom } from './reachability.ts';
import { libraryCall } from './system-library.ts';
import { stackText } from './traceback.ts';
import { decodeRune, encode, pushRune } from './utf8.ts';

/** Executes system call `number` with its arguments and results at `base`. False: it trapped. */
export function systemCall(core: Core, number: number, base: number): boolean {
  const results = call(core, number, base);
  if (results === null) return false;
  const words = Math.max(results.length, SYSTEM_CALLS[number].argumentWords);
  for (let i = 0; i < words; i++) core.write(base + i, results[i] ?? 0);
  return true;
}

/** The result words; null after a trap. */
function call(core: Core, number: number, base: number): readonly number[] | null {
  if (number <= ops.SYS_RUNE_STRING) return stringCall(core, number, base);
  if (number <= ops.SYS_SLICE) return sliceCall(core, number, base);
  if (number >= ops.SYS_FORMAT) return libraryCall(core, number, base);
  return otherCall(core, number, base);
}

/** Raises the trap; the null that says so. */
export function trapped(core: Core, trap: number, x: number, y: number): null {
  raise(core, trap, x, y);
  return null;
}

function stringCall(core: Core, number: number, base: number): readonly number[] | null {
  const [x, y, z] = [core.at(base), core.at(base + 1), core.at(base + 2)];
  switch (number) {
    case ops.SYS_CONCAT: {
      if (x === 0 || y === 0) return [x === 0 ? y : x];
      const left = stringBytes(core, x);
      const right = stringBytes(core, y);
      const joined = new Uint8Array(left.length + right.length);
      joined.set(left);
      joined.set(right, left.length);
      return [makeString(core, joined)];
    }
    case ops.SYS_COMPARE:
      return [compareStrings(core, x, y)];
    case ops.SYS_SUBSTRING: {
      const length = stringLength(core, x);
      const high = z === ops.NO_BOUND ? length : z;
      if (high < 0 || high > length) return trapped(core, ops.TRAP_SLICE_LENGTH, high, length);
      if (y < 0 || y > high) return trapped(core, ops.TRAP_SLICE_ORDER, y, high);
      if (y === 0 && high === length) return [x];
      return [makeString(core, stringBytes(core, x).subarray(y, high))];
    }
    case ops.SYS_STRING_LENGTH:
      return [stringLength(core, x)];
    case ops.SYS_STRING_INDEX: {
      const length = stringLength(core, x);
      if (y < 0 || y >= length) return trapped(core, ops.TRAP_INDEX, y, length);
      return [stringByte(core, x, y)];
    }
    case ops.SYS_STRING_RUNE: {
      const bytes = stringBytes(core, x);
      if (y < 0 || y >= bytes.length) return trapped(core, ops.TRAP_INDEX, y, bytes.length);
      const { rune, width } = decodeRune(bytes, y);
      return [rune, width];
    }
    default: {
      const bytes: number[] = [];
      pushRune(bytes, x);
      return [makeString(core, bytes)];
    }
  }
}

function stringByte(core: Core, value: number, index: number): number {
  if (value < 0) return core.tables.constantBytes[-value - 1][index];
  return (core.at(value + 1 + (index >> 2)) >>> ((index & 3) << 3)) & 0xff;
}

// ------------------------------------------------------------------------------ slices

function sliceCall(core: Core, number: number, base: number): readonly number[] | null {
  switch (number) {
    case ops.SYS_STRING_BYTES:
      return newSlice(core, core.tables.byteType, stringBytes(core, core.at(base)));
    case ops.SYS_STRING_RUNES:
      return newSlice(core, core.tables.runeType, runesOf(stringBytes(core, core.at(base))));
    case ops.SYS_BYTES_STRING:
      return [
        makeString(
          core,
          words(core, base).map((word) => word & 0xff),
        ),
      ];
    case ops.SYS_RUNES_STRING: {
      const bytes: number[] = [];
      for (const rune of words(core, base)) pushRune(bytes, rune);
      return [makeString(core, bytes)];
    }
    case ops.SYS_APPEND:
      return append(core, base);
    case ops.SYS_COPY: {
      const count = Math.min(core.at(base + 1), core.at(base + 4));
      const elementWords = core.at(base + 6);
      return move(core, core.at(base), core.at(base + 3), count * elementWords) ? [count] : null;
    }
    case ops.SYS_COPY_STRING: {
      const bytes = stringBytes(core, core.at(base + 3));
      const count = Math.min(core.at(base + 1), bytes.length);
      for (let i = 0; i < count; i++) core.write(core.at(base) + i, bytes[i]);
      return [count];
    }
    case ops.SYS_MOVE: {
      const [to, from, count] = [core.at(base), core.at(base + 1), core.at(base + 2)];
      return move(core, to, from, count) ? [] : null;
    }
    default:
      return slice(core, base);
  }
}

function words(core: Core, base: number): number[] {
  const [start, length] = [core.at(base), core.at(base + 1)];
  return Array.from({ length: Math.max(0, Math.min(length, core.memory.length)) }, (_, i) =>
    core.at(start + i),
  );
}

function runesOf(bytes: Uint8Array): number[] {
  const runes: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const { rune, width } = decodeRune(bytes, at);
    runes.push(rune);
    at += width;
  }
  return runes;
}

function newSlice(core: Core, type: number, values: ArrayLike<number>): readonly number[] {
  const { length } = values;
  const elementBytes = core.image.types[type]?.goBytes ?? 1;
  const capacity = roundedCapacity(length, elementBytes, true);
  const address = allocateArray(core, type, capacity);
  for (let i = 0; i < length; i++) core.write(address + i, values[i]);
  return [address, length, capacity];
}

function append(core: Core, base: number): readonly number[] | null {
  const { image } = core;
  const [start, length, capacity] = [core.at(base), core.at(base + 1), core.at(base + 2)];
  const [added, addedLength] = [core.at(base + 3), core.at(base + 4)];
  const id = core.at(base + 6);
  const size = image.types[id]?.words ?? 1;
  const total = length + addedLength;
  let [address, room] = [start, capacity];
  if (total > capacity) {
    room = grownCapacity(image, id, total, capacity);
    address = allocate(core, id | OBJECT_ARRAY_BIT, room * size);
    if (!move(core, address, start, length * size)) return null;
  }
  if (!move(core, address + length * size, added, addedLength * size)) return null;
  return [address, total, room];
}

/** Copies words between objects; `from` nil gives zeros. False: nil or freed memory was touched. */
function move(core: Core, to: number, from: number, count: number): boolean {
  if (count <= 0) return true;
  if (to < NIL_LIMIT) {
    raise(core, ops.TRAP_NIL, 0, 0);
    return false;
  }
  for (const address of from === 0 ? [to] : [to, from]) {
    if (core.checking) core.requireAddress(address, count);
    if (core.at(address) !== POISON || !isFreed(core, address)) continue;
    raise(core, ops.TRAP_FREED, address, 0);
    return false;
  }
  tellCopy(core, to, from, count);
  if (from === 0) for (let i = 0; i < count; i++) core.write(to + i, 0);
  else copyWords(core, to, from, count);
  return true;
}

function slice(core: Core, base: number): readonly number[] | null {
  const [start, length, capacity] = [core.at(base), core.at(base + 1), core.at(base + 2)];
  const low = core.at(base + 3);
  const size = core.at(base + 6);
  const flags = core.at(base + 7);
  const [hasMax, isArray] = [(flags & 2) !== 0, (flags & 4) !== 0];
  const max = hasMax ? core.at(base + 5) : capacity;
  const high = (flags & 1) !== 0 ? core.at(base + 4) : length;
  if (max < 0 || max > capacity) {
    return trapped(core, isArray ? ops.TRAP_SLICE3_LENGTH : ops.TRAP_SLICE3, max, capacity);
  }
  if (high < 0 || high > max) {
    const trap = isArray ? ops.TRAP_SLICE_LENGTH : ops.TRAP_SLICE;
    return trapped(core, hasMax ? ops.TRAP_SLICE3_HIGH : trap, high, max);
  }
  if (low < 0 || low > high) {
    return trapped(core, hasMax ? ops.TRAP_SLICE3_LOW : ops.TRAP_SLICE_ORDER, low, high);
  }
  // A slice of no capacity does not point behind its array.
  const address = max === low ? start : start + low * size;
  return [address, high - low, max - low];
}

// ------------------------------------------------------------------------------ the rest

/** The `any` values of a slice at `base`. */
export function anyValues(core: Core, base: number): Value[] {
  const [start, length] = [core.at(base), core.at(base + 1)];
  return Array.from({ length }, (_, i) => unwrap(core, start + 2 * i));
}

function otherCall(core: Core, number: number, base: number): readonly number[] | null {
  const { image } = core;
  const x = core.at(base);
  const text = (result: string) => [makeString(core, encode(result))];
  switch (number) {
    case ops.SYS_SPRINT:
      return text(sprint(newPrinting(core, null, false), anyValues(core, base)));
    case ops.SYS_SPRINTLN:
      return text(sprintln(newPrinting(core, null, false), anyValues(core, base)));
    case ops.SYS_SPRINTF:
      return text(
        sprintf(newPrinting(core, null, false), stringText(core, x), anyValues(core, base + 1)),
      );
    case ops.SYS_PANIC_TEXT:
      return text(panicText(core, unwrap(core, base), core.at(base + 2) !== 0));
    case ops.SYS_TYPE_NAME:
      return text(typeName(core, x));
    case ops.SYS_TYPE_ID:
      return [x];
    case ops.SYS_ITOA:
      return text(String(x));
    case ops.SYS_UTOA:
      return text(String(x >>> 0));
    case ops.SYS_TIME:
      return [core.at(TIME)];
    case ops.SYS_FREE:
      if (x < NIL_LIMIT) return trapped(core, ops.TRAP_NIL, 0, 0);
      return free(core, x) ? [] : trapped(core, ops.TRAP_FREED, x, 0);
    case ops.SYS_HEAP:
      if (x < 0 || x > core.memory.length - core.at(HEAP_TOP)) {
        return trapped(core, ops.TRAP_MAKESLICE, 0, 0);
      }
      return [allocate(core, OBJECT_RAW, x)];
    case ops.SYS_FORMAT_POINTER:
      return text(pointerName(core, x));
    case ops.SYS_OPTION:
      return [image.options[stringText(core, x)] ?? 0];
    case ops.SYS_STACK_TEXT:
      return text(stackText(core, x));
    case ops.SYS_MISSING_METHOD:
      return text(missingMethod(image, x, core.at(base + 1)) ?? '');
    case ops.SYS_REACHABLE:
      core.forgetEffect();
      return [isReachable(core, x) ? 1 : 0];
    case ops.SYS_POINTER_IN:
      return [pointerIn(core, x, core.at(base + 1))];
    case ops.SYS_REACHES_FROM:
      core.forgetEffect();
      return [reachesFrom(core, x, core.at(base + 2)) ? 1 : 0];
    case ops.SYS_RACE:
      tellRace(core, base);
      return [];
    default:
      throw internal(`there is no system call ${number}`);
  }
}
