/**
 * The instruction set. This file is its only documentation; the compiler emits it, the machine and
 * the search's code generator execute it. ORDER OP: whoever adds one changes all three.
 *
 * Notation: an instruction is four words `op a b c`; a pc is the index of its first word in
 * `image.code` (a multiple of 4). `F[k]` is word k of the current frame, memory[fp + k]; `M[x]` is
 * memory[x]. `n` counts words. `wide` operands pack `offset | n << 16`.
 *
 * A frame: F[0] return pc (bit 31 set: the frame begins a new stack segment), F[1] caller's fp,
 * F[2] closure object or 0, from F[3] the parameters, then all other slots. A caller puts the
 * arguments at base+3… of its own frame and CALLs with `base`: the callee's frame begins there.
 * Results come back at base+3…. RET clears all words of the frame but the results, so that memory
 * above the live stack is zero: equal states are equal words.
 *
 * A step is the pending visible operation of a thread and all local ones after it, up to (not
 * including) the next visible one. So a thread always stops *before* a visible operation, and what
 * it is about to do can be seen (which address, whether it is enabled).
 */

export const INSTRUCTION_WORDS = 4;
export const FRAME_HEADER_WORDS = 3;
export const FRAME_RETURN_PC = 0;
export const FRAME_CALLER = 1;
export const FRAME_CLOSURE = 2;

// ------------------------------------------------------------------ local: moves and constants
export const OP_NOP = 0; //             nothing
export const OP_TRAP = 1; //            a: TRAP_… number; operands of the trap F[b], F[c]
export const OP_CONST = 2; //           F[a] = b (32-bit immediate)
export const OP_MOV = 3; //             F[a] = F[b]
export const OP_MOVN = 4; //            F[a…a+n) = F[b…b+n), c = n (may overlap)
export const OP_CLEAR = 5; //           F[a…a+b) = 0
export const OP_FRAME = 6; //           F[a] = fp
export const OP_CALLERFRAME = 7; //     F[a] = fp of the nearest caller that is not a wrapper
export const OP_LEA = 8; //             F[a] = fp + b
export const OP_FIELD = 9; //           F[a] = F[b] + c; nil check of F[b] (TRAP_NIL)
export const OP_ELEMENT = 10; //        F[a] = F[a] + F[b] * c (no check)
export const OP_BOUNDS = 11; //         if !(0 <= F[a] < F[b]) trap TRAP_INDEX(F[a], F[b])

// ---------------------------------------------------------------------------- local: arithmetic
export const OP_ADD = 12; //            F[a] = F[b] + F[c]; beyond 32 bits: TRAP_OVERFLOW
export const OP_SUB = 13; //            same rule
export const OP_MUL = 14; //            same rule
export const OP_DIV = 15; //            truncated, signed; TRAP_DIVIDE when F[c] is 0
export const OP_REM = 16; //            same rule
export const OP_ADDW = 17; //           wrapping: the 32 low bits, no trap
export const OP_SUBW = 18; //           same rule
export const OP_MULW = 19; //           same rule
export const OP_DIVU = 20; //           unsigned 32-bit; TRAP_DIVIDE
export const OP_REMU = 21; //           same rule
export const OP_AND = 22; //            F[a] = F[b] & F[c]
export const OP_OR = 23; //             F[b] | F[c]
export const OP_XOR = 24; //            F[b] ^ F[c]
export const OP_ANDNOT = 25; //         F[b] & ~F[c]
export const OP_SHL = 26; //            F[b] << F[c], trapping TRAP_OVERFLOW; TRAP_SHIFT when F[c] < 0
export const OP_SHLW = 27; //           wrapping; counts >= 32 give 0
export const OP_SHR = 28; //            arithmetic; counts >= 32 give the sign
export const OP_SHRU = 29; //           logical; counts >= 32 give 0
export const OP_NEG = 30; //            F[a] = -F[b]; TRAP_OVERFLOW
export const OP_NOT = 31; //            F[a] = ~F[b]
export const OP_LNOT = 32; //           F[a] = F[b] ? 0 : 1
export const OP_WRAP = 33; //           F[a] = F[b] cut to c: 8, -8, 16, -16 bits (negative: signed)
export const OP_ADDI = 34; //           F[a] = F[b] + c; TRAP_OVERFLOW
export const OP_RANGE = 35; //          TRAP_OVERFLOW if F[a] < 0 (uint, uint64 and uintptr results)

// --------------------------------------------------------------------------- local: comparisons
export const OP_EQ = 36; //             F[a] = F[b] == F[c]
export const OP_NE = 37;
export const OP_LT = 38; //             signed
export const OP_LE = 39;
export const OP_LTU = 40; //            unsigned
export const OP_LEU = 41;

