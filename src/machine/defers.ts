/** Deferred calls: a list for each context, and a list of those that can be used again. */
import { CONTEXT_DEFERS, CONTEXT_FREE_DEFERS, OBJECT_DEFER } from '../language/image.ts';
import { FRAME_CALLER } from '../language/instructions.ts';
import type { Core } from './core.ts';
import { internal } from './core.ts';
import { allocate } from './heap.ts';

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

export function dropDefers(core: Core, context: number, frame: number): void {
  const { memory } = core;
  for (;;) {
    const item = memory[context + CONTEXT_DEFERS];
    if (item === 0 || memory[item + DEFER_FRAME] !== frame) return;
    recycleDefer(core, context);
  }
}

/** Moves the first deferred call to the free list. */
export function recycleDefer(core: Core, context: number): void {
  const { memory } = core;
  const item = memory[context + CONTEXT_DEFERS];
  core.write(context + CONTEXT_DEFERS, memory[item + DEFER_LINK]);
  core.write(item + DEFER_FUNCTION, 0);
  core.write(item + DEFER_FRAME, 0);
  core.write(item + DEFER_LINK, memory[context + CONTEXT_FREE_DEFERS]);
  core.write(context + CONTEXT_FREE_DEFERS, item);
}
