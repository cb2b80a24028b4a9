/**
 * The nearest schedule that passes: beside a witness, the one with an expected outcome that goes
 * the same way for as many steps as can be; of those the one with the fewest preemptions, then
 * steps.
 * Where the two part is what decides.
 *
 * Walks back from the end of the witness. At each step all other moves are tried, depth first, and
 * what follows them, each state once: what was searched in vain from later steps is not searched
 * again. So the first schedule found shares the longest prefix, unless a search from a later step
 * was cut off; that is said.
 */
import type { Image, Outcome } from '../language/image.ts';
import type { Machine } from '../machine/machine.ts';
import { expectationsFor, isAsExpected } from '../run/expectations.ts';
import type { Choice } from '../run/policy.ts';
import { countOf } from '../run/words.ts';
import { reasonText, SearchBase } from './base.ts';
import { BoundedSearch } from './bounded.ts';
import { Measurement } from './measure.ts';
import { DEFAULT_SETTINGS, type ExploreSettings } from './types.ts';
import { VisitedTable } from './visited.ts';

export interface NearestBudget {
  /** Of the walk back; from one step of it a twentieth of them may be searched. */
  readonly states: number;
  readonly milliseconds: number;
}

export const NEAREST_BUDGET: NearestBudget = { states: 1_000_000, milliseconds: 5000 };
/** Of the states: for what follows one step, so that a large search there is not the whole walk. */
const PART_FROM_STEP = 1 / 20;

/** A schedule that passes, beside a witness. */
export interface Nearest {
  readonly schedule: readonly Choice[];
  readonly outcome: Outcome;
  /** Index of the first step that is another one. */
  readonly differsAt: number;
  /** Of the whole schedule: switches away from a thread that could have gone on. */
  readonly preemptions: number;
  /** No schedule that passes goes the witness's way for longer. */
  readonly isProven: boolean;
}

/** Whether a run that has ended so, where the machine is, passes. */
export type Passes = (outcome: Outcome, machine: Machine) => boolean;

/**
 * What passes: what an expectation of every schedule allows; where there is none (no expectation,
 * or `sometimes` alone, with which any schedule may end in any way), `ok`.
 */
export function passesOn(image: Image): Passes {
  const expectations = expectationsFor(image.scenario.expectations, image.profile);
  if (expectations.every(({ quantifier }) => quantifier === 'sometimes')) {
    return ({ kind }) => kind === 'ok';
  }
  return (outcome, machine) => {
    const text = machine.output.map((one) => one.text).join('');
    return isAsExpected(expectations, { outcome, text });
  };
}

/** Longer witnesses are not walked back: nobody compares them step by step. */
const LONGEST_WITNESS = 200_000;
/** Preemptions that the nearest schedule may need after the step where it parts. */
const MOST_PREEMPTIONS = 8;
/** What making the schedule that was found simpler may cost. */
const SIMPLER_STATES = 50_000;
const SIMPLER_MILLISECONDS = 1500;

/** Looks for the nearest schedule that passes, in slices. */
export class NearestSearch {
  readonly #machine: Machine;
  readonly #settings: ExploreSettings;
  readonly #witness: readonly Choice[];
  readonly #passes: Passes;
  readonly #budget: NearestBudget;
  readonly #walk: WalkBack | null;
  #milliseconds = 0;
  #found: Nearest | null = null;
  #simpler: BoundedSearch | null = null;
  #simplerMilliseconds = 0;
  /** Of the schedule that the search for a simpler one has found. */
  #accepted: Outcome | null = null;

  /** `machine`: of the witness's scenario, with the options of the search that found it. */
  constructor(
    machine: Machine,
    settings: ExploreSettings,
    witness: readonly Choice[],
    passes: Passes,
    budget: NearestBudget = NEAREST_BUDGET,
  ) {
    this.#machine = machine;
    this.#settings = settings;
    this.#witness = witness;
    this.#passes = passes;
    this.#budget = budget;
    this.#walk =
      witness.length > LONGEST_WITNESS
        ? null
        : new WalkBack(machine, settings, witness, passes, budget);
  }

