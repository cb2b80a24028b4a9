// `npm run bench`: bundles test/bench/*.ts as the product is bundled and runs each by itself, so
// that one does not warm up or slow down the next. `npm run bench -- NAME` runs only NAME.ts.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { build } from 'esbuild';
import { common } from '../esbuild.mjs';

const folder = 'test/bench';
const wanted = process.argv.slice(2);
const names = existsSync(folder)
  ? readdirSync(folder)
      .filter((name) => name.endsWith('.ts'))
      .map((name) => path.basename(name, '.ts'))
      .filter((name) => wanted.length === 0 || wanted.includes(name))
  : [];
if (names.length === 0) {
  console.error(`no benchmark to run in ${folder}`);
  process.exit(2);
}

const outdir = path.join('out', `bench-${process.pid}`);
let failures = 0;
try {
  await build({
    ...common,
    entryPoints: names.map((name) => path.join(folder, `${name}.ts`)),
    outdir,
    outExtension: { '.js': '.mjs' },
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    packages: 'external',
    minifySyntax: true,
  });
  for (const name of names) {
    const run = spawnSync(process.execPath, [path.join(outdir, `${name}.mjs`)], {
      stdio: 'inherit',
    });
    if (run.status !== 0) failures++;
  }
} finally {
  rmSync(outdir, { recursive: true, force: true });
}
process.exit(failures === 0 ? 0 : 1);
