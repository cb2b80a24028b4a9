/**
 * The interpreter: one loop for the instructions that are executed most, with everything it needs
 * in local variables. Instructions that are rarer, and traps, are left to slow.ts.
 */
import * as image from '../language/image.ts';
import * as ops from '../language/instructions.ts';
import { raise } from './frames.ts';
import type { Core } from './core.ts';
import { internal, RUNNING } from './core.ts';
import { isFreed, POISON } from './heap.ts';
import { executeSlowly } from './slow.ts';

/** Why the loop was left; `HALTED`: core.halt says what has ended. */
export const AT_BOUNDARY = 0;
export const AT_STOP = 1;
export const AT_LIMIT = 2;
export const HALTED = 3;

/**
 * Executes from core.pc on. The first instruction is executed whatever it is, unless `before` is
 * true. Ends before the next visible operation (CHOOSE alone, inside atomic sections), before an
 * instruction marked in `stops`, after `limit` instructions, or when thread or run have ended.
 * core.pc and core.fp are exact afterwards, also when an Ending is thrown.
 */
export function execute(
  core: Core,
  limit: number,
  stops: Uint8Array | null,
  before = false,
): number {
  const m = core.memory;
  const { code, extent, entry } = core.tables;
  const { stamp, epoch, logging, checking, isolated } = core;
  let { pc, fp } = core;
  let atomic = isolated || m[image.ATOMIC_HOLDER] !== 0;
  let stackEnd = m[core.context + image.CONTEXT_LIMIT];
  const quick = stops === null ? limit : 1;
  const first = before ? 1 : 0;
  let count = first;
  let why = HALTED;
  try {
    for (;;) {
      const op = code[pc];
      if (op >= ops.OP_VISIBLE && count !== 0) {
        if (!atomic || (op === ops.OP_CHOOSE && !isolated)) {
          why = AT_BOUNDARY;
          break;
        }
      }
      if (count >= quick && count > first) {
        if (stops !== null && stops[pc >> 2] !== 0) {
          why = AT_STOP;
          break;
        }
        if (count - first >= limit) {
          why = AT_LIMIT;
          break;
        }
      }
      count++;
      const a = code[pc + 1];
      const b = code[pc + 2];
      const c = code[pc + 3];
      let trap = -1;
      let x = 0;
      let y = 0;
      let value = 0;
      slowly: {
        // A case that breaks from the switch writes `value` to F[a]; one that continues has done
        // everything; one that breaks `slowly` traps or leaves the instruction to slow.ts.
        switch (op) {
          case ops.OP_NOP:
            pc += 4;
            continue;
          case ops.OP_CONST:
            value = b;
            break;
          case ops.OP_MOV:
            value = m[fp + b];
            break;
          case ops.OP_FRAME:
            value = fp;
            break;
          case ops.OP_LEA:
            value = fp + b;
            break;
          case ops.OP_FIELD:
            value = m[fp + b];
            if (value < image.NIL_LIMIT) {
              trap = ops.TRAP_NIL;
              break slowly;
            }
            value = (value + c) | 0;
            break;
          case ops.OP_ELEMENT:
            value = (m[fp + a] + Math.imul(m[fp + b], c)) | 0;
            break;
          case ops.OP_BOUNDS:
            x = m[fp + a];
            y = m[fp + b];
            if (x < 0 || x >= y) {
              trap = ops.TRAP_INDEX;
              break slowly;
            }
            pc += 4;
            continue;
          case ops.OP_ADD:
            value = m[fp + b] + m[fp + c];
            if (value !== (value | 0)) {
              trap = ops.TRAP_OVERFLOW;
              break slowly;
            }
            break;
          case ops.OP_ADDI:
            value = m[fp + b] + c;
            if (value !== (value | 0)) {
              trap = ops.TRAP_OVERFLOW;
              break slowly;
            }
            break;
          case ops.OP_SUB:
            value = m[fp + b] - m[fp + c];
            if (value !== (value | 0)) {
              trap = ops.TRAP_OVERFLOW;
              break slowly;
            }
            break;
          case ops.OP_ADDW:
            value = (m[fp + b] + m[fp + c]) | 0;
            break;
          case ops.OP_SUBW:
            value = (m[fp + b] - m[fp + c]) | 0;
            break;
          case ops.OP_MULW:
            value = Math.imul(m[fp + b], m[fp + c]);
            break;
          case ops.OP_AND:
            value = m[fp + b] & m[fp + c];
            break;
          case ops.OP_OR:
            value = m[fp + b] | m[fp + c];
            break;
          case ops.OP_XOR:
            value = m[fp + b] ^ m[fp + c];
            break;
          case ops.OP_LNOT:
            value = m[fp + b] === 0 ? 1 : 0;
            break;
          case ops.OP_RANGE:
            if (m[fp + a] < 0) {
              trap = ops.TRAP_OVERFLOW;
              break slowly;
            }
            pc += 4;
            continue;
          case ops.OP_EQ:
            value = m[fp + b] === m[fp + c] ? 1 : 0;
            break;
          case ops.OP_NE:
            value = m[fp + b] !== m[fp + c] ? 1 : 0;
            break;
          case ops.OP_LT:
            value = m[fp + b] < m[fp + c] ? 1 : 0;
            break;
          case ops.OP_LE:
            value = m[fp + b] <= m[fp + c] ? 1 : 0;
            break;
          case ops.OP_LTU:
            value = m[fp + b] >>> 0 < m[fp + c] >>> 0 ? 1 : 0;
            break;
          case ops.OP_LEU:
            value = m[fp + b] >>> 0 <= m[fp + c] >>> 0 ? 1 : 0;
            break;
          case ops.OP_JMP:
            pc = a;
            continue;
          case ops.OP_JT:
            pc = m[fp + a] !== 0 ? b : pc + 4;
            continue;
          case ops.OP_JF:
            pc = m[fp + a] === 0 ? b : pc + 4;
            continue;
          case ops.OP_JEQ:
            pc = m[fp + a] === m[fp + b] ? c : pc + 4;
            continue;
          case ops.OP_JNE:
            pc = m[fp + a] !== m[fp + b] ? c : pc + 4;
            continue;
          case ops.OP_JLT:
            pc = m[fp + a] < m[fp + b] ? c : pc + 4;
            continue;
          case ops.OP_JLE:
            pc = m[fp + a] <= m[fp + b] ? c : pc + 4;
            continue;
          case ops.OP_LOAD:
          case ops.OP_VLOAD:
            x = m[fp + b];
            if (x < image.NIL_LIMIT) {
              trap = ops.TRAP_NIL;
              break slowly;
            }
            x += c;
            if (checking) core.requireAddress(x, 1);
            value = m[x];
            if (value === POISON && isFreed(core, x)) {
              trap = ops.TRAP_FREED;
              break slowly;
            }
            break;
          case ops.OP_STORE:
          case ops.OP_VSTORE:
            x = m[fp + a];
            if (x < image.NIL_LIMIT) {
              trap = ops.TRAP_NIL;
              break slowly;
            }
            x += b;
            if (checking) core.requireAddress(x, 1);
            y = m[x];
            if (y === POISON && isFreed(core, x)) {
              trap = ops.TRAP_FREED;
              break slowly;
            }
            value = m[fp + c];
            if (y !== value) {
              if (logging && stamp[x] !== epoch) core.note(x);
              m[x] = value;
            }
            pc += 4;
            continue;
          case ops.OP_GLOAD:
          case ops.OP_VGLOAD:
            value = m[b];
            break;
          case ops.OP_GSTORE:
          case ops.OP_VGSTORE:
            value = m[fp + b];
            if (m[a] !== value) {
              if (logging && stamp[a] !== epoch) core.note(a);
              m[a] = value;
            }
            pc += 4;
            continue;
          case ops.OP_ALOAD:
            x = m[fp + b];
            if (x < image.NIL_LIMIT) {
              trap = ops.TRAP_NIL;
              break slowly;
            }
            if (checking) core.requireAddress(x, 1);
            value = m[x];
            if (value === POISON && isFreed(core, x)) {
              trap = ops.TRAP_FREED;
              break slowly;
            }
            break;
          case ops.OP_CALL:
            x = fp + b;
            if (x + extent[a] > stackEnd) break slowly;
            if (m[x] !== pc + 4) {
              if (logging && stamp[x] !== epoch) core.note(x);
              m[x] = pc + 4;
            }
            if (m[x + 1] !== fp) {
              if (logging && stamp[x + 1] !== epoch) core.note(x + 1);
              m[x + 1] = fp;
            }
            if (m[x + 2] !== 0) {
              if (logging && stamp[x + 2] !== epoch) core.note(x + 2);
              m[x + 2] = 0;
            }
            fp = x;
            pc = entry[a];
            continue;
          case ops.OP_RET: {
            // c is the extent of the frame (tables.ts); a return pc of 0 or with bit 31 is slow.
            const returnPc = m[fp];
            if (returnPc <= 0) break slowly;
            const caller = m[fp + 1];
            const end = fp + c;
            let to = fp + 3;
            for (let from = fp + a; from < fp + a + b; from++, to++) {
              value = m[from];
              if (m[to] !== value) {
                if (logging && stamp[to] !== epoch) core.note(to);
                m[to] = value;
              }
            }
            for (; to < end; to++) {
              if (m[to] !== 0) {
                if (logging && stamp[to] !== epoch) core.note(to);
                m[to] = 0;
              }
            }
            for (to = fp; to < fp + 3; to++) {
              if (m[to] !== 0) {
                if (logging && stamp[to] !== epoch) core.note(to);
                m[to] = 0;
              }
            }
            fp = caller;
            pc = returnPc;
            continue;
          }
          default:
            break slowly;
        }
        x = fp + a;
        if (m[x] !== value) {
          if (logging && stamp[x] !== epoch) core.note(x);
          m[x] = value;
        }
        pc += 4;
        continue;
      }
      core.pc = pc;
      core.fp = fp;
      if (trap >= 0) raise(core, trap, x, y);
      else executeSlowly(core, op, a, b, c);
      if (core.halt !== RUNNING) break;
      pc = core.pc;
      fp = core.fp;
      atomic = isolated || m[image.ATOMIC_HOLDER] !== 0;
      stackEnd = m[core.context + image.CONTEXT_LIMIT];
    }
    if (core.halt === RUNNING) {
      core.pc = pc;
      core.fp = fp;
    }
  } finally {
    core.instructionCount += count - first;
  }
  // At the limit, it is the next instruction that fails, and counts.
  if (why !== AT_LIMIT && (pc < 0 || pc >= code.length)) {
    throw internal(`execution left the code at ${pc}`);
  }
  return why;
}
