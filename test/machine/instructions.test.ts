import assert from 'node:assert';
import { THREADS, THREAD_FP } from '../../src/language/image.ts';
import * as ops from '../../src/language/instructions.ts';
import { Machine } from '../../src/machine/machine.ts';
import type { FunctionSource, Operand } from './assemble.ts';
import { assemble, globalAddress, typeId } from './assemble.ts';

type Line = string | readonly [string, ...Operand[]];

const MAX = 0x7fffffff;
const MIN = -0x80000000;
const SLOTS = 40;

/** Functions for all traps: each ends the run with its name as the message. */
const trapFunctions: FunctionSource[] = ops.TRAPS.map(({ name, arguments: count }) => ({
  name,
  frame: 8,
  parameters: count,
  isModel: true,
  code: [
    ['CONST', 5, "'fail"],
    ['CONST', 6, `'${name}`],
    ['OUTCOME', 5, 6],
  ],
}));

/** Runs lines on slots 3, 4, … = inputs until a YIELD after them; gives slots, or the trap. */
function run(inputs: readonly number[], code: readonly Line[]): { slots: number[]; trap: string } {
  const setUp = inputs.map((value, index): Line => ['CONST', 3 + index, value]);
  const image = assemble({
    globals: 8,
    types: [
      { kind: 'struct', words: 3 },
      { kind: 'pointer', methods: { 4: 2 } },
    ],
    methodNames: ['a', 'b', 'c', 'd', 'e'],
    functions: [
      {
        name: 'main',
        frame: SLOTS,
        code: [['YIELD'], ...setUp, ...code, 'end', ['YIELD'], ['RET', 3, 0]],
      },
      {
        name: 'double',
        frame: 6,
        parameters: 1,
        results: 1,
        code: [
          ['ADDI', 4, 3, 0],
          ['ADD', 3, 3, 4],
          ['RET', 3, 1],
        ],
      },
      {
        name: 'captured',
        frame: 6,
        results: 2,
        code: [
          ['LOAD', 3, 2, 1],
          ['LOAD', 4, 2, 2],
          ['RET', 3, 2],
        ],
      },
      ...trapFunctions,
    ],
  });
  const machine = new Machine(image, { checking: true, memoryWords: 1 << 16 });
  const zero = machine.snapshot();
  const mark = machine.mark();
  machine.step(0);
  if (machine.pendingOperation(0).op === ops.OP_OUTCOME) machine.step(0);
  const fp = machine.memory[THREADS + THREAD_FP];
  const outcome = machine.outcome();
  const slots = Array.from(machine.memory.subarray(fp + 3, fp + SLOTS));
  const result = { slots, trap: outcome === null ? '' : `${outcome.kind} ${outcome.message}` };
  if (outcome?.kind === 'fail') {
    const count = ops.TRAPS.find((trap) => trap.name === outcome.message)?.arguments ?? 0;
    result.trap = [outcome.message, ...slots.slice(0, count)].join(' ');
  }
  machine.checkHash();
  machine.undo(mark);
  assert.deepStrictEqual(machine.snapshot(), zero);
  return result;
}

/** Slots 3, 4, … after the lines; a trap by its name and arguments. */
function check(inputs: readonly number[], line: Line | readonly Line[], expected: number | string) {
  const code = typeof line[0] === 'string' ? [line as Line] : (line as readonly Line[]);
  const { slots, trap } = run(inputs, code);
  assert.strictEqual(trap === '' ? slots[10] : trap, expected, JSON.stringify(line));
}

/** Instructions `NAME d s s`: result 13 of inputs 3 and 4. */
function checkTwo(name: string, rows: readonly [number, number, number | string][]) {
  for (const [x, y, expected] of rows) check([x, y], [name, 13, 3, 4], expected);
}