  /** Distinct states of the walk back so far. */
  get states(): number {
    return this.#walk?.states ?? 0;
  }

  /** Works for about so long; false: it is over. */
  advance(milliseconds: number): boolean {
    if (this.#walk === null) return false;
    if (this.#found !== null) return this.#simplify(milliseconds);
    const began = Date.now();
    const left = this.#budget.milliseconds - this.#milliseconds;
    const isMore = left > 0 && this.#walk.advance(Math.min(left, milliseconds));
    this.#milliseconds += Date.now() - began;
    if (isMore) return true;
    this.#found = this.#walk.found;
    if (this.#found === null) return false;
    this.#simpler = this.#begin(0, MOST_PREEMPTIONS, this.#found.schedule.length + 1);
    return true;
  }

  /** Of the schedules that part at the same step, a simpler one. */
  #simplify(milliseconds: number): boolean {
    const search = this.#simpler;
    const found = this.#found;
    if (search === null || found === null) return false;
    const began = Date.now();
    const left = SIMPLER_MILLISECONDS - this.#simplerMilliseconds;
    const isMore = left > 0 && search.advance(Math.min(left, milliseconds));
    this.#simplerMilliseconds += Date.now() - began;
    if (isMore) return true;
    if (!search.found) return false;
    const schedule = search.schedule();
    const outcome = this.#accepted ?? found.outcome;
    this.#found = { ...found, schedule, outcome };
    this.#simpler = this.#begin(search.bound, search.bound, schedule.length);
    return true;
  }

  #begin(firstBound: number, bound: number, stepLimit: number): BoundedSearch {
    const { depthLimit, invariants } = this.#settings;
    const at = this.#found?.differsAt ?? 0;
    const settings = { ...DEFAULT_SETTINGS, depthLimit, invariants, bound };
    return new BoundedSearch(
      this.#machine,
      { ...settings, stateLimit: SIMPLER_STATES },
      {
        firstBound,
        stepLimit,
        from: { prefix: this.#witness.slice(0, at), except: this.#witness[at] },
        accepts: ({ kind, message }) => {
          if (kind === 'reached') return false;
          const outcome = { kind, message };
          if (!this.#passes(outcome, this.#machine)) return false;
          this.#accepted = outcome;
          return true;
        },
      },
    );
  }

  /** The answer, final when advance has returned false; null: none was found. */
  nearest(): Nearest | null {
    if (this.#found === null) return null;
    const measurement = new Measurement(this.#machine, this.#found.schedule, false);
    while (measurement.advance(SIMPLER_MILLISECONDS));
    return { ...this.#found, preemptions: measurement.costs().preemptions };
  }

  /** For people: why none was found. */
  apology(): string {
    const { length } = this.#witness;
    if (this.#walk === null) return `a schedule of ${countOf(length, 'step')} is too long for that`;
    const { isProven, isAtStart, states, cutBecause } = this.#walk;
    const { states: limit, milliseconds } = this.#budget;
    if (isAtStart && isProven) return 'no schedule passes: all of them were tried';
    if (isAtStart && cutBecause !== '') return cutBecause;
    if (isAtStart || states >= limit) return reasonText('states', limit);
    return reasonText('seconds', milliseconds / 1000);
  }
}

interface Frame {
  readonly mark: number;
  readonly pathLength: number;
  readonly moves: number[];
  next: number;
}

/** The walk back from the end of a witness. */
class WalkBack extends SearchBase {
  found: Nearest | null = null;
  /** Nothing was left out from the steps that are behind. */
  isProven = true;
  /** The bound at which an execution was cut off; empty: none was. */
  cutBecause = '';
  /** All steps are behind. */
  isAtStart = false;
  override states = 0;
  readonly #witness: readonly Choice[];
  readonly #passes: Passes;
  readonly #budget: NearestBudget;
  readonly #visited: VisitedTable;
  /** By step of the witness, while it is followed: the machine's mark before it. */
  readonly #marks: number[] = [];
  #isFollowed = false;
  /** The step that is left another way; states searched from there. */
  #step = 0;
  #statesFromStep = 0;
  readonly #frames: Frame[] = [];

  constructor(
    machine: Machine,
    settings: ExploreSettings,
    witness: readonly Choice[],
    passes: Passes,
    budget: NearestBudget,
  ) {
    super(machine, { ...settings, target: null, secondsLimit: 0 });
    this.#witness = witness;
    this.#passes = passes;
    this.#budget = budget;
    this.#visited = new VisitedTable(settings.budgetBytes);
    this.#step = witness.length;
  }

  protected override work(): boolean {
    if (!this.#isFollowed) return this.#follow();
    const frame = this.#frames[this.#frames.length - 1];
    if (frame === undefined) return this.#stepBack();
    if (frame.next >= frame.moves.length) {
      this.#frames.pop();
      return true;
    }
    const move = frame.moves[frame.next++];
    this.backTo(frame.mark, frame.pathLength);
    this.move(move & 0xff, move >>> 8);
    this.#visit(move & 0xff);
    return this.found === null;
  }

  /** One step along the witness. */
  #follow(): boolean {
    const { length } = this.#marks;
    if (length === 0) this.toStart();
    if (length === this.#witness.length) {
      this.#isFollowed = true;
      return true;
    }
    this.#marks.push(this.machine.mark());
    const { thread, answer } = this.#witness[length];
    this.repeatMove((answer << 8) | thread);
    return true;
  }

  /** All was tried from a step: the one before it is next. */
  #stepBack(): boolean {
    if (this.#step === 0 || this.states >= this.#budget.states) {
      this.isAtStart = this.#step === 0;
      return false;
    }
    this.#step--;
    this.#statesFromStep = 0;
    this.backTo(this.#marks[this.#step], this.#step);
    const { thread, answer } = this.#witness[this.#step];
    const last = this.#step === 0 ? -1 : this.#witness[this.#step - 1].thread;
    this.enabledThreads();
    const taken = (answer << 8) | thread;
    const moves = this.#moves(last).filter((move) => move !== taken);
    const { hashLow, hashHigh } = this.here();
    this.#visited.insert(hashLow, hashHigh);
    if (moves.length > 0) this.#push(moves);
    return true;
  }

  #visit(thread: number): void {
    if (this.isOver()) return;
    if (this.enabledThreads() === 0) {
      this.quiet();
      return;
    }
    if (this.tooDeep()) return;
    const { hashLow, hashHigh } = this.here();
    if (!this.#visited.insert(hashLow, hashHigh)) return;
    this.states++;
    const limit = this.#budget.states * PART_FROM_STEP;
    if (++this.#statesFromStep > limit || this.#visited.isFull()) {
      this.isProven = false;
      this.#frames.length = 0;
      return;
    }
    this.#push(this.#moves(thread));
  }

  #push(moves: number[]): void {
    const { pathLength } = this;
    this.#frames.push({ mark: this.machine.mark(), pathLength, moves, next: 0 });
  }

  /** All moves; those of the thread that moved last come first: the natural way to go on. */
  #moves(current: number): number[] {
    const moves: number[] = [];
    const threads = [...this.enabled.subarray(0, this.enabledCount)];
    threads.sort((a, b) => Number(b === current) - Number(a === current));
    for (const thread of threads) {
      const answers = this.machine.choiceCount(thread);
      for (let answer = 0; answer < answers; answer++) moves.push((answer << 8) | thread);
    }
    return moves;
  }

  protected override end(outcome: Outcome): null {
    if (outcome.kind === 'limit') {
      this.isProven = false;
      this.cutBecause ||= this.incompleteBecause || outcome.message;
    }
    if (!this.isRaced) this.#offer(outcome);
    return null;
  }

  protected override raced(message: string): void {
    this.#offer({ kind: 'race', message });
  }

  /** A run has ended so: if that passes, it is what was looked for. */
  #offer(outcome: Outcome): void {
    if (this.found !== null || !this.#passes(outcome, this.machine)) return;
    this.found = {
      schedule: this.schedule(),
      outcome,
      differsAt: this.#step,
      preemptions: -1,
      isProven: this.isProven,
    };
  }

  protected override doneShare(): number {
    return 1 - this.#step / Math.max(1, this.#witness.length);
  }
}
