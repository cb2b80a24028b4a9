/** How addresses and types are shown, and what the runtime prints of a panic's value. */
import type { Core } from './core.ts';
import { stringText } from './heap.ts';

/** A value: its type id (0: nil of an interface) and the address of its first word. */
export interface Value {
  readonly type: number;
  readonly address: number;
}

/** What an interface at an address holds. */
export function unwrap(core: Core, address: number): Value {
  const type = core.at(address);
  const words = core.image.types[type]?.words ?? 1;
  return { type, address: words === 1 ? address + 1 : core.at(address + 1) };
}

/** The number that stands for an address, as large as those of real Go. */
export function shownAddress(address: number): number {
  return address === 0 ? 0 : 0xc000000000 + address * 4;
}

/** A pointer by the name of what it points to: `M0`, `G1`, `P2`, `nil`, else its number. */
export function pointerName(core: Core, address: number): string {
  if (address === 0) return 'nil';
  const type = core.image.types[core.at(address - 2)];
  const id = type?.fields.find((field) => field.name === 'goid' || field.name === 'id');
  const short = type?.name.split('.').pop() ?? '';
  if (id !== undefined && short.length === 1) {
    return short.toUpperCase() + core.at(address + id.offset);
  }
  return `0x${shownAddress(address).toString(16)}`;
}

/** Go's spelling of a type by its id. */
export function typeName(core: Core, type: number): string {
  return type === 0 ? '<nil>' : (core.image.types[type]?.name ?? `type ${type}`);
}

/** As the runtime prints the value of a panic that nobody recovered; `indents`: lines after the
 *  first are indented. */
export function panicText(core: Core, value: Value, indents: boolean): string {
  if (value.type === 0) return 'nil';
  const type = core.image.types[value.type];
  const word = core.at(value.address);
  const name = typeName(core, value.type);
  switch (type?.kind) {
    case 'string': {
      const own = stringText(core, word);
      const text = indents ? own.replaceAll('\n', '\n\t') : own;
      return type.named ? `${name}("${text}")` : text;
    }
    case 'bool':
      return type.named ? `${name}(${word !== 0})` : String(word !== 0);
    case 'integer': {
      const number = type.bits > 0 ? word >>> 0 : word;
      return type.named ? `${name}(${number})` : String(number);
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
