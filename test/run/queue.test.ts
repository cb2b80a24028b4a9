/** The cleanup queue read from states: pictures, conditions in words, looks back. */
import assert from 'node:assert/strict';
import { startSearch } from '../../src/explore/explore.ts';
import { DEFAULT_SETTINGS } from '../../src/explore/types.ts';
import type { Image } from '../../src/language/image.ts';
import { Inspector } from '../../src/run/inspect.ts';
import { originOfBlock, previousQueueChange } from '../../src/run/queue-history.ts';
import { finish } from '../../src/run/slices.ts';
import { queueText, reportQueue } from '../../src/run/queue-text.ts';
import { type QueueBlock, readCleanupQueue } from '../../src/run/queue.ts';
import { ReplayPolicy } from '../../src/run/replay.ts';
import type { Timeline } from '../../src/run/timeline.ts';
import { checkGolden } from '../golden.ts';
import { imageOf, imageOfFile, runToEnd, timelineOf } from './support.ts';

const lost = 'test/scenarios/go/cleanup.coro';
const cleanup = 'test/scenarios/go/addcleanup.coro';

/** A run that ends with queued work that nobody will take, found by search. */
function stuckRun(): { readonly timeline: Timeline; readonly inspector: Inspector } {
  const image = imageOfFile(lost, { scenario: 'LostWakeupBelowCap' });
  const settings = { ...DEFAULT_SETTINGS, strategy: 'bounded', bound: 2 } as const;
  const search = startSearch(image, settings);
  const isFound = () => search.result().outcomes.some(({ kind }) => kind === 'stuck');
  while (!isFound() && search.advance(20));
  const stuck = search.result().outcomes.find(({ kind }) => kind === 'stuck');
  assert.ok(stuck, 'the search finds the lost wake-up');
  const timeline = timelineOf(image, {
    policy: new ReplayPolicy(stuck.schedule, null),
    preemption: false,
  });
  runToEnd(timeline);
  assert.equal(timeline.outcome?.kind, 'stuck');
  return { timeline, inspector: new Inspector(image, timeline.machine) };
}

/** Every distinct condition on the way from the start to the end, in order. */
function conditionsOf(image: Image): string[] {
  const timeline = timelineOf(image);
  const inspector = new Inspector(image, timeline.machine);
  const texts: string[] = [];
  do {
    const condition = readCleanupQueue(inspector)?.condition;
    const text = condition === undefined ? 'none' : `${condition.kind}: ${condition.text}`;
    if (texts.at(-1) !== text) texts.push(text);
  } while (timeline.forward());
  return texts;
}

describe('cleanup queue', () => {
  it('shows the stranded block and the sleeping goroutine of a lost wake-up', () => {
    const { timeline, inspector } = stuckRun();
    const report = reportQueue(timeline, inspector, null);
    assert.ok(report);
    assert.equal(timeline.outcome?.kind, 'stuck', 'the present stays');
    checkGolden('test/run/queue/lost.txt', queueText(report.state, report.changes));
  });

  it('tells the danger before the loss, and marks what each change was', () => {
    const { timeline, inspector } = stuckRun();
    const pictures: string[] = [];
    for (;;) {
      const moment = finish(previousQueueChange(timeline, inspector));
      if (moment === null) break;
      timeline.seekInstruction(moment);
      timeline.forward();
      const report = reportQueue(timeline, inspector, null);
      if (report === null || report.changes.length === 0) break;
      pictures.unshift(queueText(report.state, report.changes));
      timeline.back();
    }
    checkGolden('test/run/queue/way-to-loss.txt', pictures.join('\n'));
  });

  it('knows who queued a block', () => {
    const { timeline, inspector } = stuckRun();
    const [block] = readCleanupQueue(inspector)?.full ?? [];
    const origin = finish(originOfBlock(timeline, inspector, block.address));
    assert.ok(origin);
    assert.equal(origin.goroutine, 'G1');
    const names = origin.frames.map(({ name }) => name);
    assert.ok(names.includes('runtime.(*cleanupQueue).enqueue'), names.join(' '));
    assert.ok(names.includes('runtime.GC'), names.join(' '));
    assert.equal(timeline.outcome?.kind, 'stuck', 'the present stays');
  });

  for (const runtime of ['go1.24', 'go1.25-pre', 'go1.25']) {
    it(`follows a cleanup through the queue of ${runtime}`, () => {
      const image = imageOfFile(cleanup, { scenario: 'RunsOnce', runtime });
      const text = `${conditionsOf(image).join('\n')}\n`;
      checkGolden(`test/run/queue/conditions-${runtime}.txt`, text);
    });
  }

  it('is absent from profiles without one', () => {
    const image = imageOf('runtime go1.23\nscenario S expect ok {}\n');
    assert.deepEqual(conditionsOf(image), ['none']);
  });

  it('shows several blocks, and blocks that are partly filled', () => {
    const image = imageOf(
      `runtime go1.25 blocksize 3
type resource struct{ name string }
scenario S expect ok {
	for i := range 7 {
		runtime.AddCleanup(&resource{"r"}, func(id int) { fmt.Println(id) }, i)
	}
	runtime.GC()
}
`,
    );
    const timeline = timelineOf(image);
    const inspector = new Inspector(image, timeline.machine);
    const amounts = new Set<string>();
    do {
      const state = readCleanupQueue(inspector);
      assert.ok(state);
      const partial = state.processors.flatMap(({ block }) => block ?? []);
      const counts = (blocks: readonly QueueBlock[]) =>
        blocks.map((one) => one.cleanups.length).join('+');
      amounts.add(`P ${counts(partial) || 0}, full ${counts(state.full) || 0}`);
    } while (timeline.forward());
    assert.ok(amounts.has('P 2, full 0'), [...amounts].join('; '));
    assert.ok(amounts.has('P 1, full 3+3'), [...amounts].join('; '));
    assert.ok(amounts.has('P 0, full 1+3+3'), [...amounts].join('; '));
  });
});
