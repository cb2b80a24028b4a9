/**
 * Who moves next: a policy answers every question that the schedule leaves open. One file a policy:
 * natural.ts, random.ts, replay.ts.
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
   * Picks a thread that is enabled. `current` is the thread that moved last, -1 at the start. The
   * object is the policy's own and valid until the next question. Null: no thread is enabled, or
   * the policy has nothing more to say (a replayed schedule came to its end).
   */
  choose(machine: Machine, current: number): Choice | null;
}

/** A choice that a policy gives again and again, so that a step allocates nothing. */
export interface MutableChoice {
  thread: number;
  answer: number;
}

/** The first enabled thread after `thread`, in round-robin order; -1 when there is none. The
 *  thread itself comes last. */
export function nextEnabled(machine: Machine, thread: number): number {
  const count = machine.threadCount();
  for (let distance = 1; distance <= count; distance++) {
    const candidate = (thread + distance) % count;
    if (machine.isEnabled(candidate)) return candidate;
  }
  return -1;
}
