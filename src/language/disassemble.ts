/** The image's code as text, for tests and for the debugger's disassembly. */
import { positionAt } from './diagnostics.ts';
import type { FunctionInfo, Image } from './image.ts';
import { INSTRUCTIONS, slotWords, SYSTEM_CALLS } from './instruction-table.ts';
import type { Role } from './instruction-table.ts';
import { INSTRUCTION_WORDS } from './instructions.ts';

/** The functions of that name (a method and its wrapper share theirs), or all in order. */
export function disassemble(image: Image, functionName?: string): string {
  const parts: string[] = [];
  for (const each of image.functions) {
    if (functionName !== undefined && each.name !== functionName) continue;
    parts.push(disassembleFunction(image, each));
  }
  return parts.join('\n');
}

/** `name (parameters 1, results 1, frame 9)`, then a line for each instruction; `>` stands at those
 *  that begin a statement, with the source line. */
function disassembleFunction(image: Image, info: FunctionInfo): string {
  const { parameterWords, resultWords, frameWords } = info;
  const lines = [
    `${info.name} (parameters ${parameterWords}, results ${resultWords}, frame ${frameWords})`,
  ];
  const file = image.files[info.file];
  for (let pc = info.start; pc < info.end; pc += INSTRUCTION_WORDS) {
    const index = pc / INSTRUCTION_WORDS;
    const stop = image.statements[index] === 1;
    const line = stop ? String(positionAt(file, image.sourceStarts[index]).line) : '';
    const text = instructionText(image, pc, info.start);
    lines.push(
      `${stop ? '>' : ' '}${line.padStart(4)} ${String(index - info.start / 4).padStart(4)}  ${text}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

/** One instruction: `JLT F3 F4 @7`. Jumps are numbered in instructions from `start`. */
export function instructionText(image: Image, pc: number, start = 0): string {
  const { code } = image;
  const shape = INSTRUCTIONS[code[pc]];
  if (!shape) return `?${code[pc]}`;
  const [a, b, c] = [code[pc + 1], code[pc + 2], code[pc + 3]];
  const roles: [Role, number][] = [
    [shape.a, a],
    [shape.b, b],
    [shape.c, c],
  ];
  const operands = roles
    .filter(([role]) => role !== '-')
    .map(([role, operand]) => {
      const words = slotWords(shape, role, a, b, c);
      if (words > 0 || /^[wru]/.test(role)) return slotText(operand, words);
      return operandText(image, role, operand, start);
    })
    .filter((text) => text !== '');
  return [shape.name, ...operands].join(' ');
}

function slotText(slot: number, words: number): string {
  if (slot < 0) return '-';
  return words === 1 ? `F${slot}` : `F${slot}..${slot + words}`;
}

function operandText(image: Image, role: Role, operand: number, start: number): string {
  switch (role) {
    case 'p':
      return `@${(operand - start) / INSTRUCTION_WORDS}`;
    case 'f':
      return image.functions[operand]?.name ?? `?${operand}`;
    case 'b':
      return `base ${operand}`;
    case 't':
      return image.types[operand]?.name ?? `?${operand}`;
    case 'g':
      return image.globals.find((each) => each.address === operand)?.name ?? `[${operand}]`;
    case 'm':
      return `.${image.methodNames[operand] ?? `?${operand}`}`;
    case 's':
      return SYSTEM_CALLS[operand]?.name ?? `?${operand}`;
    case 'N':
      return `+${operand & 0xffff}`;
    case 'n':
      return '';
    default:
      return String(operand);
  }
}
