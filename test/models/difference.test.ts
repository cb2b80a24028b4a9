import assert from 'node:assert';
import { differingFiles, unifiedDiff } from '../../src/models/difference.ts';
import { profiles } from '../../src/models/profiles.ts';

/** Files that differ, as `before → after`. */
function check(before: string, after: string, expected: readonly string[]): void {
  const left = profiles.get(before);
  const right = profiles.get(after);
  assert.ok(left && right);
  const found = differingFiles(left, right).map(
    (pair) => `${pair.before?.path ?? '-'} → ${pair.after?.path ?? '-'}`,
  );
  assert.deepEqual(found, expected);
}

describe('the difference of two profiles', () => {
  it('is a few files', () => {
    check('go1.22', 'go1.23', [
      'go/coro-1.22.coro → go/coro.coro',
      'go/gdestroy-1.22.coro → go/gdestroy.coro',
      'go/iter-1.22.coro → go/iter.coro',
      'go/rangefunc-1.22.coro → go/rangefunc.coro',
      '- → go/slicesiter.coro',
      'go/version-1.22.coro → go/version-1.23.coro',
    ]);
    check('go1.25-pre', 'go1.25', ['go/cleanupqueue-1.25-pre.coro → go/cleanupqueue.coro']);
    check('go1.25', 'go1.26', [
      'go/waitgroupgo-1.25.coro → go/waitgroupgo.coro',
      'go/version-1.24.coro → go/version-1.26.coro',
    ]);
  });

  it('is a unified diff', () => {
    const diff = unifiedDiff({
      before: { path: 'a.coro', text: '1\n2\n3\n4\n5\n6\n7\n8\n9\n' },
      after: { path: 'b.coro', text: '1\n2\n3\n4\nfive\n6\n7\n8\n9\n10\n' },
    });
    assert.equal(
      diff,
      '--- a.coro\n+++ b.coro\n@@ -2,8 +2,9 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n 9\n+10',
    );
  });
});
