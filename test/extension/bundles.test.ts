/**
 * The bundles in dist/ (`npm test` builds them first): their sizes, and that a host can load them.
 */
import assert from 'node:assert';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import vm from 'node:vm';

const nodeRequire = createRequire(import.meta.url);
const hostBundles = ['dist/extension.js', 'dist/web.js'];
// Half of it is the language, a tenth the search, and a quarter the models' texts, which readers
// open as they are. Guards against a dependency that slips in; 300 kB remain the aim.
const hostBudgetBytes = 900_000;
const viewBudgetBytes = 60_000;

describe('bundles', () => {
  for (const bundle of hostBundles) {
    it(`${bundle} is within its budget`, () => {
      const sizeBytes = statSync(bundle).size;
      assert.ok(sizeBytes < hostBudgetBytes, `${sizeBytes} bytes, at most ${hostBudgetBytes}`);
    });
  }

  it('each view is within its budget', () => {
    const views = readdirSync('dist/views').filter((name) => name.endsWith('.js'));
    assert.ok(views.includes('queue.js'));
    for (const view of views) {
      const sizeBytes = statSync(`dist/views/${view}`).size;
      assert.ok(sizeBytes < viewBudgetBytes, `${view}: ${sizeBytes} bytes`);
    }
  });

  it('a web worker host can load dist/web.js', () => {
    const required = load('dist/web.js', { TextDecoder, TextEncoder, URL, console, setTimeout });
    assert.deepEqual([...required], ['vscode']);
  });

  it('a desktop host can load dist/extension.js', () => {
    const required = load('dist/extension.js', { TextDecoder, URL, console, setTimeout, process });
    assert.ok(required.has('vscode'));
  });
});

/** Loads a bundle as a host does, with no globals but `globals`; gives the modules it required. */
function load(bundle: string, globals: Record<string, unknown>): Set<string> {
  const required = new Set<string>();
  const module = { exports: {} as { activate?: unknown } };
  const require = (name: string) => {
    required.add(name);
    return isBuiltin(name) ? nodeRequire(name) : {};
  };
  const wrapped = `(function (module, exports, require) {${readFileSync(bundle, 'utf8')}\n})`;
  const run = vm.runInNewContext(wrapped, globals, { filename: bundle }) as (
    ...values: unknown[]
  ) => void;
  run(module, module.exports, require);
  assert.equal(typeof module.exports.activate, 'function');
  return required;
}
