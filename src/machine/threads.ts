/** Threads: how they begin and end, which of them can move, and how the run ends. */
import {
  ATOMIC_DEPTH,
  ATOMIC_HOLDER,
  CONTEXT_FP,
  CONTEXT_PC,
  CONTEXT_SAVED_SEGMENT,
  CONTEXT_TOP,
  MAX_THREADS,
  OUTCOME_KIND,
  OUTCOME_KINDS,
  OUTCOME_TEXT,
  THREADS,
  THREAD_CONTEXT,
  THREAD_COUNT,
  THREAD_FP,
  THREAD_PC,
  THREAD_STATUS,
  THREAD_TLS,
  THREAD_WORDS,
} from '../language/image.ts';
import {
  OP_ACAS,
  OP_AADD,
  OP_ALOAD,
  OP_AAND,
  OP_AOR,
  OP_ASTORE,
  OP_ASWAP,
  OP_AWAIT,
  OP_AWAITIDLE,
  OP_CHOOSE,
  OP_LOCK,
  OP_PREEMPT,
  OP_UNLOCK,
  OP_VGLOAD,
  OP_VGSTORE,
  OP_VLOAD,
  OP_VLOADN,
  OP_VSTORE,
  OP_VSTOREN,
} from '../language/instructions.ts';
import { newContext, recycleContext } from './contexts.ts';
import type { Core } from './core.ts';
import { internal, RUN_ENDED, THREAD_ENDED } from './core.ts';
import { stackTop } from './frames.ts';

export const THREAD_LIVE = 1;
export const THREAD_EXITED = 2;

export function entryOf(thread: number): number {
  return THREADS + thread * THREAD_WORDS;
}

/** A new thread that will run the func(); its number, or -1 when the table is full. */
export function newThread(core: Core, func: number, tls: number): number {
  const thread = core.at(THREAD_COUNT);
  if (thread >= MAX_THREADS) return -1;
  const context = newContext(core, func, 0);
  const own = entryOf(thread);
  core.write(THREAD_COUNT, thread + 1);
  core.write(own + THREAD_STATUS, THREAD_LIVE);
  core.write(own + THREAD_CONTEXT, context);
  core.write(own + THREAD_PC, core.at(context + CONTEXT_PC));
  core.write(own + THREAD_FP, core.at(context + CONTEXT_FP));
  core.write(own + THREAD_TLS, tls);
  for (const word of [CONTEXT_PC, CONTEXT_FP, CONTEXT_TOP, CONTEXT_SAVED_SEGMENT]) {
    core.write(context + word, 0);
  }
  return thread;
}

/** The current thread ends; its context is cleared and kept for reuse. */
export function endThread(core: Core): void {
  const { context } = core;
  if (core.isolated) throw internal('a condition ended its thread');
  const own = entryOf(core.thread);
  recycleContext(core, context, stackTop(core));
  for (let word = 0; word < THREAD_WORDS; word++) core.write(own + word, 0);
  core.write(own + THREAD_STATUS, THREAD_EXITED);
  if (core.at(ATOMIC_HOLDER) === core.thread + 1) {
    core.write(ATOMIC_HOLDER, 0);
    core.write(ATOMIC_DEPTH, 0);
  }
  core.halt = THREAD_ENDED;
}

/** The run ends with an outcome; `text` is a string value. The pc stays at the instruction. */
export function endRun(core: Core, kind: string, text: number): void {
  const index = (OUTCOME_KINDS as readonly string[]).indexOf(kind);
  if (index < 0) throw internal(`there is no outcome ${kind}`);
  core.write(OUTCOME_KIND, index + 1);
  core.write(OUTCOME_TEXT, text);
  core.halt = RUN_ENDED;
}

// ------------------------------------------------------------------------------ what can move

/** Whether the thread can be stepped now. */
export function isEnabled(core: Core, thread: number): boolean {
  const { memory } = core;
  if (memory[OUTCOME_KIND] !== 0) return false;
  const holder = memory[ATOMIC_HOLDER];
  if (holder !== 0 && holder !== thread + 1) return false;
  const own = entryOf(thread);
  if (memory[own + THREAD_STATUS] !== THREAD_LIVE) return false;
  if (!waits(core, thread)) return true;
  const pc = memory[own + THREAD_PC];
  if (core.tables.code[pc] !== OP_AWAITIDLE) return false;
  return isIdleFor(core, thread, deadlineOf(core, thread));
}

