/**
 * Contexts: stacks, their segments, and the movement of a thread between them. A stack grows by
 * segments that stay linked when they are left. Everything above a live stack is zero: whoever cuts
 * a stack clears what it cuts off.
 */
import {
  CONTEXT_BEHALF,
  CONTEXT_DEFERS,
  CONTEXT_FP,
  CONTEXT_FREE_DEFERS,
  CONTEXT_LIMIT,
  CONTEXT_LINK,
  CONTEXT_NEXT_SEGMENT,
  CONTEXT_OWNER,
  CONTEXT_PC,
  CONTEXT_SAVED_SEGMENT,
  CONTEXT_SEGMENT,
  CONTEXT_STACK,
  CONTEXT_TOP,
  ERROR_ADDRESS,
  FREE_CONTEXTS,
  OBJECT_CONTEXT,
  OBJECT_DEFER,
  OBJECT_SEGMENT,
  OBJECT_TYPE,
  OBJECT_WORDS,
  SEGMENT_ARGUMENTS,
  SEGMENT_NEXT,
  SEGMENT_PREVIOUS,
  SEGMENT_STACK,
  THREADS,
  THREAD_CONTEXT,
  THREAD_WORDS,
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
  TRAP_STACK,
  TRAP_THREADS,
} from '../language/instructions.ts';
import type { Core } from './core.ts';
import { Ending, internal } from './core.ts';
import { addArena, allocate, allocateBlock, objectOf } from './heap.ts';

const SEGMENT_BIT = 0x80000000 | 0;
const PC_MASK = 0x7fffffff;
const SEGMENT_WORDS = 1024;
/** Model functions may go this far beyond the stack limit, to report its overflow. */
const MODEL_SLACK_WORDS = 1 << 14;

// ------------------------------------------------------------------------------ frames

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
  const number = value < 0 ? -value - 1 : core.memory[value];
  if (number < 0 || number >= core.tables.entry.length) throw internal(`${value} is no function`);
  return { number, closure: value < 0 ? 0 : value };
}

/**
 * Enters a function with its frame at `at`, where its parameters are. Moves both to a new segment
 * when it would not fit. core.fp is the caller's. False: the stack is full; the trap was raised.
 */
