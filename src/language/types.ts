/**
 * Types of the language, as the checker knows them, and their size in machine words.
 *
 * A word is 32 bits. One word: integers, bool, string (a reference), pointers, functions (a
 * reference to a closure), channels, unsafe.Pointer. Two words: interfaces (type id, data).
 * Three words: slices (address, length, capacity). Structs and arrays lie inline.
 */

export type Type =
  | BasicType
  | PointerType
  | SliceType
  | ArrayType
  | StructType
  | FunctionType
  | ChannelType
  | InterfaceType
  | NamedType
  | TypeParameterType
  | TupleType;

/**
 * `untyped-…` are the types of constants before use; `nil` the type of nil; `invalid` that of an
 * expression that was already complained about (every use of it passes silently).
 * The machine's integers have 32 bits: `int`, `int64`, `uint`, `uint64` and `uintptr` stop the run
 * with the outcome `limit` where Go would need more, the others wrap as in Go.
 */
export type BasicName =
  | 'bool'
  | 'string'
  | 'int'
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'uint'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'uint64'
  | 'uintptr'
  | 'unsafe.Pointer'
  | 'untyped-bool'
  | 'untyped-int'
  | 'untyped-rune'
  | 'untyped-string'
  | 'nil'
  | 'invalid';

export interface BasicType {
  readonly kind: 'basic';
  readonly name: BasicName;
}
export interface PointerType {
  readonly kind: 'pointer';
  readonly element: Type;
}
export interface SliceType {
  readonly kind: 'slice';
  readonly element: Type;
}
export interface ArrayType {
  readonly kind: 'array';
  readonly length: number;
  readonly element: Type;
}
export interface Field {
  readonly name: string;
  readonly type: Type;
  readonly embedded: boolean;
  /** Tagged `local` in a model: only its owner touches it, or a lock orders the accesses. */
  readonly local: boolean;
  /** What stands behind the field as a string; '' for none. */
  readonly tag: string;
  /** In words from the start of the struct. */
  readonly offset: number;
}
export interface StructType {
  readonly kind: 'struct';
  readonly fields: readonly Field[];
  /** Size of a value: kept, as a struct may hold the same struct many times over. */
  readonly words: number;
}
export interface FunctionType {
  readonly kind: 'function';
  readonly parameters: readonly Type[];
  readonly variadic: boolean;
  readonly results: readonly Type[];
}
export interface ChannelType {
  readonly kind: 'channel';
  readonly direction: 'both' | 'send' | 'receive';
  readonly element: Type;
}
export interface InterfaceType {
  readonly kind: 'interface';
  /** Sorted by name. */
  readonly methods: readonly { readonly name: string; readonly type: FunctionType }[];
  /** Type union of a constraint; null for ordinary interfaces. */
  readonly union: readonly { readonly tilde: boolean; readonly type: Type }[] | null;
  readonly comparable: boolean;
}
export interface NamedType {
  readonly kind: 'named';
  readonly packageName: string;
  /** `Seq` */
  readonly name: string;
  readonly typeArguments: readonly Type[];
  /** Filled in by the checker; never itself a named type. */
  underlying: Type;
}
export interface TypeParameterType {
  readonly kind: 'type-parameter';
  readonly name: string;
  readonly constraint: Type;
}
/** Results of a call that gives none or several values, and of the comma-ok forms. */
export interface TupleType {
  readonly kind: 'tuple';
  readonly elements: readonly Type[];
}

/** The type behind a name; itself for all others. */
export function underlying(type: Type): Type {
  return type.kind === 'named' ? type.underlying : type;
}

/** Size of a value in machine words. Type parameters and untyped types have none: 1 is given. */
export function wordsOf(type: Type): number {
  const under = underlying(type);
  switch (under.kind) {
    case 'slice':
      return 3;
    case 'interface':
      return 2;
    case 'array':
      return under.length * wordsOf(under.element);
    case 'struct':
      return under.words;
    case 'tuple':
      return under.elements.reduce((sum, element) => sum + wordsOf(element), 0);
    default:
      return 1;
  }
}

/** Go's spelling of a type: `[]int`, `*main.node`, `iter.Seq[int]`, `func(int) bool`. */
export function typeName(type: Type): string {
  switch (type.kind) {
    case 'basic':
      return type.name.startsWith('untyped-') ? type.name.replace('-', ' ') : type.name;
    case 'pointer':
      return `*${typeName(type.element)}`;
    case 'slice':
      return `[]${typeName(type.element)}`;
    case 'array':
      return `[${type.length}]${typeName(type.element)}`;
    case 'struct':
      return structName(type);
    case 'function':
      return `func${signatureName(type)}`;
    case 'channel': {
      const prefix = { both: 'chan ', send: 'chan<- ', receive: '<-chan ' }[type.direction];
      const element = typeName(type.element);
      // Without parentheses it would read as a channel that sends.
      const { direction } = type;
      return direction === 'both' && element.startsWith('<-')
        ? `${prefix}(${element})`
        : prefix + element;
    }
    case 'interface':
      return interfaceName(type);
    case 'named': {
      const prefix = type.packageName ? `${type.packageName}.` : '';
      const list = type.typeArguments.map(typeName).join(',');
      return prefix + type.name + (list ? `[${list}]` : '');
    }
    case 'type-parameter':
      return type.name;
    case 'tuple':
      return `(${type.elements.map(typeName).join(', ')})`;
  }
}

function structName(type: StructType): string {
  if (type.fields.length === 0) return 'struct {}';
  const fields = type.fields.map((field) => {
    const tag = field.tag === '' ? '' : ` ${quotedTag(field.tag)}`;
    return (field.embedded ? '' : `${field.name} `) + typeName(field.type) + tag;
  });
  return `struct { ${fields.join('; ')} }`;
}

/** A tag as package reflect spells it. */
function quotedTag(tag: string): string {
  return `"${tag.replaceAll(/["\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t')}"`;
}

function signatureName(type: FunctionType): string {
  const last = type.parameters.length - 1;
  const parameters = type.parameters.map((parameter, index) =>
    type.variadic && index === last && parameter.kind === 'slice'
      ? `...${typeName(parameter.element)}`
      : typeName(parameter),
  );
  const results = type.results.map(typeName);
  const tail = results.length === 1 ? ` ${results[0]}` : ` (${results.join(', ')})`;
  return `(${parameters.join(', ')})${results.length ? tail : ''}`;
}

function interfaceName(type: InterfaceType): string {
  if (type.union) {
    return type.union.map((term) => (term.tilde ? '~' : '') + typeName(term.type)).join(' | ');
  }
  if (type.methods.length === 0) return type.comparable ? 'comparable' : 'interface {}';
  const methods = type.methods.map((method) => method.name + signatureName(method.type));
  return `interface { ${methods.join('; ')} }`;
}
