// Builds the bundles in dist/: the extension for desktop hosts and for web worker hosts, and the
// command line. `node esbuild.mjs` builds all whose entry exists; `node esbuild.mjs cli` only one.
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Options shared by every bundle, the tests' included: .coro files are imported as text. */
export const common = {
  bundle: true,
  logLevel: 'warning',
  loader: { '.coro': 'text' },
  sourcemap: 'linked',
  sourcesContent: false,
  charset: 'utf8',
};

const webStub = (name) => path.resolve('src/extension/web-stubs', `${name}.ts`);

// All bundles are CommonJS and end in .js, because that is what a web worker host can load.
const targets = {
  extension: {
    entryPoints: ['src/extension/extension.ts'],
    outfile: 'dist/extension.js',
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    external: ['vscode'],
    minify: true,
  },
  web: {
    entryPoints: ['src/extension/extension.ts'],
    outfile: 'dist/web.js',
    platform: 'browser',
    target: 'es2022',
    format: 'cjs',
    external: ['vscode'],
    minify: true,
    define: { 'process.platform': '"browser"' },
    alias: {
      events: webStub('events'),
      url: webStub('url'),
      net: webStub('nothing'),
      fs: webStub('nothing'),
      path: webStub('nothing'),
      'node:worker_threads': webStub('worker-threads'),
    },
  },
  // Each webview is a script of its own, and its style sheet beside it.
  queue: {
    entryPoints: ['src/views/queue.tsx'],
    outfile: 'dist/views/queue.js',
    platform: 'browser',
    target: 'es2022',
    format: 'esm',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    minify: true,
  },
  cli: {
    entryPoints: ['src/cli/main.ts'],
    outfile: 'dist/cli.js',
    platform: 'node',
    target: 'node20.19',
    format: 'cjs',
    minifySyntax: true,
    banner: { js: '#!/usr/bin/env node' },
  },
};

/**
 * Builds the named bundles (all when none is named). Files are put in place by renaming, so that a
 * tool that runs an older bundle meanwhile never reads half of a new one.
 */
async function buildTargets(names) {
  for (const name of names) {
    const options = targets[name];
    if (options === undefined) {
      throw new Error(`no bundle is called ${name}; there are ${Object.keys(targets).join(', ')}`);
    }
    if (!existsSync(options.entryPoints[0])) {
      console.warn(`${name}: skipped, ${options.entryPoints[0]} does not exist`);
      continue;
    }
    const { outputFiles } = await build({ ...common, ...options, write: false });
    for (const file of outputFiles) {
      mkdirSync(path.dirname(file.path), { recursive: true });
      const unfinished = `${file.path}.${process.pid}`;
      writeFileSync(unfinished, file.contents, { mode: name === 'cli' ? 0o755 : 0o644 });
      renameSync(unfinished, file.path);
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const names = process.argv.slice(2);
  try {
    await buildTargets(names.length > 0 ? names : Object.keys(targets));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
