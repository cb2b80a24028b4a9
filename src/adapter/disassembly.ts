/** Instructions of the image as a disassembly, and the references that stand for addresses. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Image } from '../language/image.ts';
import { INSTRUCTION_WORDS } from '../language/instructions.ts';
import { instructionText } from '../language/disassemble.ts';
import { positionAt } from '../language/diagnostics.ts';
import { optionalInteger, requireInteger, requireText } from './arguments.ts';
import type { Arguments } from './arguments.ts';
import type { Debuggee, Program } from './debuggee.ts';
import { badArgument, badReference } from './errors.ts';
import { toClientColumn, toClientLine } from './positions.ts';
import type { Handlers } from './requests.ts';
import { sourceOf } from './sources.ts';

export const disassemblyRequests = { disassemble } satisfies Handlers;

/** Code is shown from here on, so that a client may ask for what lies before it. */
const codeBase = 0x400000;

/** More than any client shows; a request for more is a mistake. */
const maxInstructions = 100_000;

/** The reference of a pc, as clients give it back. */
export function toReference(pc: number): string {
  return `0x${(codeBase + pc).toString(16)}`;
}

/** The pc of a reference, which may be one of no instruction. */
export function parseReference(reference: string): number {
  const isNumber = /^(?:0x[0-9a-f]{1,12}|\d{1,15})$/i.test(reference);
  if (!isNumber) throw badReference(reference);
  return Number(reference) - codeBase;
}

function disassemble(
  debuggee: Debuggee,
  args: Arguments,
): DebugProtocol.DisassembleResponse['body'] {
  const program = debuggee.launched('disassemble');
  const count = requireInteger(args, 'instructionCount');
  if (count < 0 || count > maxInstructions) {
    throw badArgument('instructionCount', `between 0 and ${maxInstructions}`);
  }
  const base = parseReference(requireText(args, 'memoryReference'));
  const offset = optionalInteger(args, 'offset', 0);
  const skipped = optionalInteger(args, 'instructionOffset', 0);
  const first = Math.floor((base + offset) / INSTRUCTION_WORDS) + skipped;
  const found: DebugProtocol.DisassembledInstruction[] = [];
  for (let index = first; index < first + count; index++) {
    found.push(disassembled(debuggee, program, index * INSTRUCTION_WORDS));
  }
  return { instructions: found };
}

function disassembled(
  debuggee: Debuggee,
  { image, inspector }: Program,
  pc: number,
): DebugProtocol.DisassembledInstruction {
  if (pc < 0 || pc >= image.code.length) {
    // Below the first address there is none to give; the client only counts these.
    const address = `0x${Math.max(0, codeBase + pc).toString(16)}`;
    return { address, instruction: '', presentationHint: 'invalid' };
  }
  const owner = image.functions[inspector.functions.at(pc)];
  const place = lineOfInstruction(image, pc);
  const words = Array.from(image.code.subarray(pc, pc + INSTRUCTION_WORDS));
  return {
    address: toReference(pc),
    instructionBytes: words.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join(' '),
    instruction: textOf(image, pc),
    ...(owner?.start === pc ? { symbol: owner.name } : {}),
    ...(place === null
      ? {}
      : {
          location: sourceOf(debuggee, image, place.file),
          line: toClientLine(debuggee, place.line),
          column: toClientColumn(debuggee, place.column),
        }),
  };
}

/** `JLT F3 F4 0x400120`: jumps lead to addresses. */
function textOf(image: Image, pc: number): string {
  const text = instructionText(image, pc);
  return text.replace(/@(\d+)/g, (_, index) => toReference(Number(index) * INSTRUCTION_WORDS));
}

/** Where in the sources an instruction comes from, 1-based; null for pcs outside the code. */
export function lineOfInstruction(
  image: Image,
  pc: number,
): { file: number; line: number; column: number } | null {
  const index = pc / INSTRUCTION_WORDS;
  const file = image.sourceFiles[index];
  if (file === undefined || image.files[file] === undefined) return null;
  return { file, ...positionAt(image.files[file], image.sourceStarts[index]) };
}
