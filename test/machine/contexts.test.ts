import assert from 'node:assert';
import {
  CONTEXT_BEHALF,
  CONTEXT_SEGMENT,
  FREE_CONTEXTS,
  GLOBALS,
  HEAP_TOP,
  OBJECT_CONTEXT,
  OBJECT_HEADER_WORDS,
  OBJECT_TYPE,
  OBJECT_WORDS,
  THREADS,
  THREAD_CONTEXT,
} from '../../src/language/image.ts';
import type { MachineOptions } from '../../src/machine/machine.ts';
import { Machine } from '../../src/machine/machine.ts';
import type { FunctionSource } from './assemble.ts';
import { assemble, globalAddress } from './assemble.ts';

const global = globalAddress;

/** Appends a digit to the number in global 0: the trail of what was executed. */
const trail = (digit: number): (readonly [string, ...number[]])[] => [
  ['GLOAD', 20, global(0)],
  ['CONST', 21, 10],
  ['MUL', 20, 20, 21],
  ['ADDI', 20, 20, digit],
  ['GSTORE', global(0), 20],
];

function machineOf(functions: readonly FunctionSource[], options: MachineOptions = {}): Machine {
  const image = assemble({
    globals: 8,
    functions: functions.map((one) => ({ frame: 22, ...one })),
  });
  return new Machine(image, { checking: true, memoryWords: 1 << 18, ...options });
}

