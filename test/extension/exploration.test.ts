/** What the command Explore Schedules finds, and that its schedules lead where they say. */
import assert from 'node:assert';
import { readFileSync } from 'node:fs';
import { DEFAULT_SETTINGS } from '../../src/explore/types.ts';
import { Exploration, type Onlooker, startExploration } from '../../src/extension/exploration.ts';
import { hostTeam, type SearchTeam, workerTeam } from '../../src/extension/search-team.ts';
import { workerText } from '../../src/extension/worker-channels.ts';
import { Machine } from '../../src/machine/machine.ts';
import { outcomeText } from '../../src/run/expectations.ts';
import { load } from '../../src/run/load.ts';
import { countOf } from '../../src/run/words.ts';
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

/** Fails at once on some schedules, and counts for very long on others. */
const endless = `runtime threads

scenario TwoEnds
	expect ok
{
	var flag, count uint32
	go func() { atomic.StoreUint32(&flag, 1) }()
	go func() {
		for {
			atomic.AddUint32(&count, 1)
		}
	}()
	if atomic.LoadUint32(&flag) == 0 {
		fail("at once")
	}
	for {
		atomic.AddUint32(&count, 1)
	}
}
`;

/** `expected` are the outcomes in the order of the list, `!` before what is not expected. */
async function check(
  { text, team = hostTeam() }: { text: string; team?: SearchTeam },
  expected: string[],
): Promise<Exploration> {
  const exploration = start(text);
  await exploration.run(team, watcher());
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

/** Looks on, and cancels when it is told what matches. */
function watcher(cancelAt: RegExp | null = null): Onlooker & { readonly told: string[] } {
  const told: string[] = [];
  let isOver = false;
  let cancel: (value?: unknown) => void = () => undefined;
  const cancelled = new Promise((resolve) => {
    cancel = resolve;
  });
  const tell = (text: string) => {
    told.push(text);
    if (cancelAt === null || !cancelAt.test(text)) return;
    isOver = true;
    cancel();
  };
  return { told, tell, isCancelled: () => isOver, cancelled };
}

/** Workers that run the bundle of a desktop host. */
async function workers(isShared: boolean): Promise<SearchTeam> {
  const team = await workerTeam(workerText(readFileSync('dist/extension.js', 'utf8')), isShared);
  assert.ok(team !== null);
  return team;
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

const teams: Readonly<Record<string, () => Promise<SearchTeam> | SearchTeam>> = {
  'two workers with shared memory': async () => workers(true),
  'one worker': async () => workers(false),
  'the host': hostTeam,
};

for (const [name, make] of Object.entries(teams)) {
  describe(`exploration by ${name}`, () => {
    it('finds every outcome, what is not expected first, with schedules that lead there', async () => {
      const team = await make();
      const exploration = await check({ text: twoEnds, team }, ['!fail "too late"', 'ok']);
      const size = team.workers === 0 ? '' : `, ${countOf(team.workers, 'worker')}`;
      const summary = new RegExp(`^complete: every schedule is covered \\(\\d+ states${size}\\)$`);
      assert.match(exploration.summary(), summary);
      for (const { counts } of exploration.outcomes()) {
        assert.match(counts, /^on \d+ schedules?; this one: .*preemption.*step/);
      }
    });

    it('keeps what was found when it is cancelled', async () => {
      const exploration = start(endless);
      const onlooker = watcher(/^[\d,]{5,} states, [1-9]/);
      await exploration.run(await make(), onlooker);
      assert.match(exploration.summary(), /^not complete: cancelled/);
      assert.deepEqual(
        exploration.outcomes().map((one) => one.name),
        ['fail "at once"'],
      );
      assert.ok(!onlooker.told.some((text) => text.startsWith('simplest')));
    });

    it('keeps what was found when it is cancelled while schedules are simplified', async () => {
      const exploration = start(twoEnds);
      await exploration.run(await make(), watcher(/^simplest schedules: 1 of 2/));
      assert.match(exploration.summary(), /^complete/);
      assert.deepEqual(
        exploration.outcomes().map((one) => one.name),
        ['fail "too late"', 'ok'],
      );
    });
  });
}

describe('exploration', () => {
  it('has no team of workers where they do not come up', async () => {
    assert.equal(await workerTeam('throw new Error("not here")', true), null);
    assert.equal(await workerTeam('this is no program', false), null);
  });

  it('says what a worker fails with', async () => {
    const team = await workers(false);
    const { image } = load({ path, text: twoEnds }, {});
    assert.ok(image);
    const search = team.start({
      image: { ...image, code: [] as never },
      settings: DEFAULT_SETTINGS,
    });
    await assert.rejects(async () => {
      while (search.advance(0)) await team.rest();
    });
    team.end();
  });

  it('tells in one line why a scenario cannot be run', () => {
    const answer = startExploration(path, twoEnds.replace('flag = 1', 'flag = true'), 'TwoEnds');
    assert.ok('problem' in answer);
    assert.match(answer.problem, /^test\.coro:7:\d+: error: .*int/);
  });
});
