/**
 * Speed of the search, with Spin in the same run where it is installed; and what reduction saves.
 * Times are processor time: other processes on the machine do not count.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { explore } from '../../src/explore/explore.ts';
import {
  DEFAULT_SETTINGS,
  type ExploreResult,
  type ExploreSettings,
} from '../../src/explore/types.ts';
import type { Image } from '../../src/language/image.ts';
import { load } from '../../src/run/load.ts';
import { runSpin } from '../spin/spin.ts';

const SIZE = 16;

function imageOf(path: string, scenario: string, runtime?: string, size?: number): Image {
  let text = readFileSync(path, 'utf8');
  if (size !== undefined) text = text.replace(/const N = \d+/, `const N = ${size}`);
  const { image } = load({ path, text }, { scenario, runtime });
  if (image === null) throw new Error(`${path} ${scenario} does not compile`);
  return image;
}

function measure(image: Image, settings: Partial<ExploreSettings>): [ExploreResult, number] {
  const start = process.cpuUsage().user;
  const result = explore(image, { ...DEFAULT_SETTINGS, depthLimit: 10_000_000, ...settings });
  return [result, (process.cpuUsage().user - start) / 1e6];
}

const perSecond = (count: number, seconds: number) =>
  `${Math.round(count / seconds / 1000)} thousand a second`;

// The first search of a process is slower than those after it: its code is not compiled yet. (Nor
// is compiling counted for Spin.)
const philosophers = imageOf('test/spin/philosophers.coro', 'LeftFirst', undefined, SIZE);
measure(philosophers, { reduction: false, stateLimit: 200_000 });
const [table, seconds] = measure(philosophers, { reduction: false });
console.log(
  `philosophers N=${SIZE}: ${table.states} states, ${perSecond(table.states, seconds)}, ` +
    `${perSecond(table.transitions, seconds)} transitions (to reach: 500 thousand states)`,
);
if (spawnSync('spin', ['-V']).error === undefined) {
  const spin = runSpin('test/spin/philosophers.pml', [`N=${SIZE}`]);
  console.log(`  Spin: ${spin.states} states, ${perSecond(spin.states, spin.seconds)}`);
} else console.log('  Spin is not installed: nothing to compare with');

for (const [path, scenario, runtime] of [
  ['test/scenarios/go/cleanuppressure.coro', 'EightBlocks', 'go1.25'],
  ['test/scenarios/go/lockosthread.coro', 'LockIterYieldNewG', 'go1.22'],
  ['test/scenarios/go/cleanup.coro', 'LostWakeupAtCap', 'go1.25-pre'],
] as const) {
  const image = imageOf(path, scenario, runtime);
  for (const reduction of [false, true]) {
    measure(image, { reduction, stateLimit: 100_000 });
    const [result, time] = measure(image, { reduction, stateLimit: 1_000_000 });
    console.log(
      `${scenario}${reduction ? ', reduced' : ''}: ${result.states} states, ` +
        `${perSecond(result.states, time)}, ${perSecond(result.transitions, time)} transitions` +
        (reduction ? '' : ' (to reach: 200 thousand states)'),
    );
  }
}

for (const [path, scenario, executions] of [
  ['test/scenarios/threads/philosophers.coro', 'LeftFirst', 100_000],
  ['test/scenarios/zig/cancel.coro', 'ResumeRacesCancel', 100_000],
  ['test/scenarios/go/races.coro', 'LostUpdate', 100_000],
  ['test/scenarios/go/lockosthread.coro', 'LockIterYieldNewG', 50_000],
  ['test/scenarios/go/cleanuppressure.coro', 'EightBlocks', 3000],
] as const) {
  const image = imageOf(path, scenario);
  for (const strategy of ['random', 'pct'] as const) {
    const [result, time] = measure(image, { strategy, executions });
    const steps = result.transitions / result.executions;
    console.log(
      `${strategy} ${scenario}: ${perSecond(result.executions, time)} executions of ` +
        `${Math.round(steps)} steps, ${perSecond(result.transitions / 100, time)} of 100 ` +
        '(to reach: 50 thousand)',
    );
  }
}

console.log('states                                     with reduction      without');
for (const [path, scenario] of [
  ['test/scenarios/threads/philosophers.coro', 'LeftFirst'],
  ['test/scenarios/zig/cancel.coro', 'ResumeRacesCancel'],
  ['test/scenarios/go/lockosthread.coro', 'LockIterYieldNewG'],
  ['test/scenarios/go/races.coro', 'NextRacesStop'],
  ['test/spin/philosophers.coro', 'LeftFirst'],
  ['test/spin/buffer.coro', 'OneConsumer'],
] as const) {
  const image = imageOf(path, scenario);
  const [reduced, reducedSeconds] = measure(image, { stateLimit: 300_000 });
  const [full, fullSeconds] = measure(image, { reduction: false, stateLimit: 300_000 });
  const cell = (result: ExploreResult, time: number) =>
    `${result.complete ? '' : '>'}${result.states} ${time.toFixed(1)} s`.padStart(18);
  const name = `${path.split('/').pop()} ${scenario}`.padEnd(38);
  console.log(`  ${name}${cell(reduced, reducedSeconds)}${cell(full, fullSeconds)}`);
}
