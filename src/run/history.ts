/**
 * What is recorded of one branch of a run: its choices, what was written into it from outside, its
 * output, its checkpoints and its end. A branch begins as a copy of its parent up to the fork.
 */
import type { Outcome } from '../language/image.ts';
import type { Checkpoint } from './checkpoints.ts';
import type { Choice } from './policy.ts';
import type { RaceTrail } from './race-trail.ts';

/** Words written from outside at a moment (set variable). */
export interface Edit {
  readonly instruction: number;
  readonly address: number;
  readonly words: readonly number[];
  /** A text to be made first; its value is written in place of words[0]. */
  readonly text: string | null;
}

/** An end that no instruction made; with it a report may be printed to standard error. */
export interface ImposedOutcome extends Outcome {
  readonly report?: string;
}

/** A line (or part of one) that the run printed. */
export interface OutputLine {
  /** 1 standard output, 2 error. */
  readonly stream: number;
  readonly text: string;
  /** Moment before the step that printed it. */
  readonly instruction: number;
  readonly step: number;
  /** The instruction that did it, and who. */
  readonly pc: number;
  readonly thread: number;
  readonly context: number;
}

/** A recorded history, as it is listed for people. */
export interface Branch {
  readonly id: number;
  /** The branch it left, null for the first one, and how many steps they share. */
  readonly parent: number | null;
  readonly sharedSteps: number;
  readonly steps: number;
  readonly outcome: Outcome | null;
}

export class History {
  readonly id: number;
  readonly parent: number | null;
  /** Steps and instructions that it shares with its parent. */
  readonly sharedSteps: number;
  readonly sharedInstructions: number;
  checkpoints: Checkpoint[] = [];
  readonly edits: Edit[] = [];
  readonly output: OutputLine[] = [];
  /** Moment that the recording has reached, and the thread that moved last. */
  instructions = 0;
  thread = -1;
  /** Set when the end is recorded; `imposed` too when it was no instruction that ended the run. */
  outcome: Outcome | null = null;
  imposed: ImposedOutcome | null = null;
  /** Looks for data races; null: nobody asked. */
  races: RaceTrail | null = null;
  #threads: Uint8Array = new Uint8Array(1024);
  /** Answers other than 0, by step. */
  readonly #answers = new Map<number, number>();
  #steps = 0;

  constructor(id: number, parent: History | null, sharedSteps: number, sharedInstructions: number) {
    this.id = id;
    this.parent = parent?.id ?? null;
    this.sharedSteps = sharedSteps;
    this.sharedInstructions = sharedInstructions;
    if (parent !== null) this.#copy(parent);
  }

  /** Steps that were begun: the last one may not be complete. */
  get steps(): number {
    return this.#steps;
  }

  get bytes(): number {
    return this.#threads.length + this.#answers.size * 32;
  }

  /** The first edit after a moment; null when there is none. */
  nextEdit(instruction: number): Edit | null {
    return this.edits.find((edit) => edit.instruction > instruction) ?? null;
  }

  threadOf(step: number): number {
    return this.#threads[step];
  }

  answerOf(step: number): number {
    return this.#answers.get(step) ?? 0;
  }

  add(thread: number, answer: number): void {
    if (this.#steps === this.#threads.length) {
      const larger = new Uint8Array(this.#steps * 2);
      larger.set(this.#threads);
      this.#threads = larger;
    }
    if (answer !== 0) this.#answers.set(this.#steps, answer);
    this.#threads[this.#steps++] = thread;
  }

  /** Choices of steps [0, end). Equal neighbours are one object. */
  choices(end: number): Choice[] {
    const list: Choice[] = [];
    let last: Choice | null = null;
    for (let step = 0; step < end; step++) {
      const thread = this.#threads[step];
      const answer = this.answerOf(step);
      if (last === null || last.thread !== thread || last.answer !== answer) {
        last = { thread, answer };
      }
      list.push(last);
    }
    return list;
  }

  #copy(parent: History): void {
    const { sharedInstructions: moment, sharedSteps } = this;
    this.#threads = parent.#threads.slice(0, Math.max(1024, sharedSteps));
    this.#steps = sharedSteps;
    for (const [step, answer] of parent.#answers) {
      if (step < sharedSteps) this.#answers.set(step, answer);
    }
    // What is written at the fork itself is not in a checkpoint that the parent took there.
    this.checkpoints = parent.checkpoints.filter((one) => one.instruction < moment);
    this.edits.push(...parent.edits.filter((edit) => edit.instruction <= moment));
    this.output.push(...parent.output.filter((line) => line.instruction < moment));
    this.instructions = moment;
    this.races = parent.races?.branch(moment) ?? null;
  }
}

/** The last moment that two of the branches share. */
export function partingMoment(histories: readonly History[], a: History, b: History): number {
  const parentOf = ({ parent }: History) => (parent === null ? null : histories[parent]);
  const sharedWith = new Map<number, number>();
  let moment = Number.MAX_SAFE_INTEGER;
  for (let one: History | null = a; one !== null; one = parentOf(one)) {
    sharedWith.set(one.id, moment);
    moment = Math.min(moment, one.sharedInstructions);
  }
  moment = Number.MAX_SAFE_INTEGER;
  for (let one: History | null = b; one !== null; one = parentOf(one)) {
    const shared = sharedWith.get(one.id);
    if (shared !== undefined) return Math.min(moment, shared);
    moment = Math.min(moment, one.sharedInstructions);
  }
  throw new Error('internal error: two branches share no beginning, please report');
}
