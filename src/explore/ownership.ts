/**
 * Which memory is touched by one context alone, and which words are nothing but locks: learned
 * while searching, and the reason why most operations need not be interleaved.
 *
 * The search assumes that memory belongs to the first context that touches it while several threads
 * live, and that a word which was locked is only ever locked and unlocked. An operation on memory
 * of one's own, and an unlock, form a persistent set of one (Godefroid 1996, definition 4.1):
 * nothing that another thread does before can depend on them. When the assumption breaks, the word
 * is shared from then on, what was explored may have left something out, and the search begins
 * anew; it is over when a whole round has broken nothing. (The first break is always met: up to it,
 * the sets were persistent.)
 */
import { OP_LOCK, OP_UNLOCK } from '../language/instructions.ts';
import { touchesMemory, wordsTouched } from './operations.ts';

const SHARED = -1;
const LOCKED_ONLY = 1;
const MORE_THAN_LOCK = 2;

export class Ownership {
  /** Assumptions broken in this round. */
  broken = 0;
  readonly #code: Int32Array;
  /** By address: 0 nobody yet, a context, or SHARED. */
  #owner = new Int32Array(1 << 16);
  #lockUse = new Uint8Array(1 << 16);

  /** `code`: that of the image. */
  constructor(code: Int32Array) {
    this.#code = code;
  }

  /**
   * Whether the operation may be executed at once, without trying other threads first. Notes who
   * touches what. `alone`: no other thread lives, so nothing is learned.
   */
  claim(op: number, address: number, pc: number, context: number, alone: boolean): boolean {
    if (!touchesMemory(op) || address <= 0) return false;
    if (alone) return true;
    if (op === OP_LOCK || op === OP_UNLOCK) {
      if (address >= this.#owner.length) this.#grow(address);
      return this.#claimLock(op, address);
    }
    return this.claimWords(address, wordsTouched(this.#code, op, pc), context);
  }

  /** Notes that the context touches the words; whether nobody else does. */
  claimWords(address: number, words: number, context: number): boolean {
    if (address + words >= this.#owner.length) this.#grow(address + words);
    let isOwn = true;
    for (let word = address; word < address + words; word++) {
      if (this.#lockUse[word] !== MORE_THAN_LOCK) this.#noteNotLock(word);
      const owner = this.#owner[word];
      if (owner === context) continue;
      if (owner === 0) {
        this.#owner[word] = context;
        continue;
      }
      isOwn = false;
      if (owner !== SHARED) {
        this.#owner[word] = SHARED;
        this.broken++;
      }
    }
    return isOwn;
  }

  #claimLock(op: number, address: number): boolean {
    if (this.#lockUse[address] === 0) this.#lockUse[address] = LOCKED_ONLY;
    return op === OP_UNLOCK && this.#lockUse[address] === LOCKED_ONLY;
  }

  /** Whether the word has only ever been locked and unlocked. */
  isLock(address: number): boolean {
    return this.#lockUse[address] === LOCKED_ONLY;
  }

  #noteNotLock(address: number): void {
    if (this.#lockUse[address] === LOCKED_ONLY) this.broken++;
    this.#lockUse[address] = MORE_THAN_LOCK;
  }

  #grow(needed: number): void {
    const length = Math.max(this.#owner.length * 2, needed + 1);
    const owner = new Int32Array(length);
    owner.set(this.#owner);
    this.#owner = owner;
    const lockUse = new Uint8Array(length);
    lockUse.set(this.#lockUse);
    this.#lockUse = lockUse;
  }
}
