/**
 * Invariants after a step. Evaluating them all after every step of a search would take most of its
 * time; but a condition is determined by the words it touches. So one is looked at only if the step
 * has written a word that it has ever touched, and evaluated only if those words have values that
 * were not seen before.
 */
import { conditionHolds } from './conditions.ts';
import { type Core, TRAILER_WORDS } from './core.ts';
import { EffectPool, mix, NONE, RESULT } from './effect-pool.ts';
import { canGenerate, GeneratedCode } from './generated.ts';
import { grown } from './pool.ts';
import type { Recorder } from './recorder.ts';

/** Invariants that have a bit in `#watchers`; others are looked at after every step. */
const BITS = 31;
/** Words whose values are mixed into the key, so that entries of a condition share no bucket. */
const PROBES = 32;

/** Evaluations before code is generated for them. */
const EVALUATIONS_INTERPRETED = 1000;
const FIRST_WORDS = 1 << 15;

export class Invariants extends EffectPool {
  readonly #core: Core;
  readonly #functions: readonly number[];
  readonly #names: readonly string[];
  /** By address: bits of the invariants that have touched it. */
  #watchers = new Int32Array(FIRST_WORDS);
  #evaluations = 0;
  #generated: GeneratedCode | null = null;
  readonly #mayGenerate = canGenerate();
  /** Bits of invariants that touch more than can be recorded. */
  #always = 0;
  /** By invariant: the first addresses that it has touched. */
  readonly #probes: Int32Array[];

  constructor(core: Core, recorder: Recorder) {
    super(core.memory, recorder);
    this.#core = core;
    const invariants = core.image.conditions.filter(({ condition }) => condition === 'invariant');
    this.#functions = invariants.map((one) => one.function);
    this.#names = invariants.map(({ name }) => name);
    this.#probes = invariants.map(() => new Int32Array(0));
  }

  /** Name of the first invariant that does not hold, or null. */
  broken(): string | null {
    return this.#firstBroken(-1);
  }

  /** As broken, when all of them held at log position `start` and nothing but the steps in the log
   *  behind it has happened since. */
  brokenSince(start: number): string | null {
    const { log } = this.#core;
    const watchers = this.#watchers;
    let touched = this.#always;
    for (let top = this.#core.logTop; top > start; ) {
      const end = top - TRAILER_WORDS;
      top = end - log[end + 2];
      for (let i = top; i < end; i += 2) {
        // What lies beyond the array is watched by nobody.
        if (log[i] >>> 0 < watchers.length) touched |= watchers[log[i]];
      }
    }
    return touched === 0 && this.#functions.length <= BITS ? null : this.#firstBroken(touched);
  }

  #firstBroken(bits: number): string | null {
    for (let index = 0; index < this.#functions.length; index++) {
      if (index < BITS && (bits & (1 << index)) === 0) continue;
      if (!this.#holds(index)) return this.#names[index];
    }
    return null;
  }

  #holds(index: number): boolean {
    const key = this.#keyOf(index);
    const entry = this.lookUp(key, index);
    if (entry !== NONE) return this.pool[entry + RESULT] === 1;
    const { recorder } = this;
    const holds = conditionHolds(this.#core, this.#functions[index], recorder, this.#code());
    const touched = recorder.addresses.subarray(0, recorder.count);
    const bit = index < BITS ? 1 << index : 0;
    for (const address of touched) {
      if (address >= this.#watchers.length) this.#grow(address);
      this.#watchers[address] |= bit;
    }
    if (!recorder.isUsable) {
      this.#always |= bit;
      return holds;
    }
    if (this.#probes[index].length === 0) this.#probes[index] = touched.slice(0, PROBES);
    const made = this.write(this.#keyOf(index), index, 0);
    this.pool[made + RESULT] = holds ? 1 : 0;
    return holds;
  }

  /** Code is generated when many evaluations were needed. */
  #code(): GeneratedCode | null {
    if (this.#evaluations++ < EVALUATIONS_INTERPRETED || !this.#mayGenerate) return null;
    this.#generated ??= new GeneratedCode(this.#core, true);
    return this.#generated;
  }

  #grow(address: number): void {
    this.#watchers = grown(this.#watchers, Math.max(this.#watchers.length * 2, address + 1));
  }

  #keyOf(index: number): number {
    const { memory } = this.#core;
    let key = index;
    for (const address of this.#probes[index]) key = mix(memory[address], key, index);
    return key;
  }
}
