/**
 * Happens-before by vector clocks: who knows of which accesses, and which two accesses nobody has
 * put in order. The algorithm is DJIT+ (E. Pozniansky, A. Schuster, "Efficient On-the-Fly Data Race
 * Detection in Multithreaded C++ Programs", PPoPP 2003) with the epochs of FastTrack (C. Flanagan,
 * S. Freund, "FastTrack: Efficient and Precise Dynamic Race Detection", PLDI 2009): an access is a
 * task and a time of it, and it happens before what a task does now if the task's clock has reached
 * that time. Of each word all accesses are kept that somebody alive does not know of yet, not the
 * last write alone; so the races that are found do not depend on which of two concurrent steps was
 * taken first, and a search that tries only one of the orders finds them all.
 *
 * A task is one life of a context (a goroutine) or a thread, numbered as they begin. All values in
 * the maps are immutable, and every change is noted, so that it can be taken back.
 */

/** Times by task; what is missing is 0. */
export type Clock = readonly number[];

/** One access to a word, as far as it may still race. */
export interface Access {
  readonly task: number;
  readonly time: number;
  readonly isWrite: boolean;
  readonly isAtomic: boolean;
  /** Where it is in the scenario. */
  readonly pc: number;
}

/** What was sent through a buffer: the clocks of its slots, oldest first. */
interface Buffer {
  readonly full: readonly Clock[];
  readonly free: readonly Clock[];
}

type Key = number;

/** A change that can be taken back. */
interface Change {
  readonly map: Map<Key, unknown>;
  readonly key: Key;
  /** Undefined: there was nothing. */
  readonly before: unknown;
}

const NOTHING: Clock = [];
const NO_ACCESSES: readonly Access[] = [];
const NEXT_TASK = -1;

export class RaceClocks {
  /** Task by context (or thread) that is alive; the number of tasks at NEXT_TASK. */
  readonly #tasks = new Map<Key, number>();
  readonly #clocks = new Map<Key, Clock>();
  readonly #releases = new Map<Key, Clock>();
  readonly #buffers = new Map<Key, Buffer>();
  readonly #accesses = new Map<Key, readonly Access[]>();
  /** What each change has replaced. */
  readonly #journal: Change[] = [];

  /** Forgets everything. */
  reset(): void {
    for (const map of this.#maps()) map.clear();
    this.#journal.length = 0;
  }

  /** The same knowledge, that goes its own way. */
  copy(): RaceClocks {
    const copy = new RaceClocks();
    const [from, to] = [this.#maps(), copy.#maps()];
    for (const [index, map] of from.entries()) {
      for (const [key, value] of map) to[index].set(key, value);
    }
    for (const { map, key, before } of this.#journal) {
      copy.#journal.push({ map: to[from.indexOf(map)], key, before });
    }
    return copy;
  }

  #maps(): Map<Key, unknown>[] {
    return [this.#tasks, this.#clocks, this.#releases, this.#buffers, this.#accesses];
  }

  mark(): number {
    return this.#journal.length;
  }

  /** Takes back what was done since the mark. */
  undo(mark: number): void {
    const journal = this.#journal;
    while (journal.length > mark) {
      const { map, key, before } = journal.pop()!;
      if (before === undefined) map.delete(key);
      else map.set(key, before);
    }
  }

  // ------------------------------------------------------------------------- who knows what

  /** Whether the context is alive and has a task. */
  has(context: number): boolean {
    return this.#tasks.has(context);
  }

  /** The task of a context; one that nobody has started knows of nothing. */
  taskOf(context: number): number {
    return this.#tasks.get(context) ?? this.#begin(context, NOTHING);
  }

  acquire(context: number, address: number): void {
    const released = this.#releases.get(address);
    if (released !== undefined) this.#learn(this.taskOf(context), released);
  }

  release(context: number, address: number): void {
    const task = this.taskOf(context);
    this.#set(this.#releases, address, this.#clockOf(task));
    this.#tick(task);
  }

  releaseMerge(context: number, address: number): void {
    const task = this.taskOf(context);
    const before = this.#releases.get(address) ?? NOTHING;
    this.#set(this.#releases, address, joined(before, this.#clockOf(task)));
    this.#tick(task);
  }

  /** An element of `words` words goes into a buffer that holds `size` of them. */
  send(context: number, address: number, words: number, size: number): void {
    if (words === 0) {
      this.acquire(context, address);
      this.release(context, address);
      return;
    }
    const { full, free } = this.#bufferOf(address, size);
    const left = this.#exchange(context, free[0] ?? NOTHING);
    this.#set(this.#buffers, address, { full: [...full, left], free: free.slice(1) });
  }

  receive(context: number, address: number, words: number, size: number): void {
    if (words === 0) {
      this.acquire(context, address);
      this.release(context, address);
      return;
    }
    const { full, free } = this.#bufferOf(address, size);
    const left = this.#exchange(context, full[0] ?? NOTHING);
    this.#set(this.#buffers, address, { full: full.slice(1), free: [...free, left] });
  }

  #bufferOf(address: number, size: number): Buffer {
    const known = this.#buffers.get(address);
    if (known !== undefined) return known;
    return { full: [], free: Array.from({ length: size }, () => NOTHING) };
  }

  /** The context learns what the slot holds; the slot holds what the context knew before. */
  #exchange(context: number, slot: Clock): Clock {
    const task = this.taskOf(context);
    const before = this.#clockOf(task);
    this.#learn(task, slot);
    this.#tick(task);
    return before;
  }

