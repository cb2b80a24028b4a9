/** Workers for searches and checks, as threads of Node. */
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import type { WorkerPort } from '../explore/parallel.ts';
import { type PartRequest, searchPart } from '../explore/parallel-part.ts';
import { type ShardPort, type ShardRequest, searchShard } from '../explore/sharded.ts';
import type { ExploreResult } from '../explore/types.ts';
import { type Cell, type CellOptions, checking } from './check-cell.ts';
import { type Given, UsageError } from './command.ts';

/** The number of a thread that has ended. */
const ENDED = -1;
const MOST_WORKERS = 64;

/** What a worker is asked, and answers with one message. */
type Request =
  | { readonly part: PartRequest }
  | { readonly shard: ShardRequest }
  | { readonly cell: Cell; readonly options: CellOptions };

/** Threads that were started for searching and checking. */
export interface WorkerThreads {
  /** For the parts of a parallel search, and for the shards of one. */
  readonly ports: readonly (WorkerPort & ShardPort)[];
  /** The answer of a worker; rejected when it fails. One request at a time. */
  ask<Answer>(worker: number, request: Request): Promise<Answer>;
  /** Ends them, whatever they do. */
  end(): Promise<void>;
}

/** How many threads --workers asks for. Throws a UsageError. */
export function workerCount(given: Given): number {
  const workers = given.count('workers', 1) ?? 1;
  if (workers > MOST_WORKERS) throw new UsageError(`--workers takes at most ${MOST_WORKERS}`);
  return workers;
}

/** Starts so many threads; `script` is a bundle that calls serveRequests. */
export function startWorkerThreads(script: string, count: number): WorkerThreads {
  const threads = Array.from({ length: count }, () => new Worker(script, { argv: [] }));
  return {
    ports: threads.map((thread) => ({
      search: async (part) => askThread<ExploreResult>(thread, { part }),
      searchShard: async (shard) => askThread<ExploreResult>(thread, { shard }),
    })),
    ask: async (worker, request) => askThread(threads[worker], request),
    async end() {
      await Promise.all(threads.map(async (thread) => thread.terminate()));
    },
  };
}

async function askThread<Answer>(thread: Worker, request: Request): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const onEnd = () => reject(new Error('internal error: a worker has ended, please report'));
    if (thread.threadId === ENDED) onEnd();
    const onAnswer = (answer: Answer) => {
      thread.off('error', reject).off('exit', onEnd);
      resolve(answer);
    };
    thread.once('message', onAnswer).once('error', reject).once('exit', onEnd);
    thread.postMessage(request);
  });
}

/** In a worker thread: does what it is sent. False: this is the main thread. */
export function serveRequests(): boolean {
  const port = parentPort;
  if (isMainThread || port === null) return false;
  port.on('message', (request: Request) => port.postMessage(answerTo(request)));
  return true;
}

function answerTo(request: Request): unknown {
  if ('part' in request) return searchPart(request.part);
  if ('shard' in request) return searchShard(request.shard);
  const work = checking(request.cell, request.options);
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}
