// Puts a real VS Code workbench and a browser to drive it into a cache folder outside of the tree:
// code-server (the workbench), Node 24 (which it needs), playwright-core, and Debian's chromium.
// What is there already is left alone, so that it can run before every test.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';

const cacheHome = process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache');
const cache = path.join(cacheHome, 'coroscope-workbench');

/** What is installed, each in a folder of its own; `scripts`: packages that must build themselves. */
const packages = [
  { folder: 'node24', name: 'node', version: '24.21.0', scripts: ['node'] },
  {
    folder: 'code-server',
    name: 'code-server',
    version: '4.139.1',
    scripts: ['code-server', 'argon2'],
  },
  { folder: 'playwright', name: 'playwright-core', version: '1.65.1', scripts: [] },
];

/** Debian's packages: a browser, and a header that a native module of code-server needs. */
const debianPackages = ['chromium', 'libkrb5-dev'];

const inCache = (...parts) => path.join(cache, ...parts);
const node24 = inCache('node24', 'node_modules', '.bin', 'node');

/** Where everything is, after `prepareWorkbench`. */
export const places = {
  cache,
  node24,
  codeServer: inCache('code-server', 'node_modules', 'code-server', 'out', 'node', 'entry.js'),
  chromium: process.env.CHROMIUM ?? '/usr/bin/chromium',
  screenshots: process.env.COROSCOPE_SCREENSHOTS ?? inCache('screenshots'),
};

/** Playwright, from where it was installed. */
export function loadPlaywright() {
  return createRequire(inCache('playwright', 'package.json'))('playwright-core');
}

/** Installs what is missing. Throws when it cannot be had. */
export function prepareWorkbench() {
  mkdirSync(places.screenshots, { recursive: true });
  installDebianPackages();
  for (const one of packages) installPackage(one);
  for (const file of [places.node24, places.codeServer, places.chromium]) {
    if (!existsSync(file)) throw new Error(`the workbench lacks ${file}`);
  }
}

function installDebianPackages() {
  if (process.platform !== 'linux') return;
  const isThere = (name) => spawnSync('dpkg', ['-s', name]).status === 0;
  const missing = debianPackages.filter((name) => !isThere(name));
  if (missing.length === 0 || (existsSync(places.chromium) && existsSync(places.codeServer)))
    return;
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const apt = (...args) => run([...asRoot, 'apt-get', ...args], cache, process.env);
  console.log(`installing ${missing.join(', ')}`);
  apt('update');
  apt('install', '-y', '--no-install-recommends', ...missing);
}

function installPackage({ folder, name, version, scripts }) {
  const home = inCache(folder);
  const manifest = path.join(home, 'node_modules', name, 'package.json');
  if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version === version) {
    return;
  }
  console.log(`installing ${name} ${version}`);
  mkdirSync(home, { recursive: true });
  const allowScripts = Object.fromEntries(scripts.map((one) => [one, true]));
  const wanted = { private: true, allowScripts, dependencies: { [name]: version } };
  writeFileSync(path.join(home, 'package.json'), `${JSON.stringify(wanted)}\n`);
  // Modules are built for the Node that runs them: that of the workbench, once it is there.
  const bin = path.dirname(node24);
  const searchPath = folder === 'code-server' ? `${bin}:${process.env.PATH}` : process.env.PATH;
  const env = { ...process.env, PATH: searchPath };
  // What an npm around us says of itself is not true of this one; registries and the like stay.
  const ofOuter =
    /^(?:NODE|npm_(?:lifecycle|package|node|exec|config_(?:user_agent|local|omit)).*)$/;
  for (const key of Object.keys(env)) {
    if (ofOuter.test(key)) delete env[key];
  }
  run(['npm', 'install', '--no-audit', '--no-fund'], home, env);
}

function run([command, ...args], cwd, env) {
  mkdirSync(cwd, { recursive: true });
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: 'utf8' });
  if (status === 0) return;
  throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}\n${stderr}`);
}
