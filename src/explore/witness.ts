/**
 * The simplest schedule to an outcome: the fewest preemptions, then the fewest visible steps (see
 * visible-steps.ts), then the fewest steps. Found by a search of its own, bounded by preemptions,
 * that ends at the first schedule and begins again with one step less until there is none; of those
 * that it meets, the simplest is kept. Where that takes too long, the one that is known is kept.
 */
import type { Machine } from '../machine/machine.ts';
import type { Choice } from '../run/policy.ts';
import { isPreemptPoint } from '../run/preemption.ts';
import { BoundedSearch } from './bounded.ts';
import { visibleSteps } from './visible-steps.ts';
import { DEFAULT_SETTINGS, type ExploreSettings, type FoundOutcome } from './types.ts';

export interface WitnessBudget {
  readonly states: number;
  readonly milliseconds: number;
}

/** Between two looks at the budget. */
const SLICE_MILLISECONDS = 50;
/** Preemptions that a witness may need at most. */
const MOST_PREEMPTIONS = 8;

/** The search for a simpler schedule to an outcome, in slices. */
export class WitnessSearch {
  readonly #machine: Machine;
  readonly #settings: ExploreSettings;
  readonly #outcome: FoundOutcome;
  readonly #budget: WitnessBudget;
  readonly #isPlace: boolean;
  #search: BoundedSearch;
  #milliseconds = 0;
  /** Visible steps of the simplest schedule so far; -1: there is none, or it is too long. */
  #fewest = -1;

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
    this.#search = this.#begin(0, MOST_PREEMPTIONS, settings.depthLimit);
  }

  /** Searches for about so long. False when it is done: the outcome has its schedule then, and what
   *  that costs is counted. */
  advance(milliseconds: number): boolean {
    const began = Date.now();
    const search = this.#search;
    const left = this.#budget.milliseconds - this.#milliseconds;
    const isMore = left > 0 && search.advance(Math.min(milliseconds, left));
    this.#milliseconds += Date.now() - began;
    if (isMore) return true;
    const schedule = this.#isPlace ? placeReached(search) : search.found ? search.schedule() : null;
    if (schedule === null) {
      this.#conclude();
      return false;
    }
    const visible = countVisible(this.#machine, schedule);
    if (this.#fewest < 0 || visible <= this.#fewest) {
      this.#fewest = visible;
      this.#outcome.schedule = schedule;
    }
    this.#search = this.#begin(search.bound, search.bound, schedule.length);
    return true;
  }

  #conclude(): void {
    const machine = this.#machine;
    const outcome = this.#outcome;
    measure(machine, outcome);
    outcome.visibleSteps =
      this.#fewest >= 0 ? this.#fewest : countVisible(machine, outcome.schedule);
  }

  #begin(firstBound: number, bound: number, stepLimit: number): BoundedSearch {
    const { depthLimit, invariants, target } = this.#settings;
    const { kind, message } = this.#outcome;
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
    const wanted = { outcome: `${kind} ${message}`, firstBound, stepLimit: limit };
    return new BoundedSearch(this.#machine, settings, wanted);
  }
}

function placeReached(search: BoundedSearch): readonly Choice[] | null {
  return search.result().outcomes.find(({ kind }) => kind === 'reached')?.schedule ?? null;
}

/** Gives the outcome its simplest schedule within the budget, and counts what it costs. */
export function simplify(
  machine: Machine,
  settings: ExploreSettings,
  outcome: FoundOutcome,
  budget: WitnessBudget,
): void {
  const search = new WitnessSearch(machine, settings, outcome, budget);
  while (search.advance(SLICE_MILLISECONDS));
}

/** -1: the schedule is too long to tell. */
function countVisible(machine: Machine, schedule: FoundOutcome['schedule']): number {
  return visibleSteps(machine, schedule)?.length ?? -1;
}

/** Counts preemptions and decisions of the outcome's schedule by following it. */
export function measure(machine: Machine, outcome: FoundOutcome): void {
  machine.reset();
  let last = -1;
  outcome.preemptions = 0;
  outcome.decisions = 0;
  for (const choice of outcome.schedule) {
    if (movesPossible(machine) > 1) outcome.decisions++;
    if (last >= 0 && choice.thread !== last && machine.isEnabled(last)) outcome.preemptions++;
    if (choice.answer === 1 && isPreemptPoint(machine, choice.thread)) outcome.preemptions++;
    machine.step(choice.thread, choice.answer);
    last = choice.thread;
  }
}

function movesPossible(machine: Machine): number {
  let moves = 0;
  for (let thread = 0; thread < machine.threadCount(); thread++) {
    if (machine.isEnabled(thread)) moves += machine.choiceCount(thread);
  }
  return moves;
}
