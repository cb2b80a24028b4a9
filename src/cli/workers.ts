/** Workers for a search, as threads of Node. */
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import type { WorkerPort } from '../explore/parallel.ts';
import { type PartRequest, searchPart } from '../explore/parallel-part.ts';
import type { ExploreResult } from '../explore/types.ts';

/** The number of a thread that has ended. */
const ENDED = -1;

/** Threads that were started for searching. */
export interface WorkerThreads {
  readonly ports: readonly WorkerPort[];
  /** Ends them, whatever they do. */
  end(): Promise<void>;
}

/** Starts so many threads; `script` is a bundle that calls serveSearches. */
export function startWorkerThreads(script: string, count: number): WorkerThreads {
  const threads = Array.from({ length: count }, () => new Worker(script, { argv: [] }));
  return {
    ports: threads.map(portOf),
    async end() {
      await Promise.all(threads.map(async (thread) => thread.terminate()));
    },
  };
}

function portOf(thread: Worker): WorkerPort {
  return {
    search: async (request) =>
      new Promise((resolve, reject) => {
        const onEnd = () => reject(new Error('internal error: a worker has ended, please report'));
        if (thread.threadId === ENDED) onEnd();
        const onResult = (result: ExploreResult) => {
          thread.off('error', reject).off('exit', onEnd);
          resolve(result);
        };
        thread.once('message', onResult).once('error', reject).once('exit', onEnd);
        thread.postMessage(request);
      }),
  };
}

/** In a worker thread: searches what it is sent. False: this is the main thread. */
export function serveSearches(): boolean {
  const port = parentPort;
  if (isMainThread || port === null) return false;
  port.on('message', (request: PartRequest) => port.postMessage(searchPart(request)));
  return true;
}

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
