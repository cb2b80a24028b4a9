/**
 * Padding, numbers and quoting of package fmt. A `Flags` object is what stands between % and the
 * verb. Texts are JavaScript strings with invalid bytes as utf8.ts says; widths count runes.
 */

export interface Flags {
  /** -1: absent. */
  width: number;
  precision: number;
  minus: boolean;
  plus: boolean;
  sharp: boolean;
  space: boolean;
  zero: boolean;
  /** %+v and %#v. */
  plusV: boolean;
  sharpV: boolean;
}

export function noFlags(): Flags {
  return {
    width: -1,
    precision: -1,
    minus: false,
    plus: false,
    sharp: false,
    space: false,
    zero: false,
    plusV: false,
    sharpV: false,
  };
}

/** The text padded to the width, with zeros on the left if asked for. */
export function pad(flags: Flags, text: string, allowZero = true): string {
  const missing = flags.width - Array.from(text).length;
  if (missing <= 0) return text;
  if (flags.minus) return text + ' '.repeat(missing);
  return (flags.zero && allowZero ? '0' : ' ').repeat(missing) + text;
}

/** An integer in a base; `value` is what the type means (unsigned ones not negative). */
export function formatInteger(flags: Flags, value: number, base: number, verb: string): string {
  const negative = value < 0;
  const hasSign = negative || flags.plus || flags.space;
  let digits = Math.abs(value).toString(base);
  let least = 0;
  if (flags.precision >= 0) {
    least = flags.precision;
    if (least === 0 && value === 0) return ' '.repeat(Math.max(0, flags.width));
  } else if (flags.zero && !flags.minus && flags.width > 0) {
    least = flags.width - (hasSign ? 1 : 0);
  }
  digits = digits.padStart(least, '0');
  if (flags.sharp) {
    if (base === 2) digits = `0b${digits}`;
    else if (base === 8 && !digits.startsWith('0')) digits = `0${digits}`;
    else if (base === 16) digits = `0x${digits}`;
  }
  if (verb === 'O') digits = `0o${digits}`;
  if (verb === 'X') digits = digits.toUpperCase();
  const sign = negative ? '-' : flags.plus ? '+' : flags.space ? ' ' : '';
  return pad(flags, sign + digits, false);
}

/** Bytes as hexadecimal, for %x and %X of strings and byte slices. */
export function formatHex(flags: Flags, bytes: Uint8Array, verb: string): string {
  const length = flags.precision >= 0 ? Math.min(flags.precision, bytes.length) : bytes.length;
  const parts = Array.from(bytes.subarray(0, length), (byte) => byte.toString(16).padStart(2, '0'));
  if (parts.length === 0) return pad(flags, '');
  const prefix = flags.sharp ? '0x' : '';
  const text = flags.space ? parts.map((part) => prefix + part).join(' ') : prefix + parts.join('');
  return pad(flags, verb === 'X' ? text.toUpperCase() : text);
}

/** %s: cut to the precision, in runes. */
export function formatString(flags: Flags, text: string): string {
  return pad(flags, truncate(flags, text));
}

/** %q of a string. */
export function formatQuoted(flags: Flags, text: string): string {
  const cut = truncate(flags, text);
  if (flags.sharp && canBackquote(cut)) return pad(flags, `\`${cut}\``);
  return pad(flags, quote(cut, '"', flags.plus));
}

function truncate(flags: Flags, text: string): string {
  if (flags.precision < 0) return text;
  return Array.from(text).slice(0, flags.precision).join('');
}

function canBackquote(text: string): boolean {
  return Array.from(text).every((unit) => {
    const rune = unit.codePointAt(0) as number;
    if (rune === 0xfeff || isInvalidByte(rune)) return false;
    return rune === 9 || (rune >= 32 && rune !== 0x60 && rune !== 0x7f);
  });
}

/** %c. */
export function formatRune(flags: Flags, value: number): string {
  return pad(flags, runeText(value));
}

/** %q of an integer. */
export function formatQuotedRune(flags: Flags, value: number): string {
  return pad(flags, quote(runeText(value), "'", flags.plus));
}

/** %U; negative numbers as the 64-bit ones they are in Go. */
export function formatUnicode(flags: Flags, value: number): string {
  const number = value < 0 ? BigInt.asUintN(64, BigInt(value)) : value;
  const digits = number.toString(16).toUpperCase().padStart(Math.max(4, flags.precision), '0');
  const isShown = flags.sharp && value >= 0 && value <= 0x10ffff && isPrintable(runeText(value));
  return pad(flags, `U+${digits}${isShown ? ` '${runeText(value)}'` : ''}`, false);
}

function runeText(value: number): string {
  const isRune = value >= 0 && value <= 0x10ffff && !(value >= 0xd800 && value < 0xe000);
  return String.fromCodePoint(isRune ? value : 0xfffd);
}

const escapes: Readonly<Record<string, string>> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
};

/** A Go literal of the text. */
export function quote(text: string, mark: string, asciiOnly: boolean): string {
  let quoted = mark;
  for (const unit of text) {
    const rune = unit.codePointAt(0) as number;
    const escaped = escapes[unit];
    if (unit === mark) quoted += `\\${unit}`;
    else if (escaped !== undefined) quoted += escaped;
    else if (isInvalidByte(rune)) quoted += `\\x${(rune - 0xdc00).toString(16)}`;
    else if (isPrintable(unit) && (!asciiOnly || rune < 0x80)) quoted += unit;
    else if (rune < 0x20 || rune === 0x7f) quoted += `\\x${rune.toString(16).padStart(2, '0')}`;
    else if (rune < 0x10000) quoted += `\\u${rune.toString(16).padStart(4, '0')}`;
    else quoted += `\\U${rune.toString(16).padStart(8, '0')}`;
  }
  return quoted + mark;
}

function isInvalidByte(rune: number): boolean {
  return rune >= 0xdc80 && rune <= 0xdcff;
}

function isPrintable(unit: string): boolean {
  return /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(unit);
}
