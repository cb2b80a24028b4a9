import { check, checkTwo, MAX, MIN } from './one-instruction.ts';

describe('machine: arithmetic', () => {
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
      [1, -1, 0],
    ]);
    checkTwo('SHR', [
      [-8, 1, -4],
      [-8, 32, -1],
      [8, 40, 0],
      [-1, -1, -1],
    ]);
    checkTwo('SHRU', [
      [-8, 1, 0x7ffffffc],
      [-8, 32, 0],
      [1, -1, 0],
    ]);
  });
});
