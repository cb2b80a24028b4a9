import assert from 'node:assert/strict';
import { assign } from '../../src/run/assign.ts';
import { complete } from '../../src/run/complete.ts';
import { evaluate } from '../../src/run/evaluate.ts';
import type { Value } from '../../src/run/inspect.ts';
import { Debugger, imageOf, outputOf, runToEnd } from './support.ts';

const values = `
type point struct {
	x, y int
}

type shape interface {
	area() int
}

type square struct {
	side int
	at   point
}

func (s *square) area() int {
	return s.side * s.side
}

type node struct {
	value int
	next  *node
}

type celsius int

var limit = 7
var table [3]point

scenario Values expect ok {
	n := -5
	small := uint8(250)
	word := uint32(4000000000)
	yes := true
	text := "héllo\\n"
	p := point{1, 2}
	pp := &p
	list := &node{1, &node{2, nil}}
	numbers := make([]int, 3, 5)
	numbers[1] = 9
	var none []int
	array := [2]bool{true, false}
	var something any = 42
	var nothing any
	var figure shape = &square{3, p}
	var err error = fmt.Errorf("code %d", 7)
	add := func(a int) int { return a + n }
	pipe := make(chan int, 4)
	pipe <- 1
	warm := celsius(30)
	loop := &node{value: 3}
	loop.next = loop
	n++
	fmt.Println(n, small, word, yes, text, p, pp, list, numbers, none, array, something, nothing)
	fmt.Println(figure.area(), err, add(1), len(pipe), warm, loop.value, limit, table)
}
`;

function stoppedAtPrint(): Debugger {
  const image = imageOf(values);
  const debugged = new Debugger(image);
  const line = values.split('\n').findIndex((one) => one.includes('fmt.Println(n, small')) + 1;
  debugged.breakpoints.setLines('test.coro', [{ id: 1, line }]);
  debugged.go('continue');
  return debugged;
}

function lines(found: readonly Value[]): string[] {
  return found.map(({ name, text, typeName }) => `${name} ${typeName} = ${text}`);
}

