/** The state of one check: packages, work still to do, what was found. */
import type { Identifier } from './ast.ts';
import type { Diagnostic, SourceFile, Span } from './diagnostics.ts';
import type {
  Entity,
  FunctionEntity,
  Initializer,
  Package,
  PackageFile,
  References,
  Scope,
  TypeEntity,
} from './entities.ts';
import { TypeStore } from './type-store.ts';
import type {
  BranchTarget,
  DynamicType,
  TypedFunction,
  TypedStatement,
  Variable,
} from './typed.ts';
import type { NamedType, Type } from './types.ts';

/** Bounds that keep any input from running away. */
export const maxNesting = 400;
export const maxInstances = 5000;
/** Type arguments in type arguments: more are taken for an endless instantiation. */
const maxArgumentDepth = 100;
const maxDiagnostics = 500;

/** What an identifier means, for editors. */
export interface NameInfo {
  readonly kind: 'variable' | 'constant' | 'function' | 'type' | 'package' | 'builtin' | 'field';
  readonly type: Type;
  readonly definition: { readonly file: SourceFile; readonly span: Span } | null;
}

export interface NamedInfo {
  readonly entity: TypeEntity;
  readonly scope: Scope;
  state: 'new' | 'busy' | 'done';
}

/** The function whose body is being checked; closures and loop bodies have one of their own. */
export interface Body {
  readonly checker: Checker;
  readonly file: PackageFile;
  readonly function: TypedFunction;
  readonly parent: Body | null;
  readonly root: BodyRoot;
  /** Set when this is the body of a loop over a function. */
  readonly loop: FunctionLoop | null;
  /** How many closures it has named so far. */
  closures: number;
  scope: Scope;
  statements: TypedStatement[];
  readonly targets: FlowTarget[];
  readonly labels: Map<string, Label>;
}

/** What all closures of one declared function share. */
export interface BodyRoot {
  readonly references: References;
  /** Type parameters are opaque here: nothing that is reached is compiled. */
  readonly isAbstract: boolean;
  nesting: number;
}

export interface Label {
  readonly node: Identifier;
  readonly target: BranchTarget;
  used: boolean;
}

/** A statement that break and continue can name. */
export interface FlowTarget {
  readonly label: string | null;
  readonly kind: 'loop' | 'switch' | 'select';
  readonly target: BranchTarget;
  readonly loop: FunctionLoop | null;
}

/** A loop over a function, while its body is checked. */
export interface FunctionLoop {
  readonly state: Variable;
  /** Shared by all loops over functions that lie in one another. */
  readonly nest: LoopNest;
  /** Exits that the code after the call has to pass on, by their code. */
  readonly exits: Map<number, FunctionExit>;
}

export interface LoopNest {
  readonly next: Variable;
  readonly frame: Variable;
  usesNext: boolean;
  usesFrame: boolean;
  readonly codes: { readonly kind: string; readonly target: BranchTarget }[];
}

export type FunctionExit =
  | { readonly kind: 'return' }
  | {
      readonly kind: 'break' | 'continue' | 'goto';
      readonly owner: Body;
      readonly flow: FlowTarget | null;
      readonly target: BranchTarget;
    };

/**
 * Program-wide state; see `check`. Models are checked once and are the base of every check with
 * them: it goes on from copies of what the base has found, and takes back what it has changed in
 * the entities that it shares with the base (`takeBack`).
 */
export class Checker {
  readonly store: TypeStore;
  readonly packages: Map<string, Package>;
  readonly diagnostics: Diagnostic[];
  /** While above zero nothing is reported: an instance of something already checked. */
  muted = 0;
  readonly functions: TypedFunction[];
  readonly globals: Variable[];
  readonly pending: (() => void)[] = [];
  readonly dynamicTypes: Map<Type, DynamicType>;
  /** Types whose parts have been looked through for methods that package fmt asks. */
  readonly formattedTypes: Set<Type>;
  readonly named: Map<NamedType, NamedInfo>;
  readonly pendingTypes: NamedType[] = [];
  /** Types whose size is looked at when all that they are made of is known. */
  readonly pendingSizes: { type: Type; file: SourceFile; span: Span }[] = [];
  readonly initializers: Initializer[];
  readonly owners: WeakMap<Variable, Body>;
  readonly references: Map<TypedFunction, References>;
  readonly wrappers: Map<string, TypedFunction>;
  readonly machineFunctions = new Map<TypedFunction, { name: string; typeArguments: Type[] }>();
  readonly names: Map<Identifier, NameInfo> | null;
  readonly abstractDone: Set<FunctionEntity>;
  readonly #changes: (() => void)[] | null;
  instances: number;
  instancesEnded = false;
  resolving = 0;
  /** Called when the first select statement is met. */
  onSelect: (() => void) | null = null;
  init: TypedFunction | null = null;
  mainMain: TypedFunction | null;

