/** Scenarios as images, and results of searches as text to compare. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { startWorkerThreads, type WorkerThreads } from '../../src/cli/workers.ts';
import { explore } from '../../src/explore/explore.ts';
import {
  DEFAULT_SETTINGS,
  type ExploreResult,
  type ExploreSettings,
} from '../../src/explore/types.ts';
import { outcomeKey } from '../../src/explore/prints.ts';
import { ParallelSearch } from '../../src/explore/parallel.ts';
import { ShardedSearch } from '../../src/explore/sharded.ts';
import type { Image } from '../../src/language/image.ts';
import { load } from '../../src/run/load.ts';

/** Two threads that count without an end: a search of it ends at a bound. */
export const counting = `runtime threads
scenario Counting {
	x := uint32(0)
	for range 2 {
		go func() {
			for {
				atomic.AddUint32(&x, 1)
			}
		}()
	}
}
`;

/** The image of a scenario of a file under test/scenarios. */
export function scenarioImage(file: string, scenario?: string, runtime?: string): Image {
  const name = `test/scenarios/${file}`;
  return imageOf(readFileSync(name, 'utf8'), scenario, runtime, name);
}

export function imageOf(
  text: string,
  scenario?: string,
  runtime?: string,
  file = 'test.coro',
): Image {
  const { image, diagnostics, problem } = load({ path: file, text }, { scenario, runtime });
  assert.ok(image, problem ?? diagnostics.map((one) => one.message).join('\n'));
  return image;
}

export function search(image: Image, settings: Partial<ExploreSettings> = {}): ExploreResult {
  return explore(image, { ...DEFAULT_SETTINGS, depthLimit: 50_000, ...settings });
}

/** Worker threads that run the command line's bundle, for one search after the other. */
export class Threads {
  readonly #threads: WorkerThreads;

  constructor(count: number) {
    this.#threads = startWorkerThreads(path.resolve('dist/cli.js'), count);
  }

  start(image: Image, settings: Partial<ExploreSettings> = {}): ParallelSearch {
    const all = { ...DEFAULT_SETTINGS, depthLimit: 50_000, ...settings };
    return new ParallelSearch(image, all, this.#threads.ports);
  }

  async search(image: Image, settings: Partial<ExploreSettings> = {}): Promise<ExploreResult> {
    const search = this.start(image, settings);
    while (search.advance()) await breath();
    return search.result();
  }

  /** A search that is split into shards, one a worker. */
  startShards(image: Image, settings: Partial<ExploreSettings>): ShardedSearch {
    const all = { ...DEFAULT_SETTINGS, depthLimit: 50_000, ...settings };
    return new ShardedSearch(image, all, this.#threads.ports);
  }

  async searchShards(image: Image, settings: Partial<ExploreSettings>): Promise<ExploreResult> {
    const search = this.startShards(image, settings);
    while (search.advance()) await breath();
    return search.result();
  }

  async end(): Promise<void> {
    await this.#threads.end();
  }
}

/** Lets other events in between. */
export async function breath(): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, 1);
  });
}

/** Kinds and messages of what was found, in a fixed order. */
export function outcomesOf(result: ExploreResult): string[] {
  return result.outcomes.map((one) => outcomeKey(one)).sort();
}

/** What does not depend on the order in which states are met. */
export function countsOf(result: ExploreResult) {
  const { complete, states, transitions, executions } = result;
  const outcomes = result.outcomes.map((one) => `${outcomeKey(one)} ${one.count}`);
  return { complete, states, transitions, executions, outcomes: outcomes.sort() };
}
