/** The frames of a stack, and the lines of a Go traceback. */
import type { Image } from '../language/image.ts';
import {
  CONTEXT_FP,
  CONTEXT_PC,
  THREADS,
  THREAD_CONTEXT,
  THREAD_COUNT,
  THREAD_FP,
  THREAD_PC,
  THREAD_WORDS,
} from '../language/image.ts';
import { FRAME_CALLER, FRAME_RETURN_PC, INSTRUCTION_WORDS } from '../language/instructions.ts';
import type { Core } from './core.ts';
import { nextMember } from './core.ts';

export interface StackFrame {
  /** Of the instruction that is executed, or the call that has not returned. */
  readonly pc: number;
  readonly fp: number;
  readonly function: number;
}

/** More than this is cut: a stack that overflowed would drown everything else. */
const MAX_FRAMES = 100;

/** The frames of a context, innermost first. */
export function framesOf(core: Core, context: number, limit = MAX_FRAMES): StackFrame[] {
  const registers = registersOf(core, context);
  let { pc, fp } = registers;
  const frames: StackFrame[] = [];
  while (fp > 0 && frames.length < limit) {
    const number = core.tables.functionOf[pc / INSTRUCTION_WORDS];
    if (number === undefined || number < 0) break;
    frames.push({ pc, fp, function: number });
    pc = (core.at(fp + FRAME_RETURN_PC) & 0x7fffffff) - INSTRUCTION_WORDS;
    fp = core.at(fp + FRAME_CALLER);
    if (pc < 0) break;
  }
  return frames;
}

/** Where a stack is in the scenario: the pc of the innermost frame that is no model's. */
export function scenarioPc(core: Core, innerPc: number, innerFp: number): number {
  const { image } = core;
  let pc = innerPc;
  let fp = innerFp;
  for (let i = 0; fp > 0 && pc >= 0; i = nextMember(i)) {
    const number = core.tables.functionOf[pc / INSTRUCTION_WORDS];
    if (number === undefined || number < 0) break;
    if (!image.functions[number].isModel) return pc;
    pc = (core.at(fp + FRAME_RETURN_PC) & 0x7fffffff) - INSTRUCTION_WORDS;
    fp = core.at(fp + FRAME_CALLER);
  }
  return innerPc;
}

/** Where a context executes, or where it was saved (its call there, not the instruction after). */
function registersOf(core: Core, context: number): { pc: number; fp: number } {
  if (context === core.context && core.fp !== 0) return { pc: core.pc, fp: core.fp };
  const count = core.at(THREAD_COUNT);
  for (let thread = 0; thread < count; thread++) {
    const own = THREADS + thread * THREAD_WORDS;
    if (core.at(own + THREAD_CONTEXT) === context) {
      return { pc: core.at(own + THREAD_PC), fp: core.at(own + THREAD_FP) };
    }
  }
  const pc = core.at(context + CONTEXT_PC);
  const isEntry = core.tables.entry.includes(pc);
  return { pc: isEntry ? pc : pc - INSTRUCTION_WORDS, fp: core.at(context + CONTEXT_FP) };
}

/** `main.f(...)` and its place, two lines a frame, as Go prints them. */
export function stackText(core: Core, context: number): string {
  const { image } = core;
  const lines = framesOf(core, context)
    .filter((frame) => !image.functions[frame.function].isWrapper)
    .map((frame) => {
      const info = image.functions[frame.function];
      const path = image.files[info.file]?.path ?? '?';
      return `${info.name}(...)\n\t${path}:${lineOf(image, info.file, frame.pc)}\n`;
    });
  return lines.join('');
}

/** By image, the lines that were asked for, by pc / 4. A search prints the same ones very often. */
const knownLines = new WeakMap<Image, Int32Array>();

function lineOf(image: Image, file: number, pc: number): number {
  let lines = knownLines.get(image);
  if (lines === undefined) {
    lines = new Int32Array(image.code.length / INSTRUCTION_WORDS);
    knownLines.set(image, lines);
  }
  const index = pc / INSTRUCTION_WORDS;
  const line =
    lines[index] || lineAt(image.files[file]?.text ?? '', image.sourceStarts[index] ?? 0);
  lines[index] = line;
  return line;
}

function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}
