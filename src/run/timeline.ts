/**
 * A run that can be walked in both directions. Time is the number of instructions executed since
 * the start (`instruction`); steps lie in it as intervals. History is kept: walking forward over
 * what was recorded follows the recorded schedule, choosing otherwise (or writing a variable)
 * starts a branch, and the old one stays.
 */
import {
  type Image,
  NIL_LIMIT,
  type Outcome,
  THREAD_PC,
  THREAD_WORDS,
  THREADS,
} from '../language/image.ts';
import { Machine, type MachineOptions, type Stop } from '../machine/machine.ts';
import { Cursor } from './cursor.ts';
import type { Branch, Edit, ImposedOutcome, OutputLine } from './history.ts';
import { History, partingMoment } from './history.ts';
import { longStepOutcome, standstillOutcome, stepLimitOutcome } from './limits.ts';
import { NaturalPolicy } from './natural.ts';
import type { Choice, Policy } from './policy.ts';
import { RaceTrail } from './race-trail.ts';
import { obstacleTo } from './replay.ts';
import type { Schedule } from './schedule.ts';
import { finish, SLICE_INSTRUCTIONS, type Work } from './slices.ts';

export type { Branch, OutputLine } from './history.ts';

export interface TimelineOptions {
  readonly policy: Policy;
  /** Steps until the run is given up with the outcome `limit`. */
  readonly stepLimit?: number;
  /** Whether invariants of the models are checked after every step. */
  readonly checkInvariants?: boolean;
  /** Whether a running goroutine may be preempted at loop heads (asked of the policy). Default:
   *  yes. */
  readonly preemption?: boolean;
  /** Memory for going back: beyond it, going back re-executes longer stretches. */
  readonly budgetBytes?: number;
  /** For tests and benchmarks. */
  readonly machine?: MachineOptions;
}

export const DEFAULT_STEP_LIMIT = 10_000_000;
export const DEFAULT_BUDGET_BYTES = 100_000_000;

/** Why a walk came to rest: a place of the `stops` table, the end of the run, or the instructions
 *  it was allowed were used up. */
export type WalkEnd = 'stop' | 'ended' | 'instructions';

export class Timeline {
  readonly machine: Machine;
  readonly image: Image;
  readonly #stepLimit: number;
  readonly #checkInvariants: boolean;
  readonly #cursor: Cursor;
  readonly #histories: History[];
  #policy: Policy;
  /** The only thread that moves from now on, as long as it can; null: as the schedule says. */
  alone: number | null = null;
  /** Whether the last advance came to rest before an instruction, not at the end of a budget. */
  #stopped = false;

  constructor(image: Image, options: TimelineOptions) {
    this.image = image;
    this.#policy = options.policy;
    this.#policy.reset();
    this.#stepLimit = options.stepLimit ?? DEFAULT_STEP_LIMIT;
    const hasInvariants = image.conditions.some((one) => one.condition === 'invariant');
    this.#checkInvariants = hasInvariants && (options.checkInvariants ?? false);
    const preemption = options.preemption ?? true;
    this.machine = new Machine(image, { preemption, ...options.machine });
    const history = new History(0, null, 0, 0);
    this.#histories = [history];
    const budget = options.budgetBytes ?? DEFAULT_BUDGET_BYTES;
    this.#cursor = new Cursor(this.machine, history, budget);
    history.instructions = this.#cursor.start;
    if (image.races) history.races = RaceTrail.start(this.machine, options.policy);
    this.#noteOutput(this.#cursor.start);
  }

  /** Whether preemption is on; a schedule holds only under the same setting. */
  get preemption(): boolean {
    return this.machine.preemption;
  }

  /** Steps that are complete at the present. */
  get step(): number {
    return this.#cursor.step;
  }

  /** The present: instructions executed since the start. */
  get instruction(): number {
    return this.machine.instructionCount;
  }

  /** The first moment; what the machine executes before it asks nothing of a schedule. */
  get start(): number {
    return this.#cursor.start;
  }

