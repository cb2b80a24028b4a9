/** Whatever buttons are pressed, the state is the one that the schedule gives at that moment. */
import assert from 'node:assert/strict';
import { RandomPolicy, randomBits } from '../../src/run/random.ts';
import { ReplayPolicy } from '../../src/run/replay.ts';
import type { Movement } from '../../src/run/stepping.ts';
import { Debugger, imageOf, runToEnd, stateOf, timelineOf } from './support.ts';

const program = `
scenario Mixed expect ok {
	out := make(chan int, 2)
	next, stop := iter.Pull(squares)
	go func() {
		for range 3 {
			v, _ := next()
			out <- v
		}
		stop()
		close(out)
	}()
	sum := 0
	for v := range out {
		sum += twice(v)
	}
	fmt.Println(sum)
}

func squares(yield func(int) bool) {
	for i := 1; yield(i * i); i++ {
	}
}

func twice(n int) int {
	defer func() {
		_ = recover()
	}()
	return n + n
}
`;

const movements: readonly Movement[] = [
  'step-over',
  'step-over',
  'step-into',
  'step-into',
  'step-out',
  'continue',
  'instruction',
  'step-back',
  'step-back',
  'step-back-into',
  'step-back-out',
  'reverse-continue',
  'instruction-back',
];

const seed = Number(process.env.SEED ?? 4711);

describe(`random movements, seed ${seed}`, () => {
  for (const policySeed of [1, 2, 3]) {
    it(`always lead to a state of the run, schedule ${policySeed}`, () => {
      const image = imageOf(program);
      const recorded = timelineOf(image, { policy: new RandomPolicy(policySeed) });
      runToEnd(recorded);
      assert.equal(recorded.outcome?.kind, 'ok');
      const policy = new ReplayPolicy(recorded.schedule(), null);
      const debugged = new Debugger(image, { policy });
      debugged.breakpoints.setLines('test.coro', [{ id: 1, line: 14, condition: 'v > 1' }]);
      debugged.breakpoints.setFunctions([{ id: 2, name: 'coroswitch_m', hitCondition: '% 2' }]);
      const random = randomBits(seed + policySeed);
      const made: string[] = [];
      for (let i = 0; i < 150; i++) {
        const movement = movements[random() % movements.length];
        debugged.justMyCode = random() % 4 > 0;
        const where = debugged.go(movement);
        made.push(`${movement} → ${where}`);
        if (debugged.timeline.outcome !== null) continue;
        recorded.seekInstruction(debugged.timeline.instruction);
        assert.equal(stateOf(debugged.timeline), stateOf(recorded), made.slice(-4).join('\n'));
      }
    });

    it(`step back takes back what step over did, schedule ${policySeed}`, () => {
      const image = imageOf(program);
      const debugged = new Debugger(image, { policy: new RandomPolicy(policySeed) });
      const there = [debugged.timeline.instruction];
      while (debugged.go('step-over').startsWith('step')) {
        there.push(debugged.timeline.instruction);
      }
      assert.ok(there.length > 10);
      debugged.timeline.seekInstruction(there[there.length - 1]);
      debugged.stop = { ...debugged.stop, outcome: null };
      for (let index = there.length - 2; index >= 0; index--) {
        debugged.go('step-back');
        assert.equal(debugged.timeline.instruction, there[index], debugged.where());
      }
    });
  }
});
