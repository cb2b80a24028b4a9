/**
 * What steps do, remembered. A step is determined by the words that it touches: when they all have
 * the values of another time, it writes what it wrote then, and the hash changes by the same
 * amount. Searches make the same few steps in very many states; a remembered one costs a comparison
 * and a few writes, and where a state that a step leads to is only to be looked up, no writes at
 * all. (Explicit-state checkers know this as transition caching; S. Blom, J. van de Pol, M. Weber,
 * "LTSmin: Distributed and Symbolic Reachability", CAV 2010, section 4, take it from declared
 * dependencies. Here they are recorded.)
 *
 * An effect lies in `pool`, from its index on:
 *   +0 next effect of the bucket, +1 its key, +2 answer << 8 | thread, +3 words touched,
 *   +4 words written, +5 and +6 change of the hash's lanes, +7 how execution ended,
 *   +8 instructions, then (address, value) of each word touched,
 *   then (address, old value, new value) of each word written.
 */
import {
  CONTEXT_LIMIT,
  THREAD_CONTEXT,
  THREAD_FP,
  THREAD_PC,
  THREAD_STATUS,
  THREAD_WORDS,
  THREADS,
} from '../language/image.ts';
import type { Core } from './core.ts';
import { Recorder } from './recorder.ts';

const NEXT = 0;
const KEY = 1;
const MOVE = 2;
const TOUCHED = 3;
const WRITTEN = 4;
const LOW = 5;
const HIGH = 6;
const END = 7;
const INSTRUCTIONS = 8;
const HEADER_WORDS = 9;

const FIRST_POOL_WORDS = 1 << 16;
/** A full pool is emptied: what is still in use is soon learned again. */
const POOL_LIMIT_WORDS = 1 << 24;
const BUCKETS = 1 << 14;
/** Effects of one bucket; one more drops the others. */
const BUCKET_LIMIT = 24;
/** What an instruction's steps begin with: so many may be learned before one must be met again. */
const FIRST_CREDIT = 40;
const CREDIT_LIMIT = 1000;
/** How often it is tried all the same with steps that hardly ever repeat. */
const TRY_EVERY = 64;

/** Answers of `find`. */
export const LEARN = 0;
export const JUST_EXECUTE = -1;

export class Effects {
  readonly recorder: Recorder;
  readonly #core: Core;
  #pool = new Int32Array(FIRST_POOL_WORDS);
  #poolTop = 1;
  #buckets = new Int32Array(BUCKETS);
  /** By pc / 4: how well remembering pays there. */
  readonly #credit: Int16Array;
  #tries = 0;

  constructor(core: Core) {
    this.#core = core;
    this.recorder = new Recorder(core.memory);
    this.#credit = new Int16Array(core.tables.functionOf.length).fill(FIRST_CREDIT);
  }

