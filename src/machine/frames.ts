/**
 * Frames and the stack segments they lie in. A stack grows by segments that stay linked when they
 * are left. Everything above a live stack is zero: whoever cuts a stack clears what it cuts off.
 */
import {
  CONTEXT_LIMIT,
  CONTEXT_NEXT_SEGMENT,
  CONTEXT_SEGMENT,
  ERROR_ADDRESS,
  OBJECT_SEGMENT,
  OBJECT_WORDS,
  SEGMENT_ARGUMENTS,
  SEGMENT_NEXT,
  SEGMENT_PREVIOUS,
  SEGMENT_STACK,
} from '../language/image.ts';
import {
  FRAME_CALLER,
  FRAME_CLOSURE,
  FRAME_HEADER_WORDS,
  FRAME_RETURN_PC,
  INSTRUCTION_WORDS,
  TRAPS,
  TRAP_ATOMICWAIT,
  TRAP_DIVIDE,
  TRAP_FREED,
  TRAP_NIL,
  TRAP_OVERFLOW,
  TRAP_THREADS,
} from '../language/instructions.ts';
import type { Core } from './core.ts';
import { Ending, internal, nextMember } from './core.ts';
import { dropDefers } from './defers.ts';
import { allocateIn, objectOf } from './heap.ts';

const SEGMENT_BIT = 0x80000000 | 0;
export const PC_MASK = 0x7fffffff;
const SEGMENT_WORDS = 1024;

/** First word above everything that the running function uses. */
export function stackTop(core: Core): number {
  return core.fp + core.tables.extent[functionAt(core, core.pc)];
}

export function functionAt(core: Core, pc: number): number {
  const number = core.tables.functionOf[pc / INSTRUCTION_WORDS];
  if (number === undefined || number < 0) throw internal(`pc ${pc} lies in no function`);
  return number;
}

/** The function and closure word of a func() value that is not nil. */
export function callee(core: Core, value: number): { number: number; closure: number } {
  const number = value < 0 ? -value - 1 : core.at(value);
  if (number < 0 || number >= core.tables.entry.length) throw internal(`${value} is no function`);
  return { number, closure: value < 0 ? 0 : value };
}

/**
 * Enters a function with its frame at `at`, where its parameters are. Moves both to a new segment
 * when it would not fit. core.fp is the caller's. A stack without end ends the run.
 */
export function enter(
  core: Core,
  number: number,
  at: number,
  returnPc: number,
  closure: number,
): void {
  const { context } = core;
  const words = core.tables.extent[number];
  if (at + words > core.at(context + CONTEXT_LIMIT)) {
    if (stackWords(core) + words > core.stackLimitWords) throw stackExhausted(core);
    const moved = growStack(core, words, at);
    const end = FRAME_HEADER_WORDS + core.image.functions[number].parameterWords;
    for (let i = FRAME_HEADER_WORDS; i < end; i++) {
      core.write(moved + i, core.at(at + i));
      core.write(at + i, 0);
    }
    at = moved;
    returnPc |= SEGMENT_BIT;
  }
  core.write(at + FRAME_RETURN_PC, returnPc);
  core.write(at + FRAME_CALLER, core.fp);
  core.write(at + FRAME_CLOSURE, closure);
  core.fp = at;
  core.pc = core.tables.entry[number];
}

function stackExhausted(core: Core): Ending {
  return new Ending(
    'limit',
    `stack: a stack needs more than ${core.stackLimitWords} words. Usually a function calls itself ` +
      'for ever; if it is meant to go that deep, set stackWords and memoryWords on the runtime line',
  );
}

/** Words in all segments of the current context up to the current one. */
function stackWords(core: Core): number {
  const { context } = core;
  let words = core.at(context + OBJECT_WORDS);
  let segment = core.at(context + CONTEXT_SEGMENT);
  for (let i = 0; segment !== 0; i = nextMember(i)) {
    words += core.at(segment + OBJECT_WORDS);
    segment = core.at(segment + SEGMENT_PREVIOUS);
  }
  return words;
}

/** Makes the next segment current; where its first frame begins. */
function growStack(core: Core, frameWords: number, at: number): number {
  const { context } = core;
  const current = core.at(context + CONTEXT_SEGMENT);
  const link = current === 0 ? context + CONTEXT_NEXT_SEGMENT : current + SEGMENT_NEXT;
  let segment = core.at(link);
  const needed = frameWords + SEGMENT_STACK;
  if (segment === 0 || core.at(segment + OBJECT_WORDS) < needed) {
    const before = current === 0 ? SEGMENT_WORDS : core.at(current + OBJECT_WORDS) * 2;
    const words = Math.max(Math.min(before, 1 << 14), needed);
    segment = allocateIn(core, context, OBJECT_SEGMENT, words);
    core.write(link, segment);
    core.write(segment + SEGMENT_PREVIOUS, current);
  }
  core.write(segment + SEGMENT_ARGUMENTS, at);
  core.write(context + CONTEXT_SEGMENT, segment);
  core.write(context + CONTEXT_LIMIT, segment + core.at(segment + OBJECT_WORDS));
  return segment + SEGMENT_STACK;
}

