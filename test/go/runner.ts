// Builds Go programs in batches, one binary per Go version and batch, runs each several times, and
// remembers the outcomes by the program's text, so that nothing is built or run twice.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import type { GoOutcome, ProcessEnd } from './outcome.ts';
import { outcomeKey, readOutcome } from './outcome.ts';
import { asPackage, batchMain, cgoShim, fmtShim } from './shims.ts';
import type { Toolchain } from './toolchains.ts';
import { buildEnvironment, cacheFolder, goCommand } from './toolchains.ts';

/** A program to run: its name is for messages, its text decides what is remembered. */
export interface GoProgram {
  readonly name: string;
  readonly source: string;
}

/** All runs of one program with one Go version. */
export interface GoResult {
  readonly name: string;
  readonly source: string;
  /** The profile of the Go version, such as \`go1.23\`. */
  readonly profile: string;
  readonly version: string;
  /** The distinct outcomes, most frequent first. */
  readonly outcomes: readonly { readonly outcome: GoOutcome; readonly runs: number }[];
  /** What the compiler said where it refused the program. */
  readonly refused?: string;
}

/** Whether all runs came to the same, with one processor and with several. */
export function isDeterministic(result: GoResult): boolean {
  return result.outcomes.length === 1;
}

/** Whether a program says that Go does not decide it: it has a line `// varies`. All outcomes that
 *  are met in many runs are kept of it, and must be among those that the search finds. */
export function isVarying(source: string): boolean {
  return /^\/\/ varies$/m.test(source);
}

const execute = promisify(execFile);
const batchSize = 100;
const hangMilliseconds = 2_500;
const workers = 2;
/** One processor, then several, each often enough to see that a program is not decided by Go. */
const plan = [1, 4, 1, 4, 1, 4] as const;
/** How often the plan is gone through for a program that varies. */
const varyingRounds = 35;
/** Changes whenever what is remembered would come out differently. */
const recordVersion = 5;

/** Runs the programs with the toolchain; \`report\` hears of progress and of refused programs. */
export async function runPrograms(
  toolchain: Toolchain,
  programs: readonly GoProgram[],
  report: (line: string) => void,
): Promise<GoResult[]> {
  const missing = programs.filter((program) => remembered(toolchain, program) === undefined);
  for (const { cgo, alone } of [
    { cgo: false, alone: false },
    { cgo: false, alone: true },
    { cgo: true, alone: false },
    { cgo: true, alone: true },
  ]) {
    const group = missing.filter(
      ({ source }) =>
        source.includes('cgo.Callback') === cgo && initialisesVariables(source) === alone,
    );
    const size = alone ? 1 : batchSize;
    for (let from = 0; from < group.length; from += size) {
      const batch = group.slice(from, from + size);
      const kind = cgo ? 'programs with cgo' : 'programs';
      report(`${toolchain.profile}: ${from + batch.length} of ${group.length} ${kind}`);
      await runBatch(toolchain, batch, cgo, report);
    }
  }
  return programs.map((program) => {
    const result = remembered(toolchain, program);
    if (result === undefined) {
      throw new Error(`internal error: ${program.name} has no outcome, please report`);
    }
    return { ...result, name: program.name };
  });
}

/** Whether package variables call functions: that would happen in every program of a batch. */
function initialisesVariables(source: string): boolean {
  return /^(?:var|\t)[^={}]*=.*\(/m.test(source.replace(/^func [\s\S]*?^}/gm, ''));
}

