/**
 * The typed program: what the checker gives and the compiler takes.
 *
 * Everything implicit in the source is explicit here: conversions, variadic packing, method
 * receivers (addresses taken, pointers followed, embedded fields walked), promoted methods,
 * instantiated generics, constant values, evaluated iota, `switch` tags as comparisons, range over
 * a function as a closure with its control flow, `go`/`defer` of any call as that of a `func()`.
 *
 * Invariant: a program with diagnostics of severity error is never compiled.
 */
import type { Diagnostic, SourceFile, Span } from './diagnostics.ts';
import type { ExpectationNode } from './ast.ts';
import { wordsOf } from './types.ts';
import type { FunctionType, NamedType, Type } from './types.ts';

export interface Variable {
  readonly name: string;
  readonly type: Type;
  readonly kind: 'local' | 'parameter' | 'result' | 'global';
  /** Where it is declared (the name) and where it can be seen; for the debugger. */
  readonly file: SourceFile;
  readonly span: Span;
  readonly scope: Span;
  /** Made by the checker; never shown to a person. */
  readonly synthetic: boolean;
  /** A global of a model that is tagged `local` (accesses are no interleaving points). */
  readonly local: boolean;
  /** Set while checking: used by an inner function; its address is taken; assigned after its
   *  declaration. A variable lives in a heap box iff addressTaken || (captured && reassigned), or
   *  when it is large; otherwise closures capture it by value. Globals are never boxed. */
  captured: boolean;
  addressTaken: boolean;
  reassigned: boolean;
}

/** Whether a local lives in a heap box of its own. */
export function isBoxed(variable: Variable): boolean {
  if (variable.kind === 'global') return false;
  if (variable.addressTaken || (variable.captured && variable.reassigned)) return true;
  return wordsOf(variable.type) > MAX_FRAME_WORDS;
}

/** Larger variables are no part of a frame. */
const MAX_FRAME_WORDS = 1 << 12;

export interface TypedFunction {
  /** `main.exhaust`, `main.exhaust.func1`, `iter.Pull[...].func2`, `runtime.coroswitch_m`,
   *  `main.(*stack).push`; as Go's tracebacks print it. A scenario's body is `main.main`. */
  readonly name: string;
  readonly packageName: string;
  readonly file: SourceFile;
  readonly span: Span;
  readonly type: FunctionType;
  /** The receiver, when there is one, is the first parameter. */
  readonly parameters: readonly Variable[];
  /** Unnamed results have synthetic variables. */
  readonly results: readonly Variable[];
  /** Variables of enclosing functions that the body (or a closure in it) uses; order = closure
   *  object's order. Filled when the body has been checked. */
  readonly captures: Variable[];
  /** Null for a primitive of package `machine`. Filled in after creation (recursion). */
  body: TypedBlock | null;
  hasDefer: boolean;
  /** Made by the checker (thunks of go/defer, method wrappers): hidden from stacks, and seen
   *  through by recover(). */
  readonly isWrapper: boolean;
  /** The body of a range-over-func loop. */
  readonly isRangeBody: boolean;
}

export interface TypedProgram {
  /** Every function that can be reached from the roots, each instance once. */
  readonly functions: readonly TypedFunction[];
  readonly globals: readonly Variable[];
  /** Model function that thread 0 starts with: `runtime.rt0_go`. Null without a profile. */
  readonly entry: TypedFunction | null;
  readonly scenarios: readonly TypedScenario[];
  /** Called by models as `runtime.main_init()`: package variables in dependency order and init
   *  functions of the scenario file; of imported model packages first. */
  readonly init: TypedFunction;
  /** The bodiless model function `runtime.main_main`; the compiler binds it to the scenario. */
  readonly mainMain: TypedFunction | null;
  readonly conditions: readonly TypedCondition[];
  /** Functions of package runtime that compiled code and traps call, by name (RUNTIME_FUNCTIONS
   *  of image.ts), as far as the profile has them. */
  readonly runtimeFunctions: ReadonlyMap<string, TypedFunction>;
  /** Every type that is converted to an interface, tested for, or formatted, with its methods. */
  readonly dynamicTypes: readonly DynamicType[];
}

