/**
 * Probabilistic concurrency testing: S. Burckhardt, P. Kothari, M. Musuvathi, S. Nagarakatte, "A
 * Randomized Scheduler with Probabilistic Guarantees of Finding Bugs" (ASPLOS 2010), section 3.
 * Each thread has a random priority, and the one with the highest moves; at depth-1 random steps,
 * the change points, the thread that moves gets a priority below all of those: that of the point.
 * One execution finds a bug of depth d with a probability of at least 1 / (n * k^(d-1)), for n
 * threads and k steps. (What a step chooses beside the thread is answered at random; the bound is
 * for the orders of threads.)
 *
 * k is the length of the longest of some random walks that are taken first, the same ones whatever
 * the shard: so an execution depends on seed and number alone. Change points lie within the first k
 * steps, so for a bug that needs one behind them the bound does not hold; executions that are
 * longer are counted. n is the number of the last thread that could ever move.
 */
import type { Machine } from '../machine/machine.ts';
import { Random } from './prng.ts';
import { RandomSearch } from './random.ts';
import type { ExploreResult, ExploreSettings } from './types.ts';

/** Random walks that k is taken from. */
const WALKS = 100;
/** Steps of a walk that are one unit of work. */
const UNIT_STEPS = 4096;

export class PctSearch extends RandomSearch {
  /** k, and the most threads of any execution. */
  #steps = 1;
  #threads = 1;
  /** Executions that had more than k steps. */
  #longer = 0;
  /** Walks taken, the numbers of the one under way, and how long it is. */
  #walks = 0;
  #walk: Random | null = null;
  #walkSteps = 0;
  /** Steps that walks may still take, all together. */
  #walkStepsLeft: number;
  // Of the execution under way.
  #step = 0;
  /** By thread. */
  #priorities: number[] = [];
  /** By the priority that it gives, from 1: the step of a change point. */
  readonly #changes: number[] = [];

  constructor(machine: Machine, settings: ExploreSettings) {
    super(machine, settings);
    this.#walkStepsLeft = settings.depthLimit;
  }

  protected override work(): boolean {
    if (this.#walks === WALKS || this.#walkStepsLeft <= 0) return super.work();
    this.#walkOn();
    return true;
  }

  /** Goes on with a random walk. It is no execution: how it ends is not noted. */
  #walkOn(): void {
    const { machine, enabled } = this;
    if (this.#walk === null) {
      machine.reset();
      // Executions have the numbers from 0.
      this.#walk = new Random(this.settings.seed, -2 - this.#walks);
      this.#walkSteps = 0;
    }
    for (let step = 0; step < UNIT_STEPS; step++) {
      const count = machine.outcome() === null ? machine.enabledThreads(enabled) : 0;
      if (count === 0 || this.#walkStepsLeft <= 0) {
        // A run that ends at a bound of the machine takes long, and so would the others.
        if (machine.outcome()?.kind === 'limit') this.#walkStepsLeft = 0;
        this.#walk = null;
        this.#walks++;
        return;
      }
      this.#threads = Math.max(this.#threads, enabled[count - 1] + 1);
      const thread = enabled[this.#walk.below(count)];
      machine.step(thread, this.#walk.below(machine.choiceCount(thread)));
      this.#steps = Math.max(this.#steps, ++this.#walkSteps);
      this.#walkStepsLeft--;
    }
  }

  /** The steps before the first choice count: priorities may change there. */
  protected override goWhereChoicesBegin(): void {
    // At state 0.
  }

  protected override prepare(random: Random): void {
    const { pctDepth } = this.settings;
    this.#step = 0;
    this.#priorities.length = 0;
    for (let i = 1; i < pctDepth; i++) this.#changes[i] = random.below(this.#steps);
  }

  protected override run(random: Random, steps: number): boolean {
    for (let step = 0; step < steps; step++) {
      const isOver = this.isOver();
      const count = isOver ? 0 : this.enabledThreads();
      if (!isOver && count === 0) this.quiet();
      if (count === 0 || this.tooDeep()) {
        if (this.#step > this.#steps) this.#longer++;
        return true;
      }
      const index = this.#highest(random, count);
      const thread = this.enabled[index];
      const answers = this.answersOf(index);
      this.take(index, answers === 1 ? 0 : random.below(answers));
      const change = this.#changes.lastIndexOf(this.#step++);
      if (change > 0) this.#priorities[thread] = change;
    }
    return false;
  }

  /** The index, among the threads that can move, of the one that does. */
  #highest(random: Random, count: number): number {
    const { pctDepth } = this.settings;
    const priorities = this.#priorities;
    let best = 0;
    for (let i = 0; i < count; i++) {
      const thread = this.enabled[i];
      priorities[thread] ??= pctDepth + random.below(1 << 30);
      if (priorities[thread] > priorities[this.enabled[best]]) best = i;
    }
    this.#threads = Math.max(this.#threads, this.enabled[count - 1] + 1);
    return best;
  }

  protected override bugProbability(): number {
    return 1 / (this.#threads * this.#steps ** (this.settings.pctDepth - 1));
  }

  override result(): ExploreResult {
    const pct = { threads: this.#threads, steps: this.#steps, longer: this.#longer };
    return { ...super.result(), pct };
  }
}
