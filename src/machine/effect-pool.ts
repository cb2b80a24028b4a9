/**
 * A store of what was determined by words of memory: entries with a key, the words that were
 * touched with the values they had, and what followed. An entry is found again when all its words
 * have those values.
 *
 * An entry lies in `pool`, from its index on:
 *   +0 next entry of the bucket, +1 its key, +2 a second part of the key, +3 words touched,
 *   +4 words written, +5 the result, +6 a number that the user gives,
 *   then (address, value) of each word touched, then (address, old value, new value) of each word
 *   written.
 */
import { mixed } from './hash.ts';
import { grown } from './pool.ts';
import type { Recorder } from './recorder.ts';

const NEXT = 0;
const KEY = 1;
const MOVE = 2;
export const TOUCHED = 3;
export const WRITTEN = 4;
export const RESULT = 5;
export const NUMBER = 6;
export const HEADER_WORDS = 7;

const FIRST_POOL_WORDS = 1 << 16;
/** A full pool is emptied: what is still in use is soon learned again. */
const POOL_LIMIT_WORDS = 1 << 24;
const BUCKETS = 1 << 14;
/** Entries of one bucket; one more drops the others. */
const BUCKET_LIMIT = 24;

/** Index of no entry. */
export const NONE = 0;

export class EffectPool {
  pool = new Int32Array(FIRST_POOL_WORDS);
  readonly recorder: Recorder;
  /** How often all entries have been dropped: an index means nothing after that. */
  generation = 0;
  readonly #memory: Int32Array;
  #poolTop = 1;
  #buckets = new Int32Array(BUCKETS);

  constructor(memory: Int32Array, recorder: Recorder) {
    this.#memory = memory;
    this.recorder = recorder;
  }

  /** The entry of this key whose words have their values now, or NONE. */
  protected lookUp(key: number, move: number): number {
    const memory = this.#memory;
    const { pool } = this;
    const newest = this.#buckets[key & (BUCKETS - 1)];
    let before = 0;
    for (let effect = newest; effect !== 0; before = effect, effect = pool[effect + NEXT]) {
      if (pool[effect + KEY] !== key || pool[effect + MOVE] !== move) continue;
      const first = effect + HEADER_WORDS;
      const end = first + 2 * pool[effect + TOUCHED];
      let at = first;
      while (at < end && memory[pool[at]] === pool[at + 1]) at += 2;
      if (at < end) {
        // The word that tells the entry from this state is compared first from now on.
        if (at !== first) swapPairs(pool, at, first);
        continue;
      }
      if (before !== 0) {
        pool[before + NEXT] = pool[effect + NEXT];
        pool[effect + NEXT] = newest;
        this.#buckets[key & (BUCKETS - 1)] = effect;
      }
      return effect;
    }
    return NONE;
  }

  /** A new entry with what was touched, and room for what was written. */
  protected write(key: number, move: number, written: number): number {
    const { addresses, values, count } = this.recorder;
    const effect = this.#room(HEADER_WORDS + 2 * count + 3 * written);
    const { pool } = this;
    pool[effect + KEY] = key;
    pool[effect + MOVE] = move;
    pool[effect + TOUCHED] = count;
    pool[effect + WRITTEN] = written;
    let at = effect + HEADER_WORDS;
    for (let i = 0; i < count; i++, at += 2) {
      pool[at] = addresses[i];
      pool[at + 1] = values[i];
    }
    this.#link(effect, key);
    return effect;
  }

  #link(effect: number, key: number): void {
    const { pool } = this;
    const bucket = key & (BUCKETS - 1);
    let length = 0;
    for (let other = this.#buckets[bucket]; other !== 0; other = pool[other + NEXT]) length++;
    pool[effect + NEXT] = length < BUCKET_LIMIT ? this.#buckets[bucket] : 0;
    this.#buckets[bucket] = effect;
  }

  /** Drops all entries: indices mean nothing any more. */
  protected empty(): void {
    this.#buckets.fill(0);
    this.generation++;
    this.#poolTop = 1;
  }

  /** Index of so many free words. */
  #room(words: number): number {
    if (this.#poolTop + words > POOL_LIMIT_WORDS) this.empty();
    if (this.#poolTop + words > this.pool.length) {
      this.pool = grown(this.pool, Math.max(this.pool.length * 2, this.#poolTop + words));
    }
    const effect = this.#poolTop;
    this.#poolTop += words;
    return effect;
  }
}

function swapPairs(pool: Int32Array, one: number, other: number): void {
  const [address, value] = [pool[one], pool[one + 1]];
  pool[one] = pool[other];
  pool[one + 1] = pool[other + 1];
  pool[other] = address;
  pool[other + 1] = value;
}

/** Mixes three words into one. */
export function mix(x: number, y: number, z: number): number {
  return mixed(Math.imul(y, 0x9e3779b1) ^ (z << 17), x);
}