// ---------------------------------------------------------------------------------- local: jumps
export const OP_JMP = 42; //            to a
export const OP_JT = 43; //             if F[a] to b
export const OP_JF = 44; //             if !F[a] to b
export const OP_JEQ = 45; //            if F[a] == F[b] to c
export const OP_JNE = 46;
export const OP_JLT = 47; //            signed
export const OP_JLE = 48;

// --------------------------------------------------------------------------------- local: memory
// A base below NIL_LIMIT traps TRAP_NIL; in checking mode also a base outside the heap or stacks.
export const OP_LOAD = 49; //           F[a] = M[F[b] + c]
export const OP_LOADN = 50; //          F[a…a+n) = M[F[b] + offset …), c wide
export const OP_STORE = 51; //          M[F[a] + b] = F[c]
export const OP_STOREN = 52; //         M[F[a] + offset …) = F[c…c+n), b wide
export const OP_GLOAD = 53; //          F[a] = M[b] (an address known at compile time)
export const OP_GSTORE = 54; //         M[a] = F[b]

// ------------------------------------------------------------------------ local: calls and frames
export const OP_CALL = 55; //           function number a, base b
export const OP_CALLC = 56; //          closure value F[a], base b; TRAP_NIL when 0
export const OP_CALLI = 57; //          interface: type id F[a], base b, method number c; TRAP_NIL
export const OP_RET = 58; //            a: first result slot, b: n
export const OP_CLOSURE = 59; //        F[a] = new closure object of function b with c capture words
export const OP_DEFER = 60; //          push the func() F[a] on the context's deferred calls, for this
//                                      frame (b < 0) or the frame F[b]
export const OP_RUNDEFERS = 61; //      pops and calls this frame's deferred calls, one a time (it is
//                                      executed again after each), with base a; then goes on
export const OP_ALLOC = 62; //          F[a] = new object of type id b (zeroed)
export const OP_ALLOCN = 63; //         F[a] = new array object of F[c] elements of type id b;
//                                      TRAP_MAKESLICE when negative
export const OP_IMPLEMENTS = 64; //     F[a] = type id F[b] (0: nil) has all methods of interface c
export const OP_IFACEEQ = 65; //        F[a] = interfaces F[b…b+2) and F[c…c+2) are equal; TRAP_COMPARE
export const OP_TYPEEQ = 66; //         F[a] = values at addresses F[b], F[b+1] of type id c are equal
export const OP_SYS = 67; //            a: SYS_… number, b: base; arguments F[base…], results F[base…]
export const OP_ATOMIC_END = 68; //     leaves an atomic section (they nest)

// ------------------------------------------------------- local: contexts of the current thread
export const OP_MCALL = 69; //          run F[b] (a func of one argument F[c]) on context F[a]: save pc
//                                      and fp of the current context; the target's stack is cut to
//                                      where SAVECALLER left it; the call never returns (F[a] may be
//                                      the current context: its stack is cut, nothing is saved)
export const OP_GOGO = 70; //           abandon the current context's stack above its saved point
//                                      (words cleared); go on in context F[a] where it was saved
export const OP_SAVECALLER = 71; //     save the current context as if the current function had returned
export const OP_NEWCONTEXT = 72; //     F[a] = new context that will run the func() F[b], owner F[c]
export const OP_FREECONTEXT = 73; //    context F[a] (not the current one) is cleared and kept for reuse
export const OP_CONTEXT = 74; //        F[a] = current context
export const OP_OWNER = 75; //          F[a] = owner word of the current context
export const OP_SETOWNER = 76; //       owner word of the current context = F[a]
export const OP_TLS = 77; //            F[a] = the thread's own word
export const OP_SETTLS = 78; //         the thread's own word = F[a]
export const OP_THREAD = 79; //         F[a] = number of the current thread
export const OP_POPDEFER = 80; //       F[a] = func(), F[a+1] = its frame (both 0: none is left)
export const OP_UNWIND = 81; //         cut the stack to the frame F[a] and go on at that function's
//                                      epilogue (its RUNDEFERS), as after a recovered panic

/** The first visible operation: `op >= OP_VISIBLE` is an interleaving point. */
export const OP_VISIBLE = 96;

// --------------------------------------------------------------- visible: shared plain memory
export const OP_VLOAD = 96; //          as LOAD
export const OP_VLOADN = 97; //         as LOADN
export const OP_VSTORE = 98; //         as STORE
export const OP_VSTOREN = 99; //        as STOREN
export const OP_VGLOAD = 100; //        as GLOAD
export const OP_VGSTORE = 101; //       as GSTORE

