/**
 * Moves that need not be made: when the machine remembers what a move does, the hash of the state
 * it leads to is known without moving, and if that state is stored there is nothing to see there.
 * If it is not, it is stored at once: the move has a claim on it, and nobody else will go there.
 * All moves of a state are looked up together, so that the memory is waited for once.
 */
import type { Machine } from '../machine/machine.ts';
import { CLAIMED, type Frames } from './frames.ts';
import { PossibleMoves } from './possible-moves.ts';
import { type HashedStates, NEW, STORED } from './visited.ts';

export class Foresight {
  readonly #machine: Machine;
  readonly #states: HashedStates;
  readonly #possible = new PossibleMoves();
  /** By move: what the table said of the state it leads to. */
  #answers = new Uint8Array(this.#possible.moves.length);

  constructor(machine: Machine, states: HashedStates) {
    this.#machine = machine;
    this.#states = states;
  }

  /** Looks at the moves that can be made now; how many there are. */
  look(): number {
    return this.#possible.look(this.#machine);
  }

  /** Gives the top frame the moves that `look` has found, but for those that lead to stored states
   *  (how many), and lays claim on the states that others lead to. */
  claimStates(frames: Frames): number {
    const { moves, lows, highs, count } = this.#possible;
    if (this.#answers.length < moves.length) this.#answers = new Uint8Array(moves.length);
    const answers = this.#answers;
    this.#states.insertEach(lows, highs, count, answers);
    let dropped = 0;
    for (let i = 0; i < count; i++) {
      if (answers[i] === STORED) dropped++;
      else frames.addMove(answers[i] === NEW ? moves[i] | CLAIMED : moves[i]);
    }
    return dropped;
  }
}
