/**
 * What the operands of each instruction are: for the extent of frames, the disassembly and the
 * search's code generator.
 *
 *   d slot that is written   s slot that is read   i number   j jump target   f function number
 *   b base of a call
 */
import * as ops from '../language/instructions.ts';

export interface OperandInfo {
  readonly name: string;
  readonly kinds: string;
  /** How many words the operand `d` of this name covers, where that is not one. */
  readonly words: (a: number, b: number, c: number) => number;
}

const one = () => 1;
const two = () => 2;
const byC = (_a: number, _b: number, c: number) => c;
const byB = (_a: number, b: number) => b;
const wideC = (_a: number, _b: number, c: number) => c >>> 16;

const table: Record<string, [kinds: string, words?: OperandInfo['words']]> = {
  NOP: ['iii'],
  TRAP: ['iss'],
  CONST: ['di'],
  MOV: ['ds'],
  MOVN: ['dsi', byC],
  CLEAR: ['di', byB],
  FRAME: ['d'],
  CALLERFRAME: ['d'],
  LEA: ['di'],
  FIELD: ['dsi'],
  ELEMENT: ['dsi'],
  BOUNDS: ['ss'],
  ADD: ['dss'],
  SUB: ['dss'],
  MUL: ['dss'],
  DIV: ['dss'],
  REM: ['dss'],
  ADDW: ['dss'],
  SUBW: ['dss'],
  MULW: ['dss'],
  DIVU: ['dss'],
  REMU: ['dss'],
  AND: ['dss'],
  OR: ['dss'],
  XOR: ['dss'],
  ANDNOT: ['dss'],
  SHL: ['dss'],
  SHLW: ['dss'],
  SHR: ['dss'],
  SHRU: ['dss'],
  NEG: ['ds'],
  NOT: ['ds'],
  LNOT: ['ds'],
  WRAP: ['dsi'],
  ADDI: ['dsi'],
  RANGE: ['s'],
  EQ: ['dss'],
  NE: ['dss'],
  LT: ['dss'],
  LE: ['dss'],
  LTU: ['dss'],
  LEU: ['dss'],
  JMP: ['j'],
  JT: ['sj'],
  JF: ['sj'],
  JEQ: ['ssj'],
  JNE: ['ssj'],
  JLT: ['ssj'],
  JLE: ['ssj'],
  LOAD: ['dsi'],
  LOADN: ['dsi', wideC],
  STORE: ['sis'],
  STOREN: ['sis'],
  GLOAD: ['di'],
  GSTORE: ['is'],
  CALL: ['fb'],
  CALLC: ['sb'],
  CALLI: ['sbi'],
  RET: ['di', byB],
  CLOSURE: ['dfi'],
  DEFER: ['si'],
  RUNDEFERS: ['b'],
  ALLOC: ['di'],
  ALLOCN: ['dis'],
  IMPLEMENTS: ['dsi'],
  IFACEEQ: ['dss'],
  TYPEEQ: ['dsi'],
  SYS: ['ib'],
  ATOMIC_END: [''],
  MCALL: ['sss'],
  GOGO: ['s'],
  SAVECALLER: [''],
  NEWCONTEXT: ['dss'],
  FREECONTEXT: ['s'],
  CONTEXT: ['d'],
  OWNER: ['d'],
  SETOWNER: ['s'],
  TLS: ['d'],
  SETTLS: ['s'],
  THREAD: ['d'],
  POPDEFER: ['d', two],
  UNWIND: ['s'],
  VLOAD: ['dsi'],
  VLOADN: ['dsi', wideC],
  VSTORE: ['sis'],
  VSTOREN: ['sis'],
  VGLOAD: ['di'],
  VGSTORE: ['is'],
  ALOAD: ['ds'],
  ASTORE: ['ss'],
  AADD: ['dss'],
  ASWAP: ['dss'],
  ACAS: ['dss'],
  AAND: ['dss'],
  AOR: ['dss'],
  LOCK: ['s'],
  UNLOCK: ['s'],
  AWAIT: ['s'],
  AWAITIDLE: ['ssd'],
  CHOOSE: ['ds'],
  ATOMIC_BEGIN: [''],
  PREEMPT: [''],
  NEWTHREAD: ['dss'],
  EXITTHREAD: [''],
  OUTCOME: ['ss'],
  PRINT: ['ss'],
  YIELD: [''],
};

/** Operands by opcode; undefined for numbers that are no instruction. */
export const OPERANDS: readonly (OperandInfo | undefined)[] = operandsByCode();

function operandsByCode(): (OperandInfo | undefined)[] {
  const codes = ops as unknown as Record<string, number>;
  const list: (OperandInfo | undefined)[] = [];
  for (const [name, [kinds, words]] of Object.entries(table)) {
    list[codes[`OP_${name}`]] = { name, kinds, words: words ?? one };
  }
  return list;
}
