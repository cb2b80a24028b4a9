/**
 * A debug adapter client in memory: sends requests to a session, waits for its stops, and writes
 * what an editor would show into a log.
 */
import assert from 'node:assert';
import { readFile } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { CoroscopeSession } from '../../src/adapter/session.ts';

/** Longest wait for an answer or a stop: beyond it the session hangs. */
const patienceMilliseconds = 10_000;

export interface Launch {
  program: string;
  scenario?: string;
  [setting: string]: unknown;
}

export class Client {
  readonly log: string[] = [];
  readonly events: DebugProtocol.Event[] = [];
  readonly session: CoroscopeSession;
  /** Texts that stand in for files. */
  readonly texts = new Map<string, string>();
  /** The thread that the last stop showed. */
  thread = 0;
  #seq = 0;
  #stream: PassThrough | null = null;
  #seen = 0;
  readonly #pending = new Map<number, (response: DebugProtocol.Response) => void>();
  #wake: () => void = () => undefined;

  constructor() {
    this.session = new CoroscopeSession({
      readText: async (path) => this.texts.get(path) ?? readFile(path, 'utf8'),
    });
    this.session.onDidSendMessage((message) => {
      const sent = structuredClone(message) as DebugProtocol.ProtocolMessage;
      if (sent.type === 'event') {
        this.events.push(sent as DebugProtocol.Event);
        this.#wake();
      } else {
        const response = sent as DebugProtocol.Response;
        this.#pending.get(response.request_seq)?.(response);
      }
    });
  }

