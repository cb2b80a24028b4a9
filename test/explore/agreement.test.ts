/**
 * The search agrees with itself: whatever the strategy, with reduction and without, hashed and
 * exact, by one worker and by two, the same outcomes are found.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { outcomeKey } from '../../src/explore/prints.ts';
import type { ExploreResult, ExploreSettings } from '../../src/explore/types.ts';
import { load } from '../../src/run/load.ts';
import { countsOf, imageOf, outcomesOf, search, Threads } from './support.ts';

/** A scenario that has more states without reduction is compared no further. */
const SMALL = 4000;

const variants: Readonly<Record<string, Partial<ExploreSettings>>> = {
  'shortest first': { strategy: 'shortest' },
  'shortest first, whole states stored': { strategy: 'shortest', exact: true },
  'whole states stored': { exact: true },
  'whole states stored, without reduction': { exact: true, reduction: false },
  'without reduction': { reduction: false },
  'fewest preemptions first': { strategy: 'bounded', bound: 1000 },
};

/** By outcome: the steps of its schedule. */
function lengthsOf({ outcomes }: ExploreResult): Map<string, number> {
  return new Map(outcomes.map((one) => [outcomeKey(one), one.schedule.length]));
}

/** No schedule is shorter than the shortest. */
function checkLengths(
  result: ExploreResult,
  shortest: ReadonlyMap<string, number>,
  what: string,
): void {
  for (const [outcome, steps] of lengthsOf(result)) {
    const fewest = shortest.get(outcome) ?? 0;
    assert.ok(fewest <= steps, `${what}: ${outcome} in ${steps} steps, not ${fewest}`);
  }
}

interface Sample {
  readonly name: string;
  readonly path: string;
  readonly scenario: string;
  readonly runtime: string | undefined;
}

/** A thread that waits for a word touches it; so does one that only locks what another tries. */
const waitingTouches = `runtime threads
scenario Random {
	var mu, mu2 sync.Mutex
	go func() {
		mu2.Lock()
		mu.Lock()
	}()
	if mu2.TryLock() {
		println("free")
	}
	mu.Lock()
}
`;

/** What comes between a lock and the next operation matters. */
const lockThatSlept = `runtime threads
scenario Random {
	a, b, plain := uint32(0), uint32(0), 0
	var mu sync.Mutex
	go func() {
		if atomic.CompareAndSwapUint32(&a, 1, 2) {
			mu.Lock()
		}
		atomic.AddUint32(&a, 1)
		mu.Lock()
		plain += 2
		mu.Unlock()
	}()
	mu.Lock()
	atomic.AddUint32(&a, 1)
	mu.Unlock()
	atomic.StoreUint32(&b, 2)
	if a == 1 && b == 2 {
		fail("one and two", plain)
	}
	mu.Lock()
}
`;

/** Who unlocks what another one holds does not hold it: the order of two unlocks matters. */
const unlockedByAnother = `runtime threads
scenario Random {
	a := uint32(0)
	var mu sync.Mutex
	go func() {
		mu.Lock()
		atomic.AddUint32(&a, 1)
		mu.Unlock()
	}()
	mu.Unlock()
	fail("unlocked")
}
`;

/** The same within an atomic section. */
const unlockedInSection = `runtime threads
scenario Random {
	a := uint32(0)
	var mu sync.Mutex
	go func() {
		mu.Lock()
		a++
		mu.Unlock()
	}()
	runtime.Atomically(func() { mu.Unlock() })
	fail("unlocked")
}
`;

/** Two threads free a frame, and the process ends before the second one fails. */
const freedTwice = `runtime zig0.2
scenario Random {
	var loop zig.Loop
	n := 0
	p := zig.Async(func() {
		zig.SuspendWith(func(p *zig.Frame) { loop.Add(p) })
		n += 5
	})
	zig.Thread(func() { zig.Cancel(p) })
	zig.Cancel(p)
	zig.Cancel(p)
	if n > 1 {
		fail("n", n)
	}
}
`;

