import assert from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { format } from '../../src/editor/format.ts';
import { checkGolden } from '../golden.ts';

const folder = 'test/editor/format';
const separator = '\n---\n';

describe('formatter', () => {
  // Each `.in` file holds texts with `---` between them; the `.txt` file beside it the results.
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.in'))) {
    it(name, () => {
      const texts = readFileSync(`${folder}/${name}`, 'utf8').split(separator);
      const formatted = texts.map(format);
      checkGolden(`${folder}/${name.replace(/\.in$/, '.txt')}`, formatted.join(`${separator}`));
      for (const text of formatted) assert.equal(format(text), text, 'not idempotent');
      const untouched = texts.filter((text, i) => text === formatted[i]);
      assert.deepEqual(untouched, [], 'nothing was formatted');
    });
  }

  it('takes files without code, and other line ends', () => {
    assert.equal(format(''), '');
    assert.equal(format('\n\n'), '');
    assert.equal(format('func f() {\r\nx()\r\n}\r\n'), 'func f() {\n\tx()\n}\n');
  });

  it('gives a text with errors back as it is', () => {
    for (const text of [
      'func f( {',
      'x  :=  1',
      'func f() { "',
      '/*  ',
      'func f() { x y }',
      '\0',
    ]) {
      assert.equal(format(text), text);
    }
  });

  it('formats long files in linear time', () => {
    const pieces: Record<string, string> = {
      functions:
        'func f(a,b int) int {\nx := a+b*2 // c\nif x > 3 { return f(x, b) }\nreturn x\n}\n',
      'one line': 'var x  = f(a, /* c */ b); ',
      comments: '/* a */ /* b */ ',
    };
    for (const [name, piece] of Object.entries(pieces)) {
      const time = (size: number): number => {
        const start = performance.now();
        const text = piece.repeat(Math.ceil(size / piece.length));
        assert.notEqual(format(text), text);
        return performance.now() - start;
      };
      time(20_000);
      const [small, big] = [time(20_000), time(200_000)];
      assert.ok(big < 40 * small + 300, `${name}: 20 kB took ${small} ms, 200 kB ${big} ms`);
    }
  });

  it('does not take exponential time for nested groups of parameters', () => {
    const text = `func f(${'a, b func('.repeat(60)}int${')'.repeat(61)}\n`;
    assert.equal(format(text), text);
  });
});
