/** Threads of Node as workers that run a text: for hosts that have no other way to start one. */
import { parentPort, Worker } from 'node:worker_threads';

/** One end of a line between a worker and who started it. */
export interface Channel {
  post(message: unknown): void;
  /** Calls `onMessage` for what comes; `onFailure` when nothing will come any more. */
  listen(onMessage: (message: unknown) => void, onFailure: (error: Error) => void): void;
  /** Ends the worker, whatever it does. */
  end(): void;
}

/** Starts a thread that runs a text. */
export function startThread(text: string): Channel {
  const thread = new Worker(text, { eval: true, argv: [] });
  return {
    post: (message) => thread.postMessage(message),
    listen(onMessage, onFailure) {
      thread.on('message', onMessage).on('error', onFailure);
      thread.on('exit', () =>
        onFailure(new Error('internal error: a worker has ended, please report')),
      );
    },
    end: () => void thread.terminate(),
  };
}

/** The line to who started this thread; null: it is the main thread, or not of Node. */
export function threadChannel(): Channel | null {
  const port = parentPort ?? null;
  if (port === null) return null;
  return {
    post: (message) => port.postMessage(message),
    listen: (onMessage) => void port.on('message', onMessage),
    end: () => port.close(),
  };
}
