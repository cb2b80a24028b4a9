/**
 * What a garbage collector would find alive: everything that globals, stacks and live objects lead
 * to. Types say where pointers are. Of a stack, only what will still be read counts.
 *
 * Numbers are no pointers, except that a `uintptr` which is the address of a context keeps that
 * context's stack: models hold contexts so.
 */
import * as layout from '../language/image.ts';
import type { FunctionInfo, Image } from '../language/image.ts';
import {
  FRAME_CLOSURE,
  INSTRUCTION_WORDS,
  OP_CALL,
  OP_CALLC,
  OP_CALLI,
  OP_RUNDEFERS,
  OP_SYS,
} from '../language/instructions.ts';
import type { Core } from './core.ts';
import type { Liveness } from './liveness.ts';
import { livenessOf } from './liveness.ts';
import { goObject, neighbours } from './tiny.ts';
import { framesOf } from './traceback.ts';

const FRAME_LIMIT = 100_000;

/** Kinds of words inside a value. */
const POINTER = 1;
/** A word that is a pointer if it is the address of an object (unknown types, interfaces). */
const MAYBE = 2;
const NUMBER_OF_CONTEXT = 3;

const livenessCache = new WeakMap<Image, Map<number, Liveness>>();

/** Whether the object that holds the address is alive, or another one that Go keeps with it. */
export function isReachable(core: Core, address: number): boolean {
  const search = new Marking(core);
  search.roots();
  return search.isMarked(address);
}

/** The object in the heap that a pointer leads to (0 for none, or one without a size), and 1 if Go
 *  would put it into a tiny block. */
export function objectAt(core: Core, pointer: number): [number, number] {
  const search = new Marking(core);
  const object = search.objectOf(pointer);
  if (object === 0) return [0, 0];
  const { bytes, isTiny } = search.goObject(object);
  return bytes === 0 ? [0, 0] : [object, isTiny ? 1 : 0];
}

/** The pointer that an interface holds; else 0. */
export function pointerIn(core: Core, typeId: number, data: number): number {
  const type = core.image.types[typeId];
  if (!type) return 0;
  const isPointer = type.kind === 'pointer' || type.kind === 'unsafe-pointer';
  return isPointer ? data : 0;
}

/** Whether a closure captures a pointer into the object of `target`, or a variable that is it.
 *  (What a captured variable leads to is not looked at, as in Go.) */
export function reachesFrom(core: Core, target: number, closure: number): boolean {
  const search = new Marking(core);
  const object = search.objectOf(target);
  if (closure <= 0 || object === 0) return false;
  return search.capturedPointers(closure).some((value) => search.objectOf(value) === object);
}

class Marking {
  readonly #core: Core;
  readonly #marked = new Set<number>();
  readonly #pending: number[] = [];
  readonly #starts: number[] = [];

  constructor(core: Core) {
    this.#core = core;
    this.#index(core.image.globalsEnd, core.memory[layout.HEAP_TOP]);
  }

