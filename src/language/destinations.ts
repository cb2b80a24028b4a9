/**
 * Where a function value goes: whether the goroutine that makes it is the only one to call it.
 *
 * The body of a loop over a function is given to an iterator, which may do with it what it likes.
 * An iterator keeps it to its goroutine if it calls it, captures it only in closures that stay, and
 * hands it only to functions that keep it, too. An iterator that is not known (a parameter, a
 * field, what an interface holds) may give it to anybody.
 */
import type { Call, TypedExpression, TypedFunction, Variable } from './typed.ts';

/** What becomes of a value: called, now or when this function ends; called when a function around
 *  this one ends; an argument of a call; anything else. */
export type Destination =
  | 'called'
  | 'deferred outside'
  | 'elsewhere'
  | { readonly callee: Call['callee']; readonly index: number };

/** What one function does with values, without what its closures do. */
export interface FunctionUses {
  /** Closures made here. */
  readonly closures: ReadonlyMap<TypedFunction, readonly Destination[]>;
  readonly variables: ReadonlyMap<Variable, readonly Destination[]>;
  /** Of its return statements; null: none, or several. */
  readonly results: readonly (TypedExpression | null)[];
}

export class Destinations {
  readonly #usesOf: (target: TypedFunction) => FunctionUses;
  /** Of declarations that were met so far. */
  readonly #initialValues: ReadonlyMap<Variable, TypedExpression>;
  /** By parameter: whether its function keeps it. */
  readonly #kept = new Map<Variable, boolean>();

  constructor(
    usesOf: (target: TypedFunction) => FunctionUses,
    initialValues: ReadonlyMap<Variable, TypedExpression>,
  ) {
    this.#usesOf = usesOf;
    this.#initialValues = initialValues;
  }

  /** Whether a function value that goes there is called by this goroutine alone. */
  stays(way: Destination): boolean {
    return this.#stays(way, new Set());
  }

  /** `assumed`: parameters that are kept, unless one of them turns out not to be. */
  #stays(way: Destination, assumed: Set<Variable>): boolean {
    if (way === 'elsewhere') return false;
    if (way === 'called' || way === 'deferred outside') return true;
    const { callee, index } = way;
    const targets =
      callee.kind === 'static'
        ? [callee.function]
        : callee.kind === 'value'
          ? this.#functionsOf(callee.value, new Set())
          : null;
    return targets?.every((target) => this.#keeps(target, index, assumed)) ?? false;
  }

  #keeps(target: TypedFunction, index: number, assumed: Set<Variable>): boolean {
    const parameter = target.parameters.at(index);
    if (parameter === undefined || target.body === null) return false;
    if (assumed.has(parameter)) return true;
    const known = this.#kept.get(parameter);
    if (known !== undefined) return known;
    const isFirst = assumed.size === 0;
    assumed.add(parameter);
    const keeps =
      !parameter.addressTaken &&
      !parameter.reassigned &&
      this.#usesStay(target, parameter, assumed);
    // That others keep theirs may rest on an assumption: only what was asked first is certain.
    if (!keeps || isFirst) this.#kept.set(parameter, keeps);
    return keeps;
  }

  #usesStay(target: TypedFunction, variable: Variable, assumed: Set<Variable>): boolean {
    const { variables, closures } = this.#usesOf(target);
    for (const way of variables.get(variable) ?? []) if (!this.#stays(way, assumed)) return false;
    for (const [closure, ways] of closures) {
      if (!closure.captures.includes(variable)) continue;
      if (!ways.every((way) => this.#stays(way, assumed))) return false;
      if (!this.#usesStay(closure, variable, assumed)) return false;
    }
    return true;
  }

  /** The functions that the value can be; null when that is not known. */
  #functionsOf(value: TypedExpression, seen: Set<unknown>): readonly TypedFunction[] | null {
    switch (value.kind) {
      case 'closure':
      case 'function':
        return [value.function];
      case 'conversion':
        return this.#functionsOf(value.operand, seen);
      case 'variable': {
        const { variable } = value;
        const initial = this.#initialValues.get(variable);
        if (initial === undefined || variable.reassigned || variable.addressTaken) return null;
        return this.#functionsOf(initial, seen);
      }
      case 'call':
        return value.callee.kind === 'static' ? this.#resultsOf(value.callee.function, seen) : null;
      default:
        return null;
    }
  }

  #resultsOf(target: TypedFunction, seen: Set<unknown>): readonly TypedFunction[] | null {
    if (target.body === null) return null;
    if (seen.has(target)) return [];
    seen.add(target);
    const found: TypedFunction[] = [];
    for (const result of this.#usesOf(target).results) {
      const functions = result === null ? null : this.#functionsOf(result, seen);
      if (functions === null) return null;
      found.push(...functions);
    }
    return found;
  }
}
