/** Finding a schedule that reaches a line, and going there on a timeline. */
import assert from 'node:assert/strict';
import { ReachSearch, goToTarget } from '../../src/explore/reach.ts';
import type { ReachAnswer } from '../../src/explore/reach.ts';
import { isAtTarget, targetAt } from '../../src/explore/target.ts';
import type { Target } from '../../src/explore/types.ts';
import type { Image } from '../../src/language/image.ts';
import { NaturalPolicy } from '../../src/run/natural.ts';
import { Timeline } from '../../src/run/timeline.ts';
import { imageOf, scenarioImage } from './support.ts';

function targetOf(image: Image, line: number, condition: string | null = null): Target {
  const target = targetAt(
    image,
    image.files.find(({ isModel }) => !isModel)?.path ?? '',
    line,
    condition,
  );
  assert.ok(!('problem' in target), JSON.stringify(target));
  return target;
}

function answerTo(image: Image, target: Target, stateLimit = 100_000): ReachAnswer {
  const options = { preemption: true, invariants: false, stateLimit };
  const search = new ReachSearch(image, target, options);
  while (search.advance(100));
  return search.answer();
}

/** The line of the user's code that is reached on some schedule; checks that a run gets there. */
function check(
  image: Image,
  line: number,
  condition: string | null,
  words: RegExp,
): Timeline | null {
  const target = targetOf(image, line, condition);
  const answer = answerTo(image, target);
  assert.match(answer.words, words);
  if (answer.found === null) return null;
  const timeline = new Timeline(image, { policy: new NaturalPolicy() });
  const thread = goToTarget(timeline, target, answer.found.schedule, answer.preemption);
  assert.ok(typeof thread === 'number', String(thread));
  assert.ok(isAtTarget(timeline.machine, target, thread));
  return timeline;
}

const flags = `runtime threads
scenario Flags {
	var x, y uint32
	go func() {
		atomic.StoreUint32(&x, 1)
		atomic.StoreUint32(&x, 2)
		atomic.StoreUint32(&y, 1)
	}()
	seen := atomic.LoadUint32(&x)
	if seen == 1 {
		println("between")
	}
	if seen == 3 {
		println("never")
	}
	println("end", atomic.LoadUint32(&y))
}
`;

/** With one processor the loop ends before the goroutine begins, unless main is preempted in it. */
const preempted = `runtime go1.23 gomaxprocs 1
scenario Preempted {
	flag := 0
	go func() { flag = 1 }()
	for range 2 {
	}
	if flag == 1 {
		println("preempted")
	}
	if flag == 2 {
		println("never")
	}
}
`;

describe('a schedule that reaches a line', () => {
  it('is found, the simplest one', () => {
    const timeline = check(
      imageOf(flags),
      11,
      null,
      /^Reached test\.coro:11: 2 preemptions, \d+ steps$/,
    );
    assert.deepEqual(
      timeline?.branches.map(({ parent }) => parent),
      [null, 0],
    );
  });

  it('is found where a condition holds', () => {
    check(imageOf(flags), 16, 'seen == 2', /^Reached test\.coro:\d+: \d preemption/);
  });

  it('is proved not to be there', () => {
    const image = imageOf(flags);
    check(
      image,
      14,
      null,
      /^No schedule reaches test\.coro:14: every schedule is covered \(\d+ states\)$/,
    );
    check(image, 16, 'seen == 7', /^No schedule reaches test\.coro:16 with seen == 7: every/);
  });

  it('is not denied because a condition is misspelled', () => {
    check(
      imageOf(flags),
      16,
      'sean == 1',
      /^test\.coro:16 was never reached with a value for "sean == 1": .*sean/,
    );
  });

  it('may preempt a goroutine in a loop, if nothing simpler leads there', () => {
    const image = imageOf(preempted);
    check(image, 8, null, /^Reached test\.coro:\d+: [1-9] preemption/);
    check(
      image,
      11,
      null,
      /^No schedule reaches test\.coro:11(: every|, unless a goroutine is preempted)/,
    );
  });

  it('is not found within too few states, and the bound is named', () => {
    const image = scenarioImage('go/cleanup.coro');
    const answer = answerTo(
      image,
      targetOf(image, lineOf(image, 'atomic.StoreUint32(word'), 'word == nil'),
      50,
    );
    assert.equal(answer.found, null);
    assert.match(
      answer.words,
      /not decided within 50 states \(coroscope explore --limit raises that\)/,
    );
  });

  it('is found for every line that a natural run passes', () => {
    for (const image of [
      imageOf(flags),
      imageOf(preempted),
      scenarioImage('go/lockosthread.coro', 'LockIterLockYield'),
      scenarioImage('go/cleanup.coro'),
    ]) {
      const lines = linesPassed(image);
      assert.ok(lines.size >= 3);
      for (const line of lines) check(image, line, null, /^Reached/);
    }
  });

  it('leaves out what was written into the run by hand', () => {
    const image = imageOf(flags);
    const target = targetOf(image, 11);
    const { found, preemption } = answerTo(image, target);
    assert.ok(found);
    const timeline = new Timeline(image, { policy: new NaturalPolicy() });
    timeline.seek(2);
    timeline.write(timeline.machine.memory.length - 8, [7]);
    while (timeline.forward());
    const thread = goToTarget(timeline, target, found.schedule, preemption);
    assert.equal(typeof thread, 'number', String(thread));
    assert.deepEqual(
      timeline.branches.map(({ parent }) => parent),
      [null, 0, 0],
    );
  });
});

describe('a target', () => {
  it('is named by the last parts of a path, and lies at the next statement', () => {
    const image = scenarioImage('go/cleanup.coro');
    const target = targetAt(image, 'cleanup.coro', lineOf(image, 'closed := uint32(0)') - 1, null);
    assert.ok(!('problem' in target));
    assert.match(target.name, /^cleanup\.coro:\d+$/);
  });

  it('is refused with the reason', () => {
    const image = imageOf(flags);
    assert.deepEqual(targetAt(image, 'other.coro', 1, null), {
      problem: 'no file other.coro takes part in the scenario',
    });
    assert.match(JSON.stringify(targetAt(image, 'test.coro', 999, null)), /problem/);
  });
});

/** The line of the scenario's file on which a text stands first. */
function lineOf(image: Image, piece: string): number {
  const text = image.files.find(({ isModel }) => !isModel)?.text ?? '';
  assert.ok(text.includes(piece), piece);
  return text.slice(0, text.indexOf(piece)).split('\n').length;
}

/** Lines of the scenario's own code at which statements begin that a natural run executes. */
function linesPassed(image: Image): Set<number> {
  const timeline = new Timeline(image, { policy: new NaturalPolicy() });
  const file = image.files.findIndex(({ isModel }) => !isModel);
  const text = image.files[file].text.split('\n');
  const passed = new Set<number>();
  for (let line = 1; line <= text.length; line++) {
    const target = targetAt(image, image.files[file].path, line, null);
    if ('problem' in target || target.name !== `${image.files[file].path.split('/').pop()}:${line}`)
      continue;
    timeline.seek(0);
    if (timeline.walk(target.stops, Number.MAX_SAFE_INTEGER) === 'stop') passed.add(line);
  }
  return passed;
}
