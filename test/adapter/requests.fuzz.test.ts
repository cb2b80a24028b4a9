/**
 * Any request at any time gets an answer, and no answer is "internal error". Sessions are made at
 * random: arguments are likely ones, taken from what the adapter has said before, or absurd ones.
 * Between them come frames that are no messages. SEED=N repeats a run, REQUESTS=N makes it longer
 * (`npm run test:adapter -- --requests N --seed S`).
 */
import assert from 'node:assert';
import process from 'node:process';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { Client } from './client.ts';
import { freshSeed } from '../seed.ts';

const seed = Number(process.env.SEED ?? freshSeed());
const requestsPerSession = 60;
const sessions = Math.ceil(Number(process.env.REQUESTS ?? 1500) / requestsPerSession);

/** What stands between two messages and is none. */
const malformed = [
  'junk',
  '\r\n\r\n',
  'Content-Length: 3\r\n\r\n{x}',
  'content-length: 2\r\n\r\n{}',
  'Content-Length: -5\r\n\r\n',
  'Content-Length: 900\r\n\r\n{"type":"request"',
  'Content-Length: 1\r\n\r\n{"type":"request","seq":7,"command":"next"}',
  'Content-Length: 4\r\n\r\nnull',
];

const lockosthread = 'test/scenarios/go/lockosthread.coro';
const programs = [
  { program: lockosthread, scenario: 'IterLockYield', stopOnEntry: true },
  { program: lockosthread, scenario: 'LockIterYieldNewG', justMyCode: false, stopOnEntry: true },
  {
    program: lockosthread,
    scenario: 'StopLockedIterNested',
    seed: 3,
    showSystemGoroutines: true,
    stopOnEntry: true,
  },
  { program: 'endless.coro', stopOnEntry: true },
  { program: 'missing.coro' },
];
const endless = 'scenario Endless {\n\tn := 0\n\tfor {\n\t\tn = (n + 1) % 1000\n\t}\n}\n';

const commands = `
  attach breakpointLocations cancel completions configurationDone continue coroscope/branches
  coroscope/nextHandoff coroscope/previousHandoff coroscope/reverseStepInto
  coroscope/reverseStepOut coroscope/schedule coroscope/seek coroscope/switchBranch
  coroscope/pastHits coroscope/timeline coroscope/wakeUp coroscope/whoWrote
  dataBreakpointInfo disassemble evaluate exceptionInfo goto gotoTargets initialize launch
  loadedSources modules next pause readMemory
  restart restartFrame reverseContinue scopes setBreakpoints setDataBreakpoints
  setExceptionBreakpoints setExpression setFunctionBreakpoints setInstructionBreakpoints
  setVariable source stackTrace stepBack stepIn stepInTargets stepOut threads toString variables
`
  .trim()
  .split(/\s+/);
/** What an editor asks at every stop. */
const looking = ['threads', 'stackTrace', 'scopes', 'variables', 'evaluate', 'variables'];
/** Asked again and again, so that there is something to look at. */
const usual = 'stackTrace scopes variables next stepIn stepBack'.split(' ');
const rare = ['terminate', 'disconnect'];

const texts = `
  G1 M0.lockedExt G1.atomicstatus v ok next c 1/0 " (((( coroswitch throw runtime.throw main *
  0x400000 0x10000400 0x0 -1 >=2 {v} instruction statement line named indexed whole 16:1:x
  100000000:64:y repl hover watch clipboard coroscope-model:/go/coro.coro M0.lockedExt=3 v==5
  panic deadlock
`
  .trim()
  .split(/\s+/);
const absurd = [
  undefined,
  null,
  '',
  '\u0000',
  [],
  {},
  true,
  Number.NaN,
  0.5,
  -1,
  -7,
  2 ** 31,
  2 ** 53,
  -(2 ** 40),
  1e9,
  1e9 + 1,
  'x'.repeat(500),
  [[]],
  { path: 7 },
  99,
];

/** Names of arguments whose values come from earlier answers, and under which name there. */
const learned: Record<string, string> = {
  threadId: 'threadId',
  frameId: 'frameId',
  variablesReference: 'variablesReference',
  targetId: 'targetId',
  dataId: 'dataId',
  memoryReference: 'memoryReference',
  instructionReference: 'instructionPointerReference',
  name: 'name',
  expression: 'evaluateName',
  requestId: 'seq',
  sourceReference: 'sourceReference',
};
const fleeting = ['frameId', 'variablesReference', 'targetId'];
const numbers = `startFrame levels start count line endLine column step instruction branch offset
  instructionCount instructionOffset`.split(/\s+/);
const words = `value text context filter granularity extent progressId condition hitCondition
  logMessage trace`.split(/\s+/);

describe('requests at any time', () => {
  it(`are answered, seed ${seed}`, async function () {
    this.timeout(sessions * 30_000);
    const random = new Random(seed);
    for (let session = 0; session < sessions; session++) await new Session(random).run();
  });
});

class Random {
  #state: number;

  constructor(start: number) {
    this.#state = start | 0;
  }

  below(count: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let bits = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) % count;
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)];
  }
}

class Session {
  readonly #random: Random;
  readonly #client = new Client();
  /** Values that answers and events have named, by name. */
  readonly #known = new Map<string, unknown[]>();
  readonly #history: string[] = [];
  #isOver = false;

  constructor(random: Random) {
    this.#random = random;
    this.#client.texts.set('endless.coro', endless);
  }

