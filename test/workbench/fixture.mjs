// What the suites share: a server with the packaged extension, a browser, a folder to work in.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { installExtensions, makeFolders, startServer } from './code-server.mjs';
import { isolate } from './isolation.mjs';
import { launchBrowser, Workbench } from './workbench.mjs';

const vsix = 'dist/coroscope.vsix';
const scenarios = path.join('test', 'scenarios', 'go');

/**
 * Hooks for a suite: before it a window on a folder that holds the named scenario files, and a
 * launch.json when `configurations` are given; after it everything is gone. With `isIsolated` the
 * window has shared memory. The fixture's `workbench` is that window.
 */
export function inWorkbench({ files, configurations, settings, isIsolated = false }) {
  const fixture = { workbench: null, folder: '' };
  let server = null;
  let proxy = null;
  let browser = null;
  before(async function prepare() {
    this.timeout(180_000);
    const folders = makeFolders(settings);
    fixture.folder = path.join(folders.base, 'scenarios');
    mkdirSync(fixture.folder, { recursive: true });
    for (const file of files) cpSync(path.join(scenarios, file), path.join(fixture.folder, file));
    if (configurations !== undefined) writeLaunch(fixture.folder, configurations());
    installExtensions(folders, [path.resolve(vsix)]);
    server = await startServer(folders);
    browser = await launchBrowser();
    if (isIsolated) proxy = await isolate(server.url);
    const { url } = proxy ?? server;
    fixture.workbench = await Workbench.open(browser, url, { folder: fixture.folder });
    await fixture.workbench.ready();
  });
  afterEach(async function keep() {
    if (this.currentTest?.state !== 'failed') return;
    const name = this.currentTest.fullTitle().replace(/\W+/g, '-');
    await fixture.workbench?.screenshot(`failed-${name}`);
    for (const text of fixture.workbench?.messages.slice(-20) ?? []) console.error(text);
  });
  after(async function tidy() {
    this.timeout(30_000);
    await browser?.close();
    proxy?.end();
    await server?.stop();
  });
  return fixture;
}

function writeLaunch(folder, configurations) {
  mkdirSync(path.join(folder, '.vscode'));
  const text = JSON.stringify({ version: '0.2.0', configurations }, null, 2);
  writeFileSync(path.join(folder, '.vscode', 'launch.json'), text);
}

/** A schedule that leads to an outcome of a kind, found by search, in its one-line form. */
export function scheduleTo(kind, file, scenario) {
  const wanted = ['explore', path.join(scenarios, file), '--scenario', scenario, '--bound', '2'];
  const args = ['dist/cli.js', ...wanted, '--json'];
  let text = '';
  try {
    text = execFileSync(process.execPath, args, { encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    // It says by its status that an outcome was not expected; what it found is printed all the
    // same.
    text = error.stdout;
    if (text === '') throw new Error(error.stderr, { cause: error });
  }
  const found = JSON.parse(text).outcomes.find((outcome) => outcome.kind === kind);
  if (found === undefined) throw new Error(`${scenario} never ends with ${kind}`);
  return found.schedule;
}
