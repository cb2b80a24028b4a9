/**
 * Who does the work of Explore: several workers with shared memory, one worker where there is none,
 * or, where workers cannot be had, the editor's host itself, in slices.
 */
import { searchMachine, startSearch } from '../explore/explore.ts';
import { ParallelSearch, type WorkerPort } from '../explore/parallel.ts';
import type { ExploreResult, FoundOutcome, Progress, Search } from '../explore/types.ts';
import { WITNESS_BUDGET, WitnessSearch } from '../explore/witness.ts';
import type { Machine } from '../machine/machine.ts';
import type { SearchAnswer, SearchRequest, Task } from './search-worker.ts';
import { type Channel, startWorker } from './worker-channels.ts';

/** A team serves one search, and then the schedules that it has found. */
export interface SearchTeam {
  /** Workers besides the host; 0: the host does it. */
  readonly workers: number;
  start(task: Task): Search;
  /** Gives the outcome with the simplest schedule that is found within a budget. */
  simplify(outcome: FoundOutcome): Promise<FoundOutcome>;
  /** To be waited for between two looks at the search: lets others in between. */
  rest(): Promise<void>;
  /** Whatever is under way need not end. */
  end(): void;
}

/** Between two looks at what workers have done. */
const LOOK_MILLISECONDS = 10;
/** Between two turns of others, where the host searches. */
const SLICE_MILLISECONDS = 40;
/** A worker that is not ready by then does not come. */
const READY_MILLISECONDS = 10_000;

/** Starts workers that run `text` (see workerText). Null: there are none to be had here. */
export async function workerTeam(text: string, shared: boolean): Promise<SearchTeam | null> {
  const asked: Asked[] = [];
  try {
    for (let i = 0; i < (shared ? 2 : 1); i++) asked.push(new Asked(startWorker(text)));
    await Promise.all(asked.map(async (worker) => worker.ready));
  } catch {
    for (const worker of asked) worker.end();
    return null;
  }
  return shared ? new SharedTeam(asked) : new SingleTeam(asked);
}

/** The host itself. */
export function hostTeam(): SearchTeam {
  return new HostTeam();
}

async function pause(milliseconds: number): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}

/** A worker that is asked one thing after the other. */
class Asked {
  readonly #channel: Channel;
  readonly ready: Promise<unknown>;
  #settle: { resolve: (answer: SearchAnswer) => void; reject: (error: Error) => void } | null =
    null;
  #failure: Error | null = null;
  /** The last that it told of its search. */
  progress: Progress | null = null;

  constructor(channel: Channel) {
    this.#channel = channel;
    this.ready = this.#answer();
    const late = setTimeout(() => this.#fail(new Error('no worker')), READY_MILLISECONDS);
    this.ready.then(
      () => clearTimeout(late),
      () => clearTimeout(late),
    );
    channel.listen(
      (message) => this.#take(message as SearchAnswer),
      (error) => this.#fail(error),
    );
  }

  async ask(request: SearchRequest): Promise<SearchAnswer> {
    const answer = this.#answer();
    this.#channel.post(request);
    return answer;
  }

  async search(request: SearchRequest): Promise<ExploreResult> {
    const answer = await this.ask(request);
    if (answer.kind !== 'result') throw unasked(answer);
    return answer.result;
  }

  tell(request: SearchRequest): void {
    this.#channel.post(request);
  }

  end(): void {
    this.#channel.end();
  }

  async #answer(): Promise<SearchAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== null) reject(this.#failure);
      this.#settle = { resolve, reject };
    });
  }

  #take(answer: SearchAnswer): void {
    if (answer.kind === 'progress') this.progress = answer.progress;
    else if (answer.kind === 'failed') this.#settle?.reject(new Error(answer.message));
    else this.#settle?.resolve(answer);
  }

  #fail(error: Error): void {
    this.#failure = error;
    this.#settle?.reject(error);
  }
}

function unasked({ kind }: SearchAnswer): Error {
  return new Error(`internal error: a worker answered ${kind}, please report`);
}

/** What teams of workers share: whoever is free simplifies. */
abstract class WorkerTeam implements SearchTeam {
  protected readonly asked: readonly Asked[];
  readonly #free: Asked[];

  constructor(asked: readonly Asked[]) {
    this.asked = asked;
    this.#free = [...asked];
  }

  abstract start(task: Task): Search;

  get workers(): number {
    return this.asked.length;
  }

  async simplify(outcome: FoundOutcome): Promise<FoundOutcome> {
    const worker = this.#free.pop();
    if (worker === undefined) {
      throw new Error('internal error: more is asked than there are workers, please report');
    }
    const answer = await worker.ask({ kind: 'simplify', outcome });
    this.#free.push(worker);
    if (answer.kind !== 'simplified') throw unasked(answer);
    return answer.outcome;
  }

  async rest(): Promise<void> {
    await pause(LOOK_MILLISECONDS);
  }

  end(): void {
    for (const worker of this.asked) worker.end();
  }
}

class SharedTeam extends WorkerTeam {
  start({ image, settings }: Task): Search {
    const ports = this.asked.map(
      (worker): WorkerPort => ({ search: async (task) => worker.search({ kind: 'part', task }) }),
    );
    return new ParallelSearch(image, settings, ports);
  }
}

class SingleTeam extends WorkerTeam {
  start(task: Task): Search {
    return new DistantSearch(this.asked[0], task);
  }
}

/** A search by one worker, of which messages tell. */
class DistantSearch implements Search {
  readonly #worker: Asked;
  #result: ExploreResult | null = null;
  #failure: unknown = null;

  constructor(worker: Asked, task: Task) {
    this.#worker = worker;
    worker.search({ kind: 'search', task }).then(
      (result) => {
        this.#result = result;
      },
      (error: unknown) => {
        this.#failure = error;
      },
    );
  }

  advance(): boolean {
    if (this.#failure !== null) throw this.#failure;
    return this.#result === null;
  }

  stop(): void {
    this.#worker.tell({ kind: 'stop' });
  }

  progress(): Progress {
    return this.#worker.progress ?? nothingYet;
  }

  result(): ExploreResult {
    if (this.#result === null) throw new Error('internal error: no result yet, please report');
    return this.#result;
  }
}

const nothingYet: Progress = {
  states: 0,
  transitions: 0,
  executions: 0,
  seconds: 0,
  depth: 0,
  outcomes: 0,
  done: -1,
};

class HostTeam implements SearchTeam {
  readonly workers = 0;
  #task: Task | null = null;
  #machine: Machine | null = null;
  #isOver = false;

  start(task: Task): Search {
    this.#task = task;
    return startSearch(task.image, task.settings);
  }

  async simplify(outcome: FoundOutcome): Promise<FoundOutcome> {
    if (this.#task === null) throw new Error('internal error: nothing was searched, please report');
    const { image, settings } = this.#task;
    this.#machine ??= searchMachine(image, settings.preemption);
    const search = new WitnessSearch(this.#machine, settings, outcome, WITNESS_BUDGET);
    while (!this.#isOver && search.advance(SLICE_MILLISECONDS)) await this.rest();
    return outcome;
  }

  async rest(): Promise<void> {
    await pause(0);
  }

  end(): void {
    this.#isOver = true;
  }
}
