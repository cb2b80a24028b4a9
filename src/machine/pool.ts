/**
 * The big arrays of machines that are done with, for machines to come. Making and giving back tens
 * of megabytes costs more than a small search does.
 */

/** What a machine of a certain size works in. */
export interface MachineArrays {
  /** All zero. */
  readonly memory: Int32Array;
  /** All at most `epoch`; as long as the memory. */
  readonly stamp: Int32Array;
  readonly epoch: number;
  readonly log: Int32Array;
}

const FIRST_LOG_WORDS = 1 << 12;
/** Arrays that are kept; more machines at once than that are rare. */
const KEPT_ARRAYS = 3;

/** For a caller that makes machine after machine: an option of each, and `release` ends each. */
export class MachinePool {
  readonly #free: MachineArrays[] = [];

  /** Arrays of `words` words: kept ones, or new ones. */
  take(words: number): MachineArrays {
    const index = this.#free.findIndex((one) => one.memory.length === words);
    return index < 0 ? newArrays(words) : this.#free.splice(index, 1)[0];
  }

  /** Keeps arrays whose memory has been cleared. */
  give(arrays: MachineArrays): void {
    if (this.#free.length === KEPT_ARRAYS) this.#free.shift();
    this.#free.push(arrays);
  }
}

/** `stamped`: whether there are stamps at all; a machine without an undo log needs none. */
export function newArrays(words: number, stamped = true): MachineArrays {
  return {
    memory: new Int32Array(words),
    stamp: new Int32Array(stamped ? words : 0),
    epoch: 0,
    log: new Int32Array(FIRST_LOG_WORDS),
  };
}

/** The array with room for more, which is zero. */
export function grown(array: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const made = new Int32Array(length);
  made.set(array);
  return made;
}
