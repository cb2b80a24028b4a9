/** Requests one by one: what comes back, what is refused and with which words. */
import assert from 'node:assert';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { decodeSchedule, encodeSchedule } from '../../src/run/schedule.ts';
import { Client, lineOf } from './client.ts';

const program = 'test/scenarios/go/lockosthread.coro';

const countdown = `scenario Count {
	// from three
	n := 3
	for n > 0 {
		n = n - 1
		println("left", n)
	}
}
`;

const endless = `scenario Endless {
	n := 0
	for {
		n = (n + 1) % 1000
	}
}
`;

async function launched(text: string, settings: object = {}): Promise<Client> {
  const client = new Client();
  client.texts.set('a.coro', text);
  await client.launch({ program: 'a.coro', stopOnEntry: true, ...settings });
  return client;
}

/** The message with which a launch is refused. */
async function refusal(settings: object, text?: string): Promise<string> {
  const client = new Client();
  if (text !== undefined) client.texts.set('a.coro', text);
  await client.ask('initialize');
  return client.fail('launch', settings);
}

describe('launch is refused', () => {
  it('without a program', async () => {
    assert.match(await refusal({}), /names no "program"/);
    assert.match(await refusal({ program: 7 }), /program must be a text/);
  });
  it('when the file cannot be read', async () => {
    assert.match(await refusal({ program: 'missing.coro' }), /^cannot read missing\.coro: /);
  });
  it('when the scenario has mistakes, all of which are named', async () => {
    const message = await refusal({ program: 'a.coro' }, 'scenario A {\n\tx := y\n\tz = 1\n}\n');
    assert.match(message, /^a\.coro:2:7: error: .*y/m);
    assert.match(message, /^a\.coro:3:2: error: .*z/m);
  });
  it('when there is no such scenario or profile', async () => {
    assert.match(await refusal({ program, scenario: 'Nobody' }), /Nobody.*IterLock/s);
    assert.match(await refusal({ program, runtime: 'go9' }), /go9.*go1\.23/s);
  });
  it('when the trace is none, or of another text', async () => {
    assert.match(await refusal({ program, trace: 'c1:!!' }), /cannot follow the trace/);
    assert.match(await refusal({ program, trace: 'missing.corotrace' }), /cannot read missing/);
  });
  it('with a seed and a trace', async () => {
    assert.match(await refusal({ program, seed: 1, trace: 'c1:' }), /not both/);
  });
  it('a second time', async () => {
    const client = await launched(countdown);
    assert.match(await client.fail('launch', { program }), /launched already/);
  });
  it('and can be tried again', async () => {
    const client = new Client();
    await client.ask('initialize');
    await client.fail('launch', { program: 'missing.coro' });
    await client.ask('launch', { program });
  });
});

describe('requests at the wrong time', () => {
  it('before launch', async () => {
    const client = new Client();
    assert.match(await client.fail('threads'), /no scenario has been launched/);
    assert.match(await client.fail('next', { threadId: 1 }), /no scenario has been launched/);
  });
  it('after the end', async () => {
    const client = await launched(countdown);
    await client.move('continue');
    assert.match(await client.fail('threads'), /session has ended/);
  });
  it('of an earlier stop', async () => {
    const client = await launched(countdown);
    const [frame] = await client.frames();
    const scopes = await client.scopes();
    const [scope] = scopes;
    // A client asks for the values of dear scopes only when the user opens them.
    const dear = scopes.filter(({ expensive }) => expensive).map(({ name }) => name);
    assert.deepEqual(dear, ['Globals']);
    await client.move('next');
    assert.match(await client.fail('scopes', { frameId: frame.id }), /not of this stop/);
    const { variablesReference } = scope;
    assert.match(await client.fail('variables', { variablesReference }), /not of this stop/);
  });
  it('about nothing', async () => {
    const client = await launched(countdown);
    assert.match(await client.fail('nonsense'), /"nonsense" is not known/);
    assert.match(await client.fail('stackTrace', { threadId: 99 }), /no thread 99/);
    assert.match(await client.fail('stackTrace', {}), /threadId must be a whole number/);
    assert.match(await client.fail('attach', {}), /no process to attach to/);
    assert.match(await client.fail('source', { sourceReference: 999 }), /no source 999/);
  });
});

