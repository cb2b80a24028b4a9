/**
 * One small program for each mechanism of the search: with the mechanism broken, an outcome is
 * missing here within a second. `counterexamples.expected.txt` has the outcomes of all.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { DEFAULT_SETTINGS, type ExploreSettings } from '../../src/explore/types.ts';
import { VisitedTable, entriesWithin, NEW_STATE } from '../../src/explore/visited.ts';
import { decide } from '../../src/explore/verdict.ts';
import { checkGolden } from '../golden.ts';
import { imageOf, outcomesOf, search } from './support.ts';

const variants: Readonly<Record<string, Partial<ExploreSettings>>> = {
  'with reduction': {},
  'without reduction': { reduction: false },
  'whole states stored': { exact: true },
  'shortest first': { strategy: 'shortest' },
};

/** Each scenario of a file with its outcomes; a variant that finds others is said, too. */
function check(file: string): void {
  const path = `test/explore/${file}.coro`;
  const text = readFileSync(path, 'utf8');
  let actual = '';
  for (const [, scenario] of text.matchAll(/^scenario (\w+)/gm)) {
    const image = imageOf(text, scenario, undefined, path);
    const found = Object.entries(variants).map(([variant, settings]) => {
      const result = search(image, settings);
      assert.ok(result.complete, `${scenario} ${variant}: ${result.incompleteBecause}`);
      return { variant, outcomes: outcomesOf(result).join('\n  ') };
    });
    actual += `${scenario}\n  ${found[0].outcomes}\n`;
    for (const { variant, outcomes } of found.slice(1)) {
      if (outcomes !== found[0].outcomes) actual += ` ${variant}:\n  ${outcomes}\n`;
    }
  }
  checkGolden(`test/explore/${file}.expected.txt`, actual);
}

describe('counterexamples', () => {
  it('of bare threads lose no outcome', () => check('counterexamples'));
  it('of Go lose no outcome', () => check('counterexamples-go'));

  it('a verdict that asks for an outcome which is never found is no pass', () => {
    const text = 'runtime threads\nscenario Never expect sometimes deadlock {\n}\n';
    const image = imageOf(text);
    const natural = { outcome: { kind: 'ok', message: '' }, text: '' } as const;
    const { stateLimit: states } = DEFAULT_SETTINGS;
    const verdict = decide(image, image.scenario.expectations, natural, { states, seconds: 0 });
    assert.equal(verdict.verdict, 'failed');
  });

  it('a verdict waits for an outcome that comes late in the search', () => {
    const text = readFileSync('test/explore/counterexamples.coro', 'utf8').replace(
      'scenario PassedOn',
      'scenario PassedOn expect sometimes fail "passed on"',
    );
    const image = imageOf(text, 'PassedOn');
    const natural = { outcome: { kind: 'ok', message: '' }, text: '' } as const;
    const verdict = decide(image, image.scenario.expectations, natural, {
      states: 10_000,
      seconds: 0,
    });
    assert.equal(verdict.verdict, 'passed');
  });

  it('the table of states keeps what it was given while it grows, and tells halves apart', () => {
    const table = new VisitedTable(1 << 24);
    const state = (low: number, high: number) => ({
      memory: new Int32Array(0),
      hashLow: low,
      hashHigh: high,
    });
    for (let i = 1; i <= 5000; i++) assert.equal(table.meet(state(i, i >> 1), i & 7), NEW_STATE);
    for (let i = 1; i <= 5000; i++) assert.equal(table.meet(state(i, i >> 1), i & 7), i & 7);
    assert.equal(table.size, 5000);
  });

  it('the table of states is full when its budget is used up', () => {
    const table = new VisitedTable(1 << 16);
    const most = entriesWithin(1 << 16);
    for (let i = 1; i < most; i++) table.insert(i, i);
    assert.equal(table.isFull(), false);
    table.insert(0x7fffffff, 1);
    assert.equal(table.isFull(), true);
  });
});
