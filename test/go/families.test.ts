import assert from 'node:assert';
import type { FamilyOutcome } from './families.ts';
import { familyNames, familyPrograms, outcomeText, readFamily } from './families.ts';
import { isVarying } from './runner.ts';
import { simulation } from './simulate.ts';
import { unfoundOutcomes } from './varying.ts';

/** The versions between which most differs; all are compared where Go is at hand. */
const profiles = ['go1.27', 'go1.23', 'go1.22'];

describe('programs of one rule each', function () {
  this.timeout(120_000);
  for (const family of familyNames()) {
    it(`do what real Go did: ${family}`, () => {
      const recorded = readFamily(family);
      const differing: string[] = [];
      for (const { name, source } of familyPrograms(family)) {
        const outcomes = recorded.get(name);
        assert.ok(outcomes !== undefined, `${name}: npm run test:go -- --record`);
        if (isVarying(source)) {
          differing.push(...unfoundOnProfiles(name, source, outcomes));
          continue;
        }
        for (const { profiles: own, text } of outcomes) {
          for (const profile of profiles.filter((each) => own.includes(each)).slice(0, 1)) {
            const { run, refused } = simulation(source, profile);
            const said = run === undefined ? 'refused\n' : outcomeText(run(null));
            if (said !== text)
              differing.push(`${profile} ${name}\nGo:\n${text}here:\n${said}${refused ?? ''}`);
          }
        }
      }
      assert.equal(differing.join('\n'), '');
    });
  }
});

/** What Go was seen to do, and the search does not find, on every profile that differs. */
function unfoundOnProfiles(
  name: string,
  source: string,
  outcomes: readonly FamilyOutcome[],
): string[] {
  const differing: string[] = [];
  for (const profile of profiles) {
    const seen = outcomes.filter((one) => one.profiles.includes(profile)).map(({ text }) => text);
    if (seen.length === 0) continue;
    const { run } = simulation(source, profile);
    if (seen.includes('refused\n')) {
      if (run !== undefined) differing.push(`${profile} ${name}\nGo refuses it`);
      continue;
    }
    for (const text of unfoundOutcomes(source, profile, seen)) {
      differing.push(`${profile} ${name}\nthe search does not find: ${text}`);
    }
  }
  return differing;
}
