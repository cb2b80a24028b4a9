/**
 * The simplest schedule to an outcome: the fewest preemptions, then the fewest visible steps (see
 * visible-steps.ts), then the fewest steps. Found by a search of its own, bounded by preemptions,
 * that ends at the first schedule and begins again with one step less until there is none; of those
 * that it meets, the simplest is kept. Where that takes too long, the one that is known is kept.
 */
import type { Machine } from '../machine/machine.ts';
import type { Choice } from '../run/policy.ts';
import { BoundedSearch, type Wanted } from './bounded.ts';
import { Measurement } from './measure.ts';
import { outcomeKey } from './prints.ts';
import { DEFAULT_SETTINGS, type ExploreSettings, type FoundOutcome } from './types.ts';

export interface WitnessBudget {
  readonly states: number;
  readonly milliseconds: number;
}

/** What a witness may cost by default. */
export const WITNESS_BUDGET: WitnessBudget = { states: 200_000, milliseconds: 2000 };
/** Preemptions that a witness may need at most. */
const MOST_PREEMPTIONS = 8;
const SLICE_MILLISECONDS = 1000;

/** The search for a simpler schedule to an outcome, in slices. */
export class WitnessSearch {
  readonly #machine: Machine;
  readonly #settings: ExploreSettings;
  readonly #outcome: FoundOutcome;
  readonly #budget: WitnessBudget;
  readonly #isPlace: boolean;
  #search: BoundedSearch;
  #milliseconds = 0;
  /** Counts what a schedule costs: the candidate's, or in the end that of the outcome as it came. */
  #measurement: Measurement | null = null;
  #candidate: readonly Choice[] | null = null;
  /** Whether the outcome's schedule is one that was found here. */
  #isImproved = false;

  constructor(
    machine: Machine,
    settings: ExploreSettings,
    outcome: FoundOutcome,
    budget: WitnessBudget,
  ) {
    this.#machine = machine;
    this.#settings = settings;
    this.#outcome = outcome;
    this.#budget = budget;
    this.#isPlace = outcome.kind === 'reached';
    // An execution that is too long ends at the limit itself.
    this.#search = this.#begin(0, MOST_PREEMPTIONS, settings.depthLimit + 1);
  }

  /** Works for about so long. False when it is done: the outcome has its schedule then, and what
   *  that costs is counted. */
  advance(milliseconds: number): boolean {
    if (this.#measurement !== null) return this.#measureOn(this.#measurement, milliseconds);
    const began = Date.now();
    const search = this.#search;
    const left = this.#budget.milliseconds - this.#milliseconds;
    const isMore = left > 0 && search.advance(Math.min(milliseconds, left));
    this.#milliseconds += Date.now() - began;
    if (isMore) return true;
    const schedule = this.#isPlace ? placeReached(search) : search.found ? search.schedule() : null;
    // The schedule that is known was measured when it was found here; else that is left to do.
    if (schedule === null && this.#isImproved) {
      if (search.hasLookedEverywhere) this.#outcome.isSimplest = true;
      return false;
    }
    this.#candidate = schedule;
    const measured = schedule ?? this.#outcome.schedule;
    this.#measurement = new Measurement(this.#machine, measured, true);
    return true;
  }

  #measureOn(measurement: Measurement, milliseconds: number): boolean {
    if (measurement.advance(milliseconds)) return true;
    this.#measurement = null;
    const costs = measurement.costs();
    const schedule = this.#candidate;
    if (schedule === null) {
      Object.assign(this.#outcome, costs);
      return false;
    }
    const fewest = this.#isImproved ? this.#outcome.visibleSteps : -1;
    if (fewest < 0 || costs.visibleSteps <= fewest) {
      Object.assign(this.#outcome, costs, { schedule });
      this.#isImproved = true;
    }
    const { bound } = this.#search;
    this.#search = this.#begin(bound, bound, schedule.length);
    return true;
  }

  #begin(firstBound: number, bound: number, stepLimit: number): BoundedSearch {
    const { depthLimit, invariants, target } = this.#settings;
    const settings: ExploreSettings = {
      ...DEFAULT_SETTINGS,
      depthLimit,
      invariants,
      target: this.#isPlace ? target : null,
      stateLimit: this.#budget.states,
      bound,
    };
    // A place is reached by a step, an outcome met after it: that step is one too many.
    const limit = this.#isPlace ? stepLimit - 1 : stepLimit;
    const key = outcomeKey(this.#outcome);
    const accepts: Wanted['accepts'] = (end) => outcomeKey(end) === key;
    return new BoundedSearch(this.#machine, settings, { accepts, firstBound, stepLimit: limit });
  }
}

function placeReached(search: BoundedSearch): readonly Choice[] | null {
  return search.result().outcomes.find(({ kind }) => kind === 'reached')?.schedule ?? null;
}

/** Gives the outcome its simplest schedule within the budget, however long that takes. */
export function simplify(
  machine: Machine,
  settings: ExploreSettings,
  outcome: FoundOutcome,
  budget: WitnessBudget = WITNESS_BUDGET,
): void {
  const search = new WitnessSearch(machine, settings, outcome, budget);
  while (search.advance(SLICE_MILLISECONDS));
}
