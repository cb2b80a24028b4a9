/** fmt.Sprintf: the directives of a format, with their flags, widths and operands. */
import type { Core } from './core.ts';
import type { Printing } from './format-methods.ts';
import type { Value } from './format-names.ts';
import { typeName } from './format-names.ts';
import type { Flags } from './format-text.ts';
import { noFlags } from './format-text.ts';
import { formatValue } from './format.ts';

interface Cursor {
  readonly format: string;
  at: number;
  readonly values: readonly Value[];
  next: number;
  reordered: boolean;
  goodIndex: boolean;
}

/** As fmt.Sprintf. */
export function sprintf(p: Printing, format: string, values: readonly Value[]): string {
  const cursor: Cursor = { format, at: 0, values, next: 0, reordered: false, goodIndex: true };
  let text = '';
  while (cursor.at < format.length) {
    const percent = format.indexOf('%', cursor.at);
    if (percent < 0) {
      text += format.slice(cursor.at);
      break;
    }
    text += format.slice(cursor.at, percent);
    cursor.at = percent + 1;
    text += directive(p, cursor);
  }
  if (!cursor.reordered && cursor.next < values.length) {
    const extra = values.slice(cursor.next).map((value) => {
      if (value.type === 0) return '<nil>';
      return `${typeName(p.core, value.type)}=${formatValue(p, noFlags(), value, 'v')}`;
    });
    text += `%!(EXTRA ${extra.join(', ')})`;
  }
  return text;
}

/** One directive, after its %. */
function directive(p: Printing, cursor: Cursor): string {
  const { core } = p;
  const { format } = cursor;
  const flags = readFlags(cursor);
  cursor.goodIndex = true;
  let text = '';
  let afterIndex = readIndex(cursor);
  const width = readNumber(core, cursor, false);
  if (width === null) text += '%!(BADWIDTH)';
  else {
    flags.width = Math.abs(width.value);
    if (!width.present) flags.width = -1;
    if (width.value < 0) flags.minus = true;
    if (width.present && width.literal && afterIndex) cursor.goodIndex = false;
    if (width.present) afterIndex = false;
  }
  if (format[cursor.at] === '.') {
    cursor.at++;
    if (afterIndex) cursor.goodIndex = false;
    afterIndex = readIndex(cursor);
    const precision = readNumber(core, cursor, true);
    if (precision === null) text += '%!(BADPREC)';
    else flags.precision = precision.present ? precision.value : 0;
    if (precision?.present) afterIndex = false;
  }
  if (!afterIndex) readIndex(cursor);
  const verb = Array.from(format.slice(cursor.at, cursor.at + 2))[0];
  if (verb === undefined) return `${text}%!(NOVERB)`;
  cursor.at += verb.length;
  if (verb === '%') return `${text}%`;
  if (!cursor.goodIndex) return `${text}%!${verb}(BADINDEX)`;
  if (cursor.next >= cursor.values.length) return `${text}%!${verb}(MISSING)`;
  if (verb === 'w') p.wrapped.push(cursor.next);
  const value = cursor.values[cursor.next++];
  if (verb === 'v' || verb === 'w') {
    flags.sharpV = flags.sharp;
    flags.plusV = flags.plus;
    flags.sharp = false;
    flags.plus = false;
  }
  return text + formatValue(p, flags, value, verb);
}

function readFlags(cursor: Cursor): Flags {
  const flags = noFlags();
  for (; ; cursor.at++) {
    const flag = cursor.format[cursor.at];
    if (flag === '#') flags.sharp = true;
    else if (flag === '0') flags.zero = true;
    else if (flag === '+') flags.plus = true;
    else if (flag === '-') flags.minus = true;
    else if (flag === ' ') flags.space = true;
    else return flags;
  }
}

/** `[n]`: the next operand is the n-th. Tells whether one stood there. */
function readIndex(cursor: Cursor): boolean {
  if (cursor.format[cursor.at] !== '[') return false;
  cursor.reordered = true;
  const end = cursor.format.indexOf(']', cursor.at);
  if (end < 0) {
    cursor.goodIndex = false;
    cursor.at++;
    return false;
  }
  const text = cursor.format.slice(cursor.at + 1, end);
  const index = /^\d+$/.test(text) ? Number(text) : 0;
  cursor.at = end + 1;
  if (index < 1 || index > cursor.values.length) cursor.goodIndex = false;
  else cursor.next = index - 1;
  return true;
}

interface NumberRead {
  readonly value: number;
  readonly present: boolean;
  readonly literal: boolean;
}

/** Digits or `*` of a width or precision; null when the operand of `*` is no fitting integer. */
function readNumber(core: Core, cursor: Cursor, isPrecision: boolean): NumberRead | null {
  const { format } = cursor;
  if (format[cursor.at] === '*') {
    cursor.at++;
    const value = cursor.values[cursor.next];
    if (value === undefined || core.image.types[value.type]?.kind !== 'integer') {
      cursor.next++;
      return null;
    }
    cursor.next++;
    const number = core.at(value.address);
    if (Math.abs(number) > 1e6 || (isPrecision && number < 0)) return null;
    return { value: number, present: true, literal: false };
  }
  const start = cursor.at;
  while (format[cursor.at] >= '0' && format[cursor.at] <= '9') cursor.at++;
  const text = format.slice(start, cursor.at);
  const value = Math.min(Number(text), 1e6);
  return { value, present: text !== '', literal: true };
}