/** Leaves the current segment, whose words are clear already: where its first frame would have
 *  begun in the one before. */
function leaveSegment(core: Core): number {
  const { context } = core;
  const segment = core.at(context + CONTEXT_SEGMENT);
  if (segment === 0) throw internal('a frame claims a stack segment that is not there');
  const begin = core.at(segment + SEGMENT_ARGUMENTS);
  const previous = core.at(segment + SEGMENT_PREVIOUS);
  const base = previous === 0 ? context : previous;
  core.write(segment + SEGMENT_ARGUMENTS, 0);
  core.write(context + CONTEXT_SEGMENT, previous);
  core.write(context + CONTEXT_LIMIT, base + core.at(base + OBJECT_WORDS));
  return begin;
}

export function clear(core: Core, from: number, to: number): void {
  for (let address = from; address < to; address++) core.write(address, 0);
}

/** RET of a frame that began a segment, or of a bottom frame. False: there is no caller. */
export function returnSlowly(core: Core, first: number, count: number): boolean {
  const { fp } = core;
  const returnPc = core.at(fp + FRAME_RETURN_PC);
  const caller = core.at(fp + FRAME_CALLER);
  const top = stackTop(core);
  const startsSegment = returnPc < 0;
  if ((returnPc & PC_MASK) === 0) {
    if (caller !== 0) throw internal('a function called by Mcall has returned');
    for (let i = 0; i < count; i++) {
      core.write(fp + FRAME_HEADER_WORDS + i, core.at(fp + first + i));
    }
    return false;
  }
  const results: number[] = [];
  for (let i = 0; i < count; i++) results.push(core.at(fp + first + i));
  clear(core, fp, top);
  const begin = startsSegment ? leaveSegment(core) : fp;
  for (let i = 0; i < count; i++) core.write(begin + FRAME_HEADER_WORDS + i, results[i]);
  core.fp = caller;
  core.pc = returnPc & PC_MASK;
  return true;
}

/**
 * Cuts the current stack to the frame `target` (0: all of it): clears what lies above, forgets its
 * deferred calls, leaves its segments. Gives the return pc into that frame, 0 if it was on top.
 */
export function cutStack(core: Core, target: number): number {
  const { context } = core;
  let fp = core.fp;
  let top = stackTop(core);
  let bottom = top;
  let returnPc = 0;
  for (let i = 0; fp !== target; i = nextMember(i)) {
    if (fp === 0) throw internal(`frame ${target} is not on the stack`);
    dropDefers(core, context, fp);
    returnPc = core.at(fp + FRAME_RETURN_PC);
    const caller = core.at(fp + FRAME_CALLER);
    bottom = fp;
    if (returnPc < 0) {
      clear(core, fp, top);
      top = leaveSegment(core);
      bottom = top;
    }
    fp = caller;
  }
  clear(core, bottom, top);
  core.fp = target;
  return returnPc & PC_MASK;
}

// ------------------------------------------------------------------------------ traps

const TRAP_ENDINGS: Readonly<
  Record<number, [kind: 'signal' | 'limit' | 'internal', text: string]>
> = {
  [TRAP_NIL]: ['signal', 'SIGSEGV'],
  [TRAP_DIVIDE]: ['signal', 'SIGFPE'],
  [TRAP_OVERFLOW]: [
    'limit',
    'integer overflow: integers have 32 bits here, and a value went beyond. Use smaller numbers, ' +
      'or a type that wraps (int32, uint32) where wrapping is meant',
  ],
  [TRAP_THREADS]: [
    'limit',
    'threads: the run made more threads than the machine has room for. Usually a thread is made ' +
      'for each of many tasks; make fewer, or end them',
  ],
  [TRAP_ATOMICWAIT]: ['internal', 'the model waits for another thread inside atomic { }'],
};

/** Calls the runtime function of a trap in place of the instruction at core.pc. */
export function raise(core: Core, trap: number, x: number, y: number): void {
  const number = core.tables.trapFunctions[trap] ?? -1;
  // Execution goes on elsewhere, unseen by who records what comes after the instruction.
  core.forgetEffect();
  if (trap === TRAP_FREED) core.write(ERROR_ADDRESS, objectOf(core, x));
  const current = functionAt(core, core.pc);
  if (core.isolated || number < 0 || core.tables.isTrapFunction[current] === 1) {
    throw endingOf(core, trap, x);
  }
  enter(core, number, stackTop(core), core.pc + INSTRUCTION_WORDS, 0);
  const { arguments: count } = TRAPS[trap];
  if (count > 0) core.write(core.fp + FRAME_HEADER_WORDS, x);
  if (count > 1) core.write(core.fp + FRAME_HEADER_WORDS + 1, y);
}

function endingOf(core: Core, trap: number, x: number): Ending {
  const name = TRAPS[trap]?.name ?? `trap ${trap}`;
  if (core.isolated) return new Ending('internal', name);
  if (trap === TRAP_FREED) return new Ending('use-after-free', `address ${x} was freed`);
  const [kind, text] = TRAP_ENDINGS[trap] ?? ['signal', `SIGTRAP (${name})`];
  return new Ending(kind, text);
}
