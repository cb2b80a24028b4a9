/** Leading a timeline along a schedule that was found elsewhere. */
import type { Choice } from './policy.ts';
import { isPreemptPoint } from './preemption.ts';
import type { Schedule } from './schedule.ts';
import type { Timeline } from './timeline.ts';

/**
 * Takes the choices of a schedule on a timeline, from the start of the run as it was launched. What
 * was recorded there is followed as far as it agrees; then a branch begins.
 */
export class Follower {
  readonly #timeline: Timeline;
  readonly #recorded: Schedule;
  readonly #declines: boolean;
  #isForked = false;

  /** Goes to the start. `preemption`: of the machine that the schedule was found on. Without it
   *  nobody is preempted on this one either, where it asks. */
  constructor(timeline: Timeline, preemption: boolean) {
    this.#timeline = timeline;
    this.#declines = timeline.preemption && !preemption;
    // What is written from outside begins a branch: the first one has nothing of it.
    timeline.switchBranch(0);
    timeline.seek(timeline.recordedSteps);
    this.#recorded = timeline.schedule();
    timeline.seek(0);
  }

  /** Takes the next choice. Gives why it cannot be taken, or null. */
  take(choice: Choice): string | null {
    const { thread } = choice;
    const obstacle = this.#choose(choice);
    while (obstacle === null && this.#declines && this.#isAsked(thread)) {
      this.#choose({ thread, answer: 0 });
    }
    return obstacle;
  }

  #choose(choice: Choice): string | null {
    const timeline = this.#timeline;
    const recorded = this.#recorded[timeline.step];
    const isRecorded = recorded?.thread === choice.thread && recorded.answer === choice.answer;
    if (!isRecorded && !this.#isForked) {
      timeline.fork();
      this.#isForked = true;
    }
    return timeline.choose(choice);
  }

  /** Whether the thread could be preempted now, instead of going on. */
  #isAsked(thread: number): boolean {
    const { machine, outcome } = this.#timeline;
    return outcome === null && machine.isEnabled(thread) && isPreemptPoint(machine, thread);
  }
}
