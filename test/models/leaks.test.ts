/**
 * What is left when main has returned: the ways in which a scenario ends on all its schedules when
 * leaks are looked for, on each family of profiles; and that nothing of it shows when they are not.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { load, scenariosOf } from '../../src/run/load.ts';
import { outcomesOf, search } from '../explore/support.ts';

const teaching = 'test/scenarios/go/leaks.coro';

/** All ends of a scenario on `runtime`, in a fixed order. */
function endsOf(
  runtime: string,
  text: string,
  leaks: 'always' | 'when expected' | 'never',
  options: Readonly<Record<string, number>> = {},
): string[] {
  const { image, problem, diagnostics } = load(
    { path: 'a.coro', text },
    { runtime, leaks, options },
  );
  assert.ok(image, problem ?? diagnostics.map(({ message }) => message).join('\n'));
  const result = search(image, { invariants: true });
  assert.ok(result.complete, result.incompleteBecause);
  return outcomesOf(result);
}

/** `leak` and `plain`: the ends when leaks are looked for, and when they are not. */
function check(
  { runtime, body }: { runtime: string; body: string },
  { leak, plain = ['ok '] }: { leak: string[]; plain?: string[] },
): void {
  const text = `scenario S {\n${body}\n}\n`;
  assert.deepEqual(endsOf(runtime, text, 'always'), leak);
  assert.deepEqual(endsOf(runtime, text, 'never'), plain);
  assert.deepEqual(endsOf(runtime, text, 'when expected'), plain);
  assert.deepEqual(endsOf(runtime, text, 'when expected', { leaks: 1 }), leak);
  const expecting = text.replace('scenario S', 'scenario S expect sometimes leak');
  assert.deepEqual(endsOf(runtime, expecting, 'when expected'), leak);
  const elsewhere = runtime === 'threads' ? 'go1.23' : 'threads';
  const onAnother = text.replace('scenario S', `scenario S on ${elsewhere} expect leak`);
  assert.deepEqual(endsOf(runtime, onAnother, 'when expected'), plain);
}

const pull = 'next, _ := iter.Pull(func(yield func(int) bool) { yield(1) })\nnext()';

describe('leaks', () => {
  for (const runtime of [
    'go1.22',
    'go1.23',
    'go1.24',
    'go1.25-pre',
    'go1.25',
    'go1.26',
    'go1.27',
  ]) {
    it(`an abandoned iterator on ${runtime}`, () =>
      check({ runtime, body: pull }, { leak: ['leak 1 goroutine is left: G2 [coroutine]'] }));
  }

  it('goroutines of the runtime are none', () =>
    check(
      { runtime: 'go1.25', body: 'x := new(int)\nruntime.AddCleanup(x, func(int) {}, 1)' },
      { leak: ['ok '] },
    ));

  it('main may be locked to its thread', () =>
    check(
      {
        runtime: 'go1.23',
        body: 'runtime.LockOSThread()\nc := make(chan int)\ngo func() { <-c }()',
      },
      { leak: ['leak 1 goroutine is left: G2 [chan receive]'] },
    ));

  it('a goroutine in a system call', () =>
    check(
      { runtime: 'go1.23', body: 'var word uint32\ngo func() { runtime.SyscallWait(&word) }()' },
      { leak: ['leak 1 goroutine is left: G2 [syscall]'] },
    ));

  it('a goroutine that panics after main has returned', () =>
    check(
      { runtime: 'go1.23', body: 'go func() { panic("late") }()' },
      { leak: ['panic late'], plain: ['ok ', 'panic late'] },
    ));

  it('os.Exit asks for no look at others', () =>
    check({ runtime: 'go1.23', body: 'go func() { select {} }()\nos.Exit(0)' }, { leak: ['ok '] }));

  it('who sleeps longer than the grace', () => {
    const body = 'go func() { time.Sleep(3 * time.Second) }()';
    check({ runtime: 'go1.23', body }, { leak: ['leak 1 goroutine is left: G2 [sleep]'] });
    const text = `scenario S {\n${body}\n}\n`;
    assert.deepEqual(endsOf('go1.23', text, 'always', { grace: 3000 }), ['ok ']);
  });

  it('many are counted, ten are named', () => {
    const text = 'scenario S {\nfor range 12 {\ngo func() { select {} }()\n}\n}\n';
    const { image } = load(
      { path: 'a.coro', text },
      { leaks: 'always', options: { gomaxprocs: 1 } },
    );
    assert.ok(image);
    const [found] = outcomesOf(search(image, { strategy: 'random', executions: 1 }));
    assert.match(
      found,
      /^leak 12 goroutines are left: G2 \[select \(no cases\)\], .*G11 .* and 2 more$/,
    );
  });

  it('threads, with the function in which each waits', () =>
    check(
      {
        runtime: 'threads',
        body: `var mu sync.Mutex
var wg sync.WaitGroup
mu.Lock()
wg.Add(1)
go func() { mu.Lock() }()
go func() {}()
go func() { wg.Wait() }()`,
      },
      {
        leak: [
          'leak 2 threads are left: Thread 1 [sync.(*Mutex).Lock], Thread 3 [sync.(*WaitGroup).Wait]',
        ],
      },
    ));

  it('threads that were merely late', () =>
    check({ runtime: 'threads', body: 'var x uint32\ngo func() { x++ }()' }, { leak: ['ok '] }));

  for (const runtime of ['zig0.2', 'zig-1363']) {
    it(`threads on ${runtime}`, () =>
      check(
        { runtime, body: 'var mu sync.Mutex\nmu.Lock()\nzig.Thread(func() { mu.Lock() })' },
        { leak: ['leak 1 thread is left: Thread 1 [sync.(*Mutex).Lock]'] },
      ));
  }

  it('frames and threads on zig-1363', () => {
    const frames = 'leak 1 coroutine frames were never freed';
    check(
      {
        runtime: 'zig-1363',
        body: `var mu sync.Mutex
mu.Lock()
zig.Thread(func() { mu.Lock() })
p := zig.Async(func() { zig.Suspend() })
zig.CancelAsync(p)`,
      },
      { leak: [`${frames}; 1 thread is left: Thread 1 [sync.(*Mutex).Lock]`], plain: [frames] },
    );
  });
});

describe('every search finds the same leaks', () => {
  const input = { path: teaching, text: readFileSync(teaching, 'utf8') };
  for (const { name } of scenariosOf(load(input, {}).file)) {
    it(name, () => {
      const { image } = load(input, { scenario: name });
      assert.ok(image);
      const usual = outcomesOf(search(image, { invariants: true }));
      assert.deepEqual(outcomesOf(search(image, { reduction: false, exact: true })), usual);
    });
  }
});
