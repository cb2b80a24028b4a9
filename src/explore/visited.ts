/**
 * The set of states that a search has seen: their 64-bit hashes in one table with open addressing,
 * and a word for each that the search may use (a sleep set, a preemption count).
 */
import type { Machine } from '../machine/machine.ts';

/** What `meet` answers for a state that was not stored: as if all threads had slept. */
export const NEW_STATE = -1;

/** States that an exhaustive search has met, each with its sleep set. */
export interface StateStore {
  /** Number of states stored. */
  readonly size: number;
  /**
   * Stores the state that the machine is in with a sleep set (bits 0 to 30), or takes from its
   * stored one what does not sleep now. Gives what was stored before, or NEW_STATE.
   */
  meet(machine: Machine, sleep: number): number;
  /** Whether the memory for states is used up: one more may be stored, but the search must end. */
  isFull(): boolean;
  clear(): void;
}

const ENTRY_WORDS = 3;
const FIRST_CAPACITY = 1 << 12;

export class VisitedTable implements StateStore {
  /** Number of states stored. */
  size = 0;
  /** The word of the entry that `find` has found or made. */
  entry = 0;
  #table: Int32Array;
  #mask: number;
  #limitEntries: number;
  readonly #maxEntries: number;

  /** Stores at most as many states as fit into `budgetBytes`. */
  constructor(budgetBytes: number) {
    this.#table = new Int32Array(FIRST_CAPACITY * ENTRY_WORDS);
    this.#mask = FIRST_CAPACITY - 1;
    this.#limitEntries = FIRST_CAPACITY >> 1;
    // A table is at most 3/4 full, and while it grows the old and the new one exist.
    this.#maxEntries = Math.max(1024, Math.floor(budgetBytes / (ENTRY_WORDS * 4 * 2)));
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
    // 0,0 marks a free entry; the one state in 2^64 that has this hash is given another.
    const key = low === 0 && high === 0 ? 1 : low;
    const table = this.#table;
    let index = (key ^ Math.imul(high, 0x9e3779b1)) & this.#mask;
    for (;;) {
      const at = index * ENTRY_WORDS;
      const a = table[at];
      const b = table[at + 1];
      if (a === 0 && b === 0) {
        table[at] = key;
        table[at + 1] = high;
        this.entry = at + 2;
        if (++this.size > this.#limitEntries) this.#grow(key, high);
        return true;
      }
      if (a === key && b === high) {
        this.entry = at + 2;
        return false;
      }
      index = (index + 1) & this.#mask;
    }
  }

  meet(machine: Machine, sleep: number): number {
    if (this.insert(machine.hashLow, machine.hashHigh)) {
      if (sleep !== 0) this.setPayload(sleep);
      return NEW_STATE;
    }
    const stored = this.payload();
    if ((stored & ~sleep) !== 0) this.setPayload(stored & sleep);
    return stored;
  }

  payload(): number {
    return this.#table[this.entry];
  }

  setPayload(value: number): void {
    this.#table[this.entry] = value;
  }

  clear(): void {
    this.#table.fill(0);
    this.size = 0;
  }

  #grow(key: number, high: number): void {
    const old = this.#table;
    const capacity = (this.#mask + 1) * 2;
    this.#mask = capacity - 1;
    this.#limitEntries = Math.floor(capacity * 0.6);
    const table = new Int32Array(capacity * ENTRY_WORDS);
    this.#table = table;
    for (let from = 0; from < old.length; from += ENTRY_WORDS) {
      const a = old[from];
      const b = old[from + 1];
      if (a === 0 && b === 0) continue;
      let index = (a ^ Math.imul(b, 0x9e3779b1)) & this.#mask;
      while (table[index * ENTRY_WORDS] !== 0 || table[index * ENTRY_WORDS + 1] !== 0) {
        index = (index + 1) & this.#mask;
      }
      const at = index * ENTRY_WORDS;
      table[at] = a;
      table[at + 1] = b;
      table[at + 2] = old[from + 2];
      if (a === key && b === high) this.entry = at + 2;
    }
  }
}

/** Probability that among `states` random 64-bit hashes two are equal (birthday bound). */
export function collisionProbability(states: number): number {
  return Math.min(1, (states * (states - 1)) / 2 / 2 ** 64);
}
