/** Programs that need not end: what is found of them, said of them, and the exit status. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { checkGolden } from '../golden.ts';
import { verdictText } from '../../src/explore/coverage.ts';
import { explore, startSearch } from '../../src/explore/explore.ts';
import { FairSearch } from '../../src/explore/fair.ts';
import { decide } from '../../src/explore/verdict.ts';
import { DEFAULT_SETTINGS, type ExploreSettings } from '../../src/explore/types.ts';
import { NaturalPolicy } from '../../src/run/natural.ts';
import { areAsExpected, outcomeText } from '../../src/run/expectations.ts';
import { Timeline } from '../../src/run/timeline.ts';
import { Workspace } from '../cli/support.ts';
import { counting, imageOf, scenarioImage, Threads } from './support.ts';

const folder = 'test/explore/endless';
const deep: ExploreSettings = { ...DEFAULT_SETTINGS, depthLimit: 10_000_000 };

function imageNamed(name: string) {
  const file = `${folder}/${name}`;
  return imageOf(readFileSync(file, 'utf8'), undefined, 'go1.27', file);
}

function fairly(image: ReturnType<typeof imageOf>, settings = deep) {
  const search = new FairSearch(image, settings, (one) => startSearch(image, one));
  while (search.advance(1000));
  return search;
}

/** What is found and said of a program, and what the exit status is. */
function story(name: string): string {
  const image = imageNamed(name);
  const search = fairly(image);
  const result = search.result();
  const results = result.outcomes.map(({ kind, message }) => ({
    outcome: { kind, message } as never,
    text: '',
  }));
  const isExpected = areAsExpected([], results, result.complete);
  const outcomes = result.outcomes.map((one) => outcomeText(one as never)).sort();
  return [
    `== ${name}: exit status ${isExpected ? 0 : 1}`,
    ...(outcomes.length === 0 ? ['no execution came to an end'] : outcomes),
    verdictText(result),
    '',
  ].join('\n');
}

describe('programs that need not end', () => {
  it('have their outcomes, and nothing is said to be complete that is not', () => {
    const names = readdirSync(folder).filter((name) => name.endsWith('.go'));
    checkGolden(`${folder}/expected.txt`, names.map((name) => story(name)).join(''));
  });

  for (const name of ['spinsleep', 'flagsleep', 'goschedsleep', 'now', 'twospinners']) {
    it(`end on the natural schedule where time must pass: ${name}`, () => {
      const timeline = new Timeline(imageNamed(`${name}.go`), { policy: new NaturalPolicy() });
      while (timeline.walk(null, 1_000_000) !== 'ended');
      assert.equal(outcomeText(timeline.outcome), 'ok');
      assert.equal(timeline.output.map((one) => one.text).join(''), 'done\n');
    });
  }

  it('have schedules that replay', () => {
    const workspace = new Workspace({
      'spin.go': readFileSync(`${folder}/spinsleep.go`, 'utf8'),
      'pong.go': readFileSync(`${folder}/eachother.go`, 'utf8'),
    });
    try {
      const found = workspace.run('explore', 'spin.go');
      assert.equal(found.status, 0, found.stdout);
      const schedule = /--schedule (\S+)/.exec(found.stdout)?.[1] ?? '';
      const replayed = workspace.run('run', 'spin.go', '--schedule', schedule);
      assert.match(replayed.stdout, /^done\n.*: ok \(as expected/);
      const pong = workspace.run('explore', 'pong.go');
      assert.equal(pong.status, 1);
      assert.match(
        pong.stdout,
        /^no execution came to an end\n.*\ncomplete: every schedule runs for ever/,
      );
    } finally {
      workspace.remove();
    }
  });

  it('are checked as they are explored', () => {
    const natural = { outcome: { kind: 'ok', message: '' } as const, text: '' };
    const budget = { states: 100_000, seconds: 60 };
    const verdicts = ['now', 'spinsleep', 'poll', 'retry', 'eachother'].map((name) => {
      const { verdict, complete } = decide(imageNamed(`${name}.go`), [], natural, budget);
      return `${name}: ${verdict}${complete ? ', complete' : ''}`;
    });
    assert.deepEqual(verdicts, [
      'now: passed, complete',
      'spinsleep: passed, complete',
      'poll: undecided',
      'retry: failed',
      'eachother: undecided',
    ]);
  });

  it('are searched fairly by workers, too', async () => {
    const threads = new Threads(2);
    const image = imageNamed('poll.go');
    const search = new FairSearch(image, deep, (one) => threads.start(image, one));
    while (search.advance(20)) await new Promise((resolve) => setTimeout(resolve, 1));
    await threads.end();
    assert.deepEqual(
      search.result().outcomes.map(({ kind }) => kind),
      ['ok'],
    );
    assert.equal(search.result().complete, false);
  });
});

describe('fair search', () => {
  it('is the exhaustive search where that ends', () => {
    for (const [file, scenario] of [
      ['threads/philosophers.coro', undefined],
      ['go/races.coro', 'NextRacesStop'],
    ] as const) {
      const image = scenarioImage(file, scenario);
      const { seconds: _, ...plain } = explore(image, deep);
      const { seconds: _other, ...fair } = fairly(image).result();
      assert.deepEqual(fair, plain);
    }
  });

  it('keeps to bounds that were asked for', () => {
    const settings = { ...deep, stateLimit: 30_000 };
    const image = imageOf(counting);
    const search = new FairSearch(image, settings, (one) => startSearch(image, one), false);
    while (search.advance(1000));
    assert.equal(search.result().states, 30_000);
    assert.match(verdictText(search.result()), /^not complete: not decided within 30000 states/);
  });

  it('ends when it is stopped', () => {
    const image = imageOf(counting);
    const search = new FairSearch(image, deep, (one) => startSearch(image, one));
    for (let i = 0; i < 3; i++) assert.ok(search.advance(1));
    search.stop('cancelled');
    while (search.advance(1));
    assert.equal(verdictText(search.result()), 'not complete: cancelled');
  });
});
