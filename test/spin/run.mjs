// `npm run test:spin`: compares the search with Spin. Says loudly that nothing was compared where
// spin or gcc are not installed.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { build } from 'esbuild';
import { common } from '../../esbuild.mjs';

const missing = ['spin', 'gcc'].filter((tool) => spawnSync(tool, ['--version']).error);
if (missing.length > 0) {
  console.error('='.repeat(72));
  console.error(`SKIPPED: nothing was compared with Spin, ${missing.join(' and ')} not installed`);
  console.error('='.repeat(72));
  process.exit(0);
}
const outdir = path.join('out', `spin-${process.pid}`);
try {
  await build({
    ...common,
    entryPoints: ['test/spin/compare.ts'],
    outdir,
    outExtension: { '.js': '.mjs' },
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
  });
  const run = spawnSync(process.execPath, [path.join(outdir, 'compare.mjs')], { stdio: 'inherit' });
  process.exitCode = run.status ?? 1;
} finally {
  rmSync(outdir, { recursive: true, force: true });
}
