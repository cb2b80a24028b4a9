// `npm run test:mutants`: breaks one line of the project at a time, in a copy of it, and sees that
// the test named for it fails. `mutants.txt` beside this file is the table.
//   npm run test:mutants -- --sample 8 --seed 3   so many of them, picked by the seed
//   npm run test:mutants -- --only 'sleep'        those whose name or file contains the text
//   npm run test:mutants -- --whole               the same tests, nothing broken: all must pass
// Exit status 0: each was killed in time; 1: one survived; 2: the table does not fit the code.
import { spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { countOccurrences, parseMutants, sampleOf } from './table.mjs';

/** A test that has not failed by then has not seen the mutant. */
const SECONDS_LIMIT = 30;

const { values: options } = parseArgs({
  options: {
    sample: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    seconds: { type: 'string', default: String(SECONDS_LIMIT) },
    whole: { type: 'boolean', default: false },
  },
});

process.exitCode = await main();

async function main() {
  const all = parseMutants(readFileSync('test/mutants/mutants.txt', 'utf8'));
  const misfits = all.filter(({ file, from }) => countOccurrences(file, from) !== 1);
  for (const { name, file, from } of misfits) {
    console.log(`${name}: ${file} has this line ${countOccurrences(file, from)} times: ${from}`);
  }
  if (misfits.length > 0) return 2;
  const wanted = all.filter(({ name, file }) => `${name} ${file}`.includes(options.only));
  const count = Number(options.sample);
  const mutants = count > 0 ? sampleOf(wanted, count, Number(options.seed)) : wanted;
  if (count > 0)
    console.log(`a sample of ${mutants.length} of ${all.length}, seed ${options.seed}`);
  const folder = copyOfTheProject();
  let killed = 0;
  try {
    if (options.whole) return await isWhole(folder, mutants);
    for (const mutant of mutants) if (await isKilled(folder, mutant)) killed++;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(`${killed} killed, ${mutants.length - killed} survived`);
  return killed === mutants.length ? 0 : 1;
}

/** A folder with all files that git tracks (as they are now) and this project's packages. */
function copyOfTheProject() {
  const folder = mkdtempSync(path.join(tmpdir(), 'coroscope-mutants-'));
  const listed = spawnSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
    encoding: 'utf8',
  });
  for (const file of listed.stdout.split('\0').filter((name) => name !== '')) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    cpSync(file, path.join(folder, file));
  }
  symlinkSync(path.resolve('node_modules'), path.join(folder, 'node_modules'));
  return folder;
}

/** Whether the tests pass with nothing broken: a test that fails anyhow kills nothing. */
async function isWhole(folder, mutants) {
  const tests = new Map(mutants.map(({ test }) => [test.join(' '), test]));
  let failed = 0;
  for (const [name, test] of tests) {
    const { status } = await runTest(folder, test);
    console.log(`${status === 0 ? 'passes' : 'FAILS'}  ${name}`);
    if (status !== 0) failed++;
  }
  return failed === 0 ? 0 : 1;
}

/** Breaks the line, runs the test, mends the line again; prints a row of the report. */
async function isKilled(folder, { name, file, from, to, test }) {
  const broken = path.join(folder, file);
  const whole = readFileSync(broken, 'utf8');
  writeFileSync(
    broken,
    whole.replace(from, () => to),
  );
  const began = Date.now();
  const { status, output } = await runTest(folder, test);
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  writeFileSync(broken, whole);
  const fault = faultOf(status, output);
  console.log(
    `${fault ?? 'killed'} ${seconds.padStart(5)} s  ${name} (${file}; ${test.join(' ')})`,
  );
  return fault === null;
}

/** Why the mutant does not count as killed; null if a test has failed because of it. */
function faultOf(status, output) {
  if (status === null) return 'TOO SLOW';
  if (status === 0) return 'SURVIVED';
  return /^ {2}\d+ failing$/m.test(output)
    ? null
    : `BROKEN (no test ran: ${output.trim().slice(-300)})`;
}

function runTest(folder, test) {
  return new Promise((resolve) => {
    // Searches by several workers run the command line's bundle.
    const command = 'node esbuild.mjs cli && exec node test/run.mjs "$@" --bail';
    const args = ['-c', command, 'sh', ...test];
    const child = spawn('sh', args, { cwd: folder, detached: true });
    let output = '';
    let isLate = false;
    child.stdout.on('data', (text) => (output += text));
    child.stderr.on('data', (text) => (output += text));
    const timer = setTimeout(() => {
      isLate = true;
      process.kill(-child.pid, 'SIGKILL');
    }, Number(options.seconds) * 1000);
    child.on('close', (status) => {
      clearTimeout(timer);
      resolve({ status: isLate ? null : status, output });
    });
  });
}
