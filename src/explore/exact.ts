/** Whole states as keys, to check that no hash has taken two states for one. */
import { HEAP_TOP, NARRATION, NARRATION_END } from '../language/image.ts';

/** A text that is equal for equal states and no others: the words that are not zero, with their
 *  distances. */
export function stateKey(memory: Int32Array): string {
  const end = memory[HEAP_TOP];
  const parts: string[] = [];
  let last = 0;
  for (let address = 0; address < end; address++) {
    const value = memory[address];
    if (value === 0 || (address >= NARRATION && address < NARRATION_END)) continue;
    parts.push(`${(address - last).toString(36)}:${value.toString(36)}`);
    last = address;
  }
  return parts.join(' ');
}
