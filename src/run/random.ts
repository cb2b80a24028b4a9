/**
 * The random policy: every enabled thread is equally likely at every step. A seed gives a run.
 */
import type { Machine } from '../machine/machine.ts';
import type { MutableChoice, Policy } from './policy.ts';
import { isPreemptPoint } from './preemption.ts';

export class RandomPolicy implements Policy {
  readonly name: string;
  readonly #seed: number;
  readonly #choice: MutableChoice = { thread: 0, answer: 0 };
  readonly #enabled: number[] = [];
  #random: () => number;

  constructor(seed: number) {
    this.name = `random ${seed}`;
    this.#seed = seed;
    this.#random = randomBits(seed);
  }

  reset(): void {
    this.#random = randomBits(this.#seed);
  }

  choose(machine: Machine): MutableChoice | null {
    const enabled = this.#enabled;
    enabled.length = 0;
    for (let thread = 0; thread < machine.threadCount(); thread++) {
      if (machine.isEnabled(thread)) enabled.push(thread);
    }
    if (enabled.length === 0) return null;
    const choice = this.#choice;
    choice.thread = enabled.length === 1 ? enabled[0] : enabled[this.#below(enabled.length)];
    const count = machine.choiceCount(choice.thread);
    // Preempting at every other loop head would drown all else.
    if (isPreemptPoint(machine, choice.thread)) choice.answer = this.#below(16) === 0 ? 1 : 0;
    else choice.answer = count > 1 ? this.#below(count) : 0;
    return choice;
  }

  #below(count: number): number {
    return Math.floor((this.#random() / 0x1_0000_0000) * count);
  }
}

/** A generator of 32-bit numbers: Sebastiano Vigna's splitmix, in its 32-bit form. */
export function randomBits(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let bits = state ^ (state >>> 16);
    bits = Math.imul(bits, 0x21f0aaad);
    bits ^= bits >>> 15;
    bits = Math.imul(bits, 0x735a2d97);
    return (bits ^ (bits >>> 15)) >>> 0;
  };
}
