/**
 * Breakpoints on values: a movement that also stops when watched words change, forwards and
 * backwards.
 */
import type { BreakpointHit, BreakpointRequest } from './breakpoints.ts';
import { evaluate } from './evaluate.ts';
import type { Inspector } from './inspect.ts';
import { WatchedWords, lastMoment, lookingAway } from './looking-back.ts';
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
  const run = isBackwards
    ? (maxInstructions: number) => runBackwards(movement, watches, maxInstructions, here)
    : (maxInstructions: number) => runForwards(movement, watches, maxInstructions, here);
  return { run, pause: () => movement.pause() };
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

/** Lets the movement go where it goes, and returns to a change that it went past. */
function runBackwards(
  movement: RunningMovement,
  watches: readonly Watch[],
  maxInstructions: number,
  here: Here,
): Stop | null {
  const { timeline } = here;
  const changes = watches.map((watch) => watch.lastHit());
  const latest = Math.max(...changes.map((change) => change?.moment ?? -1));
  let stop = movement.run(maxInstructions);
  while (stop === null) stop = movement.run(maxInstructions);
  if (latest < timeline.instruction || latest < 0) return stop;
  timeline.seekInstruction(latest);
  const hits = changes.flatMap((change) => (change?.moment === latest ? [change.hit] : []));
  return merge(stopHere(here), hits);
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

  /** The latest change before the present that the condition holds after. */
  lastHit(): { moment: number; hit: BreakpointHit } | null {
    const timeline = this.#timeline;
    const { memory } = timeline.machine;
    const moment = lastMoment(
      timeline,
      () => this.#words.remember(memory),
      () => this.#words.changed(memory) && this.#isWanted(),
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
    const { id, name } = this.#breakpoint;
    const text = before === after ? `${name} changed` : `${name}: ${before} → ${after}`;
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
    const value = evaluate(this.#inspector, this.#frame(), condition);
    return !('error' in value) && value.words.some((word) => word !== 0);
  }

  #frame() {
    const goroutine = this.#inspector.goroutineOf(this.#timeline.thread);
    return goroutine === null ? null : (this.#inspector.frames(goroutine)[0] ?? null);
  }
}
