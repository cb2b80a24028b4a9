/**
 * What all searches share: one machine, the path to where it is, limits, outcomes, and working in
 * slices so that whoever asked can cancel, show progress, or do something else.
 */
import { MAX_THREADS, type Outcome, type OutcomeKind } from '../language/image.ts';
import type { Machine } from '../machine/machine.ts';
import type { Choice } from '../run/policy.ts';
import { grown } from '../machine/pool.ts';
import { isLongStep, standstillOutcome } from '../run/limits.ts';
import { countOf } from '../run/words.ts';
import { raceText } from '../run/race-report.ts';
import { RaceDetector } from '../run/races.ts';
import { assumptionsOf, GoroutineCount } from './coverage.ts';
import { outcomeKey, type PrintProgress, Prints } from './prints.ts';
import { evaluateTarget, isAtTarget } from './target.ts';
import type { State } from './visited.ts';
import type {
  ExploreResult,
  ExploreSettings,
  FoundOutcome,
  Progress,
  Search,
  Target,
} from './types.ts';

/** Units of work between two looks at the clock. */
const WORK_BETWEEN_LOOKS = 64;
/** Instructions after which the clock is looked at in any case: some units take very many. */
const INSTRUCTIONS_BETWEEN_LOOKS = 500_000;

export abstract class SearchBase implements Search {
  readonly machine: Machine;
  readonly settings: ExploreSettings;
  /** Moves from state 0 to where the machine is, packed `answer << 8 | thread`. */
  protected path = new Int32Array(1 << 12);
  protected pathLength = 0;
  /** Threads that can move, in the order of their numbers; set by `enabledThreads`. */
  protected readonly enabled = new Int32Array(MAX_THREADS);
  protected enabledCount = 0;
  readonly #checksInvariants: boolean;
  readonly #goroutines: GoroutineCount;
  protected states = 0;
  protected transitions = 0;
  protected executions = 0;
  protected depth = 0;
  protected complete = false;
  protected incompleteBecause = '';
  /** Null where what is printed makes no difference. */
  protected readonly prints: Prints | null;
  readonly #races: RaceDetector | null;
  /** By path length: where the detector was before the move from there. */
  readonly #raceMarks: number[] = [];
  /** Races on the path, and how long it was when they were found. */
  readonly #raced: { readonly text: string; readonly pathLength: number }[] = [];
  readonly #raceHash: [number, number] = [0, 0];
  readonly #outcomes = new Map<string, FoundOutcome>();
  #milliseconds = 0;
  #sliceBegan = 0;
  #isStopped = false;

