/** Requests beyond the protocol: moving through time and asking about the past. */
import { evaluate } from '../run/evaluate.ts';
import type { Value } from '../run/inspect.ts';
import { HandoffSearch, previousHandoff as findPreviousHandoff } from '../run/handoffs.ts';
import type { Handoff } from '../run/handoffs.ts';
import { awayFrom, lastChange, lookingAway } from '../run/looking-back.ts';
import { encodeSchedule } from '../run/schedule.ts';
import type { Work } from '../run/slices.ts';
import type { Stop } from '../run/stepping.ts';
import type { Timeline } from '../run/timeline.ts';
import { optionalInteger, optionalText, requireInteger, requireText } from './arguments.ts';
import type { Arguments } from './arguments.ts';
import { tellOutput } from './console.ts';
import type { Debuggee, Program } from './debuggee.ts';
import { badArgument, nothingFound, outsideTimeline, unknownBranch } from './errors.ts';
import { unknownVariable } from './errors.ts';
import type { Call, Handlers } from './requests.ts';
import { move } from './running.ts';
import { inSlices } from './slices.ts';
import { request } from './stepping.ts';
import { showStop } from './stops.ts';
import type { StopWords } from './stops.ts';
import { findThread, threadOf, threadOfMachine } from './threads.ts';
import { frameArgument, succeed } from './variables.ts';

export const travelRequests = {
  'coroscope/timeline': timeline,
  'coroscope/seek': seek,
  'coroscope/previousHandoff': previousHandoff,
  'coroscope/nextHandoff': nextHandoff,
  'coroscope/reverseStepOut': (debuggee, args, call) =>
    request(debuggee, args, call, 'step-back-out'),
  'coroscope/reverseStepInto': (debuggee, args, call) =>
    request(debuggee, args, call, 'step-back-into'),
  'coroscope/wakeUp': wakeUp,
  'coroscope/whoWrote': whoWrote,
  'coroscope/branches': branches,
  'coroscope/switchBranch': switchBranch,
  'coroscope/schedule': schedule,
} satisfies Handlers;

function timeline(debuggee: Debuggee): object {
  const { timeline: time } = debuggee.launched('coroscope/timeline');
  return {
    step: time.step,
    instruction: time.instruction,
    totalSteps: time.recordedSteps,
    firstInstruction: time.start,
    totalInstructions: time.recordedInstructions,
    branch: time.branch,
    outcome: time.outcome,
  };
}

/** Goes to a step, or to an instruction inside one. */
function seek(debuggee: Debuggee, args: Arguments, call: Call): undefined {
  const program = debuggee.atRest(call.command);
  const { timeline: time } = program;
  if (args.instruction === undefined) {
    const step = requireInteger(args, 'step');
    if (step < 0 || step > time.recordedSteps) throw outsideTimeline(step, time.recordedSteps);
    call.afterwards(() => {
      time.seek(step);
      showTravelled(debuggee, program, { description: placeText(program) });
    });
    return;
  }
  const instruction = requireInteger(args, 'instruction');
  call.afterwards(() => travel(debuggee, program, instruction));
}

/** Goes to a moment and shows it. */
export function travel(
  debuggee: Debuggee,
  program: Program,
  instruction: number,
  words: StopWords = {},
): void {
  program.timeline.seekInstruction(instruction);
  showTravelled(debuggee, program, { description: placeText(program), ...words });
}

/** Shows the present after a travel; `shown`: the goroutine to show, if not who moved last. */
export function showTravelled(
  debuggee: Debuggee,
  program: Program,
  words: StopWords,
  shown: number | null = null,
): void {
  tellOutput(debuggee, program);
  if (debuggee.stop !== null && debuggee.stop.outcome !== null) {
    // Clients go on showing the outcome unless they hear that the scenario has left it.
    debuggee.send('continued', { threadId: debuggee.focus, allThreadsContinued: true });
  }
  const { timeline: time } = program;
  const goroutine = shown ?? threadOfMachine(program, time.thread)?.id ?? null;
  const stop: Stop = { reason: 'step', goroutine, breakpoint: null, outcome: time.outcome };
  showStop(debuggee, program, stop, { reason: 'goto', isExact: false, ...words });
}

function placeText({ timeline: time }: Program): string {
  return `Step ${time.step} of ${time.recordedSteps}`;
}

function nextHandoff(debuggee: Debuggee, _args: Arguments, call: Call): undefined {
  const program = debuggee.atRest(call.command);
  const { timeline: time, inspector } = program;
  const search = new HandoffSearch(time, inspector);
  let found: Handoff | null = null;
  const here = (): Stop => ({
    reason: time.outcome === null ? 'step' : 'end',
    goroutine: found?.to ?? threadOfMachine(program, time.thread)?.id ?? null,
    breakpoint: null,
    outcome: time.outcome,
  });
  call.afterwards(() => {
    move(debuggee, program, 'Looking for the next handoff', {
      run: (maxInstructions) => {
        found = search.next(maxInstructions);
        return found === null && time.outcome === null ? null : here();
      },
      pause: () => ({ ...here(), reason: 'pause' }),
      words: () => {
        if (found === null) return {};
        return { description: handoffText(program, found), isExact: false };
      },
    });
  });
}

