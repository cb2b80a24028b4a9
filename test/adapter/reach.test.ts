/** A breakpoint as a question: finding a schedule that reaches a line, in a session. */
import assert from 'node:assert';
import { Client, lineOf } from './client.ts';

const file = 'flags.coro';

const flags = `runtime threads
scenario Flags {
	var x uint32
	go func() {
		atomic.StoreUint32(&x, 1)
		atomic.StoreUint32(&x, 2)
	}()
	seen := atomic.LoadUint32(&x)
	if seen == 1 {
		println("between")
	}
	if seen == 3 {
		println("never")
	}
	println("end", seen)
}
`;

/** Three threads that count in all orders: more states than any test waits for. */
const large = `runtime threads
scenario Large {
	var a, b, c uint32
	for i := range 3 {
		go func() {
			for range 60 {
				atomic.AddUint32(&a, uint32(i))
				atomic.AddUint32(&b, atomic.LoadUint32(&a))
				atomic.AddUint32(&c, atomic.LoadUint32(&b))
			}
		}()
	}
	if a == 12345 {
		println("never")
	}
}
`;

interface Answer {
  found: boolean;
  complete: boolean;
  message: string;
  schedule?: string;
}

const between = lineOf(flags, 'println("between")');
const never = lineOf(flags, 'println("never")');
const end = lineOf(flags, 'println("end"');

async function launched(text = flags, settings: object = {}): Promise<Client> {
  const client = new Client();
  client.texts.set(file, text);
  await client.launch({ program: file, stopOnEntry: true, ...settings });
  return client;
}

/** Asks for a large search and waits until it is under way and shown. */
async function searching(): Promise<{ client: Client; answer: Promise<unknown>; seq: number }> {
  const client = new Client();
  client.texts.set(file, large);
  await client.ask('initialize', { supportsProgressReporting: true });
  await client.ask('launch', { program: file, stopOnEntry: true });
  await client.ask('configurationDone');
  await client.rest();
  const seq = client.nextSeq;
  const answer = client.fail('coroscope/reach', {
    line: lineOf(large, 'println("never")'),
    condition: 'a == 12345',
    stateLimit: 100_000_000,
  });
  await client.event('progressStart');
  return { client, answer, seq };
}

