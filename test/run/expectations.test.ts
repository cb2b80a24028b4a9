/** The judge of runs and schedules, in a table, and every front end beside it. */
import assert from 'node:assert/strict';
import { Client } from '../adapter/client.ts';
import { Workspace } from '../cli/support.ts';
import { decide } from '../../src/explore/verdict.ts';
import type { Outcome } from '../../src/language/image.ts';
import { startExploration } from '../../src/extension/exploration.ts';
import { hostTeam } from '../../src/extension/search-team.ts';
import {
  areAsExpected,
  expectationsFor,
  judgeRun,
  type Result,
  type Standing,
  standingText,
} from '../../src/run/expectations.ts';
import { load } from '../../src/run/load.ts';

const results: Readonly<Record<string, Result>> = {
  ok: { outcome: { kind: 'ok', message: '' }, text: '1\n' },
  deadlock: { outcome: { kind: 'deadlock', message: 'all wait' }, text: '' },
  limit: { outcome: { kind: 'limit', message: 'steps' }, text: '' },
  internal: { outcome: { kind: 'internal', message: 'x' }, text: '' },
  'not finished': { outcome: null, text: '' },
};

/** How each of the results stands, in their order. */
const table: Readonly<Record<string, readonly Standing[]>> = {
  '': ['met', 'unexpected', 'unexpected', 'unexpected', 'unexpected'],
  'expect ok': ['met', 'unexpected', 'unexpected', 'unexpected', 'unexpected'],
  'expect deadlock': ['unexpected', 'met', 'unexpected', 'unexpected', 'unexpected'],
  'expect ok prints "2"': ['unexpected', 'unexpected', 'unexpected', 'unexpected', 'unexpected'],
  'expect limit': ['unexpected', 'unexpected', 'met', 'unexpected', 'unexpected'],
  'expect sometimes ok': ['met', 'possible', 'open', 'unexpected', 'open'],
  'expect sometimes deadlock': ['possible', 'met', 'open', 'unexpected', 'open'],
  'expect sometimes limit': ['possible', 'possible', 'met', 'unexpected', 'open'],
  'expect ok expect sometimes deadlock': ['met', 'met', 'unexpected', 'unexpected', 'unexpected'],
  'expect deadlock expect sometimes ok prints "2"': [
    'unexpected',
    'met',
    'unexpected',
    'unexpected',
    'unexpected',
  ],
};

function expectations(text: string) {
  const { image } = load(
    { path: 't.coro', text: `runtime threads\nscenario S ${text} {\n}\n` },
    {},
  );
  assert.ok(image, text);
  return expectationsFor(image.scenario.expectations, image.profile);
}

describe('judge of single runs', () => {
  it('lines that are asked for come in their order', () => {
    const outcome = { kind: 'ok', message: '' } as const;
    const standing = (text: string) =>
      judgeRun(expectations('expect ok prints "a", "b"'), { outcome, text });
    assert.equal(standing('a\nx\nb\n'), 'met');
    assert.equal(standing('b\na\n'), 'unexpected');
    assert.equal(standing('ab\n'), 'unexpected');
  });
  for (const [text, standings] of Object.entries(table)) {
    it(text === '' ? 'no expectation' : text, () => {
      const found = Object.values(results).map((one) => judgeRun(expectations(text), one));
      assert.deepEqual(found, standings);
    });
  }

  it('says that sometimes is decided over schedules', () => {
    const one = expectations('expect sometimes deadlock');
    assert.equal(
      standingText(one, 'possible'),
      'possible; sometimes deadlock is decided over schedules',
    );
    assert.equal(standingText(one, 'open'), 'not decided; expected sometimes deadlock');
  });
});

