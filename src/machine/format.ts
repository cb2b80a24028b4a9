/**
 * Package fmt, on values in memory: Sprint, Sprintln, and what Sprintf does with one operand. It
 * follows src/fmt/print.go of Go; the texts of methods (Error, String) come from the model, as
 * format-methods.ts says.
 */
import type { RuntimeType } from '../language/image.ts';
import { HEAP_TOP } from '../language/image.ts';
import type { Printing } from './format-methods.ts';
import { isError, methodFor, METHOD_GO_STRING, textFrom } from './format-methods.ts';
import type { Value } from './format-names.ts';
import { shownAddress, typeName, unwrap } from './format-names.ts';
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

/** As fmt.Sprint. */
export function sprint(p: Printing, values: readonly Value[]): string {
  let text = '';
  let afterString = true;
  for (const [index, value] of values.entries()) {
    const isString = p.core.image.types[value.type]?.kind === 'string';
    if (index > 0 && !isString && !afterString) text += ' ';
    text += formatValue(p, noFlags(), value, 'v');
    afterString = isString;
  }
  return text;
}

/** As fmt.Sprintln. */
export function sprintln(p: Printing, values: readonly Value[]): string {
  return `${values.map((value) => formatValue(p, noFlags(), value, 'v')).join(' ')}\n`;
}

/** One operand by one verb. */
export function formatValue(p: Printing, flags: Flags, value: Value, verb: string): string {
  p.argument = value;
  if (value.type === 0) {
    return verb === 'T' || verb === 'v' ? pad(flags, '<nil>') : `%!${verb}(<nil>)`;
  }
  if (verb === 'T') return formatString(flags, typeName(p.core, value.type));
  if (verb === 'p') return formatAddress(p, flags, value, verb);
  return print(p, flags, value, verb, 0, VISIBLE);
}

/**
 * Whether package fmt may call methods of a value that it came to through fields, as package
 * reflect says: not through fields that are not exported, unless these are embedded and exported
 * fields of theirs follow.
 */
const VISIBLE = 0;
const EMBEDDED = 1;
const HIDDEN = 2;

function print(
  p: Printing,
  flags: Flags,
  value: Value,
  verb: string,
  depth: number,
  visibility: number,
): string {
  p.argument = value;
  if (visibility === VISIBLE) {
    const text = fromMethod(p, flags, value, verb);
    if (text !== null) return text;
    if (verb === 'w' && p.wraps) verb = 'v';
  }
  const { core } = p;
  const type = core.image.types[value.type];
  const word = core.at(value.address);
  switch (type?.kind) {
    case 'bool':
      if (verb !== 't' && verb !== 'v') return badVerb(p, flags, verb);
      return pad(flags, word !== 0 ? 'true' : 'false');
    case 'integer':
      return printInteger(p, flags, value, type, verb);
    case 'string':
      return printString(p, flags, stringText(core, word), verb);
    case 'struct':
      return printStruct(p, flags, value, type, verb, depth, visibility);
    case 'interface': {
      const inner = unwrap(core, value.address);
      if (inner.type !== 0) {
        const inside = visibility === VISIBLE ? VISIBLE : HIDDEN;
        return print(p, flags, inner, verb, depth + 1, inside);
      }
      return flags.sharpV ? `${type.name}(nil)` : '<nil>';
    }
    case 'array':
    case 'slice':
      return printList(p, flags, value, type, verb, depth, visibility);
    case 'pointer': {
      const kind = core.image.types[type.element]?.kind;
      const isComposite = kind === 'array' || kind === 'slice' || kind === 'struct';
      if (depth > 0 || word === 0 || !isComposite) return formatAddress(p, flags, value, verb);
      const element = { type: type.element, address: word };
      return `&${print(p, flags, element, verb, depth + 1, visibility)}`;
    }
    case 'channel':
    case 'function':
    case 'unsafe-pointer':
      return formatAddress(p, flags, value, verb);
    default:
      return `%!${verb}(unknown type ${value.type})`;
  }
}

/** The text that a method of the value gives; null when none is asked. */
function fromMethod(p: Printing, flags: Flags, value: Value, verb: string): string | null {
  // What an interface holds is asked when it is come to.
  if (p.erroring || p.core.image.types[value.type]?.kind === 'interface') return null;
  if (verb === 'w') {
    if (!p.wraps || !isError(p, value)) return badVerb(p, flags, verb);
    verb = 'v';
  }
  const method = methodFor(p, flags, value, verb);
  if (method === 0) return null;
  const given = textFrom(p, value, method, verb);
  if (given === null) return '';
  if (given.isFinal) return given.text;
  if (method === METHOD_GO_STRING) return formatString(flags, given.text);
  return printString(p, flags, given.text, verb);
}

