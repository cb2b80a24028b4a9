/**
 * Gives every outcome of a search its simplest schedule, in slices that can be left at any time.
 * After a search for the shortest ones, those are kept, and measured.
 */
import type { Image } from '../language/image.ts';
import type { Machine } from '../machine/machine.ts';
import { searchMachine } from './explore.ts';
import { Measurement } from './measure.ts';
import type { ExploreResult, ExploreSettings, FoundOutcome } from './types.ts';
import { WITNESS_BUDGET, type WitnessBudget, WitnessSearch } from './witness.ts';

/** Longer schedules are not measured when all has to be over soon. */
const QUICK_STEPS = 20_000;

export class Simplification {
  /** Outcomes that have their simplest (or shortest) schedule, in their order. */
  done = 0;
  readonly #machine: Machine;
  readonly #settings: ExploreSettings;
  readonly #outcomes: readonly FoundOutcome[];
  readonly #budget: WitnessBudget;
  #search: WitnessSearch | null = null;
  #measurement: Measurement | null = null;

  constructor(
    image: Image,
    settings: ExploreSettings,
    outcomes: readonly FoundOutcome[],
    budget: WitnessBudget = WITNESS_BUDGET,
  ) {
    this.#machine = searchMachine(image, settings.preemption);
    this.#settings = settings;
    this.#outcomes = outcomes;
    this.#budget = budget;
  }

  /** Works for about so long; false: every outcome has its simplest schedule. */
  advance(milliseconds: number): boolean {
    const outcome = this.#outcomes[this.done];
    if (outcome === undefined) return false;
    const isKept = this.#settings.strategy === 'shortest';
    const isMore = isKept
      ? this.#measureOn(outcome, milliseconds)
      : this.#simplifyOn(outcome, milliseconds);
    if (!isMore) this.done++;
    return this.done < this.#outcomes.length;
  }

  #simplifyOn(outcome: FoundOutcome, milliseconds: number): boolean {
    this.#search ??= new WitnessSearch(this.#machine, this.#settings, outcome, this.#budget);
    if (this.#search.advance(milliseconds)) return true;
    this.#search = null;
    return false;
  }

  #measureOn(outcome: FoundOutcome, milliseconds: number): boolean {
    this.#measurement ??= new Measurement(this.#machine, outcome.schedule, true);
    if (this.#measurement.advance(milliseconds)) return true;
    Object.assign(outcome, this.#measurement.costs());
    this.#measurement = null;
    return false;
  }

  /**
   * Ends it early: the other outcomes keep the best schedule that is known of them. What those cost
   * is counted as far as so many milliseconds allow; where they do not, it stays -1.
   */
  stop(milliseconds: number): void {
    const end = Date.now() + milliseconds;
    this.#search = null;
    for (const outcome of this.#outcomes.slice(this.done)) {
      if (outcome.preemptions >= 0 || outcome.schedule.length > QUICK_STEPS) continue;
      const measurement = new Measurement(this.#machine, outcome.schedule, false);
      if (measurement.advance(end - Date.now())) return;
      Object.assign(outcome, measurement.costs());
    }
  }
}

/** Gives every outcome of a result its simplest schedule, however long that takes. */
export function simplifyAll(
  image: Image,
  settings: ExploreSettings,
  result: ExploreResult,
  budget: WitnessBudget = WITNESS_BUDGET,
): void {
  const simplification = new Simplification(image, settings, result.outcomes, budget);
  while (simplification.advance(1000));
}
