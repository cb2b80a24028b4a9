/**
 * Who moves next: a policy answers every question that the schedule leaves open. One file a policy:
 * policy-natural.ts, policy-random.ts, policy-replay.ts.
 *
 * Invariant: a policy keeps no state that depends on anything but the questions it was asked since
 * `reset`, so the same policy on the same image gives the same run.
 */
import type { Machine } from '../machine/machine.ts';

/** One element of a schedule: which thread moves, and what a choice in that step answers. */
export interface Choice {
  readonly thread: number;
  /** Meaning depends on the thread's pending operation; 0 when it asks nothing. */
  readonly answer: number;
}

export interface Policy {
  /** Shown to people: `natural`, `random 7`, `replay`. */
  readonly name: string;
  /** Forgets everything: the next question is the first one of a run. */
  reset(): void;
  /**
   * Picks one of `enabled` (never empty, ascending). `current` is the thread that moved last, -1
   * at the start. Null: the policy has nothing more to say (a replayed schedule came to its end).
   */
  choose(machine: Machine, enabled: readonly number[], current: number): Choice | null;
}
