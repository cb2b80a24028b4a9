/** Runs a few instructions on given slots, for tests of single instructions. */
import assert from 'node:assert';
import { THREADS, THREAD_FP } from '../../src/language/image.ts';
import * as ops from '../../src/language/instructions.ts';
import { Machine } from '../../src/machine/machine.ts';
import type { FunctionSource, Operand } from './assemble.ts';
import { assemble } from './assemble.ts';

export type Line = string | readonly [string, ...Operand[]];

export const MAX = 0x7fffffff;
export const MIN = -0x80000000;
const SLOTS = 40;

/** Functions for all traps: each ends the run with its name as the message. */
const trapFunctions: FunctionSource[] = ops.TRAPS.map(({ name, arguments: count }) => ({
  name,
  frame: 8,
  parameters: count,
  isModel: true,
  code: [
    ['CONST', 5, "'fail"],
    ['CONST', 6, `'${name}`],
    ['OUTCOME', 5, 6],
  ],
}));

/** Runs lines on slots 3, 4, … = inputs until a YIELD after them; gives slots, or the trap. */
export function run(
  inputs: readonly number[],
  code: readonly Line[],
): { slots: number[]; trap: string } {
  const setUp = inputs.map((value, index): Line => ['CONST', 3 + index, value]);
  const image = assemble({
    globals: 8,
    types: [
      { kind: 'struct', words: 3 },
      { kind: 'pointer', methods: { 4: 2 } },
      { kind: 'interface', methods: { 4: 2 } },
    ],
    methodNames: ['a', 'b', 'c', 'd', 'e'],
    functions: [
      {
        name: 'main',
        frame: SLOTS,
        code: [['YIELD'], ...setUp, ...code, 'end', ['YIELD'], ['RET', 3, 0]],
      },
      {
        name: 'double',
        frame: 6,
        parameters: 1,
        results: 1,
        code: [
          ['ADDI', 4, 3, 0],
          ['ADD', 3, 3, 4],
          ['RET', 3, 1],
        ],
      },
      {
        name: 'captured',
        frame: 6,
        results: 2,
        code: [
          ['LOAD', 3, 2, 1],
          ['LOAD', 4, 2, 2],
          ['RET', 3, 2],
        ],
      },
      ...trapFunctions,
    ],
  });
  const machine = new Machine(image, { checking: true, memoryWords: 1 << 16 });
  const zero = machine.snapshot();
  const mark = machine.mark();
  machine.step(0);
  if (machine.pendingOperation(0).op === ops.OP_OUTCOME) machine.step(0);
  const fp = machine.memory[THREADS + THREAD_FP];
  const outcome = machine.outcome();
  const slots = Array.from(machine.memory.subarray(fp + 3, fp + SLOTS));
  const result = { slots, trap: outcome === null ? '' : `${outcome.kind} ${outcome.message}` };
  if (outcome?.kind === 'fail') {
    const count = ops.TRAPS.find((trap) => trap.name === outcome.message)?.arguments ?? 0;
    result.trap = [outcome.message, ...slots.slice(0, count)].join(' ');
  }
  machine.checkHash();
  machine.undo(mark);
  assert.deepStrictEqual(machine.snapshot(), zero);
  return result;
}

/** Slots 3, 4, … after the lines; a trap by its name and arguments. */
export function check(
  inputs: readonly number[],
  line: Line | readonly Line[],
  expected: number | string,
) {
  const code = typeof line[0] === 'string' ? [line as Line] : (line as readonly Line[]);
  const { slots, trap } = run(inputs, code);
  assert.strictEqual(trap === '' ? slots[10] : trap, expected, JSON.stringify(line));
}

/** Instructions `NAME d s s`: result 13 of inputs 3 and 4. */
export function checkTwo(name: string, rows: readonly [number, number, number | string][]) {
  for (const [x, y, expected] of rows) check([x, y], [name, 13, 3, 4], expected);
}
