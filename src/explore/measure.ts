/**
 * What a schedule costs: preemptions, decisions and visible steps, counted by following it. In
 * slices, for a schedule may have millions of steps.
 */
import type { Machine } from '../machine/machine.ts';
import type { Choice } from '../run/policy.ts';
import { isPreemptPoint } from '../run/preemption.ts';
import type { FoundOutcome } from './types.ts';
import { ANALYSED_STEPS, VisibleAnalysis } from './visible-steps.ts';

/** Steps between two looks at the clock. */
const STEPS_BETWEEN_LOOKS = 64;

/** The costs of one schedule, in the words of FoundOutcome. */
export type Costs = Pick<FoundOutcome, 'preemptions' | 'decisions' | 'visibleSteps'>;

/** Counts the costs of a schedule. The machine is its own until all is counted. */
export class Measurement {
  readonly #machine: Machine;
  readonly #schedule: readonly Choice[];
  readonly #analysis: VisibleAnalysis | null;
  #step = 0;
  #last = -1;
  #preemptions = 0;
  #decisions = 0;

  /** `countsVisible`: the visible steps, too, which takes ten times as long. */
  constructor(machine: Machine, schedule: readonly Choice[], countsVisible: boolean) {
    this.#machine = machine;
    this.#schedule = schedule;
    machine.reset();
    const isAnalysed = countsVisible && schedule.length <= ANALYSED_STEPS;
    this.#analysis = isAnalysed ? new VisibleAnalysis(machine) : null;
  }

  /** Goes on for about so long; false: all is counted. */
  advance(milliseconds: number): boolean {
    const end = Date.now() + milliseconds;
    const { length } = this.#schedule;
    while (this.#step < length) {
      const look = Math.min(length, this.#step + STEPS_BETWEEN_LOOKS);
      while (this.#step < look) this.#count(this.#schedule[this.#step++]);
      if (Date.now() >= end) break;
    }
    return this.#step < length;
  }

  /** Final when advance has returned false. */
  costs(): Costs {
    return {
      preemptions: this.#preemptions,
      decisions: this.#decisions,
      visibleSteps: this.#analysis === null ? -1 : this.#analysis.visible.size,
    };
  }

  #count(choice: Choice): void {
    const machine = this.#machine;
    const last = this.#last;
    const { thread, answer } = choice;
    if (movesPossible(machine) > 1) this.#decisions++;
    if (last >= 0 && thread !== last && machine.isEnabled(last)) this.#preemptions++;
    if (answer === 1 && isPreemptPoint(machine, thread)) this.#preemptions++;
    if (this.#analysis === null) machine.step(thread, answer);
    else this.#analysis.step(choice);
    this.#last = thread;
  }
}

/** Counts preemptions and decisions of the outcome's schedule, however long that takes. */
export function measure(machine: Machine, outcome: FoundOutcome): void {
  const measurement = new Measurement(machine, outcome.schedule, false);
  while (measurement.advance(1000));
  const { preemptions, decisions } = measurement.costs();
  outcome.preemptions = preemptions;
  outcome.decisions = decisions;
}

function movesPossible(machine: Machine): number {
  let moves = 0;
  for (let thread = 0; thread < machine.threadCount(); thread++) {
    if (machine.isEnabled(thread)) moves += machine.choiceCount(thread);
  }
  return moves;
}
