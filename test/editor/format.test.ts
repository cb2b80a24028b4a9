import assert from 'node:assert';
import { format } from '../../src/editor/format.ts';
import { checkGolden } from '../golden.ts';
import { inputs } from './format/inputs.ts';

describe('formatter', () => {
  for (const [family, texts] of Object.entries(inputs)) {
    it(family, () => {
      const sections = texts.map((text) => `>>>\n${text}\n<<<\n${format(text)}`);
      checkGolden(`test/editor/format/${family}.txt`, sections.join('\n'));
      for (const text of texts) assert.equal(format(format(text)), format(text));
    });
  }

  it('gives a text with errors back as it is', () => {
    for (const text of [
      'func f( {',
      'x  :=  1',
      'func f() { "',
      '/*  ',
      'func f() { x y }',
      '\u0000',
    ]) {
      assert.equal(format(text), text);
    }
  });

  it('formats long files in linear time', () => {
    const piece =
      'func f(a int,b int) int {\nx := a+b*2 // c\nif x > 3 { return f(x, b) }\nreturn x\n}\n';
    const time = (count: number): number => {
      const start = performance.now();
      const text = piece.repeat(count);
      assert.notEqual(format(text), text);
      return performance.now() - start;
    };
    time(500);
    const [small, big] = [time(500), time(5000)];
    assert.ok(big < 40 * small + 300, `500 functions took ${small} ms, 5000 ${big} ms`);
  });
});
