/**
 * Search by the number of preemptions: all schedules with none, then with one, with two …, so that
 * the first schedule found to an outcome is the simplest (M. Musuvathi, S. Qadeer, "Iterative
 * Context Bounding for Systematic Testing of Multithreaded Programs", PLDI 2007). A preemption is a
 * switch away from a thread that could have gone on.
 *
 * A state is stored with the thread that moved last (if that can go on) and the fewest preemptions
 * and steps it was reached with; it is explored again only when reached with fewer.
 */
import type { Outcome, OutcomeKind } from '../language/image.ts';
import type { Machine } from '../machine/machine.ts';
import type { Choice } from '../run/policy.ts';
import { countOf } from '../run/words.ts';
import { SearchBase } from './base.ts';
import type { ExploreSettings, FoundOutcome } from './types.ts';
import { collisionProbability, VisitedTable } from './visited.ts';

interface Frame {
  readonly mark: number;
  readonly pathLength: number;
  readonly preemptions: number;
  /** The thread that got here, if it can go on; else -1. */
  readonly current: number;
  readonly moves: number[];
  next: number;
  /** Branchings before this state, up to SPLIT_BRANCHINGS, and the number of its branch there. */
  readonly branchings: number;
  readonly branch: number;
}

/** An outcome that is looked for, and how good a schedule must be. */
export interface Wanted {
  /** Whether a run may end so; the machine is where it has ended. */
  readonly accepts: (end: Pick<FoundOutcome, 'kind' | 'message' | 'prints'>) => boolean;
  readonly firstBound: number;
  readonly stepLimit: number;
  /** Schedules that begin with these moves only, and go on with another than `except`. */
  readonly from?: { readonly prefix: readonly Choice[]; readonly except: Choice };
}

/** Branchings at the beginning by which a search is split into shards: each branch is numbered. */
const SPLIT_BRANCHINGS = 5;
const STEP_BITS = 20;
const STEP_LIMIT = (1 << STEP_BITS) - 1;

export class BoundedSearch extends SearchBase {
  /** Preemptions of the round under way. */
  #bound: number;
  #visited: VisitedTable;
  #frames: Frame[] = [];
  /** Whether a schedule was cut off in this round because it needs more preemptions. */
  #isCut = false;
  /** Stop as soon as this has been found (witness.ts, nearest.ts). */
  readonly #wanted: Wanted | null;
  readonly #stepLimit: number;
  readonly #firstBound: number;
  /** Where the path is among the branches that shards share, and whether its ends count here. */
  #branchings = 0;
  #branch = 0;
  #isOurs = true;
  found = false;

  /** `wanted` ends the search when it is found in fewer than `stepLimit` steps. */
  constructor(machine: Machine, settings: ExploreSettings, wanted: Wanted | null = null) {
    super(machine, settings);
    this.#visited = new VisitedTable(settings.budgetBytes);
    this.#wanted = wanted;
    this.#stepLimit = Math.min(wanted?.stepLimit ?? settings.depthLimit, STEP_LIMIT);
    this.#bound = (wanted?.firstBound ?? 0) - 1;
    this.#firstBound = this.#bound + 1;
  }

  /** Preemptions of the round under way. */
  get bound(): number {
    return this.#bound;
  }

  /** Whether nothing but the bounds that it was made with has kept it from the schedule wanted. */
  get hasLookedEverywhere(): boolean {
    return !this.found && !this.isStopped && this.#frames.length === 0;
  }

  protected override work(): boolean {
    const frame = this.#frames[this.#frames.length - 1];
    if (frame === undefined) return this.#nextRound();
    if (frame.next >= frame.moves.length) {
      this.#frames.pop();
      return true;
    }
    const index = frame.next++;
    const move = frame.moves[index];
    const thread = move & 0xff;
    const isPreemption = frame.current >= 0 && thread !== frame.current;
    const preemptions = frame.preemptions + (isPreemption ? 1 : 0);
    if (preemptions > this.#bound) {
      this.#isCut = true;
      return true;
    }
    if (!this.#enterBranch(frame, index)) return true;
    this.backTo(frame.mark, frame.pathLength);
    this.move(thread, move >>> 8);
    this.#visit(thread, preemptions);
    return !this.found;
  }

  /** Notes the branch that a move leads to; false when it is another shard's. */
  #enterBranch(frame: Frame, index: number): boolean {
    const { shard } = this.settings;
    this.#branchings = frame.branchings;
    this.#branch = frame.branch;
    if (shard.count === 1 || frame.branchings === SPLIT_BRANCHINGS) return true;
    if (frame.moves.length > 1) {
      this.#branchings++;
      // Numbers in the millions: far from where doubles lose ones.
      this.#branch = (frame.branch * frame.moves.length + index) % 1_000_003;
    }
    this.#isOurs = this.#branch % shard.count === shard.index;
    return this.#isOurs || this.#branchings < SPLIT_BRANCHINGS;
  }

