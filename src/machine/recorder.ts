/**
 * Which words a step touches: those it reads, and those it writes (whether it changes them or not),
 * each with the value that it had before. A step that finds the same values in all of them again
 * does the same again.
 */
import { ATOMIC_HOLDER, CONTEXT_LIMIT, NIL_LIMIT } from '../language/image.ts';
import { INSTRUCTIONS, slotWords } from '../language/instruction-table.ts';
import * as ops from '../language/instructions.ts';
import type { Core } from './core.ts';
import { AT_LIMIT, execute } from './interpreter.ts';

/** More words than these are not worth comparing. */
const MAX_TOUCHED = 1 << 12;

const FIRST_WORDS = 1 << 15;

export class Recorder {
  /** False: the step reads what is not recorded; nothing can be learned from it. */
  isUsable = false;
  /** Words touched, in the order in which they were touched first, and their values then. */
  count = 0;
  readonly addresses = new Int32Array(MAX_TOUCHED);
  readonly values = new Int32Array(MAX_TOUCHED);
  readonly #memory: Int32Array;
  /** By address: the epoch in which it was touched last. Grows with what is in use. */
  #seen = new Int32Array(FIRST_WORDS);
  #epoch = 0;
  #clearFrom = 0;
  #clearTo = 0;
  #isScratch = false;

  constructor(memory: Int32Array) {
    this.#memory = memory;
  }

  /** Begins anew. Words from `clearFrom` to `clearTo` lie above a stack: they are zero whenever a
   *  step begins, and need not be compared; nor, with `isScratch`, whatever they hold. */
  begin(clearFrom: number, clearTo: number, isScratch = false): void {
    this.#isScratch = isScratch;
    this.isUsable = true;
    this.count = 0;
    this.#clearFrom = clearFrom;
    this.#clearTo = clearTo;
    if (++this.#epoch === 0x7fffffff) {
      this.#seen.fill(0);
      this.#epoch = 1;
    }
  }

  /** Notes that the word is read or written: before it is written. */
  touch(address: number): void {
    if (this.#seen[address] === this.#epoch) return;
    if (address >>> 0 >= this.#memory.length || this.count === MAX_TOUCHED) {
      this.isUsable = false;
      return;
    }
    if (address >= this.#seen.length) this.#grow(address);
    this.#seen[address] = this.#epoch;
    const value = this.#memory[address];
    const isClear = address >= this.#clearFrom && address < this.#clearTo;
    if (isClear && (value === 0 || this.#isScratch)) return;
    this.addresses[this.count] = address;
    this.values[this.count++] = value;
  }

  #grow(address: number): void {
    const seen = new Int32Array(Math.max(this.#seen.length * 2, address + 1));
    seen.set(this.#seen);
    this.#seen = seen;
  }

  touchWords(address: number, count: number): void {
    for (let i = 0; i < count; i++) this.touch(address + i);
  }
}

/** As `execute`, to the next boundary, with what is touched recorded. */
export function executeRecorded(core: Core, recorder: Recorder, limit: number): number {
  recorder.touch(ATOMIC_HOLDER);
  for (let count = 0; count < limit; count++) {
    touchOperands(core, recorder);
    const why = execute(core, 1, null);
    if (why !== AT_LIMIT) return why;
  }
  return AT_LIMIT;
}

/** What the interpreter's loop touches for the instruction at core.pc. (What it leaves to slow.ts
 *  reads through core.at, and records itself.) */
function touchOperands(core: Core, recorder: Recorder): void {
  const { pc, fp, memory: m } = core;
  const { code } = core.tables;
  const [op, a, b, c] = [code[pc], code[pc + 1], code[pc + 2], code[pc + 3]];
  const shape = INSTRUCTIONS[op];
  if (shape === undefined) return;
  recorder.touchWords(fp + a, slotWords(shape, shape.a, a, b, c));
  recorder.touchWords(fp + b, slotWords(shape, shape.b, a, b, c));
  recorder.touchWords(fp + c, slotWords(shape, shape.c, a, b, c));
  switch (op) {
    case ops.OP_GLOAD:
    case ops.OP_VGLOAD:
      recorder.touch(b);
      break;
    case ops.OP_GSTORE:
    case ops.OP_VGSTORE:
      recorder.touch(a);
      break;
    case ops.OP_LOAD:
    case ops.OP_VLOAD:
      if (m[fp + b] >= NIL_LIMIT) recorder.touch(m[fp + b] + c);
      break;
    case ops.OP_STORE:
    case ops.OP_VSTORE:
      if (m[fp + a] >= NIL_LIMIT) recorder.touch(m[fp + a] + b);
      break;
    case ops.OP_ALOAD:
      if (m[fp + b] >= NIL_LIMIT) recorder.touch(m[fp + b]);
      break;
    case ops.OP_CALL:
      recorder.touch(core.context + CONTEXT_LIMIT);
      recorder.touchWords(fp + b, ops.FRAME_HEADER_WORDS);
      break;
    case ops.OP_RET:
      // The whole frame is cleared, and results go to its beginning.
      recorder.touchWords(fp, Math.max(c, ops.FRAME_HEADER_WORDS + b));
      break;
    default:
  }
}
