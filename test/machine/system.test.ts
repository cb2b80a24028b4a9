import assert from 'node:assert';
import { readFileSync } from 'node:fs';
import { GLOBALS } from '../../src/language/image.ts';
import { SYSTEM_CALLS } from '../../src/language/instruction-table.ts';
import * as ops from '../../src/language/instructions.ts';
import { equalInterfaces } from '../../src/machine/equality.ts';
import { Machine } from '../../src/machine/machine.ts';
import { systemCall } from '../../src/machine/system.ts';
import { decode, encode } from '../../src/machine/utf8.ts';
import type { FunctionSource } from './assemble.ts';
import { assemble } from './assemble.ts';
import type { Go } from './values.ts';
import { idOf, runtimeTypes, Values } from './values.ts';

const values = new Values();
const { machine } = values;
const base = GLOBALS + 3900;

/** Result words of a system call; its trap, with its operands, as text. */
function call(name: string, ...words: number[]): number[] | string {
  const number = SYSTEM_CALLS.findIndex((one) => one.name === name);
  machine.poke(base, words);
  machine.context = machine.memory[64 + 1];
  machine.pc = 0;
  machine.fp = machine.memory[64 + 3];
  machine.isolated = true;
  try {
    systemCall(machine, number, base);
  } catch (error) {
    return (error as Error).message;
  } finally {
    machine.isolated = false;
  }
  const { argumentWords, resultWords } = SYSTEM_CALLS[number];
  for (let word = resultWords; word < argumentWords; word++) {
    assert.strictEqual(machine.memory[base + word], 0, `${name} leaves its arguments`);
  }
  return Array.from(machine.memory.subarray(base, base + resultWords));
}

const text = (value: string) => machine.makeString(value);

function check(name: string, words: number[], expected: number | string): void {
  const result = call(name, ...words);
  if (typeof result === 'string') assert.strictEqual(result, expected);
  else if (typeof expected === 'number') assert.strictEqual(result[0], expected, name);
  else assert.strictEqual(machine.readString(result[0]), expected, name);
}

/** The words of the slice at `base`. */
function items(result: number[] | string): number[] | string {
  if (typeof result === 'string') return result;
  return Array.from(machine.memory.subarray(result[0], result[0] + result[1]));
}

describe('machine: strings', () => {
  beforeEach(() => values.clear());

  it('are bytes', () => {
    check('CONCAT', [text('grün '), text('☺')], 'grün ☺');
    check('CONCAT', [0, text('x')], 'x');
    check('COMPARE', [text('ab'), text('b')], -1);
    check('COMPARE', [text('ab'), text('ab')], 0);
    check('COMPARE', [text('é'), text('z')], 1);
    check('COMPARE', [text('abc'), text('ab')], 1);
    check('STRING_LENGTH', [text('grün')], 5);
    check('STRING_LENGTH', [0], 0);
    check('STRING_INDEX', [text('grün'), 2], 0xc3);
    check('STRING_INDEX', [text('ab'), 2], 'panicIndex');
    check('SUBSTRING', [text('hello'), 1, 3], 'el');
    check('SUBSTRING', [text('hello'), 1, ops.NO_BOUND], 'ello');
    check('SUBSTRING', [text('hello'), 0, ops.NO_BOUND], 'hello');
    check('SUBSTRING', [text('hello'), 5, ops.NO_BOUND], '');
    check('SUBSTRING', [text('hello'), 0, 6], 'panicSliceAlen');
    check('SUBSTRING', [text('hello'), 0, -1], 'panicSliceAlen');
    check('SUBSTRING', [text('hello'), -1, 2], 'panicSliceB');
    check('SUBSTRING', [text('hello'), 3, 2], 'panicSliceB');
    check('RUNE_STRING', [0x1f600], '😀');
    check('RUNE_STRING', [-1], '\ufffd');
    check('ITOA', [-5], '-5');
    check('UTOA', [-1], '4294967295');
    assert.deepStrictEqual(call('STRING_RUNE', text('a☺'), 1), [0x263a, 3]);
    assert.deepStrictEqual(call('STRING_RUNE', text('a☺'), 2), [0xfffd, 1]);
  });

  it('become slices and come back', () => {
    assert.deepStrictEqual(items(call('STRING_BYTES', text('é!'))), [0xc3, 0xa9, 33]);
    assert.deepStrictEqual(items(call('STRING_RUNES', text('é!'))), [0xe9, 33]);
    const bytes = call('STRING_BYTES', text('abc')) as number[];
    assert.deepStrictEqual(bytes.slice(1), [3, 8]);
    check('BYTES_STRING', bytes, 'abc');
    check('RUNES_STRING', call('STRING_RUNES', text('é☺')) as number[], 'é☺');
    const target = values.place([1, 2, 3, 4]);
    check('COPY_STRING', [target, 4, 4, text('xy')], 2);
    assert.deepStrictEqual(
      Array.from(machine.memory.subarray(target, target + 4)),
      [120, 121, 3, 4],
    );
  });

  it('keep bytes that are no UTF-8', () => {
    const bytes = Uint8Array.of(
      0x61,
      0xff,
      0xc3,
      0xe2,
      0x98,
      0xed,
      0xa0,
      0x80,
      0xf4,
      0x90,
      0x80,
      0x80,
    );
    assert.deepStrictEqual(encode(decode(bytes)), bytes);
    for (const valid of ['', 'aé☺😀\0', '\u{10ffff}\u0080\u07ff\u0800\uffff\u{10000}']) {
      assert.strictEqual(decode(encode(valid)), valid);
      assert.deepStrictEqual(encode(valid), new TextEncoder().encode(valid));
    }
  });
});

