/**
 * What all parts of the machine share: the memory, the undo log, the hash, and tables made from the
 * image. The log is kept by segments: while a segment is open (a step, or a part of one) the old
 * value of each word is noted when it is first written; closing it drops the words that came back
 * to their old value, and brings the hash up to date. So a step costs what it changed, not what it
 * did.
 */
import type { Image, OutcomeKind } from '../language/image.ts';
import {
  GLOBALS,
  HEAP_TOP,
  OBJECT_ARENA,
  OBJECT_HEADER_WORDS,
  OBJECT_TYPE,
  OBJECT_WORDS,
  OUTPUT_COUNT,
} from '../language/image.ts';
import { hashOf, isHashed, keyOf, laneHigh, laneLow, mixed } from './hash.ts';
import { grown, type MachinePool, newArrays } from './pool.ts';
import type { Recorder } from './recorder.ts';
import type { MachineOptions, OutputEntry } from './types.ts';
import type { Tables } from './tables.ts';
import { tablesOf } from './tables.ts';

/** Ends the run from inside an instruction; caught by the machine, which writes the outcome. */
export class Ending extends Error {
  readonly kind: OutcomeKind;
  constructor(kind: OutcomeKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** The ending for our own mistakes (and for impossible images). */
export function internal(what: string): Ending {
  return new Ending('internal', `internal error: ${what}, please report`);
}

/** More members than a list in the memory ever has: stack segments, frames, deferred calls. */
const LIST_LIMIT = 1 << 22;

/** Goes along a list in the memory: the number of the next member, after `member`. A list that an
 *  impossible image has bent into a circle ends the run. */
export function nextMember(member: number): number {
  if (member >= LIST_LIMIT) throw internal('a list in the memory leads in a circle');
  return member + 1;
}

/** Words at the end of the memory kept free for the outcome's text. */
const RESERVE_WORDS = 4096;
const LARGEST_WORDS = 1 << 28;
const DEFAULT_LOG_WORDS = 1 << 28;
/** What the log may have beyond its bound: the outcome that says so is noted, too. */
const LOG_RESERVE_WORDS = 1 << 14;
/** Behind each segment of the log: both lanes of the hash before it, and its words. */
export const TRAILER_WORDS = 3;

/** Numbers of one entry of `raceEvents`. */
export const RACE_EVENT_NUMBERS = 7;

/** Why execution went out of the loop. */
export const RUNNING = 0;
export const THREAD_ENDED = 1;
export const RUN_ENDED = 2;

/** Bounds of the machine that a scenario's `runtime` line may set. */
export const MACHINE_OPTIONS = ['memoryWords', 'stackWords', 'stepInstructions', 'undoWords'];

export class Core {
  readonly image: Image;
  readonly tables: Tables;
  readonly memory: Int32Array;
  readonly memoryLimit: number;
  readonly stackLimitWords: number;
  readonly contextWords: number;
  readonly instructionLimit: number;
  readonly undoLimitWords: number;
  readonly checking: boolean;
  readonly preemption: boolean;
  /** Where the arrays come from and go back to. */
  protected readonly pool: MachinePool | null;
  /** Whether writes are noted. */
  logging: boolean;
  hashLow = 0;
  hashHigh = 0;
  instructionCount = 0;
  output: OutputEntry[] = [];
  /** What SYS_RACE has told since somebody emptied it, RACE_EVENT_NUMBERS each: kind, context that
   *  runs, context that it names (0: none), address, words, size, and the pc in the scenario that
   *  it comes from. No part of the state. */
  raceEvents: number[] = [];

  /** Registers of the thread that executes, valid inside a step alone. */
  pc = 0;
  fp = 0;
  thread = 0;
  context = 0;
  answer = 0;
  /** Set while a condition is evaluated: nothing is visible, traps are final. */
  isolated = false;
  halt = RUNNING;

  /** Set while what a step touches is recorded (effects.ts). */
  recorder: Recorder | null = null;

  /** epoch of the segment in which a word was noted last. */
  stamp: Int32Array;
  epoch: number;
  log: Int32Array;
  logTop = 0;
  /** What `clearLog` has dropped: marks count from the beginning of time. */
  logBase = 0;

  constructor(image: Image, options: MachineOptions) {
    this.image = image;
    const wanted = image.options;
    const memoryWords = options.memoryWords ?? wanted['memoryWords'] ?? 1 << 24;
    const smallest = image.globalsEnd + 4 * RESERVE_WORDS;
    const words = Math.min(Math.max(memoryWords, smallest), LARGEST_WORDS);
    this.logging = options.undo ?? true;
    this.pool = this.logging ? (options.pool ?? null) : null;
    const arrays = this.pool === null ? newArrays(words, this.logging) : this.pool.take(words);
    this.memory = arrays.memory;
    this.stamp = arrays.stamp;
    this.epoch = arrays.epoch;
    this.log = arrays.log;
    this.memoryLimit = this.memory.length - RESERVE_WORDS;
    this.stackLimitWords =
      options.stackLimitWords ?? wanted['stackWords'] ?? this.memoryLimit - (this.memoryLimit >> 3);
    this.contextWords = options.contextWords ?? 256;
    this.instructionLimit = options.instructionLimit ?? wanted['stepInstructions'] ?? 20_000_000;
    this.undoLimitWords = options.undoWords ?? wanted['undoWords'] ?? DEFAULT_LOG_WORDS;
    this.checking = options.checking ?? false;
    this.preemption = options.preemption ?? false;
    this.tables = tablesOf(image, this.preemption);
  }

  /** Opens a segment of the log. */
  beginSegment(): void {
    if (this.epoch === 0x7fffffff) {
      this.stamp.fill(0);
      this.epoch = 0;
    }
    this.epoch++;
  }

  /** Makes the log usable where it is off: conditions are undone also then. */
  needStamps(): void {
    if (this.stamp.length === 0) this.stamp = new Int32Array(this.memory.length);
  }

  /** M[address], for whatever executes outside the interpreter's loop. */
  at(address: number): number {
    if (this.recorder !== null) this.recorder.touch(address);
    return this.memory[address];
  }

  /** The running step reads more than is worth recording: what it does is not learned. */
  forgetEffect(): void {
    if (this.recorder !== null) this.recorder.isUsable = false;
  }

  /** M[address] = value, noted. */
  write(address: number, value: number): void {
    const memory = this.memory;
    if (this.recorder !== null) this.recorder.touch(address);
    if (memory[address] === value) return;
    if (this.logging && this.stamp[address] !== this.epoch) this.note(address);
    memory[address] = value;
  }

  /** Notes the old value of a word that is about to be written for the first time. */
  note(address: number): void {
    this.stamp[address] = this.epoch;
    const top = this.logTop;
    if (top + 2 + TRAILER_WORDS > this.log.length) this.growLogInStep();
    this.log[top] = address;
    this.log[top + 1] = this.memory[address];
    this.logTop = top + 2;
  }

  /** Notes that a line was printed. How many there were is nothing that a step depends on. */
  countOutput(): void {
    if (this.logging && this.stamp[OUTPUT_COUNT] !== this.epoch) this.note(OUTPUT_COUNT);
    this.memory[OUTPUT_COUNT] = this.output.length;
  }

  /** Closes the segment that began at log position `start`: see the top of this file. */
  endSegment(start: number): void {
    if (!this.logging) return;
    const { memory, log } = this;
    const lowBefore = this.hashLow;
    const highBefore = this.hashHigh;
    let low = lowBefore;
    let high = highBefore;
    let top = start;
    for (let i = start; i < this.logTop; i += 2) {
      const address = log[i];
      const before = log[i + 1];
      const now = memory[address];
      // A wild write to an address outside the memory has had no effect.
      if (before === now || address >>> 0 >= memory.length) continue;
      log[top] = address;
      log[top + 1] = before;
      top += 2;
      if (address < GLOBALS && !isHashed(address)) continue;
      const key = keyOf(address);
      if (before !== 0) {
        const mix = mixed(key, before);
        low ^= laneLow(key, mix);
        high ^= laneHigh(key, mix);
      }
      if (now !== 0) {
        const mix = mixed(key, now);
        low ^= laneLow(key, mix);
        high ^= laneHigh(key, mix);
      }
    }
    this.logTop = top;
    this.closeSegment(top - start, low ^ lowBefore, high ^ highBefore);
  }

  /** The log, with room for so many words and a trailer behind `logTop`. */
  logRoom(words: number): Int32Array {
    while (this.logTop + words + TRAILER_WORDS > this.log.length) this.growLog();
    return this.log;
  }

  /** Writes the trailer behind the `words` of a segment; the lanes of the hash change by so much. */
  closeSegment(words: number, low: number, high: number): void {
    const top = this.logTop;
    const log = this.logRoom(0);
    log[top] = this.hashLow;
    log[top + 1] = this.hashHigh;
    log[top + 2] = words;
    this.logTop = top + TRAILER_WORDS;
    this.hashLow ^= low;
    this.hashHigh ^= high;
  }

  /** Takes back what the open segment that began at `start` has done; it leaves no trailer. */
  dropSegment(start: number): void {
    this.restoreWords(start, this.logTop);
    this.logTop = start;
    const printed = this.memory[OUTPUT_COUNT];
    if (this.output.length !== printed) this.output.length = printed;
  }

  mark(): number {
    return this.logBase + this.logTop;
  }

  undo(mark: number): void {
    const target = mark - this.logBase;
    if (target < 0 || target > this.logTop) {
      throw new Error(`internal error: no undo mark ${mark} any more, please report`);
    }
    const { log } = this;
    while (this.logTop > target) {
      const end = this.logTop - TRAILER_WORDS;
      const start = end - log[end + 2];
      this.restoreWords(start, end);
      this.hashLow = log[end];
      this.hashHigh = log[end + 1];
      this.logTop = start;
    }
    const printed = this.memory[OUTPUT_COUNT];
    if (this.output.length !== printed) this.output.length = printed;
    if (this.logTop !== target) {
      throw new Error(`internal error: undo mark ${mark} is inside a step, please report`);
    }
    if (this.checking) this.checkHash();
  }

  /** Gives every address whose word was changed after the mark and not changed back within its
   *  segment; one may come several times. */
  changedSince(mark: number, visit: (address: number) => void): void {
    const { log } = this;
    for (let top = this.logTop; top > mark - this.logBase; ) {
      const end = top - TRAILER_WORDS;
      const start = end - log[end + 2];
      for (let i = start; i < end; i += 2) visit(log[i]);
      top = start;
    }
  }

  /** Checking mode: a pointer that is used lies in globals, heap or stacks. */
  requireAddress(address: number, count: number): void {
    if (address >= GLOBALS && address + count <= this.memory[HEAP_TOP]) return;
    throw internal(`address ${address} lies outside globals, heap and stacks (pc ${this.pc})`);
  }

  private restoreWords(start: number, end: number): void {
    const { memory, log } = this;
    for (let i = start; i < end; i += 2) memory[log[i]] = log[i + 1];
  }

  /** Forgets how to undo. */
  clearLog(): void {
    this.logBase += this.logTop;
    this.logTop = 0;
  }

  /** Forgets how to undo what happened before the mark; later marks stay valid. */
  dropLogBefore(mark: number): void {
    const dropped = mark - this.logBase;
    if (dropped <= 0) return;
    this.log.copyWithin(0, dropped, this.logTop);
    this.logTop -= dropped;
    this.logBase += dropped;
  }

  /** Makes room, and ends the run when there is more than is allowed. What is no part of a step
   *  (a condition, a debugger's write) goes on. */
  private growLogInStep(): void {
    this.growLog();
    if (this.log.length <= this.undoLimitWords) return;
    if (this.isolated || this.halt !== RUNNING) return;
    throw new Ending(
      'limit',
      `undoWords: taking this run back needs more than ${this.undoLimitWords} words. Usually a ` +
        'very long run is followed in one go; if it is meant to be that long, set undoWords on ' +
        'its runtime line',
    );
  }

  private growLog(): void {
    const { length } = this.log;
    const limit = this.undoLimitWords;
    const words = length < limit ? Math.min(length * 2, limit) : length + LOG_RESERVE_WORDS;
    this.log = grown(this.log, words);
  }

  /** Recomputes the hash from memory: globals and objects. (Words outside all objects are zero; one
   *  that is not makes the hash differ from the incremental one.) */
  fullHash(): [low: number, high: number] {
    const { memory } = this;
    const { globalsEnd } = this.image;
    const lanes = hashOf(memory, 0, globalsEnd);
    this.hashObjects(globalsEnd, memory[HEAP_TOP], lanes);
    return lanes;
  }

  private hashObjects(start: number, end: number, lanes: [number, number]): void {
    const { memory } = this;
    const add = (from: number, to: number): void => {
      const [low, high] = hashOf(memory, from, to);
      lanes[0] ^= low;
      lanes[1] ^= high;
    };
    for (let at = start; at < end; ) {
      const object = at + OBJECT_HEADER_WORDS;
      const next = object + memory[object + OBJECT_WORDS];
      if (memory[object + OBJECT_TYPE] === 0 || next < object) break;
      if (memory[object + OBJECT_TYPE] === OBJECT_ARENA) {
        add(at, object);
        this.hashObjects(object, next, lanes);
      } else {
        add(at, next);
      }
      at = next;
    }
  }

  /** Compares the hash with a full recompute. */
  checkHash(): void {
    if (!this.logging) return;
    const [low, high] = this.fullHash();
    if (low !== this.hashLow || high !== this.hashHigh) {
      throw new Error('internal error: the hash does not fit the memory, please report');
    }
  }
}
