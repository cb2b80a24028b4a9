/**
 * Numbers that stand for stack frames and for things with children, as long as the scenario stands
 * still. The same thing gets the same number until the next stop; numbers are never used twice, so
 * that one of an earlier stop is known for what it is.
 */
import type { Frame, Value } from '../run/inspect.ts';
import type { DebugThread } from './threads.ts';
import { unknownFrame, unknownVariables } from './errors.ts';

/** A frame with the thread it belongs to. */
export interface FrameOfThread {
  readonly thread: DebugThread;
  /** Its position in the stack, 0 = innermost. */
  readonly index: number;
  readonly frame: Frame;
}

/** A thing with children: a scope, or a value that can be opened. */
export interface Container {
  /** Null for things that belong to no frame. */
  readonly frame: Frame | null;
  children(start?: number, count?: number): readonly Value[];
}

/** A moment that can be travelled to. */
interface Moment {
  readonly instruction: number;
}

export class References {
  #next = 1;
  readonly #byNumber = new Map<number, FrameOfThread | Container | Moment>();
  readonly #byKey = new Map<string, number>();

  /** Forgets all numbers: the scenario moves. */
  clear(): void {
    this.#byNumber.clear();
    this.#byKey.clear();
  }

  /** The number of a frame. */
  ofFrame(entry: FrameOfThread): number {
    return this.#numberOf(`frame ${entry.thread.id} ${entry.index}`, entry);
  }

  /** The number of a container; `key` tells it from all others of this stop. */
  ofContainer(key: string, container: Container): number {
    return this.#numberOf(`container ${key}`, container);
  }

  /** The frame of a number. */
  frame(number: number): FrameOfThread {
    const found = this.#byNumber.get(number);
    if (found === undefined || !('index' in found)) throw unknownFrame(number);
    return found;
  }

  /** The container of a number. */
  container(number: number): Container {
    const found = this.#byNumber.get(number);
    if (found === undefined || !('children' in found)) throw unknownVariables(number);
    return found;
  }

  /** The number of a moment, counted in instructions. */
  ofMoment(instruction: number): number {
    return this.#numberOf(`moment ${instruction}`, { instruction });
  }

  /** The moment of a number, or undefined. */
  moment(number: number): number | undefined {
    const found = this.#byNumber.get(number);
    return found !== undefined && 'instruction' in found ? found.instruction : undefined;
  }

  #numberOf(key: string, entry: FrameOfThread | Container | Moment): number {
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const number = this.#next++;
    this.#byKey.set(key, number);
    this.#byNumber.set(number, entry);
    return number;
  }
}
