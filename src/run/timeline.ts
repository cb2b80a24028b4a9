/**
 * A run that can be walked in both directions. Time is the number of instructions executed since
 * the start (`instruction`); steps lie in it as intervals. History is kept: walking forward over
 * what was recorded follows the recorded schedule, choosing otherwise (or writing a variable)
 * starts a branch, and the old one stays.
 *
 * Going back a little uses the machine's undo log, which reaches to the last checkpoint or so;
 * going back far restores a checkpoint and executes the rest again.
 */
import {
  type Image,
  NIL_LIMIT,
  OUTPUT_COUNT,
  type Outcome,
  THREAD_PC,
  THREAD_WORDS,
  THREADS,
} from '../language/image.ts';
import { Machine, type MachineOptions } from '../machine/machine.ts';
import { type Checkpoint, CheckpointStore } from './checkpoints.ts';
import { type Edit, History, type OutputLine } from './history.ts';
import { NaturalPolicy } from './natural.ts';
import type { Choice, Policy } from './policy.ts';
import { obstacleTo } from './replay.ts';
import type { Schedule } from './schedule.ts';

export type { OutputLine } from './history.ts';

export interface TimelineOptions {
  readonly policy: Policy;
  /** Steps until the run is given up with the outcome `limit`. */
  readonly stepLimit?: number;
  /** Whether invariants of the models are checked after every step. */
  readonly checkInvariants?: boolean;
  /** Whether a running goroutine may be preempted at loop heads (asked of the policy). */
  readonly preemption?: boolean;
  /** Memory for going back: beyond it, going back re-executes longer stretches. */
  readonly budgetBytes?: number;
  /** For tests and benchmarks. */
  readonly machine?: MachineOptions;
}

export const DEFAULT_STEP_LIMIT = 10_000_000;
/** Of one step. */
export const DEFAULT_INSTRUCTION_LIMIT = 20_000_000;
export const DEFAULT_BUDGET_BYTES = 100_000_000;
/** The undo log is emptied when it is longer than this. */
const LOG_LIMIT_WORDS = 1 << 21;

/** Why a walk came to rest: a place of the `stops` table, the end of the run, or the instructions
 *  it was allowed were used up. */
export type WalkEnd = 'stop' | 'ended' | 'instructions';

/** A recorded history, as it is listed for people. */
export interface Branch {
  readonly id: number;
  /** The branch it left, null for the first one, and how many steps they share. */
  readonly parent: number | null;
  readonly sharedSteps: number;
  readonly steps: number;
  readonly outcome: Outcome | null;
}

export class Timeline {
  readonly machine: Machine;
  readonly image: Image;
  readonly #stepLimit: number;
  readonly #checkInvariants: boolean;
  readonly #store: CheckpointStore;
  readonly #histories: History[];
  #policy: Policy;
  #history: History;
  /** Steps complete, and the thread that is in the middle of the next one, or -1. */
  #step = 0;
  #inside = -1;
  #thread = -1;
  /** Whether the imposed end of the history has been made. */
  #ended = false;
  /** The first moment, after what the machine does before the first choice. */
  readonly #start: number;
  /** Marks of the undo log at the beginning of steps #logStep, #logStep + 1 …, and the moments. */
  #marks: number[] = [];
  #moments: number[] = [];
  #logStep = 0;
  #nextCheckpoint = 0;
  /** Where the step in progress began (or, after a jump into it, where it was resumed). */
  #stepStart = 0;
  readonly #instructionLimit: number;

  constructor(image: Image, options: TimelineOptions) {
    this.image = image;
    this.#policy = options.policy;
    this.#policy.reset();
    this.#stepLimit = options.stepLimit ?? DEFAULT_STEP_LIMIT;
    const hasInvariants = image.conditions.some((one) => one.condition === 'invariant');
    this.#instructionLimit = options.machine?.instructionLimit ?? DEFAULT_INSTRUCTION_LIMIT;
    this.#checkInvariants = hasInvariants && (options.checkInvariants ?? false);
    this.#store = new CheckpointStore(options.budgetBytes ?? DEFAULT_BUDGET_BYTES);
    this.machine = new Machine(image, {
      preemption: options.preemption ?? false,
      ...options.machine,
    });
    this.#history = new History(0, null, 0, 0);
    this.#histories = [this.#history];
    this.machine.reset();
    this.#start = this.machine.instructionCount;
    this.#history.instructions = this.#start;
    this.#noteOutput(this.#start);
    this.#nextCheckpoint = this.#start + this.#store.interval;
  }

