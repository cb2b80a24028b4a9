// Random expressions and the statements that only compute: declarations, assignments, printing.
import type { Generation, Scope, Shape, ValueType, Variable } from './scope.ts';
import { afford, emit, fresh } from './scope.ts';

const valueTypes: readonly ValueType[] = [
  'int',
  'int',
  'string',
  'bool',
  'error',
  'ints',
  'point',
  'any',
];
const words = ['ant', 'bee', 'cat', 'dog', 'elk', 'fox', ''] as const;

/** An expression of the type that the names in scope allow. */
export function expression(generation: Generation, scope: Scope, type: ValueType): string {
  const { random } = generation;
  const variable = pickVariable(generation, scope, type);
  if (variable !== undefined && random.chance(0.4)) {
    return variable.name;
  }
  switch (type) {
    case 'int':
      return intExpression(generation, scope);
    case 'string':
      return stringExpression(generation, scope);
    case 'bool':
      return condition(generation, scope);
    case 'error':
      return errorExpression(generation, scope);
    case 'ints':
      return `[]int{${list(() => intExpression(generation, scope), random.between(0, 4))}}`;
    case 'point':
      return `point{${random.below(9)}, ${intExpression(generation, scope)}}`;
    case 'any':
      return expression(
        generation,
        scope,
        random.pick(['int', 'string', 'bool', 'error'] as const),
      );
  }
}

/** An int expression; it never divides by zero and stays small. */
export function intExpression(generation: Generation, scope: Scope): string {
  const { random } = generation;
  const left = intAtom(generation, scope);
  const right = intAtom(generation, scope);
  switch (random.below(8)) {
    case 0:
      return `${left} + ${right}`;
    case 1:
      return `${left} - ${right}`;
    case 2:
      return `${left} * ${right} % 97`;
    case 3:
      return `(${left} + ${random.between(1, 9)}) / ${random.between(2, 5)}`;
    case 4:
      return callExpression(generation, scope, left);
    default:
      return left;
  }
}

/** A condition that does not consist of constants alone more often than it must. */
export function condition(generation: Generation, scope: Scope): string {
  const { random } = generation;
  const flag = pickVariable(generation, scope, 'bool');
  const text = pickVariable(generation, scope, 'string');
  const failure = pickVariable(generation, scope, 'error');
  const left = intAtom(generation, scope);
  switch (random.below(8)) {
    case 0:
      return flag === undefined ? `${left} > 4` : `!${flag.name}`;
    case 1:
      return text === undefined
        ? `${left} != 3`
        : `${text.name} ${random.pick(['==', '<', '!='])} "cat"`;
    case 2:
      return failure === undefined
        ? `${left} == 2`
        : `${failure.name} ${random.pick(['==', '!='])} nil`;
    case 3:
      return `${left} > ${random.below(6)} && ${left} < ${random.between(3, 9)}`;
    case 4:
      return `${left} % 2 == 0 || ${left} == ${random.below(9)}`;
    default:
      return `${left} ${random.pick(['<', '<=', '>', '>=', '==', '!='])} ${random.below(8)}`;
  }
}

/** Arguments that fit a yield function of the shape. */
export function yieldArguments(generation: Generation, scope: Scope, shape: Shape): string {
  const number = intExpression(generation, scope);
  const text = stringExpression(generation, scope);
  return { int: number, string: text, pair: `${number}, ${text}` }[shape];
}

/** Prints a tag and some of what is in scope. */
export function say(generation: Generation, scope: Scope): void {
  const { random } = generation;
  const tag = fresh(generation, 'at');
  const chosen = scope.variables.filter(() => random.chance(0.3)).slice(-3);
  const printed = chosen.map((variable) => printable(variable));
  if (random.chance(0.3)) {
    const verbs = chosen.map((variable) => verbFor(generation, variable));
    const format = [tag, ...verbs].join(' ');
    emit(generation, `fmt.Printf(${[`"${format}\\n"`, ...printed].join(', ')})`);
    return;
  }
  emit(generation, `fmt.Println(${[`"${tag}"`, ...printed].join(', ')})`);
}

/** Declares a variable, and prints it so that Go counts it as used. */
export function declare(generation: Generation, scope: Scope): void {
  const type = generation.random.pick(valueTypes);
  const name = fresh(generation, type === 'point' ? 'p' : type.charAt(0));
  const value = expression(generation, scope, type);
  const typed = { int: 'int', string: 'string', bool: 'bool', error: 'error', ints: '[]int' };
  if (type === 'any' || type === 'error') {
    emit(generation, `var ${name} ${type} = ${value}`);
  } else if (type !== 'point' && generation.random.chance(0.2)) {
    emit(generation, `var ${name} ${typed[type]} = ${value}`);
  } else {
    emit(generation, `${name} := ${value}`);
  }
  const variable = { name, type };
  emit(generation, `fmt.Println("${name}", ${printable(variable)})`);
  scope.variables.push(variable);
}

/** Changes a variable of the scope; writes a print where there is none. */
export function assign(generation: Generation, scope: Scope): void {
  const { random } = generation;
  if (scope.variables.length === 0) {
    say(generation, scope);
    return;
  }
  const { name, type } = random.pick(scope.variables);
  switch (type) {
    case 'int':
      assignInt(generation, scope, name);
      return;
    case 'string':
      emit(
        generation,
        random.chance(0.5)
          ? `${name} += "${random.pick(words)}"`
          : `${name} = "${random.pick(words)}"`,
      );
      return;
    case 'ints':
      assignInts(generation, scope, name);
      return;
    case 'point':
      emit(
        generation,
        random.pick([
          `${name}.x++`,
          `${name}.move(${intExpression(generation, scope)})`,
          `${name}.y = ${name}.sum()`,
        ]),
      );
      return;
    default:
      emit(generation, `${name} = ${expression(generation, scope, type)}`);
  }
}

