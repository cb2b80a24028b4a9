/** Deferred calls: a list for each context, and a list of those that can be used again. */
import {
  CONTEXT_DEFERS,
  CONTEXT_FP,
  CONTEXT_FREE_DEFERS,
  OBJECT_DEFER,
  THREAD_CONTEXT,
  THREAD_COUNT,
  THREAD_FP,
  THREADS,
  THREAD_WORDS,
} from '../language/image.ts';
import { FRAME_CALLER } from '../language/instructions.ts';
import type { Core } from './core.ts';
import { internal, nextMember } from './core.ts';
import { allocate, objectOf } from './heap.ts';

const DEFER_LINK = 0;
const DEFER_FUNCTION = 1;
const DEFER_FRAME = 2;
const DEFER_WORDS = 3;

/**
 * Pushes a deferred call for a frame, mostly of the current stack. The list is ordered by frames,
 * youngest first: a call deferred for an outer frame (from the body of a range over a function)
 * comes after those of the frames in between. Such a body may run on another stack than its loop.
 */
export function pushDefer(core: Core, func: number, frame: number): void {
  const { context } = core;
  const link =
    linkFor(core, context, core.fp, frame) ?? linkOnOtherStack(core, frame, objectOf(core, frame));
  let item = core.at(context + CONTEXT_FREE_DEFERS);
  if (item !== 0) core.write(context + CONTEXT_FREE_DEFERS, core.at(item + DEFER_LINK));
  else item = allocate(core, OBJECT_DEFER, DEFER_WORDS);
  core.write(item + DEFER_FUNCTION, func);
  core.write(item + DEFER_FRAME, frame);
  core.write(item + DEFER_LINK, core.at(link));
  core.write(link, item);
}

/** The address of the link that a call deferred for `frame` comes behind; null when the stack of
 *  `context`, whose youngest frame is `top`, has no such frame. */
function linkFor(core: Core, context: number, top: number, frame: number): number | null {
  let link = context + CONTEXT_DEFERS;
  let member = 0;
  for (let fp = top; fp !== frame; fp = core.at(fp + FRAME_CALLER)) {
    if (fp === 0) return null;
    member = nextMember(member);
    while (core.at(link) !== 0 && core.at(core.at(link) + DEFER_FRAME) === fp) {
      link = core.at(link);
      member = nextMember(member);
    }
  }
  return link;
}

/** As linkFor, for a stack that another thread may execute, or none. */
function linkOnOtherStack(core: Core, frame: number, context: number): number {
  let top = core.at(context + CONTEXT_FP);
  for (let number = 0; number < core.at(THREAD_COUNT); number++) {
    const entry = THREADS + number * THREAD_WORDS;
    if (core.at(entry + THREAD_CONTEXT) === context) top = core.at(entry + THREAD_FP);
  }
  const link = linkFor(core, context, top, frame);
  if (link === null) throw internal(`defer for frame ${frame}, which is on no stack`);
  return link;
}

/** Takes the youngest deferred call off, if it is for `frame` (-1: any): its func() and frame. */
export function popDefer(core: Core, frame: number): { func: number; frame: number } | null {
  const { context } = core;
  const item = core.at(context + CONTEXT_DEFERS);
  if (item === 0) return null;
  const found = { func: core.at(item + DEFER_FUNCTION), frame: core.at(item + DEFER_FRAME) };
  if (frame !== -1 && found.frame !== frame) return null;
  recycleDefer(core, context);
  return found;
}

export function dropDefers(core: Core, context: number, frame: number): void {
  for (let i = 0; ; i = nextMember(i)) {
    const item = core.at(context + CONTEXT_DEFERS);
    if (item === 0 || core.at(item + DEFER_FRAME) !== frame) return;
    recycleDefer(core, context);
  }
}

/** Moves the first deferred call to the free list. */
export function recycleDefer(core: Core, context: number): void {
  const item = core.at(context + CONTEXT_DEFERS);
  core.write(context + CONTEXT_DEFERS, core.at(item + DEFER_LINK));
  core.write(item + DEFER_FUNCTION, 0);
  core.write(item + DEFER_FRAME, 0);
  core.write(item + DEFER_LINK, core.at(context + CONTEXT_FREE_DEFERS));
  core.write(context + CONTEXT_FREE_DEFERS, item);
}
