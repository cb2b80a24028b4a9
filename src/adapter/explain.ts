/** A stop in one line for people: why here, who runs on which thread, what was handed to whom. */
import { evaluate } from '../run/evaluate.ts';
import type { Frame } from '../run/inspect.ts';
import type { Stop } from '../run/stepping.ts';
import type { Debuggee, Program } from './debuggee.ts';
import { framesOf } from './threads.ts';
import type { DebugThread } from './threads.ts';

/**
 * `Breakpoint on coroswitch: G1 hands over to G18 on M0`. `left` is the short name of the goroutine
 * that the previous stop showed, or ''.
 */
export function explainStop(
  _debuggee: Debuggee,
  program: Program,
  stop: Stop,
  thread: DebugThread | null,
  left: string,
): string {
  const [frame] = thread === null ? [] : framesOf(program, thread);
  const who = thread === null ? 'no goroutine runs' : whoRuns(thread);
  switch (stop.reason) {
    case 'breakpoint':
      return `${breakpointText(stop, frame)}: ${handoffText(program, thread, frame) ?? who}`;
    case 'outcome':
    case 'end':
      return outcomeText(stop);
    case 'start':
      return 'Start of the scenario: nothing lies before';
    case 'pause':
      return `Paused: ${who}`;
    case 'step':
      break;
  }
  if (thread === null || left === '' || left === thread.shortName) return `Step: ${who}`;
  const gaveWay = program.inspector
    .goroutines(true)
    .some(({ shortName, name }) => shortName === left && name.includes('[coroutine'));
  return gaveWay ? `Step: ${left} handed over to ${who}` : `Step: from ${left} to ${who}`;
}

/** `G18 on M0` */
function whoRuns(thread: DebugThread): string {
  // A bare thread is its own machine thread.
  if (thread.thread < 0 || thread.address === 0) return thread.shortName;
  return `${thread.shortName} on M${thread.thread}`;
}

function outcomeText({ outcome }: Stop): string {
  if (outcome === null) return 'The run is over';
  const { kind, message } = outcome;
  if (kind === 'ok') return 'The scenario has ended: ok';
  return message === '' ? `Outcome: ${kind}` : `Outcome: ${kind}: ${message}`;
}

function breakpointText({ breakpoint }: Stop, frame: Frame | undefined): string {
  const name = frame === undefined ? '' : frame.name.replace(/^runtime\./, '');
  switch (breakpoint?.kind) {
    case 'function':
      return `Breakpoint on ${name}`;
    case 'instruction':
      return `Instruction breakpoint in ${name}`;
    case 'data':
      return breakpoint.text ?? 'Data breakpoint';
    case 'line':
    case undefined:
      break;
  }
  return `Breakpoint in ${name}, line ${frame?.line ?? '?'}`;
}

/** In the functions that switch a coroutine: who hands over to whom. */
function handoffText(
  program: Program,
  thread: DebugThread | null,
  frame: Frame | undefined,
): string | null {
  if (thread === null || frame === undefined) return null;
  if (!/^runtime\.coroswitch(?:_m)?$/.test(frame.name)) return null;
  const coro = frame.name.endsWith('_m') ? 'gp.coroarg' : 'c';
  const occupant = evaluate(program.inspector, frame, `${coro}.gp`);
  if ('error' in occupant || !/^G\d+/.test(occupant.text)) return null;
  const next = /^G\d+/.exec(occupant.text)?.[0] ?? '';
  const where = thread.thread < 0 ? '' : ` on M${thread.thread}`;
  return `${thread.shortName} hands over to ${next}${where}`;
}
