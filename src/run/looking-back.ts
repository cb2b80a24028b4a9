/**
 * Questions about the recorded past: who wrote this last, which handoff was before this one, when
 * did this line run. They are answered by executing the past again, and leave the present where it
 * is.
 */
import type { Work } from './slices.ts';
import type { Timeline } from './timeline.ts';

/** Instructions that are looked through at first; each further stretch is twice as long. */
const firstStretch = 4096;

/** Does something that travels, and comes back to the present. */
export function lookingAway<Result>(timeline: Timeline, look: () => Result): Result {
  const comeBack = wayBack(timeline);
  const result = look();
  comeBack();
  return result;
}

/** The same for long work; it comes back, too, when the work is given up. */
export function* awayFrom<Result>(timeline: Timeline, work: Work<Result>): Work<Result> {
  const comeBack = wayBack(timeline);
  try {
    return yield* work;
  } finally {
    comeBack();
  }
}

function wayBack(timeline: Timeline): () => void {
  const { instruction, outcome } = timeline;
  return () => {
    timeline.seekInstruction(instruction);
    // An end that no instruction made lies after the last one.
    if (outcome !== null && timeline.outcome === null) timeline.forward();
  };
}

/**
 * The last moment in the past before an instruction that made `isThere` true, which is asked after
 * every instruction; null when there was none. `begin` is called at the start of each stretch that
 * is executed again. Moments before `first` are not asked about.
 */
export function lastMoment(
  timeline: Timeline,
  begin: () => void,
  isThere: () => boolean,
  first = 0,
): Work<number | null> {
  const everywhere = new Uint8Array(timeline.image.statements.length).fill(1);
  return lastOfStretches(timeline, first, function* (start, end) {
    let found: number | null = null;
    timeline.seekInstruction(start);
    begin();
    let before = start;
    yield* timeline.lookThrough(start, end, everywhere, () => {
      if (isThere()) found = before;
      before = timeline.instruction;
    });
    return found;
  });
}

/**
 * The last moment before the present at which the thread that moved stood before a marked place
 * (`places[pc / 4]` is not 0) and `isWanted` agreed; null when there was none.
 */
export function lastVisit(
  timeline: Timeline,
  places: Uint8Array,
  isWanted: () => boolean,
): Work<number | null> {
  const now = timeline.instruction;
  return lastOfStretches(timeline, 0, function* (start, end) {
    let found: number | null = null;
    yield* timeline.lookThrough(start, Math.min(end, now - 1), places, () => {
      if (isWanted()) found = timeline.instruction;
    });
    return found;
  });
}

/** Looks through the past in stretches (start, end], the latest first, until something is found. */
function lastOfStretches(
  timeline: Timeline,
  first: number,
  look: (start: number, end: number) => Work<number | null>,
): Work<number | null> {
  return awayFrom(timeline, search());

  function* search(): Work<number | null> {
    const begin = Math.max(timeline.start, first);
    let stretch = firstStretch;
    let end = timeline.instruction;
    while (end > begin) {
      const start = Math.max(begin, end - stretch);
      const found = yield* look(start, end);
      if (found !== null) return found;
      end = start;
      stretch *= 2;
    }
    return null;
  }
}

/**
 * The moment before the last instruction that changed one of `words` words at `address`; null when
 * nothing did since the start.
 */
export function lastChange(
  timeline: Timeline,
  address: number,
  words: number,
): Work<number | null> {
  const { machine } = timeline;
  const watched = new WatchedWords(machine.memory, address, words);
  return lastMoment(
    timeline,
    () => watched.remember(machine.memory),
    () => watched.changed(machine.memory),
  );
}

/** Words of the state, and what they were when they were last looked at. */
export class WatchedWords {
  readonly address: number;
  readonly before: Int32Array;

  constructor(memory: Int32Array, address: number, words: number) {
    this.address = address;
    this.before = new Int32Array(words);
    this.remember(memory);
  }

  /** Takes the words as they are. */
  remember(memory: Int32Array): void {
    for (let i = 0; i < this.before.length; i++) this.before[i] = memory[this.address + i];
  }

  /** Whether one differs from what is remembered; the words are then remembered as they are. */
  changed(memory: Int32Array): boolean {
    const { address, before } = this;
    for (let i = 0; i < before.length; i++) {
      if (memory[address + i] === before[i]) continue;
      this.remember(memory);
      return true;
    }
    return false;
  }
}