  /** Two contexts meet: each learns what the other one knows. */
  rendezvous(context: number, other: number): void {
    const [task, otherTask] = [this.taskOf(context), this.taskOf(other)];
    const both = joined(this.#clockOf(task), this.#clockOf(otherTask));
    for (const one of [task, otherTask]) {
      this.#learn(one, both);
      this.#tick(one);
    }
  }

  /** A context begins, knowing what the one that starts it knows. */
  fork(parent: number, context: number): void {
    const task = this.#tasks.get(parent);
    this.#begin(context, task === undefined ? NOTHING : this.#clockOf(task));
    if (task !== undefined) this.#tick(task);
  }

  /** A context begins, knowing what was released at an address. */
  start(context: number, address: number): void {
    this.#begin(context, this.#releases.get(address) ?? NOTHING);
  }

  /** A context has ended: nothing that it knows matters any more. */
  end(context: number): void {
    const task = this.#tasks.get(context);
    if (task === undefined) return;
    this.#set(this.#tasks, context, undefined);
    this.#set(this.#clocks, task, undefined);
  }

  /** Whether the task has not ended. */
  isAlive(task: number): boolean {
    return this.#clocks.has(task);
  }

  #begin(context: number, known: Clock): number {
    const before = this.#tasks.get(context);
    if (before !== undefined) this.#set(this.#clocks, before, undefined);
    const task = this.#tasks.get(NEXT_TASK) ?? 0;
    this.#set(this.#tasks, NEXT_TASK, task + 1);
    this.#set(this.#tasks, context, task);
    const clock = known.slice();
    clock[task] = 1;
    for (let i = known.length; i < task; i++) clock[i] = 0;
    this.#set(this.#clocks, task, clock);
    return task;
  }

