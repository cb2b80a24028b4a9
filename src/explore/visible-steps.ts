/**
 * Visible steps: those of a schedule that another thread can tell apart.
 *
 * A step is visible when it races with a step of another thread: both touch a word and one of them
 * changes it (or both take the same lock, or both print), and nothing but chance keeps them in this
 * order, so that to take them the other way round would be possible and another run. All other
 * steps, such as those before a second thread lives, on memory that one thread alone touches, and
 * behind a lock or a wake-up that decides who comes first, could as well stand elsewhere between
 * their neighbours. (Races in the sense of C. Flanagan, P. Godefroid, "Dynamic Partial-Order
 * Reduction for Model Checking Software", POPL 2005: conflicting, and adjacent in the
 * happens-before relation.)
 */
import { GLOBALS, OUTPUT_COUNT } from '../language/image.ts';
import * as ops from '../language/instructions.ts';
import type { Machine } from '../machine/machine.ts';
import type { Choice } from '../run/policy.ts';
import { readingInstructions, readsOf } from './footprints.ts';

/** Longer schedules are not analysed: nobody reads them step by step. */
export const ANALYSED_STEPS = 20_000;

/** What has happened before a step: by thread, its last step that has, or -1. */
type Clock = number[];

export interface VisibleStep {
  /** Index in the schedule. */
  readonly step: number;
  /** Addresses of the words that it and a step of another thread touch, ascending. */
  readonly words: readonly number[];
}

/**
 * The visible steps of a schedule in its order; null when it is too long. `machine`: of the
 * scenario's image, with the options of the search and an undo log; it ends where the schedule
 * does.
 */
export function visibleSteps(machine: Machine, schedule: readonly Choice[]): VisibleStep[] | null {
  if (schedule.length > ANALYSED_STEPS) return null;
  const analysis = new VisibleAnalysis(machine);
  for (const choice of schedule) analysis.step(choice);
  return [...analysis.visible]
    .map(([step, words]) => ({ step, words: [...words].sort((a, b) => a - b) }))
    .sort((a, b) => a.step - b.step);
}

/** Follows a schedule from state 0, step by step, and notes which of its steps race. */
export class VisibleAnalysis {
  /** By step: the words at which it races. */
  readonly visible = new Map<number, Set<number>>();
  readonly #machine: Machine;
  readonly #stops: Uint8Array;
  readonly #threadOf: number[] = [];
  /** By step and by thread. */
  readonly #after: Clock[] = [];
  readonly #now: Clock[] = [];
  readonly #lastWrite = new Map<number, number>();
  /** By word: the last step of each thread that has read it since it was written. */
  readonly #readers = new Map<number, Map<number, number>>();
  readonly #lastLock = new Map<number, number>();
  readonly #lastUnlock = new Map<number, number>();

  constructor(machine: Machine) {
    this.#machine = machine;
    this.#stops = readingInstructions(machine.image.code);
    machine.reset();
    this.#now[0] = [];
  }

  /** Takes the next step of the schedule. */
  step({ thread, answer }: Choice): void {
    const machine = this.#machine;
    const index = this.#after.length;
    const { op, address } = machine.pendingOperation(thread);
    const threads = machine.threadCount();
    const mark = machine.mark();
    const reads = readsOf(machine, thread, answer, this.#stops);
    const writes = new Set<number>();
    machine.changedSince(mark, (word) => {
      if (word >= GLOBALS || word === OUTPUT_COUNT) writes.add(word);
    });
    const clock = (this.#now[thread] ??= []);
    this.#threadOf[index] = thread;
    const isLock = op === ops.OP_LOCK || op === ops.OP_UNLOCK;
    if (isLock) {
      this.#lock(op, address, index, clock);
      reads.delete(address);
      writes.delete(address);
    }
    const isWait = op === ops.OP_AWAIT;
    if (isWait) this.#join(clock, this.#lastWrite.get(address) ?? -1);
    this.#races(index, clock, reads, writes);
    clock[thread] = index;
    this.#after[index] = [...clock];
    this.#note(index, thread, reads, writes);
    for (let made = threads; made < machine.threadCount(); made++) this.#now[made] = [...clock];
  }

  /** Who takes a lock races with who took it before; that it has been let go is no race. */
  #lock(op: number, address: number, index: number, clock: Clock): void {
    if (op === ops.OP_UNLOCK) {
      this.#lastUnlock.set(address, index);
      return;
    }
    const before = this.#lastLock.get(address) ?? -1;
    if (before >= 0 && !this.#isKnown(clock, before)) this.#see(before, index, [address]);
    this.#join(clock, before);
    this.#join(clock, this.#lastUnlock.get(address) ?? -1);
    this.#lastLock.set(address, index);
  }

  #races(index: number, clock: Clock, reads: Set<number>, writes: Set<number>): void {
    const found = new Map<number, number[]>();
    const conflict = (step: number, word: number) => {
      if (this.#isKnown(clock, step)) return;
      const words = found.get(step);
      if (words === undefined) found.set(step, [word]);
      else words.push(word);
    };
    for (const word of new Set([...reads, ...writes])) {
      const last = this.#lastWrite.get(word);
      if (last !== undefined) conflict(last, word);
    }
    for (const word of writes) {
      for (const step of this.#readers.get(word)?.values() ?? []) conflict(step, word);
    }
    const steps = [...found.keys()];
    for (const [step, words] of found) {
      const isBetween = (other: number) =>
        other !== step && this.#isKnown(this.#after[other], step);
      if (!steps.some(isBetween)) this.#see(step, index, words);
    }
    for (const step of steps) this.#join(clock, step);
  }

  #see(before: number, after: number, words: readonly number[]): void {
    for (const step of [before, after]) {
      const known = this.visible.get(step);
      if (known === undefined) this.visible.set(step, new Set(words));
      else for (const word of words) known.add(word);
    }
  }

  #isKnown(clock: Clock, step: number): boolean {
    return (clock[this.#threadOf[step]] ?? -1) >= step;
  }

  #join(clock: Clock, step: number): void {
    if (step < 0) return;
    for (const [thread, known] of this.#after[step].entries()) {
      if (known !== undefined && known > (clock[thread] ?? -1)) clock[thread] = known;
    }
  }

  #note(index: number, thread: number, reads: Set<number>, writes: Set<number>): void {
    for (const word of writes) {
      this.#lastWrite.set(word, index);
      this.#readers.delete(word);
    }
    for (const word of reads) {
      let readers = this.#readers.get(word);
      if (readers === undefined) {
        readers = new Map();
        this.#readers.set(word, readers);
      }
      readers.set(thread, index);
    }
  }
}
