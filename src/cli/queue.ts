/** `coroscope queue`: the cleanup queue at a moment of a run, as text. */
import process from 'node:process';
import { Inspector } from '../run/inspect.ts';
import { queueText, reportQueue } from '../run/queue-text.ts';
import { ReplayPolicy } from '../run/replay.ts';
import { Timeline } from '../run/timeline.ts';
import { countOf } from '../run/words.ts';
import { type Command, EXIT_OK, type Given, UsageError } from './command.ts';
import { readInput } from './files.ts';
import { loadOrReport, optionsGiven } from './report.ts';
import { policyFor, runCommand, scheduleGiven } from './run.ts';

const { scenario, runtime, set, seed, schedule, follow, limit } = runCommand.options;

export const queueCommand: Command = {
  name: 'queue',
  usage: 'FILE [--scenario NAME] [--schedule TRACE] [--step N] [options]',
  summary: "Print the runtime's cleanup queue as it stands at a step of a run.",
  details: `Blocks, counters, who sleeps and who runs, and in words whether somebody will run what waits.
Lines of what the last step changed begin with *. Without --step it is the end of the run.`,
  options: {
    scenario,
    runtime,
    set,
    seed,
    schedule,
    follow,
    limit,
    step: { type: 'string', value: 'N', help: 'After so many steps; 0 is the start.' },
    json: { type: 'boolean', help: 'Print one JSON object instead.' },
  },
  run,
};

function run(given: Given): number {
  const [file, ...more] = given.files;
  if (file === undefined) throw new UsageError('queue needs the name of a scenario file');
  if (more.length > 0) throw new UsageError(`queue takes one file, not also ${more.join(' ')}`);
  const recorded = scheduleGiven(given);
  const { image } = loadOrReport(readInput(file), {
    scenario: given.text('scenario') ?? recorded?.trace?.scenario,
    runtime: given.text('runtime') ?? recorded?.trace?.profile,
    options: { ...recorded?.trace?.options, ...optionsGiven(given.texts('set')) },
  });
  const policy = policyFor(given, recorded, image);
  const timeline = new Timeline(image, {
    policy,
    stepLimit: given.count('limit', 1),
    checkInvariants: true,
    preemption: recorded?.preemption ?? true,
  });
  const wanted = given.count('step', 0);
  while (timeline.step !== wanted && timeline.forward());
  if (policy instanceof ReplayPolicy && policy.lost !== null && !given.flag('follow')) {
    throw new UsageError(policy.lost);
  }
  if (wanted !== undefined && timeline.step < wanted) {
    throw new UsageError(`the run has only ${countOf(timeline.step, 'step')}`);
  }
  const report = reportQueue(timeline, new Inspector(image, timeline.machine), null);
  if (report === null) throw new UsageError(`the profile ${image.profile} has no cleanup queue`);
  const { state, changes } = report;
  if (given.flag('json')) {
    process.stdout.write(`${JSON.stringify({ step: timeline.step, ...state, changes })}\n`);
  } else {
    const moment = `${image.scenario.name} after ${countOf(timeline.step, 'step')}\n\n`;
    process.stdout.write(`${moment}${queueText(state, changes)}`);
  }
  return EXIT_OK;
}
