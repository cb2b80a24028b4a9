/** Places where a goroutine may be preempted, as the machine asks about them. */
import { OP_PREEMPT } from '../language/instructions.ts';
import type { Machine } from '../machine/machine.ts';

/** Whether the thread's next step begins with the question of preemption (answer 1: yes). */
export function isPreemptPoint(machine: Machine, thread: number): boolean {
  return machine.choiceCount(thread) === 2 && machine.pendingOperation(thread).op === OP_PREEMPT;
}
