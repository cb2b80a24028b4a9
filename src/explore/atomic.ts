/**
 * Atomic sections under reduction: one step that may touch any memory. The step is taken from one
 * instruction that touches memory to the next, so that who touches what is noted for each.
 */
import type { Machine } from '../machine/machine.ts';
import { OP_UNLOCK, OP_VISIBLE } from '../language/instructions.ts';
import { claimedAs, type Ownership } from './ownership.ts';
import { touchesMemory, wordsTouched } from './operations.ts';

/** Instructions of one step between two stops. */
const INSTRUCTIONS = 10_000_000;

/** By pc / 4: 1 where a visible operation touches memory. */
function memoryStops(code: Int32Array): Uint8Array {
  const stops = new Uint8Array(code.length >> 2);
  for (let pc = 0; pc < code.length; pc += 4) {
    if (code[pc] >= OP_VISIBLE && touchesMemory(code[pc])) stops[pc >> 2] = 1;
  }
  return stops;
}

/** Words of one access in a list of them: operation, address, number of words, pc. */
const ACCESS_WORDS = 4;

export class AtomicSections {
  readonly #machine: Machine;
  readonly #stops: Uint8Array;
  /** By remembered effect of a section: its accesses. */
  readonly #accesses = new Map<number, readonly number[]>();
  #generation = 0;

  constructor(machine: Machine) {
    this.#machine = machine;
    this.#stops = memoryStops(machine.image.code);
  }

  /** Notes what the thread's step, which is an atomic section, is going to touch. */
  claim(thread: number, context: number, ownership: Ownership): void {
    const machine = this.#machine;
    const effect = machine.effectOf(thread, 0);
    if (machine.effectsGeneration() !== this.#generation) {
      this.#accesses.clear();
      this.#generation = machine.effectsGeneration();
    }
    let accesses = this.#accesses.get(effect);
    if (accesses === undefined) {
      accesses = this.#watch(thread);
      if (effect !== 0) this.#accesses.set(effect, accesses);
    }
    for (let i = 0; i < accesses.length; i += ACCESS_WORDS) {
      const [op, address] = [accesses[i], accesses[i + 1]];
      // An unlock inside keeps the word a lock: who waits for it sees nothing but that it is free.
      // Not so a lock: where the word is taken, it does not wait, but fails.
      if (op === OP_UNLOCK) ownership.claim(op, address, accesses[i + 3], context, false);
      else ownership.claimWords(address, accesses[i + 2], context);
    }
  }

  /** What the step would access. */
  #watch(thread: number): readonly number[] {
    const machine = this.#machine;
    const { code } = machine.image;
    const accesses: number[] = [];
    const mark = machine.mark();
    const told = machine.raceEvents.length;
    let stop = machine.advance(thread, 0, INSTRUCTIONS, this.#stops);
    while (stop === 'stop') {
      const { op, address, pc } = machine.pendingOperation(thread);
      const noted = claimedAs(op, machine.memory[address], thread);
      if (address > 0) accesses.push(noted, address, wordsTouched(code, op, pc), pc);
      stop = machine.advance(thread, 0, INSTRUCTIONS, this.#stops);
    }
    machine.undo(mark);
    // The step itself will tell what a detector of races wants to know.
    machine.raceEvents.length = told;
    return accesses;
  }
}
