/**
 * What a client sees as threads: goroutines, and machine threads where no goroutine runs on them.
 */
import { MAX_THREADS, THREADS, THREAD_CONTEXT, THREAD_WORDS } from '../language/image.ts';
import { BARE_THREAD_IDS } from '../run/inspect.ts';
import type { Frame, Goroutine } from '../run/inspect.ts';
import type { Debuggee, Program } from './debuggee.ts';
import { unknownThread } from './errors.ts';

/** A goroutine, or a bare thread dressed as one. */
export type DebugThread = Goroutine;

/**
 * The threads to show now. System goroutines and bare threads are left out unless the launch asked
 * for them, or the scenario has just stopped in one.
 */
export function threadsNow(debuggee: Debuggee, program: Program): readonly DebugThread[] {
  const { showSystemGoroutines } = program.settings;
  const shown = [...program.inspector.goroutines(showSystemGoroutines)];
  const bare = bareThreads(program);
  shown.push(...(showSystemGoroutines ? bare : bare.filter(({ id }) => id === debuggee.focus)));
  if (!shown.some(({ id }) => id === debuggee.focus)) {
    const focus = program.inspector.goroutine(debuggee.focus);
    if (focus !== null) shown.push(focus);
  }
  return shown;
}

/** The thread of that number, shown or not. */
export function threadOf(program: Program, threadId: number): DebugThread {
  const found = findThread(program, threadId);
  if (found === null) throw unknownThread(threadId);
  return found;
}

/** As `threadOf`; null when there is none. */
export function findThread(program: Program, threadId: number): DebugThread | null {
  if (threadId < BARE_THREAD_IDS) return program.inspector.goroutine(threadId);
  return bareThreads(program).find(({ id }) => id === threadId) ?? null;
}

/** The thread that stands for machine thread `thread`: its goroutine, or itself. */
export function threadOfMachine(program: Program, thread: number): DebugThread | null {
  return (
    program.inspector.goroutineOf(thread) ??
    findThread(program, BARE_THREAD_IDS + Math.max(0, thread))
  );
}

/** The first thread there is, for when nothing else tells which one to show. */
export function anyThread(program: Program): DebugThread | null {
  const [first] = program.inspector.goroutines(false);
  return first ?? bareThreads(program)[0] ?? null;
}

/**
 * `G18 main.iterLockYield [coroutine, locked to M0]`: with the function of the scenario that the
 * goroutine was made for, and the thread it runs on.
 */
export function labelOf({ inspector }: Program, thread: DebugThread): string {
  const { name, shortName } = thread;
  let state = name.slice(shortName.length).trim();
  if (thread.status === 'running' && thread.address !== 0 && thread.thread >= 0) {
    state = state.replace('running', `running on M${thread.thread}`);
  }
  const frames = thread.context === 0 ? [] : inspector.rawFrames(thread);
  const functions = frames.map((frame) => inspector.functions.info(frame.function));
  const own = functions.findLast((info) => !info.isModel);
  return [shortName, ...(own === undefined ? [] : [own.name]), state].join(' ');
}

/** The frames of a thread, innermost first. */
export function framesOf(program: Program, thread: DebugThread): readonly Frame[] {
  return thread.context === 0 ? [] : program.inspector.frames(thread);
}

/** Machine threads that execute no goroutine. */
function bareThreads(program: Program): DebugThread[] {
  const found: DebugThread[] = [];
  const { memory } = program.timeline.machine;
  for (let thread = 0; thread < MAX_THREADS; thread++) {
    const entry = THREADS + thread * THREAD_WORDS;
    if (memory[entry] !== 1 || program.inspector.goroutineOf(thread) !== null) continue;
    found.push({
      id: BARE_THREAD_IDS + thread,
      name: `M${thread} [no goroutine]`,
      shortName: `M${thread}`,
      status: 'running',
      isSystem: true,
      context: memory[entry + THREAD_CONTEXT],
      address: 0,
      thread,
    });
  }
  return found;
}
