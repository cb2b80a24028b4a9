/**
 * Breakpoints look back: every past moment at which one was hit, a log point's texts, every change
 * of a value. A log point that is set while the scenario stands still tells its past at once.
 */
import { THREADS, THREAD_PC, THREAD_WORDS } from '../language/image.ts';
import { awayFrom, WatchedWords } from '../run/looking-back.ts';
import type { Work } from '../run/slices.ts';
import type { Timeline } from '../run/timeline.ts';
import { optionalInteger } from './arguments.ts';
import type { Arguments } from './arguments.ts';
import type { Debuggee, Program } from './debuggee.ts';
import { lineOfInstruction } from './disassembly.ts';
import { toClientLine } from './positions.ts';
import type { Call, Handlers } from './requests.ts';
import { inSlices } from './slices.ts';
import { sourceOf } from './sources.ts';
import { findThread } from './threads.ts';
import { placeArgument } from './travel.ts';

export const pastHitRequests = { 'coroscope/pastHits': pastHits } satisfies Handlers;

/** One hit in the past. */
interface PastHit {
  readonly instruction: number;
  readonly step: number;
  readonly goroutine: string;
  readonly pc: number;
  readonly text: string;
}

const maxHits = 1000;
/** A longer past takes too long to look through while a client waits. */
const maxInstructions = 20_000_000;

/** Hits of the breakpoint `breakpointId`; without it, changes of a value, named as in whoWrote. */
async function pastHits(debuggee: Debuggee, args: Arguments, call: Call): Promise<object> {
  const program = debuggee.atRest('coroscope/pastHits');
  const id = optionalInteger(args, 'breakpointId', 0);
  const search =
    id === 0 ? pastChanges(debuggee, program, args) : pastHitsOf(program, new Set([id]));
  const hits = await inSlices(debuggee, program, call, search);
  return {
    hits: hits.map(({ pc, ...hit }) => {
      const place = lineOfInstruction(program.image, pc);
      if (place === null) return hit;
      const source = sourceOf(debuggee, program.image, place.file);
      return { ...hit, source, line: toClientLine(debuggee, place.line) };
    }),
  };
}

/** Tells what log points that were just set would have said before. */
export async function tellPastLogs(
  debuggee: Debuggee,
  program: Program,
  ids: ReadonlySet<number>,
  call: Call,
): Promise<void> {
  const found = await inSlices(debuggee, program, call, pastHitsOf(program, ids));
  const hits = found.filter(({ text }) => text !== '');
  if (hits.length === 0) return;
  const tell = (body: object) => debuggee.send('output', { category: 'console', ...body });
  tell({ group: 'start', output: `Already logged ${hits.length} times before now\n` });
  for (const { step, goroutine, pc, text } of hits) {
    const place = lineOfInstruction(program.image, pc);
    tell({
      output: `step ${step}, ${goroutine}: ${text}\n`,
      ...(place === null
        ? {}
        : {
            source: sourceOf(debuggee, program.image, place.file),
            line: toClientLine(debuggee, place.line),
          }),
    });
  }
  tell({ group: 'end', output: '' });
}

function* pastHitsOf(program: Program, ids: ReadonlySet<number>): Work<PastHit[]> {
  const { timeline, breakpoints, inspector } = program;
  const found: PastHit[] = [];
  yield* lookThroughPast(timeline, breakpoints.stops, () => {
    if (found.length >= maxHits) return;
    const { thread } = timeline;
    const hit = breakpoints.hit(inspector, thread, pcOf(timeline, thread));
    if (hit === null) return;
    const texts = hit.logs.filter(({ id }) => ids.has(id)).map(({ text }) => text);
    if (texts.length === 0 && !hit.ids.some((id) => ids.has(id))) return;
    found.push(pastHit(program, texts.join('; ')));
  });
  return found;
}

function* pastChanges(debuggee: Debuggee, program: Program, args: Arguments): Work<PastHit[]> {
  const { timeline, image } = program;
  const { memory } = timeline.machine;
  const place = placeArgument(debuggee, program, args);
  if (place.address < 0) return [];
  const found: PastHit[] = [];
  const everywhere = new Uint8Array(image.statements.length).fill(1);
  let watched: WatchedWords | null = null;
  yield* lookThroughPast(timeline, everywhere, () => {
    watched ??= new WatchedWords(memory, place.address, Math.max(1, place.words.length));
    if (!watched.changed(memory) || found.length >= maxHits) return;
    found.push(pastHit(program, Array.from(watched.before).join(' ')));
  });
  return found;
}

function pastHit(program: Program, text: string): PastHit {
  const { timeline, inspector } = program;
  const { thread, instruction, step } = timeline;
  const goroutine = findThread(program, inspector.goidOf(thread))?.shortName ?? `M${thread}`;
  return { instruction, step, goroutine, pc: pcOf(timeline, thread), text };
}

/** Executes the past again, at most its last `maxInstructions`, and comes back. */
function lookThroughPast(timeline: Timeline, places: Uint8Array, visit: () => void): Work<void> {
  const now = timeline.instruction;
  const from = Math.max(timeline.start, now - maxInstructions);
  return awayFrom(timeline, timeline.lookThrough(from, now - 1, places, visit));
}

function pcOf({ machine }: Timeline, thread: number): number {
  return machine.memory[THREADS + thread * THREAD_WORDS + THREAD_PC];
}
