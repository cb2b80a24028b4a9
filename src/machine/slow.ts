/**
 * The instructions that the interpreter's loop does not execute itself. core.pc and core.fp are the
 * registers; an instruction leaves them where execution goes on.
 */
import {
  ATOMIC_DEPTH,
  ATOMIC_HOLDER,
  CONTEXT_OWNER,
  OBJECT_CLOSURE,
  THREADS,
  THREAD_TLS,
  THREAD_WORDS,
} from '../language/image.ts';
import * as ops from '../language/instructions.ts';
import { arithmetic } from './arithmetic.ts';
import { freeContext, gogo, mcall, newContext, saveCaller } from './contexts.ts';
import type { Core } from './core.ts';
import { internal, THREAD_ENDED, nextMember } from './core.ts';
import { popDefer, pushDefer } from './defers.ts';
import { equalInterfaces, equalValues, hasMethods } from './equality.ts';
import { callee, cutStack, enter, functionAt, raise, returnSlowly } from './frames.ts';
import { allocate, allocateArray } from './heap.ts';
import { systemCall } from './system.ts';
import { endThread } from './threads.ts';
import { executeVisible } from './visible.ts';
import { copyWords, loadWords, storeWords } from './words.ts';

const NEXT = ops.INSTRUCTION_WORDS;

/** Executes one instruction. */
export function executeSlowly(core: Core, op: number, a: number, b: number, c: number): void {
  // Behind the end of the code there is no number.
  if (op === undefined) throw internal(`execution left the code at ${core.pc}`);
  if (op >= ops.OP_VISIBLE) executeVisible(core, op, a, b, c);
  else if (op >= ops.OP_MCALL) contexts(core, op, a, b, c);
  else if (op >= ops.OP_CALL) callsAndObjects(core, op, a, b, c);
  else local(core, op, a, b, c);
}

function local(core: Core, op: number, a: number, b: number, c: number): void {
  const { fp } = core;
  switch (op) {
    case ops.OP_TRAP:
      raise(core, a, core.at(fp + b), core.at(fp + c));
      return;
    case ops.OP_MOVN:
      copyWords(core, fp + a, fp + b, c);
      break;
    case ops.OP_CLEAR:
      for (let i = 0; i < b; i++) core.write(fp + a + i, 0);
      break;
    case ops.OP_CALLERFRAME:
      core.write(fp + a, callerFrame(core));
      break;
    case ops.OP_LOADN:
      if (!loadWords(core, fp + a, core.at(fp + b), c)) return;
      break;
    case ops.OP_STOREN:
      if (!storeWords(core, core.at(fp + a), fp + c, b)) return;
      break;
    default: {
      const { trap, value } = arithmetic(op, core.at(fp + b), core.at(fp + c), c);
      if (trap >= 0) {
        raise(core, trap, 0, 0);
        return;
      }
      core.write(fp + a, value);
    }
  }
  core.pc += NEXT;
}

/** The frame of the nearest caller that is not a wrapper; 0 if there is none. */
function callerFrame(core: Core): number {
  const { image } = core;
  let fp = core.fp;
  for (let i = 0; ; i = nextMember(i)) {
    const returnPc = core.at(fp + ops.FRAME_RETURN_PC) & 0x7fffffff;
    fp = core.at(fp + ops.FRAME_CALLER);
    if (fp === 0 || returnPc === 0) return 0;
    if (!image.functions[functionAt(core, returnPc - NEXT)].isWrapper) return fp;
  }
}

