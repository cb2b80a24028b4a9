/** `explore --nearest`: beside each schedule that fails, the nearest one that passes. */
import { searchMachine } from '../explore/explore.ts';
import {
  NEAREST_BUDGET,
  type Nearest,
  type NearestBudget,
  NearestSearch,
  passesOn,
} from '../explore/nearest.ts';
import { nearestTable } from '../explore/nearest-table.ts';
import type { ExploreSettings, FoundOutcome } from '../explore/types.ts';
import type { Image, Outcome } from '../language/image.ts';
import { outcomeText } from '../run/expectations.ts';
import { encodeSchedule } from '../run/schedule.ts';
import { countOf } from '../run/words.ts';
import { breath, type Interrupt } from './interrupt.ts';
import type { ProgressTeller } from './progress.ts';

/** By outcome that fails: the nearest schedule that passes, or why there is none. */
export type NearestAnswers = ReadonlyMap<FoundOutcome, Nearest | string>;

/** Between two looks at the keyboard. */
const SLICE_MILLISECONDS = 30;

/** Looks for all of them, until an interruption. */
export async function findNearest(
  image: Image,
  settings: ExploreSettings,
  outcomes: readonly FoundOutcome[],
  interrupt: Interrupt,
  progress: ProgressTeller,
): Promise<NearestAnswers> {
  const answers = new Map<FoundOutcome, Nearest | string>();
  const passes = passesOn(image);
  const machine = searchMachine(image, settings.preemption);
  progress.begin();
  for (const found of outcomes) {
    if (interrupt.isRequested) break;
    const { kind, message, schedule } = found;
    if (kind === 'reached') continue;
    machine.reset();
    for (const { thread, answer } of schedule) machine.step(thread, answer);
    if (passes({ kind, message }, machine)) continue;
    const search = new NearestSearch(machine, settings, schedule, passes, budgetOf(settings));
    while (!interrupt.isRequested && search.advance(SLICE_MILLISECONDS)) {
      progress.show(`nearest schedules that pass: ${answers.size} so far`, answers.size);
      await breath();
    }
    answers.set(found, search.nearest() ?? search.apology());
  }
  return answers;
}

/** The bounds of the search hold for each of these, too. */
function budgetOf({ stateLimit, secondsLimit }: ExploreSettings): NearestBudget {
  const seconds = secondsLimit > 0 ? { milliseconds: secondsLimit * 1000 } : {};
  return { ...NEAREST_BUDGET, states: stateLimit, ...seconds };
}

/** For people, below the schedule that fails. `asked`: options to replay schedules with. */
export function nearestLines(
  image: Image,
  { preemption }: ExploreSettings,
  found: FoundOutcome,
  answer: Nearest | string,
  asked: string,
): string[] {
  if (typeof answer === 'string') return [`    the nearest schedule that passes: ${answer}`];
  const { schedule, outcome, differsAt, preemptions, isProven } = answer;
  const costs = [countOf(preemptions, 'preemption'), countOf(schedule.length, 'step')];
  const sides = [
    { title: 'this schedule', schedule: found.schedule, end: endOf(found as Outcome) },
    { title: 'the nearest that passes', schedule, end: endOf(outcome) },
  ] as const;
  const doubt = isProven ? '' : ' (of those tried: some that part later were not)';
  return [
    `    the nearest schedule that passes parts at step ${differsAt}${doubt}: ${costs.join(', ')}`,
    `    ${asked}--schedule ${encodeSchedule(schedule, preemption)}`,
    nearestTable(image, sides, differsAt, preemption),
  ];
}

const END_CHARACTERS = 40;

function endOf(outcome: Outcome): string {
  const text = outcomeText(outcome);
  return text.length > END_CHARACTERS ? `${text.slice(0, END_CHARACTERS - 1)}…` : text;
}

/** For JSON: fields of the outcome that fails. */
export function nearestFields(
  { preemption }: ExploreSettings,
  answer: Nearest | string | undefined,
): object {
  if (answer === undefined) return {};
  if (typeof answer === 'string') return { nearest: null, nearestBecause: answer };
  const { schedule, outcome, differsAt, preemptions, isProven } = answer;
  const text = encodeSchedule(schedule, preemption);
  return { nearest: { schedule: text, outcome, differsAt, preemptions, isProven } };
}
