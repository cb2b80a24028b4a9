/** The cleanup goroutines of a state, and who else is at work on the queue. */
import { THREAD_CONTEXT, THREAD_STATUS, THREAD_WORDS, THREADS } from '../language/image.ts';
import type { Frame, Goroutine, Inspector } from './inspect.ts';
import type { QueueBlock, QueueState } from './queue.ts';
import { describeFrame, rawFrames } from './stack.ts';

/**
 * asleep: parked. woken: taken off the list, not runnable yet. ready: waits for a P. looking: on
 * the way to look for work. leaving: has looked for the last time and goes to sleep. working: runs
 * cleanups.
 */
export type QueueActivity = 'asleep' | 'woken' | 'ready' | 'looking' | 'leaving' | 'working';

export interface QueueGoroutine {
  /** Of the debugger's thread. */
  readonly id: number;
  /** `G2`. */
  readonly name: string;
  /** `M1`, or '' while nobody runs it. */
  readonly thread: string;
  readonly activity: QueueActivity;
  /** `asleep`, `runs close at scenario.coro:26`, `in dequeue: lock(&q.lock)`. */
  readonly doing: string;
  /** The block that it works through; null: none. */
  readonly block: QueueBlock | null;
}

/** Bodies of cleanup goroutines. */
const bodies = ['runtime.runCleanups', 'runtime.runfinq'];

/** The cleanup goroutines in the order of their numbers. `blockAt` gives the block at an address. */
export function queueGoroutines(
  inspector: Inspector,
  accounting: QueueState['accounting'],
  sleeping: readonly string[],
  blockAt: (address: number) => QueueBlock | null,
): QueueGoroutine[] {
  return inspector.goroutines(true).flatMap((goroutine) => {
    const frames = goroutine.context === 0 ? [] : inspector.frames(goroutine);
    if (!isCleaner(inspector, frames)) return [];
    const body = frames.find((frame) => bodies.includes(frame.name));
    const held = body === undefined ? 0 : localWord(inspector, body, 'b');
    const block = held === 0 ? null : blockAt(held);
    const isAsleep = accounting === 'finalizer' || sleeping.includes(goroutine.shortName);
    const activity = activityOf(inspector, goroutine, frames, isAsleep);
    return {
      id: goroutine.id,
      name: goroutine.shortName,
      thread: goroutine.thread < 0 ? '' : `M${goroutine.thread}`,
      activity,
      doing: doingOf(inspector, activity, frames),
      block: activity === 'working' ? block : null,
    };
  });
}

function isCleaner(inspector: Inspector, frames: readonly Frame[]): boolean {
  if (frames.some((frame) => bodies.includes(frame.name))) return true;
  const bottom = frames.at(-1);
  if (bottom === undefined || !bottom.name.startsWith('runtime.gostart')) return false;
  // One that has not begun: its body is what gostart was given.
  const fn = inspector.locals(bottom).find((one) => one.name === 'fn');
  return fn !== undefined && frames.length === 1 && bodies.includes(fn.text);
}

function activityOf(
  inspector: Inspector,
  goroutine: Goroutine,
  frames: readonly Frame[],
  isListed: boolean,
): QueueActivity {
  const { status } = goroutine;
  if (status === 'waiting' && !frames.some((frame) => !frame.isModel)) {
    return isListed ? 'asleep' : 'woken';
  }
  if (frames.some((frame) => !frame.isModel)) return 'working';
  const looking = frames.find((frame) => frame.name.endsWith('.dequeue'));
  if (status === 'runnable') return 'ready';
  if (looking !== undefined) return hasLooked(inspector, looking, isListed) ? 'leaving' : 'looking';
  const body = frames.find((frame) => bodies.includes(frame.name));
  const isBusy = body !== undefined && localWord(inspector, body, 'b') !== 0;
  return isBusy ? 'working' : 'looking';
}

