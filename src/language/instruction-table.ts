/**
 * The shape of every instruction: its mnemonic and what each operand is. One table serves the
 * emitter (which slots are written), the disassembler and the verifier. ORDER OP.
 */
import * as op from './instructions.ts';

/**
 * Roles of operands. Slots: `w` written, `r` read, `u` both, with the number of words after it
 * (`w2`), or `n` when a count operand gives it, or `N` when a wide one does. Others: `i` immediate,
 * `p` pc, `f` function number, `b` base of a call, `t` type id, `g` global's address, `n` count,
 * `N` wide, `m` method number, `s` SYS number, `-` unused.
 */
export type Role =
  | 'w'
  | 'w2'
  | 'wn'
  | 'wN'
  | 'r'
  | 'r2'
  | 'rn'
  | 'rN'
  | 'u'
  | 'i'
  | 'p'
  | 'f'
  | 'b'
  | 't'
  | 'g'
  | 'n'
  | 'N'
  | 'm'
  | 's'
  | '-';

export interface InstructionShape {
  readonly name: string;
  readonly a: Role;
  readonly b: Role;
  readonly c: Role;
}

/** `NAME a b c` by opcode. */
const lines: readonly (readonly [number, string])[] = [
  [op.OP_NOP, 'NOP - - -'],
  [op.OP_TRAP, 'TRAP i r r'],
  [op.OP_CONST, 'CONST w i -'],
  [op.OP_MOV, 'MOV w r -'],
  [op.OP_MOVN, 'MOVN wn rn n'],
  [op.OP_CLEAR, 'CLEAR wn n -'],
  [op.OP_FRAME, 'FRAME w - -'],
  [op.OP_CALLERFRAME, 'CALLERFRAME w - -'],
  [op.OP_LEA, 'LEA w i -'],
  [op.OP_FIELD, 'FIELD w r i'],
  [op.OP_ELEMENT, 'ELEMENT u r i'],
  [op.OP_BOUNDS, 'BOUNDS r r -'],
  [op.OP_ADD, 'ADD w r r'],
  [op.OP_SUB, 'SUB w r r'],
  [op.OP_MUL, 'MUL w r r'],
  [op.OP_DIV, 'DIV w r r'],
  [op.OP_REM, 'REM w r r'],
  [op.OP_ADDW, 'ADDW w r r'],
  [op.OP_SUBW, 'SUBW w r r'],
  [op.OP_MULW, 'MULW w r r'],
  [op.OP_DIVU, 'DIVU w r r'],
  [op.OP_REMU, 'REMU w r r'],
  [op.OP_AND, 'AND w r r'],
  [op.OP_OR, 'OR w r r'],
  [op.OP_XOR, 'XOR w r r'],
  [op.OP_ANDNOT, 'ANDNOT w r r'],
  [op.OP_SHL, 'SHL w r r'],
  [op.OP_SHLW, 'SHLW w r r'],
  [op.OP_SHR, 'SHR w r r'],
  [op.OP_SHRU, 'SHRU w r r'],
  [op.OP_NEG, 'NEG w r -'],
  [op.OP_NOT, 'NOT w r -'],
  [op.OP_LNOT, 'LNOT w r -'],
  [op.OP_WRAP, 'WRAP w r i'],
  [op.OP_ADDI, 'ADDI w r i'],
  [op.OP_RANGE, 'RANGE r - -'],
  [op.OP_EQ, 'EQ w r r'],
  [op.OP_NE, 'NE w r r'],
  [op.OP_LT, 'LT w r r'],
  [op.OP_LE, 'LE w r r'],
  [op.OP_LTU, 'LTU w r r'],
  [op.OP_LEU, 'LEU w r r'],
  [op.OP_JMP, 'JMP p - -'],
  [op.OP_JT, 'JT r p -'],
  [op.OP_JF, 'JF r p -'],
  [op.OP_JEQ, 'JEQ r r p'],
  [op.OP_JNE, 'JNE r r p'],
  [op.OP_JLT, 'JLT r r p'],
  [op.OP_JLE, 'JLE r r p'],
  [op.OP_LOAD, 'LOAD w r i'],
  [op.OP_LOADN, 'LOADN wN r N'],
  [op.OP_STORE, 'STORE r i r'],
  [op.OP_STOREN, 'STOREN r N rN'],
  [op.OP_GLOAD, 'GLOAD w g -'],
  [op.OP_GSTORE, 'GSTORE g r -'],
  [op.OP_CALL, 'CALL f b -'],
  [op.OP_CALLC, 'CALLC r b -'],
  [op.OP_CALLI, 'CALLI r b m'],
  [op.OP_RET, 'RET rn n -'],
  [op.OP_CLOSURE, 'CLOSURE w f i'],
  [op.OP_DEFER, 'DEFER r i -'],
  [op.OP_RUNDEFERS, 'RUNDEFERS b - -'],
  [op.OP_ALLOC, 'ALLOC w t -'],
  [op.OP_ALLOCN, 'ALLOCN w t r'],
  [op.OP_IMPLEMENTS, 'IMPLEMENTS w r t'],
  [op.OP_IFACEEQ, 'IFACEEQ w r2 r2'],
  [op.OP_TYPEEQ, 'TYPEEQ w r2 t'],
  [op.OP_SYS, 'SYS s b -'],
  [op.OP_ATOMIC_END, 'ATOMIC_END - - -'],
  [op.OP_MCALL, 'MCALL r r r'],
  [op.OP_GOGO, 'GOGO r - -'],
  [op.OP_SAVECALLER, 'SAVECALLER - - -'],
  [op.OP_NEWCONTEXT, 'NEWCONTEXT w r r'],
  [op.OP_FREECONTEXT, 'FREECONTEXT r - -'],
  [op.OP_CONTEXT, 'CONTEXT w - -'],
  [op.OP_OWNER, 'OWNER w - -'],
  [op.OP_SETOWNER, 'SETOWNER r - -'],
  [op.OP_TLS, 'TLS w - -'],
  [op.OP_SETTLS, 'SETTLS r - -'],
  [op.OP_THREAD, 'THREAD w - -'],
  [op.OP_POPDEFER, 'POPDEFER w2 - -'],
  [op.OP_UNWIND, 'UNWIND r - -'],
  [op.OP_VLOAD, 'VLOAD w r i'],
  [op.OP_VLOADN, 'VLOADN wN r N'],
  [op.OP_VSTORE, 'VSTORE r i r'],
  [op.OP_VSTOREN, 'VSTOREN r N rN'],
  [op.OP_VGLOAD, 'VGLOAD w g -'],
  [op.OP_VGSTORE, 'VGSTORE g r -'],
  [op.OP_ALOAD, 'ALOAD w r -'],
  [op.OP_ASTORE, 'ASTORE r r -'],
  [op.OP_AADD, 'AADD w r r'],
  [op.OP_ASWAP, 'ASWAP w r r'],
  [op.OP_ACAS, 'ACAS w r r2'],
  [op.OP_AAND, 'AAND w r r'],
  [op.OP_AOR, 'AOR w r r'],
  [op.OP_LOCK, 'LOCK r - -'],
  [op.OP_UNLOCK, 'UNLOCK r - -'],
  [op.OP_AWAIT, 'AWAIT r - -'],
  [op.OP_AWAITIDLE, 'AWAITIDLE r r w'],
  [op.OP_CHOOSE, 'CHOOSE w r -'],
  [op.OP_ATOMIC_BEGIN, 'ATOMIC_BEGIN - - -'],
  [op.OP_PREEMPT, 'PREEMPT - - -'],
  [op.OP_NEWTHREAD, 'NEWTHREAD w r r'],
  [op.OP_EXITTHREAD, 'EXITTHREAD - - -'],
  [op.OP_OUTCOME, 'OUTCOME r r -'],
  [op.OP_PRINT, 'PRINT r r -'],
  [op.OP_YIELD, 'YIELD - - -'],
];

