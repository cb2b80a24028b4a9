/**
 * The types of one check, each once: two types are identical (as Go defines it) iff they are the
 * same object. Every type of the checker comes from here.
 */
import { typeName, wordsOf } from './types.ts';
import type {
  ArrayType,
  BasicName,
  BasicType,
  ChannelType,
  Field,
  FunctionType,
  InterfaceType,
  NamedType,
  PointerType,
  SliceType,
  StructType,
  TupleType,
  Type,
} from './types.ts';

const basicTypes = new Map<BasicName, BasicType>();

/** The basic type of that name; the same object for every check. */
export function basic(name: BasicName): BasicType {
  let type = basicTypes.get(name);
  if (!type) basicTypes.set(name, (type = { kind: 'basic', name }));
  return type;
}

export const invalidType = basic('invalid');
export const boolType = basic('bool');
export const intType = basic('int');
export const stringType = basic('string');
export const uint8Type = basic('uint8');
export const int32Type = basic('int32');
export const uintptrType = basic('uintptr');
export const unsafePointerType = basic('unsafe.Pointer');
export const untypedBool = basic('untyped-bool');
export const untypedInt = basic('untyped-int');
export const untypedRune = basic('untyped-rune');
export const untypedString = basic('untyped-string');
export const nilType = basic('nil');

/** `any`. */
export const anyType: InterfaceType = {
  kind: 'interface',
  methods: [],
  union: null,
  comparable: false,
};
export const comparableType: InterfaceType = { ...anyType, comparable: true };
const errorMethod: FunctionType = {
  kind: 'function',
  parameters: [],
  variadic: false,
  results: [stringType],
};
/** The predeclared type `error`. */
export const errorType: NamedType = {
  kind: 'named',
  packageName: '',
  name: 'error',
  typeArguments: [],
  underlying: {
    kind: 'interface',
    methods: [{ name: 'Error', type: errorMethod }],
    union: null,
    comparable: false,
  },
};

/** Types that a spelling names, and how deep they lie in one another. */
export interface TypeExtent {
  names: number;
  depth: number;
}

/** Makes types; asks for the same type twice give the same object. */
export class TypeStore {
  readonly #ids: Map<Type, number>;
  readonly #types: Map<string, Type>;
  readonly #open: Map<Type, boolean>;
  readonly #extents = new Map<Type, TypeExtent>();
  /** `func()`, that of thunks. */
  readonly thunk: FunctionType;
  readonly emptyTuple: TupleType;
  /** Whether there is any channel type. */
  hasChannels: boolean;
  /** Called when the first channel type is made. */
  onChannel: (() => void) | null = null;

  /** Knows all types of `base`, which is told of no new ones. */
  constructor(base: TypeStore | null = null) {
    this.#ids = new Map(base === null ? null : base.#ids);
    this.#types = new Map(base === null ? null : base.#types);
    this.#open = new Map(base === null ? null : base.#open);
    this.hasChannels = base?.hasChannels ?? false;
    this.#types.set(this.#functionKey(errorMethod), errorMethod);
    this.#types.set(this.#interfaceKey(anyType), anyType);
    this.#types.set(this.#interfaceKey(comparableType), comparableType);
    const errorInterface = errorType.underlying as InterfaceType;
    this.#types.set(this.#interfaceKey(errorInterface), errorInterface);
    this.thunk = this.function([], [], false);
    this.emptyTuple = this.tuple([]);
  }

  /** A number that stands for the type in keys. */
  id(type: Type): number {
    let id = this.#ids.get(type);
    if (id === undefined) this.#ids.set(type, (id = this.#ids.size));
    return id;
  }

  /** A key for a list of types. */
  key(types: readonly Type[]): string {
    let key = '';
    for (const type of types) key += `${this.id(type)},`;
    return key;
  }

  pointer(element: Type): PointerType {
    return this.#intern(`*${this.id(element)}`, () => ({ kind: 'pointer', element }));
  }

  slice(element: Type): SliceType {
    return this.#intern(`[]${this.id(element)}`, () => ({ kind: 'slice', element }));
  }

  array(length: number, element: Type): ArrayType {
    const key = `[${length}]${this.id(element)}`;
    return this.#intern(key, () => ({ kind: 'array', length, element }));
  }

