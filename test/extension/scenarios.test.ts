import assert from 'node:assert';
import { findScenarios, scenarioAt } from '../../src/extension/scenarios.ts';

/** Scenario headers in `text` (lines joined by `|`), each as `name: its text`. */
function check(text: string, expected: string[]): void {
  const source = text.replaceAll('|', '\n');
  const found = findScenarios(source).map(
    ({ name, start, end }) => `${name}: ${source.slice(start, end).replaceAll('\n', '|')}`,
  );
  assert.deepEqual(found, expected);
}

describe('scenarios of a text', () => {
  it('ends each where the next declaration begins', () => {
    const first = 'scenario A {|}|';
    check(`runtime go1.23|${first}scenario B|	expect ok|{|}|func f() {|}|`, [
      `A: ${first}`,
      'B: scenario B|	expect ok|{|}|',
    ]);
  });
  it('takes main of a Go program for one', () =>
    check('func main() {|}', ['main: func main() {|}']));
  it('knows words apart', () => check('scenarios X|  scenario Y|func mainly() {|}', []));
  it('finds them in the middle of an edit', () =>
    check('scenario Ü {|	x := (|', ['Ü: scenario Ü {|	x := (|']));
  it('gives the one at an offset', () => {
    const text = 'func f() {}\nscenario A {\n}\nscenario B {\n}\n';
    assert.equal(scenarioAt(text, 3), undefined);
    assert.equal(scenarioAt(text, text.indexOf('A')), 'A');
    assert.equal(scenarioAt(text, text.length - 1), 'B');
  });
});