  /** Sends what is no message; all messages go over a stream from then on. */
  spoil(text: string): void {
    if (this.#stream === null) {
      this.#stream = new PassThrough();
      this.session.setRunAsServer(true);
      this.session.start(this.#stream, new PassThrough().resume());
    }
    this.#stream.write(text);
  }

  /** The number that the next request will have. */
  get nextSeq(): number {
    return this.#seq + 1;
  }

  /** Sends a request; gives the response, be it a success or not. */
  request(command: string, args?: unknown): Promise<DebugProtocol.Response> {
    const seq = ++this.#seq;
    const answered = new Promise<DebugProtocol.Response>((resolve) => {
      this.#pending.set(seq, resolve);
    });
    const request = { seq, type: 'request', command, arguments: args };
    if (this.#stream === null) this.session.handleMessage(request as DebugProtocol.Request);
    else this.#stream.write(frameOf(JSON.stringify(request)));
    return inTime(answered, `an answer to ${command}`);
  }

  /** Sends a request that must succeed; gives the body of the response. */
  async ask<Body = Record<string, unknown>>(command: string, args?: unknown): Promise<Body> {
    const response = await this.request(command, args);
    assert.ok(response.success, `${command}: ${response.message}`);
    return response.body as Body;
  }

  /** Sends a request that must fail; gives the message. */
  async fail(command: string, args?: unknown): Promise<string> {
    const response = await this.request(command, args);
    assert.ok(!response.success, `${command} should have failed`);
    return String(response.message);
  }

  /** Launches, lets `configure` set breakpoints, and waits for the first stop (or the end). */
  async launch(args: Launch, configure: () => Promise<unknown> = async () => undefined) {
    await this.ask('initialize', { adapterID: 'coroscope', supportsInvalidatedEvent: true });
    await this.ask('launch', args);
    assert.ok(this.events.some(({ event }) => event === 'initialized'));
    await configure();
    await this.ask('configurationDone');
    return this.rest();
  }

  /** The next stop is one that is still to come. */
  forget(): void {
    this.#seen = this.events.length;
  }

  /** Waits for the next stopped or terminated event, and logs all events on the way. */
  async rest(): Promise<DebugProtocol.Event> {
    for (;;) {
      while (this.#seen < this.events.length) {
        const event = this.events[this.#seen++];
        await this.#logEvent(event);
        if (event.event === 'stopped' || event.event === 'terminated') return event;
      }
      await this.#nextEvent('a stop');
    }
  }

  #nextEvent(what: string): Promise<void> {
    const woken = new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    return inTime(woken, what);
  }

  /** Waits for an event of that name, past or to come. */
  async event(name: string): Promise<DebugProtocol.Event> {
    for (;;) {
      const found = this.events.find(({ event }) => event === name);
      if (found !== undefined) return found;
      await this.#nextEvent(`an event ${name}`);
    }
  }

  /** Waits for output of a category, past or to come. */
  async output(category: string, text: RegExp): Promise<void> {
    const isIt = ({ event, body }: DebugProtocol.Event) =>
      event === 'output' && body.category === category && text.test(body.output);
    while (!this.events.some(isIt)) await this.#nextEvent(`output like ${text}`);
  }

  /** A movement: `next`, `continue` … on the thread that the last stop showed. */
  async move(command: string, args: object = {}): Promise<DebugProtocol.Event> {
    this.log.push(`> ${[command, ...Object.entries(args).map(([k, v]) => `${k}=${v}`)].join(' ')}`);
    await this.ask(command, { threadId: this.thread, ...args });
    return this.rest();
  }

  /** Sets breakpoints on lines that hold the given texts. */
  async breakAt(path: string, ...places: (string | DebugProtocol.SourceBreakpoint)[]) {
    const text = this.texts.get(path) ?? (await readFile(path, 'utf8'));
    const breakpoints = places.map((place) =>
      typeof place === 'string' ? { line: lineOf(text, place) } : place,
    );
    type Body = DebugProtocol.SetBreakpointsResponse['body'];
    return this.ask<Body>('setBreakpoints', { source: { path }, breakpoints });
  }

  /** Logs the threads, and the stack of each with the lines of its frames. */
  async logThreads(): Promise<void> {
    const { threads } = await this.ask<DebugProtocol.ThreadsResponse['body']>('threads');
    for (const { id, name } of threads) {
      this.log.push(`  ${name}`);
      const lines: string[] = [];
      for (const frame of await this.frames(id)) {
        const line = `    ${await this.#describe(frame)}`;
        // The runtime's own frames come and go with the models: a row of them is one line.
        if (line !== lines.at(-1)) lines.push(line);
      }
      this.log.push(...lines);
    }
  }

  async frames(threadId = this.thread): Promise<DebugProtocol.StackFrame[]> {
    type Body = DebugProtocol.StackTraceResponse['body'];
    const { stackFrames } = await this.ask<Body>('stackTrace', { threadId });
    return stackFrames;
  }

  async scopes(frameIndex = 0): Promise<DebugProtocol.Scope[]> {
    const frames = await this.frames();
    const frameId = frames[frameIndex].id;
    type Body = DebugProtocol.ScopesResponse['body'];
    return (await this.ask<Body>('scopes', { frameId })).scopes;
  }

  async variables(
    variablesReference: number,
    page: object = {},
  ): Promise<DebugProtocol.Variable[]> {
    type Body = DebugProtocol.VariablesResponse['body'];
    return (await this.ask<Body>('variables', { variablesReference, ...page })).variables;
  }

  /** Logs the named scopes of a frame with their variables. */
  async logScopes(names: readonly string[], frameIndex = 0): Promise<void> {
    for (const scope of await this.scopes(frameIndex)) {
      if (!names.includes(scope.name)) continue;
      this.log.push(`  ${scope.name}`);
      const isRecord = scope.name !== 'Locals' && scope.name !== 'Coros';
      for (const { name, value, type } of await this.variables(scope.variablesReference)) {
        if (isRecord && !shownFields.has(name)) continue;
        this.log.push(`    ${name} = ${value} (${type})`);
      }
    }
  }

  async evaluate(expression: string, context = 'watch'): Promise<string> {
    const [frame] = await this.frames();
    const args = { expression, context, frameId: frame?.id };
    const response = await this.request('evaluate', args);
    const body = response.body as DebugProtocol.EvaluateResponse['body'];
    return response.success ? body.result : `error: ${response.message}`;
  }

  async logValues(...expressions: string[]): Promise<void> {
    for (const expression of expressions) {
      this.log.push(`  ${expression} = ${await this.evaluate(expression)}`);
    }
  }

  /** The log as the text of an expectation file, without what changes with every model. */
  text(): string {
    let text = `${this.log.join('\n')}\n`;
    for (const [pattern, replacement] of masks) text = text.replace(pattern, replacement);
    return text;
  }

  /** `main.drain lockosthread.coro: v, ok := next()`; `(runtime)` for what is not to be looked at. */
  async #describe({ name, source, line, presentationHint }: DebugProtocol.StackFrame) {
    if (presentationHint === 'subtle') return '(runtime)';
    const text = source === undefined ? '' : await this.#lineText(source, line);
    return `${name} ${source?.name}: ${text}`;
  }

  /** The text of a line, asked of the adapter for what it alone has. */
  async #lineText(source: DebugProtocol.Source, line: number): Promise<string> {
    const path = source.path ?? '';
    let text = this.texts.get(path);
    if (text === undefined && source.sourceReference) {
      const { sourceReference } = source;
      type Body = DebugProtocol.SourceResponse['body'];
      const response = await this.request('source', { source, sourceReference });
      text = response.success ? (response.body as Body).content : '';
      if (response.success) this.texts.set(path, text);
    }
    text ??= await readFile(path, 'utf8');
    // A text may have become another one.
    return text.split('\n')[line - 1]?.trim() ?? '';
  }

