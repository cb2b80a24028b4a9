/** Parts of a search, put together, are the whole search. */
import assert from 'node:assert/strict';
import { mergeResults } from '../../src/explore/merge.ts';
import type { ExploreSettings } from '../../src/explore/types.ts';
import { countsOf, outcomesOf, scenarioImage, search } from './support.ts';

function check(settings: Partial<ExploreSettings>, count: number): void {
  const image = scenarioImage('zig/cancel.coro', 'ResumeRacesCancel', 'zig0.2');
  const whole = search(image, settings);
  const parts = Array.from({ length: count }, (_, index) =>
    search(image, { ...settings, shard: { index, count } }),
  );
  const merged = mergeResults(parts);
  assert.deepEqual(outcomesOf(merged), outcomesOf(whole));
  assert.equal(merged.complete, whole.complete);
  if (settings.strategy !== 'bounded') {
    const { transitions: _, ...counts } = countsOf(merged);
    const { transitions, ...expected } = countsOf(whole);
    assert.deepEqual(counts, expected);
    // The steps before the first choice are made once in each part.
    assert.ok(merged.transitions >= transitions);
  }
  assert.deepEqual(mergeResults([...parts].reverse()), merged);
  // A part of the executions each; with fewest preemptions first, parts are of any size.
  if (settings.strategy === 'bounded') return;
  for (const part of parts) assert.ok(part.executions <= Math.ceil(whole.executions / count));
}

describe('shards', () => {
  it('what was not counted is not the simpler schedule', () => {
    const result = search(scenarioImage('zig/cancel.coro', 'ResumeRacesCancel', 'zig0.2'));
    const [found] = result.outcomes;
    const part = (visibleSteps: number) => ({
      ...result,
      outcomes: [{ ...found, preemptions: 1, visibleSteps }],
    });
    for (const parts of [
      [part(-1), part(7)],
      [part(7), part(-1)],
    ]) {
      assert.equal(mergeResults(parts).outcomes[0].visibleSteps, 7);
    }
  });

  it('say once why they are not complete', () => {
    const result = search(scenarioImage('zig/cancel.coro', 'ResumeRacesCancel', 'zig0.2'));
    const cut = (incompleteBecause: string) => ({ ...result, complete: false, incompleteBecause });
    const merged = mergeResults([cut(''), cut('cut off'), cut('cut off')]);
    assert.equal(merged.incompleteBecause, 'cut off');
  });
  for (const count of [1, 2, 3, 7]) {
    it(`${count} of random executions`, () =>
      check({ strategy: 'random', executions: 200 }, count));
    it(`${count} of PCT`, () => check({ strategy: 'pct', executions: 200 }, count));
    it(`${count} of all bounds`, () => check({ strategy: 'bounded', bound: 100 }, count));
    it(`${count} of bound 1`, () => check({ strategy: 'bounded', bound: 1 }, count));
  }
});
