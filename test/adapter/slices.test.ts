/**
 * Long requests: a pause and a cancel get through in the middle of each, and the present is then
 * where it was, or where the movement has come.
 */
import assert from 'node:assert';
import { Client, lineOf } from './client.ts';

const path = 'long.coro';
const text = `var first = 1
var last = 0

func never() {
	last = 7
}

func work(count int) int {
	n := 0
	for n < count {
		n++
	}
	return n
}

scenario Long {
	first = 2
	if first == 3 {
		never()
	}
	n := work(300000)
	last = n
	n = work(300000)
	println(n)
}
`;

const endlessStart = `var x = spin()

func spin() int {
	n := 0
	for {
		n = (n + 1) % 7
	}
	return n
}

scenario Start {
	println(x)
}
`;

/** What a pause and a cancel must answer within, on a machine that does much else, too. */
const patience = 2000;

/** A session that stands behind the first rounds, a million instructions. */
async function behindTheLoop(): Promise<Client> {
  const client = new Client();
  client.texts.set(path, text);
  await client.launch({ program: path }, () => client.breakAt(path, 'last = n'));
  assert.equal(await client.evaluate('n'), '300000');
  return client;
}

interface Case {
  readonly command: string;
  /** What is set before, and the arguments. */
  readonly prepare?: (client: Client) => Promise<object>;
  /** It moves the scenario: a pause stops it; a cancel of the answered request does nothing. */
  readonly moves?: true;
}

const aLoopLine = lineOf(text, 'n++');

async function watchN(client: Client): Promise<object> {
  const { dataId } = await client.ask('dataBreakpointInfo', { name: 'first' });
  const breakpoints = [{ dataId, condition: 'first < 0' }];
  const set = await client.ask<{ breakpoints: { verified: boolean }[] }>('setDataBreakpoints', {
    breakpoints,
  });
  assert.ok(set.breakpoints[0].verified);
  await client.ask('setBreakpoints', { source: { path }, breakpoints: [] });
  return {};
}

async function manyConditions(client: Client): Promise<object> {
  const breakpoints = Array.from({ length: 1000 }, (_, index) => ({
    line: aLoopLine,
    condition: `n == -${index + 1}`,
  }));
  await client.ask('setBreakpoints', { source: { path }, breakpoints });
  return {};
}

const cases: Readonly<Record<string, Case>> = {
  'reverseContinue past a data breakpoint': {
    command: 'reverseContinue',
    prepare: watchN,
    moves: true,
  },
  'reverseContinue past a thousand conditions': {
    command: 'reverseContinue',
    prepare: manyConditions,
    moves: true,
  },
  'continue past a thousand conditions': {
    command: 'continue',
    prepare: manyConditions,
    moves: true,
  },
  stepBack: { command: 'stepBack', moves: true },
  'stepBack past a data breakpoint': { command: 'stepBack', prepare: watchN, moves: true },
  'coroscope/reverseStepOut': { command: 'coroscope/reverseStepOut', moves: true },
  continue: { command: 'continue', moves: true },
  stepOut: { command: 'stepOut', moves: true },
  'coroscope/nextHandoff': { command: 'coroscope/nextHandoff', moves: true },
  'coroscope/previousHandoff': { command: 'coroscope/previousHandoff' },
  gotoTargets: {
    command: 'gotoTargets',
    prepare: async () => ({ source: { path }, line: lineOf(text, 'last = 7') }),
  },
  'coroscope/wakeUp': { command: 'coroscope/wakeUp' },
  'coroscope/whoWrote': {
    command: 'coroscope/whoWrote',
    prepare: async () => ({ expression: 'first' }),
  },
  'coroscope/pastHits': {
    command: 'coroscope/pastHits',
    prepare: async () => ({ expression: 'first' }),
  },
  'coroscope/queueOrigin': {
    command: 'coroscope/queueOrigin',
    prepare: async () => ({ expression: 'first' }),
  },
  restartFrame: {
    command: 'restartFrame',
    prepare: async (client) => ({ frameId: (await client.frames())[0].id }),
  },
};

