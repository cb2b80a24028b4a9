/**
 * What the workers of a parallel search share: one block of control words, the table of states, the
 * assumptions about memory, and an inbox a worker. All of it is plain shared memory, so a search
 * needs no messages but the first (what to search) and the last (what was found).
 */
import type { Image } from '../language/image.ts';
import { SEARCH_MEMORY_WORDS } from './explore.ts';
import { type Claims, sharedClaims } from './ownership.ts';
import type { ExploreSettings, Progress } from './types.ts';
import { entriesWithin } from './visited.ts';

/** Words of a cache line: what different workers write is kept that far apart. */
const LINE = 16;

// Control words.
/** Why everybody must stop: an index of STOP_REASONS; 0: go on. */
export const STOP = 0;
/** The search is over: all was explored. */
export const COMPLETE = 1;
/** 1 while a worker makes the table larger and all others wait. */
export const GROWING = LINE;
/** Entries of the table that are in use. */
export const CAPACITY = LINE + 1;
/** Room for states that workers have taken. */
export const TAKEN = 2 * LINE;
/** States that workers have taken the right to count. */
export const COUNTED = 3 * LINE;
/** Workers without work. */
export const IDLE = 4 * LINE;
const FIRST_WORKER = 5 * LINE;

/** Of a worker: what it has to do, one of the TASK_… below. */
export function taskWord(worker: number): number {
  return FIRST_WORKER + worker * 2 * LINE;
}

/** Of a worker: 1 while it is sure not to touch the table. */
export function parkedWord(worker: number): number {
  return FIRST_WORKER + worker * 2 * LINE + LINE;
}

export const TASK_BUSY = 0;
/** Has nothing to do, and waits. */
export const TASK_NONE = 1;
/** Another worker is about to fill its inbox. */
export const TASK_PROMISED = 2;
/** Its inbox has states to expand. */
export const TASK_GIVEN = 3;
/** A new round has begun. */
export const TASK_ROUND = 4;
export const TASK_END = 5;

export const STOP_REASONS = ['', 'states', 'seconds', 'memory', 'cancelled', 'reached'];

/** Doubles a worker tells its progress with, a cache line. */
const PROGRESS_NUMBERS = 8;

export interface SharedMemory {
  readonly workers: number;
  readonly control: Int32Array;
  readonly progress: Float64Array;
  /** Two words a state: its hash. */
  readonly keys: Int32Array;
  /** A word a state: what was explored from it. */
  readonly payloads: Int32Array;
  /** States that there is room for, and states that may be counted. */
  readonly roomLimit: number;
  readonly stateLimit: number;
  readonly inboxes: readonly Int32Array[];
  readonly claims: Claims;
}

const FIRST_CAPACITY = 1 << 14;
/** Load at which the table has no larger size left. */
const FULLEST = 0.75;
const STORED_TO_COUNTED = 4;
const LEAST_ROOM = 512;
const INBOX_SPARE_WORDS = 1 << 16;
const LARGEST_INBOX_WORDS = 1 << 24;

/** Reserves the memory of a search. The system gives it when it is first touched. */
export function makeSharedMemory(
  image: Image,
  settings: ExploreSettings,
  workers: number,
): SharedMemory {
  const { stateLimit, budgetBytes, depthLimit } = settings;
  // States are stored before they are counted, but not many more than that. Workers take room for
  // many at once.
  const toStore = Math.max(stateLimit * STORED_TO_COUNTED, workers * LEAST_ROOM);
  const roomLimit = Math.min(entriesWithin(budgetBytes), toStore);
  let capacity = FIRST_CAPACITY;
  while (capacity * FULLEST < roomLimit) capacity *= 2;
  const inboxWords = Math.min(depthLimit + INBOX_SPARE_WORDS, LARGEST_INBOX_WORDS);
  const memory: SharedMemory = {
    workers,
    control: sharedWords(taskWord(workers)),
    progress: new Float64Array(new SharedArrayBuffer(workers * PROGRESS_NUMBERS * 8)),
    keys: sharedWords(capacity * 2),
    payloads: sharedWords(capacity),
    roomLimit,
    stateLimit,
    inboxes: Array.from({ length: workers }, () => sharedWords(inboxWords)),
    claims: sharedClaims(image.options.memoryWords ?? SEARCH_MEMORY_WORDS),
  };
  memory.control[CAPACITY] = FIRST_CAPACITY;
  for (let worker = 0; worker < workers; worker++) memory.control[parkedWord(worker)] = 1;
  return memory;
}

function sharedWords(words: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(words * 4));
}

/** Asks all workers to stop; the first reason counts. */
export function stopAll(memory: SharedMemory, reason: string): void {
  const { control, workers } = memory;
  Atomics.compareExchange(control, STOP, 0, Math.max(1, STOP_REASONS.indexOf(reason)));
  endWaiting(control, workers);
}

/** Wakes who waits for work: there is none any more. Others look by themselves. */
export function endWaiting(control: Int32Array, workers: number): void {
  for (let worker = 0; worker < workers; worker++) {
    const word = taskWord(worker);
    if (Atomics.compareExchange(control, word, TASK_NONE, TASK_END) === TASK_NONE) {
      Atomics.notify(control, word);
    }
  }
}

/** Notes how far a worker is. */
export function writeProgress(memory: SharedMemory, worker: number, progress: Progress): void {
  const { states, transitions, executions, depth, outcomes, done } = progress;
  memory.progress.set(
    [states, transitions, executions, depth, outcomes, done],
    worker * PROGRESS_NUMBERS,
  );
}

/** The progress of all workers together; outcomes are at least so many. */
export function readProgress(memory: SharedMemory, seconds: number): Progress {
  const all = { states: 0, transitions: 0, executions: 0, depth: 0, outcomes: 0, done: 0 };
  for (let worker = 0; worker < memory.workers; worker++) {
    const at = worker * PROGRESS_NUMBERS;
    const [states, transitions, executions, depth, outcomes, done] = memory.progress.subarray(at);
    all.states += states;
    all.transitions += transitions;
    all.executions += executions;
    all.depth = Math.max(all.depth, depth);
    all.outcomes = Math.max(all.outcomes, outcomes);
    all.done += done;
  }
  return { ...all, seconds, done: Math.min(1, all.done) };
}
