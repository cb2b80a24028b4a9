/** Instructions that move several words, or reach memory through a pointer. */
import { NIL_LIMIT } from '../language/image.ts';
import * as ops from '../language/instructions.ts';
import type { Core } from './core.ts';
import { raise } from './frames.ts';
import { isFreed, POISON } from './heap.ts';

/** Copies words that may overlap. */
export function copyWords(core: Core, to: number, from: number, count: number): void {
  if (from >= to) {
    for (let i = 0; i < count; i++) core.write(to + i, core.at(from + i));
  } else {
    for (let i = count - 1; i >= 0; i--) core.write(to + i, core.at(from + i));
  }
}

/** LOADN. False: a trap was raised. */
export function loadWords(core: Core, to: number, base: number, wide: number): boolean {
  const address = checkedAddress(core, base, wide & 0xffff, wide >>> 16);
  if (address < 0) return false;
  copyWords(core, to, address, wide >>> 16);
  return true;
}

/** STOREN. False: a trap was raised. */
export function storeWords(core: Core, base: number, from: number, wide: number): boolean {
  const address = checkedAddress(core, base, wide & 0xffff, wide >>> 16);
  if (address < 0) return false;
  copyWords(core, address, from, wide >>> 16);
  return true;
}

/** base + offset, or -1 after a trap: nil, or freed words among the next `count`. */
export function checkedAddress(core: Core, base: number, offset: number, count: number): number {
  if (base < NIL_LIMIT) {
    raise(core, ops.TRAP_NIL, 0, 0);
    return -1;
  }
  const address = base + offset;
  if (core.checking) core.requireAddress(address, count);
  for (let i = 0; i < count; i++) {
    if (core.at(address + i) === POISON && isFreed(core, address + i)) {
      raise(core, ops.TRAP_FREED, address + i, 0);
      return -1;
    }
  }
  return address;
}
