/**
 * What pending operations mean to a search: which memory they touch, which of them depend on each
 * other, and which need not be interleaved with anything.
 *
 * Dependence follows P. Godefroid, "Partial-Order Methods for the Verification of Concurrent
 * Systems" (LNCS 1032, 1996), definition 3.1: two operations are independent if neither enables or
 * disables the other and their order makes no difference.
 */
import { usesClock } from '../language/clock.ts';
import type { Image } from '../language/image.ts';
import * as ops from '../language/instructions.ts';
import type { PendingOperation } from '../machine/machine.ts';
import { asksForText } from './prints.ts';
import type { ExploreSettings } from './types.ts';

/** Reads one or more words and changes none. */
const READ = 1;
/** Reads and changes. */
const WRITE = 2;
/** Touches no shared memory; commutes with everything. */
const NONE = 3;
/** May touch anything: threads that begin and end, atomic sections, time, outcomes. */
const ANYTHING = 4;
/** The output: commutes with all but itself. */
const OUTPUT = 5;

const CLASS = new Uint8Array(256).fill(ANYTHING);
for (const op of [ops.OP_VLOAD, ops.OP_VLOADN, ops.OP_VGLOAD, ops.OP_ALOAD]) CLASS[op] = READ;
CLASS[ops.OP_AWAIT] = READ;
for (const op of [
  ops.OP_VSTORE,
  ops.OP_VSTOREN,
  ops.OP_VGSTORE,
  ops.OP_ASTORE,
  ops.OP_AADD,
  ops.OP_ASWAP,
  ops.OP_ACAS,
  ops.OP_AAND,
  ops.OP_AOR,
  ops.OP_LOCK,
  ops.OP_UNLOCK,
]) {
  CLASS[op] = WRITE;
}
CLASS[ops.OP_CHOOSE] = NONE;
CLASS[ops.OP_YIELD] = NONE;
CLASS[ops.OP_PRINT] = OUTPUT;

/** Number of words from its address that an operation touches. */
export function wordsTouched(code: Int32Array, op: number, pc: number): number {
  if (op === ops.OP_VLOADN) return code[pc + 3] >>> 16;
  if (op === ops.OP_VSTOREN) return code[pc + 2] >>> 16;
  return 1;
}

/** Whether the operation touches memory that can be named (address and length). */
export function touchesMemory(op: number): boolean {
  return CLASS[op] === READ || CLASS[op] === WRITE || op === ops.OP_AWAITIDLE;
}

/** Whether what an operation does depends on nothing but the memory that it touches. */
export function touchesMemoryAlone(op: number): boolean {
  return op !== ops.OP_AWAITIDLE && touchesMemory(op);
}

/** Whether it is LOCK or UNLOCK. */
export function isLockOperation(op: number): boolean {
  return op === ops.OP_LOCK || op === ops.OP_UNLOCK;
}

/** Whether the operation waits for others (it may be disabled). */
export function mayWait(op: number): boolean {
  return op === ops.OP_LOCK || op === ops.OP_AWAIT || op === ops.OP_AWAITIDLE;
}

/** Whether the operation has one of several answers. */
export function asksForAnswer(op: number): boolean {
  return op === ops.OP_CHOOSE || op === ops.OP_PREEMPT;
}

/** Whether two operations of different threads must be tried in both orders. */
export function areDependent(code: Int32Array, a: PendingOperation, b: PendingOperation): boolean {
  const classA = CLASS[a.op];
  const classB = CLASS[b.op];
  if (classA === ANYTHING || classB === ANYTHING) return true;
  if (classA === NONE || classB === NONE) return false;
  if (classA === OUTPUT || classB === OUTPUT) return classA === classB;
  if (classA === READ && classB === READ) return false;
  return (
    a.address < b.address + wordsTouched(code, b.op, b.pc) &&
    b.address < a.address + wordsTouched(code, a.op, a.pc)
  );
}

/** Whether it begins an atomic section, in which it may touch any memory. */
export function isAtomicSection(op: number): boolean {
  return op === ops.OP_ATOMIC_BEGIN;
}

/** Whether a search leaves out what cannot matter. */
export function reduces(settings: ExploreSettings, image: Image): boolean {
  const { reduction, invariants, target } = settings;
  // A race ends a run in its middle: what was printed before it depends on the order of all.
  if (image.races && asksForText(image)) return false;
  // Where a preemption lets time pass, it depends on whoever asks for the time or waits for it.
  if (settings.preemption && usesClock(image)) return false;
  // Invariants and conditions see what lies between: nothing is skipped then.
  return reduction && !invariants && (target === null || target.condition === null);
}
