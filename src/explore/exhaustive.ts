/**
 * Exhaustive search: depth first over all schedules, each state expanded once.
 *
 * Reduction, on by default, has four parts, and keeps every outcome (and every deadlock):
 * - persistent sets of one: see ownership.ts (Godefroid 1996, chapter 4);
 * - a thread that alone can move is moved on without a state being stored;
 * - a thread that has just taken a lock makes its next move at once: taking a lock is a right mover and
 *   releasing it a left mover, so a critical section with one other operation is atomic (R. Lipton,
 *   "Reduction: A Method of Proving Properties of Parallel Programs", CACM 1975);
 * - sleep sets together with stored states, as in Godefroid, Holzmann and Pirottin, "State-space
 *   caching revisited" (CAV 1992) and Godefroid 1996, figure 5.2: a state is stored with its sleep
 *   set; when it is met again with a smaller one, only the difference is explored.
 * A run of forced moves is cut after FORCED_LIMIT steps by storing a state and expanding it fully,
 * so no cycle of them can leave another thread waiting for ever (the ignoring problem).
 */
import { THREAD_CONTEXT, THREADS, THREAD_WORDS } from '../language/image.ts';
import { OP_CHOOSE, OP_LOCK, OP_PREEMPT } from '../language/instructions.ts';
import type { Machine, PendingOperation } from '../machine/machine.ts';
import { SearchBase } from './base.ts';
import { areDependent, mayWait } from './operations.ts';
import { Ownership } from './ownership.ts';
import type { ExploreSettings } from './types.ts';
import { stateKey } from './exact.ts';
import { collisionProbability, VisitedTable } from './visited.ts';

/** Forced moves in a row before a state is stored all the same. */
const FORCED_LIMIT = 256;
/** Threads that sleep sets can name. */
const SLEEP_THREADS = 31;
/** Rounds in which assumptions about ownership may break before they are given up. */
const ROUND_LIMIT = 40;

/** One state on the path that is not yet done with. */
interface Frame {
  readonly mark: number;
  readonly pathLength: number;
  /** Moves to try, packed `answer << 8 | thread`, and how many of them have been. */
  readonly moves: readonly number[];
  next: number;
  /** Threads that need not be moved here: what they do has been tried before, in another order. */
  sleep: number;
  /** Share of the whole search that this state stands for, for the estimate of progress. */
  readonly share: number;
}

export class ExhaustiveSearch extends SearchBase {
  readonly #visited: VisitedTable;
  readonly #exactStates: Set<string> | null;
  #ownership: Ownership | null;
  #rounds = 0;
  #frames: Frame[] = [];
  #started = false;
  #done = 0;

  constructor(machine: Machine, settings: ExploreSettings) {
    super(machine, settings);
    this.#visited = new VisitedTable(settings.budgetBytes);
    this.#exactStates = settings.exact ? new Set() : null;
    this.#ownership = this.#isReducing() ? new Ownership(machine.image) : null;
  }