  #clockOf(task: number): Clock {
    return this.#clocks.get(task) ?? NOTHING;
  }

  #learn(task: number, known: Clock): void {
    const before = this.#clockOf(task);
    const after = joined(before, known);
    if (after !== before) this.#set(this.#clocks, task, after);
  }

  /** What the task does from now on is not yet known to who has learned of it. */
  #tick(task: number): void {
    const clock = this.#clockOf(task).slice();
    clock[task]++;
    this.#set(this.#clocks, task, clock);
  }

  // ------------------------------------------------------------------------------- accesses

  /** Notes an access to a word; gives the accesses that it races with. */
  access(
    context: number,
    address: number,
    isWrite: boolean,
    isAtomic: boolean,
    pc: number,
  ): readonly Access[] {
    const task = this.taskOf(context);
    const clock = this.#clockOf(task);
    const before = this.#accesses.get(address) ?? NO_ACCESSES;
    const time = clock[task];
    let races = NO_ACCESSES;
    const kept: Access[] = [];
    for (const one of before) {
      const isSame = one.task === task && one.pc === pc;
      if (isSame && one.isWrite === isWrite && one.isAtomic === isAtomic) {
        if (one.time === time) return NO_ACCESSES;
        continue;
      }
      const conflicts = (one.isWrite || isWrite) && !(one.isAtomic && isAtomic);
      if (conflicts && !isKnown(one, clock)) races = [...races, one];
      if (!this.#isKnownToAll(one)) kept.push(one);
    }
    kept.push({ task, time, isWrite, isAtomic, pc });
    this.#set(this.#accesses, address, kept);
    return races;
  }

  #isKnownToAll(access: Access): boolean {
    for (const [context, task] of this.#tasks) {
      if (context !== NEXT_TASK && !isKnown(access, this.#clockOf(task))) return false;
    }
    return true;
  }

  /**
   * A hash of all that matters to what may be found from here on, in two lanes: which accesses are
   * known to whom. Numbers of tasks and times are not in it, so that equal futures are equal.
   */
  hash(lanes: [low: number, high: number]): void {
    let low = 0;
    let high = 0;
    for (const [address, accesses] of this.#accesses) {
      for (const access of accesses) {
        if (this.#isKnownToAll(access)) continue;
        const kind = (access.isWrite ? 1 : 0) + (access.isAtomic ? 2 : 0);
        const what = mix(mix(mix(1, address), access.pc), kind);
        low = (low + mix(what, this.#hashOfKnowing(access, 5))) | 0;
        high = (high + mix(what ^ 0x5bd1e995, this.#hashOfKnowing(access, 9))) | 0;
      }
    }
    lanes[0] = low;
    lanes[1] = high;
  }

  #hashOfKnowing(access: Access, seed: number): number {
    let sum = 0;
    for (const [context, task] of this.#tasks) {
      if (context === NEXT_TASK || !isKnown(access, this.#clockOf(task))) continue;
      sum = (sum + mix(seed, context)) | 0;
    }
    for (const [address, clock] of this.#releases) {
      if (isKnown(access, clock)) sum = (sum + mix(seed + 1, address)) | 0;
    }
    for (const [address, { full, free }] of this.#buffers) {
      for (const [place, clock] of [...full, ...free].entries()) {
        if (isKnown(access, clock)) sum = (sum + mix(mix(seed + 2, address), place)) | 0;
      }
    }
    return sum;
  }

  #set<T>(map: Map<Key, T>, key: Key, value: T | undefined): void {
    this.#journal.push({ map: map as Map<Key, unknown>, key, before: map.get(key) });
    if (value === undefined) map.delete(key);
    else map.set(key, value);
  }
}

function isKnown(access: Access, clock: Clock): boolean {
  return (clock[access.task] ?? 0) >= access.time;
}

/** The later of both times of each task; `a` itself when `b` has nothing new. */
function joined(a: Clock, b: Clock): Clock {
  let result: number[] | null = null;
  for (let task = 0; task < b.length; task++) {
    if (b[task] <= (a[task] ?? 0)) continue;
    if (result === null) {
      result = a.slice();
      for (let i = a.length; i < b.length; i++) result[i] = 0;
    }
    result[task] = b[task];
  }
  return result ?? a;
}

function mix(seed: number, value: number): number {
  let bits = Math.imul(seed ^ value, 0x9e3779b1) + (seed << 7) + (value >>> 3);
  bits = Math.imul(bits ^ (bits >>> 15), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
