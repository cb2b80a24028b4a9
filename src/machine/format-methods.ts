/**
 * The part of package fmt that asks values for their text. The machine cannot call methods: it
 * formats with the texts that the model has got so far, and stops short at the first value that has
 * none yet; the model calls that value's method and formats again. So methods are called in Go's
 * order, on the values that Go calls them on (src/fmt/print.go, handleMethods).
 */
import type { Core } from './core.ts';
import { hasMethods } from './equality.ts';
import type { Value } from './format-names.ts';
import type { Flags } from './format-text.ts';
import { stringText } from './heap.ts';

/** Which function of package fmt formats. */
export const KIND_SPRINT = 0;
export const KIND_SPRINTLN = 1;
export const KIND_SPRINTF = 2;
export const KIND_ERRORF = 3;

/** The methods that give texts; 0: none. */
export const METHOD_ERROR = 1;
export const METHOD_STRING = 2;
export const METHOD_GO_STRING = 3;

/** One call of a function of package fmt. */
export interface Printing {
  readonly core: Core;
  /** Null: no methods are asked, as when a debugger shows a value. */
  readonly texts: readonly Value[] | null;
  /** How many of the texts have been used. */
  used: number;
  /** The first value that has no text yet, and the method that gives it. */
  missing: { readonly value: Value; readonly method: number } | null;
  /** Whether %w stands for an error here. */
  readonly wraps: boolean;
  /** Positions of the operands of %w, as they come. */
  readonly wrapped: number[];
  /** A bad verb is being complained of: methods are not asked. */
  erroring: boolean;
  /** What a complaint about a bad verb speaks of: the value that the verb is used on. */
  argument: Value;
}

/** The state at the start of a call; `texts` as said there. */
export function newPrinting(core: Core, texts: readonly Value[] | null, wraps: boolean): Printing {
  const argument = { type: 0, address: 0 };
  return { core, texts, used: 0, missing: null, wraps, wrapped: [], erroring: false, argument };
}

const textVerbs = ['v', 's', 'x', 'X', 'q'];

/** The method that the verb asks of the value; 0 when it has none. */
export function methodFor(p: Printing, flags: Flags, value: Value, verb: string): number {
  if (p.erroring || p.texts === null) return 0;
  const has = (name: string): boolean => {
    const wanted = p.core.tables.textInterfaces[name] ?? 0;
    return wanted !== 0 && hasMethods(p.core.image, value.type, wanted);
  };
  if (flags.sharpV) return has('fmt.GoStringer') ? METHOD_GO_STRING : 0;
  if (!textVerbs.includes(verb)) return 0;
  if (has('error')) return METHOD_ERROR;
  return has('fmt.Stringer') ? METHOD_STRING : 0;
}

/** Whether the value can be wrapped by %w. */
export function isError(p: Printing, value: Value): boolean {
  const wanted = p.core.tables.textInterfaces['error'] ?? 0;
  return wanted !== 0 && hasMethods(p.core.image, value.type, wanted);
}

/**
 * The text that the value's method gave: to be formatted, or, when the method panicked, as it is.
 * Null while there is none.
 */
export function textFrom(
  p: Printing,
  value: Value,
  method: number,
  verb: string,
): { readonly text: string; readonly isFinal: boolean } | null {
  const { core } = p;
  const given = p.texts?.[p.used];
  if (given === undefined) {
    p.missing ??= { value, method };
    return null;
  }
  p.used++;
  const text = stringText(core, core.at(given.address));
  if (!core.image.types[given.type]?.named) return { text, isFinal: false };
  const isNil = core.image.types[value.type]?.kind === 'pointer' && core.at(value.address) === 0;
  return { text: isNil ? '<nil>' : `%!${verb}${text}`, isFinal: true };
}
