/**
 * Stacks as frames for people: where each call stands in the sources. Wrappers that the compiler
 * made are hidden; what runs on a scheduler's stack for a goroutine is shown on top of its own.
 */
import { positionAt } from '../language/diagnostics.ts';
import {
  CONTEXT_FP,
  CONTEXT_PC,
  type FunctionInfo,
  type Image,
  THREAD_CONTEXT,
  THREAD_FP,
  THREAD_PC,
  THREAD_WORDS,
  THREADS,
} from '../language/image.ts';
import { FRAME_CALLER, FRAME_RETURN_PC, INSTRUCTION_WORDS } from '../language/instructions.ts';

export interface Frame {
  readonly function: number;
  /** As Go's tracebacks print it: `main.exhaust`. */
  readonly name: string;
  /** Of the instruction that is executed next (innermost), or of the call that is under way. */
  readonly pc: number;
  readonly fp: number;
  readonly context: number;
  readonly file: number;
  readonly path: string;
  /** 1-based; of the statement or call that is being executed. */
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly isModel: boolean;
}

/** A frame before it is looked up in the sources. */
export interface RawFrame {
  readonly function: number;
  readonly pc: number;
  readonly fp: number;
  readonly context: number;
}

const PC_MASK = 0x7fffffff;
/** Of one stack; deeper ones are cut. Overflow ends a run long before. */
const MAX_FRAMES = 100_000;

/** Functions by their place in the code. One an image. */
export class FunctionTable {
  readonly #image: Image;
  readonly #byInstruction: Int32Array;

  constructor(image: Image) {
    this.#image = image;
    this.#byInstruction = new Int32Array(image.code.length / INSTRUCTION_WORDS).fill(-1);
    for (const [number, { start, end }] of image.functions.entries()) {
      this.#byInstruction.fill(number, start / INSTRUCTION_WORDS, end / INSTRUCTION_WORDS);
    }
  }

  /** Number of the function that the instruction belongs to; -1 when there is none. */
  at(pc: number): number {
    return this.#byInstruction[pc / INSTRUCTION_WORDS] ?? -1;
  }

  info(number: number): FunctionInfo {
    return this.#image.functions[number];
  }
}

/** The frames of a context that no thread executes, or of what `thread` executes (context aside);
 *  innermost first, wrappers included. */
export function rawFrames(
  functions: FunctionTable,
  memory: Int32Array,
  thread: number,
  context: number,
): RawFrame[] {
  const frames: RawFrame[] = [];
  if (thread >= 0) {
    const entry = THREADS + thread * THREAD_WORDS;
    const running = memory[entry + THREAD_CONTEXT];
    const pc = memory[entry + THREAD_PC];
    collect(functions, memory, running, pc, memory[entry + THREAD_FP], frames);
    if (context === 0 || running === context) return frames;
  }
  if (context === 0) return frames;
  const saved = memory[context + CONTEXT_PC];
  const number = functions.at(saved);
  // A saved pc lies behind the call that left, unless nothing was called yet.
  const isFresh = number < 0 || functions.info(number).start === saved;
  const pc = isFresh ? saved : saved - INSTRUCTION_WORDS;
  collect(functions, memory, context, pc, memory[context + CONTEXT_FP], frames);
  return frames;
}

function collect(
  functions: FunctionTable,
  memory: Int32Array,
  context: number,
  startPc: number,
  startFp: number,
  frames: RawFrame[],
): void {
  let pc = startPc;
  let fp = startFp;
  while (fp !== 0 && frames.length < MAX_FRAMES) {
    const number = functions.at(pc);
    if (number < 0) return;
    frames.push({ function: number, pc, fp, context });
    const returnPc = memory[fp + FRAME_RETURN_PC] & PC_MASK;
    if (returnPc === 0) return;
    pc = returnPc - INSTRUCTION_WORDS;
    fp = memory[fp + FRAME_CALLER];
  }
}

/** A frame with its place in the sources. */
export function describeFrame(image: Image, raw: RawFrame): Frame {
  const info = image.functions[raw.function];
  const index = raw.pc / INSTRUCTION_WORDS;
  const file = image.sourceFiles[index];
  const source = image.files[file];
  const start = positionAt(source, image.sourceStarts[index]);
  const end = positionAt(source, image.sourceEnds[index]);
  return {
    ...raw,
    name: info.name,
    file,
    path: source.path,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
    isModel: info.isModel,
  };
}
