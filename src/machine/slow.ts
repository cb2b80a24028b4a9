/**
 * The instructions that the interpreter's loop does not execute itself. core.pc and core.fp are the
 * registers; an instruction leaves them where execution goes on.
 */
import {
  ATOMIC_DEPTH,
  ATOMIC_HOLDER,
  CONTEXT_OWNER,
  NIL_LIMIT,
  OBJECT_CLOSURE,
  OUTPUT_COUNT,
  THREADS,
  THREAD_TLS,
  THREAD_WORDS,
  TIME,
} from '../language/image.ts';
import * as ops from '../language/instructions.ts';
import { arithmetic } from './arithmetic.ts';
import {
  callee,
  cutStack,
  enter,
  freeContext,
  functionAt,
  gogo,
  mcall,
  newContext,
  popDefer,
  pushDefer,
  raise,
  returnSlowly,
  saveCaller,
  stackTop,
} from './contexts.ts';
import type { Core } from './core.ts';
import { internal, THREAD_ENDED } from './core.ts';
import { equalInterfaces, equalValues, hasMethods } from './equality.ts';
import { allocate, allocateArray, isFreed, POISON, stringText } from './heap.ts';
import { endRun, endThread, newThread } from './threads.ts';
import { systemCall } from './system.ts';
import { displayable } from './utf8.ts';

const NEXT = ops.INSTRUCTION_WORDS;

/** Executes one instruction. */
export function executeSlowly(core: Core, op: number, a: number, b: number, c: number): void {
  if (op >= ops.OP_VISIBLE) visible(core, op, a, b, c);
  else if (op >= ops.OP_MCALL) contexts(core, op, a, b, c);
  else if (op >= ops.OP_CALL) callsAndObjects(core, op, a, b, c);
  else local(core, op, a, b, c);
}

function local(core: Core, op: number, a: number, b: number, c: number): void {
  const { memory: m, fp } = core;
  switch (op) {
    case ops.OP_TRAP:
      raise(core, a, m[fp + b], m[fp + c]);
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
      if (!loadWords(core, fp + a, m[fp + b], c)) return;
      break;
    case ops.OP_STOREN:
      if (!storeWords(core, m[fp + a], fp + c, b)) return;
      break;
    default: {
      const { trap, value } = arithmetic(op, m[fp + b], m[fp + c], c);
      if (trap >= 0) {
        raise(core, trap, 0, 0);
        return;
      }
      core.write(fp + a, value);
    }
  }
  core.pc += NEXT;
}

/** Copies words that may overlap. */
export function copyWords(core: Core, to: number, from: number, count: number): void {
  const { memory } = core;
  if (from >= to) {
    for (let i = 0; i < count; i++) core.write(to + i, memory[from + i]);
  } else {
    for (let i = count - 1; i >= 0; i--) core.write(to + i, memory[from + i]);
  }
}

/** False: a trap was raised. */
function loadWords(core: Core, to: number, base: number, wide: number): boolean {
  const address = checkedAddress(core, base, wide & 0xffff, wide >>> 16);
  if (address < 0) return false;
  copyWords(core, to, address, wide >>> 16);
  return true;
}

function storeWords(core: Core, base: number, from: number, wide: number): boolean {
  const address = checkedAddress(core, base, wide & 0xffff, wide >>> 16);
  if (address < 0) return false;
  copyWords(core, address, from, wide >>> 16);
  return true;
}

/** base + offset, or -1 after a trap: nil, or freed words among the next `count`. */
function checkedAddress(core: Core, base: number, offset: number, count: number): number {
  if (base < NIL_LIMIT) {
    raise(core, ops.TRAP_NIL, 0, 0);
    return -1;
  }
  const address = base + offset;
  if (core.checking) core.requireAddress(address, count);
  const { memory } = core;
  for (let i = 0; i < count; i++) {
    if (memory[address + i] === POISON && isFreed(core, address + i)) {
      raise(core, ops.TRAP_FREED, address + i, 0);
      return -1;
    }
  }
  return address;
}

/** The frame of the nearest caller that is not a wrapper; 0 if there is none. */
function callerFrame(core: Core): number {
  const { memory, image } = core;
  let fp = core.fp;
  for (;;) {
    const returnPc = memory[fp + ops.FRAME_RETURN_PC] & 0x7fffffff;
    fp = memory[fp + ops.FRAME_CALLER];
    if (fp === 0 || returnPc === 0) return 0;
    if (!image.functions[functionAt(core, returnPc - NEXT)].isWrapper) return fp;
  }
}

