/**
 * Values for people: one line of text, and children to unfold. Pointers to goroutines, Ms and Ps
 * are shown by name (`G18`, `M0`), functions by theirs, interfaces with what they hold.
 */
import {
  FIRST_TYPE_ID,
  type Image,
  OBJECT_FREED_BIT,
  OBJECT_TYPE,
  type RuntimeType,
} from '../language/image.ts';
import type { Machine } from '../machine/machine.ts';
import type { GoModel } from './model.ts';

/** A value, with its place in the state if it has one. */
export interface Value {
  readonly name: string;
  /** Rendered for one line: `{goid: 18, m: M0}`. */
  readonly text: string;
  readonly typeName: string;
  /** Type id of the image, 0 when it has none (a constant of an expression). */
  readonly type: number;
  /** Where its words are; -1: a temporary, which cannot be assigned to. */
  readonly address: number;
  readonly words: readonly number[];
  /** Number of children `childrenOf` gives; 0: a leaf. */
  readonly childCount: number;
  /** Children are numbered elements (paged) rather than named fields. */
  readonly indexed: boolean;
  /** An expression that gives this value again in the same frame, or null. */
  readonly evaluateName: string | null;
}

/** Words of a value, with where they are (-1: nowhere) and their type. */
export interface Datum {
  readonly type: RuntimeType;
  readonly address: number;
  readonly words: readonly number[];
}

const MAX_DEPTH = 3;
const MAX_ELEMENTS = 16;
const MAX_FIELDS = 24;
const MAX_STRING = 200;

export class Values {
  readonly image: Image;
  readonly machine: Machine;
  readonly model: GoModel | null;

  constructor(image: Image, machine: Machine, model: GoModel | null) {
    this.image = image;
    this.machine = machine;
    this.model = model;
  }

  typeOf(id: number): RuntimeType | null {
    return this.image.types[id] ?? null;
  }

  /** The value of type `id` at an address. */
  at(address: number, id: number): Datum {
    const type = this.image.types[id];
    if (!type) throw new Error(`internal error: there is no type ${id}, please report`);
    const { memory } = this.machine;
    return { type, address, words: Array.from(memory.subarray(address, address + type.words)) };
  }

  present(name: string, datum: Datum, evaluateName: string | null): Value {
    const { type, address, words } = datum;
    const shape = this.#childShape(datum);
    return {
      name,
      text: this.render(datum),
      typeName: this.#typeNameOf(datum),
      type: type.id,
      address,
      words,
      childCount: shape.count,
      indexed: shape.indexed,
      evaluateName,
    };
  }

  /** The datum behind a value that `present` gave. */
  datumOf(value: Value): Datum | null {
    const type = this.image.types[value.type];
    return type ? { type, address: value.address, words: value.words } : null;
  }

  render(datum: Datum, depth = 0): string {
    const { type, words } = datum;
    switch (type.kind) {
      case 'bool':
        return words[0] === 0 ? 'false' : 'true';
      case 'integer':
        return String(integerOf(type, words[0]));
      case 'string':
        return quote(this.machine.readString(words[0]));
      case 'pointer':
      case 'unsafe-pointer':
        return this.#renderPointer(datum, depth);
      case 'slice':
        return this.#renderElements(words[0], words[1], type.element, depth, words[2]);
      case 'array':
        return this.#renderArray(datum, depth);
      case 'struct':
        return this.#renderStruct(datum, depth);
      case 'function':
        return this.functionName(words[0]);
      case 'channel':
        return this.#renderChannel(datum);
      case 'interface':
        return this.#renderInterface(datum, depth);
    }
  }

  /** Name of the function behind a func value; `nil` for 0. */
  functionName(value: number): string {
    if (value === 0) return 'nil';
    const number = value < 0 ? -value - 1 : this.machine.memory[value];
    return this.image.functions[number]?.name ?? 'func';
  }

  /** `G18`, `M0`, `P1`, `M0.g0` for pointers to the records of a Go model; null for others. */
  modelName(elementType: number, pointer: number): string | null {
    const { model } = this;
    if (model === null || pointer === 0) return null;
    const { memory } = this.machine;
    if (elementType === model.mType) return `M${memory[pointer + model.m.id]}`;
    if (elementType === model.pType) return `P${memory[pointer + model.p.id]}`;
    if (elementType !== model.gType) return null;
    const goid = memory[pointer + model.g.goid];
    if (goid !== 0) return `G${goid}`;
    const m = memory[pointer + model.g.m];
    return m === 0 ? 'g0' : `M${memory[m + model.m.id]}.g0`;
  }

  /** What an interface value holds; null when it is nil. */
  dynamicValue(datum: Datum): Datum | null {
    const [id, data] = datum.words;
    const type = this.image.types[id];
    if (!type) return null;
    return type.words === 1 ? { type, address: -1, words: [data] } : this.at(data, id);
  }

  /** The elements of a slice, array or pointed-to array; null for other values. */
  elementsOf(datum: Datum): { address: number; count: number; type: RuntimeType } | null {
    const { type, words, address } = datum;
    const element = this.image.types[type.element];
    if (!element) return null;
    if (type.kind === 'slice') return { address: words[0], count: words[1], type: element };
    if (type.kind === 'array') return { address, count: type.length, type: element };
    return null;
  }