  async #logEvent({ event, body }: DebugProtocol.Event): Promise<void> {
    if (event === 'output') {
      const isModel = body.source?.path.startsWith('coroscope-model:') ?? true;
      const line = isModel ? '' : await this.#lineText(body.source, body.line);
      const place = isModel ? '' : ` (${body.source.name}: ${line})`;
      this.log.push(`  ${body.category}${place}: ${String(body.output).trimEnd()}`);
    } else if (event === 'stopped') {
      this.thread = body.threadId ?? 0;
      const text = body.text === undefined ? '' : ` (${body.text})`;
      this.log.push(`stopped: ${body.reason}: ${body.description}${text}`);
      const frames = await this.frames();
      // An editor leads to the first frame that is not put aside.
      const top = frames.find((frame) => frame.presentationHint !== 'subtle') ?? frames[0];
      if (top !== undefined) this.log.push(`  at ${await this.#describe(top)}`);
    } else if (event === 'breakpoint') {
      const { verified, line, message } = body.breakpoint;
      this.log.push(`breakpoint: ${verified ? `line ${line}` : message}`);
    } else if (event === 'exited') {
      this.log.push(`exited: ${body.exitCode}`);
    } else if (event !== 'initialized' && event !== 'invalidated') {
      this.log.push(event);
    }
  }
}

/** Numbers that follow from the text of the models, and what stands for them in a log. */
const masks: readonly (readonly [RegExp, string])[] = [
  [/^\S+\(\.\.\.\)\n\tcoroscope-model:\S+\n/gm, ''],
  [/"(step|instruction|\w*Steps|\w*Instructions?|steps)":\d+/g, '"$1":#'],
  [/\b([Ss]tep) \d+( of \d+)?/g, '$1 #'],
  [/^ +\d+ {2}(?=M\d)/gm, '     #  '],
  [/alllink: \w+, /g, ''],
  [/0x[0-9a-f]{6,}/g, '0x#'],
  [/((?:frame|target)Id)=\d+/g, '$1=#'],
];

/** Fields of the runtime's records that a log shows; others come and go with the models. */
const shownFields = new Set(
  'goid waitreason m lockedm id curg lockedg lockedExt lockedInt allgs gomaxprocs'.split(' '),
);

function frameOf(json: string): string {
  return `Content-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`;
}

/** The 1-based line on which `piece` stands first. */
export function lineOf(text: string, piece: string): number {
  const offset = text.indexOf(piece);
  assert.ok(offset >= 0, `the text does not hold ${JSON.stringify(piece)}`);
  return text.slice(0, offset).split('\n').length;
}

async function inTime<Result>(promise: Promise<Result>, what: string): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`waited too long for ${what}`)),
      patienceMilliseconds,
    );
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
