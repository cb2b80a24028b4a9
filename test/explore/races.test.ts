/**
 * Data races: what the search says of small programs is what real Go's detector said of them; every
 * search says the same; and a schedule that was found ends in the race when it is run.
 */
import assert from 'node:assert';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { isDeepStrictEqual } from 'node:util';
import { explore } from '../../src/explore/explore.ts';
import {
  DEFAULT_SETTINGS,
  type ExploreResult,
  type ExploreSettings,
} from '../../src/explore/types.ts';
import type { Image } from '../../src/language/image.ts';
import { load, scenariosOf } from '../../src/run/load.ts';
import { NaturalPolicy } from '../../src/run/natural.ts';
import { ReplayPolicy } from '../../src/run/replay.ts';
import { Timeline } from '../../src/run/timeline.ts';
import { checkGolden } from '../golden.ts';
import { randomOf } from '../machine/random.ts';
import { freshSeed } from '../seed.ts';
import { randomScenario } from './random-programs.ts';
import { outcomesOf } from './support.ts';

const programs = 'test/explore/races/programs.coro';
const teaching = 'test/scenarios/go/datarace.coro';
const threads = 'test/explore/races/threads.coro';
const PROGRAMS = 40;
const SMALL = 3000;

/** The image of a scenario that is watched for races. */
function imageOf(path: string, scenario: string): Image {
  const { image, problem } = load(input(path), { scenario, races: 'always' });
  assert.ok(image, problem);
  return image;
}

function input(path: string) {
  return { path, text: readFileSync(path, 'utf8') };
}

function search(image: Image, settings: Partial<ExploreSettings>): ExploreResult {
  return explore(image, { ...DEFAULT_SETTINGS, ...settings });
}

function scenariosIn(path: string) {
  return scenariosOf(load(input(path), {}).file);
}

describe('data races of small programs, as real Go tells them', () => {
  for (const { name, expectations } of scenariosIn(programs)) {
    it(name, () => {
      const isRacy = expectations[0].outcome === 'race';
      // One schedule in 150 shows it.
      const executions = name === 'AddInside' ? 2000 : isRacy ? 30 : 15;
      const found = search(imageOf(programs, name), { strategy: 'random', executions }).outcomes;
      const races = found.filter(({ kind }) => kind === 'race').map(({ message }) => message);
      assert.equal(races.length > 0, isRacy, races.join('\n'));
    });
  }
});

describe('searches for data races agree', () => {
  for (const path of [threads, teaching]) {
    for (const { name } of scenariosIn(path)) {
      it(name, () => {
        const image = imageOf(path, name);
        const expected = search(image, {});
        assert.ok(expected.complete);
        for (const settings of [
          { reduction: false },
          { exact: true },
          { strategy: 'bounded', bound: 99 } as const,
        ]) {
          const other = search(image, settings);
          assert.ok(other.complete, other.incompleteBecause);
          assert.deepEqual(outcomesOf(other), outcomesOf(expected), JSON.stringify(settings));
        }
      });
    }
  }
});

describe('searches for data races agree on random programs', () => {
  it('with reduction and without, and by preemptions', () => {
    const first = Number(process.env.SEED ?? freshSeed());
    let compared = 0;
    for (let seed = first; seed < first + PROGRAMS; seed++) {
      const text = randomScenario(randomOf(seed));
      const { image } = load({ path: 'random.coro', text }, { races: 'always' });
      assert.ok(image, text);
      const expected = search(image, { reduction: false, stateLimit: SMALL });
      if (!expected.complete) continue;
      compared++;
      for (const settings of [{}, { strategy: 'bounded', bound: 99 } as const]) {
        const other = search(image, { ...settings, stateLimit: 8 * SMALL });
        const words = `seed ${seed}, ${JSON.stringify(settings)}\n${text}`;
        assert.deepEqual(outcomesOf(other), outcomesOf(expected), words);
      }
    }
    assert.ok(compared > PROGRAMS / 3, `only ${compared}`);
  });
});

describe('a schedule with a data race', () => {
  const image = imageOf(teaching, 'PlainFlag');
  const race = search(image, {}).outcomes.find(({ message }) => message.startsWith('x:'));

  function timelineAtEnd(): Timeline {
    const policy = new ReplayPolicy(race?.schedule ?? [], new NaturalPolicy());
    const timeline = new Timeline(image, { policy, preemption: false });
    while (timeline.walk(null, 10) !== 'ended');
    return timeline;
  }

  it('ends in the race that it was found for, and its report is printed', () => {
    const timeline = timelineAtEnd();
    assert.deepEqual(timeline.outcome, { kind: 'race', message: race?.message });
    checkGolden('test/explore/races/report.txt', timeline.output.map(({ text }) => text).join(''));
  });

  it('is the same after going back, and on a branch', () => {
    const timeline = timelineAtEnd();
    const { outcome, step, output } = timeline;
    for (const target of [step - 1, 3, 0]) {
      timeline.seek(target);
      assert.equal(timeline.outcome, null);
      while (timeline.walk(null, 7) !== 'ended');
      assert.deepEqual(timeline.outcome, outcome);
      assert.deepEqual(timeline.output, output);
    }
    // Another thread first: a branch that is watched, too.
    for (let at = step - 1; at > 0; at--) {
      timeline.seek(at);
      const before = timeline.branches.length;
      const other = timeline.choices().find(({ thread }) => thread !== timeline.thread);
      if (other !== undefined) timeline.choose(other);
      if (timeline.branches.length === before) continue;
      while (timeline.walk(null, 1000) !== 'ended');
      assert.equal(timeline.outcome?.kind, 'race');
      return;
    }
    assert.fail('no branch was possible');
  });

  it('is found for one race, or for another of the same step', () => {
    for (const { name } of scenariosIn(threads)) {
      const watched = imageOf(threads, name);
      const races = search(watched, {}).outcomes.filter(({ kind }) => kind === 'race');
      const schedules = races.map(({ schedule }) => schedule);
      for (const { schedule, message } of races) {
        const policy = new ReplayPolicy(schedule, null);
        const timeline = new Timeline(watched, { policy, preemption: false });
        while (timeline.walk(null, 7) !== 'ended');
        assert.equal(timeline.schedule().length, schedule.length, `${name}: ${message}`);
        const ends = timeline.outcome?.message ?? '';
        const sameStep = races.filter((_, index) => isDeepStrictEqual(schedules[index], schedule));
        assert.ok(
          sameStep.some((one) => one.message === ends),
          `${name}: ${ends}, not ${message}`,
        );
      }
    }
  });

  it('that goes on behind its only race ends there', () => {
    const whole = [...(race?.schedule ?? []), { thread: 0, answer: 0 }];
    const policy = new ReplayPolicy(whole, new NaturalPolicy());
    const timeline = new Timeline(image, { policy, preemption: false });
    while (timeline.walk(null, 10) !== 'ended');
    assert.equal(timeline.outcome?.kind, 'race');
    assert.ok(timeline.step < whole.length);
  });

  it('says nothing when nobody asks', () => {
    const text = readFileSync(teaching, 'utf8').replace(/expect (?:sometimes )?race.*/g, '');
    const plain = load({ path: teaching, text }, { scenario: 'Counter' }).image;
    assert.ok(plain);
    assert.equal(plain.races, false);
    assert.deepEqual(outcomesOf(search(plain, {})), ['ok ']);
  });
});
