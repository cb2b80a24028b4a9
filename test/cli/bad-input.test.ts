/**
 * Whatever the user gives, the command line answers in the user's words and with the right status.
 */
import assert from 'node:assert/strict';
import { Workspace } from './support.ts';

const good = `scenario Good expect ok {
	println("hello")
}
`;

const files = {
  'good.coro': good,
  'other.coro': good.replace('hello', 'good bye'),
  'syntax.coro': 'scenario A {\n\tx := \n\tif {\n}\n\nfunc f( {\n}\n',
  'types.coro': `scenario A {
	var n int = "text"
	undefined(n)
	n.field()
}
`,
  'empty.coro': '',
  'no-scenario.coro': 'func f() {\n}\n',
  'profile.coro': 'runtime go9.99\n\nscenario A {\n}\n',
  'option.coro': 'runtime go1.23 gomaxproc 2\n\nscenario A {\n}\n',
  'overflow.coro': `func f(n int) int {
	return f(n+1) + 1
}

scenario Overflow {
	println(f(0))
}
`,
  'endless.coro': `scenario Spin {
	x := 0
	for {
		x++
		x--
	}
}

scenario Wait {
	var ready int32
	for atomic.LoadInt32(&ready) == 0 {
	}
}
`,
  'huge.coro': `scenario Huge {
	n := 2000000000
	s := make([]int, n)
	println(len(s))
}

scenario Greedy {
	var all [][]int
	for {
		all = append(all, make([]int, 100000))
	}
}
`,
  'fails.coro': `scenario Fails expect ok {
	fail("not", 3)
}
`,
  'empty-folder/readme.txt': '',
};

