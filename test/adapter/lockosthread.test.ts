/**
 * The flagship session as an editor would drive it, over the real adapter on standard input and
 * output: break on coroswitch, look at both goroutines and the lock counts, cross the handoff, come
 * back, run backwards to the entry, forwards to the throw, and read what it says.
 */
import assert from 'node:assert';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import process from 'node:process';
import { DebugClient } from '@vscode/debugadapter-testsupport';
import type { DebugProtocol } from '@vscode/debugprotocol';

const program = path.resolve('test/scenarios/go/lockosthread.coro');

type Body<Response extends DebugProtocol.Response> = Response['body'];

describe('coroscope dap', () => {
  it('serves an editor over standard input and output', async () => {
    // The shell takes the command line as a whole: the client knows of no arguments.
    const client = new DebugClient(process.execPath, 'dist/cli.js dap', 'coroscope', {
      shell: true,
    });
    await client.start();
    try {
      await driveFlagship(client);
    } finally {
      await client.stop();
    }
  });

  it('serves an editor over TCP', async () => {
    const server = spawn(process.execPath, ['dist/cli.js', 'dap', '--port', '0']);
    try {
      const [line] = (await once(server.stdout, 'data')) as [Buffer];
      const port = Number(/:(\d+)/.exec(line.toString())?.[1]);
      const client = new DebugClient(process.execPath, '', 'coroscope');
      await client.start(port);
      await driveFlagship(client);
      await client.stop();
    } finally {
      server.kill();
    }
  });
});

async function driveFlagship(client: DebugClient): Promise<void> {
  const capabilities = (await client.initializeRequest()).body;
  assert.ok(capabilities?.supportsStepBack);
  const initialized = client.waitForEvent('initialized');
  const launch = { program, scenario: 'IterLockYield', stopOnEntry: true };
  await client.launchRequest(launch as DebugProtocol.LaunchRequestArguments);
  await initialized;
  const breakpoints = await client.setFunctionBreakpointsRequest({
    breakpoints: [{ name: 'coroswitch' }],
  });
  assert.ok(breakpoints.body.breakpoints[0].verified);
  const atEntry = await stopAfter(client, () => client.configurationDoneRequest());
  assert.equal(atEntry.reason, 'entry');
  const entry = await topOf(client, atEntry);
  assert.equal(entry.name, 'main.main');

  const atSwitch = await stopAfter(client, () => client.continueRequest(threadOf(atEntry)));
  assert.equal(atSwitch.reason, 'function breakpoint');
  assert.match(String(atSwitch.description), /^G1 hands over to G\d+$/);
  await lookAtBothSides(client, atSwitch);

  const inIterator = await stopAfter(client, () => client.stepInRequest(threadOf(atSwitch)));
  assert.notEqual(inIterator.threadId, atSwitch.threadId);
  const landed = await topOf(client, inIterator);
  assert.equal(landed.name, 'main.iterLockYield');

  const back = await stopAfter(client, () => client.stepBackRequest(threadOf(inIterator)));
  assert.equal(back.threadId, atSwitch.threadId);

  const start = await stopAfter(client, () => client.reverseContinueRequest(threadOf(back)));
  const earlier = start.reason === 'entry' ? start : await toEntry(client, start);
  assert.deepEqual(place(await topOf(client, earlier)), place(entry));

  await client.setFunctionBreakpointsRequest({ breakpoints: [] });
  const thrown = await stopAfter(client, () => client.continueRequest(threadOf(earlier)));
  assert.equal(thrown.reason, 'exception');
  await readThrow(client, thrown);
  const terminated = client.waitForEvent('terminated');
  await client.continueRequest(threadOf(thrown));
  await terminated;
}

/** Reverse continue stops at breakpoints on the way; the entry comes last. */
async function toEntry(
  client: DebugClient,
  stop: DebugProtocol.StoppedEvent['body'],
): Promise<DebugProtocol.StoppedEvent['body']> {
  let at = stop;
  for (let hits = 0; hits < 10 && at.reason !== 'entry'; hits++) {
    at = await stopAfter(client, () => client.reverseContinueRequest(threadOf(at)));
  }
  return at;
}

async function lookAtBothSides(
  client: DebugClient,
  stop: DebugProtocol.StoppedEvent['body'],
): Promise<void> {
  const { threads } = (await client.threadsRequest()).body;
  const caller = threads.find(({ id }) => id === stop.threadId);
  assert.match(String(caller?.name), /^G1 .*main\.\w+ \[running/);
  const iterator = threads.find(({ name }) => name.includes('coroutine'));
  assert.match(String(iterator?.name), /^G\d+ .*\[coroutine/);

  const frames = await framesOf(client, Number(stop.threadId));
  const scopes = (await client.scopesRequest({ frameId: frames[0].id })).body.scopes;
  const machine = scopes.find(({ name }) => name.startsWith('Thread (M)'));
  assert.ok(machine);
  const { variablesReference } = machine;
  const { variables } = (await client.variablesRequest({ variablesReference })).body;
  const values = new Map(variables.map(({ name, value }) => [name, value]));
  assert.equal(values.get('lockedExt'), '0');
  assert.equal(values.get('lockedInt'), '0');
  assert.equal(values.get('curg'), 'G1');
  assert.ok(values.has('lockedg'));
  assert.ok(iterator);
  assert.ok((await framesOf(client, iterator.id)).length > 0);
}

async function readThrow(
  client: DebugClient,
  stop: DebugProtocol.StoppedEvent['body'],
): Promise<void> {
  const threadId = Number(stop.threadId);
  const info: Body<DebugProtocol.ExceptionInfoResponse> = (
    await client.exceptionInfoRequest({ threadId })
  ).body;
  assert.equal(info.exceptionId, 'throw');
  assert.match(String(info.description), /^coro: OS thread locking must match/);
  assert.match(String(info.description), /coro: got lock external 1, want 0/);
  assert.match(String(info.details?.stackTrace), /main\.iterLockYield/);
}

function threadOf({ threadId }: DebugProtocol.StoppedEvent['body']): { threadId: number } {
  return { threadId: Number(threadId) };
}

async function stopAfter(
  client: DebugClient,
  act: () => Promise<unknown>,
): Promise<DebugProtocol.StoppedEvent['body']> {
  const stopped = client.waitForEvent('stopped');
  await act();
  return ((await stopped) as DebugProtocol.StoppedEvent).body;
}

async function framesOf(client: DebugClient, threadId: number) {
  return (await client.stackTraceRequest({ threadId })).body.stackFrames;
}

/** The innermost frame that is the user's. */
async function topOf(
  client: DebugClient,
  { threadId }: DebugProtocol.StoppedEvent['body'],
): Promise<DebugProtocol.StackFrame> {
  const frames = await framesOf(client, Number(threadId));
  const own = frames.find(({ source }) => source?.path === program);
  assert.ok(own, 'a frame of the scenario');
  return own;
}

function place({ name, line, column }: DebugProtocol.StackFrame) {
  return { name, line, column };
}
