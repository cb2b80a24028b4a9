/** Which words a step reads, taken by stopping it before every instruction that reads memory. */
import { THREADS, THREAD_FP, THREAD_PC, THREAD_WORDS } from '../language/image.ts';
import * as ops from '../language/instructions.ts';
import type { Machine } from '../machine/machine.ts';
import { touchesMemory, wordsTouched } from './operations.ts';

/** Instructions of one step between two stops. */
const INSTRUCTIONS = 10_000_000;

/** By pc / 4: 1 where an instruction reads words outside its frame. */
export function readingInstructions(code: Int32Array): Uint8Array {
  const stops = new Uint8Array(code.length >> 2);
  for (let pc = 0; pc < code.length; pc += ops.INSTRUCTION_WORDS) {
    const op = code[pc];
    const isLoad = op === ops.OP_LOAD || op === ops.OP_LOADN || op === ops.OP_GLOAD;
    const isMove = op === ops.OP_SYS && code[pc + 1] === ops.SYS_MOVE;
    if (isLoad || isMove || (touchesMemory(op) && !isStore(op))) stops[pc >> 2] = 1;
  }
  return stops;
}

function isStore(op: number): boolean {
  return op === ops.OP_VSTORE || op === ops.OP_VSTOREN || op === ops.OP_VGSTORE;
}

/**
 * Takes a whole step of a thread; the words that its loads, atomic operations and moves of memory
 * read. (What a garbage collection looks at, and texts and types, which never change, are not
 * among them.) `stops`: of `readingInstructions`.
 */
export function readsOf(
  machine: Machine,
  thread: number,
  answer: number,
  stops: Uint8Array,
): Set<number> {
  const reads = new Set<number>();
  do noteReads(machine, thread, stops, reads);
  while (machine.advance(thread, answer, INSTRUCTIONS, stops) === 'stop');
  return reads;
}

/** Adds what the instruction that the thread stands before reads. */
function noteReads(machine: Machine, thread: number, stops: Uint8Array, reads: Set<number>): void {
  const { memory } = machine;
  const { code } = machine.image;
  const pc = memory[THREADS + thread * THREAD_WORDS + THREAD_PC];
  const fp = memory[THREADS + thread * THREAD_WORDS + THREAD_FP];
  if (stops[pc >> 2] === 0) return;
  const op = code[pc];
  const b = code[pc + 2];
  const c = code[pc + 3];
  if (op === ops.OP_LOAD) add(reads, memory[fp + b] + c, 1);
  else if (op === ops.OP_LOADN) add(reads, memory[fp + b] + (c & 0xffff), c >>> 16);
  else if (op === ops.OP_GLOAD) add(reads, b, 1);
  else if (op === ops.OP_SYS) add(reads, memory[fp + b + 1], memory[fp + b + 2]);
  else add(reads, machine.pendingAddress(thread), wordsTouched(code, op, pc));
}

function add(reads: Set<number>, address: number, words: number): void {
  if (address <= 0) return;
  for (let word = address; word < address + words; word++) reads.add(word);
}
