/** What results say to be covered. */
import assert from 'node:assert/strict';
import { coveredText, onNoSchedule, verdictText } from '../../src/explore/coverage.ts';
import { imageOf, search } from './support.ts';

function saidOf(text: string, settings = {}): string {
  return verdictText(search(imageOf(text), settings));
}

function goProgram(workers: number, before = ''): string {
  return `runtime go1.27
scenario S {
	${before}
	done := make(chan bool)
	for range ${workers} {
		go func() { done <- true }()
	}
	for range ${workers} {
		<-done
	}
}
`;
}

const clause = 'time was taken to pass only when nothing else can run';

describe('words of coverage', () => {
  it('put together what is taken for granted', () => {
    assert.equal(coveredText([]), 'every schedule is covered');
    assert.equal(
      coveredText(['1 processor', 'no preemption'], ' of part 1/2'),
      'every schedule of part 1/2 on 1 processor without preemption is covered',
    );
    assert.equal(
      onNoSchedule(['2 processors', 'time passes only when nothing else can run']),
      `on no schedule on 2 processors; ${clause}`,
    );
  });

  it('name processors where goroutines are more', () => {
    assert.equal(saidOf(goProgram(1)), 'complete: every schedule is covered');
    const scarce = 'complete: every schedule on 2 processors without preemption is covered';
    assert.equal(saidOf(goProgram(2)), scarce);
    const { result } = { result: search(imageOf(goProgram(2))) };
    assert.deepEqual(result.assumptions, ['2 processors', 'no preemption']);
    for (const settings of [{ strategy: 'shortest' }, { reduction: false }] as const) {
      assert.equal(saidOf(goProgram(2), settings), scarce);
    }
  });

  it('say that what touches whole slices was not interleaved', () => {
    const program = (code: string) =>
      `runtime threads\nscenario S {\n\ta, b := []int{1}, []byte{1}\n\t_, _ = a, b\n\t${code}\n}\n`;
    const whole = '; what append, copy, clear and conversions of slices touch was not interleaved';
    for (const code of [
      'copy(a, a)',
      'clear(a)',
      'copy(b, "x")',
      'a = append(a, 1)',
      'a = append(a, a...)',
      'b = append(b, "x"...)',
      '_ = string(b)',
      '_ = string([]rune{1})',
    ]) {
      assert.equal(saidOf(program(code)), `complete: every schedule is covered${whole}`, code);
    }
    assert.equal(saidOf(program('a[0]++')), 'complete: every schedule is covered');
    const alone = 'runtime go1.27\nscenario S {\n\ta := append([]int{1}, 2)\n\t_ = a\n}\n';
    assert.equal(saidOf(alone), 'complete: every schedule is covered');
  });

  it('name one processor, and preemption where it was searched', () => {
    const one = goProgram(1).replace('go1.27', 'go1.27 gomaxprocs 1');
    assert.equal(
      saidOf(one),
      'complete: every schedule on 1 processor without preemption is covered',
    );
    assert.equal(
      saidOf(one, { preemption: true }),
      'complete: every schedule on 1 processor with preemption at loops and calls only is covered',
    );
  });

  it('say nothing of processors on bare threads', () => {
    const text = 'runtime threads\nscenario S {\n\tfor range 3 {\n\t\tgo func() {}()\n\t}\n}\n';
    assert.equal(saidOf(text), 'complete: every schedule is covered');
  });

  it('name time where the program sleeps, starts a timer or asks for the time', () => {
    for (const before of [
      'time.Sleep(time.Millisecond)',
      'time.AfterFunc(time.Second, func() {})',
      '_ = time.Now()',
      'ctx, cancel := context.WithTimeout(context.Background(), time.Second)\n\t_ = ctx\n\tcancel()',
    ]) {
      const said = saidOf(goProgram(1, before));
      assert.match(said, new RegExp(`^complete: .* is covered; ${clause}$`), before);
    }
    assert.doesNotMatch(saidOf(goProgram(1, '_ = time.Second.String()')), /time was taken/);
  });

  it('say of a livelock that every schedule runs for ever', () => {
    const text =
      'runtime threads\nscenario S {\n\tvar x uint32\n\tfor atomic.LoadUint32(&x) == 0 {\n\t}\n}\n';
    assert.equal(saidOf(text), 'complete: every schedule runs for ever');
  });
});
