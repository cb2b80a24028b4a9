/**
 * "A breakpoint is a question": is there a schedule that reaches this line? The simplest answer
 * first: few preemptions, then all schedules, then also those on which goroutines are preempted in
 * the middle of loops and calls. And how to get there on a timeline.
 */
import type { Image } from '../language/image.ts';
import { Follower } from '../run/follow.ts';
import type { Schedule } from '../run/schedule.ts';
import type { Timeline } from '../run/timeline.ts';
import { countOf } from '../run/words.ts';
import { coveredText } from './coverage.ts';
import { mayPreempt } from './fair.ts';
import { searchMachine, startSearch } from './explore.ts';
import { isAtTarget } from './target.ts';
import { DEFAULT_SETTINGS } from './types.ts';
import type { ExploreSettings, FoundOutcome, Search, Target } from './types.ts';
import { WitnessSearch } from './witness.ts';

export interface ReachOptions {
  /** Whether schedules may preempt goroutines in loops and calls. */
  readonly preemption: boolean;
  readonly invariants: boolean;
  /** Distinct states, of each of the searches. */
  readonly stateLimit: number;
}

export interface ReachAnswer {
  /** Null: there is none, or it was not found. */
  readonly found: FoundOutcome | null;
  /** Of the machine that the schedule was found on. */
  readonly preemption: boolean;
  /** Every schedule is covered. */
  readonly complete: boolean;
  readonly states: number;
  /** The answer in one line, for people. */
  readonly words: string;
}

/** States of the first look, at schedules with few preemptions. */
const FIRST_LOOK_STATES = 30_000;
const FIRST_LOOK_BOUND = 2;
/** States of the look at preemption everywhere, which multiplies them. */
const PREEMPTING_STATES = 200_000;
/** What shortening a schedule may cost. */
const SHORTENING = { states: 100_000, milliseconds: 1500 };

/** One search after the other, in slices, until one finds the target or all is covered. */
export class ReachSearch {
  readonly #image: Image;
  readonly #target: Target;
  readonly #stages: ExploreSettings[];
  #search: Search | WitnessSearch;
  #settings: ExploreSettings;
  #found: FoundOutcome | null = null;
  /** States of the searches that are over. */
  #statesBefore = 0;
  #states = 0;
  /** Whether all schedules without preemption in loops and calls are covered. */
  #isCovered = false;
  #isComplete = false;
  #why = '';
  /** Of the last search. */
  #assumptions: readonly string[] = [];

