/**
 * Exhaustive search by several workers at once: the same outcomes as with one, and without
 * reduction the same states. Workers are whatever the port gives: threads of Node, web workers, or,
 * in a test, this thread. What they share is memory; the messages are a request for each and its
 * answer.
 */
import type { Image } from '../language/image.ts';
import { reasonText } from './base.ts';
import { mergeResults } from './merge.ts';
import {
  COMPLETE,
  makeSharedMemory,
  readProgress,
  type SharedMemory,
  STOP,
  STOP_REASONS,
  stopAll,
} from './parallel-memory.ts';
import type { PartRequest } from './parallel-part.ts';
import type { ExploreResult, ExploreSettings, Progress, Search } from './types.ts';
import { collisionProbability } from './visited.ts';

/** A worker, as this side of the search sees it. One request at a time. */
export interface WorkerPort {
  /** Gives what searchPart returns there; rejected when the worker fails. */
  search(request: PartRequest): Promise<ExploreResult>;
}

/** A search under way in workers. `advance` does not wait: whoever calls it must let other events
 *  in between. */
export class ParallelSearch implements Search {
  readonly #settings: ExploreSettings;
  readonly #memory: SharedMemory;
  readonly #results: ExploreResult[] = [];
  readonly #began = Date.now();
  #milliseconds = 0;
  #failure: unknown = null;

  /** Sends the search to the workers; an exhaustive one that stores hashes. */
  constructor(image: Image, settings: ExploreSettings, workers: readonly WorkerPort[]) {
    this.#settings = settings;
    this.#memory = makeSharedMemory(image, settings, workers.length);
    for (const [worker, port] of workers.entries()) {
      // Seconds are counted here, for all together.
      const part = { ...settings, secondsLimit: 0 };
      port.search({ image, settings: part, memory: this.#memory, worker }).then(
        (result) => {
          this.#results.push(result);
          this.#milliseconds = Date.now() - this.#began;
        },
        (error: unknown) => {
          this.#failure = error;
          this.stop('cancelled');
        },
      );
    }
  }

  /** Whether more is to do. Throws what a worker has failed with. */
  advance(): boolean {
    if (this.#failure !== null) throw this.#failure;
    const { secondsLimit } = this.#settings;
    if (secondsLimit > 0 && this.#seconds() > secondsLimit) this.stop('seconds');
    return this.#results.length < this.#memory.workers;
  }

  /** Asks the workers to end; the search goes on until `advance` tells that they have. */
  stop(reason: string): void {
    stopAll(this.#memory, reason);
  }

  progress(): Progress {
    return readProgress(this.#memory, this.#seconds());
  }

  /** What was found by the workers that have ended. */
  result(): ExploreResult {
    const { stateLimit, secondsLimit, budgetBytes } = this.#settings;
    const limits: Readonly<Record<string, number>> = {
      states: stateLimit,
      seconds: secondsLimit,
      memory: budgetBytes,
    };
    const { control } = this.#memory;
    const reason = STOP_REASONS[control[STOP]];
    const merged = mergeResults(this.#results);
    // A part that was not stopped may have cut off executions.
    const isCut = reason === '' && merged.incompleteBecause !== '';
    const complete = control[COMPLETE] === 1 && !isCut;
    const because = isCut ? merged.incompleteBecause : reasonText(reason, limits[reason]);
    return {
      ...merged,
      complete,
      incompleteBecause: complete ? '' : because,
      seconds: this.#seconds(),
      lostStateProbability: collisionProbability(merged.states),
    };
  }

  #seconds(): number {
    const isOver = this.#results.length === this.#memory.workers;
    return (isOver ? this.#milliseconds : Date.now() - this.#began) / 1000;
  }
}
