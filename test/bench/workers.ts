/**
 * The exhaustive search with one worker and with two, in one run. On a machine that does nothing
 * else the time by the clock tells; on a busy one the processor time and how evenly the work was
 * shared do: two workers that need as much of it together as one alone take half as long.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import process from 'node:process';
import { startWorkerThreads } from '../../src/cli/workers.ts';
import { startSearch } from '../../src/explore/explore.ts';
import { ParallelSearch } from '../../src/explore/parallel.ts';
import { DEFAULT_SETTINGS, type ExploreResult, type Search } from '../../src/explore/types.ts';
import type { Image } from '../../src/language/image.ts';
import { load } from '../../src/run/load.ts';

/** Searches: one that mostly waits for the memory of its table, and one that mostly computes. */
const SEARCHES = [
  ['test/spin/philosophers.coro', 'LeftFirst', 'philosophers N=16', 5_000_000],
  ['test/scenarios/go/cleanuppressure.coro', 'EightBlocks', 'EightBlocks', 1_500_000],
] as const;

function imageOf(path: string, scenario: string): Image {
  const text = readFileSync(path, 'utf8').replace(/const N = \d+/, 'const N = 16');
  const { image } = load({ path, text }, { scenario });
  if (image === null) throw new Error(`${path} does not compile`);
  return image;
}

interface Measured {
  readonly result: ExploreResult;
  readonly seconds: number;
  readonly processorSeconds: number;
}

async function measure(search: Search): Promise<Measured> {
  const processor = process.cpuUsage();
  const start = performance.now();
  while (search.advance(50)) {
    await new Promise((resolve) => {
      setTimeout(resolve, 1);
    });
  }
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(processor);
  return { result: search.result(), seconds, processorSeconds: (user + system) / 1e6 };
}

function tell(name: string, workers: number, measured: Measured): void {
  const { result, seconds, processorSeconds } = measured;
  const rate = (time: number) => Math.round(result.states / time / 1000);
  console.log(
    `${name}, ${workers} worker${workers === 1 ? '' : 's'}: ${result.states} states, ` +
      `${rate(seconds)} thousand a second by the clock, ${rate(processorSeconds)} of processor time`,
  );
}

const threads = startWorkerThreads(resolve('dist/cli.js'), 2);
for (const [path, scenario, name, stateLimit] of SEARCHES) {
  const image = imageOf(path, scenario);
  const settings = { ...DEFAULT_SETTINGS, reduction: false, depthLimit: 10_000_000, stateLimit };
  // The first searches warm the compiler up.
  const few = { ...settings, stateLimit: 100_000 };
  await measure(startSearch(image, few));
  const one = await measure(startSearch(image, settings));
  tell(name, 1, one);
  await measure(new ParallelSearch(image, few, threads.ports));
  const two = await measure(new ParallelSearch(image, settings, threads.ports));
  tell(name, 2, two);
  const ratio = (a: number, b: number) => (a / b).toFixed(2);
  console.log(
    `  two workers: ${ratio(one.seconds, two.seconds)} times as fast by the clock; they need ` +
      `${ratio(two.processorSeconds, one.processorSeconds)} times the processor time`,
  );
}
await threads.end();
