/**
 * `nearest` in the Debug Console: beside a run that has failed, the nearest schedule that passes,
 * and the step at which the two part. The search runs in slices, as that of reach.ts.
 */
import { searchMachine } from '../explore/explore.ts';
import { nearestTable } from '../explore/nearest-table.ts';
import { type Nearest, NearestSearch, passesOn } from '../explore/nearest.ts';
import { DEFAULT_SETTINGS } from '../explore/types.ts';
import type { Outcome } from '../language/image.ts';
import { outcomeText } from '../run/expectations.ts';
import { lookingAway } from '../run/looking-back.ts';
import type { Choice } from '../run/policy.ts';
import { encodeSchedule } from '../run/schedule.ts';
import type { Work } from '../run/slices.ts';
import { tellNote } from './console.ts';
import type { Debuggee, Program } from './debuggee.ts';
import { internalError, nothingFound, searchUnderWay } from './errors.ts';
import { SearchProgress } from './reach.ts';
import type { Call } from './requests.ts';
import { inSlices, nextTurn, sliceMilliseconds } from './slices.ts';

/** Begins the search; its end is told in the console. Gives what is searched for, in a line. */
export async function beginNearest(
  debuggee: Debuggee,
  program: Program,
  call: Call,
): Promise<string> {
  const { timeline } = program;
  const outcome = timeline.recordedOutcome;
  if (outcome === null) throw nothingFound('nearest is about a run that has ended: continue first');
  if (debuggee.search !== null) throw searchUnderWay();
  const witness = lookingAway(timeline, () => {
    timeline.seek(timeline.recordedSteps);
    return timeline.schedule();
  });
  const search = await inSlices(debuggee, program, call, newSearch(program, witness, outcome));
  lookFor(debuggee, program, search)
    .then((isOver) => {
      if (!isOver || debuggee.program !== program) return;
      const nearest = search.nearest();
      const apology = `The nearest schedule that passes: ${search.apology()}`;
      tellNote(debuggee, nearest === null ? apology : told(program, witness, outcome, nearest));
    })
    .catch((error: unknown) => tellNote(debuggee, internalError('nearest', error).message));
  return 'Searching for the nearest schedule that passes …';
}

function* newSearch(
  { image, timeline, settings }: Program,
  witness: readonly Choice[],
  outcome: Outcome,
): Work<NearestSearch> {
  const machine = searchMachine(image, timeline.preemption);
  for (const { thread, answer } of witness) {
    // A value that was set by hand is no part of the schedule.
    if (machine.outcome() !== null || !machine.isEnabled(thread)) {
      throw nothingFound('nearest: this run cannot be had by its schedule alone');
    }
    machine.step(thread, answer);
    yield;
  }
  const passes = passesOn(image);
  if (passes(outcome, machine)) throw nothingFound('nearest: this run passes');
  const invariants = settings.checkInvariants;
  return new NearestSearch(machine, { ...DEFAULT_SETTINGS, invariants }, witness, passes);
}

/** False: it was cancelled. */
async function lookFor(
  debuggee: Debuggee,
  program: Program,
  search: NearestSearch,
): Promise<boolean> {
  const progress = new SearchProgress(debuggee, 'the nearest schedule that passes');
  debuggee.search = progress;
  try {
    while (search.advance(sliceMilliseconds)) {
      progress.update(search.states);
      await nextTurn();
      if (debuggee.program !== program || progress.isCancelled) return false;
    }
    return true;
  } finally {
    // After a restart the search under way is another one.
    if (debuggee.search === progress) debuggee.search = null;
    progress.end();
  }
}

function told(
  { image, timeline }: Program,
  witness: readonly Choice[],
  outcome: Outcome,
  nearest: Nearest,
): string {
  const { preemption } = timeline;
  const { schedule, differsAt } = nearest;
  const sides = [
    { title: 'this run', schedule: witness, end: outcomeText(outcome) },
    { title: 'the nearest that passes', schedule, end: outcomeText(nearest.outcome) },
  ] as const;
  return [
    `The nearest schedule that passes parts at step ${differsAt} (Go to Step shows where)`,
    `schedule ${encodeSchedule(schedule, preemption)}`,
    nearestTable(image, sides, differsAt, preemption),
  ].join('\n');
}
