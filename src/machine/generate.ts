/**
 * Writes JavaScript for one function of an image: what the interpreter does, with all operands known.
 * For machines that execute very many steps. generated.ts runs it; the interpreter is its measure.
 *
 * The text is one loop over a switch of blocks. A block begins where execution can come from
 * elsewhere (a jump, a return, a visible operation); inside it slots live in constants, and are
 * written to memory only where something can see them: before calls, exits, and the block's end.
 * Whatever is rare (a trap, a freed object) leaves: the interpreter executes that instruction.
 *
 * A generated function takes pc and fp, and gives the pc where execution goes on, with core.fp set;
 * or STOPPED, HALTED or BAILED. All state is in memory whenever it returns, so it does not matter to
 * whom: a JavaScript frame is only a shortcut for going on after a call.
 */
import { ATOMIC_DEPTH, ATOMIC_HOLDER, CONTEXT_LIMIT, CONTEXT_OWNER } from '../language/image.ts';
import { CONTEXT_DEFERS, NIL_LIMIT, THREADS, THREAD_TLS, THREAD_WORDS } from '../language/image.ts';
import { INSTRUCTIONS } from '../language/instruction-table.ts';
import * as ops from '../language/instructions.ts';
import { binaryExpression, isTrue, overflowTest, wrapped } from './generate-arithmetic.ts';
import { POISON } from './heap.ts';
import type { Tables } from './tables.ts';

/** Before a visible operation; core.pc and core.fp say where. */
export const STOPPED = -1;
/** The thread or the run has ended. */
export const HALTED = -2;
/** The instructions allowed may not suffice: the interpreter counts them exactly. */
export const BAILED = -3;

const NEXT = ops.INSTRUCTION_WORDS;
/** More words at once are moved by the interpreter. */
const INLINE_WORDS = 6;

/** Whether something must be checked before the instruction at this pc is executed: it stops. */
export function stopTest(op: number): string {
  if (op < ops.OP_VISIBLE) return '';
  const free = `m[${ATOMIC_HOLDER}] === 0`;
  return op === ops.OP_CHOOSE ? `${free} || !C.isolated` : free;
}

/** First pcs of the blocks of a function, in order. */
export function blockStarts(tables: Tables, start: number, end: number): number[] {
  const { code } = tables;
  const starts = new Set<number>([start]);
  for (let pc = start; pc < end; pc += NEXT) {
    const op = code[pc];
    const shape = INSTRUCTIONS[op];
    if (shape?.a === 'p') starts.add(code[pc + 1]);
    if (shape?.b === 'p') starts.add(code[pc + 2]);
    if (shape?.c === 'p') starts.add(code[pc + 3]);
    if (op >= ops.OP_VISIBLE || op === ops.OP_RUNDEFERS) starts.add(pc);
    if (op >= ops.OP_CALL && op <= ops.OP_CALLI) starts.add(pc + NEXT);
    if (op === ops.OP_MCALL || op === ops.OP_GOGO) starts.add(pc + NEXT);
  }
  return [...starts].filter((pc) => pc < end).sort((x, y) => x - y);
}

/** The body of a generated function, of parameters pc and fp; `numbers` are its blocks by pc. */
export function generateFunction(tables: Tables, start: number, end: number): string {
  return new FunctionWriter(tables, start, end).text();
}

/** What is known of a slot: an expression without effects, and whether memory has it too. */
interface Slot {
  readonly text: string;
  readonly dirty: boolean;
}

class FunctionWriter {
  readonly #code: Int32Array;
  readonly #tables: Tables;
  readonly #end: number;
  readonly #blocks: readonly number[];
  /** Whether pointers to this frame's slots may exist. */
  readonly #hasAddresses: boolean;
  #lines: string[] = [];
  #slots = new Map<number, Slot>();
  #names = 0;
  #pc = 0;
  /** Instructions since the count was brought up to date. */
  #executed = 0;

