import assert from 'node:assert';
import { familyNames, familyPrograms, outcomeText, readFamily } from './families.ts';
import { simulation } from './simulate.ts';

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
        for (const { profiles: own, text } of outcomes) {
          for (const profile of profiles.filter((each) => own.includes(each)).slice(0, 1)) {
            const { run, refused } = simulation(source, profile);
            const said = run === undefined ? `refused: ${refused}\n` : outcomeText(run(null));
            if (said !== text) differing.push(`${profile} ${name}\nGo:\n${text}here:\n${said}`);
          }
        }
      }
      assert.equal(differing.join('\n'), '');
    });
  }
});
