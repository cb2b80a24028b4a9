// What the generator of random programs knows while it writes: the text so far, what is left of its
// budgets, and the names that the next statement may use.
import type { Random } from './random.ts';

/** What a sequence yields: an int, a string, or an int and a string. */
export type Shape = 'int' | 'string' | 'pair';

/** The types of the plain variables that programs compute with. */
export type ValueType = 'int' | 'string' | 'bool' | 'error' | 'ints' | 'point' | 'any';

export interface Variable {
  readonly name: string;
  readonly type: ValueType;
}

/** The two functions of an `iter.Pull`, by name. */
export interface Pull {
  readonly next: string;
  readonly stop: string;
  readonly shape: Shape;
}

/** A yield function that may be called here, by name. */
export interface Yield {
  readonly name: string;
  readonly shape: Shape;
}

/** Something that can be ranged over or pulled; `cost` is about how many statements a run takes. */
export interface Sequence {
  readonly expression: string;
  readonly shape: Shape;
  readonly cost: number;
}

export interface Channel {
  readonly name: string;
  readonly capacity: number;
}

/** A generated function `name(int) int`. */
export interface Callable {
  readonly name: string;
  readonly cost: number;
}

/** The names that a statement may use. A block gets a copy, so its names end with it. */
export interface Scope {
  readonly variables: Variable[];
  readonly pulls: Pull[];
  readonly yields: Yield[];
  readonly sequences: Sequence[];
  readonly channels: Channel[];
  readonly mutexes: string[];
  readonly groups: string[];
  readonly labels: string[];
  /** Whether `break` and `continue` have a loop here. */
  readonly inLoop: boolean;
  /** How this function returns: `return` or `return 0`. */
  readonly leave: string;
  readonly depth: number;
  /** How often a statement here runs, at most. */
  readonly multiplier: number;
  /** Whether another goroutine may run at the same time as this code. */
  readonly concurrent: boolean;
}

/** The state of one generation. */
export interface Generation {
  readonly random: Random;
  readonly weights: ReadonlyMap<string, number>;
  readonly lines: string[];
  indent: number;
  names: number;
  /** Statements that may still be written. */
  fuel: number;
  /** Statements that the program may still execute, estimated. */
  work: number;
  readonly callables: Callable[];
  readonly sequences: Sequence[];
  /** Package-level variables that iterators leave their yield function in. */
  readonly stashes: Yield[];
  /** The package-level next and stop that iterators may call too, once main has set them. */
  shared: Pull | undefined;
}

/** The scope at the top of a function body. */
export function functionScope(leave: string, multiplier: number): Scope {
  return {
    variables: [],
    pulls: [],
    yields: [],
    sequences: [],
    channels: [],
    mutexes: [],
    groups: [],
    labels: [],
    inLoop: false,
    leave,
    depth: 0,
    multiplier,
    concurrent: false,
  };
}

/** A copy of the scope for a block inside it, with some facts changed. */
export function inner(scope: Scope, changes: Partial<Scope> = {}): Scope {
  return {
    ...scope,
    variables: [...scope.variables],
    pulls: [...scope.pulls],
    yields: [...scope.yields],
    sequences: [...scope.sequences],
    channels: [...scope.channels],
    mutexes: [...scope.mutexes],
    groups: [...scope.groups],
    labels: [...scope.labels],
    depth: scope.depth + 1,
    ...changes,
  };
}

/** The scope inside a function literal: no loop or label of the outside can be reached. */
export function literalScope(scope: Scope, changes: Partial<Scope> = {}): Scope {
  return inner(scope, { inLoop: false, labels: [], leave: 'return', ...changes });
}

/** Writes one line at the present indentation. */
export function emit(generation: Generation, line: string): void {
  generation.lines.push('\t'.repeat(generation.indent) + line);
}

/** Writes `head {`, the body one level deeper, and `tail`. */
export function block(
  generation: Generation,
  head: string,
  body: () => void,
  tail: string = '}',
): void {
  emit(generation, `${head} {`);
  generation.indent++;
  body();
  generation.indent--;
  emit(generation, tail);
}

/** A name that the program does not use yet. */
export function fresh(generation: Generation, stem: string): string {
  generation.names++;
  return `${stem}${generation.names}`;
}

/** Takes the cost of what the scope repeats; false when the budget does not hold it. */
export function afford(generation: Generation, scope: Scope, cost: number): boolean {
  const total = cost * scope.multiplier;
  if (total > generation.work) {
    return false;
  }
  generation.work -= total;
  return true;
}

/** The Go type of a yield function of this shape. */
export function yieldType(shape: Shape): string {
  return { int: 'func(int) bool', string: 'func(string) bool', pair: 'func(int, string) bool' }[
    shape
  ];
}

/** The Go type of a sequence of this shape. */
export function sequenceType(shape: Shape): string {
  return { int: 'iter.Seq[int]', string: 'iter.Seq[string]', pair: 'iter.Seq2[int, string]' }[
    shape
  ];
}
