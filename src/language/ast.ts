/**
 * The syntax tree of a `.coro` file: what the parser gives, before names and types are known.
 *
 * Conventions: every node has a `kind` and a `span`; the parser never gives `undefined` where a
 * node is required, but a `bad` expression, type or statement that later phases pass over silently
 * (its diagnostic has been given). Names follow Go's own grammar where there is one.
 */
import type { Diagnostic, SourceFile, Span } from './diagnostics.ts';

export interface Node {
  readonly span: Span;
}

export interface Identifier extends Node {
  readonly kind: 'identifier';
  readonly name: string;
}

// ---------------------------------------------------------------------------------- the file

export interface FileNode extends Node {
  readonly kind: 'file';
  readonly source: SourceFile;
  /** `package main` in scenarios (optional there), the package's name in models. */
  readonly packageName: Identifier | null;
  readonly imports: readonly ImportNode[];
  /** `runtime go1.23 gomaxprocs 2` */
  readonly runtime: RuntimeHeader | null;
  readonly declarations: readonly Declaration[];
}

export interface ParseResult {
  readonly file: FileNode;
  readonly diagnostics: readonly Diagnostic[];
}

export interface ImportNode extends Node {
  readonly kind: 'import';
  /** `import alias "sync/atomic"`; null without alias. */
  readonly alias: Identifier | null;
  readonly path: string;
}

/** `runtime PROFILE {OPTION [=] VALUE}`; a comma may stand between options. */
export interface RuntimeHeader extends Node {
  readonly kind: 'runtime';
  /** Raw text such as `go1.25-pre`. */
  readonly profile: string;
  readonly profileSpan: Span;
  readonly options: readonly RuntimeOption[];
}

export interface RuntimeOption extends Node {
  readonly name: string;
  readonly value: number;
}

export type Declaration =
  | FunctionDeclaration
  | VariableDeclaration
  | ConstantDeclaration
  | TypeDeclaration
  | ScenarioDeclaration
  | ConditionDeclaration;

export interface FunctionDeclaration extends Node {
  readonly kind: 'function';
  readonly name: Identifier;
  /** `func (m *Mutex) Lock()`: the receiver as one parameter. */
  readonly receiver: Parameter | null;
  readonly typeParameters: readonly TypeParameter[];
  readonly signature: FunctionTypeNode;
  /** Null for a declaration without a body (models: bound by the linker or a machine primitive). */
  readonly body: Block | null;
}

export interface TypeParameter extends Node {
  readonly name: Identifier;
  /** `any`, `comparable`, `~int | ~string`, an interface. */
  readonly constraint: TypeNode;
}

export interface Parameter extends Node {
  /** Null for an unnamed parameter; `_` is an identifier. */
  readonly name: Identifier | null;
  readonly type: TypeNode;
  /** `...T` on the last parameter. */
  readonly variadic: boolean;
}

/** `var a, b T = x, y`, at file level or as a statement. */
export interface VariableDeclaration extends Node {
  readonly kind: 'variable';
  readonly names: readonly Identifier[];
  readonly type: TypeNode | null;
  readonly values: readonly Expression[];
}

/**
 * One line of a `const` group; `values`/`type` are repeated from above by the parser as Go does.
 */
export interface ConstantDeclaration extends Node {
  readonly kind: 'constant';
  readonly names: readonly Identifier[];
  readonly type: TypeNode | null;
  readonly values: readonly Expression[];
  readonly iota: number;
}

export interface TypeDeclaration extends Node {
  readonly kind: 'type';
  readonly name: Identifier;
  readonly typeParameters: readonly TypeParameter[];
  /** `type A = B`. */
  readonly alias: boolean;
  readonly type: TypeNode;
}

export interface ScenarioDeclaration extends Node {
  readonly kind: 'scenario';
  readonly name: Identifier;
  readonly options: readonly OptionsClause[];
  readonly expectations: readonly ExpectationNode[];
  readonly body: Block;
}