function callsAndObjects(core: Core, op: number, a: number, b: number, c: number): void {
  const { memory: m, fp, image } = core;
  switch (op) {
    case ops.OP_CALL:
      enter(core, a, fp + b, core.pc + NEXT, 0);
      return;
    case ops.OP_CALLC: {
      if (m[fp + a] === 0) {
        raise(core, ops.TRAP_NIL, 0, 0);
        return;
      }
      const { number, closure } = callee(core, m[fp + a]);
      enter(core, number, fp + b, core.pc + NEXT, closure);
      return;
    }
    case ops.OP_CALLI: {
      const type = m[fp + a];
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
      pushDefer(core, m[fp + a], b < 0 ? fp : m[fp + b]);
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
      const count = m[fp + c];
      if (count < 0 || count * (image.types[b]?.words ?? 1) > core.memoryLimit) {
        raise(core, ops.TRAP_MAKESLICE, 0, 0);
        return;
      }
      core.write(fp + a, allocateArray(core, b, count));
      break;
    }
    case ops.OP_IMPLEMENTS:
      core.write(fp + a, hasMethods(image, m[fp + b], c) ? 1 : 0);
      break;
    case ops.OP_IFACEEQ:
    case ops.OP_TYPEEQ: {
      const { equal, uncomparable } =
        op === ops.OP_IFACEEQ
          ? equalInterfaces(core, fp + b, fp + c)
          : equalValues(core, m[fp + b], m[fp + b + 1], c);
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
  const depth = core.memory[ATOMIC_DEPTH] - 1;
  if (depth < 0) throw internal('an atomic section ends that did not begin');
  core.write(ATOMIC_DEPTH, depth);
  if (depth === 0) core.write(ATOMIC_HOLDER, 0);
}

function contexts(core: Core, op: number, a: number, b: number, c: number): void {
  const { memory: m, fp } = core;
  const own = THREADS + core.thread * THREAD_WORDS;
  switch (op) {
    case ops.OP_MCALL:
      mcall(core, m[fp + a], m[fp + b], m[fp + c]);
      return;
    case ops.OP_GOGO:
      gogo(core, m[fp + a]);
      return;
    case ops.OP_SAVECALLER:
      saveCaller(core);
      break;
    case ops.OP_NEWCONTEXT:
      if (m[fp + b] === 0) {
        raise(core, ops.TRAP_NIL, 0, 0);
        return;
      }
      core.write(fp + a, newContext(core, m[fp + b], m[fp + c]));
      break;
    case ops.OP_FREECONTEXT:
      freeContext(core, m[fp + a]);
      break;
    case ops.OP_CONTEXT:
      core.write(fp + a, core.context);
      break;
    case ops.OP_OWNER:
      core.write(fp + a, m[core.context + CONTEXT_OWNER]);
      break;
    case ops.OP_SETOWNER:
      core.write(core.context + CONTEXT_OWNER, m[fp + a]);
      break;
    case ops.OP_TLS:
      core.write(fp + a, m[own + THREAD_TLS]);
      break;
    case ops.OP_SETTLS:
      core.write(own + THREAD_TLS, m[fp + a]);
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
      unwind(core, m[fp + a]);
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

function visible(core: Core, op: number, a: number, b: number, c: number): void {
  const { memory: m, fp } = core;
  switch (op) {
    case ops.OP_VLOADN:
      if (!loadWords(core, fp + a, m[fp + b], c)) return;
      break;
    case ops.OP_VSTOREN:
      if (!storeWords(core, m[fp + a], fp + c, b)) return;
      break;
    case ops.OP_ASTORE:
    case ops.OP_LOCK:
    case ops.OP_UNLOCK:
      if (!changeWord(core, op, m[fp + a], m[fp + b])) return;
      break;
    case ops.OP_AADD:
    case ops.OP_ASWAP:
    case ops.OP_ACAS:
    case ops.OP_AAND:
    case ops.OP_AOR:
      if (!exchangeWord(core, op, a, m[fp + b], c)) return;
      break;
    case ops.OP_AWAIT:
    case ops.OP_AWAITIDLE:
      if (!waitForWord(core, op, a, b, c)) return;
      break;
    case ops.OP_CHOOSE:
      if (m[fp + b] < 1) throw internal(`a choice among ${m[fp + b]}`);
      core.write(fp + a, core.isolated ? 0 : core.answer);
      break;
    case ops.OP_ATOMIC_BEGIN:
      core.write(ATOMIC_HOLDER, core.thread + 1);
      core.write(ATOMIC_DEPTH, m[ATOMIC_DEPTH] + 1);
      break;
    case ops.OP_PREEMPT:
      core.pc += NEXT;
      if (core.answer === 0 || m[ATOMIC_HOLDER] !== 0 || core.isolated) return;
      core.pc -= NEXT;
      enter(core, core.tables.asyncPreempt, stackTop(core), core.pc + NEXT, 0);
      return;
    case ops.OP_NEWTHREAD: {
      const thread = m[fp + b] === 0 ? -2 : newThread(core, m[fp + b], m[fp + c]);
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
      endRun(core, stringText(core, m[fp + a]), m[fp + b]);
      return;
    case ops.OP_PRINT: {
      const text = displayable(stringText(core, m[fp + b]));
      const { pc, thread, context } = core;
      core.output.push({ stream: m[fp + a], text, pc, thread, context });
      core.write(OUTPUT_COUNT, core.output.length);
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
  const before = core.memory[address];
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
  const { memory: m, fp } = core;
  const before = m[address];
  const operand = m[fp + c];
  let result = before;
  let after = operand;
  if (op === ops.OP_AADD) {
    after = (before + operand) | 0;
    result = after;
  } else if (op === ops.OP_AAND) after = before & operand;
  else if (op === ops.OP_AOR) after = before | operand;
  else if (op === ops.OP_ACAS) {
    result = before === operand ? 1 : 0;
    after = result === 1 ? m[fp + c + 1] : before;
  }
  core.write(address, after);
  core.write(fp + a, result);
  return true;
}

/** AWAIT and AWAITIDLE, which are enabled (outside atomic sections). */
function waitForWord(core: Core, op: number, a: number, b: number, c: number): boolean {
  const { memory: m, fp } = core;
  const address = checkedAddress(core, m[fp + a], 0, 1);
  if (address < 0) return false;
  const isSet = m[address] !== 0;
  if (!isSet && (op === ops.OP_AWAIT || m[ATOMIC_HOLDER] !== 0 || core.isolated)) {
    return waitsInAtomic(core);
  }
  if (op === ops.OP_AWAIT) return true;
  if (!isSet) core.write(TIME, Math.max(m[TIME], m[fp + b]));
  core.write(fp + c, isSet ? 1 : 0);
  return true;
}
