/** A search that cannot end says which bound it has reached, and how to raise it. */
import assert from 'node:assert/strict';
import process from 'node:process';
import { startSearch } from '../../src/explore/explore.ts';
import { DEFAULT_SETTINGS, type ExploreSettings } from '../../src/explore/types.ts';
import { Breakpoints } from '../../src/run/breakpoints.ts';
import { imageOf, outcomesOf, search } from './support.ts';

const endless = `runtime threads
scenario Endless {
	x := uint32(0)
	go func() {
		for {
			atomic.StoreUint32(&x, 1)
			atomic.StoreUint32(&x, 0)
		}
	}()
	for {
		atomic.LoadUint32(&x)
	}
}
`;

const counting = `runtime threads
scenario Counting {
	x := uint32(0)
	go func() {
		for {
			atomic.AddUint32(&x, 1)
		}
	}()
	for {
		atomic.AddUint32(&x, 1)
	}
}
`;

const standstill = `runtime threads
scenario Standstill {
	var mu sync.Mutex
	mu.Lock()
	mu.Lock()
}
`;

function check(text: string, settings: Partial<ExploreSettings>, expected: RegExp): void {
  const result = search(imageOf(text), settings);
  const said = [result.incompleteBecause, ...outcomesOf(result)].join('\n');
  assert.match(said, expected);
  assert.ok(!result.complete || result.outcomes.some(({ kind }) => kind === 'limit'));
}

describe('limits of a search', () => {
  it('an endless loop has few states, all of which are covered', () => {
    const result = search(imageOf(endless));
    assert.ok(result.complete, result.incompleteBecause);
    assert.deepEqual(outcomesOf(result), []);
    assert.ok(result.states < 1000);
  });
  it('states', () => check(counting, { stateLimit: 2000 }, /within 2000 states \(--limit/));
  it('memory', () => check(counting, { budgetBytes: 48_000 }, /MB are full .*\(--memory/));
  it('depth', () =>
    check(
      counting,
      { depthLimit: 500, stateLimit: 5000 },
      /limit .* more than 500 steps.*\(--depth/,
    ));
  it('seconds', () => check(counting, { secondsLimit: 0.05 }, /within 0\.05 seconds \(--seconds/));
  it('preemptions', () =>
    check(
      counting,
      { strategy: 'bounded', bound: 0, depthLimit: 300 },
      /more than 0 preemptions .*--bound/,
    ));
  it('states, shortest first', () =>
    check(counting, { strategy: 'shortest', stateLimit: 2000 }, /within 2000 states \(--limit/));
  it('memory, shortest first', () =>
    check(
      counting,
      { strategy: 'shortest', budgetBytes: 3_000_000, stateLimit: 9_000_000 },
      /3 MB are full .*\(--memory/,
    ));
  it('depth, shortest first', () =>
    check(counting, { strategy: 'shortest', depthLimit: 100 }, /limit .* more than 100 steps/));
  it('executions', () =>
    check(
      counting,
      { strategy: 'random', executions: 7, depthLimit: 100 },
      /random executions prove nothing/,
    ));

  for (const [name, settings] of Object.entries({
    exhaustive: {},
    'without reduction': { reduction: false },
    'whole states stored': { exact: true },
    'shortest first': { strategy: 'shortest' },
    'fewest preemptions first': { strategy: 'bounded', bound: 100 },
  } as const)) {
    it(`as many states as there are is enough: ${name}`, () => {
      const image = imageOf(endless);
      const { states } = search(image, settings);
      const enough = search(image, { ...settings, stateLimit: states });
      assert.ok(enough.complete, enough.incompleteBecause);
      assert.equal(enough.states, states);
      const few = search(image, { ...settings, stateLimit: states - 1 });
      assert.match(few.incompleteBecause, new RegExp(`within ${states - 1} states`));
      assert.equal(few.states, states - 1);
    });
  }

  for (const [name, settings] of Object.entries({
    exhaustive: {},
    'without reduction': { reduction: false },
    'shortest first': { strategy: 'shortest' },
    'fewest preemptions first': { strategy: 'bounded', bound: 100 },
    'random executions': { strategy: 'random', executions: 5 },
    PCT: { strategy: 'pct', executions: 5 },
  } as const)) {
    it(`as many steps as a standstill takes are enough: ${name}`, () => {
      const image = imageOf(standstill);
      const { depth } = search(image, settings);
      const enough = search(image, { ...settings, depthLimit: depth });
      assert.deepEqual(outcomesOf(enough), ['deadlock all threads wait']);
      const few = search(image, { ...settings, depthLimit: depth - 1 });
      assert.ok(outcomesOf(few).some((one) => /^limit .* more than \d+ steps?/.test(one)));
    });
  }

  it('memory stays within the budget', () => {
    const result = search(imageOf(counting), { budgetBytes: 48_000, reduction: false });
    assert.ok(result.states <= 48_000 / 12);
  });
  it('memory stays within the budget, shortest first', () => {
    const budgetBytes = 3_000_000;
    const result = search(imageOf(counting), { budgetBytes, strategy: 'shortest' });
    assert.ok(result.states > 10_000 && result.states <= budgetBytes / 32, `${result.states}`);
  });
  it('memory, with whole states stored', () =>
    check(counting, { budgetBytes: 100_000, exact: true }, /MB are full .*\(--memory/));
  it('whole states stay within the budget', () => {
    const budgetBytes = 2_000_000;
    const search = startSearch(imageOf(counting), {
      ...DEFAULT_SETTINGS,
      budgetBytes,
      exact: true,
      reduction: false,
    });
    const before = process.memoryUsage().arrayBuffers;
    while (search.advance(1000));
    const grown = process.memoryUsage().arrayBuffers - before;
    assert.ok(search.result().states > 2000, `${search.result().states} states`);
    // The machine's undo log and the path grow, too.
    assert.ok(grown < 4 * budgetBytes, `${grown} bytes`);
  });
});

describe('a place that is looked for', () => {
  const text = `runtime threads
scenario Places {
	x := uint32(0)
	go func() {
		atomic.StoreUint32(&x, 1)
	}()
	y := atomic.LoadUint32(&x)
	if y == 1 {
		println("late")
	}
	println("done", y)
}
`;
  function reach(
    line: number,
    condition: string | null,
    reduction = true,
    strategy: ExploreSettings['strategy'] = 'exhaustive',
  ) {
    const image = imageOf(text);
    const points = new Breakpoints(image);
    const [placed] = points.setLines('test.coro', [{ id: 1, line }]);
    assert.ok(placed.verified);
    const target = { stops: points.stops, name: `test.coro:${line}`, condition };
    const found = startSearch(image, { ...DEFAULT_SETTINGS, target, reduction, strategy });
    while (found.advance(100));
    return found.result().outcomes.filter(({ kind }) => kind === 'reached');
  }
  it('is reached', () => assert.equal(reach(9, null).length, 1));
  it('is reached without reduction', () => assert.equal(reach(9, null, false).length, 1));
  it('is reached on the shortest schedule', () => {
    const [shortest] = reach(9, null, true, 'shortest');
    const [other] = reach(9, null);
    assert.ok(shortest.schedule.length <= other.schedule.length);
  });
  it('is reached where a condition holds', () => {
    const [found] = reach(11, 'y == 1');
    assert.ok(found.schedule.length > 0);
  });
  it('is not reached where none does', () => assert.equal(reach(11, 'y == 7').length, 0));
});
