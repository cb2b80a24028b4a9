/**
 * Which memory is touched by one context alone, and which words are nothing but locks: learned
 * while searching, and the reason why most operations need not be interleaved.
 *
 * The search assumes that memory belongs to the first context that touches it while several threads
 * live, and that a word which was locked is only ever locked and unlocked. An operation on memory
 * of one's own, and an unlock, form a persistent set of one (Godefroid 1996, definition 4.1):
 * nothing that another thread does before can depend on them. When the assumption breaks, the word
 * is shared from then on, and what was explored may have left something out. Wherever a move was
 * forced by the word, the other moves are tried now (forced-moves.ts); where that is not known, the
 * search begins anew. It is over when no move that was forced rests on an assumption that broke.
 * (The first break is always met: up to it, the sets were persistent.)
 *
 * Several threads of a parallel search share one table of assumptions, in shared memory: a word
 * that is claimed for different contexts by two of them is broken as if one had claimed both. A
 * claim is made with one atomic exchange, so none is lost. A stale value does no harm: it is either
 * "nobody", which the exchange corrects, or an owner in a round in which a break was counted.
 */
import { OP_ASTORE, OP_UNLOCK } from '../language/instructions.ts';
import { isLockOperation, touchesMemory, touchesMemoryAlone, wordsTouched } from './operations.ts';

const SHARED = -1;
/** Bits of a word's use; a word with the first alone is a lock. */
const LOCKED = 1;
const MORE_THAN_LOCK = 2;

const FIRST_WORDS = 1 << 16;

/** What is assumed, as plain memory. */
export interface Claims {
  /** By address: 0 nobody yet, a context, or SHARED. */
  readonly owner: Int32Array;
  /** By address: LOCKED, MORE_THAN_LOCK. */
  readonly lockUse: Uint8Array;
  /** One word: assumptions broken in this round. */
  readonly broken: Int32Array;
}

/** Claims for so many addresses, that threads can share. Memory beyond belongs to nobody. */
export function sharedClaims(words: number): Claims {
  return {
    owner: new Int32Array(new SharedArrayBuffer(words * 4)),
    lockUse: new Uint8Array(new SharedArrayBuffer(words)),
    broken: new Int32Array(new SharedArrayBuffer(4)),
  };
}

/**
 * What an operation of a thread is to be claimed as; `word` stands at its address. An unlock is a
 * left mover only where nobody but the holder unlocks: a word that another thread unlocks is memory
 * like any other.
 */
export function claimedAs(op: number, word: number, thread: number): number {
  return op === OP_UNLOCK && word !== thread + 1 ? OP_ASTORE : op;
}

export class Ownership {
  readonly #code: Int32Array;
  #owner: Int32Array;
  #lockUse: Uint8Array;
  readonly #broken: Int32Array;
  readonly #isShared: boolean;

  /** `code`: that of the image; `claims`: those of a parallel search, if it is one. */
  constructor(code: Int32Array, claims: Claims | null = null) {
    this.#code = code;
    this.#isShared = claims !== null;
    this.#owner = claims?.owner ?? new Int32Array(FIRST_WORDS);
    this.#lockUse = claims?.lockUse ?? new Uint8Array(FIRST_WORDS);
    this.#broken = claims?.broken ?? new Int32Array(1);
  }

  /** Words about which something wrong was assumed, since somebody emptied this. (Not kept where
   *  several threads share the table.) */
  readonly brokenWords: number[] = [];

  /** Assumptions broken in this round. */
  get broken(): number {
    return this.#broken[0];
  }

  startRound(): void {
    this.#broken[0] = 0;
    this.brokenWords.length = 0;
  }

  /**
   * Whether the operation may be executed at once, without trying other threads first. Notes who
   * touches what. `alone`: no other thread lives, so nothing is learned.
   */
  claim(op: number, address: number, pc: number, context: number, alone: boolean): boolean {
    if (!touchesMemory(op) || address <= 0) return false;
    if (alone) return touchesMemoryAlone(op);
    if (isLockOperation(op)) {
      if (address >= this.#owner.length && !this.#grow(address)) return false;
      return this.#claimLock(op, address, context);
    }
    const isOwn = this.claimWords(address, wordsTouched(this.#code, op, pc), context);
    return isOwn && touchesMemoryAlone(op);
  }

  /** Notes that the context touches the words; whether nobody else does. */
  claimWords(address: number, words: number, context: number): boolean {
    if (address + words >= this.#owner.length && !this.#grow(address + words)) return false;
    let isOwn = true;
    for (let word = address; word < address + words; word++) {
      if (this.#lockUse[word] < MORE_THAN_LOCK) this.#noteNotLock(word);
      if (this.#owner[word] !== context && !this.#claimWord(word, context)) isOwn = false;
    }
    return isOwn;
  }

  /** Whether the word is the context's, now that it was nobody's; else it is shared. */
  #claimWord(word: number, context: number): boolean {
    const owner = Atomics.compareExchange(this.#owner, word, 0, context);
    if (owner === 0 || owner === context) return true;
    if (owner !== SHARED && Atomics.exchange(this.#owner, word, SHARED) !== SHARED) {
      this.#break(word);
    }
    return false;
  }

  /** A lock belongs to nobody. A word that is more than that is memory like any other: who only
   *  locks it touches it, too. */
  #claimLock(op: number, address: number, context: number): boolean {
    if (this.#lockUse[address] === 0) Atomics.compareExchange(this.#lockUse, address, 0, LOCKED);
    if (this.isLock(address)) return op === OP_UNLOCK;
    return this.claimWords(address, 1, context);
  }

  /** Whether the word has only ever been locked and unlocked. */
  isLock(address: number): boolean {
    return this.#lockUse[address] === LOCKED;
  }

  #noteNotLock(address: number): void {
    const before = Atomics.or(this.#lockUse, address, MORE_THAN_LOCK);
    if (before !== LOCKED) return;
    // Who has locked it so far has not claimed it.
    Atomics.store(this.#owner, address, SHARED);
    this.#break(address);
  }

  #break(word: number): void {
    Atomics.add(this.#broken, 0, 1);
    if (!this.#isShared) this.brokenWords.push(word);
  }

  /** False when the memory cannot grow: it is then nobody's. */
  #grow(needed: number): boolean {
    if (this.#isShared) return false;
    const length = Math.max(this.#owner.length * 2, needed + 1);
    const owner = new Int32Array(length);
    owner.set(this.#owner);
    this.#owner = owner;
    const lockUse = new Uint8Array(length);
    lockUse.set(this.#lockUse);
    this.#lockUse = lockUse;
    return true;
  }
}