  /** The effect that a step of the thread would have now; or LEARN or JUST_EXECUTE. */
  find(thread: number, answer: number): number {
    const { memory } = this.#core;
    const own = THREADS + thread * THREAD_WORDS;
    const pc = memory[own + THREAD_PC];
    const move = (answer << 8) | thread;
    const key = keyOf(pc, memory[own + THREAD_FP], move);
    const pool = this.#pool;
    const first = this.#buckets[key & (BUCKETS - 1)];
    const credit = this.#credit[pc >> 2];
    if (credit <= 0 && ++this.#tries % TRY_EVERY !== 0) return JUST_EXECUTE;
    let before = 0;
    for (let effect = first; effect !== 0; before = effect, effect = pool[effect + NEXT]) {
      if (pool[effect + KEY] !== key || pool[effect + MOVE] !== move) continue;
      let at = effect + HEADER_WORDS;
      const end = at + 2 * pool[effect + TOUCHED];
      while (at < end && memory[pool[at]] === pool[at + 1]) at += 2;
      if (at < end) continue;
      if (credit < CREDIT_LIMIT) this.#credit[pc >> 2] = credit + 1;
      if (before !== 0) {
        pool[before + NEXT] = pool[effect + NEXT];
        pool[effect + NEXT] = first;
        this.#buckets[key & (BUCKETS - 1)] = effect;
      }
      return effect;
    }
    return LEARN;
  }

  /** The lanes of the hash after the effect. */
  hashLowAfter(effect: number): number {
    return this.#core.hashLow ^ this.#pool[effect + LOW];
  }

  hashHighAfter(effect: number): number {
    return this.#core.hashHigh ^ this.#pool[effect + HIGH];
  }

  /** Does what the effect says, as a step that can be undone; how execution ended then. */
  apply(effect: number): number {
    const core = this.#core;
    const { memory } = core;
    const pool = this.#pool;
    let at = effect + HEADER_WORDS + 2 * pool[effect + TOUCHED];
    const count = pool[effect + WRITTEN];
    const log = core.logRoom(2 * count);
    let top = core.logTop;
    for (let i = 0; i < count; i++, at += 3, top += 2) {
      const address = pool[at];
      log[top] = address;
      log[top + 1] = pool[at + 1];
      memory[address] = pool[at + 2];
    }
    core.logTop = top;
    core.closeSegment(2 * count, pool[effect + LOW], pool[effect + HIGH]);
    core.instructionCount += pool[effect + INSTRUCTIONS];
    return pool[effect + END];
  }

  /** Gets ready to record a step of the thread, whose registers are loaded. */
  begin(): Recorder {
    const { recorder } = this;
    const core = this.#core;
    const { memory, tables } = core;
    const own = THREADS + core.thread * THREAD_WORDS;
    const number = tables.functionOf[core.pc >> 2] ?? -1;
    const limit = memory[core.context + CONTEXT_LIMIT];
    // Above the running function's frame everything up to the end of the segment is zero.
    recorder.begin(number < 0 ? limit : core.fp + tables.extent[number], limit);
    for (const word of [THREAD_PC, THREAD_FP, THREAD_CONTEXT, THREAD_STATUS]) {
      recorder.touch(own + word);
    }
    recorder.touch(core.context + CONTEXT_LIMIT);
    return recorder;
  }

  /** Keeps what the step that has just ended did: its log begins at `start`. */
  keep(thread: number, answer: number, start: number, end: number, instructions: number): void {
    const { recorder } = this;
    const core = this.#core;
    const { log, memory } = core;
    const own = THREADS + thread * THREAD_WORDS;
    const { addresses, values, count } = recorder;
    // The first two words that were touched are the pc and the fp.
    const [pc, fp] = [values[0], values[1]];
    if (addresses[0] !== own + THREAD_PC) throw new Error('internal error: no pc, please report');
    if (this.#credit[pc >> 2] > -FIRST_CREDIT) this.#credit[pc >> 2]--;
    if (!recorder.isUsable) return;
    const trailer = core.logTop - 3;
    const written = (trailer - start) >> 1;
    const move = (answer << 8) | thread;
    const key = keyOf(pc, fp, move);
    const effect = this.#room(HEADER_WORDS + 2 * count + 3 * written);
    const pool = this.#pool;
    pool[effect + KEY] = key;
    pool[effect + MOVE] = move;
    pool[effect + TOUCHED] = count;
    pool[effect + WRITTEN] = written;
    pool[effect + LOW] = core.hashLow ^ log[trailer];
    pool[effect + HIGH] = core.hashHigh ^ log[trailer + 1];
    pool[effect + END] = end;
    pool[effect + INSTRUCTIONS] = instructions;
    let at = effect + HEADER_WORDS;
    for (let i = 0; i < count; i++, at += 2) {
      pool[at] = addresses[i];
      pool[at + 1] = values[i];
    }
    for (let i = start; i < trailer; i += 2, at += 3) {
      pool[at] = log[i];
      pool[at + 1] = log[i + 1];
      pool[at + 2] = memory[log[i]];
    }
    this.#link(effect, key);
  }

  #link(effect: number, key: number): void {
    const pool = this.#pool;
    const bucket = key & (BUCKETS - 1);
    let length = 0;
    for (let other = this.#buckets[bucket]; other !== 0; other = pool[other + NEXT]) length++;
    pool[effect + NEXT] = length < BUCKET_LIMIT ? this.#buckets[bucket] : 0;
    this.#buckets[bucket] = effect;
  }

  /** Index of so many free words. */
  #room(words: number): number {
    if (this.#poolTop + words > POOL_LIMIT_WORDS) {
      this.#buckets.fill(0);
      this.#poolTop = 1;
    }
    if (this.#poolTop + words > this.#pool.length) {
      const pool = new Int32Array(Math.max(this.#pool.length * 2, this.#poolTop + words));
      pool.set(this.#pool);
      this.#pool = pool;
    }
    const effect = this.#poolTop;
    this.#poolTop += words;
    return effect;
  }
}

function keyOf(pc: number, fp: number, move: number): number {
  const h = Math.imul(pc ^ Math.imul(fp, 0x9e3779b1) ^ (move << 17), 0x85ebca6b);
  return h ^ (h >>> 15);
}
