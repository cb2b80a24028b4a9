/**
 * States of the past, kept as pages that neighbouring checkpoints share: one costs what has changed
 * since the one before it. Past a budget every other checkpoint is dropped.
 */
import { HEAP_TOP } from '../language/image.ts';
import type { Machine } from '../machine/machine.ts';

/** A state at a moment. `pages[i]` is the number in the pool of words i * PAGE_WORDS …. */
export interface Checkpoint {
  readonly instruction: number;
  /** Steps complete, and the thread that is inside the next one, or -1. */
  readonly step: number;
  readonly inside: number;
  readonly thread: number;
  readonly outputCount: number;
  readonly words: number;
  readonly hashLow: number;
  readonly hashHigh: number;
  pages: Int32Array;
}

const PAGE_SHIFT = 6;
const PAGE_WORDS = 1 << PAGE_SHIFT;
const CHUNK_PAGES = 1024;
/** Instructions from one checkpoint to the next, at first: what re-executes in a tenth of a
 *  millisecond or two. Large states take longer to compare, so they are compared less often. */
const FIRST_INTERVAL = 8192;

/** Store of pages and of the rule when the next checkpoint is due. One a timeline. */
export class CheckpointStore {
  readonly #budgetBytes: number;
  #chunks: Int32Array[] = [];
  #pageCount = 0;
  /** The page that each part of the memory was equal to when it was last compared. */
  #latest: Int32Array = new Int32Array(0);
  #words: Int32Array = new Int32Array(0);
  interval = FIRST_INTERVAL;
  /** Of all page tables. */
  #tableBytes = 0;

  constructor(budgetBytes: number) {
    this.#budgetBytes = budgetBytes;
  }

  get bytes(): number {
    return this.#chunks.length * CHUNK_PAGES * PAGE_WORDS * 4 + this.#tableBytes;
  }

  get isFull(): boolean {
    return this.bytes > this.#budgetBytes;
  }

  take(machine: Machine, step: number, inside: number, thread: number): Checkpoint {
    const { memory } = machine;
    const words = memory[HEAP_TOP];
    const count = (words + PAGE_WORDS - 1) >> PAGE_SHIFT;
    const pages = new Int32Array(count);
    const latest = this.#latest;
    for (let page = 0; page < count; page++) {
      const known = page < latest.length ? latest[page] : -1;
      const isSame = known >= 0 && this.#equals(memory, page << PAGE_SHIFT, known);
      pages[page] = isSame ? known : this.#add(memory, page << PAGE_SHIFT);
    }
    this.#latest = pages;
    this.#tableBytes += count * 4;
    this.interval = Math.max(this.interval, words >> 3);
    return {
      instruction: machine.instructionCount,
      step,
      inside,
      thread,
      outputCount: machine.output.length,
      words,
      hashLow: machine.hashLow,
      hashHigh: machine.hashHigh,
      pages,
    };
  }

  /** The words of the state; they are valid until the next call. */
  wordsOf(checkpoint: Checkpoint): Int32Array {
    const { pages, words } = checkpoint;
    if (this.#words.length < pages.length << PAGE_SHIFT) {
      this.#words = new Int32Array((pages.length << PAGE_SHIFT) * 2);
    }
    const result = this.#words;
    for (let page = 0; page < pages.length; page++) {
      const number = pages[page];
      const offset = (number % CHUNK_PAGES) << PAGE_SHIFT;
      const chunk = this.#chunks[(number / CHUNK_PAGES) | 0];
      result.set(chunk.subarray(offset, offset + PAGE_WORDS), page << PAGE_SHIFT);
    }
    this.#latest = pages;
    return result.subarray(0, words);
  }

  /** Keeps only the pages of these checkpoints, and doubles the interval. */
  thin(kept: readonly Checkpoint[]): void {
    const chunks = this.#chunks;
    const renumbered = new Int32Array(this.#pageCount).fill(-1);
    this.#chunks = [];
    this.#pageCount = 0;
    this.#tableBytes = 0;
    for (const checkpoint of kept) {
      const pages = new Int32Array(checkpoint.pages.length);
      for (let page = 0; page < pages.length; page++) {
        const old = checkpoint.pages[page];
        if (renumbered[old] < 0) {
          const chunk = chunks[(old / CHUNK_PAGES) | 0];
          renumbered[old] = this.#add(chunk, (old % CHUNK_PAGES) << PAGE_SHIFT);
        }
        pages[page] = renumbered[old];
      }
      checkpoint.pages = pages;
      this.#tableBytes += pages.length * 4;
    }
    this.#latest = new Int32Array(0);
    this.interval *= 2;
  }

  #equals(memory: Int32Array, start: number, page: number): boolean {
    const chunk = this.#chunks[(page / CHUNK_PAGES) | 0];
    const offset = (page % CHUNK_PAGES) << PAGE_SHIFT;
    for (let i = 0; i < PAGE_WORDS; i++) {
      if (memory[start + i] !== chunk[offset + i]) return false;
    }
    return true;
  }

  /** Copies a page into the pool. Words past the end of the memory are zero. */
  #add(source: Int32Array, start: number): number {
    const number = this.#pageCount++;
    const index = (number / CHUNK_PAGES) | 0;
    if (index === this.#chunks.length) {
      this.#chunks.push(new Int32Array(CHUNK_PAGES * PAGE_WORDS));
    }
    const words = source.subarray(start, start + PAGE_WORDS);
    this.#chunks[index].set(words, (number % CHUNK_PAGES) << PAGE_SHIFT);
    return number;
  }
}
