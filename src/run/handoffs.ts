/**
 * Handoffs: moments at which a thread goes on with another goroutine than the one it ran before,
 * by a coroutine switch or by the scheduler.
 */
import { INSTRUCTION_WORDS, OP_GOGO } from '../language/instructions.ts';
import type { Image } from '../language/image.ts';
import type { Inspector } from './inspect.ts';
import { awayFrom } from './looking-back.ts';
import { SLICE_INSTRUCTIONS, type Work } from './slices.ts';
import type { Timeline } from './timeline.ts';

export interface Handoff {
  /** The moment after it: the new goroutine is about to go on. */
  readonly instruction: number;
  readonly thread: number;
  /** Goroutine ids; `from` is null for the first goroutine that the thread runs. */
  readonly from: number | null;
  readonly to: number;
}

/** Marks every place where a thread goes on with another stack. */
export function handoffPlaces(image: Image): Uint8Array {
  const places = new Uint8Array(image.code.length / INSTRUCTION_WORDS);
  for (let index = 0; index < places.length; index++) {
    if (image.code[index * INSTRUCTION_WORDS] === OP_GOGO) places[index] = 1;
  }
  return places;
}

/** Looks for handoffs on the way forward, from the present. */
export class HandoffSearch {
  readonly #timeline: Timeline;
  readonly #inspector: Inspector;
  readonly #places: Uint8Array;
  /** The goroutine that each thread ran last. */
  readonly #last = new Map<number, number>();

  constructor(timeline: Timeline, inspector: Inspector) {
    this.#timeline = timeline;
    this.#inspector = inspector;
    this.#places = handoffPlaces(timeline.image);
    for (const { id, thread } of inspector.goroutines(true)) {
      if (thread >= 0) this.#last.set(thread, id);
    }
  }

  /** Walks to the next handoff, at most `maxInstructions`; null: not there yet, or the end. */
  next(maxInstructions: number): Handoff | null {
    const timeline = this.#timeline;
    const limit = timeline.instruction + maxInstructions;
    while (timeline.instruction < limit) {
      const end = timeline.walk(this.#places, limit - timeline.instruction);
      if (end !== 'stop') return null;
      const { thread } = timeline;
      timeline.walk(null, 1);
      const to = this.#inspector.goroutineOf(thread)?.id;
      const from = this.#last.get(thread) ?? null;
      if (to === undefined || to === from) continue;
      this.#last.set(thread, to);
      return { instruction: timeline.instruction, thread, from, to };
    }
    return null;
  }
}

/** The last handoff before the present; null when there was none. The present stays. */
export function previousHandoff(timeline: Timeline, inspector: Inspector): Work<Handoff | null> {
  const now = timeline.instruction;
  return awayFrom(timeline, search());

  function* search(): Work<Handoff | null> {
    timeline.seekInstruction(timeline.start);
    const handoffs = new HandoffSearch(timeline, inspector);
    let last: Handoff | null = null;
    while (timeline.instruction < now) {
      const { instruction } = timeline;
      const found = handoffs.next(Math.min(now - instruction, SLICE_INSTRUCTIONS));
      if (found !== null && found.instruction >= now) break;
      last = found ?? last;
      if (timeline.instruction === instruction) break;
      yield;
    }
    return last;
  }
}