  async run(): Promise<void> {
    const random = this.#random;
    if (random.chance(90)) {
      await this.#client.request('initialize', { adapterID: 'fuzz' });
      await this.#send('launch', random.pick(programs));
      if (random.chance(80)) await this.#send('launch', programs[0]);
      if (random.chance(95)) await this.#send('configurationDone', {});
    }
    // Some clients wait for each answer, some send everything at once.
    const isPipelined = random.chance(20);
    const answers: Promise<void>[] = [];
    for (let left = requestsPerSession; left > 0; left--) {
      if (this.#isOver) left = Math.min(left, 4);
      for (const command of random.chance(20) ? looking : [this.#command()]) {
        const sent = this.#send(command, this.#arguments());
        if (isPipelined) answers.push(sent);
        else await sent;
      }
    }
    await Promise.all(answers);
    await this.#client.request('disconnect');
    for (const { event, body } of this.#client.events) {
      if (event === 'output') this.#checkText(String(body.output));
    }
  }

  #command(): string {
    const random = this.#random;
    if (random.below(300) === 0) return random.pick(rare);
    return random.pick(random.chance(50) ? usual : commands);
  }

  async #send(command: string, args: unknown): Promise<void> {
    this.#history.push(`${command} ${JSON.stringify(args)}`);
    if (this.#random.chance(10)) this.#client.spoil(this.#random.pick(malformed));
    const response = await this.#client.request(command, args);
    assert.ok(response.success || response.message !== undefined);
    if (command === 'disconnect') this.#isOver = true;
    this.#checkText(response.message ?? '');
    this.#learn(response);
    for (const event of this.#client.events.splice(0)) {
      this.#learn(event.body);
      // What was named at an earlier stop is mostly of no use.
      if (event.event === 'stopped') for (const name of fleeting) this.#known.delete(name);
      if (event.event === 'terminated') this.#isOver = true;
      if (event.event === 'output') this.#checkText(String(event.body.output));
    }
  }

  #checkText(text: string): void {
    if (!text.includes('internal error')) return;
    const history = this.#history.map((line) => line.slice(0, 300)).join('\n');
    assert.fail(`${text}\nafter\n${history}`);
  }

  /** Remembers what may come back as an argument. */
  #learn(value: unknown): void {
    if (Array.isArray(value)) for (const item of value.slice(0, 20)) this.#learn(item);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
    for (const [name, inner] of Object.entries(value)) {
      this.#learn(inner);
      if (typeof inner === 'object' || inner === 0) continue;
      this.#remember(name, inner);
    }
    const { stackFrames, threads, targets } = value as Partial<
      DebugProtocol.StackTraceResponse['body'] &
        DebugProtocol.ThreadsResponse['body'] &
        DebugProtocol.StepInTargetsResponse['body']
    >;
    for (const { id } of stackFrames ?? []) this.#remember('frameId', id);
    for (const { id } of threads ?? []) this.#remember('threadId', id);
    for (const { id } of targets ?? []) this.#remember('targetId', id);
  }

  #remember(name: string, value: unknown): void {
    const known = this.#known.get(name) ?? [];
    known.push(value);
    this.#known.set(name, known.slice(-30));
  }

  #arguments(): unknown {
    const random = this.#random;
    if (random.chance(2)) return random.pick(absurd);
    const args: Record<string, unknown> = {};
    for (const [name, source] of Object.entries(learned)) {
      if (random.chance(name === 'requestId' ? 3 : 95)) args[name] = this.#learned(source);
    }
    for (const name of numbers) {
      if (random.chance(10)) args[name] = this.#orAbsurd(() => random.below(200));
    }
    for (const name of words) {
      if (random.chance(15)) args[name] = this.#orAbsurd(() => random.pick(texts));
    }
    if (random.chance(70)) args.threadId = this.#learned('threadId');
    if (random.chance(90)) delete args.targetId;
    if (random.chance(10)) args.singleThread = true;
    args.text ??= random.pick(texts);
    args.line ??= random.below(170);
    args.column ??= 1;
    args.count ??= 10;
    args.instructionCount ??= 20;
    args.value ??= String(random.below(9));
    args.source = this.#orAbsurd(() => ({ path: lockosthread }));
    if (random.chance(50)) args.breakpoints = this.#orAbsurd(() => this.#breakpoints());
    if (random.chance(50)) args.filters = this.#orAbsurd(() => [random.pick(texts)]);
    return args;
  }

  #breakpoints(): unknown[] {
    const random = this.#random;
    return Array.from({ length: random.below(4) }, () => ({
      line: this.#orAbsurd(() => random.below(170)),
      name: this.#orAbsurd(() => random.pick(texts)),
      instructionReference: this.#learned('instructionPointerReference') ?? '0x400010',
      dataId: this.#learned('dataId') ?? '16:1:x',
      ...(random.chance(20) ? { condition: this.#orAbsurd(() => random.pick(texts)) } : {}),
      ...(random.chance(20) ? { hitCondition: this.#orAbsurd(() => random.pick(texts)) } : {}),
      ...(random.chance(20) ? { logMessage: this.#orAbsurd(() => random.pick(texts)) } : {}),
    }));
  }

  #learned(name: string): unknown {
    return this.#orAbsurd(() => {
      const known = this.#known.get(name);
      if (known === undefined) return 1;
      return this.#random.pick(this.#random.chance(80) ? known.slice(-4) : known);
    });
  }

  #orAbsurd(likely: () => unknown): unknown {
    return this.#random.chance(2) ? this.#random.pick(absurd) : likely();
  }
}
