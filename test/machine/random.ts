/** Random programs and random walks for property tests of the machine. */
import type { Image } from '../../src/language/image.ts';
import { SYSTEM_CALLS, INSTRUCTIONS } from '../../src/language/instruction-table.ts';
import type { InstructionShape, Role } from '../../src/language/instruction-table.ts';
import * as ops from '../../src/language/instructions.ts';
import type { Machine } from '../../src/machine/machine.ts';
import type { FunctionSource, Operand } from './assemble.ts';
import { assemble, globalAddress, typeId } from './assemble.ts';
import { idOf, runtimeTypes } from './values.ts';

/** A small generator of random numbers (mulberry32): integers below a bound. */
export function randomOf(seed: number): (bound: number) => number {
  let state = seed | 0;
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % bound;
  };
}

const SLOTS = 24;
const GLOBAL_WORDS = 12;
const INSTRUCTIONS_A_FUNCTION = 40;
const FUNCTIONS = 6;

/** An image of random instructions: most do something, some trap, many runs end early. */
export function randomImage(seed: number): Image {
  const random = randomOf(seed);
  const functions: FunctionSource[] = Array.from({ length: FUNCTIONS }, (_, index) => ({
    name: `f${index}`,
    frame: SLOTS + 12,
    parameters: random(3),
    results: random(3),
    code: randomCode(random),
  }));
  // Most traps are caught by a function that lets the run go on after the instruction.
  for (const { name, arguments: count } of ops.TRAPS) {
    if (random(8) === 0) continue;
    functions.push({
      name,
      frame: SLOTS + 12,
      parameters: count,
      isModel: true,
      code: [['GSTORE', globalAddress(random(GLOBAL_WORDS)), 3], ['YIELD'], ['RET', 3, 0]],
    });
  }
  return assemble({ globals: GLOBAL_WORDS, types: runtimeTypes(), functions });
}

type Line = readonly [string, ...Operand[]];
type Random = (bound: number) => number;

function randomCode(random: Random): (string | Line)[] {
  const names = INSTRUCTIONS.flatMap((shape) => (shape === undefined ? [] : [shape.name]));
  // Slots 3 to 6 begin as addresses of globals, 7 to 9 as functions.
  const code: (string | Line)[] = [];
  for (let slot = 3; slot < 7; slot++) {
    code.push(['CONST', slot, globalAddress(random(GLOBAL_WORDS - 4))]);
  }
  for (let slot = 7; slot < 10; slot++) code.push(['CONST', slot, -1 - random(FUNCTIONS)]);
  for (let index = 0; index < INSTRUCTIONS_A_FUNCTION; index++) {
    code.push(`l${index}`);
    const name = names[random(names.length)];
    if (/^(?:OUTCOME|ATOMIC_END)$/.test(name) && random(20) !== 0) continue;
    if (/^(?:CALLI|DEFER|RET|UNWIND|NEWTHREAD|CHOOSE)$/.test(name) && random(5) !== 0) continue;
    if (/^(?:MCALL|GOGO|FREECONTEXT|EXITTHREAD)$/.test(name) && random(8) !== 0) continue;
    code.push(randomInstruction(random, name));
  }
  code.push('epilogue', ['RUNDEFERS', SLOTS], ['RET', 3, random(3)]);
  return code;
}

function randomInstruction(random: Random, name: string): Line {
  const op = (ops as unknown as Record<string, number>)[`OP_${name}`];
  const shape = INSTRUCTIONS[op] as InstructionShape;
  const count = 1 + random(3);
  const operand = (role: Role): Operand => {
    switch (role) {
      case 'r':
      case 'r2':
      case 'rn':
      case 'rN':
        return 3 + random(random(3) === 0 ? SLOTS - 6 : 8);
      case 'w':
      case 'w2':
      case 'wn':
      case 'wN':
      case 'u':
        return 10 + random(SLOTS - 13);
      case 'p':
        return `@l${random(INSTRUCTIONS_A_FUNCTION)}`;
      case 'f':
        return random(FUNCTIONS);
      case 'b':
        return SLOTS;
      case 't':
        return name === 'IMPLEMENTS' ? typeId(0) : idOf(['int', 'main.T', 'main.N'][random(3)]);
      case 'g':
        return globalAddress(random(GLOBAL_WORDS));
      case 'n':
        return count;
      case 'N':
        return random(3) | (count << 16);
      case 's':
        return random(SYSTEM_CALLS.length);
      case 'i':
        return name === 'WRAP' ? [8, -8, 16, -16][random(4)] : random(4);
      default:
        return 0;
    }
  };
  return [name, operand(shape.a), operand(shape.b), operand(shape.c)];
}

/** Threads that can move, with each answer: the transitions of a state. */
export function transitionsOf(machine: Machine): { thread: number; answer: number }[] {
  const found: { thread: number; answer: number }[] = [];
  for (let thread = 0; thread < machine.threadCount(); thread++) {
    if (!machine.isEnabled(thread)) continue;
    const answers = Math.min(machine.choiceCount(thread), 4);
    for (let answer = 0; answer < answers; answer++) found.push({ thread, answer });
  }
  return found;
}