describe('judge of schedules', () => {
  const { ok, deadlock, limit } = results;
  const cases: readonly [string, readonly Result[], boolean, boolean][] = [
    // expectations, results, as expected when complete, and when not
    ['', [], false, false],
    ['', [ok], true, true],
    ['', [ok, deadlock], false, false],
    ['expect sometimes ok', [], false, false],
    ['expect sometimes ok', [limit], false, false],
    ['expect sometimes ok', [deadlock], false, true],
    ['expect sometimes ok', [ok, deadlock], true, true],
    ['expect ok expect sometimes deadlock', [ok], false, true],
    ['expect ok expect sometimes deadlock', [ok, deadlock], true, true],
    ['expect limit', [limit], true, true],
  ];
  for (const [text, found, whenComplete, otherwise] of cases) {
    it(`${text || 'no expectation'}: ${found.map((one) => one.outcome?.kind).join(', ')}`, () => {
      assert.equal(areAsExpected(expectations(text), found, true), whenComplete);
      assert.equal(areAsExpected(expectations(text), found, false), otherwise);
    });
  }
});

/** On the natural schedule it is ok; on others, main fails. */
const bodies = `{
	flag := uint32(0)
	go func() { atomic.StoreUint32(&flag, 1) }()
	if atomic.LoadUint32(&flag) == 1 {
		fail("late")
	}
}
`;

/** Exit statuses of run, check and explore; the words of the console; what Explore marks. */
const frontEnds: Readonly<
  Record<string, readonly [number, number, number, string, readonly string[]]>
> = {
  '': [0, 1, 1, 'as expected', ['fail']],
  'expect ok': [0, 1, 1, 'as expected', ['fail']],
  'expect fail': [1, 1, 1, 'expected fail', ['ok']],
  'expect sometimes fail': [0, 0, 0, 'possible; sometimes fail is decided over schedules', []],
  'expect sometimes deadlock': [
    0,
    1,
    1,
    'possible; sometimes deadlock is decided over schedules',
    [],
  ],
  'expect ok expect sometimes fail': [0, 0, 0, 'as expected', []],
};

describe('judge in every front end', () => {
  for (const [text, [run, check, explore, words, marked]] of Object.entries(frontEnds)) {
    it(text || 'no expectation', async () => {
      const program = `runtime threads\nscenario S ${text} ${bodies}`;
      const workspace = new Workspace({ 't.coro': program });
      try {
        const ran = workspace.run('run', 't.coro');
        assert.equal(ran.status, run, ran.stdout);
        assert.ok(ran.stdout.includes(`(${words}; `), ran.stdout);
        assert.equal(workspace.run('check', 't.coro').status, check);
        assert.equal(workspace.run('explore', 't.coro').status, explore);
        const client = new Client();
        await client.launch({ program: `${workspace.folder}/t.coro`, scenario: 'S' });
        await client.output('console', new RegExp(`S on threads: ok; ${words}`));
        await client.request('disconnect');
      } finally {
        workspace.remove();
      }
      const { image } = load({ path: 't.coro', text: program }, {});
      assert.ok(image);
      const natural = { outcome: { kind: 'ok', message: '' } as Outcome, text: '' };
      if (judgeRun(expectations(text), natural) !== 'unexpected') {
        const all = expectationsFor(image.scenario.expectations, image.profile);
        const { verdict } = decide(image, all, natural, { states: 1000, seconds: 5 });
        assert.equal(verdict, check === 0 ? 'passed' : 'failed');
      }
      const exploration = startExploration('t.coro', program, 'S');
      assert.ok(!('problem' in exploration));
      const never = new Promise(() => undefined);
      await exploration.run(hostTeam(), {
        tell: () => undefined,
        isCancelled: () => false,
        cancelled: never,
      });
      const unexpected = exploration.outcomes().filter((one) => !one.isExpected);
      assert.deepEqual(
        unexpected.map((one) => one.name.split(' ')[0]),
        marked,
      );
      const isMissing = text === 'expect sometimes deadlock';
      assert.equal(exploration.summary().endsWith('; deadlock on no schedule'), isMissing);
    });
  }
});
