import assert from 'node:assert/strict';
import type { Movement } from '../../src/run/stepping.ts';
import { Debugger, imageOf } from './support.ts';

/** Lines are told apart by their text, so each says something of its own. */
const pull = `
scenario Pull expect ok {
	next, stop := iter.Pull(numbers)
	first, _ := next()
	second, _ := next()
	println(first, second)
	stop()
	println("done")
}

func numbers(yield func(int) bool) {
	println("begin")
	if !yield(1) {
		return
	}
	println("between")
	if !yield(2) {
		println("stopped")
		return
	}
	println("end")
}
`;

const calls = `
scenario Calls expect ok {
	a := double(1)
	b := double(double(a))
	for i := range 2 {
		b += i
	}
	for v := range count {
		b += v
	}
	println(a, b)
}

func double(x int) int {
	y := x + x
	return y
}

func count(yield func(int) bool) {
	for i := 0; i < 3; i++ {
		if !yield(i) {
			return
		}
	}
}
`;

/** Makes the moves one after the other, and tells where each came to rest. */
function walk(text: string, moves: readonly Movement[], options: { justMyCode?: boolean } = {}) {
  const debugged = new Debugger(imageOf(text));
  debugged.justMyCode = options.justMyCode ?? true;
  return [debugged.where(), ...moves.map((move) => debugged.go(move))];
}

function check(actual: readonly string[], expected: string): void {
  assert.equal(actual.join('\n'), expected.trim().replace(/^\t+/gm, ''));
}

