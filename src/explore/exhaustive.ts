/**
 * Exhaustive search: depth first over all schedules, each state expanded once.
 *
 * Reduction, on by default, has four parts, and keeps every outcome (and every deadlock):
 * - persistent sets of one: see ownership.ts and persistent.ts (Godefroid 1996, chapter 4);
 * - a thread that alone can move is moved on without a state being stored;
 * - a thread that has just taken a lock makes its next move at once: taking a lock is a right mover
 *   and releasing it a left mover, so a critical section with one other operation is atomic (R.
 *   Lipton, "Reduction: A Method of Proving Properties of Parallel Programs", CACM 1975); such a
 *   move never sleeps, for sleep sets speak of single operations;
 * - sleep sets together with stored states, as in Godefroid, Holzmann and Pirottin, "State-space
 *   caching revisited" (CAV 1992) and Godefroid 1996, figure 5.2: a state is stored with its sleep
 *   set; when it is met again with a smaller one, only the difference is explored.
 * A run of forced moves is cut after FORCED_LIMIT steps by storing a state and expanding it fully,
 * so no cycle of them can leave another thread waiting for ever (the ignoring problem).
 */
import type { Machine } from '../machine/machine.ts';
import { SearchBase } from './base.ts';
import { Foresight } from './foresight.ts';
import { CLAIMED, Frames } from './frames.ts';
import { type ForcedMove, ForcedMoves } from './forced-moves.ts';
import { asksForAnswer, reduces } from './operations.ts';
import { type Claims, Ownership } from './ownership.ts';
import { PersistentSets } from './persistent.ts';
import { canSleep, SLEEP_THREADS, sleepAfter } from './sleep.ts';
import type { ExploreSettings } from './types.ts';
import { ExactStates } from './exact.ts';
import {
  collisionProbability,
  type HashedStates,
  NEW_STATE,
  type StateStore,
  VisitedTable,
} from './visited.ts';

/** Forced moves in a row before a state is stored all the same. */
const FORCED_LIMIT = 256;
/** Rounds in which assumptions about ownership may break before they are given up. */
const ROUND_LIMIT = 40;

/** What the parts of a parallel search have in common. */
export interface SharedParts {
  readonly store: StateStore & HashedStates;
  readonly claims: Claims;
}

export class ExhaustiveSearch extends SearchBase {
  readonly #store: StateStore;
  readonly #isReducing: boolean;
  readonly #foresight: Foresight | null;
  protected readonly frames = new Frames();
  /** What lets a thread go first; null: nothing does. */
  #persistent: PersistentSets | null;
  /** What assumptions have forced, to make up for it when one breaks; null: another round does. */
  readonly #forced: ForcedMoves | null;
  /** Forced moves whose alternatives are still to be tried. */
  #toMakeUp: ForcedMove[] = [];
  /** An assumption broke, and not all that it has forced is known. */
  #mustRepeat = false;
  #rounds = 0;
  /** Whether the round has begun; if not, the next unit of work begins it at state 0. */
  protected started = false;
  #done = 0;

  /** `shared`: what a part of a parallel search has in common with the others. */
  constructor(machine: Machine, settings: ExploreSettings, shared: SharedParts | null = null) {
    super(machine, settings);
    const { budgetBytes, exact } = settings;
    const table = shared?.store ?? (exact ? null : new VisitedTable(budgetBytes));
    this.#store = table ?? new ExactStates(budgetBytes);
    this.#isReducing = reduces(settings, machine.image);
    const { code, races } = machine.image;
    this.#persistent = this.#isReducing
      ? new PersistentSets(machine, new Ownership(code, shared?.claims))
      : null;
    this.#forced = this.#isReducing && shared === null ? new ForcedMoves() : null;
    // A target and a race are met on the way to a state, be it stored or not; and what a step
    // prints is no part of the hash that is foreseen.
    const isPlain = !races && settings.target === null && this.prints === null;
    const isForeseen = table !== null && !this.#isReducing && isPlain;
    this.#foresight = isForeseen ? new Foresight(machine, table) : null;
  }

