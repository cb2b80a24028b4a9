/**
 * The hash of a state: two 32-bit lanes, each the exclusive or of a strongly mixed value for every
 * word that is not zero. The mixing is far from linear in address and value (multiplications with
 * shifts between them, as murmur's finaliser has): weaker keys lose states whose words differ in a
 * pattern.
 */
import { GLOBALS, NARRATION, NARRATION_END } from '../language/image.ts';

/** Words that only narrate do not count. */
export function isHashed(address: number): boolean {
  return address < NARRATION || address >= NARRATION_END;
}

// A word is mixed in three steps: `keyOf` its address (the same for its old and its new value),
// `mixed` with its value, and from that one lane each. For one address every step is a bijection.

export function keyOf(address: number): number {
  return Math.imul(address, 0x9e3779b1) ^ (address >>> 3);
}

/** What both lanes of a word that is not zero are made of. */
export function mixed(key: number, value: number): number {
  const h = Math.imul(value ^ key, 0x85ebca6b);
  return h ^ (h >>> 15);
}

export function laneLow(key: number, mix: number): number {
  const h = Math.imul(mix + key, 0xc2b2ae35);
  return h ^ (h >>> 13);
}

export function laneHigh(key: number, mix: number): number {
  const h = Math.imul(mix ^ (key >>> 9) ^ (mix << 7), 0x27d4eb2f);
  return h ^ (h >>> 16);
}

/** Both lanes of all words from `start` to `end`, from nothing. */
export function hashOf(
  memory: Int32Array,
  start: number,
  end: number,
): [low: number, high: number] {
  let low = 0;
  let high = 0;
  for (let address = start; address < end; address++) {
    const value = memory[address];
    if (value === 0 || (address < GLOBALS && !isHashed(address))) continue;
    const key = keyOf(address);
    const mix = mixed(key, value);
    low ^= laneLow(key, mix);
    high ^= laneHigh(key, mix);
  }
  return [low, high];
}
