/**
 * What all searches share: one machine, the path to where it is, limits, outcomes, and working in
 * slices so that whoever asked can cancel, show progress, or do something else.
 */
import type { Outcome, OutcomeKind } from '../language/image.ts';
import type { Machine } from '../machine/machine.ts';
import type { Choice } from '../run/policy.ts';
import { evaluateTarget } from './target.ts';
import type { ExploreResult, ExploreSettings, FoundOutcome, Progress, Search } from './types.ts';

/** Units of work between two looks at the clock. */
const WORK_BETWEEN_LOOKS = 64;

export abstract class SearchBase implements Search {
  readonly machine: Machine;
  readonly settings: ExploreSettings;
  /** Moves from state 0 to where the machine is, packed `answer << 8 | thread`. */
  protected readonly path: number[] = [];
  /** Threads that can move, in the order of their numbers; set by `enabledThreads`. */
  protected enabled: number[] = [];
  protected states = 0;
  protected transitions = 0;
  protected executions = 0;
  protected depth = 0;
  protected complete = false;
  protected incompleteBecause = '';
  readonly #outcomes = new Map<string, FoundOutcome>();
  #milliseconds = 0;
  #sliceBegan = 0;
  #isStopped = false;

  constructor(machine: Machine, settings: ExploreSettings) {
    this.machine = machine;
    this.settings = settings;
  }

  /** One unit of work; false when there is nothing more to do. */
  protected abstract work(): boolean;

  /** Estimate of the part that is done, or a negative number. */
  protected abstract doneShare(): number;

  protected lostStates(): number {
    return 0;
  }

  protected bugProbability(): number {
    return 0;
  }

  advance(milliseconds: number): boolean {
    this.#sliceBegan = Date.now();
    let isMore = true;
    while (isMore && !this.#isStopped) {
      for (let i = 0; i < WORK_BETWEEN_LOOKS && isMore && !this.#isStopped; i++)
        isMore = this.work();
      const passed = Date.now() - this.#sliceBegan;
      const { secondsLimit } = this.settings;
      if (secondsLimit > 0 && this.#milliseconds + passed > secondsLimit * 1000) {
        if (isMore) this.stop('seconds', secondsLimit);
      }
      if (passed >= milliseconds) break;
    }
    this.#milliseconds += Date.now() - this.#sliceBegan;
    this.#sliceBegan = 0;
    return isMore && !this.#isStopped;
  }

  /** Ends the search because a bound was reached; it says which, and how to raise it. */
  stop(bound: string, limit: number): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    const values: Record<string, string> = {
      states: `not decided within ${limit} states (--limit raises that)`,
      seconds: `not decided within ${limit} seconds (--seconds raises that)`,
      memory: `${Math.round(limit / 1e6)} MB are full of states (--memory raises that)`,
      cancelled: 'cancelled',
      reached: '',
    };
    this.incompleteBecause = values[bound] ?? bound;
  }

  progress(): Progress {
    return {
      states: this.states,
      transitions: this.transitions,
      executions: this.executions,
      seconds: this.#seconds(),
      depth: this.depth,
      outcomes: this.#outcomes.size,
      done: this.doneShare(),
    };
  }

  result(): ExploreResult {
    return {
      strategy: this.settings.strategy,
      complete: this.complete && this.incompleteBecause === '',
      incompleteBecause: this.incompleteBecause,
      states: this.states,
      transitions: this.transitions,
      executions: this.executions,
      depth: this.depth,
      seconds: this.#seconds(),
      outcomes: [...this.#outcomes.values()],
      lostStateProbability: this.lostStates(),
      pctProbability: this.bugProbability(),
    };
  }

  #seconds(): number {
    const running = this.#sliceBegan === 0 ? 0 : Date.now() - this.#sliceBegan;
    return (this.#milliseconds + running) / 1000;
  }

  /** Counting begins anew: what a round has found stays. */
  protected startRound(): void {
    this.states = 0;
    this.transitions = 0;
    for (const outcome of this.#outcomes.values()) outcome.count = 0;
  }

  // ------------------------------------------------------------------------------ the machine

  /** Moves a thread by one step. */
  protected move(thread: number, answer: number): void {
    this.path.push((answer << 8) | thread);
    if (this.path.length > this.depth) this.depth = this.path.length;
    this.transitions++;
    const { machine, settings } = this;
    if (settings.target === null) machine.step(thread, answer);
    else if (evaluateTarget(machine, settings.target, thread, answer)) {
      this.record('reached', settings.target.name);
      this.stop('reached', 0);
    }
    if (settings.invariants && machine.outcome() === null) {
      const broken = machine.checkConditions('invariant');
      if (broken !== null) machine.end({ kind: 'violation', message: broken });
    }
  }

  /** Whether the run has ended; if so, how is noted. */
  protected isOver(): boolean {
    const outcome = this.machine.outcome();
    if (outcome === null) return false;
    this.end(outcome);
    return true;
  }

  /** Nothing can move: is work left over, or does everything just sleep? */
  protected quiet(): void {
    const broken = this.machine.checkConditions('quiescent');
    if (broken !== null) this.end({ kind: 'stuck', message: broken });
    else this.end({ kind: 'hang', message: 'nothing can run any more' });
  }

  protected end(outcome: Outcome): void {
    this.executions++;
    this.record(outcome.kind, outcome.message);
  }

  /** Whether the path is as long as it may be; if so, that is an outcome: the bound. */
  protected tooDeep(): boolean {
    const { depthLimit } = this.settings;
    if (this.path.length < depthLimit) return false;
    this.end({
      kind: 'limit',
      message:
        `an execution has more than ${depthLimit} steps: is there a loop without an end? ` +
        '(--depth raises the bound)',
    });
    return true;
  }

  /** The schedule that leads to where the machine is. */
  schedule(): Choice[] {
    return this.path.map((packed) => ({ thread: packed & 0xff, answer: packed >>> 8 }));
  }

  protected enabledThreads(): number {
    const { machine } = this;
    const enabled: number[] = [];
    const count = machine.threadCount();
    for (let thread = 0; thread < count; thread++) {
      if (machine.isEnabled(thread)) enabled.push(thread);
    }
    this.enabled = enabled;
    return enabled.length;
  }

  protected liveThreads(): number {
    let live = 0;
    const count = this.machine.threadCount();
    for (let thread = 0; thread < count; thread++) {
      if (this.machine.isLive(thread)) live++;
    }
    return live;
  }

  protected record(kind: OutcomeKind | 'reached', message: string): FoundOutcome {
    const key = `${kind} ${message}`;
    let found = this.#outcomes.get(key);
    if (found === undefined) {
      const schedule = this.schedule();
      found = { kind, message, count: 0, schedule, preemptions: -1, decisions: -1 };
      this.#outcomes.set(key, found);
    }
    found.count++;
    return found;
  }
}