  protected override work(): boolean {
    if (!this.started) this.#start();
    const { frames } = this;
    if (frames.isEmpty()) return this.#makeUp() || this.endRound();
    const move = frames.nextMove();
    if (move < 0) {
      frames.pop();
      return true;
    }
    const { machine } = this;
    const thread = move & 0xff;
    this.backTo(frames.mark(), frames.pathLength());
    const share = frames.share();
    let sleep = 0;
    let locked = -1;
    if (this.#isReducing) {
      sleep = sleepAfter(machine, frames.sleep(), thread);
      // Later siblings need not begin with this move: every order that does is covered here. Not
      // so for a lock: its thread goes on at once, so what comes between is covered by a sibling
      // that comes first, with the lock taken after it.
      if (this.#persistent?.locks(thread)) locked = thread;
      else if (canSleep(machine, thread)) frames.addToSleep(1 << thread);
      this.#persistent?.claimSection(thread);
    }
    this.move(thread, (move & ~CLAIMED) >>> 8);
    if (this.isOver()) {
      this.#leaveEnd();
      this.#done += share;
    } else if (this.#isReducing) this.#visit(sleep, share, locked);
    else this.#visitPlainly(share, (move & CLAIMED) !== 0);
    return true;
  }

  protected override doneShare(): number {
    return this.#rounds > 0 ? -1 : Math.min(1, this.#done);
  }

  #start(): void {
    this.started = true;
    this.toStart();
    this.#done = 0;
    if (this.isOver()) this.#countEnd();
    else if (this.#isReducing) this.#visit(0, 1, -1);
    else this.#visitPlainly(1, false);
  }

  /** All is explored, unless what was assumed about memory turned out wrong: then once more. */
  protected endRound(): boolean {
    if (!this.isBroken()) {
      this.complete = true;
      return false;
    }
    this.#persistent?.ownership.startRound();
    this.#store.clear();
    this.startRound();
    this.started = false;
    return true;
  }

  /** Whether the round has broken an assumption in a way that only another round makes up for. */
  protected isBroken(): boolean {
    if (this.#forced !== null) return this.#mustRepeat;
    return this.#persistent !== null && this.#persistent.ownership.broken > 0;
  }

  /** Goes where a move was forced by an assumption that broke, to try the others; false when there
   *  is no such place. */
  #makeUp(): boolean {
    const { machine } = this;
    for (const word of this.#persistent?.ownership.brokenWords.splice(0) ?? []) {
      const moves = this.#forced?.of(word) ?? null;
      if (moves === null) this.#mustRepeat = true;
      else this.#toMakeUp.push(...moves);
    }
    const forced = this.#mustRepeat ? undefined : this.#toMakeUp.pop();
    if (forced === undefined) return false;
    this.toStart();
    for (const move of forced.path) this.repeatMove(move);
    if (machine.outcome() === null && this.enabledThreads() > 0) this.#expand(forced.sleep, 0);
    return true;
  }

  protected override startRound(): void {
    super.startRound();
    this.#done = 0;
    this.#forced?.clear();
    this.#toMakeUp = [];
    this.#mustRepeat = false;
    if (++this.#rounds >= ROUND_LIMIT) this.#persistent = null;
  }

  /** The machine is in a state that was reached just now: go on from it, or leave it. */
  #visit(sleepHere: number, share: number, locked: number): void {
    let sleep = sleepHere;
    let hasLocked = locked;
    for (let forced = 0; ; forced++) {
      const enabled = this.enabledThreads();
      // Whatever becomes of the state, what its threads are about to touch counts: those that wait
      // in a standstill, too, and those that a run's end has kept from moving.
      const own = this.#persistent?.claimAll(this.enabled, enabled) ?? -1;
      if (enabled === 0) {
        this.#countEnd();
        this.quiet();
        break;
      }
      if (this.tooDeep()) break;
      const persistent = forced < FORCED_LIMIT ? this.#persistent : null;
      const thread = persistent?.forcedThread(own, this.enabled, enabled, hasLocked) ?? -1;
      if (persistent === null || thread < 0) {
        this.#expand(sleep, share);
        return;
      }
      const { reason, reasonWords } = persistent;
      if (reasonWords > 0) {
        this.#forced?.note(reason, reasonWords, this.path, this.pathLength, sleep);
      }
      if (thread < SLEEP_THREADS && (sleep & (1 << thread)) !== 0) break;
      const [before, mark, length] = [sleep, this.machine.mark(), this.pathLength];
      sleep = sleepAfter(this.machine, sleep, thread);
      hasLocked = persistent.locks(thread) ? thread : -1;
      persistent.claimSection(thread);
      this.move(thread, 0);
      if (this.isOver()) {
        this.#leaveEnd();
        if (enabled === 1 || thread !== own) break;
        // What is one's own need not wait for the others, but they might have gone on before the end.
        this.backTo(mark, length);
        this.enabledThreads();
        this.#expand(before, share);
        return;
      }
    }
    this.#done += share;
  }

  /** Without reduction most states were met before: that is asked first. */
  #visitPlainly(share: number, isClaimed: boolean): void {
    if (!isClaimed && this.#store.meet(this.here(), 0) !== NEW_STATE) {
      this.#done += share;
      return;
    }
    this.#count();
    const foresight = this.#foresight;
    if ((foresight?.look() ?? this.enabledThreads()) === 0) {
      this.quiet();
      this.#done += share;
    } else if (this.tooDeep()) this.#done += share;
    else if (foresight === null) this.#push(0, -1, share);
    else {
      this.frames.push(this.machine.mark(), this.pathLength, 0, share);
      this.transitions += foresight.claimStates(this.frames);
      if (!this.frames.hasMoves()) this.#done += share;
    }
  }

  /** Stores the state and puts it on the stack with its moves. */
  #expand(sleepHere: number, share: number): void {
    let sleep = sleepHere;
    let only = -1;
    const stored = this.#store.meet(this.here(), sleep);
    if (stored === NEW_STATE) this.#count();
    else {
      // Met before. What slept then but does not sleep now is still to be explored.
      only = stored & ~sleep;
      if (only === 0) {
        this.#done += share;
        return;
      }
      sleep &= stored;
    }
    this.#push(sleep, only, share);
  }

