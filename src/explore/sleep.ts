/** Sleep sets: the threads of which every order that begins with their move is covered. */
import type { Machine } from '../machine/machine.ts';
import { areDependent, asksForAnswer } from './operations.ts';

/** Threads that sleep sets can name. */
export const SLEEP_THREADS = 31;

/** Whether the thread's next move is one that can sleep: sleep sets name threads, so a choice never
 *  does. */
export function canSleep(machine: Machine, thread: number): boolean {
  return thread < SLEEP_THREADS && !asksForAnswer(machine.pendingOp(thread));
}

/** The sleep set after a move: those that sleep and do not depend on it go on sleeping. */
export function sleepAfter(machine: Machine, sleep: number, mover: number): number {
  if (sleep === 0) return 0;
  const { code } = machine.image;
  const moved = machine.pendingOperation(mover);
  let rest = sleep & ~(mover < SLEEP_THREADS ? 1 << mover : 0);
  for (let left = rest; left !== 0; left &= left - 1) {
    const thread = 31 - Math.clz32(left & -left);
    if (areDependent(code, machine.pendingOperation(thread), moved)) rest &= ~(1 << thread);
  }
  return rest;
}
