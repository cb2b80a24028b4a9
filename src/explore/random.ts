/**
 * Random executions: at each step any thread that can move, each with the same probability. For
 * what is too large to search, and as a baseline. Executions are numbered; a shard has every
 * count-th.
 *
 * An execution goes from known state to known state (known-states.ts) as long as it can, and the
 * machine stays behind: it makes the moves only when one leads to where no execution has been. The
 * same executions are made as without, random number by random number.
 */
import { MAX_THREADS } from '../language/image.ts';
import type { Machine } from '../machine/machine.ts';
import { standstillOutcome } from '../run/limits.ts';
import { SearchBase } from './base.ts';
import { GOES_ON, KnownStates, NOT_EXPANDED, NOT_LOOKED_AT } from './known-states.ts';
import { Random } from './prng.ts';
import type { ExploreSettings, FoundOutcome } from './types.ts';
import { collisionProbability } from './visited.ts';

/** Answers of one thread beyond these are not worth knowing. */
const ANSWERS_LIMIT = 256;

/** Steps of an execution that are one unit of work. */
const UNIT_STEPS = 4096;

export class RandomSearch extends SearchBase {
  #execution: number;
  /** Of the execution under way; null: none is. */
  #random: Random | null = null;
  /** Where executions begin to differ. */
  #mark = 0;
  #pathLength = 0;
  #isReset = false;
  readonly #known: KnownStates | null;
  #startState = 0;
  /** The known state in which the execution is; 0: it is beyond them. */
  #state = 0;
  /** Moves of the path that the machine has made. */
  #made = 0;
  readonly #answers = new Int32Array(MAX_THREADS);
  /** By the number of an end: the outcome. */
  readonly #ends: FoundOutcome[] = [];
  readonly #endNumbers = new Map<FoundOutcome, number>();

  constructor(machine: Machine, settings: ExploreSettings) {
    super(machine, settings);
    this.#execution = settings.shard.index;
    // A place or a race is met on the way, and whole states are not known by their hashes.
    const { target, exact, budgetBytes } = settings;
    const isKnowing = target === null && !exact && !machine.image.races;
    this.#known = isKnowing ? new KnownStates(budgetBytes) : null;
  }

