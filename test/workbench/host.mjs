// Runs test/workbench/host inside an extension host, through @vscode/test-electron: in a desktop
// VS Code that it downloads when COROSCOPE_DESKTOP=1, else in the stand-in for one.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { runTests } from '@vscode/test-electron';
import { build } from 'esbuild';

const entry = path.resolve('out', 'workbench-host', 'index.js');
const scenarios = ['lockosthread.coro', 'cleanup.coro'];

/** Gives the exit status: 0 when all tests passed. */
export async function runInHost() {
  await build({
    entryPoints: ['test/workbench/host/index.ts'],
    outfile: entry,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    external: ['vscode', 'mocha'],
    logLevel: 'warning',
  });
  const folder = mkdtempSync(path.join(os.tmpdir(), 'coroscope-host-'));
  for (const name of scenarios) {
    cpSync(path.join('test', 'scenarios', 'go', name), path.join(folder, name));
  }
  const isDesktop = process.env.COROSCOPE_DESKTOP === '1';
  const standIn = path.resolve('test', 'workbench', 'stand-in.mjs');
  try {
    return await runTests({
      ...(isDesktop ? {} : { vscodeExecutablePath: standIn }),
      extensionDevelopmentPath: path.resolve('.'),
      extensionTestsPath: entry,
      launchArgs: [folder, '--disable-extensions'],
    });
  } catch (error) {
    console.error(error.message);
    return 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
