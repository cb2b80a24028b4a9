/** `coroscope run`: runs one scenario and says how it ended. */
import process from 'node:process';
import type { Image, Outcome } from '../language/image.ts';
import {
  expectationsFor,
  expectationText,
  isAsExpected,
  outcomeText,
} from '../run/expectations.ts';
import { handoffTable } from '../run/handoff-table.ts';
import { NaturalPolicy } from '../run/natural.ts';
import type { Policy } from '../run/policy.ts';
import { RandomPolicy } from '../run/random.ts';
import { ReplayPolicy } from '../run/replay.ts';
import { encodeSchedule } from '../run/schedule.ts';
import { Timeline } from '../run/timeline.ts';
import {
  formatTrace,
  isScheduleText,
  parseTrace,
  type TraceInput,
  traceMismatch,
} from '../run/trace.ts';
import { countOf } from '../run/words.ts';
import { type Command, EXIT_OK, EXIT_UNMET, type Given, UsageError } from './command.ts';
import { isFile, readInput, writeOutput } from './files.ts';
import { linesOf, loadOrReport, optionsGiven } from './report.ts';

export const runCommand: Command = {
  name: 'run',
  usage: 'FILE [--scenario NAME] [--runtime PROFILE] [options]',
  summary: 'Run one scenario, print what it prints, and tell its outcome.',
  details: `What the program prints goes to standard output, what the runtime prints of itself to
standard error. The exit status is 1 when the outcome is not what the scenario expects.`,
  options: {
    scenario: { type: 'string', value: 'NAME', help: 'Without it: the first one of the file.' },
    runtime: {
      type: 'string',
      value: 'PROFILE',
      help: "Runtime profile. Without it: that of the file's runtime line, or go1.23.",
    },
    set: {
      type: 'string',
      value: 'OPTION=N',
      multiple: true,
      help: 'Set an option of the profile, such as gomaxprocs=1.',
    },
    seed: { type: 'string', value: 'N', help: 'Follow the random schedule of this seed.' },
    schedule: {
      type: 'string',
      value: 'TRACE',
      help: 'Follow a recorded schedule: a .corotrace file, or the one-line form (c1.…).',
    },
    follow: {
      type: 'boolean',
      help: 'With --schedule: follow it as far as it holds, also on another text.',
    },
    invariants: {
      type: 'boolean',
      help: 'Check the invariants of the models after every step; a broken one ends the run.',
    },
    limit: { type: 'string', value: 'STEPS', help: 'Give up after so many steps (10 million).' },
    trace: { type: 'string', value: 'OUT', help: 'Write the schedule that was taken to a file.' },
    handoffs: {
      type: 'boolean',
      help: 'Print who handed over to whom: a column a goroutine, a row an event.',
    },
    json: { type: 'boolean', help: 'Print one JSON object instead.' },
  },
  run,
};

const instructionsAtOnce = 50_000;

function run(given: Given): number {
  const [file, ...more] = given.files;
  if (file === undefined) throw new UsageError('run needs the name of a scenario file');
  if (more.length > 0) throw new UsageError(`run takes one file, not also ${more.join(' ')}`);
  const input = readInput(file);
  const recorded = scheduleGiven(given);
  const { image } = loadOrReport(input, {
    scenario: given.text('scenario') ?? recorded?.trace?.scenario,
    runtime: given.text('runtime') ?? recorded?.trace?.profile,
    options: { ...recorded?.trace?.options, ...optionsGiven(given.texts('set')) },
  });
  const policy = policyFor(given, recorded, image);
  const timeline = new Timeline(image, {
    policy,
    stepLimit: given.count('limit', 1),
    checkInvariants: given.flag('invariants'),
    preemption: recorded?.preemption ?? true,
  });
  const isJson = given.flag('json');
  runToEnd(timeline, isJson);
  const { outcome } = timeline;
  if (policy instanceof ReplayPolicy && policy.lost !== null) {
    if (!given.flag('follow')) throw new UsageError(policy.lost);
    process.stderr.write(`coroscope: ${policy.lost}; went on naturally\n`);
  }
  const tracePath = given.text('trace');
  if (tracePath !== undefined) {
    writeOutput(tracePath, formatTrace(image, timeline.schedule(), outcome, timeline.preemption));
  }
  const expectations = expectationsFor(image.scenario.expectations, image.profile);
  const text = timeline.output.map((line) => line.text).join('');
  const isExpected = isAsExpected(expectations, { outcome, text });
  if (isJson) process.stdout.write(`${JSON.stringify(jsonOf(timeline, outcome))}\n`);
  else {
    if (given.flag('handoffs')) process.stdout.write(`${handoffTable(timeline)}\n`);
    tellOutcome(timeline, isExpected, expectationText(expectations), policy);
  }
  return isExpected ? EXIT_OK : EXIT_UNMET;
}

