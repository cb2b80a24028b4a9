/**
 * Random, PCT and bounded search by several workers: each does a shard, as --shard would, and the
 * results are merged. Executions are numbered and depend on their number alone, so outcomes and
 * counts are those of one worker; of a bounded search the outcomes are.
 */
import type { Image } from '../language/image.ts';
import { reasonText } from './base.ts';
import { searchMachine, startSearch } from './explore.ts';
import { mergeResults } from './merge.ts';
import { STOP_REASONS } from './parallel-memory.ts';
import type { ExploreResult, ExploreSettings, Progress, Search } from './types.ts';

/** What a worker is asked: plain data with shared memory in it. */
export interface ShardRequest {
  readonly image: Image;
  readonly settings: ExploreSettings;
  /** Why all must end, an index of STOP_REASONS; 0: go on. */
  readonly stop: Int32Array;
  /** How far this worker is. */
  readonly progress: Float64Array;
}

/** A worker, as this side of the search sees it. */
export interface ShardPort {
  /** Gives what searchShard returns there; rejected when the worker fails. */
  searchShard(request: ShardRequest): Promise<ExploreResult>;
}

/** Between two looks at whether all must end. */
const SLICE_MILLISECONDS = 20;
const PROGRESS_NUMBERS = 6;

/** Does a worker's shard; returns what it has found. */
export function searchShard(request: ShardRequest): ExploreResult {
  const { image, settings, stop, progress } = request;
  const search = startSearch(image, settings, searchMachine(image, settings.preemption));
  while (search.advance(SLICE_MILLISECONDS)) {
    const { states, transitions, executions, depth, outcomes, done } = search.progress();
    progress.set([states, transitions, executions, depth, outcomes, done]);
    const reason = Atomics.load(stop, 0);
    if (reason !== 0) search.stop(STOP_REASONS[reason]);
  }
  const result = search.result();
  // Whoever has reached the place that is looked for ends the search of all.
  if (result.outcomes.some(({ kind }) => kind === 'reached')) stopFor(stop, 'reached');
  return result;
}

/** A search under way in workers. `advance` does not wait: whoever calls it must let other events
 *  in between. */
export class ShardedSearch implements Search {
  readonly #settings: ExploreSettings;
  readonly #workers: number;
  readonly #stop = new Int32Array(new SharedArrayBuffer(4));
  readonly #progress: Float64Array[];
  readonly #results: ExploreResult[] = [];
  readonly #began = Date.now();
  #milliseconds = 0;
  #failure: unknown = null;

  /** Sends a shard to each worker. */
  constructor(image: Image, settings: ExploreSettings, ports: readonly ShardPort[]) {
    this.#settings = settings;
    this.#workers = ports.length;
    this.#progress = ports.map(
      () =>
        new Float64Array(new SharedArrayBuffer(PROGRESS_NUMBERS * Float64Array.BYTES_PER_ELEMENT)),
    );
    for (const [worker, port] of ports.entries()) {
      port
        .searchShard({
          image,
          settings: this.#partOf(worker),
          stop: this.#stop,
          progress: this.#progress[worker],
        })
        .then(
          (result) => {
            this.#results[worker] = result;
            this.#milliseconds = Date.now() - this.#began;
          },
          (error: unknown) => {
            this.#failure = error;
            this.stop('cancelled');
          },
        );
    }
  }

  /** A shard of this shard. Seconds and states are counted here, for all together. */
  #partOf(worker: number): ExploreSettings {
    const { shard, budgetBytes } = this.#settings;
    const count = this.#workers;
    return {
      ...this.#settings,
      secondsLimit: 0,
      budgetBytes: Math.floor(budgetBytes / count),
      shard: { index: shard.index + shard.count * worker, count: shard.count * count },
    };
  }

  /** Whether more is to do. Throws what a worker has failed with. */
  advance(): boolean {
    if (this.#failure !== null) throw this.#failure;
    const { secondsLimit, stateLimit } = this.#settings;
    if (secondsLimit > 0 && this.#seconds() > secondsLimit) this.stop('seconds');
    if (this.progress().states > stateLimit) this.stop('states');
    return this.#finished() < this.#workers;
  }

  /** Asks the workers to end; the search goes on until `advance` tells that they have. */
  stop(reason: string): void {
    stopFor(this.#stop, reason);
  }

  progress(): Progress {
    const all = { states: 0, transitions: 0, executions: 0, depth: 0, outcomes: 0, done: 0 };
    for (const [states, transitions, executions, depth, outcomes, done] of this.#progress) {
      all.states += states;
      all.transitions += transitions;
      all.executions += executions;
      all.depth = Math.max(all.depth, depth);
      all.outcomes = Math.max(all.outcomes, outcomes);
      all.done += done / this.#workers;
    }
    return { ...all, seconds: this.#seconds() };
  }

  /** What was found by the workers that have ended. */
  result(): ExploreResult {
    const { stateLimit, secondsLimit } = this.#settings;
    const reason = STOP_REASONS[Atomics.load(this.#stop, 0)];
    const limits: Readonly<Record<string, number>> = { states: stateLimit, seconds: secondsLimit };
    const merged = mergeResults(this.#results.filter((result) => result !== undefined));
    const stopped =
      reason === '' || merged.complete
        ? {}
        : { incompleteBecause: reasonText(reason, limits[reason]) };
    return { ...merged, ...stopped, seconds: this.#seconds() };
  }

  #finished(): number {
    return this.#results.reduce((count) => count + 1, 0);
  }

  #seconds(): number {
    const isOver = this.#finished() === this.#workers;
    return (isOver ? this.#milliseconds : Date.now() - this.#began) / 1000;
  }
}

/** Asks all to end; the first reason counts. */
function stopFor(stop: Int32Array, reason: string): void {
  Atomics.compareExchange(stop, 0, 0, Math.max(1, STOP_REASONS.indexOf(reason)));
}