describe('bad input', () => {
  let workspace: Workspace;
  before(() => {
    workspace = new Workspace(files);
  });
  after(() => workspace.remove());

  /** The status, and patterns that standard output and error must match. */
  function check(args: readonly string[], status: number, stdout: RegExp, stderr: RegExp): void {
    const result = workspace.run(...args);
    const said = `${args.join(' ')}\n${result.stdout}\n${result.stderr}`;
    assert.equal(result.status, status, said);
    assert.match(result.stdout, stdout, said);
    assert.match(result.stderr, stderr, said);
    assert.doesNotMatch(said, /internal error|\bat .*cli\.js/, said);
  }

  const nothing = /^$/;

  it('of usage', () => {
    check([], 2, nothing, /usage: coroscope COMMAND/);
    check(['--help'], 0, /usage: coroscope COMMAND/, nothing);
    check(['run', '--help'], 0, /--schedule TRACE/, nothing);
    check(['check', '-h'], 0, /usage: coroscope check FILE/, nothing);
    check(['--version'], 0, /^\d+\.\d+\.\d+\n$/, nothing);
    check(
      ['walk', 'good.coro'],
      2,
      nothing,
      /^coroscope: there is no command walk; there are run, /,
    );
    check(['run'], 2, nothing, /run needs the name of a scenario file/);
    check(['run', 'good.coro', 'other.coro'], 2, nothing, /run takes one file/);
    check(['run', '--nope', 'good.coro'], 2, nothing, /'--nope'.*coroscope run --help/);
    check(['run', 'good.coro', '--seed', 'x'], 2, nothing, /--seed takes a whole number/);
    check(['run', 'good.coro', '--limit', '0'], 2, nothing, /--limit .* at least 1, not '0'/);
    check(['run', 'good.coro', '--set', 'procs'], 2, nothing, /--set takes NAME=NUMBER/);
    check(['check'], 2, nothing, /check needs the names of scenario files/);
  });

  it('of names', () => {
    check(['run', 'nope.coro'], 2, nothing, /cannot read nope\.coro: there is no such file/);
    check(['run', 'empty-folder'], 2, nothing, /cannot read empty-folder: it is a folder/);
    check(['check', 'empty-folder'], 2, nothing, /there is no \.coro file in empty-folder/);
    const unknown = /good\.coro: the file has no scenario Bad; it has Good/;
    check(['run', 'good.coro', '--scenario', 'Bad'], 2, nothing, unknown);
    const profile = /there is no runtime profile go7; there are .*go1\.23/;
    check(['run', 'good.coro', '--runtime', 'go7'], 2, nothing, profile);
    check(['check', 'good.coro', '--runtime', 'go7'], 2, /0 passed, 0 failed\n$/, profile);
    check(
      ['run', 'good.coro', '--set', 'speed=3'],
      2,
      nothing,
      /has no option speed; there are gomaxprocs/,
    );
    check(
      ['run', 'profile.coro'],
      2,
      nothing,
      /profile\.coro:1:9: error: there is no runtime profile go9\.99 \(there are /,
    );
    check(
      ['run', 'option.coro'],
      2,
      nothing,
      /option\.coro:1:16: error: go1\.23 has no option gomaxproc/,
    );
    check(['run', 'no-scenario.coro'], 2, nothing, /the file has no scenario; write one/);
    check(['run', 'empty.coro'], 2, nothing, /the file has no scenario/);
  });

  it('of syntax and types', () => {
    check(
      ['run', 'syntax.coro'],
      2,
      nothing,
      /^syntax\.coro:\d+:\d+: error: .*\n[^]*coroscope: syntax\.coro: \d+ errors/,
    );
    check(
      ['run', 'types.coro'],
      2,
      nothing,
      /types\.coro:2:14: error: [^]*:3:2: error: [^]*3 errors/,
    );
    check(
      ['check', 'types.coro', 'good.coro'],
      2,
      /pass  good\.coro Good[^]*1 passed, 0 failed\n$/,
      /types\.coro:2:14/,
    );
  });

  it('that runs too long or takes too much', () => {
    check(['run', 'overflow.coro'], 1, /limit "stack: .*calls itself.*stackWords/, nothing);
    check(
      ['run', 'endless.coro', '--limit', '20000'],
      1,
      /Spin on go1\.23: limit ".*(?:steps|instructions): .*loop/,
      nothing,
    );
    check(
      ['run', 'endless.coro', '--scenario', 'Wait', '--limit', '20000'],
      1,
      /limit "steps: .* 20000 steps\. .*--limit/,
      nothing,
    );
    check(
      ['run', 'huge.coro'],
      1,
      /Huge on go1\.23: limit "memory: the run needs more than/,
      nothing,
    );
    check(
      ['run', 'huge.coro', '--scenario', 'Greedy'],
      1,
      /limit "memory: .*allocates for ever/,
      nothing,
    );
  });

  it('of expectations', () => {
    check(
      ['run', 'fails.coro'],
      1,
      /Fails on go1\.23: fail "not 3" \(expected ok; .*\nreplay it with --schedule c1\./,
      nothing,
    );
    check(
      ['check', 'fails.coro', 'good.coro'],
      1,
      /FAIL  fails\.coro Fails on go1\.23: expected ok, got fail "not 3"[^]*1 passed, 1 failed\n$/,
      nothing,
    );
  });

  it('of parts of a search', () => {
    const args = ['explore', 'good.coro', '--random', '9', '--json'];
    const [one, two] = ['1/2', '2/2'].map(
      (shard) => workspace.run(...args, '--shard', shard).stdout,
    );
    workspace.write('one.json', one);
    workspace.write('two.json', two);
    check(['merge', 'one.json', 'two.json'], 0, /"executions":9,/, nothing);
    check(['merge', 'one.json'], 0, /"complete":false,.*1 part of the search missing: 2/, nothing);
    check(['merge'], 2, nothing, /merge needs the names of result files/);
    check(['merge', 'one.json', 'one.json'], 2, nothing, /part 1 of the search is there twice/);
    workspace.write('seed.json', two.replace('"seed":1', '"seed":2'));
    check(
      ['merge', 'one.json', 'seed.json'],
      2,
      nothing,
      /parts of different searches: .*"seed":2/,
    );
    for (const [text, problem] of [
      ['', /bad\.json is empty/],
      ['{', /bad\.json is not JSON of coroscope explore/],
      ['null', /bad\.json is not a result of coroscope explore --json/],
      ['{}', /bad\.json is not a result/],
      [one.replace(/"outcomes":\[/, '"outcomes":[null,'), /bad\.json is not a result/],
      [one.replace(/"schedule":"/, '"schedule":"x'), /bad\.json: a schedule begins with c1/],
      [one.replace('"1/2"', '"1"'), /'1' is no part of a search/],
      [one.replace('"1/2"', '"3/2"'), /there is no part 3 of 2/],
    ] as const) {
      workspace.write('bad.json', text);
      check(['merge', 'bad.json'], 2, nothing, problem);
    }
  });

  it('of places that are looked for', () => {
    const reach = (...more: string[]) => ['explore', 'good.coro', '--reach', ...more];
    check(reach('good.coro:2'), 0, /^reached good\.coro:2\n/, nothing);
    check(reach('2'), 2, nothing, /--reach takes FILE:LINE, not '2'/);
    check(reach('good.coro:99'), 2, nothing, /no statement of the scenario Good is here/);
    const never = /good\.coro:2 was never reached with a value for "n": there is no n here/;
    check(reach('good.coro:2', '--when', 'n'), 1, never, nothing);
    check(reach('good.coro:2', '--when', 'n', '--workers', '2'), 1, never, nothing);
    const no = /\nno schedule reaches good\.coro:2 with 1 == 2\n/;
    check(reach('good.coro:2', '--when', '1 == 2'), 1, no, nothing);
  });

  it('of traces', () => {
    check(
      ['run', 'good.coro', '--trace', 'good.corotrace'],
      0,
      /Good on go1\.23: ok \(as expected; \d+ steps?\)/,
      /hello/,
    );
    check(['run', 'good.coro', '--schedule', 'good.corotrace'], 0, /schedule replay/, /hello/);
    const other = /the trace was recorded on another text of other\.coro; --follow follows it/;
    check(['run', 'other.coro', '--schedule', 'good.corotrace'], 2, nothing, other);
    check(
      ['run', 'other.coro', '--schedule', 'good.corotrace', '--follow'],
      0,
      /Good on go1\.23: ok/,
      /another text[^]*good bye/,
    );
    check(
      ['run', 'good.coro', '--schedule', 'c1.7x3'],
      2,
      nothing,
      /step 1 of the schedule cannot be taken: there is no thread 7/,
    );
    check(['run', 'good.coro', '--schedule', 'c1.0y'], 2, nothing, /"0y" is no part of a schedule/);
    check(['run', 'good.coro', '--schedule', 'c9.0'], 2, nothing, /schedule of version 9/);
    check(
      ['run', 'good.coro', '--schedule', 'nope.corotrace'],
      2,
      nothing,
      /cannot read nope\.corotrace/,
    );
    workspace.write('broken.corotrace', '{"coroscope": "trace", "version": 1');
    check(
      ['run', 'good.coro', '--schedule', 'broken.corotrace'],
      2,
      nothing,
      /the trace is damaged/,
    );
    workspace.write('future.corotrace', '{"coroscope": "trace", "version": 7}');
    check(
      ['run', 'good.coro', '--schedule', 'future.corotrace'],
      2,
      nothing,
      /trace of version 7; this program reads version 1/,
    );
    check(
      ['run', 'good.coro', '--schedule', 'c1.0', '--seed', '1'],
      2,
      nothing,
      /exclude each other/,
    );
    check(
      ['run', 'good.coro', '--trace', 'no/such/folder'],
      2,
      nothing,
      /cannot write no\/such\/folder: there is no such folder/,
    );
  });
});
