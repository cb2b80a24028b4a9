/**
 * The image's tables of types and method names: what the debugger, the formatter and the type
 * tests of the machine know of the checker's types.
 */
import { FIRST_TYPE_ID } from './image.ts';
import type { RuntimeType } from './image.ts';
import { isComparable } from './members.ts';
import type { DynamicType, TypedFunction } from './typed.ts';
import { typeName, underlying, wordsOf } from './types.ts';
import type { BasicName, Type } from './types.ts';

/** Levels of types in types that are entered by recursion. */
const maxDepth = 200;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export class RuntimeTypes {
  types: (RuntimeType | null)[] = [];
  methodNames: string[] = [];
  #ids = new Map<Type, number>();
  #methodNumbers = new Map<string, number>();
  #typeNumbers = new Map<Type, number>();
  #depth = 0;
  readonly #late: Type[] = [];
  #dynamic: ReadonlyMap<Type, DynamicType>;
  /** Types with methods that are in the table and whose methods have no function numbers yet. */
  readonly #pending: { readonly methods: Record<number, number>; readonly type: DynamicType }[] =
    [];

  constructor(dynamicTypes: readonly DynamicType[]) {
    for (let i = 0; i < FIRST_TYPE_ID; i++) this.types.push(null);
    this.#dynamic = new Map(dynamicTypes.map((type) => [type.type, type]));
  }

  /** Another table that goes on from here; all methods must be linked. */
  copy(): RuntimeTypes {
    const copy = new RuntimeTypes([]);
    copy.types = [...this.types];
    copy.methodNames = [...this.methodNames];
    copy.#ids = new Map(this.#ids);
    copy.#methodNumbers = new Map(this.#methodNumbers);
    copy.#typeNumbers = new Map(this.#typeNumbers);
    copy.#dynamic = this.#dynamic;
    return copy;
  }

  /** The id of a type; it is entered, with all that it is made of, when it is new. */
  id(type: Type): number {
    const known = this.#ids.get(type);
    if (known !== undefined) return known;
    const id = this.types.length;
    this.#ids.set(type, id);
    this.types.push(null);
    if (this.#depth === maxDepth) this.#late.push(type);
    else this.#enter(type, id);
    return id;
  }

  /** Types of types of types are entered from a list, lest their number exhaust the stack. */
  #enter(type: Type, id: number): void {
    this.#depth++;
    this.types[id] = this.#describe(type, id);
    this.#depth--;
    if (this.#depth > 0) return;
    for (let next = this.#late.pop(); next; next = this.#late.pop()) {
      this.#enter(next, this.#ids.get(next) as number);
    }
  }

  /** Methods of one name but different signatures have different numbers. */
  methodNumber(name: string, parameters: readonly Type[], results: readonly Type[]): number {
    const list = (types: readonly Type[]): string =>
      types.map((type) => this.#numberOf(type)).join(', ');
    const key = `${name}(${list(parameters)}) ${list(results)}`;
    let number = this.#methodNumbers.get(key);
    if (number === undefined) {
      number = this.methodNames.length;
      this.methodNames.push(name);
      this.#methodNumbers.set(key, number);
    }
    return number;
  }

  /** Two types may have the same name: those of different blocks. */
  #numberOf(type: Type): number {
    let number = this.#typeNumbers.get(type);
    if (number === undefined) this.#typeNumbers.set(type, (number = this.#typeNumbers.size));
    return number;
  }

  /** Fills in the method tables of the types entered since the last call. */
  linkMethods(functionNumber: (target: TypedFunction) => number): void {
    for (let entry = this.#pending.pop(); entry; entry = this.#pending.pop()) {
      for (const [name, target] of entry.type.methods) {
        const { parameters, results } = target.type;
        const number = this.methodNumber(name, parameters.slice(1), results);
        entry.methods[number] = functionNumber(target);
      }
    }
  }

  #describe(type: Type, id: number): RuntimeType {
    const under = underlying(type);
    const methods: Record<number, number> = {};
    const made: Mutable<RuntimeType> = {
      id,
      name: typeName(type),
      kind: 'integer',
      bits: 0,
      words: wordsOf(type),
      element: 0,
      length: 0,
      fields: [],
      packageName: type.kind === 'named' ? type.packageName : '',
      named: type.kind === 'named',
      methods,
      comparable: isComparable(type),
      goBytes: goLayout(type).bytes,
    };
    switch (under.kind) {
      case 'basic':
        describeBasic(under.name, made);
        break;
      case 'pointer':
      case 'slice':
      case 'channel':
      case 'array':
        made.kind = under.kind;
        made.element = this.id(under.element);
        if (under.kind === 'array') made.length = under.length;
        break;
      case 'struct':
        made.kind = 'struct';
        made.fields = under.fields.map((field) => ({
          name: field.name,
          type: this.id(field.type),
          offset: field.offset,
          embedded: field.embedded,
        }));
        break;
      case 'function':
        made.kind = 'function';
        break;
      case 'interface':
        made.kind = 'interface';
        for (const { name, type: signature } of under.methods) {
          methods[this.methodNumber(name, signature.parameters, signature.results)] = 0;
        }
        break;
      default:
        throw new Error(`internal error: no run-time type for ${typeName(type)}, please report`);
    }
    const dynamic = this.#dynamic.get(type);
    if (dynamic && under.kind !== 'interface') this.#pending.push({ methods, type: dynamic });
    return made;
  }
}

