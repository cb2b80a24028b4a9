/** Go values in a machine's memory, for tests of what prints and compares them. */
import type { RuntimeType } from '../../src/language/image.ts';
import { GLOBALS } from '../../src/language/image.ts';
import { Machine } from '../../src/machine/machine.ts';
import { assemble, typeId } from './assemble.ts';

const integer = (name: string, bits: number, named = false) =>
  ({ name, kind: 'integer', bits, named, goBytes: Math.abs(bits) / 8 }) as const;
const slice = (name: string, element: string) =>
  ({ name, kind: 'slice', words: 3, element, comparable: false, goBytes: 24 }) as const;
const reference = (name: string, kind: 'pointer' | 'function' | 'channel', element = '') =>
  ({ name, kind, element, goBytes: 8, comparable: kind !== 'function' }) as const;
const struct = (
  name: string,
  words: number,
  goBytes: number,
  ...fields: [string, string, number][]
) => ({ name, kind: 'struct', words, goBytes, fields, named: true }) as const;

const types = [
  integer('int', -64),
  integer('uint32', 32),
  integer('uint8', 8),
  integer('int8', -8),
  integer('int32', -32),
  integer('uintptr', 64),
  integer('main.E', -64, true),
  { name: 'bool', kind: 'bool', goBytes: 1 },
  { name: 'string', kind: 'string', goBytes: 16 },
  { name: 'main.S', kind: 'string', named: true, goBytes: 16 },
  { name: 'interface {}', kind: 'interface', words: 2, goBytes: 16 },
  struct('main.T', 2, 24, ['A', 'int', 0], ['B', 'string', 1]),
  struct(
    'main.N',
    9,
    64,
    ['P', '*main.T', 0],
    ['I', 'interface {}', 1],
    ['L', '[]int', 3],
    ['X', '[2]bool', 6],
    ['U', 'uint32', 8],
  ),
  { name: '[2]int', kind: 'array', words: 2, length: 2, element: 'int', goBytes: 16 },
  { name: '[2]bool', kind: 'array', words: 2, length: 2, element: 'bool', goBytes: 2 },
  slice('[]int', 'int'),
  slice('[]string', 'string'),
  slice('[]uint8', 'uint8'),
  slice('main.B', 'uint8'),
  slice('[]interface {}', 'interface {}'),
  slice('[]main.T', 'main.T'),
  slice('[][]int', '[]int'),
  reference('*main.T', 'pointer', 'main.T'),
  reference('*[]int', 'pointer', '[]int'),
  reference('*int', 'pointer', 'int'),
  reference('func()', 'function'),
  reference('chan int', 'channel', 'int'),
] as const;

/** Type id by Go's name. */
export function idOf(name: string): number {
  const index = types.findIndex((type) => type.name === name);
  return index < 0 ? 0 : typeId(index);
}

/** The types above, as an image has them. */
export function runtimeTypes(): Partial<RuntimeType>[] {
  return types.map((type) => ({
    ...type,
    element: 'element' in type ? idOf(type.element) : 0,
    fields:
      'fields' in type
        ? type.fields.map(([name, field, offset]) => ({
            name,
            type: idOf(field),
            offset,
            embedded: false,
          }))
        : [],
  })) as Partial<RuntimeType>[];
}

/** A Go value: [type, what it holds]; `any`s are such pairs themselves or null. */
export type Go = readonly [type: string, value: unknown] | null;

/** A machine with room to lay values out in. */
export class Values {
  readonly machine = new Machine(
    assemble({
      globals: 4000,
      types: runtimeTypes(),
      functions: [{ name: 'main', code: [['YIELD'], ['RET', 3, 0]] }],
    }),
    { memoryWords: 1 << 18 },
  );
  #top = GLOBALS;

  /** Starts again with empty memory. */
  clear(): void {
    this.machine.reset();
    this.#top = GLOBALS;
  }

  /** Lays words out; their address. */
  place(words: readonly number[]): number {
    const address = this.#top;
    this.machine.poke(address, words);
    this.#top += Math.max(words.length, 1);
    return address;
  }

  /** The words of a value. */
  words([name, value]: readonly [string, unknown]): number[] {
    const type = types.find((one) => one.name === name);
    if (value === undefined) return Array.from({ length: wordsOf(name) }, () => 0);
    switch (type?.kind) {
      case 'string':
        return [this.machine.makeString(value as string)];
      case 'interface':
        return this.any(value as Go);
      case 'struct':
        return type.fields.flatMap(([, field], i) => this.words([field, (value as unknown[])[i]]));
      case 'array':
        return (value as unknown[]).flatMap((item) => this.words([type.element, item]));
      case 'slice': {
        const items = value as unknown[];
        const address = this.place(items.flatMap((item) => this.words([type.element, item])));
        return [address, items.length, items.length];
      }
      case 'pointer':
        return [this.place(this.words([type.element, value]))];
      default:
        return [Number(value) | 0];
    }
  }

  /** The two words of an interface. */
  any(value: Go): number[] {
    if (value === null) return [0, 0];
    const words = this.words(value);
    return [idOf(value[0]), words.length === 1 ? words[0] : this.place(words)];
  }

  /** The three words of a []any. */
  anys(values: readonly Go[]): number[] {
    return [this.place(values.flatMap((value) => this.any(value))), values.length, values.length];
  }
}

function wordsOf(name: string): number {
  const type = types.find((one) => one.name === name);
  return type !== undefined && 'words' in type ? type.words : 1;
}
