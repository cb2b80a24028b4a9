import assert from 'node:assert';
import { Machine } from '../../src/machine/machine.ts';
import { assemble, globalAddress } from './assemble.ts';

describe('machine: runs', () => {
  it('runs two threads to their ends, forwards and backwards', () => {
    const image = assemble({
      globals: 2,
      functions: [
        {
          name: 'start',
          frame: 8,
          code: [
            ['CONST', 3, -2],
            ['CONST', 4, 7],
            ['NEWTHREAD', 5, 3, 4],
            ['CONST', 3, globalAddress(0)],
            ['CONST', 4, 1],
            ['ASTORE', 3, 4],
            ['CALL', 'add()', 8],
            ['VGSTORE', globalAddress(1), 11],
            ['RET', 3, 0],
          ],
        },
        {
          name: 'worker',
          frame: 6,
          code: [
            ['CONST', 3, globalAddress(0)],
            ['AWAIT', 3],
            ['CONST', 4, 10],
            ['AADD', 5, 3, 4],
            ['RET', 3, 0],
          ],
        },
        {
          name: 'add',
          frame: 5,
          results: 1,
          code: [
            ['CONST', 3, 40],
            ['ADDI', 3, 3, 2],
            ['RET', 3, 1],
          ],
        },
      ],
    });
    const machine = new Machine(image, { checking: true, memoryWords: 1 << 16 });
    const zero = machine.snapshot();
    assert.strictEqual(machine.step(0), 'boundary');
    assert.strictEqual(machine.threadCount(), 2);
    assert.strictEqual(machine.step(1), 'boundary');
    assert.strictEqual(machine.isEnabled(1), false);
    const mark = machine.mark();
    const middle = machine.snapshot();
    assert.strictEqual(machine.step(0), 'boundary');
    assert.strictEqual(machine.isEnabled(1), true);
    assert.strictEqual(machine.step(0), 'ended');
    assert.strictEqual(machine.memory[globalAddress(1)], 42);
    assert.strictEqual(machine.step(1), 'boundary');
    assert.strictEqual(machine.step(1), 'ended');
    assert.strictEqual(machine.memory[globalAddress(0)], 11);
    assert.strictEqual(machine.outcome(), null);
    machine.undo(mark);
    assert.deepStrictEqual(machine.snapshot(), middle);
    machine.undo(0 + machine.logBase);
    assert.deepStrictEqual(machine.snapshot(), zero);
  });
});