describe('breakpoints', () => {
  it('set before launch are placed when the scenario is loaded', async () => {
    const client = new Client();
    client.texts.set('a.coro', countdown);
    await client.ask('initialize');
    const set = await client.breakAt('a.coro', 'println');
    assert.equal(set.breakpoints[0].verified, false);
    await client.ask('launch', { program: 'a.coro' });
    const changed = client.events.find(({ event }) => event === 'breakpoint');
    assert.equal(changed?.body.breakpoint.id, set.breakpoints[0].id);
    assert.equal(changed?.body.breakpoint.verified, true);
    await client.ask('configurationDone');
    assert.equal((await client.rest()).body.reason, 'breakpoint');
  });

  it('need a source', async () => {
    const client = new Client();
    assert.match(await client.fail('setBreakpoints', { breakpoints: [] }), /source must be/);
  });

  it('move to the next line with a statement', async () => {
    const client = await launched(`${countdown}\n// nothing\n`);
    const at = async (line: number) =>
      (await client.breakAt('a.coro', { line })).breakpoints[0] as DebugProtocol.Breakpoint;
    assert.equal((await at(2)).line, 3);
    assert.equal((await at(-(2 ** 40))).verified, false);
    assert.equal((await at(1e6)).verified, false);
  });

  it('in other files are not verified', async () => {
    const client = await launched(countdown);
    const answer = await client.ask<DebugProtocol.SetBreakpointsResponse['body']>(
      'setBreakpoints',
      { source: { path: 'other.coro' }, breakpoints: [{ line: 1 }] },
    );
    assert.equal(answer.breakpoints[0].verified, false);
    assert.match(answer.breakpoints[0].message ?? '', /No part of this file runs/);
  });

  it('stop on conditions and hit counts, and log', async () => {
    const client = await launched(countdown);
    const line = lineOf(countdown, 'println');
    await client.breakAt('a.coro', { line, condition: 'n == 1' });
    await client.move('continue');
    assert.equal(await client.evaluate('n'), '1');
    await client.move('reverseContinue');
    await client.breakAt('a.coro', { line, hitCondition: '2' });
    await client.move('continue');
    assert.equal(await client.evaluate('n'), '1');
    await client.move('reverseContinue');
    await client.breakAt('a.coro', { line, logMessage: 'n is {n}' });
    client.log.length = 0;
    await client.move('continue');
    assert.match(client.text(), /console \(a\.coro: println\("left", n\)\): n is 2/);
  });
});

describe('pause', () => {
  it('interrupts an endless loop', async () => {
    const client = await launched(endless);
    await client.ask('continue', { threadId: client.thread });
    await client.ask('pause', { threadId: client.thread });
    const stop = await client.rest();
    assert.equal(stop.body.reason, 'pause');
    assert.match(await client.evaluate('n'), /^\d+$/);
    await client.ask('terminate');
    assert.equal((await client.rest()).event, 'terminated');
  });
});

describe('clients that count from 0 and speak in URIs', () => {
  it('get what they asked for', async () => {
    const client = new Client();
    client.texts.set('file:///x/a.coro', countdown);
    await client.ask('initialize', {
      linesStartAt1: false,
      columnsStartAt1: false,
      pathFormat: 'uri',
    });
    await client.ask('launch', { program: 'file:///x/a.coro' });
    await client.ask('setBreakpoints', {
      source: { path: 'file:///x/a.coro' },
      breakpoints: [{ line: 5 }],
    });
    await client.ask('configurationDone');
    await client.rest();
    const [frame] = await client.frames();
    assert.equal(frame.line, 5);
    assert.equal(frame.source?.path, 'file:///x/a.coro');
  });
});

