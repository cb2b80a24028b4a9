import assert from 'node:assert';
import { parseModel } from '../../src/language/parser-model.ts';
import { parse } from '../../src/language/parser.ts';
import { profiles } from '../../src/models/profiles.ts';

/** The tree as plain data: late bodies become blocks like others. */
function plain(file: unknown): unknown {
  return JSON.parse(
    JSON.stringify(file, (_key, value: unknown) => {
      if (typeof value === 'bigint') return `${value}n`;
      if (typeof value !== 'object' || value === null || !('statements' in value)) return value;
      const { kind, span } = value as { kind?: unknown; span?: unknown };
      return { kind, span, ...value, statements: value.statements };
    }),
  );
}

describe('parsing models', () => {
  it('gives the same trees when bodies are parsed late', () => {
    const texts = new Map(
      [...profiles.values()].flatMap(({ files }) => files.map((f) => [f.path, f.text])),
    );
    assert.ok(texts.size > 20);
    for (const [path, text] of texts) {
      const source = { path, text, isModel: true };
      assert.deepEqual(plain(parseModel(source)), plain(parse(source).file), path);
    }
  });

  it('tells a mistake in a body when the body is asked for', () => {
    const text = 'package runtime\n\nfunc f() {\n\tx := := 1\n}\n\nfunc g() int {\n\treturn 1\n}\n';
    const [f, g] = parseModel({ path: 'm.coro', text, isModel: true }).declarations;
    assert.ok(f.kind === 'function' && g.kind === 'function');
    assert.equal(g.body?.statements.length, 1);
    assert.throws(() => f.body?.statements, /internal error: model m\.coro does not parse/);
  });

  it('tells a mistake outside of bodies at once', () => {
    const text = 'package runtime\n\nfunc f(() {\n\tx()\n}\n';
    assert.throws(() => parseModel({ path: 'm.coro', text, isModel: true }), /internal error/);
  });
});
