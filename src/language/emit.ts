/**
 * The emitter: appends the instructions of one function, with labels, source positions and the
 * bookkeeping of temporaries.
 *
 * Temporaries are a stack of slots above the function's variables. The emitter knows of each
 * whether it is zero, holds a value that is still needed, or holds one that nobody needs. Before a
 * visible operation (where a state is stored and compared) it clears those of the last kind, so
 * that equal states are equal words; before a call it does so too, so that a callee's slots begin
 * as zeros.
 */
import { FRAME_HEADER_WORDS, INSTRUCTION_WORDS } from './instructions.ts';
import { OP_AWAITIDLE, OP_CLEAR, OP_JMP, OP_NOP } from './instructions.ts';
import { OP_CALL, OP_CALLC, OP_CALLI, OP_GOGO, OP_MCALL, OP_SYS } from './instructions.ts';
import { OP_VISIBLE } from './instructions.ts';
import { INSTRUCTIONS, slotWords, SYSTEM_CALLS } from './instruction-table.ts';
import type { Span } from './diagnostics.ts';
import type { InstructionShape } from './instruction-table.ts';

/** Whether stale temporaries are cleared before visible operations. Off, the search sees more
 *  states that differ in nothing; calls clear what they must in any case. */
const tidy = true;

/** Temporaries that are kept account of. */
const MAX_TRACKED_WORDS = 1 << 24;

const CLEAN = 0;
const STALE = 1;
const LIVE = 2;

/** All code of an image while it grows, with the source position of each instruction. */
export class CodeBuffer {
  code = new Int32Array(1 << 14);
  files = new Uint16Array(1 << 12);
  starts = new Int32Array(1 << 12);
  ends = new Int32Array(1 << 12);
  statements = new Uint8Array(1 << 12);
  /** Next free word of `code`. */
  pc = 0;

  /** Another buffer that goes on from here. */
  copy(): CodeBuffer {
    const copy = new CodeBuffer();
    copy.code = this.code.slice();
    copy.files = this.files.slice();
    copy.starts = this.starts.slice();
    copy.ends = this.ends.slice();
    copy.statements = this.statements.slice();
    copy.pc = this.pc;
    return copy;
  }

  reserve(): number {
    const pc = this.pc;
    this.pc += INSTRUCTION_WORDS;
    if (this.pc > this.code.length) {
      this.code = grown(this.code, Int32Array);
      this.files = grown(this.files, Uint16Array);
      this.starts = grown(this.starts, Int32Array);
      this.ends = grown(this.ends, Int32Array);
      this.statements = grown(this.statements, Uint8Array);
    }
    return pc;
  }
}

function grown<T extends Int32Array | Uint16Array | Uint8Array>(
  old: T,
  type: new (length: number) => T,
): T {
  const array = new type(old.length * 2);
  array.set(old);
  return array;
}

/** A place in the code that jumps go to. */
export class Label {
  pc = -1;
  /** Whether anything reaches it, and what the temporaries then may hold. */
  reached = false;
  readonly temporaries: number[] = [];
  /** Words of the code to be set when the place is known. */
  readonly pending: number[] = [];
}

export class Emitter {
  readonly buffer: CodeBuffer;
  readonly file: number;
  /** False after a jump away: what follows cannot be executed and is not emitted. */
  reachable = true;
  /** Made by the checker: a debugger never stops in it. */
  readonly hidden: boolean;
  /** Whether the next statement is one that a debugger knows of. */
  stops = true;
  /** Where that statement begins, if not at its own span. */
  stopStart = Infinity;
  /** Source of the next instruction. */
  span: Span = { start: 0, end: 0 };
  /** First free temporary; the words of the frame so far. */
  top: number;
  frameWords: number;
  readonly #first: number;
  readonly #states: number[] = [];
  #stop: Span | null = null;