  constructor(image: Image, target: Target, options: ReachOptions) {
    this.#image = image;
    this.#target = target;
    this.#stages = stagesOf(image, target, options);
    [this.#settings] = this.#stages;
    this.#stages.shift();
    this.#search = startSearch(image, this.#settings);
  }

  /** Distinct states so far, of all searches together. */
  get states(): number {
    return this.#statesBefore + this.#states;
  }

  /** Searches for about so long; false: the answer is there. */
  advance(milliseconds: number): boolean {
    const search = this.#search;
    const isMore = search.advance(milliseconds);
    if (search instanceof WitnessSearch) return isMore;
    this.#states = search.progress().states;
    return isMore || this.#goOn(search);
  }

  /** A search is over: the next one begins, if there is need of one. */
  #goOn(search: Search): boolean {
    this.#statesBefore += this.#states;
    this.#states = 0;
    const { outcomes, complete, incompleteBecause, assumptions } = search.result();
    this.#assumptions = assumptions;
    const found = outcomes.find(({ kind }) => kind === 'reached');
    if (found !== undefined) {
      this.#found = found;
      const machine = searchMachine(this.#image, this.#settings.preemption);
      this.#search = new WitnessSearch(machine, this.#settings, found, SHORTENING);
      return true;
    }
    const cut = outcomes.find(({ kind }) => kind === 'limit');
    const isCovered = complete && cut === undefined;
    this.#why = cut?.message ?? incompleteBecause;
    if (isCovered && !this.#settings.preemption) {
      this.#isCovered = true;
      this.#skipCovered();
    }
    const next = this.#stages.shift();
    this.#isComplete = isCovered && next === undefined;
    // Who gives up among fewer schedules will not cover more of them.
    if (next === undefined || (next.preemption && !this.#isCovered)) return false;
    this.#settings = next;
    this.#search = startSearch(this.#image, next);
    return true;
  }

  /** All schedules without preemption are covered, be it by the first look. */
  #skipCovered(): void {
    while (this.#stages.length > 0 && !this.#stages[0].preemption) this.#stages.shift();
  }

  /** What was found so far; final when advance has returned false. */
  answer(): ReachAnswer {
    return {
      found: this.#found,
      preemption: this.#settings.preemption,
      complete: this.#isComplete,
      states: this.states,
      words: this.#found === null ? this.#apology() : this.#success(this.#found),
    };
  }

  #success({ preemptions, schedule }: FoundOutcome): string {
    const costs = [countOf(preemptions, 'preemption'), countOf(schedule.length, 'step')];
    return `Reached ${this.#target.name}: ${costs.join(', ')}`;
  }

  #apology(): string {
    const { name, condition, conditionProblem } = this.#target;
    const states = countOf(this.states, 'state');
    if (condition !== null && typeof conditionProblem === 'string') {
      return `${name} was never reached with a value for "${condition}": ${conditionProblem}`;
    }
    const place = condition === null ? name : `${name} with ${condition}`;
    if (this.#isComplete) {
      return `No schedule reaches ${place}: ${coveredText(this.#assumptions)} (${states})`;
    }
    if (this.#isCovered) {
      return (
        `No schedule reaches ${place}, unless a goroutine is preempted in a loop or at a call; ` +
        `with that, none was found within ${states}`
      );
    }
    // The bounds are options of the command line, where there is room for larger ones.
    const why = this.#why.replace(/\((--\w+) raises/, '(coroscope explore $1 raises');
    return `No schedule that reaches ${place} was found: ${why}`;
  }
}

function stagesOf(image: Image, target: Target, options: ReachOptions): ExploreSettings[] {
  const { preemption, invariants, stateLimit } = options;
  const common = { ...DEFAULT_SETTINGS, target, invariants, stateLimit };
  const first = Math.min(stateLimit, FIRST_LOOK_STATES);
  const deep = { ...common, depthLimit: 10 * DEFAULT_SETTINGS.depthLimit };
  const stages: ExploreSettings[] = [
    { ...common, strategy: 'bounded', bound: FIRST_LOOK_BOUND, stateLimit: first },
    { ...deep, strategy: 'exhaustive' },
  ];
  if (preemption && mayPreempt(image)) {
    const limit = Math.min(stateLimit, PREEMPTING_STATES);
    stages.push({ ...deep, strategy: 'exhaustive', preemption: true, stateLimit: limit });
  }
  return stages;
}

/**
 * Leads a timeline to the target along a schedule that reaches it in its last step. Gives the
 * machine thread that stands there, or why the schedule cannot be followed.
 */
export function goToTarget(
  timeline: Timeline,
  target: Target,
  schedule: Schedule,
  preemption: boolean,
): number | string {
  const { machine } = timeline;
  const follower = new Follower(timeline, preemption);
  const last = schedule[schedule.length - 1];
  for (const choice of schedule.slice(0, -1)) {
    const obstacle = follower.take(choice);
    if (obstacle !== null) return obstacle;
  }
  if (isAtTarget(machine, target, last.thread)) return last.thread;
  const { step } = timeline;
  const obstacle = follower.take(last);
  if (obstacle !== null) return obstacle;
  const end = timeline.instruction;
  timeline.seek(step);
  while (timeline.walk(target.stops, end - timeline.instruction) === 'stop') {
    if (isAtTarget(machine, target, timeline.thread)) return timeline.thread;
  }
  return `the schedule does not lead to ${target.name}`;
}
