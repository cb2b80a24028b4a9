/**
 * Checks an image for what the machine takes for granted. Tests run it on everything that the
 * compiler makes; a complaint is a mistake of the compiler.
 */
import type { FunctionInfo, Image } from './image.ts';
import { instructionText } from './disassemble.ts';
import { INSTRUCTIONS, slotWords, SYSTEM_CALLS } from './instruction-table.ts';
import type { InstructionShape, Role } from './instruction-table.ts';
import { FRAME_HEADER_WORDS, INSTRUCTION_WORDS } from './instructions.ts';
import * as op from './instructions.ts';

/** All that is wrong with the image, in sentences; empty when it is good. */
export function verifyImage(image: Image): string[] {
  const complaints: string[] = [];
  const { code, functions } = image;
  for (const each of functions) verifyFunction(image, each, complaints);
  const inside = (number: number) => number >= 0 && number < functions.length;
  if (!inside(image.entry)) complaints.push('the entry is no function');
  for (const each of image.conditions) {
    if (!inside(each.function)) complaints.push(`condition ${each.name} has no function`);
    else verifyCondition(image, functions[each.function], complaints);
  }
  for (const type of image.types) {
    if (type === null || type.kind === 'interface') continue;
    for (const target of Object.values(type.methods)) {
      if (!inside(target)) complaints.push(`a method of ${type.name} is no function`);
    }
  }
  const ends = functions.map((each) => each.end);
  if (Math.max(0, ...ends) !== code.length) complaints.push('code after the last function');
  return complaints;
}

function verifyFunction(image: Image, info: FunctionInfo, complaints: string[]): void {
  const { code } = image;
  const say = (pc: number, what: string) => {
    const index = (pc - info.start) / INSTRUCTION_WORDS;
    complaints.push(`${info.name} @${index} ${instructionText(image, pc, info.start)}: ${what}`);
  };
  for (let pc = info.start; pc < info.end; pc += INSTRUCTION_WORDS) {
    const shape = INSTRUCTIONS[code[pc]];
    if (!shape) {
      say(pc, 'is no instruction');
      continue;
    }
    const operands: [Role, number][] = [
      [shape.a, code[pc + 1]],
      [shape.b, code[pc + 2]],
      [shape.c, code[pc + 3]],
    ];
    for (const [role, operand] of operands) {
      const problem = operandProblem(image, info, shape, role, operand, pc);
      if (problem) say(pc, problem);
    }
    const problem = callProblem(image, info, pc);
    if (problem) say(pc, problem);
  }
  const last = code[info.end - INSTRUCTION_WORDS];
  if (info.end === info.start || !endsControl(last)) {
    complaints.push(`${info.name}: control runs off its end`);
  }
  verifyDebugging(image, info, complaints);
}

/** Whether control never goes on behind the instruction (a call may be one that panics). */
function endsControl(opcode: number): boolean {
  const others = [op.OP_RET, op.OP_JMP, op.OP_CALL, op.OP_GOGO, op.OP_UNWIND, op.OP_TRAP];
  return others.includes(opcode) || opcode === op.OP_EXITTHREAD || opcode === op.OP_OUTCOME;
}

function operandProblem(
  image: Image,
  info: FunctionInfo,
  shape: InstructionShape,
  role: Role,
  operand: number,
  pc: number,
): string | null {
  const { code } = image;
  if (/^[wru]/.test(role)) {
    const words = slotWords(shape, role, code[pc + 1], code[pc + 2], code[pc + 3]);
    if (role.startsWith('w') && operand < FRAME_HEADER_WORDS && words > 0) {
      return `writes to the frame's header at F${operand}`;
    }
    const outside = operand < 0 || operand + words > info.frameWords;
    return outside ? `F${operand} with ${words} words is outside of the frame` : null;
  }
  switch (role) {
    case 'p':
      if (operand % INSTRUCTION_WORDS !== 0) return 'jumps between instructions';
      return operand < info.start || operand >= info.end ? 'jumps out of the function' : null;
    case 'f':
      return image.functions[operand] ? null : `there is no function ${operand}`;
    case 't':
      return image.types[operand] ? null : `there is no type ${operand}`;
    case 'm':
      return image.methodNames[operand] === undefined ? `there is no method ${operand}` : null;
    case 'g': {
      const { globalsEnd } = image;
      return operand < 64 || operand >= globalsEnd ? `there is no global at ${operand}` : null;
    }
    case 'n':
      return operand < 0 ? 'has a negative count' : null;
    case 's':
      return SYSTEM_CALLS[operand] ? null : `there is no SYS ${operand}`;
    default:
      return null;
  }
}

