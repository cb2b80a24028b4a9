/**
 * Moves that were forced because a word was taken to belong to one context, or to be nothing but a
 * lock: where each was made, so that when the word turns out to be more, the other moves that were
 * left out there can be made up for. Only words about which too much was noted need another round.
 *
 * A move is noted with the path to it, as runs of equal moves, which are few.
 */
import { grown } from '../machine/pool.ts';

/** A note: address, number of words, sleep set, number of runs, then (move, times) of each run. */
const HEADER_WORDS = 4;
const FIRST_WORDS = 1 << 12;
const MOST_WORDS = 1 << 22;
/** Notes of one address; a word that serves more often hardly ever turns out to be more. */
const MOST_OF_ADDRESS = 1 << 12;

/** Where a forced move was made. */
export interface ForcedMove {
  /** Moves from state 0, packed as those of a path. */
  readonly path: readonly number[];
  readonly sleep: number;
}

export class ForcedMoves {
  #notes = new Int32Array(FIRST_WORDS);
  #end = 0;
  /** By address: how many notes there are. */
  readonly #counts = new Map<number, number>();
  /** Addresses with words, of which not all moves are noted. */
  readonly #incomplete = new Map<number, number>();

  /** Memory that the notes take. */
  get bytes(): number {
    return this.#notes.length * 4;
  }

  /** Notes a move that was forced because of `words` words from `address` on. */
  note(address: number, words: number, path: Int32Array, length: number, sleep: number): void {
    const count = (this.#counts.get(address) ?? 0) + 1;
    this.#counts.set(address, count);
    const room = this.#end + HEADER_WORDS + 2 * length;
    if (count > MOST_OF_ADDRESS || room > MOST_WORDS) {
      this.#incomplete.set(address, Math.max(words, this.#incomplete.get(address) ?? 0));
      return;
    }
    if (room > this.#notes.length) {
      const length = Math.min(MOST_WORDS, this.#notes.length * 2);
      this.#notes = grown(this.#notes, Math.max(length, room));
    }
    const notes = this.#notes;
    const start = this.#end;
    let at = start + HEADER_WORDS;
    for (let i = 0; i < length; ) {
      const from = i;
      while (i < length && path[i] === path[from]) i++;
      notes[at] = path[from];
      notes[at + 1] = i - from;
      at += 2;
    }
    notes[start] = address;
    notes[start + 1] = words;
    notes[start + 2] = sleep;
    notes[start + 3] = (at - start - HEADER_WORDS) >> 1;
    this.#end = at;
  }

  /** All moves that were forced because of the word; null when not all of them are known. */
  of(word: number): ForcedMove[] | null {
    for (const [address, words] of this.#incomplete) {
      if (word >= address && word < address + words) return null;
    }
    const notes = this.#notes;
    const found: ForcedMove[] = [];
    for (let at = 0; at < this.#end; at += HEADER_WORDS + 2 * notes[at + 3]) {
      if (word >= notes[at] && word < notes[at] + notes[at + 1]) found.push(this.#read(at));
    }
    return found;
  }

  clear(): void {
    this.#end = 0;
    this.#counts.clear();
    this.#incomplete.clear();
  }

  #read(at: number): ForcedMove {
    const notes = this.#notes;
    const path: number[] = [];
    for (let run = 0; run < notes[at + 3]; run++) {
      const [move, times] = notes.subarray(at + HEADER_WORDS + 2 * run);
      for (let i = 0; i < times; i++) path.push(move);
    }
    return { path, sleep: notes[at + 2] };
  }
}
