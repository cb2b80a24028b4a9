/**
 * The hash of a state: two 32-bit lanes, each the exclusive or of a strongly mixed value for every
 * word that is not zero. The mixing is far from linear in address and value (murmur's finaliser in
 * the middle): weaker keys lose states whose words differ in a pattern.
 */
import { GLOBALS, NARRATION, NARRATION_END } from '../language/image.ts';

/** Words that only narrate do not count. */
export function isHashed(address: number): boolean {
  return address < NARRATION || address >= NARRATION_END;
}

/** First lane of one word; 0 for a word that is zero. */
export function mixLow(address: number, value: number): number {
  if (value === 0) return 0;
  let h = Math.imul(value ^ Math.imul(address, 0x9e3779b1), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 15) ^ address, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 13), 0x27d4eb2f);
  return h ^ (h >>> 16);
}

/** Second lane. */
export function mixHigh(address: number, value: number): number {
  if (value === 0) return 0;
  let h = Math.imul(value + Math.imul(address, 0x5bd1e995), 0xcc9e2d51);
  h = Math.imul((h ^ (h >>> 16)) + address, 0x1b873593);
  h = Math.imul(h ^ (h >>> 14), 0x165667b1);
  return h ^ (h >>> 15);
}

/** Both lanes of all words below `end`, from nothing. */
export function hashOf(memory: Int32Array, end: number): [low: number, high: number] {
  let low = 0;
  let high = 0;
  for (let address = 0; address < end; address++) {
    const value = memory[address];
    if (value === 0 || (address < GLOBALS && !isHashed(address))) continue;
    low ^= mixLow(address, value);
    high ^= mixHigh(address, value);
  }
  return [low, high];
}
