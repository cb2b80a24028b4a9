/** The visible operations that the interpreter's loop does not execute itself. */
import { ATOMIC_DEPTH, ATOMIC_HOLDER, TIME } from '../language/image.ts';
import * as ops from '../language/instructions.ts';
import type { Core } from './core.ts';
import { internal } from './core.ts';
import { enter, raise, stackTop } from './frames.ts';
import { stringText } from './heap.ts';
import { endRun, endThread, newThread } from './threads.ts';
import { displayable } from './utf8.ts';
import { checkedAddress, loadWords, storeWords } from './words.ts';

const NEXT = ops.INSTRUCTION_WORDS;

/** Executes one visible instruction. */
export function executeVisible(core: Core, op: number, a: number, b: number, c: number): void {
  const { fp } = core;
  switch (op) {
    case ops.OP_VLOADN:
      if (!loadWords(core, fp + a, core.at(fp + b), c)) return;
      break;
    case ops.OP_VSTOREN:
      if (!storeWords(core, core.at(fp + a), fp + c, b)) return;
      break;
    case ops.OP_ASTORE:
    case ops.OP_LOCK:
    case ops.OP_UNLOCK:
      if (!changeWord(core, op, core.at(fp + a), core.at(fp + b))) return;
      break;
    case ops.OP_AADD:
    case ops.OP_ASWAP:
    case ops.OP_ACAS:
    case ops.OP_AAND:
    case ops.OP_AOR:
      if (!exchangeWord(core, op, a, core.at(fp + b), c)) return;
      break;
    case ops.OP_AWAIT:
    case ops.OP_AWAITIDLE:
      if (!waitForWord(core, op, a, b, c)) return;
      break;
    case ops.OP_CHOOSE:
      if (core.at(fp + b) < 1) throw internal(`a choice among ${core.at(fp + b)}`);
      core.write(fp + a, core.isolated ? 0 : core.answer);
      break;
    case ops.OP_ATOMIC_BEGIN:
      if (core.at(ATOMIC_DEPTH) === 0) core.write(ATOMIC_HOLDER, core.thread + 1);
      core.write(ATOMIC_DEPTH, core.at(ATOMIC_DEPTH) + 1);
      break;
    case ops.OP_PREEMPT:
      core.pc += NEXT;
      if (core.answer === 0 || core.at(ATOMIC_HOLDER) !== 0 || core.isolated) return;
      core.pc -= NEXT;
      enter(core, core.tables.asyncPreempt, stackTop(core), core.pc + NEXT, 0);
      return;
    case ops.OP_NEWTHREAD: {
      const thread = core.at(fp + b) === 0 ? -2 : newThread(core, core.at(fp + b), core.at(fp + c));
      if (thread < 0) {
        raise(core, thread === -2 ? ops.TRAP_NIL : ops.TRAP_THREADS, 0, 0);
        return;
      }
      core.write(fp + a, thread);
      break;
    }
    case ops.OP_EXITTHREAD:
      endThread(core);
      return;
    case ops.OP_OUTCOME:
      endRun(core, stringText(core, core.at(fp + a)), core.at(fp + b));
      return;
    case ops.OP_PRINT: {
      const text = displayable(stringText(core, core.at(fp + b)));
      const { pc, thread, context } = core;
      core.output.push({ stream: core.at(fp + a), text, pc, thread, context });
      core.countOutput();
      break;
    }
    case ops.OP_YIELD:
      break;
    default:
      throw internal(`${op} is no instruction (at pc ${core.pc})`);
  }
  core.pc += NEXT;
}

/** ASTORE, LOCK and UNLOCK. False: a trap was raised. */
function changeWord(core: Core, op: number, base: number, value: number): boolean {
  const address = checkedAddress(core, base, 0, 1);
  if (address < 0) return false;
  const before = core.at(address);
  if (op === ops.OP_UNLOCK && before === 0) {
    raise(core, ops.TRAP_UNLOCK, 0, 0);
    return false;
  }
  if (op === ops.OP_LOCK && before !== 0) return waitsInAtomic(core);
  core.write(address, op === ops.OP_ASTORE ? value : op === ops.OP_LOCK ? core.thread + 1 : 0);
  return true;
}

function waitsInAtomic(core: Core): false {
  raise(core, ops.TRAP_ATOMICWAIT, 0, 0);
  return false;
}

/** Read-modify-write of one word: F[a] is the result. False: a trap was raised. */
function exchangeWord(core: Core, op: number, a: number, base: number, c: number): boolean {
  const address = checkedAddress(core, base, 0, 1);
  if (address < 0) return false;
  const { fp } = core;
  const before = core.at(address);
  const operand = core.at(fp + c);
  let result = before;
  let after = operand;
  if (op === ops.OP_AADD) {
    after = (before + operand) | 0;
    result = after;
  } else if (op === ops.OP_AAND) after = before & operand;
  else if (op === ops.OP_AOR) after = before | operand;
  else if (op === ops.OP_ACAS) {
    result = before === operand ? 1 : 0;
    after = result === 1 ? core.at(fp + c + 1) : before;
  }
  core.write(address, after);
  core.write(fp + a, result);
  return true;
}

/** AWAIT and AWAITIDLE, which are enabled (outside atomic sections). */
function waitForWord(core: Core, op: number, a: number, b: number, c: number): boolean {
  const { fp } = core;
  const address = checkedAddress(core, core.at(fp + a), 0, 1);
  if (address < 0) return false;
  const isSet = core.at(address) !== 0;
  if (!isSet && (op === ops.OP_AWAIT || core.at(ATOMIC_HOLDER) !== 0 || core.isolated)) {
    return waitsInAtomic(core);
  }
  if (op === ops.OP_AWAIT) return true;
  if (!isSet) core.write(TIME, Math.max(core.at(TIME), core.at(fp + b)));
  core.write(fp + c, isSet ? 1 : 0);
  return true;
}
