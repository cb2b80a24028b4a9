/** Generated code of the instructions that work on slots alone. */
import { CONTEXT_OWNER, NIL_LIMIT, THREADS, THREAD_TLS, THREAD_WORDS } from '../language/image.ts';
import * as ops from '../language/instructions.ts';
import { binaryExpression, overflowTest, wrapped } from './generate-arithmetic.ts';
import { BlockWriter, INLINE_WORDS } from './generate-block.ts';

export class SlotWriter extends BlockWriter {
  /** Instructions on slots alone. */
  protected simple(op: number, a: number, b: number, c: number): boolean {
    const binary = binaryExpression(op);
    if (binary !== null) {
      const [x, y] = [this.read(b), this.read(c)];
      this.write(a, binary(x, y));
      return true;
    }
    switch (op) {
      case ops.OP_NOP:
      case ops.OP_YIELD:
        return true;
      case ops.OP_CONST:
        this.write(a, String(b));
        return true;
      case ops.OP_MOV:
        this.write(a, this.read(b));
        return true;
      case ops.OP_MOVN:
        return this.moveWords(a, b, c);
      case ops.OP_CLEAR:
        if (b > 4 * INLINE_WORDS) return false;
        for (let i = 0; i < b; i++) this.write(a + i, '0');
        return true;
      case ops.OP_FRAME:
        this.write(a, 'fp');
        return true;
      case ops.OP_LEA:
        this.write(a, `fp + ${b}`);
        return true;
      case ops.OP_FIELD: {
        const base = this.read(b);
        this.unless(`${base} < ${NIL_LIMIT}`);
        this.write(a, `(${base} + ${c}) | 0`);
        return true;
      }
      case ops.OP_ELEMENT: {
        const [base, index] = [this.read(a), this.read(b)];
        const offset = c === 1 ? index : `Math.imul(${index}, ${c})`;
        this.write(a, `(${base} + ${offset}) | 0`);
        return true;
      }
      case ops.OP_BOUNDS: {
        const [index, length] = [this.read(a), this.read(b)];
        this.unless(`${index} < 0 || ${index} >= ${length}`);
        return true;
      }
      case ops.OP_WRAP:
        this.write(a, wrapped(this.read(b), c));
        return true;
      case ops.OP_NOT:
        this.write(a, `~${this.read(b)}`);
        return true;
      case ops.OP_LNOT:
        this.write(a, `${this.read(b)} === 0 ? 1 : 0`);
        return true;
      case ops.OP_RANGE:
        this.unless(`${this.read(a)} < 0`);
        return true;
      default:
        return this.checkedArithmetic(op, a, b, c) || this.ownWord(op, a);
    }
  }

  /** Arithmetic that may trap. */
  protected checkedArithmetic(op: number, a: number, b: number, c: number): boolean {
    switch (op) {
      case ops.OP_ADD:
      case ops.OP_SUB:
      case ops.OP_ADDI: {
        const x = this.read(b);
        const y = op === ops.OP_ADDI ? String(c) : this.read(c);
        const sum = this.value(op === ops.OP_SUB ? `(${x} - (${y})) | 0` : `(${x} + (${y})) | 0`);
        this.unless(overflowTest(op, x, y, sum));
        this.write(a, sum);
        return true;
      }
      case ops.OP_MUL: {
        const product = this.value(`${this.read(b)} * ${this.read(c)}`);
        this.unless(`${product} !== (${product} | 0)`);
        this.write(a, `${product} | 0`);
        return true;
      }
      case ops.OP_DIV:
      case ops.OP_REM: {
        const [x, y] = [this.read(b), this.read(c)];
        this.unless(`${y} === 0 || ${y} === -1`);
        this.write(a, op === ops.OP_DIV ? `(${x} / ${y}) | 0` : `(${x} % ${y}) | 0`);
        return true;
      }
      default:
        return false;
    }
  }

  /** Words of the thread and its context. */
  protected ownWord(op: number, a: number): boolean {
    const own = `${THREADS + THREAD_TLS} + C.thread * ${THREAD_WORDS}`;
    switch (op) {
      case ops.OP_CONTEXT:
        this.write(a, 'C.context | 0');
        return true;
      case ops.OP_OWNER:
        this.write(a, `m[C.context + ${CONTEXT_OWNER}]`);
        return true;
      case ops.OP_TLS:
        this.write(a, `m[${own}]`);
        return true;
      case ops.OP_THREAD:
        this.write(a, 'C.thread | 0');
        return true;
      default:
        return false;
    }
  }

  protected moveWords(to: number, from: number, count: number): boolean {
    if (count > INLINE_WORDS) return false;
    const values = Array.from({ length: count }, (_, i) => this.read(from + i));
    for (const [i, value] of values.entries()) this.write(to + i, value);
    return true;
  }
}
