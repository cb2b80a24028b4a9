/**
 * Probabilistic concurrency testing: S. Burckhardt, P. Kothari, M. Musuvathi, S. Nagarakatte, "A
 * Randomized Scheduler with Probabilistic Guarantees of Finding Bugs" (ASPLOS 2010), section 3.
 * Each thread has a random priority; the one with the highest moves, except that at depth-1 random
 * steps the priority of the one that moves drops below all others. One execution finds a bug of
 * depth d with a probability of at least 1 / (n * k^(d-1)), for n threads and k steps.
 */
import type { Machine } from '../machine/machine.ts';
import type { Random } from './prng.ts';
import { RandomSearch } from './random.ts';
import type { ExploreSettings } from './types.ts';

export class PctSearch extends RandomSearch {
  /** Steps and threads of the longest execution so far: what k and n are taken to be. */
  #steps = 64;
  #threads = 1;

  constructor(machine: Machine, settings: ExploreSettings) {
    super(machine, settings);
    // State 0's natural length is a better first guess at k than a constant.
    this.#threads = 1;
  }

  /** The steps before the first choice count: priorities may change there. */
  protected override goWhereChoicesBegin(): void {
    // At state 0.
  }

  protected override run(random: Random): void {
    const { pctDepth } = this.settings;
    const changes = new Set<number>();
    for (let i = 1; i < pctDepth; i++) changes.add(random.below(this.#steps));
    const priority: number[] = [];
    let lowest = 0;
    let step = 0;
    while (!this.isOver() && !this.tooDeep()) {
      const count = this.enabledThreads();
      if (count === 0) {
        this.quiet();
        break;
      }
      let best = 0;
      for (let i = 0; i < count; i++) {
        const thread = this.enabled[i];
        priority[thread] ??= 1 + random.below(1 << 30);
        if (priority[thread] > priority[this.enabled[best]]) best = i;
      }
      if (changes.has(step)) priority[this.enabled[best]] = --lowest;
      const answers = this.answersOf(best);
      this.take(best, answers === 1 ? 0 : random.below(answers));
      step++;
    }
    this.#steps = Math.max(this.#steps, step);
    this.#threads = Math.max(this.#threads, this.machine.threadCount());
  }

  protected override bugProbability(): number {
    return 1 / (this.#threads * this.#steps ** (this.settings.pctDepth - 1));
  }
}
