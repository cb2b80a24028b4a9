import assert from 'node:assert';
import type { Image } from '../../src/language/image.ts';
import { Machine, type MachineOptions } from '../../src/machine/machine.ts';
import { randomImage, randomOf, transitionsOf } from './random.ts';
import { scenarioImages } from './scenario-images.ts';
import { freshSeed } from '../seed.ts';

/** Walks two machines, one interpreting and one with generated code, and compares every state. */
function compare(image: Image, seed: number, length: number, options: MachineOptions): number {
  const random = randomOf(seed);
  const interpreted = new Machine(image, { ...options, generateAfter: Infinity });
  const generated = new Machine(image, { ...options, generateAfter: 0 });
  const marks: [number, number][] = [];
  let steps = 0;
  for (let i = 0; i < length; i++) {
    const transitions = transitionsOf(interpreted);
    assert.deepStrictEqual(transitionsOf(generated), transitions);
    if (transitions.length === 0 || random(12) === 0) {
      const back = marks.splice(random(marks.length + 1))[0];
      if (back === undefined) continue;
      interpreted.undo(back[0]);
      generated.undo(back[1]);
      continue;
    }
    marks.push([interpreted.mark(), generated.mark()]);
    const { thread, answer } = transitions[random(transitions.length)];
    const stop = interpreted.step(thread, answer);
    assert.strictEqual(generated.step(thread, answer), stop);
    assert.deepStrictEqual(generated.outcome(), interpreted.outcome());
    assert.deepStrictEqual(generated.snapshot(), interpreted.snapshot());
    assert.deepStrictEqual(generated.output, interpreted.output);
    assert.strictEqual(generated.instructionCount, interpreted.instructionCount);
    if (i % 16 === 0) {
      assert.strictEqual(
        generated.checkConditions('invariant'),
        interpreted.checkConditions('invariant'),
      );
    }
    steps++;
  }
  return steps;
}

describe('machine: generated code', () => {
  it('does what the interpreter does, on random instructions', () => {
    const first = freshSeed();
    const options = {
      memoryWords: 1 << 15,
      instructionLimit: 2000,
      contextWords: 96,
      stackLimitWords: 1 << 12,
      preemption: true,
    };
    let steps = 0;
    for (let seed = first; seed < first + 60; seed++) {
      try {
        steps += compare(randomImage(seed), seed, 60, options);
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error });
      }
    }
    assert.ok(steps > 150, `only ${steps} steps`);
  });

  it('does what the interpreter does, on the scenarios', () => {
    const first = freshSeed();
    for (const [name, image] of scenarioImages(3)) {
      const seed = first + name.length;
      try {
        compare(image, seed, 120, { memoryWords: 1 << 18 });
      } catch (error) {
        throw new Error(`${name}, seed ${seed}`, { cause: error });
      }
    }
  });
});
