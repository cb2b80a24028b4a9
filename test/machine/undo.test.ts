import assert from 'node:assert';
import process from 'node:process';
import { hashOf } from '../../src/machine/hash.ts';
import type { Snapshot } from '../../src/machine/machine.ts';
import { Machine } from '../../src/machine/machine.ts';
import { randomImage, randomOf, transitionsOf } from './random.ts';
import { scenarioImages } from './scenario-images.ts';
import { freshSeed } from '../seed.ts';
import { load } from '../../src/run/load.ts';

/**
 * Walks forwards and backwards at random. Every state that is met again by undo must be what it was
 * word for word; the hash must always be that of the words; the same transition from the same state
 * must give the same state.
 */
function walk(
  machine: Machine,
  seed: number,
  length: number,
  fullHash = (of: Machine) => of.fullHash(),
): number {
  const random = randomOf(seed);
  const path: { mark: number; state: Snapshot; printed: number }[] = [];
  const hashes = new Map<string, Int32Array>();
  let steps = 0;
  for (let i = 0; i < length; i++) {
    const transitions = transitionsOf(machine);
    if (transitions.length === 0 || random(6) === 0) {
      if (path.length === 0) break;
      const back = random(Math.min(path.length, 8));
      const { mark, state, printed } = path[path.length - 1 - back];
      path.length -= back + 1;
      machine.undo(mark);
      assert.deepStrictEqual(machine.snapshot(), state);
      assert.strictEqual(machine.output.length, printed);
      continue;
    }
    const before = machine.snapshot();
    const mark = machine.mark();
    const { thread, answer } = transitions[random(transitions.length)];
    machine.step(thread, answer);
    steps++;
    const after = machine.snapshot();
    if (random(4) === 0) {
      machine.undo(mark);
      assert.deepStrictEqual(machine.snapshot(), before);
      machine.step(thread, answer);
      assert.deepStrictEqual(machine.snapshot(), after);
    }
    const [low, high] = fullHash(machine);
    assert.deepStrictEqual([machine.hashLow, machine.hashHigh], [low, high]);
    const key = `${low} ${high}`;
    const same = hashes.get(key);
    if (same === undefined) hashes.set(key, hashedWords(after));
    else assert.deepStrictEqual(hashedWords(after), same);
    path.push({ mark, state: before, printed: before.words[32] });
  }
  return steps;
}

/** The words that the hash covers. */
function hashedWords({ words }: Snapshot): Int32Array {
  const copy = words.slice();
  copy.fill(0, 32, 64);
  return copy;
}

const first = Number(process.env.SEED ?? freshSeed());
const failedOnce = 287_695;

describe('machine: undo and hash', () => {
  it('hold on random instructions', () => {
    let steps = 0;
    for (const seed of [failedOnce, ...Array.from({ length: 60 }, (_, index) => first + index)]) {
      try {
        const machine = new Machine(randomImage(seed), {
          memoryWords: 1 << 15,
          instructionLimit: 2000,
          contextWords: 96,
          stackLimitWords: 1 << 12,
          preemption: true,
        });
        // Wild writes go anywhere, so all of the memory is hashed.
        steps += walk(machine, seed, 60, ({ memory }) => hashOf(memory, 0, memory.length));
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error });
      }
    }
    assert.ok(steps > 150, `only ${steps} steps`);
  });

  it('end a run that needs a longer log than is allowed, and take that back, too', () => {
    const text = 'scenario Long { for i := 0; ; i++ { runtime.Gosched() } }';
    const { image } = load({ path: 'long.coro', text }, { options: { undoWords: 50_000 } });
    assert.ok(image);
    for (const generateAfter of [0, Infinity]) {
      const machine = new Machine(image, { memoryWords: 1 << 18, generateAfter });
      const start = machine.mark();
      const before = machine.snapshot();
      while (machine.outcome() === null) {
        const [{ thread, answer }] = transitionsOf(machine);
        machine.step(thread, answer);
      }
      const { kind, message } = machine.outcome() ?? assert.fail();
      assert.strictEqual(kind, 'limit', message);
      assert.match(
        message,
        /^undoWords: .* more than 50000 words\. .*set undoWords on its runtime/,
      );
      assert.ok(machine.logWords() > 45_000 && machine.logWords() < 60_000, 'far from the bound');
      machine.checkHash();
      machine.undo(start);
      assert.deepStrictEqual(machine.snapshot(), before);
      machine.checkHash();
    }
  });

  it('hold on the scenarios, whose runs never end by a mistake of the machine', () => {
    for (const [name, image] of scenarioImages(3)) {
      const machine = new Machine(image, { memoryWords: 1 << 18, checking: false });
      const seed = first + name.length;
      try {
        walk(machine, seed, 80);
        assert.notStrictEqual(machine.outcome()?.kind, 'internal', machine.outcome()?.message);
      } catch (error) {
        throw new Error(`${name}, seed ${seed}`, { cause: error });
      }
    }
  });
});
