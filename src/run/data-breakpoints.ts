/**
 * Breakpoints on values: a movement that also stops when watched words change, forwards and
 * backwards.
 */
import type { BreakpointHit, BreakpointRequest } from './breakpoints.ts';
import { evaluate, holds } from './evaluate.ts';
import type { Inspector } from './inspect.ts';
import { WatchedWords, lastMoment, lookingAway } from './looking-back.ts';
import { SLICE_INSTRUCTIONS, type Work } from './slices.ts';
import type { RunningMovement, Stop } from './stepping.ts';
import type { Timeline } from './timeline.ts';

export interface DataBreakpoint extends BreakpointRequest {
  readonly address: number;
  readonly words: number;
  /** What it watches, for people and as an expression: `M0.lockedExt`. */
  readonly name: string;
}

/** `movement`, but it also stops where one of `breakpoints` is hit. */
export function watching(
  movement: RunningMovement,
  breakpoints: readonly DataBreakpoint[],
  isBackwards: boolean,
  timeline: Timeline,
  inspector: Inspector,
): RunningMovement {
  if (breakpoints.length === 0) return movement;
  const watches = breakpoints.map((one) => new Watch(one, timeline, inspector));
  const here: Here = { timeline, inspector };
  if (isBackwards) return backwards(movement, watches, here);
  return {
    run: (maxInstructions) => runForwards(movement, watches, maxInstructions, here),
    pause: () => movement.pause(),
  };
}

/** Looking at the words after each instruction is slow, so fewer are executed at once. */
const maxAtOnce = 5000;

function runForwards(
  movement: RunningMovement,
  watches: readonly Watch[],
  maxInstructions: number,
  here: Here,
): Stop | null {
  for (let count = Math.min(maxInstructions, maxAtOnce); count > 0; count--) {
    const stop = movement.run(1);
    const hits = watches.flatMap((watch) => watch.hitForwards());
    if (stop !== null || hits.length > 0) return merge(stop ?? stopHere(here), hits);
  }
  return null;
}

/** The movement, but it returns to a change that it went past. */
function backwards(
  movement: RunningMovement,
  watches: readonly Watch[],
  here: Here,
): RunningMovement {
  const from = here.timeline.instruction;
  const work = runBackwards(movement, watches, here);
  return {
    run: () => {
      const part = work.next();
      return part.done === true ? part.value : null;
    },
    pause: () => {
      // What lies behind has not been looked at, so it is not passed.
      work.return(stopHere(here));
      here.timeline.seekInstruction(from);
      return { ...stopHere(here), reason: 'pause' };
    },
  };
}

/** Goes where the movement goes, then looks at what changed on the way. */
function* runBackwards(
  movement: RunningMovement,
  watches: readonly Watch[],
  here: Here,
): Work<Stop> {
  const { timeline } = here;
  const from = timeline.instruction;
  let stop = movement.run(SLICE_INSTRUCTIONS);
  for (; stop === null; stop = movement.run(SLICE_INSTRUCTIONS)) yield;
  let latest = timeline.instruction;
  timeline.seekInstruction(from);
  const changes: Change[] = [];
  for (const watch of watches) {
    const change = yield* watch.lastHit(latest);
    if (change === null) continue;
    changes.push(change);
    latest = Math.max(latest, change.moment);
  }
  timeline.seekInstruction(latest);
  const hits = changes.filter(({ moment }) => moment === latest).map(({ hit }) => hit);
  return hits.length === 0 ? stop : merge(stopHere(here), hits);
}

interface Change {
  readonly moment: number;
  readonly hit: BreakpointHit;
}

interface Here {
  readonly timeline: Timeline;
  readonly inspector: Inspector;
}

/** A stop at the very instruction, which may be one in the middle of a statement. */
function stopHere({ timeline, inspector }: Here): Stop {
  const goroutine = inspector.goroutineOf(timeline.thread)?.id ?? null;
  return { reason: 'step', goroutine, breakpoint: null, outcome: timeline.outcome };
}

function merge(stop: Stop, hits: readonly BreakpointHit[]): Stop {
  if (hits.length === 0) return stop;
  const ids = hits.flatMap((hit) => hit.ids);
  const text = hits.map((hit) => hit.text).join('; ');
  const logs = stop.breakpoint?.logs ?? [];
  const breakpoint: BreakpointHit = {
    ids: [...(stop.breakpoint?.ids ?? []), ...ids],
    kind: 'data',
    logs,
    text,
  };
  return { ...stop, reason: stop.outcome === null ? 'breakpoint' : stop.reason, breakpoint };
}

/** One data breakpoint while a movement runs. */
class Watch {
  readonly #breakpoint: DataBreakpoint;
  readonly #timeline: Timeline;
  readonly #inspector: Inspector;
  readonly #words: WatchedWords;
  #text: string;

  constructor(breakpoint: DataBreakpoint, timeline: Timeline, inspector: Inspector) {
    this.#breakpoint = breakpoint;
    this.#timeline = timeline;
    this.#inspector = inspector;
    const { address, words } = breakpoint;
    this.#words = new WatchedWords(timeline.machine.memory, address, words);
    this.#text = this.#textNow();
  }

  hitForwards(): BreakpointHit[] {
    if (!this.#words.changed(this.#timeline.machine.memory)) return [];
    const before = this.#text;
    this.#text = this.#textNow();
    return this.#isWanted() ? [this.#hit(before, this.#text)] : [];
  }

  /** The latest change from the moment `first` to the present that the condition holds after. */
  *lastHit(first: number): Work<Change | null> {
    const timeline = this.#timeline;
    const { memory } = timeline.machine;
    const moment = yield* lastMoment(
      timeline,
      () => this.#words.remember(memory),
      () => this.#words.changed(memory) && this.#isWanted(),
      first,
    );
    if (moment === null) return null;
    return lookingAway(timeline, () => {
      timeline.seekInstruction(moment);
      const before = this.#textNow();
      timeline.walk(null, 1);
      return { moment, hit: this.#hit(before, this.#textNow()) };
    });
  }

  #hit(before: string, after: string): BreakpointHit {
    const { id, name, condition } = this.#breakpoint;
    const change = before === after ? `${name} changed` : `${name}: ${before} → ${after}`;
    const isMet = condition === undefined || holds(this.#inspector, this.#frame(), condition);
    const text =
      typeof isMet === 'boolean'
        ? change
        : `${change}; the condition "${condition}" has no value: ${isMet.error}`;
    return { ids: [id], kind: 'data', logs: [], text };
  }

  /** The value as an expression gives it where the thread stands; else the first word. */
  #textNow(): string {
    const { name, address } = this.#breakpoint;
    const value = evaluate(this.#inspector, this.#frame(), name);
    const isSame = !('error' in value) && value.address === address;
    return isSame ? value.text : String(this.#timeline.machine.memory[address]);
  }

  #isWanted(): boolean {
    const { condition } = this.#breakpoint;
    if (condition === undefined) return true;
    // Where the condition has no value the run stops, and the text says why.
    return holds(this.#inspector, this.#frame(), condition) !== false;
  }

  #frame() {
    const goroutine = this.#inspector.goroutineOf(this.#timeline.thread);
    return goroutine === null ? null : (this.#inspector.frames(goroutine)[0] ?? null);
  }
}
