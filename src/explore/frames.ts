/**
 * The stack of a depth-first search: states on the path that are not yet done with, and the moves
 * to try in each. Arrays of numbers, so that going down and up a level makes no garbage.
 */

/** Bit of a move: the state it leads to is stored already, for this move to visit. */
export const CLAIMED = 1 << 30;

const FIRST_FRAMES = 1 << 12;
const FIRST_MOVES = 1 << 14;
/** Words of what FramesGiven describes. */
const GIVEN_HEADER = 2;
const GIVEN_FRAME = 5;
const shareBuffer = new Float64Array(1);
const shareWords = new Int32Array(shareBuffer.buffer);

/**
 * States with moves to try, on the way from one search to another: numbers in an Int32Array. First
 * the number of states and the place of the path; then for each state its path length, sleep set,
 * number of moves, share (as a double) and moves; then the path to the last one.
 */
export class FramesGiven {
  readonly #words: Int32Array;
  #at = GIVEN_HEADER;
  #left: number;
  pathLength = 0;
  sleep = 0;
  share = 0;
  moves: Int32Array;

  constructor(words: Int32Array) {
    this.#words = words;
    this.#left = words[0];
    this.moves = words.subarray(0, 0);
  }

  /** Goes to the next state; false when there is none. */
  next(): boolean {
    if (this.#left-- === 0) return false;
    const words = this.#words;
    const at = this.#at;
    this.pathLength = words[at];
    this.sleep = words[at + 1];
    shareWords.set(words.subarray(at + 3, at + GIVEN_FRAME));
    this.share = shareBuffer[0];
    this.#at = at + GIVEN_FRAME + words[at + 2];
    this.moves = words.subarray(at + GIVEN_FRAME, this.#at);
    return true;
  }

  /** A move of the path, packed. */
  move(index: number): number {
    return this.#words[this.#words[1] + index];
  }
}

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

  /**
   * Gives away the untried moves of every second state that has some, the lowest first, with the
   * path to the last of them: see FramesGiven. Gives the words written to `into`; 0 when fewer than
   * two states have moves left, or not even one fits.
   */
  give(path: Int32Array, into: Int32Array): number {
    let at = GIVEN_HEADER;
    let given = 0;
    let pathLength = 0;
    let isTurn = this.#hasTwoWithMoves();
    for (let i = 0; i < this.#count; i++) {
      const next = this.#nexts[i];
      const end = i + 1 < this.#count ? this.#firsts[i + 1] : this.#movesEnd;
      if (next === end) continue;
      if (isTurn) {
        const words = GIVEN_FRAME + end - next;
        if (at + words + this.#pathLengths[i] > into.length) break;
        pathLength = this.#pathLengths[i];
        into[at] = pathLength;
        into[at + 1] = this.#sleeps[i];
        into[at + 2] = end - next;
        shareBuffer[0] = (this.#shares[i] / (end - this.#firsts[i])) * (end - next);
        into.set(shareWords, at + 3);
        into.set(this.#moves.subarray(next, end), at + GIVEN_FRAME);
        at += words;
        given++;
        this.#nexts[i] = end;
      }
      isTurn = !isTurn;
    }
    if (given === 0) return 0;
    into[0] = given;
    into[1] = at;
    into.set(path.subarray(0, pathLength), at);
    return at + pathLength;
  }

  #hasTwoWithMoves(): boolean {
    let found = 0;
    for (let i = 0; i < this.#count && found < 2; i++) {
      const end = i + 1 < this.#count ? this.#firsts[i + 1] : this.#movesEnd;
      if (this.#nexts[i] < end) found++;
    }
    return found === 2;
  }

  /** Forgets all. */
  clear(): void {
    this.#count = 0;
    this.#movesEnd = 0;
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
