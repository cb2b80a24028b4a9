/** Random, PCT and bounded searches by several workers find what one finds. */
import assert from 'node:assert/strict';
import type { ExploreSettings } from '../../src/explore/types.ts';
import { Breakpoints } from '../../src/run/breakpoints.ts';
import { load } from '../../src/run/load.ts';
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

describe('shards by several workers', () => {
  const threads = new Threads(3);
  after(() => threads.end());

  /** The same outcomes as one worker's; of numbered executions, the same counts. */
  async function check(settings: Partial<ExploreSettings>): Promise<void> {
    const image = scenarioImage('zig/cancel.coro', 'ResumeRacesCancel', 'zig0.2');
    const one = search(image, settings);
    const three = await threads.searchShards(image, settings);
    assert.deepEqual(outcomesOf(three), outcomesOf(one).sort());
    assert.equal(three.complete, one.complete);
    assert.equal(three.incompleteBecause, one.incompleteBecause);
    if (settings.strategy === 'bounded') return;
    const { transitions: _, ...counts } = countsOf(three);
    const { transitions: __, ...expected } = countsOf(one);
    assert.deepEqual(counts, expected);
    assert.deepEqual(three.pct, one.pct);
    assert.equal(three.pctProbability, one.pctProbability);
  }

  it('of random executions', () => check({ strategy: 'random', executions: 1000, seed: 7 }));
  it('of PCT', () => check({ strategy: 'pct', executions: 1000, seed: 7 }));
  it('of a part of PCT', () =>
    check({ strategy: 'pct', executions: 1000, shard: { index: 1, count: 3 } }));
  it('of few preemptions', () => check({ strategy: 'bounded', bound: 1 }));
  it('of all preemptions', () => check({ strategy: 'bounded', bound: 100 }));

  it('of random executions that all race before the first choice', async () => {
    const text = `runtime go1.23 gomaxprocs 1
var n int
scenario Early {
	go func() { n = 1 }()
	time.Sleep(time.Second)
	n = 2
	c := make(chan int)
	go func() { c <- 1 }()
	go func() { c <- 2 }()
	<-c
}
`;
    const { image } = load({ path: 'early.coro', text }, { races: 'always' });
    assert.ok(image);
    const settings = { strategy: 'random', executions: 60 } as const;
    const one = countsOf(search(image, settings));
    assert.deepEqual(one.outcomes, ['race n: write at early.coro:4, write at early.coro:6 60']);
    assert.deepEqual(countsOf(await threads.searchShards(image, settings)).outcomes, one.outcomes);
  });

  async function checkBound(settings: Partial<ExploreSettings>, expected: RegExp): Promise<void> {
    const result = await threads.searchShards(imageOf(counting), settings);
    assert.match(result.incompleteBecause, expected);
    assert.equal(result.complete, false);
  }

  it('end within so many states', () =>
    checkBound(
      { strategy: 'bounded', stateLimit: 5000, bound: 100 },
      /within 5000 states \(--lim/,
    ));
  it('end within the memory', () =>
    checkBound(
      { strategy: 'bounded', budgetBytes: 90_000, bound: 100 },
      /MB are full .*\(--memory/,
    ));
  it('end within the seconds', () =>
    checkBound(
      { strategy: 'random', executions: 1_000_000_000, secondsLimit: 0.2 },
      /within 0\.2 seconds/,
    ));

  it('end when they are cancelled, and give what they have found', async () => {
    const settings = { strategy: 'random', executions: 1_000_000_000, depthLimit: 100 } as const;
    const running = threads.startShards(imageOf(counting), settings);
    while (running.progress().outcomes === 0) await breath();
    running.stop('cancelled');
    while (running.advance()) await breath();
    const { incompleteBecause, outcomes } = running.result();
    assert.equal(incompleteBecause, 'cancelled');
    assert.equal(outcomes.length, 1);
  });

  it('end when one of them has reached a place', async () => {
    const image = scenarioImage('go/races.coro', 'NextRacesStop', 'go1.23');
    const points = new Breakpoints(image);
    const [placed] = points.setLines('test/scenarios/go/races.coro', [{ id: 1, line: 20 }]);
    assert.ok(placed.verified);
    const target = { stops: points.stops, name: 'races.coro:20', condition: null };
    const settings = { strategy: 'random', executions: 1_000_000_000, target } as const;
    const result = await threads.searchShards(image, settings);
    assert.ok(outcomesOf(result).includes('reached races.coro:20'), outcomesOf(result).join());
    assert.deepEqual([result.complete, result.incompleteBecause], [false, '']);
  });
});
