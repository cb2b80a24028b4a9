/** Which functions are written in place where they are called: short ones without any effect. */
import * as ops from '../language/instructions.ts';
import { INLINE_WORDS } from './generate-block.ts';
import type { Tables } from './tables.ts';

const NEXT = ops.INSTRUCTION_WORDS;
const LONGEST = 16;

/**
 * Number of instructions of a function that can be written in place, else 0. Such a function has
 * no jumps, calls nothing, and changes nothing but its own frame.
 */
export function inlineLength(tables: Tables, number: number): number {
  const { code, entry } = tables;
  for (let i = 0; i < LONGEST; i++) {
    const pc = entry[number] + i * NEXT;
    if (tables.functionOf[pc / NEXT] !== number) return 0;
    if (code[pc] === ops.OP_RET) return i + 1;
    if (!isWithoutEffect(code, pc)) return 0;
  }
  return 0;
}

function isWithoutEffect(code: Int32Array, pc: number): boolean {
  const op = code[pc];
  switch (op) {
    case ops.OP_MOVN:
      return code[pc + 3] <= INLINE_WORDS;
    case ops.OP_LOADN:
      return code[pc + 3] >>> 16 <= INLINE_WORDS;
    case ops.OP_CLEAR:
      return code[pc + 2] <= 4 * INLINE_WORDS;
    case ops.OP_NOP:
    case ops.OP_CONST:
    case ops.OP_MOV:
    case ops.OP_LOAD:
    case ops.OP_GLOAD:
    case ops.OP_WRAP:
    case ops.OP_ADDI:
    case ops.OP_CONTEXT:
    case ops.OP_OWNER:
    case ops.OP_TLS:
    case ops.OP_THREAD:
      return true;
    case ops.OP_DIVU:
    case ops.OP_REMU:
    case ops.OP_SHL:
    case ops.OP_SHLW:
    case ops.OP_SHR:
    case ops.OP_SHRU:
    case ops.OP_NEG:
      return false;
    default:
      return (op >= ops.OP_FIELD && op <= ops.OP_LNOT) || (op >= ops.OP_EQ && op <= ops.OP_LEU);
  }
}
