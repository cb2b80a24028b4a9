// Programs of the tests that are TypeScript: bundled into a folder of their own, run, and removed.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { build } from 'esbuild';
import { common } from '../esbuild.mjs';

/**
 * Bundles the program whose source is `entry` (from the repository's root) and runs it with these
 * arguments, and with the options that this Node was started with. Gives its exit status; 1 when it
 * was ended by a signal.
 */
export async function runBundled(entry, args = []) {
  const name = path.basename(path.dirname(entry));
  // A folder of its own for each run, so that two runs at once do not disturb each other.
  const outdir = path.join('out', `${name}-${process.pid}`);
  try {
    await build({
      ...common,
      entryPoints: [entry],
      outdir,
      outExtension: { '.js': '.mjs' },
      platform: 'node',
      target: 'node20.19',
      format: 'esm',
      packages: 'external',
    });
    const main = path.join(outdir, path.basename(entry).replace(/\.ts$/, '.mjs'));
    const all = [...process.execArgv, '--enable-source-maps', main, ...args];
    return spawnSync(process.execPath, all, { stdio: 'inherit' }).status ?? 1;
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
