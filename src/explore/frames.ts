/**
 * The stack of a depth-first search: states on the path that are not yet done with, and the moves
 * to try in each. Arrays of numbers, so that going down and up a level makes no garbage.
 */

import { NEW, STORED } from './visited.ts';

/** Bit of a move: the state it leads to is stored already, for this move to visit. */
export const CLAIMED = 1 << 30;

const FIRST_FRAMES = 1 << 12;
const FIRST_MOVES = 1 << 14;

export class Frames {
  #count = 0;
  #marks = new Float64Array(FIRST_FRAMES);
  #shares = new Float64Array(FIRST_FRAMES);
  #pathLengths = new Int32Array(FIRST_FRAMES);
  #sleeps = new Int32Array(FIRST_FRAMES);
  #firsts = new Int32Array(FIRST_FRAMES);
  #nexts = new Int32Array(FIRST_FRAMES);
  /** Moves of all frames, one after the other, packed `answer << 8 | thread`. */
  #moves = new Int32Array(FIRST_MOVES);
  #movesEnd = 0;

  isEmpty(): boolean {
    return this.#count === 0;
  }

  /** A new top frame, without moves yet; `share`: of the whole search, for the progress. */
  push(mark: number, pathLength: number, sleep: number, share: number): void {
    const top = this.#count++;
    if (top === this.#marks.length) this.#growFrames();
    this.#marks[top] = mark;
    this.#shares[top] = share;
    this.#pathLengths[top] = pathLength;
    this.#sleeps[top] = sleep;
    this.#firsts[top] = this.#movesEnd;
    this.#nexts[top] = this.#movesEnd;
  }

  /** Adds a move to the top frame. */
  addMove(move: number): void {
    if (this.#movesEnd === this.#moves.length) this.#moves = longer(this.#moves);
    this.#moves[this.#movesEnd++] = move;
  }

  hasMoves(): boolean {
    return this.#movesEnd > this.#firsts[this.#count - 1];
  }

  /** Moves of the top frame. */
  moveCount(): number {
    return this.#movesEnd - this.#firsts[this.#count - 1];
  }

  moveAt(index: number): number {
    return this.#moves[this.#firsts[this.#count - 1] + index];
  }

  /** Takes what the table of visited states says of the states that the moves of the top frame lead
   *  to: moves to stored ones are dropped (how many), those to new ones marked as CLAIMED. */
  sift(answers: Uint8Array): number {
    const moves = this.#moves;
    const first = this.#firsts[this.#count - 1];
    let to = first;
    for (let from = first; from < this.#movesEnd; from++) {
      const answer = answers[from - first];
      if (answer !== STORED) moves[to++] = answer === NEW ? moves[from] | CLAIMED : moves[from];
    }
    const dropped = this.#movesEnd - to;
    this.#movesEnd = to;
    return dropped;
  }

  /** The next move of the top frame, or -1 when all were tried. */
  nextMove(): number {
    const top = this.#count - 1;
    const next = this.#nexts[top];
    if (next >= this.#movesEnd) return -1;
    this.#nexts[top] = next + 1;
    return this.#moves[next];
  }

  pop(): void {
    this.#movesEnd = this.#firsts[--this.#count];
  }

  mark(): number {
    return this.#marks[this.#count - 1];
  }

  pathLength(): number {
    return this.#pathLengths[this.#count - 1];
  }

  /** What one move of the top frame stands for. */
  share(): number {
    const top = this.#count - 1;
    return this.#shares[top] / (this.#movesEnd - this.#firsts[top]);
  }

  /** Threads that need not be moved here: what they do has been tried before, in another order. */
  sleep(): number {
    return this.#sleeps[this.#count - 1];
  }

  addToSleep(bit: number): void {
    this.#sleeps[this.#count - 1] |= bit;
  }

  #growFrames(): void {
    this.#marks = longer(this.#marks);
    this.#shares = longer(this.#shares);
    this.#pathLengths = longer(this.#pathLengths);
    this.#sleeps = longer(this.#sleeps);
    this.#firsts = longer(this.#firsts);
    this.#nexts = longer(this.#nexts);
  }
}

function longer<T extends Int32Array | Float64Array>(array: T): T {
  const made = (
    array instanceof Int32Array
      ? new Int32Array(array.length * 2)
      : new Float64Array(array.length * 2)
  ) as T;
  made.set(array);
  return made;
}
