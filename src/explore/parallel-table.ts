/**
 * The states that the workers of a parallel search have met: as VisitedTable, in shared memory and
 * without locks. An entry is a hash in two words and, in an array of its own, what was explored
 * from the state.
 *
 * A free entry is taken by exchanging its first word for the low half, and then its second for the
 * high half; whoever finds the first one taken by an equal low half may complete it, too. So no
 * worker waits for another, and since an entry keeps its state, all of them stop at the same one.
 * Whoever completes an entry has stored a new state. With reduction, what counts is the payload:
 * the threads that did not sleep (and bit 31). Adding to it with one atomic `or` tells what was
 * there before, which makes "insert, or explore the difference" one operation.
 *
 * The table lies in memory reserved for its largest size. To use more of it, a worker lets all
 * others come to rest between two operations and moves the entries.
 */
import {
  CAPACITY,
  COUNTED,
  GROWING,
  parkedWord,
  type SharedMemory,
  TAKEN,
} from './parallel-memory.ts';
import {
  ENTRY_WORDS,
  type HashedStates,
  NEW,
  NEW_STATE,
  type State,
  type StateStore,
  STORED,
  UNKNOWN,
} from './visited.ts';

/** What a worker takes from a bound at once; of the last ones before it, one by one. */
const MOST_TAKEN = 64;
const NEAR_BOUND = 2048;
const FULLEST_BEFORE_GROWING = 0.6;

export class SharedTable implements StateStore, HashedStates {
  readonly #memory: SharedMemory;
  readonly #worker: number;
  readonly #isReducing: boolean;
  readonly #control: Int32Array;
  readonly #keys: Int32Array;
  readonly #payloads: Int32Array;
  #mask = 0;
  /** Room that this worker may still use, and states that it may still count. */
  #room = 0;
  #rights = 0;
  #isFull = false;
  /** Whether `find` has stored a new state. */
  #isNew = false;
  /** What insertEach has read to have it at hand. */
  touched = 0;

  constructor(memory: SharedMemory, worker: number, isReducing: boolean) {
    this.#memory = memory;
    this.#worker = worker;
    this.#isReducing = isReducing;
    this.#control = memory.control;
    this.#keys = memory.keys;
    this.#payloads = memory.payloads;
  }

