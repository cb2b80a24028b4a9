/**
 * Looks for data races while a machine runs: plain accesses of the scenario's own code to the same
 * word, one a write at least, that nothing orders. What orders them is what orders them for
 * `go build -race`: on Go's profiles what the models tell (machine.Race…, package machine) and the
 * operations of sync/atomic, a goroutine being what has a clock; the locks of the scheduler order
 * nothing. On profiles without a scheduler it is every atomic operation and lock, and a thread is
 * what has a clock.
 *
 * The detector is told before and after each step. It looks at the machine and changes nothing.
 */
import {
  CONTEXT_OWNER,
  type Image,
  NIL_LIMIT,
  THREAD_CONTEXT,
  THREAD_COUNT,
  THREAD_FP,
  THREAD_PC,
  THREADS,
  THREAD_WORDS,
} from '../language/image.ts';
import * as ops from '../language/instructions.ts';
import { RACE_EVENT_NUMBERS, scenarioPc } from '../machine/machine.ts';
import type { Machine } from '../machine/machine.ts';
import { type Access, RaceClocks } from './race-clocks.ts';

/** One side of a race. */
export interface RaceAccess {
  readonly pc: number;
  readonly isWrite: boolean;
  readonly isAtomic: boolean;
  /** The goroutine's number, or the thread's where there are no goroutines. */
  readonly number: number;
  /** Where it was started; -1: by the runtime. */
  readonly startPc: number;
  readonly hasEnded: boolean;
}

export interface Race {
  /** The word. */
  readonly address: number;
  /** The access that has just been made. */
  readonly now: RaceAccess;
  readonly before: RaceAccess;
}

/** What the detector makes of the operation that a step begins with. */
const NONE = 0;
const PLAIN = 1;
const ATOMIC = 2;
const NEW_THREAD = 3;

export class RaceDetector {
  readonly #machine: Machine;
  readonly #clocks: RaceClocks;
  readonly #hasGoroutines: boolean;
  /** By pc / 4. */
  readonly #watched: Uint8Array;
  readonly #numberOffset: number;
  /** By task: its goroutine's or thread's number, and where it was started. */
  readonly #names: { number: number; startPc: number }[] = [];
  #found: Race[] = [];
  // The operation that the step began with.
  #thread = 0;
  #context = 0;
  #kind = NONE;
  #op = 0;
  #pc = 0;
  #address = 0;
  #words = 0;
  #succeeds = true;
  #threadCount = 0;

  constructor(machine: Machine, clocks = new RaceClocks()) {
    const { image } = machine;
    this.#clocks = clocks;
    this.#machine = machine;
    this.#hasGoroutines = image.functions.some(({ name }) => name === 'runtime.schedule');
    this.#watched = watchedOperations(image, this.#hasGoroutines);
    this.#numberOffset = numberOffset(image);
  }

  /** The machine has been reset. */
  reset(): void {
    this.#clocks.reset();
    this.#thread = 0;
    this.#kind = NONE;
    this.#threadCount = this.#machine.threadCount();
    this.after();
  }

  /** Where the detector is, for `undo`. */
  mark(): number {
    return this.#clocks.mark();
  }

  undo(mark: number): void {
    this.#clocks.undo(mark);
    this.#machine.raceEvents.length = 0;
  }

