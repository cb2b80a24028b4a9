/** What a machine is asked: nothing here changes its state. */
import type { Outcome } from '../language/image.ts';
import {
  GLOBALS,
  OUTCOME_KIND,
  OUTCOME_KINDS,
  OUTCOME_TEXT,
  THREAD_COUNT,
  THREAD_PC,
  THREAD_STATUS,
  THREAD_WORDS,
  THREADS,
} from '../language/image.ts';
import { conditionHolds } from './conditions.ts';
import { Core } from './core.ts';
import { sprintf } from './format-directives.ts';
import { newPrinting } from './format-methods.ts';
import type { Value } from './format-names.ts';
import { objectOf, stringText } from './heap.ts';
import {
  choiceCount,
  enabledThreads,
  entryOf,
  isEnabled,
  pendingAddress,
  THREAD_LIVE,
} from './threads.ts';
import type { StackFrame } from './traceback.ts';
import { framesOf } from './traceback.ts';
import type { PendingOperation } from './types.ts';
import { displayable } from './utf8.ts';

export class Questions extends Core {
  /** How the run has ended; null while it has not. */
  outcome(): Outcome | null {
    const kind = this.memory[OUTCOME_KIND];
    if (kind === 0) return null;
    const message = displayable(stringText(this, this.memory[OUTCOME_TEXT]));
    return { kind: OUTCOME_KINDS[kind - 1], message };
  }

  threadCount(): number {
    return this.memory[THREAD_COUNT];
  }

  isLive(thread: number): boolean {
    return this.memory[entryOf(thread) + THREAD_STATUS] === THREAD_LIVE;
  }

  /** Whether the thread is live and its pending visible operation can be executed now. */
  isEnabled(thread: number): boolean {
    return isEnabled(this, thread);
  }

  /** Numbers of all threads that can be stepped now, ascending, in `into`; how many. */
  enabledThreads(into: Int32Array): number {
    return enabledThreads(this, into);
  }

  /** The operation that the thread will execute next, as pendingOperation says. */
  pendingOp(thread: number): number {
    return this.tables.code[this.memory[THREADS + thread * THREAD_WORDS + THREAD_PC]];
  }

  /** The address that it touches; 0 if it touches none. */
  pendingAddress(thread: number): number {
    return pendingAddress(this, thread);
  }

  /** Number of answers of the thread's pending CHOOSE or PREEMPT, else 1. */
  choiceCount(thread: number): number {
    return choiceCount(this, thread);
  }

  /** What the thread will do first when it is stepped. A new thread's first instruction may be
   *  local; then it touches nothing. */
  pendingOperation(thread: number): PendingOperation {
    const pc = this.memory[entryOf(thread) + THREAD_PC];
    return { op: this.tables.code[pc], address: pendingAddress(this, thread), pc };
  }

  /** Name of the first condition of the kind that does not hold, or null. Leaves no trace. */
  checkConditions(kind: 'invariant' | 'quiescent'): string | null {
    for (const condition of this.image.conditions) {
      if (condition.condition !== kind) continue;
      if (!conditionHolds(this, condition.function)) return condition.name;
    }
    return null;
  }

  /** Text of a string value; bytes that are no UTF-8 are U+FFFD. */
  readString(value: number): string {
    return displayable(stringText(this, value));
  }

  /** Address of the heap object that the address lies in (its first word), or 0. */
  objectOf(address: number): number {
    return address < GLOBALS ? 0 : objectOf(this, address);
  }

  /** A value at an address as fmt's verb prints it: `%v`, `%+v`, `%#v` … */
  format(verb: string, type: number, address: number): string {
    const value: Value = { type, address };
    return displayable(sprintf(newPrinting(this, null, false), verb, [value]));
  }

  /** Frames of a context's stack, innermost first. */
  frames(context: number, limit?: number): StackFrame[] {
    return framesOf(this, context, limit);
  }
}
