/** What kind of character a rune is, and its other case, as Go's package unicode has them. */

/** In the order of the constants of unicode.coro. */
const classes: readonly RegExp[] = [
  /^\p{L}$/u,
  /^\p{Lu}$/u,
  /^\p{Ll}$/u,
  /^\p{Nd}$/u,
  /^\p{N}$/u,
  /^[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/u,
  /^\p{P}$/u,
  /^\p{Cc}$/u,
  /^\p{S}$/u,
  /^\p{M}$/u,
  /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u,
];

/** Whether the rune is of the class with that number; what is no rune is of none. */
export function isOfClass(rune: number, number: number): boolean {
  if (!isRune(rune)) return false;
  return classes[number]?.test(String.fromCodePoint(rune)) ?? false;
}

/** The rune in upper or lower case; itself where that is not one rune. */
export function changeCase(rune: number, upper: boolean): number {
  if (!isRune(rune)) return rune;
  // İ has a lower case of one rune in Go's tables.
  if (rune === 0x130 && !upper) return 0x69;
  const text = String.fromCodePoint(rune);
  const changed = Array.from(upper ? text.toUpperCase() : text.toLowerCase());
  return changed.length === 1 ? (changed[0].codePointAt(0) ?? rune) : rune;
}

function isRune(rune: number): boolean {
  return rune >= 0 && rune <= 0x10ffff && !(rune >= 0xd800 && rune < 0xe000);
}
