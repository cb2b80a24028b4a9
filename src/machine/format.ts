/**
 * Package fmt, on values in memory: Sprint, Sprintln, Sprintf, and the text of panic values. It
 * follows src/fmt/print.go of Go. Methods (Error, String) are called by the model beforehand, which
 * passes their strings.
 */
import type { RuntimeType } from '../language/image.ts';
import { HEAP_TOP } from '../language/image.ts';
import type { Core } from './core.ts';
import type { Flags } from './format-text.ts';
import {
  formatHex,
  formatInteger,
  formatQuoted,
  formatQuotedRune,
  formatRune,
  formatString,
  formatUnicode,
  noFlags,
  pad,
} from './format-text.ts';
import { stringText } from './heap.ts';
import { decode, encode } from './utf8.ts';

/** A value: its type id (0: nil of an interface) and the address of its first word. */
export interface Value {
  readonly type: number;
  readonly address: number;
}

/** What an interface at an address holds. */
export function unwrap(core: Core, address: number): Value {
  const type = core.memory[address];
  const words = core.image.types[type]?.words ?? 1;
  return { type, address: words === 1 ? address + 1 : core.memory[address + 1] };
}

/** As fmt.Sprint. */
export function sprint(core: Core, values: readonly Value[]): string {
  let text = '';
  let afterString = true;
  for (const [index, value] of values.entries()) {
    const isString = core.image.types[value.type]?.kind === 'string';
    if (index > 0 && !isString && !afterString) text += ' ';
    text += formatValue(core, noFlags(), value, 'v');
    afterString = isString;
  }
  return text;
}

/** As fmt.Sprintln. */
export function sprintln(core: Core, values: readonly Value[]): string {
  return `${values.map((value) => formatValue(core, noFlags(), value, 'v')).join(' ')}\n`;
}

// ------------------------------------------------------------------------------ Sprintf

interface Cursor {
  readonly format: string;
  at: number;
  readonly values: readonly Value[];
  next: number;
  reordered: boolean;
  goodIndex: boolean;
}

/** As fmt.Sprintf. */
export function sprintf(core: Core, format: string, values: readonly Value[]): string {
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
    text += directive(core, cursor);
  }
  if (!cursor.reordered && cursor.next < values.length) {
    const extra = values.slice(cursor.next).map((value) => {
      if (value.type === 0) return '<nil>';
      return `${typeName(core, value.type)}=${formatValue(core, noFlags(), value, 'v')}`;
    });
    text += `%!(EXTRA ${extra.join(', ')})`;
  }
  return text;
}

/** One directive, after its %. */
function directive(core: Core, cursor: Cursor): string {
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
  const value = cursor.values[cursor.next++];
  if (verb !== 'v' && verb !== 'w') return text + formatValue(core, flags, value, verb);
  flags.sharpV = flags.sharp;
  flags.plusV = flags.plus;
  flags.sharp = false;
  flags.plus = false;
  return text + formatValue(core, flags, value, 'v');
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
    const number = core.memory[value.address];
    if (Math.abs(number) > 1e6 || (isPrecision && number < 0)) return null;
    return { value: number, present: true, literal: false };
  }
  const start = cursor.at;
  while (format[cursor.at] >= '0' && format[cursor.at] <= '9') cursor.at++;
  const text = format.slice(start, cursor.at);
  const value = Math.min(Number(text), 1e6);
  return { value, present: text !== '', literal: true };
}

// ------------------------------------------------------------------------------ values

/** One value by one verb. */
export function formatValue(core: Core, flags: Flags, value: Value, verb: string): string {
  if (value.type === 0) {
    return verb === 'T' || verb === 'v' ? pad(flags, '<nil>') : `%!${verb}(<nil>)`;
  }
  if (verb === 'T') return formatString(flags, typeName(core, value.type));
  if (verb === 'p') return formatAddress(core, flags, value, verb);
  return print(core, flags, value, verb, 0);
}

