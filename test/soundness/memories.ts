/**
 * Whole memories as texts: every word that is not as in state 0, with its address, four characters
 * of 16 bits each. Blocks that are as in state 0 are passed over, for most of the memory is.
 */
import { HEAP_TOP, OUTPUT_COUNT } from '../../src/language/image.ts';

const BLOCK_WORDS = 256;

export class Memories {
  /** State 0, with zeros to the end of the memory. */
  readonly #first: Int32Array;
  readonly #firstBytes: Uint8Array;
  /** Words that can be anything but 0 in the memory now: all below. */
  #top: number;

  /** The machine is in state 0. */
  constructor(memory: Int32Array) {
    this.#first = memory.slice();
    this.#firstBytes = new Uint8Array(this.#first.buffer);
    this.#top = memory[HEAP_TOP];
  }

  /** The memory up to `top`; how much was printed is no part of it. */
  takeOut(memory: Int32Array, top: number): string {
    const first = this.#first;
    const bytes = Buffer.from(memory.buffer, memory.byteOffset, memory.byteLength);
    const parts: number[] = [];
    for (let block = 0; block < top; block += BLOCK_WORDS) {
      const from = block * 4;
      const end = Math.min(from + BLOCK_WORDS * 4, memory.byteLength);
      if (bytes.compare(this.#firstBytes, from, end, from, end) === 0) continue;
      for (let address = block; address < end / 4; address++) {
        const value = memory[address];
        if (value === first[address] || address === OUTPUT_COUNT) continue;
        parts.push(address & 0xffff, address >>> 16, value & 0xffff, value >>> 16);
      }
    }
    this.#top = Math.max(this.#top, top);
    return String.fromCharCode(...parts);
  }

  /** Makes the memory what it was. */
  bringIn(memory: Int32Array, text: string): void {
    memory.set(this.#first.subarray(0, this.#top));
    for (let at = 0; at < text.length; at += 4) {
      const address = text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16);
      memory[address] = text.charCodeAt(at + 2) | (text.charCodeAt(at + 3) << 16);
    }
  }
}