/** Whether a goroutine in `dequeue` will go to sleep without looking at the queue once more. */
function hasLooked(inspector: Inspector, frame: Frame, isListed: boolean): boolean {
  const lines = inspector.image.files[frame.file].text.split('\n');
  const text = (line: number) => lines[line - 1] ?? '';
  if (text(frame.line).includes('gopark(')) return isListed;
  // The last look is the second one, if there is a second one: behind the lock.
  let last = frame.line;
  while (last > 1 && !text(last).startsWith('func ')) last--;
  for (let line = last; line < lines.length && !text(line).startsWith('}'); line++) {
    if (/\bfull\.pop\(|tryTakeWork\(|workUnits/.test(text(line))) last = line;
  }
  const behind = nextStatement(lines, last);
  return frame.line >= behind;
}

/** The line after the block that begins on `line`. */
function nextStatement(lines: readonly string[], line: number): number {
  const indent = /^\t*/.exec(lines[line - 1] ?? '')?.[0] ?? '';
  let end = line;
  while (end < lines.length && lines[end] !== `${indent}}`) end++;
  return end + 2;
}

function doingOf(inspector: Inspector, activity: QueueActivity, frames: readonly Frame[]): string {
  switch (activity) {
    case 'asleep':
      return 'asleep';
    case 'woken':
      return 'is being woken';
    case 'ready':
      return 'ready to run';
    case 'working':
    case 'looking':
    case 'leaving':
      break;
  }
  const own = frames.find((frame) => !frame.isModel);
  if (own !== undefined) {
    const file = own.path.split(/[/\\]/).pop() ?? '';
    return `runs ${own.name.replace(/^main\./, '')} at ${file}:${own.line}`;
  }
  const at =
    frames.find((frame) => /\.(?:dequeue|runCleanups|runfinq)$/.test(frame.name)) ?? frames[0];
  if (at === undefined) return activity;
  const text = inspector.image.files[at.file].text.split('\n')[at.line - 1]?.trim() ?? '';
  const name = at.name.slice(at.name.lastIndexOf('.') + 1);
  const place = `in ${name}: ${text}`;
  return activity === 'leaving' ? `on its way to sleep, ${place}` : place;
}

/** Who does something for the queue that is not finished: signals work, or wakes goroutines. */
export interface QueueWorkers {
  /** Threads that have pushed a block and not said so yet. */
  readonly signalling: readonly string[];
  /** Threads that have taken wake-ups for goroutines that sleep, and wake them now. */
  readonly waking: readonly string[];
  /** Threads that have decided to take the wake-ups, and take them now, whoever sleeps by then. */
  readonly taking: readonly string[];
}

/** Looks for threads between a push and its signal, and between a wake-up taken and given. */
export function queueWorkers(inspector: Inspector): QueueWorkers {
  const signalling: string[] = [];
  const waking: string[] = [];
  const taking: string[] = [];
  const { machine, functions, image } = inspector;
  for (let thread = 0; thread < machine.threadCount(); thread++) {
    const entry = THREADS + thread * THREAD_WORDS;
    if (machine.memory[entry + THREAD_STATUS] !== 1) continue;
    const context = machine.memory[entry + THREAD_CONTEXT];
    for (const frame of rawFrames(functions, machine.memory, thread, context)) {
      const name = functions.info(frame.function).name;
      const word = (variable: string) =>
        localWord(inspector, describeFrame(image, frame), variable);
      if (name.endsWith('cleanupQueue).signal')) signalling.push(`M${thread}`);
      else if (name.endsWith('cleanupQueue).flush') && word('pushed') > 0) {
        signalling.push(`M${thread}`);
      } else if (name.endsWith('cleanupQueue).wake')) {
        (word('w') > 0 ? waking : taking).push(`M${thread}`);
      }
    }
  }
  return { signalling: [...new Set(signalling)], waking, taking };
}

/** First word of a local variable that exists here; else 0. */
function localWord(inspector: Inspector, frame: Frame, name: string): number {
  const visible = inspector.variablesAt(frame.function, frame.pc);
  const variable = visible.findLast((one) => one.name === name);
  const datum = variable === undefined ? null : inspector.variable(frame, variable);
  return datum?.words[0] ?? 0;
}
