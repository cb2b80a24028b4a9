/**
 * A run that can be walked in both directions. Time is the number of instructions executed since
 * the start (`instruction`); steps lie in it as intervals. History is kept: walking forward over
 * what was recorded follows the recorded schedule, choosing otherwise (or writing a variable)
 * starts a branch, and the old one stays.
 */
import type { Image, Outcome } from '../language/image.ts';
import type { Machine } from '../machine/machine.ts';
import type { Choice, Policy } from './policy.ts';
import type { Schedule } from './schedule.ts';

export interface TimelineOptions {
  readonly policy: Policy;
  /** Steps until the run is given up with the outcome `limit`. */
  readonly stepLimit?: number;
  /** Whether invariants of the models are checked after every step. */
  readonly checkInvariants?: boolean;
  /** Whether a running goroutine may be preempted at loop heads (asked of the policy). */
  readonly preemption?: boolean;
  /** Memory for going back: beyond it, going back re-executes longer stretches. */
  readonly budgetBytes?: number;
}

/** Why a walk came to rest: a place of the `stops` table, the end of the run (or, backwards, its
 *  beginning), or the instructions it was allowed were used up. */
export type WalkEnd = 'stop' | 'ended' | 'instructions';

export interface Branch {
  readonly id: number;
  /** The branch it left, null for the first one, and where: steps they share. */
  readonly parent: number | null;
  readonly sharedSteps: number;
  readonly steps: number;
  readonly outcome: Outcome | null;
}

export declare class Timeline {
  readonly machine: Machine;
  readonly image: Image;
  constructor(image: Image, options: TimelineOptions);
  /** Steps that are complete at the present. */
  readonly step: number;
  /** The present: instructions executed since the start. */
  readonly instruction: number;
  /** Thread that executes the step in progress; of the last step when between steps; 0 at first. */
  readonly thread: number;
  /** Whether the present lies inside a step. */
  readonly insideStep: boolean;
  /** Ends of what is recorded on this branch. */
  readonly recordedSteps: number;
  readonly recordedInstructions: number;
  /** The run's outcome if the present is its end, else null. */
  readonly outcome: Outcome | null;
  /** Lines of output up to the present, with the instruction that printed each. */
  readonly output: readonly OutputLine[];

  /** To the next step boundary; false at the end of the run. */
  forward(): boolean;
  /** To the previous step boundary; false at the start. */
  back(): boolean;
  seek(step: number): void;
  seekInstruction(instruction: number): void;
  /**
   * Forward until, after at least one instruction, the next instruction's entry in `stops` (index
   * pc / 4) is not 0.
   */
  walk(stops: Uint8Array | null, maxInstructions: number): WalkEnd;
  /**
   * Calls `visit` at each stop in (from, to] in order, on the way from `from`, and leaves the
   * present where the walk began. `visit` returning false ends it. For looking back.
   */
  scan(from: number, to: number, stops: Uint8Array, visit: () => boolean): void;
  /** What may move now, with the text of its pending operation; empty inside a step. */
  choices(): readonly (Choice & { readonly text: string })[];
  /** Takes this choice now, whatever was recorded; at a step boundary only. */
  choose(choice: Choice): void;
  /** Writes one word of the state: a branch begins. */
  write(address: number, words: readonly number[]): void;
  readonly branches: readonly Branch[];
  readonly branch: number;
  /** Goes to a branch, to its first step of its own. */
  switchBranch(id: number): void;
  /** The choices from the start to the present. */
  schedule(): Schedule;
}

export interface OutputLine {
  /** 1 standard output, 2 error. */
  readonly stream: number;
  readonly text: string;
  /** Time at which it was printed, and the instruction that did it. */
  readonly instruction: number;
  readonly pc: number;
}
