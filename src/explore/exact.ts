/**
 * The set of states that a search has seen, as whole states: slow and large, to check that no hash
 * has taken two states for one. Only words that are not zero are kept, a few bytes each.
 */
import { HEAP_TOP, NARRATION, NARRATION_END } from '../language/image.ts';
import { NEW_STATE, type State, type StateStore } from './visited.ts';

/** Of the table: low half of the hash, place of the state plus one (0: free), payload. */
const ENTRY_WORDS = 3;
const FIRST_CAPACITY = 1 << 10;
const LARGEST_CHUNK_BYTES = 1 << 20;
const SMALLEST_CHUNK_BYTES = 1 << 12;
/** A distance and a value take at most five bytes each. */
const PAIR_BYTES = 10;
/** Places of states are 32-bit numbers. */
const LARGEST_BYTES = 2 ** 31 - 2 * LARGEST_CHUNK_BYTES;

export class ExactStates implements StateStore {
  size = 0;
  readonly #budgetBytes: number;
  readonly #chunkBytes: number;
  /** States, one after the other; none lies in two chunks. All chunks but the last are full. */
  #chunks: Uint8Array[] = [];
  /** By chunk: the place of its first byte. */
  #chunkStarts: number[] = [];
  /** First byte that is free, and the end of the last chunk. */
  #top = 0;
  #end = 0;
  #table = new Int32Array(FIRST_CAPACITY * ENTRY_WORDS);
  /** The state that is looked for. */
  #bytes = new Uint8Array(1 << 12);
  #length = 0;

  /** Stores at most as many states as fit into `budgetBytes`. */
  constructor(budgetBytes: number) {
    this.#budgetBytes = Math.min(budgetBytes, LARGEST_BYTES);
    const part = Math.floor(budgetBytes / 16);
    this.#chunkBytes = Math.min(Math.max(part, SMALLEST_CHUNK_BYTES), LARGEST_CHUNK_BYTES);
  }

  get bytes(): number {
    return this.#end + this.#table.byteLength;
  }

  isFull(): boolean {
    // While the table grows the old and the new one exist.
    const table = this.#table.byteLength * (this.#isCrowded(this.size + 1) ? 3 : 1);
    return this.#end + table + this.#chunkBytes > this.#budgetBytes;
  }

  meet(state: State, sleep: number): number {
    this.#encode(state);
    const mask = this.#table.length / ENTRY_WORDS - 1;
    const low = state.hashLow;
    for (let index = low & mask; ; index = (index + 1) & mask) {
      const at = index * ENTRY_WORDS;
      const place = this.#table[at + 1];
      if (place === 0) {
        this.#table[at] = low;
        this.#table[at + 1] = this.#append() + 1;
        this.#table[at + 2] = sleep;
        if (this.#isCrowded(++this.size)) this.#grow();
        return NEW_STATE;
      }
      if (this.#table[at] !== low || !this.#isAt(place - 1)) continue;
      const stored = this.#table[at + 2];
      this.#table[at + 2] = stored & sleep;
      return stored;
    }
  }

  clear(): void {
    this.size = 0;
    this.#table.fill(0);
    this.#chunks = [];
    this.#chunkStarts = [];
    this.#top = 0;
    this.#end = 0;
  }

  /** Brings the state into `bytes`: its length, then words that are not zero with the distance to
   *  the one before. Equal states, and no others, are equal bytes. */
  #encode({ memory, raceHash }: State): void {
    const end = memory[HEAP_TOP];
    this.#length = 4;
    let last = 0;
    for (let address = 0; address < end; address++) {
      const value = memory[address];
      if (value === 0 || (address >= NARRATION && address < NARRATION_END)) continue;
      if (this.#length + PAIR_BYTES > this.#bytes.length) this.#growBytes();
      this.#putNumber(address - last);
      this.#putNumber((value << 1) ^ (value >> 31));
      last = address;
    }
    if (raceHash !== undefined) this.#putNumber(raceHash);
    for (let i = 0; i < 4; i++) this.#bytes[i] = this.#length >>> (8 * i);
  }

  /** Seven bits a byte, the lowest first; the last byte is below 128. */
  #putNumber(number: number): void {
    let rest = number >>> 0;
    while (rest > 127) {
      this.#bytes[this.#length++] = rest | 128;
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
  }

  #growBytes(): void {
    const longer = new Uint8Array(this.#bytes.length * 2);
    longer.set(this.#bytes);
    this.#bytes = longer;
  }

  /** Stores `bytes`; its place. */
  #append(): number {
    if (this.#top + this.#length > this.#end) {
      const chunk = new Uint8Array(Math.max(this.#chunkBytes, this.#length));
      this.#chunks.push(chunk);
      this.#chunkStarts.push(this.#end);
      this.#top = this.#end;
      this.#end += chunk.length;
    }
    const last = this.#chunks.length - 1;
    const place = this.#top;
    const bytes = this.#bytes.subarray(0, this.#length);
    this.#chunks[last].set(bytes, place - this.#chunkStarts[last]);
    this.#top += this.#length;
    return place;
  }

  /** Whether the state at the place is the one in `bytes`. */
  #isAt(place: number): boolean {
    let chunk = Math.min(Math.floor(place / this.#chunkBytes), this.#chunks.length - 1);
    while (this.#chunkStarts[chunk] > place) chunk--;
    const stored = this.#chunks[chunk];
    const start = place - this.#chunkStarts[chunk];
    for (let i = 0; i < this.#length; i++) {
      if (stored[start + i] !== this.#bytes[i]) return false;
    }
    return true;
  }

  #isCrowded(size: number): boolean {
    return size > (this.#table.length / ENTRY_WORDS) * 0.6;
  }

  #grow(): void {
    const old = this.#table;
    const table = new Int32Array(old.length * 2);
    const mask = table.length / ENTRY_WORDS - 1;
    for (let from = 0; from < old.length; from += ENTRY_WORDS) {
      if (old[from + 1] === 0) continue;
      let index = old[from] & mask;
      while (table[index * ENTRY_WORDS + 1] !== 0) index = (index + 1) & mask;
      table.set(old.subarray(from, from + ENTRY_WORDS), index * ENTRY_WORDS);
    }
    this.#table = table;
  }
}
