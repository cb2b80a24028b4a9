/** `coroscope explore`: search over the schedules of one scenario. */
import process from 'node:process';
import type { Image, Outcome } from '../language/image.ts';
import { startSearch } from '../explore/explore.ts';
import { FairSearch, mayBeFair } from '../explore/fair.ts';
import { ParallelSearch } from '../explore/parallel.ts';
import { ShardedSearch } from '../explore/sharded.ts';
import { Simplification } from '../explore/simplify.ts';
import type { ExploreResult, ExploreSettings, Search } from '../explore/types.ts';
import { onNoSchedule } from '../explore/coverage.ts';
import {
  areAsExpected,
  expectationsFor,
  judgeRuns,
  type Result,
  wantedText,
} from '../run/expectations.ts';
import { type Command, EXIT_OK, EXIT_UNMET, type Given, UsageError } from './command.ts';
import { type Findings, report, tell } from './explore-report.ts';
import { settingsOf, workersOf } from './explore-settings.ts';
import { readInput } from './files.ts';
import { breath, Interrupt } from './interrupt.ts';
import { findNearest } from './nearest.ts';
import { type ProgressTeller, progressText, tellProgress } from './progress.ts';
import { outputOf } from './replay-output.ts';
import { loadOrReport, lookedFor, optionsGiven } from './report.ts';
import { startWorkerThreads } from './workers.ts';

export const exploreCommand: Command = {
  name: 'explore',
  usage: 'FILE [--scenario NAME] [--runtime PROFILE] [options]',
  summary: 'Search over schedules: every way the scenario can end, with a schedule for each.',
  details: `Without an option the search is exhaustive: every schedule is covered, by one that is equal to it in
all that matters. --shortest covers all of them, those with fewer steps first; --bound allows so
many preemptions, 0 first; --random and --pct take so many executions. The exit status is 1 when an
outcome is not what the scenario expects. Ctrl-C ends the search and prints what was found (exit
status 130; 143 for SIGTERM); a second one ends at once.`,
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
    shortest: {
      type: 'boolean',
      help: 'All schedules, shortest first: each outcome with one of the fewest steps.',
    },
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
      help: 'Search with N threads (1).',
    },
    shard: { type: 'string', value: 'I/N', help: 'Do part I (from 1) of N; see coroscope merge.' },
    witness: {
      type: 'boolean',
      help: 'Show the visible steps of each schedule as a table, a column a thread.',
    },
    nearest: {
      type: 'boolean',
      help: 'Beside each schedule that fails, the nearest one that passes, and where they part.',
    },
    'all-steps': { type: 'boolean', help: 'With --witness: all steps, a row a stretch.' },
    progress: {
      type: 'boolean',
      help: 'Tell on standard error how far the search is, in lines, as a log wants it.',
    },
    json: { type: 'boolean', help: 'Print one JSON object instead.' },
  },
  run,
};

/** Between two looks at the keyboard and the clock. */
const SLICE_MILLISECONDS = 30;
/** The same, while other threads search. */
const LOOK_MILLISECONDS = 10;
/** After an interruption: for counting what schedules cost, and for tables of witnesses. */
const LAST_MILLISECONDS = 20;

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
  const asked = settingsOf(given, image);
  const workers = workersOf(given, asked);
  const table = tableOf(given);
  if (given.flag('nearest') && asked.target !== null) {
    throw new UsageError('--nearest is for outcomes; --reach looks for a place');
  }
  const session: Session = {
    image,
    settings: asked,
    interrupt: new Interrupt(),
    progress: tellProgress(given.flag('progress')),
  };
  const { interrupt, progress } = session;
  const mayGiveUp = given.text('depth') === undefined && given.text('limit') === undefined;
  const { result, settings } = await searchHere({ ...session, mayGiveUp }, workers);
  session.settings = settings;
  const simplified = await simplifyHere(session, result);
  const nearest = given.flag('nearest')
    ? await findNearest(image, settings, result.outcomes, interrupt, progress)
    : null;
  progress.clear();
  interrupt.end();
  const stand = judge(image, settings, result);
  const findings: Findings = {
    image,
    settings,
    result,
    simplified,
    nearest,
    asked: lookedFor(given),
    interrupt: interrupt.status,
    missing: stand.missing,
  };
  if (given.flag('json')) process.stdout.write(`${JSON.stringify(report(findings))}\n`);
  else tell(findings, table, LAST_MILLISECONDS);
  if (interrupt.isRequested) return interrupt.status;
  return stand.isExpected ? EXIT_OK : EXIT_UNMET;
}