describe('values', () => {
  it('shows variables as a reader knows them', () => {
    const debugged = stoppedAtPrint();
    const frame = debugged.frame();
    assert.ok(frame);
    assert.deepEqual(lines(debugged.inspector.locals(frame)), [
      'n int = -4',
      'small uint8 = 250',
      'word uint32 = 4000000000',
      'yes bool = true',
      'text string = "héllo\\n"',
      'p main.point = {x: 1, y: 2}',
      'pp *main.point = &main.point{x: 1, y: 2}',
      'list *main.node = &main.node{value: 1, next: &main.node{…}}',
      'numbers []int = [0, 9, 0] cap 5',
      'none []int = nil',
      'array [2]bool = [true, false]',
      'something interface {}(int) = 42',
      'nothing interface {} = nil',
      'figure main.shape(*main.square) = &main.square{side: 3, at: {x: 1, y: 2}}',
      'err error(*errors.errorString) = &errors.errorString{s: "code 7"}',
      'add func(int) int = main.main.func1',
      'pipe chan int = chan int 1/4',
      'warm main.celsius = 30',
      'loop *main.node = &main.node{value: 3, next: &main.node{…}}',
    ]);
    assert.deepEqual(lines(debugged.inspector.globals()), [
      'limit int = 7',
      'table [3]main.point = [{x: 0, y: 0}, {x: 0, y: 0}, {x: 0, y: 0}]',
    ]);
  });

  it('unfolds them, each child with an expression that gives it again', () => {
    const debugged = stoppedAtPrint();
    const frame = debugged.frame();
    const seen = new Set<string>();
    const visit = (value: Value, depth: number) => {
      if (value.evaluateName !== null) {
        const again = evaluate(debugged.inspector, frame, value.evaluateName);
        assert.ok(!('error' in again), `${value.evaluateName}: ${JSON.stringify(again)}`);
        assert.equal(again.text, value.text, value.evaluateName);
        seen.add(value.evaluateName);
      }
      if (depth > 3) return;
      const children = debugged.inspector.childrenOf(value);
      assert.equal(children.length, value.childCount, value.name);
      for (const child of children) visit(child, depth + 1);
    };
    assert.ok(frame);
    for (const value of debugged.inspector.locals(frame)) visit(value, 0);
    for (const name of ['list.next.value', 'numbers[1]', 'pp.x', 'loop.next.next.value']) {
      assert.ok(seen.has(name), name);
    }
    const numbers = evaluate(debugged.inspector, frame, 'numbers');
    assert.ok(!('error' in numbers));
    assert.deepEqual(lines(debugged.inspector.childrenOf(numbers, 1, 1)), ['[1] int = 9']);
  });

  it('evaluates expressions', () => {
    const debugged = stoppedAtPrint();
    const expectations: [string, string][] = [
      ['n', '-4'],
      ['n + 2*3', '2'],
      ['n % 3', '-1'],
      ['-n', '4'],
      ['small + 10', '4'],
      ['word > 3000000000', 'true'],
      ['!yes || n == -4 && p.x < p.y', 'true'],
      ['text + "x"', '"héllo\\nx"'],
      ['text == "héllo\\n"', 'true'],
      ['len(text)', '7'],
      ['text[0]', '104'],
      ['p.x', '1'],
      ['pp.y', '2'],
      ['*pp', '{x: 1, y: 2}'],
      ['list.next.next == nil', 'true'],
      ['numbers[1]', '9'],
      ['numbers[1:3]', '[9, 0] cap 4'],
      ['len(numbers) + cap(numbers)', '8'],
      ['array[0]', 'true'],
      ['something', '42'],
      ['something == 42', 'true'],
      ['nothing == nil', 'true'],
      ['figure.side', '3'],
      ['figure.at.y', '2'],
      ['len(pipe)', '1'],
      ['cap(pipe)', '4'],
      ['loop == loop.next', 'true'],
      ['&p == pp', 'true'],
      ['limit * 2', '14'],
      ['table[2].y', '0'],
      ['uint32(7)', '7'],
      ['1 << 4 | 3', '19'],
      ['"é世"[0:2]', '"é"'],
      ['"é世"[2:]', '"世"'],
      ['"é世"[5:]', '""'],
      ['G1.goid', '1'],
      ['M0.lockedExt', '0'],
      ['M0.curg', 'G1'],
      ['G1.m == M0.curg.m', 'true'],
      ['P0.id', '0'],
      ['runtime.sched.nmidlelocked', '0'],
    ];
    for (const [text, expected] of expectations) {
      const value = evaluate(debugged.inspector, debugged.frame(), text);
      assert.equal('error' in value ? value.error : value.text, expected, text);
    }
  });

  it('says what is wrong with an expression', () => {
    const debugged = stoppedAtPrint();
    const expectations: [string, string][] = [
      ['', 'there is nothing to evaluate'],
      ['nope', 'there is no nope here'],
      ['p.z', 'a main.point has no field z'],
      ['n.x', 'a int has no field x'],
      ['numbers[3]', 'index 3 is out of range: there are 3'],
      ['list.next.next.value', 'this *main.node is nil'],
      ['n / 0', 'division by zero'],
      ['"é世"[0:6]', 'slice bounds out of range [:6] with length 5'],
      ['"é世"[3:2]', 'slice bounds out of range [3:2]'],
      ['text[:9]', 'slice bounds out of range [:9] with length 7'],
      [`1${'+1'.repeat(20_000)}`, 'the expression nests too deeply'],
      [`1${'+(1'.repeat(20_000)}`, 'the expression nests too deeply'],
      ['n + text', '+ does not go with -4 and "héllo\\n"'],
      ['n && yes', 'expected true or false, not -4'],
      ['add(1)', 'calls would change the run; only values can be looked at'],
      ['<-pipe', 'receiving would change the run; only values can be looked at'],
      ['G99', 'there is no G99 now'],
      ['runtime.nope', 'package runtime has no variable nope'],
    ];
    for (const [text, expected] of expectations) {
      const value = evaluate(debugged.inspector, debugged.frame(), text);
      assert.equal('error' in value ? value.error : value.text, expected, text);
    }
    for (const text of ['n +', 'p.', '(', 'a b', '"x', 'func() {', '}', '\u0000', '[]int{1}']) {
      const value = evaluate(debugged.inspector, debugged.frame(), text);
      assert.ok('error' in value && value.error.length > 5, text);
    }
  });

  it('sets variables on a branch of their own', () => {
    const debugged = stoppedAtPrint();
    const set = (place: string, text: string) => {
      const value = evaluate(debugged.inspector, debugged.frame(), place);
      assert.ok(!('error' in value), place);
      const { timeline, inspector } = debugged;
      const result = assign(timeline, inspector, debugged.frame(), value, text);
      return 'error' in result ? `error: ${result.error}` : result.text;
    };
    assert.equal(set('n', '40 + limit'), '47');
    assert.equal(set('text', '"other"'), '"other"');
    assert.equal(set('pp.y', '-3'), '-3');
    assert.equal(set('yes', 'false'), 'false');
    assert.equal(set('numbers[0]', 'n'), '47');
    assert.equal(set('list', 'nil'), 'nil');
    assert.equal(set('something', 'warm'), 'main.celsius(30)');
    assert.equal(set('limit', '8'), '8');
    assert.equal(set('small', '256'), 'error: 256 does not fit: a uint8 goes from 0 to 255');
    assert.equal(set('n', '"x"'), 'error: a int cannot hold "x"');
    assert.equal(set('p', '3'), 'error: a main.point cannot hold 3');
    const { timeline } = debugged;
    runToEnd(timeline);
    const printed = outputOf(timeline);
    const expected =
      '47 250 4000000000 false other {1 -3} &{1 -3} <nil> [47 9 0] [] [true false] 30';
    assert.ok(printed.startsWith(expected), printed);
    assert.ok(printed.includes(' 8 [{0 0} {0 0} {0 0}]'), printed);
    timeline.seek(0);
    runToEnd(timeline);
    assert.equal(outputOf(timeline), printed);
    timeline.switchBranch(0);
    runToEnd(timeline);
    assert.ok(outputOf(timeline).startsWith('-4 250 4000000000 true'), outputOf(timeline));
  });

  it('completes names and fields', () => {
    const debugged = stoppedAtPrint();
    const labels = (text: string) =>
      complete(debugged.inspector, debugged.frame(), text).map(({ label }) => label);
    assert.deepEqual(labels('n'), ['n', 'numbers', 'none', 'nothing']);
    assert.deepEqual(labels('1 + list.'), ['value', 'next']);
    assert.deepEqual(labels('M0.lockedE'), ['lockedExt']);
    assert.ok(labels('runtime.sch').includes('sched'));
  });
});