describe('a long request', () => {
  for (const [name, { command, prepare, moves }] of Object.entries(cases)) {
    it(`${name} gives way to a pause`, async () => {
      const client = await behindTheLoop();
      const args = (await prepare?.(client)) ?? {};
      const before = await client.ask('coroscope/timeline');
      client.events.length = 0;
      client.forget();
      const answer = client.request(command, { threadId: client.thread, ...args });
      await turn();
      const start = performance.now();
      await client.ask('pause', { threadId: client.thread });
      if (moves) {
        const stop = await client.rest();
        assert.equal(stop.event, 'stopped');
        assert.equal(stop.body.reason, 'pause', 'it was over before the pause');
        assert.ok((await answer).success);
      } else {
        assert.equal((await answer).message, 'cancelled');
        assert.deepEqual(await client.ask('coroscope/timeline'), before);
        assert.equal(await client.evaluate('n'), '300000');
      }
      const time = performance.now() - start;
      assert.ok(time < patience, `it took ${time} ms`);
      assert.equal(await client.evaluate('first + 40'), '42');
    });

    if (moves) continue;
    it(`${name} is cancelled`, async () => {
      const client = await behindTheLoop();
      const args = (await prepare?.(client)) ?? {};
      const before = await client.ask('coroscope/timeline');
      const requestId = client.nextSeq;
      const answer = client.request(command, { threadId: client.thread, ...args });
      await turn();
      const start = performance.now();
      await client.ask('cancel', { requestId });
      assert.equal((await answer).message, 'cancelled');
      const time = performance.now() - start;
      assert.ok(time < patience, `it took ${time} ms`);
      assert.deepEqual(await client.ask('coroscope/timeline'), before);
    });
  }

  it('that is not disturbed comes to its end', async () => {
    const client = await behindTheLoop();
    await client.ask('coroscope/whoWrote', { expression: 'first' });
    assert.equal((await client.rest()).event, 'stopped');
    const [{ line }] = await client.frames();
    assert.equal(line, lineOf(text, 'first = 2'));
    assert.match(await client.fail('coroscope/wakeUp', { threadId: client.thread }), /not been/);
  });

  for (const settings of [{ stopOnEntry: true }, {}, { reach: '12' }]) {
    it(`an endless initialiser with ${JSON.stringify(settings)} is paused`, async () => {
      const client = new Client();
      client.texts.set(path, endlessStart);
      await client.ask('initialize');
      await client.ask('launch', { program: path, ...settings });
      await client.ask('configurationDone');
      await turn();
      await client.ask('pause', { threadId: 1 });
      const stop = await client.rest();
      assert.equal(stop.body.reason, 'pause');
      assert.match(await client.evaluate('n + 10'), /^1[0-6]$/);
      await client.ask('disconnect');
    });
  }

  it('a session ends in the middle of one', async () => {
    const client = await behindTheLoop();
    const answer = client.request('coroscope/previousHandoff');
    await turn();
    await client.ask('disconnect');
    assert.match((await answer).message ?? '', /session has ended/);
  });
});

const loop = `scenario Endless {
	n := 0
	for {
		n = (n + 1) % 1000
	}
}
`;

describe('a restart that fails', () => {
  async function running(): Promise<Client> {
    const client = new Client();
    client.texts.set('a.coro', loop);
    await client.ask('initialize');
    await client.ask('launch', { program: 'a.coro' });
    await client.ask('configurationDone');
    return client;
  }

  const mistakes: Readonly<Record<string, string>> = {
    'a syntax error': 'scenario Endless {\n\tn :=\n}\n',
    'a type error': 'scenario Endless {\n\tvar n int = "x"\n}\n',
    'no scenario': 'func f() {\n}\n',
    'nothing at all': '',
    'another scenario only': 'scenario {',
    'an unknown runtime': 'runtime go9.99\n\nscenario Endless {\n}\n',
    'a name that is unknown': 'scenario Endless {\n\tn = 1\n}\n',
    'an import that is unknown': 'import "nothing"\n\nscenario Endless {\n}\n',
    'bytes of no program': '\u0000\u0001',
    'nesting without an end': `scenario Endless {\n\tx := ${'('.repeat(5000)}\n}\n`,
  };
  for (const [what, mistaken] of Object.entries(mistakes)) {
    it(`for ${what} leaves a session that goes on`, async () => {
      const client = await running();
      client.texts.set('a.coro', mistaken);
      assert.notEqual(await client.fail('restart', {}), '');
      await client.ask('pause', { threadId: 1 });
      assert.equal((await client.rest()).body.reason, 'pause');
      assert.match(await client.evaluate('n'), /^\d+$/);
      // Standing still, it stays where it is.
      await client.fail('restart', {});
      assert.match(await client.evaluate('n'), /^\d+$/);
      client.texts.set('a.coro', loop.replace('1000', '77'));
      await client.ask('restart', {});
      await client.ask('pause', { threadId: 1 });
      assert.equal((await client.rest()).body.reason, 'pause');
      assert.ok(Number(await client.evaluate('n')) < 77);
      await client.ask('disconnect');
    });
  }

  it('for arguments of another type changes nothing', async () => {
    const client = await running();
    await client.fail('restart', { arguments: { program: 7 } });
    await client.fail('restart', { arguments: { program: 'missing.coro' } });
    await client.ask('pause', { threadId: 1 });
    assert.equal((await client.rest()).body.reason, 'pause');
    await client.ask('disconnect');
  });

  it('does not lose a pause that comes meanwhile', async () => {
    const client = await running();
    client.texts.set('a.coro', '');
    const failed = client.fail('restart', {});
    await client.ask('pause', { threadId: 1 });
    await failed;
    assert.equal((await client.rest()).body.reason, 'pause');
    client.texts.set('a.coro', loop);
    const restarted = client.ask('restart', {});
    await client.ask('pause', { threadId: 1 });
    await restarted;
    assert.equal((await client.rest()).body.reason, 'pause');
    await client.ask('disconnect');
  });
});

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}