  channel(direction: ChannelType['direction'], element: Type): ChannelType {
    if (!this.hasChannels) {
      this.hasChannels = true;
      this.onChannel?.();
    }
    const key = `chan ${direction} ${this.id(element)}`;
    return this.#intern(key, () => ({ kind: 'channel', direction, element }));
  }

  tuple(elements: readonly Type[]): TupleType {
    return this.#intern(`(${this.key(elements)})`, () => ({ kind: 'tuple', elements }));
  }

  function(parameters: readonly Type[], results: readonly Type[], variadic: boolean): FunctionType {
    const type: FunctionType = { kind: 'function', parameters, variadic, results };
    return this.#intern(this.#functionKey(type), () => type);
  }

  /** The layout of every field's type must be known. */
  struct(fields: readonly Omit<Field, 'offset'>[]): StructType {
    let key = 'struct ';
    for (const field of fields) {
      key += `${field.embedded ? '!' : ''}${field.local ? '~' : ''}${field.name} `;
      key += `${this.id(field.type)}${field.tag === '' ? '' : JSON.stringify(field.tag)};`;
    }
    return this.#intern(key, () => {
      let offset = 0;
      const placed: Field[] = [];
      for (const field of fields) {
        placed.push({ ...field, offset });
        offset += wordsOf(field.type);
      }
      return { kind: 'struct', fields: placed, words: offset };
    });
  }

  /** Methods in any order. */
  interface(
    methods: InterfaceType['methods'],
    union: InterfaceType['union'],
    comparable: boolean,
  ): InterfaceType {
    const sorted = methods.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const type: InterfaceType = { kind: 'interface', methods: sorted, union, comparable };
    return this.#intern(this.#interfaceKey(type), () => type);
  }

  /** Whether a type parameter occurs in the type. */
  isOpen(type: Type): boolean {
    const known = this.#open.get(type);
    if (known !== undefined) return known;
    this.#open.set(type, false);
    const open = this.#computeOpen(type);
    this.#open.set(type, open);
    return open;
  }

  #computeOpen(type: Type): boolean {
    if (type.kind === 'type-parameter') return true;
    return partTypes(type).some((one) => this.isOpen(one));
  }

  /** How large the spelling of a type is, whatever its parts have in common. */
  extentOf(type: Type): TypeExtent {
    let extent = this.#extents.get(type);
    if (extent === undefined) {
      // A constraint may name its own type parameter.
      this.#extents.set(type, { names: 1, depth: 1 });
      extent = { names: 1, depth: 1 };
      for (const part of partTypes(type)) {
        const { names, depth } = this.extentOf(part);
        extent.names += names;
        extent.depth = Math.max(extent.depth, depth + 1);
      }
      this.#extents.set(type, extent);
    }
    return extent;
  }

  #functionKey(type: FunctionType): string {
    const dots = type.variadic ? '...' : '';
    return `func ${this.key(type.parameters)}${dots}:${this.key(type.results)}`;
  }

  #interfaceKey(type: InterfaceType): string {
    let key = type.comparable ? 'interface! ' : 'interface ';
    for (const method of type.methods) key += `${method.name} ${this.id(method.type)};`;
    for (const term of type.union ?? []) key += `|${term.tilde ? '~' : ''}${this.id(term.type)}`;
    return key;
  }

  #intern<T extends Type>(key: string, make: () => T): T {
    let type = this.#types.get(key);
    if (!type) this.#types.set(key, (type = make()));
    return type as T;
  }
}

/** The types that stand in the spelling of a type. */
function partTypes(type: Type): readonly Type[] {
  switch (type.kind) {
    case 'basic':
    case 'type-parameter':
      return [];
    case 'named':
      return type.typeArguments;
    case 'pointer':
    case 'slice':
    case 'array':
    case 'channel':
      return [type.element];
    case 'function':
      return [...type.parameters, ...type.results];
    case 'struct':
      return type.fields.map((field) => field.type);
    case 'interface':
      return [...type.methods, ...(type.union ?? [])].map((part) => part.type);
    case 'tuple':
      return type.elements;
  }
}

/** A type as the compiler's messages spell it: without `main.`, `any` for the empty interface. */
export function spell(type: Type): string {
  return typeName(type)
    .replaceAll(/\bmain\./g, '')
    .replaceAll('interface {}', 'any');
}
