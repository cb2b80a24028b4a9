/**
 * Exhaustive search that is fair to programs without an end. Depth first it would go down an
 * endless loop and never come back to what ends beside it. So a search that is not over soon is
 * joined by some random executions and some with random priorities (PCT), and where it has gone far
 * deeper than any execution that ends, it is given up for one of bounded depth. A program that is
 * done with before that is searched as ever, state by state.
 *
 * Where all loops were closed and no execution ends, nothing ends without preemption: then
 * schedules with preemption (which lets time pass, too) are searched.
 */
import type { Image } from '../language/image.ts';
import { INSTRUCTION_WORDS, OP_PREEMPT } from '../language/instructions.ts';
import { isLongStep } from '../run/limits.ts';
import { countOf } from '../run/words.ts';
import { runsForEver } from './coverage.ts';
import { startSearch } from './explore.ts';
import { outcomeKey } from './prints.ts';
import type { ExploreResult, ExploreSettings, FoundOutcome, Progress, Search } from './types.ts';

/** States after which a search is joined by executions. */
const ALONE_STATES = 20_000;
/** Of each kind. */
const EXECUTIONS = 100;
/** An execution that takes more steps is left. */
const EXECUTION_STEPS = 3000;
/** A path so deep is thought to be without an end where executions that ended were shorter than
 *  EXECUTION_STEPS; and one so deep where none has ended at all. */
const ENDLESS_DEPTH = 20_000;
const ENDLESS_DEPTH_ALONE = 200_000;
/** What is searched of a program without an end: paths so deep, and so many states of them. */
const BOUNDED_DEPTH = 1000;
const BOUNDED_STATES = 50_000;

/** Starts a search with these settings: here, or by workers. */
export type Start = (settings: ExploreSettings) => Search;

type Stage = 'alone' | 'executions' | 'on' | 'bounded' | 'ended';

/** Whether the settings ask for all schedules without more: only then is a search made fair. */
export function mayBeFair({ strategy, target, exact }: ExploreSettings): boolean {
  return strategy === 'exhaustive' && target === null && !exact;
}

export class FairSearch implements Search {
  readonly #image: Image;
  readonly #start: Start;
  /** Bounds that were asked for are kept to: nothing is given up before. */
  readonly #mayGiveUp: boolean;
  #settings: ExploreSettings;
  #stage: Stage = 'alone';
  /** The exhaustive search, and later the one of bounded depth. */
  #main: Search;
  /** Executions that are still to be made. */
  #others: Search[] = [];
  /** Of executions that are over. */
  readonly #found: ExploreResult[] = [];
  #isGivenUp = false;
  #isStopped = false;

  constructor(image: Image, settings: ExploreSettings, start: Start, mayGiveUp = true) {
    this.#image = image;
    this.#settings = settings;
    this.#start = start;
    this.#mayGiveUp = mayGiveUp;
    this.#main = start(settings);
  }

  /** The settings of the schedules that were found: those asked for, or with preemption. */
  get settings(): ExploreSettings {
    return this.#settings;
  }