/** Whether the frame that is called into lies above the caller's variables and inside its words as
 *  far as the caller touches it. */
function callProblem(image: Image, info: FunctionInfo, pc: number): string | null {
  const { code } = image;
  const [opcode, a, b] = [code[pc], code[pc + 1], code[pc + 2]];
  const variables = FRAME_HEADER_WORDS + info.parameterWords;
  if (opcode === op.OP_RUNDEFERS) {
    return a < info.frameWords ? 'deferred calls would run on live words' : null;
  }
  if (opcode === op.OP_SYS) {
    const call = SYSTEM_CALLS[a];
    const words = Math.max(call.argumentWords, call.resultWords);
    return b < variables || b + words > info.frameWords ? 'its base is outside of the frame' : null;
  }
  if (opcode !== op.OP_CALL && opcode !== op.OP_CALLC && opcode !== op.OP_CALLI) return null;
  if (b < variables) return 'the called frame covers variables';
  for (const variable of info.variables) {
    const shown = pc >= variable.start && pc < variable.end;
    if (!shown || (variable.storage !== 'slot' && variable.storage !== 'box')) continue;
    const words = variable.storage === 'box' ? 1 : (image.types[variable.type]?.words ?? 0);
    if (variable.index + words > b) return `the called frame covers ${variable.name}`;
  }
  const callee = opcode === op.OP_CALL ? image.functions[a] : undefined;
  if (!callee) return null;
  const touched = b + FRAME_HEADER_WORDS + Math.max(callee.parameterWords, callee.resultWords);
  return touched > info.frameWords ? 'arguments or results are outside of the frame' : null;
}

function verifyDebugging(image: Image, info: FunctionInfo, complaints: string[]): void {
  for (const variable of info.variables) {
    const type = image.types[variable.type];
    if (!type) complaints.push(`${info.name}: variable ${variable.name} has no type`);
    if (variable.start < info.start || variable.end > info.end || variable.end < variable.start) {
      complaints.push(`${info.name}: variable ${variable.name} is shown outside of the function`);
    }
    const words = variable.storage === 'slot' ? (type?.words ?? 0) : 1;
    const inFrame = variable.storage === 'slot' || variable.storage === 'box';
    if (inFrame && variable.index + words > info.frameWords) {
      complaints.push(`${info.name}: variable ${variable.name} lies outside of the frame`);
    }
  }
  const length = image.files[info.file].text.length;
  for (let index = info.start / 4; index < info.end / 4; index++) {
    if (image.sourceStarts[index] < 0 || image.sourceEnds[index] > length) {
      complaints.push(`${info.name}: instruction ${index} comes from outside of the file`);
    }
  }
  if (info.epilogue >= 0 && image.code[info.epilogue] !== op.OP_RUNDEFERS) {
    complaints.push(`${info.name}: the epilogue does not run deferred calls`);
  }
}

/** A condition is evaluated aside: nothing that it calls directly may be an interleaving point. */
function verifyCondition(image: Image, first: FunctionInfo, complaints: string[]): void {
  const seen = new Set<FunctionInfo>([first]);
  for (const info of seen) {
    for (let pc = info.start; pc < info.end; pc += INSTRUCTION_WORDS) {
      const opcode = image.code[pc];
      if (opcode === op.OP_CALL) seen.add(image.functions[image.code[pc + 1]]);
      if (opcode < op.OP_VISIBLE) continue;
      const text = instructionText(image, pc, info.start);
      complaints.push(`${info.name}: a condition gets to the visible operation ${text}`);
    }
  }
}