  /** Invariants, races and conditions see what lies between: nothing is skipped then. */
  #isReducing(): boolean {
    const { reduction, invariants, races, target } = this.settings;
    return reduction && !invariants && !races && (target === null || target.condition === null);
  }

  protected override work(): boolean {
    if (!this.#started) this.#start();
    const frame = this.#frames[this.#frames.length - 1];
    if (frame === undefined) return this.#endRound();
    if (frame.next >= frame.moves.length) {
      this.#frames.pop();
      return true;
    }
    const move = frame.moves[frame.next++];
    const thread = move & 0xff;
    this.machine.undo(frame.mark);
    this.path.length = frame.pathLength;
    const before = this.machine.pendingOperation(thread);
    const share = frame.share / frame.moves.length;
    const sleep = this.#sleepAfter(frame.sleep, before, thread);
    // Later siblings need not begin with this move: every order that does is covered here.
    if (thread < SLEEP_THREADS && isPlainMove(before)) frame.sleep |= 1 << thread;
    this.move(thread, move >>> 8);
    if (!this.isOver()) this.#visit(sleep, share, this.#locks(before) ? thread : -1);
    else this.#done += share;
    return true;
  }

  protected override doneShare(): number {
    return this.#rounds > 0 ? -1 : Math.min(1, this.#done);
  }

  #start(): void {
    this.#started = true;
    this.machine.reset();
    this.path.length = 0;
    this.#done = 0;
    if (!this.isOver()) this.#visit(0, 1, -1);
  }

  /** All is explored, unless what was assumed about memory turned out wrong: then once more. */
  #endRound(): boolean {
    const ownership = this.#ownership;
    if (ownership === null || ownership.broken === 0) {
      this.complete = true;
      return false;
    }
    ownership.broken = 0;
    if (++this.#rounds >= ROUND_LIMIT) this.#ownership = null;
    this.#visited.clear();
    this.#exactStates?.clear();
    this.startRound();
    this.#started = false;
    return true;
  }

  /** The machine is in a state that was reached just now: go on from it, or leave it. */
  #visit(sleepHere: number, share: number, locked: number): void {
    let sleep = sleepHere;
    let hasLocked = locked;
    for (let forced = 0; ; forced++) {
      if (this.tooDeep()) {
        this.#done += share;
        return;
      }
      const enabled = this.enabledThreads();
      if (enabled === 0) {
        this.quiet();
        this.#done += share;
        return;
      }
      const thread = forced < FORCED_LIMIT ? this.#forcedThread(enabled, hasLocked) : -1;
      if (thread < 0) break;
      if (thread < SLEEP_THREADS && (sleep & (1 << thread)) !== 0) {
        this.#done += share;
        return;
      }
      const before = this.machine.pendingOperation(thread);
      sleep = this.#sleepAfter(sleep, before, thread);
      hasLocked = this.#locks(before) ? thread : -1;
      this.move(thread, 0);
      if (this.isOver()) {
        this.#done += share;
        return;
      }
    }
    this.#expand(sleep, share);
  }

  /** Stores the state and puts it on the stack with its moves. */
  #expand(sleepHere: number, share: number): void {
    let sleep = sleepHere;
    let only = -1;
    if (!this.#insert()) {
      // Met before. What slept then but does not sleep now is still to be explored.
      const stored = this.#visited.payload();
      only = stored & ~sleep;
      if (only === 0) {
        this.#done += share;
        return;
      }
      sleep &= stored;
    } else {
      this.states++;
      if (this.#visited.isFull()) this.stop('memory', this.settings.budgetBytes);
      if (this.states >= this.settings.stateLimit) this.stop('states', this.settings.stateLimit);
    }
    this.#visited.setPayload(sleep);
    const moves: number[] = [];
    for (const thread of this.enabled) {
      const bit = thread < SLEEP_THREADS ? 1 << thread : 0;
      if ((sleep & bit) !== 0 || (only !== -1 && (only & bit) === 0)) continue;
      const answers = this.machine.choiceCount(thread);
      for (let answer = 0; answer < answers; answer++) moves.push((answer << 8) | thread);
    }
    if (moves.length === 0) this.#done += share;
    const mark = this.machine.mark();
    this.#frames.push({ mark, pathLength: this.path.length, moves, next: 0, sleep, share });
  }

  #insert(): boolean {
    const { machine } = this;
    const isNew = this.#visited.insert(machine.hashLow, machine.hashHigh);
    if (this.#exactStates === null) return isNew;
    const key = stateKey(machine.memory);
    if (this.#exactStates.has(key)) return false;
    this.#exactStates.add(key);
    return true;
  }

  /** A thread whose next move is a persistent set of one; -1 when all orders are to be tried. */
  #forcedThread(enabledCount: number, hasLocked: number): number {
    const { machine } = this;
    const ownership = this.#ownership;
    if (ownership === null) return -1;
    let found = -1;
    const alone = this.liveThreads() === 1;
    for (const thread of this.enabled) {
      if (machine.choiceCount(thread) !== 1) continue;
      const context = machine.memory[THREADS + thread * THREAD_WORDS + THREAD_CONTEXT];
      if (ownership.claim(machine.pendingOperation(thread), context, alone) && found < 0) {
        found = thread;
      }
    }
    if (enabledCount === 1 && machine.choiceCount(this.enabled[0]) === 1) return this.enabled[0];
    if (found < 0 && hasLocked >= 0 && this.#canGoOn(hasLocked)) return hasLocked;
    return found;
  }

  /** Whether the operation takes a word that is nothing but a lock. */
  #locks(pending: PendingOperation): boolean {
    return pending.op === OP_LOCK && (this.#ownership?.isLock(pending.address) ?? false);
  }

  /** Whether the thread can move without asking, waiting or ending anything. */
  #canGoOn(thread: number): boolean {
    const { machine } = this;
    if (machine.choiceCount(thread) !== 1 || !machine.isEnabled(thread)) return false;
    return !mayWait(machine.pendingOperation(thread).op);
  }

  /** The sleep set after a move: those that sleep and do not depend on it go on sleeping. */
  #sleepAfter(sleep: number, moved: PendingOperation, mover: number): number {
    let rest = sleep;
    if (rest === 0 || !this.#isReducing()) return 0;
    for (let thread = 0; thread < SLEEP_THREADS; thread++) {
      const bit = 1 << thread;
      if ((rest & bit) === 0) continue;
      const pending = this.machine.pendingOperation(thread);
      if (thread === mover || areDependent(this.machine.image, pending, moved)) rest &= ~bit;
    }
    return rest;
  }

  protected override lostStates(): number {
    return this.#exactStates === null ? collisionProbability(this.states) : 0;
  }
}

/** A move with one answer: sleep sets name threads, so a choice never sleeps. */
function isPlainMove(pending: PendingOperation): boolean {
  return pending.op !== OP_CHOOSE && pending.op !== OP_PREEMPT;
}
