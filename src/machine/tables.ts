/**
 * Tables that the machine makes of an image once: its own copy of the code with what execution
 * wants to know at once, the extent of every frame, and the functions that traps call.
 */
import { readsClock } from '../language/clock.ts';
import type { Image } from '../language/image.ts';
import { INSTRUCTIONS, SYSTEM_CALLS, slotWords } from '../language/instruction-table.ts';
import {
  FRAME_HEADER_WORDS,
  INSTRUCTION_WORDS,
  OP_CALL,
  OP_NOP,
  OP_PREEMPT,
  OP_RET,
  OP_SYS,
  TRAPS,
} from '../language/instructions.ts';
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
  /** The program asks what time it is. */
  readonly readsClock: boolean;
  /** By string constant. */
  readonly constantBytes: readonly Uint8Array[];
  /** Type ids of uint8 and int32, for strings made into slices; 0 when the image has none. */
  readonly byteType: number;
  readonly runeType: number;
  /** Type ids of the interfaces whose methods package fmt asks for texts, by name, as far as the
   *  image has them. */
  readonly textInterfaces: Readonly<Record<string, number>>;
}

const tablesWith = new WeakMap<Image, Tables>();
const tablesWithout = new WeakMap<Image, Tables>();

/** The tables of an image, with PREEMPT or without; nobody changes them. */
export function tablesOf(image: Image, preemption: boolean): Tables {
  const known = preemption ? tablesWith : tablesWithout;
  let tables = known.get(image);
  if (tables === undefined) {
    const other = (preemption ? tablesWithout : tablesWith).get(image);
    tables = other ? switched(other, image, preemption) : makeTables(image, preemption);
    known.set(image, tables);
  }
  return tables;
}

/** The same, but for PREEMPT. */
function switched(other: Tables, image: Image, preemption: boolean): Tables {
  const code = other.code.slice();
  const op = preemption && other.asyncPreempt >= 0 ? OP_PREEMPT : OP_NOP;
  for (let pc = 0; pc < code.length; pc += INSTRUCTION_WORDS) {
    if (image.code[pc] === OP_PREEMPT) code[pc] = op;
  }
  return { ...other, code };
}

function makeTables(image: Image, preemption: boolean): Tables {
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
    readsClock: readsClock(image),
    constantBytes: image.strings.map(encode),
    byteType: integerType(image, 8),
    runeType: integerType(image, -32),
    textInterfaces: textInterfaces(image),
  };
}

/** Frame words of a function, counted from its instructions too: code may use slots, for arguments
 *  and results of calls, beyond what it declares as its frame. */
function extentOf(image: Image, number: number): number {
  const info = image.functions[number];
  let words = Math.max(info.frameWords, FRAME_HEADER_WORDS + info.parameterWords);
  words = Math.max(words, FRAME_HEADER_WORDS + info.resultWords);
  for (let pc = info.start; pc < info.end; pc += INSTRUCTION_WORDS) {
    words = Math.max(words, slotsEnd(image, pc));
  }
  return words;
}

/** The slot after the last that an instruction uses. */
function slotsEnd(image: Image, pc: number): number {
  const { code } = image;
  const shape = INSTRUCTIONS[code[pc]];
  if (shape === undefined) return 0;
  const [a, b, c] = [code[pc + 1], code[pc + 2], code[pc + 3]];
  let end = 0;
  for (const [role, value] of [
    [shape.a, a],
    [shape.b, b],
    [shape.c, c],
  ] as const) {
    const words = role === 'b' ? callWords(image, pc, a) : slotWords(shape, role, a, b, c);
    if (words > 0) end = Math.max(end, value + words);
  }
  return end;
}

/** Words from its base that a call or system call uses in its caller's frame. */
function callWords(image: Image, pc: number, a: number): number {
  const op = image.code[pc];
  if (op === OP_SYS) {
    const { argumentWords, resultWords } = SYSTEM_CALLS[a] ?? { argumentWords: 0, resultWords: 0 };
    return Math.max(argumentWords, resultWords);
  }
  if (op !== OP_CALL) return FRAME_HEADER_WORDS;
  const { parameterWords, resultWords } = image.functions[a];
  return FRAME_HEADER_WORDS + Math.max(parameterWords, resultWords);
}

function textInterfaces(image: Image): Record<string, number> {
  const found: Record<string, number> = {};
  for (const type of image.types) {
    if (type?.kind !== 'interface') continue;
    if (['error', 'fmt.Stringer', 'fmt.GoStringer'].includes(type.name)) found[type.name] = type.id;
  }
  return found;
}

function integerType(image: Image, bits: number): number {
  const type = image.types.find(
    (one) => one?.kind === 'integer' && one.bits === bits && !one.named,
  );
  return type?.id ?? 0;
}
