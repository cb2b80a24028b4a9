/** Runs Spin on a model: generates the verifier, compiles it, and reads what it says. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface SpinResult {
  readonly states: number;
  readonly errors: number;
  /** The verifier's own time. */
  readonly seconds: number;
}

/** Without partial-order reduction; `defines` as `N=16`. Throws when a tool fails. */
export function runSpin(model: string, defines: readonly string[]): SpinResult {
  const folder = mkdtempSync(path.join(tmpdir(), 'coroscope-spin-'));
  try {
    const run = (tool: string, args: readonly string[]) =>
      execFileSync(tool, args, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 26 });
    run('spin', ['-a', ...defines.map((one) => `-D${one}`), path.resolve(model)]);
    run('gcc', ['-O2', '-DNOREDUCE', '-DSAFETY', '-DMEMLIM=4096', '-o', 'pan', 'pan.c']);
    // -c0: do not stop at errors; -m: depth; -w: bits of the first hash table.
    const text = run('./pan', ['-c0', '-m10000000', '-w22']);
    if (/max search depth too small/.test(text)) throw new Error(`${model}: depth too small`);
    return {
      states: Number(/(\d+) states, stored/.exec(text)?.[1]),
      errors: Number(/errors: (\d+)/.exec(text)?.[1]),
      seconds: Number(/elapsed time ([\d.e+-]+) seconds/.exec(text)?.[1] ?? 0),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
