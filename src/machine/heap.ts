/**
 * The heap. Each context allocates in a region of its own, small objects in chunks of that, and the
 * regions of the contexts it makes lie inside it: so addresses do not depend on how other contexts
 * interleave with it, and schedules that differ in order alone lead to equal states. (When a region
 * is full, more is taken from the common end of the heap.) Nothing is ever moved or collected.
 */
import {
  CONTEXT_ARENA,
  CONTEXT_ARENA_END,
  CONTEXT_CHILD_WORDS,
  CONTEXT_REGION,
  CONTEXT_REGION_END,
  HEAP_TOP,
  NIL_LIMIT,
  OBJECT_ARENA,
  OBJECT_ARRAY_BIT,
  OBJECT_FREED_BIT,
  OBJECT_HEADER_WORDS,
  OBJECT_STRING,
  OBJECT_TYPE,
  OBJECT_WORDS,
} from '../language/image.ts';
import type { Core } from './core.ts';
import { Ending } from './core.ts';
import { decode, encode } from './utf8.ts';

/** A chunk for small objects; larger ones lie outside chunks. */
const ARENA_WORDS = 512;
export const FIRST_ARENA_WORDS = 128;
const SMALL_WORDS = 96;

/** Fills freed objects. Whoever reads it, or writes over it, is checked for use after free. */
export const POISON = 0x7eedf00d;

/** What a context takes at once when its region is full. */
const EXTENSION_WORDS = 4096;

/** An object at the end of the heap: address of its first word. */
export function allocateBlock(
  core: Core,
  type: number,
  words: number,
  limit = core.memoryLimit,
): number {
  const address = core.at(HEAP_TOP) + OBJECT_HEADER_WORDS;
  if (!(words >= 0 && address + words <= limit)) throw memoryExhausted(core);
  core.write(HEAP_TOP, address + words);
  core.write(address + OBJECT_TYPE, type);
  core.write(address + OBJECT_WORDS, words);
  return address;
}

/** An object in a context's region. */
export function allocateIn(core: Core, context: number, type: number, words: number): number {
  const size = words + OBJECT_HEADER_WORDS;
  let next = core.at(context + CONTEXT_REGION);
  if (next + size > core.at(context + CONTEXT_REGION_END)) {
    if (words < 0 || size > EXTENSION_WORDS >> 1) return allocateBlock(core, type, words);
    next = allocateBlock(core, OBJECT_ARENA, EXTENSION_WORDS);
    core.write(context + CONTEXT_REGION_END, next + EXTENSION_WORDS);
    core.write(context + CONTEXT_CHILD_WORDS, 0);
  }
  core.write(context + CONTEXT_REGION, next + size);
  const address = next + OBJECT_HEADER_WORDS;
  core.write(address + OBJECT_TYPE, type);
  core.write(address + OBJECT_WORDS, words);
  return address;
}

/** An object of the current context. All its words are zero. */
export function allocate(core: Core, type: number, words: number): number {
  const size = Math.max(words, 1) + OBJECT_HEADER_WORDS;
  const { context } = core;
  if (size > SMALL_WORDS) return allocateIn(core, context, type, words);
  let next = core.at(context + CONTEXT_ARENA);
  if (next + size > core.at(context + CONTEXT_ARENA_END)) {
    addArena(core, context, ARENA_WORDS);
    next = core.at(context + CONTEXT_ARENA);
  }
  core.write(context + CONTEXT_ARENA, next + size);
  const address = next + OBJECT_HEADER_WORDS;
  core.write(address + OBJECT_TYPE, type);
  core.write(address + OBJECT_WORDS, size - OBJECT_HEADER_WORDS);
  return address;
}

/** Gives a context a chunk to allocate from. */
export function addArena(core: Core, context: number, words: number): void {
  const arena = allocateIn(core, context, OBJECT_ARENA, words);
  core.write(context + CONTEXT_ARENA, arena);
  core.write(context + CONTEXT_ARENA_END, arena + words);
}

function memoryExhausted(core: Core): Ending {
  return new Ending(
    'limit',
    `memory: the run needs more than ${core.memoryLimit} words. Usually a loop allocates for ever; ` +
      'if the scenario is meant to be large, set memoryWords on its runtime line',
  );
}

