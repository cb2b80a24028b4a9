// `npm run test:go`: bundles the comparison with real Go and runs it. All arguments go to it:
//   npm run test:go -- --install          unpack Debian's Go packages first
//   npm run test:go -- --seed 7 --count 1 --go go1.23 --show
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { build } from 'esbuild';
import { common } from '../../esbuild.mjs';

const outdir = path.join('out', `go-${process.pid}`);
let status = 1;
try {
  await build({
    ...common,
    entryPoints: ['test/go/main.ts'],
    outdir,
    outExtension: { '.js': '.mjs' },
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    packages: 'external',
  });
  const main = path.join(outdir, 'main.mjs');
  const args = ['--enable-source-maps', main, ...process.argv.slice(2)];
  status = spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1;
} finally {
  rmSync(outdir, { recursive: true, force: true });
}
process.exit(status);
