/**
 * Random numbers that a seed determines (xorshift128 of G. Marsaglia, 2003, seeded by splitmix).
 */
export class Random {
  #x = 0;
  #y = 0;
  #z = 0;
  #w = 0;

  constructor(seed: number, stream = 0) {
    let state = (seed ^ Math.imul(stream + 1, 0x9e3779b9)) | 0;
    const next = (): number => {
      state = (state + 0x9e3779b9) | 0;
      let z = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
      z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
      return z ^ (z >>> 16);
    };
    this.#x = next() | 1;
    this.#y = next();
    this.#z = next();
    this.#w = next();
  }

  /** A whole number from 0 up to, not including, `limit`. */
  below(limit: number): number {
    const t = this.#x ^ (this.#x << 11);
    this.#x = this.#y;
    this.#y = this.#z;
    this.#z = this.#w;
    this.#w = this.#w ^ (this.#w >>> 19) ^ t ^ (t >>> 8);
    return Math.floor(((this.#w >>> 0) / 2 ** 32) * limit);
  }
}
