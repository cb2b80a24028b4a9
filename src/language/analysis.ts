/**
 * What must be known of a function before code is made of it: where its variables lie in the frame,
 * where its labels are, and which boxed variables other goroutines may reach.
 */
import { Destinations } from './destinations.ts';
import type { Destination, FunctionUses } from './destinations.ts';
import { FRAME_HEADER_WORDS } from './instructions.ts';
import type {
  BranchTarget,
  Call,
  TypedBlock,
  TypedExpression,
  TypedFunction,
  TypedStatement,
  Variable,
} from './typed.ts';
import { isBoxed } from './typed.ts';
import { wordsOf } from './types.ts';

export interface FunctionLayout {
  /** Slot of the value, or of the address of the box. A boxed parameter arrives at its place among
   *  the parameters and is moved into its box. */
  readonly slots: Map<Variable, number>;
  readonly parameterWords: number;
  readonly firstTemporary: number;
  /** The block that each label of a goto stands in. */
  readonly labelBlocks: Map<BranchTarget, TypedBlock>;
  /** Deferred calls of other functions (bodies of loops) may belong to its frame. */
  readonly givesFrame: boolean;
}

type MutableLayout = { -readonly [K in keyof FunctionLayout]: FunctionLayout[K] };

/** Looks at functions once, each before the closures it holds. */
export class Analysis {
  /** Boxed variables that a closure takes elsewhere: to another goroutine, for all we know. */
  readonly #escaping = new Set<Variable>();
  readonly #walks = new Map<TypedFunction, LayoutWalk>();
  readonly #analysed = new Set<TypedFunction>();
  readonly #initialValues = new Map<Variable, TypedExpression>();
  readonly #destinations = new Destinations((target) => this.#walkOf(target), this.#initialValues);

  layoutOf(target: TypedFunction): FunctionLayout {
    if (!this.#analysed.has(target)) this.#analyse(target, false);
    return this.#walkOf(target).layout;
  }

  /** Whether only the goroutine of its function ever reads or writes the boxed variable. */
  staysInGoroutine(variable: Variable): boolean {
    return !variable.addressTaken && !this.#escaping.has(variable);
  }

  #walkOf(target: TypedFunction): LayoutWalk {
    let walk = this.#walks.get(target);
    if (walk === undefined) {
      walk = new LayoutWalk(target, this.#initialValues);
      this.#walks.set(target, walk);
      if (target.body) walk.statement(target.body, target.body);
    }
    return walk;
  }

  /** `elsewhere`: the function is the body of a loop that another goroutine may run than that of
   *  the function which the loop stands in. */
  #analyse(target: TypedFunction, elsewhere: boolean): void {
    this.#analysed.add(target);
    for (const [closure, ways] of this.#walkOf(target).closures) {
      const stays = ways.every((way) => {
        if (way === 'deferred outside') return !elsewhere;
        return way === 'called' || (closure.isRangeBody && this.#destinations.stays(way));
      });
      if (!stays) for (const variable of closure.captures) this.#escaping.add(variable);
      if (this.#analysed.has(closure)) continue;
      this.#analyse(closure, closure.isRangeBody && (elsewhere || !stays));
    }
  }
}

/** One pass over the body of one function, without those of its closures. */
class LayoutWalk implements FunctionUses {
  readonly layout: MutableLayout;
  readonly closures = new Map<TypedFunction, Destination[]>();
  readonly variables = new Map<Variable, Destination[]>();
  readonly results: (TypedExpression | null)[] = [];
  readonly #initialValues: Map<Variable, TypedExpression>;

  constructor(target: TypedFunction, initialValues: Map<Variable, TypedExpression>) {
    this.#initialValues = initialValues;
    this.layout = {
      slots: new Map(),
      parameterWords: 0,
      firstTemporary: FRAME_HEADER_WORDS,
      labelBlocks: new Map(),
      givesFrame: false,
    };
    let words = 0;
    for (const parameter of target.parameters) {
      if (!isBoxed(parameter)) this.layout.slots.set(parameter, FRAME_HEADER_WORDS + words);
      words += wordsOf(parameter.type);
    }
    this.layout.parameterWords = words;
    this.layout.firstTemporary += words;
    for (const result of target.results) this.#place(result);
    for (const parameter of target.parameters) if (isBoxed(parameter)) this.#place(parameter);
  }

  statement(statement: TypedStatement, block: TypedBlock): void {
    switch (statement.kind) {
      case 'block':
        for (const inner of statement.statements) this.statement(inner, statement);
        break;
      case 'declare':
        for (const [index, variable] of statement.variables.entries()) {
          this.#place(variable);
          if (statement.values.length !== statement.variables.length) continue;
          this.#initialValues.set(variable, statement.values[index]);
        }
        this.#expressions(statement.values);
        break;
      case 'assign':
        this.#expressions(statement.targets);
        this.#expressions(statement.values);
        break;
      case 'update':
        this.#expression(statement.target);
        this.#expression(statement.value);
        break;
      case 'expression':
        this.#expression(statement.expression);
        break;
      case 'send':
        this.#expression(statement.channel);
        this.#expression(statement.value);
        break;
      case 'go':
        this.#expression(statement.closure);
        break;
      case 'defer':
        this.#expression(statement.closure, statement.frame ? 'deferred outside' : 'called');
        this.#expression(statement.frame);
        break;
      case 'return':
        if (statement.values) this.#expressions(statement.values);
        this.results.push(statement.values?.length === 1 ? statement.values[0] : null);
        break;
      case 'label':
        this.layout.labelBlocks.set(statement.target, block);
        break;
      case 'branch':
        break;
      default:
        this.#control(statement, block);
    }
  }

  #control(statement: TypedStatement, block: TypedBlock): void {
    switch (statement.kind) {
      case 'if':
        this.#expression(statement.condition);
        this.statement(statement.then, block);
        if (statement.otherwise) this.statement(statement.otherwise, block);
        break;
      case 'loop':
        if (statement.init) this.statement(statement.init, block);
        this.#expression(statement.condition);
        this.statement(statement.body, block);
        if (statement.post) this.statement(statement.post, block);
        break;
      case 'range':
        if (statement.key) this.#place(statement.key);
        if (statement.value) this.#place(statement.value);
        this.#expression(statement.object);
        this.statement(statement.body, block);
        break;
      case 'switch':
        for (const clause of statement.clauses) {
          this.#expressions(clause.conditions);
          this.statement(clause.body, block);
        }
        break;
      case 'select':
        for (const { communication, body } of statement.clauses) {
          if (communication) this.#expression(communication.channel);
          if (communication?.kind === 'send') this.#expression(communication.value);
          if (communication?.kind === 'receive') {
            if (communication.value) this.#place(communication.value);
            if (communication.ok) this.#place(communication.ok);
          }
          this.statement(body, block);
        }
        break;
      case 'atomic':
        this.statement(statement.body, block);
        break;
      default:
        break;
    }
  }

  #place(variable: Variable): void {
    const { slots } = this.layout;
    if (slots.has(variable)) return;
    slots.set(variable, this.layout.firstTemporary);
    this.layout.firstTemporary += isBoxed(variable) ? 1 : wordsOf(variable.type);
  }

