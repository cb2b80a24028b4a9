/**
 * What a program is made from: a list of numbers. Each decision takes the next one; where the list
 * is at its end, all are 0, which stands for the simplest. So a shorter list of smaller numbers is
 * a simpler program, and fast-check can shrink what fails.
 */
import { Random } from '../../src/explore/prng.ts';

const LARGEST = 1 << 16;

export class Numbers {
  readonly #list: readonly number[];
  #next = 0;

  constructor(list: readonly number[]) {
    this.#list = list;
  }

  /** From 0 to n - 1. */
  below(n: number): number {
    return (this.#list[this.#next++] ?? 0) % n;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)];
  }
}

/** The list of a program: the same for the same seed and number. */
export function numbersOf(seed: number, program: number, length: number): number[] {
  const random = new Random(seed, program);
  return Array.from({ length }, () => random.below(LARGEST));
}
