/** Generated code of loads, stores, atomic operations, locks and atomic sections. */
import { ATOMIC_DEPTH, ATOMIC_HOLDER, NIL_LIMIT } from '../language/image.ts';
import * as ops from '../language/instructions.ts';
import { INLINE_WORDS, store } from './generate-block.ts';
import { SlotWriter } from './generate-slots.ts';
import { POISON } from './heap.ts';

export class MemoryWriter extends SlotWriter {
  /** Loads and stores. */
  protected memory(op: number, a: number, b: number, c: number): boolean {
    switch (op) {
      case ops.OP_GLOAD:
      case ops.OP_VGLOAD:
        this.touch(String(b));
        this.write(a, `m[${b}]`);
        return true;
      case ops.OP_GSTORE:
      case ops.OP_VGSTORE:
        this.forget();
        this.emit(store(String(a), this.read(b)));
        return true;
      case ops.OP_LOAD:
      case ops.OP_VLOAD:
        this.load(a, this.read(b), c, 1);
        return true;
      case ops.OP_LOADN:
      case ops.OP_VLOADN:
        if (c >>> 16 > INLINE_WORDS) return false;
        this.load(a, this.read(b), c & 0xffff, c >>> 16);
        return true;
      case ops.OP_STORE:
      case ops.OP_VSTORE:
        this.store(this.read(a), b, [this.read(c)]);
        return true;
      case ops.OP_STOREN:
      case ops.OP_VSTOREN: {
        const count = b >>> 16;
        if (count > INLINE_WORDS) return false;
        const values = Array.from({ length: count }, (_, i) => this.read(c + i));
        this.store(this.read(a), b & 0xffff, values);
        return true;
      }
      default:
        return false;
    }
  }

  protected load(to: number, base: string, offset: number, count: number): void {
    if (this.hasAddresses) this.flush();
    this.unless(`${base} < ${NIL_LIMIT}`);
    for (let i = 0; i < count; i++) this.touch(`${base} + ${offset + i}`);
    const values: string[] = [];
    for (let i = 0; i < count; i++) values.push(this.value(`m[${base} + ${offset + i}]`));
    if (count > 0) this.unless(values.map((value) => `${value} === ${POISON}`).join(' || '));
    for (const [i, value] of values.entries()) this.write(to + i, value);
  }

  protected store(base: string, offset: number, values: readonly string[]): void {
    this.forget();
    if (this.hasAddresses) this.flush();
    const addresses = values.map((_, i) => `${base} + ${offset + i}`);
    const isFreed = addresses.map((address) => `m[${address}] === ${POISON}`);
    this.unless([`${base} < ${NIL_LIMIT}`, ...isFreed].join(' || '));
    for (const [i, value] of values.entries()) this.emit(store(addresses[i], value));
    if (this.hasAddresses) this.slots = new Map();
  }

  /** Stores are not recorded: conditions make none. */
  protected forget(): void {
    if (this.isRecording) this.emit('C.forgetEffect();');
  }

  /** Tells the recorder that the word is read. */
  protected touch(address: string): void {
    if (this.isRecording) this.emit(`C.recorder.touch(${address});`);
  }

  /** Atomic operations on one word, locks, atomic sections. */
  protected atomic(op: number, a: number, b: number, c: number): boolean {
    if (op !== ops.OP_ALOAD && op !== ops.OP_ATOMIC_BEGIN && op !== ops.OP_ATOMIC_END) {
      this.forget();
    }
    const at = op === ops.OP_ASTORE || op === ops.OP_LOCK || op === ops.OP_UNLOCK ? a : b;
    switch (op) {
      case ops.OP_ALOAD:
        this.load(a, this.read(b), 0, 1);
        return true;
      case ops.OP_AWAIT: {
        const base = this.read(a);
        this.unless(`${base} < ${NIL_LIMIT} || m[${base}] === 0 || m[${base}] === ${POISON}`);
        return true;
      }
      case ops.OP_LOCK:
      case ops.OP_UNLOCK:
      case ops.OP_ASTORE: {
        const base = this.read(at);
        const value = op === ops.OP_ASTORE ? this.read(b) : '';
        if (this.hasAddresses) this.flush();
        let state = '';
        if (op === ops.OP_LOCK) state = ` || m[${base}] !== 0`;
        if (op === ops.OP_UNLOCK) state = ` || m[${base}] === 0`;
        this.unless(`${base} < ${NIL_LIMIT}${state} || m[${base}] === ${POISON}`);
        const locked = op === ops.OP_LOCK ? this.value('C.thread + 1') : '0';
        this.emit(store(base, value === '' ? locked : value));
        if (this.hasAddresses) this.slots = new Map();
        return true;
      }
      case ops.OP_AADD:
      case ops.OP_ASWAP:
      case ops.OP_AAND:
      case ops.OP_AOR:
      case ops.OP_ACAS:
        this.exchange(op, a, this.read(b), c);
        return true;
      case ops.OP_CHOOSE: {
        const count = this.read(b);
        this.unless(`${count} < 1 || C.isolated`);
        this.write(a, 'C.answer | 0');
        return true;
      }
      case ops.OP_ATOMIC_BEGIN: {
        const depth = this.value(`m[${ATOMIC_DEPTH}]`);
        this.emit(`if (${depth} === 0) { ${store(String(ATOMIC_HOLDER), 'C.thread + 1')} }`);
        this.emit(store(String(ATOMIC_DEPTH), `${depth} + 1`));
        return true;
      }
      case ops.OP_ATOMIC_END: {
        const depth = this.value(`m[${ATOMIC_DEPTH}] - 1`);
        this.unless(`${depth} < 0`);
        this.emit(store(String(ATOMIC_DEPTH), depth));
        this.emit(`if (${depth} === 0) { ${store(String(ATOMIC_HOLDER), '0')} }`);
        return true;
      }
      default:
        return false;
    }
  }

  protected exchange(op: number, to: number, base: string, c: number): void {
    if (this.hasAddresses) this.flush();
    const operand = this.read(c);
    const swapped = op === ops.OP_ACAS ? this.read(c + 1) : operand;
    this.unless(`${base} < ${NIL_LIMIT} || m[${base}] === ${POISON}`);
    const before = this.value(`m[${base}]`);
    let result = before;
    let after = operand;
    if (op === ops.OP_AADD) {
      after = this.value(`(${before} + ${operand}) | 0`);
      result = after;
    } else if (op === ops.OP_AAND) after = this.value(`${before} & ${operand}`);
    else if (op === ops.OP_AOR) after = this.value(`${before} | ${operand}`);
    else if (op === ops.OP_ACAS) {
      result = this.value(`${before} === ${operand} ? 1 : 0`);
      after = this.value(`${result} === 1 ? ${swapped} : ${before}`);
    }
    this.emit(store(base, after));
    if (this.hasAddresses) this.slots = new Map();
    this.write(to, result);
  }
}
