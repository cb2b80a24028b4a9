// Finds the Go toolchains that the comparison runs programs with, and unpacks Debian's where there
// are none. Nothing is installed on the system: packages are unpacked into a cache folder.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import process from 'node:process';

/** A Go toolchain: `version` as `go version` prints it (1.23.5), `profile` the model's (go1.23). */
export interface Toolchain {
  readonly profile: string;
  readonly version: string;
  readonly goroot: string;
}

/** The folder that holds toolchains, built programs and outcomes between runs. */
export const cacheFolder = path.join(homedir(), '.cache', 'coroscope-go');

/** The Go versions that Debian packages side by side, with the suite that has them. */
export const debianPackages = [
  { release: '1.22', suite: 'bookworm-backports' },
  { release: '1.23', suite: 'bookworm-backports' },
  { release: '1.24', suite: 'trixie' },
  { release: '1.26', suite: 'sid' },
  { release: '1.27', suite: 'sid' },
] as const;

const aptSources = '/etc/apt/sources.list';

/** The variables that keep a go command from touching the network or picking another toolchain. */
export const offlineGo = {
  GOTOOLCHAIN: 'local',
  GOPROXY: 'off',
  GOFLAGS: '-mod=mod',
  GOWORK: 'off',
};

/**
 * The toolchains at hand, at most one per release, oldest first: those under `goroots`, then the
 * unpacked packages, then Debian's own places, then the `go` of PATH.
 */
export function findToolchains(goroots: readonly string[] = []): Toolchain[] {
  const found = new Map<string, Toolchain>();
  for (const goroot of [...goroots, ...unpackedRoots(), ...debianRoots(), ...pathRoot()]) {
    const toolchain = toolchainAt(goroot);
    if (toolchain !== undefined && !found.has(toolchain.profile)) {
      found.set(toolchain.profile, toolchain);
    }
  }
  return [...found.values()].sort((a, b) => minorOf(a) - minorOf(b));
}

/**
 * Unpacks those of Debian's Go packages that are not unpacked yet and returns the releases it
 * added. The mirror is the one that apt is configured for. Throws where apt or dpkg is missing or
 * the mirror has no such package.
 */
export function installToolchains(): string[] {
  const missing = debianPackages.filter(
    ({ release }) => toolchainAt(unpackedRoot(release)) === undefined,
  );
  if (missing.length === 0) {
    return [];
  }
  const apt = path.join(cacheFolder, 'apt');
  const packages = path.join(cacheFolder, 'packages');
  for (const folder of [path.join(apt, 'lists', 'partial'), path.join(apt, 'parts'), packages]) {
    mkdirSync(folder, { recursive: true });
  }
  const suites = [...new Set(missing.map(({ suite }) => suite))];
  const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
  const mirror = configuredMirror();
  const lines = suites.map((suite) => `deb [signed-by=${keyring}] ${mirror} ${suite} main\n`);
  writeFileSync(path.join(apt, 'suites.list'), lines.join(''));
  const options = [
    `-oDir::Etc::SourceList=${path.join(apt, 'suites.list')}`,
    `-oDir::Etc::SourceParts=${path.join(apt, 'parts')}`,
    `-oDir::State::Lists=${path.join(apt, 'lists')}`,
  ];
  const names = missing.flatMap(({ release }) => [`golang-${release}-go`, `golang-${release}-src`]);
  const quiet = { cwd: packages, stdio: ['ignore', 'ignore', 'inherit'] as const };
  execFileSync('apt-get', [...options, '-qq', 'update'], { ...quiet, stdio: [...quiet.stdio] });
  execFileSync('apt-get', [...options, '-qq', 'download', ...names], {
    ...quiet,
    stdio: [...quiet.stdio],
  });
  for (const file of readdirSync(packages)) {
    execFileSync('dpkg', ['-x', path.join(packages, file), cacheFolder]);
  }
  rmSync(packages, { recursive: true });
  return missing.map(({ release }) => release);
}

/** The environment for building: offline, and with iterators where 1.22 hides them. */
export function buildEnvironment(toolchain: Toolchain, cgo: boolean): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    ...offlineGo,
    GOROOT: toolchain.goroot,
    CGO_ENABLED: cgo ? '1' : '0',
  };
  if (toolchain.profile === 'go1.22') {
    environment.GOEXPERIMENT = 'rangefunc';
  }
  return environment;
}

/** The go command of a toolchain. */
export function goCommand(toolchain: Toolchain): string {
  return path.join(toolchain.goroot, 'bin', 'go');
}

function toolchainAt(goroot: string): Toolchain | undefined {
  const file = path.join(goroot, 'VERSION');
  if (!existsSync(file) || !existsSync(path.join(goroot, 'bin', 'go'))) {
    return undefined;
  }
  const match = /^go((1\.\d+)\S*)/.exec(readFileSync(file, 'utf8'));
  if (match === null) {
    return undefined;
  }
  return { profile: `go${match[2]}`, version: match[1] ?? '', goroot };
}

function unpackedRoot(release: string): string {
  return path.join(cacheFolder, 'usr', 'lib', `go-${release}`);
}

function unpackedRoots(): string[] {
  return debianPackages.map(({ release }) => unpackedRoot(release));
}

function debianRoots(): string[] {
  if (!existsSync('/usr/lib')) {
    return [];
  }
  const names = readdirSync('/usr/lib').filter((name) => /^go-1\.\d+$/.test(name));
  return [...names.map((name) => path.join('/usr/lib', name)), '/usr/local/go'];
}

function pathRoot(): string[] {
  try {
    const options = { env: { ...process.env, ...offlineGo }, encoding: 'utf8' as const };
    return [execFileSync('go', ['env', 'GOROOT'], options).trim()];
  } catch {
    return [];
  }
}

function configuredMirror(): string {
  const files = [aptSources];
  const parts = `${aptSources}.d`;
  if (existsSync(parts)) {
    files.push(...readdirSync(parts).map((name) => path.join(parts, name)));
  }
  const pattern =
    /^(?:URIs:[ \t]*|deb[ \t]+(?:\[[^\]]*\][ \t]+)?)([a-z]+:\/\/\S+\/debian)\/?(?:\s|$)/m;
  for (const file of files.filter((name) => existsSync(name))) {
    const match = pattern.exec(readFileSync(file, 'utf8'));
    if (match?.[1] !== undefined) {
      return match[1];
    }
  }
  throw new Error(`no Debian mirror is named in ${aptSources} or ${parts}`);
}

function minorOf(toolchain: Toolchain): number {
  return Number(toolchain.profile.slice('go1.'.length));
}