  isMarked(address: number): boolean {
    const object = this.objectOf(address);
    if (object === 0 || this.#marked.has(object)) return object !== 0;
    if (!this.goObject(object).isTiny) return false;
    const tiny = this.#starts.filter((other) => this.goObject(other).isTiny);
    const bytesOf = (other: number) => this.goObject(other).bytes;
    return neighbours(tiny, bytesOf, object).some((other) => this.#marked.has(other));
  }

  /** The object as Go would allocate it. */
  goObject(object: number): ReturnType<typeof goObject> {
    const { memory, image } = this.#core;
    return goObject(memory, image, object, (type) =>
      pointerMap(image, type).some((kind) => kind === POINTER || kind === MAYBE),
    );
  }

  /** The pointers among what a closure holds. */
  capturedPointers(closure: number): number[] {
    const { memory, image } = this.#core;
    const found: number[] = [];
    const variables = image.functions[memory[closure]]?.variables ?? [];
    const captured = variables.filter(({ storage }) => storage.startsWith('capture'));
    if (captured.length === 0) {
      // A method value: it holds its receiver.
      const end = closure + memory[closure + layout.OBJECT_WORDS];
      return [...memory.subarray(closure + 1, end)];
    }
    for (const variable of captured) {
      const at = closure + variable.index;
      if (variable.storage === 'capture-box') {
        found.push(memory[at]);
        continue;
      }
      for (const [word, kind] of pointerMap(image, variable.type).entries()) {
        if (kind === POINTER || kind === MAYBE) found.push(memory[at + word]);
      }
    }
    return found;
  }

  /** First word of the object that holds the address; 0 if none does. */
  objectOf(address: number): number {
    const starts = this.#starts;
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle] <= address) low = middle;
      else high = middle - 1;
    }
    const object = starts[low] ?? 0;
    if (object === 0 || address < object) return 0;
    return address < object + this.#core.memory[object + layout.OBJECT_WORDS] ? object : 0;
  }

  /** Objects in address order; chunks are looked into. */
  #index(from: number, end: number): void {
    const { memory } = this.#core;
    for (let at = from; at + layout.OBJECT_HEADER_WORDS <= end; ) {
      const object = at + layout.OBJECT_HEADER_WORDS;
      const next = object + memory[object + layout.OBJECT_WORDS];
      const type = memory[object + layout.OBJECT_TYPE];
      if (next === object && type === 0) return;
      if (type === layout.OBJECT_ARENA) this.#index(object, next);
      else this.#starts.push(object);
      at = next;
    }
  }

  roots(): void {
    const { image, memory } = this.#core;
    for (const global of image.globals) this.#typed(global.address, global.type);
    const count = memory[layout.THREAD_COUNT];
    for (let thread = 0; thread < count; thread++) {
      const own = layout.THREADS + thread * layout.THREAD_WORDS;
      this.#pointer(memory[own + layout.THREAD_CONTEXT]);
      this.#pointer(memory[own + layout.THREAD_TLS]);
    }
    for (let object = this.#pending.pop(); object !== undefined; object = this.#pending.pop()) {
      this.#contents(object);
    }
  }

  #pointer(value: number): void {
    if (value < layout.NIL_LIMIT) return;
    const object = this.objectOf(value);
    if (object === 0 || this.#marked.has(object)) return;
    this.#marked.add(object);
    this.#pending.push(object);
  }

  #contents(object: number): void {
    const { memory, image } = this.#core;
    const words = memory[object + layout.OBJECT_WORDS];
    const type = memory[object + layout.OBJECT_TYPE];
    if ((type & layout.OBJECT_FREED_BIT) !== 0 || type === layout.OBJECT_STRING) return;
    if (type === layout.OBJECT_CONTEXT) return this.#context(object);
    if ((type & layout.OBJECT_ARRAY_BIT) !== 0) {
      const element = type & ~layout.OBJECT_ARRAY_BIT;
      const size = image.types[element]?.words ?? 1;
      for (let at = 0; size > 0 && at + size <= words; at += size)
        this.#typed(object + at, element);
      return;
    }
    if (type >= layout.FIRST_TYPE_ID) return this.#typed(object, type);
    if (type === layout.OBJECT_SEGMENT) return;
    for (let i = 0; i < words; i++) this.#pointer(memory[object + i]);
  }

  /** A value of a known type. */
  #typed(address: number, typeId: number): void {
    const { memory, image } = this.#core;
    const map = pointerMap(image, typeId);
    for (let word = 0; word < map.length; word++) {
      const value = memory[address + word];
      if (map[word] === POINTER || map[word] === MAYBE) this.#pointer(value);
      else if (map[word] === NUMBER_OF_CONTEXT && this.#isContext(value)) this.#pointer(value);
    }
  }

  #isContext(value: number): boolean {
    if (this.objectOf(value) !== value || value === 0) return false;
    return this.#core.memory[value + layout.OBJECT_TYPE] === layout.OBJECT_CONTEXT;
  }

  /** The live slots of all frames, the deferred calls and the owner. */
  #context(context: number): void {
    const core = this.#core;
    const { memory, image } = core;
    this.#pointer(memory[context + layout.CONTEXT_OWNER]);
    this.#pointer(memory[context + layout.CONTEXT_DEFERS]);
    const frames = framesOf(core, context, FRAME_LIMIT);
    for (const [depth, frame] of frames.entries()) {
      const info = image.functions[frame.function];
      const live = this.#liveness(frame.function);
      // An outer frame goes on after its call.
      const pc = depth === 0 ? frame.pc : frame.pc + INSTRUCTION_WORDS;
      this.#pointer(memory[frame.fp + FRAME_CLOSURE]);
      const end = Math.min(this.#ownSlots(frame.pc), info.frameWords);
      const kinds = slotKinds(image, info, pc);
      for (let slot = FRAME_CLOSURE + 1; slot < end; slot++) {
        if (kinds[slot] !== 0 && live.isLive(pc, slot)) this.#pointer(memory[frame.fp + slot]);
      }
    }
  }

  /** Slots that are the frame's own at a call: what lies from the call's base on is the callee's. (The
   *  question whether an address is alive is a call too: its argument is no reason to be alive.) */
  #ownSlots(pc: number): number {
    const { code } = this.#core.tables;
    switch (code[pc]) {
      case OP_CALL:
      case OP_CALLC:
      case OP_CALLI:
      case OP_SYS:
        return code[pc + 2];
      case OP_RUNDEFERS:
        return code[pc + 1];
      default:
        return Number.MAX_SAFE_INTEGER;
    }
  }

  #liveness(number: number): Liveness {
    const { image } = this.#core;
    let cache = livenessCache.get(image);
    if (cache === undefined) {
      cache = new Map();
      livenessCache.set(image, cache);
    }
    let found = cache.get(number);
    if (found === undefined) {
      found = livenessOf(image, image.functions[number]);
      cache.set(number, found);
    }
    return found;
  }
}

