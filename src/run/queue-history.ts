/** Looking back at the cleanup queue: when it changed, and who put a block where it is. */
import type { Frame, Inspector } from './inspect.ts';
import { awayFrom, lastMoment, lookingAway, WatchedWords } from './looking-back.ts';
import { globalNamed } from './model.ts';
import { queueChanges } from './queue-text.ts';
import { type QueueState, readCleanupQueue } from './queue.ts';
import type { Work } from './slices.ts';
import type { Timeline } from './timeline.ts';

/** Where something came about. */
export interface QueueOrigin {
  /** The moment before it, in instructions, and the steps that were complete. */
  readonly instruction: number;
  readonly step: number;
  /** `G1`, and its stack at the moment, innermost first. */
  readonly goroutine: string;
  readonly frames: readonly Frame[];
}

/**
 * Who put the block at `address` on the stack, or into the hands, where it is now: the moment, and
 * the stack that did it. Null when it has been there since the start.
 */
export function* originOfBlock(
  timeline: Timeline,
  inspector: Inspector,
  address: number,
): Work<QueueOrigin | null> {
  const placeNow = () => {
    const state = readCleanupQueue(inspector);
    return state === null ? '' : placeOf(state, address);
  };
  const wanted = placeNow();
  const words = new QueueWords(inspector);
  let wasThere = false;
  const moment = yield* lastMoment(
    timeline,
    () => {
      words.remember();
      wasThere = placeNow() === wanted;
    },
    () => {
      if (!words.changed()) return false;
      const isThere = placeNow() === wanted;
      const came = isThere && !wasThere;
      wasThere = isThere;
      return came;
    },
  );
  return moment === null ? null : originAt(timeline, inspector, moment);
}

/** The stack that did what happened at a moment. */
export function originAt(timeline: Timeline, inspector: Inspector, moment: number): QueueOrigin {
  return lookingAway(timeline, () => {
    timeline.seekInstruction(moment);
    // Who moves next is known after the move.
    timeline.walk(null, 1);
    const { thread } = timeline;
    timeline.seekInstruction(moment);
    const goroutine = inspector.goroutineOf(thread);
    return {
      instruction: moment,
      step: timeline.step,
      goroutine: goroutine?.shortName ?? `M${thread}`,
      frames: goroutine === null ? [] : inspector.frames(goroutine),
    };
  });
}

/**
 * The moment before the last step that changed the picture of the queue; null when none did since
 * the start.
 */
export function previousQueueChange(timeline: Timeline, inspector: Inspector): Work<number | null> {
  const begun = timeline.instruction;
  return awayFrom(timeline, search());

  function* search(): Work<number | null> {
    let later = readCleanupQueue(inspector);
    while (later !== null && timeline.instruction > timeline.start) {
      if (!timeline.back() && timeline.instruction >= begun) return null;
      const now = readCleanupQueue(inspector);
      if (now === null) return null;
      if (queueChanges(later, now).length > 0) return timeline.instruction;
      later = now;
      yield;
    }
    return null;
  }
}

/** Goes forward to after the next step that changes the picture; false at the end of the run. */
export function* toNextQueueChange(timeline: Timeline, inspector: Inspector): Work<boolean> {
  const before = readCleanupQueue(inspector);
  while (yield* timeline.goForward()) {
    const now = readCleanupQueue(inspector);
    if (before === null || now === null) return false;
    if (queueChanges(now, before).length > 0) return true;
  }
  return false;
}

function placeOf(state: QueueState, address: number): string {
  if (state.full.some((block) => block.address === address)) return 'full';
  if (state.free.some((block) => block.address === address)) return 'free';
  const holders = [...state.processors, ...state.goroutines];
  return holders.find(({ block }) => block?.address === address)?.name ?? '';
}

/** The words of the state in which blocks begin: the queue itself, and what each P holds. */
class QueueWords {
  readonly #memory: () => Int32Array;
  readonly #watched: WatchedWords[] = [];

  constructor(inspector: Inspector) {
    const { image, machine, model, values } = inspector;
    this.#memory = () => machine.memory;
    const { memory } = machine;
    const queue = image.globals.find(
      (one) => one.packageName === 'runtime' && one.name === 'gcCleanups',
    );
    if (queue === undefined) return;
    const words = values.typeOf(queue.type)?.words ?? 1;
    this.#watched.push(new WatchedWords(memory, queue.address, words));
    const p = model === null ? null : values.typeOf(model.pType);
    const offset = p?.fields.find(({ name }) => name === 'cleanups')?.offset ?? -1;
    const allp = globalNamed(image, 'runtime', 'allp');
    for (let index = 0; index < 64 && offset >= 0 && memory[allp + index] !== 0; index++) {
      this.#watched.push(new WatchedWords(memory, memory[allp + index] + offset, 1));
    }
  }

  remember(): void {
    for (const one of this.#watched) one.remember(this.#memory());
  }

  changed(): boolean {
    return this.#watched.filter((one) => one.changed(this.#memory())).length > 0;
  }
}
