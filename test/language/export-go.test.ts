import assert from 'node:assert';
import { readFileSync } from 'node:fs';
import { formatDiagnostic } from '../../src/language/diagnostics.ts';
import { exportGo } from '../../src/language/export-go.ts';
import { parse } from '../../src/language/parser.ts';
import { generateProgram } from '../go/generator/program.ts';
import { checkGolden } from '../golden.ts';

const folder = 'test/language/export-go';

function check(name: string, scenario: string): void {
  const path = `${name}.coro`;
  const text = readFileSync(`${folder}/${path}`, 'utf8');
  const { file, diagnostics } = parse({ path, text, isModel: false });
  assert.deepEqual(diagnostics.map(formatDiagnostic), []);
  const result = exportGo(file, scenario);
  const lines = result.text ?? `${result.diagnostics.map(formatDiagnostic).join('\n')}\n`;
  checkGolden(`${folder}/${name}.txt`, lines);
}

describe('export to Go', () => {
  it('makes the scenario main and leaves out what it does not need', () => {
    check('callback', 'IterLockYield');
  });
  it('gives a pasted program back', () => check('pasted', 'main'));
  it('refuses what Go does not have, each with its place', () => check('refused', 'Main'));
  it('says that there is no such scenario', () => {
    const { file } = parse({ path: 'a.coro', text: 'scenario A {}\n', isModel: false });
    const [diagnostic] = exportGo(file, 'B').diagnostics ?? [];
    assert.equal(diagnostic?.message, 'there is no scenario B here');
  });
  it('exports an exported program as it is', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const once = exported(generateProgram(seed).source);
      assert.equal(exported(once), once, `seed ${seed}`);
    }
  });
});

function exported(text: string): string {
  const { file, diagnostics } = parse({ path: 'seed.coro', text, isModel: false });
  assert.deepEqual(diagnostics.map(formatDiagnostic), []);
  return exportGo(file, 'main').text ?? '';
}