// -------------------------------------------------------------------------- visible: atomics
export const OP_ALOAD = 102; //         F[a] = M[F[b]]
export const OP_ASTORE = 103; //        M[F[a]] = F[b]
export const OP_AADD = 104; //          F[a] = M[F[b]] += F[c], wrapping
export const OP_ASWAP = 105; //         F[a] = M[F[b]], M[F[b]] = F[c]
export const OP_ACAS = 106; //          F[a] = M[F[b]] == F[c]; if so M[F[b]] = F[c+1]
export const OP_AAND = 107; //          F[a] = M[F[b]], M[F[b]] &= F[c]
export const OP_AOR = 108; //           F[a] = M[F[b]], M[F[b]] |= F[c]

// ------------------------------------------------------------------- visible: waiting, choosing
export const OP_LOCK = 109; //          enabled while M[F[a]] == 0; M[F[a]] = thread number + 1
export const OP_UNLOCK = 110; //        M[F[a]] = 0; TRAP_UNLOCK when it was 0
export const OP_AWAIT = 111; //         enabled while M[F[a]] != 0
export const OP_AWAITIDLE = 112; //     F[c] = 1, enabled while M[F[a]] != 0; also enabled, F[c] = 0, when
//                                      no other thread is (but for AWAITIDLEs of later deadlines F[b]);
//                                      then TIME = max(TIME, F[b])
export const OP_CHOOSE = 113; //        F[a] = answer in 0 … F[b]-1 of the schedule; F[b] >= 1
export const OP_ATOMIC_BEGIN = 114; //  until ATOMIC_END no other thread moves and visible operations of
//                                      this one are local (a CHOOSE still asks; a wait that is not
//                                      enabled is TRAP_ATOMICWAIT)
export const OP_PREEMPT = 115; //       local no-op unless preemption is on (see machine options): then a
//                                      choice; answer 1 calls runtime function asyncPreempt
export const OP_NEWTHREAD = 116; //     F[a] = number of a new thread: its context runs the func() F[b],
//                                      its own word is F[c]; TRAP_THREADS at the limit
export const OP_EXITTHREAD = 117; //    the thread ends, its context is cleared
export const OP_OUTCOME = 118; //       the run ends: kind = text F[a], message = text F[b]
export const OP_PRINT = 119; //         output: stream F[a] (1 standard output, 2 error), text F[b]
export const OP_YIELD = 120; //         visible no-op (an interleaving point a model asks for)

// ------------------------------------------------------------------------------------ SYS numbers
/** Arguments at F[base…], results at F[base…] too (the unused rest is cleared). Strings are one
 *  word, slices three, `any` two. */