function describeBasic(name: BasicName, made: Mutable<RuntimeType>): void {
  if (name === 'bool' || name === 'string') made.kind = name;
  else if (name === 'unsafe.Pointer' || name === 'nil') made.kind = 'unsafe-pointer';
  else {
    const digits = /\d+$/.exec(name);
    const bits = digits ? Number(digits[0]) : 64;
    made.bits = name.startsWith('u') && !name.startsWith('untyped') ? bits : -bits;
  }
}

interface GoLayout {
  readonly bytes: number;
  readonly align: number;
}

const word: GoLayout = { bytes: 8, align: 8 };
const smallLayouts: Readonly<Partial<Record<BasicName, GoLayout>>> = {
  bool: { bytes: 1, align: 1 },
  int8: { bytes: 1, align: 1 },
  uint8: { bytes: 1, align: 1 },
  int16: { bytes: 2, align: 2 },
  uint16: { bytes: 2, align: 2 },
  int32: { bytes: 4, align: 4 },
  uint32: { bytes: 4, align: 4 },
  string: { bytes: 16, align: 8 },
};

/** Size and alignment that Go gives a type on amd64. */
function goLayout(type: Type): GoLayout {
  const under = underlying(type);
  let layout = layouts.get(under);
  if (!layout) layouts.set(under, (layout = layOut(under)));
  return layout;
}

const layouts = new WeakMap<Type, GoLayout>();

function layOut(under: Type): GoLayout {
  switch (under.kind) {
    case 'basic':
      return smallLayouts[under.name] ?? word;
    case 'slice':
      return { bytes: 24, align: 8 };
    case 'interface':
      return { bytes: 16, align: 8 };
    case 'array': {
      const element = goLayout(under.element);
      return { bytes: element.bytes * under.length, align: element.align };
    }
    case 'struct': {
      let bytes = 0;
      let align = 1;
      let last = 1;
      for (const field of under.fields) {
        const layout = goLayout(field.type);
        bytes = roundUp(bytes, layout.align) + layout.bytes;
        align = Math.max(align, layout.align);
        last = layout.bytes;
      }
      // A field of no size at the end is padded, so that a pointer to it stays inside.
      if (last === 0 && bytes > 0) bytes += 1;
      return { bytes: roundUp(bytes, align), align };
    }
    default:
      return word;
  }
}

function roundUp(bytes: number, align: number): number {
  return Math.ceil(bytes / align) * align;
}
