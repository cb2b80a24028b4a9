/** What `coroscope explore` prints: for people, and as JSON. */
import process from 'node:process';
import { scopeOf, verdictText } from '../explore/coverage.ts';
import { printsText } from '../explore/prints.ts';
import type { ExploreResult, ExploreSettings, FoundOutcome } from '../explore/types.ts';
import { visibleTable, witnessTable } from '../explore/witness-table.ts';
import type { Image } from '../language/image.ts';
import { outcomeText } from '../run/expectations.ts';
import type { Choice } from '../run/policy.ts';
import { encodeSchedule } from '../run/schedule.ts';
import { countOf, withThousands } from '../run/words.ts';
import { type NearestAnswers, nearestFields, nearestLines } from './nearest.ts';

/** What there is to print. */
export interface Findings {
  readonly image: Image;
  readonly settings: ExploreSettings;
  readonly result: ExploreResult;
  /** For the first so many outcomes the simplest schedule was looked for. */
  readonly simplified: number;
  /** Null: not asked for. */
  readonly nearest: NearestAnswers | null;
  /** Options that a schedule must be replayed with: `--races `. */
  readonly asked: string;
  /** The exit status of an interruption; 0: there was none. */
  readonly interrupt: number;
  /** What is expected to happen sometimes and was not found, in words. */
  readonly missing: readonly string[];
}

/** Systems take no longer arguments than about 128 kB, and nobody pastes those. */
const PASTED_TURNS = 20_000;
/** Tables of longer schedules are left out after an interruption. */
const QUICK_STEPS = 2000;

/** The JSON object: what `coroscope merge` reads, too. */
export function report({ image, settings, result, nearest, interrupt }: Findings) {
  return {
    scenario: image.scenario.name,
    runtime: image.profile,
    image: image.hash,
    shard: `${settings.shard.index + 1}/${settings.shard.count}`,
    settings: askedOf(image, settings),
    ...(interrupt === 0 ? {} : { interrupted: true }),
    ...result,
    outcomes: result.outcomes.map((found) => ({
      ...found,
      turns: turnsOf(found.schedule),
      schedule: encodeSchedule(found.schedule, settings.preemption),
      ...nearestFields(settings, nearest?.get(found)),
    })),
  };
}

/** What was asked of the search, as far as its parts must agree. */
function askedOf(image: Image, settings: ExploreSettings) {
  const { strategy, bound, executions, seed, pctDepth, target } = settings;
  const { depthLimit, preemption, invariants } = settings;
  return {
    ...(strategy === 'bounded' ? { bound } : {}),
    ...(strategy === 'random' || strategy === 'pct' ? { executions, seed } : {}),
    ...(strategy === 'pct' ? { pctDepth } : {}),
    ...(target === null ? {} : { reach: target.name, when: target.condition }),
    depthLimit,
    preemption,
    invariants,
    races: image.races,
  };
}

/** Prints for people. After an interruption, tables are made within so many milliseconds. */
export function tell(
  findings: Findings,
  table: 'visible' | 'all' | null,
  lastMilliseconds: number,
): void {
  const { image, settings, result, simplified, nearest, asked, interrupt } = findings;
  const end = Date.now() + lastMilliseconds;
  const out: string[] = [];
  for (const [index, found] of result.outcomes.entries()) {
    const { schedule } = found;
    out.push(...headOf(found, index < simplified, findings));
    if (interrupt !== 0 && (schedule.length > QUICK_STEPS || Date.now() > end)) continue;
    const draw = table === 'all' ? witnessTable : visibleTable;
    if (table !== null) out.push(draw(image, schedule, settings.preemption));
    const answer = nearest?.get(found);
    if (answer !== undefined) out.push(...nearestLines(image, settings, found, answer, asked));
  }
  if (result.outcomes.length === 0) out.push('no execution came to an end');
  out.push(...findings.missing, ...placeMissed(settings, result), summary(settings, result));
  if (interrupt !== 0) out.push(interruption(simplified, result.outcomes.length));
  process.stdout.write(`${out.join('\n')}\n`);
}

