/**
 * Random executions: at each step any thread that can move, each with the same probability. For
 * what is too large to search, and as a baseline. Executions are numbered; a shard has every
 * count-th.
 */
import type { Machine } from '../machine/machine.ts';
import { SearchBase } from './base.ts';
import { Random } from './prng.ts';
import type { ExploreSettings } from './types.ts';

/** Steps of an execution that are one unit of work. */
const UNIT_STEPS = 4096;

export class RandomSearch extends SearchBase {
  #execution: number;
  /** Of the execution under way; null: none is. */
  #random: Random | null = null;
  /** Where executions begin to differ. */
  #mark = 0;
  #pathLength = 0;
  #isReset = false;

  constructor(machine: Machine, settings: ExploreSettings) {
    super(machine, settings);
    this.#execution = settings.shard.index;
  }

  protected override work(): boolean {
    if (this.#execution >= this.settings.executions) {
      this.incompleteBecause = 'random executions prove nothing about others';
      return false;
    }
    if (!this.#isReset) {
      this.toStart();
      this.goWhereChoicesBegin();
      this.#mark = this.machine.mark();
      this.#pathLength = this.pathLength;
      this.#isReset = true;
    }
    if (this.#random === null) {
      this.backTo(this.#mark, this.#pathLength);
      this.#random = new Random(this.settings.seed, this.#execution);
      this.begin(this.#random);
    }
    if (this.run(this.#random, UNIT_STEPS)) {
      this.#random = null;
      this.#execution += this.settings.shard.count;
    }
    return true;
  }

  /** All executions begin with the same steps, up to the first choice: these are made once. */
  protected goWhereChoicesBegin(): void {
    const { machine } = this;
    while (machine.outcome() === null && this.pathLength < this.settings.depthLimit) {
      if (this.enabledThreads() !== 1 || machine.choiceCount(this.enabled[0]) !== 1) return;
      this.move(this.enabled[0], 0);
    }
  }

  /** An execution is about to begin. */
  protected begin(_random: Random): void {
    // Nothing is to be prepared.
  }

  /** Goes on with an execution for at most so many steps; true: it has ended. */
  protected run(random: Random, steps: number): boolean {
    for (let step = 0; step < steps; step++) {
      if (this.isOver() || this.tooDeep()) return true;
      const count = this.enabledThreads();
      if (count === 0) {
        this.quiet();
        return true;
      }
      const thread = this.enabled[count === 1 ? 0 : random.below(count)];
      const answers = this.machine.choiceCount(thread);
      this.move(thread, answers === 1 ? 0 : random.below(answers));
    }
    return false;
  }

  protected override doneShare(): number {
    return this.#execution / this.settings.executions;
  }
}