  /** Steps that are complete at the present. */
  get step(): number {
    return this.#step;
  }

  /** The present: instructions executed since the start. */
  get instruction(): number {
    return this.machine.instructionCount;
  }

  /** The first moment; what the machine executes before it asks nothing of a schedule. */
  get start(): number {
    return this.#start;
  }

  /** Thread that moved last (or is in the middle of a step); 0 at the start. */
  get thread(): number {
    return Math.max(0, this.#thread);
  }

  get insideStep(): boolean {
    return this.#inside >= 0;
  }

  /** Complete steps of what is recorded on this branch. */
  get recordedSteps(): number {
    return this.#history.steps;
  }

  get recordedInstructions(): number {
    return this.#history.instructions;
  }

  /** The run's outcome if the present is its end, else null. */
  get outcome(): Outcome | null {
    return this.machine.outcome();
  }

  /** The outcome that is recorded on this branch, if its end has been reached. */
  get recordedOutcome(): Outcome | null {
    return this.#history.outcome;
  }

  /** What was printed up to the present. */
  get output(): readonly OutputLine[] {
    const { output } = this.#history;
    const count = this.machine.output.length;
    return count === output.length ? output : output.slice(0, count);
  }

  /** Memory that the history takes, without the state itself. */
  get bytes(): number {
    const histories = this.#histories.reduce((sum, history) => sum + history.bytes, 0);
    return histories + this.#store.bytes + this.machine.logWords() * 4 + this.#marks.length * 16;
  }

  /** To the next step boundary; false at the end of the run. */
  forward(): boolean {
    do {
      if (!this.#advance(Number.MAX_SAFE_INTEGER, null)) return false;
    } while (this.#inside >= 0);
    return true;
  }

  /** To the previous step boundary; false at the start. */
  back(): boolean {
    if (this.#inside < 0 && this.#step === 0) {
      this.#undoEnd();
      return false;
    }
    this.seek(this.#inside >= 0 ? this.#step : this.#step - 1);
    return true;
  }

  /** To the boundary after `step` steps; past the recording: to its end. */
  seek(step: number): void {
    const target = Math.max(0, Math.min(step, this.#history.steps));
    const mark = this.#marks[target - this.#logStep];
    if (target < this.#step || (target === this.#step && this.#inside >= 0)) {
      if (mark !== undefined) {
        this.#undoTo(target, mark);
        return;
      }
      this.#restore((one) => one.step < target || (one.step === target && one.inside < 0));
    } else {
      this.#restoreAhead((one) => one.step < target || (one.step === target && one.inside < 0));
    }
    while (this.#step < target && this.#advance(Number.MAX_SAFE_INTEGER, null));
  }

  /** To a moment, which may lie inside a step; outside the recording: to the nearer end of it. */
  seekInstruction(instruction: number): void {
    const target = Math.max(this.#start, Math.min(instruction, this.#history.instructions));
    if (target < this.instruction || this.#ended) {
      if (!this.#undoBefore(target)) this.#restore((one) => one.instruction <= target);
    } else {
      this.#restoreAhead((one) => one.instruction <= target);
    }
    while (this.instruction < target && this.#advance(target - this.instruction, null));
  }

  /**
   * Forward until, after at least one instruction, the thread that moves stands before an
   * instruction whose entry in `stops` (index pc / 4) is not 0.
   */
  walk(stops: Uint8Array | null, maxInstructions: number): WalkEnd {
    const limit = this.instruction + maxInstructions;
    const { memory } = this.machine;
    while (this.instruction < limit) {
      if (!this.#advance(limit - this.instruction, stops)) return 'ended';
      if (this.outcome !== null) return 'ended';
      if (stops === null) continue;
      const pc = memory[THREADS + this.#thread * THREAD_WORDS + THREAD_PC];
      if (stops[pc >> 2] !== 0 && this.#stopped) return 'stop';
    }
    return 'instructions';
  }

  /** The only thread that moves from now on, as long as it can; null: as the schedule says. */
  alone: number | null = null;

  /** Whether the last advance came to rest before an instruction, not at the end of a budget. */
  #stopped = false;

  /** What may move now, and how choices in it may be answered; empty inside a step. */
  choices(): Choice[] {
    const { machine } = this;
    const found: Choice[] = [];
    if (this.#inside >= 0 || this.outcome !== null) return found;
    for (let thread = 0; thread < machine.threadCount(); thread++) {
      if (!machine.isEnabled(thread)) continue;
      const count = Math.max(1, machine.choiceCount(thread));
      for (let answer = 0; answer < count; answer++) found.push({ thread, answer });
    }
    return found;
  }

  /** Takes one step by this choice, whatever was recorded: at a step boundary only. Gives why it
   *  cannot be taken, or null. */
  choose(choice: Choice): string | null {
    if (this.#inside >= 0) return 'a thread is in the middle of a step';
    if (this.outcome !== null) return 'the run has ended';
    const obstacle = obstacleTo(this.machine, choice);
    if (obstacle !== null) return obstacle;
    const history = this.#history;
    const step = this.#step;
    const isRecorded = step < history.steps;
    const isSame =
      isRecorded &&
      history.threadOf(step) === choice.thread &&
      history.answerOf(step) === choice.answer;
    if (!isSame && !this.#atRecordedEnd()) this.#fork();
    if (!isSame) this.#history.add(choice.thread, choice.answer);
    this.forward();
    return null;
  }

  /** Writes words of the state, or a text as a string value: a branch begins. */
  write(address: number, value: readonly number[] | string): void {
    if (address < NIL_LIMIT) throw new Error('internal error: write to no address, please report');
    this.#fork();
    const text = typeof value === 'string' ? value : null;
    const words = typeof value === 'string' ? [0] : value;
    const edit: Edit = { instruction: this.instruction, address, words, text };
    this.#history.edits.push(edit);
    this.#apply(edit);
  }

  get branches(): Branch[] {
    return this.#histories.map(({ id, parent, sharedSteps, steps, outcome }) => ({
      id,
      parent,
      sharedSteps,
      steps,
      outcome,
    }));
  }

  /** The branch that the present lies on. */
  get branch(): number {
    return this.#history.id;
  }

  /** Goes to another branch: to where it parts from the present one. */
  switchBranch(id: number): void {
    const history = this.#histories[id];
    if (history === undefined || history === this.#history) return;
    const moment = this.#partingOf(this.#history, history);
    this.#history = history;
    this.#policy = new NaturalPolicy();
    this.#restore((one) => one.instruction <= moment);
    this.seekInstruction(moment);
  }

  /** The last moment that two branches share. */
  #partingOf(a: History, b: History): number {
    const before = new Map<number, number>();
    let moment = Number.MAX_SAFE_INTEGER;
    for (let one: History | null = a; one !== null; one = this.#parentOf(one)) {
      before.set(one.id, moment);
      moment = Math.min(moment, one.sharedInstructions);
    }
    moment = Number.MAX_SAFE_INTEGER;
    for (let one: History | null = b; one !== null; one = this.#parentOf(one)) {
      const shared = before.get(one.id);
      if (shared !== undefined) return Math.min(moment, shared);
      moment = Math.min(moment, one.sharedInstructions);
    }
    return this.#start;
  }

  #parentOf(history: History): History | null {
    return history.parent === null ? null : this.#histories[history.parent];
  }

  /** The choices from the start to the present. */
  schedule(): Schedule {
    return this.#history.choices(this.#inside >= 0 ? this.#step + 1 : this.#step);
  }

  /** One advance of the machine, at most `maxInstructions`; false when the run is over. */
  #advance(maxInstructions: number, stops: Uint8Array | null): boolean {
    const { machine } = this;
    if (this.alone !== null && this.#inside < 0) this.#insistOn(this.alone);
    const history = this.#history;
    this.#stopped = false;
    if (this.#ended || machine.outcome() !== null) return false;
    if (history.imposed !== null && machine.instructionCount >= history.instructions) {
      if (this.#step + (this.#inside >= 0 ? 1 : 0) >= history.steps) {
        return this.#impose(history.imposed);
      }
    }
    if (this.#inside < 0 && !this.#begin()) return false;
    this.#checkpointIfDue();
    const before = machine.instructionCount;
    const recording = before >= history.instructions;
    const edit = history.edits.find((one) => one.instruction > before);
    const budget = Math.min(
      maxInstructions,
      this.#nextCheckpoint - before,
      edit === undefined ? maxInstructions : edit.instruction - before,
      // The recording may end in the middle of a step.
      recording ? maxInstructions : history.instructions - before,
    );
    const answer = history.answerOf(this.#step);
    const stop = machine.advance(this.#thread, answer, Math.max(1, budget), stops);
    if (recording) {
      history.instructions = machine.instructionCount;
      history.thread = this.#thread;
      this.#noteOutput(before);
    }
    this.#stopped = stop === 'stop' || stop === 'boundary';
    if (stop === 'boundary' || stop === 'ended') {
      this.#inside = -1;
      this.#step++;
      if (recording) this.#finishStep();
    } else {
      this.#inside = this.#thread;
      if (machine.instructionCount - this.#stepStart > this.#instructionLimit) {
        return this.#impose(longStepOutcome(this.#instructionLimit));
      }
    }
    if (edit !== undefined && edit.instruction === machine.instructionCount) {
      for (const one of history.edits) if (one.instruction === edit.instruction) this.#apply(one);
    }
    return true;
  }

  /** Finds out who moves next; false when nobody does, and the run has ended. */
  #begin(): boolean {
    const { machine } = this;
    const history = this.#history;
    if (this.#step === history.steps) {
      if (this.#step >= this.#stepLimit) return this.#impose(stepLimitOutcome(this.#stepLimit));
      const choice = this.#policy.choose(machine, this.#thread);
      if (choice === null) return this.#impose(this.#nothingMoves());
      history.add(choice.thread, choice.answer);
    }
    if (this.#marks.length === 0) this.#logStep = this.#step;
    this.#marks.push(machine.mark());
    this.#moments.push(machine.instructionCount);
    this.#thread = history.threadOf(this.#step);
    this.#stepStart = machine.instructionCount;
    return true;
  }

  /** Makes `thread` the next one to move, if it can: a branch begins where that is news. */
  #insistOn(thread: number): void {
    const { machine } = this;
    if (machine.outcome() !== null || !machine.isEnabled(thread)) return;
    const isRecorded = this.#step < this.#history.steps;
    if (isRecorded && this.#history.threadOf(this.#step) === thread) return;
    if (isRecorded || this.#history.outcome !== null) this.#fork();
    this.#history.add(thread, 0);
  }

  #finishStep(): void {
    const { machine } = this;
    const ended = machine.outcome();
    if (ended !== null) {
      this.#history.outcome = ended;
      return;
    }
    if (!this.#checkInvariants) return;
    const broken = machine.checkConditions('invariant');
    if (broken !== null) this.#impose({ kind: 'violation', message: broken });
  }

  #nothingMoves(): Outcome {
    const unmet = this.machine.checkConditions('quiescent');
    if (unmet !== null) return { kind: 'stuck', message: unmet };
    return { kind: 'hang', message: 'nothing can move, and the runtime does not notice' };
  }

  /** Ends the run here, for a reason that no instruction gave. Always false. */
  #impose(outcome: Outcome): false {
    this.#history.outcome = outcome;
    this.#history.imposed = outcome;
    this.#ended = true;
    this.machine.end(outcome);
    return false;
  }

  #atRecordedEnd(): boolean {
    return this.#inside < 0 && this.#step === this.#history.steps;
  }

  #noteOutput(instruction: number): void {
    const { output } = this.#history;
    const printed = this.machine.output;
    while (output.length < printed.length) {
      const { stream, text, pc, thread, context } = printed[output.length];
      output.push({ stream, text, pc, thread, context, instruction, step: this.#step });
    }
  }

  #apply(edit: Edit): void {
    const { machine } = this;
    const words = edit.text === null ? edit.words : [machine.makeString(edit.text)];
    machine.poke(edit.address, words);
  }

  /** Leaves the recorded future to the branch it belongs to, and begins another one here. */
  #fork(): void {
    const begun = this.#inside >= 0 ? this.#step + 1 : this.#step;
    const id = this.#histories.length;
    const history = new History(id, this.#history, begun, this.instruction);
    history.thread = this.#thread;
    this.#undoEnd();
    this.#histories.push(history);
    this.#history = history;
    this.#policy = new NaturalPolicy();
  }

  /** Takes back an imposed end, so that the run can go on otherwise. */
  #undoEnd(): void {
    if (!this.#ended) return;
    const moment = this.instruction;
    this.#restore((one) => one.instruction <= moment);
    while (this.instruction < moment && this.#advance(moment - this.instruction, null));
  }

  #checkpointIfDue(): void {
    const { machine } = this;
    if (machine.instructionCount < this.#nextCheckpoint) {
      if (machine.logWords() > LOG_LIMIT_WORDS) this.#clearLog();
      return;
    }
    const { checkpoints } = this.#history;
    const last = checkpoints.length === 0 ? this.#start : checkpoints.at(-1)!.instruction;
    if (machine.instructionCount >= last + this.#store.interval) {
      checkpoints.push(this.#store.take(machine, this.#step, this.#inside, this.#thread));
      if (this.#store.isFull) this.#thin();
    }
    this.#nextCheckpoint = machine.instructionCount + this.#store.interval;
    this.#clearLog();
  }

  /** The mark of a step that has just begun stays valid: the log begins with it. */
  #clearLog(): void {
    this.machine.clearLog();
    const isFresh = this.#inside < 0 && this.#marks.length > 0;
    this.#marks = isFresh ? [this.machine.mark()] : [];
    this.#moments = isFresh ? [this.machine.instructionCount] : [];
    this.#logStep = this.#step;
  }

  #thin(): void {
    for (const history of this.#histories) {
      history.checkpoints = history.checkpoints.filter((_, index) => index % 2 === 1);
    }
    this.#store.thin([...new Set(this.#histories.flatMap((history) => history.checkpoints))]);
  }

  #undoTo(step: number, mark: number): void {
    const index = step - this.#logStep;
    this.machine.undo(mark);
    this.machine.instructionCount = this.#moments[index];
    this.#marks.length = index;
    this.#moments.length = index;
    this.#step = step;
    this.#inside = -1;
    this.#ended = false;
    this.#thread = step === 0 ? -1 : this.#history.threadOf(step - 1);
  }

  /** By the undo log to the last step boundary at or before the moment; false when it does not reach
   *  back that far. */
  #undoBefore(instruction: number): boolean {
    for (let index = this.#marks.length - 1; index >= 0; index--) {
      this.#undoTo(this.#logStep + index, this.#marks[index]);
      if (this.instruction <= instruction) return true;
    }
    return false;
  }

  /** To the last checkpoint that fits, or the start. */
  #restore(fits: (checkpoint: Checkpoint) => boolean): void {
    const found = this.#lastCheckpoint(fits);
    if (found === null) this.#restart();
    else this.#resume(found);
  }

  /** The same, unless the present is at least as near. */
  #restoreAhead(fits: (checkpoint: Checkpoint) => boolean): void {
    const found = this.#lastCheckpoint(fits);
    if (found !== null && found.instruction > this.instruction) this.#resume(found);
  }

  #lastCheckpoint(fits: (checkpoint: Checkpoint) => boolean): Checkpoint | null {
    const { checkpoints } = this.#history;
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
    this.machine.reset();
    this.#step = 0;
    this.#inside = -1;
    this.#thread = -1;
    this.#afterRestore();
    for (const edit of this.#history.edits) {
      if (edit.instruction === this.#start) this.#apply(edit);
    }
  }

  #resume(checkpoint: Checkpoint): void {
    const { hashLow, hashHigh } = checkpoint;
    const words = this.#store.wordsOf(checkpoint);
    this.machine.restore({ words, hashLow, hashHigh });
    this.machine.instructionCount = checkpoint.instruction;
    this.#step = checkpoint.step;
    this.#inside = checkpoint.inside;
    this.#thread = checkpoint.thread;
    this.#stepStart = checkpoint.instruction;
    this.#afterRestore();
  }

  #afterRestore(): void {
    const { output } = this.#history;
    this.machine.output = output.slice(0, this.machine.memory[OUTPUT_COUNT]);
    this.#ended = false;
    this.#marks = [];
    this.#moments = [];
    this.#logStep = this.#step;
    this.#nextCheckpoint = this.machine.instructionCount + this.#store.interval;
  }
}

function stepLimitOutcome(limit: number): Outcome {
  const message =
    `steps: the run was given up after ${limit} steps. The usual cause is a loop that waits for ` +
    'something that never happens; a longer run needs a higher limit (--limit, stepLimit)';
  return { kind: 'limit', message };
}

function longStepOutcome(limit: number): Outcome {
  const message =
    `instructions: a thread went on for more than ${limit} instructions without doing anything ` +
    'that another thread could see. The usual cause is a loop that never ends';
  return { kind: 'limit', message };
}