export interface CheckResult {
  readonly program: TypedProgram;
  readonly diagnostics: readonly Diagnostic[];
}

export interface TypedScenario {
  readonly name: string;
  readonly span: Span;
  readonly expectations: readonly ExpectationNode[];
  readonly body: TypedFunction;
}

export interface TypedCondition {
  readonly condition: 'invariant' | 'quiescent';
  readonly name: string;
  readonly body: TypedFunction;
}

/** Method table of a type that can stand in an interface. The function takes the interface's data
 *  word as its receiver: the checker makes a wrapper where the receiver is something else (a value
 *  of several words is boxed: its wrapper takes the address). */
export interface DynamicType {
  readonly type: Type;
  readonly methods: ReadonlyMap<string, TypedFunction>;
}

// ------------------------------------------------------------------------------- expressions

export type TypedExpression =
  | ConstantValue
  | NilValue
  | ZeroValue
  | VariableReference
  | FunctionReference
  | ClosureValue
  | FieldAccess
  | ElementAccess
  | Dereference
  | AddressOf
  | AllocateNew
  | SliceOf
  | CompositeValue
  | UnaryOperation
  | BinaryOperation
  | Conversion
  | Assertion
  | TypeTest
  | Call
  | BuiltinCall
  | Receive
  | FramePointer;

interface Typed {
  readonly type: Type;
  readonly span: Span;
}

export interface ConstantValue extends Typed {
  readonly kind: 'constant';
  /** Of a typed integer, bool or string type; in range for the machine (the checker says so). */
  readonly value: bigint | boolean | string;
}
export interface NilValue extends Typed {
  readonly kind: 'nil';
}
/** The zero value of any type. */
export interface ZeroValue extends Typed {
  readonly kind: 'zero';
}
export interface VariableReference extends Typed {
  readonly kind: 'variable';
  readonly variable: Variable;
}
/** A function as a value (no captures). */
export interface FunctionReference extends Typed {
  readonly kind: 'function';
  readonly function: TypedFunction;
}
/** A function literal: captures are function.captures, taken from the current scope. */
export interface ClosureValue extends Typed {
  readonly kind: 'closure';
  readonly function: TypedFunction;
}
/** A field of a struct value. Addressable if object is. `p.f` is a field of Dereference(p). */
export interface FieldAccess extends Typed {
  readonly kind: 'field';
  readonly object: TypedExpression;
  /** In words from the start of the struct. */
  readonly offset: number;
  readonly name: string;
  readonly local: boolean;
}
/** `a[i]` of an array value, slice or string (a byte). Bounds are checked by the machine. */
export interface ElementAccess extends Typed {
  readonly kind: 'element';
  readonly object: TypedExpression;
  readonly index: TypedExpression;
}
export interface Dereference extends Typed {
  readonly kind: 'dereference';
  readonly pointer: TypedExpression;
}
/** `&x` of an addressable operand (variable, field, element, dereference). */
export interface AddressOf extends Typed {
  readonly kind: 'address';
  readonly operand: TypedExpression;
}
/** `new(T)` (value null) and `&T{…}`: a fresh heap object. */
export interface AllocateNew extends Typed {
  readonly kind: 'new';
  readonly element: Type;
  readonly value: TypedExpression | null;
}
/** `x[low:high:max]` of a slice, a string, or a Dereference of a pointer to an array / addressable
 *  array. */
export interface SliceOf extends Typed {
  readonly kind: 'slice';
  readonly object: TypedExpression;
  readonly low: TypedExpression | null;
  readonly high: TypedExpression | null;
  readonly max: TypedExpression | null;
}
/** A struct, array or slice literal; missing fields and elements are zero. */
export interface CompositeValue extends Typed {
  readonly kind: 'composite';
  /** Struct: index of the field. Array and slice: index of the element. */
  readonly elements: readonly { readonly index: number; readonly value: TypedExpression }[];
  /** Array and slice: number of elements. */
  readonly length: number;
}
export interface UnaryOperation extends Typed {
  readonly kind: 'unary';
  readonly operator: '-' | '^' | '!';
  readonly operand: TypedExpression;
}
/** Operand types are identical, but for shifts. `&&`/`||` are lazy. `+` also joins strings.
 *  `==`/`!=` compare any comparable type, also structs, arrays and interfaces. */
