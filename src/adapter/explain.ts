/** A stop in one line for people: why here, who runs on which thread, what was handed to whom. */
import { evaluate } from '../run/evaluate.ts';
import type { Frame } from '../run/inspect.ts';
import type { Stop } from '../run/stepping.ts';
import type { Program } from './debuggee.ts';
import { framesOf } from './threads.ts';
import type { DebugThread } from './threads.ts';

/** How the stop before lies to this one. */
interface Before {
  /** Short name of the goroutine that it showed, or ''. */
  readonly left: string;
  /** It lies in the future: the scenario has gone back. */
  readonly isBack: boolean;
}

/**
 * `G1 hands over to G18`, `Breakpoint, line 12`: as short as can be, because it stands in one line
 * with the name of the thread, which is not said again.
 */
export function explainStop(
  program: Program,
  stop: Stop,
  thread: DebugThread | null,
  { left, isBack }: Before,
): string {
  const [frame] = thread === null ? [] : framesOf(program, thread);
  const who = thread === null ? 'no goroutine runs' : whoRuns(thread);
  switch (stop.reason) {
    case 'breakpoint':
      return handoffText(program, stop, thread, frame) ?? breakpointText(stop, frame);
    case 'outcome':
    case 'end':
      return outcomeText(stop);
    case 'start':
      return 'Start: nothing lies before';
    case 'pause':
      return `Paused: ${who}`;
    case 'step':
      break;
  }
  if (thread === null || left === '' || left === thread.shortName) {
    return `${isBack ? 'Step back' : 'Step'}: ${who}`;
  }
  const here = thread.shortName;
  const gaveWay = program.inspector
    .goroutines(true)
    .some(({ shortName, name }) => shortName === left && name.includes('[coroutine'));
  if (isBack)
    return gaveWay ? `Before ${here} hands over to ${left}` : `Back from ${left} to ${here}`;
  return gaveWay ? `${left} handed over to ${here}` : `From ${left} to ${here}`;
}

/** `G18 on M0` */
function whoRuns(thread: DebugThread): string {
  // A bare thread is its own machine thread.
  if (thread.thread < 0 || thread.address === 0) return thread.shortName;
  return `${thread.shortName} on M${thread.thread}`;
}

/** The message is in the stop's text, and where the editor explains the outcome. */
function outcomeText({ outcome }: Stop): string {
  if (outcome === null) return 'The run is over';
  return outcome.kind === 'ok' ? 'The scenario has ended: ok' : `Outcome: ${outcome.kind}`;
}

function breakpointText({ breakpoint }: Stop, frame: Frame | undefined): string {
  const name = frame === undefined ? '' : frame.name.replace(/^runtime\./, '');
  switch (breakpoint?.kind) {
    case 'function':
      return `Breakpoint on ${name}`;
    case 'instruction':
      return 'Instruction breakpoint';
    case 'data':
      return breakpoint.text ?? 'Data breakpoint';
    case 'line':
    case undefined:
      break;
  }
  return `Breakpoint, line ${frame?.line ?? '?'}`;
}

/** In the functions that switch a coroutine: who hands over to whom. */
function handoffText(
  program: Program,
  { breakpoint }: Stop,
  thread: DebugThread | null,
  frame: Frame | undefined,
): string | null {
  if (thread === null || frame === undefined || breakpoint?.kind === 'data') return null;
  if (!/^runtime\.coroswitch(?:_m)?$/.test(frame.name)) return null;
  const coro = frame.name.endsWith('_m') ? 'gp.coroarg' : 'c';
  const occupant = evaluate(program.inspector, frame, `${coro}.gp`);
  if ('error' in occupant || !/^G\d+/.test(occupant.text)) return null;
  const next = /^G\d+/.exec(occupant.text)?.[0] ?? '';
  return `${thread.shortName} hands over to ${next}`;
}
