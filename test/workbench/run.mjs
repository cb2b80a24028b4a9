// `npm run test:workbench`: the packaged extension in a real VS Code workbench, used as a person uses
// it, and a mocha suite inside the extension host. What is needed is installed first, once.
//   node test/workbench/run.mjs [--grep PATTERN]     other arguments go to mocha, too
// Screenshots go to a folder that is named at the end.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { runInHost } from './host.mjs';
import { places, prepareWorkbench } from './setup.mjs';

const suites = ['debugging', 'explore', 'queue', 'reach'].map(
  (name) => `test/workbench/${name}.spec.mjs`,
);
const mocha = path.join('node_modules', 'mocha', 'bin', 'mocha.js');

try {
  prepareWorkbench();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
run('npm', ['run', '--silent', 'package'], 'pipe');
const flags = ['--reporter', 'spec', '--forbid-only', '--forbid-pending'];
const person = run(process.execPath, [mocha, ...flags, ...process.argv.slice(2), ...suites]);
const host = await runInHost();
console.log(`screenshots: ${places.screenshots}`);
process.exit(person === 0 ? host : person);

function run(command, args, stdio = 'inherit') {
  const { status, stdout, stderr } = spawnSync(command, args, { stdio, encoding: 'utf8' });
  if (status !== 0 && stdio === 'pipe') {
    console.error(`${command} ${args.join(' ')} failed\n${stdout}\n${stderr}`);
    process.exit(status ?? 1);
  }
  return status ?? 1;
}