export interface BinaryOperation extends Typed {
  readonly kind: 'binary';
  readonly operator: import('./ast.ts').BinaryOperator;
  readonly left: TypedExpression;
  readonly right: TypedExpression;
}
export interface Conversion extends Typed {
  readonly kind: 'conversion';
  readonly conversion:
    | 'same-words' // between types of one representation (names, channels' directions, pointers)
    | 'integer' // between integer types
    | 'rune-to-string'
    | 'string-to-bytes'
    | 'string-to-runes'
    | 'bytes-to-string'
    | 'runes-to-string'
    | 'slice-to-empty' // to an array without elements: only what the operand does is left
    | 'slice-to-array' // to a pointer to the array: panics when the slice is too short
    | 'to-interface' // from a concrete type
    | 'interface-to-interface'; // statically known to hold: keeps (type id, data)
  readonly operand: TypedExpression;
}
/** `x.(T)`. With commaOk the type is the tuple (T, bool); else a failure panics. */
export interface Assertion extends Typed {
  readonly kind: 'assertion';
  readonly operand: TypedExpression;
  readonly target: Type;
  readonly commaOk: boolean;
}
/** Whether the interface value holds `target` (a concrete type, an interface, or nil for null). */
export interface TypeTest extends Typed {
  readonly kind: 'type-test';
  readonly operand: TypedExpression;
  readonly target: Type | null;
}
/** Type: the single result's, or a tuple (of none or several). Arguments are converted, variadic
 *  ones packed; when one call gives all arguments, the checker has put them into temporaries. */
export interface Call extends Typed {
  readonly kind: 'call';
  readonly callee:
    | { readonly kind: 'static'; readonly function: TypedFunction }
    | { readonly kind: 'value'; readonly value: TypedExpression }
    | { readonly kind: 'interface'; readonly object: TypedExpression; readonly method: string }
    /** Function `name` of package machine, with its type arguments. */
    | { readonly kind: 'machine'; readonly name: string; readonly typeArguments: readonly Type[] };
  readonly arguments: readonly TypedExpression[];
}
export interface BuiltinCall extends Typed {
  readonly kind: 'builtin';
  readonly builtin:
    | 'len'
    | 'cap' // of string, slice, array, channel
    | 'append' // (slice, elements as a slice value)
    | 'append-string' // ([]byte, string)
    | 'copy' // (slice, slice or string)
    | 'clear'
    | 'min'
    | 'max' // min, max: integers and strings, two or more arguments
    | 'make-slice' // (length, capacity)
    | 'make-channel' // (size)
    | 'close'
    | 'panic'
    | 'print'
    | 'println'
    | 'recover'
    | 'fail'; // ends the run with the outcome fail; arguments as of println, converted to any
  readonly arguments: readonly TypedExpression[];
}
/** `<-c`; with commaOk the tuple (T, bool). */
export interface Receive extends Typed {
  readonly kind: 'receive';
  readonly channel: TypedExpression;
  readonly commaOk: boolean;
}
/** The current frame as an integer (for defer inside the body of a range-over-func loop). */
export interface FramePointer extends Typed {
  readonly kind: 'frame-pointer';
}

// -------------------------------------------------------------------------------- statements

