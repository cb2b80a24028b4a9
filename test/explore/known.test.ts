/** What is known about scenarios is what the search finds. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { simplifyAll } from '../../src/explore/simplify.ts';
import { visibleSteps } from '../../src/explore/visible-steps.ts';
import { visibleTable } from '../../src/explore/witness-table.ts';
import type { Image } from '../../src/language/image.ts';
import { DEFAULT_SETTINGS } from '../../src/explore/types.ts';
import { Machine } from '../../src/machine/machine.ts';
import { Breakpoints } from '../../src/run/breakpoints.ts';
import { load } from '../../src/run/load.ts';
import { imageOf, outcomesOf, scenarioImage, search } from './support.ts';

describe('known answers', () => {
  it('next racing with stop switches to a coro that has exited', () => {
    const image = scenarioImage('go/races.coro', 'NextRacesStop', 'go1.23');
    const result = search(image, { strategy: 'bounded', bound: 2, stateLimit: 100_000 });
    assert.ok(outcomesOf(result).includes('throw coroswitch on exited coro'));
  });

  it('the wake-up of the cleanup queue is lost with two preemptions', () => {
    const image = scenarioImage('go/cleanup.coro', 'LostWakeupBelowCap', 'go1.25-pre');
    const result = search(image, { strategy: 'bounded', bound: 2, stateLimit: 100_000 });
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

describe('the cleanup queue', () => {
  const atCap = (runtime: string, gomaxprocs?: number) => {
    const path = 'test/scenarios/go/cleanup.coro';
    const options: Record<string, number> = gomaxprocs === undefined ? {} : { gomaxprocs };
    const request = { scenario: 'LostWakeupAtCap', runtime, options };
    const { image } = load({ path, text: readFileSync(path, 'utf8') }, request);
    assert.ok(image);
    const result = search(image);
    assert.ok(result.complete, result.incompleteBecause);
    return [...new Set(result.outcomes.map(({ kind }) => kind))].sort();
  };

  it('loses a wake-up at the cap with two Ps, and with one P not', () => {
    assert.deepEqual(atCap('go1.25-pre'), ['ok', 'stuck']);
    assert.deepEqual(atCap('go1.25-pre', 1), ['ok']);
  });

  it('loses none after the fix', () => {
    assert.deepEqual(atCap('go1.25'), ['ok']);
    const image = scenarioImage('go/cleanup.coro', 'LostWakeupBelowCap', 'go1.25');
    const result = search(image);
    assert.ok(result.complete, result.incompleteBecause);
    assert.deepEqual(outcomesOf(result), ['ok ']);
  });
});

describe('what the fix of the cleanup queue costs', () => {
  const file = 'go/cleanupcosts.coro';
  const text = readFileSync(`test/scenarios/${file}`, 'utf8').replaceAll('\\\n//', '');
  const commands = [...text.matchAll(/--reach (\S+):(\d+)(?: --when '(.*)')?/g)];
  for (const [index, name] of ['LockForNothing', 'MoreAskedFor'].entries()) {
    it(`${name} is reached as its comment says`, () => {
      const [, model, line, condition] = commands[index];
      const image = scenarioImage(file, name);
      const breakpoints = new Breakpoints(image);
      const path = `coroscope-model:/go/${model}`;
      const [placed] = breakpoints.setLines(path, [{ id: 1, line: Number(line) }]);
      assert.ok(placed.verified, placed.message);
      const target = { stops: breakpoints.stops, name, condition: condition ?? null };
      const result = search(image, { target });
      assert.ok(outcomesOf(result).includes(`reached ${name}`), outcomesOf(result).join(', '));
    });
  }
});

describe('a wait group on bare threads', () => {
  it('is not forgotten when an Add from zero comes between', () => {
    const image = imageOf(
      `runtime threads
scenario Reused {
	var wg sync.WaitGroup
	var done atomic.Int32
	wg.Add(1)
	go wg.Wait()
	wg.Done()
	wg.Wait()
	wg.Add(1)
	go func() {
		done.Store(1)
		wg.Done()
	}()
	wg.Wait()
	if done.Load() != 1 {
		fail("waited for nothing")
	}
}
`,
    );
    for (const reduction of [true, false]) {
      const result = search(image, { reduction });
      assert.ok(result.complete, result.incompleteBecause);
      assert.deepEqual(outcomesOf(result), ['ok ']);
    }
  });
});

describe('visible steps', () => {
  /** Counts them on the schedule that the search gives for an outcome, the simplest. */
  const check = (image: Image, kind: string, expected: { atMost: number; words: RegExp[] }) => {
    const result = search(image);
    simplifyAll(image, DEFAULT_SETTINGS, result);
    const found = result.outcomes.find((one) => one.kind === kind);
    assert.ok(found, outcomesOf(result).join(', '));
    const table = visibleTable(image, found.schedule, false);
    assert.ok(found.visibleSteps <= expected.atMost, `${found.visibleSteps}\n${table}`);
    for (const words of expected.words) assert.match(table, words);
  };

  it('are few where a wake-up is lost below the cap', () => {
    check(scenarioImage('go/cleanup.coro', 'LostWakeupBelowCap', 'go1.25-pre'), 'stuck', {
      atMost: 12,
      words: [/pop: gcCleanups\.full\.first/, /push: gcCleanups\.full\.first/, /wake: .*state/],
    });
  });

  it('are few where a wake-up is lost at the cap', () => {
    check(scenarioImage('go/cleanup.coro', 'LostWakeupAtCap', 'go1.25-pre'), 'stuck', {
      atMost: 12,
      words: [/needsWake: .*state/, /wake: .*state/],
    });
  });

  it('are few where a resume races with a cancel', () => {
    check(scenarioImage('zig/cancel.coro', 'ResumeRacesCancel', 'zig0.2'), 'use-after-free', {
      atMost: 9,
      words: [/destroy: zig\.Frame\.state/, /Resume: zig\.Frame\.state/],
    });
  });

  /** Of a scenario on bare threads, one thread after the other: which steps are visible. */
  const natural = (body: string) => {
    const image = imageOf(`runtime threads\nscenario S {\n${body}\n}\n`);
    const machine = new Machine(image);
    const schedule = [];
    for (let thread = 0; machine.outcome() === null; ) {
      if (!machine.isEnabled(thread)) thread = (thread + 1) % machine.threadCount();
      else {
        schedule.push({ thread, answer: 0 });
        machine.step(thread);
      }
    }
    return visibleSteps(machine, schedule)?.length;
  };

  it('are those that race, not what a lock or a wake-up orders', () => {
    assert.equal(natural('x := 0\n x++\n go func() { x = 1 }()'), 0, 'made after it');
    const wait = 'runtime.Wait(&done)';
    const both = (left: string, right: string) =>
      natural(`var m sync.Mutex
	x, y, done := 0, 0, uint32(0)
	go func() {
		${right}
		atomic.StoreUint32(&done, 1)
	}()
	${left}
	${wait}
	m.Lock()
	x, y = x+y, x`);
    assert.equal(both('x = 1', 'y = 1'), 0, 'words of their own; the wake-up orders the rest');
    assert.equal(both('x = 1', 'x = 2'), 2, 'two writes of one word');
    assert.equal(both('_ = x', 'y = x'), 0, 'two reads');
    const locked = 'm.Lock()\n x++\n m.Unlock()';
    assert.equal(both(locked, locked), 2, 'who takes the lock first, and nothing behind it');
  });
});

describe('witnesses', () => {
  it('are the simplest, and lead to their outcome', () => {
    const image = scenarioImage('zig/cancel.coro', 'ResumeRacesCancel', 'zig0.2');
    const result = search(image);
    simplifyAll(image, DEFAULT_SETTINGS, result);
    for (const found of result.outcomes) {
      assert.ok(found.isSimplest);
      assert.ok(found.preemptions >= 0 && found.preemptions <= 1, `${found.preemptions}`);
      assert.equal(replay(image, found.schedule), `${found.kind} ${found.message}`);
    }
  });
  it('are not said to be the simplest when the budget was used up', () => {
    const image = scenarioImage('zig/cancel.coro', 'ResumeRacesCancel', 'zig0.2');
    for (const budget of [
      { states: 20, milliseconds: 10_000 },
      { states: 100_000, milliseconds: 0 },
    ]) {
      const result = search(image);
      simplifyAll(image, DEFAULT_SETTINGS, result, budget);
      assert.ok(result.outcomes.some(({ isSimplest }) => isSimplest === undefined));
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
