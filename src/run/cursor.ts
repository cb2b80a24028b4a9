/**
 * The present of a run: a machine that stands somewhere in a recorded history, and can be put
 * anywhere else in it.
 *
 * Going back a little uses the machine's undo log, which reaches to the last checkpoint or so;
 * going back far restores a checkpoint and executes the rest again.
 */
import { OUTPUT_COUNT } from '../language/image.ts';
import type { Machine, Stop } from '../machine/machine.ts';
import { type Checkpoint, CheckpointStore } from './checkpoints.ts';
import type { Edit, History, ImposedOutcome } from './history.ts';
import { SLICE_INSTRUCTIONS, type Work } from './slices.ts';

/** When the undo log is longer than this, its older half is dropped. */
const LOG_LIMIT_WORDS = 1 << 20;

export class Cursor {
  readonly machine: Machine;
  readonly store: CheckpointStore;
  /** The first moment, after what the machine does before the first choice. */
  readonly start: number;
  history: History;
  /** Steps complete, and the thread that is in the middle of the next one, or -1. */
  step = 0;
  inside = -1;
  /** The thread that moved last; -1 at the start. */
  thread = -1;
  /** Whether the imposed end of the history has been made. */
  ended = false;
  /** Where the step in progress began (or, after a jump into it, where it was resumed). */
  stepStart = 0;
  /** Marks of the undo log at the beginning of steps #logStep, #logStep + 1 …, and the moments. */
  #marks: number[] = [];
  #moments: number[] = [];
  #logStep = 0;
  #nextCheckpoint: number;
  /** Set while the past is only looked through: no undo log, no hash. */
  #isLooking = false;

  constructor(machine: Machine, history: History, budgetBytes: number) {
    this.machine = machine;
    this.history = history;
    this.store = new CheckpointStore(budgetBytes);
    machine.reset();
    this.start = machine.instructionCount;
    this.#nextCheckpoint = this.start + this.store.interval;
  }

  get instruction(): number {
    return this.machine.instructionCount;
  }

  get bytes(): number {
    return this.store.bytes + this.machine.logWords() * 4 + this.#marks.length * 16;
  }

  /** Whether nothing is recorded after the present. */
  get isAtRecordedEnd(): boolean {
    return this.inside < 0 && this.step === this.history.steps;
  }

  /** Whether the end that was imposed on the history comes next. */
  get isAtImposedEnd(): boolean {
    const { imposed, instructions, steps } = this.history;
    if (imposed === null || this.instruction < instructions) return false;
    return this.step + (this.inside >= 0 ? 1 : 0) >= steps;
  }

