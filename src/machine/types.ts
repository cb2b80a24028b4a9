/** What a machine is asked and what it tells: plain data. */
import type { MachinePool } from './pool.ts';

export interface MachineOptions {
  /** Size of the memory; untouched words cost nothing. Default 16 Mi words. */
  memoryWords?: number;
  /** A context's stack may grow to this. Default 256 Ki words. */
  stackLimitWords?: number;
  /** First stack segment of a context. Default 256 words. */
  contextWords?: number;
  /** Checks itself after every undo, return and pointer use. For tests; slow. */
  checking?: boolean;
  /** Makes PREEMPT a choice. */
  preemption?: boolean;
  /** Keeps the undo log and the hash. Default true. */
  undo?: boolean;
  /** Of one step: more is a local endless loop, the outcome `limit`. Default 20 million. */
  instructionLimit?: number;
  /** Of the undo log: more ends the run with the outcome `limit`. Default 256 Mi words. */
  undoWords?: number;
  /** Steps after which code is generated for this machine instead of being interpreted; Infinity:
   *  never. Results are the same. Default 4000. */
  generateAfter?: number;
  /** Where its memory comes from, and goes back to when it is released. */
  pool?: MachinePool;
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
