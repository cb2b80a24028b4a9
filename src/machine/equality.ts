/** Go's == on values of any type, and which methods a type has. */
import type { Image } from '../language/image.ts';
import type { Core } from './core.ts';
import { stringBytes } from './heap.ts';

export interface Equality {
  readonly equal: boolean;
  /** Type id that cannot be compared (a run-time panic in Go), or 0. */
  readonly uncomparable: number;
}

const same: Equality = { equal: true, uncomparable: 0 };
const different: Equality = { equal: false, uncomparable: 0 };

/** The interfaces at two addresses: type ids and data words. */
export function equalInterfaces(core: Core, x: number, y: number): Equality {
  const { image } = core;
  const id = core.at(x);
  if (id !== core.at(y)) return different;
  if (id === 0) return same;
  const type = image.types[id];
  if (!type) return core.at(x + 1) === core.at(y + 1) ? same : different;
  if (!type.comparable) return { equal: false, uncomparable: id };
  if (type.words === 1) return equalValues(core, x + 1, y + 1, id);
  if (type.words === 0) return same;
  return equalValues(core, core.at(x + 1), core.at(y + 1), id);
}

/** The values of a type at two addresses. */
export function equalValues(core: Core, x: number, y: number, id: number): Equality {
  const { image } = core;
  const type = image.types[id];
  switch (type?.kind) {
    case 'string':
      return compareStrings(core, core.at(x), core.at(y)) === 0 ? same : different;
    case 'interface':
      return equalInterfaces(core, x, y);
    case 'struct':
      for (const field of type.fields) {
        if (field.name === '_') continue;
        const result = equalValues(core, x + field.offset, y + field.offset, field.type);
        if (!result.equal) return result;
      }
      return same;
    case 'array': {
      const words = image.types[type.element]?.words ?? 1;
      for (let i = 0; i < type.length; i++) {
        const result = equalValues(core, x + i * words, y + i * words, type.element);
        if (!result.equal) return result;
      }
      return same;
    }
    case 'slice':
    case 'function':
      return { equal: false, uncomparable: id };
    default:
      return core.at(x) === core.at(y) ? same : different;
  }
}

/** Order of two string values by bytes: -1, 0, 1. */
export function compareStrings(core: Core, x: number, y: number): number {
  if (x === y) return 0;
  const left = stringBytes(core, x);
  const right = stringBytes(core, y);
  const length = Math.min(left.length, right.length);
  for (let i = 0; i < length; i++) {
    if (left[i] !== right[i]) return left[i] < right[i] ? -1 : 1;
  }
  return Math.sign(left.length - right.length);
}

/** Whether the type (0: nil, which has nothing) has all methods of the interface. */
export function hasMethods(image: Image, type: number, interfaceType: number): boolean {
  return type !== 0 && missingMethod(image, type, interfaceType) === null;
}

/** Name of the first method, by name, that the type lacks; null if it has them all, and for types
 *  that are no interfaces: their methods are needed by nobody. */
export function missingMethod(image: Image, type: number, interfaceType: number): string | null {
  const wanted = image.types[interfaceType];
  const needed = wanted?.kind === 'interface' ? Object.keys(wanted.methods) : [];
  const has = image.types[type]?.methods ?? {};
  const lacking = needed.filter((method) => !(method in has));
  const names = lacking.map((method) => image.methodNames[Number(method)] ?? method);
  return names.sort()[0] ?? null;
}
