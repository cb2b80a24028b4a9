/** The cleanup queue: a request for views, the console's command `queue`, and its looks back. */
import {
  originAt,
  originOfBlock,
  previousQueueChange,
  type QueueOrigin,
  toNextQueueChange,
} from '../run/queue-history.ts';
import { lastChange } from '../run/looking-back.ts';
import { queueText, reportQueue } from '../run/queue-text.ts';
import { evaluate } from '../run/evaluate.ts';
import { optionalInteger, optionalText, requireInteger } from './arguments.ts';
import type { Arguments } from './arguments.ts';
import type { Debuggee, Program } from './debuggee.ts';
import { nothingFound } from './errors.ts';
import { toClientLine } from './positions.ts';
import type { Call, Handlers } from './requests.ts';
import { inSlices } from './slices.ts';
import { sourceOf } from './sources.ts';
import { showStop } from './stops.ts';
import { threadOf } from './threads.ts';
import { travel } from './travel.ts';
import { succeed } from './variables.ts';

export const queueRequests = {
  'coroscope/queue': queue,
  'coroscope/queueOrigin': queueOrigin,
  'coroscope/queueChange': queueChange,
  'coroscope/focus': focus,
} satisfies Handlers;

/**
 * The queue with what changed since the moment `since`, by default since before the last step; and
 * where it was read. `report` is null when the profile has no queue.
 */
function queue(debuggee: Debuggee, args: Arguments): object {
  const { timeline, inspector, image } = debuggee.atRest('coroscope/queue');
  const since = optionalInteger(args, 'since', -1);
  return {
    report: reportQueue(timeline, inspector, since < 0 ? null : since),
    scenario: image.scenario.name,
    step: timeline.step,
    instruction: timeline.instruction,
    outcome: timeline.outcome,
  };
}

/** What the console prints for `queue`. */
export function queueAnswer({ timeline, inspector, image }: Program): string {
  const report = reportQueue(timeline, inspector, null);
  if (report === null) return `the profile ${image.profile} has no cleanup queue`;
  return queueText(report.state, report.changes);
}

/**
 * Who put a `block` where it is, or changed an `expression` or the word at an `address` last: the
 * line and the moment.
 */
async function queueOrigin(debuggee: Debuggee, args: Arguments, call: Call): Promise<object> {
  const program = debuggee.atRest('coroscope/queueOrigin');
  const { timeline, inspector } = program;
  const block = optionalInteger(args, 'block', 0);
  if (block > 0) {
    const found = await inSlices(
      debuggee,
      program,
      call,
      originOfBlock(timeline, inspector, block),
    );
    return bodyOf(debuggee, program, found);
  }
  const expression = optionalText(args, 'expression');
  const address =
    expression === undefined
      ? requireInteger(args, 'address')
      : succeed(evaluate(inspector, null, expression)).address;
  const change = lastChange(timeline, Math.max(0, address), 1);
  const moment = await inSlices(debuggee, program, call, change);
  const origin = moment === null ? null : originAt(timeline, inspector, moment);
  return bodyOf(debuggee, program, origin);
}

function bodyOf(debuggee: Debuggee, program: Program, origin: QueueOrigin | null): object {
  if (origin === null) throw nothingFound('it has been like that since the start');
  const { instruction, step, goroutine, frames } = origin;
  // The line that uses the stack of blocks, not the stack's own code.
  const frame = frames.find(({ name }) => !name.includes('cleanupStack)')) ?? frames[0];
  return {
    instruction,
    step,
    goroutine,
    function: frame?.name ?? '',
    ...(frame === undefined
      ? {}
      : {
          source: sourceOf(debuggee, program.image, frame.file),
          line: toClientLine(debuggee, frame.line),
        }),
  };
}

/** Goes to before the last step that changed the queue (`back`), or to after the next one. */
async function queueChange(debuggee: Debuggee, args: Arguments, call: Call): Promise<undefined> {
  const program = debuggee.atRest(call.command);
  const { timeline, inspector } = program;
  if (args.back === true) {
    const change = previousQueueChange(timeline, inspector);
    const moment = await inSlices(debuggee, program, call, change);
    if (moment === null) throw nothingFound('the queue has not changed before this moment');
    call.afterwards(() => {
      travel(debuggee, program, moment, { description: 'Before the queue changed' });
    });
    return;
  }
  const from = timeline.instruction;
  const work = toNextQueueChange(timeline, inspector);
  const found = await inSlices(debuggee, program, call, work).catch((error: unknown) => {
    timeline.seekInstruction(from);
    throw error;
  });
  call.afterwards(() => {
    const description = found ? 'The queue has changed' : 'The queue changes no more';
    travel(debuggee, program, timeline.instruction, { description });
  });
}

/** Shows a thread, be it one of the runtime's own, as if the scenario had stopped in it. */
function focus(debuggee: Debuggee, args: Arguments, call: Call): undefined {
  const program = debuggee.atRest(call.command);
  const thread = threadOf(program, requireInteger(args, 'threadId'));
  const { outcome } = program.timeline;
  call.afterwards(() => {
    showStop(
      debuggee,
      program,
      { reason: 'step', goroutine: thread.id, breakpoint: null, outcome },
      { reason: 'goto', description: `Looking at ${thread.shortName}`, isExact: true },
    );
  });
}