describe('machine: slices', () => {
  beforeEach(() => values.clear());

  /** Capacities that appending one element after another goes through. */
  function capacities(element: string, count: number): number[] {
    const found: number[] = [];
    let slice = [0, 0, 0];
    const words = machine.image.types[idOf(element)]?.words ?? 1;
    const one = values.place(Array.from({ length: words }, () => 0));
    for (let i = 0; i < count; i++) {
      slice = call('APPEND', ...slice, one, 1, 1, idOf(element)) as number[];
      if (found.at(-1) !== slice[2]) found.push(slice[2]);
    }
    return found;
  }

  it('grow as in Go', () => {
    const printed = readFileSync('test/machine/format/go1.23.txt', 'utf8');
    for (const [name, element] of [
      ['int', 'int'],
      ['string', 'string'],
      ['byte', 'uint8'],
    ]) {
      const line = new RegExp(`^caps ${name} \\[(.*)\\]$`, 'm').exec(printed) as RegExpExecArray;
      assert.strictEqual(capacities(element, 5000).join(' '), line[1], name);
    }
    const more = (element: string, length: number, added: number) =>
      (
        call(
          'APPEND',
          values.place([1]),
          length,
          length,
          values.place([1]),
          added,
          added,
          idOf(element),
        ) as number[]
      )[2];
    const line = /^caps more (.*)$/m.exec(printed) as RegExpExecArray;
    const all = [more('int', 3, 4), more('int', 0, 3), more('string', 1, 3), more('main.T', 1, 2)];
    assert.strictEqual(all.join(' '), line[1]);
  });

  it('append in place while there is room, and copy when there is none', () => {
    const address = values.place([1, 2, 3, 4]);
    const other = values.place([8, 9]);
    const int = idOf('int');
    assert.deepStrictEqual(call('APPEND', address, 1, 4, other, 2, 2, int), [address, 3, 4]);
    const grown = call('APPEND', address, 4, 4, other, 1, 2, int);
    assert.deepStrictEqual(items(grown), [1, 8, 9, 4, 8]);
    assert.deepStrictEqual(call('APPEND', 0, 0, 0, 0, 0, 0, int), [0, 0, 0]);
    // Appending a slice to itself.
    assert.deepStrictEqual(items(call('APPEND', address, 2, 4, address, 2, 4, int)), [1, 8, 1, 8]);
  });

  it('are cut within their bounds', () => {
    const cut = (low: number, high: number | null, max: number | null, isArray = false) => {
      const flags = (high === null ? 0 : 1) | (max === null ? 0 : 2) | (isArray ? 4 : 0);
      return call('SLICE', 100, 4, 6, low, high ?? 0, max ?? 0, 2, flags);
    };
    assert.deepStrictEqual(cut(0, null, null), [100, 4, 6]);
    assert.deepStrictEqual(cut(1, 3, null), [102, 2, 5]);
    assert.deepStrictEqual(cut(1, 6, 6), [102, 5, 5]);
    assert.deepStrictEqual(cut(6, 6, null), [100, 0, 0]);
    assert.strictEqual(cut(0, 7, null), 'panicSliceAcap');
    assert.strictEqual(cut(0, -1, null), 'panicSliceAcap');
    assert.strictEqual(cut(0, 7, null, true), 'panicSliceAlen');
    assert.strictEqual(cut(5, null, null), 'panicSliceB');
    assert.strictEqual(cut(-1, 2, null), 'panicSliceB');
    assert.strictEqual(cut(0, 2, 7), 'panicSlice3Acap');
    assert.strictEqual(cut(0, 2, 7, true), 'panicSlice3Alen');
    assert.strictEqual(cut(0, 3, 2), 'panicSlice3B');
    assert.strictEqual(cut(3, 2, 4), 'panicSlice3C');
  });

  it('are copied, also onto themselves', () => {
    const address = values.place([1, 2, 3, 4]);
    check('COPY', [address + 1, 3, 3, address, 4, 4, 1], 3);
    assert.deepStrictEqual(Array.from(machine.memory.subarray(address, address + 4)), [1, 1, 2, 3]);
    check('COPY', [address, 2, 4, address + 1, 3, 3, 1], 2);
    assert.deepStrictEqual(Array.from(machine.memory.subarray(address, address + 4)), [1, 2, 2, 3]);
    assert.deepStrictEqual(call('MOVE', address, 0, 2), []);
    assert.deepStrictEqual(Array.from(machine.memory.subarray(address, address + 4)), [0, 0, 2, 3]);
    check('MOVE', [0, address, 2], 'panicmem');
  });
});