export function enter(
  core: Core,
  number: number,
  at: number,
  returnPc: number,
  closure: number,
): boolean {
  const { memory, context } = core;
  const words = core.tables.extent[number];
  if (at + words > memory[context + CONTEXT_LIMIT]) {
    const isModel = core.image.functions[number].isModel;
    const limit = core.stackLimitWords + (isModel ? MODEL_SLACK_WORDS : 0);
    if (stackWords(core) + words > limit) {
      raise(core, TRAP_STACK, 0, 0);
      return false;
    }
    const moved = growStack(core, words, at);
    const end = FRAME_HEADER_WORDS + core.image.functions[number].parameterWords;
    for (let i = FRAME_HEADER_WORDS; i < end; i++) {
      core.write(moved + i, memory[at + i]);
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
  return true;
}

/** Words in all segments of the current context up to the current one. */
function stackWords(core: Core): number {
  const { memory, context } = core;
  let words = memory[context + OBJECT_WORDS];
  for (let segment = memory[context + CONTEXT_SEGMENT]; segment !== 0; ) {
    words += memory[segment + OBJECT_WORDS];
    segment = memory[segment + SEGMENT_PREVIOUS];
  }
  return words;
}

/** Makes the next segment current; where its first frame begins. */
function growStack(core: Core, frameWords: number, at: number): number {
  const { memory, context } = core;
  const current = memory[context + CONTEXT_SEGMENT];
  const link = current === 0 ? context + CONTEXT_NEXT_SEGMENT : current + SEGMENT_NEXT;
  let segment = memory[link];
  const needed = frameWords + SEGMENT_STACK;
  if (segment === 0 || memory[segment + OBJECT_WORDS] < needed) {
    const before = current === 0 ? SEGMENT_WORDS : memory[current + OBJECT_WORDS] * 2;
    segment = allocateBlock(core, OBJECT_SEGMENT, Math.max(Math.min(before, 1 << 14), needed));
    core.write(link, segment);
    core.write(segment + SEGMENT_PREVIOUS, current);
  }
  core.write(segment + SEGMENT_ARGUMENTS, at);
  core.write(context + CONTEXT_SEGMENT, segment);
  core.write(context + CONTEXT_LIMIT, segment + memory[segment + OBJECT_WORDS]);
  return segment + SEGMENT_STACK;
}

/** Leaves the current segment, whose words are clear already: where its first frame would have
 *  begun in the one before. */
function leaveSegment(core: Core): number {
  const { memory, context } = core;
  const segment = memory[context + CONTEXT_SEGMENT];
  if (segment === 0) throw internal('a frame claims a stack segment that is not there');
  const begin = memory[segment + SEGMENT_ARGUMENTS];
  const previous = memory[segment + SEGMENT_PREVIOUS];
  const base = previous === 0 ? context : previous;
  core.write(segment + SEGMENT_ARGUMENTS, 0);
  core.write(context + CONTEXT_SEGMENT, previous);
  core.write(context + CONTEXT_LIMIT, base + memory[base + OBJECT_WORDS]);
  return begin;
}

export function clear(core: Core, from: number, to: number): void {
  for (let address = from; address < to; address++) core.write(address, 0);
}

/** RET of a frame that began a segment, or of a bottom frame. False: there is no caller. */
export function returnSlowly(core: Core, first: number, count: number): boolean {
  const { memory } = core;
  const { fp } = core;
  const returnPc = memory[fp + FRAME_RETURN_PC];
  const caller = memory[fp + FRAME_CALLER];
  const top = stackTop(core);
  const startsSegment = returnPc < 0;
  if ((returnPc & PC_MASK) === 0) {
    if (caller !== 0) throw internal('a function called by Mcall has returned');
    for (let i = 0; i < count; i++) {
      core.write(fp + FRAME_HEADER_WORDS + i, memory[fp + first + i]);
    }
    return false;
  }
  const results = memory.slice(fp + first, fp + first + count);
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
  const { memory, context } = core;
  let fp = core.fp;
  let top = stackTop(core);
  let bottom = top;
  let returnPc = 0;
  while (fp !== target) {
    if (fp === 0) throw internal(`frame ${target} is not on the stack`);
    dropDefers(core, context, fp);
    returnPc = memory[fp + FRAME_RETURN_PC];
    const caller = memory[fp + FRAME_CALLER];
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
  [TRAP_STACK]: ['signal', 'SIGSEGV'],
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
  if (trap === TRAP_FREED) core.write(ERROR_ADDRESS, objectOf(core, x));
  const current = functionAt(core, core.pc);
  if (core.isolated || number < 0 || core.tables.isTrapFunction[current] === 1) {
    throw endingOf(core, trap, x);
  }
  if (!enter(core, number, stackTop(core), core.pc + INSTRUCTION_WORDS, 0)) return;
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

// ------------------------------------------------------------------------------ contexts

/** A context that will run a function of no parameters; a freed one if there is any. */
export function newContext(core: Core, func: number, owner: number): number {
  const { memory } = core;
  let context = memory[FREE_CONTEXTS];
  if (context !== 0) {
    core.write(FREE_CONTEXTS, memory[context + CONTEXT_LINK]);
    core.write(context + CONTEXT_LINK, 0);
  } else {
    const words = CONTEXT_STACK + core.contextWords;
    context = allocateBlock(core, OBJECT_CONTEXT, words);
    core.write(context + CONTEXT_LIMIT, context + words);
    addArena(core, context);
  }
  core.write(context + CONTEXT_OWNER, owner);
  const { pc, fp, context: caller } = core;
  core.context = context;
  core.fp = 0;
  const { number, closure } = callee(core, func);
  enter(core, number, context + CONTEXT_STACK, 0, closure);
  savePoint(core, core.pc, core.fp, stackTop(core), memory[context + CONTEXT_SEGMENT]);
  core.context = caller;
  core.pc = pc;
  core.fp = fp;
  return context;
}

function savePoint(core: Core, pc: number, fp: number, top: number, segment: number): void {
  const { context } = core;
  core.write(context + CONTEXT_PC, pc);
  core.write(context + CONTEXT_FP, fp);
  core.write(context + CONTEXT_TOP, top);
  core.write(context + CONTEXT_SAVED_SEGMENT, segment);
}

/** Makes the words of a context that is not running what they were when it was new. */
export function freeContext(core: Core, context: number): void {
  const { memory } = core;
  requireContext(core, context);
  if (context === core.context) throw internal('a thread freed the context it runs on');
  let segment = memory[context + CONTEXT_SEGMENT];
  while (segment !== 0) {
    clear(core, segment + SEGMENT_STACK, segment + memory[segment + OBJECT_WORDS]);
    core.write(segment + SEGMENT_ARGUMENTS, 0);
    segment = memory[segment + SEGMENT_PREVIOUS];
  }
  clear(core, context + CONTEXT_STACK, context + memory[context + OBJECT_WORDS]);
  while (memory[context + CONTEXT_DEFERS] !== 0) recycleDefer(core, context);
  for (const word of [CONTEXT_OWNER, CONTEXT_SEGMENT, CONTEXT_BEHALF])
    core.write(context + word, 0);
  core.write(context + CONTEXT_LIMIT, context + memory[context + OBJECT_WORDS]);
  forgetPoint(core, context);
  core.write(context + CONTEXT_LINK, memory[FREE_CONTEXTS]);
  core.write(FREE_CONTEXTS, context);
}

function forgetPoint(core: Core, context: number): void {
  for (const word of [CONTEXT_PC, CONTEXT_FP, CONTEXT_TOP, CONTEXT_SAVED_SEGMENT]) {
    core.write(context + word, 0);
  }
}

function requireContext(core: Core, context: number): void {
  const isContext = context > 0 && core.memory[context + OBJECT_TYPE] === OBJECT_CONTEXT;
  if (!isContext) throw internal(`${context} is no context`);
}

function switchTo(core: Core, context: number): void {
  core.context = context;
  core.write(THREADS + core.thread * THREAD_WORDS + THREAD_CONTEXT, context);
}

/** MCALL: `func` runs on context `target` with one argument; the current context is saved. */
export function mcall(core: Core, target: number, func: number, argument: number): void {
  const { memory, context } = core;
  requireContext(core, target);
  if (target === context) throw internal('Mcall to the context that runs already');
  const segment = memory[context + CONTEXT_SEGMENT];
  savePoint(core, core.pc + INSTRUCTION_WORDS, core.fp, stackTop(core), segment);
  switchTo(core, target);
  core.write(target + CONTEXT_BEHALF, context);
  core.fp = memory[target + CONTEXT_FP];
  const at = memory[target + CONTEXT_TOP] || target + CONTEXT_STACK;
  const { number, closure } = callee(core, func);
  if (!enter(core, number, at, 0, closure)) return;
  core.write(core.fp + FRAME_HEADER_WORDS, argument);
}

/** GOGO: the current stack is cut to its saved point; execution goes on where `target` was saved. */
export function gogo(core: Core, target: number): void {
  const { memory, context } = core;
  requireContext(core, target);
  const pc = memory[target + CONTEXT_PC];
  const fp = memory[target + CONTEXT_FP];
  if (pc === 0) throw internal(`context ${target} has no point to go on from`);
  cutStack(core, memory[context + CONTEXT_FP]);
  core.write(context + CONTEXT_BEHALF, 0);
  if (target !== context) {
    switchTo(core, target);
    forgetPoint(core, target);
  }
  core.pc = pc;
  core.fp = fp;
}

/** SAVECALLER: saves the current context as if the running function had returned. */
export function saveCaller(core: Core): void {
  const { memory, context, fp } = core;
  const returnPc = memory[fp + FRAME_RETURN_PC];
  const segment = memory[context + CONTEXT_SEGMENT];
  const isFirst = returnPc < 0;
  savePoint(
    core,
    returnPc & PC_MASK,
    memory[fp + FRAME_CALLER],
    isFirst ? memory[segment + SEGMENT_ARGUMENTS] : fp,
    isFirst ? memory[segment + SEGMENT_PREVIOUS] : segment,
  );
}

// ------------------------------------------------------------------------------ deferred calls

const DEFER_LINK = 0;
const DEFER_FUNCTION = 1;
const DEFER_FRAME = 2;
const DEFER_WORDS = 3;

/**
 * Pushes a deferred call for a frame of the current stack. The list is ordered by frames, youngest
 * first: a call deferred for an outer frame (from the body of a range over a function) comes after
 * those of the frames in between.
 */
export function pushDefer(core: Core, func: number, frame: number): void {
  const { memory, context } = core;
  let link = context + CONTEXT_DEFERS;
  for (let fp = core.fp; fp !== frame; fp = memory[fp + FRAME_CALLER]) {
    if (fp === 0) throw internal(`defer for frame ${frame}, which is not on the stack`);
    while (memory[link] !== 0 && memory[memory[link] + DEFER_FRAME] === fp) link = memory[link];
  }
  let item = memory[context + CONTEXT_FREE_DEFERS];
  if (item !== 0) core.write(context + CONTEXT_FREE_DEFERS, memory[item + DEFER_LINK]);
  else item = allocate(core, OBJECT_DEFER, DEFER_WORDS);
  core.write(item + DEFER_FUNCTION, func);
  core.write(item + DEFER_FRAME, frame);
  core.write(item + DEFER_LINK, memory[link]);
  core.write(link, item);
}

/** Takes the youngest deferred call off, if it is for `frame` (-1: any): its func() and frame. */
export function popDefer(core: Core, frame: number): { func: number; frame: number } | null {
  const { memory, context } = core;
  const item = memory[context + CONTEXT_DEFERS];
  if (item === 0) return null;
  const found = { func: memory[item + DEFER_FUNCTION], frame: memory[item + DEFER_FRAME] };
  if (frame !== -1 && found.frame !== frame) return null;
  recycleDefer(core, context);
  return found;
}

function dropDefers(core: Core, context: number, frame: number): void {
  const { memory } = core;
  for (;;) {
    const item = memory[context + CONTEXT_DEFERS];
    if (item === 0 || memory[item + DEFER_FRAME] !== frame) return;
    recycleDefer(core, context);
  }
}

/** Moves the first deferred call to the free list. */
function recycleDefer(core: Core, context: number): void {
  const { memory } = core;
  const item = memory[context + CONTEXT_DEFERS];
  core.write(context + CONTEXT_DEFERS, memory[item + DEFER_LINK]);
  core.write(item + DEFER_FUNCTION, 0);
  core.write(item + DEFER_FRAME, 0);
  core.write(item + DEFER_LINK, memory[context + CONTEXT_FREE_DEFERS]);
  core.write(context + CONTEXT_FREE_DEFERS, item);
}
