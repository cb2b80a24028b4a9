// `npm run test:soundness`: random programs, searched and compared with the reference. Exit status 1
// where a search has lost or invented an outcome.
import process from 'node:process';
import { parseArgs } from 'node:util';
import { Threads } from '../explore/support.ts';
import { type Counts, Session } from './session.ts';
import { subjects } from './subjects.ts';

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '' },
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
  --profile NAME        on this profile only; may be given several times
  --generator NAME      from this generator only; may be given several times
  --shard I/N           every N-th batch of programs, from the I-th`;

const BATCH = 16;

process.exitCode = options.help ? usage() : await main();

function usage(): number {
  console.log(help);
  return 0;
}

async function main(): Promise<number> {
  const [shard, shards] = options.shard.split('/').map(Number);
  const chosen = subjects.filter(
    ({ runtimes, generator }) =>
      isWanted(profileOf(runtimes), options.profile) && isWanted(generator.name, options.generator),
  );
  const counts: Counts[] = chosen.map(() => ({ compared: 0, skipped: 0, states: 0 }));
  const seconds = chosen.map(() => 0);
  const threads = new Threads(2);
  const session = new Session(Number(options.seed), threads);
  const kinds = new Map<string, number>();
  const began = Date.now();
  const end = options.count === '' ? began + Number(options.minutes) * 60_000 : Infinity;
  const last = options.count === '' ? Infinity : Number(options.count);
  for (let first = (shard - 1) * BATCH; first < last && Date.now() < end; first += shards * BATCH) {
    for (const [index, subject] of chosen.entries()) {
      const start = Date.now();
      for (const failure of await session.runBatch(subject, first, BATCH, counts[index])) {
        const { runtime, generator, seed, number, fault, program } = failure;
        const kind = `${runtime}, ${generator}: ${fault}`;
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
        console.log(`FAILED seed ${seed}, number ${number}: ${kind}\n${program}`);
      }
      seconds[index] += (Date.now() - start) / 1000;
      if (Date.now() > end) break;
    }
  }
  for (const [index, { runtimes, generator }] of chosen.entries()) {
    const { compared, skipped, states } = counts[index];
    const rate = Math.round((compared + skipped) / seconds[index]);
    console.log(
      `${profileOf(runtimes)}, ${generator.name}: ${compared} compared, ${skipped} too large, ` +
        `${Math.round(states / compared)} states each, ${rate} a second`,
    );
  }
  await threads.end();
  const total = counts.reduce((sum, { compared }) => sum + compared, 0);
  const failed = [...kinds.values()].reduce((sum, count) => sum + count, 0);
  console.log(
    `${total} programs in ${Math.round((Date.now() - began) / 1000)} s, ${failed} failed`,
  );
  return failed === 0 ? 0 : 1;
}

function isWanted(name: string, wanted: readonly string[]): boolean {
  return wanted.length === 0 || wanted.includes(name);
}

function profileOf(runtimes: readonly string[]): string {
  return runtimes[0].split(' ')[0];
}
