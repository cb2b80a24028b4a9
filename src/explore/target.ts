/** A place that a search wants to reach: from a line to a target, and whether a step passes it. */
import { THREAD_FP, THREADS, THREAD_WORDS } from '../language/image.ts';
import type { Image } from '../language/image.ts';
import type { Machine } from '../machine/machine.ts';
import { Breakpoints } from '../run/breakpoints.ts';
import { holds } from '../run/evaluate.ts';
import { Inspector } from '../run/inspect.ts';
import type { Target } from './types.ts';

/** Instructions of one step between two stops. */
const INSTRUCTIONS = 10_000_000;

/**
 * The target that a line is (1-based; where nothing begins on it, the next line with a statement),
 * or why it is none. `file` is a path of the image, or the last parts of one.
 */
export function targetAt(
  image: Image,
  file: string,
  line: number,
  condition: string | null,
): Target | { readonly problem: string } {
  const wanted = file.replaceAll('\\', '/');
  const spelled = (path: string) => path.replaceAll('\\', '/');
  const path =
    image.files.find((one) => spelled(one.path) === wanted)?.path ??
    image.files.find((one) => spelled(one.path).endsWith(`/${wanted}`))?.path;
  if (path === undefined) return { problem: `no file ${file} takes part in the scenario` };
  const breakpoints = new Breakpoints(image);
  const [placed] = breakpoints.setLines(path, [{ id: 1, line }]);
  if (!placed.verified) return { problem: placed.message ?? 'no statement is there' };
  const name = `${spelled(path).split('/').pop()}:${placed.line ?? line}`;
  return { stops: breakpoints.stops, name, condition };
}

/** Moves a thread by one step; true when on the way it came to the target with its condition. */
export function evaluateTarget(
  machine: Machine,
  target: Target,
  thread: number,
  answer: number,
): boolean {
  let reached = isAtTarget(machine, target, thread);
  let stop = machine.advance(thread, answer, INSTRUCTIONS, target.stops);
  while (stop === 'stop') {
    reached ||= isAtTarget(machine, target, thread);
    stop = machine.advance(thread, 0, INSTRUCTIONS, target.stops);
  }
  // A thread that rests here may never move on: it has come here all the same.
  return (
    reached ||
    (stop === 'boundary' && machine.isLive(thread) && isAtTarget(machine, target, thread))
  );
}

/** Whether a thread stands at the target, and its condition holds. */
export function isAtTarget(machine: Machine, target: Target, thread: number): boolean {
  const { pc } = machine.pendingOperation(thread);
  if (target.stops[pc >> 2] === 0) return false;
  if (target.condition === null) return true;
  const inspector = inspectorOf(machine);
  const fp = machine.memory[THREADS + thread * THREAD_WORDS + THREAD_FP];
  const place = { function: inspector.functions.at(pc), pc, fp };
  const value = holds(inspector, place, target.condition);
  if (typeof value === 'boolean') target.conditionProblem = null;
  else if (target.conditionProblem === undefined) target.conditionProblem = value.error;
  return value === true;
}

/** The last inspector: conditions are asked thousands of times about one machine. */
let last: Inspector | null = null;

function inspectorOf(machine: Machine): Inspector {
  if (last === null || last.machine !== machine) last = new Inspector(machine.image, machine);
  return last;
}