/** The shape of each instruction by opcode; opcodes without one have none. */
export const INSTRUCTIONS: readonly (InstructionShape | undefined)[] = shapes();

function shapes(): (InstructionShape | undefined)[] {
  const table: (InstructionShape | undefined)[] = [];
  for (const [opcode, line] of lines) {
    const [name, a, b, c] = line.split(' ');
    table[opcode] = { name, a: a as Role, b: b as Role, c: c as Role };
  }
  return table;
}

/** Number of slots that operand `role` of an instruction stands for; 0 for no slot. */
export function slotWords(shape: InstructionShape, role: Role, a: number, b: number, c: number) {
  switch (role) {
    case 'w':
    case 'r':
    case 'u':
      return 1;
    case 'w2':
    case 'r2':
      return 2;
    case 'wn':
    case 'rn':
      return shape.c === 'n' ? c : b;
    case 'wN':
    case 'rN':
      return (shape.c === 'N' ? c : shape.b === 'N' ? b : a) >>> 16;
    default:
      return 0;
  }
}

/** Words of arguments and results of each SYS call. ORDER SYS. */
export interface SystemCall {
  readonly name: string;
  readonly argumentWords: number;
  readonly resultWords: number;
}

/** By SYS number. */
export const SYSTEM_CALLS: readonly SystemCall[] = [
  call('CONCAT', 2, 1),
  call('COMPARE', 2, 1),
  call('SUBSTRING', 3, 1),
  call('STRING_LENGTH', 1, 1),
  call('STRING_INDEX', 2, 1),
  call('STRING_RUNE', 2, 2),
  call('RUNE_STRING', 1, 1),
  call('STRING_BYTES', 1, 3),
  call('STRING_RUNES', 1, 3),
  call('BYTES_STRING', 3, 1),
  call('RUNES_STRING', 3, 1),
  call('APPEND', 7, 3),
  call('COPY', 7, 1),
  call('COPY_STRING', 4, 1),
  call('MOVE', 3, 0),
  call('SLICE', 8, 3),
  call('SPRINT', 3, 1),
  call('SPRINTLN', 3, 1),
  call('SPRINTF', 4, 1),
  call('PANIC_TEXT', 3, 1),
  call('TYPE_NAME', 1, 1),
  call('TYPE_ID', 2, 1),
  call('ITOA', 1, 1),
  call('TIME', 0, 1),
  call('FREE', 1, 0),
  call('HEAP', 1, 1),
  call('FORMAT_POINTER', 1, 1),
  call('OPTION', 1, 1),
  call('STACK_TEXT', 1, 1),
  call('UTOA', 1, 1),
  call('MISSING_METHOD', 2, 1),
  call('REACHABLE', 1, 1),
  call('POINTER_IN', 2, 1),
  call('REACHES_FROM', 3, 1),
  call('RACE', 6, 0),
  call('FORMAT', 8, 4),
  call('FORMAT_WRAPPED', 5, 1),
  call('ASSIGN_AS', 4, 1),
  call('AS_TARGET', 2, 1),
  call('IS_COMPARABLE', 2, 1),
  call('RUNE_IS', 2, 1),
  call('RUNE_CASE', 2, 1),
  call('SLICE_LEN', 2, 1),
  call('SLICE_SWAP', 4, 0),
  call('PASS_TIME', 2, 0),
  call('OBJECT_OF', 1, 2),
];

function call(name: string, argumentWords: number, resultWords: number): SystemCall {
  return { name, argumentWords, resultWords };
}
