import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { load } from '../../src/run/load.ts';

/** Images of all scenarios, compiled in this order from a file that was not seen before. */
function imagesOf(text: string, names: readonly string[]): Map<string, unknown> {
  load({ path: 'other.coro', text: 'scenario Other {}' }, {});
  return new Map(names.map((scenario) => [scenario, load({ path: 'a.coro', text }, { scenario })]));
}

function check(path: string): void {
  const text = readFileSync(path, 'utf8');
  const names = load({ path, text }, {}).scenarios.map(({ name }) => name);
  const forwards = imagesOf(text, names);
  const backwards = imagesOf(text, [...names].reverse());
  for (const name of names) assert.deepEqual(backwards.get(name), forwards.get(name), name);
  for (const name of names.slice(0, 3)) {
    assert.deepEqual(imagesOf(text, [name]).get(name), forwards.get(name), `${name} alone`);
  }
}

describe('load', () => {
  it('gives the same image, whichever scenarios of the file were compiled before', () => {
    check('test/scenarios/go/lockosthread.coro');
    check('test/scenarios/go/initboth.coro');
    check('test/scenarios/zig/cancel.coro');
    check('test/scenarios/threads/philosophers.coro');
  });

  it('gives the hash of all sources', () => {
    const hashOf = (text: string) => load({ path: 'a.coro', text }, {}).image?.hash;
    const text = 'scenario A {}';
    assert.match(hashOf(text) ?? '', /^[0-9a-f]{14}$/);
    assert.equal(hashOf(text), hashOf(text));
    assert.notEqual(hashOf(text), hashOf(`${text}\n`));
  });
});
