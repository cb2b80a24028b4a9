/** How the groups of requests plug into the session: a table from command to handler each. */
import type { Arguments } from './arguments.ts';
import type { Debuggee } from './debuggee.ts';

/** One request while it is being answered. */
export interface Call {
  readonly command: string;
  readonly seq: number;
  /** Does `action` as soon as the response is on its way: events that must not overtake it. */
  afterwards(action: () => void | Promise<void>): void;
  /** Whether the client has given the request up. */
  isCancelled(): boolean;
}

/**
 * Answers one kind of request: gives the body of the response, or throws a RequestError. Anything
 * else it throws is a bug of ours and is reported as one.
 */
export type Handler = (
  debuggee: Debuggee,
  args: Arguments,
  call: Call,
) => object | undefined | Promise<object | undefined>;

/** A group of requests, by command. */
export type Handlers = Readonly<Record<string, Handler>>;
