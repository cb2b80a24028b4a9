/**
 * The 19 programs of Go's own coroutine tests on every modelled version: outcome, text and the
 * lines about lock counts. versions.txt holds what real Go 1.22, 1.23, 1.24, 1.26 and 1.27 printed,
 * with threads by name (M0, nil) instead of addresses.
 */
import { readFileSync } from 'node:fs';
import { NaturalPolicy } from '../../src/run/natural.ts';
import { load } from '../../src/run/load.ts';
import { Timeline } from '../../src/run/timeline.ts';
import { checkGolden } from '../golden.ts';

const versions = ['go1.22', 'go1.23', 'go1.24', 'go1.25', 'go1.26', 'go1.27'];

describe('every version of Go', () => {
  function check(name: string): void {
    const path = `test/scenarios/go/${name}.coro`;
    const text = readFileSync(path, 'utf8');
    const lines: string[] = [];
    for (const scenario of load({ path, text }, {}).scenarios) {
      for (const runtime of versions) {
        lines.push(`${scenario.name} ${runtime}: ${outcomeOf(path, text, scenario.name, runtime)}`);
      }
    }
    checkGolden(`test/models/versions/${name}.txt`, `${lines.join('\n')}\n`);
  }

  it('locks threads as real Go does', () => check('lockosthread'));
  it('calls back from C as real Go does', () => check('cgocallback'));
});

/** `throw "text" | coro: got lock …` */
function outcomeOf(path: string, text: string, scenario: string, runtime: string): string {
  const { image, problem } = load({ path, text }, { scenario, runtime });
  if (image === null) return problem ?? 'does not compile';
  const checkInvariants = runtime !== 'go1.22';
  const timeline = new Timeline(image, { policy: new NaturalPolicy(), checkInvariants });
  while (timeline.walk(null, Number.MAX_SAFE_INTEGER) !== 'ended');
  const printed = timeline.output.map((line) => line.text).join('');
  const locks = printed.split('\n').filter((line) => /^coro: |lockedInt/.test(line));
  const { kind, message } = timeline.outcome ?? { kind: 'none', message: '' };
  return [message === '' ? kind : `${kind} ${JSON.stringify(message)}`, ...locks].join(' | ');
}
