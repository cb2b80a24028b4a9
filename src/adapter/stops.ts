/** What happens when a movement comes to rest: the stop is shown, or the session ends. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Stop } from '../run/stepping.ts';
import { tellLoss, tellOutput, tellVerdict } from './console.ts';
import type { Debuggee, Program } from './debuggee.ts';
import { explainStop } from './explain.ts';
import { isFiltered } from './exceptions.ts';
import { anyThread, findThread, threadOfMachine } from './threads.ts';
import type { DebugThread } from './threads.ts';

/** What a journey says of its end in place of what follows from the stop. */
export interface StopWords {
  readonly reason?: string;
  readonly description?: string;
  /** The place itself is of interest, be it in the runtime's code. */
  readonly isExact?: boolean;
  /** The stop lies before where the movement began. */
  readonly isBack?: boolean;
}

/** Characters of a description: a longer one pushes the thread's name out of the Call Stack. */
const maxDescription = 28;

/** Shows the stop to the client, or ends the session when the run is over. */
export function arrive(
  debuggee: Debuggee,
  program: Program,
  stop: Stop,
  words: StopWords = {},
): void {
  tellOutput(debuggee, program);
  tellLoss(debuggee, program);
  if (stop.reason === 'end' && !isFiltered(debuggee, stop.outcome)) {
    finish(debuggee, program);
    return;
  }
  showStop(debuggee, program, stop, stop.outcome === null ? words : {});
}

/** Tells the client where the scenario stands now. */
export function showStop(
  debuggee: Debuggee,
  program: Program,
  stop: Stop,
  words: StopWords = {},
): void {
  const left = debuggee.focusName;
  const thread = threadOfStop(program, stop);
  debuggee.phase = 'stopped';
  debuggee.isPauseWanted = false;
  debuggee.stop = stop;
  debuggee.isExactStop = words.isExact ?? (stop.reason === 'breakpoint' || stop.reason === 'step');
  debuggee.references.clear();
  debuggee.focus = thread?.id ?? 0;
  debuggee.focusName = thread?.shortName ?? '';
  const { isBack = false } = words;
  const description = words.description ?? explainStop(program, stop, thread, { left, isBack });
  const isLong = description.length > maxDescription;
  const body: DebugProtocol.StoppedEvent['body'] = {
    reason: words.reason ?? reasonOf(stop),
    description: isLong ? `${description.slice(0, maxDescription - 1)}…` : description,
    allThreadsStopped: true,
  };
  if (isLong) body.text = description;
  if (thread !== null) body.threadId = thread.id;
  if (stop.outcome !== null && stop.outcome.message !== '') body.text = stop.outcome.message;
  if (stop.breakpoint !== null) body.hitBreakpointIds = [...stop.breakpoint.ids];
  debuggee.send('stopped', body);
}

/** Ends the session after the run: verdict, exit code, good bye. */
export function finish(debuggee: Debuggee, program: Program): void {
  terminate(debuggee, tellVerdict(debuggee, program) ? 0 : 1);
}

/** Ends the session now. */
export function terminate(debuggee: Debuggee, exitCode: number): void {
  if (debuggee.phase === 'ended') return;
  debuggee.end();
  debuggee.send('exited', { exitCode });
  debuggee.send('terminated');
}

/**
 * The thread to show. A deadlock is found by a thread that has nothing to do: then the first
 * goroutine is shown, which has something to tell. A leak is found by one that has come to its end:
 * then the first of those that it left is.
 */
function threadOfStop(program: Program, stop: Stop): DebugThread | null {
  const named = stop.goroutine === null ? null : findThread(program, stop.goroutine);
  if (stop.outcome?.kind === 'leak') {
    const left = program.inspector.goroutines(false).find(({ id }) => id !== stop.goroutine);
    if (left !== undefined) return left;
  }
  if (stop.outcome !== null && (named === null || named.address === 0)) return anyThread(program);
  return named ?? threadOfMachine(program, program.timeline.thread) ?? anyThread(program);
}

function reasonOf(stop: Stop): string {
  switch (stop.reason) {
    case 'breakpoint':
      return breakpointReasons[stop.breakpoint?.kind ?? 'line'];
    case 'outcome':
    case 'end':
      return stop.outcome?.kind === 'ok' ? 'end' : 'exception';
    case 'start':
      return 'entry';
    case 'step':
    case 'pause':
      return stop.reason;
  }
}

const breakpointReasons = {
  line: 'breakpoint',
  function: 'function breakpoint',
  instruction: 'instruction breakpoint',
  data: 'data breakpoint',
} as const;
