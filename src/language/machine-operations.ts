/** Package machine: each function's instruction and where its operands and results stand. */
import { systemCall } from './compile-calls.ts';
import type { FunctionCompiler } from './compile-function.ts';
import { value } from './compile-expressions.ts';
import { operandsInto } from './evaluation-order.ts';
import * as op from './instructions.ts';
import { SYSTEM_CALLS } from './instruction-table.ts';
import { move } from './places.ts';
import type { Call, TypedExpression } from './typed.ts';
import { wordsOf } from './types.ts';
import type { Type } from './types.ts';

/** Instructions whose operands are the result (if there is one) and then the arguments. */
const plain: Readonly<Record<string, number>> = {
  Load: op.OP_ALOAD,
  Store: op.OP_ASTORE,
  Add: op.OP_AADD,
  Swap: op.OP_ASWAP,
  And: op.OP_AAND,
  Or: op.OP_AOR,
  Lock: op.OP_LOCK,
  Unlock: op.OP_UNLOCK,
  Await: op.OP_AWAIT,
  Choose: op.OP_CHOOSE,
  Yield: op.OP_YIELD,
  NewThread: op.OP_NEWTHREAD,
  ExitThread: op.OP_EXITTHREAD,
  Thread: op.OP_THREAD,
  Tls: op.OP_TLS,
  SetTls: op.OP_SETTLS,
  NewContext: op.OP_NEWCONTEXT,
  FreeContext: op.OP_FREECONTEXT,
  Context: op.OP_CONTEXT,
  Owner: op.OP_OWNER,
  SetOwner: op.OP_SETOWNER,
  SaveCaller: op.OP_SAVECALLER,
  Mcall: op.OP_MCALL,
  Gogo: op.OP_GOGO,
  Frame: op.OP_FRAME,
  PopDefer: op.OP_POPDEFER,
  Unwind: op.OP_UNWIND,
  Print: op.OP_PRINT,
  Outcome: op.OP_OUTCOME,
};

/** Functions that are a SYS call with the same arguments and results. */
const system: Readonly<Record<string, number>> = {
  Move: op.SYS_MOVE,
  Heap: op.SYS_HEAP,
  Free: op.SYS_FREE,
  Time: op.SYS_TIME,
  PassTime: op.SYS_PASS_TIME,
  Option: op.SYS_OPTION,
  Sprint: op.SYS_SPRINT,
  Sprintln: op.SYS_SPRINTLN,
  Sprintf: op.SYS_SPRINTF,
  PanicText: op.SYS_PANIC_TEXT,
  TypeName: op.SYS_TYPE_NAME,
  TypeId: op.SYS_TYPE_ID,
  MissingMethod: op.SYS_MISSING_METHOD,
  Itoa: op.SYS_ITOA,
  Utoa: op.SYS_UTOA,
  PointerName: op.SYS_FORMAT_POINTER,
  StackText: op.SYS_STACK_TEXT,
  Reachable: op.SYS_REACHABLE,
  ObjectOf: op.SYS_OBJECT_OF,
  PointerIn: op.SYS_POINTER_IN,
  ReachesFrom: op.SYS_REACHES_FROM,
  Format: op.SYS_FORMAT,
  FormatWrapped: op.SYS_FORMAT_WRAPPED,
  AssignAs: op.SYS_ASSIGN_AS,
  TargetOfAs: op.SYS_AS_TARGET,
  IsComparable: op.SYS_IS_COMPARABLE,
  RuneIs: op.SYS_RUNE_IS,
  RuneCase: op.SYS_RUNE_CASE,
  SliceLen: op.SYS_SLICE_LEN,
  SliceSwap: op.SYS_SLICE_SWAP,
};

/** What a detector of data races is told, with the arguments that each takes. */
const races: Readonly<Record<string, readonly [kind: number, ...parameters: RaceParameter[]]>> = {
  RaceAcquire: [op.RACE_ACQUIRE, 'address'],
  RaceRelease: [op.RACE_RELEASE, 'address'],
  RaceReleaseMerge: [op.RACE_RELEASE_MERGE, 'address', 'condition'],
  RaceAcquireFor: [op.RACE_ACQUIRE, 'context', 'address'],
  RaceSend: [op.RACE_SEND, 'address', 'words', 'size'],
  RaceReceive: [op.RACE_RECEIVE, 'address', 'words', 'size'],
  RaceSendTo: [op.RACE_SEND_TO, 'context', 'address', 'words', 'size'],
  RaceSendFor: [op.RACE_SEND, 'context', 'address', 'words', 'size'],
  RaceRendezvous: [op.RACE_RENDEZVOUS, 'context'],
  RaceGo: [op.RACE_GO, 'context'],
  RaceStart: [op.RACE_START, 'context', 'address'],
  RaceEnd: [op.RACE_END, 'context'],
  RaceRead: [op.RACE_READ, 'address', 'condition'],
  RaceWrite: [op.RACE_WRITE, 'address', 'condition'],
  RaceLoad: [op.RACE_LOAD, 'address'],
  RaceStore: [op.RACE_STORE, 'address'],
};

