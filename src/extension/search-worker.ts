/** A worker's side of Explore: it searches, alone or as one of several, and simplifies schedules. */
import { searchMachine, startSearch } from '../explore/explore.ts';
import { type PartRequest, searchPart } from '../explore/parallel-part.ts';
import type {
  ExploreResult,
  ExploreSettings,
  FoundOutcome,
  Progress,
  Search,
} from '../explore/types.ts';
import { simplify, WITNESS_BUDGET } from '../explore/witness.ts';
import type { Image } from '../language/image.ts';
import type { Machine } from '../machine/machine.ts';
import { ownChannel } from './worker-channels.ts';

/** What is searched. */
export interface Task {
  readonly image: Image;
  readonly settings: ExploreSettings;
}

/** What a worker is asked. `search`: alone; `simplify` and `stop` are about what was asked before. */
export type SearchRequest =
  | { readonly kind: 'part'; readonly task: PartRequest }
  | { readonly kind: 'search'; readonly task: Task }
  | { readonly kind: 'stop' }
  | { readonly kind: 'simplify'; readonly outcome: FoundOutcome };

/** What it answers. Every request but `stop` ends with a result, an outcome or a failure. */
export type SearchAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'result'; readonly result: ExploreResult }
  | { readonly kind: 'simplified'; readonly outcome: FoundOutcome }
  | { readonly kind: 'failed'; readonly message: string };

/** Between two looks for a request to stop. */
const SLICE_MILLISECONDS = 40;

/** Serves whoever started this worker. */
export function serve(): void {
  const channel = ownChannel();
  const worker = new SearchWorker((answer) => channel.post(answer));
  channel.listen(
    (message) => worker.take(message as SearchRequest),
    () => undefined,
  );
  channel.post({ kind: 'ready' } satisfies SearchAnswer);
}

class SearchWorker {
  readonly #answer: (answer: SearchAnswer) => void;
  #task: Task | null = null;
  #search: Search | null = null;
  #machine: Machine | null = null;

  constructor(answer: (answer: SearchAnswer) => void) {
    this.#answer = answer;
  }

  take(request: SearchRequest): void {
    this.#guarded(() => {
      switch (request.kind) {
        case 'part':
          this.#task = request.task;
          this.#answer({ kind: 'result', result: searchPart(request.task) });
          return;
        case 'search':
          this.#task = request.task;
          this.#search = startSearch(request.task.image, request.task.settings);
          this.#goOn(this.#search);
          return;
        case 'stop':
          this.#search?.stop('cancelled');
          return;
        case 'simplify':
          this.#simplify(request.outcome);
      }
    });
  }

  /** Searches in slices: a request to stop comes between two. */
  #goOn(search: Search): void {
    if (!search.advance(SLICE_MILLISECONDS)) {
      this.#answer({ kind: 'result', result: search.result() });
      return;
    }
    this.#answer({ kind: 'progress', progress: search.progress() });
    setTimeout(() => this.#guarded(() => this.#goOn(search)), 0);
  }

  #simplify(outcome: FoundOutcome): void {
    if (this.#task === null) throw new Error('internal error: nothing was searched, please report');
    const { image, settings } = this.#task;
    this.#machine ??= searchMachine(image, settings.preemption);
    simplify(this.#machine, settings, outcome, WITNESS_BUDGET);
    this.#answer({ kind: 'simplified', outcome });
  }

  #guarded(action: () => void): void {
    try {
      action();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#answer({ kind: 'failed', message });
    }
  }
}
