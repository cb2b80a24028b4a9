/**
 * Runs generated code in place of the interpreter. Functions are generated when they are first
 * executed. Where a host forbids making functions from text, the interpreter does everything.
 */
import { ATOMIC_HOLDER } from '../language/image.ts';
import { OP_CHOOSE, OP_GSTORE, OP_LOAD, OP_VISIBLE } from '../language/instructions.ts';
import type { Core } from './core.ts';
import { RUNNING } from './core.ts';
import { BAILED, blockStarts, generateFunction, HALTED, STOPPED } from './generate.ts';
import { AT_BOUNDARY, AT_LIMIT, execute, HALTED as LOOP_HALTED } from './interpreter.ts';
import { executeSlowly } from './slow.ts';

type GeneratedFunction = (pc: number, fp: number) => number;

/** Calls in one another that may be JavaScript calls in one another. */
const NESTED_CALLS = 50;

/** What generated functions share. */
interface Registers {
  /** Instructions that may still be executed in this step. */
  left: number;
  /** JavaScript calls in one another. */
  depth: number;
}

export class GeneratedCode {
  readonly #core: Core;
  readonly #isRecording: boolean;
  readonly #registers: Registers = { left: 0, depth: 0 };
  readonly #functions: (GeneratedFunction | null)[];
  /** By pc / 4: number of the block that begins there, in its function; 0: none does. */
  readonly #blocks: Int32Array;
  readonly #context: readonly unknown[];

  /** `isRecording`: for conditions, with what they read told to core.recorder. */
  constructor(core: Core, isRecording = false) {
    this.#core = core;
    this.#isRecording = isRecording;
    this.#functions = core.image.functions.map(() => null);
    this.#blocks = new Int32Array(core.tables.functionOf.length);
    this.#context = this.#helpers();
  }

  /** As `execute`: from core.pc to the next boundary. */
  execute(limit: number): number {
    const core = this.#core;
    const { code, functionOf } = core.tables;
    const { memory } = core;
    const registers = this.#registers;
    const functions = this.#functions;
    registers.left = limit;
    let { pc } = core;
    try {
      for (;;) {
        registers.depth = 0;
        const number = functionOf[pc >> 2];
        if (number === undefined || number < 0) {
          core.pc = pc;
          pc = BAILED;
          break;
        }
        pc = (functions[number] ?? this.#make(number))(pc, core.fp);
        if (pc < 0) break;
        const op = code[pc];
        if (op < OP_VISIBLE) continue;
        if (memory[ATOMIC_HOLDER] === 0 || (op === OP_CHOOSE && !core.isolated)) {
          core.pc = pc;
          pc = STOPPED;
          break;
        }
      }
    } finally {
      core.instructionCount += limit - registers.left;
    }
    if (pc === STOPPED) return AT_BOUNDARY;
    if (pc === HALTED) return LOOP_HALTED;
    if (registers.left === 0) return AT_LIMIT;
    return execute(core, registers.left, null, registers.left < limit);
  }

  #make(number: number): GeneratedFunction {
    const { image, tables } = this.#core;
    const { start, end } = image.functions[number];
    for (const [index, pc] of blockStarts(tables, start, end).entries()) {
      this.#blocks[pc >> 2] = index + 1;
    }
    const body = generateFunction(tables, start, end, this.#isRecording);
    // The text is made of numbers alone; nothing of the scenario's text gets into it.
    // oxlint-disable-next-line typescript/no-implied-eval
    const make = new Function(...NAMES, `return function f${number}(pc, fp) {\n${body}\n}`);
    const made = make(...this.#context) as GeneratedFunction;
    this.#functions[number] = made;
    return made;
  }

  /** Values of NAMES. */
  #helpers(): readonly unknown[] {
    const core = this.#core;
    const registers = this.#registers;
    const { memory, stamp } = core;
    const { code, functionOf } = core.tables;
    const one = (pc: number, fp: number): number => {
      core.pc = pc;
      core.fp = fp;
      if (registers.left <= 0) return BAILED;
      if (isMemoryOperation(code[pc])) core.forgetEffect();
      const { instructionCount } = core;
      registers.left--;
      try {
        execute(core, 1, null);
      } finally {
        core.instructionCount = instructionCount;
      }
      return core.halt === RUNNING ? core.pc : HALTED;
    };
    const slow = (pc: number, fp: number, op: number, a: number, b: number, c: number): number => {
      core.pc = pc;
      core.fp = fp;
      executeSlowly(core, op, a, b, c);
      return core.halt === RUNNING ? core.pc : HALTED;
    };
    const clear = (from: number, to: number, epoch: number): void => {
      for (let address = from; address < to; address++) {
        if (memory[address] === 0) continue;
        if (stamp[address] !== epoch) core.note(address);
        memory[address] = 0;
      }
    };
    const make = (number: number) => this.#make(number);
    const functions = this.#functions;
    const enter = (pc: number, fp: number): number => {
      const op = code[pc];
      if (op >= OP_VISIBLE && (memory[ATOMIC_HOLDER] === 0 || op === OP_CHOOSE)) return pc;
      if (registers.depth > NESTED_CALLS) return pc;
      const number = functionOf[pc >> 2];
      registers.depth++;
      const result = (functions[number] ?? make(number))(pc, fp);
      registers.depth--;
      return result;
    };
    return [core, memory, stamp, registers, functions, this.#blocks, one, slow, clear, make, enter];
  }
}

const NAMES = ['C', 'm', 'S', 'R', 'F', 'B', 'one', 'slow', 'clear', 'make', 'enter'];

/** Whether the interpreter's loop touches memory beyond the frame for it. */
function isMemoryOperation(op: number): boolean {
  return (op >= OP_LOAD && op <= OP_GSTORE) || op >= OP_VISIBLE;
}

/** Whether the host lets functions be made from text. */
export function canGenerate(): boolean {
  try {
    // oxlint-disable-next-line typescript/no-implied-eval
    return new Function('return 1')() === 1;
  } catch {
    return false;
  }
}
