/**
 * The image: what the compiler makes of a typed program and what the machine runs. Plain data that
 * can be sent to a worker (structured clone), with all a debugger needs to show.
 *
 * The memory layout stands here too, line by line: one Int32Array holds the whole state.
 */
import type { ExpectationNode } from './ast.ts';

// ------------------------------------------------------------------------------ memory layout
/** Addresses below are never valid pointers: nil plus a small offset is caught. */
export const NIL_LIMIT = 16;

export const HEAP_TOP = 16; //          first free word of the heap
export const THREAD_COUNT = 17; //      threads ever made; numbers are never reused
export const ATOMIC_HOLDER = 18; //     thread number + 1 inside atomic { … }, else 0
export const ATOMIC_DEPTH = 19;
export const OUTCOME_KIND = 20; //      0 while running, else index in OUTCOME_KINDS + 1
export const OUTCOME_TEXT = 21; //      string value of the message
export const TIME = 22; //              virtual time, microseconds
export const FREE_CONTEXTS = 23; //     freed contexts by address, linked by CONTEXT_LINK
export const ERROR_ADDRESS = 24; //     the object a use-after-free touched
export const MID_STEP = 25; //          thread number + 1 while a debugger is in the middle of a step
/** Words from here to THREADS narrate: they are outside the hash. */
export const OUTPUT_COUNT = 32; //      lines of output so far; the texts are kept beside the memory
export const NARRATION = 32;
export const NARRATION_END = 64;

/** The thread table: MAX_THREADS entries of THREAD_WORDS words. */
export const THREADS = 64;
export const MAX_THREADS = 256;
export const THREAD_WORDS = 8;
export const THREAD_STATUS = 0; //      0 none, 1 live, 2 exited
export const THREAD_CONTEXT = 1; //     the context it executes
export const THREAD_PC = 2; //          of its next instruction; exact whenever the machine is at rest
export const THREAD_FP = 3;
export const THREAD_TLS = 4; //         the thread's own word (Go models: its *m)
export const THREAD_ANSWER = 5; //      unused between steps (0)

export const GLOBALS = THREADS + MAX_THREADS * THREAD_WORDS;
// Globals lie from GLOBALS to image.globalsEnd; the heap from there to M[HEAP_TOP].

/** A heap object: two header words, then its words. A pointer is the address of the first word
 *  (or of any word inside). */
export const OBJECT_HEADER_WORDS = 2;
export const OBJECT_TYPE = -2; //       type id; OBJECT_… for those without; OBJECT_FREED_BIT when freed
export const OBJECT_WORDS = -1; //      size in words without the header
export const OBJECT_CONTEXT = 1; //     type ids below FIRST_TYPE_ID are the machine's own objects:
export const OBJECT_CLOSURE = 2; //     word 0 function number, then captures
export const OBJECT_STRING = 3; //      word 0 length in bytes, then bytes, four a word, low first
export const OBJECT_DEFER = 4; //       word 0 link, 1 func(), 2 frame
export const OBJECT_SEGMENT = 5; //     a further stack segment, see SEGMENT_…
export const OBJECT_RAW = 6; //         SYS_HEAP
export const OBJECT_ARENA = 7; //       holds the objects that one context allocates, then zeros
export const OBJECT_ARRAY_BIT = 1 << 20; // set with the element's type id: an array object
export const OBJECT_FREED_BIT = 1 << 21;
export const FIRST_TYPE_ID = 16;

/** A context: a stack that a thread can execute (a goroutine's, an M's g0). */
export const CONTEXT_PC = 0; //         saved point (see MCALL, SAVECALLER)
export const CONTEXT_FP = 1;
export const CONTEXT_OWNER = 2; //      word for the model: the *g
export const CONTEXT_LIMIT = 3; //      end of the current stack segment
export const CONTEXT_SEGMENT = 4; //    current segment object, 0 = the first (inside the context)
export const CONTEXT_DEFERS = 5; //     list of OBJECT_DEFER objects
export const CONTEXT_BEHALF = 6; //     the context whose MCALL runs on this one, or 0 (narrates)
export const CONTEXT_LINK = 7; //       list of freed contexts
export const CONTEXT_TOP = 8; //        saved point: the next frame would begin here
export const CONTEXT_SAVED_SEGMENT = 9; // saved point: its segment
export const CONTEXT_NEXT_SEGMENT = 10; // first further segment, kept for when it is needed again
export const CONTEXT_ARENA = 11; //     what this context allocates lies here, up to ARENA_END, so
export const CONTEXT_ARENA_END = 12; // that addresses do not depend on what other contexts do
export const CONTEXT_FREE_DEFERS = 13; // OBJECT_DEFERs for reuse
export const CONTEXT_REGION = 14; //    free part of the context's region (an OBJECT_ARENA), where its
export const CONTEXT_REGION_END = 15; // chunks, stack segments and the regions of contexts it makes lie
export const CONTEXT_CHILD_WORDS = 16; // size of these regions; 0: just enough
export const CONTEXT_STACK = 20; //     the first frame begins here

