/** What is known about scenarios is what the search finds. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { simplifyAll } from '../../src/explore/explore.ts';
import { DEFAULT_SETTINGS } from '../../src/explore/types.ts';
import { Machine } from '../../src/machine/machine.ts';
import { load } from '../../src/run/load.ts';
import { outcomesOf, scenarioImage, search } from './support.ts';

describe('known answers', () => {
  it('next racing with stop switches to a coro that has exited', () => {
    const image = scenarioImage('go/races.coro', 'NextRacesStop', 'go1.23');
    const result = search(image, { strategy: 'bounded', bound: 2, stateLimit: 100_000 });
    assert.ok(outcomesOf(result).includes('throw coroswitch on exited coro'));
  });

  it('the wake-up of the cleanup queue is lost with one preemption', () => {
    const image = scenarioImage('go/cleanup.coro', 'LostWakeupBelowCap', 'go1.25-pre');
    const result = search(image, { strategy: 'bounded', bound: 1, stateLimit: 100_000 });
    assert.ok(
      result.outcomes.some(({ kind }) => kind === 'stuck'),
      outcomesOf(result).join(', '),
    );
  });

  it('a resume races with a cancel', () => {
    const image = scenarioImage('zig/cancel.coro', 'ResumeRacesCancel', 'zig0.2');
    const result = search(image);
    assert.deepEqual([...new Set(result.outcomes.map(({ kind }) => kind))].sort(), [
      'ok',
      'use-after-free',
    ]);
    assert.ok(result.complete);
    const mended = search(scenarioImage('zig/cancel.coro', 'ResumeRacesCancel', 'zig-1363'));
    assert.deepEqual(outcomesOf(mended), ['ok ']);
    assert.ok(mended.complete);
  });

  for (const file of ['go/lockosthread.coro', 'go/cgocallback.coro']) {
    const text = readFileSync(`test/scenarios/${file}`, 'utf8');
    for (const { name } of load({ path: file, text }, {}).scenarios) {
      it(`${name} has one outcome on every schedule`, () => {
        const result = search(scenarioImage(file, name, 'go1.23'));
        assert.ok(result.complete, result.incompleteBecause);
        assert.equal(result.outcomes.length, 1, outcomesOf(result).join(', '));
      });
    }
  }
});

describe('witnesses', () => {
  it('are the simplest, and lead to their outcome', () => {
    const image = scenarioImage('zig/cancel.coro', 'ResumeRacesCancel', 'zig0.2');
    const result = search(image);
    simplifyAll(image, DEFAULT_SETTINGS, result);
    for (const found of result.outcomes) {
      assert.ok(found.preemptions >= 0 && found.preemptions <= 1, `${found.preemptions}`);
      assert.equal(replay(image, found.schedule), `${found.kind} ${found.message}`);
    }
  });
});

function replay(
  image: ReturnType<typeof scenarioImage>,
  schedule: readonly { thread: number; answer: number }[],
): string {
  const machine = new Machine(image);
  for (const { thread, answer } of schedule) {
    assert.ok(machine.isEnabled(thread));
    machine.step(thread, answer);
  }
  const outcome = machine.outcome();
  return outcome === null ? 'none' : `${outcome.kind} ${outcome.message}`;
}
