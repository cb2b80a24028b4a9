/** The nearest schedule that passes: it does pass, and none goes the witness's way for longer. */
import assert from 'node:assert/strict';
import { searchMachine } from '../../src/explore/explore.ts';
import { nearestTable } from '../../src/explore/nearest-table.ts';
import { NEAREST_BUDGET, type NearestBudget, NearestSearch } from '../../src/explore/nearest.ts';
import { DEFAULT_SETTINGS } from '../../src/explore/types.ts';
import type { Image, Outcome } from '../../src/language/image.ts';
import type { Machine } from '../../src/machine/machine.ts';
import { standstillOutcome } from '../../src/run/limits.ts';
import type { Choice } from '../../src/run/policy.ts';
import { imageOf, scenarioImage, search } from './support.ts';

const passes = ({ kind }: Outcome) => kind === 'ok';

const neverPasses = `runtime threads
scenario Never {
	var x uint32
	go func() { atomic.AddUint32(&x, 1) }()
	fail("always", atomic.LoadUint32(&x))
}
`;

/** Whoever takes both locks in the other order is stuck, but only if the other one has begun. */
const crossed = `runtime threads
scenario Crossed {
	var a, b sync.Mutex
	go func() {
		b.Lock()
		a.Lock()
		a.Unlock()
		b.Unlock()
	}()
	a.Lock()
	b.Lock()
	b.Unlock()
	a.Unlock()
}
`;

/** What decides comes first, and very many orders of the rest follow it. */
const decidedEarly = `runtime threads
scenario Early {
	var flag, x uint32
	go func() { atomic.StoreUint32(&flag, 1) }()
	isEarly := atomic.LoadUint32(&flag) == 0
	var wg sync.WaitGroup
	wg.Add(3)
	for i := range uint32(3) {
		go func() {
			for j := range uint32(4) {
				atomic.StoreUint32(&x, 4*i+j)
			}
			wg.Done()
		}()
	}
	wg.Wait()
	if isEarly {
		fail("early")
	}
}
`;

function nearestOf(image: Image, witness: readonly Choice[], budget: Partial<NearestBudget> = {}) {
  const machine = searchMachine(image, false);
  const all = { ...NEAREST_BUDGET, milliseconds: 60_000, ...budget };
  const searching = new NearestSearch(machine, DEFAULT_SETTINGS, witness, passes, all);
  while (searching.advance(10));
  return { nearest: searching.nearest(), apology: searching.apology() };
}

function follow(machine: Machine, schedule: readonly Choice[]): Outcome {
  machine.reset();
  for (const { thread, answer } of schedule) machine.step(thread, answer);
  return machine.outcome() ?? standstillOutcome(machine);
}

/** Whether a run can pass from where the machine is, by the plainest of searches. */
function canPass(machine: Machine, seen: Set<string>): boolean {
  const outcome = machine.outcome();
  if (outcome !== null) return passes(outcome);
  const key = `${machine.hashLow} ${machine.hashHigh}`;
  if (seen.has(key)) return false;
  seen.add(key);
  return movesOf(machine).some((move) => leadsToPass(machine, move, seen));
}

function leadsToPass(machine: Machine, move: Choice, seen: Set<string>): boolean {
  const mark = machine.mark();
  machine.step(move.thread, move.answer);
  const found = canPass(machine, seen);
  machine.undo(mark);
  return found;
}

function movesOf(machine: Machine): Choice[] {
  const moves: Choice[] = [];
  for (let thread = 0; thread < machine.threadCount(); thread++) {
    if (!machine.isEnabled(thread)) continue;
    for (let answer = 0; answer < machine.choiceCount(thread); answer++)
      moves.push({ thread, answer });
  }
  return moves;
}

/** Every outcome that does not pass has a nearest schedule that does. */
function check(image: Image): void {
  const failing = search(image).outcomes.filter((one) => !passes(one as Outcome));
  assert.ok(failing.length > 0);
  for (const { schedule: witness } of failing) {
    const { nearest } = nearestOf(image, witness);
    assert.ok(nearest?.isProven);
    const { schedule, outcome, differsAt } = nearest;
    const machine = searchMachine(image, false);
    assert.deepEqual(follow(machine, schedule), outcome);
    assert.ok(passes(outcome));
    assert.deepEqual(schedule.slice(0, differsAt), witness.slice(0, differsAt));
    assert.notDeepEqual(schedule[differsAt], witness[differsAt]);
    const seen = new Set<string>();
    for (let step = witness.length - 1; step > differsAt; step--) {
      follow(machine, witness.slice(0, step));
      const { thread, answer } = witness[step];
      const others = movesOf(machine).filter(
        (move) => move.thread !== thread || move.answer !== answer,
      );
      for (const move of others) assert.ok(!leadsToPass(machine, move, seen), `at step ${step}`);
    }
  }
}

describe('the nearest schedule that passes', () => {
  it('is not proven where what follows a later step was cut off', () => {
    const image = imageOf(decidedEarly);
    const failing = search(image).outcomes.find((one) => !passes(one as Outcome));
    assert.ok(failing);
    assert.equal(nearestOf(image, failing.schedule).nearest?.isProven, true);
    const { nearest } = nearestOf(image, failing.schedule, { states: 2000 });
    assert.equal(nearest?.isProven, false);
  });
  it('of locks taken crosswise', () => check(imageOf(crossed)));
  it('of a lost wake-up', () => check(scenarioImage('go/cleanup.coro')));
  it('of next racing with stop', () =>
    check(scenarioImage('go/races.coro', 'NextRacesStop', 'go1.23')));
  it('of a frame freed twice', () =>
    check(scenarioImage('zig/cancel.coro', 'ResumeRacesCancel', 'zig0.2')));

  it('may not exist', () => {
    const image = imageOf(neverPasses);
    const [{ schedule }] = search(image).outcomes;
    const { nearest, apology } = nearestOf(image, schedule);
    assert.equal(nearest, null);
    assert.equal(apology, 'no schedule passes: all of them were tried');
  });
  it('may be beyond the budget', () => {
    const image = scenarioImage('go/cleanup.coro');
    const witness = search(image).outcomes.find(({ kind }) => kind === 'stuck')?.schedule ?? [];
    const { nearest, apology } = nearestOf(image, witness, { states: 0 });
    assert.equal(nearest, null);
    assert.equal(apology, 'not decided within 0 states (--limit raises that)');
  });

  it('is shown beside the witness', () => {
    const image = imageOf(crossed);
    const witness = search(image).outcomes.find(({ kind }) => kind === 'deadlock')?.schedule ?? [];
    const { nearest } = nearestOf(image, witness);
    assert.ok(nearest);
    const sides = [
      { title: 'this', schedule: witness, end: 'deadlock' },
      { title: 'that', schedule: nearest.schedule, end: 'ok' },
    ] as const;
    const [titles, first, ...rest] = nearestTable(image, sides, nearest.differsAt, false).split(
      '\n',
    );
    assert.match(titles, /^ {3}step {2}this +step {2}that$/);
    const step = String(nearest.differsAt);
    assert.ok(first.startsWith(`► ${step.padStart(5)}  thread `), first);
    assert.match(rest.join('\n'), /^ +\d+ {2}deadlock/m);
    assert.match(rest.join('\n'), /\d {2}ok$/m);
  });
});
