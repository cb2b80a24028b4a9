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
import { load } from '../../src/run/load.ts';

const SIZE = 16;
const path = 'test/spin/philosophers.coro';
const settings = { ...DEFAULT_SETTINGS, reduction: false, depthLimit: 10_000_000 };

const text = readFileSync(path, 'utf8').replace(/const N = \d+/, `const N = ${SIZE}`);
const { image } = load({ path, text }, { scenario: 'LeftFirst' });
if (image === null) throw new Error(`${path} does not compile`);

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

function tell(workers: number, { result, seconds, processorSeconds }: Measured): void {
  const rate = (time: number) => Math.round(result.states / time / 1000);
  console.log(
    `philosophers N=${SIZE}, ${workers} worker${workers === 1 ? '' : 's'}: ${result.states} states, ` +
      `${rate(seconds)} thousand a second by the clock, ${rate(processorSeconds)} of processor time`,
  );
}

// The first searches warm the compiler up.
const few = { ...settings, stateLimit: 50_000 };
await measure(startSearch(image, few));
const one = await measure(startSearch(image, settings));
tell(1, one);
const threads = startWorkerThreads(resolve('dist/cli.js'), 2);
await measure(new ParallelSearch(image, few, threads.ports));
const two = await measure(new ParallelSearch(image, settings, threads.ports));
await threads.end();
tell(2, two);
const ratio = (a: number, b: number) => (a / b).toFixed(2);
console.log(
  `  two workers: ${ratio(one.seconds, two.seconds)} times as fast by the clock; they need ` +
    `${ratio(two.processorSeconds, one.processorSeconds)} times the processor time`,
);
