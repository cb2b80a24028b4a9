/**
 * Values of literals: what the text of a number, a rune or a string means.
 *
 * The lexer has already complained about malformed ones; here every text gets some value.
 */

const SIMPLE_ESCAPES: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
  '\\': 92,
  "'": 39,
  '"': 34,
};

const VALID_INT =
  /^(0|0?(_?[0-7])+|[1-9](_?[0-9])*|0[xX](_?[0-9a-fA-F])+|0[bB](_?[01])+|0[oO](_?[0-7])+)$/;
const D = '[0-9](?:_?[0-9])*';
const VALID_FLOAT = new RegExp(
  `^(${D}\\.(${D})?([eE][+-]?${D})?|${D}[eE][+-]?${D}|\\.${D}([eE][+-]?${D})?)$`,
);
const VALID_HEX_FLOAT = /^0[xX][0-9a-fA-F_]*\.?[0-9a-fA-F_]*[pP][+-]?[0-9]+$/;

/** Nearly every number: decimal digits alone. The patterns are then never compiled. */
function isPlainDecimal(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 48 || code > 57) return false;
  }
  return text.length === 1 || (text.length > 0 && text.charCodeAt(0) !== 48);
}

/** Whether a run of digits and letters is an int or a float; null when it is malformed. */
export function numberKind(text: string): 'int' | 'float' | null {
  if (isPlainDecimal(text) || VALID_INT.test(text)) return 'int';
  return VALID_FLOAT.test(text) || VALID_HEX_FLOAT.test(text) ? 'float' : null;
}

/** The exact value of an int literal, or null for a text that is not one. */
export function integerValue(text: string): bigint | null {
  if (isPlainDecimal(text)) return BigInt(text);
  let digits = text.includes('_') ? text.replaceAll('_', '') : text;
  if (/^0[0-7]+$/.test(digits)) digits = `0o${digits.slice(1)}`;
  if (!/^(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|[0-9]+)$/.test(digits)) return null;
  return BigInt(digits);
}

/**
 * The string that a string or rune literal with its quotes stands for.
 *
 * `\xNN` and octal escapes are bytes, as in Go: bytes that form UTF-8 become their character,
 * others stay bytes (see `isBareByte`). An unterminated literal gives what is there.
 */
export function stringValue(text: string): string {
  const quote = text[0];
  const closed = text.length > 1 && text[text.length - 1] === quote;
  const inner = text.slice(1, closed ? -1 : undefined);
  if (quote === '`') return inner.replaceAll('\r', '');
  if (!inner.includes('\\')) return inner;
  let result = '';
  let bytes: number[] = [];
  const flush = (): void => {
    if (bytes.length > 0) result += decodeUtf8(bytes);
    bytes = [];
  };
  let at = 0;
  while (at < inner.length) {
    if (inner[at] !== '\\') {
      flush();
      const next = inner.indexOf('\\', at);
      const end = next < 0 ? inner.length : next;
      result += inner.slice(at, end);
      at = end;
      continue;
    }
    const escape = readEscape(inner, at);
    at = escape.end;
    if (escape.isByte) {
      bytes.push(escape.value);
    } else {
      flush();
      result += String.fromCodePoint(escape.value);
    }
  }
  flush();
  return result;
}

/** The code point of a rune literal with its quotes; U+FFFD for a malformed one. */
export function runeValue(text: string): number {
  if (text[1] !== '\\') return text.codePointAt(1) ?? 0xfffd;
  return readEscape(text, 1).value;
}

export interface Escape {
  /** Offset behind the escape. */
  readonly end: number;
  readonly value: number;
  /** `\xNN` and octal escapes stand for a byte, not for a character. */
  readonly isByte: boolean;
  readonly valid: boolean;
}

/** Reads the escape whose backslash is at `start`; never reads past a line break. */
export function readEscape(text: string, start: number): Escape {
  const letter = text[start + 1] ?? '';
  if (letter in SIMPLE_ESCAPES) {
    return { end: start + 2, value: SIMPLE_ESCAPES[letter], isByte: false, valid: true };
  }
  if (letter >= '0' && letter <= '7') return readDigits(text, start + 1, 3, 8, true);
  if (letter === 'x') return readDigits(text, start + 2, 2, 16, true);
  if (letter === 'u') return readDigits(text, start + 2, 4, 16, false);
  if (letter === 'U') return readDigits(text, start + 2, 8, 16, false);
  const skipped = letter === '' || letter === '\n' ? 1 : 2;
  return { end: start + skipped, value: 0xfffd, isByte: false, valid: false };
}

function readDigits(
  text: string,
  start: number,
  count: number,
  base: number,
  isByte: boolean,
): Escape {
  const pattern = base === 8 ? /^[0-7]/ : /^[0-9a-fA-F]/;
  let end = start;
  while (end < start + count && pattern.test(text[end] ?? '')) end++;
  const value = Number.parseInt(text.slice(start, end), base);
  const whole = end === start + count;
  const surrogate = value >= 0xd800 && value <= 0xdfff;
  const inRange = isByte ? value <= 255 : value <= 0x10ffff && !surrogate;
  if (!whole || !inRange) return { end, value: 0xfffd, isByte: false, valid: false };
  return { end, value, isByte, valid: true };
}

/**
 * A byte that is no part of well-formed UTF-8 stands in a constant as the lone surrogate
 * U+DC80 … U+DCFF, as in the machine's texts, so that no byte of a string is lost.
 */
const BARE_BYTE = 0xdc00;

/** Whether the code point stands for a byte. */
export function isBareByte(point: number): boolean {
  return point >= BARE_BYTE + 0x80 && point <= BARE_BYTE + 0xff;
}

/** Whether bytes that are no UTF-8 are in the text. */
export function hasBareBytes(text: string): boolean {
  return /[\udc80-\udcff]/u.test(text);
}

/** The bytes of a text. */
export function textBytes(text: string): number[] {
  const bytes: number[] = [];
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    if (point < 0x80) bytes.push(point);
    else if (isBareByte(point)) bytes.push(point - BARE_BYTE);
    else {
      const size = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
      const first = [0, 0, 0xc0, 0xe0, 0xf0][size];
      bytes.push(first | (point >> (6 * (size - 1))));
      for (let i = size - 2; i >= 0; i--) bytes.push(0x80 | ((point >> (6 * i)) & 0x3f));
    }
  }
  return bytes;
}

/** The two texts as one: bytes that meet may form a character. */
export function joinTexts(a: string, b: string): string {
  if (!hasBareBytes(a) || !hasBareBytes(b)) return a + b;
  return decodeUtf8([...textBytes(a), ...textBytes(b)]);
}

/** Decodes UTF-8; each byte that is not part of a well-formed character stays a byte. */
export function decodeUtf8(bytes: ArrayLike<number>): string {
  let result = '';
  let at = 0;
  while (at < bytes.length) {
    const first = bytes[at];
    const size = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    let value = size === 1 ? first : first & (0x7f >> size);
    let whole = size > 0 && first < 0xf5 && at + size <= bytes.length;
    for (let i = 1; whole && i < size; i++) {
      whole = (bytes[at + i] & 0xc0) === 0x80;
      value = (value << 6) | (bytes[at + i] & 0x3f);
    }
    const smallest = [0, 0, 0x80, 0x800, 0x10000][size];
    whole &&= value >= smallest && value <= 0x10ffff && !(value >= 0xd800 && value <= 0xdfff);
    result += String.fromCodePoint(whole ? value : BARE_BYTE + first);
    at += whole ? size : 1;
  }
  return result;
}

/** Whether the character is a decimal digit. */
export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