export const SYS_CONCAT = 0; //         (s, t string) string
export const SYS_COMPARE = 1; //        (s, t string) int: -1, 0, 1
export const SYS_SUBSTRING = 2; //      (s string, low, high int) string; high NO_BOUND: to the
//                                      end; TRAP_SLICE_LENGTH, TRAP_SLICE_ORDER on bad bounds
export const SYS_STRING_LENGTH = 3; //  (s string) int, bytes
export const SYS_STRING_INDEX = 4; //   (s string, i int) byte; TRAP_INDEX
export const SYS_STRING_RUNE = 5; //    (s string, i int) (rune, width int)
export const SYS_RUNE_STRING = 6; //    (r rune) string
export const SYS_STRING_BYTES = 7; //   (s string) []byte
export const SYS_STRING_RUNES = 8; //   (s string) []rune
export const SYS_BYTES_STRING = 9; //   (b []byte) string
export const SYS_RUNES_STRING = 10; //  (r []rune) string
export const SYS_APPEND = 11; //        (s, t []T, elementType int) []T: Go's growth rule
export const SYS_COPY = 12; //          (dst, src []T, elementWords int) int
export const SYS_COPY_STRING = 13; //   (dst []byte, src string) int
export const SYS_MOVE = 14; //          (dst, src unsafe.Pointer, n int): n words, may overlap; src nil: zeros
export const SYS_SLICE = 15; //         (s []T, low, high, max, elementWords int, flags int) []T; flags: 1
//                                      high is there, 2 max is there, 4 it is an array; TRAP_SLICE…
export const SYS_SPRINT = 16; //        (values []any) string: as fmt.Sprint
export const SYS_SPRINTLN = 17; //      (values []any) string: as fmt.Sprintln
export const SYS_SPRINTF = 18; //       (format string, values []any) string
export const SYS_PANIC_TEXT = 19; //    (v any, indents bool) string: as the runtime prints an uncaught
//                                      panic's value
export const SYS_TYPE_NAME = 20; //     (typeId int) string
export const SYS_TYPE_ID = 21; //       (v any) int
export const SYS_ITOA = 22; //          (i int) string
export const SYS_TIME = 23; //          () int: virtual time in nanoseconds / 1000 (microseconds)
export const SYS_FREE = 24; //          (p unsafe.Pointer): object is freed and poisoned
export const SYS_HEAP = 25; //          (words int) unsafe.Pointer: an untyped object
export const SYS_FORMAT_POINTER = 26; // (p unsafe.Pointer) string: `M0`, `G1`, `nil` by the owner's name
export const SYS_OPTION = 27; //        (name string) int: runtime option of the scenario or profile default
export const SYS_STACK_TEXT = 28; //    (context uintptr) string: lines of a Go traceback of that context
export const SYS_UTOA = 29; //          (u uint32) string
export const SYS_MISSING_METHOD = 30; // (typeId, interfaceTypeId int) string: first method that lacks
export const SYS_REACHABLE = 31; //     (address uintptr) bool: see machine/reachability.ts
export const SYS_POINTER_IN = 32; //    (v any) unsafe.Pointer
export const SYS_REACHES_FROM = 33; //  (p unsafe.Pointer, closure any) bool
export const SYS_RACE = 34; //          (kind RACE_…, context uintptr, p uintptr, words, size int, condition
//                                      bool): told to a detector of data races, if the condition holds;
//                                      nothing changes. Context 0: the current
export const SYS_FORMAT = 35; //        (kind int, format string, values, texts []any) (string, any, int):
//                                      see machine/format-methods.ts; the text when the method is 0
export const SYS_FORMAT_WRAPPED = 36; // (format string, values []any, i int) int: operand of the i-th
//                                      %w, or -1
export const SYS_ASSIGN_AS = 37; //     (v, target any) bool: *target = v if that is v's type or an
//                                      interface that it has
export const SYS_AS_TARGET = 38; //     (target any) int: 0 a pointer to an interface or an error's type;
//                                      1 nil, 2 no pointer or a nil one, 3 of another type
export const SYS_IS_COMPARABLE = 39; // (v any) bool: whether == of its type is defined
export const SYS_RUNE_IS = 40; //       (r rune, class int) bool: as package unicode tells them apart
export const SYS_RUNE_CASE = 41; //     (r rune, upper bool) rune
export const SYS_SLICE_LEN = 42; //     (v any) int: the length of the slice that v holds; TRAP_NIL if none
export const SYS_SLICE_SWAP = 43; //    (v any, i, j int)
export const SYS_PASS_TIME = 44; //     (microseconds int, isAwaited bool): virtual time passes, if it is
//                                      awaited or the program ever asks for the time
export const SYS_OBJECT_OF = 45; //     (p unsafe.Pointer) (address uintptr, isTiny bool): see machine/tiny.ts

// ------------------------------------------------------------------- what a race detector is told
/** Only in images made to look for data races: each goroutine has a vector clock, and so has each
 *  address that goroutines synchronise at. After the annotations of Go's own race detector. */
export const RACE_ACQUIRE = 0; //       the context learns what was released at p
export const RACE_RELEASE = 1; //       p holds what the context knows, and nothing else
export const RACE_RELEASE_MERGE = 2; // p holds what the context knows, too
export const RACE_SEND = 3; //          an element of `words` words goes into the buffer p of `size`
export const RACE_RECEIVE = 4; //       the oldest element comes out
export const RACE_SEND_TO = 5; //       the current context sends, the other one receives
export const RACE_RENDEZVOUS = 6; //    both learn what the other one knows
export const RACE_GO = 7; //            context begins anew, knowing what the current one knows
export const RACE_START = 8; //         context begins anew, knowing what was released at p
export const RACE_END = 9; //           context has ended
export const RACE_READ = 10; //         a plain read of `words` words at p
export const RACE_WRITE = 11; //        a plain write
export const RACE_LOAD = 12; //         atomic: acquires
export const RACE_STORE = 13; //        atomic: releases
export const RACE_UPDATE = 14; //       atomic: acquires and merges

// ----------------------------------------------------------------------------------- trap numbers
/** A trap calls the runtime function of that name in place of the instruction, on the stack it
 *  happened on, with int arguments as said; that function does not return (it panics or throws).
 *  Without such a function the run ends with the outcome `signal`. */
