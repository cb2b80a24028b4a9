/**
 * Small programs with an outcome that a reduction could lose: each is found under every option. The
 * outcomes beside them were found without reduction; they come first when a search is broken.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { ExploreResult, ExploreSettings } from '../../src/explore/types.ts';
import { load } from '../../src/run/load.ts';
import { checkGolden } from '../golden.ts';
import { imageOf, outcomesOf, search, Threads } from './support.ts';

const folder = 'test/explore/lost-outcomes';
const files = ['waits', 'locks', 'sections', 'endless', 'range-bodies'];

const endlessStep = 'a run was given up in a step without an end';

const variants: Readonly<Record<string, Partial<ExploreSettings>>> = {
  'with reduction': {},
  'whole states stored': { exact: true },
  'whole states stored, without reduction': { exact: true, reduction: false },
  'shortest first': { strategy: 'shortest' },
  'fewest preemptions first': { strategy: 'bounded', bound: 1000 },
};

/** The search came to its end: a step without an end is one of those that were expected. */
function checkWhole(result: ExploreResult, what: string): void {
  const { complete, incompleteBecause } = result;
  assert.ok(complete || incompleteBecause === endlessStep, `${what}: ${incompleteBecause}`);
}

describe('outcomes that a reduction could lose', () => {
  const threads = new Threads(2);
  after(() => threads.end());
  for (const file of files) {
    const path = `${folder}/${file}.coro`;
    const text = readFileSync(path, 'utf8');
    const expected: string[] = [];
    for (const { name } of load({ path, text }, {}).scenarios) {
      it(`${file}: ${name}`, async () => {
        const image = imageOf(text, name, undefined, path);
        const reference = search(image, { reduction: false });
        checkWhole(reference, 'without reduction');
        const all = outcomesOf(reference);
        expected.push(name, ...all.map((one) => `    ${one.trim()}`));
        for (const [variant, settings] of Object.entries(variants)) {
          const result = search(image, settings);
          checkWhole(result, variant);
          assert.deepEqual(outcomesOf(result), all, variant);
        }
        for (const reduction of [true, false]) {
          const byTwo = await threads.search(image, { reduction });
          checkWhole(byTwo, 'two workers');
          assert.deepEqual(outcomesOf(byTwo), all, 'two workers');
        }
        for (const strategy of ['random', 'pct'] as const) {
          const some = search(image, { strategy, executions: 30 });
          for (const one of outcomesOf(some)) assert.ok(all.includes(one), `${strategy}: ${one}`);
        }
      });
    }
    it(`${file}: the outcomes are those expected`, () => {
      checkGolden(`${folder}/${file}.txt`, `${expected.join('\n')}\n`);
    });
  }

  it('what a body captures races as what any closure captures', () => {
    const path = `${folder}/range-bodies.coro`;
    const text = readFileSync(path, 'utf8');
    for (const scenario of ['Concurrent', 'Method', 'EscapesFromBody']) {
      const { image } = load({ path, text }, { scenario, races: 'always' });
      assert.ok(image);
      const all = outcomesOf(search(image, { reduction: false }));
      assert.ok(
        all.some((one) => one.startsWith('race n: ')),
        `${scenario}: ${all.join()}`,
      );
      assert.deepEqual(outcomesOf(search(image)), all, scenario);
    }
  });
});
