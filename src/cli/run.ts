/** `coroscope run`: runs one scenario and says how it ended. */
import process from 'node:process';
import type { Outcome } from '../language/image.ts';
import {
  expectationsFor,
  isAsExpected,
  judgeRun,
  outcomeText,
  standingText,
} from '../run/expectations.ts';
import { handoffTable } from '../run/handoff-table.ts';
import type { Policy } from '../run/policy.ts';
import { encodeSchedule } from '../run/schedule.ts';
import type { Timeline } from '../run/timeline.ts';
import { formatTrace } from '../run/trace.ts';
import { countOf } from '../run/words.ts';
import { type Command, EXIT_OK, EXIT_UNMET, type Given } from './command.ts';
import { writeOutput } from './files.ts';
import { prepareRun, reportLost, runOptions } from './prepare-run.ts';
import { linesOf, lookedFor } from './report.ts';
import { writeOutputOf } from './terminal.ts';

export const runCommand: Command = {
  name: 'run',
  usage: 'FILE [--scenario NAME] [--runtime PROFILE] [options]',
  summary: 'Run one scenario, print what it prints, and tell its outcome.',
  details: `What the program prints goes to standard output, what the runtime prints of itself to
standard error; on a terminal, control characters are shown as escapes. The exit status is 1 when
the outcome is not what the scenario expects.`,
  options: {
    ...runOptions,
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
  const { image, policy, timeline } = prepareRun('run', given);
  const isJson = given.flag('json');
  runToEnd(timeline, isJson);
  const { outcome } = timeline;
  reportLost(policy, given);
  const tracePath = given.text('trace');
  if (tracePath !== undefined) {
    writeOutput(tracePath, formatTrace(image, timeline.schedule(), outcome, timeline.preemption));
  }
  const expectations = expectationsFor(image.scenario.expectations, image.profile);
  const text = timeline.output.map((line) => line.text).join('');
  const isExpected = isAsExpected(expectations, { outcome, text });
  const verdict = standingText(expectations, judgeRun(expectations, { outcome, text }));
  if (isJson) process.stdout.write(`${JSON.stringify(jsonOf(timeline, outcome))}\n`);
  else {
    if (given.flag('handoffs')) process.stdout.write(`${handoffTable(timeline)}\n`);
    tellOutcome(timeline, isExpected, verdict, policy, lookedFor(given));
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
      writeOutputOf(stream === 2 ? process.stderr : process.stdout, text);
    }
    if (end === 'ended') return;
  }
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
  verdict: string,
  policy: Policy,
  flags: string,
): void {
  const { image, outcome } = timeline;
  const last = timeline.output.at(-1)?.text ?? '\n';
  if (!last.endsWith('\n')) process.stdout.write('\n');
  const how = policy.name === 'natural' ? '' : `, schedule ${policy.name}`;
  const steps = countOf(timeline.step, 'step');
  const head = `${image.scenario.name} on ${image.profile}`;
  process.stdout.write(`${head}: ${outcomeText(outcome)} (${verdict}; ${steps}${how})\n`);
  if (isExpected) return;
  const schedule = encodeSchedule(timeline.schedule(), timeline.preemption);
  if (schedule.length <= maxScheduleText) {
    process.stdout.write(`replay it with ${flags}--schedule ${schedule}\n`);
  } else {
    process.stdout.write('record it with --trace OUT to replay or debug it\n');
  }
}