function badVerb(p: Printing, flags: Flags, verb: string): string {
  p.erroring = true;
  const { argument } = p;
  const shown = formatValue(p, flags, argument, 'v');
  p.erroring = false;
  return `%!${verb}(${typeName(p.core, argument.type)}=${shown})`;
}

const bases: Readonly<Record<string, number>> = { d: 10, b: 2, o: 8, O: 8, x: 16, X: 16 };

function printInteger(
  p: Printing,
  flags: Flags,
  value: Value,
  type: RuntimeType,
  verb: string,
): string {
  const word = p.core.at(value.address);
  const number = type.bits > 0 ? word >>> 0 : word;
  if (verb === 'v') {
    if (!flags.sharpV || type.bits < 0) return formatInteger(flags, number, 10, verb);
    return formatInteger({ ...flags, sharp: true }, number, 16, verb);
  }
  if (verb in bases) return formatInteger(flags, number, bases[verb], verb);
  if (verb === 'c') return formatRune(flags, number);
  if (verb === 'q') return formatQuotedRune(flags, number);
  if (verb === 'U') return formatUnicode(flags, number);
  return badVerb(p, flags, verb);
}

function printString(p: Printing, flags: Flags, text: string, verb: string): string {
  if (verb === 'v') return flags.sharpV ? formatQuoted(flags, text) : formatString(flags, text);
  if (verb === 's') return formatString(flags, text);
  if (verb === 'q') return formatQuoted(flags, text);
  if (verb === 'x' || verb === 'X') return formatHex(flags, encode(text), verb);
  return badVerb(p, flags, verb);
}

function printStruct(
  p: Printing,
  flags: Flags,
  value: Value,
  type: RuntimeType,
  verb: string,
  depth: number,
  visibility: number,
): string {
  const fields = type.fields.map((field) => {
    const inner = { type: field.type, address: value.address + field.offset };
    const name = flags.plusV || flags.sharpV ? `${field.name}:` : '';
    let inside = visibility === HIDDEN ? HIDDEN : VISIBLE;
    if (inside === VISIBLE && !/^\p{Lu}/u.test(field.name)) {
      inside = field.embedded ? EMBEDDED : HIDDEN;
    }
    return name + print(p, flags, inner, verb, depth + 1, inside);
  });
  return flags.sharpV ? `${type.name}{${fields.join(', ')}}` : `{${fields.join(' ')}}`;
}

function printList(
  p: Printing,
  flags: Flags,
  value: Value,
  type: RuntimeType,
  verb: string,
  depth: number,
  visibility: number,
): string {
  const { core } = p;
  const { image } = core;
  const element = image.types[type.element];
  const isSlice = type.kind === 'slice';
  const start = isSlice ? core.at(value.address) : value.address;
  const length = isSlice ? core.at(value.address + 1) : type.length;
  const words = element?.words ?? 1;
  const isBytes = element?.kind === 'integer' && element.bits === 8;
  if (isBytes && 'sqxX'.includes(verb)) {
    const bytes = Uint8Array.from({ length }, (_, i) => core.at(start + i));
    if (verb === 'x' || verb === 'X') return formatHex(flags, bytes, verb);
    return printString(p, flags, decode(bytes), verb);
  }
  if (flags.sharpV && isSlice && start === 0) return `${type.name}(nil)`;
  // A list longer than the memory is none: the value shown may be a variable not yet set.
  const count = Math.max(0, Math.min(length, core.at(HEAP_TOP)));
  const inside = visibility === VISIBLE ? VISIBLE : HIDDEN;
  const items = Array.from({ length: count }, (_, i) => {
    const item = { type: type.element, address: start + i * words };
    return print(p, flags, item, verb, depth + 1, inside);
  });
  if (!flags.sharpV) return `[${items.join(' ')}]`;
  const name = type.name === '[]uint8' && depth === 0 ? '[]byte' : type.name;
  return `${name}{${items.join(', ')}}`;
}

function formatAddress(p: Printing, flags: Flags, value: Value, verb: string): string {
  const type = p.core.image.types[value.type];
  const isSlice = type?.kind === 'slice';
  const isPointer =
    isSlice || ['pointer', 'channel', 'function', 'unsafe-pointer'].includes(type?.kind ?? '');
  if (!isPointer) return badVerb(p, flags, verb);
  const address = shownAddress(Math.abs(p.core.at(value.address)));
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
  return badVerb(p, flags, verb);
}