/** What the Go runtime panics at: a bad index, a nil pointer, a zero divisor, a wrong type. */
export function runtimePanic(generation: Generation, scope: Scope): void {
  const { random } = generation;
  const zero = fresh(generation, 'z');
  emit(generation, `${zero} := ${random.between(4, 7)}`);
  switch (random.below(4)) {
    case 0:
      emit(generation, `fmt.Println("index", []int{1, 2, 3}[${zero}])`);
      break;
    case 1:
      emit(
        generation,
        `fmt.Println("divide", ${intAtom(generation, scope)} / (${zero} - ${zero}))`,
      );
      break;
    case 2: {
      const pointer = fresh(generation, 'q');
      emit(generation, `var ${pointer} *point`);
      emit(generation, `fmt.Println("nil", ${pointer}.x, ${zero})`);
      break;
    }
    default: {
      const value = fresh(generation, 'v');
      emit(generation, `var ${value} any = "text"`);
      emit(generation, `fmt.Println("assert", ${value}.(int), ${zero})`);
    }
  }
}

/** What to pass to Println for a variable. */
export function printable({ name, type }: Variable): string {
  return type === 'point' ? `${name}.x, ${name}.y` : name;
}

function assignInt(generation: Generation, scope: Scope, name: string): void {
  const { random } = generation;
  switch (random.below(4)) {
    case 0:
      emit(generation, random.pick([`${name}++`, `${name}--`]));
      return;
    case 1:
      emit(generation, `${name} ${random.pick(['+=', '-='])} ${random.below(9)}`);
      return;
    default:
      emit(generation, `${name} = (${intExpression(generation, scope)}) % 97`);
  }
}

function assignInts(generation: Generation, scope: Scope, name: string): void {
  const { random } = generation;
  switch (random.below(4)) {
    case 0:
      emit(generation, `if len(${name}) > 1 {`);
      emit(generation, `\t${name} = ${name}[1:]`);
      emit(generation, '}');
      return;
    case 1:
      emit(generation, `if len(${name}) > 0 {`);
      emit(generation, `\t${name}[len(${name})-1] = ${intExpression(generation, scope)}`);
      emit(generation, '}');
      return;
    default:
      emit(generation, `${name} = append(${name}, ${intExpression(generation, scope)})`);
  }
}

function intAtom(generation: Generation, scope: Scope): string {
  const { random } = generation;
  const number = pickVariable(generation, scope, 'int');
  if (number !== undefined && random.chance(0.6)) {
    return number.name;
  }
  const slice = pickVariable(generation, scope, 'ints');
  if (slice !== undefined && random.chance(0.3)) {
    return `len(${slice.name})`;
  }
  const pair = pickVariable(generation, scope, 'point');
  if (pair !== undefined && random.chance(0.4)) {
    return random.pick([`${pair.name}.x`, `${pair.name}.sum()`]);
  }
  const text = pickVariable(generation, scope, 'string');
  if (text !== undefined && random.chance(0.2)) {
    return `len(${text.name})`;
  }
  return String(random.below(9));
}

function callExpression(generation: Generation, scope: Scope, argument: string): string {
  const { random, callables } = generation;
  if (callables.length > 0 && random.chance(0.6)) {
    const callable = random.pick(callables);
    if (afford(generation, scope, callable.cost)) {
      return `${callable.name}(${argument})`;
    }
  }
  return random.pick([`larger(${argument}, ${random.below(9)})`, `-${argument}`, argument]);
}

function stringExpression(generation: Generation, scope: Scope): string {
  const { random } = generation;
  const word = random.pick(words);
  const text = pickVariable(generation, scope, 'string');
  switch (random.below(7)) {
    case 0:
      return `fmt.Sprint("${word}", ${intAtom(generation, scope)})`;
    case 1:
      return `fmt.Sprintf("%d-%s", ${intAtom(generation, scope)}, "${word}")`;
    case 2:
      return text === undefined ? `"${word}"` : `${text.name} + "${word}"`;
    case 3:
      return `larger("${word}", "${random.pick(words)}")`;
    default:
      return `"${word}"`;
  }
}

function errorExpression(generation: Generation, scope: Scope): string {
  const { random } = generation;
  return random.pick([
    'nil',
    `fmt.Errorf("error %d", ${intAtom(generation, scope)})`,
    `failure{${random.below(9)}}`,
    `&coded{"${random.pick(words)}"}`,
  ]);
}

function verbFor(generation: Generation, variable: Variable): string {
  const verbs: Record<ValueType, readonly string[]> = {
    int: ['%d', '%v', '%3d'],
    string: ['%s', '%v', '%q'],
    bool: ['%t', '%v'],
    error: ['%v'],
    ints: ['%v', '%d'],
    point: ['%d %d'],
    any: ['%v'],
  };
  return generation.random.pick(verbs[variable.type]);
}

function pickVariable(generation: Generation, scope: Scope, type: ValueType): Variable | undefined {
  const fitting = scope.variables.filter((variable) => variable.type === type);
  return fitting.length === 0 ? undefined : generation.random.pick(fitting);
}

function list(item: () => string, count: number): string {
  return Array.from({ length: count }, item).join(', ');
}
