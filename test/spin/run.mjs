// `npm run test:spin`: compares the search with Spin. Says loudly that nothing was compared where
// spin or gcc are not installed.
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { runBundled } from '../bundled.mjs';

const missing = ['spin', 'gcc'].filter((tool) => spawnSync(tool, ['--version']).error);
if (missing.length > 0) {
  console.error('='.repeat(72));
  console.error(`SKIPPED: nothing was compared with Spin, ${missing.join(' and ')} not installed`);
  console.error('='.repeat(72));
} else process.exitCode = await runBundled('test/spin/compare.ts');
