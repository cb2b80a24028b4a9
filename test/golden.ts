import assert from 'node:assert';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';

/**
 * Compares `actual` with the text of the file `path` (from the repository's root), or writes it
 * there when the environment says UPDATE=1.
 */
export function checkGolden(path: string, actual: string): void {
  if (process.env.UPDATE === '1') writeFileSync(path, actual);
  assert.ok(existsSync(path), `${path} does not exist; UPDATE=1 writes it`);
  assert.equal(actual, readFileSync(path, 'utf8'), `${path} says otherwise; UPDATE=1 rewrites it`);
}