  constructor(machine: Machine, settings: ExploreSettings) {
    this.machine = machine;
    this.settings = settings;
    this.#checksInvariants = settings.invariants;
    this.#goroutines = new GoroutineCount(machine);
    this.prints = Prints.of(machine);
    this.#races = machine.image.races ? new RaceDetector(machine) : null;
    // A remembered step tells a detector of races nothing.
    if (this.#races === null) machine.rememberEffects();
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
      const look = this.machine.instructionCount + INSTRUCTIONS_BETWEEN_LOOKS;
      for (let i = 0; i < WORK_BETWEEN_LOOKS && isMore && !this.#isStopped; i++) {
        isMore = this.work();
        if (this.machine.instructionCount > look) break;
      }
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
  stop(bound: string, limit = 0): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.incompleteBecause = reasonText(bound, limit);
  }

  /** Whether it was ended before its time. */
  protected get isStopped(): boolean {
    return this.#isStopped;
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
    const { conditionProblem } = this.settings.target ?? {};
    return {
      strategy: this.settings.strategy,
      complete: this.complete && this.incompleteBecause === '',
      incompleteBecause: this.incompleteBecause,
      assumptions: assumptionsOf(this.machine.image, this.settings, this.#goroutines),
      states: this.states,
      transitions: this.transitions,
      executions: this.executions,
      depth: this.depth,
      seconds: this.#seconds(),
      outcomes: [...this.#outcomes.values()],
      lostStateProbability: this.lostStates(),
      pctProbability: this.bugProbability(),
      ...(conditionProblem === undefined ? {} : { conditionProblem }),
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

  /** Back to state 0. */
  protected toStart(): void {
    this.machine.reset();
    this.pathLength = 0;
    this.#raceMarks.length = 0;
    this.#raced.length = 0;
    this.#races?.reset();
  }

  /** Back to where the path was so long; `mark` is the machine's. */
  protected backTo(mark: number, pathLength: number): void {
    this.machine.undo(mark);
    this.pathLength = pathLength;
    if (this.#races === null || pathLength >= this.#raceMarks.length) return;
    this.#races.undo(this.#raceMarks[pathLength]);
    this.#raceMarks.length = pathLength;
    const raced = this.#raced;
    while (raced.length > 0 && raced[raced.length - 1].pathLength > pathLength) raced.pop();
  }

  /** Whether the run to here has shown a data race: that is its outcome then, however it ends. */
  protected get isRaced(): boolean {
    return this.#raced.length > 0;
  }

  /** Where the search is: the state of the machine, and what the detector of races knows. */
  protected here(): State {
    if (this.prints !== null) return withPrints(this.hereWithRaces(), this.prints.progress());
    return this.hereWithRaces();
  }

  private hereWithRaces(): State {
    if (this.#races === null) return this.machine;
    const { memory, hashLow, hashHigh } = this.machine;
    this.#races.hash(this.#raceHash);
    const [low, high] = this.#raceHash;
    const raced = this.isRaced ? 1 : 0;
    return {
      memory,
      hashLow: hashLow ^ Math.imul(low + raced, 0x9e3779b1),
      hashHigh: hashHigh ^ Math.imul(high + raced, 0x85ebca6b),
      raceHash: high + raced,
    };
  }

  /** The step that was noted last has been taken. */
  protected lookForRaces(isRepeated = false): void {
    if (this.#races === null) return;
    for (const race of this.#races.after()) {
      const text = raceText(this.machine, race);
      if (this.#raced.some((one) => one.text === text)) continue;
      this.#raced.push({ text, pathLength: this.pathLength });
      if (!isRepeated) this.raced(text);
    }
  }

  /** Makes a move, packed, that another part of the search has made: it is not counted again. */
  protected repeatMove(move: number): void {
    this.noteMove(move & 0xff, move >>> 8);
    this.transitions--;
    this.machine.step(move & 0xff, move >>> 8);
    this.lookForRaces(true);
  }

  /** A data race was found. The search goes on behind it: for other races, not for ends. */
  protected raced(message: string): void {
    this.record('race', message);
  }

  /** Another execution goes the way of the path: it has shown the same races. */
  protected countRacesAgain(): void {
    for (const { text } of this.#raced) this.raced(text);
  }

  /** Moves a thread by one step. */
  protected move(thread: number, answer: number): void {
    this.noteMove(thread, answer);
    const { machine } = this;
    const mark = machine.mark();
    const { target } = this.settings;
    if (target === null) {
      machine.step(thread, answer);
      this.lookForRaces();
    } else this.#moveToTarget(target, thread, answer);
    if (this.#checksInvariants && machine.outcome() === null) {
      // All held before, or the path would have ended there.
      const broken = machine.brokenInvariant(this.pathLength === 1 ? undefined : mark);
      if (broken !== null) machine.end({ kind: 'violation', message: broken });
    }
  }

  #moveToTarget(target: Target, thread: number, answer: number): void {
    // A run ends with its first race: what lies behind one is not reached.
    const isThere = !this.isRaced && isAtTarget(this.machine, target, thread);
    const comesThere = evaluateTarget(this.machine, target, thread, answer);
    this.lookForRaces();
    if (!isThere && (!comesThere || this.isRaced)) return;
    this.record('reached', target.name);
    this.stop('reached', 0);
  }

  /** Adds a move to the path. */
  protected noteMove(thread: number, answer: number): void {
    if (this.#races !== null) {
      this.#raceMarks[this.pathLength] = this.#races.mark();
      this.#races.before(thread);
    }
    if (this.pathLength === this.path.length) this.path = grown(this.path, 2 * this.pathLength);
    this.path[this.pathLength++] = (answer << 8) | thread;
    if (this.pathLength > this.depth) this.depth = this.pathLength;
    this.transitions++;
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
    this.end(standstillOutcome(this.machine));
  }

  /** The machine is in a state that counts: what is in it is noted. */
  protected notice(): void {
    this.#goroutines.look();
  }

  /** An execution has ended; gives the outcome as it is counted, null where a race is. */
  protected end(outcome: Outcome): FoundOutcome | null {
    this.executions++;
    this.notice();
    if (isLongStep(outcome)) this.incompleteBecause ||= reasonText('step', 0);
    return this.isRaced ? null : this.record(outcome.kind, outcome.message);
  }

  /** Whether the path is as long as it may be; if so, that is an outcome: the bound. */
  protected tooDeep(): boolean {
    const { depthLimit } = this.settings;
    if (this.pathLength < depthLimit) return false;
    this.incompleteBecause ||= reasonText('depth', depthLimit);
    this.end({
      kind: 'limit',
      message:
        `an execution has more than ${countOf(depthLimit, 'step')}: is there a loop without an end? ` +
        '(--depth raises the bound)',
    });
    return true;
  }

  /** The schedule that leads to where the machine is. */
  schedule(): Choice[] {
    const choices: Choice[] = [];
    // A path may have millions of steps: equal choices are one object.
    const known = new Map<number, Choice>();
    for (const packed of this.path.subarray(0, this.pathLength)) {
      let choice = known.get(packed);
      if (choice === undefined) {
        choice = { thread: packed & 0xff, answer: packed >>> 8 };
        known.set(packed, choice);
      }
      choices.push(choice);
    }
    return choices;
  }

  /** Brings `enabled` and `enabledCount` up to date. */
  protected enabledThreads(): number {
    this.enabledCount = this.machine.enabledThreads(this.enabled);
    return this.enabledCount;
  }

  protected record(kind: OutcomeKind | 'reached', message: string): FoundOutcome {
    const prints = this.prints?.met();
    const key = outcomeKey({ kind, message, prints });
    let found = this.#outcomes.get(key);
    if (found === undefined) {
      const schedule = this.schedule();
      found = {
        kind,
        message,
        ...(prints === undefined ? {} : { prints }),
        count: 0,
        schedule,
        preemptions: -1,
        decisions: -1,
        visibleSteps: -1,
      };
      this.#outcomes.set(key, found);
    }
    found.count++;
    return found;
  }
}

/** A state, told apart by how far what was printed has come. */
function withPrints(state: State, progress: PrintProgress): State {
  const { memory, hashLow, hashHigh, raceHash } = state;
  const { low, high, number } = progress;
  return {
    memory,
    hashLow: hashLow ^ low,
    hashHigh: hashHigh ^ high,
    raceHash: raceHash === undefined ? number : Math.imul(raceHash, 0x9e3779b1) + number,
  };
}

/** For people: why a search has ended early, and how to raise the bound. */
export function reasonText(bound: string, limit: number): string {
  const plural = limit === 1 ? '' : 's';
  const texts: Readonly<Record<string, string>> = {
    states: `not decided within ${limit} state${plural} (--limit raises that)`,
    seconds: `not decided within ${limit} second${plural} (--seconds raises that)`,
    memory: `${Math.round(limit / 1e6)} MB are full of states (--memory raises that)`,
    depth: `executions were cut off after ${limit} step${plural} (--depth raises that)`,
    step: 'a run was given up in a step without an end',
    cancelled: 'cancelled',
    reached: '',
  };
  return texts[bound] ?? bound;
}
