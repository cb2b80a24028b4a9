/** What tests of stacks share: machines, whole runs both ways, words that should be zero. */
import assert from 'node:assert';
import {
  HEAP_TOP,
  OBJECT_CONTEXT,
  OBJECT_HEADER_WORDS,
  OBJECT_TYPE,
  OBJECT_WORDS,
} from '../../src/language/image.ts';
import type { MachineOptions } from '../../src/machine/machine.ts';
import { Machine } from '../../src/machine/machine.ts';
import type { FunctionSource } from './assemble.ts';
import { assemble, globalAddress } from './assemble.ts';

export const global = globalAddress;

/** Appends a digit to the number in global 0: the trail of what was executed. */
export const trail = (digit: number): (readonly [string, ...number[]])[] => [
  ['GLOAD', 20, global(0)],
  ['CONST', 21, 10],
  ['MUL', 20, 20, 21],
  ['ADDI', 20, 20, digit],
  ['GSTORE', global(0), 20],
];

export function machineOf(
  functions: readonly FunctionSource[],
  options: MachineOptions = {},
): Machine {
  const image = assemble({
    globals: 8,
    functions: functions.map((one) => ({ frame: 22, ...one })),
  });
  return new Machine(image, { checking: true, memoryWords: 1 << 18, ...options });
}

/** Steps thread 0 until it cannot go on; then undoes everything and does it again. */
export function runAll(machine: Machine): void {
  const zero = machine.snapshot();
  const mark = machine.mark();
  const forwards = () => {
    for (let i = 0; i < 100_000 && machine.isEnabled(0); i++) {
      machine.step(0);
      if (i % 97 === 0) machine.checkHash();
    }
    machine.checkHash();
    return machine.snapshot();
  };
  const first = forwards();
  machine.undo(mark);
  assert.deepStrictEqual(machine.snapshot(), zero);
  assert.deepStrictEqual(forwards(), first);
}

/** The words of all contexts above the live stacks, which must be zero. */
export function dirtyWords(machine: Machine, live: ReadonlyMap<number, number>): number {
  const { memory } = machine;
  let dirty = 0;
  for (let at = machine.image.globalsEnd; at < memory[HEAP_TOP]; ) {
    const object = at + OBJECT_HEADER_WORDS;
    at = object + memory[object + OBJECT_WORDS];
    if (memory[object + OBJECT_TYPE] !== OBJECT_CONTEXT) continue;
    for (let word = live.get(object) ?? object + 16; word < at; word++) {
      if (memory[word] !== 0) dirty++;
    }
  }
  return dirty;
}
