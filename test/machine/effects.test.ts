import assert from 'node:assert';
import type { Image } from '../../src/language/image.ts';
import { Machine, type MachineOptions } from '../../src/machine/machine.ts';
import { freshSeed } from '../seed.ts';
import { randomImage, randomOf, transitionsOf } from './random.ts';
import { scenarioImages } from './scenario-images.ts';

/**
 * Walks two machines, of which one remembers what steps do, and compares every state. Many short
 * walks, so that the same steps come again in other states. Gives the number of steps that were
 * remembered.
 */
function compare(image: Image, seed: number, walks: number, options: MachineOptions): number {
  const random = randomOf(seed);
  const plain = new Machine(image, options);
  const remembering = new Machine(image, options);
  remembering.rememberEffects();
  const [plainStart, start] = [plain.mark(), remembering.mark()];
  let remembered = 0;
  for (let walk = 0; walk < walks; walk++) {
    plain.undo(plainStart);
    remembering.undo(start);
    const length = random(80);
    let broken = remembering.brokenInvariant();
    for (let i = 0; i < length; i++) {
      const transitions = transitionsOf(plain);
      assert.deepStrictEqual(transitionsOf(remembering), transitions);
      if (transitions.length === 0) break;
      const { thread, answer } = transitions[random(transitions.length)];
      const mark = remembering.mark();
      const isForeseen = remembering.foresee(thread, answer);
      const { foreseenLow, foreseenHigh } = remembering;
      const stop = plain.step(thread, answer);
      assert.strictEqual(remembering.step(thread, answer), stop);
      assert.deepStrictEqual(remembering.outcome(), plain.outcome());
      assert.strictEqual(remembering.hashLow, plain.hashLow);
      assert.strictEqual(remembering.hashHigh, plain.hashHigh);
      assert.strictEqual(remembering.instructionCount, plain.instructionCount);
      broken = remembering.brokenInvariant(broken === null ? mark : undefined);
      assert.strictEqual(broken, plain.checkConditions('invariant'));
      if (!isForeseen) continue;
      remembered++;
      assert.deepStrictEqual([foreseenLow, foreseenHigh], [plain.hashLow, plain.hashHigh]);
    }
    assert.deepStrictEqual(remembering.snapshot(), plain.snapshot());
    assert.deepStrictEqual(remembering.output, plain.output);
  }
  return remembered;
}

describe('machine: remembered steps', () => {
  it('do what the steps do, on random instructions', () => {
    const first = freshSeed();
    const options = {
      memoryWords: 1 << 15,
      instructionLimit: 2000,
      contextWords: 96,
      stackLimitWords: 1 << 12,
      preemption: true,
    };
    let remembered = 0;
    for (let seed = first; seed < first + 120; seed++) {
      try {
        remembered += compare(randomImage(seed), seed, 12, options);
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error });
      }
    }
    assert.ok(remembered > 1000, `only ${remembered} steps were remembered`);
  });

  it('do what the steps do, on the scenarios', () => {
    const first = freshSeed();
    for (const [name, image] of scenarioImages(20)) {
      const seed = first + name.length;
      try {
        compare(image, seed, 40, { memoryWords: 1 << 18 });
      } catch (error) {
        throw new Error(`${name}, seed ${seed}`, { cause: error });
      }
    }
  });
});
