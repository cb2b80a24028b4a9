/**
 * Random executions are the same ones whether they go over known states or the machine makes every
 * move: with `exact`, nothing is known by its hash.
 */
import assert from 'node:assert/strict';
import process from 'node:process';
import { KnownStates } from '../../src/explore/known-states.ts';
import type { ExploreResult, ExploreSettings } from '../../src/explore/types.ts';
import type { Image } from '../../src/language/image.ts';
import { randomOf } from '../machine/random.ts';
import { freshSeed } from '../seed.ts';
import { randomScenario } from './random-programs.ts';
import { imageOf, scenarioImage, search } from './support.ts';

const PROGRAMS = 40;

/** What must be equal: everything but the time, and the chance that a state was lost. */
function factsOf(result: ExploreResult): unknown {
  const { executions, transitions, depth, outcomes, pctProbability } = result;
  return { executions, transitions, depth, outcomes, pctProbability };
}

function check(image: Image, settings: Partial<ExploreSettings>): void {
  const given = { executions: 300, strategy: 'random', ...settings } as const;
  const expected = factsOf(search(image, { ...given, exact: true }));
  assert.deepEqual(factsOf(search(image, given)), expected);
}

const printing = `runtime go1.23
scenario Printing expect sometimes ok prints "b", "a" {
	done := make(chan bool)
	go func() {
		fmt.Print("a")
		fmt.Println()
		done <- true
	}()
	fmt.Println("b")
	<-done
}
`;

describe('known states', () => {
  it('are only as many as there is room for', () => {
    const known = new KnownStates(40_000);
    let last = 0;
    for (let i = 1; i < 10_000; i++) last = known.stateOf(i, -i);
    assert.equal(last, 0);
    assert.ok(known.size > 0 && known.size <= 40_000 / 12, `${known.size}`);
    assert.equal(known.stateOf(1, -1), 0, 'when it is full, the search does without');
  });
});

describe('random executions over known states', () => {
  const lost = scenarioImage('go/races.coro', 'LostUpdate');
  const queue = scenarioImage('go/cleanup.coro', 'LostWakeupBelowCap', 'go1.25-pre');

  it('are the same', () => check(lost, {}));
  it('are the same with priorities', () => check(lost, { strategy: 'pct' }));
  it('are the same where runs end in a throw', () =>
    check(scenarioImage('go/races.coro', 'NextRacesStop', 'go1.23'), {}));
  it('are the same where nothing can move at the end', () => check(queue, {}));
  it('are the same when there is no room for more states', () =>
    check(lost, { budgetBytes: 40_000 }));
  it('are the same within a depth', () => check(queue, { depthLimit: 60 }));
  it('are the same with invariants', () =>
    check(scenarioImage('go/beforefix.coro', 'BorrowedThread', 'go1.22'), { invariants: true }));
  it('are the same with preemption at calls and loops', () => check(queue, { preemption: true }));
  it('are the same where expectations ask for what is printed', () =>
    check(imageOf(printing), { executions: 100 }));
  it('are the same in a shard', () => check(lost, { shard: { index: 1, count: 3 } }));

  it('are the same in random programs', () => {
    const seed = Number(process.env.SEED ?? freshSeed());
    for (let i = 0; i < PROGRAMS; i++) {
      const text = randomScenario(randomOf(seed + i));
      try {
        check(imageOf(text), { executions: 60, seed: i });
      } catch (error) {
        throw new Error(`seed ${seed + i}\n${text}`, { cause: error });
      }
    }
  });
});