  /** Thread that moved last (or is in the middle of a step); 0 at the start. */
  get thread(): number {
    return Math.max(0, this.#cursor.thread);
  }

  get insideStep(): boolean {
    return this.#cursor.inside >= 0;
  }

  /** Steps that are recorded on this branch; the last one may not be complete. */
  get recordedSteps(): number {
    return this.#cursor.history.steps;
  }

  get recordedInstructions(): number {
    return this.#cursor.history.instructions;
  }

  /** The run's outcome if the present is its end, else null. */
  get outcome(): Outcome | null {
    return this.machine.outcome();
  }

  /** The outcome that is recorded on this branch, if its end has been reached. */
  get recordedOutcome(): Outcome | null {
    return this.#cursor.history.outcome;
  }

  /** What was printed up to the present. */
  get output(): readonly OutputLine[] {
    const { output } = this.#cursor.history;
    const count = this.machine.output.length;
    return count === output.length ? output : output.slice(0, count);
  }

  /** Memory that the history takes, without the state itself. */
  get bytes(): number {
    const histories = this.#histories.reduce((sum, history) => sum + history.bytes, 0);
    return histories + this.#cursor.bytes;
  }

  /** To the next step boundary; false at the end of the run. */
  forward(): boolean {
    return finish(this.goForward());
  }

  /** The same, giving way in a step that is long. */
  *goForward(): Work<boolean> {
    do {
      if (!this.#advance(SLICE_INSTRUCTIONS, null)) return false;
      yield;
    } while (this.#cursor.inside >= 0);
    return true;
  }

  /** To the previous step boundary; false at the start. */
  back(): boolean {
    const { step, inside } = this.#cursor;
    if (inside < 0 && step === 0) {
      this.#cursor.toStep(0);
      return false;
    }
    this.#cursor.toStep(inside >= 0 ? step : step - 1);
    return true;
  }

  /** To the boundary after `step` steps; past the recording: to its end. */
  seek(step: number): void {
    this.#cursor.toStep(Math.max(0, Math.min(step, this.recordedSteps)));
  }

  /** To a moment, which may lie inside a step; outside the recording: to the nearer end of it. */
  seekInstruction(instruction: number): void {
    const target = Math.min(instruction, this.recordedInstructions);
    this.#cursor.toInstruction(Math.max(this.start, target));
  }

  /**
   * Forward until, after at least one instruction, the thread that moves stands before an
   * instruction whose entry in `stops` (index pc / 4) is not 0.
   */
  walk(stops: Uint8Array | null, maxInstructions: number): WalkEnd {
    const limit = this.instruction + maxInstructions;
    while (this.instruction < limit) {
      if (!this.#advance(limit - this.instruction, stops)) return 'ended';
      if (this.outcome !== null) return 'ended';
      if (stops !== null && this.#stopped && stops[this.#pc() >> 2] !== 0) return 'stop';
    }
    return 'instructions';
  }

  /**
   * Calls `visit` at every moment in (from, to], all recorded, at which a thread arrives before an
   * instruction that `stops` marks; in their order. In `visit` the state may be read, and nothing
   * else. Afterwards the caller goes somewhere by `seekInstruction`: the present is adrift.
   */
  lookThrough(from: number, to: number, stops: Uint8Array, visit: () => void): Work<void> {
    return this.#cursor.lookThrough(from, to, stops, (stop) => {
      const isThere = stop === 'stop' || stop === 'boundary';
      if (isThere && stops[this.#pc() >> 2] !== 0 && this.outcome === null) visit();
    });
  }

  /** What may move now, and how choices in it may be answered; empty inside a step. */
  choices(): Choice[] {
    const { machine } = this;
    const found: Choice[] = [];
    if (this.insideStep || this.outcome !== null) return found;
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
    const obstacle = this.decide(choice);
    if (obstacle === null) this.forward();
    return obstacle;
  }

  /** The same, without the step: it comes next. */
  decide(choice: Choice): string | null {
    if (this.insideStep) return 'a thread is in the middle of a step';
    if (this.outcome !== null) return 'the run has ended';
    const obstacle = obstacleTo(this.machine, choice);
    if (obstacle !== null) return obstacle;
    const { history, step, isAtRecordedEnd } = this.#cursor;
    const isRecorded =
      step < history.steps &&
      history.threadOf(step) === choice.thread &&
      history.answerOf(step) === choice.answer;
    if (!isRecorded) {
      if (!isAtRecordedEnd || history.imposed !== null) this.fork();
      this.#cursor.history.add(choice.thread, choice.answer);
    }
    return null;
  }

  /** Writes words of the state, or a text as a string value: a branch begins. */
  write(address: number, value: readonly number[] | string): void {
    if (address < NIL_LIMIT) throw new Error('internal error: write to no address, please report');
    this.fork();
    const text = typeof value === 'string' ? value : null;
    const words = typeof value === 'string' ? [0] : value;
    const edit: Edit = { instruction: this.instruction, address, words, text };
    this.#cursor.history.edits.push(edit);
    this.#cursor.apply(edit);
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
    return this.#cursor.history.id;
  }

  /** Goes to another branch: to where it parts from the present one. */
  switchBranch(id: number): void {
    const history = this.#histories[id];
    if (history === undefined || history === this.#cursor.history) return;
    const moment = partingMoment(this.#histories, this.#cursor.history, history);
    this.#cursor.history = history;
    this.#policy = new NaturalPolicy();
    this.#cursor.restore((one) => one.instruction <= moment);
    this.seekInstruction(moment);
  }

  /** The choices from the start to the present. */
  schedule(): Schedule {
    const { history, step, inside } = this.#cursor;
    return history.choices(inside >= 0 ? step + 1 : step);
  }

  /** One advance of the machine, at most `maxInstructions`; false when the run is over. */
  #advance(maxInstructions: number, stops: Uint8Array | null): boolean {
    if (this.alone !== null) this.#insistOn(this.alone);
    const cursor = this.#cursor;
    const { machine } = this;
    const { history } = cursor;
    this.#stopped = false;
    if (cursor.ended || machine.outcome() !== null) return false;
    if (history.imposed !== null && cursor.isAtImposedEnd) return this.#impose(history.imposed);
    if (cursor.inside < 0) {
      if (cursor.step === history.steps && !this.#decide()) return false;
      cursor.begin();
    }
    const before = machine.instructionCount;
    const isRecording = before >= history.instructions;
    const stop = cursor.advance(maxInstructions, stops);
    if (isRecording) this.#record(stop, before);
    this.#stopped = stop === 'stop' || stop === 'boundary';
    if (cursor.store.isFull) this.#thin();
    return true;
  }

  /** Makes `thread` the next one to move, if it can: a branch begins where that is news. */
  #insistOn(thread: number): void {
    const { history, step, inside } = this.#cursor;
    if (inside >= 0 || this.outcome !== null || !this.machine.isEnabled(thread)) return;
    const isRecorded = step < history.steps;
    if (isRecorded && history.threadOf(step) === thread) return;
    if (isRecorded || history.outcome !== null) this.fork();
    this.#cursor.history.add(thread, 0);
  }

  /** Asks the policy who moves next; false when nobody does, and the run has ended. */
  #decide(): boolean {
    const { history, step, thread } = this.#cursor;
    if (step >= this.#stepLimit) return this.#impose(stepLimitOutcome(this.#stepLimit));
    const choice = this.#policy.choose(this.machine, thread);
    if (choice === null) {
      // A replayed schedule may come to its end where threads could still move.
      if (this.choices().length > 0) return false;
      return this.#impose(standstillOutcome(this.machine));
    }
    history.add(choice.thread, choice.answer);
    return true;
  }

  /** Takes into the history what was executed for the first time. */
  #record(stop: Stop, before: number): void {
    const cursor = this.#cursor;
    const { machine } = this;
    cursor.history.instructions = machine.instructionCount;
    this.#noteOutput(before);
    const race = cursor.history.races?.after(before) ?? null;
    const ended = machine.outcome();
    if (ended !== null) cursor.history.outcome = ended;
    else if (race !== null) this.#impose(race);
    else if (stop === 'boundary' || stop === 'ended') {
      if (!this.#checkInvariants) return;
      const broken = machine.checkConditions('invariant');
      if (broken !== null) this.#impose({ kind: 'violation', message: broken });
    } else if (machine.instructionCount - cursor.stepStart > machine.instructionLimit) {
      this.#impose(longStepOutcome(machine.instructionLimit));
    }
  }

  /** Ends the run here, for a reason that no instruction gave. Always false. */
  #impose(outcome: ImposedOutcome): false {
    const { history } = this.#cursor;
    history.outcome = outcome;
    history.imposed = outcome;
    this.#cursor.impose(outcome);
    this.#noteOutput(this.instruction);
    return false;
  }

  #noteOutput(instruction: number): void {
    const { output } = this.#cursor.history;
    const printed = this.machine.output;
    while (output.length < printed.length) {
      const line = { ...printed[output.length], instruction, step: this.step };
      // One object for both, because there may be millions.
      printed[output.length] = line;
      output.push(line);
    }
  }

  /** Leaves the recorded future to the branch it belongs to, and begins another one here. */
  fork(): void {
    const cursor = this.#cursor;
    const begun = cursor.inside >= 0 ? cursor.step + 1 : cursor.step;
    const { instruction } = this;
    const history = new History(this.#histories.length, cursor.history, begun, instruction);
    this.#histories.push(history);
    const hasEnded = cursor.ended;
    cursor.history = history;
    this.#policy = new NaturalPolicy();
    // An imposed end is taken back, so that the run can go on otherwise.
    if (hasEnded) cursor.toInstruction(instruction);
  }

  /** Drops every other checkpoint of every branch. */
  #thin(): void {
    for (const history of this.#histories) {
      history.checkpoints = history.checkpoints.filter((_, index) => index % 2 === 1);
    }
    const kept = this.#histories.flatMap((history) => history.checkpoints);
    this.#cursor.store.thin([...new Set(kept)]);
  }

  #pc(): number {
    return this.machine.memory[THREADS + this.#cursor.thread * THREAD_WORDS + THREAD_PC];
  }
}