/** What is said of a place that was not reached. */
function placeMissed({ target }: ExploreSettings, result: ExploreResult): string[] {
  const { outcomes, complete, conditionProblem } = result;
  if (target === null || outcomes.some(({ kind }) => kind === 'reached')) return [];
  const { name, condition } = target;
  if (typeof conditionProblem === 'string') {
    return [`${name} was never reached with a value for "${condition}": ${conditionProblem}`];
  }
  const place = condition === null ? name : `${name} with ${condition}`;
  return [
    complete
      ? `no schedule${scopeOf(result.assumptions).which} reaches ${place}`
      : `no schedule that reaches ${place} was found`,
  ];
}

function headOf(found: FoundOutcome, isLooked: boolean, { settings, asked }: Findings): string[] {
  const { kind, message, count, preemptions, schedule } = found;
  const name =
    kind === 'reached'
      ? `reached ${message}`
      : `${outcomeText({ kind, message })}${printsText(found)}`;
  const turns = turnsOf(schedule);
  const costs = [countOf(turns, 'turn'), stepsOf(found)];
  if (preemptions >= 0) costs.unshift(countOf(preemptions, 'preemption'));
  const which = isLooked ? bestOf(found, settings) : 'this one';
  // A round that was not finished may not have come there again.
  const often = count === 0 ? '' : `on ${countOf(count, 'schedule')}; `;
  return [
    name,
    `    ${often}${which}: ${costs.join(', ')}`,
    turns > PASTED_TURNS
      ? '    its schedule is too long for a command line; --json prints it'
      : `    ${asked}--schedule ${encodeSchedule(schedule, settings.preemption)}`,
  ];
}

/** What the schedule is among all that lead there. */
function bestOf({ isSimplest }: FoundOutcome, { strategy }: ExploreSettings): string {
  if (strategy === 'shortest') return 'the shortest';
  return isSimplest === true ? 'the simplest' : 'the simplest found';
}

function interruption(simplified: number, outcomes: number): string {
  if (simplified === outcomes) return 'interrupted';
  return `interrupted: ${outcomes - simplified} of ${countOf(outcomes, 'schedule')} may not be the simplest`;
}

function stepsOf({ visibleSteps, schedule }: FoundOutcome): string {
  if (visibleSteps < 0) return countOf(schedule.length, 'step');
  return `${countOf(visibleSteps, 'visible step')}, ${withThousands(schedule.length)} in all`;
}

/** Stretches of steps that one thread moves without another: the rows of the witness table. */
function turnsOf(schedule: readonly Choice[]): number {
  let turns = 0;
  let last = -1;
  for (let step = 0; step < schedule.length; step++) {
    const { thread } = schedule[step];
    if (thread !== last) turns++;
    last = thread;
  }
  return turns;
}

function summary(settings: ExploreSettings, result: ExploreResult): string {
  const parts = [
    countOf(result.states, 'state'),
    countOf(result.transitions, 'transition'),
    `${result.seconds.toFixed(2)} s`,
    `depth ${withThousands(result.depth)}`,
  ];
  if (settings.strategy === 'random' || settings.strategy === 'pct') {
    parts[0] = countOf(result.executions, 'execution');
  }
  const { index, count } = settings.shard;
  const part = count === 1 ? '' : ` of part ${index + 1}/${count}`;
  const verdict = verdictText(result, part);
  const lost =
    result.lostStateProbability > 0
      ? `\nprobability that a state was lost to a hash collision: below ${result.lostStateProbability.toExponential(1)}`
      : '';
  const pct =
    result.pctProbability > 0
      ? `\neach execution finds a bug of depth ${settings.pctDepth} with a probability of ` +
        `at least ${result.pctProbability.toExponential(1)}${boundOf(result)}`
      : '';
  return `${parts.join(', ')}\n${verdict}${lost}${pct}`;
}

/** What the bound of PCT is for. */
function boundOf({ pct, executions }: ExploreResult): string {
  if (pct === undefined) return '';
  const { threads, steps, longer } = pct;
  const within = ` (${countOf(threads, 'thread')}, ${countOf(steps, 'step')})`;
  if (longer === 0) return within;
  return (
    `${within},\nif it shows within these steps: ${withThousands(longer)} of ` +
    `${countOf(executions, 'execution')} had more`
  );
}
