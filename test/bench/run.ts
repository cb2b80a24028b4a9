/**
 * Time travel measured: recorded steps a second, going back and jumping at a million steps, reverse
 * continue with a condition, bytes a step, and a cold check and compile. `anchor` and `goal` are
 * those of the design.
 */
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { Breakpoints } from '../../src/run/breakpoints.ts';
import { Inspector } from '../../src/run/inspect.ts';
import { load } from '../../src/run/load.ts';
import { NaturalPolicy } from '../../src/run/natural.ts';
import { randomBits } from '../../src/run/random.ts';
import { Stepper } from '../../src/run/stepping.ts';
import { Timeline } from '../../src/run/timeline.ts';

const counterText = `
scenario Counter expect ok {
	next, stop := iter.Pull(func(yield func(int) bool) {
		for i := 0; ; i++ {
			if !yield(i) {
				return
			}
		}
	})
	sum := 0
	for sum < 2000000000 {
		v, _ := next()
		if v%2 == 0 {
			sum += v % 100
		}
	}
	stop()
}
`;

const steps = Number(process.env.STEPS ?? 1_000_000);

function report(what: string, value: string, goal: string): void {
  console.log(`${what.padEnd(58)} ${value.padStart(14)}   ${goal}`);
}

function percentile(times: number[], share: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

function timed<Result>(action: () => Result): [number, Result] {
  const start = performance.now();
  const result = action();
  return [performance.now() - start, result];
}

/** Milliseconds of processor time: what counts on a machine that does other things, too. */
function worked<Result>(action: () => Result): [number, Result] {
  const before = process.cpuUsage();
  const result = action();
  const { user, system } = process.cpuUsage(before);
  return [(user + system) / 1000, result];
}

function main(): void {
  const path = 'test/scenarios/go/lockosthread.coro';
  const text = readFileSync(path, 'utf8');
  const [cold] = worked(() => load({ path, text }, {}));
  report('load a scenario with its models, cold', `${cold.toFixed(1)} ms`, 'goal 30 ms');
  const again = [1, 2, 3, 4, 5].map(
    (index) => worked(() => load({ path, text: `${text}// ${index}\n` }, {}))[0],
  );
  report('  again, warm', `${percentile(again, 0.5).toFixed(1)} ms`, '');

  const { image } = load({ path: 'bench.coro', text: counterText }, {});
  if (image === null) throw new Error('the bench does not compile');
  const timeline = new Timeline(image, { policy: new NaturalPolicy() });
  const [recording] = worked(() => {
    while (timeline.step < steps && timeline.walk(null, 1_000_000) === 'instructions');
  });
  const { step, instruction } = timeline;
  report(
    'steps recorded',
    step.toLocaleString('en'),
    `${(instruction / step).toFixed(1)} instructions a step`,
  );
  report('recorded steps a second', rate(step, recording), '');
  report('recorded instructions a second', rate(instruction, recording), '');
  report('bytes a step', (timeline.bytes / step).toFixed(1), 'goal 100');

  const back = Array.from({ length: 20_000 }, () => timed(() => timeline.back())[0]);
  report('step back, p50', microseconds(percentile(back, 0.5)), '');
  report('step back, p99', microseconds(percentile(back, 0.99)), 'goal 1 ms');
  report('step back, worst', microseconds(Math.max(...back)), '');
  const random = randomBits(1);
  const jumps = Array.from({ length: 2000 }, () => {
    const target = random() % step;
    return timed(() => timeline.seek(target))[0];
  });
  report('jump to any step, p50', microseconds(percentile(jumps, 0.5)), 'goal 1 ms');
  report('jump to any step, p99', microseconds(percentile(jumps, 0.99)), '');

  timeline.seek(step);
  const inspector = new Inspector(image, timeline.machine);
  const breakpoints = new Breakpoints(image);
  const stepper = new Stepper(timeline, inspector, breakpoints);
  const line = counterText.split('\n').findIndex((one) => one.includes('if v%2')) + 1;
  breakpoints.setLines('bench.coro', [{ id: 1, line, condition: 'v == 3' }]);
  const [reverse, stop] = worked(() => {
    const request = { movement: 'reverse-continue', goroutine: 1, justMyCode: true } as const;
    const movement = stepper.begin(request);
    for (;;) {
      const found = movement.run(1_000_000);
      if (found !== null) return found;
    }
  });
  report(
    'reverse continue over all, condition',
    `${reverse.toFixed(0)} ms`,
    `goal 100 ms (${stop.reason})`,
  );

  timeline.seek(step);
  const over = Array.from({ length: 200 }, () =>
    timed(() => {
      const request = { movement: 'step-back', goroutine: 1, justMyCode: true } as const;
      const movement = stepper.begin(request);
      while (movement.run(1_000_000) === null);
    }),
  ).map(([time]) => time);
  report('step back over a statement, p50', microseconds(percentile(over, 0.5)), '');
  report('step back over a statement, p99', microseconds(percentile(over, 0.99)), 'goal 1 ms');
}

function rate(count: number, milliseconds: number): string {
  return Math.round((count / milliseconds) * 1000).toLocaleString('en');
}

function microseconds(milliseconds: number): string {
  return `${(milliseconds * 1000).toFixed(0)} µs`;
}

main();
