/**
 * What steps do, remembered. A step is determined by the words that it touches: when they all have
 * the values of another time, it writes what it wrote then, and the hash changes by the same
 * amount. Searches make the same few steps in very many states; a remembered one costs a comparison
 * and a few writes, and where a state that a step leads to is only to be looked up, no writes at
 * all. (Explicit-state checkers know this as transition caching; S. Blom, J. van de Pol, M. Weber,
 * "LTSmin: Distributed and Symbolic Reachability", CAV 2010, section 4, take it from declared
 * dependencies. Here they are recorded.)
 *
 * What threads that do not move can do, and whether they can move at all, is remembered in the same
 * way: see standing effects below, and pending-effects.ts.
 */
import {
  ATOMIC_HOLDER,
  CONTEXT_LIMIT,
  OUTPUT_COUNT,
  THREAD_CONTEXT,
  THREAD_FP,
  THREAD_PC,
  THREAD_STATUS,
  THREAD_WORDS,
  THREADS,
} from '../language/image.ts';
import {
  OP_AWAITIDLE,
  OP_CHOOSE,
  OP_LOCK,
  OP_PREEMPT,
  OP_UNLOCK,
} from '../language/instructions.ts';
import { type Core, TRAILER_WORDS } from './core.ts';
import { EffectPool, HEADER_WORDS, mix, NONE, NUMBER, TOUCHED, WRITTEN } from './effect-pool.ts';
import { grown } from './pool.ts';
import type { Recorder } from './recorder.ts';
import { choiceCount, isEnabled, THREAD_LIVE } from './threads.ts';
import type { OutputEntry } from './types.ts';

/** What an instruction's steps begin with: so many may be learned before one must be met again. */
const FIRST_CREDIT = 40;
const CREDIT_LIMIT = 200;
/** How often it is tried all the same with steps that hardly ever repeat. */
const TRY_EVERY = 64;

/** Answers of `find`. */
export const LEARN = NONE;
export const JUST_EXECUTE = -1;

/** Results of standing effects: what a thread does that makes no step of one answer. Smaller ones
 *  are how the interpreter's loop was left. */
export const WAITS = 8;
export const IS_GONE = 9;
/** Asks: `instructions` is the number of answers. */
export const ASKS = 10;

/** Effects that may be remembered: two numbers make one word (pending-effects.ts). */
const EFFECTS_LIMIT = 1 << 16;
const FIRST_EFFECTS = 1 << 9;

/** Effects have numbers from 1 on, until all are dropped (`generation` tells). What is asked most
 *  stands by number in arrays of its own. */
export class Effects extends EffectPool {
  readonly #core: Core;
  /** By pc / 4: how well remembering pays there. */
  readonly #credit: Int16Array;
  #tries = 0;
  /** Effects there are, with 0 for NONE. */
  #count = 1;
  /** Index of the entry in the pool. */
  entries = new Int32Array(FIRST_EFFECTS);
  /** How execution ended, or what a standing effect is. */
  results = new Uint8Array(FIRST_EFFECTS);
  /** What changes in the lanes of the hash. */
  lows = new Int32Array(FIRST_EFFECTS);
  highs = new Int32Array(FIRST_EFFECTS);
  /** Instructions executed; of a standing effect that ASKS, the number of answers. */
  instructions = new Int32Array(FIRST_EFFECTS);
  /** What is printed. */
  readonly #outputs = new Map<number, readonly OutputEntry[]>();

  constructor(core: Core, recorder: Recorder) {
    super(core.memory, recorder);
    this.#core = core;
    this.#credit = new Int16Array(core.tables.functionOf.length).fill(FIRST_CREDIT);
  }

  protected override empty(): void {
    super.empty();
    this.#count = 1;
    this.#outputs.clear();
  }

