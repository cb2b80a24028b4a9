import assert from 'node:assert/strict';
import { Machine, MachinePool } from '../../src/machine/machine.ts';
import { decide } from '../../src/explore/verdict.ts';
import { scenarioImages } from './scenario-images.ts';

const memoryWords = 1 << 20;

/** Walks by the first thread that can move, with detours that are taken back; what it comes to. */
function walk(machine: Machine): unknown {
  const hashes: number[] = [];
  for (let step = 0; step < 300 && machine.outcome() === null; step++) {
    const threads = Array.from({ length: machine.threadCount() }, (_, thread) => thread);
    const enabled = threads.filter((thread) => machine.isEnabled(thread));
    if (enabled.length === 0) break;
    const mark = machine.mark();
    machine.step(enabled[enabled.length - 1]);
    machine.undo(mark);
    machine.step(enabled[0]);
    hashes.push(machine.hashLow, machine.hashHigh);
  }
  return { hashes, outcome: machine.outcome(), ...machine.snapshot() };
}

describe('machine: memory that is used again', () => {
  const images = scenarioImages(2);

  it('is as good as new, whatever ran in it', () => {
    const pool = new MachinePool();
    for (const [name, image] of images) {
      const machine = new Machine(image, { memoryWords, pool });
      const found = walk(machine);
      assert.deepEqual(found, walk(new Machine(image, { memoryWords })), name);
      machine.release();
      const { memory, stamp, epoch } = pool.take(machine.memory.length);
      assert.equal(memory, machine.memory, 'the memory was not kept');
      assert.ok(
        memory.every((word) => word === 0),
        name,
      );
      assert.ok(
        stamp.every((one) => one <= epoch),
        name,
      );
      pool.give({ memory, stamp, epoch, log: machine.log });
    }
  });

  it('is lent to one machine at a time', () => {
    const pool = new MachinePool();
    const [[, image]] = images;
    const first = new Machine(image, { memoryWords, pool });
    const second = new Machine(image, { memoryWords, pool });
    assert.notEqual(first.memory, second.memory);
    first.release();
    const third = new Machine(image, { memoryWords, pool });
    assert.equal(third.memory, first.memory);
    assert.notEqual(third.memory, second.memory);
  });

  it('changes no verdict, and neither does the clock', () => {
    const pool = new MachinePool();
    const budget = { states: 300, seconds: 100 };
    for (const [name, image] of images) {
      const { expectations } = image.scenario;
      const natural = { outcome: { kind: 'ok', message: '' }, text: '' } as const;
      const first = decide(image, expectations, natural, budget, pool);
      assert.deepEqual(decide(image, expectations, natural, budget), first, name);
    }
  });
});
