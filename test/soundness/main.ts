// `npm run test:soundness`: random programs, searched and compared with the reference. Exit status 1
// where a search has lost or invented an outcome.
import process from 'node:process';
import { parseArgs } from 'node:util';
import { Threads } from '../explore/support.ts';
import { type Counts, type Failure, Session, type Subject } from './session.ts';
import { subjects } from './subjects.ts';

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '' },
    number: { type: 'string', default: '' },
    profile: { type: 'string', multiple: true, default: [] },
    generator: { type: 'string', multiple: true, default: [] },
    shard: { type: 'string', default: '1/1' },
    help: { type: 'boolean', default: false },
  },
});

const help = `npm run test:soundness -- [OPTION…]: searches beside a search that is too plain to be wrong
  --minutes N           for so long (1)
  --seed N              programs of this seed (1)
  --count N             so many programs of each generator, however long they take
  --number N            only the file with the program of this number, as a failure names it
  --profile NAME        on this profile only; may be given several times
  --generator NAME      from this generator only; may be given several times
  --shard I/N           every N-th batch of programs, from the I-th`;

/** Programs of a file. */
const BATCH = 16;

interface Tally extends Counts {
  readonly subject: Subject;
  seconds: number;
}

process.exitCode = options.help ? usage() : await main();

function usage(): number {
  console.log(help);
  return 0;
}

async function main(): Promise<number> {
  const chosen = subjects.filter(
    ({ runtimes, generator }) =>
      isWanted(profileOf(runtimes), options.profile) && isWanted(generator.name, options.generator),
  );
  const tallies = chosen.map((subject): Tally => {
    return { subject, compared: 0, skipped: 0, states: 0, seconds: 0 };
  });
  const threads = new Threads(2);
  const session = new Session(Number(options.seed), threads);
  const began = Date.now();
  const { start, step, last, end } = extent(began);
  let failed = 0;
  const told = (): string => {
    const total = tallies.reduce((sum, { compared }) => sum + compared, 0);
    const seconds = Math.round((Date.now() - began) / 1000);
    return `${total} programs in ${seconds} s, ${failed} failed`;
  };
  for (let first = start; first < last && Date.now() < end; first += step) {
    for (const tally of tallies) {
      const before = Date.now();
      const failures = await session.runBatch(tally.subject, first, BATCH, tally);
      failures.forEach(tell);
      failed += failures.length;
      tally.seconds += (Date.now() - before) / 1000;
      if (Date.now() > end) break;
    }
    console.error(told());
  }
  await threads.end();
  tallies.forEach(tellTally);
  console.log(told());
  return failed === 0 ? 0 : 1;
}

/** Numbers of the first programs of the batches: from `start` by `step` to below `last`. */
function extent(began: number): { start: number; step: number; last: number; end: number } {
  const { count, number, minutes } = options;
  const [shard, shards] = options.shard.split('/').map(Number);
  const step = shards * BATCH;
  if (number !== '') {
    const start = BATCH * Math.floor(Number(number) / BATCH);
    return { start, step, last: start + 1, end: Infinity };
  }
  const start = (shard - 1) * BATCH;
  if (count !== '') return { start, step, last: Number(count), end: Infinity };
  return { start, step, last: Infinity, end: began + Number(minutes) * 60_000 };
}

function tell({ runtime, generator, seed, number, fault, program }: Failure): void {
  console.log(`FAILED seed ${seed}, number ${number}: ${runtime}, ${generator}: ${fault}`);
  console.log(program);
}

function tellTally({ subject, compared, skipped, states, seconds }: Tally): void {
  const name = `${profileOf(subject.runtimes)}, ${subject.generator.name}`;
  const rate = Math.round((compared + skipped) / seconds);
  const each = Math.round(states / compared);
  console.log(
    `${name}: ${compared} compared, ${skipped} too large, ${each} states each, ${rate} a second`,
  );
}

function isWanted(name: string, wanted: readonly string[]): boolean {
  return wanted.length === 0 || wanted.includes(name);
}

function profileOf(runtimes: readonly string[]): string {
  return runtimes[0].split(' ')[0];
}