  /** The effect that a step of the thread would have now; or LEARN or JUST_EXECUTE. */
  find(thread: number, answer: number): number {
    const { memory } = this.#core;
    const own = THREADS + thread * THREAD_WORDS;
    const pc = memory[own + THREAD_PC];
    const credit = this.#credit[pc >> 2];
    if (credit <= 0 && ++this.#tries % TRY_EVERY !== 0) return JUST_EXECUTE;
    const move = (answer << 8) | thread;
    const entry = this.lookUp(mix(pc, memory[own + THREAD_FP], move), move);
    if (entry === NONE) return LEARN;
    if (credit < CREDIT_LIMIT) this.#credit[pc >> 2] = credit + 1;
    return this.pool[entry + NUMBER];
  }

  /** Does what the effect says, as a step that can be undone; how execution ended then. */
  apply(effect: number): number {
    const core = this.#core;
    const { memory } = core;
    const { pool } = this;
    const entry = this.entries[effect];
    const start = core.logTop;
    const count = pool[entry + WRITTEN];
    const log = core.logRoom(2 * count + 2);
    let at = entry + HEADER_WORDS + 2 * pool[entry + TOUCHED];
    let top = start;
    for (let i = 0; i < count; i++, at += 3, top += 2) {
      const address = pool[at];
      log[top] = address;
      log[top + 1] = pool[at + 1];
      memory[address] = pool[at + 2];
    }
    core.logTop = top;
    if (this.#outputs.size !== 0) this.#print(effect);
    core.closeSegment(core.logTop - start, this.lows[effect], this.highs[effect]);
    core.instructionCount += this.instructions[effect];
    return this.results[effect];
  }

  #print(effect: number): void {
    const printed = this.#outputs.get(effect);
    if (printed === undefined) return;
    const core = this.#core;
    core.log[core.logTop] = OUTPUT_COUNT;
    core.log[core.logTop + 1] = core.memory[OUTPUT_COUNT];
    core.logTop += 2;
    core.output.push(...printed);
    core.memory[OUTPUT_COUNT] = core.output.length;
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

  /** Keeps what the step that has just ended did: its log begins at `start`, its output at `printed`.
   *  Gives the effect; NONE when nothing can be learned. */
  keep(
    thread: number,
    answer: number,
    start: number,
    printed: number,
    end: number,
    instructions: number,
  ): number {
    const { recorder } = this;
    const core = this.#core;
    const { log, memory, output } = core;
    const own = THREADS + thread * THREAD_WORDS;
    const { addresses, values } = recorder;
    // The first two words that were touched are the pc and the fp.
    const [pc, fp] = [values[0], values[1]];
    if (addresses[0] !== own + THREAD_PC) throw new Error('internal error: no pc, please report');
    if (this.#credit[pc >> 2] > -FIRST_CREDIT) this.#credit[pc >> 2]--;
    if (!recorder.isUsable) return NONE;
    const trailer = core.logTop - TRAILER_WORDS;
    // How much was printed before is not the step's: it is counted when the effect is applied.
    const written = ((trailer - start) >> 1) - (output.length > printed ? 1 : 0);
    const move = (answer << 8) | thread;
    const effect = this.#add(mix(pc, fp, move), move, written, end, instructions);
    this.lows[effect] = core.hashLow ^ log[trailer];
    this.highs[effect] = core.hashHigh ^ log[trailer + 1];
    const { pool } = this;
    let at = this.entries[effect] + HEADER_WORDS + 2 * recorder.count;
    for (let i = start; i < trailer; i += 2) {
      if (log[i] === OUTPUT_COUNT) continue;
      pool[at] = log[i];
      pool[at + 1] = log[i + 1];
      pool[at + 2] = memory[log[i]];
      at += 3;
    }
    if (output.length > printed) this.#outputs.set(effect, output.slice(printed));
    return effect;
  }

  // ------------------------------------------------------------------------ standing effects

  /**
   * What the thread would do now, if that is determined by words that can be named: the effect of
   * its step, or that it waits, is gone, or asks. NONE where it is not (it waits for all others to
   * be idle; its step is not remembered).
   */
  pendingOf(thread: number): number {
    const core = this.#core;
    const { memory } = core;
    const own = THREADS + thread * THREAD_WORDS;
    const op = core.tables.code[memory[own + THREAD_PC]];
    if (memory[own + THREAD_STATUS] === THREAD_LIVE) {
      if (op === OP_AWAITIDLE) return NONE;
      const asks = op === OP_CHOOSE || op === OP_PREEMPT;
      if (!asks && isEnabled(core, thread)) return Math.max(NONE, this.find(thread, 0));
    }
    const move = -1 - thread;
    const key = mix(memory[own + THREAD_PC], memory[own + THREAD_FP], move);
    const known = this.lookUp(key, move);
    return known === NONE ? this.#learnStanding(thread, key, move, op) : this.pool[known + NUMBER];
  }

  #learnStanding(thread: number, key: number, move: number, op: number): number {
    const core = this.#core;
    const { memory } = core;
    const { recorder } = this;
    const own = THREADS + thread * THREAD_WORDS;
    recorder.begin(0, 0);
    recorder.touch(own + THREAD_STATUS);
    let result = IS_GONE;
    let answers = 1;
    if (memory[own + THREAD_STATUS] === THREAD_LIVE) {
      result = WAITS;
      recorder.touch(ATOMIC_HOLDER);
      const holder = memory[ATOMIC_HOLDER];
      if (holder === 0 || holder === thread + 1) {
        const { code } = core.tables;
        const pc = memory[own + THREAD_PC];
        const fp = memory[own + THREAD_FP];
        recorder.touch(own + THREAD_PC);
        recorder.touch(own + THREAD_FP);
        if (op >= OP_LOCK && op <= OP_AWAITIDLE && op !== OP_UNLOCK) {
          recorder.touch(fp + code[pc + 1]);
          recorder.touch(memory[fp + code[pc + 1]]);
        } else {
          if (op === OP_CHOOSE) recorder.touch(fp + code[pc + 2]);
          result = ASKS;
          answers = choiceCount(core, thread);
        }
      }
    }
    if (!recorder.isUsable) return NONE;
    return this.#add(key, move, 0, result, answers);
  }

  /** A new effect with what the recorder has, and room for what is written. */
  #add(key: number, move: number, written: number, result: number, instructions: number): number {
    if (this.#count === EFFECTS_LIMIT) this.empty();
    const entry = this.write(key, move, written);
    const effect = this.#count++;
    if (effect === this.entries.length) this.#grow();
    this.pool[entry + NUMBER] = effect;
    this.entries[effect] = entry;
    this.results[effect] = result;
    this.lows[effect] = 0;
    this.highs[effect] = 0;
    this.instructions[effect] = instructions;
    return effect;
  }

  #grow(): void {
    const length = this.entries.length * 2;
    this.entries = grown(this.entries, length);
    this.lows = grown(this.lows, length);
    this.highs = grown(this.highs, length);
    this.instructions = grown(this.instructions, length);
    const results = new Uint8Array(length);
    results.set(this.results);
    this.results = results;
  }
}
