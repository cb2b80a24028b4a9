/** What expectations ask to be printed tells states and outcomes apart, in every search. */
import assert from 'node:assert/strict';
import { searchMachine } from '../../src/explore/explore.ts';
import { simplifyAll } from '../../src/explore/simplify.ts';
import { DEFAULT_SETTINGS, type ExploreSettings } from '../../src/explore/types.ts';
import { decide } from '../../src/explore/verdict.ts';
import { expectationsFor, isMet } from '../../src/run/expectations.ts';
import { load } from '../../src/run/load.ts';
import { imageOf, outcomesOf, search, Threads } from './support.ts';

/** Two threads print, and the state at the end is the same whoever was first. */
function twoPrint(expectations: string): string {
  return `runtime threads
scenario Two ${expectations} {
	var wg sync.WaitGroup
	wg.Add(2)
	go func() { print("a"); println(" first"); wg.Done() }()
	go func() { println("b"); wg.Done() }()
	wg.Wait()
}
`;
}

const variants: Readonly<Record<string, Partial<ExploreSettings>>> = {
  'with reduction': {},
  'without reduction': { reduction: false },
  'whole states stored': { exact: true },
  'shortest first': { strategy: 'shortest' },
  'shortest first, whole states stored': { strategy: 'shortest', exact: true },
  'fewest preemptions first': { strategy: 'bounded', bound: 100 },
  'random executions': { strategy: 'random', executions: 300 },
  PCT: { strategy: 'pct', executions: 300 },
};

describe('what is printed', () => {
  const sometimes = imageOf(
    twoPrint('expect sometimes ok prints "a", "b" expect sometimes ok prints "b", "a"'),
  );
  const both = ['ok  [["a","b"]]', 'ok  [["b","a"]]'];

  for (const [variant, settings] of Object.entries(variants)) {
    it(`is told apart: ${variant}`, () =>
      assert.deepEqual(
        outcomesOf(search(sometimes, settings)).filter((one) => one !== 'ok  []'),
        both,
      ));
  }

  it('is told apart in the middle of a line', () => {
    const image = imageOf(`runtime threads
scenario Line expect sometimes ok prints "ab" expect sometimes ok prints "ba" {
	var wg sync.WaitGroup
	wg.Add(2)
	go func() { print("a"); wg.Done() }()
	go func() { print("b"); wg.Done() }()
	wg.Wait()
	println()
}
`);
    for (const settings of Object.values(variants)) {
      assert.deepEqual(outcomesOf(search(image, settings)), ['ok  [["ab"]]', 'ok  [["ba"]]']);
    }
  });

  it('is told apart where races end runs in the middle', () => {
    const text = `runtime go1.23 maxms 3
var x int
scenario Races expect sometimes race prints "y" {
	go func() {
		x = 1
		panic("y")
	}()
	x = 2
	x = 3
}
`;
    const { image } = load({ path: 'races.coro', text }, { races: 'always' });
    assert.ok(image);
    const all = outcomesOf(search(image, { reduction: false }));
    assert.ok(all.filter((one) => one.startsWith('race ')).length > 3, all.join('\n'));
    assert.deepEqual(outcomesOf(search(image)), all);
  });

  it('is told apart by two workers', async () => {
    const threads = new Threads(2);
    try {
      const result = await threads.search(sometimes);
      assert.deepEqual(outcomesOf(result), outcomesOf(search(sometimes)));
    } finally {
      await threads.end();
    }
  });

  it('is kept when schedules are made simpler', () => {
    const result = search(sometimes);
    simplifyAll(sometimes, DEFAULT_SETTINGS, result);
    const machine = searchMachine(sometimes, false);
    const expectations = expectationsFor(sometimes.scenario.expectations, sometimes.profile);
    for (const { schedule, prints } of result.outcomes) {
      machine.reset();
      for (const { thread, answer } of schedule) machine.step(thread, answer);
      const text = machine.output.map((one) => one.text).join('');
      const met = expectations.filter((one) => isMet(one, { outcome: machine.outcome(), text }));
      assert.deepEqual(
        prints,
        met.map((one) => one.prints),
      );
    }
  });

  function check(expectations: string, expected: string): void {
    const image = imageOf(twoPrint(expectations));
    const natural = { outcome: { kind: 'ok', message: '' }, text: 'a first\nb\n' } as const;
    const budget = { states: 5000, seconds: 100 };
    const { verdict, because } = decide(image, image.scenario.expectations, natural, budget);
    assert.equal([verdict, because].join(' ').trim(), expected);
  }

  it('decides what must happen sometimes', () =>
    check('expect sometimes ok prints "a", "b" expect sometimes ok prints "b", "a"', 'passed'));
  it('decides what must happen always', () => check('expect ok prints "a", "b"', 'failed'));
  it('decides what happens always', () => check('expect ok prints "b"', 'passed'));
  it('decides what happens never', () =>
    check(
      'expect sometimes ok expect sometimes ok prints "a", "a"',
      'failed ok prints "a", "a" on no schedule',
    ));
});
