import assert from 'node:assert';
import { readFileSync } from 'node:fs';
import { sprintf } from '../../src/machine/format-directives.ts';
import { newPrinting } from '../../src/machine/format-methods.ts';
import { unwrap } from '../../src/machine/format-names.ts';
import { sprint, sprintln } from '../../src/machine/format.ts';
import { displayable } from '../../src/machine/utf8.ts';
import type { Go } from './values.ts';
import { Values } from './values.ts';

const values = new Values();

/** What Go 1.23 printed for the program beside it. */
const expectations = readFileSync('test/machine/format/go1.23.txt', 'utf8').trimEnd().split('\n');

/** The values of that program by the names it gives them. */
const named: Readonly<Record<string, Go>> = {
  'int 42': ['int', 42],
  'int -7': ['int', -7],
  'uint32 4000000000': ['uint32', 4000000000],
  'uint8 65': ['uint8', 65],
  'int8 -3': ['int8', -3],
  'bool true': ['bool', true],
  'string hi': ['string', 'hi'],
  'string qu': ['string', 'a"b\n\té☺\0'],
  'string bad': ['string', 'a\udcffb'],
  rune: ['int32', 0x263a],
  T: ['main.T', [1, 'x']],
  E: ['main.E', 5],
  S: ['main.S', 's'],
  N: ['main.N', [undefined, null, undefined, [true, false], 3]],
  N2: ['main.N', [undefined, ['main.T', [2, 'y']], [1, 2], [false, false], 0]],
  '[]int': ['[]int', [1, -2, 3]],
  '[]int nil': ['[]int', undefined],
  '[]string': ['[]string', ['a', 'b c']],
  '[]byte': ['[]uint8', [104, 195, 169]],
  '[]any': ['[]interface {}', [['int', 1], ['string', 'a'], null, ['bool', true]]],
  '[2]int': ['[2]int', [3, 4]],
  '*T': ['*main.T', [1, 'x']],
  '*T nil': ['*main.T', undefined],
  '*[]int': ['*[]int', [1]],
  nil: null,
  'func nil': ['func()', undefined],
  'chan nil': ['chan int', undefined],
  '[]T': ['[]main.T', [[1, 'x']]],
  '[][]int': ['[][]int', [[1], undefined]],
  'uintptr 9': ['uintptr', 9],
  empty: ['string', ''],
  '*int nil': ['*int', undefined],
};

const int = (value: number): Go => ['int', value];
const text = (value: string): Go => ['string', value];

/** Operands of the rows that have a whole format, where they are not what `int 1` gives. */
const operands: readonly (readonly [format: string, values: readonly Go[]])[] = [
  ['100%%', []],
  ['%d', []],
  ['%d %d', [int(1)]],
  ['%d', [int(1), int(2), text('x'), null]],
  ['no', [int(1)]],
  ['%', []],
  ['%!', [int(1)]],
  ['%[2]d %[1]d', [int(1), int(2)]],
  ['%[3]d', [int(1)]],
  ['%*d', [int(5), int(1)]],
  ['%-*d|', [int(5), int(1)]],
  ['%*d|', [int(-5), int(1)]],
  ['%.*d', [int(3), int(1)]],
  ['%*d', [text('x'), int(1)]],
  ['%[x]d', [int(1)]],
  ['%[1]*d', [int(3)]],
  ['%.[2]*[1]d', [int(12), int(5)]],
  ['%6.2d|', [int(7)]],
  ['%s %v', [text('a'), ['main.T', [1, 'b']]]],
  ['☺%d☺', [int(1)]],
  ['%☺', [int(1)]],
  ['%.d', [int(0)]],
  ['%[2]*.[1]*[3]d', [int(2), int(6), int(5)]],
  [
    '%-5t|%5t',
    [
      ['bool', true],
      ['bool', false],
    ],
  ],
  ['%08b', [int(5)]],
  [
    '%+v %#v',
    [
      ['main.E', 1],
      ['main.E', 2],
    ],
  ],
  ['%.-3d', [int(1)]],
  ['%-+5d|', [int(3)]],
  ['%.*d', [int(-3), int(1)]],
  ['%[1]d %d', [int(1), int(2)]],
  ['%[2]d %d', [int(1), int(2)]],
  ['%6s|%-6s|%.2s|%6.2s', [text('abc'), text('abc'), text('abc'), text('abc')]],
  ['%x %X % x %#x % #x', [text('hi'), text('hi'), text('hi'), text('hi'), text('hi')]],
  ['%[1', [int(1)]],
  ['%06s', [text('ab')]],
  ['%-06s|', [text('ab')]],
  ['%q', [['[]string', ['a', 'b']]]],
  ['%d', [['[]int', [1, 2]]]],
  ['%3d|', [['[]int', [1, 2]]]],
  ['%s', [['[]interface {}', [text('a'), int(1)]]]],
  ['%s', [['main.T', [1, 'z']]]],
  ['%d', [['*main.T', [1, 'z']]]],
  ['%s', [null]],
  ['%d', [['[]uint8', [1, 2]]]],
  ['%#v', [['[]uint8', [1, 2]]]],
  ['%v', [['main.B', [97, 98]]]],
  ['%s', [['main.B', [97, 98]]]],
];

