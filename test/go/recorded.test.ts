import assert from 'node:assert';
import { readFileSync } from 'node:fs';
import { generateProgram } from './generator/program.ts';
import { comparedProgram, parseRecord, recordFile, recordLine } from './recorded.ts';
import { simulation } from './simulate.ts';

/** Outcomes that no program may come to: they are about the simulator, or broken invariants. */
const forbidden = ['internal', 'violation', 'use-after-free', 'limit', 'none', 'stuck'];

describe('random programs in the simulator', function () {
  // Each program is checked and compiled with its models: seconds on a slow machine.
  this.timeout(120_000);
  const outcomes = parseRecord(readFileSync(recordFile, 'utf8'));

  for (const profile of ['go1.22', 'go1.23', 'go1.27']) {
    it(`come to what real ${profile} recorded of them`, () => {
      const recorded = outcomes.filter((outcome) => outcome.profile === profile);
      assert.ok(recorded.length >= 25, `${recorded.length} outcomes in ${recordFile}`);
      const differing: string[] = [];
      for (const { seed, cgo, line } of recorded) {
        // A program with goroutines that race may take another schedule than Go did.
        if (generateProgram(seed, { cgo }).mode === 'free') continue;
        const { run, refused } = simulation(comparedProgram(seed, cgo), profile);
        const said = run === undefined ? refused : recordLine(run(null));
        if (said !== line) differing.push(`seed ${seed}: Go ${line}; simulator ${said}`);
      }
      assert.deepEqual(differing, []);
    });
  }

  it('neither break invariants nor the simulator, on any of a few schedules', () => {
    for (let seed = 501; seed <= 508; seed++) {
      const { source } = generateProgram(seed, { cgo: seed % 4 === 0 });
      const { run, refused } = simulation(source, 'go1.25', { checkInvariants: true });
      assert.ok(run !== undefined, `seed ${seed}: ${refused}`);
      for (const schedule of [null, 1, 2]) {
        const { kind, text } = run(schedule);
        assert.ok(!forbidden.includes(kind), `seed ${seed}, schedule ${schedule}: ${kind} ${text}`);
      }
    }
  });
});
