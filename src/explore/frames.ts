/**
 * The stack of a depth-first search: states on the path that are not yet done with, and the moves
 * to try in each. Arrays of numbers, so that going down and up a level makes no garbage.
 */

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
