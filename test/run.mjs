// Bundles tests with esbuild and runs them with mocha, source maps on.
//   node test/run.mjs                               every test/**/*.test.ts
//   node test/run.mjs test/language/parser.test.ts  only the named files
// All other arguments (--grep X, --bail …) go to mocha. Tests run in the repository's root, so they
// find their expectation files relative to process.cwd().
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { build } from 'esbuild';
import { common } from '../esbuild.mjs';

const args = process.argv.slice(2);
const named = args.filter((arg) => arg.endsWith('.test.ts'));
const mochaArgs = args.filter((arg) => !arg.endsWith('.test.ts'));
const missing = named.filter((file) => !existsSync(file));
if (missing.length > 0) {
  console.error(`no such test: ${missing.join(', ')}`);
  process.exit(2);
}
const files = named.length > 0 ? named : findTests('test');

// A folder of its own for each run, so that two runs at once do not disturb each other.
const outdir = path.join('out', `test-${process.pid}`);
let status = 1;
try {
  await build({
    ...common,
    entryPoints: files,
    outdir,
    outbase: 'test',
    outExtension: { '.js': '.mjs' },
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    splitting: true,
    packages: 'external',
  });
  const mocha = path.join('node_modules', 'mocha', 'bin', 'mocha.js');
  const compiled = files.map((file) =>
    path.join(outdir, path.relative('test', file).replace(/\.ts$/, '.mjs')),
  );
  const strict = ['--forbid-only', '--forbid-pending', '--fail-zero'];
  const flags = ['--enable-source-maps', '--reporter', 'dot', '--timeout', '300000', ...strict];
  const run = spawnSync(process.execPath, [mocha, ...flags, ...mochaArgs, ...compiled], {
    stdio: 'inherit',
  });
  status = run.status ?? 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
} finally {
  rmSync(outdir, { recursive: true, force: true });
}
process.exit(status);

/** All tests; the small programs that show a broken search in seconds come first. */
function findTests(folder) {
  const first = ['counterexamples', 'lost-outcomes'].map((name) => `${name}.test.ts`);
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => path.join(folder, name))
    .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));

  function rank(file) {
    const index = first.indexOf(path.basename(file));
    return index < 0 ? first.length : index;
  }
}