describe('stepping', () => {
  it('steps over calls, and back the same way', () => {
    const forwards = walk(
      calls,
      Array.from({ length: 13 }, (): Movement => 'step-over'),
    );
    check(
      forwards,
      `
	start G1 main.main:3 a := double(1)
	step G1 main.main:4 b := double(double(a))
	step G1 main.main:5 for i := range 2 {
	step G1 main.main:6 b += i
	step G1 main.main:5 for i := range 2 {
	step G1 main.main:6 b += i
	step G1 main.main:5 for i := range 2 {
	step G1 main.main:8 for v := range count {
	step G1 main.main-range1:9 b += v
	step G1 main.main-range1:9 b += v
	step G1 main.main-range1:9 b += v
	step G1 main.main:11 println(a, b)
	step G1 main.main:12 }
	end G1 ok`,
    );
    const debugged = new Debugger(imageOf(calls));
    const there = [debugged.where()];
    while (debugged.stop.outcome === null) there.push(debugged.go('step-over'));
    const back: string[] = [];
    while (debugged.stop.reason !== 'start') back.push(debugged.go('step-back'));
    const expected = there.slice(0, -1).reverse();
    assert.deepEqual(
      back.slice(0, expected.length).map((where) => where.replace('start', 'step')),
      expected.map((where) => where.replace('start', 'step')),
    );
  });

  it('steps into calls and out of them', () => {
    check(
      walk(calls, ['step-into', 'step-over', 'step-over', 'step-into', 'step-out', 'step-out']),
      `
	start G1 main.main:3 a := double(1)
	step G1 main.double:15 y := x + x
	step G1 main.double:16 return y
	step G1 main.main:4 b := double(double(a))
	step G1 main.double:15 y := x + x
	step G1 main.main:5 for i := range 2 {
	end G1 ok`,
    );
  });

  it('goes back out of a call to the line that called', () => {
    check(
      walk(calls, ['step-into', 'step-over', 'step-back-out', 'step-into']),
      `
	start G1 main.main:3 a := double(1)
	step G1 main.double:15 y := x + x
	step G1 main.double:16 return y
	step G1 main.main:3 a := double(1)
	step G1 main.double:15 y := x + x`,
    );
  });

  it('follows the handoff into the iterator, and comes back with the value', () => {
    check(
      walk(pull, ['step-over', 'step-into', 'step-over', 'step-over', 'step-over', 'step-into']),
      `
	start G1 main.main:3 next, stop := iter.Pull(numbers)
	step G1 main.main:4 first, _ := next()
	step G2 main.numbers:12 println("begin")
	step G2 main.numbers:13 if !yield(1) {
	step G2 main.numbers:16 println("between")
	step G2 main.numbers:17 if !yield(2) {
	step G1 main.main:6 println(first, second)`,
    );
    check(
      walk(pull, ['step-over', 'step-over', 'step-into', 'step-out', 'step-over', 'step-over']),
      `
	start G1 main.main:3 next, stop := iter.Pull(numbers)
	step G1 main.main:4 first, _ := next()
	step G1 main.main:5 second, _ := next()
	step G2 main.numbers:16 println("between")
	step G1 main.main:8 println("done")
	step G1 main.main:9 }
	end G1 ok`,
    );
  });

  it('goes back over a handoff', () => {
    check(
      walk(pull, ['step-over', 'step-into', 'step-back', 'step-over', 'step-into', 'step-back']),
      `
	start G1 main.main:3 next, stop := iter.Pull(numbers)
	step G1 main.main:4 first, _ := next()
	step G2 main.numbers:12 println("begin")
	step G1 main.main:4 first, _ := next()
	step G1 main.main:5 second, _ := next()
	step G2 main.numbers:16 println("between")
	step G1 main.main:5 second, _ := next()`,
    );
    check(
      walk(pull, ['step-over', 'step-into', 'step-over', 'step-back', 'step-back']),
      `
	start G1 main.main:3 next, stop := iter.Pull(numbers)
	step G1 main.main:4 first, _ := next()
	step G2 main.numbers:12 println("begin")
	step G2 main.numbers:13 if !yield(1) {
	step G2 main.numbers:12 println("begin")
	step G1 main.main:4 first, _ := next()`,
    );
  });

  it('leads through the lines of the model with just my code off', () => {
    const places = walk(pull, ['step-over', 'step-into', 'step-back'], { justMyCode: false });
    assert.match(places[2], /^step G1 iter\.Pull\S+:\d+ if done \{$/);
    assert.equal(places[3], 'step G1 main.main:4 first, _ := next()');
    const debugged = new Debugger(imageOf(pull));
    debugged.go('step-over');
    debugged.justMyCode = false;
    const seen: string[] = [];
    while (!seen.at(-1)?.includes('main.numbers')) seen.push(debugged.go('step-into'));
    const inSwitch = seen.filter((where) => where.includes(' runtime.coroswitch_m:'));
    assert.ok(inSwitch.length > 8, seen.join('\n'));
    const forwards = ['step G1 main.main:4 first, _ := next()', ...seen];
    for (let index = forwards.length - 2; index > 0; index--) debugged.go('step-back-into');
    assert.equal(debugged.go('step-back'), forwards[0]);
  });

  it('stops at breakpoints and outcomes, both ways', () => {
    const debugged = new Debugger(imageOf(pull));
    const [line, missing] = debugged.breakpoints.setLines('test.coro', [
      { id: 1, line: 15 },
      { id: 2, line: 99 },
    ]);
    assert.equal(line.verified, true);
    assert.equal(line.line, 16);
    assert.equal(missing.verified, false);
    const [handoff] = debugged.breakpoints.setFunctions([{ id: 3, name: 'coroswitch' }]);
    assert.equal(handoff.verified, true);
    const there: string[] = [];
    while (debugged.stop.outcome === null) there.push(debugged.go('continue'));
    assert.equal(there.filter((where) => where.includes('runtime.coroswitch:')).length, 5);
    assert.equal(there.filter((where) => where.includes('println("between")')).length, 1);
    const back: string[] = [];
    while (debugged.stop.reason !== 'start') back.push(debugged.go('reverse-continue'));
    assert.deepEqual(back.slice(0, -1), there.slice(0, -1).reverse());
    assert.equal(back.at(-1), 'start G1 main.main:3 next, stop := iter.Pull(numbers)');
  });

  it('counts hits, evaluates conditions and logs', () => {
    const debugged = new Debugger(imageOf(calls));
    const path = 'test.coro';
    debugged.breakpoints.setLines(path, [
      { id: 1, line: 15, hitCondition: '3' },
      { id: 2, line: 9, condition: 'v == 2 && b > 0' },
      { id: 3, line: 6, logMessage: 'i is {i}, {{b}} is {b}, {M99}' },
    ]);
    assert.equal(debugged.go('continue'), 'breakpoint G1 main.double:15 y := x + x');
    assert.equal(debugged.frame() && debugged.inspector.locals(debugged.frame()!)[0].text, '4');
    assert.equal(debugged.go('continue'), 'breakpoint G1 main.main-range1:9 b += v');
    assert.equal(debugged.go('continue'), 'end G1 ok');
    assert.equal(debugged.go('reverse-continue'), 'breakpoint G1 main.main-range1:9 b += v');
    assert.equal(debugged.go('reverse-continue'), 'breakpoint G1 main.double:15 y := x + x');
    assert.deepEqual(debugged.logs.slice(0, 2), [
      'i is 0, {b} is 8, {there is no M99 now}',
      'i is 1, {b} is 8, {there is no M99 now}',
    ]);
  });

  it('steps by instruction, and pauses', () => {
    const debugged = new Debugger(imageOf(calls));
    const start = debugged.timeline.instruction;
    debugged.go('instruction');
    assert.equal(debugged.timeline.instruction, start + 1);
    debugged.go('instruction-back');
    assert.equal(debugged.timeline.instruction, start);
    const endless = new Debugger(
      imageOf('scenario Endless {\n\tx := 0\n\tfor {\n\t\tx++\n\t}\n}\n'),
    );
    const running = endless.stepper.begin({ movement: 'continue', goroutine: 1, justMyCode: true });
    assert.equal(running.run(10_000), null);
    endless.stop = running.pause();
    assert.equal(endless.where(), 'pause G1 main.main:4 x++');
  });
});
