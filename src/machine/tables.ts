/**
 * Tables that the machine makes of an image once: its own copy of the code with what execution
 * wants to know at once, the extent of every frame, and the functions that traps call.
 */
import type { Image } from '../language/image.ts';
import {
  FRAME_HEADER_WORDS,
  INSTRUCTION_WORDS,
  OP_CALL,
  OP_IFACEEQ,
  OP_MOVN,
  OP_NOP,
  OP_PREEMPT,
  OP_RET,
  OP_STOREN,
  OP_VSTOREN,
  TRAPS,
} from '../language/instructions.ts';
import { OPERANDS } from './operands.ts';
import { encode } from './utf8.ts';

export interface Tables {
  /** The image's code; RET has the extent of its frame as operand c, PREEMPT is a NOP when off. */
  readonly code: Int32Array;
  /** Function number by pc / 4. */
  readonly functionOf: Int32Array;
  /** By function: words that its frame may use, with what it puts on top for the calls it makes. */
  readonly extent: Int32Array;
  /** By function: its first pc. */
  readonly entry: Int32Array;
  /** By trap: function number, or -1. */
  readonly trapFunctions: Int32Array;
  /** By function: 1 if traps call it. */
  readonly isTrapFunction: Uint8Array;
  readonly asyncPreempt: number;
  /** By string constant. */
  readonly constantBytes: readonly Uint8Array[];
  /** Type ids of uint8 and int32, for strings made into slices; 0 when the image has none. */
  readonly byteType: number;
  readonly runeType: number;
}

export function tablesOf(image: Image, preemption: boolean): Tables {
  const code = image.code.slice();
  const functionOf = new Int32Array(code.length / INSTRUCTION_WORDS).fill(-1);
  const extent = new Int32Array(image.functions.length);
  const entry = new Int32Array(image.functions.length);
  for (const [number, info] of image.functions.entries()) {
    entry[number] = info.start;
    functionOf.fill(number, info.start / INSTRUCTION_WORDS, info.end / INSTRUCTION_WORDS);
    extent[number] = extentOf(image, number);
    for (let pc = info.start; pc < info.end; pc += INSTRUCTION_WORDS) {
      if (code[pc] === OP_RET) code[pc + 3] = extent[number];
    }
  }
  const asyncPreempt = image.runtimeFunctions['asyncPreempt'] ?? -1;
  if (!preemption || asyncPreempt < 0) {
    for (let pc = 0; pc < code.length; pc += INSTRUCTION_WORDS) {
      if (code[pc] === OP_PREEMPT) code[pc] = OP_NOP;
    }
  }
  const trapFunctions = Int32Array.from(TRAPS, ({ name }) => image.runtimeFunctions[name] ?? -1);
  const isTrapFunction = new Uint8Array(image.functions.length);
  for (const number of trapFunctions) if (number >= 0) isTrapFunction[number] = 1;
  return {
    code,
    functionOf,
    extent,
    entry,
    trapFunctions,
    isTrapFunction,
    asyncPreempt,
    constantBytes: image.strings.map(encode),
    byteType: integerType(image, 8),
    runeType: integerType(image, -32),
  };
}

/** Frame words of a function, counted from its instructions too: a caller writes arguments above
 *  what it declares as its own frame. */
function extentOf(image: Image, number: number): number {
  const info = image.functions[number];
  const { code } = image;
  let extent = Math.max(info.frameWords, FRAME_HEADER_WORDS + info.parameterWords);
  extent = Math.max(extent, FRAME_HEADER_WORDS + info.resultWords);
  for (let pc = info.start; pc < info.end; pc += INSTRUCTION_WORDS) {
    const operands = OPERANDS[code[pc]];
    if (operands === undefined) continue;
    const [a, b, c] = [code[pc + 1], code[pc + 2], code[pc + 3]];
    for (let i = 0; i < operands.kinds.length; i++) {
      const value = [a, b, c][i];
      const kind = operands.kinds[i];
      if (kind === 'd') extent = Math.max(extent, value + operands.words(a, b, c));
      if (kind === 's') extent = Math.max(extent, value + wordsRead(code[pc], b, c));
      // A system call uses at most seven words from its base, and a call's results come back.
      if (kind === 'b') extent = Math.max(extent, value + 8);
    }
    if (code[pc] === OP_CALL) {
      const callee = image.functions[a];
      const words = Math.max(callee.parameterWords, callee.resultWords);
      extent = Math.max(extent, b + FRAME_HEADER_WORDS + words);
    }
  }
  return extent;
}

/** Words that an instruction reads from a slot, at most. */
function wordsRead(op: number, b: number, c: number): number {
  if (op === OP_MOVN) return c;
  if (op === OP_STOREN || op === OP_VSTOREN) return b >>> 16;
  return op >= OP_IFACEEQ ? 2 : 1;
}

function integerType(image: Image, bits: number): number {
  const type = image.types.find(
    (one) => one?.kind === 'integer' && one.bits === bits && !one.named,
  );
  return type?.id ?? 0;
}
