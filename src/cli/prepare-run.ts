/** What `run` and `queue` share: one scenario on one schedule, as the options say. */
import process from 'node:process';
import type { Image } from '../language/image.ts';
import { NaturalPolicy } from '../run/natural.ts';
import type { Policy } from '../run/policy.ts';
import { RandomPolicy } from '../run/random.ts';
import { ReplayPolicy } from '../run/replay.ts';
import { Timeline } from '../run/timeline.ts';
import { isScheduleText, parseTrace, type TraceInput, traceMismatch } from '../run/trace.ts';
import { type Given, type OptionSpec, UsageError } from './command.ts';
import { isFile, readInput } from './files.ts';
import { loadOrReport, optionsGiven } from './report.ts';

/** Options that say which run it is. */
export const runOptions: Readonly<Record<string, OptionSpec>> = {
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
  races: {
    type: 'boolean',
    help: 'Look for data races, as go build -race does; the first one ends the run.',
  },
  leaks: {
    type: 'boolean',
    help: 'Look for goroutines (threads) that are left when main has returned: a leak.',
  },
  limit: { type: 'string', value: 'STEPS', help: 'Give up after so many steps (10 million).' },
};

export interface PreparedRun {
  readonly image: Image;
  readonly policy: Policy;
  /** At its start. */
  readonly timeline: Timeline;
}

/** Loads the one file that the command was given and makes its timeline. Throws a UsageError. */
export function prepareRun(command: string, given: Given): PreparedRun {
  const [file, ...more] = given.files;
  if (file === undefined) throw new UsageError(`${command} needs the name of a scenario file`);
  if (more.length > 0) {
    throw new UsageError(`${command} takes one file, not also ${more.join(' ')}`);
  }
  const input = readInput(file);
  const recorded = scheduleGiven(given);
  const { image } = loadOrReport(input, {
    scenario: given.text('scenario') ?? recorded?.trace?.scenario,
    runtime: given.text('runtime') ?? recorded?.trace?.profile,
    options: { ...recorded?.trace?.options, ...optionsGiven(given.texts('set')) },
    races: given.flag('races') ? 'always' : 'when expected',
    leaks: given.flag('leaks') ? 'always' : 'when expected',
  });
  const policy = policyFor(given, recorded, image);
  const timeline = new Timeline(image, {
    policy,
    stepLimit: given.count('limit', 1),
    checkInvariants: given.flag('invariants'),
    preemption: recorded?.preemption ?? true,
  });
  return { image, policy, timeline };
}

/** A schedule that the run could not follow to its end is an error without `--follow`, and else
 *  said. */
export function reportLost(policy: Policy, given: Given): void {
  if (!(policy instanceof ReplayPolicy) || policy.lost === null) return;
  if (!given.flag('follow')) throw new UsageError(policy.lost);
  process.stderr.write(`coroscope: ${policy.lost}; went on naturally\n`);
}

/** The schedule that `--schedule` names or holds; null without it. */
function scheduleGiven(given: Given): TraceInput | null {
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
function policyFor(given: Given, recorded: TraceInput | null, image: Image): Policy {
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
