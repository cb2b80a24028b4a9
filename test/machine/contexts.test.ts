import assert from 'node:assert';
import {
  CONTEXT_BEHALF,
  CONTEXT_SEGMENT,
  FREE_CONTEXTS,
  HEAP_TOP,
  SEGMENT_PREVIOUS,
  THREADS,
  THREAD_CONTEXT,
} from '../../src/language/image.ts';
import { Machine } from '../../src/machine/machine.ts';
import { load } from '../../src/run/load.ts';
import type { FunctionSource } from './assemble.ts';
import { dirtyWords, global, machineOf, runAll, trail } from './stacks.ts';

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

  it('reuses the contexts of freed coroutines, whatever the order in which they were freed', () => {
    const machine = machineOf([
      {
        name: 'main',
        code: [
          ['YIELD'],
          ['CONST', 3, -2],
          ['NEWCONTEXT', 4, 3, 3],
          ['NEWCONTEXT', 5, 3, 3],
          ['FREECONTEXT', 5],
          ['FREECONTEXT', 4],
          ['NEWCONTEXT', 6, 3, 3],
          ['NEWCONTEXT', 7, 3, 3],
          ['NE', 8, 4, 6],
          ['NE', 9, 5, 7],
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
    const outcome = machine.outcome();
    assert.strictEqual(outcome?.kind, 'limit');
    assert.match(outcome.message, /^stack: .*more than 16384 words.*set stackWords/);
  });
});

describe('machine: lists that lead in a circle', () => {
  it('end the run instead of being followed for ever', () => {
    const text = `runtime threads
var a uint32
func deep(n int) {
	if n > 0 {
		atomic.AddUint32(&a, 1)
		deep(n - 1)
	}
}
scenario Deep {
	deep(5000)
}
`;
    const { image } = load({ path: 'deep.coro', text }, {});
    assert.ok(image);
    const machine = new Machine(image, { contextWords: 64 });
    const segmentNow = () => {
      const context = machine.memory[THREADS + THREAD_CONTEXT];
      return machine.memory[context + CONTEXT_SEGMENT];
    };
    while (segmentNow() === 0) assert.strictEqual(machine.step(0), 'boundary');
    const segment = segmentNow();
    machine.poke(segment + SEGMENT_PREVIOUS, [segment]);
    while (machine.step(0) === 'boundary');
    assert.deepStrictEqual(machine.outcome(), {
      kind: 'internal',
      message: 'internal error: a list in the memory leads in a circle, please report',
    });
  });
});
