/**
 * Going to a line and restarting a frame. Neither can be done to a real program without lying; here
 * both are travels in time: to the last or next moment at which the line runs, and to the moment at
 * which the frame began.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Image } from '../language/image.ts';
import { THREADS, THREAD_FP, THREAD_WORDS } from '../language/image.ts';
import { INSTRUCTION_WORDS } from '../language/instructions.ts';
import type { Frame } from '../run/inspect.ts';
import { awayFrom, lastVisit } from '../run/looking-back.ts';
import { SLICE_INSTRUCTIONS, type Work } from '../run/slices.ts';
import type { Timeline } from '../run/timeline.ts';
import { asRecord, requireInteger } from './arguments.ts';
import type { Arguments } from './arguments.ts';
import type { Debuggee, Program } from './debuggee.ts';
import { lineOfInstruction } from './disassembly.ts';
import { cannotRestartFrame, unknownSource, unknownTarget } from './errors.ts';
import { toOurLine } from './positions.ts';
import type { Call, Handlers } from './requests.ts';
import { inSlices } from './slices.ts';
import { fileOfSource } from './sources.ts';
import { travel } from './travel.ts';

export const journeyRequests = { gotoTargets, goto, restartFrame } satisfies Handlers;

/** How far ahead a line is looked for. */
const maxInstructionsAhead = 2_000_000;

async function gotoTargets(
  debuggee: Debuggee,
  args: Arguments,
  call: Call,
): Promise<DebugProtocol.GotoTargetsResponse['body']> {
  const program = debuggee.atRest('gotoTargets');
  const { image, timeline } = program;
  const source = asRecord(args.source);
  const file = fileOfSource(image, source);
  if (file < 0) throw unknownSource(String(source.path ?? source.sourceReference));
  const clientLine = requireInteger(args, 'line');
  const places = placesOfLine(image, file, toOurLine(debuggee, clientLine));
  const slices = <Result>(work: Work<Result>) => inSlices(debuggee, program, call, work);
  const last = await slices(lastVisit(timeline, places, () => true));
  const next = await slices(awayFrom(timeline, nextVisit(timeline, places)));
  const targets: DebugProtocol.GotoTarget[] = [];
  for (const [moment, label] of [
    [last, 'Back to when this line last ran'],
    [next, 'Ahead to when this line runs next'],
  ] as const) {
    if (moment === null) continue;
    targets.push({ id: debuggee.references.ofMoment(moment), label, line: clientLine });
  }
  return { targets };
}

/** The next moment at which a thread stands before one of the places. */
function* nextVisit(timeline: Timeline, places: Uint8Array): Work<number | null> {
  for (let left = maxInstructionsAhead; left > 0; left -= SLICE_INSTRUCTIONS) {
    const end = timeline.walk(places, SLICE_INSTRUCTIONS);
    if (end !== 'instructions') return end === 'stop' ? timeline.instruction : null;
    yield;
  }
  return null;
}

function goto(debuggee: Debuggee, args: Arguments, call: Call): undefined {
  const program = debuggee.atRest('goto');
  const targetId = requireInteger(args, 'targetId');
  const moment = debuggee.references.moment(targetId);
  if (moment === undefined) throw unknownTarget(targetId);
  call.afterwards(() => travel(debuggee, program, moment, { isExact: true }));
}

async function restartFrame(debuggee: Debuggee, args: Arguments, call: Call): Promise<undefined> {
  const program = debuggee.atRest('restartFrame');
  const { frame } = debuggee.references.frame(requireInteger(args, 'frameId'));
  const moment = await inSlices(debuggee, program, call, beginningOf(program, frame));
  if (moment === null) throw cannotRestartFrame('its beginning lies before the start of the run');
  const description = `${frame.name} begins again`;
  call.afterwards(() => travel(debuggee, program, moment, { description, isExact: true }));
}

/** The moment at which this very frame was about to execute its function's first statement. */
function* beginningOf({ image, timeline }: Program, frame: Frame): Work<number | null> {
  const { start, end } = image.functions[frame.function];
  const places = new Uint8Array(image.code.length / INSTRUCTION_WORDS);
  for (let pc = start; pc < end; pc += INSTRUCTION_WORDS) {
    if (image.statements[pc / INSTRUCTION_WORDS] === 0) continue;
    places[pc / INSTRUCTION_WORDS] = 1;
    break;
  }
  const { memory } = timeline.machine;
  const isFrame = () => memory[THREADS + timeline.thread * THREAD_WORDS + THREAD_FP] === frame.fp;
  // The present may itself be the beginning.
  if (places[frame.pc / INSTRUCTION_WORDS] === 1 && isFrame()) return timeline.instruction;
  return yield* lastVisit(timeline, places, isFrame);
}

/** Marks the statements that begin on a line. */
function placesOfLine(image: Image, file: number, line: number): Uint8Array {
  const places = new Uint8Array(image.statements.length);
  for (let index = 0; index < places.length; index++) {
    if (image.statements[index] === 0 || image.sourceFiles[index] !== file) continue;
    const place = lineOfInstruction(image, index * INSTRUCTION_WORDS);
    if (place?.line === line) places[index] = 1;
  }
  return places;
}
