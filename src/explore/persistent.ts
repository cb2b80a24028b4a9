/**
 * Persistent sets of one: which thread may go first, and on what grounds.
 *
 * Every state is looked at, whatever becomes of it. A move of one's own was made before those of
 * others because nobody else touches its word; who does may be met for the only time in a
 * standstill, where it waits for that word, or where the run ends.
 */
import { THREAD_CONTEXT, THREAD_PC, THREADS, THREAD_WORDS } from '../language/image.ts';
import { OP_LOCK } from '../language/instructions.ts';
import type { Machine } from '../machine/machine.ts';
import { AtomicSections } from './atomic.ts';
import { isAtomicSection, mayWait, wordsTouched } from './operations.ts';
import { claimedAs, type Ownership } from './ownership.ts';

export class PersistentSets {
  readonly ownership: Ownership;
  /** The words that the last forced move was forced by: none, if there was no other move. */
  reason = 0;
  reasonWords = 0;
  readonly #machine: Machine;
  readonly #sections: AtomicSections;
  /** The lock that was taken last. */
  #lockedWord = 0;

  constructor(machine: Machine, ownership: Ownership) {
    this.#machine = machine;
    this.ownership = ownership;
    this.#sections = new AtomicSections(machine);
  }

  /**
   * Notes what all threads are about to touch, also those that wait: they might not have to if they
   * had come first. Gives the first of the `count` threads of `enabled` that touches nothing but
   * what is its own, or -1.
   */
  claimAll(enabled: Int32Array, count: number): number {
    const { ownership } = this;
    let broken: number;
    let found: number;
    // What a later thread turns out to touch, too, forces no earlier one.
    do {
      broken = ownership.broken;
      found = this.#claimOnce(enabled, count);
    } while (ownership.broken !== broken);
    return found;
  }

  #claimOnce(enabled: Int32Array, enabledCount: number): number {
    const machine = this.#machine;
    const { memory } = machine;
    let found = -1;
    let next = 0;
    const alone = this.#isAlone();
    const count = machine.threadCount();
    for (let thread = 0; thread < count; thread++) {
      if (!machine.isLive(thread)) continue;
      const isEnabled = next < enabledCount && enabled[next] === thread;
      if (isEnabled) next++;
      const own = THREADS + thread * THREAD_WORDS;
      const op = machine.pendingOp(thread);
      const address = machine.pendingAddress(thread);
      const isOwn = this.ownership.claim(
        claimedAs(op, memory[address], thread),
        address,
        memory[own + THREAD_PC],
        memory[own + THREAD_CONTEXT],
        alone,
      );
      if (!isOwn || !isEnabled || found >= 0) continue;
      found = thread;
      this.reason = address;
      this.reasonWords = wordsTouched(machine.image.code, op, memory[own + THREAD_PC]);
    }
    return found;
  }

  /** Notes what the thread's step is going to touch, if it is an atomic section. */
  claimSection(thread: number): void {
    const machine = this.#machine;
    if (!isAtomicSection(machine.pendingOp(thread)) || this.#isAlone()) return;
    const context = machine.memory[THREADS + thread * THREAD_WORDS + THREAD_CONTEXT];
    this.#sections.claim(thread, context, this.ownership);
  }

  /**
   * A thread whose next move is a persistent set of one; -1 when all orders are to be tried. `own`:
   * what claimAll gave; `hasLocked`: the thread that has just taken a lock, or -1.
   */
  forcedThread(own: number, enabled: Int32Array, count: number, hasLocked: number): number {
    if (count === 1 && this.#machine.choiceCount(enabled[0]) === 1) {
      this.reasonWords = 0;
      return enabled[0];
    }
    if (own < 0 && hasLocked >= 0 && this.#canGoOn(hasLocked)) {
      this.reason = this.#lockedWord;
      this.reasonWords = 1;
      return hasLocked;
    }
    return own;
  }

  /** Whether the thread takes a word that is nothing but a lock. */
  locks(thread: number): boolean {
    const machine = this.#machine;
    if (machine.pendingOp(thread) !== OP_LOCK) return false;
    this.#lockedWord = machine.pendingAddress(thread);
    return this.ownership.isLock(this.#lockedWord);
  }

  /** Whether the thread that has taken a lock can move without asking or waiting. */
  #canGoOn(thread: number): boolean {
    const machine = this.#machine;
    if (!this.ownership.isLock(this.#lockedWord)) return false;
    if (machine.choiceCount(thread) !== 1 || !machine.isEnabled(thread)) return false;
    return !mayWait(machine.pendingOp(thread));
  }

  #isAlone(): boolean {
    const machine = this.#machine;
    const count = machine.threadCount();
    let live = 0;
    for (let thread = 0; thread < count && live < 2; thread++) {
      if (machine.isLive(thread)) live++;
    }
    return live === 1;
  }
}