describe('machine: instructions', () => {
  it('moves words', () => {
    check([5], ['MOV', 13, 3], 5);
    check([], ['CONST', 13, -7], -7);
    check([1, 2, 3], ['MOVN', 12, 3, 3], 2);
    check(
      [1, 2, 3, 4],
      [
        ['MOVN', 4, 3, 3],
        ['MOV', 13, 6],
      ],
      3,
    );
    check(
      [1, 2, 3, 4],
      [
        ['MOVN', 3, 4, 3],
        ['MOV', 13, 5],
      ],
      4,
    );
    check(
      [1, 2],
      [
        ['CONST', 13, 9],
        ['CLEAR', 12, 2],
      ],
      0,
    );
    check(
      [],
      [
        ['FRAME', 3],
        ['LEA', 4, 5],
        ['SUB', 13, 4, 3],
      ],
      5,
    );
    check([100], ['FIELD', 13, 3, 4], 104);
    check([0], ['FIELD', 13, 3, 4], 'panicmem');
    check(
      [100, 3],
      [
        ['ELEMENT', 3, 4, 5],
        ['MOV', 13, 3],
      ],
      115,
    );
    check(
      [2, 3],
      [
        ['BOUNDS', 3, 4],
        ['CONST', 13, 1],
      ],
      1,
    );
    check([3, 3], ['BOUNDS', 3, 4], 'panicIndex 3 3');
    check([-1, 3], ['BOUNDS', 3, 4], 'panicIndex -1 3');
    check([], ['NOP'], 0);
  });

  it('computes with 32 bits, and says where more would be needed', () => {
    checkTwo('ADD', [
      [2, 3, 5],
      [MAX, 1, 'panicoverflow'],
      [MIN, -1, 'panicoverflow'],
    ]);
    checkTwo('SUB', [
      [2, 3, -1],
      [MIN, 1, 'panicoverflow'],
      [0, MIN, 'panicoverflow'],
    ]);
    checkTwo('MUL', [
      [-4, 3, -12],
      [65536, 32768, 'panicoverflow'],
      [65536, -32768, MIN],
    ]);
    checkTwo('MUL', [
      [0, -5, 0],
      [MAX, MAX, 'panicoverflow'],
      [MIN, -1, 'panicoverflow'],
    ]);
    checkTwo('DIV', [
      [7, 2, 3],
      [-7, 2, -3],
      [7, -2, -3],
      [MIN, -1, 'panicoverflow'],
    ]);
    checkTwo('DIV', [
      [1, 0, 'panicdivide'],
      [-1, 2, 0],
    ]);
    checkTwo('REM', [
      [7, 2, 1],
      [-7, 2, -1],
      [7, -2, 1],
      [MIN, -1, 0],
      [1, 0, 'panicdivide'],
    ]);
    checkTwo('ADDW', [[MAX, 1, MIN]]);
    checkTwo('SUBW', [[MIN, 1, MAX]]);
    checkTwo('MULW', [
      [MAX, MAX, 1],
      [65537, 65537, 131073],
    ]);
    checkTwo('DIVU', [
      [-1, 2, MAX],
      [7, 2, 3],
      [1, 0, 'panicdivide'],
      [-1, 1, -1],
    ]);
    checkTwo('REMU', [
      [-1, 10, 5],
      [1, 0, 'panicdivide'],
      [MIN, 3, 2],
    ]);
    checkTwo('AND', [[12, 10, 8]]);
    checkTwo('OR', [[12, 10, 14]]);
    checkTwo('XOR', [[12, 10, 6]]);
    checkTwo('ANDNOT', [[12, 10, 4]]);
    check([MIN], ['NEG', 13, 3], 'panicoverflow');
    check([5], ['NEG', 13, 3], -5);
    check([5], ['NOT', 13, 3], -6);
    check([5], ['LNOT', 13, 3], 0);
    check([0], ['LNOT', 13, 3], 1);
    check([MAX], ['ADDI', 13, 3, 1], 'panicoverflow');
    check([7], ['ADDI', 13, 3, -9], -2);
    check([-1], ['RANGE', 3], 'panicoverflow');
    check([1], ['RANGE', 3], 0);
    check([0x1ff], ['WRAP', 13, 3, 8], 0xff);
    check([0x1ff], ['WRAP', 13, 3, -8], -1);
    check([0x12345], ['WRAP', 13, 3, 16], 0x2345);
    check([0x8000], ['WRAP', 13, 3, -16], -32768);
  });

  it('shifts as Go does, by any count', () => {
    checkTwo('SHL', [
      [1, 30, 1 << 30],
      [1, 31, 'panicoverflow'],
      [-1, 31, MIN],
      [0, 99, 0],
    ]);
    checkTwo('SHL', [
      [1, 32, 'panicoverflow'],
      [1, -1, 'panicshift'],
    ]);
    checkTwo('SHLW', [
      [1, 31, MIN],
      [1, 32, 0],
      [3, 1, 6],
      [1, -1, 'panicshift'],
    ]);
    checkTwo('SHR', [
      [-8, 1, -4],
      [-8, 32, -1],
      [8, 40, 0],
      [1, -1, 'panicshift'],
    ]);
    checkTwo('SHRU', [
      [-8, 1, 0x7ffffffc],
      [-8, 32, 0],
      [1, -1, 'panicshift'],
    ]);
  });

  it('compares and jumps', () => {
    checkTwo('EQ', [
      [1, 1, 1],
      [1, 2, 0],
    ]);
    checkTwo('NE', [
      [1, 1, 0],
      [1, 2, 1],
    ]);
    checkTwo('LT', [
      [-1, 1, 1],
      [1, 1, 0],
    ]);
    checkTwo('LE', [
      [1, 1, 1],
      [1, -1, 0],
    ]);
    checkTwo('LTU', [
      [-1, 1, 0],
      [1, -1, 1],
    ]);
    checkTwo('LEU', [
      [-1, -1, 1],
      [-1, 1, 0],
    ]);
    const jumps = (jump: Line): Line[] => [['CONST', 13, 1], jump, ['CONST', 13, 2], 'there'];
    check([], jumps(['JMP', '@there']), 1);
    check([1, 0], jumps(['JT', 3, '@there']), 1);
    check([1, 0], jumps(['JT', 4, '@there']), 2);
    check([1, 0], jumps(['JF', 4, '@there']), 1);
    check([1, 0], jumps(['JF', 3, '@there']), 2);
    check([1, 1], jumps(['JEQ', 3, 4, '@there']), 1);
    check([1, 1], jumps(['JNE', 3, 4, '@there']), 2);
    check([-1, 1], jumps(['JLT', 3, 4, '@there']), 1);
    check([1, 1], jumps(['JLT', 3, 4, '@there']), 2);
    check([1, 1], jumps(['JLE', 3, 4, '@there']), 1);
  });

  it('reads and writes memory, and knows nil', () => {
    const wide = (offset: number, count: number) => offset | (count << 16);
    const at = globalAddress(0);
    check(
      [at, 5],
      [
        ['STORE', 3, 2, 4],
        ['GLOAD', 13, at + 2],
      ],
      5,
    );
    check(
      [at, 5],
      [
        ['GSTORE', at + 3, 4],
        ['LOAD', 13, 3, 3],
      ],
      5,
    );
    check(
      [at, 5, 6],
      [
        ['STOREN', 3, wide(1, 2), 4],
        ['LOADN', 12, 3, wide(1, 2)],
      ],
      6,
    );
    check(
      [at, 1, 2, 3, 4],
      [
        ['STOREN', 3, wide(0, 4), 4],
        ['LOAD', 13, 3, 3],
      ],
      4,
    );
    check([3], ['LOAD', 13, 3, 40], 'panicmem');
    check([0], ['STORE', 3, 40, 3], 'panicmem');
    check([0], ['LOADN', 13, 3, wide(0, 2)], 'panicmem');
    check([0], ['STOREN', 3, wide(0, 2), 13], 'panicmem');
  });

  it('calls functions, closures and methods', () => {
    check(
      [7],
      [
        ['MOV', 23, 3],
        ['CALL', 'double()', 20],
        ['MOV', 13, 23],
      ],
      14,
    );
    check(
      [-2, 7],
      [
        ['MOV', 23, 4],
        ['CALLC', 3, 20],
        ['MOV', 13, 23],
      ],
      14,
    );
    check([0], ['CALLC', 3, 20], 'panicmem');
    const closure: Line[] = [
      ['CLOSURE', 5, 'captured()', 2],
      ['STORE', 5, 1, 3],
      ['STORE', 5, 2, 4],
      ['CALLC', 5, 20],
    ];
    check([7, 8], [...closure, ['SUB', 13, 24, 23]], 1);
    // Type 1 has `captured` as method 4; it is called with a receiver that it takes no notice of.
    check([typeId(1), 0], ['CALLI', 4, 20, 4], 'panicmem');
    check([0, -2], ['TRAP', ops.TRAP_INDEX, 3, 4], 'panicIndex 0 -2');
  });

  it('allocates zeroed objects that do not overlap', () => {
    check(
      [],
      [
        ['ALLOC', 3, typeId(0)],
        ['ALLOC', 4, typeId(0)],
        ['SUB', 13, 4, 3],
      ],
      5,
    );
    check(
      [3],
      [
        ['ALLOCN', 4, typeId(0), 3],
        ['ALLOC', 5, typeId(0)],
        ['SUB', 13, 5, 4],
      ],
      11,
    );
    check([-1], ['ALLOCN', 4, typeId(0), 3], 'panicmakeslice');
    check([MAX], ['ALLOCN', 4, typeId(0), 3], 'panicmakeslice');
    check(
      [7],
      [
        ['ALLOC', 4, typeId(0)],
        ['STORE', 4, 2, 3],
        ['ALLOC', 5, typeId(0)],
        ['LOAD', 13, 5, 0],
      ],
      0,
    );
  });

  it('tells which methods a type has', () => {
    check([0], ['IMPLEMENTS', 13, 3, typeId(1)], 0);
    check([typeId(1)], ['IMPLEMENTS', 13, 3, typeId(1)], 1);
    check([typeId(0)], ['IMPLEMENTS', 13, 3, typeId(1)], 0);
  });

  it('ends with an outcome of its own where an image is impossible', () => {
    assert.match(run([], [['WRAP', 3, 3, 7]]).trap, /^internal internal error: WRAP to 7 bits/);
    assert.match(run([], [['ATOMIC_END']]).trap, /^internal internal error: .*please report$/);
    assert.match(run([5], [['STORE', 3, 0, 3]]).trap, /^panicmem/);
    assert.match(run([1 << 22], [['STORE', 3, 0, 3]]).trap, /^internal .*outside globals, heap/);
  });
});
