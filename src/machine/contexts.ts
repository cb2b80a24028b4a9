/** Contexts, and the movement of a thread between them. */
import {
  CONTEXT_BEHALF,
  CONTEXT_CHILD_WORDS,
  CONTEXT_DEFERS,
  CONTEXT_FP,
  CONTEXT_LIMIT,
  CONTEXT_LINK,
  CONTEXT_OWNER,
  CONTEXT_PC,
  CONTEXT_REGION,
  CONTEXT_REGION_END,
  CONTEXT_SAVED_SEGMENT,
  CONTEXT_SEGMENT,
  CONTEXT_STACK,
  CONTEXT_TOP,
  FREE_CONTEXTS,
  OBJECT_ARENA,
  OBJECT_CONTEXT,
  OBJECT_HEADER_WORDS,
  OBJECT_TYPE,
  OBJECT_WORDS,
  SEGMENT_ARGUMENTS,
  SEGMENT_PREVIOUS,
  SEGMENT_STACK,
  THREADS,
  THREAD_CONTEXT,
  THREAD_WORDS,
} from '../language/image.ts';
import {
  FRAME_CALLER,
  FRAME_HEADER_WORDS,
  FRAME_RETURN_PC,
  INSTRUCTION_WORDS,
} from '../language/instructions.ts';
import type { Core } from './core.ts';
import { internal, nextMember } from './core.ts';
import { recycleDefer } from './defers.ts';
import { callee, clear, cutStack, enter, PC_MASK, stackTop } from './frames.ts';
import { addArena, allocateBlock, allocateIn, FIRST_ARENA_WORDS } from './heap.ts';

/** Region of the first context. What it does not use costs nothing. */
const ROOT_WORDS = 1 << 15;

/** A context that will run a function of no parameters; a freed one if there is any. */
export function newContext(core: Core, func: number, owner: number): number {
  let context = core.at(FREE_CONTEXTS);
  if (context !== 0) {
    core.write(FREE_CONTEXTS, core.at(context + CONTEXT_LINK));
    core.write(context + CONTEXT_LINK, 0);
  } else {
    context = allocateContext(core, core.context);
  }
  core.write(context + CONTEXT_OWNER, owner);
  const { pc, fp, context: caller } = core;
  core.context = context;
  core.fp = 0;
  const { number, closure } = callee(core, func);
  enter(core, number, context + CONTEXT_STACK, 0, closure);
  savePoint(core, core.pc, core.fp, stackTop(core), core.at(context + CONTEXT_SEGMENT));
  core.context = caller;
  core.pc = pc;
  core.fp = fp;
  return context;
}

/** A context in a region of its own, inside the region of the one that makes it (0: the first). */
function allocateContext(core: Core, maker: number): number {
  const words = CONTEXT_STACK + core.contextWords;
  const least = words + FIRST_ARENA_WORDS + 2 * OBJECT_HEADER_WORDS;
  let size = Math.min(ROOT_WORDS, core.memoryLimit >> 3);
  if (maker !== 0) size = Math.max(core.at(maker + CONTEXT_CHILD_WORDS), least);
  const region =
    maker === 0
      ? allocateBlock(core, OBJECT_ARENA, size)
      : allocateIn(core, maker, OBJECT_ARENA, size);
  const context = region + OBJECT_HEADER_WORDS;
  core.write(context + OBJECT_TYPE, OBJECT_CONTEXT);
  core.write(context + OBJECT_WORDS, words);
  core.write(context + CONTEXT_LIMIT, context + words);
  core.write(context + CONTEXT_REGION, context + words);
  core.write(context + CONTEXT_REGION_END, region + size);
  core.write(context + CONTEXT_CHILD_WORDS, maker === 0 ? size >> 2 : size >> 3);
  addArena(core, context, FIRST_ARENA_WORDS);
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
  if (context === core.context) throw internal('a thread freed the context it runs on');
  recycleContext(core, context, core.at(context + CONTEXT_TOP));
}