  /** Before the branches part, every shard walks through every state, and stores none. */
  #isBeforeSplit(): boolean {
    return this.settings.shard.count > 1 && this.#branchings < SPLIT_BRANCHINGS;
  }

  #nextRound(): boolean {
    if (this.#bound >= this.#firstBound && !this.#isCut) {
      this.complete = true;
      return false;
    }
    if (this.#bound >= this.settings.bound) {
      this.incompleteBecause =
        `schedules with more than ${countOf(this.#bound, 'preemption')} were left out ` +
        '(--bound raises that)';
      return false;
    }
    this.#bound++;
    this.#isCut = false;
    this.#visited.clear();
    this.startRound();
    this.toStart();
    this.#branchings = 0;
    this.#branch = 0;
    this.#isOurs = this.settings.shard.index === 0;
    if (this.settings.shard.count === 1) this.#isOurs = true;
    const from = this.#wanted?.from;
    if (from === undefined) this.#visit(-1, 0);
    else this.#visitAfter(from.prefix, from.except);
    return true;
  }

  /** The round begins behind a prefix, whose preemptions count for nothing. */
  #visitAfter(prefix: readonly Choice[], except: Choice): void {
    for (const { thread, answer } of prefix) this.repeatMove((answer << 8) | thread);
    const last = prefix.length === 0 ? -1 : prefix[prefix.length - 1].thread;
    this.#visit(last, 0);
    const { moves } = this.#frames[0] ?? { moves: [] };
    const index = moves.indexOf((except.answer << 8) | except.thread);
    if (index >= 0) moves.splice(index, 1);
  }

  #visit(thread: number, preemptions: number): void {
    if (this.isOver()) return;
    const { machine } = this;
    if (this.enabledThreads() === 0) {
      this.quiet();
      return;
    }
    if (this.tooDeep()) return;
    if (this.#wanted !== null && this.pathLength >= this.#stepLimit) return;
    const current = thread >= 0 && machine.isEnabled(thread) ? thread : -1;
    const { hashLow, hashHigh } = this.here();
    const high = hashHigh ^ Math.imul(current + 2, 0x2545f491);
    // Stored plus one, so that 0 is "new".
    const reached = ((preemptions << STEP_BITS) | Math.min(this.pathLength, STEP_LIMIT)) + 1;
    if (this.#isBeforeSplit()) {
      this.#push(preemptions, current);
      return;
    }
    if (!this.#visited.insert(hashLow, high) && this.#visited.payload() <= reached) return;
    if (this.#visited.payload() === 0) this.#count();
    this.#visited.setPayload(reached);
    if (this.#visited.isFull()) this.stop('memory', this.settings.budgetBytes);
    this.#push(preemptions, current);
  }

  #count(): void {
    const { stateLimit } = this.settings;
    this.notice();
    if (this.states < stateLimit) this.states++;
    else this.stop('states', stateLimit);
  }

  #push(preemptions: number, current: number): void {
    this.#frames.push({
      mark: this.machine.mark(),
      pathLength: this.pathLength,
      preemptions,
      current,
      moves: this.#moves(current),
      next: 0,
      branchings: this.#branchings,
      branch: this.#branch,
    });
  }

  /**
   * The thread that got here first, then the others. A shard takes its part of the first branching.
   */
  #moves(current: number): number[] {
    const threads = [...this.enabled.subarray(0, this.enabledCount)];
    if (current >= 0) {
      threads.splice(threads.indexOf(current), 1);
      threads.unshift(current);
    }
    const moves: number[] = [];
    for (const thread of threads) {
      const answers = this.machine.choiceCount(thread);
      for (let answer = 0; answer < answers; answer++) moves.push((answer << 8) | thread);
    }
    return moves;
  }

  protected override end(outcome: Outcome): FoundOutcome | null {
    if (!this.#isOurs) return null;
    const found = super.end(outcome);
    if (!this.isRaced) this.#compare(outcome.kind, outcome.message);
    return found;
  }

  protected override raced(message: string): void {
    if (!this.#isOurs) return;
    super.raced(message);
    this.#compare('race', message);
  }

  /** Whether this is what was looked for. */
  #compare(kind: OutcomeKind, message: string): void {
    if (this.pathLength >= this.#stepLimit || this.#wanted === null) return;
    if (this.#wanted.accepts({ kind, message, prints: this.prints?.met() })) this.found = true;
  }

  protected override doneShare(): number {
    return -1;
  }

  protected override lostStates(): number {
    return collisionProbability(this.states);
  }
}