  #expressions(expressions: readonly (TypedExpression | null)[]): void {
    for (const expression of expressions) this.#expression(expression);
  }

  #expression(expression: TypedExpression | null, way: Destination = 'elsewhere'): void {
    switch (expression?.kind) {
      case 'closure':
        add(this.closures, expression.function, way);
        break;
      case 'variable':
        add(this.variables, expression.variable, way);
        break;
      case 'field':
        this.#expression(expression.object);
        break;
      case 'element':
        this.#expression(expression.object);
        this.#expression(expression.index);
        break;
      case 'dereference':
        this.#expression(expression.pointer);
        break;
      case 'new':
        this.#expression(expression.value);
        break;
      case 'slice':
        this.#expressions([expression.object, expression.low, expression.high, expression.max]);
        break;
      case 'composite':
        for (const element of expression.elements) this.#expression(element.value);
        break;
      case 'binary':
        this.#expression(expression.left);
        this.#expression(expression.right);
        break;
      case 'conversion':
        this.#expression(expression.operand, way);
        break;
      case 'address':
      case 'unary':
      case 'assertion':
      case 'type-test':
        this.#expression(expression.operand);
        break;
      case 'call':
        this.#call(expression);
        break;
      case 'builtin':
        this.#expressions(expression.arguments);
        break;
      case 'receive':
        this.#expression(expression.channel);
        break;
      case 'frame-pointer':
        this.layout.givesFrame = true;
        break;
      default:
        break;
    }
  }

  #call({ callee, arguments: values }: Call): void {
    if (callee.kind === 'value') this.#expression(callee.value, 'called');
    if (callee.kind === 'interface') this.#expression(callee.object);
    for (const [index, value] of values.entries()) this.#expression(value, { callee, index });
  }
}

function add<Key>(map: Map<Key, Destination[]>, key: Key, way: Destination): void {
  const ways = map.get(key);
  if (ways === undefined) map.set(key, [way]);
  else ways.push(way);
}
