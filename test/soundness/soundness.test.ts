/**
 * No search loses or invents an outcome: random programs, compared with the reference. Small and
 * cheap ones come first; `npm run test:soundness` has as many as one likes.
 */
import assert from 'node:assert/strict';
import { Threads } from '../explore/support.ts';
import { type Counts, Session } from './session.ts';
import { subjects } from './subjects.ts';

const SEED = 1;
/** Programs of a file, and files: those for Go take the longest. */
const sizes = { go: [4, 1], other: [16, 2] } as const;

describe('searches find what the reference finds', () => {
  const counts: Counts = { compared: 0, skipped: 0, states: 0 };
  const threads = new Threads(2);
  const session = new Session(SEED, threads);
  after(() => threads.end());

  for (const [index, subject] of subjects.entries()) {
    const [profile] = subject.runtimes[0].split(' ');
    it(`${profile}, ${subject.generator.name}`, async () => {
      const [size, files] = profile.startsWith('go') ? sizes.go : sizes.other;
      for (let file = index; file < index + files; file++) {
        const failures = await session.runBatch(subject, file * size, size, counts);
        const texts = failures.map(({ fault, program }) => `${fault}\n${program}`);
        assert.deepEqual(texts, [], texts.join('\n'));
      }
    });
  }

  it('and most programs were small enough to tell', () => {
    const { compared, skipped } = counts;
    assert.ok(compared > 500 && compared > 3 * skipped, `${compared} were, ${skipped} not`);
  });
});
