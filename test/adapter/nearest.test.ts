/** The nearest schedule that passes, asked for in the Debug Console. */
import assert from 'node:assert';
import { Client } from './client.ts';

const file = 'flag.coro';

const flag = `runtime threads
scenario Flag {
	var ready uint32
	go func() { atomic.StoreUint32(&ready, 1) }()
	if atomic.LoadUint32(&ready) == 0 {
		fail("too early")
	}
}
`;

const hopeless = `runtime threads
scenario Hopeless {
	fail("always")
}
`;

/** A session that has stopped where it was told to, or where the run has failed. */
async function launched(text: string, settings: object = {}): Promise<Client> {
  const client = new Client();
  client.texts.set(file, text);
  await client.launch({ program: file, ...settings });
  return client;
}

describe('nearest in the Debug Console', () => {
  async function check(client: Client, expected: RegExp): Promise<void> {
    assert.equal(
      await client.evaluate('nearest', 'repl'),
      'Searching for the nearest schedule that passes …',
    );
    await client.output('console', expected);
  }
  const found = new RegExp(
    [
      String.raw`^The nearest schedule that passes parts at step \d+ .*`,
      String.raw`schedule c1\..*`,
      String.raw`.*this run .*`,
      String.raw`► +\d+ {2}thread 0, .*flag\.coro:5.*`,
    ].join('\n'),
  );

  it('shows where the two part', async () => check(await launched(flag), found));
  it('is about the whole run, wherever one looks', async () => {
    const client = await launched(flag);
    await client.move('stepBack');
    await client.move('stepBack');
    await check(client, found);
  });
  it('says that there is none', async () =>
    check(await launched(hopeless), /no schedule passes: all of them were tried/));
  it('needs a run that has ended', async () => {
    const client = await launched(flag, { stopOnEntry: true });
    assert.match(await client.evaluate('nearest', 'repl'), /error: .*continue first/);
    assert.match(await client.evaluate('nearest', 'watch'), /^error: .*nearest/);
  });
});
