import assert from 'node:assert';
import { GLOBALS, THREADS, THREAD_CONTEXT } from '../../src/language/image.ts';
import type { FunctionSource } from './assemble.ts';
import { dirtyWords, global, machineOf, runAll, trail } from './stacks.ts';

describe('machine: deferred calls', () => {
  const deferred = (digit: number): FunctionSource => ({
    name: `d${digit}`,
    code: [...trail(digit), ['RET', 3, 0]],
  });
  const deferOf = (number: number): (readonly [string, ...number[]])[] => [
    ['CONST', 3, -number - 1],
    ['DEFER', 3, -1],
  ];

  it('runs them when their frame returns, the last first', () => {
    const machine = machineOf([
      {
        name: 'main',
        code: [
          ['YIELD'],
          ...deferOf(2),
          ['CALL', 'inner()', 22],
          ...deferOf(3),
          'epilogue',
          ['RUNDEFERS', 22],
          ...trail(5),
          ['RET', 3, 0],
        ],
      },
      {
        name: 'inner',
        code: [...deferOf(4), 'epilogue', ['RUNDEFERS', 22], ['RET', 3, 0]],
      },
      deferred(1),
      deferred(2),
      deferred(3),
    ]);
    machine.step(0);
    assert.strictEqual(machine.memory[global(0)], 3215);
  });

  it('runs those of a range body when the function around it returns', () => {
    // main calls iterate, which defers d1 and calls body, which defers d2 for main's frame.
    const machine = machineOf([
      {
        name: 'main',
        code: [
          ['YIELD'],
          ['FRAME', 3],
          ['GSTORE', global(1), 3],
          ['CALL', 'iterate()', 22],
          ...trail(3),
          'epilogue',
          ['RUNDEFERS', 22],
          ['RET', 3, 0],
        ],
      },
      {
        name: 'iterate',
        code: [...deferOf(3), ['CALL', 'body()', 22], 'epilogue', ['RUNDEFERS', 22], ['RET', 3, 0]],
      },
      {
        name: 'body',
        code: [
          ['CONST', 3, -5],
          ['GLOAD', 4, global(1)],
          ['DEFER', 3, 4],
          ['RET', 3, 0],
        ],
      },
      deferred(1),
      deferred(2),
    ]);
    machine.step(0);
    assert.strictEqual(machine.memory[global(0)], 132);
  });

  it('cuts the stack to a frame whose panic was recovered', () => {
    const machine = machineOf([
      {
        name: 'main',
        code: [
          ['YIELD'],
          ['CALL', 'outer()', 22],
          ['GSTORE', global(1), 25],
          ['YIELD'],
          ['RET', 3, 0],
        ],
      },
      {
        name: 'outer',
        results: 1,
        code: [
          ['CONST', 4, -6],
          ['DEFER', 4, -1],
          ['CONST', 3, 7],
          ['CALL', 'inner()', 22],
          ...trail(8),
          'epilogue',
          ['RUNDEFERS', 22],
          ['RET', 3, 1],
        ],
      },
      {
        name: 'inner',
        code: [
          ...deferOf(6),
          ['CALL', 'panics()', 22],
          'epilogue',
          ['RUNDEFERS', 22],
          ['RET', 3, 0],
        ],
      },
      {
        // Takes the first deferred call, runs it, and unwinds to the frame of the second.
        name: 'panics',
        code: [
          ['POPDEFER', 3],
          ['CALLC', 3, 22],
          ...deferOf(6),
          ['POPDEFER', 3],
          ['POPDEFER', 5],
          ['GSTORE', global(2), 6],
          ['DEFER', 5, 6],
          ...deferOf(6),
          ['UNWIND', 6],
        ],
      },
      deferred(4),
      deferred(1),
      deferred(2),
    ]);
    const { memory } = machine;
    machine.step(0);
    assert.strictEqual(machine.outcome(), null);
    assert.strictEqual(memory[global(0)], 21);
    assert.strictEqual(memory[global(1)], 7);
    const context = memory[THREADS + THREAD_CONTEXT];
    assert.strictEqual(dirtyWords(machine, new Map([[context, context + 16 + 26]])), 0);
    assert.ok(memory[global(2)] > GLOBALS);
    machine.reset();
    runAll(machine);
  });

  it('forgets those of a stack that is abandoned', () => {
    const machine = machineOf([
      {
        name: 'main',
        code: [
          ['YIELD'],
          ['CALL', 'start()', 22],
          ['POPDEFER', 3],
          ['GSTORE', global(1), 3],
          ['YIELD'],
          ['RET', 3, 0],
        ],
      },
      {
        name: 'start',
        code: [['SAVECALLER'], ...deferOf(2), ['CONTEXT', 4], ['GOGO', 4]],
      },
      deferred(1),
    ]);
    machine.step(0);
    assert.strictEqual(machine.outcome(), null);
    assert.strictEqual(machine.memory[global(1)], 0);
  });
});
