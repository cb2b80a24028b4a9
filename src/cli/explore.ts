/** `coroscope explore`: search over the schedules of one scenario. */
import process from 'node:process';
import type { Image, Outcome } from '../language/image.ts';
import { simplifyAll, startSearch } from '../explore/explore.ts';
import {
  DEFAULT_SETTINGS,
  type ExploreResult,
  type ExploreSettings,
  type FoundOutcome,
  type Search,
} from '../explore/types.ts';
import { targetAt } from '../explore/target.ts';
import { ParallelSearch } from '../explore/parallel.ts';
import { visibleTable, witnessTable } from '../explore/witness-table.ts';
import {
  expectationsFor,
  isAsExpected,
  isMet,
  outcomeText,
  type Result,
} from '../run/expectations.ts';
import type { Choice } from '../run/policy.ts';
import { encodeSchedule } from '../run/schedule.ts';
import { countOf, withThousands } from '../run/words.ts';
import { type Command, EXIT_OK, EXIT_UNMET, type Given, UsageError } from './command.ts';
import { readInput } from './files.ts';
import { progressLine } from './progress.ts';
import { loadOrReport, lookedFor, optionsGiven } from './report.ts';
import { outputOf } from './replay-output.ts';
import { startWorkerThreads } from './workers.ts';

export const exploreCommand: Command = {
  name: 'explore',
  usage: 'FILE [--scenario NAME] [--runtime PROFILE] [options]',
  summary: 'Search over schedules: every way the scenario can end, with a schedule for each.',
  details: `Without an option the search is exhaustive: every schedule is covered, by one that is equal to it in
all that matters. --bound allows so many preemptions, 0 first; --random and --pct take so many
executions. The exit status is 1 when an outcome is not what the scenario expects.`,
  options: {
    scenario: { type: 'string', value: 'NAME', help: 'Without it: the first one of the file.' },
    runtime: {
      type: 'string',
      value: 'PROFILE',
      help: "Without it: that of the file's runtime line.",
    },
    set: {
      type: 'string',
      value: 'OPTION=N',
      multiple: true,
      help: 'Set an option of the profile.',
    },
    bound: { type: 'string', value: 'N', help: 'Schedules with at most N preemptions.' },
    random: { type: 'string', value: 'N', help: 'N random executions.' },
    pct: { type: 'string', value: 'N', help: 'N executions with random priorities (PCT).' },
    'pct-depth': { type: 'string', value: 'D', help: 'Depth of the bugs PCT looks for (3).' },
    seed: { type: 'string', value: 'S', help: 'Of --random and --pct (1).' },
    limit: { type: 'string', value: 'STATES', help: 'Distinct states to store (5 million).' },
    seconds: { type: 'string', value: 'N', help: 'Give up after so many seconds.' },
    memory: { type: 'string', value: 'MB', help: 'For stored states (1000).' },
    depth: {
      type: 'string',
      value: 'STEPS',
      help: 'Of one execution (1 million; exhaustive: 10 million).',
    },
    preemption: { type: 'boolean', help: 'Goroutines may be preempted at loops and calls, too.' },
    races: { type: 'boolean', help: 'Look for data races; one is the outcome of its schedule.' },
    leaks: { type: 'boolean', help: 'Look for goroutines that are left when main has returned.' },
    invariants: { type: 'boolean', help: 'Check the invariants of the models after every step.' },
    reach: { type: 'string', value: 'FILE:LINE', help: 'Find a schedule that reaches this line.' },
    when: { type: 'string', value: 'EXPR', help: 'With --reach: only when the expression holds.' },
    'no-reduction': { type: 'boolean', help: 'Try all orders, also those that cannot matter.' },
    exact: { type: 'boolean', help: 'Store whole states instead of hashes.' },
    workers: {
      type: 'string',
      value: 'N',
      help: 'Search with N threads (1); for the exhaustive search.',
    },
    shard: { type: 'string', value: 'I/N', help: 'Do part I (from 1) of N; see coroscope merge.' },
    witness: {
      type: 'boolean',
      help: 'Show the visible steps of each schedule as a table, a column a thread.',
    },
    'all-steps': { type: 'boolean', help: 'With --witness: all steps, a row a stretch.' },
    json: { type: 'boolean', help: 'Print one JSON object instead.' },
  },
  run,
};

/** Between two looks at the keyboard and the clock. */
const SLICE_MILLISECONDS = 40;
/** The same, while other threads search. */
const LOOK_MILLISECONDS = 10;
const MOST_WORKERS = 64;

