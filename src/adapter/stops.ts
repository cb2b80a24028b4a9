/** What happens when a movement comes to rest: the stop is shown, or the session ends. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Stop } from '../run/stepping.ts';
import { tellOutput, tellVerdict } from './console.ts';
import type { Debuggee, Program } from './debuggee.ts';
import { explainStop } from './explain.ts';
import { isFiltered } from './exceptions.ts';
import { anyThread, findThread, threadOfMachine } from './threads.ts';
import type { DebugThread } from './threads.ts';

/** Shows the stop to the client, or ends the session when the run is over. */
export function arrive(debuggee: Debuggee, program: Program, stop: Stop): void {
  tellOutput(debuggee, program);
  if (stop.reason === 'end' && !isFiltered(debuggee, stop.outcome)) {
    finish(debuggee, program);
    return;
  }
  showStop(debuggee, program, stop);
}

/**
 * Tells the client where the scenario stands now. `reason` and `description` replace those that
 * follow from the stop, for journeys that are no movement.
 */
export function showStop(
  debuggee: Debuggee,
  program: Program,
  stop: Stop,
  given: { readonly reason?: string; readonly description?: string } = {},
): void {
  const left = debuggee.focusName;
  const thread = threadOfStop(program, stop);
  debuggee.phase = 'stopped';
  debuggee.stop = stop;
  debuggee.references.clear();
  debuggee.focus = thread?.id ?? 0;
  debuggee.focusName = thread?.shortName ?? '';
  const body: DebugProtocol.StoppedEvent['body'] = {
    reason: given.reason ?? reasonOf(stop),
    description: given.description ?? explainStop(debuggee, program, stop, thread, left),
    allThreadsStopped: true,
  };
  if (thread !== null) body.threadId = thread.id;
  if (stop.outcome !== null) body.text = stop.outcome.message;
  if (stop.breakpoint !== null) body.hitBreakpointIds = [...stop.breakpoint.ids];
  debuggee.send('stopped', body);
}

/** Ends the session after the run: verdict, exit code, good bye. */
export function finish(debuggee: Debuggee, program: Program): void {
  const { image, timeline } = program;
  tellVerdict(debuggee, image, timeline.outcome);
  terminate(debuggee, timeline.outcome?.kind === 'ok' ? 0 : 1);
}

/** Ends the session now. */
export function terminate(debuggee: Debuggee, exitCode: number): void {
  if (debuggee.phase === 'ended') return;
  debuggee.end();
  debuggee.send('exited', { exitCode });
  debuggee.send('terminated');
}

function threadOfStop(program: Program, stop: Stop): DebugThread | null {
  const named = stop.goroutine === null ? null : findThread(program, stop.goroutine);
  return named ?? threadOfMachine(program, program.timeline.thread) ?? anyThread(program);
}

function reasonOf(stop: Stop): string {
  switch (stop.reason) {
    case 'breakpoint':
      return breakpointReasons[stop.breakpoint?.kind ?? 'line'];
    case 'outcome':
    case 'end':
      return 'exception';
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