/** What package fmt reads is part of what a remembered step depends on. */
const textOfWhatOthersWrite = `runtime threads
type pair struct{ a, b int }
scenario Random {
	var mu sync.Mutex
	p := pair{}
	go func() {
		mu.Lock()
		p.a = 1
		mu.Unlock()
	}()
	mu.Lock()
	text := fmt.Sprint(&p)
	mu.Unlock()
	fail(text)
}
`;

/** Every scenario on every profile that it names. */
function samples(): Sample[] {
  const found: Sample[] = [];
  for (const folder of readdirSync('test/scenarios')) {
    for (const file of readdirSync(`test/scenarios/${folder}`)) {
      const path = `test/scenarios/${folder}/${file}`;
      const { scenarios } = load({ path, text: readFileSync(path, 'utf8') }, {});
      for (const { name, expectations } of scenarios) {
        const named = expectations.flatMap(({ profile }) => (profile === null ? [] : [profile]));
        for (const runtime of [undefined, ...new Set(named)]) {
          const shown = `${file} ${name}${runtime === undefined ? '' : ` on ${runtime}`}`;
          found.push({ name: shown, path, scenario: name, runtime });
        }
      }
    }
  }
  return found;
}

describe('the search agrees with itself', () => {
  let compared = 0;
  const threads = new Threads(2);
  after(() => threads.end());
  for (const { name, path, scenario, runtime } of samples()) {
    it(name, async () => {
      const image = imageOf(readFileSync(path, 'utf8'), scenario, runtime, path);
      const reference = search(image, { reduction: false, stateLimit: SMALL });
      const reduced = search(image, { stateLimit: SMALL });
      if (!reference.complete) {
        // What a part of a search has found, the whole one must have found, too.
        if (reduced.complete) {
          const all = outcomesOf(reduced);
          for (const one of outcomesOf(reference)) assert.ok(all.includes(one), one);
        }
        return;
      }
      compared++;
      assert.deepEqual(outcomesOf(reduced), outcomesOf(reference));
      let shortest = new Map<string, number>();
      for (const [variant, settings] of Object.entries(variants)) {
        const result = search(image, { ...settings, stateLimit: 4 * SMALL });
        assert.ok(result.complete, `${variant}: ${result.incompleteBecause}`);
        assert.deepEqual(outcomesOf(result), outcomesOf(reference), variant);
        if (settings.strategy === 'shortest') {
          assert.deepEqual(countsOf(result), countsOf(reference), variant);
          shortest = lengthsOf(result);
        }
        checkLengths(result, shortest, variant);
      }
      for (const strategy of ['random', 'pct'] as const) {
        const some = search(image, { strategy, executions: 50 });
        for (const one of outcomesOf(some)) assert.ok(shortest.has(one), `${strategy}: ${one}`);
        checkLengths(some, shortest, strategy);
      }
      const byTwo = await threads.search(image, { stateLimit: 4 * SMALL });
      assert.ok(byTwo.complete, `two workers: ${byTwo.incompleteBecause}`);
      assert.deepEqual(outcomesOf(byTwo), outcomesOf(reference), 'two workers');
      const all = await threads.search(image, { stateLimit: 4 * SMALL, reduction: false });
      assert.deepEqual(countsOf(all), countsOf(reference), 'two workers, without reduction');
    });
  }

  // Found by random programs.
  for (const [name, text, outcome] of [
    ['a lock that is taken after another thread has moved', lockThatSlept, 'fail one and two 2'],
    ['a lock that is waited for', waitingTouches, 'deadlock all threads wait'],
    ['a lock that another thread unlocks', unlockedByAnother, 'fail unlocked'],
    ['a lock that a section unlocks', unlockedInSection, 'fail unlocked'],
    ['a frame that is freed twice', freedTwice, 'ok '],
    ['a text of what another thread has written', textOfWhatOthersWrite, 'fail &{1 0}'],
  ]) {
    it(name, () => {
      const image = imageOf(text);
      const reference = outcomesOf(search(image, { reduction: false }));
      assert.ok(reference.includes(outcome), reference.join());
      assert.deepEqual(outcomesOf(search(image)), reference);
    });
  }

  it('and most scenarios were small enough to tell', () => {
    assert.ok(compared >= 50, `only ${compared} were`);
  });
});
