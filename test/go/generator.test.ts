import assert from 'node:assert';
import { formatDiagnostic } from '../../src/language/diagnostics.ts';
import { parse } from '../../src/language/parser.ts';
import { generateProgram } from './generator/program.ts';
import { createRandom } from './generator/random.ts';

describe('random Go programs', () => {
  it('are determined by their seed', () => {
    for (const seed of [1, 7, 1000]) {
      assert.equal(generateProgram(seed).source, generateProgram(seed).source);
    }
    assert.notEqual(generateProgram(1).source, generateProgram(2).source);
    assert.equal(createRandom(1).below(1_000_000), 449_488);
  });
  it('parse as scenarios, with and without callbacks', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const { source: text } = generateProgram(seed, { cgo: seed % 2 === 0 });
      const { diagnostics } = parse({ path: `seed ${seed}`, text, isModel: false });
      assert.deepEqual(diagnostics.map(formatDiagnostic), []);
    }
  });
  it('hold every kind of statement between them', () => {
    const text = Array.from({ length: 200 }, (_, seed) => generateProgram(seed).source).join('');
    for (const word of [
      'iter.Pull2(',
      'select {',
      'recover()',
      'Goexit()',
      'go func()',
      'switch',
    ]) {
      assert.ok(text.includes(word), word);
    }
  });
});
