/** What the command Explore Schedules finds, and that its schedules lead where they say. */
import assert from 'node:assert';
import { Exploration, startExploration } from '../../src/extension/exploration.ts';
import { Machine } from '../../src/machine/machine.ts';
import { outcomeText } from '../../src/run/expectations.ts';
import { load } from '../../src/run/load.ts';
import { isScheduleText, parseTrace } from '../../src/run/trace.ts';

const path = 'test.coro';
const twoEnds = `runtime threads

scenario TwoEnds
	expect ok
{
	var flag int
	go func() { flag = 1 }()
	if flag == 1 {
		fail("too late")
	}
}
`;

/** `expected` are the outcomes in the order of the list, `!` before what is not expected. */
function check(text: string, expected: string[]): Exploration {
  const exploration = start(text);
  while (exploration.advance(40));
  const outcomes = exploration.outcomes();
  assert.deepEqual(
    outcomes.map(({ name, isExpected }) => `${isExpected ? '' : '!'}${name}`),
    expected,
  );
  for (const { name, schedule } of outcomes) assert.equal(endOf(text, schedule), name);
  return exploration;
}

function start(text: string): Exploration {
  const exploration = startExploration(path, text, 'TwoEnds');
  assert.ok(exploration instanceof Exploration, JSON.stringify(exploration));
  return exploration;
}

/** How a run on a schedule ends, the schedule given as the launch attribute `trace` takes it. */
function endOf(text: string, schedule: string): string {
  const { image } = load({ path, text }, {});
  const input = parseTrace(schedule);
  assert.ok(isScheduleText(schedule) && image !== null && !('problem' in input), schedule);
  const machine = new Machine(image, { preemption: input.preemption });
  machine.reset();
  for (const { thread, answer } of input.schedule) machine.step(thread, answer);
  return outcomeText(machine.outcome());
}

describe('exploration', () => {
  it('finds every outcome, what is not expected first, with schedules that lead there', () => {
    const exploration = check(twoEnds, ['!fail "too late"', 'ok']);
    assert.match(exploration.summary(), /^complete: every schedule is covered \(\d+ states\)$/);
    for (const { counts } of exploration.outcomes()) {
      assert.match(counts, /^on \d+ schedules?; this one: .*preemption.*step/);
    }
  });

  it('keeps what was found when it is cancelled', () => {
    const exploration = start(twoEnds);
    assert.match(exploration.summary(), /^not complete: cancelled/);
    assert.deepEqual(exploration.outcomes(), []);
  });

  it('tells in one line why a scenario cannot be run', () => {
    const answer = startExploration(path, twoEnds.replace('flag = 1', 'flag = true'), 'TwoEnds');
    assert.ok('problem' in answer);
    assert.match(answer.problem, /^test\.coro:7:\d+: error: .*int/);
  });
});
