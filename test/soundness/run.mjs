// `npm run test:soundness`: the comparison with the reference; all arguments go to it:
//   npm run test:soundness -- --minutes 10 --seed 7 --profile threads --shard 1/2
import process from 'node:process';
import { runBundled } from '../bundled.mjs';

process.exitCode = await runBundled('test/soundness/main.ts', process.argv.slice(2));