describe('reach', () => {
  it('stops at the line, on a branch of its own, and says what it took', async () => {
    const client = await launched();
    const answer = await client.ask<Answer>('coroscope/reach', { path: file, line: between });
    assert.ok(answer.found);
    const stop = await client.rest();
    assert.equal(stop.body.description, 'Reached: 2 preemptions');
    assert.match(answer.message, /^Reached flags\.coro:10: 2 preemptions, \d+ steps$/);
    const [frame] = await client.frames();
    assert.equal(frame.line, between);
    assert.equal(await client.evaluate('seen'), '1');
    const { branches, current } = await client.ask<{ branches: object[]; current: number }>(
      'coroscope/branches',
    );
    assert.equal(branches.length, 2);
    assert.equal(current, 1);
    await client.move('coroscope/switchBranch', { branch: 0 });
    await client.move('coroscope/switchBranch', { branch: 1 });
    await client.move('continue');
    assert.match(client.text(), /between/);
  });

  it('gives a schedule that a launch takes', async () => {
    const client = await launched();
    const { schedule } = await client.ask<Answer>('coroscope/reach', { line: between });
    const again = new Client();
    again.texts.set(file, flags);
    await again.launch({ program: file, trace: schedule }, () =>
      again.breakAt(file, { line: between }),
    );
    assert.equal((await again.frames())[0].line, between);
  });

  it('finds the line with a condition, and finds the way again after the end', async () => {
    const client = await launched(flags, { seed: 3 });
    await client.ask('setExceptionBreakpoints', { filters: ['ok'] });
    await client.move('continue');
    const source = { path: file };
    await client.ask('coroscope/reach', { source, line: end, condition: ' seen == 2 ' });
    await client.rest();
    assert.equal(await client.evaluate('seen'), '2');
    assert.equal((await client.frames())[0].line, end);
  });

  it('proves that no schedule gets there, and stays where it is', async () => {
    const client = await launched();
    const stops = client.events.length;
    const answer = await client.ask<Answer>('coroscope/reach', { line: never });
    assert.deepEqual([answer.found, answer.complete], [false, true]);
    assert.match(answer.message, /^No schedule reaches flags\.coro:13: every schedule is covered/);
    assert.equal(client.events.length, stops);
    await client.move('next');
  });

  it('does not look behind a data race where races end the run', async () => {
    const text = `runtime go1.23
scenario Racing {
	x := 0
	go func() { x = 1 }()
	if x == 1 {
		println("raced")
	}
}
`;
    const line = lineOf(text, 'println("raced")');
    for (const races of [false, true]) {
      const client = await launched(text, { races });
      const { found, message } = await client.ask<Answer>('coroscope/reach', { line });
      assert.equal(found, !races, message);
      const write = lineOf(text, 'x = 1 }');
      const answer = await client.ask<Answer>('coroscope/reach', {
        line: write,
        condition: 'x == 0',
      });
      assert.ok(answer.found, answer.message);
      await client.rest();
      if (!races) await client.rest();
      assert.equal((await client.frames())[0].line, write);
    }
  });

  it('says within how many states none was found', async () => {
    const client = await launched(large);
    const line = lineOf(large, 'println("never")');
    const answer = await client.ask<Answer>('coroscope/reach', { line, stateLimit: 500 });
    assert.deepEqual([answer.found, answer.complete], [false, false]);
    assert.match(answer.message, /not decided within 500 states/);
  });

  it('refuses what is no place', async () => {
    const client = await launched();
    assert.match(await client.fail('coroscope/reach', { line: 999 }), /statement|line/);
    assert.match(
      await client.fail('coroscope/reach', { path: 'other.coro', line: 1 }),
      /no source other\.coro/,
    );
    assert.match(await client.fail('coroscope/reach', {}), /line must be a whole number/);
  });

  it('keeps nobody waiting, and is cancelled at once', async () => {
    const { client, answer, seq } = await searching();
    await client.ask('threads');
    await client.move('next');
    assert.match(await client.fail('coroscope/reach', { line: 3 }), /under way/);
    const began = performance.now();
    await client.ask('cancel', { requestId: seq });
    assert.equal(await answer, 'cancelled');
    assert.ok(performance.now() - began < 100, `${performance.now() - began} ms`);
    assert.ok(client.events.some(({ event }) => event === 'progressEnd'));
    await client.move('next');
  });

  it('is cancelled where its progress is shown', async () => {
    const { client, answer } = await searching();
    const { progressId, cancellable, title, message } = (await client.event('progressStart')).body;
    assert.ok(cancellable);
    assert.match(`${title}; ${message}`, /reaches flags\.coro:14; [\d,]+ states so far/);
    await client.event('progressUpdate');
    await client.ask('cancel', { progressId });
    assert.equal(await answer, 'cancelled');
  });

  it('ends with the session, or with what it searches', async () => {
    const first = await searching();
    await first.client.ask('restart');
    assert.equal(await first.answer, 'cancelled');
    const second = await searching();
    await second.client.ask('disconnect');
    assert.equal(await second.answer, 'cancelled');
  });
});

describe('reach in the Debug Console', () => {
  it('answers at once, and stops when it is there', async () => {
    const client = await launched();
    assert.equal(
      await client.evaluate(`reach ${file}:${between}`, 'repl'),
      'Searching for a schedule that reaches flags.coro:10 …',
    );
    await client.rest();
    assert.equal((await client.frames())[0].line, between);
    assert.match(client.text(), /Reached flags\.coro:10: .*\nschedule c1n\./);
  });

  it('takes a line of the scenario, and a condition', async () => {
    const client = await launched();
    await client.evaluate(`reach ${end} when seen == 2`, 'repl');
    await client.rest();
    assert.equal(await client.evaluate('seen'), '2');
  });

  it('says how it is written', async () => {
    const client = await launched();
    assert.match(await client.evaluate('reach', 'repl'), /write: reach FILE:LINE/);
    assert.match(await client.evaluate('reach 999', 'repl'), /^error: /);
    assert.match(await client.evaluate('reach', 'watch'), /^error: .*reach/);
  });
});

describe('a launch that wants to reach a line', () => {
  it('stops there', async () => {
    const client = await launched(flags, { stopOnEntry: false, reach: `${between}` });
    const stops = client.events.filter(({ event }) => event === 'stopped');
    assert.deepEqual(
      stops.map(({ body }) => body.description),
      ['Reached: 2 preemptions'],
    );
    assert.equal((await client.frames())[0].line, between);
  });

  it('stays at the start when there is no way', async () => {
    const client = await launched(flags, { reach: `${file}:${never}` });
    await client.output('important', /every schedule is covered/);
    await client.move('next');
  });

  it('shows the start when it takes long, and is cancelled there', async () => {
    const client = await launched(large, { reach: `${lineOf(large, 'println("never")')}` });
    const stop = client.events.find(({ event }) => event === 'stopped');
    assert.equal(stop?.body.reason, 'entry');
    await client.move('next');
    await client.ask('restart');
    await client.ask('disconnect');
  });

  it('says so when there is no such line', async () => {
    const client = await launched(flags, { reach: `other.coro:${never}` });
    await client.output('important', /no file other\.coro takes part/);
    await client.move('next');
  });
});
