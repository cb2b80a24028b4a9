/**
 * How the workers of a parallel search share the work: who has none waits, and who has some gives
 * half of it away. A worker counts as idle from when it has nothing until somebody promises it
 * something; so when the last one becomes idle, nothing is left anywhere: the round is over, and
 * the last one says how it goes on.
 */
import {
  COMPLETE,
  endWaiting,
  IDLE,
  type SharedMemory,
  STOP,
  TASK_BUSY,
  TASK_END,
  TASK_GIVEN,
  TASK_NONE,
  TASK_PROMISED,
  TASK_ROUND,
  taskWord,
} from './parallel-memory.ts';

export type Task = 'expand' | 'round over' | 'round begins' | 'end';

export class Team {
  readonly #memory: SharedMemory;
  readonly #worker: number;
  readonly #control: Int32Array;

  constructor(memory: SharedMemory, worker: number) {
    this.#memory = memory;
    this.#worker = worker;
    this.#control = memory.control;
  }

  isStopped(): boolean {
    return Atomics.load(this.#control, STOP) !== 0;
  }

  /** Whether somebody waits for work. */
  isWorkWanted(): boolean {
    return Atomics.load(this.#control, IDLE) > 0;
  }

  get inbox(): Int32Array {
    return this.#memory.inboxes[this.#worker];
  }

  /** This worker has nothing to do: waits until that changes. */
  wait(): Task {
    const control = this.#control;
    const word = taskWord(this.#worker);
    Atomics.store(control, word, TASK_NONE);
    // Who stops the others does it before it wakes them: it is seen here, or it wakes this one.
    if (this.isStopped()) return 'end';
    if (Atomics.add(control, IDLE, 1) + 1 === this.#memory.workers) {
      Atomics.store(control, word, TASK_BUSY);
      return 'round over';
    }
    let task = TASK_NONE;
    while (task === TASK_NONE || task === TASK_PROMISED) {
      Atomics.wait(control, word, task);
      task = Atomics.load(control, word);
    }
    if (task === TASK_END) return 'end';
    Atomics.store(control, word, TASK_BUSY);
    return task === TASK_ROUND ? 'round begins' : 'expand';
  }

  /** Lets `pack` write work to the inbox of a worker that waits; the words written. */
  give(pack: (inbox: Int32Array) => number): number {
    const control = this.#control;
    for (let other = 0; other < this.#memory.workers; other++) {
      const word = taskWord(other);
      if (Atomics.compareExchange(control, word, TASK_NONE, TASK_PROMISED) !== TASK_NONE) continue;
      const words = pack(this.#memory.inboxes[other]);
      if (words > 0) Atomics.sub(control, IDLE, 1);
      Atomics.store(control, word, words > 0 ? TASK_GIVEN : TASK_NONE);
      Atomics.notify(control, word);
      // A stop that came meanwhile has not ended its waiting.
      if (this.isStopped()) endWaiting(control, this.#memory.workers);
      return words;
    }
    return 0;
  }

  /** After 'round over': nothing is left to do. */
  endAll(): void {
    Atomics.store(this.#control, COMPLETE, 1);
    endWaiting(this.#control, this.#memory.workers);
  }

  /** After 'round over': all begin a round; this worker does so at state 0. */
  beginRound(): void {
    const control = this.#control;
    Atomics.store(control, IDLE, 0);
    for (let other = 0; other < this.#memory.workers; other++) {
      if (other === this.#worker) continue;
      Atomics.store(control, taskWord(other), TASK_ROUND);
      Atomics.notify(control, taskWord(other));
    }
  }
}