  /** Begins the next step of the history. */
  begin(): void {
    const { machine } = this;
    if (this.#marks.length === 0) this.#logStep = this.step;
    this.#marks.push(machine.mark());
    this.#moments.push(machine.instructionCount);
    this.thread = this.history.threadOf(this.step);
    this.stepStart = machine.instructionCount;
    if (this.stepStart >= this.history.instructions) this.history.races?.before(this.thread);
  }

  /** Executes a part of the step that was begun; not past what is recorded of it. */
  advance(maxInstructions: number, stops: Uint8Array | null): Stop {
    const { machine, history } = this;
    this.#checkpointIfDue();
    const before = machine.instructionCount;
    let budget = Math.min(maxInstructions, this.#nextCheckpoint - before);
    if (before < history.instructions) budget = Math.min(budget, history.instructions - before);
    const edit = history.edits.length === 0 ? null : history.nextEdit(before);
    if (edit !== null) budget = Math.min(budget, edit.instruction - before);
    const answer = history.answerOf(this.step);
    const stop = machine.advance(this.thread, answer, Math.max(1, budget), stops);
    // What is executed again is told again, and nobody listens.
    if (before < history.instructions) machine.raceEvents.length = 0;
    if (stop === 'boundary' || stop === 'ended') {
      this.inside = -1;
      this.step++;
    } else {
      this.inside = this.thread;
    }
    if (edit !== null && edit.instruction === machine.instructionCount) {
      for (const one of history.edits) {
        if (one.instruction === edit.instruction) this.apply(one);
      }
    }
    return stop;
  }

  /** Follows the recording, at most `maxInstructions`; null at its end. */
  replay(maxInstructions: number, stops: Uint8Array | null): Stop | null {
    if (this.ended || this.machine.outcome() !== null || this.isAtImposedEnd) return null;
    if (this.instruction >= this.history.instructions) return null;
    if (this.inside < 0) this.begin();
    return this.advance(maxInstructions, stops);
  }

  /** To the boundary after `target` steps, which are recorded. */
  toStep(target: number): void {
    const fits = (one: Checkpoint) => one.step < target || (one.step === target && one.inside < 0);
    if (target < this.step || (target === this.step && (this.inside >= 0 || this.ended))) {
      const mark = this.#marks[target - this.#logStep];
      if (mark !== undefined) {
        this.#undoTo(target, mark);
        return;
      }
      this.restore(fits);
    } else {
      this.#restoreAhead(fits);
    }
    while (this.step < target && this.replay(Number.MAX_SAFE_INTEGER, null) !== null);
  }

  /** To a moment of the recording, which may lie inside a step. */
  toInstruction(target: number): void {
    const fits = (one: Checkpoint) => one.instruction <= target;
    if (target < this.instruction || this.ended) {
      if (!this.#undoBefore(target)) this.restore(fits);
    } else {
      this.#restoreAhead(fits);
    }
    while (this.instruction < target && this.replay(target - this.instruction, null) !== null);
  }

  /**
   * Executes (from, to] again and calls `visit` whenever a thread arrives before an instruction
   * that `stops` marks. Further back than the undo log reaches it goes without log and hash.
   * Afterwards the present has to be set anew.
   */
  *lookThrough(
    from: number,
    to: number,
    stops: Uint8Array,
    visit: (end: Stop) => void,
  ): Work<void> {
    const isNear = from < this.instruction && this.#undoBefore(from);
    if (!isNear) this.restore((one) => one.instruction <= from);
    while (this.instruction < from && this.replay(from - this.instruction, null) !== null) yield;
    this.#isLooking = !isNear;
    this.machine.logging = isNear;
    while (this.instruction < to) {
      const end = this.replay(Math.min(to - this.instruction, SLICE_INSTRUCTIONS), stops);
      if (end === null) return;
      visit(end);
      yield;
    }
  }

  /** Writes what was written from outside at a moment. */
  apply(edit: Edit): void {
    const { machine } = this;
    const words = edit.text === null ? edit.words : [machine.makeString(edit.text)];
    machine.poke(edit.address, words);
  }

  /** Ends the run here, for a reason that no instruction gave. */
  impose(outcome: ImposedOutcome): void {
    this.ended = true;
    this.machine.end(outcome, outcome.report);
  }

  /** To the last checkpoint that fits, or the start. */
  restore(fits: (checkpoint: Checkpoint) => boolean): void {
    const found = this.#lastCheckpoint(fits);
    if (found === null) this.#restart();
    else this.#resume(found);
  }

  /** The same, unless the present is at least as near. */
  #restoreAhead(fits: (checkpoint: Checkpoint) => boolean): void {
    const found = this.#lastCheckpoint(fits);
    const isNearer = found !== null && found.instruction > this.instruction;
    if (isNearer) this.#resume(found);
    else if (this.#isLooking) this.restore(fits);
  }

  #checkpointIfDue(): void {
    const { machine, store } = this;
    if (machine.logWords() > LOG_LIMIT_WORDS) this.#shortenLog();
    if (machine.instructionCount < this.#nextCheckpoint) return;
    const { checkpoints } = this.history;
    const last = checkpoints.at(-1)?.instruction ?? this.start;
    if (!this.#isLooking && machine.instructionCount >= last + store.interval) {
      checkpoints.push(store.take(machine, this.step, this.inside, this.thread));
    }
    this.#nextCheckpoint = machine.instructionCount + store.interval;
  }

  /** Keeps about the younger half of the undo log; at a step boundary, or all of it goes. */
  #shortenLog(): void {
    const { machine } = this;
    const middle = machine.mark() - (machine.logWords() >> 1);
    const first = this.#marks.findIndex((mark) => mark >= middle);
    if (first < 0) {
      machine.clearLog();
      this.#marks = [];
      this.#moments = [];
      return;
    }
    machine.dropLogBefore(this.#marks[first]);
    this.#marks.splice(0, first);
    this.#moments.splice(0, first);
    this.#logStep += first;
  }

  #undoTo(step: number, mark: number): void {
    const index = step - this.#logStep;
    this.machine.undo(mark);
    this.machine.instructionCount = this.#moments[index];
    this.#marks.length = index;
    this.#moments.length = index;
    this.step = step;
    this.inside = -1;
    this.ended = false;
    this.thread = step === 0 ? -1 : this.history.threadOf(step - 1);
  }

  /** By the undo log to the last step boundary at or before the moment; false when the log does not
   *  reach back that far. */
  #undoBefore(instruction: number): boolean {
    if (this.#isLooking) return false;
    let index = this.#marks.length - 1;
    while (index >= 0 && this.#moments[index] > instruction) index--;
    if (index < 0) return false;
    this.#undoTo(this.#logStep + index, this.#marks[index]);
    return true;
  }

  #lastCheckpoint(fits: (checkpoint: Checkpoint) => boolean): Checkpoint | null {
    const { checkpoints } = this.history;
    let low = 0;
    let high = checkpoints.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (fits(checkpoints[middle])) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? null : checkpoints[low - 1];
  }

  #restart(): void {
    this.machine.logging = true;
    this.machine.reset();
    this.step = 0;
    this.inside = -1;
    this.thread = -1;
    this.#afterRestore();
    for (const edit of this.history.edits) {
      if (edit.instruction === this.start) this.apply(edit);
    }
  }

  #resume(checkpoint: Checkpoint): void {
    const { hashLow, hashHigh } = checkpoint;
    const words = this.store.wordsOf(checkpoint);
    this.machine.logging = true;
    this.machine.restore({ words, hashLow, hashHigh });
    this.machine.instructionCount = checkpoint.instruction;
    this.step = checkpoint.step;
    this.inside = checkpoint.inside;
    this.thread = checkpoint.thread;
    this.stepStart = checkpoint.instruction;
    this.#afterRestore();
  }

  #afterRestore(): void {
    const { machine } = this;
    const { output } = this.history;
    const printed = machine.memory[OUTPUT_COUNT];
    machine.output.length = Math.min(machine.output.length, printed);
    while (machine.output.length < printed) machine.output.push(output[machine.output.length]);
    this.#isLooking = false;
    this.ended = false;
    this.#marks = [];
    this.#moments = [];
    this.#logStep = this.step;
    this.#nextCheckpoint = machine.instructionCount + this.store.interval;
  }
}