async function run(given: Given): Promise<number> {
  const [file, ...more] = given.files;
  if (file === undefined) throw new UsageError('explore needs the name of a scenario file');
  if (more.length > 0) throw new UsageError(`explore takes one file, not also ${more.join(' ')}`);
  const { image } = loadOrReport(readInput(file), {
    scenario: given.text('scenario'),
    runtime: given.text('runtime'),
    options: optionsGiven(given.texts('set')),
    races: given.flag('races') ? 'always' : 'when expected',
    leaks: given.flag('leaks') ? 'always' : 'when expected',
  });
  const settings = settingsOf(given, image);
  const workers = workersOf(given, settings);
  const result = await searchHere(image, settings, workers, given.flag('json'));
  simplifyAll(image, settings, result);
  if (given.flag('json'))
    process.stdout.write(`${JSON.stringify(report(image, settings, result))}\n`);
  else tell(image, settings, result, tableOf(given), lookedFor(given));
  return isExpected(image, settings, result) ? EXIT_OK : EXIT_UNMET;
}

function tableOf(given: Given): 'visible' | 'all' | null {
  if (given.flag('witness')) return given.flag('all-steps') ? 'all' : 'visible';
  if (given.flag('all-steps')) throw new UsageError('--all-steps belongs to --witness');
  return null;
}

/** Searches; Ctrl-C ends that and keeps what was found. */
async function searchHere(
  image: Image,
  settings: ExploreSettings,
  workers: number,
  isQuiet: boolean,
): Promise<ExploreResult> {
  if (workers === 1) return watch(startSearch(image, settings), isQuiet, soon);
  const threads = startWorkerThreads(__filename, workers);
  try {
    return await watch(new ParallelSearch(image, settings, threads.ports), isQuiet, shortly);
  } finally {
    await threads.end();
  }
}

/** Goes on with a search until it is over, or Ctrl-C; `rest` lets others in between. */
async function watch(
  search: Search,
  isQuiet: boolean,
  rest: () => Promise<void>,
): Promise<ExploreResult> {
  const cancel = () => search.stop('cancelled');
  process.once('SIGINT', cancel);
  const line = progressLine(isQuiet);
  while (search.advance(SLICE_MILLISECONDS)) {
    line.show(search.progress());
    await rest();
  }
  line.clear();
  process.removeListener('SIGINT', cancel);
  return search.result();
}

async function soon(): Promise<void> {
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
}

async function shortly(): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, LOOK_MILLISECONDS);
  });
}

/** How many threads search. Throws a UsageError where only one can. */
function workersOf(given: Given, settings: ExploreSettings): number {
  const workers = given.count('workers', 1) ?? 1;
  if (workers === 1) return 1;
  if (workers > MOST_WORKERS) throw new UsageError(`--workers takes at most ${MOST_WORKERS}`);
  if (settings.strategy !== 'exhaustive') {
    throw new UsageError(
      '--workers is for the exhaustive search; --shard splits --random, --pct and --bound',
    );
  }
  if (settings.exact) throw new UsageError('--exact stores whole states in one thread only');
  return workers;
}

function settingsOf(given: Given, image: Image): ExploreSettings {
  const bound = given.count('bound', 0);
  const random = given.count('random', 1);
  const pct = given.count('pct', 1);
  if ([bound, random, pct].filter((one) => one !== undefined).length > 1) {
    throw new UsageError('--bound, --random and --pct are different searches: give one of them');
  }
  const base = DEFAULT_SETTINGS;
  const strategy =
    bound !== undefined
      ? 'bounded'
      : random !== undefined
        ? 'random'
        : pct !== undefined
          ? 'pct'
          : 'exhaustive';
  const memory = given.count('memory', 1);
  return {
    ...base,
    strategy,
    bound: bound ?? base.bound,
    executions: random ?? pct ?? base.executions,
    pctDepth: given.count('pct-depth', 1) ?? base.pctDepth,
    seed: given.count('seed', 0) ?? base.seed,
    stateLimit: given.count('limit', 1) ?? base.stateLimit,
    secondsLimit: given.count('seconds', 1) ?? base.secondsLimit,
    depthLimit: given.count('depth', 1) ?? depthOf(strategy),
    budgetBytes: memory === undefined ? base.budgetBytes : memory * 1_000_000,
    preemption: given.flag('preemption'),
    invariants: given.flag('invariants'),
    reduction: !given.flag('no-reduction'),
    exact: given.flag('exact'),
    target: targetOf(given, image),
    shard: shardOf(given.text('shard'), strategy),
  };
}

/** A depth-first search goes about as deep as there are states; one execution rarely does. */
function depthOf(strategy: ExploreSettings['strategy']): number {
  return strategy === 'exhaustive' ? 10 * DEFAULT_SETTINGS.depthLimit : DEFAULT_SETTINGS.depthLimit;
}

