/**
 * The machine: runs an image one step at a time, forwards and backwards. All its state is `memory`
 * (laid out as src/language/image.ts says); whoever has the memory has everything.
 */
import type { Image, Outcome } from '../language/image.ts';

export interface MachineOptions {
  /** Size of the memory; untouched words cost nothing. Default 16 Mi words. */
  memoryWords?: number;
  /** A context's stack may grow to this. Default 256 Ki words. */
  stackLimitWords?: number;
  /** First stack segment of a context. Default 512 words. */
  contextWords?: number;
  /** Checks itself after every undo, return and pointer use. For tests; slow. */
  checking?: boolean;
  /** Makes PREEMPT a choice. */
  preemption?: boolean;
  /** Keeps the undo log and the hash. Default true. */
  undo?: boolean;
  /** Of one step: more is a local endless loop, the outcome `limit`. Default 20 million. */
  instructionLimit?: number;
}

/** Why execution stopped: at a visible operation, before a marked instruction, after the allowed
 *  number of instructions, or because the run (or the thread) has ended. */
export type Stop = 'boundary' | 'stop' | 'instructions' | 'ended';

/** One line (or part of one) that the run printed. */
export interface OutputEntry {
  readonly stream: number;
  readonly text: string;
  readonly pc: number;
  readonly thread: number;
  readonly context: number;
}

export interface PendingOperation {
  readonly op: number;
  /** What it touches; 0 if nothing. */
  readonly address: number;
  readonly pc: number;
}

/** All state at rest, in as many words as are in use. */
export interface Snapshot {
  readonly words: Int32Array;
  readonly hashLow: number;
  readonly hashHigh: number;
}

const missing = 'internal error: this part of the machine is missing, please report';

export class Machine {
  readonly image: Image;
  memory: Int32Array;
  hashLow = 0;
  hashHigh = 0;
  instructionCount = 0;
  output: OutputEntry[] = [];

  constructor(image: Image, options: MachineOptions = {}) {
    this.image = image;
    this.memory = new Int32Array(options.memoryWords ?? 1 << 24);
  }

  /** State 0: thread 0 at its first visible operation. Empties the undo log. */
  reset(): void {
    throw new Error(missing);
  }

  threadCount(): number {
    throw new Error(missing);
  }

  isLive(_thread: number): boolean {
    throw new Error(missing);
  }

  /** Whether the thread is live and its pending visible operation can be executed now. */
  isEnabled(_thread: number): boolean {
    throw new Error(missing);
  }

  /** Number of answers of the thread's pending CHOOSE or PREEMPT, else 1. */
  choiceCount(_thread: number): number {
    throw new Error(missing);
  }

  /** What the thread will do first when it is stepped. */
  pendingOperation(_thread: number): PendingOperation {
    throw new Error(missing);
  }

  /** One whole step of a thread that is enabled: `boundary`, or `ended` when the run has ended. */
  step(_thread: number, _answer = 0): Stop {
    throw new Error(missing);
  }

  /** Part of a step: executes until the next boundary, or before an instruction (not the first one)
   *  whose stops[pc / 4] is not 0, or `maxInstructions`. The thread's pc and fp are exact after it.
   *  A thread in the middle of a step must be advanced to its boundary before another one moves. */
  advance(
    _thread: number,
    _answer: number,
    _maxInstructions: number,
    _stops: Uint8Array | null,
  ): Stop {
    throw new Error(missing);
  }

  /** The thread that `advance` has left in the middle of a step, or -1. */
  isMidStep(): number {
    throw new Error(missing);
  }

  /** How the run has ended; null while it has not. */
  outcome(): Outcome | null {
    throw new Error(missing);
  }

  /** Ends the run from outside, as one step that can be undone. */
  end(_outcome: Outcome): void {
    throw new Error(missing);
  }

  /** Position in the undo log, for `undo`. */
  mark(): number {
    throw new Error(missing);
  }

  /** Goes back to the state that `mark()` was called in, bit for bit. */
  undo(_mark: number): void {
    throw new Error(missing);
  }

  /** Forgets how to undo; earlier marks become invalid. */
  clearLog(): void {
    throw new Error(missing);
  }

  /** Words that the undo log holds (4 bytes each). */
  logWords(): number {
    throw new Error(missing);
  }

  snapshot(): Snapshot {
    throw new Error(missing);
  }

  /** Goes to a state of this image's; the undo log becomes empty. The output is cut, never regained:
   *  a restored state must lie before the present one on the same timeline, or be followed by
   *  `output` being set by the caller. */
  restore(_snapshot: Snapshot): void {
    throw new Error(missing);
  }

  /** Changes words from outside (a debugger's set variable), as one undoable step. */
  poke(_address: number, _values: readonly number[]): void {
    throw new Error(missing);
  }

  /** The value of a new string, for `poke`; it is one undoable step. */
  makeString(_text: string): number {
    throw new Error(missing);
  }

  /** Name of the first condition of the kind that does not hold, or null. Leaves no trace. */
  checkConditions(_kind: 'invariant' | 'quiescent'): string | null {
    throw new Error(missing);
  }

  /** Text of a string value. */
  readString(_value: number): string {
    throw new Error(missing);
  }

  /** Address of the heap object that the address lies in (its first word), or 0. */
  objectOf(_address: number): number {
    throw new Error(missing);
  }

  /** A value at an address as fmt's verb prints it: `%v`, `%+v`, `%#v` … */
  format(_verb: string, _type: number, _address: number): string {
    throw new Error(missing);
  }

  /** Recomputes both lanes of the hash from memory. */
  fullHash(): [low: number, high: number] {
    throw new Error(missing);
  }
}
