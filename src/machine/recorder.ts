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
import { grown } from './pool.ts';

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
    this.#seen = grown(this.#seen, Math.max(this.#seen.length * 2, address + 1));
  }

  touchWords(address: number, count: number): void {
    for (let i = 0; i < count; i++) this.touch(address + i);
  }
}

/** As `execute`, to the next boundary, with what is touched recorded. */
export function executeRecorded(core: Core, recorder: Recorder, limit: number): number {
  const { code } = core.tables;
  recorder.touch(ATOMIC_HOLDER);
  let left = limit;
  while (left > 0) {
    // Instructions on slots alone can be recorded before the one in front of them is executed.
    let pc = core.pc;
    let count = 0;
    do {
      touchSlots(recorder, code, pc, core.fp);
      count++;
      pc += ops.INSTRUCTION_WORDS;
    } while (FOLLOWS[code[pc]] === 1 && GOES_ON[code[pc - ops.INSTRUCTION_WORDS]] === 1);
    touchMemory(core, recorder);
    const why = execute(core, Math.min(count, left), null);
    if (why !== AT_LIMIT) return why;
    left -= count;
  }
  return AT_LIMIT;
}

/** By opcode: 1 if it touches slots that its operands name, and nothing else. */
const FOLLOWS = new Uint8Array(256);
/** By opcode: 1 if the next instruction is executed after it, on the same frame. */
const GOES_ON = new Uint8Array(256);
/** By opcode and operand: how many slots from there on; VARIABLE: slotWords knows. */
const SLOTS = new Uint8Array(256 * 4);
const VARIABLE = 255;
for (const [op, shape] of INSTRUCTIONS.entries()) {
  if (shape === undefined) continue;
  FOLLOWS[op] = op >= ops.OP_CONST && op <= ops.OP_JLE ? 1 : 0;
  GOES_ON[op] = op >= ops.OP_CONST && op <= ops.OP_LEU ? 1 : 0;
  for (const [index, role] of [shape.a, shape.b, shape.c].entries()) {
    const isVariable = role.endsWith('n') || role.endsWith('N');
    const words = isVariable && role.length > 1 ? VARIABLE : slotWords(shape, role, 0, 0, 0);
    SLOTS[op * 4 + index + 1] = words;
  }
}
for (const op of [ops.OP_LOAD, ops.OP_STORE, ops.OP_GLOAD, ops.OP_GSTORE]) GOES_ON[op] = 1;
for (const op of [ops.OP_VLOAD, ops.OP_VSTORE, ops.OP_VGLOAD, ops.OP_VGSTORE, ops.OP_ALOAD]) {
  GOES_ON[op] = 1;
}

/** The slots that the operands of an instruction name. */
function touchSlots(recorder: Recorder, code: Int32Array, pc: number, fp: number): void {
  const op = code[pc];
  for (let operand = 1; operand <= 3; operand++) {
    const words = SLOTS[op * 4 + operand];
    if (words === 0) continue;
    if (words === VARIABLE) {
      recorder.touchWords(fp + code[pc + operand], variableWords(code, pc, operand));
    } else {
      recorder.touch(fp + code[pc + operand]);
      if (words === 2) recorder.touch(fp + code[pc + operand] + 1);
    }
  }
}

function variableWords(code: Int32Array, pc: number, operand: number): number {
  const shape = INSTRUCTIONS[code[pc]];
  if (shape === undefined) return 0;
  const role = [shape.a, shape.b, shape.c][operand - 1];
  return slotWords(shape, role, code[pc + 1], code[pc + 2], code[pc + 3]);
}

/** What the interpreter's loop touches besides slots for the instruction at core.pc. (What it
 *  leaves to slow.ts reads through core.at, and records itself.) */
function touchMemory(core: Core, recorder: Recorder): void {
  const { pc, fp, memory: m } = core;
  const { code } = core.tables;
  const [op, a, b, c] = [code[pc], code[pc + 1], code[pc + 2], code[pc + 3]];
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