function targetOf(given: Given, image: Image): ExploreSettings['target'] {
  const place = given.text('reach');
  if (place === undefined) {
    if (given.text('when') !== undefined) throw new UsageError('--when belongs to --reach');
    return null;
  }
  const match = /^(.*):(\d+)$/.exec(place);
  if (match === null) throw new UsageError(`--reach takes FILE:LINE, not '${place}'`);
  const condition = given.text('when') ?? null;
  const target = targetAt(image, match[1], Number(match[2]), condition);
  if ('problem' in target) throw new UsageError(`--reach: ${target.problem}`);
  return target;
}

function shardOf(text: string | undefined, strategy: string): { index: number; count: number } {
  if (text === undefined) return { index: 0, count: 1 };
  const match = /^(\d+)\/(\d+)$/.exec(text);
  const index = Number(match?.[1]) - 1;
  const count = Number(match?.[2]);
  if (match === null || index < 0 || index >= count) {
    throw new UsageError(`--shard takes I/N with I from 1 to N, not '${text}'`);
  }
  if (strategy === 'exhaustive') {
    throw new UsageError(
      '--shard splits --random, --pct and --bound; an exhaustive search has no parts',
    );
  }
  return { index, count };
}

/** The JSON object: what `coroscope merge` reads, too. */
export function report(image: Image, settings: ExploreSettings, result: ExploreResult) {
  return {
    scenario: image.scenario.name,
    runtime: image.profile,
    image: image.hash,
    shard: `${settings.shard.index + 1}/${settings.shard.count}`,
    ...result,
    outcomes: result.outcomes.map((found) => ({
      ...found,
      turns: turnsOf(found.schedule),
      schedule: encodeSchedule(found.schedule, settings.preemption),
    })),
  };
}

function tell(
  image: Image,
  settings: ExploreSettings,
  result: ExploreResult,
  table: 'visible' | 'all' | null,
  flags: string,
): void {
  const out: string[] = [];
  for (const found of result.outcomes) {
    const name =
      found.kind === 'reached'
        ? `reached ${found.message}`
        : outcomeText({ kind: found.kind, message: found.message } as Outcome);
    out.push(`${name}`);
    out.push(
      `    on ${countOf(found.count, 'schedule')}; the simplest: ${countOf(found.preemptions, 'preemption')}, ` +
        `${countOf(turnsOf(found.schedule), 'turn')}, ${stepsOf(found)}`,
    );
    out.push(`    ${flags}--schedule ${encodeSchedule(found.schedule, settings.preemption)}`);
    if (table === 'all') out.push(witnessTable(image, found.schedule, settings.preemption));
    if (table === 'visible') out.push(visibleTable(image, found.schedule, settings.preemption));
  }
  if (result.outcomes.length === 0) out.push('no execution came to an end');
  out.push(summary(settings, result));
  process.stdout.write(`${out.join('\n')}\n`);
}

function stepsOf({ visibleSteps, schedule }: FoundOutcome): string {
  if (visibleSteps < 0) return countOf(schedule.length, 'step');
  return `${countOf(visibleSteps, 'visible step')}, ${withThousands(schedule.length)} in all`;
}

/** Stretches of steps that one thread moves without another: the rows of the witness table. */
function turnsOf(schedule: readonly Choice[]): number {
  return schedule.filter((choice, i) => i === 0 || schedule[i - 1].thread !== choice.thread).length;
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
  const verdict = result.complete
    ? 'complete: every schedule is covered'
    : `not complete: ${result.incompleteBecause || 'stopped at the first schedule that gets there'}`;
  const lost =
    result.lostStateProbability > 0
      ? `\nprobability that a state was lost to a hash collision: below ${result.lostStateProbability.toExponential(1)}`
      : '';
  const pct =
    result.pctProbability > 0
      ? `\neach execution finds a bug of depth ${settings.pctDepth} with a probability of ` +
        `at least ${result.pctProbability.toExponential(1)}`
      : '';
  return `${parts.join(', ')}\n${verdict}${lost}${pct}`;
}

/** Every outcome found may happen, and everything that must happen sometimes was found. */
function isExpected(image: Image, settings: ExploreSettings, result: ExploreResult): boolean {
  if (settings.target !== null) return result.outcomes.some((one) => one.kind === 'reached');
  const expectations = expectationsFor(image.scenario.expectations, image.profile);
  const results: Result[] = result.outcomes.map((found) => ({
    outcome: { kind: found.kind, message: found.message } as Outcome,
    text: outputOf(image, found.schedule, settings.preemption),
  }));
  const sometimes = expectations.filter((one) => one.quantifier === 'sometimes');
  const isFree = sometimes.length > 0 && sometimes.length === expectations.length;
  return (
    (isFree || results.every((one) => isAsExpected(expectations, one))) &&
    (!result.complete || sometimes.every((wanted) => results.some((one) => isMet(wanted, one))))
  );
}
