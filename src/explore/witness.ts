/**
 * The simplest schedule to an outcome: the fewest preemptions, then the fewest visible steps (see
 * visible-steps.ts), then the fewest steps. Found by a search of its own, bounded by preemptions,
 * that ends at the first schedule and begins again with one step less until there is none; of those
 * that it meets, the simplest is kept. Where that takes too long, the one that is known is kept.
 */
import type { Machine } from '../machine/machine.ts';
import { BoundedSearch } from './bounded.ts';
import { visibleSteps } from './visible-steps.ts';
import { DEFAULT_SETTINGS, type ExploreSettings, type FoundOutcome } from './types.ts';

export interface WitnessBudget {
  readonly states: number;
  readonly milliseconds: number;
}

/** Gives the outcome its simplest schedule within the budget, and counts what it costs. */
export function simplify(
  machine: Machine,
  settings: ExploreSettings,
  outcome: FoundOutcome,
  budget: WitnessBudget,
): void {
  const deadline = Date.now() + budget.milliseconds;
  let firstBound = 0;
  let stepLimit = settings.depthLimit;
  let fewest = -1;
  for (;;) {
    const left = deadline - Date.now();
    if (left <= 0) break;
    const search = new BoundedSearch(
      machine,
      {
        ...DEFAULT_SETTINGS,
        depthLimit: settings.depthLimit,
        invariants: settings.invariants,
        stateLimit: budget.states,
        bound: firstBound === 0 && stepLimit === settings.depthLimit ? 8 : firstBound,
      },
      { outcome: `${outcome.kind} ${outcome.message}`, firstBound, stepLimit },
    );
    while (search.advance(Math.min(50, left)) && Date.now() < deadline);
    if (!search.found) break;
    firstBound = search.bound;
    const schedule = search.schedule();
    stepLimit = schedule.length;
    const visible = countVisible(machine, schedule);
    if (fewest >= 0 && visible > fewest) continue;
    fewest = visible;
    outcome.schedule = schedule;
  }
  measure(machine, outcome);
  outcome.visibleSteps = fewest >= 0 ? fewest : countVisible(machine, outcome.schedule);
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
