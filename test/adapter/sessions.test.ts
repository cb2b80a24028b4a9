/** Whole sessions as logs: what an editor would show, compared with the text files in sessions/. */
import type { DebugProtocol } from '@vscode/debugprotocol';
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
    for (let i = 0; i < 8; i++) await client.move('next');
    for (let i = 0; i < 9; i++) await client.move('stepBack');
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
    type Info = DebugProtocol.ExceptionInfoResponse['body'];
    const info = await client.ask<Info>('exceptionInfo', { threadId: client.thread });
    const { exceptionId, description, details } = info;
    client.log.push(`${exceptionId}: ${description}`, String(details?.stackTrace));
    await client.move('stepBack');
    await client.logValues('ok');
    await client.move('next');
    await client.move('continue');
  });

  check('stop at a data race', async (client) => {
    client.texts.set(
      'race.coro',
      `runtime go1.24

var counter int

scenario Race {
	done := make(chan bool, 1)
	go func() {
		counter++
		done <- true
	}()
	counter = 5
	<-done
}
`,
    );
    await client.launch({ program: 'race.coro', races: true });
    type Info = DebugProtocol.ExceptionInfoResponse['body'];
    const info = await client.ask<Info>('exceptionInfo', { threadId: client.thread });
    client.log.push(`${info.exceptionId}: ${info.description}`);
    await client.move('reverseContinue');
    await client.move('continue');
    await client.move('stepBack');
    await client.move('next');
  });

  check('stop at a leak', async (client) => {
    const file = 'test/scenarios/go/leaks.coro';
    await client.launch({ program: file, scenario: 'ForgottenStop' });
    await client.logThreads();
    type Info = DebugProtocol.ExceptionInfoResponse['body'];
    const info = await client.ask<Info>('exceptionInfo', { threadId: client.thread });
    client.log.push(`${info.exceptionId}: ${info.description}`);
    await client.move('reverseContinue');
    await breakOnFunctions(client, 'checkLeaks', 'leakAfter');
    await client.move('continue');
    await client.move('continue');
  });

  check('leaks are looked for when asked', async (client) => {
    const text = 'func main() {\n\tc := make(chan int)\n\tgo func() { <-c }()\n}\n';
    client.texts.set('leak.coro', text);
    await client.launch({ program: 'leak.coro', leaks: true });
  });

  check('values in frames', async (client) => {
    await launch(client, { scenario: 'LockIterNested' }, () =>
      client.breakAt(program, 'if v != 5 {'),
    );
    await client.logScopes(['Locals', 'Goroutine', 'Thread (M)']);
    await client.logValues('v', 'ok', 'v + 1', 'next', 'M0.lockedExt', 'G1.lockedm', 'nonsense');
    await client.logValues('v ==', 'runtime.sched.nmidle', 'v > 3 && ok');
  });

  check('data breakpoints both ways', async (client) => {
    await launch(client, { scenario: 'LockIterNested', stopOnEntry: true });
    await watch(client, 'M0.lockedExt', 'M0.lockedg');
    for (let i = 0; i < 5; i++) await client.move('continue');
    for (let i = 0; i < 6; i++) await client.move('reverseContinue');
  });

  check('set variable and branches', async (client) => {
    await launch(client, { scenario: 'IterLock' }, () => client.breakAt(program, 'if v != 5 {'));
    const [locals] = await client.scopes();
    const { variablesReference } = locals;
    const set = await client.ask('setVariable', { variablesReference, name: 'v', value: '4 + 3' });
    client.log.push(`set to ${JSON.stringify(set)}`);
    await client.logValues('v');
    await client.move('continue');
    client.log.push(JSON.stringify(await client.ask('coroscope/branches')));
    await client.move('coroscope/switchBranch', { branch: 0 });
    await client.move('continue');
    client.log.push(await client.evaluate('ok = false', 'repl'));
    client.log.push(await client.evaluate('M0.lockedExt = M0.id', 'repl'));
    client.log.push(await client.evaluate('1 = 2', 'repl'));
    await client.move('continue');
  });

  check('travel to handoffs and wake-ups and writers', async (client) => {
    await launch(client, { scenario: 'LockIterNested', stopOnEntry: true });
    for (let i = 0; i < 5; i++) await client.move('coroscope/nextHandoff');
    await client.logThreads();
    await client.move('coroscope/wakeUp', { threadId: 1 });
    await client.move('coroscope/nextHandoff');
    await client.move('coroscope/previousHandoff');
    await client.move('coroscope/previousHandoff');
    await client.move('coroscope/nextHandoff');
    await client.move('coroscope/whoWrote', { expression: 'M0.curg' });
    client.log.push(JSON.stringify(await client.ask('coroscope/timeline')));
    await client.move('coroscope/seek', { step: 3 });
    await client.move('coroscope/reverseStepInto');
    await client.move('coroscope/reverseStepOut');
  });

  check('go to a line and restart a frame', async (client) => {
    await launch(client, { scenario: 'IterLock' }, () => client.breakAt(program, 'if v != 5 {'));
    await client.move('continue');
    const frames = await client.frames();
    await client.move('restartFrame', { frameId: frames[0].id });
    const source = { path: program };
    const line = 88;
    const { targets } = await client.ask<DebugProtocol.GotoTargetsResponse['body']>('gotoTargets', {
      source,
      line,
    });
    client.log.push(targets.map(({ label }) => label).join(', '));
    await client.move('goto', { targetId: targets[0].id });
    await client.move('restartFrame', { frameId: (await client.frames())[1].id });
  });

  check('instructions', async (client) => {
    await launch(client, { stopOnEntry: true });
    const [frame] = await client.frames();
    const { instructions } = await client.ask<
      NonNullable<DebugProtocol.DisassembleResponse['body']>
    >('disassemble', {
      memoryReference: frame.instructionPointerReference,
      instructionOffset: -2,
      instructionCount: 5,
    });
    for (const { address, instruction, symbol, line } of instructions) {
      const [operation] = instruction.split(' ');
      client.log.push(`  ${address} ${symbol ?? ''} ${operation} (line ${line})`);
    }

    await client.ask('setInstructionBreakpoints', {
      breakpoints: [{ instructionReference: instructions[3].address }],
    });
    await client.move('continue');
    await client.move('next', { granularity: 'instruction' });
    await client.move('stepBack', { granularity: 'instruction' });
    await client.move('stepBack', { granularity: 'instruction' });
  });

  check('output is told once', async (client) => {
    client.texts.set(
      'hello.coro',
      `scenario Hello {
	for i := range 3 {
		fmt.Println("hello", i)
		say(i)
	}
}

func say(i int) {
	println("say", i)
}
`,
    );
    await client.launch({ program: 'hello.coro', stopOnEntry: true });
    for (let i = 0; i < 6; i++) await client.move('next');
    for (let i = 0; i < 4; i++) await client.move('stepBack');
    await client.evaluate('i = 7', 'repl');
    await client.move('continue', { singleThread: true });
  });

  check('filters of outcomes', async (client) => {
    await launch(client, { stopOnEntry: true }, () =>
      client.ask('setExceptionBreakpoints', {
        filters: ['ok'],
        filterOptions: [{ filterId: 'throw', condition: 'no such text' }, { filterId: 'weather' }],
      }),
    );
    await client.move('continue');
  });

  check('a deadlock', async (client) => {
    client.texts.set(
      'deadlock.coro',
      `scenario Deadlock {
	c := make(chan int)
	go func() {
		c <- 1
		c <- 2
	}()
	<-c
	var d chan int
	d <- 1
}
`,
    );
    await client.launch({ program: 'deadlock.coro' });
    await client.logThreads();
    await client.move('stepBack');
    await client.move('stepBack');
    await client.move('continue');
  });

  check('bare threads', async (client) => {
    client.texts.set(
      'threads.coro',
      `runtime threads
scenario Two {
	x := 1
	go func() {
		x = x + 1
		println("second", x)
	}()
	x = x + 2
	println("first", x)
}
`,
    );
    await client.launch({ program: 'threads.coro', stopOnEntry: true });
    for (let i = 0; i < 3; i++) await client.move('next');
    await client.logThreads();
    await client.logScopes(['Locals', 'Globals']);
    await client.move('stepBack');
    await client.move('continue');
  });

  check('log points look back', async (client) => {
    const line = 88;
    await launch(client, { scenario: 'IterLock' }, () =>
      client.ask('setExceptionBreakpoints', { filters: ['ok'] }),
    );
    const logMessage = 'locked {M0.lockedExt} times';
    await client.breakAt(program, { line, logMessage }, 'if v != 5 {');
    client.log.push('> a log point');
    await client.move('reverseContinue');
    type Hits = { hits: { goroutine: string; text: string; line: number }[] };
    const { hits } = await client.ask<Hits>('coroscope/pastHits', {
      expression: 'G1.atomicstatus',
    });
    for (const hit of hits) client.log.push(`  ${hit.goroutine}: status ${hit.text}`);
    await client.move('continue');
  });

  check('stop at the end to look back', async (client) => {
    await launch(client, { scenario: 'IterLock' }, () =>
      client.ask('setExceptionBreakpoints', { filters: ['ok'] }),
    );
    await client.move('stepBack');
    await client.move('continue');
    await client.move('continue');
  });
});

/** Sets data breakpoints on expressions. */
async function watch(client: Client, ...expressions: string[]): Promise<void> {
  const breakpoints = [];
  for (const name of expressions) {
    const info = await client.ask<{ dataId: string }>('dataBreakpointInfo', { name });
    breakpoints.push({ dataId: info.dataId });
  }
  await client.ask('setDataBreakpoints', { breakpoints });
}