  constructor(buffer: CodeBuffer, file: number, firstTemporary: number, hidden: boolean) {
    this.buffer = buffer;
    this.file = file;
    this.hidden = hidden;
    this.#first = firstTemporary;
    this.top = firstTemporary;
    this.frameWords = firstTemporary;
  }

  get pc(): number {
    return this.buffer.pc;
  }

  /** The next instruction begins a statement; a debugger stops there and shows `span`. */
  statement(span: Span): void {
    if (this.stops && !this.hidden) {
      this.#stop = { start: Math.min(span.start, this.stopStart), end: span.end };
    }
    this.stops = true;
    this.stopStart = Infinity;
    this.span = span;
  }

  /** The statement is over: if it had no instruction, it gets one to stop at. */
  endStatement(): void {
    if (this.#stop !== null) this.emit(OP_NOP);
  }

  /** Takes `words` temporaries off the stack; their old contents are of no use. */
  temporary(words: number): number {
    const slot = this.top;
    this.raise(slot + words);
    return slot;
  }

  /** Makes all slots below `slot` taken. */
  raise(slot: number): void {
    this.top = slot;
    if (slot > this.frameWords) this.frameWords = slot;
  }

  /** Gives back the temporaries from `mark` (an earlier `top`) on. */
  release(mark: number): void {
    this.top = mark;
    for (let i = mark - this.#first; i < this.#states.length; i++) {
      if (this.#states[i] === LIVE) this.#states[i] = STALE;
    }
  }

  /** The temporaries from `slot` on stay taken, but nobody needs what they hold. */
  forget(slot: number): void {
    const { top } = this;
    this.release(slot);
    this.top = top;
  }

  emit(op: number, a = 0, b = 0, c = 0): void {
    if (!this.reachable) {
      this.#stop = null;
      return;
    }
    if ((tidy && op >= OP_VISIBLE) || isCall(op)) this.flush();
    this.#write(op, a, b, c);
    if (WRITES_A[op] === 1) this.#mark(a, 1, LIVE);
    else if (op === OP_CLEAR) this.#mark(a, b, CLEAN);
    else if (op === OP_AWAITIDLE) this.#mark(c, 1, LIVE);
    else if (WRITES_A[op] === 2) {
      const shape = INSTRUCTIONS[op] as InstructionShape;
      this.#mark(a, slotWords(shape, shape.a, a, b, c), LIVE);
    } else if (op === OP_SYS) {
      const call = SYSTEM_CALLS[a];
      this.#mark(b, call.argumentWords, CLEAN);
      this.#mark(b, call.resultWords, LIVE);
    }
  }

  /** Emits a call whose frame begins at `base`, with the arguments in place; the results stay, as
   *  temporaries, at the slot that is returned. */
  call(op: number, a: number, base: number, c: number, resultWords: number): number {
    const results = base + FRAME_HEADER_WORDS;
    if (op === OP_CALL) this.emit(op, a, base);
    else this.emit(op, a, base, c);
    if (this.reachable) {
      for (let i = base - this.#first; i < this.#states.length; i++) this.#states[i] = CLEAN;
      this.#mark(results, resultWords, LIVE);
    }
    this.raise(results + resultWords);
    return results;
  }

  /** A function that was called has written to these temporaries through their address. */
  received(slot: number, words: number): void {
    if (this.reachable) this.#mark(slot, words, LIVE);
  }

  /** Emits a jump; `a` and `b` are its slots. */
  jump(op: number, label: Label, a = 0, b = 0): void {
    if (!this.reachable) {
      this.#stop = null;
      return;
    }
    const backward = label.pc >= 0;
    const position = op === OP_JMP ? 1 : INSTRUCTIONS[op]?.b === 'p' ? 2 : 3;
    const pc = this.#write(op, position === 1 ? label.pc : a, position === 2 ? label.pc : b, 0);
    if (position === 3) this.buffer.code[pc + 3] = label.pc;
    if (!backward) {
      label.pending.push(pc + position);
      this.#merge(this.#states, label.temporaries);
      label.reached = true;
    }
    if (op === OP_JMP) this.reachable = false;
  }

  /** The label stands here; jumps from before go here. */
  bind(label: Label): void {
    label.pc = this.buffer.pc;
    for (const word of label.pending) this.buffer.code[word] = label.pc;
    if (label.reached) {
      if (this.reachable) this.#merge(label.temporaries, this.#states);
      else {
        this.#states.length = 0;
        this.#merge(label.temporaries, this.#states);
      }
      this.reachable = true;
    }
    this.release(this.top);
  }

  /** A place that later code jumps back to, or that code elsewhere goes to: nothing is stale at it,
   *  and whoever goes there calls `flush` before. */
  bindLoop(label: Label): void {
    this.flush();
    this.bind(label);
  }

  /** As bindLoop, for a label that only later code may reach: what follows is emitted all the
   *  same. Of the temporaries that are taken all may hold what is needed; none above them does. */
  bindGoto(label: Label): void {
    this.bindLoop(label);
    if (this.reachable) return;
    this.#states.length = 0;
    this.#mark(this.#first, this.top - this.#first, LIVE);
    this.reachable = true;
  }

  /** Clears the temporaries that hold what nobody needs. */
  flush(): void {
    if (!this.reachable) return;
    const states = this.#states;
    for (let i = 0; i < states.length; i++) {
      if (states[i] !== STALE) continue;
      let end = i + 1;
      for (let j = end; j < states.length && states[j] !== LIVE; j++) {
        if (states[j] === STALE) end = j + 1;
      }
      this.#writeQuietly(OP_CLEAR, this.#first + i, end - i);
      for (; i < end; i++) states[i] = CLEAN;
    }
  }

  #mark(slot: number, words: number, state: number): void {
    const states = this.#states;
    if (slot + words > this.frameWords) this.frameWords = slot + words;
    // A frame that large is never entered.
    const end = Math.min(slot + words - this.#first, MAX_TRACKED_WORDS);
    for (let i = Math.max(0, slot - this.#first); i < end; i++) {
      while (states.length < i) states.push(CLEAN);
      states[i] = state;
    }
  }

  #merge(from: readonly number[], into: number[]): void {
    for (let i = 0; i < from.length; i++) {
      if (i >= into.length) into.push(from[i]);
      else if (from[i] > into[i]) into[i] = from[i];
    }
  }

  /** A CLEAR that belongs to what comes next, but for the debugger's stop. */
  #writeQuietly(op: number, a: number, b: number): void {
    const stop = this.#stop;
    this.#stop = null;
    this.#write(op, a, b, 0);
    this.#stop = stop;
  }

  #write(op: number, a: number, b: number, c: number): number {
    const buffer = this.buffer;
    const pc = buffer.reserve();
    const index = pc / INSTRUCTION_WORDS;
    const { code } = buffer;
    code[pc] = op;
    code[pc + 1] = a;
    code[pc + 2] = b;
    code[pc + 3] = c;
    const span = this.#stop ?? this.span;
    buffer.files[index] = this.file;
    buffer.starts[index] = span.start;
    buffer.ends[index] = span.end;
    buffer.statements[index] = this.#stop === null ? 0 : 1;
    this.#stop = null;
    return pc;
  }
}

/** By opcode: 1 when operand a is a slot that is written, 2 when it is several. */
const WRITES_A = Uint8Array.from(INSTRUCTIONS, (shape) => {
  if (!shape?.a.startsWith('w')) return 0;
  return shape.a === 'w' ? 1 : 2;
});

function isCall(op: number): boolean {
  return op === OP_CALL || op === OP_CALLC || op === OP_CALLI || op === OP_MCALL || op === OP_GOGO;
}

/** Most words that one LOADN or STOREN moves. */
export const MAX_WIDE_WORDS = 0x7fff;

/** Operand of LOADN, STOREN and their like: an offset and a number of words. */
export function wide(offset: number, words: number): number {
  return offset | (words << 16);
}
