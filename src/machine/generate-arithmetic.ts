/** JavaScript expressions for the arithmetic that generated code does itself. */
import * as ops from '../language/instructions.ts';

type Expression = (x: string, y: string) => string;

const compare =
  (operator: string): Expression =>
  (x, y) =>
    `${x} ${operator} ${y} ? 1 : 0`;
const unsigned =
  (operator: string): Expression =>
  (x, y) =>
    `(${x}) >>> 0 ${operator} (${y}) >>> 0 ? 1 : 0`;
const plain =
  (operator: string): Expression =>
  (x, y) =>
    `((${x}) ${operator} (${y})) | 0`;

const table: Readonly<Record<number, Expression>> = {
  [ops.OP_ADDW]: plain('+'),
  [ops.OP_SUBW]: plain('-'),
  [ops.OP_MULW]: (x, y) => `Math.imul(${x}, ${y})`,
  [ops.OP_AND]: plain('&'),
  [ops.OP_OR]: plain('|'),
  [ops.OP_XOR]: plain('^'),
  [ops.OP_ANDNOT]: (x, y) => `(${x}) & ~(${y})`,
  [ops.OP_EQ]: compare('==='),
  [ops.OP_NE]: compare('!=='),
  [ops.OP_LT]: compare('<'),
  [ops.OP_LE]: compare('<='),
  [ops.OP_LTU]: unsigned('<'),
  [ops.OP_LEU]: unsigned('<='),
};

/** The value of an instruction of two operands that cannot trap; null for all others. */
export function binaryExpression(op: number): Expression | null {
  return table[op] ?? null;
}

/** Whether ADD, SUB or ADDI went beyond 32 bits. */
export function overflowTest(op: number, x: string, y: string, result: string): string {
  if (op === ops.OP_SUB) return `((${x} ^ (${y})) & (${x} ^ ${result})) < 0`;
  return `((${x} ^ ${result}) & ((${y}) ^ ${result})) < 0`;
}

/** WRAP to 8, -8, 16 or -16 bits. */
export function wrapped(x: string, bits: number): string {
  const shift = 32 - Math.abs(bits);
  return bits < 0 ? `(${x}) << ${shift} >> ${shift}` : `(${x}) & ${2 ** bits - 1}`;
}

const jumps: Readonly<Record<number, Expression>> = {
  [ops.OP_JT]: (x) => `${x} !== 0`,
  [ops.OP_JF]: (x) => `${x} === 0`,
  [ops.OP_JEQ]: (x, y) => `${x} === ${y}`,
  [ops.OP_JNE]: (x, y) => `${x} !== ${y}`,
  [ops.OP_JLT]: (x, y) => `${x} < ${y}`,
  [ops.OP_JLE]: (x, y) => `${x} <= ${y}`,
};

/** The condition of a jump. */
export function isTrue(op: number, x: string, y: string): string {
  return jumps[op](x, y);
}