const escapes: Readonly<Record<string, string>> = { a: '\x07', v: '\v', n: '\n', t: '\t', r: '\r' };

/** The text that strconv.Quote made a literal of; invalid bytes as U+FFFD. */
function unquote(literal: string): string {
  const escape = /\\(?:x(..)|u(....)|U(.{8})|(.))/g;
  return literal.slice(1, -1).replace(escape, (_, byte, short, long, letter) => {
    if (letter !== undefined) return escapes[letter] ?? letter;
    const rune = parseInt(byte ?? short ?? long, 16);
    return byte !== undefined && rune >= 0x80 ? '\ufffd' : String.fromCodePoint(rune);
  });
}

function sprintfOf(format: string, ...list: readonly Go[]): string {
  values.clear();
  const address = values.anys(list)[0];
  const operandsOf = list.map((_, i) => unwrap(values.machine, address + 2 * i));
  return displayable(sprintf(newPrinting(values.machine, null, false), format, operandsOf));
}

/** Addresses differ from run to run in Go too. */
const withoutAddresses = (shown: string) =>
  shown.replace(
    /(?:0[xX])?[cC]000[0-9a-fA-F]{6}|82463\d{7}|1{2}0{20,}[01]+|0?o?1400\d{9}/g,
    'ADDRESS',
  );

describe('machine: package fmt', () => {
  const rows = expectations.map((line) => line.split('\t'));

  it('prints every value by every verb as Go does', () => {
    const failures: string[] = [];
    for (const [name, verb, literal] of rows.filter((row) => row.length === 3)) {
      assert.ok(name in named, name);
      const actual = withoutAddresses(sprintfOf(unquote(verb), named[name]));
      const expected = withoutAddresses(unquote(literal));
      if (actual !== expected) failures.push(`${name} ${verb}: ${actual}, in Go ${expected}`);
    }
    assert.deepStrictEqual(failures, []);
  });

  it('reads formats as Go does', () => {
    const failures: string[] = [];
    const formats = rows.filter((row) => row.length === 2 && row[0].startsWith('"'));
    assert.strictEqual(formats.length, operands.length);
    for (const [index, [literal, result]] of formats.entries()) {
      const [format, list] = operands[index];
      assert.strictEqual(unquote(literal), format);
      const actual = withoutAddresses(sprintfOf(format, ...list));
      const expected = withoutAddresses(unquote(result));
      if (actual !== expected) failures.push(`${literal}: ${actual}, in Go ${expected}`);
    }
    assert.deepStrictEqual(failures, []);
  });

  it('puts spaces where Sprint and Sprintln put them', () => {
    const list: Go[] = [text('a'), int(1), int(2), text('b'), text('c'), int(3), null];
    list.push(['bool', true], ['main.T', [1, 'x']]);
    const expected = (name: string) => unquote(rows.find((row) => row[0] === name)?.[1] ?? '');
    values.clear();
    const address = values.anys(list)[0];
    const all = list.map((_, i) => unwrap(values.machine, address + 2 * i));
    assert.strictEqual(sprint(newPrinting(values.machine, null, false), all), expected('print'));
    values.clear();
    const start = values.anys([text('a'), int(1), null])[0];
    const three = [0, 1, 2].map((i) => unwrap(values.machine, start + 2 * i));
    assert.strictEqual(
      sprintln(newPrinting(values.machine, null, false), three),
      expected('println'),
    );
  });
});