/** What the slots of a frame are: by their types where a variable lies, else maybe pointers. */
function slotKinds(image: Image, info: FunctionInfo, pc: number): Uint8Array {
  const kinds = new Uint8Array(info.frameWords).fill(MAYBE);
  for (const variable of info.variables) {
    if (variable.storage !== 'slot' || pc < variable.start || pc >= variable.end) continue;
    const map = pointerMap(image, variable.type);
    for (let word = 0; word < map.length && variable.index + word < kinds.length; word++) {
      kinds[variable.index + word] = map[word] === NUMBER_OF_CONTEXT ? 0 : map[word];
    }
  }
  return kinds;
}

const mapCache = new WeakMap<Image, Map<number, Uint8Array>>();

/** What each word of a type's values is. */
function pointerMap(image: Image, typeId: number): Uint8Array {
  let cache = mapCache.get(image);
  if (cache === undefined) {
    cache = new Map();
    mapCache.set(image, cache);
  }
  const known = cache.get(typeId);
  if (known !== undefined) return known;
  const type = image.types[typeId];
  const map = new Uint8Array(type?.words ?? 0);
  cache.set(typeId, map);
  if (!type) return map;
  switch (type.kind) {
    case 'pointer':
    case 'unsafe-pointer':
    case 'function':
    case 'channel':
    case 'string':
    case 'slice':
      map[0] = POINTER;
      break;
    case 'interface':
      map[1] = MAYBE;
      break;
    case 'integer':
      if (type.name === 'uintptr') map[0] = NUMBER_OF_CONTEXT;
      break;
    case 'array':
      for (let i = 0; i < type.length; i++) {
        const element = pointerMap(image, type.element);
        map.set(element, i * element.length);
      }
      break;
    case 'struct':
      for (const field of type.fields) map.set(pointerMap(image, field.type), field.offset);
      break;
    default:
      break;
  }
  return map;
}