function print(core: Core, flags: Flags, value: Value, verb: string, depth: number): string {
  const type = core.image.types[value.type];
  const word = core.memory[value.address];
  switch (type?.kind) {
    case 'bool':
      if (verb !== 't' && verb !== 'v') return badVerb(core, flags, value, verb);
      return pad(flags, word !== 0 ? 'true' : 'false');
    case 'integer':
      return printInteger(core, flags, value, type, verb);
    case 'string':
      return printString(core, flags, value, stringText(core, word), verb);
    case 'struct':
      return printStruct(core, flags, value, type, verb, depth);
    case 'interface': {
      const inner = unwrap(core, value.address);
      if (inner.type !== 0) return print(core, flags, inner, verb, depth + 1);
      return flags.sharpV ? `${type.name}(nil)` : '<nil>';
    }
    case 'array':
    case 'slice':
      return printList(core, flags, value, type, verb, depth);
    case 'pointer': {
      const kind = core.image.types[type.element]?.kind;
      const isComposite = kind === 'array' || kind === 'slice' || kind === 'struct';
      if (depth > 0 || word === 0 || !isComposite) return formatAddress(core, flags, value, verb);
      const element = { type: type.element, address: word };
      return `&${print(core, flags, element, verb, depth + 1)}`;
    }
    case 'channel':
    case 'function':
    case 'unsafe-pointer':
      return formatAddress(core, flags, value, verb);
    default:
      return `%!${verb}(unknown type ${value.type})`;
  }
}

function badVerb(core: Core, flags: Flags, value: Value, verb: string): string {
  const shown = print(core, flags, value, 'v', 0);
  return `%!${verb}(${typeName(core, value.type)}=${shown})`;
}

const bases: Readonly<Record<string, number>> = { d: 10, b: 2, o: 8, O: 8, x: 16, X: 16 };

function printInteger(
  core: Core,
  flags: Flags,
  value: Value,
  type: RuntimeType,
  verb: string,
): string {
  const word = core.memory[value.address];
  const number = type.bits > 0 ? word >>> 0 : word;
  if (verb === 'v') {
    if (!flags.sharpV || type.bits < 0) return formatInteger(flags, number, 10, verb);
    return formatInteger({ ...flags, sharp: true }, number, 16, verb);
  }
  if (verb in bases) return formatInteger(flags, number, bases[verb], verb);
  if (verb === 'c') return formatRune(flags, number);
  if (verb === 'q') return formatQuotedRune(flags, number);
  if (verb === 'U') return formatUnicode(flags, number);
  return badVerb(core, flags, value, verb);
}

function printString(core: Core, flags: Flags, value: Value, text: string, verb: string): string {
  if (verb === 'v') return flags.sharpV ? formatQuoted(flags, text) : formatString(flags, text);
  if (verb === 's') return formatString(flags, text);
  if (verb === 'q') return formatQuoted(flags, text);
  if (verb === 'x' || verb === 'X') return formatHex(flags, encode(text), verb);
  return badVerb(core, flags, value, verb);
}

function printStruct(
  core: Core,
  flags: Flags,
  value: Value,
  type: RuntimeType,
  verb: string,
  depth: number,
): string {
  const fields = type.fields.map((field) => {
    const inner = { type: field.type, address: value.address + field.offset };
    const name = flags.plusV || flags.sharpV ? `${field.name}:` : '';
    return name + print(core, flags, inner, verb, depth + 1);
  });
  return flags.sharpV ? `${type.name}{${fields.join(', ')}}` : `{${fields.join(' ')}}`;
}