function callsAndObjects(core: Core, op: number, a: number, b: number, c: number): void {
  const { fp, image } = core;
  switch (op) {
    case ops.OP_CALL:
      enter(core, a, fp + b, core.pc + NEXT, 0);
      return;
    case ops.OP_CALLC: {
      if (core.at(fp + a) === 0) {
        raise(core, ops.TRAP_NIL, 0, 0);
        return;
      }
      const { number, closure } = callee(core, core.at(fp + a));
      enter(core, number, fp + b, core.pc + NEXT, closure);
      return;
    }
    case ops.OP_CALLI: {
      const type = core.at(fp + a);
      if (type === 0) {
        raise(core, ops.TRAP_NIL, 0, 0);
        return;
      }
      const number = image.types[type]?.methods[c];
      if (number === undefined) {
        throw internal(`type ${image.types[type]?.name} has no method ${image.methodNames[c]}`);
      }
      enter(core, number, fp + b, core.pc + NEXT, 0);
      return;
    }
    case ops.OP_RET:
      if (returnSlowly(core, a, b)) return;
      if (core.isolated) core.halt = THREAD_ENDED;
      else endThread(core);
      return;
    case ops.OP_CLOSURE: {
      const closure = allocate(core, OBJECT_CLOSURE, 1 + c);
      core.write(closure, b);
      core.write(fp + a, closure);
      break;
    }
    case ops.OP_DEFER:
      pushDefer(core, core.at(fp + a), b < 0 ? fp : core.at(fp + b));
      break;
    case ops.OP_RUNDEFERS: {
      const item = popDefer(core, fp);
      if (item === null) break;
      if (item.func === 0) {
        raise(core, ops.TRAP_NIL, 0, 0);
        return;
      }
      const { number, closure } = callee(core, item.func);
      enter(core, number, fp + a, core.pc, closure);
      return;
    }
    case ops.OP_ALLOC:
      core.write(fp + a, allocate(core, b, image.types[b]?.words ?? 1));
      break;
    case ops.OP_ALLOCN: {
      const count = core.at(fp + c);
      if (count < 0) {
        raise(core, ops.TRAP_MAKESLICE, 0, 0);
        return;
      }
      core.write(fp + a, allocateArray(core, b, count));
      break;
    }
    case ops.OP_IMPLEMENTS:
      core.write(fp + a, hasMethods(image, core.at(fp + b), c) ? 1 : 0);
      break;
    case ops.OP_IFACEEQ:
    case ops.OP_TYPEEQ: {
      const { equal, uncomparable } =
        op === ops.OP_IFACEEQ
          ? equalInterfaces(core, fp + b, fp + c)
          : equalValues(core, core.at(fp + b), core.at(fp + b + 1), c);
      if (uncomparable !== 0) {
        raise(core, ops.TRAP_COMPARE, uncomparable, 0);
        return;
      }
      core.write(fp + a, equal ? 1 : 0);
      break;
    }
    case ops.OP_SYS:
      if (!systemCall(core, a, fp + b)) return;
      break;
    case ops.OP_ATOMIC_END:
      leaveAtomic(core);
      break;
    default:
      throw internal(`${op} is no instruction (at pc ${core.pc})`);
  }
  core.pc += NEXT;
}

function leaveAtomic(core: Core): void {
  const depth = core.at(ATOMIC_DEPTH) - 1;
  if (depth < 0) throw internal('an atomic section ends that did not begin');
  core.write(ATOMIC_DEPTH, depth);
  if (depth === 0) core.write(ATOMIC_HOLDER, 0);
}

function contexts(core: Core, op: number, a: number, b: number, c: number): void {
  const { fp } = core;
  const own = THREADS + core.thread * THREAD_WORDS;
  switch (op) {
    case ops.OP_MCALL:
      mcall(core, core.at(fp + a), core.at(fp + b), core.at(fp + c));
      return;
    case ops.OP_GOGO:
      gogo(core, core.at(fp + a));
      return;
    case ops.OP_SAVECALLER:
      saveCaller(core);
      break;
    case ops.OP_NEWCONTEXT:
      if (core.at(fp + b) === 0) {
        raise(core, ops.TRAP_NIL, 0, 0);
        return;
      }
      core.write(fp + a, newContext(core, core.at(fp + b), core.at(fp + c)));
      break;
    case ops.OP_FREECONTEXT:
      freeContext(core, core.at(fp + a));
      break;
    case ops.OP_CONTEXT:
      core.write(fp + a, core.context);
      break;
    case ops.OP_OWNER:
      core.write(fp + a, core.at(core.context + CONTEXT_OWNER));
      break;
    case ops.OP_SETOWNER:
      core.write(core.context + CONTEXT_OWNER, core.at(fp + a));
      break;
    case ops.OP_TLS:
      core.write(fp + a, core.at(own + THREAD_TLS));
      break;
    case ops.OP_SETTLS:
      core.write(own + THREAD_TLS, core.at(fp + a));
      break;
    case ops.OP_THREAD:
      core.write(fp + a, core.thread);
      break;
    case ops.OP_POPDEFER: {
      const item = popDefer(core, -1);
      core.write(fp + a, item?.func ?? 0);
      core.write(fp + a + 1, item?.frame ?? 0);
      break;
    }
    case ops.OP_UNWIND:
      unwind(core, core.at(fp + a));
      return;
    default:
      throw internal(`${op} is no instruction (at pc ${core.pc})`);
  }
  core.pc += NEXT;
}

function unwind(core: Core, frame: number): void {
  const returnPc = cutStack(core, frame);
  const pc = returnPc === 0 ? core.pc : returnPc - NEXT;
  const info = core.image.functions[functionAt(core, pc)];
  if (info.epilogue < 0) throw internal(`${info.name} is unwound to, but defers nothing`);
  core.pc = info.epilogue;
}