/** Steps thread 0 until it cannot go on; then undoes everything and does it again. */
function runAll(machine: Machine): void {
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
function dirtyWords(machine: Machine, live: ReadonlyMap<number, number>): number {
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

describe('machine: contexts', () => {
  it('moves a thread between stacks as mcall and gogo do', () => {
    // main makes a coroutine context and enters it from the scheduler's stack; the coroutine
    // switches back to a function on that stack, which continues it; then main goes on.
    const machine = machineOf([
      {
        name: 'main',
        code: [
          ['YIELD'],
          ['CONTEXT', 3],
          ['GSTORE', global(1), 3],
          ['CALL', 'start()', 22],
          ...trail(9),
          ['YIELD'],
          ['RET', 3, 0],
        ],
      },
      {
        name: 'start',
        code: [
          ['SAVECALLER'],
          ['CONST', 3, -4],
          ['CONST', 4, 77],
          ['NEWCONTEXT', 5, 3, 4],
          ['GSTORE', global(2), 5],
          ...trail(1),
          ['GOGO', 5],
        ],
      },
      {
        name: 'back',
        parameters: 1,
        code: [
          ...trail(3),
          ['GSTORE', global(3), 3],
          ['GLOAD', 4, global(4)],
          ['ADDI', 4, 4, 1],
          ['GSTORE', global(4), 4],
          ['CONST', 5, 2],
          ['GLOAD', 6, global(2)],
          ['JLT', 5, 4, '@last'],
          ['YIELD'],
          ['GOGO', 6],
          'last',
          ['FREECONTEXT', 6],
          ['GLOAD', 6, global(1)],
          ['GOGO', 6],
        ],
      },
      {
        name: 'coroutine',
        code: [
          'loop',
          ...trail(2),
          ['OWNER', 5],
          ['GLOAD', 3, global(1)],
          ['CONST', 4, -3],
          ['MCALL', 3, 4, 5],
          ['JMP', '@loop'],
        ],
      },
    ]);
    const zero = machine.mark();
    const { memory } = machine;
    machine.step(0);
    const [own, other] = [memory[global(1)], memory[global(2)]];
    assert.strictEqual(memory[global(0)], 123);
    assert.strictEqual(memory[THREADS + THREAD_CONTEXT], own);
    assert.strictEqual(memory[own + CONTEXT_BEHALF], other);
    machine.step(0);
    assert.strictEqual(memory[global(0)], 12323);
    machine.step(0);
    assert.strictEqual(memory[global(0)], 12323239);
    assert.strictEqual(memory[global(3)], 77);
    assert.strictEqual(memory[FREE_CONTEXTS], other);
    assert.strictEqual(memory[own + CONTEXT_BEHALF], 0);
    const bottom = own + 16;
    assert.strictEqual(dirtyWords(machine, new Map([[own, bottom + 22]])), 0);
    machine.undo(zero);
    runAll(machine);
  });

  it('clears and reuses the contexts of freed coroutines, the last first', () => {
    const machine = machineOf([
      {
        name: 'main',
        code: [
          ['YIELD'],
          ['CONST', 3, -2],
          ['NEWCONTEXT', 4, 3, 3],
          ['NEWCONTEXT', 5, 3, 3],
          ['FREECONTEXT', 4],
          ['FREECONTEXT', 5],
          ['NEWCONTEXT', 6, 3, 3],
          ['NEWCONTEXT', 7, 3, 3],
          ['NE', 8, 4, 7],
          ['NE', 9, 5, 6],
          ['OR', 8, 8, 9],
          ['GSTORE', global(0), 8],
          ['RET', 3, 0],
        ],
      },
      { name: 'other', code: [['RET', 3, 0]] },
    ]);
    machine.step(0);
    assert.strictEqual(machine.outcome(), null);
    assert.strictEqual(machine.memory[global(0)], 0);
  });

  const recursive = (depth: number): FunctionSource[] => [
    {
      name: 'main',
      code: [
        ['YIELD'],
        ['CONST', 25, depth],
        ['CALL', 'down()', 22],
        ['GSTORE', global(0), 25],
        ['YIELD'],
        ['RET', 3, 0],
      ],
    },
    {
      name: 'down',
      frame: 30,
      parameters: 1,
      results: 1,
      code: [
        ['CONST', 4, 0],
        ['JEQ', 3, 4, '@end'],
        ['ADDI', 28, 3, -1],
        ['CALL', 'down()', 25],
        ['YIELD'],
        ['ADDI', 3, 28, 1],
        'end',
        ['RET', 3, 1],
      ],
    },
  ];

  it('grows a stack by segments and gives them back', () => {
    const machine = machineOf(recursive(500));
    machine.step(0);
    const context = machine.memory[THREADS + THREAD_CONTEXT];
    assert.notStrictEqual(machine.memory[context + CONTEXT_SEGMENT], 0);
    assert.strictEqual(machine.frames(context, 1000).length, 501);
    runAll(machine);
    const used = machine.memory[HEAP_TOP];
    assert.strictEqual(machine.memory[global(0)], 500);
    machine.reset();
    runAll(machine);
    assert.strictEqual(machine.memory[HEAP_TOP], used);
  });

  it('keeps the segment for when the stack grows again', () => {
    const [main, down] = recursive(100);
    const twice = [...main.code.slice(0, 4), ...main.code.slice(1, 4), ...main.code.slice(4)];
    const machine = machineOf([{ ...main, code: twice }, down]);
    for (let i = 0; i < 100; i++) machine.step(0);
    const used = machine.memory[HEAP_TOP];
    runAll(machine);
    assert.strictEqual(machine.memory[HEAP_TOP], used);
  });

  it('ends a run whose stack has no limit', () => {
    const machine = machineOf(recursive(1 << 20), { stackLimitWords: 1 << 14 });
    runAll(machine);
    assert.deepStrictEqual(machine.outcome(), { kind: 'signal', message: 'SIGSEGV' });
    const handled = machineOf(
      [
        ...recursive(1 << 20),
        {
          name: 'stackoverflow',
          isModel: true,
          code: [
            ['CONST', 3, "'throw"],
            ['CONST', 4, "'stack overflow"],
            ['OUTCOME', 3, 4],
          ],
        },
      ],
      { stackLimitWords: 1 << 14 },
    );
    runAll(handled);
    assert.deepStrictEqual(handled.outcome(), { kind: 'throw', message: 'stack overflow' });
  });
});

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
