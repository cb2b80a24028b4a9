/**
 * The states that random executions have passed, and where each of their moves leads: so that what
 * one execution has done, the next ones need not do again. Executions begin alike and meet in the
 * same states over and over; where they do, a step is a look into an array.
 *
 * A state has a number, from 1 on, and is known by its hash. All is numbers in arrays: by state, an
 * end (what is known of its outcome), the number of threads that can move, and the index of its
 * moves; there, for each such thread, its number with the number of its answers, and the state that
 * its move leads to (with several answers, the index of as many states).
 */
import { grown } from '../machine/pool.ts';
import { entriesWithin, VisitedTable } from './visited.ts';

/** What `endOf` says of a state at which nobody has looked, and of one where the run goes on. Other
 *  numbers are the user's. */
export const NOT_LOOKED_AT = 0;
export const GOES_ON = -1;

/** What `enabled` says of a state whose moves are not known. */
export const NOT_EXPANDED = -1;

const STATE_WORDS = 3;
const END = 0;
const COUNT = 1;
const MOVES = 2;
const MOVE_WORDS = 2;
const ANSWER_SHIFT = 8;

const FIRST_STATES = 1 << 10;
const FIRST_MOVE_WORDS = 1 << 12;
const STATES_LIMIT = 1 << 20;
/** Words of all moves; a state that asks for more answers than fit is never expanded. */
const MOVES_LIMIT_WORDS = 1 << 24;
/** Bytes of a state: here, its moves (usually of three threads), and in the table. */
const STATE_BYTES = 4 * (STATE_WORDS + 3 * MOVE_WORDS + 8);

export class KnownStates {
  readonly #table: VisitedTable;
  readonly #limit: number;
  #states = new Int32Array(FIRST_STATES * STATE_WORDS);
  #count = 1;
  #moves = new Int32Array(FIRST_MOVE_WORDS);
  #movesEnd = 1;

  constructor(budgetBytes: number) {
    const fits = Math.floor(budgetBytes / STATE_BYTES);
    this.#limit = Math.min(STATES_LIMIT, fits, entriesWithin(budgetBytes));
    this.#table = new VisitedTable(budgetBytes);
  }

  /** Number of states known. */
  get size(): number {
    return this.#count - 1;
  }

  /** The number of the state with this hash, which is added; 0 when there is no more room. */
  stateOf(low: number, high: number): number {
    if (this.#count > this.#limit) return 0;
    const table = this.#table;
    if (!table.insert(low, high)) return table.payload();
    const state = this.#count++;
    table.setPayload(state);
    if (this.#count * STATE_WORDS > this.#states.length) {
      this.#states = grown(this.#states, this.#states.length * 2);
    }
    this.#states[state * STATE_WORDS + COUNT] = NOT_EXPANDED;
    return state;
  }

  /** What `setEnd` has noted of the state. */
  endOf(state: number): number {
    return this.#states[state * STATE_WORDS + END];
  }

  setEnd(state: number, end: number): void {
    this.#states[state * STATE_WORDS + END] = end;
  }

  /** Writes the threads that can move in the state to `into`; how many, or NOT_EXPANDED. */
  enabled(state: number, into: Int32Array): number {
    const count = this.#states[state * STATE_WORDS + COUNT];
    const moves = this.#moves;
    let at = this.#states[state * STATE_WORDS + MOVES];
    for (let i = 0; i < count; i++, at += MOVE_WORDS) {
      into[i] = moves[at] & ((1 << ANSWER_SHIFT) - 1);
    }
    return count;
  }

  /** Notes which threads can move in the state, and among how many answers each chooses. False when
   *  there is no room for that. */
  expand(state: number, threads: Int32Array, count: number, answers: Int32Array): boolean {
    let words = count * MOVE_WORDS;
    for (let i = 0; i < count; i++) if (answers[i] > 1) words += answers[i];
    const first = this.#movesEnd;
    if (first + words > MOVES_LIMIT_WORDS) return false;
    if (first + words > this.#moves.length) {
      this.#moves = grown(this.#moves, Math.max(this.#moves.length * 2, first + words));
    }
    this.#movesEnd += words;
    let several = first + count * MOVE_WORDS;
    for (let i = 0; i < count; i++) {
      const at = first + i * MOVE_WORDS;
      this.#moves[at] = threads[i] | (answers[i] << ANSWER_SHIFT);
      if (answers[i] === 1) continue;
      this.#moves[at + 1] = several;
      several += answers[i];
    }
    this.#states[state * STATE_WORDS + COUNT] = count;
    this.#states[state * STATE_WORDS + MOVES] = first;
    return true;
  }

  /** Number of answers among which the index-th thread of an expanded state chooses. */
  answers(state: number, index: number): number {
    const at = this.#states[state * STATE_WORDS + MOVES] + index * MOVE_WORDS;
    return this.#moves[at] >>> ANSWER_SHIFT;
  }

  /** The state to which that thread's move leads; 0: not known. */
  next(state: number, index: number, answer: number): number {
    return this.#moves[this.#place(state, index, answer)];
  }

  setNext(state: number, index: number, answer: number, next: number): void {
    this.#moves[this.#place(state, index, answer)] = next;
  }

  /** Where the state that the move leads to stands. */
  #place(state: number, index: number, answer: number): number {
    const at = this.#states[state * STATE_WORDS + MOVES] + index * MOVE_WORDS;
    const isOne = this.#moves[at] >>> ANSWER_SHIFT === 1;
    return isOne ? at + 1 : this.#moves[at + 1] + answer;
  }
}
