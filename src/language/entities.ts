/** What names stand for, the scopes that hold them, and the packages that hold those. */
import type {
  ConstantDeclaration,
  FileNode,
  FunctionDeclaration,
  Identifier,
  TypeDeclaration,
  VariableDeclaration,
} from './ast.ts';
import type { Constant } from './constants.ts';
import type { SourceFile, Span } from './diagnostics.ts';
import type { TypedExpression, TypedFunction, Variable } from './typed.ts';
import type { FunctionType, NamedType, Type, TypeParameterType } from './types.ts';

export type Entity =
  | VariableEntity
  | GlobalEntity
  | ConstantEntity
  | TypeEntity
  | FunctionEntity
  | PackageEntity
  | BuiltinEntity
  | { readonly kind: 'nil'; readonly node: null };

/** A variable of a function. */
export interface VariableEntity {
  readonly kind: 'variable';
  readonly node: Identifier | null;
  readonly variable: Variable;
  used: boolean;
}

/** A variable of a package: checked when it is first needed. */
export interface GlobalEntity {
  readonly kind: 'global';
  readonly node: Identifier;
  readonly declaration: VariableDeclaration;
  readonly index: number;
  readonly file: PackageFile;
  state: 'new' | 'busy' | 'done';
  variable: Variable | null;
  /** What its initialiser needs, for the order of initialisation. */
  readonly references: References;
}

/** What an initialiser or a function needs of packages. */
export type References = Set<GlobalEntity | TypedFunction>;

export interface ConstantEntity {
  readonly kind: 'constant';
  readonly node: Identifier | null;
  /** Null for predeclared ones. */
  readonly declaration: ConstantDeclaration | null;
  readonly index: number;
  readonly file: PackageFile | null;
  readonly scope: Scope | null;
  state: 'new' | 'busy' | 'done';
  type: Type;
  value: Constant;
}

export interface TypeEntity {
  readonly kind: 'type';
  readonly node: Identifier | null;
  /** Null for predeclared types and type parameters. */
  readonly declaration: TypeDeclaration | null;
  readonly file: PackageFile | null;
  readonly scope: Scope | null;
  state: 'new' | 'busy' | 'done';
  /** Of types that are not generic. */
  type: Type | null;
  readonly instances: Map<string, NamedType>;
  readonly methods: Map<string, FunctionEntity>;
  parameters: readonly TypeParameterType[] | null;
}

/** The entity of a type declaration, whose type is not known yet. */
export function typeEntity(
  declaration: TypeDeclaration,
  file: PackageFile,
  scope: Scope,
): TypeEntity {
  return {
    kind: 'type',
    node: declaration.name,
    declaration,
    file,
    scope,
    state: 'new',
    type: null,
    instances: new Map(),
    methods: new Map(),
    parameters: null,
  };
}

/** A function or method, with its instances. */
export interface FunctionEntity {
  readonly kind: 'function';
  readonly node: Identifier;
  readonly declaration: FunctionDeclaration;
  readonly file: PackageFile;
  /** The type it is a method of. */
  readonly receiver: TypeEntity | null;
  readonly pointerReceiver: boolean;
  readonly instances: Map<string, FunctionInstance>;
  /** With type parameters in it: for inference and for the abstract check. */
  generic: GenericSignature | null;
}

export interface GenericSignature {
  readonly parameters: readonly TypeParameterType[];
  readonly scope: Scope;
  readonly type: FunctionType;
}

export interface FunctionInstance {
  readonly typed: TypedFunction;
  readonly scope: Scope;
  readonly typeArguments: readonly Type[];
  requested: boolean;
}

export interface PackageEntity {
  readonly kind: 'package';
  readonly node: Identifier | null;
  readonly package: Package;
}

export interface BuiltinEntity {
  readonly kind: 'builtin';
  readonly node: null;
  readonly name: string;
}

/** A block's names. Lookups walk up to the universe. */
export class Scope {
  readonly parent: Scope | null;
  readonly span: Span;
  #names: Map<string, Entity> | null = null;

  constructor(parent: Scope | null, span: Span) {
    this.parent = parent;
    this.span = span;
  }

  /** The names of this scope alone. Most blocks declare none: the map is made late. */
  get names(): Map<string, Entity> {
    this.#names ??= new Map();
    return this.#names;
  }

  get isEmpty(): boolean {
    return this.#names === null;
  }

  lookup(name: string): Entity | null {
    for (let scope: Scope | null = this; scope; scope = scope.parent) {
      const entity = scope.#names?.get(name);
      if (entity) return entity;
    }
    return null;
  }
}

export interface PackageFile {
  readonly source: SourceFile;
  readonly node: FileNode;
  readonly package: Package;
  /** The imports of the file. */
  readonly scope: Scope;
}

export interface Package {
  readonly name: string;
  readonly isModel: boolean;
  readonly scope: Scope;
  readonly files: PackageFile[];
  readonly globals: GlobalEntity[];
  readonly initFunctions: FunctionEntity[];
  readonly methods: FunctionEntity[];
  /** Whether anything of it was reached: only then is it initialised. */
  used: boolean;
}

/** An initialiser of package variables, ready to be put in order. */
export interface Initializer {
  readonly globals: readonly GlobalEntity[];
  readonly targets: readonly (Variable | null)[];
  readonly value: TypedExpression;
  readonly span: Span;
  readonly file: PackageFile;
}

/** Whether a name can be used outside its package. */
export function isExported(name: string): boolean {
  const first = name.charAt(0);
  return first !== first.toLowerCase();
}
