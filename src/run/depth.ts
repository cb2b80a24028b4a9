/**
 * How deep a statement lies, seen from where a movement began: the rule by which stepping over and
 * out, forwards and backwards, tell a place to rest from one to pass.
 */
import { THREAD_CONTEXT, THREAD_WORDS, THREADS } from '../language/image.ts';
import { BARE_THREAD_IDS, type Inspector } from './inspect.ts';
import { type RawFrame, rawFrames } from './stack.ts';

/** The stack that a movement began on. */
export interface Origin {
  /** Id of the goroutine; 0 on a stack of the scheduler, or on a bare thread. */
  readonly goroutine: number;
  /** The machine thread that ran it, or -1. */
  readonly thread: number;
  /** On a stack of the scheduler: its context. Else 0. */
  readonly systemContext: number;
  /** Its innermost frame (of the loop's function for the body of a range over a function). */
  readonly frame: RawFrame | null;
  readonly depth: number;
}

/** Where the goroutine (or bare thread) stands now. */
export function originOf(inspector: Inspector, id: number): Origin {
  const { memory } = inspector.machine;
  if (id >= BARE_THREAD_IDS) {
    const thread = id - BARE_THREAD_IDS;
    return onThread(inspector, thread);
  }
  const goroutine = inspector.goroutine(id);
  if (goroutine === null) {
    return { goroutine: id, thread: -1, systemContext: 0, frame: null, depth: 0 };
  }
  const { thread, context } = goroutine;
  const running = thread < 0 ? 0 : memory[THREADS + thread * THREAD_WORDS + THREAD_CONTEXT];
  if (thread >= 0 && running !== context && inspector.model !== null) {
    return { ...onThread(inspector, thread), goroutine: id };
  }
  const { depth, anchor } = measure(inspector, inspector.rawFrames(goroutine));
  return { goroutine: id, thread, systemContext: 0, frame: anchor, depth };
}

function onThread(inspector: Inspector, thread: number): Origin {
  const { memory } = inspector.machine;
  const systemContext = memory[THREADS + thread * THREAD_WORDS + THREAD_CONTEXT];
  const frames = rawFrames(inspector.functions, memory, thread, 0);
  const { depth, anchor } = measure(inspector, frames);
  return { goroutine: 0, thread, systemContext, frame: anchor, depth };
}

/**
 * How a stop of `thread` lies to the origin. `elsewhere`: on another stack; `gone`: on another one,
 * and the origin's does not exist any more.
 */
export type Relation = 'same' | 'outer' | 'inner' | 'elsewhere' | 'gone';

export function relationTo(inspector: Inspector, origin: Origin, thread: number): Relation {
  const { machine, functions } = inspector;
  if (origin.systemContext !== 0) {
    if (thread !== origin.thread) return 'elsewhere';
    const entry = THREADS + thread * THREAD_WORDS;
    if (machine.memory[entry + THREAD_CONTEXT] !== origin.systemContext) return 'gone';
    return compare(inspector, origin, rawFrames(functions, machine.memory, thread, 0));
  }
  const { model } = inspector;
  if (model === null) {
    if (thread + 1 !== origin.goroutine) {
      return machine.isLive(origin.goroutine - 1) ? 'elsewhere' : 'gone';
    }
    return compare(inspector, origin, rawFrames(functions, machine.memory, thread, 0));
  }
  const g = inspector.gNumbered(origin.goroutine);
  if (inspector.goidOf(thread) !== origin.goroutine || g === 0) {
    return g === 0 ? 'gone' : 'elsewhere';
  }
  const context = machine.memory[g + model.g.context];
  return compare(inspector, origin, rawFrames(functions, machine.memory, thread, context));
}

function compare(inspector: Inspector, origin: Origin, frames: readonly RawFrame[]): Relation {
  const { depth, anchor } = measure(inspector, frames);
  // A call that the origin's frame has made, however deep it counts.
  const isInside =
    origin.frame !== null &&
    !isSameFrame(anchor, origin.frame) &&
    frames.some((frame, index) => index > 0 && isSameFrame(frame, origin.frame));
  if (isInside || depth > origin.depth) return 'inner';
  return depth === origin.depth ? 'same' : 'outer';
}

function isSameFrame(a: RawFrame | null, b: RawFrame | null): boolean {
  return a !== null && b !== null && a.fp === b.fp && a.function === b.function;
}

/** Depth of the innermost frame; the body of a range over a function counts as its loop's. */
function measure(
  inspector: Inspector,
  frames: readonly RawFrame[],
): { depth: number; anchor: RawFrame | null } {
  const { functions } = inspector;
  let index = frames.findIndex((frame) => !functions.info(frame.function).isWrapper);
  if (index < 0) return { depth: 0, anchor: null };
  while (functions.info(frames[index].function).isRangeBody) {
    const outer = outerName(functions.info(frames[index].function).name);
    const found = frames.findIndex(
      (frame, at) => at > index && functions.info(frame.function).name === outer,
    );
    if (found < 0) break;
    index = found;
  }
  return { depth: frames.length - index, anchor: frames[index] };
}

/** `main.f` of `main.f-range1`. */
function outerName(name: string): string {
  return name.replace(/-range\d+$/, '');
}