  protected override work(): boolean {
    if (this.#execution >= this.settings.executions) {
      this.incompleteBecause = 'random executions prove nothing about others';
      return false;
    }
    const isFirst = !this.#isReset;
    if (isFirst) this.#begin();
    if (this.#random === null) {
      if (this.#made > this.#pathLength) this.backTo(this.#mark, this.#pathLength);
      if (!isFirst) this.countRacesAgain();
      this.pathLength = this.#pathLength;
      this.#made = this.#pathLength;
      this.#state = this.#startState;
      this.#random = new Random(this.settings.seed, this.#execution);
      this.prepare(this.#random);
    }
    if (this.run(this.#random, UNIT_STEPS)) {
      this.#random = null;
      this.#execution += this.settings.shard.count;
    }
    return true;
  }

  #begin(): void {
    const { machine } = this;
    this.toStart();
    this.goWhereChoicesBegin();
    this.#mark = machine.mark();
    this.#pathLength = this.pathLength;
    this.#made = this.pathLength;
    this.#startState = this.#known === null ? 0 : this.#stateHere(this.#known);
    this.#isReset = true;
  }

  /** All executions begin with the same steps, up to the first choice: these are made once. */
  protected goWhereChoicesBegin(): void {
    const { machine } = this;
    while (machine.outcome() === null && this.pathLength < this.settings.depthLimit) {
      if (super.enabledThreads() !== 1 || machine.choiceCount(this.enabled[0]) !== 1) return;
      this.move(this.enabled[0], 0);
    }
  }

  /** An execution is about to begin. */
  protected prepare(_random: Random): void {
    // Nothing is to be prepared.
  }

  /** Goes on with an execution for at most so many steps; true: it has ended. */
  protected run(random: Random, steps: number): boolean {
    for (let step = 0; step < steps; step++) {
      if (this.isOver()) return true;
      const count = this.enabledThreads();
      if (count === 0) {
        this.quiet();
        return true;
      }
      if (this.tooDeep()) return true;
      const index = count === 1 ? 0 : random.below(count);
      const answers = this.answersOf(index);
      this.take(index, answers === 1 ? 0 : random.below(answers));
    }
    return false;
  }

  // -------------------------------------------------------------------- where an execution is

  protected override isOver(): boolean {
    const known = this.#known;
    if (known === null || this.#state === 0) return super.isOver();
    const end = known.endOf(this.#state);
    if (end === GOES_ON) return false;
    if (end !== NOT_LOOKED_AT) {
      // Whether a state without moves is the end is told by `quiet`.
      if (known.enabled(this.#state, this.enabled) === 0) return false;
      this.#endAgain(end);
      return true;
    }
    this.#catchUp();
    const outcome = this.machine.outcome();
    if (outcome === null) known.setEnd(this.#state, GOES_ON);
    else this.#noteEnd(this.end(outcome));
    return outcome !== null;
  }

  protected override quiet(): void {
    const end = this.#state === 0 ? GOES_ON : (this.#known?.endOf(this.#state) ?? GOES_ON);
    if (end > 0) {
      this.#endAgain(end);
      return;
    }
    this.#catchUp();
    this.#noteEnd(this.end(standstillOutcome(this.machine)));
  }

  /** As SearchBase; the index of a thread in `enabled` is what the methods below take. */
  protected override enabledThreads(): number {
    const known = this.#known;
    if (known === null || this.#state === 0) return super.enabledThreads();
    const count = known.enabled(this.#state, this.enabled);
    if (count !== NOT_EXPANDED) {
      this.enabledCount = count;
      return count;
    }
    this.#catchUp();
    return this.#expand(known, super.enabledThreads());
  }

  #expand(known: KnownStates, count: number): number {
    let most = 1;
    for (let i = 0; i < count; i++) {
      this.#answers[i] = this.machine.choiceCount(this.enabled[i]);
      most = Math.max(most, this.#answers[i]);
    }
    const isKnown =
      most <= ANSWERS_LIMIT && known.expand(this.#state, this.enabled, count, this.#answers);
    if (!isKnown) this.#state = 0;
    return count;
  }

  /** Number of answers of the index-th thread that can move. */
  protected answersOf(index: number): number {
    const known = this.#known;
    if (known !== null && this.#state !== 0) return known.answers(this.#state, index);
    return this.machine.choiceCount(this.enabled[index]);
  }

  /** Moves the index-th thread that can move. */
  protected take(index: number, answer: number): void {
    const thread = this.enabled[index];
    const known = this.#known;
    const state = this.#state;
    if (known === null || state === 0) {
      this.move(thread, answer);
      this.#made = this.pathLength;
      return;
    }
    const next = known.next(state, index, answer);
    if (next !== 0) {
      this.noteMove(thread, answer);
      this.#state = next;
      return;
    }
    this.#catchUp();
    this.move(thread, answer);
    this.#made = this.pathLength;
    this.#state = this.#stateHere(known);
    if (this.#state !== 0) known.setNext(state, index, answer, this.#state);
  }

  /** The known state in which the machine is. */
  #stateHere(known: KnownStates): number {
    const { hashLow, hashHigh } = this.here();
    return known.stateOf(hashLow, hashHigh);
  }

  /** Lets the machine make the moves that it has not made. */
  #catchUp(): void {
    const { machine, path, pathLength } = this;
    for (let made = this.#made; made < pathLength; made++) {
      machine.step(path[made] & 0xff, path[made] >>> 8);
    }
    this.#made = pathLength;
  }

  /** The execution has ended in the state where it is. */
  #noteEnd(found: FoundOutcome | null): void {
    if (this.#known === null || this.#state === 0 || found === null) return;
    let end = this.#endNumbers.get(found);
    if (end === undefined) {
      end = this.#ends.push(found);
      this.#endNumbers.set(found, end);
    }
    this.#known.setEnd(this.#state, end);
  }

  #endAgain(end: number): void {
    this.executions++;
    this.#ends[end - 1].count++;
  }

  protected override doneShare(): number {
    return this.#execution / this.settings.executions;
  }

  protected override lostStates(): number {
    return collisionProbability(this.#known?.size ?? 0);
  }
}
