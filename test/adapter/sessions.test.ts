/** Whole sessions as logs: what an editor would show, compared with the text files in sessions/. */
import { checkGolden } from '../golden.ts';
import { Client } from './client.ts';
import type { Launch } from './client.ts';

const program = 'test/scenarios/go/lockosthread.coro';

/** Drives one session; its log must be that of sessions/NAME.txt. */
function check(name: string, drive: (client: Client) => Promise<void>): void {
  it(name, async () => {
    const client = new Client();
    await drive(client);
    checkGolden(`test/adapter/sessions/${name.replaceAll(' ', '-')}.txt`, client.text());
    await client.request('disconnect');
  });
}

function launch(
  client: Client,
  settings: Partial<Launch> = {},
  configure?: () => Promise<unknown>,
) {
  const defaults = { program, scenario: 'IterLockYield' };
  return client.launch({ ...defaults, ...settings }, configure);
}

function breakOnFunctions(client: Client, ...names: string[]): Promise<unknown> {
  const breakpoints = names.map((name) => ({ name }));
  return client.ask('setFunctionBreakpoints', { breakpoints });
}

describe('sessions', () => {
  check('step through a handoff in my code', async (client) => {
    await launch(client, { stopOnEntry: true });
    await client.move('stepIn');
    await client.move('next');
    await client.move('stepIn');
    await client.move('stepIn');
    await client.logThreads();
    await client.move('stepIn');
    await client.logThreads();
    await client.move('stepIn');
    await client.move('stepIn');
    await client.logThreads();
    for (let i = 0; i < 7; i++) await client.move('stepBack');
    await client.move('reverseContinue');
  });

  check('step through a handoff in the model', async (client) => {
    await launch(client, { justMyCode: false }, () =>
      client.breakAt(program, 'v, ok := next()\n\t\tif !ok {\n\t\t\tbreak'),
    );
    for (let i = 0; i < 5; i++) await client.move('stepIn');
    await breakOnFunctions(client, 'coroswitch_m');
    await client.move('continue');
    for (let i = 0; i < 35; i++) await client.move('next');
    for (let i = 0; i < 35; i++) await client.move('stepBack');
  });

  check('break on coroswitch and throw', async (client) => {
    await launch(client, {}, () => breakOnFunctions(client, 'coroswitch', 'runtime.throw', 'nil'));
    await client.logScopes(['Locals', 'Goroutine', 'Thread (M)', 'Coros', 'Scheduler']);
    await client.logThreads();
    await client.move('continue');
    await client.move('continue');
    await client.logScopes(['Locals', 'Goroutine', 'Thread (M)']);
    await client.move('continue');
    await client.logThreads();
    await client.move('reverseContinue');
    await client.move('reverseContinue');
    await client.move('reverseContinue');
    await client.move('reverseContinue');
    await client.move('continue');
  });

  check('read a throw and step back from it', async (client) => {
    await launch(client);
    const { threadId } = { threadId: client.thread };
    const info = await client.ask('exceptionInfo', { threadId });
    client.log.push(JSON.stringify(info, null, 2));
    await client.move('stepBack');
    await client.logValues('ok');
    await client.move('next');
    await client.move('continue');
  });

  check('values in frames', async (client) => {
    await launch(client, { scenario: 'LockIterNested' }, () =>
      client.breakAt(program, 'if v != 5 {'),
    );
    await client.logScopes(['Locals', 'Goroutine', 'Thread (M)']);
    await client.logValues('v', 'ok', 'v + 1', 'next', 'M0.lockedExt', 'G1.lockedm', 'nonsense');
    await client.logValues('v ==', 'runtime.sched.nmidle', 'v > 3 && ok');
  });
});