/** First word of the innermost object that holds the address; 0 if none does. */
export function objectOf(core: Core, address: number): number {
  core.forgetEffect();
  let at = core.image.globalsEnd;
  let end = core.at(HEAP_TOP);
  if (address < at || address >= end) return 0;
  while (at < end) {
    const object = at + OBJECT_HEADER_WORDS;
    const next = object + core.at(object + OBJECT_WORDS);
    if (next < object || (next === object && core.at(object + OBJECT_TYPE) === 0)) return 0;
    if (address < next) {
      if (core.at(object + OBJECT_TYPE) !== OBJECT_ARENA) return address >= object ? object : 0;
      end = next;
      at = object;
    } else {
      at = next;
    }
  }
  return 0;
}

/** Whether the word lies in a freed object. Asked only when POISON is seen. */
export function isFreed(core: Core, address: number): boolean {
  const object = objectOf(core, address);
  return object !== 0 && (core.at(object + OBJECT_TYPE) & OBJECT_FREED_BIT) !== 0;
}

/** Frees and poisons an object. False: it is freed already. Throws if it is none. */
export function free(core: Core, address: number): boolean {
  const object = objectOf(core, address);
  if (object !== address || address < NIL_LIMIT) {
    throw new Ending('internal', `freed ${address}, which is not the address of an object`);
  }
  const type = core.at(object + OBJECT_TYPE);
  if ((type & OBJECT_FREED_BIT) !== 0) return false;
  core.write(object + OBJECT_TYPE, type | OBJECT_FREED_BIT);
  const words = core.at(object + OBJECT_WORDS);
  for (let i = 0; i < words; i++) core.write(object + i, POISON);
  return true;
}

// -------------------------------------------------------------------------------- strings

/** Bytes of a string value. */
export function stringBytes(core: Core, value: number): Uint8Array {
  if (value === 0) return EMPTY;
  if (value < 0) return core.tables.constantBytes[-value - 1] ?? EMPTY;
  const length = Math.max(0, Math.min(core.at(value), core.memory.length));
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = core.at(value + 1 + (i >> 2)) >>> ((i & 3) << 3);
  return bytes;
}

const EMPTY = new Uint8Array(0);

/** Text of a string value; invalid UTF-8 as utf8.ts says. */
export function stringText(core: Core, value: number): string {
  if (value < 0) return core.image.strings[-value - 1] ?? '';
  return decode(stringBytes(core, value));
}

/** Number of bytes of a string value. */
export function stringLength(core: Core, value: number): number {
  if (value === 0) return 0;
  if (value < 0) return core.tables.constantBytes[-value - 1]?.length ?? 0;
  return core.at(value);
}

/** A new string of these bytes, allocated by the current context. */
export function makeString(core: Core, bytes: ArrayLike<number>): number {
  if (bytes.length === 0) return 0;
  const words = 1 + ((bytes.length + 3) >> 2);
  const value = allocate(core, OBJECT_STRING, words);
  fillString(core, value, bytes);
  return value;
}

/** A new string outside all contexts' chunks, for texts that the machine itself makes. */
export function makeMachineString(core: Core, text: string): number {
  const bytes = encode(text);
  if (bytes.length === 0) return 0;
  // Outcomes are told also when the memory is full: they may use what is kept in reserve.
  const words = 1 + ((bytes.length + 3) >> 2);
  const value = allocateBlock(core, OBJECT_STRING, words, core.memory.length);
  fillString(core, value, bytes);
  return value;
}

function fillString(core: Core, value: number, bytes: ArrayLike<number>): void {
  core.write(value, bytes.length);
  for (let i = 0; i < bytes.length; i += 4) {
    const word =
      bytes[i] |
      ((bytes[i + 1] ?? 0) << 8) |
      ((bytes[i + 2] ?? 0) << 16) |
      ((bytes[i + 3] ?? 0) << 24);
    core.write(value + 1 + (i >> 2), word);
  }
}

/** A new array object of `count` elements: address of the first. */
export function allocateArray(core: Core, type: number, count: number): number {
  const words = count * (core.image.types[type]?.words ?? 1);
  return allocate(core, type | OBJECT_ARRAY_BIT, words);
}