/** Writes the numbers of all threads that can be stepped now to `into`, ascending; how many. */
export function enabledThreads(core: Core, into: Int32Array): number {
  const { memory } = core;
  if (memory[OUTCOME_KIND] !== 0) return 0;
  const holder = memory[ATOMIC_HOLDER];
  const end = memory[THREAD_COUNT];
  const { code } = core.tables;
  let count = 0;
  for (let thread = 0; thread < end; thread++) {
    const own = THREADS + thread * THREAD_WORDS;
    if (memory[own + THREAD_STATUS] !== THREAD_LIVE) continue;
    const op = code[memory[own + THREAD_PC]];
    if (holder !== 0 || (op >= OP_LOCK && op <= OP_AWAITIDLE)) {
      if (!isEnabled(core, thread)) continue;
    }
    into[count++] = thread;
  }
  return count;
}

/** Whether the thread's pending operation waits for a word that another thread must change. */
function waits(core: Core, thread: number): boolean {
  const { memory } = core;
  const own = entryOf(thread);
  const pc = memory[own + THREAD_PC];
  const op = core.tables.code[pc];
  if (op < OP_LOCK || op > OP_AWAITIDLE || op === OP_UNLOCK) return false;
  const address = memory[memory[own + THREAD_FP] + core.tables.code[pc + 1]];
  // A nil or wild address does not wait: it traps when it is executed.
  if (address <= 0) return false;
  return op === OP_LOCK ? memory[address] !== 0 : memory[address] === 0;
}

function deadlineOf(core: Core, thread: number): number {
  const own = entryOf(thread);
  const slot = core.tables.code[core.memory[own + THREAD_PC] + 2];
  return core.memory[core.memory[own + THREAD_FP] + slot];
}

/** Whether nothing else can move, but for waits with deadlines that are not earlier. */
function isIdleFor(core: Core, thread: number, deadline: number): boolean {
  const { memory } = core;
  const count = memory[THREAD_COUNT];
  for (let other = 0; other < count; other++) {
    const own = entryOf(other);
    if (other === thread || memory[own + THREAD_STATUS] !== THREAD_LIVE) continue;
    if (!waits(core, other)) return false;
    if (core.tables.code[memory[own + THREAD_PC]] !== OP_AWAITIDLE) continue;
    if (deadlineOf(core, other) < deadline) return false;
  }
  return true;
}

/** Number of answers of the thread's pending operation. */
export function choiceCount(core: Core, thread: number): number {
  const { memory } = core;
  const own = entryOf(thread);
  const pc = memory[own + THREAD_PC];
  const op = core.tables.code[pc];
  if (memory[own + THREAD_STATUS] !== THREAD_LIVE) return 1;
  if (op === OP_PREEMPT) return 2;
  if (op !== OP_CHOOSE) return 1;
  return Math.max(1, memory[memory[own + THREAD_FP] + core.tables.code[pc + 2]]);
}

/** The address that the thread's pending operation touches, 0 if none. */
export function pendingAddress(core: Core, thread: number): number {
  const { memory } = core;
  const { code } = core.tables;
  const own = entryOf(thread);
  const pc = memory[own + THREAD_PC];
  const fp = memory[own + THREAD_FP];
  switch (code[pc]) {
    case OP_VLOAD:
      return memory[fp + code[pc + 2]] + code[pc + 3];
    case OP_VLOADN:
      return memory[fp + code[pc + 2]] + (code[pc + 3] & 0xffff);
    case OP_VSTORE:
      return memory[fp + code[pc + 1]] + code[pc + 2];
    case OP_VSTOREN:
      return memory[fp + code[pc + 1]] + (code[pc + 2] & 0xffff);
    case OP_VGLOAD:
      return code[pc + 2];
    case OP_VGSTORE:
      return code[pc + 1];
    case OP_ALOAD:
    case OP_AADD:
    case OP_ASWAP:
    case OP_ACAS:
    case OP_AAND:
    case OP_AOR:
      return memory[fp + code[pc + 2]];
    case OP_ASTORE:
    case OP_LOCK:
    case OP_UNLOCK:
    case OP_AWAIT:
    case OP_AWAITIDLE:
      return memory[fp + code[pc + 1]];
    default:
      return 0;
  }
}
