/** `coroscope check`: every scenario on its profiles, against its expectations. */
import process from 'node:process';
import type { Image, Outcome } from '../language/image.ts';
import {
  expectationsFor,
  expectationText,
  isAsExpected,
  isMet,
  outcomeText,
  type Result,
} from '../run/expectations.ts';
import { DEFAULT_PROFILE } from '../models/profiles.ts';
import { type LookFor, profileNamed, type ScenarioSummary } from '../run/load.ts';
import { MachinePool } from '../machine/machine.ts';
import { NaturalPolicy } from '../run/natural.ts';
import type { Policy } from '../run/policy.ts';
import { SEARCH_MEMORY_WORDS } from '../explore/explore.ts';
import { decide } from '../explore/verdict.ts';
import { encodeSchedule } from '../run/schedule.ts';
import { Timeline } from '../run/timeline.ts';
import { type Command, EXIT_BAD, EXIT_OK, EXIT_UNMET, type Given, UsageError } from './command.ts';
import { type InputFile, readInput, scenarioFiles } from './files.ts';
import { loadOrReport, lookedFor } from './report.ts';

export const checkCommand: Command = {
  name: 'check',
  usage: 'FILE… [--runtime PROFILE] [options]',
  summary: 'Run every scenario on its profiles, and compare with what it expects.',
  details: `A folder stands for all .coro files in it. Each scenario runs on the file's profile and on
each that it names with "on". Schedules are searched within a budget; what that does not
decide is neither passed nor failed.`,
  options: {
    runtime: { type: 'string', value: 'PROFILE', help: 'Run on this profile only.' },
    scenario: { type: 'string', value: 'NAME', help: 'Check this scenario only.' },
    limit: { type: 'string', value: 'STEPS', help: 'Give up after so many steps (10 million).' },
    states: { type: 'string', value: 'N', help: 'Search so many states a scenario (5,000).' },
    seconds: { type: 'string', value: 'N', help: 'And so many seconds at most (5).' },
    invariants: { type: 'boolean', help: "Check the models' invariants after every step." },
    races: { type: 'boolean', help: 'Look for data races in every scenario.' },
    leaks: { type: 'boolean', help: 'Look for leaks of goroutines in every scenario.' },
    natural: { type: 'boolean', help: 'Do not search: the natural schedule alone decides.' },
    strict: { type: 'boolean', help: 'What is not decided counts as failed.' },
    quiet: { type: 'boolean', short: 'q', help: 'Say nothing about what passes.' },
    json: { type: 'boolean', help: 'Print one JSON object instead.' },
  },
  run,
};

interface CheckResult {
  readonly file: string;
  readonly scenario: string;
  readonly runtime: string;
  readonly expected: string;
  readonly outcome: Outcome | null;
  /** Null: not decided within the budget. */
  readonly passed: boolean | null;
  /** Distinct states that the search covered, and whether those were all. */
  readonly states: number;
  readonly complete: boolean;
  /** Why it failed or was not decided, where that is more than the outcome. */
  readonly because: string;
  /** One line that replays the run. */
  readonly schedule: string;
}

const defaultStates = 5000;
const defaultSeconds = 5;
/** Schedules that are longer are not shown. */
const maxScheduleText = 200;
/** Every cell has its machines, one after the other. */
const pool = new MachinePool();

function run(given: Given): number {
  if (given.files.length === 0) throw new UsageError('check needs the names of scenario files');
  const isJson = given.flag('json');
  const results: CheckResult[] = [];
  let bad = 0;
  for (const file of scenarioFiles(given.files)) {
    try {
      for (const result of checkFile(readInput(file), given)) {
        results.push(result);
        if (!isJson) tell(result, given);
      }
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      process.stderr.write(`coroscope: ${error.message}\n`);
      bad++;
    }
  }
  const passed = results.filter((result) => result.passed === true).length;
  const undecided = results.filter((result) => result.passed === null).length;
  const failed = results.length - passed - (given.flag('strict') ? 0 : undecided);
  if (isJson) {
    process.stdout.write(`${JSON.stringify({ results, passed, failed, undecided })}\n`);
  } else {
    if (given.flag('natural')) {
      process.stdout.write('Decided on the natural schedule; other schedules were not searched.\n');
    } else if (undecided > 0) {
      process.stdout.write(`${undecided} not decided within the budget (--states, --seconds)\n`);
    }
    process.stdout.write(`${passed} passed, ${failed} failed\n`);
  }
  return bad > 0 ? EXIT_BAD : failed > 0 ? EXIT_UNMET : EXIT_OK;
}

