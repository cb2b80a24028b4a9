/**
 * The debug session: takes requests of the Debug Adapter Protocol in order, hands each to its group
 * and sends what comes back. It runs inline in an editor's host, desktop or web, and over streams.
 *
 * Invariant: every request is answered exactly once, whatever it is and whenever it comes; a bug in
 * a handler becomes an error response and nothing else.
 */
import { DebugSession, Event, Response } from '@vscode/debugadapter';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { asRecord } from './arguments.ts';
import { breakpointRequests } from './breakpoints.ts';
import { dataBreakpointRequests } from './data-breakpoints.ts';
import { Debuggee } from './debuggee.ts';
import type { SessionHost } from './debuggee.ts';
import { disassemblyRequests } from './disassembly.ts';
import { RequestError, cancelled, internalError, unknownRequest } from './errors.ts';
import { evaluateRequests } from './evaluate.ts';
import { exceptionRequests } from './exceptions.ts';
import { MessageReader } from './framing.ts';
import { initializeRequests } from './initialize.ts';
import { journeyRequests } from './journeys.ts';
import { launchRequests } from './launch.ts';
import { memoryRequests } from './memory.ts';
import { pastHitRequests } from './past-hits.ts';
import { queueRequests } from './queue.ts';
import { reachRequests } from './reach.ts';
import type { Call, Handlers } from './requests.ts';
import { sourceRequests } from './sources.ts';
import { stackRequests } from './stacks.ts';
import { steppingRequests } from './stepping.ts';
import { terminate } from './stops.ts';
import { targetRequests } from './targets.ts';
import { travelRequests } from './travel.ts';
import { variableRequests } from './variables.ts';

export type { SessionHost } from './debuggee.ts';

const handlers: Handlers = {
  ...initializeRequests,
  ...launchRequests,
  ...breakpointRequests,
  ...dataBreakpointRequests,
  ...exceptionRequests,
  ...stackRequests,
  ...variableRequests,
  ...evaluateRequests,
  ...steppingRequests,
  ...targetRequests,
  ...travelRequests,
  ...queueRequests,
  ...reachRequests,
  ...journeyRequests,
  ...sourceRequests,
  ...disassemblyRequests,
  ...memoryRequests,
  ...pastHitRequests,
};

/** A stream that never says anything. */
const silence = { on: () => silence, resume: () => silence };

/** These must get through while another request is still being answered. */
const urgent = new Set(['cancel', 'pause', 'disconnect', 'terminate']);

/** These take long, and nobody waits for their answers. */
const unhurried = new Set(['coroscope/reach']);

/** A debug adapter for Coroscope scenarios; one instance is one session. */
export class CoroscopeSession extends DebugSession {
  readonly #debuggee: Debuggee;
  readonly #cancelled = new Set<number>();
  /** Settles when all ordinary requests so far have been answered. */
  #answered: Promise<void> = Promise.resolve();

  constructor(host: SessionHost) {
    super();
    this.#debuggee = new Debuggee(host, (event, body) => this.sendEvent(new Event(event, body)));
  }

  /** Ends the session without a word; a host calls it when the client is gone. */
  override dispose(): void {
    this.#debuggee.end();
  }

  /** The library loses its way in a stream when one message of it is wrong, so it reads none. */
  override start(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): void {
    const reader = new MessageReader((message) => this.#take(message));
    input.on('data', (data: Uint8Array | string) => {
      reader.take(typeof data === 'string' ? new TextEncoder().encode(data) : data);
    });
    input.on('close', () => this.emit('close'));
    input.on('error', (error) => this.emit('error', error));
    super.start(silence as unknown as NodeJS.ReadableStream, output);
    input.resume();
  }

  /** Whatever is no request and no response is passed over. */
  #take(message: unknown): void {
    const { type, command, seq } = asRecord(message);
    if (type !== 'request') {
      if (type === 'response') this.handleMessage(message as DebugProtocol.ProtocolMessage);
      return;
    }
    const request = {
      ...(message as DebugProtocol.Request),
      seq: typeof seq === 'number' ? seq : 0,
      command: typeof command === 'string' ? command : '',
    };
    this.handleMessage(request);
  }

  protected override dispatchRequest(request: DebugProtocol.Request): void {
    if (request.command === 'cancel') {
      const { requestId } = asRecord(request.arguments);
      if (typeof requestId === 'number') this.#cancelled.add(requestId);
    }
    const answer = () => this.#answer(request);
    if (urgent.has(request.command)) void answer();
    else if (unhurried.has(request.command)) void this.#answered.then(answer);
    else this.#answered = this.#answered.then(answer);
  }

  async #answer(request: DebugProtocol.Request): Promise<void> {
    const response = new Response(request) as DebugProtocol.Response;
    const actions: (() => void | Promise<void>)[] = [];
    const call: Call = {
      command: request.command,
      seq: request.seq,
      afterwards: (action) => void actions.push(action),
      isCancelled: () => this.#cancelled.has(request.seq),
    };
    try {
      if (call.isCancelled()) throw cancelled();
      const handler = Object.hasOwn(handlers, request.command) && handlers[request.command];
      if (!handler) throw unknownRequest(String(request.command));
      response.body = await handler(this.#debuggee, asRecord(request.arguments), call);
    } catch (error) {
      actions.length = 0;
      fill(response, asRequestError(request.command, error));
    }
    this.sendResponse(response);
    for (const action of actions) await this.#act(request.command, action);
    this.#cancelled.delete(request.seq);
    if (request.command === 'disconnect') this.shutdown();
  }

  /** What follows a response has nobody to throw to. */
  async #act(command: string, action: () => void | Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      if (error instanceof RequestError) {
        this.sendEvent(new Event('output', { category: 'console', output: `${error.message}\n` }));
        return;
      }
      const output = `${internalError(command, error).message}\n`;
      this.sendEvent(new Event('output', { category: 'important', output }));
      terminate(this.#debuggee, 1);
    }
  }
}

function asRequestError(command: string, error: unknown): RequestError {
  return error instanceof RequestError ? error : internalError(command, error);
}

function fill(response: DebugProtocol.Response, error: RequestError): void {
  response.success = false;
  response.message = error.message;
  // The text is no format string: braces in it are the user's.
  const format = '{text}';
  const variables = { text: error.message };
  response.body = { error: { id: error.id, format, variables, showUser: error.showUser } };
}
