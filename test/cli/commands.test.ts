import assert from 'node:assert/strict';
import { Workspace } from './support.ts';

const text = `runtime go1.23

scenario Handover expect ok {
	next, stop := iter.Pull(letters)
	a, _ := next()
	b, _ := next()
	fmt.Println(a, b)
	stop()
}

func letters(yield func(string) bool) {
	_ = yield("a") && yield("b") && yield("c")
}

scenario LockedYield
	expect throw "OS thread locking must match" prints "got lock external 1, want 0"
	on go1.22 expect ok
{
	next, stop := iter.Pull(func(yield func(int) bool) {
		runtime.LockOSThread()
		yield(1)
		runtime.UnlockOSThread()
	})
	next()
	stop()
}

scenario Race
	expect sometimes ok prints "1 2"
	expect sometimes ok prints "2 1"
{
	c := make(chan int, 2)
	go func() { c <- 1 }()
	go func() { c <- 2 }()
	fmt.Println(<-c, <-c)
}
`;

const countsText = `runtime go1.25

var counter int

invariant "counter stays small" {
	return counter < 2
}

scenario Counts expect ok {
	for range 3 {
		counter++
		runtime.Gosched()
	}
}
`;

const flagText = `runtime threads
scenario Flag {
	var ready uint32
	go func() { atomic.StoreUint32(&ready, 1) }()
	if atomic.LoadUint32(&ready) == 0 {
		fail("too early")
	}
}
`;

/** One outcome takes ten preemptions, more than simple schedules are looked for with. */
const zigzagText = `runtime threads
scenario Zigzag expect sometimes fail "far" {
	turn := uint32(0)
	go func() {
		for i := range uint32(6) {
			atomic.CompareAndSwapUint32(&turn, 2*i+1, 2*i+2)
		}
	}()
	for i := range uint32(6) {
		atomic.CompareAndSwapUint32(&turn, 2*i, 2*i+1)
	}
	if atomic.LoadUint32(&turn) == 11 {
		fail("far")
	}
}
`;

