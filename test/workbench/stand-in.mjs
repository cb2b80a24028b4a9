#!/usr/bin/env node
// A stand-in for the desktop `code` command, as far as @vscode/test-electron uses it: the same
// arguments, but the window is code-server's workbench in a browser without a screen.
import path from 'node:path';
import process from 'node:process';
import { format } from 'node:util';
import { makeFolders, startServer } from './code-server.mjs';
import { launchBrowser, Workbench } from './workbench.mjs';

const patienceMilliseconds = 180_000;
const options = new Map();
const positional = [];
for (const argument of process.argv.slice(2)) {
  const option = /^--([\w-]+)(?:=(.*))?$/s.exec(argument);
  if (option === null) positional.push(argument);
  else options.set(option[1], option[2] ?? '');
}

const server = await startServer(makeFolders(), { driver: true });
let browser = null;
let status = 1;
try {
  browser = await launchBrowser();
  status = await runWindow(browser, server.url);
} catch (error) {
  console.error(error);
} finally {
  await browser?.close();
  await server.stop();
}
process.exit(status);

/** Opens a window that runs the tests, and gives the code with which it would exit. */
async function runWindow(from, url) {
  const authority = new URL(url).host;
  const remote = (name) => `vscode-remote://${authority}${path.resolve(options.get(name))}`;
  const payload = [
    ['extensionDevelopmentPath', remote('extensionDevelopmentPath')],
    ['extensionTestsPath', remote('extensionTestsPath')],
    ['skipWelcome', 'true'],
  ];
  const log = [];
  let exit = () => undefined;
  const exited = new Promise((resolve) => {
    exit = resolve;
  });
  const timer = setTimeout(() => exit(-1), patienceMilliseconds);
  let lines = 0;
  const expose = {
    codeAutomationExit: (code) => exit(code),
    codeAutomationLog: (kind, parts) => {
      const text = format(...parts);
      if (text.startsWith('[mocha] ')) {
        lines++;
        console.log(text.slice('[mocha] '.length));
      } else log.push(`${kind}: ${text.slice(0, 1000)}`);
    },
  };
  await Workbench.open(from, url, { folder: positional[0], payload, expose });
  const code = await exited;
  clearTimeout(timer);
  if (code === -1) console.error(`no result after ${patienceMilliseconds / 1000} s`);
  if (code !== 0 && lines === 0) console.error(log.slice(-30).join('\n'));
  return code === 0 ? 0 : 1;
}
