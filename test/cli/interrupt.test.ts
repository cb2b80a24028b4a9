/** Ctrl-C ends a search or a check, and what was found until then is printed. */
import assert from 'node:assert/strict';
import { Workspace } from './support.ts';

/** Has one outcome at once, and more states than anybody waits for. */
const large = `runtime threads
scenario Small {
}

scenario Large {
	var x, y, z uint32
	for range 2 {
		go func() {
			for {
				atomic.AddUint32(&y, atomic.LoadUint32(&x))
				atomic.AddUint32(&z, atomic.LoadUint32(&y))
			}
		}()
	}
	for {
		if atomic.AddUint32(&x, 1+z%3) == 1_000_000 {
			println("far away")
		}
	}
}
`;

/** Ends in many ways, and the simplest schedule to most of them takes a long search. */
const many = `runtime threads
scenario Many expect fail {
	var x, y uint32
	for range 3 {
		go func() {
			for range 20 {
				atomic.AddUint32(&x, 1)
				atomic.AddUint32(&y, atomic.LoadUint32(&x))
			}
		}()
	}
	for range 20 {
		atomic.AddUint32(&x, 1)
	}
	fail("so far", y)
}
`;

describe('Ctrl-C', () => {
  let workspace: Workspace;
  before(() => {
    workspace = new Workspace({ 'large.coro': large, 'many.coro': many });
  });
  after(() => workspace.remove());

  /** Interrupts a command when it has printed `event`; what else it prints must be `expected`. */
  async function check(
    args: readonly string[],
    event: RegExp,
    expected: { stdout: RegExp; status?: number; signal?: NodeJS.Signals },
  ): Promise<string> {
    const { signal = 'SIGINT', status = 130 } = expected;
    const result = await workspace.interrupt(args, event, signal);
    assert.match(result.stdout, expected.stdout, result.stderr);
    assert.equal(result.status, status);
    return result.stdout;
  }

  const search = ['explore', 'large.coro', '--scenario', 'Large', '--depth', '300', '--progress'];
  const found =
    /^limit "an execution has more than 300 steps[^]*\n {4}--schedule c1n\.[^]*cancelled/;

  it('ends a search', () => check(search, /1 outcome/, { stdout: found }));
  it('so does SIGTERM', () =>
    check(search, /1 outcome/, { stdout: found, signal: 'SIGTERM', status: 143 }));
  it('ends a search by two workers', () =>
    check([...search, '--workers', '2'], /1 outcome/, { stdout: found }));
  it('ends random executions', () =>
    check([...search, '--random', '9999999'], /1 outcome/, { stdout: found }));
  it('ends shards', () =>
    check([...search, '--random', '9999999', '--workers', '2'], /1 outcome/, { stdout: found }));
  it('ends a search with few preemptions', () =>
    check([...search, '--bound', '9'], /1 outcome/, { stdout: found }));
  it('ends a search for a place', () =>
    check([...search, '--reach', 'large.coro:17'], /1 outcome/, { stdout: found }));

  it('gives JSON, too', async () => {
    const text = await check([...search, '--json'], /1 outcome/, { stdout: /^\{.*\}\n$/ });
    const result = JSON.parse(text) as Record<string, unknown>;
    const { interrupted, complete, incompleteBecause, outcomes } = result;
    assert.deepEqual([interrupted, complete, incompleteBecause], [true, false, 'cancelled']);
    assert.equal((outcomes as unknown[]).length, 1);
  });

  it('leaves schedules as they were found while simpler ones are looked for', () =>
    check(
      ['explore', 'many.coro', '--random', '100', '--progress', '--witness'],
      /simplest schedules: 0 of/,
      {
        stdout:
          /fail "so far \d+"\n.* this one: [^]*\ninterrupted: \d+ of \d+ schedules may not be/,
      },
    ));

  it('ends a check', () =>
    check(['check', 'large.coro', '--states', '999999999', '--seconds', '9999'], /^pass /, {
      stdout: /^pass .* Small on .*: ok\ninterrupted after 1 verdict\n1 passed, 0 failed\n$/,
    }));
  it('ends a check by two workers', () =>
    check(
      ['check', 'large.coro', '--states', '999999999', '--seconds', '9999', '--workers', '2'],
      /^pass /,
      { stdout: /^pass [^]*\ninterrupted after 1 verdict\n1 passed, 0 failed\n$/ },
    ));
});
