/**
 * Exhaustive search: depth first over all schedules, each state expanded once.
 *
 * Reduction, on by default, has four parts, and keeps every outcome (and every deadlock):
 * - persistent sets of one: see ownership.ts (Godefroid 1996, chapter 4);
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
import { THREAD_CONTEXT, THREAD_PC, THREADS, THREAD_WORDS } from '../language/image.ts';
import { OP_CHOOSE, OP_LOCK, OP_PREEMPT } from '../language/instructions.ts';
import type { Machine, PendingOperation } from '../machine/machine.ts';
import { AtomicSections } from './atomic.ts';
import { SearchBase } from './base.ts';
import { Foresight } from './foresight.ts';
import { CLAIMED, Frames } from './frames.ts';
import { type ForcedMove, ForcedMoves } from './forced-moves.ts';
import { areDependent, isAtomicSection, mayWait, reduces, wordsTouched } from './operations.ts';
import { type Claims, claimedAs, Ownership } from './ownership.ts';
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
/** Threads that sleep sets can name. */
const SLEEP_THREADS = 31;
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
  readonly #sections: AtomicSections;
  protected readonly frames = new Frames();
  #ownership: Ownership | null;
  /** What assumptions have forced, to make up for it when one breaks; null: another round does. */
  readonly #forced: ForcedMoves | null;
  /** Forced moves whose alternatives are still to be tried. */
  #toMakeUp: ForcedMove[] = [];
  /** An assumption broke, and not all that it has forced is known. */
  #mustRepeat = false;
  /** The words that the last forced move was forced by: none, if there was no other move. */
  #reason = 0;
  #reasonWords = 0;
  /** The lock that was taken last. */
  #lockedWord = 0;
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
    this.#ownership = this.#isReducing ? new Ownership(code, shared?.claims) : null;
    this.#forced = this.#isReducing && shared === null ? new ForcedMoves() : null;
    // A target and a race are met on the way to a state, be it stored or not; and what a step
    // prints is no part of the hash that is foreseen.
    const isPlain = !races && settings.target === null && this.prints === null;
    const isForeseen = table !== null && !this.#isReducing && isPlain;
    this.#foresight = isForeseen ? new Foresight(machine, table) : null;
    this.#sections = new AtomicSections(machine);
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
      sleep = this.#sleepAfter(frames.sleep(), thread);
      // Later siblings need not begin with this move: every order that does is covered here. Not
      // so for a lock: its thread goes on at once, so what comes between is covered by a sibling
      // that comes first, with the lock taken after it.
      if (this.#locks(thread)) locked = thread;
      else if (thread < SLEEP_THREADS && isPlainMove(machine.pendingOp(thread))) {
        frames.addToSleep(1 << thread);
      }
    }
    this.#step(thread, (move & ~CLAIMED) >>> 8);
    if (this.isOver()) {
      this.#countEnd();
      this.#done += share;
    } else if (this.#isReducing) this.#visit(sleep, share, locked);
    else this.#visitPlainly(share, (move & CLAIMED) !== 0);
    return true;
  }

  /** One step; with reduction, what atomic sections touch is noted. */
  #step(thread: number, answer: number): void {
    const ownership = this.#ownership;
    if (
      ownership === null ||
      this.settings.target !== null ||
      !isAtomicSection(this.machine.pendingOp(thread)) ||
      this.liveThreads() === 1
    ) {
      this.move(thread, answer);
      return;
    }
    const { machine } = this;
    this.noteMove(thread, answer);
    const context = machine.memory[THREADS + thread * THREAD_WORDS + THREAD_CONTEXT];
    this.#sections.step(thread, context, ownership);
    this.lookForRaces();
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
    this.#ownership?.startRound();
    this.#store.clear();
    this.startRound();
    this.started = false;
    return true;
  }

  /** Whether the round has broken an assumption in a way that only another round makes up for. */
  protected isBroken(): boolean {
    if (this.#forced !== null) return this.#mustRepeat;
    return this.#ownership !== null && this.#ownership.broken > 0;
  }

  /** Goes where a move was forced by an assumption that broke, to try the others; false when there
   *  is no such place. */
  #makeUp(): boolean {
    const { machine } = this;
    for (const word of this.#ownership?.brokenWords.splice(0) ?? []) {
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
    if (++this.#rounds >= ROUND_LIMIT) this.#ownership = null;
  }

  /** The machine is in a state that was reached just now: go on from it, or leave it. */
  #visit(sleepHere: number, share: number, locked: number): void {
    let sleep = sleepHere;
    let hasLocked = locked;
    for (let forced = 0; ; forced++) {
      const enabled = this.enabledThreads();
      if (enabled === 0) {
        this.#countEnd();
        this.quiet();
        break;
      }
      if (this.tooDeep()) break;
      const thread =
        this.#ownership !== null && forced < FORCED_LIMIT
          ? this.#forcedThread(this.#ownership, enabled, hasLocked)
          : -1;
      if (thread < 0) {
        this.#expand(sleep, share);
        return;
      }
      if (this.#reasonWords > 0) {
        const { path, pathLength } = this;
        this.#forced?.note(this.#reason, this.#reasonWords, path, pathLength, sleep);
      }
      if (thread < SLEEP_THREADS && (sleep & (1 << thread)) !== 0) break;
      sleep = this.#sleepAfter(sleep, thread);
      hasLocked = this.#locks(thread) ? thread : -1;
      this.#step(thread, 0);
      if (this.isOver()) {
        this.#countEnd();
        break;
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
      const op = machine.pendingOp(thread);
      const answers = op === OP_CHOOSE || op === OP_PREEMPT ? machine.choiceCount(thread) : 1;
      for (let answer = 0; answer < answers; answer++) frames.addMove((answer << 8) | thread);
    }
    if (!frames.hasMoves()) this.#done += share;
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

  /** A thread whose next move is a persistent set of one; -1 when all orders are to be tried. */
  #forcedThread(ownership: Ownership, enabledCount: number, hasLocked: number): number {
    const { machine, enabled } = this;
    const { memory } = machine;
    let found = -1;
    let next = 0;
    this.#reasonWords = 0;
    const alone = this.liveThreads() === 1;
    const count = machine.threadCount();
    // Who waits has a claim, too: it might not have to wait if it had come first.
    for (let thread = 0; thread < count; thread++) {
      if (!machine.isLive(thread)) continue;
      const isEnabled = next < enabledCount && enabled[next] === thread;
      if (isEnabled) next++;
      const own = THREADS + thread * THREAD_WORDS;
      const op = machine.pendingOp(thread);
      const address = machine.pendingAddress(thread);
      const isOwn = ownership.claim(
        claimedAs(op, memory[address], thread),
        address,
        memory[own + THREAD_PC],
        memory[own + THREAD_CONTEXT],
        alone,
      );
      if (!isOwn || !isEnabled || found >= 0) continue;
      found = thread;
      this.#reason = address;
      this.#reasonWords = wordsTouched(machine.image.code, op, memory[own + THREAD_PC]);
    }
    if (enabledCount === 1 && machine.choiceCount(enabled[0]) === 1) {
      this.#reasonWords = 0;
      return enabled[0];
    }
    if (found < 0 && hasLocked >= 0 && this.#canGoOn(hasLocked)) {
      this.#reason = this.#lockedWord;
      this.#reasonWords = 1;
      return hasLocked;
    }
    return found;
  }

  /** Whether the thread takes a word that is nothing but a lock. */
  #locks(thread: number): boolean {
    const { machine } = this;
    if (this.#ownership === null || machine.pendingOp(thread) !== OP_LOCK) return false;
    this.#lockedWord = machine.pendingAddress(thread);
    return this.#ownership.isLock(this.#lockedWord);
  }

  /** Whether the thread can move without asking, waiting or ending anything. */
  #canGoOn(thread: number): boolean {
    const { machine } = this;
    if (machine.choiceCount(thread) !== 1 || !machine.isEnabled(thread)) return false;
    return !mayWait(machine.pendingOp(thread));
  }

  /** The sleep set after a move: those that sleep and do not depend on it go on sleeping. */
  #sleepAfter(sleep: number, mover: number): number {
    if (sleep === 0) return 0;
    const { machine } = this;
    const { code } = machine.image;
    const moved: PendingOperation = machine.pendingOperation(mover);
    let rest = sleep & ~(mover < SLEEP_THREADS ? 1 << mover : 0);
    for (let left = rest; left !== 0; left &= left - 1) {
      const thread = 31 - Math.clz32(left & -left);
      if (areDependent(code, machine.pendingOperation(thread), moved)) rest &= ~(1 << thread);
    }
    return rest;
  }

  protected override lostStates(): number {
    return this.settings.exact ? 0 : collisionProbability(this.states);
  }
}

/** A move with one answer: sleep sets name threads, so a choice never sleeps. */
function isPlainMove(op: number): boolean {
  return op !== OP_CHOOSE && op !== OP_PREEMPT;
}
