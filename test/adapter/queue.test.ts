/** The cleanup queue over the protocol: reports, looks back, travel, the console's command. */
import assert from 'node:assert/strict';
import { Client } from './client.ts';

const program = 'test/scenarios/go/addcleanup.coro';

interface Answer {
  readonly report: {
    readonly state: {
      readonly condition: { readonly kind: string };
      readonly full: readonly { readonly address: number }[];
      readonly goroutines: readonly { readonly id: number; readonly name: string }[];
    };
    readonly changes: readonly { readonly key: string }[];
  } | null;
  readonly instruction: number;
}

/** A session that stands where a block of cleanups has just been queued. */
async function atQueuedBlock(): Promise<Client> {
  const client = new Client();
  await client.launch({ program, scenario: 'RunsOnce', stopOnEntry: true });
  for (let tries = 0; tries < 20; tries++) {
    const { report } = await client.ask<Answer>('coroscope/queue');
    if (report !== null && report.state.full.length > 0) return client;
    await client.move('coroscope/queueChange', { back: false });
  }
  assert.fail('no block is ever queued');
}

describe('cleanup queue over the protocol', () => {
  it('reports the queue, and what changed since a moment', async () => {
    const client = await atQueuedBlock();
    const { report, instruction } = await client.ask<Answer>('coroscope/queue');
    assert.ok(report?.changes.some(({ key }) => key.startsWith('block ')));
    const since = await client.ask<Answer>('coroscope/queue', { since: instruction });
    assert.deepEqual(since.report, report, 'a moment that is not past means the last step');
  });

  it('tells who queued a block', async () => {
    const client = await atQueuedBlock();
    const { report } = await client.ask<Answer>('coroscope/queue');
    const block = report?.state.full[0].address;
    const origin = await client.ask('coroscope/queueOrigin', { block });
    assert.equal(origin.goroutine, 'G1');
    assert.match(String(origin.function), /cleanupQueue\)\.(?:flush|enqueue)$/);
    const expression = 'runtime.gcCleanups.workUnits';
    assert.match(await client.fail('coroscope/queueOrigin', { expression }), /since the start/);
  });

  it('travels between changes', async () => {
    const client = await atQueuedBlock();
    const here = await client.ask<Answer>('coroscope/queue');
    await client.move('coroscope/queueChange', { back: true });
    const before = await client.ask<Answer>('coroscope/queue');
    assert.equal(before.report?.state.full.length, 0);
    await client.move('coroscope/queueChange', { back: false });
    const again = await client.ask<Answer>('coroscope/queue');
    assert.equal(again.instruction, here.instruction);
  });

  it('shows a goroutine of the runtime', async () => {
    const client = await atQueuedBlock();
    const { report } = await client.ask<Answer>('coroscope/queue');
    const [cleaner] = report?.state.goroutines ?? [];
    await client.move('coroscope/focus', { threadId: cleaner.id });
    assert.equal(client.thread, cleaner.id);
  });

  it('is printed in the console', async () => {
    const client = await atQueuedBlock();
    assert.match(await client.evaluate('queue', 'repl'), /^Cleanup queue on go1\.25/);
    assert.match(await client.evaluate('queue', 'watch'), /^error: /);
  });

  it('is absent from profiles without one', async () => {
    const client = new Client();
    await client.launch({ program: 'test/scenarios/go/lockosthread.coro', stopOnEntry: true });
    const { report } = await client.ask<Answer>('coroscope/queue');
    assert.equal(report, null);
    assert.match(await client.evaluate('queue', 'repl'), /go1\.23 has no cleanup queue/);
    assert.match(await client.fail('coroscope/queueChange', { back: true }), /has not changed/);
  });
});
