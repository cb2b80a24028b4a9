// `npm run test:soundness`: bundles the comparison with the reference and runs it; all arguments go to
// it:
//   npm run test:soundness -- --minutes 10 --seed 7 --profile threads --shard 1/2
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { build } from 'esbuild';
import { common } from '../../esbuild.mjs';

const outdir = path.join('out', `soundness-${process.pid}`);
let status = 1;
try {
  await build({
    ...common,
    entryPoints: ['test/soundness/main.ts'],
    outdir,
    outExtension: { '.js': '.mjs' },
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    packages: 'external',
  });
  const main = path.join(outdir, 'main.mjs');
  const args = [...process.execArgv, '--enable-source-maps', main, ...process.argv.slice(2)];
  status = spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1;
} finally {
  rmSync(outdir, { recursive: true, force: true });
}
process.exit(status);
