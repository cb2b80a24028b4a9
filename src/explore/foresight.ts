/**
 * Moves that need not be made: when the machine remembers what a move does, the hash of the state
 * it leads to is known without moving, and if that state is stored there is nothing to see there.
 * If it is not, it is stored at once: the move has a claim on it, and nobody else will go there.
 * All moves of a state are looked up together, so that the memory is waited for once.
 */
import type { Machine } from '../machine/machine.ts';
import { CLAIMED, type Frames } from './frames.ts';
import { type HashedStates, NEW, STORED } from './visited.ts';

const FIRST_MOVES = 64;

export class Foresight {
  readonly #machine: Machine;
  readonly #states: HashedStates;
  #moves = new Int32Array(FIRST_MOVES);
  #lows = new Int32Array(FIRST_MOVES);
  #highs = new Int32Array(FIRST_MOVES);
  /** By move: what the table said of the state it leads to. */
  #answers = new Uint8Array(FIRST_MOVES);
  #count = 0;

  constructor(machine: Machine, states: HashedStates) {
    this.#machine = machine;
    this.#states = states;
  }

  /** Looks at the moves that can be made now; how many there are. */
  look(): number {
    const count = this.#machine.moves(this.#moves, this.#lows, this.#highs);
    this.#count = count;
    if (count <= this.#moves.length) return count;
    this.#moves = new Int32Array(count * 2);
    this.#lows = new Int32Array(count * 2);
    this.#highs = new Int32Array(count * 2);
    this.#answers = new Uint8Array(count * 2);
    return this.look();
  }

  /** Gives the top frame the moves that `look` has found, but for those that lead to stored states
   *  (how many), and lays claim on the states that others lead to. */
  claimStates(frames: Frames): number {
    const count = this.#count;
    const moves = this.#moves;
    const answers = this.#answers;
    this.#states.insertEach(this.#lows, this.#highs, count, answers);
    let dropped = 0;
    for (let i = 0; i < count; i++) {
      if (answers[i] === STORED) dropped++;
      else frames.addMove(answers[i] === NEW ? moves[i] | CLAIMED : moves[i]);
    }
    return dropped;
  }
}
