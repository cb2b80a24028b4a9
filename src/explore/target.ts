/** Whether a step passes a place that the search wants to reach. */
import { THREAD_FP, THREADS, THREAD_WORDS } from '../language/image.ts';
import type { Machine } from '../machine/machine.ts';
import { holds } from '../run/evaluate.ts';
import { Inspector } from '../run/inspect.ts';
import type { Target } from './types.ts';

/** Instructions of one step between two stops. */
const INSTRUCTIONS = 10_000_000;

/** Moves a thread by one step; true when on the way it came to the target with its condition. */
export function evaluateTarget(
  machine: Machine,
  target: Target,
  thread: number,
  answer: number,
): boolean {
  let reached = isHere(machine, target, thread);
  let stop = machine.advance(thread, answer, INSTRUCTIONS, target.stops);
  while (stop === 'stop') {
    reached ||= isHere(machine, target, thread);
    stop = machine.advance(thread, 0, INSTRUCTIONS, target.stops);
  }
  return reached;
}

function isHere(machine: Machine, target: Target, thread: number): boolean {
  const { pc } = machine.pendingOperation(thread);
  if (target.stops[pc >> 2] === 0) return false;
  if (target.condition === null) return true;
  const inspector = new Inspector(machine.image, machine);
  const fp = machine.memory[THREADS + thread * THREAD_WORDS + THREAD_FP];
  const place = inspector.functions.at(pc);
  return holds(inspector, { function: place, pc, fp }, target.condition) === true;
}