  constructor(tables: Tables, start: number, end: number) {
    this.#tables = tables;
    this.#code = tables.code;
    this.#end = end;
    this.#blocks = blockStarts(tables, start, end);
    this.#hasAddresses = false;
    for (let pc = start; pc < end; pc += NEXT) {
      if (tables.code[pc] === ops.OP_LEA) this.#hasAddresses = true;
    }
  }

  text(): string {
    const cases = this.#blocks.map((pc, index) => {
      this.#block(pc, this.#blocks[index + 1] ?? this.#end);
      return `case ${index + 1}: {\n${this.#lines.join('\n')}\n}`;
    });
    return `const E = C.epoch;
let b = B[pc >> 2];
for (;;) switch (b) {
${cases.join('\n')}
default: return one(pc, fp);
}`;
  }

  // ------------------------------------------------------------------------------ blocks

  #block(start: number, end: number): void {
    this.#lines = [];
    this.#slots = new Map();
    this.#executed = 0;
    const length = (end - start) / NEXT;
    this.#emit(`if (R.left < ${length}) { C.pc = ${start}; C.fp = fp; return ${BAILED}; }`);
    let goesOn = true;
    for (this.#pc = start; this.#pc < end && goesOn; this.#pc += NEXT) {
      goesOn = this.#instruction();
    }
    if (!goesOn) return;
    this.#flush();
    this.#count();
    if (end >= this.#end) this.#emit(`C.fp = fp; return ${end};`);
    else this.#emit(this.#stopBefore(end));
  }

  /** Leaves before a visible operation, unless it is inside an atomic section. */
  #stopBefore(pc: number): string {
    const test = stopTest(this.#code[pc]);
    return test === '' ? '' : `if (${test}) { C.pc = ${pc}; C.fp = fp; return ${STOPPED}; }`;
  }

  #emit(line: string): void {
    if (line !== '') this.#lines.push(line);
  }

  #name(): string {
    return `t${this.#names++}`;
  }

  /** Brings the count of instructions up to date. */
  #count(): void {
    this.#emit(this.#counted());
    this.#executed = 0;
  }

  #counted(extra = 0): string {
    const executed = this.#executed + extra;
    return executed === 0 ? '' : `R.left -= ${executed};`;
  }

  /** A statement that jumps to a block. */
  #jump(pc: number): string {
    const index = this.#blocks.indexOf(pc);
    if (index < 0) return `C.fp = fp; return ${pc};`;
    const stop = this.#stopBefore(pc);
    return `${stop} b = ${index + 1}; continue;`;
  }

  // ------------------------------------------------------------------------------ slots

  #read(slot: number): string {
    const known = this.#slots.get(slot);
    if (known !== undefined) return known.text;
    const name = this.#name();
    this.#emit(`const ${name} = m[fp + ${slot}];`);
    this.#slots.set(slot, { text: name, dirty: false });
    return name;
  }

  #write(slot: number, expression: string): void {
    let text = expression;
    if (!/^(?:-?\d+|t\d+|fp)$/.test(expression)) {
      text = this.#name();
      this.#emit(`const ${text} = ${expression};`);
    }
    this.#slots.set(slot, { text, dirty: true });
  }

  /** A named value of an expression. */
  #value(expression: string): string {
    const name = this.#name();
    this.#emit(`const ${name} = ${expression};`);
    return name;
  }

  /** Statements that bring memory up to date. */
  #stores(): string {
    const stores: string[] = [];
    for (const [slot, { text, dirty }] of this.#slots) {
      if (dirty) stores.push(store(`fp + ${slot}`, text));
    }
    return stores.join(' ');
  }

  /** Brings memory up to date; what is known of slots stays known. */
  #flush(): void {
    this.#emit(this.#stores());
    for (const [slot, { text }] of this.#slots) this.#slots.set(slot, { text, dirty: false });
  }

  /** If the condition holds, the interpreter executes this instruction. */
  #unless(condition: string): void {
    this.#emit(`if (${condition}) {`);
    this.#emit(`${this.#stores()} ${this.#counted()} return one(${this.#pc}, fp); }`);
  }

  /** The instruction is executed by slow.ts; goes on if that comes back to the next one. */
  #slowly(): boolean {
    const [op, a, b, c] = this.#words();
    this.#flush();
    this.#executed++;
    this.#count();
    const result = this.#name();
    this.#emit(`const ${result} = slow(${this.#pc}, fp, ${op}, ${a}, ${b}, ${c});`);
    this.#emit(`if (${result} !== ${this.#pc + NEXT} || C.fp !== fp) return ${result};`);
    this.#slots = new Map();
    return true;
  }

  #words(): [number, number, number, number] {
    const { code } = this.#tables;
    const pc = this.#pc;
    return [code[pc], code[pc + 1], code[pc + 2], code[pc + 3]];
  }

  // ------------------------------------------------------------------------------ instructions

  /** Writes one instruction; false if execution does not go on behind it. */
  #instruction(): boolean {
    const [op, a, b, c] = this.#words();
    if (op >= ops.OP_JMP && op <= ops.OP_JLE) return this.#branch(op, a, b, c);
    if (op === ops.OP_RET) return this.#return(a, b, c);
    if (op === ops.OP_CALL) return this.#call(a, b);
    if (op === ops.OP_CALLC || op === ops.OP_CALLI) return this.#callValue(b);
    if (!this.#simple(op, a, b, c) && !this.#memory(op, a, b, c) && !this.#atomic(op, a, b, c)) {
      if (op !== ops.OP_RUNDEFERS) return this.#slowly();
      // Usually nothing was deferred.
      this.#emit(`if (m[C.context + ${CONTEXT_DEFERS}] !== 0) {`);
      this.#emit(`${this.#stores()} ${this.#counted()} return one(${this.#pc}, fp); }`);
    }
    this.#executed++;
    return true;
  }

  /** Instructions on slots alone. */
  #simple(op: number, a: number, b: number, c: number): boolean {
    const binary = binaryExpression(op);
    if (binary !== null) {
      const [x, y] = [this.#read(b), this.#read(c)];
      this.#write(a, binary(x, y));
      return true;
    }
    switch (op) {
      case ops.OP_NOP:
      case ops.OP_YIELD:
        return true;
      case ops.OP_CONST:
        this.#write(a, String(b));
        return true;
      case ops.OP_MOV:
        this.#write(a, this.#read(b));
        return true;
      case ops.OP_MOVN:
        return this.#moveWords(a, b, c);
      case ops.OP_CLEAR:
        if (b > 4 * INLINE_WORDS) return false;
        for (let i = 0; i < b; i++) this.#write(a + i, '0');
        return true;
      case ops.OP_FRAME:
        this.#write(a, 'fp');
        return true;
      case ops.OP_LEA:
        this.#write(a, `fp + ${b}`);
        return true;
      case ops.OP_FIELD: {
        const base = this.#read(b);
        this.#unless(`${base} < ${NIL_LIMIT}`);
        this.#write(a, `(${base} + ${c}) | 0`);
        return true;
      }
      case ops.OP_ELEMENT: {
        const [base, index] = [this.#read(a), this.#read(b)];
        const offset = c === 1 ? index : `Math.imul(${index}, ${c})`;
        this.#write(a, `(${base} + ${offset}) | 0`);
        return true;
      }
      case ops.OP_BOUNDS: {
        const [index, length] = [this.#read(a), this.#read(b)];
        this.#unless(`${index} < 0 || ${index} >= ${length}`);
        return true;
      }
      case ops.OP_ADD:
      case ops.OP_SUB:
      case ops.OP_ADDI: {
        const x = this.#read(b);
        const y = op === ops.OP_ADDI ? String(c) : this.#read(c);
        const sum = this.#value(op === ops.OP_SUB ? `(${x} - (${y})) | 0` : `(${x} + (${y})) | 0`);
        this.#unless(overflowTest(op, x, y, sum));
        this.#write(a, sum);
        return true;
      }
      case ops.OP_MUL: {
        const product = this.#value(`${this.#read(b)} * ${this.#read(c)}`);
        this.#unless(`${product} !== (${product} | 0)`);
        this.#write(a, `${product} | 0`);
        return true;
      }
      case ops.OP_DIV:
      case ops.OP_REM: {
        const [x, y] = [this.#read(b), this.#read(c)];
        this.#unless(`${y} === 0 || ${y} === -1`);
        this.#write(a, op === ops.OP_DIV ? `(${x} / ${y}) | 0` : `(${x} % ${y}) | 0`);
        return true;
      }
      case ops.OP_WRAP:
        this.#write(a, wrapped(this.#read(b), c));
        return true;
      case ops.OP_NOT:
        this.#write(a, `~${this.#read(b)}`);
        return true;
      case ops.OP_LNOT:
        this.#write(a, `${this.#read(b)} === 0 ? 1 : 0`);
        return true;
      case ops.OP_RANGE:
        this.#unless(`${this.#read(a)} < 0`);
        return true;
      default:
        return this.#ownWord(op, a);
    }
  }

  /** Words of the thread and its context. */
  #ownWord(op: number, a: number): boolean {
    const own = `${THREADS + THREAD_TLS} + C.thread * ${THREAD_WORDS}`;
    switch (op) {
      case ops.OP_CONTEXT:
        this.#write(a, 'C.context | 0');
        return true;
      case ops.OP_OWNER:
        this.#write(a, `m[C.context + ${CONTEXT_OWNER}]`);
        return true;
      case ops.OP_TLS:
        this.#write(a, `m[${own}]`);
        return true;
      case ops.OP_THREAD:
        this.#write(a, 'C.thread | 0');
        return true;
      default:
        return false;
    }
  }

  #moveWords(to: number, from: number, count: number): boolean {
    if (count > INLINE_WORDS) return false;
    const values = Array.from({ length: count }, (_, i) => this.#read(from + i));
    for (const [i, value] of values.entries()) this.#write(to + i, value);
    return true;
  }

  #branch(op: number, a: number, b: number, c: number): boolean {
    if (op === ops.OP_JMP) {
      this.#executed++;
      this.#flush();
      this.#count();
      this.#emit(this.#jump(a));
      return false;
    }
    const isUnary = op === ops.OP_JT || op === ops.OP_JF;
    const x = this.#read(a);
    const condition = isUnary ? isTrue(op, x, '') : isTrue(op, x, this.#read(b));
    this.#executed++;
    const target = isUnary ? b : c;
    this.#emit(`if (${condition}) { ${this.#stores()} ${this.#counted()} ${this.#jump(target)} }`);
    return true;
  }

  // ------------------------------------------------------------------------------ memory

  /** Loads and stores. */
  #memory(op: number, a: number, b: number, c: number): boolean {
    switch (op) {
      case ops.OP_GLOAD:
      case ops.OP_VGLOAD:
        this.#write(a, `m[${b}]`);
        return true;
      case ops.OP_GSTORE:
      case ops.OP_VGSTORE:
        this.#emit(store(String(a), this.#read(b)));
        return true;
      case ops.OP_LOAD:
      case ops.OP_VLOAD:
        this.#load(a, this.#read(b), c, 1);
        return true;
      case ops.OP_LOADN:
      case ops.OP_VLOADN:
        if (c >>> 16 > INLINE_WORDS) return false;
        this.#load(a, this.#read(b), c & 0xffff, c >>> 16);
        return true;
      case ops.OP_STORE:
      case ops.OP_VSTORE:
        this.#store(this.#read(a), b, [this.#read(c)]);
        return true;
      case ops.OP_STOREN:
      case ops.OP_VSTOREN: {
        const count = b >>> 16;
        if (count > INLINE_WORDS) return false;
        const values = Array.from({ length: count }, (_, i) => this.#read(c + i));
        this.#store(this.#read(a), b & 0xffff, values);
        return true;
      }
      default:
        return false;
    }
  }

  #load(to: number, base: string, offset: number, count: number): void {
    if (this.#hasAddresses) this.#flush();
    this.#unless(`${base} < ${NIL_LIMIT}`);
    const values: string[] = [];
    for (let i = 0; i < count; i++) values.push(this.#value(`m[${base} + ${offset + i}]`));
    if (count > 0) this.#unless(values.map((value) => `${value} === ${POISON}`).join(' || '));
    for (const [i, value] of values.entries()) this.#write(to + i, value);
  }

  #store(base: string, offset: number, values: readonly string[]): void {
    if (this.#hasAddresses) this.#flush();
    const addresses = values.map((_, i) => `${base} + ${offset + i}`);
    const isFreed = addresses.map((address) => `m[${address}] === ${POISON}`);
    this.#unless([`${base} < ${NIL_LIMIT}`, ...isFreed].join(' || '));
    for (const [i, value] of values.entries()) this.#emit(store(addresses[i], value));
    if (this.#hasAddresses) this.#slots = new Map();
  }

  /** Atomic operations on one word, locks, atomic sections. */
  #atomic(op: number, a: number, b: number, c: number): boolean {
    const at = op === ops.OP_ASTORE || op === ops.OP_LOCK || op === ops.OP_UNLOCK ? a : b;
    switch (op) {
      case ops.OP_ALOAD:
        this.#load(a, this.#read(b), 0, 1);
        return true;
      case ops.OP_AWAIT: {
        const base = this.#read(a);
        this.#unless(`${base} < ${NIL_LIMIT} || m[${base}] === 0 || m[${base}] === ${POISON}`);
        return true;
      }
      case ops.OP_LOCK:
      case ops.OP_UNLOCK:
      case ops.OP_ASTORE: {
        const base = this.#read(at);
        const value = op === ops.OP_ASTORE ? this.#read(b) : '';
        if (this.#hasAddresses) this.#flush();
        let state = '';
        if (op === ops.OP_LOCK) state = ` || m[${base}] !== 0`;
        if (op === ops.OP_UNLOCK) state = ` || m[${base}] === 0`;
        this.#unless(`${base} < ${NIL_LIMIT}${state} || m[${base}] === ${POISON}`);
        const locked = op === ops.OP_LOCK ? this.#value('C.thread + 1') : '0';
        this.#emit(store(base, value === '' ? locked : value));
        if (this.#hasAddresses) this.#slots = new Map();
        return true;
      }
      case ops.OP_AADD:
      case ops.OP_ASWAP:
      case ops.OP_AAND:
      case ops.OP_AOR:
      case ops.OP_ACAS:
        this.#exchange(op, a, this.#read(b), c);
        return true;
      case ops.OP_CHOOSE: {
        const count = this.#read(b);
        this.#unless(`${count} < 1 || C.isolated`);
        this.#write(a, 'C.answer | 0');
        return true;
      }
      case ops.OP_ATOMIC_BEGIN: {
        const depth = this.#value(`m[${ATOMIC_DEPTH}]`);
        this.#emit(`if (${depth} === 0) { ${store(String(ATOMIC_HOLDER), 'C.thread + 1')} }`);
        this.#emit(store(String(ATOMIC_DEPTH), `${depth} + 1`));
        return true;
      }
      case ops.OP_ATOMIC_END: {
        const depth = this.#value(`m[${ATOMIC_DEPTH}] - 1`);
        this.#unless(`${depth} < 0`);
        this.#emit(store(String(ATOMIC_DEPTH), depth));
        this.#emit(`if (${depth} === 0) { ${store(String(ATOMIC_HOLDER), '0')} }`);
        return true;
      }
      default:
        return false;
    }
  }

  #exchange(op: number, to: number, base: string, c: number): void {
    if (this.#hasAddresses) this.#flush();
    const operand = this.#read(c);
    const swapped = op === ops.OP_ACAS ? this.#read(c + 1) : operand;
    this.#unless(`${base} < ${NIL_LIMIT} || m[${base}] === ${POISON}`);
    const before = this.#value(`m[${base}]`);
    let result = before;
    let after = operand;
    if (op === ops.OP_AADD) {
      after = this.#value(`(${before} + ${operand}) | 0`);
      result = after;
    } else if (op === ops.OP_AAND) after = this.#value(`${before} & ${operand}`);
    else if (op === ops.OP_AOR) after = this.#value(`${before} | ${operand}`);
    else if (op === ops.OP_ACAS) {
      result = this.#value(`${before} === ${operand} ? 1 : 0`);
      after = this.#value(`${result} === 1 ? ${swapped} : ${before}`);
    }
    this.#emit(store(base, after));
    if (this.#hasAddresses) this.#slots = new Map();
    this.#write(to, result);
  }

  // ------------------------------------------------------------------------------ calls

  #call(number: number, base: number): boolean {
    const { entry, extent } = this.#tables;
    const next = this.#pc + NEXT;
    this.#flush();
    const frame = this.#value(`fp + ${base}`);
    const top = `${frame} + ${extent[number]} > m[C.context + ${CONTEXT_LIMIT}]`;
    this.#emit(`if (${top}) { ${this.#counted()} return one(${this.#pc}, fp); }`);
    this.#emit(store(frame, String(next)));
    this.#emit(store(`${frame} + 1`, 'fp'));
    this.#emit(store(`${frame} + 2`, '0'));
    this.#executed++;
    this.#count();
    const first = entry[number];
    const stop = stopTest(this.#code[first]);
    if (stop !== '') {
      this.#emit(`if (${stop}) { C.pc = ${first}; C.fp = ${frame}; return ${STOPPED}; }`);
    }
    this.#emit(`if (R.depth > 50) { C.fp = ${frame}; return ${first}; }`);
    const result = this.#name();
    this.#emit(
      `R.depth++; const ${result} = (F[${number}] || make(${number}))(${first}, ${frame});`,
    );
    this.#emit(`R.depth--; if (${result} !== ${next} || C.fp !== fp) return ${result};`);
    this.#slots = new Map();
    return true;
  }

  /** Calls of closures and methods. */
  #callValue(base: number): boolean {
    const [op, a, b, c] = this.#words();
    const next = this.#pc + NEXT;
    this.#flush();
    this.#executed++;
    this.#count();
    const result = this.#name();
    const entered = this.#name();
    this.#emit(`const ${entered} = slow(${this.#pc}, fp, ${op}, ${a}, ${b}, ${c});`);
    this.#emit(`if (${entered} < 0 || C.fp !== fp + ${base}) return ${entered};`);
    this.#emit(`const ${result} = enter(${entered}, C.fp);`);
    this.#emit(`if (${result} !== ${next} || C.fp !== fp) return ${result};`);
    this.#slots = new Map();
    return true;
  }

  #return(first: number, count: number, extent: number): boolean {
    const values = Array.from({ length: count }, (_, i) => this.#read(first + i));
    const returnPc = this.#value('m[fp]');
    this.#unless(`${returnPc} <= 0`);
    const caller = this.#value('m[fp + 1]');
    for (const [i, value] of values.entries()) this.#emit(store(`fp + ${3 + i}`, value));
    const from = ops.FRAME_HEADER_WORDS + count;
    if (extent > from) this.#emit(`clear(fp + ${from}, fp + ${extent}, E);`);
    for (const word of ['fp', 'fp + 1', 'fp + 2']) this.#emit(store(word, '0'));
    this.#executed++;
    this.#count();
    this.#emit(`C.fp = ${caller}; return ${returnPc};`);
    return false;
  }
}

/** A statement that writes a word, noted in the log as Core.write does. */
function store(address: string, value: string): string {
  const note = `if (S[${address}] !== E) C.note(${address});`;
  return `if (m[${address}] !== ${value}) { ${note} m[${address}] = ${value}; }`;
}
