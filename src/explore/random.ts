/**
 * Random executions: at each step any thread that can move, each with the same probability. For
 * what is too large to search, and as a baseline. Executions are numbered; a shard has every
 * count-th.
 */
import type { Machine } from '../machine/machine.ts';
import { SearchBase } from './base.ts';
import { Random } from './prng.ts';
import type { ExploreSettings } from './types.ts';

export class RandomSearch extends SearchBase {
  #execution: number;
  #mark = 0;
  #isReset = false;

  constructor(machine: Machine, settings: ExploreSettings) {
    super(machine, settings);
    this.#execution = settings.shard.index;
  }

  protected override work(): boolean {
    if (this.#execution >= this.settings.executions) {
      this.incompleteBecause = `${this.executions} random executions prove nothing about others`;
      return false;
    }
    if (!this.#isReset) {
      this.toStart();
      this.#mark = this.machine.mark();
      this.#isReset = true;
    }
    this.backTo(this.#mark, 0);
    this.run(new Random(this.settings.seed, this.#execution));
    this.#execution += this.settings.shard.count;
    return true;
  }

  /** One execution from state 0 to its end. */
  protected run(random: Random): void {
    while (!this.isOver() && !this.tooDeep()) {
      const count = this.enabledThreads();
      if (count === 0) {
        this.quiet();
        return;
      }
      const thread = this.enabled[count === 1 ? 0 : random.below(count)];
      const answers = this.machine.choiceCount(thread);
      this.move(thread, answers === 1 ? 0 : random.below(answers));
    }
  }

  protected override doneShare(): number {
    return this.#execution / this.settings.executions;
  }
}