describe('machine: values', () => {
  beforeEach(() => values.clear());

  it('are equal as in Go', () => {
    const rows: [Go, Go, boolean | string][] = [
      [['int', 1], ['int', 1], true],
      [['int', 1], ['uint32', 1], false],
      [['string', 'a☺'], ['string', 'a☺'], true],
      [['main.T', [1, 'x']], ['main.T', [1, 'x']], true],
      [['main.T', [1, 'x']], ['main.T', [1, 'y']], false],
      [['[2]int', [1, 2]], ['[2]int', [1, 2]], true],
      [['[2]int', [1, 2]], ['[2]int', [1, 3]], false],
      [null, null, true],
      [null, ['int', 0], false],
      [['[]int', [1]], ['[]int', [1]], '[]int'],
      [['[]int', [1]], ['int', 1], false],
      [['func()', undefined], ['func()', undefined], 'func()'],
      [['*int', 1], ['*int', 1], false],
    ];
    for (const [x, y, expected] of rows) {
      const address = values.place([...values.any(x), ...values.any(y)]);
      const { equal, uncomparable } = equalInterfaces(machine, address, address + 2);
      const name = machine.image.types[uncomparable]?.name ?? equal;
      assert.strictEqual(name, expected, JSON.stringify([x, y]));
    }
  });

  it('are printed by an uncaught panic as in Go', () => {
    const rows: [Go, string][] = [
      [['string', 'boom'], 'boom'],
      [['int', 5], '5'],
      [['bool', true], 'true'],
      [['main.E', 5], 'main.E(5)'],
      [['main.S', 's'], 'main.S("s")'],
      [null, 'nil'],
    ];
    for (const [value, expected] of rows) check('PANIC_TEXT', [...values.any(value), 1], expected);
    const shown = call('PANIC_TEXT', ...values.any(['main.T', [1, 'x']]), 1) as number[];
    assert.match(machine.readString(shown[0]), /^\(main\.T\) 0xc0000[0-9a-f]{5}$/);
  });

  it('have type names and ids', () => {
    check('TYPE_NAME', [idOf('main.T')], 'main.T');
    check('TYPE_NAME', [0], '<nil>');
    check('TYPE_ID', [idOf('int'), 5], idOf('int'));
    check('FORMAT_POINTER', [0], 'nil');
    check('OPTION', [text('gomaxprocs')], 0);
  });
});

describe('machine: freed memory', () => {
  /** Allocates, frees, and then executes the line on slot 3, the address. */
  function outcomeOf(...line: [string, ...number[]]): string {
    const functions: FunctionSource[] = [
      {
        name: 'main',
        frame: 30,
        code: [
          ['YIELD'],
          ['ALLOC', 3, idOf('main.T')],
          ['ALLOC', 6, idOf('main.T')],
          ['MOV', 20, 3],
          ['SYS', ops.SYS_FREE, 20],
          ['MOV', 20, 3],
          ['MOV', 21, 6],
          ['CONST', 22, 1],
          line,
          ['YIELD'],
          ['RET', 3, 0],
        ],
      },
    ];
    const own = new Machine(assemble({ types: runtimeTypes(), functions }), {
      memoryWords: 1 << 16,
    });
    const before = own.snapshot();
    const mark = own.mark();
    own.step(0);
    const { kind } = own.outcome() ?? { kind: 'none' };
    own.undo(mark);
    assert.deepStrictEqual(own.snapshot(), before);
    return kind;
  }

  it('is noticed whoever touches it', () => {
    const wide = 1 | (1 << 16);
    for (const line of [
      ['LOAD', 4, 3, 0],
      ['LOAD', 4, 3, 1],
      ['STORE', 3, 1, 4],
      ['LOADN', 4, 3, wide],
      ['STOREN', 3, wide, 4],
      ['SYS', ops.SYS_FREE, 20],
      ['SYS', ops.SYS_MOVE, 20],
    ] as [string, ...number[]][]) {
      assert.strictEqual(outcomeOf(...line), 'use-after-free', line.join(' '));
    }
    assert.strictEqual(outcomeOf('LOAD', 4, 6, 0), 'none');
    assert.strictEqual(outcomeOf('STORE', 6, 1, 4), 'none');
  });
});