describe('command line', () => {
  let workspace: Workspace;
  before(() => {
    workspace = new Workspace({
      'a.coro': text,
      'folder/b.coro': 'func main() { println("b") }\n',
    });
  });
  after(() => workspace.remove());

  it('runs a scenario', () => {
    const { status, stdout, stderr } = workspace.run('run', 'a.coro');
    assert.equal(status, 0);
    assert.match(stdout, /^a b\nHandover on go1\.23: ok \(as expected; \d+ steps\)\n$/);
    assert.equal(stderr, '');
  });

  it("keeps the runtime's own texts on standard error", () => {
    const { status, stdout, stderr } = workspace.run('run', 'a.coro', '--scenario', 'LockedYield');
    assert.equal(status, 0);
    assert.match(stdout, /^LockedYield on go1\.23: throw "coro: OS thread locking must match/);
    assert.match(stderr, /^coro: got thread M0, want nil\ncoro: got lock internal 0, want 0\n/);
    assert.match(stderr, /\nfatal error: coro: OS thread locking must match/);
    const old = workspace.run('run', 'a.coro', '--scenario', 'LockedYield', '--runtime', 'go1.22');
    assert.equal(old.status, 0);
    assert.match(old.stdout, /^LockedYield on go1\.22: ok /);
  });

  it('prints one JSON object', () => {
    const { status, stdout } = workspace.run('run', 'a.coro', '--json');
    assert.equal(status, 0);
    const { steps, schedule, ...rest } = JSON.parse(stdout);
    assert.ok(steps > 10);
    assert.match(schedule, /^c1\.0x?/);
    assert.deepEqual(rest, {
      scenario: 'Handover',
      runtime: 'go1.23',
      outcome: { kind: 'ok', message: '' },
      output: ['a b'],
    });
  });

  it('replays what a seed gave', () => {
    for (const seed of ['1', '2', '3', '4']) {
      const args = ['run', 'a.coro', '--scenario', 'Race', '--json'];
      const first = JSON.parse(workspace.run(...args, '--seed', seed).stdout);
      const again = JSON.parse(workspace.run(...args, '--schedule', first.schedule).stdout);
      assert.deepEqual(again, first);
    }
  });

  it('draws the handoffs', () => {
    const { stdout } = workspace.run('run', 'a.coro', '--handoffs');
    const table = stdout.split('\n').map((line) => line.replace(/^ *\d+ /, ' # '));
    const rows = table.filter((line) => line.startsWith(' # ') && /[▶◀]/.test(line));
    assert.equal(rows.length, 6, stdout);
    assert.match(rows[0], /M0 +\[coroutine\] ─*▶ runs/);
    assert.match(rows[1], /M0 +runs ◀─* \[coroutine\]/);
  });

  it('checks files and folders on every profile that is named', () => {
    const { status, stdout, stderr } = workspace.run('check', '.', '--natural');
    assert.equal(stderr, '');
    assert.equal(status, 0, stdout);
    assert.deepEqual(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.replace(/: .*/, '')),
      [
        'pass  a.coro Handover on go1.23',
        'pass  a.coro LockedYield on go1.23',
        'pass  a.coro LockedYield on go1.22',
        '????  a.coro Race on go1.23',
        'pass  folder/b.coro main on go1.23',
        'Decided on the natural schedule; other schedules were not searched.',
        '4 passed, 0 failed',
      ],
    );
    const args = ['--runtime', 'go1.22', '--scenario', 'LockedYield', '--json'];
    const json = JSON.parse(workspace.run('check', 'a.coro', ...args).stdout);
    assert.deepEqual([json.passed, json.failed, json.results.length], [1, 0, 1]);
    assert.deepEqual(json.results[0].outcome, { kind: 'ok', message: '' });
    assert.equal(json.results[0].runtime, 'go1.22');
    assert.equal(json.results[0].expected, 'ok');
  });

  it('searches with several threads, and finds what one finds', () => {
    const explored = (...args: string[]) => {
      const run = workspace.run('explore', 'a.coro', '--scenario', 'Race', '--json', ...args);
      assert.equal(run.stderr, '');
      const { complete, states, transitions, executions, outcomes } = JSON.parse(run.stdout);
      const found = outcomes as { kind: string; message: string; count: number }[];
      const ends = found.map((one) => `${one.kind} ${one.message} ${one.count}`).sort();
      return { status: run.status, complete, states, transitions, executions, ends };
    };
    const one = explored('--no-reduction');
    assert.ok(one.complete && one.states > 20);
    assert.deepEqual(explored('--no-reduction', '--workers', '3'), one);
    const { transitions: _, ...some } = explored('--random', '50', '--workers', '3');
    const { transitions: __, ...expected } = explored('--random', '50');
    assert.deepEqual(some, expected);
  });

  it('checks with several threads, and says the same', () => {
    const checked = (...args: string[]) => workspace.run('check', 'a.coro', 'folder', ...args);
    assert.deepEqual(checked('--workers', '3'), checked());
    assert.deepEqual(checked('--workers', '2', '--json'), checked('--json'));
  });

  it('refuses what does not go together, and says why', () => {
    const refused = (command: string, args: readonly string[], problem: RegExp) => {
      const { status, stdout, stderr } = workspace.run(command, 'a.coro', ...args);
      assert.deepEqual([status, stdout], [2, '']);
      assert.match(stderr, problem);
    };
    for (const [args, problem] of [
      [['--workers', '0'], /--workers takes a whole number of at least 1/],
      [['--workers', '1000'], /--workers takes at most 64/],
      [['--workers', '2', '--exact'], /--exact stores whole states in one thread only/],
      [['--workers', '2', '--shortest'], /--shortest searches in one thread/],
      [['--bound', '1', '--shortest'], /are different searches: give one of them/],
      [['--shard', '1/2', '--shortest'], /a search of all schedules has no parts/],
      [['--random', '5', '--exact'], /--exact is for the exhaustive search and --shortest/],
      [['--bound', '5', '--no-reduction'], /--no-reduction is for the exhaustive search/],
      [['--bound', '5', '--seed', '1'], /--seed belongs to --random and --pct/],
      [['--random', '5', '--pct-depth', '2'], /--pct-depth belongs to --pct/],
      [['--random', '5', '--limit', '9'], /--limit counts stored states/],
      [['--nearest', '--reach', 'a.coro:5'], /--nearest is for outcomes; --reach/],
      [['--all-steps'], /--all-steps belongs to --witness/],
    ] as const) {
      refused('explore', args, problem);
    }
    refused('check', ['--workers', '65'], /--workers takes at most 64/);
    refused('check', ['--natural', '--states', '7'], /--natural does not search/);
  });

  it('finds no end where there is none, which is not as expected', () => {
    const body = 'for {\n\t\tatomic.LoadUint32(&x)\n\t}';
    const endless = `runtime threads\nscenario Endless expect ok {\n\tvar x uint32\n\t${body}\n}\n`;
    workspace.write('endless.coro', endless);
    const { status, stdout } = workspace.run('explore', 'endless.coro');
    assert.match(stdout, /^no execution came to an end\n[^]*\ncomplete: /);
    assert.equal(status, 1);
  });

  it('says whether a schedule is the simplest', () => {
    workspace.write('zigzag.coro', zigzagText);
    const { stdout } = workspace.run('explore', 'zigzag.coro');
    assert.match(stdout, /^fail "far"\n.*; the simplest found: 10 preemptions,/m);
    assert.match(stdout, /^ok\n.*; the simplest: 0 preemptions,/m);
  });

  it('shows the nearest schedule that passes', () => {
    workspace.write('flag.coro', flagText);
    const { status, stdout } = workspace.run('explore', 'flag.coro', '--nearest');
    assert.equal(status, 1);
    const schedules = [...stdout.matchAll(/--schedule (\S+)/g)].map(([, schedule]) => schedule);
    const ends = schedules.map(
      (one) => workspace.run('run', 'flag.coro', '--schedule', one).stdout,
    );
    assert.match(stdout, /nearest schedule that passes parts at step \d+: /);
    assert.match(stdout, /^► +\d+ {2}thread 0, .*flag\.coro:\d+ +\d+ {2}thread 1, /m);
    assert.equal(ends.filter((text) => /: fail "too early"/.test(text)).length, 1);
    assert.equal(ends.filter((text) => /: ok /.test(text)).length, ends.length - 1);
    const { outcomes } = JSON.parse(
      workspace.run('explore', 'flag.coro', '--nearest', '--json').stdout,
    ) as { outcomes: { kind: string; nearest?: { schedule: string; outcome: object } }[] };
    const failing = outcomes.find(({ kind }) => kind === 'fail');
    assert.deepEqual(failing?.nearest?.outcome, { kind: 'ok', message: '' });
    assert.ok(schedules.includes(failing.nearest.schedule));
    assert.equal(outcomes.find(({ kind }) => kind === 'ok')?.nearest, undefined);
  });

  it('looks for leaks when asked, and says so beside a schedule', () => {
    workspace.write(
      'leak.coro',
      'func main() {\n\tc := make(chan int)\n\tgo func() { <-c }()\n}\n',
    );
    const leak = 'leak "1 goroutine is left: G2 [chan receive]"';
    for (const command of ['run', 'check', 'explore']) {
      assert.equal(workspace.run(command, 'leak.coro').status, 0, command);
      const { status, stdout } = workspace.run(command, 'leak.coro', '--leaks');
      assert.equal(status, 1, command);
      assert.ok(stdout.includes(leak), stdout);
      const schedule = /--leaks --schedule (\S+)/.exec(stdout)?.[1] ?? '';
      const again = workspace.run('run', 'leak.coro', '--leaks', '--schedule', schedule);
      assert.ok(again.stdout.includes(leak), again.stdout);
    }
    workspace.run('run', 'leak.coro', '--leaks', '--trace', 'leak.corotrace');
    const replayed = workspace.run('run', 'leak.coro', '--schedule', 'leak.corotrace');
    assert.ok(replayed.stdout.includes(leak), replayed.stdout);
  });

  it('lists the runtime profiles and shows their models', () => {
    assert.match(workspace.run('models').stdout, /^go1\.22 +Go 1\.22: /);
    assert.match(workspace.run('models', 'go1.23').stdout, /^go\/coro\.coro$/m);
    assert.match(workspace.run('models', 'go1.23', 'go/coro.coro').stdout, /func coroswitch_m/);
    assert.equal(workspace.run('models', 'go1.23', 'nope').status, 2);
  });

  it('makes a run and the queue of that run alike', () => {
    workspace.write('counts.coro', countsText);
    const both = (...args: string[]) =>
      ['run', 'queue'].map((command) => workspace.run(command, ...args));
    const stepsOf = ({ stdout }: { stdout: string }) => /(\d+) steps/.exec(stdout)?.[1];
    const plain = both('counts.coro').map(stepsOf);
    const watched = both('counts.coro', '--invariants').map(stepsOf);
    assert.equal(plain[0], plain[1]);
    assert.equal(watched[0], watched[1]);
    assert.ok(Number(watched[0]) < Number(plain[0]), 'the invariant did not end the run');
    const lost = ['counts.coro', '--schedule', 'c1.9x5'];
    for (const { status, stdout, stderr } of both(...lost)) {
      assert.deepEqual({ status, stdout }, { status: 2, stdout: '' });
      assert.match(stderr, /^coroscope: step 1 of the schedule cannot be taken: there is no th/);
    }
    for (const { status, stderr } of both(...lost, '--follow')) {
      assert.equal(status, 0);
      assert.match(stderr, /there is no thread 9; went on naturally\n$/);
    }
    const [run, queue] = both('counts.coro', 'a.coro').map(({ stderr }) => stderr);
    assert.equal(queue, run.replace('run takes', 'queue takes'));
  });
});