/** `with OPTION [=] VALUE {, OPTION [=] VALUE}`: they override those of the `runtime` line. */
export interface OptionsClause extends Node {
  readonly options: readonly RuntimeOption[];
}

/** `[on PROFILE] expect [always|sometimes] OUTCOME ["text"] [prints "line" {, "line"}]` */
export interface ExpectationNode extends Node {
  readonly kind: 'expectation';
  /** Null: holds for every profile without an `on` of its own. */
  readonly profile: string | null;
  readonly profileSpan: Span | null;
  readonly quantifier: 'always' | 'sometimes';
  /** One of OUTCOME_KINDS of image.ts: `ok`, `throw`, `use-after-free`, … */
  readonly outcome: string;
  /** Where the outcome is named; empty when it is missing. */
  readonly outcomeSpan: Span;
  /** A part of the outcome's message; null: any message. */
  readonly text: string | null;
  /** Lines (parts of lines) that the output must hold, in this order. */
  readonly prints: readonly string[];
}

/** `invariant "name" { … return cond }` and `quiescent "name" { … }`: bodies return a bool. */
export interface ConditionDeclaration extends Node {
  readonly kind: 'condition';
  readonly condition: 'invariant' | 'quiescent';
  readonly name: string;
  readonly body: Block;
}

// ------------------------------------------------------------------------------------- types

export type TypeNode =
  | NamedTypeNode
  | PointerTypeNode
  | SliceTypeNode
  | ArrayTypeNode
  | MapTypeNode
  | ChannelTypeNode
  | FunctionTypeNode
  | StructTypeNode
  | InterfaceTypeNode
  | UnionTypeNode
  | BadNode;

/** `T`, `pkg.T`, `iter.Seq[int]`. */
export interface NamedTypeNode extends Node {
  readonly kind: 'named-type';
  readonly packageName: Identifier | null;
  readonly name: Identifier;
  readonly typeArguments: readonly TypeNode[];
}
export interface PointerTypeNode extends Node {
  readonly kind: 'pointer-type';
  readonly element: TypeNode;
}
export interface SliceTypeNode extends Node {
  readonly kind: 'slice-type';
  readonly element: TypeNode;
}
export interface ArrayTypeNode extends Node {
  readonly kind: 'array-type';
  /** Null for `[...]T` in a composite literal. */
  readonly length: Expression | null;
  readonly element: TypeNode;
}
export interface MapTypeNode extends Node {
  readonly kind: 'map-type';
  readonly key: TypeNode;
  readonly value: TypeNode;
}
export interface ChannelTypeNode extends Node {
  readonly kind: 'channel-type';
  readonly direction: 'both' | 'send' | 'receive';
  readonly element: TypeNode;
}
export interface FunctionTypeNode extends Node {
  readonly kind: 'function-type';
  readonly parameters: readonly Parameter[];
  readonly results: readonly Parameter[];
}
export interface StructTypeNode extends Node {
  readonly kind: 'struct-type';
  readonly fields: readonly FieldNode[];
}
export interface FieldNode extends Node {
  /** The type's own name for an embedded field. */
  readonly name: Identifier;
  readonly type: TypeNode;
  readonly embedded: boolean;
  /** Content of the tag string: models tag fields `local`; null without one. */
  readonly tag: string | null;
}
export interface InterfaceTypeNode extends Node {
  readonly kind: 'interface-type';
  readonly methods: readonly { readonly name: Identifier; readonly signature: FunctionTypeNode }[];
  /** Embedded interfaces and type unions. */
  readonly embedded: readonly TypeNode[];
}
/** `~int | ~string`, in constraints only. */
export interface UnionTypeNode extends Node {
  readonly kind: 'union-type';
  readonly terms: readonly { readonly tilde: boolean; readonly type: TypeNode }[];
}

/** A place the parser could not understand. May stand for an expression, a type or a statement. */
export interface BadNode extends Node {
  readonly kind: 'bad';
  /** What was understood inside it, for completion and outlines: `x` of an unfinished `x.`. */
  readonly parts?: readonly (Expression | TypeNode | Statement)[];
}

