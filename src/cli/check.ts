/** `coroscope check`: every scenario on its profiles, against its expectations. */
import process from 'node:process';
import { DEFAULT_PROFILE } from '../models/profiles.ts';
import { outcomeText } from '../run/expectations.ts';
import { profileNamed, type ScenarioSummary } from '../run/load.ts';
import { countOf } from '../run/words.ts';
import { type Cell, type CellAnswer, type CellOptions, type CheckResult } from './check-cell.ts';
import { byWorkers, oneByOne } from './check-cells.ts';
import { type Command, EXIT_BAD, EXIT_OK, EXIT_UNMET, type Given, UsageError } from './command.ts';
import { readInput, scenarioFiles } from './files.ts';
import { Interrupt } from './interrupt.ts';
import { loadOrReport, lookedFor } from './report.ts';
import { workerCount } from './workers.ts';

export const checkCommand: Command = {
  name: 'check',
  usage: 'FILE… [--runtime PROFILE] [options]',
  summary: 'Run every scenario on its profiles, and compare with what it expects.',
  details: `A folder stands for all .coro files in it. Each scenario runs on the file's profile and on
each that it names with "on". Schedules are searched within a budget; what that does not
decide is neither passed nor failed. Ctrl-C ends it and prints the verdicts so far (exit status 130;
143 for SIGTERM).`,
  options: {
    runtime: { type: 'string', value: 'PROFILE', help: 'Run on this profile only.' },
    scenario: { type: 'string', value: 'NAME', help: 'Check this scenario only.' },
    limit: { type: 'string', value: 'STEPS', help: 'Give up after so many steps (10 million).' },
    states: { type: 'string', value: 'N', help: 'Search so many states a scenario (30,000).' },
    seconds: { type: 'string', value: 'N', help: 'And so many seconds at most (5).' },
    invariants: { type: 'boolean', help: "Check the models' invariants after every step." },
    races: { type: 'boolean', help: 'Look for data races in every scenario.' },
    leaks: { type: 'boolean', help: 'Look for leaks of goroutines in every scenario.' },
    natural: { type: 'boolean', help: 'Do not search: the natural schedule alone decides.' },
    workers: { type: 'string', value: 'N', help: 'Check with N threads (1).' },
    strict: { type: 'boolean', help: 'What is not decided counts as failed.' },
    quiet: { type: 'boolean', short: 'q', help: 'Say nothing about what passes.' },
    json: { type: 'boolean', help: 'Print one JSON object instead.' },
  },
  run,
};

/** Schedules that are longer are not shown. */
const maxScheduleText = 200;

async function run(given: Given): Promise<number> {
  if (given.files.length === 0) throw new UsageError('check needs the names of scenario files');
  const workers = workerCount(given);
  const options = optionsOf(given);
  const files = scenarioFiles(given.files);
  const interrupt = new Interrupt();
  const broken = new Set<string>();
  const cells = cellsOf(files, given, broken);
  const answers =
    workers === 1
      ? oneByOne(cells, options, interrupt)
      : byWorkers(cells, options, interrupt, workers);
  const results: CheckResult[] = [];
  for await (const { cell, answer } of answers) {
    const result = resultOf(cell, answer, broken);
    if (result === null) continue;
    results.push(result);
    if (!given.flag('json')) tell(result, given);
  }
  interrupt.end();
  const failed = close(results, given, interrupt);
  if (interrupt.isRequested) return interrupt.status;
  return broken.size > 0 ? EXIT_BAD : failed > 0 ? EXIT_UNMET : EXIT_OK;
}

function optionsOf(given: Given): CellOptions {
  for (const option of ['states', 'seconds']) {
    if (given.flag('natural') && given.text(option) !== undefined) {
      throw new UsageError(`--${option} bounds the search, and --natural does not search`);
    }
  }
  return {
    steps: given.count('limit', 1),
    states: given.count('states', 1),
    seconds: given.count('seconds', 1),
    invariants: given.flag('invariants'),
    races: given.flag('races'),
    leaks: given.flag('leaks'),
    natural: given.flag('natural'),
  };
}

