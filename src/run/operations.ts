/**
 * What a thread is about to do, in words: `lock sched.lock`, `answer 1 of a choice of 3`. And names
 * of places in memory, for people.
 */
import type { Image, RuntimeType } from '../language/image.ts';
import { OBJECT_ARRAY_BIT, OBJECT_TYPE } from '../language/image.ts';
import * as ops from '../language/instructions.ts';
import type { Machine } from '../machine/machine.ts';
import type { Choice } from './policy.ts';

const verbs = new Map<number, string>([
  [ops.OP_VLOAD, 'read'],
  [ops.OP_VLOADN, 'read'],
  [ops.OP_VGLOAD, 'read'],
  [ops.OP_VSTORE, 'write'],
  [ops.OP_VSTOREN, 'write'],
  [ops.OP_VGSTORE, 'write'],
  [ops.OP_ALOAD, 'load'],
  [ops.OP_ASTORE, 'store'],
  [ops.OP_AADD, 'add to'],
  [ops.OP_ASWAP, 'swap'],
  [ops.OP_ACAS, 'compare and swap'],
  [ops.OP_AAND, 'clear bits of'],
  [ops.OP_AOR, 'set bits of'],
  [ops.OP_LOCK, 'lock'],
  [ops.OP_UNLOCK, 'unlock'],
  [ops.OP_AWAIT, 'wake up at'],
  [ops.OP_AWAITIDLE, 'wake up, or let time pass, at'],
  [ops.OP_ATOMIC_BEGIN, 'enter an atomic section'],
  [ops.OP_NEWTHREAD, 'start a thread'],
  [ops.OP_EXITTHREAD, 'end its thread'],
  [ops.OP_OUTCOME, 'end the run'],
  [ops.OP_PRINT, 'print'],
  [ops.OP_YIELD, 'go on'],
]);

/** What the thread of `choice` does when that choice is taken. */
export function operationText(machine: Machine, choice: Choice): string {
  const { op, address } = machine.pendingOperation(choice.thread);
  if (op === ops.OP_PREEMPT) return choice.answer === 0 ? 'go on' : 'be preempted';
  if (op === ops.OP_CHOOSE) {
    return `answer ${choice.answer} of a choice of ${machine.choiceCount(choice.thread)}`;
  }
  // A thread that has just been started has nothing visible before it.
  const verb = verbs.get(op) ?? 'begin';
  return address === 0 ? verb : `${verb} ${addressName(machine.image, machine, address)}`;
}

/** `sched.lock`, `hchan.qcount`, or the bare number of a word that has no name. */
export function addressName(image: Image, machine: Machine, address: number): string {
  for (const { name, type, address: start } of image.globals) {
    const words = image.types[type]?.words ?? 1;
    if (address < start || address >= start + words) continue;
    return name + pathWithin(image, image.types[type], address - start);
  }
  const object = machine.objectOf(address);
  if (object === 0) return `word ${address}`;
  const header = machine.memory[object + OBJECT_TYPE];
  const type = image.types[header & (OBJECT_ARRAY_BIT - 1)] ?? null;
  if (type === null) return `word ${address}`;
  const offset = address - object;
  if ((header & OBJECT_ARRAY_BIT) === 0) return type.name + pathWithin(image, type, offset);
  const index = Math.floor(offset / Math.max(1, type.words));
  return `[]${type.name}[${index}]${pathWithin(image, type, offset - index * type.words)}`;
}

/** `.field[2].other` for the word at `offset` inside a value of that type. */
function pathWithin(image: Image, type: RuntimeType | null, offset: number): string {
  if (type === null) return '';
  if (type.kind === 'array') {
    const element = image.types[type.element];
    const words = Math.max(1, element?.words ?? 1);
    const index = Math.floor(offset / words);
    return `[${index}]${pathWithin(image, element, offset - index * words)}`;
  }
  if (type.kind !== 'struct') return '';
  for (const field of type.fields) {
    const inner = image.types[field.type];
    if (offset < field.offset || offset >= field.offset + (inner?.words ?? 1)) continue;
    return `.${field.name}${pathWithin(image, inner, offset - field.offset)}`;
  }
  return '';
}