// ------------------------------------------------------------------------------- expressions

export type Expression =
  | Identifier
  | LiteralExpression
  | CompositeLiteral
  | FunctionLiteral
  | ParenthesizedExpression
  | SelectorExpression
  | IndexExpression
  | SliceExpression
  | TypeAssertion
  | CallExpression
  | StarExpression
  | UnaryExpression
  | BinaryExpression
  | TypeExpression
  | BadNode;

export interface LiteralExpression extends Node {
  readonly kind: 'literal';
  readonly literal: 'int' | 'float' | 'string' | 'rune';
  /** The decoded string (one UTF-16 string), or the source text of a number. */
  readonly value: string;
  /** int and rune: the value (exact as BigInt). */
  readonly integer: bigint | null;
}
/** `T{…}`; type null inside another literal whose element type gives it. */
export interface CompositeLiteral extends Node {
  readonly kind: 'composite';
  readonly type: TypeNode | null;
  readonly elements: readonly { readonly key: Expression | null; readonly value: Expression }[];
}
export interface FunctionLiteral extends Node {
  readonly kind: 'function-literal';
  readonly signature: FunctionTypeNode;
  readonly body: Block;
}
export interface ParenthesizedExpression extends Node {
  readonly kind: 'parenthesized';
  readonly inner: Expression;
}
/** `x.f`: a field, a method or a package's member. */
export interface SelectorExpression extends Node {
  readonly kind: 'selector';
  readonly object: Expression;
  readonly name: Identifier;
}
/** `x[i]`, or an instantiation `f[int, string]` (several indices, or a type as index). */
export interface IndexExpression extends Node {
  readonly kind: 'index';
  readonly object: Expression;
  readonly indices: readonly Expression[];
}
export interface SliceExpression extends Node {
  readonly kind: 'slice';
  readonly object: Expression;
  readonly low: Expression | null;
  readonly high: Expression | null;
  readonly max: Expression | null;
}
/** `x.(T)`; type null for `x.(type)`. */
export interface TypeAssertion extends Node {
  readonly kind: 'type-assertion';
  readonly object: Expression;
  readonly type: TypeNode | null;
}
/** A call or a conversion: `f(a, b...)`, `T(x)`, `make([]int, n)` (a type as first argument). */
export interface CallExpression extends Node {
  readonly kind: 'call';
  readonly callee: Expression;
  readonly arguments: readonly Expression[];
  readonly spread: boolean;
}
/** `*p`, or the pointer type `*T` where an expression is expected. */
export interface StarExpression extends Node {
  readonly kind: 'star';
  readonly operand: Expression;
}
export interface UnaryExpression extends Node {
  readonly kind: 'unary';
  readonly operator: '+' | '-' | '!' | '^' | '&' | '<-';
  readonly operand: Expression;
}
export interface BinaryExpression extends Node {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}
export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '&'
  | '|'
  | '^'
  | '&^'
  | '<<'
  | '>>'
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | '&&'
  | '||';
/** A type that stands where an expression is expected: `[]int` in `make([]int, 3)`, `func()` … */
export interface TypeExpression extends Node {
  readonly kind: 'type-expression';
  readonly type: TypeNode;
}

// -------------------------------------------------------------------------------- statements

export type Statement =
  | Block
  | ExpressionStatement
  | SendStatement
  | AssignStatement
  | IncrementStatement
  | DefineStatement
  | DeclarationStatement
  | GoStatement
  | DeferStatement
  | ReturnStatement
  | BranchStatement
  | IfStatement
  | ForStatement
  | RangeStatement
  | SwitchStatement
  | TypeSwitchStatement
  | SelectStatement
  | LabeledStatement
  | AtomicStatement
  | EmptyStatement
  | BadNode;