  #typeNameOf({ type, words }: Datum): string {
    if (type.kind !== 'interface' || words[0] === 0) return type.name;
    return `${type.name}(${this.image.types[words[0]]?.name ?? '?'})`;
  }

  #childShape(datum: Datum): { count: number; indexed: boolean } {
    const { type, words } = datum;
    const leaf = { count: 0, indexed: false };
    switch (type.kind) {
      case 'struct':
        return { count: type.fields.length, indexed: false };
      case 'slice':
        return { count: words[1], indexed: true };
      case 'array':
        return { count: type.length, indexed: true };
      case 'pointer': {
        const target = this.image.types[type.element];
        if (words[0] === 0 || !target) return leaf;
        if (target.kind === 'struct') return { count: target.fields.length, indexed: false };
        return { count: 1, indexed: false };
      }
      case 'channel': {
        const channel = this.image.types[this.model?.hchanType ?? 0];
        if (words[0] === 0 || !channel) return leaf;
        return { count: channel.fields.length, indexed: false };
      }
      case 'interface': {
        const dynamic = this.dynamicValue(datum);
        return dynamic === null ? leaf : this.#childShape(dynamic);
      }
      default:
        return leaf;
    }
  }

  #renderPointer({ type, words }: Datum, depth: number): string {
    const [pointer] = words;
    if (pointer === 0) return 'nil';
    const element = type.kind === 'pointer' ? type.element : this.#objectType(pointer);
    const name = this.modelName(element, pointer);
    if (name !== null) return name;
    const target = this.image.types[element];
    if (!target) return 'pointer';
    if (this.isFreed(pointer)) return `&${target.name} (freed)`;
    if (depth >= MAX_DEPTH) return `&${target.name}{…}`;
    const prefix = target.kind === 'struct' && target.named ? target.name : '';
    return `&${prefix}${this.render(this.at(pointer, element), depth + 1)}`;
  }

  /** Type id in the header of the object that begins here; 0 when it is not known. */
  #objectType(pointer: number): number {
    const id = this.machine.memory[pointer + OBJECT_TYPE];
    return id >= FIRST_TYPE_ID && id < this.image.types.length ? id : 0;
  }

  isFreed(pointer: number): boolean {
    const object = this.machine.objectOf(pointer);
    if (object === 0) return false;
    return (this.machine.memory[object + OBJECT_TYPE] & OBJECT_FREED_BIT) !== 0;
  }

  #renderElements(
    address: number,
    count: number,
    element: number,
    depth: number,
    capacity: number,
  ): string {
    if (address === 0 && capacity === 0) return 'nil';
    const type = this.image.types[element];
    if (!type || depth >= MAX_DEPTH) return '[…]';
    const shown: string[] = [];
    for (let i = 0; i < Math.min(count, MAX_ELEMENTS); i++) {
      shown.push(this.render(this.at(address + i * type.words, element), depth + 1));
    }
    if (count > MAX_ELEMENTS) shown.push(`… ${count - MAX_ELEMENTS} more`);
    return `[${shown.join(', ')}]${capacity === count ? '' : ` cap ${capacity}`}`;
  }

  #renderArray(datum: Datum, depth: number): string {
    const { type, address, words } = datum;
    if (address >= 0) {
      return this.#renderElements(address, type.length, type.element, depth, type.length);
    }
    const element = this.image.types[type.element];
    if (!element) return '[…]';
    const parts: string[] = [];
    for (let i = 0; i < type.length; i++) {
      const part = words.slice(i * element.words, (i + 1) * element.words);
      parts.push(this.render({ type: element, address: -1, words: part }, depth + 1));
    }
    return `[${parts.join(', ')}]`;
  }

  #renderStruct(datum: Datum, depth: number): string {
    if (depth >= MAX_DEPTH) return '{…}';
    const { fields } = datum.type;
    const parts = fields.slice(0, MAX_FIELDS).map(({ name, type, offset }) => {
      return `${name}: ${this.render(this.part(datum, type, offset), depth + 1)}`;
    });
    if (fields.length > MAX_FIELDS) parts.push('…');
    return `{${parts.join(', ')}}`;
  }

  /** A field or element of a value. */
  part({ address, words }: Datum, type: number, offset: number): Datum {
    const info = this.image.types[type];
    if (!info) throw new Error(`internal error: there is no type ${type}, please report`);
    return {
      type: info,
      address: address < 0 ? -1 : address + offset,
      words: words.slice(offset, offset + info.words),
    };
  }

  #renderChannel({ type, words }: Datum): string {
    const [channel] = words;
    if (channel === 0) return 'nil';
    const count = this.channelField(channel, 'count');
    const size = this.channelField(channel, 'size');
    const closed = this.channelField(channel, 'closed') ? ', closed' : '';
    return count === null || size === null ? type.name : `${type.name} ${count}/${size}${closed}`;
  }

  /** A field of the channel at an address; null without channels. */
  channelField(channel: number, name: string): number | null {
    const type = this.image.types[this.model?.hchanType ?? 0];
    const field = type?.fields.find((one) => one.name === name);
    return field ? this.machine.memory[channel + field.offset] : null;
  }

  #renderInterface(datum: Datum, depth: number): string {
    const dynamic = this.dynamicValue(datum);
    if (dynamic === null) return 'nil';
    const text = this.render(dynamic, depth);
    const { kind, named, name } = dynamic.type;
    const isPlain = kind === 'string' || kind === 'bool' || kind === 'pointer' || name === 'int';
    return isPlain && !named ? text : kind === 'struct' ? `${name}${text}` : `${name}(${text})`;
  }
}

/** The number that a word of an integer type means. */
export function integerOf(type: RuntimeType, word: number): number {
  switch (type.bits) {
    case 8:
      return word & 0xff;
    case 16:
      return word & 0xffff;
    default:
      return type.bits > 0 ? word >>> 0 : word;
  }
}

/** A string as Go's %q prints it, cut when it is long. */
export function quote(text: string): string {
  const cut = text.length > MAX_STRING ? text.slice(0, MAX_STRING) : text;
  return `${JSON.stringify(cut)}${text.length > MAX_STRING ? `… ${text.length} bytes` : ''}`;
}