async function previousHandoff(
  debuggee: Debuggee,
  _args: Arguments,
  call: Call,
): Promise<undefined> {
  const program = debuggee.atRest(call.command);
  const search = findPreviousHandoff(program.timeline, program.inspector);
  const found = await inSlices(debuggee, program, call, search);
  if (found === null) throw nothingFound('there was no handoff before this moment');
  const description = handoffText(program, found);
  call.afterwards(() => travel(debuggee, program, found.instruction, { description }));
}

function handoffText(program: Program, { from, to, thread }: Handoff): string {
  const nameOf = (id: number) => findThread(program, id)?.shortName ?? `G${id}`;
  if (from === null) return `M${thread} began to run ${nameOf(to)}`;
  return `${nameOf(from)} handed over to ${nameOf(to)}`;
}

/** A goroutine that waits has this status, in Go's own numbering. */
const waiting = 4;

/** Goes to the moment at which the thread last stopped waiting, and shows who woke it. */
async function wakeUp(debuggee: Debuggee, args: Arguments, call: Call): Promise<undefined> {
  const threadId = requireInteger(args, 'threadId');
  const program = debuggee.atRest(call.command);
  const thread = threadOf(program, threadId);
  if (program.inspector.model === null) throw nothingFound(noWakeUps(program.image.profile));
  const status = evaluate(program.inspector, null, `${thread.shortName}.atomicstatus`);
  if ('error' in status) throw nothingFound(`${thread.shortName} is no goroutine that waits`);
  const { timeline: time } = program;
  const search = awayFrom(time, lastEndOfWait(time, status.address));
  const moment = await inSlices(debuggee, program, call, search);
  if (moment === null) throw nothingFound(`${thread.shortName} has not been woken yet`);
  const description = `About to wake ${thread.shortName}`;
  call.afterwards(() => travel(debuggee, program, moment, { description, isExact: true }));
}

function* lastEndOfWait(time: Timeline, address: number): Work<number | null> {
  for (;;) {
    const changed = yield* lastChange(time, address, 1);
    if (changed === null) return null;
    time.seekInstruction(changed);
    if (time.machine.memory[address] === waiting) return changed;
  }
}

/** Only Go's goroutines are put to sleep and woken by others. */
function noWakeUps(profile: string): string {
  return (
    `on ${profile} nobody is woken: a thread waits until a word of memory is as it wants it; ` +
    'ask who wrote that word last instead'
  );
}

/** Goes to the instruction that changed a value last. */
async function whoWrote(debuggee: Debuggee, args: Arguments, call: Call): Promise<object> {
  const program = debuggee.atRest(call.command);
  const place = placeArgument(debuggee, program, args);
  if (place.address < 0) throw nothingFound(`${place.name} has no place that could be written`);
  const words = Math.max(1, place.words.length);
  const change = lastChange(program.timeline, place.address, words);
  const moment = await inSlices(debuggee, program, call, change);
  const name = place.evaluateName ?? place.name;
  if (moment === null) throw nothingFound(`${name} has not changed since the start`);
  const description = `${name} is about to change`;
  call.afterwards(() => travel(debuggee, program, moment, { description, isExact: true }));
  return { instruction: moment };
}

/** The value that `variablesReference` and `name` mean, or an `expression` in a frame. */
export function placeArgument(debuggee: Debuggee, program: Program, args: Arguments): Value {
  const reference = optionalInteger(args, 'variablesReference', 0);
  if (reference === 0) {
    const text = optionalText(args, 'expression') ?? requireText(args, 'name');
    return succeed(evaluate(program.inspector, frameArgument(debuggee, args), text));
  }
  const name = requireText(args, 'name');
  const children = debuggee.references.container(reference).children();
  const found = children.find((child) => child.name === name);
  if (found === undefined) throw unknownVariable(name);
  return found;
}

function branches(debuggee: Debuggee): object {
  const { timeline: time } = debuggee.launched('coroscope/branches');
  return { branches: time.branches, current: time.branch };
}

function switchBranch(debuggee: Debuggee, args: Arguments, call: Call): undefined {
  const program = debuggee.atRest(call.command);
  const branch = requireInteger(args, 'branch');
  const { timeline: time } = program;
  if (!time.branches.some(({ id }) => id === branch)) throw unknownBranch(branch);
  call.afterwards(() => {
    time.switchBranch(branch);
    showTravelled(debuggee, program, { description: `Branch ${branch}, step ${time.step}` });
  });
}

/** The way to the present, as one line that `trace` takes. */
function schedule(debuggee: Debuggee, args: Arguments): object {
  const { timeline: time } = debuggee.launched('coroscope/schedule');
  const whole = optionalText(args, 'extent') === 'whole';
  if (args.extent !== undefined && !whole) throw badArgument('extent', '"whole"');
  if (!whole) return { schedule: encodeSchedule(time.schedule(), time.preemption) };
  const atEnd = lookingAway(time, () => {
    time.seekInstruction(time.recordedInstructions);
    return time.schedule();
  });
  return { schedule: encodeSchedule(atEnd, time.preemption) };
}