export interface Block extends Node {
  readonly kind: 'block';
  readonly statements: readonly Statement[];
}
export interface ExpressionStatement extends Node {
  readonly kind: 'expression-statement';
  readonly expression: Expression;
}
export interface SendStatement extends Node {
  readonly kind: 'send';
  readonly channel: Expression;
  readonly value: Expression;
}
/** `a, b = x, y` and `a += x` (operator `+`; null for plain assignment). */
export interface AssignStatement extends Node {
  readonly kind: 'assign';
  readonly operator: BinaryOperator | null;
  readonly left: readonly Expression[];
  readonly right: readonly Expression[];
}
export interface IncrementStatement extends Node {
  readonly kind: 'increment';
  readonly operand: Expression;
  readonly delta: 1 | -1;
}
/** `a, b := x, y`. */
export interface DefineStatement extends Node {
  readonly kind: 'define';
  readonly names: readonly Identifier[];
  readonly values: readonly Expression[];
}
export interface DeclarationStatement extends Node {
  readonly kind: 'declaration-statement';
  readonly declarations: readonly (VariableDeclaration | ConstantDeclaration | TypeDeclaration)[];
}
export interface GoStatement extends Node {
  readonly kind: 'go';
  readonly call: Expression;
}
export interface DeferStatement extends Node {
  readonly kind: 'defer';
  readonly call: Expression;
}
export interface ReturnStatement extends Node {
  readonly kind: 'return';
  readonly values: readonly Expression[];
}
export interface BranchStatement extends Node {
  readonly kind: 'branch';
  readonly branch: 'break' | 'continue' | 'goto' | 'fallthrough';
  readonly label: Identifier | null;
}
export interface IfStatement extends Node {
  readonly kind: 'if';
  readonly init: Statement | null;
  readonly condition: Expression;
  readonly then: Block;
  readonly otherwise: Block | IfStatement | null;
}
/** `for init; cond; post {}`, `for cond {}`, `for {}`. */
export interface ForStatement extends Node {
  readonly kind: 'for';
  readonly init: Statement | null;
  readonly condition: Expression | null;
  readonly post: Statement | null;
  readonly body: Block;
}
/** `for k, v := range x {}`, `for k = range x {}`, `for range n {}`. */
export interface RangeStatement extends Node {
  readonly kind: 'range';
  readonly key: Expression | null;
  readonly value: Expression | null;
  readonly define: boolean;
  readonly object: Expression;
  readonly body: Block;
}
export interface SwitchStatement extends Node {
  readonly kind: 'switch';
  readonly init: Statement | null;
  readonly tag: Expression | null;
  readonly clauses: readonly SwitchClause[];
}
export interface SwitchClause extends Node {
  /** Empty with isDefault. */
  readonly values: readonly Expression[];
  readonly isDefault: boolean;
  readonly body: readonly Statement[];
}
/** `switch v := x.(type) {}`. */
export interface TypeSwitchStatement extends Node {
  readonly kind: 'type-switch';
  readonly init: Statement | null;
  readonly binding: Identifier | null;
  readonly object: Expression;
  readonly clauses: readonly TypeSwitchClause[];
}
export interface TypeSwitchClause extends Node {
  /** `null` stands for `case nil`. */
  readonly types: readonly (TypeNode | null)[];
  readonly isDefault: boolean;
  readonly body: readonly Statement[];
}
export interface SelectStatement extends Node {
  readonly kind: 'select';
  readonly clauses: readonly SelectClause[];
}
export interface SelectClause extends Node {
  /** Null for default; a send, or a receive as expression statement, define or assign. */
  readonly communication:
    | SendStatement
    | ExpressionStatement
    | DefineStatement
    | AssignStatement
    | null;
  readonly body: readonly Statement[];
}
export interface LabeledStatement extends Node {
  readonly kind: 'labeled';
  readonly label: Identifier;
  readonly statement: Statement;
}
/** `atomic { … }`: no other thread runs in between. */
export interface AtomicStatement extends Node {
  readonly kind: 'atomic';
  readonly body: Block;
}
export interface EmptyStatement extends Node {
  readonly kind: 'empty';
}
