/** Several workers keep the bounds of one search together, and end when they are asked to. */
import assert from 'node:assert/strict';
import process from 'node:process';
import type { ExploreSettings } from '../../src/explore/types.ts';
import { Breakpoints } from '../../src/run/breakpoints.ts';
import { randomOf } from '../machine/random.ts';
import { freshSeed } from '../seed.ts';
import { randomScenario } from './random-programs.ts';
import {
  breath,
  counting,
  countsOf,
  imageOf,
  outcomesOf,
  scenarioImage,
  search,
  Threads,
} from './support.ts';

const PROGRAMS = 25;

describe('a search by several workers', () => {
  const threads = new Threads(3);
  after(() => threads.end());

  async function check(settings: Partial<ExploreSettings>, expected: RegExp): Promise<void> {
    const result = await threads.search(imageOf(counting), { reduction: false, ...settings });
    const said = [result.incompleteBecause, ...outcomesOf(result)].join('\n');
    assert.match(said, expected);
    assert.ok(!result.complete || result.outcomes.some(({ kind }) => kind === 'limit'));
  }

  it('ends within so many states', async () => {
    await check({ stateLimit: 20_000 }, /within 20000 states \(--limit/);
    const { states } = await threads.search(imageOf(counting), { stateLimit: 20_000 });
    assert.ok(states > 15_000 && states <= 20_000, `${states}`);
  });
  it('needs no more states than there are', async () => {
    const image = scenarioImage('go/races.coro', 'LostUpdate');
    const { states } = search(image, { reduction: false });
    const enough = await threads.search(image, { reduction: false, stateLimit: states });
    assert.ok(enough.complete, enough.incompleteBecause);
    await check({ stateLimit: 3 }, /within 3 states \(--limit/);
  });
  it('ends within the memory', () => check({ budgetBytes: 480_000 }, /MB are full .*\(--memory/));
  it('ends within the seconds', () => check({ secondsLimit: 0.2 }, /within 0\.2 seconds/));
  it('ends within the depth', () =>
    check({ depthLimit: 300, stateLimit: 5000 }, /limit .* more than 300 steps.*\(--depth/));

  it('ends when it is cancelled, and gives what it has found', async () => {
    const running = threads.start(imageOf(counting), { reduction: false });
    while (running.progress().states < 1000) await breath();
    running.stop('cancelled');
    while (running.advance()) await breath();
    const result = running.result();
    assert.equal(result.incompleteBecause, 'cancelled');
    assert.ok(!result.complete && result.states >= 1000);
  });

  it('grows its table without losing a state', async () => {
    const image = scenarioImage('go/races.coro', 'NextRacesStop', 'go1.23');
    const one = search(image, { reduction: false });
    const three = await threads.search(image, { reduction: false });
    assert.deepEqual(
      [three.complete, three.states, three.transitions, three.executions],
      [true, one.states, one.transitions, one.executions],
    );
    assert.deepEqual(outcomesOf(three), outcomesOf(one).sort());
  });

  it('agrees with one alone on random programs', async () => {
    const seed = Number(process.env.SEED ?? freshSeed());
    for (let i = 0; i < PROGRAMS; i++) {
      const text = randomScenario(randomOf(seed + i));
      const image = imageOf(text);
      const hint = `SEED=${seed + i}\n${text}`;
      const one = search(image, { reduction: false, stateLimit: 20_000 });
      if (!one.complete) continue;
      assert.deepEqual(outcomesOf(search(image)), outcomesOf(one), hint);
      const three = await threads.search(image, { reduction: false });
      assert.deepEqual(countsOf(three), countsOf(one), hint);
      const reduced = await threads.search(image);
      assert.deepEqual([reduced.complete, outcomesOf(reduced)], [true, outcomesOf(one)], hint);
    }
  });

  it('finds a place', async () => {
    const image = scenarioImage('go/races.coro', 'NextRacesStop', 'go1.23');
    const points = new Breakpoints(image);
    const [placed] = points.setLines('test/scenarios/go/races.coro', [{ id: 1, line: 20 }]);
    assert.ok(placed.verified);
    const target = { stops: points.stops, name: 'races.coro:20', condition: null };
    const result = await threads.search(image, { target });
    assert.ok(outcomesOf(result).includes('reached races.coro:20'), outcomesOf(result).join());
    assert.ok(!result.complete);
  });
});
