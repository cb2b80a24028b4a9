import assert from 'node:assert/strict';
import { evaluate } from '../../src/run/evaluate.ts';
import type { Choice } from '../../src/run/policy.ts';
import { randomBits } from '../../src/run/random.ts';
import { decodeSchedule, encodeSchedule } from '../../src/run/schedule.ts';
import { formatTrace, isScheduleText, parseTrace, traceMismatch } from '../../src/run/trace.ts';
import { Debugger, imageOf } from './support.ts';

const seed = Number(process.env.SEED ?? 99);

function randomSchedule(random: () => number): Choice[] {
  const schedule: Choice[] = [];
  for (let run = random() % 12; run > 0; run--) {
    const choice = { thread: random() % 5, answer: random() % 4 === 0 ? random() % 300 : 0 };
    for (let count = random() % 20; count >= 0; count--) schedule.push(choice);
  }
  return schedule;
}

describe(`schedules, seed ${seed}`, () => {
  it('are the same after their text', () => {
    const random = randomBits(seed);
    assert.equal(encodeSchedule([]), 'c1');
    const three = [0, 0, 1].map((thread) => ({ thread, answer: 0 }));
    assert.equal(encodeSchedule(three), 'c1.0x2.1');
    assert.equal(encodeSchedule([{ thread: 3, answer: 2 }], false), 'c1n.3a2');
    for (let i = 0; i < 300; i++) {
      const schedule = randomSchedule(random);
      const preemption = random() % 2 === 0;
      const text = encodeSchedule(schedule, preemption);
      assert.ok(isScheduleText(text));
      assert.deepEqual(decodeSchedule(text), { schedule, preemption });
    }
  });

  it('refuse every other text', () => {
    const bad = [
      '',
      'x',
      'c1.',
      'c1..0',
      'c2.0',
      'c1.0x',
      'c1.-1',
      'c1.0x0.0a',
      'c1.1e3',
      'c1.0 1',
    ];
    for (const text of bad) {
      const result = decodeSchedule(text);
      assert.ok('problem' in result && result.problem.length > 10, text);
    }
    const long = decodeSchedule('c1.0x999999999');
    assert.ok('problem' in long && /more than 20000000 steps/.test(long.problem));
    for (const path of ['c1.corotrace', 'traces/c1.0', './c1', 'c1x.0', '/c1.0']) {
      assert.equal(isScheduleText(path), false, path);
    }
  });
});

describe(`traces, seed ${seed}`, () => {
  const image = imageOf('scenario A {\n}\n\nscenario B {\n}\n', { scenario: 'A' });
  const schedule = [{ thread: 0, answer: 0 }];
  const text = formatTrace(image, schedule, { kind: 'ok', message: '' });

  it('are the same after their file', () => {
    const input = parseTrace(text);
    assert.ok(!('problem' in input) && input.trace !== null);
    assert.deepEqual(input.schedule, schedule);
    assert.equal(input.preemption, true);
    assert.equal(traceMismatch(input.trace, image), null);
  });

  it('say what they do not fit', () => {
    const { trace } = parseTrace(text) as { trace: NonNullable<unknown> };
    const of = (source: string, request = {}) =>
      traceMismatch(trace as Parameters<typeof traceMismatch>[0], imageOf(source, request));
    const source = 'scenario A {\n}\n\nscenario B {\n}\n';
    assert.match(of(source, { scenario: 'B' }) ?? '', /of scenario A, not B/);
    assert.match(of(source, { runtime: 'go1.22' }) ?? '', /on go1\.23, not on go1\.22/);
    assert.match(of(`${source}// more\n`) ?? '', /another text of test\.coro/);
    assert.match(of(source, { options: { gomaxprocs: 1 } }) ?? '', /other options/);
  });

  it('survive any damage', () => {
    const random = randomBits(seed);
    for (let i = 0; i < 500; i++) {
      const at = random() % text.length;
      const damaged = text.slice(0, at) + text.slice(at + 1 + (random() % 30));
      const input = parseTrace(damaged);
      if ('problem' in input) assert.ok(input.problem.length > 10);
    }
  });
});

describe(`expressions, seed ${seed}`, () => {
  it('never throw, whatever they are', () => {
    const debugged = new Debugger(
      imageOf('scenario A {\n\tn := []int{1}\n\ts := struct{ a any }{n[0]}\n\t_ = s\n}\n'),
    );
    debugged.go('step-over');
    debugged.go('step-over');
    const parts = ['n', 's', '.a', '[0]', '[', ']', '(', ')', '*', '&', '-', '!', '==', '&&', '+'];
    parts.push(
      'len',
      '1',
      '"x"',
      'nil',
      'G1',
      '.m',
      'M0',
      'runtime',
      '.sched',
      ' ',
      '<-',
      ':',
      ',',
    );
    const random = randomBits(seed);
    for (let i = 0; i < 3000; i++) {
      let expression = '';
      for (let count = random() % 7; count >= 0; count--) {
        expression += parts[random() % parts.length];
      }
      const value = evaluate(debugged.inspector, debugged.frame(), expression);
      if ('error' in value) assert.ok(value.error.length > 3, expression);
      else assert.equal(typeof value.text, 'string');
    }
  });
});