type RaceParameter = 'context' | 'address' | 'words' | 'size' | 'condition';
/** In the order of the arguments of SYS_RACE, each with what it is when it is not given. */
const raceParameters: readonly [RaceParameter, number][] = [
  ['context', 0],
  ['address', 0],
  ['words', 1],
  ['size', 0],
  ['condition', 1],
];

/** Operations that control does not come back from. */
const endsHere: readonly string[] = ['Gogo', 'ExitThread', 'Unwind', 'Outcome'];

/** Emits the operation; its result, if any, goes to F[dest…]. */
export function machineOperation(
  f: FunctionCompiler,
  name: string,
  typeArguments: readonly Type[],
  expression: Call,
  dest: number,
): void {
  const { out } = f;
  const values = expression.arguments;
  if (name === 'Words') return out.emit(op.OP_CONST, dest, wordsOf(typeArguments[0]));
  if (races[name] !== undefined) return tellOfRace(f, name, expression);
  if (system[name] !== undefined) return systemInto(f, system[name], expression, dest);
  if (name === 'Cas') {
    const pointer = value(f, values[0]);
    const words = out.temporary(2);
    operandsInto(f, [
      { expression: values[1], dest: words },
      { expression: values[2], dest: words + 1 },
    ]);
    out.span = expression.span;
    return out.emit(op.OP_ACAS, dest, pointer, words);
  }
  const slots = values.map((each) => value(f, each));
  out.span = expression.span;
  if (name === 'AwaitIdle') return out.emit(op.OP_AWAITIDLE, slots[0], slots[1], dest);
  if (f.local && name === 'Load') return out.emit(op.OP_LOAD, dest, slots[0], 0);
  const opcode = plain[name];
  if (opcode === undefined) {
    throw new Error(`internal error: machine.${name} is unknown, please report`);
  }
  const results = wordsOf(expression.type);
  const operands = results > 0 ? [dest, ...slots] : slots;
  out.emit(opcode, operands[0] ?? 0, operands[1] ?? 0, operands[2] ?? 0);
  if (endsHere.includes(name)) out.reachable = false;
}

function systemInto(f: FunctionCompiler, number: number, expression: Call, dest: number): void {
  const shape = SYSTEM_CALLS[number];
  const words = Math.max(shape.argumentWords, shape.resultWords);
  const base = systemCall(f, number, words, (slot) => {
    let next = slot;
    operandsInto(
      f,
      expression.arguments.map((argument) => {
        const operand = { expression: argument, dest: next };
        next += wordsOf(argument.type);
        return operand;
      }),
    );
    f.out.span = expression.span;
  });
  move(f, dest, base, shape.resultWords);
}

/** Whether the expression only tells a detector of data races what happens. */
export function tellsOfRaces(expression: TypedExpression): boolean {
  if (expression.kind !== 'call' || expression.callee.kind !== 'machine') return false;
  return races[expression.callee.name] !== undefined;
}

/** Emits nothing unless the image is made to look for data races: the arguments have no effects. */
function tellOfRace(f: FunctionCompiler, name: string, expression: Call): void {
  if (!f.unit.races || f.local) return;
  const [kind, ...parameters] = races[name];
  systemCall(f, op.SYS_RACE, SYSTEM_CALLS[op.SYS_RACE].argumentWords, (slot) => {
    f.out.emit(op.OP_CONST, slot, kind);
    for (const [index, [parameter, otherwise]] of raceParameters.entries()) {
      const position = parameters.indexOf(parameter);
      const dest = slot + 1 + index;
      if (position < 0) f.out.emit(op.OP_CONST, dest, otherwise);
      else operandsInto(f, [{ expression: expression.arguments[position], dest }]);
    }
    f.out.span = expression.span;
  });
}