  /** `base`: what is done with, and nobody checks with any more. */
  constructor(names: Map<Identifier, NameInfo> | null, base: Checker | null = null) {
    this.names = names;
    this.store = new TypeStore(base?.store);
    this.packages = new Map(base?.packages);
    this.diagnostics = [...(base?.diagnostics ?? [])];
    this.functions = [...(base?.functions ?? [])];
    this.globals = [...(base?.globals ?? [])];
    this.dynamicTypes = new Map(base?.dynamicTypes);
    this.formattedTypes = new Set(base?.formattedTypes);
    this.named = new Map(base?.named);
    this.initializers = [...(base?.initializers ?? [])];
    this.owners = base?.owners ?? new WeakMap<Variable, Body>();
    this.references = new Map(base?.references);
    this.wrappers = new Map(base?.wrappers);
    this.abstractDone = new Set(base?.abstractDone);
    this.instances = base?.instances ?? 0;
    this.mainMain = base?.mainMain ?? null;
    this.#changes = base === null ? null : [];
  }

  /** To be called before fields of something that a model declares are changed. */
  keep(declared: object): void {
    if (this.#changes === null) return;
    const before = { ...declared };
    this.#changes.push(() => Object.assign(declared, before));
  }

  /** Adds to a table that belongs to something that a model declares. */
  addTo<Value>(table: Map<string, Value>, key: string, value: Value): void {
    table.set(key, value);
    this.#changes?.push(() => table.delete(key));
  }

  /** To be called before something is added to a set that is empty as yet. */
  keepEmpty(set: Set<unknown>): void {
    this.#changes?.push(() => set.clear());
  }

  /** Something of the package was reached: it will be initialised. */
  use(home: Package): void {
    if (home.used) return;
    this.keep(home);
    home.used = true;
  }

  /** Leaves the models as the base has them. */
  takeBack(): void {
    for (let undo = this.#changes?.pop(); undo; undo = this.#changes?.pop()) undo();
  }

  /** Records a mistake, unless an instance is being checked whose source was checked before. */
  report(file: SourceFile, span: Span, code: string, message: string, help?: string): void {
    if (this.muted > 0 || this.diagnostics.length >= maxDiagnostics) return;
    const known = { file, span, severity: 'error' as const, code, message };
    this.diagnostics.push(help === undefined ? known : { ...known, help });
  }

  /** The entity behind a name seen from a scope: packages are known without an import. */
  lookup(scope: Scope, name: string): Entity | null {
    const found = scope.lookup(name);
    if (found) return found;
    const known = this.packages.get(name);
    return known && name !== 'main' ? { kind: 'package', node: null, package: known } : null;
  }

  /** Notes what a name means; the generic text itself counts, not its instances. */
  note(node: Identifier, info: NameInfo): void {
    if (this.muted === 0) this.names?.set(node, info);
  }

  /** Counts an instance; false when there are too many, which is told once. */
  countInstance(file: SourceFile, node: Identifier, typeArguments: readonly Type[]): boolean {
    const isDeep = typeArguments.some((one) => this.store.extentOf(one).depth > maxArgumentDepth);
    if (++this.instances <= maxInstances && !isDeep) return true;
    if (!this.instancesEnded) {
      const message = `instantiation cycle: instances of ${node.name} have no end`;
      this.aloud(() => {
        this.report(file, node.span, 'instantiation-limit', message);
      });
    }
    this.instancesEnded = true;
    return false;
  }

  /** Runs what is checked on the way but is no part of a muted instance. */
  aloud<T>(work: () => T): T {
    const { muted } = this;
    this.muted = 0;
    const result = work();
    this.muted = muted;
    return result;
  }

  /** Does the queued work until none is left. */
  drain(): void {
    for (let next = this.pending.pop(); next; next = this.pending.pop()) next();
  }
}

/** Reports a mistake in the file of a body. */
export function complain(
  body: Body,
  span: Span,
  code: string,
  message: string,
  help?: string,
): void {
  body.checker.report(body.file.source, span, code, message, help);
}