  advance(milliseconds: number): boolean {
    if (this.#stage === 'executions') return this.#execute(milliseconds);
    const isMore = this.#main.advance(milliseconds);
    if (this.#isStopped) return isMore;
    if (!isMore) return this.#goOn();
    const isFair = mayBeFair(this.#settings);
    if (isFair && this.#stage === 'alone' && this.#main.progress().states >= ALONE_STATES)
      this.#join();
    else if (this.#stage === 'on' && !this.#isGivenUp && this.#isEndless()) this.#giveUp();
    return true;
  }

  #join(): void {
    this.#stage = 'executions';
    const settings = {
      ...this.#settings,
      executions: EXECUTIONS,
      depthLimit: Math.min(this.#settings.depthLimit, EXECUTION_STEPS),
    };
    this.#others = (['random', 'pct'] as const).map((strategy) =>
      startSearch(this.#image, { ...settings, strategy }),
    );
  }

  /** Makes executions; the search goes on when they are over. */
  #execute(milliseconds: number): boolean {
    const [next] = this.#others;
    if (next === undefined) this.#stage = 'on';
    else if (!next.advance(milliseconds)) {
      this.#found.push(endsOf(next.result()));
      this.#others.shift();
    }
    return true;
  }

  /** Whether the path of the search is thought to have no end. */
  #isEndless(): boolean {
    if (!this.#mayGiveUp) return false;
    const { depth, executions } = this.#main.progress();
    if (this.#found.some((one) => one.outcomes.length > 0)) return depth >= ENDLESS_DEPTH;
    return executions === 0 && depth >= ENDLESS_DEPTH_ALONE;
  }

  #giveUp(): void {
    this.#isGivenUp = true;
    this.#main.stop('endless');
  }

  /** The search is over: another one begins, if there is need of one. */
  #goOn(): boolean {
    const result = this.#main.result();
    if (this.#isGivenUp && this.#stage === 'on') {
      this.#found.push(endsOf(result));
      this.#stage = 'bounded';
      const { depthLimit } = this.#settings;
      this.#main = this.#start({
        ...this.#settings,
        depthLimit: Math.min(depthLimit, BOUNDED_DEPTH),
        stateLimit: this.#boundedStates,
      });
      return true;
    }
    const { preemption } = this.#settings;
    if (mayBeFair(this.#settings) && neverEnds(result) && !preemption && mayPreempt(this.#image)) {
      this.#settings = { ...this.#settings, preemption: true };
      this.#found.length = 0;
      this.#main = this.#start(this.#settings);
      this.#stage = 'alone';
      return true;
    }
    this.#stage = 'ended';
    return false;
  }

  get #boundedStates(): number {
    return Math.min(this.#settings.stateLimit, BOUNDED_STATES);
  }

  stop(reason: string): void {
    this.#isStopped = true;
    this.#main.stop(reason);
    for (const other of this.#others) other.stop(reason);
    if (this.#stage === 'executions') this.#stage = 'on';
  }

  progress(): Progress {
    const now = this.#main.progress();
    const outcomes = Math.max(now.outcomes, ...this.#found.map((one) => one.outcomes.length));
    return { ...now, outcomes };
  }

  result(): ExploreResult {
    const main = this.#main.result();
    if (this.#found.length === 0) return main;
    const bounded = this.#isGivenUp ? endsOf(main) : main;
    // Of what more than one have found, the search's count stands: it is that of schedules.
    const known = new Map<string, FoundOutcome>();
    for (const one of [bounded, ...this.#found].flatMap(({ outcomes }) => outcomes)) {
      const key = outcomeKey(one);
      const before = known.get(key);
      if (before === undefined) known.set(key, one);
      else if (this.#isGivenUp && one.schedule.length < before.schedule.length) {
        known.set(key, { ...before, schedule: one.schedule });
      }
    }
    const outcomes = [...known.values()];
    if (!this.#isGivenUp) return { ...main, outcomes };
    return { ...main, outcomes, complete: false, incompleteBecause: this.#because(main) };
  }

  #because({ incompleteBecause }: ExploreResult): string {
    if (this.#isStopped) return incompleteBecause;
    return (
      'there are executions without an end, or very long ones: after ' +
      `${countOf(ENDLESS_DEPTH, 'step')} some were made at random, and of those with at most ` +
      `${countOf(BOUNDED_DEPTH, 'step')} as many as ${countOf(this.#boundedStates, 'state')} allow ` +
      '(--depth searches deeper)'
    );
  }
}

/** Whether all is searched, and no execution ends: neither in a loop of states nor in a step. */
function neverEnds(result: ExploreResult): boolean {
  const { outcomes } = result;
  return runsForEver(result) || (outcomes.length > 0 && outcomes.every((one) => isLongStep(one)));
}

/** What a search has found, without executions that were cut off. */
function endsOf(result: ExploreResult): ExploreResult {
  const outcomes = result.outcomes.filter(
    ({ kind, message }) => kind !== 'limit' || !message.startsWith('an execution has more than'),
  );
  return { ...result, outcomes };
}

/** Whether the program has places where a goroutine can be preempted. */
export function mayPreempt({ code }: Image): boolean {
  for (let pc = 0; pc < code.length; pc += INSTRUCTION_WORDS) {
    if (code[pc] === OP_PREEMPT) return true;
  }
  return false;
}