const locked = `
scenario Locked expect ok {
	runtime.LockOSThread()
	next, stop := iter.Pull(func(yield func(int) bool) {
		yield(1)
	})
	next()
	c := make(chan int)
	go func() {
		<-c
	}()
	runtime.Gosched()
	c <- 1
	stop()
}
`;

describe('goroutines', () => {
  it('have telling names, stacks and scopes', () => {
    const debugged = new Debugger(imageOf(locked));
    const names = () => debugged.inspector.goroutines(false).map(({ name }) => name);
    assert.deepEqual(names(), ['G1 [running]']);
    debugged.go('step-over');
    assert.deepEqual(names(), ['G1 [running, locked to M0]']);
    debugged.go('step-over');
    assert.deepEqual(names(), ['G1 [running, locked to M0]', 'G2 [coroutine]']);
    debugged.go('step-into');
    assert.equal(debugged.where(), 'step G2 main.main.func1:5 yield(1)');
    assert.deepEqual(names(), ['G1 [coroutine]', 'G2 [running, locked to M0]']);
    const stack = (id: number) => {
      const goroutine = debugged.inspector.goroutine(id);
      assert.ok(goroutine);
      return debugged.inspector.frames(goroutine).map(({ name, line }) => `${name}:${line}`);
    };
    const own = (id: number) => stack(id).filter((name) => name.startsWith('main.'));
    assert.deepEqual(own(1), ['main.main:7']);
    assert.deepEqual(own(2), ['main.main.func1:5']);
    assert.ok(stack(1).some((name) => name.startsWith('runtime.coroswitch:')));
    const goroutine = debugged.inspector.goroutine(2);
    assert.ok(goroutine);
    const scopes = debugged.inspector.scopes(goroutine, debugged.frame());
    assert.deepEqual(
      scopes.map(({ name }) => name),
      ['Locals', 'Goroutine', 'Thread (M)', 'Coros', 'Scheduler', 'Globals'],
    );
    const field = (scope: string, name: string) =>
      scopes
        .find((one) => one.name === scope)
        ?.values()
        .find((one) => one.name === name)?.text;
    assert.equal(field('Thread (M)', 'lockedExt'), '1');
    assert.equal(field('Thread (M)', 'lockedg'), 'G2');
    assert.equal(field('Thread (M)', 'curg'), 'G2');
    assert.equal(field('Goroutine', 'lockedm'), 'M0');
    assert.match(
      field('Coros', 'coro 1') ?? '',
      /^\{gp: G1, .*mp: M0, lockedExt: 1, lockedInt: 0\}$/,
    );
  });
});
