/**
 * The set of states that a search has seen: their 64-bit hashes in one table with open addressing,
 * and a word for each that the search may use (a sleep set, a preemption count).
 */

/** What `meet` answers for a state that was not stored: as if all threads had slept. */
export const NEW_STATE = -1;

/** A state: that of a machine (a Machine is one), perhaps with more than its memory. */
export interface State {
  readonly memory: Int32Array;
  readonly hashLow: number;
  readonly hashHigh: number;
  /** What a detector of data races knows, which is no part of the memory; it is in the hash too. */
  readonly raceHash?: number;
}

/** States that an exhaustive search has met, each with its sleep set. */
export interface StateStore {
  /**
   * Stores a state with a sleep set (bits 0 to 30), or takes from its
   * stored one what does not sleep now. Gives what was stored before, or NEW_STATE.
   */
  meet(state: State, sleep: number): number;
  /** Whether the memory for states is used up: one more may be stored, but the search must end. */
  isFull(): boolean;
  /** Memory that the states take. */
  readonly bytes: number;
  clear(): void;
}

/** States that are known by their hashes, and can be stored without having been reached. */
export interface HashedStates {
  /** Stores each of `count` states, or finds it stored; in `answers`: NEW, STORED, or UNKNOWN for
   *  the hash 0,0, which stands for no state here. */
  insertEach(lows: Int32Array, highs: Int32Array, count: number, answers: Uint8Array): void;
}

/** Words of a state: two of its key, and its payload in an array of its own, so that looking for a
 *  state touches as little memory as can be. */
export const ENTRY_WORDS = 3;
const FIRST_CAPACITY = 1 << 10;
/** Smaller tables grow to four times their size at once. */
const LARGE_CAPACITY = 1 << 20;

/** A table that is fuller than this grows. */
const FULLEST = 0.7;
/** States that a search may store between two looks at whether the table is full. */
const MOST_AT_ONCE = 512;

/** States that may be stored within a budget: in the largest table for which there is room while
 *  the one of half its size still exists. At least those of the first table. */
export function entriesWithin(budgetBytes: number): number {
  let capacity = FIRST_CAPACITY;
  while (2 * capacity * 1.5 * ENTRY_WORDS * 4 <= budgetBytes) capacity *= 2;
  return Math.floor(capacity * FULLEST) - MOST_AT_ONCE;
}

/** Answers of insertEach. */
export const UNKNOWN = 0;
export const NEW = 1;
export const STORED = 2;

export class VisitedTable implements StateStore, HashedStates {
  /** Number of states stored. */
  size = 0;
  /** Number of the entry that `insert` has found or made. */
  entry = 0;
  #keys: Int32Array;
  #payloads: Int32Array;
  #mask: number;
  #limitEntries: number;
  readonly #maxEntries: number;

  /** Stores at most as many states as fit into `budgetBytes`. */
  constructor(budgetBytes: number) {
    this.#keys = new Int32Array(FIRST_CAPACITY * 2);
    this.#payloads = new Int32Array(FIRST_CAPACITY);
    this.#mask = FIRST_CAPACITY - 1;
    this.#limitEntries = Math.floor(FIRST_CAPACITY * FULLEST);
    this.#maxEntries = entriesWithin(budgetBytes);
  }

  get bytes(): number {
    return (this.#mask + 1) * ENTRY_WORDS * 4;
  }

  /** Whether the table can take one more state within its budget. */
  isFull(): boolean {
    return this.size >= this.#maxEntries;
  }

  /**
   * Looks for a state and stores it, with payload 0, if it is new: true then. Either way `entry` is
   * its place, for `payload` and `setPayload`, until the next call.
   */
  insert(low: number, high: number): boolean {
    const key = keyOf(low, high);
    const keys = this.#keys;
    const mask = this.#mask;
    let entry = (key ^ Math.imul(high, 0x9e3779b1)) & mask;
    for (;;) {
      const a = keys[entry * 2];
      const b = keys[entry * 2 + 1];
      if (a === key && b === high) {
        this.entry = entry;
        return false;
      }
      if (a === 0 && b === 0) break;
      entry = (entry + 1) & mask;
    }
    keys[entry * 2] = key;
    keys[entry * 2 + 1] = high;
    this.entry = entry;
    if (++this.size > this.#limitEntries) this.#grow(key, high);
    return true;
  }

  insertEach(lows: Int32Array, highs: Int32Array, count: number, answers: Uint8Array): void {
    // First all entries are touched, which the processor does at the same time.
    let touched = 0;
    for (let i = 0; i < count; i++) {
      const entry = (lows[i] ^ Math.imul(highs[i], 0x9e3779b1)) & this.#mask;
      touched |= this.#keys[entry * 2];
    }
    this.entry = touched;
    for (let i = 0; i < count; i++) {
      if (lows[i] === 0 && highs[i] === 0) answers[i] = UNKNOWN;
      else answers[i] = this.insert(lows[i], highs[i]) ? NEW : STORED;
    }
  }

  meet(state: State, sleep: number): number {
    if (this.insert(state.hashLow, state.hashHigh)) {
      if (sleep !== 0) this.setPayload(sleep);
      return NEW_STATE;
    }
    const stored = this.payload();
    if ((stored & ~sleep) !== 0) this.setPayload(stored & sleep);
    return stored;
  }

  payload(): number {
    return this.#payloads[this.entry];
  }

  setPayload(value: number): void {
    this.#payloads[this.entry] = value;
  }

  clear(): void {
    this.#keys.fill(0);
    this.#payloads.fill(0);
    this.size = 0;
  }

  #grow(key: number, high: number): void {
    const [oldKeys, oldPayloads] = [this.#keys, this.#payloads];
    const before = this.#mask + 1;
    const isSmall = before < LARGE_CAPACITY && this.#maxEntries > 2 * before * FULLEST;
    const capacity = before * (isSmall ? 4 : 2);
    const mask = capacity - 1;
    this.#mask = mask;
    this.#limitEntries = Math.floor(capacity * FULLEST);
    const keys = new Int32Array(capacity * 2);
    const payloads = new Int32Array(capacity);
    this.#keys = keys;
    this.#payloads = payloads;
    for (let from = 0; from < before; from++) {
      const a = oldKeys[from * 2];
      const b = oldKeys[from * 2 + 1];
      if (a === 0 && b === 0) continue;
      let entry = (a ^ Math.imul(b, 0x9e3779b1)) & mask;
      while (keys[entry * 2] !== 0 || keys[entry * 2 + 1] !== 0) entry = (entry + 1) & mask;
      keys[entry * 2] = a;
      keys[entry * 2 + 1] = b;
      payloads[entry] = oldPayloads[from];
      if (a === key && b === high) this.entry = entry;
    }
  }
}

/** 0,0 marks a free entry; the one state in 2^64 that has this hash is given another. */
function keyOf(low: number, high: number): number {
  return low === 0 && high === 0 ? 1 : low;
}

/** Probability that among `states` random 64-bit hashes two are equal (birthday bound). */
export function collisionProbability(states: number): number {
  return Math.min(1, (states * (states - 1)) / 2 / 2 ** 64);
}
