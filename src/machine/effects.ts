/**
 * What steps do, remembered. A step is determined by the words that it touches: when they all have
 * the values of another time, it writes what it wrote then, and the hash changes by the same
 * amount. Searches make the same few steps in very many states; a remembered one costs a comparison
 * and a few writes, and where a state that a step leads to is only to be looked up, no writes at
 * all. (Explicit-state checkers know this as transition caching; S. Blom, J. van de Pol, M. Weber,
 * "LTSmin: Distributed and Symbolic Reachability", CAV 2010, section 4, take it from declared
 * dependencies. Here they are recorded.)
 */
import {
  CONTEXT_LIMIT,
  THREAD_CONTEXT,
  THREAD_FP,
  THREAD_PC,
  THREAD_STATUS,
  THREAD_WORDS,
  THREADS,
} from '../language/image.ts';
import { type Core, TRAILER_WORDS } from './core.ts';
import {
  EffectPool,
  HEADER_WORDS,
  HIGH,
  INSTRUCTIONS,
  LOW,
  mix,
  NONE,
  RESULT,
  TOUCHED,
  WRITTEN,
} from './effect-pool.ts';
import type { Recorder } from './recorder.ts';

/** What an instruction's steps begin with: so many may be learned before one must be met again. */
const FIRST_CREDIT = 40;
const CREDIT_LIMIT = 200;
/** How often it is tried all the same with steps that hardly ever repeat. */
const TRY_EVERY = 64;

/** Answers of `find`. */
export const LEARN = NONE;
export const JUST_EXECUTE = -1;

export class Effects extends EffectPool {
  readonly #core: Core;
  /** By pc / 4: how well remembering pays there. */
  readonly #credit: Int16Array;
  #tries = 0;

  constructor(core: Core, recorder: Recorder) {
    super(core.memory, recorder);
    this.#core = core;
    this.#credit = new Int16Array(core.tables.functionOf.length).fill(FIRST_CREDIT);
  }

  /** The effect that a step of the thread would have now; or LEARN or JUST_EXECUTE. */
  find(thread: number, answer: number): number {
    const { memory } = this.#core;
    const own = THREADS + thread * THREAD_WORDS;
    const pc = memory[own + THREAD_PC];
    const credit = this.#credit[pc >> 2];
    if (credit <= 0 && ++this.#tries % TRY_EVERY !== 0) return JUST_EXECUTE;
    const move = (answer << 8) | thread;
    const effect = this.lookUp(mix(pc, memory[own + THREAD_FP], move), move);
    if (effect !== LEARN && credit < CREDIT_LIMIT) this.#credit[pc >> 2] = credit + 1;
    return effect;
  }

  /** The lanes of the hash after the effect. */
  hashLowAfter(effect: number): number {
    return this.#core.hashLow ^ this.pool[effect + LOW];
  }

  hashHighAfter(effect: number): number {
    return this.#core.hashHigh ^ this.pool[effect + HIGH];
  }

  /** How execution ended. */
  endOf(effect: number): number {
    return this.pool[effect + RESULT];
  }

  /** Does what the effect says, as a step that can be undone; how execution ended then. */
  apply(effect: number): number {
    const core = this.#core;
    const { memory } = core;
    const { pool } = this;
    let at = effect + HEADER_WORDS + 2 * pool[effect + TOUCHED];
    const count = pool[effect + WRITTEN];
    const log = core.logRoom(2 * count);
    let top = core.logTop;
    for (let i = 0; i < count; i++, at += 3, top += 2) {
      const address = pool[at];
      log[top] = address;
      log[top + 1] = pool[at + 1];
      memory[address] = pool[at + 2];
    }
    core.logTop = top;
    core.closeSegment(2 * count, pool[effect + LOW], pool[effect + HIGH]);
    core.instructionCount += pool[effect + INSTRUCTIONS];
    return pool[effect + RESULT];
  }

  /** Gets ready to record a step of the thread, whose registers are loaded. */
  begin(): Recorder {
    const { recorder } = this;
    const core = this.#core;
    const { memory, tables } = core;
    const own = THREADS + core.thread * THREAD_WORDS;
    const number = tables.functionOf[core.pc >> 2] ?? -1;
    const limit = memory[core.context + CONTEXT_LIMIT];
    // Above the running function's frame everything up to the end of the segment is zero.
    recorder.begin(number < 0 ? limit : core.fp + tables.extent[number], limit);
    for (const word of [THREAD_PC, THREAD_FP, THREAD_CONTEXT, THREAD_STATUS]) {
      recorder.touch(own + word);
    }
    recorder.touch(core.context + CONTEXT_LIMIT);
    return recorder;
  }

  /** Keeps what the step that has just ended did: its log begins at `start`. */
  keep(thread: number, answer: number, start: number, end: number, instructions: number): void {
    const { recorder } = this;
    const core = this.#core;
    const { log, memory } = core;
    const own = THREADS + thread * THREAD_WORDS;
    const { addresses, values } = recorder;
    // The first two words that were touched are the pc and the fp.
    const [pc, fp] = [values[0], values[1]];
    if (addresses[0] !== own + THREAD_PC) throw new Error('internal error: no pc, please report');
    if (this.#credit[pc >> 2] > -FIRST_CREDIT) this.#credit[pc >> 2]--;
    if (!recorder.isUsable) return;
    const trailer = core.logTop - TRAILER_WORDS;
    const written = (trailer - start) >> 1;
    const move = (answer << 8) | thread;
    const key = mix(pc, fp, move);
    const effect = this.write(key, move, written);
    const { pool } = this;
    pool[effect + LOW] = core.hashLow ^ log[trailer];
    pool[effect + HIGH] = core.hashHigh ^ log[trailer + 1];
    pool[effect + RESULT] = end;
    pool[effect + INSTRUCTIONS] = instructions;
    let at = effect + HEADER_WORDS + 2 * recorder.count;
    for (let i = start; i < trailer; i += 2, at += 3) {
      pool[at] = log[i];
      pool[at + 1] = log[i + 1];
      pool[at + 2] = memory[log[i]];
    }
  }
}
