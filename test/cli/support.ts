/** Runs the bundled command line as a user would, in a folder of its own. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';

export interface CliResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const cli = path.resolve('dist/cli.js');

/** A folder for the files of one test, with what stands in `files`. */
export class Workspace {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'coroscope-'));

  constructor(files: Readonly<Record<string, string>> = {}) {
    for (const [name, text] of Object.entries(files)) this.write(name, text);
  }

  write(name: string, text: string): void {
    const file = path.join(this.folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  run(...args: string[]): CliResult {
    const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
      cwd: this.folder,
      encoding: 'utf8',
      timeout: 60_000,
    });
    return { status, stdout, stderr };
  }

  /** Sends a signal as soon as either stream matches `event`; what was printed until the end. */
  async interrupt(
    args: readonly string[],
    event: RegExp,
    signal: NodeJS.Signals,
  ): Promise<CliResult> {
    const child = spawn(process.execPath, [cli, ...args], { cwd: this.folder });
    const said = { stdout: '', stderr: '' };
    let isSent = false;
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        said[name] += text;
        if (isSent || !event.test(said[name])) return;
        isSent = true;
        child.kill(signal);
      });
    }
    const [status] = (await once(child, 'close')) as [number | null];
    return { status, ...said };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