  /** A detector that knows the same, between two steps. */
  copy(): RaceDetector {
    const copy = new RaceDetector(this.#machine, this.#clocks.copy());
    copy.#names.push(...this.#names);
    return copy;
  }

  /** As RaceClocks.hash. */
  hash(lanes: [low: number, high: number]): void {
    this.#clocks.hash(lanes);
  }

  /** The thread is about to take a step. */
  before(thread: number): void {
    const machine = this.#machine;
    const { memory } = machine;
    const own = THREADS + thread * THREAD_WORDS;
    const pc = memory[own + THREAD_PC];
    this.#thread = thread;
    this.#threadCount = memory[THREAD_COUNT];
    this.#kind = this.#watched[pc >> 2];
    if (this.#kind === NONE) return;
    const { code } = machine.image;
    const fp = memory[own + THREAD_FP];
    this.#op = code[pc];
    this.#context = this.#hasGoroutines ? memory[own + THREAD_CONTEXT] : thread;
    this.#meet(this.#context);
    this.#address = machine.pendingAddress(thread);
    this.#words = wordsOf(code, pc);
    this.#pc = this.#kind === PLAIN ? pc : scenarioPc(machine, pc, fp);
    this.#succeeds =
      this.#op !== ops.OP_ACAS || memory[this.#address] === memory[fp + code[pc + 3]];
  }

  /** The step was taken, or a part of it. Gives the races that it was found to be in. */
  after(): readonly Race[] {
    this.#found = [];
    if (this.#kind === PLAIN) this.#plain();
    else if (this.#kind === ATOMIC) this.#atomic();
    else if (this.#kind === NEW_THREAD) this.#newThreads();
    this.#kind = NONE;
    const { raceEvents } = this.#machine;
    for (let at = 0; at < raceEvents.length; at += RACE_EVENT_NUMBERS) this.#event(raceEvents, at);
    raceEvents.length = 0;
    if (!this.#hasGoroutines && !this.#machine.isLive(this.#thread)) this.#clocks.end(this.#thread);
    return this.#found;
  }

  #plain(): void {
    const address = this.#address;
    if (address < NIL_LIMIT) return;
    const isWrite = isStore(this.#op);
    for (let word = address; word < address + this.#words; word++) {
      this.#access(this.#context, word, isWrite, false, this.#pc);
    }
  }

  #atomic(): void {
    const context = this.#context;
    const address = this.#address;
    if (address < NIL_LIMIT) return;
    let kind = ops.RACE_UPDATE;
    switch (this.#op) {
      case ops.OP_LOCK:
        this.#clocks.acquire(context, address);
        return;
      case ops.OP_UNLOCK:
        this.#clocks.release(context, address);
        return;
      case ops.OP_ALOAD:
      case ops.OP_AWAIT:
        kind = ops.RACE_LOAD;
        break;
      case ops.OP_ASTORE:
        kind = ops.RACE_STORE;
        break;
      default:
        if (!this.#succeeds) kind = ops.RACE_LOAD;
    }
    this.#atomicAccess(kind, context, address, this.#pc);
  }

  #atomicAccess(kind: number, context: number, address: number, pc: number): void {
    this.#access(context, address, kind !== ops.RACE_LOAD, true, pc);
    if (kind !== ops.RACE_STORE) this.#clocks.acquire(context, address);
    if (kind === ops.RACE_STORE) this.#clocks.release(context, address);
    if (kind === ops.RACE_UPDATE) this.#clocks.releaseMerge(context, address);
  }

  /** Threads that the step has started. */
  #newThreads(): void {
    const count = this.#machine.threadCount();
    for (let thread = this.#threadCount; thread < count; thread++) {
      this.#clocks.fork(this.#context, thread);
      this.#name(thread, this.#pc);
    }
  }

  /** What a model has told. */
  #event(events: readonly number[], at: number): void {
    const [kind, running, named, address, words, size, pc] = events.slice(
      at,
      at + RACE_EVENT_NUMBERS,
    );
    const clocks = this.#clocks;
    const current = this.#hasGoroutines ? running : this.#thread;
    const context = this.#hasGoroutines && named !== 0 ? named : current;
    this.#meet(current);
    if (!BEGINS_OR_ENDS.has(kind)) this.#meet(context);
    switch (kind) {
      case ops.RACE_ACQUIRE:
        clocks.acquire(context, address);
        break;
      case ops.RACE_RELEASE:
        clocks.release(context, address);
        break;
      case ops.RACE_RELEASE_MERGE:
        clocks.releaseMerge(context, address);
        break;
      case ops.RACE_SEND:
        clocks.send(context, address, words, size);
        break;
      case ops.RACE_RECEIVE:
        clocks.receive(context, address, words, size);
        break;
      case ops.RACE_SEND_TO:
        if (size === 0) clocks.rendezvous(current, context);
        else {
          clocks.send(current, address, words, size);
          clocks.receive(context, address, words, size);
        }
        break;
      case ops.RACE_RENDEZVOUS:
        clocks.rendezvous(current, context);
        break;
      case ops.RACE_GO:
        clocks.fork(current, context);
        this.#name(context, pc);
        break;
      case ops.RACE_START:
        clocks.start(context, address);
        this.#name(context, pc);
        break;
      case ops.RACE_END:
        clocks.end(context);
        break;
      case ops.RACE_READ:
      case ops.RACE_WRITE:
        for (let word = address; word < address + words; word++) {
          this.#access(context, word, kind === ops.RACE_WRITE, false, pc);
        }
        break;
      default:
        this.#atomicAccess(kind, context, address, pc);
    }
  }

  #access(context: number, address: number, isWrite: boolean, isAtomic: boolean, pc: number): void {
    const clocks = this.#clocks;
    const races = clocks.access(context, address, isWrite, isAtomic, pc);
    if (races.length === 0) return;
    const now = this.#side({ task: clocks.taskOf(context), time: 0, isWrite, isAtomic, pc });
    for (const one of races) this.#found.push({ address, now, before: this.#side(one) });
  }

  #side({ task, pc, isWrite, isAtomic }: Access): RaceAccess {
    const { number, startPc } = this.#names[task];
    return { pc, isWrite, isAtomic, number, startPc, hasEnded: !this.#clocks.isAlive(task) };
  }

  /** A context of which nothing was told so far has been there from the beginning. */
  #meet(context: number): void {
    if (!this.#clocks.has(context)) this.#name(context, -1);
  }

  /** Notes what people call the context's new task. */
  #name(context: number, startPc: number): void {
    const { memory } = this.#machine;
    let number = context;
    if (this.#hasGoroutines) {
      const g = memory[context + CONTEXT_OWNER];
      number = g === 0 ? 0 : memory[g + this.#numberOffset];
    }
    this.#names[this.#clocks.taskOf(context)] = { number, startPc };
  }
}

/** What is told of contexts that are new, or will be gone. */
const BEGINS_OR_ENDS = new Set([ops.RACE_GO, ops.RACE_START, ops.RACE_END]);

function isStore(op: number): boolean {
  return op === ops.OP_VSTORE || op === ops.OP_VSTOREN || op === ops.OP_VGSTORE;
}

/** Words that a plain access touches. */
function wordsOf(code: Int32Array, pc: number): number {
  if (code[pc] === ops.OP_VLOADN) return code[pc + 3] >>> 16;
  return code[pc] === ops.OP_VSTOREN ? code[pc + 2] >>> 16 : 1;
}

/** By pc / 4: plain accesses of the scenario's own code; and the atomic operations that order. */
function watchedOperations(image: Image, hasGoroutines: boolean): Uint8Array {
  const { code } = image;
  const watched = new Uint8Array(code.length >> 2);
  for (const { start, end, isModel, file } of image.functions) {
    const orders = !hasGoroutines || image.files[file].path.endsWith('/go/atomic.coro');
    for (let pc = start; pc < end; pc += ops.INSTRUCTION_WORDS) {
      const op = code[pc];
      if (op >= ops.OP_VLOAD && op <= ops.OP_VGSTORE) watched[pc >> 2] = isModel ? NONE : PLAIN;
      else if (op >= ops.OP_ALOAD && op <= ops.OP_AWAITIDLE && isModel && orders) {
        watched[pc >> 2] = ATOMIC;
      } else if (op === ops.OP_NEWTHREAD && !hasGoroutines) watched[pc >> 2] = NEW_THREAD;
    }
  }
  return watched;
}

/** Where a g has its number. */
function numberOffset(image: Image): number {
  const g = image.types.find((type) => type?.name === 'runtime.g');
  return g?.fields.find(({ name }) => name === 'goid')?.offset ?? 0;
}
