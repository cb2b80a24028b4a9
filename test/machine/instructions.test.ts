import assert from 'node:assert';
import * as ops from '../../src/language/instructions.ts';
import { globalAddress, typeId } from './assemble.ts';
import type { Line } from './one-instruction.ts';
import { check, checkTwo, MAX, run } from './one-instruction.ts';

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
    assert.match(run([MAX], [['ALLOCN', 4, typeId(0), 3]]).trap, /^limit memory: /);
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
    check([0], ['IMPLEMENTS', 13, 3, typeId(2)], 0);
    check([typeId(1)], ['IMPLEMENTS', 13, 3, typeId(2)], 1);
    check([typeId(0)], ['IMPLEMENTS', 13, 3, typeId(2)], 0);
  });

  it('ends with an outcome of its own where an image is impossible', () => {
    assert.match(run([], [['WRAP', 3, 3, 7]]).trap, /^internal internal error: WRAP to 7 bits/);
    assert.match(run([], [['ATOMIC_END']]).trap, /^internal internal error: .*please report$/);
    assert.match(run([5], [['STORE', 3, 0, 3]]).trap, /^panicmem/);
    assert.match(run([1 << 22], [['STORE', 3, 0, 3]]).trap, /^internal .*outside globals, heap/);
  });
});
