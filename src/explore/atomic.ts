/**
 * Atomic sections under reduction: one step that may touch any memory. The step is taken from one
 * instruction that touches memory to the next, so that who touches what is noted for each.
 */
import type { Machine } from '../machine/machine.ts';
import { OP_LOCK, OP_UNLOCK, OP_VISIBLE } from '../language/instructions.ts';
import type { Ownership } from './ownership.ts';
import { touchesMemory, wordsTouched } from './operations.ts';

/** Instructions of one step between two stops. */
const INSTRUCTIONS = 10_000_000;

/** By pc / 4: 1 where a visible operation touches memory. */
export function memoryStops(code: Int32Array): Uint8Array {
  const stops = new Uint8Array(code.length >> 2);
  for (let pc = 0; pc < code.length; pc += 4) {
    if (code[pc] >= OP_VISIBLE && touchesMemory(code[pc])) stops[pc >> 2] = 1;
  }
  return stops;
}

/** Takes the thread's step, which is an atomic section, and notes what it touches. */
export function stepNoting(
  machine: Machine,
  thread: number,
  context: number,
  stops: Uint8Array,
  ownership: Ownership,
): void {
  const { code } = machine.image;
  let stop = machine.advance(thread, 0, INSTRUCTIONS, stops);
  while (stop === 'stop') {
    const { op, address, pc } = machine.pendingOperation(thread);
    if (address > 0) {
      // An unlock inside keeps the word a lock: who waits for it sees nothing but that it is free.
      if (op === OP_LOCK || op === OP_UNLOCK) ownership.claim(op, address, pc, context, false);
      else ownership.claimWords(address, wordsTouched(code, op, pc), context);
    }
    stop = machine.advance(thread, 0, INSTRUCTIONS, stops);
  }
}
