/** The cleanup queue's invariants notice what they are for: models broken on purpose. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { explore } from '../../src/explore/explore.ts';
import { DEFAULT_SETTINGS } from '../../src/explore/types.ts';
import { check } from '../../src/language/check.ts';
import { compile } from '../../src/language/compile.ts';
import { parse } from '../../src/language/parser.ts';
import { profiles } from '../../src/models/profiles.ts';

const executions = 300;

const usual = { gomaxprocs: 8, maxms: 2, blocksize: 1 };

interface Break {
  readonly profile?: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly options?: typeof usual;
  /** Without it: random executions. */
  readonly strategy?: 'exhaustive';
}

/** Outcomes of a scenario on a model in which a text is replaced. */
function outcomesOf(change: Break | null, path: string, name: string): string[] {
  const profile = profiles.get(change?.profile ?? 'go1.25');
  assert.ok(profile);
  const models = profile.files.map((file) => {
    let { text } = file;
    if (change !== null && file.path === change.file) {
      assert.ok(text.includes(change.from), `${file.path} has no ${change.from}`);
      text = text.replace(change.from, change.to);
    }
    return parse({ path: `coroscope-model:/${file.path}`, text, isModel: true }).file;
  });
  const source = { path, text: readFileSync(path, 'utf8'), isModel: false };
  const { program, diagnostics } = check(parse(source).file, models);
  assert.deepEqual(
    diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message),
    [],
  );
  const scenario = program.scenarios.find((one) => one.name === name);
  assert.ok(scenario);
  const all = { ...profile.options, ...(change?.options ?? usual) };
  const settings = { profile: profile.name, options: all, hash: '', races: false };
  const image = compile(program, scenario, settings);
  const result = explore(image, {
    ...DEFAULT_SETTINGS,
    strategy: change?.strategy ?? 'random',
    executions,
    invariants: change?.strategy === undefined,
    depthLimit: 5000,
  });
  return result.outcomes.map(({ kind, message }) => `${kind} ${message}`).sort();
}

const pressure = ['test/scenarios/go/cleanuppressure.coro', 'EightBlocks'] as const;

/** Some execution on the broken model ends so; none does on the model as it is. */
function notices(what: RegExp, change: Break, scenario: readonly [string, string] = pressure) {
  const broken = outcomesOf(change, ...scenario);
  assert.ok(
    broken.some((outcome) => what.test(outcome)),
    broken.join('\n'),
  );
}

describe('invariants of the cleanup queue', () => {
  it('hold on the model as it is', () => {
    assert.deepEqual(outcomesOf(null, ...pressure), ['ok ']);
  });

  it('C1: a block that is pushed twice, kept in hand, or lost', () => {
    const file = 'go/cleanup.coro';
    const push = '\t\tq.full.push(b)\n\t\tq.signal(1)\n';
    notices(/^violation C1/, { file, from: push, to: `\t\tq.full.push(b)\n${push}` });
    notices(/^violation C1/, { file, from: '\t\tgcCleanups.free.push(b)\n', to: '' });
    const taken = '\t\t\tb.next = nil\n\t\t\tb.holder = getg()\n';
    notices(/^violation C1/, { file, from: taken, to: '\t\t\tb.next = nil\n' });
  });

  it('C2: a pop without a claim, and a signal before its push', () => {
    const file = 'go/cleanupqueue.coro';
    const claim = 'machine.Cas(&q.workUnits, work, work-1)';
    notices(/^violation C2/, { file, from: claim, to: 'work > 0' });
    const push = '\t\tq.full.push(b)\n\t\tq.signal(1)\n';
    const swapped = '\t\tq.signal(1)\n\t\tq.full.push(b)\n';
    notices(/^violation C2/, { file: 'go/cleanup.coro', from: push, to: swapped });
  });

  it('C3: a goroutine that sleeps and is not counted', () => {
    const file = 'go/cleanupqueue.coro';
    notices(/^violation C3/, {
      file,
      from: 'machine.Add(&q.asleep, 1)',
      to: 'machine.Load(&q.ng)',
    });
  });

  it('C4: more goroutines than there may be', () => {
    const file = 'go/cleanup.coro';
    const from = 'minUint32(machine.Swap(&q.needg, 0), maxCleanupGs()-have)';
    const to = 'machine.Swap(&q.needg, 0)+1';
    notices(/^violation C4/, { file, from, to });
  });

  it('a flush that loses a block, or a P', () => {
    const file = 'go/cleanup.coro';
    const lost = '\tif partial != nil {\n\t\tq.full.push(partial)\n\t\tpushed++\n\t}\n';
    const partial = { gomaxprocs: 8, maxms: 2, blocksize: 3 };
    const thrown = /^throw failed to correctly flush/;
    notices(thrown, { file, from: lost, to: '', options: partial });
    notices(thrown, { file, from: '\t\t\tmissing++\n', to: '' });
  });

  it('C5: a cleanup that is queued while the collector marks', () => {
    const file = 'go/specials.coro';
    const from = '\tmachine.Store(&gcphase, _GCoff)\n';
    notices(/^violation C5/, { file, from, to: '' });
  });

  it('C6: a wake-up that is used up with nobody asleep', () => {
    const file = 'go/cleanupqueue.coro';
    const from = 'if w == 0 {\n';
    const to = `${from}\t\tmachine.Store(&q.workUnits, 0)\n`;
    const scenario = ['test/scenarios/go/cleanup.coro', 'LostWakeupBelowCap'] as const;
    notices(/^stuck lost wake-up/, { file, from, to, strategy: 'exhaustive' }, scenario);
  });
});
