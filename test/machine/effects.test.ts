import assert from 'node:assert';
import process from 'node:process';
import { type Image, MAX_THREADS } from '../../src/language/image.ts';
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
      const plainMark = plain.mark();
      const brokenBefore: string | null = broken;
      const foreseen = foreseenAfter(remembering, plain, (answer << 8) | thread);
      const stop = plain.step(thread, answer);
      assert.strictEqual(remembering.step(thread, answer), stop);
      assert.deepStrictEqual(remembering.outcome(), plain.outcome());
      assert.strictEqual(remembering.hashLow, plain.hashLow);
      assert.strictEqual(remembering.hashHigh, plain.hashHigh);
      assert.strictEqual(remembering.instructionCount, plain.instructionCount);
      broken = remembering.brokenInvariant(broken === null ? mark : undefined);
      assert.strictEqual(broken, plain.checkConditions('invariant'));
      if (foreseen === null) continue;
      remembered++;
      assert.deepStrictEqual(foreseen, [plain.hashLow, plain.hashHigh]);
      if (random(4) !== 0) continue;
      // What is known of all threads holds again after steps were taken back.
      plain.undo(plainMark);
      remembering.undo(mark);
      assert.deepStrictEqual(transitionsOf(remembering), transitionsOf(plain));
      broken = brokenBefore;
    }
    assert.deepStrictEqual(remembering.snapshot(), plain.snapshot());
    assert.deepStrictEqual(remembering.output, plain.output);
  }
  return remembered;
}

/** Moves that are compared. */
const ROOM = 64;

/**
 * The lanes of the hash after a move, as far as the machine knows them without making it. What it
 * says of all moves is compared with the plain machine, which is in the same state.
 */
function foreseenAfter(
  machine: Machine,
  plain: Machine,
  move: number,
): [low: number, high: number] | null {
  const [moves, lows, highs] = [0, 1, 2].map(() => new Int32Array(ROOM));
  const enabled = new Int32Array(MAX_THREADS);
  const expected: number[] = [];
  for (const thread of enabled.subarray(0, plain.enabledThreads(enabled))) {
    const answers = plain.choiceCount(thread);
    assert.strictEqual(machine.choiceCount(thread), answers);
    for (let answer = 0; answer < answers; answer++) expected.push((answer << 8) | thread);
  }
  assert.strictEqual(machine.moves(moves, lows, highs), expected.length);
  const index = moves.indexOf(move);
  assert.deepStrictEqual([...moves.subarray(0, expected.length)], expected.slice(0, ROOM));
  const isKnown = index >= 0 && (lows[index] !== 0 || highs[index] !== 0);
  return isKnown ? [lows[index], highs[index]] : null;
}

describe('machine: remembered steps', () => {
  it('do what the steps do, on random instructions', () => {
    const first = Number(process.env.SEED ?? freshSeed());
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
    const first = Number(process.env.SEED ?? freshSeed());
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
