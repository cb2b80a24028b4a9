import assert from 'node:assert';
import { comparedLines, readOutcome } from './outcome.ts';

/** Checks the kind, the text, the compared lines and the goroutines of what Go printed. */
function check(stderr: string, expected: readonly unknown[], exitCode = 2): void {
  const end = { exitCode, signal: null, timedOut: false, stderr, stdout: 'one\n\nprogram7.box\n' };
  const { kind, text, lines, goroutines, output } = readOutcome(end);
  assert.deepEqual([kind, text, ...comparedLines(lines), goroutines], expected);
  assert.deepEqual(output, ['one', '', 'main.box']);
}

describe('reading what real Go printed', () => {
  it('names the threads of the coroutine check', () => {
    const report = [
      'coro: got thread 0x559980, want 0xc00003ce08',
      'coro: got lock internal 0, want 0',
      'coro: got lock external 2, want 1',
      'fatal error: coro: OS thread locking must match locking at coroutine creation',
      '',
      'runtime stack:',
      'runtime.throw({0x4b1f6e?, 0x0?})',
      '',
      'goroutine 1 gp=0xc000002380 m=0 mp=0x559980 [running, locked to thread]:',
      'main.main()',
      '',
      'goroutine 2 gp=0xc000002e00 m=nil [force gc (idle)]:',
      'created by runtime.init.7 in goroutine 1',
    ].join('\n');
    check(report, [
      'throw',
      'coro: OS thread locking must match locking at coroutine creation',
      'coro: got thread P1, want P2',
      'coro: got lock internal 0, want 0',
      'coro: got lock external 2, want 1',
      ['running, locked to thread'],
    ]);
  });
  it('tells a deadlock from other fatal errors', () => {
    const text = 'all goroutines are asleep - deadlock!';
    const dump =
      'goroutine 1 [coroutine, 2 minutes]:\nmain.main()\n\ngoroutine 7 [chan receive]:\n';
    check(`fatal error: ${text}\n\n${dump}`, ['deadlock', text, ['coroutine', 'chan receive']]);
    check('fatal error: sync: unlock of unlocked mutex\n', [
      'throw',
      'sync: unlock of unlocked mutex',
      [],
    ]);
  });
  it('reads the first of several panics, without how it was recovered', () => {
    const report = 'panic: main: a [recovered, repanicked]\n\tpanic: b\n\ngoroutine 1 [running]:\n';
    check(report, ['panic', 'main: a', ['running']]);
    check('panic: program3.level(4)\n', ['panic', 'main.level(4)', []]);
  });
  it('tells failures, exits, signals and hangs', () => {
    check('fail: wanted 5, got 4\n', ['fail', 'wanted 5, got 4', []], 1);
    check('', ['exit', 'exit status 3', []], 3);
    check('', ['ok', '', []], 0);
    check('SIGSEGV: segmentation violation\nPC=0x0\n', ['signal', 'SIGSEGV', []]);
    const end = { exitCode: null, signal: 'SIGKILL', stderr: '', stdout: '' };
    assert.equal(readOutcome({ ...end, timedOut: true }).kind, 'hang');
    assert.equal(readOutcome({ ...end, timedOut: false }).kind, 'signal');
  });
});