/** A further stack segment of a context. Memory above the live stack is zero in every segment. */
export const SEGMENT_PREVIOUS = 0; //   segment object; 0: the first one, inside the context
export const SEGMENT_NEXT = 1;
export const SEGMENT_ARGUMENTS = 2; //  where its first frame would have begun; results go there
export const SEGMENT_STACK = 3;
/** The bottom frame of a context, and one entered by MCALL, have return pc 0. */
/** Values of func type: 0 nil; < 0: function number -value-1 without captures; else a closure
 *  object. Values of string type: 0 is ""; < 0: constant number -value-1; else a string object. */

// ------------------------------------------------------------------------------------ outcomes
export const OUTCOME_KINDS = [
  'ok',
  'throw',
  'panic',
  'deadlock',
  'fail',
  'violation',
  'stuck',
  'hang',
  'signal',
  'use-after-free',
  'leak',
  'race',
  'exit',
  'limit',
  'internal',
] as const;
export type OutcomeKind = (typeof OUTCOME_KINDS)[number];

export interface Outcome {
  readonly kind: OutcomeKind;
  readonly message: string;
}

// ----------------------------------------------------------------------------------- the image
export interface Image {
  readonly code: Int32Array;
  readonly functions: readonly FunctionInfo[];
  /** By type id; entries below FIRST_TYPE_ID are null. */
  readonly types: readonly (RuntimeType | null)[];
  readonly strings: readonly string[];
  readonly methodNames: readonly string[];
  readonly globals: readonly GlobalInfo[];
  readonly globalsEnd: number;
  readonly files: readonly ImageFile[];
  /** One a instruction (index pc / 4): where it comes from. */
  readonly sourceFiles: Uint16Array;
  readonly sourceStarts: Int32Array;
  readonly sourceEnds: Int32Array;
  /** 1 on the first instruction of a statement: where a debugger stops. */
  readonly statements: Uint8Array;
  /** Thread 0 begins with this function. */
  readonly entry: number;
  /** Function numbers of RUNTIME_FUNCTIONS that the profile has. */
  readonly runtimeFunctions: Readonly<Record<string, number>>;
  readonly conditions: readonly ConditionInfo[];
  readonly scenario: ScenarioInfo;
  readonly profile: string;
  readonly options: Readonly<Record<string, number>>;
  /** Of all sources, options and the scenario's name: what a trace is bound to. */
  readonly hash: string;
  /** Whether its runs are watched for data races: it tells of SYS_RACE then. Schedules are the same
   *  with and without. */
  readonly races: boolean;
}

export interface ImageFile {
  readonly path: string;
  readonly text: string;
  readonly isModel: boolean;
}

export interface ScenarioInfo {
  readonly name: string;
  readonly expectations: readonly ExpectationNode[];
  readonly function: number;
}

export interface ConditionInfo {
  readonly condition: 'invariant' | 'quiescent';
  readonly name: string;
  /** A function without parameters and one bool result. */
  readonly function: number;
}

export interface FunctionInfo {
  readonly name: string;
  readonly packageName: string;
  readonly file: number;
  /** pc range; epilogue is the pc of its RUNDEFERS (or -1). */
  readonly start: number;
  readonly end: number;
  readonly epilogue: number;
  /** Whole frame with header, without the frames it calls into. */
  readonly frameWords: number;
  readonly parameterWords: number;
  readonly resultWords: number;
  readonly isModel: boolean;
  readonly isWrapper: boolean;
  readonly isRangeBody: boolean;
  readonly variables: readonly VariableInfo[];
}

/** Where a variable is while pc is in [start, end). */
export interface VariableInfo {
  readonly name: string;
  readonly type: number;
  /** slot: in F[index…]; box: F[index] is the address; capture: in M[F[2] + index…];
   *  capture-box: M[F[2] + index] is the address. */
  readonly storage: 'slot' | 'box' | 'capture' | 'capture-box';
  readonly index: number;
  readonly kind: 'local' | 'parameter' | 'result';
  readonly start: number;
  readonly end: number;
}

export interface GlobalInfo {
  readonly name: string;
  readonly packageName: string;
  readonly type: number;
  readonly address: number;
}

/** Types as the debugger and the formatter need them. */
export interface RuntimeType {
  readonly id: number;
  readonly name: string;
  readonly kind:
    | 'bool'
    | 'string'
    | 'integer'
    | 'pointer'
    | 'unsafe-pointer'
    | 'slice'
    | 'array'
    | 'struct'
    | 'function'
    | 'channel'
    | 'interface';
  /** Integers: -8 … 64 bits, negative for signed: int is -64 by name, 32 in the machine. */
  readonly bits: number;
  readonly words: number;
  /** Pointer, slice, array, channel: type id of the element, else 0. */
  readonly element: number;
  /** Arrays. */
  readonly length: number;
  readonly fields: readonly {
    readonly name: string;
    readonly type: number;
    readonly offset: number;
    readonly embedded: boolean;
  }[];
  readonly packageName: string;
  /** Whether it is a named (defined) type. */
  readonly named: boolean;
  /** Interfaces: method numbers needed. Others: function number by method number. */
  readonly methods: Readonly<Record<number, number>>;
  readonly comparable: boolean;
  /** Size Go would give it, in bytes (for append's growth). */
  readonly goBytes: number;
}
