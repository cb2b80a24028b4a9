/**
 * The moves that can be made in a state, as the machine tells them, in arrays that are used again
 * for the next state: packed `answer << 8 | thread`, with the lanes of the hash behind each (both
 * 0: not known before it is made).
 */
import type { Machine } from '../machine/machine.ts';

const FIRST_MOVES = 64;

export class PossibleMoves {
  moves = new Int32Array(FIRST_MOVES);
  lows = new Int32Array(FIRST_MOVES);
  highs = new Int32Array(FIRST_MOVES);
  count = 0;

  /** Takes the moves of the state in which the machine is; how many. */
  look(machine: Machine): number {
    this.count = machine.moves(this.moves, this.lows, this.highs);
    if (this.count <= this.moves.length) return this.count;
    this.moves = new Int32Array(this.count * 2);
    this.lows = new Int32Array(this.count * 2);
    this.highs = new Int32Array(this.count * 2);
    return this.look(machine);
  }
}
