// What real Go said of the first random programs, in one line each, so that every test run can
// compare the simulator with it where no Go is at hand. `npm run test:go -- --record` rewrites it.
import { createHash } from 'node:crypto';
import { exportGo } from '../../src/language/export-go.ts';
import { parse } from '../../src/language/parser.ts';
import { generateProgram } from './generator/program.ts';
import type { GoOutcome } from './outcome.ts';
import { comparedLines } from './outcome.ts';

/** One program's outcome with one version of Go. */
export interface RecordedOutcome {
  readonly profile: string;
  readonly seed: number;
  readonly cgo: boolean;
  /** The line that stands for the outcome; see `recordLine`. */
  readonly line: string;
}

/** The seeds that are recorded, without and with calls to C. */
export const recordedSeeds = { plain: 26, cgo: 8 } as const;

export const recordFile = 'test/go/recorded.txt';

/** An outcome in a line: its end, the lock lines, the number of lines printed and their hash. */
export function recordLine(
  outcome: Omit<GoOutcome, 'kind' | 'report' | 'goroutines'> & { kind: string },
): string {
  const { kind, text, lines, output } = outcome;
  const ending = kind === 'signal' || kind === 'hang' ? kind : `${kind} ${text}`.trim();
  const locks = comparedLines(lines).map((line) => line.replace(/^coro: got /, ''));
  const hash = createHash('sha256').update(output.join('\n')).digest('hex').slice(0, 12);
  return [ending, ...locks, `${output.length} lines ${hash}`].join(' | ');
}

/** The file's text; programs that are not decided by Go are left out. */
export function formatRecord(outcomes: readonly RecordedOutcome[]): string {
  const rows = outcomes.map(
    ({ profile, seed, cgo, line }) => `${profile} ${seed}${cgo ? ' cgo' : ''}: ${line}\n`,
  );
  return rows.join('');
}

/** The inverse of formatRecord. Throws an Error that names the line that is none. */
export function parseRecord(text: string): RecordedOutcome[] {
  const rows = text.split('\n').filter((row) => row !== '');
  return rows.map((row) => {
    const match = /^(\S+) (\d+)( cgo)?: (.*)$/.exec(row);
    if (match === null) {
      throw new Error(`${recordFile}: not an outcome: ${row}`);
    }
    const [, profile = '', seed = '', cgo, line = ''] = match;
    return { profile, seed: Number(seed), cgo: cgo !== undefined, line };
  });
}

/**
 * The program of a seed as it is compared. Where it may call C, functions that main does not reach
 * are left out: whether a program can call C decides what it does, even if it never does.
 */
export function comparedProgram(seed: number, cgo: boolean): string {
  const { source } = generateProgram(seed, { cgo });
  if (!cgo) {
    return source;
  }
  const { file } = parse({ path: 'program.coro', text: source, isModel: false });
  return exportGo(file, 'main', { keepCallbacks: true }).text ?? source;
}
