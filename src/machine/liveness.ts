/**
 * Which slots of a frame are still going to be read: the usual backward data-flow analysis over a
 * function's instructions. The garbage collector of the models asks: as in Go, a variable keeps its
 * object alive up to its last use, not to the end of its scope.
 */
import type { FunctionInfo, Image } from '../language/image.ts';
import * as ops from '../language/instructions.ts';
import { INSTRUCTIONS, SYSTEM_CALLS, slotWords } from '../language/instruction-table.ts';
import type { Role } from '../language/instruction-table.ts';

/** Live slots before each instruction of one function. */
export interface Liveness {
  /** Whether the slot's value may be read at pc or after it. */
  isLive(pc: number, slot: number): boolean;
}

/** Analyses a function; slots whose address is taken, and results of functions with deferred calls
 *  (which may end anywhere), count as live everywhere. */
export function livenessOf(image: Image, info: FunctionInfo): Liveness {
  const { code } = image;
  const count = (info.end - info.start) / ops.INSTRUCTION_WORDS;
  const slots = info.frameWords;
  const live: Uint8Array[] = [];
  for (let i = 0; i <= count; i++) live.push(new Uint8Array(slots));
  const always = new Uint8Array(slots);
  always[ops.FRAME_CLOSURE] = 1;
  for (let pc = info.start; pc < info.end; pc += ops.INSTRUCTION_WORDS) {
    if (code[pc] === ops.OP_LEA) markVariable(info, code[pc + 2], always);
    if (info.epilogue >= 0 && code[pc] === ops.OP_RET) mark(always, code[pc + 1], code[pc + 2]);
  }
  for (let changed = true; changed; ) {
    changed = false;
    for (let i = count - 1; i >= 0; i--) {
      const pc = info.start + i * ops.INSTRUCTION_WORDS;
      const after = new Uint8Array(slots);
      for (const next of successors(code, pc)) {
        const from = live[(next - info.start) / ops.INSTRUCTION_WORDS];
        if (from !== undefined) for (let slot = 0; slot < slots; slot++) after[slot] |= from[slot];
      }
      transfer(code, pc, after);
      const before = live[i];
      for (let slot = 0; slot < slots; slot++) {
        if (after[slot] !== 0 && before[slot] === 0) {
          before[slot] = 1;
          changed = true;
        }
      }
    }
  }
  return {
    isLive(pc, slot) {
      if (always[slot] === 1) return true;
      return live[(pc - info.start) / ops.INSTRUCTION_WORDS]?.[slot] === 1;
    },
  };
}

/** The whole variable that the slot is part of: its address may lead to any of its words. */
function markVariable(info: FunctionInfo, slot: number, always: Uint8Array): void {
  always[slot] = 1;
  for (let next = slot; next < always.length; next++) {
    const isOther = info.variables.some((each) => each.storage === 'slot' && each.index === next);
    if (next > slot && isOther) break;
    always[next] = 1;
  }
}

function mark(slots: Uint8Array, first: number, count: number): void {
  for (let slot = first; slot < first + count && slot < slots.length; slot++) slots[slot] = 1;
}

function unmark(slots: Uint8Array, first: number, count: number): void {
  for (let slot = first; slot < first + count && slot < slots.length; slot++) slots[slot] = 0;
}

function successors(code: Int32Array, pc: number): number[] {
  const next = pc + ops.INSTRUCTION_WORDS;
  switch (code[pc]) {
    case ops.OP_JMP:
      return [code[pc + 1]];
    case ops.OP_JT:
    case ops.OP_JF:
      return [next, code[pc + 2]];
    case ops.OP_JEQ:
    case ops.OP_JNE:
    case ops.OP_JLT:
    case ops.OP_JLE:
      return [next, code[pc + 3]];
    case ops.OP_RET:
    case ops.OP_TRAP:
    case ops.OP_UNWIND:
    case ops.OP_GOGO:
    case ops.OP_EXITTHREAD:
    case ops.OP_OUTCOME:
      return [];
    default:
      return [next];
  }
}

/** What is live after the instruction becomes what is live before it. */
function transfer(code: Int32Array, pc: number, live: Uint8Array): void {
  const op = code[pc];
  const shape = INSTRUCTIONS[op];
  if (shape === undefined) return;
  const [a, b, c] = [code[pc + 1], code[pc + 2], code[pc + 3]];
  const roles: readonly [Role, number][] = [
    [shape.a, a],
    [shape.b, b],
    [shape.c, c],
  ];
  const base = roles.find(([role]) => role === 'b');
  if (base !== undefined) callTransfer(op, a, base[1], live);
  if (op === ops.OP_CLEAR) return unmark(live, a, b);
  for (const [role, slot] of roles) {
    if (role.startsWith('w')) unmark(live, slot, slotWords(shape, role, a, b, c));
  }
  for (const [role, slot] of roles) {
    if (role.startsWith('r') || role === 'u') mark(live, slot, slotWords(shape, role, a, b, c));
  }
  if (op === ops.OP_RET) mark(live, a, b);
  if (op === ops.OP_ACAS) mark(live, c, 2);
}

/** Slots from a call's base on are the callee's: its arguments, and afterwards its results. */
function callTransfer(op: number, number: number, base: number, live: Uint8Array): void {
  unmark(live, base, live.length);
  if (op === ops.OP_SYS) mark(live, base, SYSTEM_CALLS[number].argumentWords);
  else if (op !== ops.OP_RUNDEFERS) mark(live, base + ops.FRAME_HEADER_WORDS, live.length);
}
