// `npm run test:go`: the comparison with real Go; all arguments go to it:
//   npm run test:go -- --install          unpack Debian's Go packages first
//   npm run test:go -- --seed 7 --count 1 --go go1.23 --show
import process from 'node:process';
import { runBundled } from '../bundled.mjs';

process.exitCode = await runBundled('test/go/main.ts', process.argv.slice(2));
