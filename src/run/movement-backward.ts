/**
 * A movement towards the past: executes stretches of it again, nearest first, and goes to the last
 * place in them where it may rest.
 */
import { INSTRUCTION_WORDS } from '../language/instructions.ts';
import type { BreakpointHit } from './breakpoints.ts';
import type { Work } from './slices.ts';
import type { MovementRequest, RunningMovement, Stepper, Stop } from './stepping.ts';

/** Instructions of the first stretch; each further one is twice as long. */
const FIRST_STRETCH = 1024;

/**
 * What a place in the past is to a step back: `rest` there; `pass` it; `doorway`: where its thread
 * came from, to rest at when the goroutine has no earlier place of its own; `beyond`: the goroutine
 * did not exist yet, so no earlier place is its own.
 */
export type Place = 'rest' | 'pass' | 'doorway' | 'beyond';

interface Found {
  readonly moment: number;
  readonly hit: BreakpointHit | null;
}

export class BackwardMovement implements RunningMovement {
  readonly #stepper: Stepper;
  readonly #justMyCode: boolean;
  readonly #statements: Uint8Array | null;
  readonly #judge: (thread: number) => Place;
  readonly #stops: Uint8Array;
  /** Where it began. All moments from `#end` on have been looked at. */
  readonly #from: number;
  #end: number;
  #isFirst = true;
  #doorway: Found | null = null;
  #isBeyond = false;
  #stretch = FIRST_STRETCH;
  readonly #work: Work<Stop>;

  constructor(
    stepper: Stepper,
    { justMyCode }: MovementRequest,
    statements: Uint8Array | null,
    judge: (thread: number) => Place,
  ) {
    this.#stepper = stepper;
    this.#justMyCode = justMyCode;
    this.#statements = statements;
    this.#judge = judge;
    this.#stops = stepper.breakpoints.stops.slice();
    if (statements !== null) {
      for (let i = 0; i < statements.length; i++) this.#stops[i] |= statements[i];
    }
    this.#from = stepper.timeline.instruction;
    this.#end = this.#from;
    this.#work = this.#search();
  }

  /** Looks at a part of the past, be it a short one: conditions may be slow. */
  run(): Stop | null {
    const part = this.#work.next();
    return part.done === true ? part.value : null;
  }

  *#search(): Work<Stop> {
    const { timeline } = this.#stepper;
    for (;;) {
      const isOver = this.#end <= timeline.start || (this.#isBeyond && this.#doorway !== null);
      if (isOver) return yield* this.#rest(this.#doorway);
      const begin = Math.max(timeline.start, this.#end - this.#stretch);
      const found = yield* this.#lastWithin(begin);
      if (found !== null) return yield* this.#rest(found);
      this.#end = begin;
      this.#isFirst = false;
      this.#stretch *= 2;
    }
  }

  pause(): Stop {
    this.#stepper.timeline.seekInstruction(this.#end);
    return this.#stepper.stopHere('pause');
  }

  *#rest(found: Found | null): Work<Stop> {
    if (found === null) return yield* this.#stepper.goToStart(this.#from, this.#justMyCode);
    this.#stepper.timeline.seekInstruction(found.moment);
    return this.#stepper.stopHere(found.hit === null ? 'step' : 'breakpoint', found.hit);
  }

  /** The last place to rest in (begin, end], without the moment that the movement began at. */
  *#lastWithin(begin: number): Work<Found | null> {
    const { timeline } = this.#stepper;
    let found: Found | null = null;
    let doorway: Found | null = null;
    yield* timeline.lookThrough(begin, this.#end, this.#stops, () => {
      if (this.#isFirst && timeline.instruction >= this.#end) return;
      const place = this.#examine();
      if (place.kind === 'rest') found = place;
      if (place.kind === 'beyond') this.#isBeyond = true;
      if (place.kind === 'doorway' || place.kind === 'beyond') doorway = place;
    });
    this.#doorway ??= doorway;
    return found;
  }

  #examine(): Found & { readonly kind: Place } {
    const stepper = this.#stepper;
    const { thread, instruction: moment } = stepper.timeline;
    const pc = stepper.pcOf(thread);
    const index = pc / INSTRUCTION_WORDS;
    if (stepper.breakpoints.stops[index] !== 0) {
      const hit = stepper.breakpoints.hit(stepper.inspector, thread, pc);
      if (hit !== null && hit.ids.length > 0) return { moment, hit, kind: 'rest' };
    }
    const isPlace = this.#statements !== null && this.#statements[index] !== 0;
    return { moment, hit: null, kind: isPlace ? this.#judge(thread) : 'pass' };
  }
}