/** As freeContext; `top` is where the context's stack ends, if it ends in its first segment. */
export function recycleContext(core: Core, context: number, top: number): void {
  requireContext(core, context);
  const end = context + core.at(context + OBJECT_WORDS);
  const first = core.at(context + CONTEXT_SEGMENT) === 0 && top > context && top < end ? top : end;
  let segment = core.at(context + CONTEXT_SEGMENT);
  for (let i = 0; segment !== 0; i = nextMember(i)) {
    clear(core, segment + SEGMENT_STACK, segment + core.at(segment + OBJECT_WORDS));
    core.write(segment + SEGMENT_ARGUMENTS, 0);
    segment = core.at(segment + SEGMENT_PREVIOUS);
  }
  clear(core, context + CONTEXT_STACK, first);
  for (let i = 0; core.at(context + CONTEXT_DEFERS) !== 0; i = nextMember(i)) {
    recycleDefer(core, context);
  }
  for (const word of [CONTEXT_OWNER, CONTEXT_SEGMENT, CONTEXT_BEHALF])
    core.write(context + word, 0);
  core.write(context + CONTEXT_LIMIT, end);
  forgetPoint(core, context);
  // In the order of addresses: the order in which contexts were freed makes no different state.
  let link = FREE_CONTEXTS;
  for (let i = 0; core.at(link) !== 0 && core.at(link) < context; i = nextMember(i)) {
    link = core.at(link) + CONTEXT_LINK;
  }
  core.write(context + CONTEXT_LINK, core.at(link));
  core.write(link, context);
}

function forgetPoint(core: Core, context: number): void {
  for (const word of [CONTEXT_PC, CONTEXT_FP, CONTEXT_TOP, CONTEXT_SAVED_SEGMENT]) {
    core.write(context + word, 0);
  }
}

function requireContext(core: Core, context: number): void {
  const isContext = context > 0 && core.at(context + OBJECT_TYPE) === OBJECT_CONTEXT;
  if (!isContext) throw internal(`${context} is no context`);
}

function switchTo(core: Core, context: number): void {
  core.context = context;
  core.write(THREADS + core.thread * THREAD_WORDS + THREAD_CONTEXT, context);
}

/**
 * MCALL: `func` runs on context `target` with one argument; the current context is saved. To the
 * context that runs: what stands on its stack above its saved point is forgotten.
 */
export function mcall(core: Core, target: number, func: number, argument: number): void {
  const { context } = core;
  requireContext(core, target);
  if (target === context) {
    cutStack(core, core.at(target + CONTEXT_FP));
    core.write(target + CONTEXT_BEHALF, 0);
  } else {
    const segment = core.at(context + CONTEXT_SEGMENT);
    savePoint(core, core.pc + INSTRUCTION_WORDS, core.fp, stackTop(core), segment);
    switchTo(core, target);
    core.write(target + CONTEXT_BEHALF, context);
    core.fp = core.at(target + CONTEXT_FP);
  }
  const at = core.at(target + CONTEXT_TOP) || target + CONTEXT_STACK;
  const { number, closure } = callee(core, func);
  enter(core, number, at, 0, closure);
  core.write(core.fp + FRAME_HEADER_WORDS, argument);
}

/** GOGO: the current stack is cut to its saved point; `target` goes on where it was saved. */
export function gogo(core: Core, target: number): void {
  const { context } = core;
  requireContext(core, target);
  const pc = core.at(target + CONTEXT_PC);
  const fp = core.at(target + CONTEXT_FP);
  if (pc === 0) throw internal(`context ${target} has no point to go on from`);
  cutStack(core, core.at(context + CONTEXT_FP));
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
  const { context, fp } = core;
  const returnPc = core.at(fp + FRAME_RETURN_PC);
  const segment = core.at(context + CONTEXT_SEGMENT);
  const isFirst = returnPc < 0;
  savePoint(
    core,
    returnPc & PC_MASK,
    core.at(fp + FRAME_CALLER),
    isFirst ? core.at(segment + SEGMENT_ARGUMENTS) : fp,
    isFirst ? core.at(segment + SEGMENT_PREVIOUS) : segment,
  );
}