export const TRAPS = [
  { name: 'panicmem', arguments: 0 }, //          0 TRAP_NIL
  { name: 'panicIndex', arguments: 2 }, //        1 TRAP_INDEX (index, length)
  { name: 'panicSliceAcap', arguments: 2 }, //    2 TRAP_SLICE (high, capacity)
  { name: 'panicdivide', arguments: 0 }, //       3 TRAP_DIVIDE
  { name: 'panicoverflow', arguments: 0 }, //     4 TRAP_OVERFLOW: ends with the outcome `limit`
  { name: 'panicshift', arguments: 0 }, //        5 TRAP_SHIFT
  { name: 'panicmakeslice', arguments: 0 }, //    6 TRAP_MAKESLICE
  { name: 'panicCompare', arguments: 1 }, //      7 TRAP_COMPARE (type id)
  { name: 'panicUnlock', arguments: 0 }, //       8 TRAP_UNLOCK
  { name: 'panicmakeslicecap', arguments: 0 }, // 9 TRAP_MAKESLICE_CAPACITY
  { name: 'panicAtomicWait', arguments: 0 }, //  10 TRAP_ATOMICWAIT
  { name: 'panicThreads', arguments: 0 }, //     11 TRAP_THREADS
  { name: 'panicSliceB', arguments: 2 }, //      12 TRAP_SLICE_ORDER (low, high)
  { name: 'panicUseAfterFree', arguments: 1 }, // 13 TRAP_FREED (address)
  { name: 'panicSliceAlen', arguments: 2 }, //   14 TRAP_SLICE_LENGTH (high, length of string or array)
  { name: 'panicSlice3Acap', arguments: 2 }, //  15 TRAP_SLICE3 (max, capacity)
  { name: 'panicSlice3Alen', arguments: 2 }, //  16 TRAP_SLICE3_LENGTH (max, length of an array)
  { name: 'panicSlice3B', arguments: 2 }, //     17 TRAP_SLICE3_HIGH (high, max)
  { name: 'panicSlice3C', arguments: 2 }, //     18 TRAP_SLICE3_LOW (low, high)
  { name: 'panicSliceConvert', arguments: 2 }, // 19 TRAP_CONVERT (length, length of the array)
] as const;
export const TRAP_NIL = 0;
export const TRAP_INDEX = 1;
export const TRAP_SLICE = 2;
export const TRAP_DIVIDE = 3;
export const TRAP_OVERFLOW = 4;
export const TRAP_SHIFT = 5;
export const TRAP_MAKESLICE = 6;
export const TRAP_COMPARE = 7;
export const TRAP_UNLOCK = 8;
export const TRAP_MAKESLICE_CAPACITY = 9;
export const TRAP_ATOMICWAIT = 10;
export const TRAP_THREADS = 11;
export const TRAP_SLICE_ORDER = 12;
export const TRAP_FREED = 13;
export const TRAP_SLICE_LENGTH = 14;
export const TRAP_SLICE3 = 15;
export const TRAP_SLICE3_LENGTH = 16;
export const TRAP_SLICE3_HIGH = 17;
export const TRAP_SLICE3_LOW = 18;
export const TRAP_CONVERT = 19;
/** For SYS_SUBSTRING: no upper bound. */
export const NO_BOUND = -0x80000000;

/** Functions of package runtime that compiled code calls. Signatures:
 *  newproc(fn func()); makechan(elementType, elementWords, size int) *hchan;
 *  chansend1(c *hchan, elem unsafe.Pointer); chanrecv1(c, elem); chanrecv2(c, elem) bool;
 *  closechan(c); chanlen(c) int; chancap(c) int;
 *  selectgo(cases []scase, block bool) (int, bool), scase = {c *hchan, elem unsafe.Pointer, send bool},
 *    -1: default; gopanic(v any); gorecover(frame uintptr) any: frame is that of the nearest
 *    non-wrapper caller of the function that says recover();
 *  panicdottype(have, want, interfaceType int): type ids, have 0: nil;
 *  panicrangestate(state int); panicnil() for panic(nil) is inside gopanic; fail(values []any);
 *  printstring(text string): builtins print/println; asyncPreempt(). */
export const RUNTIME_FUNCTIONS: readonly string[] = [
  'newproc',
  'gopanic',
  'gorecover',
  'panicdottype',
  'panicrangestate',
  'fail',
  'printstring',
  'asyncPreempt',
  ...TRAPS.map((trap) => trap.name),
];
/** Those that only code with channels calls, and that of select statements. */
export const CHANNEL_FUNCTIONS: readonly string[] = [
  'makechan',
  'chansend1',
  'chanrecv1',
  'chanrecv2',
  'closechan',
  'chanlen',
  'chancap',
];
export const SELECT_FUNCTION = 'selectgo';
