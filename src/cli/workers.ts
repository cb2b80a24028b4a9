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