describe('traces', () => {
  it('lead the same way again', async () => {
    const settings = { scenario: 'LockIterYieldNewG', program, seed: 7 };
    const client = new Client();
    await client.launch(settings);
    const { schedule } = await client.ask<{ schedule: string }>('coroscope/schedule');
    const again = new Client();
    await again.launch({ ...settings, seed: undefined, trace: schedule });
    assert.deepEqual(await again.ask('coroscope/schedule'), { schedule });
    assert.equal(again.text(), client.text());
  });

  it('that cannot be followed say so', async () => {
    const client = new Client();
    const trace = encodeSchedule([{ thread: 9, answer: 0 }]);
    await client.launch({ scenario: 'IterLock', program, trace });
    assert.match(client.text(), /important: step # of the schedule cannot be taken: /);
  });
});

describe('one thread alone', () => {
  it('moves when the client asks for it', async () => {
    const text = `scenario Two {
	done := make(chan bool)
	go func() {
		done <- true
	}()
	n := 0
	for range 50 {
		n = n + 1
		runtime.Gosched()
	}
	<-done
}
`;
    const movers = async (singleThread: boolean) => {
      const client = await launched(text, { seed: 5 });
      await client.breakAt('a.coro', 'n := 0', '<-done\n');
      await client.move('continue');
      const { step } = await client.ask<{ step: number }>('coroscope/timeline');
      await client.move('continue', { singleThread });
      const answer = await client.ask<{ schedule: string }>('coroscope/schedule');
      const decoded = decodeSchedule(answer.schedule);
      assert.ok(!('problem' in decoded));
      return new Set(decoded.schedule.slice(step + 1, step + 30).map(({ thread }) => thread));
    };
    assert.ok((await movers(false)).size > 1);
    assert.equal((await movers(true)).size, 1);
  });
});

describe('you are the scheduler', () => {
  type Targets = DebugProtocol.StepInTargetsResponse['body']['targets'];
  const targetsOf = async (client: Client): Promise<Targets> => {
    const [frame] = await client.frames();
    type Body = DebugProtocol.StepInTargetsResponse['body'];
    return (await client.ask<Body>('stepInTargets', { frameId: frame.id })).targets;
  };

  it('until the end, by the first transition that is enabled', async () => {
    const client = new Client();
    await client.launch({ program, scenario: 'LockIterYieldNewG', stopOnEntry: true });
    for (let steps = 0; steps < 500; steps++) {
      const targets = await targetsOf(client);
      if (targets.length === 0) break;
      const [{ id, label }] = targets;
      assert.match(label, /^(?:G\d+ on )?M\d+: \w+/);
      const stop = await client.move('stepIn', { targetId: id });
      if (stop.body.reason !== 'exception') {
        const { text, description } = stop.body;
        assert.equal(text ?? description, label.replace(/^[^:]*/, 'You chose'));
        assert.ok(description.length <= 28, description);
      }
    }
    assert.match(client.text(), /stopped: exception: Outcome: throw \(coro: OS thread/);
  });

  it('and other choices begin branches', async () => {
    const client = new Client();
    await client.launch({ program, scenario: 'LockIterYieldNewG' });
    const entry = await client.move('reverseContinue');
    assert.equal(entry.body.reason, 'entry');
    const targets = await targetsOf(client);
    const preempt = targets.find(({ label }) => label === 'G1 on M0: be preempted');
    assert.ok(preempt);
    await client.move('stepIn', { targetId: preempt.id });
    type Branches = { branches: { id: number }[]; current: number };
    const { branches, current } = await client.ask<Branches>('coroscope/branches');
    assert.equal(branches.length, 2);
    assert.equal(current, 1);
    assert.match(
      await client.fail('stepIn', { threadId: client.thread, targetId: 99 }),
      /target 99/,
    );
  });
});

describe('going to a wake-up', () => {
  it('is refused in words where nobody is woken', async () => {
    for (const profile of ['threads', 'zig0.2']) {
      const client = await launched('scenario One {\n\tprintln("a")\n}\n', { runtime: profile });
      const message = await client.fail('coroscope/wakeUp', { threadId: client.thread });
      assert.match(message, new RegExp(`^on ${profile} nobody is woken: .*who wrote`));
    }
  });
});

describe('long runs', () => {
  it('report progress, and can be cancelled', async () => {
    const client = new Client();
    client.texts.set('a.coro', endless);
    await client.ask('initialize', { supportsProgressReporting: true });
    await client.ask('launch', { program: 'a.coro' });
    await client.ask('configurationDone');
    const { progressId } = (await client.event('progressStart')).body;
    await client.event('progressUpdate');
    await client.ask('cancel', { progressId });
    assert.equal((await client.rest()).body.reason, 'pause');
    assert.ok(client.events.some(({ event }) => event === 'progressEnd'));
  });
});

describe('restart', () => {
  it('takes the text as it is now, with the breakpoints', async () => {
    const client = await launched(countdown, { stopOnEntry: false });
    assert.equal(client.events.at(-1)?.event, 'terminated');
    const again = await launched(countdown);
    await again.breakAt('a.coro', 'println');
    await again.move('next');
    again.texts.set('a.coro', countdown.replace('\tn := 3\n', '\tn := 2\n\tn = n + 5\n'));
    await again.move('restart');
    await again.breakAt('a.coro', 'println');
    await again.move('continue');
    assert.equal(await again.evaluate('n'), '6');
  });

  it('that fails leaves the session as it was', async () => {
    const client = await launched(countdown);
    client.texts.set('a.coro', 'scenario Count { n := }');
    assert.match(await client.fail('restart'), /a\.coro:1:23: error/);
    client.texts.set('a.coro', countdown);
    await client.move('next');
  });
});

describe('a run without debugging', () => {
  it('stops nowhere', async () => {
    const client = new Client();
    const end = await client.launch({ program, scenario: 'IterLockYield', noDebug: true }, () =>
      client.ask('setFunctionBreakpoints', { breakpoints: [{ name: 'coroswitch' }] }),
    );
    assert.equal(end.event, 'terminated');
  });
});

describe('completions', () => {
  it('stand in the place of what was begun', async () => {
    const client = new Client();
    await client.launch({ program, stopOnEntry: true, scenario: 'IterLock' });
    type Body = DebugProtocol.CompletionsResponse['body'];
    const text = 'M0.lock';
    const { targets } = await client.ask<Body>('completions', { text, column: text.length + 1 });
    const target = targets.find(({ label }) => label === 'lockedExt');
    assert.deepEqual({ start: target?.start, length: target?.length }, { start: 4, length: 4 });
  });
});