/** Runs on to the end, and prints what is printed as it happens. */
function runToEnd(timeline: Timeline, isQuiet: boolean): void {
  let printed = 0;
  for (;;) {
    const end = timeline.walk(null, instructionsAtOnce);
    const { output } = timeline;
    for (; printed < output.length && !isQuiet; printed++) {
      const { stream, text } = output[printed];
      (stream === 2 ? process.stderr : process.stdout).write(text);
    }
    if (end === 'ended') return;
  }
}

/** The schedule that `--schedule` names or holds; null without it. */
export function scheduleGiven(given: Given): TraceInput | null {
  const text = given.text('schedule');
  if (text === undefined) return null;
  if (given.text('seed') !== undefined) {
    throw new UsageError('--seed and --schedule exclude each other');
  }
  const isLine = isScheduleText(text) && !isFile(text);
  const input = parseTrace(isLine ? text : readInput(text).text);
  if (!('problem' in input)) return input;
  throw new UsageError(isLine ? input.problem : `${text}: ${input.problem}`);
}

/** Who decides, by `--schedule`, `--follow` and `--seed`. */
export function policyFor(given: Given, recorded: TraceInput | null, image: Image): Policy {
  if (recorded === null) {
    const seed = given.count('seed', 0);
    return seed === undefined ? new NaturalPolicy() : new RandomPolicy(seed);
  }
  const mismatch = recorded.trace === null ? null : traceMismatch(recorded.trace, image);
  if (mismatch !== null) {
    if (!given.flag('follow')) {
      throw new UsageError(`${mismatch}; --follow follows it as far as it holds`);
    }
    process.stderr.write(`coroscope: ${mismatch}\n`);
  }
  return new ReplayPolicy(recorded.schedule, new NaturalPolicy());
}

function jsonOf(timeline: Timeline, outcome: Outcome | null) {
  const { image } = timeline;
  return {
    scenario: image.scenario.name,
    runtime: image.profile,
    outcome,
    output: linesOf(timeline.output),
    steps: timeline.step,
    schedule: encodeSchedule(timeline.schedule(), timeline.preemption),
  };
}

/** Longer schedules are not printed: nobody pastes them. */
const maxScheduleText = 400;

function tellOutcome(
  timeline: Timeline,
  isExpected: boolean,
  expected: string,
  policy: Policy,
): void {
  const { image, outcome } = timeline;
  const last = timeline.output.at(-1)?.text ?? '\n';
  if (!last.endsWith('\n')) process.stdout.write('\n');
  const verdict = isExpected ? 'as expected' : `expected ${expected}`;
  const how = policy.name === 'natural' ? '' : `, schedule ${policy.name}`;
  const steps = countOf(timeline.step, 'step');
  const head = `${image.scenario.name} on ${image.profile}`;
  process.stdout.write(`${head}: ${outcomeText(outcome)} (${verdict}; ${steps}${how})\n`);
  if (isExpected) return;
  const schedule = encodeSchedule(timeline.schedule(), timeline.preemption);
  if (schedule.length <= maxScheduleText) {
    process.stdout.write(`replay it with --schedule ${schedule}\n`);
  } else {
    process.stdout.write('record it with --trace OUT to replay or debug it\n');
  }
}
