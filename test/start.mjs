// `npm start`: builds everything, packages the VSIX, runs the flagship scenario and says what next.
import { spawnSync } from 'node:child_process';
import process from 'node:process';

const scenarioFile = 'test/scenarios/go/lockosthread.coro';
const scenario = 'LockIterLockYield';
const vsix = 'dist/coroscope.vsix';

runQuietly('npm', ['run', '--silent', 'package']);

// The scenario ends in the throw that it expects, so the exit status says whether all is well.
const cli = ['dist/cli.js', 'run', scenarioFile, '--scenario', scenario, '--handoffs'];
console.log(`$ node ${cli.join(' ')}\n`);
const { status } = spawnSync(process.execPath, cli, { stdio: 'inherit' });

console.log(`
The extension is packaged. To install it, and step through this scenario yourself:

    code --install-extension ${vsix}

then open ${scenarioFile} and press F5.`);
process.exit(status ?? 1);

/** Runs a command whose output matters only when it fails. */
function runQuietly(command, args) {
  const run = spawnSync(command, args, { encoding: 'utf8', shell: process.platform === 'win32' });
  if (run.status === 0) return;
  console.error(`${command} ${args.join(' ')} failed\n${run.stdout ?? ''}${run.stderr ?? ''}`);
  process.exit(run.status ?? 1);
}
