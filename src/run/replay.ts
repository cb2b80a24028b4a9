/**
 * The replay policy: follows a recorded schedule. Where the schedule asks for what cannot be done,
 * it says so and hands over to another policy, or ends the run there.
 */
import type { Machine } from '../machine/machine.ts';
import type { Choice, Policy } from './policy.ts';
import type { Schedule } from './schedule.ts';

export class ReplayPolicy implements Policy {
  readonly name = 'replay';
  readonly schedule: Schedule;
  readonly #after: Policy | null;
  #next = 0;
  #lost: string | null = null;

  /** `after` moves on when the schedule has ended or does not hold any more. */
  constructor(schedule: Schedule, after: Policy | null) {
    this.schedule = schedule;
    this.#after = after;
  }

  /** Why the schedule could not be followed to its end; null while it can. */
  get lost(): string | null {
    return this.#lost;
  }

  reset(): void {
    this.#next = 0;
    this.#lost = null;
    this.#after?.reset();
  }

  choose(machine: Machine, current: number): Choice | null {
    if (this.#lost === null && this.#next < this.schedule.length) {
      const choice = this.schedule[this.#next];
      const obstacle = obstacleTo(machine, choice);
      if (obstacle === null) {
        this.#next++;
        return choice;
      }
      this.#lost = `step ${this.#next + 1} of the schedule cannot be taken: ${obstacle}`;
    }
    return this.#after?.choose(machine, current) ?? null;
  }
}

/** Why a choice cannot be taken now, or null. */
export function obstacleTo(machine: Machine, choice: Choice): string | null {
  const { thread, answer } = choice;
  if (thread >= machine.threadCount()) return `there is no thread ${thread}`;
  if (!machine.isEnabled(thread)) return `thread ${thread} cannot move`;
  const count = Math.max(1, machine.choiceCount(thread));
  if (answer >= count) return `answer ${answer} to a choice of ${count}`;
  return null;
}
