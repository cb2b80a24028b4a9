import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { check } from '../../src/language/check.ts';
import { compile } from '../../src/language/compile.ts';
import type { Image } from '../../src/language/image.ts';
import { parseModel } from '../../src/language/parser-model.ts';
import { parse } from '../../src/language/parser.ts';
import type { Profile } from '../../src/models/profiles.ts';
import { load, profileNamed } from '../../src/run/load.ts';

/** Images of all scenarios, compiled in this order from a file that was not seen before. */
function imagesOf(text: string, names: readonly string[]): Map<string, unknown> {
  load({ path: 'other.coro', text: 'scenario Other {}' }, {});
  return new Map(names.map((scenario) => [scenario, load({ path: 'a.coro', text }, { scenario })]));
}

function checkOrder(path: string): void {
  const text = readFileSync(path, 'utf8');
  const names = load({ path, text }, {}).scenarios.map(({ name }) => name);
  const forwards = imagesOf(text, names);
  const backwards = imagesOf(text, [...names].reverse());
  for (const name of names) assert.deepEqual(backwards.get(name), forwards.get(name), name);
  for (const name of names.slice(0, 3)) {
    assert.deepEqual(imagesOf(text, [name]).get(name), forwards.get(name), `${name} alone`);
  }
}

/** What each scenario may have of its own. */
const own = { options: {}, hash: '' };

/** Makes images of a file's scenarios, by models that no other file was checked with. */
function freshImages(path: string, text: string, profile: Profile) {
  const { file } = parse({ path, text, isModel: false });
  const models = profile.files.map((model) =>
    parseModel({ path: `coroscope-model:/${model.path}`, text: model.text, isModel: true }),
  );
  const { program } = check(file, models);
  return (scenario: string, races: boolean): Image => {
    const wanted = program.scenarios.find(({ name }) => name === scenario) ?? assert.fail();
    return compile(program, wanted, { profile: profile.name, races, ...own });
  };
}

describe('load', () => {
  it('gives the same image, whichever files were checked with the models before', () => {
    const files = readdirSync('test/scenarios/go').filter((name) => name.endsWith('.coro'));
    const paths = files.map((name) => `test/scenarios/go/${name}`);
    paths.push('test/language/compile/finer-points.coro', 'test/language/compile/channels.coro');
    for (const name of ['go1.22', 'go1.25']) {
      const profile = profileNamed(name) ?? assert.fail();
      for (const path of [...paths, ...paths.toReversed()]) {
        const text = readFileSync(path, 'utf8').replace(/^runtime .*/m, '');
        const { scenarios } = load({ path, text }, { runtime: name });
        const fresh = freshImages(path, text, profile);
        for (const { name: scenario } of scenarios) {
          const { image } = load({ path, text }, { runtime: name, scenario });
          if (image === null) continue;
          const made = fresh(scenario, image.races);
          assert.deepEqual({ ...image, ...own }, made, `${path} ${scenario}`);
        }
      }
    }
  });

  it('gives the same image, whichever scenarios of the file were compiled before', () => {
    checkOrder('test/scenarios/go/lockosthread.coro');
    checkOrder('test/scenarios/go/initboth.coro');
    checkOrder('test/scenarios/zig/cancel.coro');
    checkOrder('test/scenarios/threads/philosophers.coro');
  });

  it('gives the hash of all sources', () => {
    const hashOf = (text: string) => load({ path: 'a.coro', text }, {}).image?.hash;
    const text = 'scenario A {}';
    assert.match(hashOf(text) ?? '', /^[0-9a-f]{14}$/);
    assert.equal(hashOf(text), hashOf(text));
    assert.notEqual(hashOf(text), hashOf(`${text}\n`));
  });
});
