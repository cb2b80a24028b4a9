/**
 * The natural policy: what a reader would expect a small program to do. A thread keeps moving as
 * long as it can; then the next one in turn does. A choice is answered by its first possibility.
 */
import type { Machine } from '../machine/machine.ts';
import { type MutableChoice, nextEnabled, type Policy } from './policy.ts';
import { isPreemptPoint } from './preemption.ts';

/** Steps after which a thread lets another one go first: long enough that no ordinary work is cut,
 *  short enough that a thread that waits in a loop does not use up the step limit. */
export const TIME_SLICE_STEPS = 10_000;

export class NaturalPolicy implements Policy {
  readonly name = 'natural';
  readonly #choice: MutableChoice = { thread: 0, answer: 0 };
  #sliceSteps = 0;
  #preempts = false;

  reset(): void {
    this.#sliceSteps = 0;
    this.#preempts = false;
  }

  choose(machine: Machine, current: number): MutableChoice | null {
    const choice = this.#choice;
    choice.answer = 0;
    if (current >= 0 && ++this.#sliceSteps < TIME_SLICE_STEPS && machine.isEnabled(current)) {
      choice.thread = current;
      return this.#preempted(machine, choice);
    }
    if (this.#sliceSteps >= TIME_SLICE_STEPS) this.#preempts = true;
    this.#sliceSteps = 0;
    choice.thread = nextEnabled(machine, Math.max(current, 0) - (current < 0 ? 1 : 0));
    if (choice.thread < 0) return null;
    return this.#preempted(machine, choice);
  }

  /** The goroutine on a thread that has just used up its slice is preempted at the next chance. */
  #preempted(machine: Machine, choice: MutableChoice): MutableChoice {
    if (this.#preempts && isPreemptPoint(machine, choice.thread)) {
      this.#preempts = false;
      choice.answer = 1;
    }
    return choice;
  }
}