/** What all parts of the command work with. */
interface Session {
  readonly image: Image;
  /** What was asked for; of the schedules that were found, when there are some. */
  settings: ExploreSettings;
  readonly interrupt: Interrupt;
  readonly progress: ProgressTeller;
}

function tableOf(given: Given): 'visible' | 'all' | null {
  if (given.flag('witness')) return given.flag('all-steps') ? 'all' : 'visible';
  if (given.flag('all-steps')) throw new UsageError('--all-steps belongs to --witness');
  return null;
}

/** Searches; an interruption ends that and keeps what was found. With the settings of what was. */
async function searchHere(
  session: Session & { readonly mayGiveUp: boolean },
  workers: number,
): Promise<{ result: ExploreResult; settings: ExploreSettings }> {
  const { image, settings: asked, mayGiveUp } = session;
  const threads = workers === 1 ? null : startWorkerThreads(__filename, workers);
  const start = (settings: ExploreSettings): Search => {
    if (threads === null) return startSearch(image, settings);
    return settings.strategy === 'exhaustive'
      ? new ParallelSearch(image, settings, threads.ports)
      : new ShardedSearch(image, settings, threads.ports);
  };
  try {
    const fair = mayBeFair(asked) ? new FairSearch(image, asked, start, mayGiveUp) : null;
    const result = await watch(session, fair ?? start(asked), threads ? shortly : breath);
    return { result, settings: fair?.settings ?? asked };
  } finally {
    await threads?.end();
  }
}

/** Goes on with a search until it is over; `rest` lets others in between. */
async function watch(
  { interrupt, progress }: Session,
  search: Search,
  rest: () => Promise<void>,
): Promise<ExploreResult> {
  interrupt.onRequest = () => search.stop('cancelled');
  while (search.advance(SLICE_MILLISECONDS)) {
    const now = search.progress();
    progress.show(progressText(now), now.outcomes);
    await rest();
  }
  interrupt.onRequest = null;
  return search.result();
}

/** Gives outcomes their simplest schedules until an interruption; how many have theirs. */
async function simplifyHere(session: Session, { outcomes }: ExploreResult): Promise<number> {
  const { image, settings, interrupt, progress } = session;
  const work = new Simplification(image, settings, outcomes);
  progress.begin();
  while (!interrupt.isRequested && work.advance(SLICE_MILLISECONDS)) {
    progress.show(`simplest schedules: ${work.done} of ${outcomes.length}`, work.done);
    await breath();
  }
  if (!interrupt.isRequested) return work.done;
  work.stop(LAST_MILLISECONDS);
  // The shortest ones were so when they were found.
  return settings.strategy === 'shortest' ? outcomes.length : work.done;
}

async function shortly(): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, LOOK_MILLISECONDS);
  });
}

/** How the findings stand under the expectations. */
interface Stand {
  readonly isExpected: boolean;
  /** What must happen sometimes and was not found, in words. */
  readonly missing: readonly string[];
}

/** Every outcome found may happen, and everything that must happen sometimes was found. */
function judge(image: Image, settings: ExploreSettings, result: ExploreResult): Stand {
  if (settings.target !== null) {
    return { isExpected: result.outcomes.some((one) => one.kind === 'reached'), missing: [] };
  }
  const expectations = expectationsFor(image.scenario.expectations, image.profile);
  const results: Result[] = result.outcomes.map((found) => ({
    outcome: { kind: found.kind, message: found.message } as Outcome,
    text: outputOf(image, found.schedule, settings.preemption),
  }));
  // What one part of the search has not found, another one may.
  const isAll = result.complete && settings.shard.count === 1;
  const where = isAll ? onNoSchedule(result.assumptions) : 'not found';
  const { missing } = judgeRuns(expectations, results);
  return {
    isExpected: areAsExpected(expectations, results, isAll),
    missing: missing.map((one) => `expected sometimes ${wantedText(one)}: ${where}`),
  };
}
