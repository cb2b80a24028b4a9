/**
 * Moves that need not be made: when the machine remembers what a move does, the hash of the state
 * it leads to is known without moving, and if that state is stored there is nothing to see there.
 * If it is not, it is stored at once: the move has a claim on it, and nobody else will go there.
 * All moves of a state are looked up together, so that the memory is waited for once.
 */
import type { Machine } from '../machine/machine.ts';
import type { Frames } from './frames.ts';
import type { HashedStates } from './visited.ts';

export class Foresight {
  readonly #machine: Machine;
  readonly #states: HashedStates;
  #lows = new Int32Array(64);
  #highs = new Int32Array(64);
  /** By move: what the table said of the state it leads to. */
  #answers = new Uint8Array(64);

  constructor(machine: Machine, states: HashedStates) {
    this.#machine = machine;
    this.#states = states;
  }

  /** Drops the moves of the top frame that lead to stored states (how many), and lays claim on the
   *  states that others lead to. */
  claimStates(frames: Frames): number {
    const count = frames.moveCount();
    if (count > this.#lows.length) this.#grow(count);
    const machine = this.#machine;
    const [lows, highs] = [this.#lows, this.#highs];
    let asked = 0;
    for (let i = 0; i < count; i++) {
      const move = frames.moveAt(i);
      lows[i] = 0;
      highs[i] = 0;
      if (!machine.foresee(move & 0xff, move >>> 8)) continue;
      lows[i] = machine.foreseenLow;
      highs[i] = machine.foreseenHigh;
      asked++;
    }
    if (asked === 0) return 0;
    this.#states.insertEach(lows, highs, count, this.#answers);
    return frames.sift(this.#answers);
  }

  #grow(count: number): void {
    this.#lows = new Int32Array(count * 2);
    this.#highs = new Int32Array(count * 2);
    this.#answers = new Uint8Array(count * 2);
  }
}