  meet(state: State, sleep: number): number {
    this.#prepare(1);
    const entry = this.#find(state.hashLow, state.hashHigh);
    if (this.#isReducing) return this.#cover(entry, ~sleep);
    return this.#isNew ? NEW_STATE : 0;
  }

  insertEach(lows: Int32Array, highs: Int32Array, count: number, answers: Uint8Array): void {
    this.#prepare(count);
    // First all entries are touched, which the processor does at the same time.
    let touched = 0;
    for (let i = 0; i < count; i++) {
      touched |= this.#keys[(placeOf(lows[i], highs[i]) & this.#mask) * 2];
    }
    this.touched = touched;
    for (let i = 0; i < count; i++) {
      if (lows[i] === 0 && highs[i] === 0) answers[i] = UNKNOWN;
      else {
        this.#find(lows[i], highs[i]);
        answers[i] = this.#isNew ? NEW : STORED;
      }
    }
  }

  /** Before entries are looked for: lets the table grow, and takes room for new ones. */
  #prepare(count: number): void {
    if (Atomics.load(this.#control, GROWING) !== 0) {
      this.park();
      this.unpark();
    }
    if (this.#room < count) this.#takeRoom(count);
  }

  /** The entry of a state, which is made if there is none. */
  #find(hashLow: number, hashHigh: number): number {
    const keys = this.#keys;
    const mask = this.#mask;
    // 0 marks what is free.
    const low = hashLow === 0 ? 1 : hashLow;
    const high = hashHigh === 0 ? 1 : hashHigh;
    for (let entry = placeOf(low, high) & mask; ; entry = (entry + 1) & mask) {
      const at = entry * 2;
      let a = Atomics.load(keys, at);
      if (a === 0) a = Atomics.compareExchange(keys, at, 0, low);
      if (a !== 0 && a !== low) continue;
      let b = Atomics.load(keys, at + 1);
      if (b === 0) b = Atomics.compareExchange(keys, at + 1, 0, high);
      if (b !== 0 && b !== high) continue;
      this.#isNew = b === 0;
      if (b === 0) this.#room--;
      return entry;
    }
  }

  /** Adds to what is explored from a state. What slept before is all other bits: of a new state
   *  all, which is NEW_STATE. */
  #cover(entry: number, awake: number): number {
    const before = Atomics.load(this.#payloads, entry);
    if ((awake & ~before) === 0) return ~before;
    return ~Atomics.or(this.#payloads, entry, awake);
  }

  #takeRoom(count: number): void {
    const control = this.#control;
    const wanted = MOST_TAKEN + count;
    const taken = Atomics.add(control, TAKEN, wanted) + wanted;
    this.#room += wanted;
    this.#isFull = taken > this.#memory.roomLimit;
    const capacity = this.#mask + 1;
    if (taken > capacity * FULLEST_BEFORE_GROWING) this.#grow(capacity);
  }

  /** Whether memory for states is used up. The rest of the table is a reserve. */
  get bytes(): number {
    return Atomics.load(this.#control, CAPACITY) * ENTRY_WORDS * 4;
  }

  isFull(): boolean {
    return this.#isFull;
  }

  /** Counts one more state; false when the bound does not allow it. */
  count(): boolean {
    if (this.#rights === 0) this.#takeRights();
    return this.#rights-- > 0;
  }

  #takeRights(): void {
    const { stateLimit, workers } = this.#memory;
    const control = this.#control;
    const rest = stateLimit - Atomics.load(control, COUNTED);
    const wanted = rest > NEAR_BOUND * workers ? MOST_TAKEN : 1;
    const before = Atomics.add(control, COUNTED, wanted);
    this.#rights = Math.max(0, Math.min(wanted, stateLimit - before));
    Atomics.sub(control, COUNTED, wanted - this.#rights);
  }

  /** Others may count what this worker will not. */
  #giveRightsBack(): void {
    Atomics.sub(this.#control, COUNTED, this.#rights);
    this.#rights = 0;
  }

  /** Forgets all states. All other workers must be parked. */
  clear(): void {
    this.#keys.fill(0, 0, (this.#mask + 1) * 2);
    this.#payloads.fill(0, 0, this.#mask + 1);
    Atomics.store(this.#control, TAKEN, 0);
    Atomics.store(this.#control, COUNTED, 0);
  }

  /** What was taken from the bounds belongs to the round before. */
  startRound(): void {
    this.#room = 0;
    this.#rights = 0;
  }

  /** This worker will not touch the table until `unpark`. */
  park(): void {
    this.#giveRightsBack();
    const word = parkedWord(this.#worker);
    Atomics.store(this.#control, word, 1);
    Atomics.notify(this.#control, word);
  }

  unpark(): void {
    const control = this.#control;
    const word = parkedWord(this.#worker);
    for (;;) {
      Atomics.store(control, word, 0);
      if (Atomics.load(control, GROWING) === 0) break;
      this.park();
      Atomics.wait(control, GROWING, 1);
    }
    this.#mask = Atomics.load(control, CAPACITY) - 1;
  }

  #grow(capacity: number): void {
    const control = this.#control;
    if (capacity * 2 > this.#payloads.length) return;
    if (Atomics.compareExchange(control, GROWING, 0, 1) === 0) {
      // Whoever grew it a moment ago has changed the capacity.
      if (Atomics.load(control, CAPACITY) === capacity) {
        this.#waitForOthers();
        this.#rehash(capacity);
        Atomics.store(control, CAPACITY, capacity * 2);
      }
      Atomics.store(control, GROWING, 0);
      Atomics.notify(control, GROWING);
    } else this.park();
    this.unpark();
  }

  #waitForOthers(): void {
    for (let other = 0; other < this.#memory.workers; other++) {
      if (other === this.#worker) continue;
      const word = parkedWord(other);
      while (Atomics.load(this.#control, word) === 0) Atomics.wait(this.#control, word, 0);
    }
  }

  #rehash(capacity: number): void {
    const [keys, payloads] = [this.#keys, this.#payloads];
    const oldKeys = keys.slice(0, capacity * 2);
    const oldPayloads = payloads.slice(0, capacity);
    keys.fill(0, 0, capacity * 2);
    payloads.fill(0, 0, capacity);
    const mask = capacity * 2 - 1;
    for (let from = 0; from < capacity; from++) {
      const low = oldKeys[from * 2];
      const high = oldKeys[from * 2 + 1];
      if (low === 0) continue;
      let entry = placeOf(low, high) & mask;
      while (keys[entry * 2] !== 0) entry = (entry + 1) & mask;
      keys[entry * 2] = low;
      keys[entry * 2 + 1] = high;
      payloads[entry] = oldPayloads[from];
    }
  }
}

function placeOf(low: number, high: number): number {
  return low ^ Math.imul(high, 0x9e3779b1);
}
