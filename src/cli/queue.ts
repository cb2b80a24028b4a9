/** `coroscope queue`: the cleanup queue at a moment of a run, as text. */
import process from 'node:process';
import { Inspector } from '../run/inspect.ts';
import { queueText, reportQueue } from '../run/queue-text.ts';
import { countOf } from '../run/words.ts';
import { type Command, EXIT_OK, type Given, UsageError } from './command.ts';
import { prepareRun, reportLost, runOptions } from './prepare-run.ts';

export const queueCommand: Command = {
  name: 'queue',
  usage: 'FILE [--scenario NAME] [--schedule TRACE] [--step N] [options]',
  summary: "Print the runtime's cleanup queue as it stands at a step of a run.",
  details: `Blocks, counters, who sleeps and who runs, and in words whether somebody will run what waits.
Lines of what the last step changed begin with *. Without --step it is the end of the run.`,
  options: {
    ...runOptions,
    step: { type: 'string', value: 'N', help: 'After so many steps; 0 is the start.' },
    json: { type: 'boolean', help: 'Print one JSON object instead.' },
  },
  run,
};

function run(given: Given): number {
  const { image, policy, timeline } = prepareRun('queue', given);
  const wanted = given.count('step', 0);
  while (timeline.step !== wanted && timeline.forward());
  reportLost(policy, given);
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
