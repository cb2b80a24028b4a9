/** The texts that a newcomer meets first do what they say. */
import assert from 'node:assert';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';

/** `coroscope check` is content with the file. */
function check(file: string): void {
  const run = spawnSync(process.execPath, ['dist/cli.js', 'check', file], { encoding: 'utf8' });
  assert.match(run.stdout, /^[1-9]\d* passed, 0 failed$/m, run.stdout + run.stderr);
}

describe('first texts', () => {
  it('of the command New Scenario', () => check('src/extension/sample.coro'));

  it('of the README', () => {
    const blocks = readFileSync('README.md', 'utf8').matchAll(/^```go\n([\s\S]*?)^```/gm);
    const folder = mkdtempSync(path.join(tmpdir(), 'coroscope-'));
    try {
      const files = [...blocks].map(([, text], index) => {
        const file = path.join(folder, `readme-${index}.coro`);
        writeFileSync(file, text);
        return file;
      });
      assert.ok(files.length > 0);
      for (const file of files) check(file);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
