/** The predeclared names. */
import { Scope } from './entities.ts';
import type { ConstantEntity, Entity, TypeEntity } from './entities.ts';
import {
  anyType,
  basic,
  comparableType,
  errorType,
  untypedBool,
  untypedInt,
  unsafePointerType,
} from './type-store.ts';
import type { BasicName, Type } from './types.ts';

const noSpan = { start: 0, end: 0 };

/** Predeclared functions; `fail` is the scenarios' own. */
export const builtinNames = [
  'append',
  'cap',
  'clear',
  'close',
  'copy',
  'len',
  'make',
  'max',
  'min',
  'new',
  'panic',
  'print',
  'println',
  'recover',
  'fail',
] as const;

/** Go's names that this language leaves out, and what to say of them. */
export const missingNames = new Map<string, string>([
  ['float32', 'floating-point numbers are not in the language'],
  ['float64', 'floating-point numbers are not in the language'],
  ['complex64', 'complex numbers are not in the language'],
  ['complex128', 'complex numbers are not in the language'],
  ['complex', 'complex numbers are not in the language'],
  ['real', 'complex numbers are not in the language'],
  ['imag', 'complex numbers are not in the language'],
  ['delete', 'maps are not in the language'],
]);

/** An entity for a type that is there already. */
export function typeEntity(type: Type, node: TypeEntity['node'] = null): TypeEntity {
  return {
    kind: 'type',
    node,
    declaration: null,
    file: null,
    scope: null,
    state: 'done',
    type,
    instances: new Map(),
    methods: new Map(),
    parameters: null,
  };
}

/** An entity for a constant whose value is known. */
export function constantEntity(type: Type, value: ConstantEntity['value']): ConstantEntity {
  return {
    kind: 'constant',
    node: null,
    declaration: null,
    index: 0,
    file: null,
    scope: null,
    state: 'done',
    type,
    value,
  };
}

/** `iota` where no constant is declared. */
export const outsideIota: ConstantEntity = constantEntity(untypedInt, 0n);

function universeNames(): Map<string, Entity> {
  const names = new Map<string, Entity>();
  const integers: BasicName[] = [
    'bool',
    'string',
    'int',
    'int8',
    'int16',
    'int32',
    'int64',
    'uint',
    'uint8',
    'uint16',
    'uint32',
    'uint64',
    'uintptr',
  ];
  for (const name of integers) names.set(name, typeEntity(basic(name)));
  names.set('byte', typeEntity(basic('uint8')));
  names.set('rune', typeEntity(basic('int32')));
  names.set('any', typeEntity(anyType));
  names.set('comparable', typeEntity(comparableType));
  names.set('error', typeEntity(errorType));
  names.set('true', constantEntity(untypedBool, true));
  names.set('false', constantEntity(untypedBool, false));
  names.set('iota', outsideIota);
  names.set('nil', { kind: 'nil', node: null });
  for (const name of builtinNames) names.set(name, { kind: 'builtin', node: null, name });
  return names;
}

/** The scope around all packages. */
export const universe = new Scope(null, noSpan);
for (const [name, entity] of universeNames()) universe.names.set(name, entity);

/** What package unsafe holds. */
export const unsafeScope = new Scope(null, noSpan);
unsafeScope.names.set('Pointer', typeEntity(unsafePointerType));