function* checkFile(input: InputFile, given: Given): Generator<CheckResult> {
  const runtime = given.text('runtime');
  const wanted = given.text('scenario');
  // Says what is wrong with the file, once.
  const { scenarios, file } = loadOrReport(input, { runtime, scenario: wanted });
  const standard = runtime ?? file.runtime?.profile ?? DEFAULT_PROFILE;
  for (const scenario of scenarios) {
    if (wanted !== undefined && scenario.name !== wanted) continue;
    const profiles = runtime === undefined ? profilesOf(scenario, standard) : [standard];
    for (const profile of profiles) {
      const lookFor = (kind: string): LookFor => (given.flag(kind) ? 'always' : 'when expected');
      const { image } = loadOrReport(input, {
        runtime: profile,
        scenario: scenario.name,
        races: lookFor('races'),
        leaks: lookFor('leaks'),
      });
      yield checkScenario(input.path, image, given);
    }
  }
}

/** The file's profile and those that the scenario names, each once. */
function profilesOf(scenario: ScenarioSummary, standard: string): string[] {
  const named = scenario.expectations.flatMap(({ profile }) => (profile === null ? [] : [profile]));
  const names = [standard, ...named].map((name) => profileNamed(name)?.name ?? name);
  return [...new Set(names)];
}

function checkScenario(file: string, image: Image, given: Given): CheckResult {
  const expectations = expectationsFor(image.scenario.expectations, image.profile);
  const natural = runWith(image, new NaturalPolicy(), given);
  const sometimes = expectations.filter((one) => one.quantifier === 'sometimes');
  const isAllowed = sometimes.length > 0 && sometimes.length === expectations.length;
  const base = {
    file,
    scenario: image.scenario.name,
    runtime: image.profile,
    expected: expectationText(expectations),
    outcome: natural.outcome,
    schedule: natural.schedule,
  };
  if (!isAllowed && !isAsExpected(expectations, natural)) {
    return { ...base, passed: false, states: 0, complete: false, because: '' };
  }
  if (given.flag('natural')) {
    const passed = sometimes.every((one) => isMet(one, natural)) || null;
    return { ...base, passed, states: 0, complete: false, because: '' };
  }
  const { verdict, counterexample, because, states, complete } = decide(
    image,
    expectations,
    natural,
    {
      states: given.count('states', 1) ?? image.options.states ?? defaultStates,
      seconds: given.count('seconds', 1) ?? defaultSeconds,
    },
    pool,
  );
  const passed = verdict === 'undecided' ? null : verdict === 'passed';
  const found = counterexample && {
    outcome: counterexample.outcome,
    // The search takes no preemption points.
    schedule: encodeSchedule(counterexample.schedule, false),
  };
  return { ...base, ...found, passed, states, complete, because };
}

function runWith(
  image: Image,
  policy: Policy,
  given: Given,
): Result & { readonly schedule: string } {
  const timeline = new Timeline(image, {
    policy,
    stepLimit: given.count('limit', 1),
    checkInvariants: given.flag('invariants'),
    preemption: true,
    machine: { memoryWords: image.options.memoryWords ?? SEARCH_MEMORY_WORDS, pool },
  });
  while (timeline.walk(null, Number.MAX_SAFE_INTEGER) !== 'ended');
  const text = timeline.output.map((line) => line.text).join('');
  const { outcome } = timeline;
  const schedule = encodeSchedule(timeline.schedule());
  timeline.machine.release();
  return { outcome, text, schedule };
}

function tell(result: CheckResult, given: Given): void {
  const { file, scenario, runtime, expected, outcome, passed, schedule, because } = result;
  const head = `${file} ${scenario} on ${runtime}`;
  if (passed === true) {
    if (!given.flag('quiet')) process.stdout.write(`pass  ${head}: ${outcomeText(outcome)}\n`);
    return;
  }
  if (passed === null) {
    const reason = because.replace('--limit', '--states');
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
