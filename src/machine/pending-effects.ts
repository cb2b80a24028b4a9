/**
 * What every thread would do next, kept up to date from step to step instead of being looked up in
 * each state: an array of effects, one a thread, each of whose words have their values now.
 *
 * Undoing a step undoes what it changed here: changes are logged with the place in the machine's
 * log where they were made.
 */
import { MAX_THREADS, OUTCOME_KIND, THREAD_COUNT } from '../language/image.ts';
import type { Core } from './core.ts';
import { EffectLinks } from './effect-links.ts';
import { NONE } from './effect-pool.ts';
import { ASKS, type Effects, WAITS } from './effects.ts';
import { AT_BOUNDARY } from './interpreter.ts';
import { grown } from './pool.ts';
import { choiceCount, isEnabled } from './threads.ts';

const FIRST_LOG = 1 << 10;

export class PendingEffects {
  readonly #core: Core;
  readonly #effects: Effects;
  readonly #links: EffectLinks;
  /** By thread: its pending effect; NONE: not known. */
  readonly #of = new Int32Array(MAX_THREADS);
  /** Of the effects whose numbers stand here. */
  #generation: number;

  // The log: where the machine's log ended, a thread, and the effect that was pending before.
  #places = new Int32Array(FIRST_LOG);
  #threads = new Int32Array(FIRST_LOG);
  #before = new Int32Array(FIRST_LOG);
  #logged = 0;

  constructor(core: Core, effects: Effects) {
    this.#core = core;
    this.#effects = effects;
    this.#links = new EffectLinks(core, effects);
    this.#generation = effects.generation;
  }

  /** Numbers of all threads that can be stepped now, ascending, in `into`; how many. */
  enabledThreads(into: Int32Array): number {
    const { memory } = this.#core;
    if (memory[OUTCOME_KIND] !== 0) return 0;
    const end = memory[THREAD_COUNT];
    let count = 0;
    for (let thread = 0; thread < end; thread++) {
      if (this.#canMove(thread, this.#of[thread] || this.#find(thread))) into[count++] = thread;
    }
    return count;
  }

  /**
   * All moves that can be made now, packed `answer << 8 | thread`, in `moves`; how many, even if
   * not all fit. Where it is remembered what a move does, and neither thread nor run end with it,
   * `lows` and `highs` have the lanes of the hash behind it; else both are 0.
   */
  moves(moves: Int32Array, lows: Int32Array, highs: Int32Array): number {
    const { memory, hashLow, hashHigh } = this.#core;
    if (memory[OUTCOME_KIND] !== 0) return 0;
    const effects = this.#effects;
    const end = memory[THREAD_COUNT];
    let count = 0;
    for (let thread = 0; thread < end; thread++) {
      const effect = this.#of[thread] || this.#find(thread);
      const result = effects.results[effect];
      if (effect !== NONE && result === AT_BOUNDARY) {
        moves[count] = thread;
        lows[count] = hashLow ^ effects.lows[effect];
        highs[count++] = hashHigh ^ effects.highs[effect];
      } else count = this.#askedMoves(thread, effect, count, moves, lows, highs);
    }
    return count;
  }

  /** Moves of a thread that has several, or about which less is known. */
  #askedMoves(
    thread: number,
    effect: number,
    first: number,
    moves: Int32Array,
    lows: Int32Array,
    highs: Int32Array,
  ): number {
    if (!this.#canMove(thread, effect)) return first;
    const result = this.#effects.results[effect];
    const answers = this.choiceCount(thread);
    let count = first;
    for (let answer = 0; answer < answers; answer++) {
      const step = result === ASKS ? this.#effects.find(thread, answer) : NONE;
      const isKnown = step > NONE && this.#effects.results[step] === AT_BOUNDARY;
      moves[count] = (answer << 8) | thread;
      lows[count] = isKnown ? this.#core.hashLow ^ this.#effects.lows[step] : 0;
      highs[count++] = isKnown ? this.#core.hashHigh ^ this.#effects.highs[step] : 0;
    }
    return count;
  }

  /** Whether the thread, with this pending effect, can be stepped now. */
  #canMove(thread: number, effect: number): boolean {
    if (effect === NONE) return isEnabled(this.#core, thread);
    const result = this.#effects.results[effect];
    return result < WAITS || result === ASKS;
  }

  /** Number of answers of the thread's pending operation. */
  choiceCount(thread: number): number {
    const effect = this.#of[thread] || this.#find(thread);
    if (effect === NONE) return choiceCount(this.#core, thread);
    return this.#effects.results[effect] === ASKS ? this.#effects.instructions[effect] : 1;
  }

  /** The effect of the thread's step, if it has one answer and its effect is known; else NONE. */
  stepOf(thread: number): number {
    const effect = this.#of[thread] || this.#find(thread);
    return this.#effects.results[effect] < WAITS ? effect : NONE;
  }

  /** The thread has just made a step, with this effect. */
  follow(step: number, mover: number): void {
    const { memory } = this.#core;
    if (this.#generation !== this.#effects.generation) this.#drop();
    // A run that has ended has nothing pending; what is known comes back when that is undone.
    if (memory[OUTCOME_KIND] !== 0) return;
    const of = this.#of;
    const links = this.#links;
    const end = memory[THREAD_COUNT];
    for (let thread = 0; thread < end; thread++) {
      const before = thread === mover ? step : of[thread];
      if (before === NONE) continue;
      let after = links.find(step, before);
      if (after <= NONE) {
        after = links.resolve(after, step, before, thread);
        if (this.#generation !== this.#effects.generation) {
          this.#drop();
          return;
        }
      }
      if (after !== of[thread]) this.#set(thread, after);
    }
  }

  /** The state has changed in a way that is not known here. */
  forget(): void {
    const end = this.#core.memory[THREAD_COUNT];
    for (let thread = 0; thread < end; thread++) {
      if (this.#of[thread] !== NONE) this.#set(thread, NONE);
    }
  }

  /** As forget; what was before will not come back either. */
  clear(): void {
    this.#of.fill(NONE);
    this.#logged = 0;
  }

  /** The machine has undone all steps behind this place in its log. */
  undoTo(place: number): void {
    const places = this.#places;
    let logged = this.#logged;
    while (logged > 0 && places[logged - 1] > place) {
      logged--;
      this.#of[this.#threads[logged]] = this.#before[logged];
    }
    this.#logged = logged;
  }

  /** Words that the log takes. */
  logWords(): number {
    return 3 * this.#logged;
  }

  /** The pending effect of a thread where it is not known. */
  #find(thread: number): number {
    const found = this.#effects.pendingOf(thread);
    if (this.#generation !== this.#effects.generation) this.#drop();
    if (found !== NONE) this.#set(thread, found);
    return found;
  }

  #set(thread: number, effect: number): void {
    const at = this.#logged++;
    if (at === this.#places.length) this.#growLog();
    this.#places[at] = this.#core.logTop;
    this.#threads[at] = thread;
    this.#before[at] = this.#of[thread];
    this.#of[thread] = effect;
  }

  /** Effects have been dropped: their numbers mean nothing any more. */
  #drop(): void {
    this.#generation = this.#effects.generation;
    this.clear();
    this.#links.clear();
  }

  #growLog(): void {
    const length = this.#places.length * 2;
    this.#places = grown(this.#places, length);
    this.#threads = grown(this.#threads, length);
    this.#before = grown(this.#before, length);
  }
}
