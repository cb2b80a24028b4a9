// Runs code-server, which is VS Code's server and web workbench, with folders that are thrown away.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { places } from './setup.mjs';

/** A fresh profile without what greets, updates, advises or phones home. */
const quietSettings = {
  'security.workspace.trust.enabled': false,
  'workbench.startupEditor': 'none',
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.tips.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'workbench.enableExperiments': false,
  'workbench.editor.enablePreview': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'git.enabled': false,
  'git.openRepositoryInParentFolders': 'never',
  'npm.autoDetect': 'off',
  'grunt.autoDetect': 'off',
  'gulp.autoDetect': 'off',
  'jake.autoDetect': 'off',
  'typescript.disableAutomaticTypeAcquisition': true,
  'editor.minimap.enabled': false,
  'editor.accessibilitySupport': 'off',
  'debug.openDebug': 'openOnDebugBreak',
  'debug.internalConsoleOptions': 'openOnSessionStart',
  'debug.onTaskErrors': 'debugAnyway',
  'window.confirmBeforeClose': 'never',
  'workbench.colorTheme': 'Default Dark Modern',
  'files.simpleDialog.enable': true,
  'remote.autoForwardPorts': false,
};

/** Folders of one run, below one that `CodeServer.stop` removes. */
export function makeFolders(settings = {}, extensions) {
  const base = mkdtempSync(path.join(os.tmpdir(), 'coroscope-workbench-'));
  const folders = {
    base,
    home: path.join(base, 'home'),
    userData: path.join(base, 'user-data'),
    extensions: extensions ?? path.join(base, 'extensions'),
    config: path.join(base, 'config.yaml'),
  };
  const user = path.join(folders.userData, 'User');
  for (const folder of [folders.home, user, folders.extensions]) {
    mkdirSync(folder, { recursive: true });
  }
  const all = { ...quietSettings, ...settings };
  writeFileSync(path.join(user, 'settings.json'), JSON.stringify(all, null, 1));
  // Without a file of its own it would read and write one in the user's home.
  writeFileSync(folders.config, '');
  return folders;
}

/** Installs extensions from .vsix files. */
export function installExtensions(folders, files) {
  const wanted = files.flatMap((file) => ['--install-extension', file]);
  const args = [places.codeServer, ...commonArguments(folders), ...wanted, '--force'];
  const options = { env: environmentOf(folders), encoding: 'utf8' };
  const { status, stdout, stderr } = spawnSync(places.node24, args, options);
  if (status !== 0) throw new Error(`the extension does not install:\n${stdout}\n${stderr}`);
  return stdout;
}

/**
 * Starts a server on a free port. `driver`: with VS Code's own interface for tests, which mocha
 * runs need (and which hides notifications).
 */
export async function startServer(folders, { driver = false } = {}) {
  const args = [
    places.codeServer,
    ...commonArguments(folders),
    '--auth=none',
    '--bind-addr=127.0.0.1:0',
    '--disable-workspace-trust',
    '--disable-getting-started-override',
    '--ignore-last-opened',
    ...(driver ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
  ];
  // A process group of its own, so that stopping ends exactly what was started.
  const env = environmentOf(folders);
  const options = { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] };
  const child = spawn(places.node24, args, options);
  const url = await addressOf(child);
  return { url, stop: () => stopGroup(child, folders) };
}

function addressOf(child) {
  return new Promise((resolve, reject) => {
    let printed = '';
    const give = (error) => reject(new Error(`${error}\n${printed}`));
    const timer = setTimeout(() => give('code-server did not start'), 60_000);
    const read = (bytes) => {
      printed += bytes;
      const found = /HTTP server listening on (http:\/\/\S+)/.exec(printed);
      if (found === null) return;
      clearTimeout(timer);
      resolve(found[1].replace(/\/$/, ''));
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('exit', (code) => {
      clearTimeout(timer);
      give(`code-server ended with ${code}`);
    });
  });
}

/** Ends the server with its extension hosts, waits for all of them, and removes the folders. */
async function stopGroup(child, folders) {
  const signal = (name) => {
    try {
      process.kill(-child.pid, name);
      return true;
    } catch {
      return false;
    }
  };
  signal('SIGTERM');
  for (let tries = 0; tries < 100 && signal(0); tries++) {
    if (tries === 50) signal('SIGKILL');
    await sleep(100);
  }
  rmSync(folders.base, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

function commonArguments({ config, userData, extensions }) {
  const ownFolders = ['--user-data-dir', userData, '--extensions-dir', extensions];
  return ['--config', config, ...ownFolders, '--disable-telemetry', '--disable-update-check'];
}

/** Our environment, but for a home of its own and without what a parent editor may have left. */
function environmentOf({ home }) {
  const env = {
    ...process.env,
    HOME: home,
    XDG_CONFIG_HOME: path.join(home, '.config'),
    XDG_DATA_HOME: path.join(home, '.local', 'share'),
    XDG_CACHE_HOME: path.join(home, '.cache'),
    EXTENSIONS_GALLERY: '{}',
  };
  for (const key of Object.keys(env)) {
    if (/^(?:VSCODE_|ELECTRON_|CODE_SERVER_)/.test(key) || key === 'NODE_OPTIONS') delete env[key];
  }
  return env;
}