  /** Puts the state on the stack with the moves of threads that do not sleep; -1: or of `only`. */
  #push(sleep: number, only: number, share: number): void {
    const { machine, enabled, enabledCount } = this;
    const { frames } = this;
    frames.push(machine.mark(), this.pathLength, sleep, share);
    for (let i = 0; i < enabledCount; i++) {
      const thread = enabled[i];
      const bit = thread < SLEEP_THREADS ? 1 << thread : 0;
      if ((sleep & bit) !== 0 || (only !== -1 && (only & bit) === 0)) continue;
      const answers = asksForAnswer(machine.pendingOp(thread)) ? machine.choiceCount(thread) : 1;
      for (let answer = 0; answer < answers; answer++) frames.addMove((answer << 8) | thread);
    }
    if (!frames.hasMoves()) this.#done += share;
  }

  /** A step has ended the run: what the other threads were about to touch counts all the same. */
  #leaveEnd(): void {
    this.#persistent?.claimAll(this.enabled, 0);
    this.#countEnd();
  }

  /** A state in which a run ends is one too. */
  #countEnd(): void {
    if (this.#store.meet(this.here(), 0) === NEW_STATE) this.#count();
  }

  #count(): void {
    const { stateLimit, budgetBytes } = this.settings;
    if (!this.mayCount()) {
      this.stop('states', stateLimit);
      return;
    }
    this.states++;
    this.notice();
    if (this.#store.isFull()) this.stop('memory', budgetBytes);
    // A deep path takes memory, too: arrays that exist twice while they grow.
    const deep = 3 * 4 * (this.machine.logWords() + this.pathLength);
    if (this.#store.bytes + (this.#forced?.bytes ?? 0) + deep > budgetBytes)
      this.stop('memory', budgetBytes);
  }

  /** Whether the bound allows one more state. */
  protected mayCount(): boolean {
    return this.states < this.settings.stateLimit;
  }

  protected override lostStates(): number {
    return this.settings.exact ? 0 : collisionProbability(this.states);
  }
}