export type TypedStatement =
  | TypedBlock
  | { readonly kind: 'expression'; readonly span: Span; readonly expression: TypedExpression }
  /** Fresh variables (a fresh box each time when boxed). No values: zero. One value of a tuple
   *  type may give all of them; its element types are identical to the variables'. */
  | {
      readonly kind: 'declare';
      readonly span: Span;
      readonly variables: readonly Variable[];
      readonly values: readonly TypedExpression[];
    }
  /** Go's order: index and pointer operands of the left, then the right, then the assignments from
   *  left to right. Null target: the blank identifier. One tuple value may give all. */
  | {
      readonly kind: 'assign';
      readonly span: Span;
      readonly targets: readonly (TypedExpression | null)[];
      readonly values: readonly TypedExpression[];
    }
  /** `x op= y`, `x++`: the target's operands are evaluated once. */
  | {
      readonly kind: 'update';
      readonly span: Span;
      readonly operator: import('./ast.ts').BinaryOperator;
      readonly target: TypedExpression;
      readonly value: TypedExpression;
    }
  | {
      readonly kind: 'send';
      readonly span: Span;
      readonly channel: TypedExpression;
      readonly value: TypedExpression;
    }
  /** `closure` is a func() value. */
  | { readonly kind: 'go'; readonly span: Span; readonly closure: TypedExpression }
  /** `frame`: null for the current function, else an int (see FramePointer). */
  | {
      readonly kind: 'defer';
      readonly span: Span;
      readonly closure: TypedExpression;
      readonly frame: TypedExpression | null;
    }
  /** Null: bare return (result variables as they are). Otherwise one value a result. */
  | {
      readonly kind: 'return';
      readonly span: Span;
      readonly values: readonly TypedExpression[] | null;
    }
  | {
      readonly kind: 'if';
      readonly span: Span;
      readonly condition: TypedExpression;
      readonly then: TypedBlock;
      readonly otherwise: TypedStatement | null;
    }
  | TypedLoop
  | TypedRange
  | TypedSwitch
  | TypedSelect
  /** break and continue name the loop, switch or select; goto names the labelled place. */
  | {
      readonly kind: 'branch';
      readonly span: Span;
      readonly branch: 'break' | 'continue' | 'goto';
      readonly target: BranchTarget;
    }
  | { readonly kind: 'label'; readonly span: Span; readonly target: BranchTarget }
  | { readonly kind: 'atomic'; readonly span: Span; readonly body: TypedBlock };

/** Identity of a statement that break, continue or goto can name. */
export interface BranchTarget {
  readonly label: string | null;
}

export interface TypedBlock {
  readonly kind: 'block';
  readonly span: Span;
  readonly statements: readonly TypedStatement[];
}

export interface TypedLoop {
  readonly kind: 'loop';
  readonly span: Span;
  readonly target: BranchTarget;
  /** Declared before the loop; those that are boxed get a fresh box (a copy) before each post. */
  readonly init: TypedStatement | null;
  readonly iterationVariables: readonly Variable[];
  readonly condition: TypedExpression | null;
  readonly post: TypedStatement | null;
  readonly body: TypedBlock;
}

/** Range over an integer, slice, array, string or channel (over a function: see isRangeBody).
 *  key and value are fresh variables of each turn; the assigning form starts its body with an
 *  assignment from synthetic ones. The object is evaluated once. */
export interface TypedRange {
  readonly kind: 'range';
  readonly span: Span;
  readonly target: BranchTarget;
  readonly form: 'integer' | 'slice' | 'array' | 'string' | 'channel';
  readonly key: Variable | null;
  readonly value: Variable | null;
  readonly object: TypedExpression;
  readonly body: TypedBlock;
}

/** A chain of conditions: the first clause with a true one runs; the default clause if none. */
export interface TypedSwitch {
  readonly kind: 'switch';
  readonly span: Span;
  readonly target: BranchTarget;
  readonly clauses: readonly {
    readonly span: Span;
    readonly conditions: readonly TypedExpression[];
    readonly isDefault: boolean;
    readonly body: TypedBlock;
    readonly fallsThrough: boolean;
  }[];
}

export interface TypedSelect {
  readonly kind: 'select';
  readonly span: Span;
  readonly target: BranchTarget;
  readonly clauses: readonly {
    readonly span: Span;
    readonly communication:
      | {
          readonly kind: 'send';
          readonly channel: TypedExpression;
          readonly value: TypedExpression;
        }
      | {
          readonly kind: 'receive';
          readonly channel: TypedExpression;
          /** Fresh variables of the clause (synthetic for the assigning form). */
          readonly value: Variable | null;
          readonly ok: Variable | null;
        }
      | null;
    readonly body: TypedBlock;
  }[];
}

export type { NamedType };