/** The answer of a cell; null when its file cannot be checked, which is said once. */
function resultOf(cell: Cell, answer: CellAnswer, broken: Set<string>): CheckResult | null {
  if (broken.has(cell.path)) return null;
  if ('result' in answer) return answer.result;
  complain(cell.path, answer.problem, broken);
  return null;
}

function complain(path: string, problem: string, broken: Set<string>): void {
  process.stderr.write(`coroscope: ${problem}\n`);
  broken.add(path);
}

/** Says how many passed; how many count as failed. */
function close(results: readonly CheckResult[], given: Given, interrupt: Interrupt): number {
  const passed = results.filter((result) => result.passed === true).length;
  const undecided = results.filter((result) => result.passed === null).length;
  const failed = results.length - passed - (given.flag('strict') ? 0 : undecided);
  if (given.flag('json')) {
    const interrupted = interrupt.isRequested ? { interrupted: true } : {};
    const all = { results, passed, failed, undecided, ...interrupted };
    process.stdout.write(`${JSON.stringify(all)}\n`);
    return failed;
  }
  if (given.flag('natural')) {
    process.stdout.write('Decided on the natural schedule; other schedules were not searched.\n');
  } else if (undecided > 0) {
    process.stdout.write(`${undecided} not decided within the budget (--states, --seconds)\n`);
  }
  if (interrupt.isRequested) {
    process.stdout.write(`interrupted after ${countOf(results.length, 'verdict')}\n`);
  }
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return failed;
}

/** Every scenario on its profiles. Files that cannot be checked are noted as broken. */
function* cellsOf(files: readonly string[], given: Given, broken: Set<string>): Generator<Cell> {
  for (const path of files) {
    try {
      yield* cellsOfFile(path, given);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      complain(path, error.message, broken);
    }
  }
}

function* cellsOfFile(path: string, given: Given): Generator<Cell> {
  const runtime = given.text('runtime');
  const wanted = given.text('scenario');
  const input = readInput(path);
  // Says what is wrong with the file, once.
  const { scenarios, file } = loadOrReport(input, { runtime, scenario: wanted });
  const standard = runtime ?? file.runtime?.profile ?? DEFAULT_PROFILE;
  for (const scenario of scenarios) {
    if (wanted !== undefined && scenario.name !== wanted) continue;
    const profiles = runtime === undefined ? profilesOf(scenario, standard) : [standard];
    for (const profile of profiles) yield { ...input, scenario: scenario.name, profile };
  }
}

/** The file's profile and those that the scenario names, each once. */
function profilesOf(scenario: ScenarioSummary, standard: string): string[] {
  const named = scenario.expectations.flatMap(({ profile }) => (profile === null ? [] : [profile]));
  const names = [standard, ...named].map((name) => profileNamed(name)?.name ?? name);
  return [...new Set(names)];
}

function tell(result: CheckResult, given: Given): void {
  const { file, scenario, runtime, expected, outcome, passed, schedule, because } = result;
  const head = `${file} ${scenario} on ${runtime}`;
  if (passed === true) {
    if (!given.flag('quiet')) process.stdout.write(`pass  ${head}: ${outcomeText(outcome)}\n`);
    return;
  }
  if (passed === null) {
    const reason = because.replace('--limit', '--states').replace(/ \(--depth .*?\)/, '');
    const why = because === '' ? 'the natural schedule says nothing of others' : reason;
    process.stdout.write(`????  ${head}: ${outcomeText(outcome)}, but ${why}\n`);
    return;
  }
  const got = because === '' ? outcomeText(outcome) : because;
  process.stdout.write(`FAIL  ${head}: expected ${expected}, got ${got}\n`);
  if (schedule.length <= maxScheduleText) {
    process.stdout.write(`      replay it with ${lookedFor(given)}--schedule ${schedule}\n`);
  }
}