function printList(
  core: Core,
  flags: Flags,
  value: Value,
  type: RuntimeType,
  verb: string,
  depth: number,
): string {
  const { memory, image } = core;
  const element = image.types[type.element];
  const isSlice = type.kind === 'slice';
  const start = isSlice ? memory[value.address] : value.address;
  const length = isSlice ? memory[value.address + 1] : type.length;
  const words = element?.words ?? 1;
  const isBytes = element?.kind === 'integer' && element.bits === 8;
  if (isBytes && 'sqxX'.includes(verb)) {
    const bytes = Uint8Array.from({ length }, (_, i) => memory[start + i]);
    if (verb === 'x' || verb === 'X') return formatHex(flags, bytes, verb);
    return printString(core, flags, value, decode(bytes), verb);
  }
  if (flags.sharpV && isSlice && start === 0) return `${type.name}(nil)`;
  // A list longer than the memory is none: the value shown may be a variable not yet set.
  const count = Math.max(0, Math.min(length, memory[HEAP_TOP]));
  const items = Array.from({ length: count }, (_, i) =>
    print(core, flags, { type: type.element, address: start + i * words }, verb, depth + 1),
  );
  if (!flags.sharpV) return `[${items.join(' ')}]`;
  return `${type.name === '[]uint8' ? '[]byte' : type.name}{${items.join(', ')}}`;
}

// ------------------------------------------------------------------------------ addresses

/** The number that stands for an address, as large as those of real Go. */
export function shownAddress(address: number): number {
  return address === 0 ? 0 : 0xc000000000 + address * 4;
}

function formatAddress(core: Core, flags: Flags, value: Value, verb: string): string {
  const type = core.image.types[value.type];
  const isSlice = type?.kind === 'slice';
  const isPointer =
    isSlice || ['pointer', 'channel', 'function', 'unsafe-pointer'].includes(type?.kind ?? '');
  if (!isPointer) return badVerb(core, flags, value, verb);
  const address = shownAddress(Math.abs(core.memory[value.address]));
  if (verb === 'v') {
    if (flags.sharpV) {
      const shown = address === 0 ? 'nil' : `0x${address.toString(16)}`;
      return `(${type?.name})(${shown})`;
    }
    if (address === 0) return pad(flags, '<nil>');
    return formatInteger({ ...flags, sharp: !flags.sharp }, address, 16, 'v');
  }
  if (verb === 'p') return formatInteger({ ...flags, sharp: !flags.sharp }, address, 16, 'x');
  if (verb !== 'O' && verb in bases) return formatInteger(flags, address, bases[verb], verb);
  return badVerb(core, flags, value, verb);
}

/** A pointer by the name of what it points to: `M0`, `G1`, `P2`, `nil`, else its number. */
export function pointerName(core: Core, address: number): string {
  if (address === 0) return 'nil';
  const type = core.image.types[core.memory[address - 2]];
  const id = type?.fields.find((field) => field.name === 'goid' || field.name === 'id');
  const short = type?.name.split('.').pop() ?? '';
  if (id !== undefined && short.length === 1) {
    return short.toUpperCase() + core.memory[address + id.offset];
  }
  return `0x${shownAddress(address).toString(16)}`;
}

export function typeName(core: Core, type: number): string {
  return type === 0 ? '<nil>' : (core.image.types[type]?.name ?? `type ${type}`);
}

/** As the runtime prints the value of a panic that nobody recovered. */
export function panicText(core: Core, value: Value): string {
  if (value.type === 0) return 'nil';
  const type = core.image.types[value.type];
  const word = core.memory[value.address];
  const name = typeName(core, value.type);
  switch (type?.kind) {
    case 'string': {
      const text = stringText(core, word);
      return type.named ? `${name}("${text}")` : text;
    }
    case 'bool':
    case 'integer': {
      const text = print(core, noFlags(), value, 'v', 0);
      return type.named ? `${name}(${text})` : text;
    }
    case 'pointer':
    case 'channel':
    case 'function':
    case 'unsafe-pointer':
      return `(${name}) ${pointerName(core, word)}`;
    default:
      return `(${name}) ${pointerName(core, value.address)}`;
  }
}
