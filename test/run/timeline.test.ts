import assert from 'node:assert/strict';
import { NaturalPolicy } from '../../src/run/natural.ts';
import { RandomPolicy, randomBits } from '../../src/run/random.ts';
import { ReplayPolicy } from '../../src/run/replay.ts';
import { decodeSchedule, encodeSchedule } from '../../src/run/schedule.ts';
import type { Timeline } from '../../src/run/timeline.ts';
import { imageOf, outputOf, runToEnd, stateOf, timelineOf } from './support.ts';

const workers = `
scenario Workers expect ok {
	results := make(chan int)
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for j := range 4 {
				results <- i*10 + j
			}
		}()
	}
	go func() {
		wg.Wait()
		close(results)
	}()
	sum := 0
	for r := range results {
		sum += r
		println(r)
	}
	fmt.Println("sum", sum)
}
`;

const iterators = `
scenario Iterators expect ok {
	next, stop := iter.Pull(func(yield func(int) bool) {
		for i := 0; ; i++ {
			if !yield(i * i) {
				return
			}
		}
	})
	total := 0
	for range 5 {
		v, _ := next()
		total += v
		fmt.Println(v)
	}
	stop()
	for i := range 2000 {
		total += i % 7
	}
	fmt.Println(total)
}
`;

const seed = Number(process.env.SEED ?? 20_260);

/** States at every boundary and at a few moments inside steps, as the first walk gives them. */
function statesOf(timeline: Timeline): string[] {
  const states = [stateOf(timeline)];
  while (timeline.forward()) states.push(stateOf(timeline));
  return states;
}

describe(`timeline, seed ${seed}`, () => {
  for (const [name, text] of Object.entries({ workers, iterators })) {
    for (const policySeed of [0, 1, 2]) {
      it(`goes back to the very states it came from: ${name}, policy seed ${policySeed}`, () => {
        const image = imageOf(text);
        const policy = policySeed === 0 ? new NaturalPolicy() : new RandomPolicy(policySeed);
        // The machine compares its hash with a full one after every undo.
        const machine = { checking: true };
        const timeline = timelineOf(image, { policy, preemption: policySeed > 0, machine });
        const states = statesOf(timeline);
        assert.equal(timeline.outcome?.kind, 'ok');
        for (let step = states.length - 2; step >= Math.max(0, states.length - 200); step--) {
          assert.ok(timeline.back());
          assert.equal(stateOf(timeline), states[step]);
        }
        const random = randomBits(seed + policySeed);
        for (let i = 0; i < 100; i++) {
          const step = random() % states.length;
          timeline.seek(step);
          assert.equal(stateOf(timeline), states[step], `seek ${step}`);
        }
      });
    }
  }

  it('reaches moments inside steps the same way from both sides', () => {
    const image = imageOf(iterators);
    const walked = timelineOf(image);
    runToEnd(walked);
    const random = randomBits(seed);
    const other = timelineOf(image);
    runToEnd(other);
    for (let i = 0; i < 100; i++) {
      const span = walked.recordedInstructions - walked.start;
      const moment = walked.start + (random() % span);
      const fresh = timelineOf(image);
      fresh.walk(null, moment - fresh.start);
      assert.equal(fresh.instruction, moment);
      other.seekInstruction(moment);
      assert.equal(stateOf(other), stateOf(fresh), `moment ${moment}`);
    }
  });

  it('keeps working when its memory is nearly nothing', () => {
    const image = imageOf(iterators);
    const timeline = timelineOf(image, { budgetBytes: 1000 });
    const states = statesOf(timeline);
    const random = randomBits(seed);
    for (let i = 0; i < 60; i++) {
      const step = random() % states.length;
      timeline.seek(step);
      assert.equal(stateOf(timeline), states[step]);
    }
  });

  it('replays a recorded schedule to the same end, through its text', () => {
    const image = imageOf(workers);
    for (let policySeed = 1; policySeed <= 10; policySeed++) {
      const recorded = timelineOf(image, { policy: new RandomPolicy(policySeed) });
      runToEnd(recorded);
      const decoded = decodeSchedule(encodeSchedule(recorded.schedule()));
      assert.ok(!('problem' in decoded));
      const policy = new ReplayPolicy(decoded.schedule, null);
      const replayed = timelineOf(image, { policy });
      runToEnd(replayed);
      assert.equal(policy.lost, null);
      assert.equal(stateOf(replayed), stateOf(recorded));
    }
  });

  it('prints the same on every visit', () => {
    const timeline = timelineOf(imageOf(iterators));
    runToEnd(timeline);
    const text = outputOf(timeline);
    assert.match(text, /^0\n1\n4\n9\n16\n\d+\n$/);
    timeline.seek(0);
    assert.equal(outputOf(timeline), '');
    runToEnd(timeline);
    assert.equal(outputOf(timeline), text);
  });

  it('goes on from a standstill when what all wait for is written', () => {
    const text = 'runtime threads\nvar word uint32\nscenario S {\n\truntime.Wait(&word)\n}\n';
    const timeline = timelineOf(imageOf(text));
    runToEnd(timeline);
    assert.equal(endOf(timeline), 'deadlock');
    const word = timeline.image.globals.find(({ name }) => name === 'word');
    assert.ok(word);
    timeline.write(word.address, [1]);
    assert.equal(endOf(timeline), 'still going');
    runToEnd(timeline);
    assert.equal(endOf(timeline), 'ok');
  });

  it('begins a branch for another choice, and keeps the old one', () => {
    const timeline = timelineOf(imageOf(workers));
    runToEnd(timeline);
    const end = stateOf(timeline);
    const steps = timeline.step;
    let step = 0;
    for (step = 0; step < steps; step++) {
      timeline.seek(step);
      if (timeline.choices().length > 1) break;
    }
    const taken = timeline.schedule().length;
    const other = timeline.choices().at(-1);
    assert.ok(other);
    assert.equal(timeline.choose(other), null);
    assert.equal(timeline.branch, 1);
    assert.deepEqual(timeline.schedule()[taken], other);
    runToEnd(timeline);
    assert.equal(timeline.outcome?.kind, 'ok');
    timeline.switchBranch(0);
    assert.equal(timeline.step, step);
    timeline.seek(steps);
    assert.equal(stateOf(timeline), end);
    assert.deepEqual(
      timeline.branches.map(({ id, parent }) => [id, parent]),
      [
        [0, null],
        [1, 0],
      ],
    );
  });
});

/** How the run has ended at the present. */
function endOf({ outcome }: Timeline): string {
  return outcome?.kind ?? 'still going';
}