async function runBatch(
  toolchain: Toolchain,
  batch: readonly GoProgram[],
  cgo: boolean,
  report: (line: string) => void,
): Promise<void> {
  let programs = batch.map((program, index) => ({ program, id: `program${index}` }));
  const folder = path.join(cacheFolder, 'build', `${toolchain.profile}-${process.pid}`);
  try {
    for (;;) {
      writeModule(toolchain, folder, programs, cgo);
      const complaints = await build(toolchain, folder, cgo);
      if (complaints === undefined) {
        break;
      }
      const refused = programs.filter(({ id }) => complaints.has(id));
      if (refused.length === 0) {
        throw new Error(`${toolchain.profile}: go build: ${[...complaints.values()].join('\n')}`);
      }
      for (const { program, id } of refused) {
        report(`${toolchain.profile}: refuses ${program.name}: ${complaints.get(id)}`);
        remember(toolchain, program, { outcomes: [], refused: complaints.get(id) ?? '' });
      }
      programs = programs.filter(({ id }) => !complaints.has(id));
    }
    await inParallel(programs, async ({ program, id }, worker) => {
      remember(toolchain, program, {
        outcomes: await runProgram(folder, id, worker, isVarying(program.source)),
      });
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeModule(
  toolchain: Toolchain,
  folder: string,
  programs: readonly { readonly program: GoProgram; readonly id: string }[],
  cgo: boolean,
): void {
  rmSync(folder, { recursive: true, force: true });
  const write = (name: string, text: string): void => {
    mkdirSync(path.join(folder, path.dirname(name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  };
  write('go.mod', `module programs\n\ngo ${toolchain.profile === 'go1.22' ? '1.22' : '1.23'}\n`);
  write('fmt/fmt.go', fmtShim);
  if (cgo) {
    write('cgo/cgo.go', cgoShim);
  }
  for (const { program, id } of programs) {
    write(`${id}/program.go`, asPackage(program.source, id));
  }
  write('main.go', batchMain(programs.map(({ id }) => id)));
}

/** Builds the binary; the complaints of the compiler by package when it refuses some. */
async function build(
  toolchain: Toolchain,
  folder: string,
  cgo: boolean,
): Promise<Map<string, string> | undefined> {
  const options = { cwd: folder, env: buildEnvironment(toolchain, cgo), maxBuffer: 1 << 24 };
  const go = ['go', 'build', '-p', '1', '-ldflags=-s', '-o', 'batch', '.'];
  try {
    await execute('nice', [goCommand(toolchain), ...go.slice(1)], options);
    return undefined;
  } catch (error) {
    const { stderr = String(error) } = error as { stderr?: string };
    const complaints = new Map<string, string>();
    for (const [, id, text] of stderr.matchAll(/^(program\d+)\/program\.go(:.*)$/gm)) {
      if (id !== undefined && !complaints.has(id)) {
        complaints.set(id, text ?? '');
      }
    }
    return complaints.size > 0 ? complaints : new Map([['', stderr]]);
  }
}

async function runProgram(
  folder: string,
  id: string,
  worker: number,
  varies: boolean,
): Promise<GoResult['outcomes']> {
  const counts = new Map<string, { outcome: GoOutcome; runs: number }>();
  for (const processors of Array.from({ length: varies ? varyingRounds : 1 }, () => plan).flat()) {
    const outcome = await runOnce(folder, id, processors, worker);
    const key = outcomeKey(outcome);
    const known = counts.get(key) ?? { outcome, runs: 0 };
    known.runs++;
    counts.set(key, known);
    if (outcome.kind === 'hang' && known.runs === 2) {
      break;
    }
  }
  return [...counts.values()].sort((a, b) => b.runs - a.runs);
}

async function runOnce(
  folder: string,
  id: string,
  processors: number,
  worker: number,
): Promise<GoOutcome> {
  const output = path.join(folder, `output${worker}`);
  const env = { COROSCOPE_OUTPUT: output, GOMAXPROCS: String(processors), GOTRACEBACK: 'single' };
  const end = await new Promise<Omit<ProcessEnd, 'stdout'>>((resolve) => {
    const options = {
      env,
      timeout: hangMilliseconds,
      killSignal: 'SIGKILL',
      maxBuffer: 1 << 24,
    } as const;
    execFile(path.join(folder, 'batch'), [id], options, (error, _, stderr) => {
      const exitCode = typeof error?.code === 'number' ? error.code : error === null ? 0 : null;
      resolve({
        exitCode,
        signal: error?.signal ?? null,
        timedOut: error?.killed === true,
        stderr,
      });
    });
  });
  return readOutcome({ ...end, stdout: readOutput(output) });
}

function readOutput(file: string): string {
  if (!existsSync(file)) {
    return '';
  }
  const bytes = readFileSync(file);
  const used = Number(bytes.readBigInt64LE(0));
  return bytes.subarray(8, 8 + used).toString('utf8');
}

function recordFile(toolchain: Toolchain, program: GoProgram): string {
  const text = `${recordVersion}\n${toolchain.version}\n${program.source}`;
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 24);
  return path.join(cacheFolder, 'outcomes', `${toolchain.profile}-${hash}.json`);
}

function remembered(toolchain: Toolchain, program: GoProgram): GoResult | undefined {
  const file = recordFile(toolchain, program);
  if (!existsSync(file)) {
    return undefined;
  }
  const result = JSON.parse(readFileSync(file, 'utf8')) as GoResult;
  return { ...result, outcomes: mergeEqual(result.outcomes) };
}

/** Outcomes are equal when what is compared of them is. */
function mergeEqual(runs: GoResult['outcomes']): GoResult['outcomes'] {
  const merged = new Map<string, GoResult['outcomes'][number]>();
  for (const run of runs) {
    const key = outcomeKey(run.outcome);
    const known = merged.get(key);
    merged.set(key, known === undefined ? run : { ...known, runs: known.runs + run.runs });
  }
  return [...merged.values()].sort((a, b) => b.runs - a.runs);
}

function remember(
  toolchain: Toolchain,
  program: GoProgram,
  found: Pick<GoResult, 'outcomes' | 'refused'>,
): void {
  const { profile, version } = toolchain;
  const file = recordFile(toolchain, program);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(
    `${file}.${process.pid}`,
    JSON.stringify({ ...program, profile, version, ...found }),
  );
  renameSync(`${file}.${process.pid}`, file);
}

async function inParallel<T>(
  items: readonly T[],
  work: (item: T, worker: number) => Promise<void>,
): Promise<void> {
  const queue = [...items];
  const run = async (worker: number): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
      await work(item, worker);
    }
  };
  await Promise.all(Array.from({ length: workers }, (_, worker) => run(worker)));
}
