/**
 * Reading a state for people: goroutines, stacks, variables, values. Nothing here changes it.
 *
 * What a Go model calls its goroutines is found by name (`runtime.allgs`, fields of `runtime.g`);
 * a profile without them shows the machine's threads in their place.
 */
import type { Image } from '../language/image.ts';
import type { Machine } from '../machine/machine.ts';

/** A goroutine, or a machine thread in profiles without goroutines. */
export interface Goroutine {
  /** Stable during a run: goid, or thread number + 1. */
  readonly id: number;
  /** `G18 [coroutine, locked to M0]`. */
  readonly name: string;
  /** `G18`. */
  readonly shortName: string;
  /** `running`, `waiting`, …: a word for people. */
  readonly status: string;
  readonly isSystem: boolean;
  /** Its stack; 0 when it has none (any more). */
  readonly context: number;
  /** Address of the model's `g`, or 0. */
  readonly address: number;
  /** The machine thread that runs it now, or -1. */
  readonly thread: number;
}

export interface Frame {
  readonly function: number;
  /** As Go's tracebacks print it: `main.exhaust`. */
  readonly name: string;
  readonly pc: number;
  readonly fp: number;
  readonly context: number;
  readonly file: number;
  readonly path: string;
  /** 1-based; of the statement or call that is being executed. */
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly isModel: boolean;
}

/** A value with a place in the state. */
export interface Value {
  readonly name: string;
  /** Rendered for one line: `{goid: 18, m: M0}`. */
  readonly text: string;
  readonly typeName: string;
  /** Type id of the image, and where its words are; address -1: a temporary (not assignable). */
  readonly type: number;
  readonly address: number;
  readonly words: readonly number[];
  /** Number of children `childrenOf` gives; 0: a leaf. */
  readonly childCount: number;
  /** Children are numbered elements (paged) rather than named fields. */
  readonly indexed: boolean;
  /** An expression that gives this value again in the same frame, or null. */
  readonly evaluateName: string | null;
}

export interface Scope {
  /** `Locals`, `Goroutine`, `Thread (M)`, `Coros`, `Scheduler`, `Globals`. */
  readonly name: string;
  readonly hint: 'locals' | 'globals' | 'runtime';
  readonly values: () => readonly Value[];
}

export declare class Inspector {
  constructor(image: Image, machine: Machine);
  /** Running one first is not promised: ascending ids. System goroutines only when asked for. */
  goroutines(withSystem: boolean): readonly Goroutine[];
  goroutine(id: number): Goroutine | null;
  /** The goroutine that `thread` executes (or executes something for). */
  goroutineOf(thread: number): Goroutine | null;
  /** Innermost first, wrappers hidden; what runs on another stack on its behalf comes first. */
  frames(goroutine: Goroutine): readonly Frame[];
  scopes(goroutine: Goroutine, frame: Frame | null): readonly Scope[];
  locals(frame: Frame): readonly Value[];
  globals(): readonly Value[];
  /** Fields, elements, or what a pointer points to. `start` and `count` page indexed children. */
  childrenOf(value: Value, start?: number, count?: number): readonly Value[];
}
