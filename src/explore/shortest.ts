/**
 * Exhaustive search, shortest schedules first: breadth first by steps, each state once. So the
 * first schedule found to an outcome is one with the fewest steps, and so is that to a place.
 *
 * Nothing is left out: what reduction leaves out keeps the outcomes, but not the shortest way to
 * each. No states are kept, only two words for each: the state it was reached from, and the move.
 * The machine walks from one entry of the queue to the next: back to where their paths part, and
 * forth. Neighbours in the queue mostly part late, as they were stored in the order of their paths;
 * where they part early, the walk is as long as the paths are.
 */
import type { OutcomeKind } from '../language/image.ts';
import type { Machine } from '../machine/machine.ts';
import { SearchBase } from './base.ts';
import { ExactStates } from './exact.ts';
import { PossibleMoves } from './possible-moves.ts';
import type { ExploreSettings, FoundOutcome } from './types.ts';
import { collisionProbability, NEW_STATE, type StateStore, VisitedTable } from './visited.ts';

/** Of the memory for states: what their hashes take, beside the two words of their entries. */
const TABLE_PART = 3 / 4;
const CHUNK_BITS = 16;
const CHUNK_MASK = (1 << CHUNK_BITS) - 1;

export class ShortestSearch extends SearchBase {
  readonly #store: StateStore;
  /** Set where the state behind a step can be known without taking it. */
  readonly #table: VisitedTable | null;
  readonly #queue = new Queue();
  /** The entry that is expanded next. */
  #next = 0;
  /** How long paths to entries of the queue are, and the first entry of a longer path. */
  #level = 0;
  #levelEnd = 1;
  /** By length of the path to where the machine is: its entry, and the machine's mark. */
  readonly #entries: number[] = [];
  readonly #marks: number[] = [];
  readonly #possible = new PossibleMoves();

  constructor(machine: Machine, settings: ExploreSettings) {
    super(machine, settings);
    const { budgetBytes, exact, invariants, target } = settings;
    const table = exact ? null : new VisitedTable(budgetBytes * TABLE_PART);
    this.#store = table ?? new ExactStates(budgetBytes * TABLE_PART);
    // A target, a race and a broken invariant are met by taking the step; and so is what it prints.
    const isPlain = !invariants && !machine.image.races && target === null;
    this.#table = isPlain && this.prints === null ? table : null;
  }

  protected override work(): boolean {
    if (this.#queue.length === 0) return this.#begin();
    if (this.#next === this.#queue.length) {
      this.complete = true;
      return false;
    }
    const entry = this.#next++;
    if (entry === this.#levelEnd) {
      this.#level++;
      this.#levelEnd = this.#queue.length;
    }
    this.#goTo(entry);
    this.#expand(entry);
    return true;
  }

  /** State 0 is the first entry, unless the run ends there. */
  #begin(): boolean {
    this.toStart();
    this.#meet();
    this.#entries[0] = this.#queue.push(0, 0);
    this.#marks[0] = this.machine.mark();
    if (!this.isOver()) return true;
    this.complete = true;
    return false;
  }

  /** Walks to the state of an entry, whose path has #level steps. */
  #goTo(entry: number): void {
    const queue = this.#queue;
    const entries = this.#entries;
    const ahead: number[] = [];
    let length = this.#level;
    for (let at = entry; length > this.pathLength || entries[length] !== at; length--) {
      ahead.push(at);
      at = queue.parent(at);
    }
    this.backTo(this.#marks[length], length);
    for (let i = ahead.length - 1; i >= 0; i--) {
      this.repeatMove(queue.move(ahead[i]));
      entries[this.pathLength] = ahead[i];
      this.#marks[this.pathLength] = this.machine.mark();
    }
  }

  /** Takes every step from where the machine is; what is new is put into the queue. */
  #expand(entry: number): void {
    const { machine } = this;
    const count = this.#possible.look(machine);
    if (count === 0) {
      this.quiet();
      return;
    }
    if (this.tooDeep()) return;
    const { moves, lows, highs } = this.#possible;
    const mark = machine.mark();
    for (let i = 0; i < count; i++) {
      const move = moves[i];
      if (this.#foresee(entry, move, lows[i], highs[i])) continue;
      this.move(move & 0xff, move >>> 8);
      const isNew = this.#meet();
      if (!this.isOver() && isNew) this.#queue.push(entry, move);
      this.backTo(mark, this.#level);
    }
  }

  /** Whether the step needs not be taken: the state behind it is known, and in the queue. */
  #foresee(entry: number, move: number, low: number, high: number): boolean {
    // The hash 0,0 stands for no state there.
    if (this.#table === null || (low === 0 && high === 0)) return false;
    this.transitions++;
    if (this.#table.insert(low, high)) {
      this.#count();
      this.#queue.push(entry, move);
    }
    return true;
  }

  /** Whether the state where the machine is had not been met; it has now. */
  #meet(): boolean {
    if (this.#store.meet(this.here(), 0) !== NEW_STATE) return false;
    this.#count();
    return true;
  }

  #count(): void {
    const { stateLimit, budgetBytes } = this.settings;
    if (this.states >= stateLimit) {
      this.stop('states', stateLimit);
      return;
    }
    this.states++;
    this.notice();
    const isFull = this.#store.isFull() || this.#queue.bytes > budgetBytes * (1 - TABLE_PART);
    if (isFull || this.machine.logWords() * 4 > budgetBytes) this.stop('memory', budgetBytes);
  }

  /** Standstill is noted when a state is expanded, other ends when it is found: a step earlier. */
  protected override record(kind: OutcomeKind | 'reached', message: string): FoundOutcome {
    const found = super.record(kind, message);
    if (this.pathLength < found.schedule.length) found.schedule = this.schedule();
    return found;
  }

  protected override doneShare(): number {
    return -1;
  }

  protected override lostStates(): number {
    return this.settings.exact ? 0 : collisionProbability(this.states);
  }
}

/** Entries in the order of their expansion, each with its parent and the move from there. */
class Queue {
  length = 0;
  readonly #chunks: Int32Array[] = [];

  get bytes(): number {
    return this.#chunks.length * (2 << CHUNK_BITS) * Int32Array.BYTES_PER_ELEMENT;
  }

  /** Adds an entry; its number. */
  push(parent: number, move: number): number {
    const entry = this.length++;
    if (entry >> CHUNK_BITS === this.#chunks.length) {
      this.#chunks.push(new Int32Array(2 << CHUNK_BITS));
    }
    const chunk = this.#chunks[entry >> CHUNK_BITS];
    const at = (entry & CHUNK_MASK) * 2;
    chunk[at] = parent;
    chunk[at + 1] = move;
    return entry;
  }

  parent(entry: number): number {
    return this.#chunks[entry >> CHUNK_BITS][(entry & CHUNK_MASK) * 2];
  }

  move(entry: number): number {
    return this.#chunks[entry >> CHUNK_BITS][(entry & CHUNK_MASK) * 2 + 1];
  }
}
