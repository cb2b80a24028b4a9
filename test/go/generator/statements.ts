// The choice of the next statement, and the statements of plain control flow.
import {
  leaveLoop,
  localSequence,
  lock,
  next,
  pull,
  raise,
  rangeOver,
  recovering,
  sharedPull,
  stashedYield,
  stop,
  yieldOnce,
} from './coros.ts';
import {
  crowd,
  handoff,
  makeChannel,
  mutex,
  producer,
  select,
  stray,
  useChannel,
} from './goroutines.ts';
import type { Generation, Scope } from './scope.ts';
import { afford, block, emit, fresh, inner, literalScope } from './scope.ts';
import { passage } from './semantics.ts';
import {
  assign,
  condition,
  declare,
  expression,
  intExpression,
  runtimePanic,
  say,
} from './values.ts';

interface Statement {
  /** How often it is chosen, before the program's own weights. */
  readonly weight: number;
  /** Whether it holds other statements. */
  readonly nests?: boolean;
  /** Whether its names are in scope here. */
  readonly fits?: (generation: Generation, scope: Scope) => boolean;
  /** Writes it; false when the budget did not allow it. */
  readonly write: (generation: Generation, scope: Scope) => boolean | void;
}

const hasPull = (_: Generation, scope: Scope): boolean => scope.pulls.length > 0;
const hasYield = (_: Generation, scope: Scope): boolean => scope.yields.length > 0;
const hasChannel = (_: Generation, scope: Scope): boolean => scope.channels.length > 0;
const hasShared = (generation: Generation): boolean => generation.shared !== undefined;
const hasStash = (generation: Generation): boolean => generation.stashes.length > 0;

/** Every kind of statement by name; a program's weights multiply these. */
export const statements: Readonly<Record<string, Statement>> = {
  say: { weight: 4, write: say },
  declare: { weight: 5, write: declare },
  assign: { weight: 5, write: assign },
  if: { weight: 3, nests: true, write: ifElse },
  switch: { weight: 2, nests: true, write: switchOver },
  for: { weight: 3, nests: true, write: loop },
  call: { weight: 2, nests: true, write: callLiteral },
  defer: { weight: 2, nests: true, write: deferred },
  pull: { weight: 10, write: pull },
  next: { weight: 12, fits: hasPull, write: (g, scope) => next(g, scope, statementBlock) },
  stop: { weight: 3, fits: hasPull, write: stop },
  yield: { weight: 8, fits: hasYield, write: yieldOnce },
  stash: { weight: 2, fits: hasStash, write: stashedYield },
  shared: { weight: 2, fits: hasShared, write: sharedPull },
  range: { weight: 4, nests: true, write: (g, scope) => rangeOver(g, scope, statementBlock) },
  local: { weight: 4, nests: true, write: (g, scope) => localSequence(g, scope, statementBlock) },
  lock: { weight: 9, nests: true, write: (g, scope) => lock(g, scope, statementBlock) },
  bareLock: { weight: 4, write: (g) => emit(g, 'runtime.LockOSThread()') },
  bareUnlock: { weight: 4, write: (g) => emit(g, 'runtime.UnlockOSThread()') },
  gosched: { weight: 2, write: (g) => emit(g, 'runtime.Gosched()') },
  count: { weight: 2, write: countGoroutines },
  panic: { weight: 3, write: raise },
  runtimePanic: { weight: 1, write: runtimePanic },
  goexit: { weight: 1, write: goexit },
  recover: { weight: 3, nests: true, write: (g, scope) => recovering(g, scope, statementBlock) },
  handoff: { weight: 5, nests: true, write: (g, scope) => handoff(g, scope, statementBlock) },
  crowd: { weight: 3, nests: true, write: (g, scope) => crowd(g, scope, statementBlock) },
  stray: { weight: 2, nests: true, write: (g, scope) => stray(g, scope, statementBlock) },
  producer: { weight: 3, nests: true, write: (g, scope) => producer(g, scope, statementBlock) },
  channel: { weight: 3, write: makeChannel },
  useChannel: { weight: 6, fits: hasChannel, write: useChannel },
  select: {
    weight: 3,
    fits: hasChannel,
    nests: true,
    write: (g, scope) => select(g, scope, statementBlock),
  },
  mutex: { weight: 2, nests: true, write: (g, scope) => mutex(g, scope, statementBlock) },
  passage: { weight: 8, write: passage },
  callback: { weight: 6, nests: true, write: callback },
};

const deepest = 5;

/** Writes one to four statements in the scope. */
export function statementBlock(generation: Generation, scope: Scope): void {
  const count = generation.random.between(1, 4);
  for (let index = 0; index < count; index++) {
    statement(generation, scope);
  }
}

/** Writes one statement that fits the scope and the budget. */
export function statement(generation: Generation, scope: Scope): void {
  if (generation.fuel <= 0) {
    emit(generation, `fmt.Println("${fresh(generation, 'at')}")`);
    return;
  }
  generation.fuel--;
  generation.work -= scope.multiplier;
  const entries = Object.entries(statements);
  const weights = entries.map(([name, { weight, nests, fits }]) => {
    const usable = (nests !== true || scope.depth < deepest) && (fits?.(generation, scope) ?? true);
    return usable ? weight * (generation.weights.get(name) ?? 0) : 0;
  });
  const chosen = entries[generation.random.weighted(weights)];
  if (chosen?.[1].write(generation, scope) === false || chosen === undefined) {
    say(generation, scope);
  }
}

function ifElse(generation: Generation, scope: Scope): void {
  const { random } = generation;
  emit(generation, `if ${condition(generation, scope)} {`);
  branch(generation, scope);
  if (random.chance(0.3)) {
    emit(generation, `} else if ${condition(generation, scope)} {`);
    branch(generation, scope);
  }
  if (random.chance(0.5)) {
    emit(generation, '} else {');
    branch(generation, scope);
  }
  emit(generation, '}');
}

function switchOver(generation: Generation, scope: Scope): void {
  const { random } = generation;
  const anys = scope.variables.filter(({ type }) => type === 'any' || type === 'error');
  if (anys.length > 0 && random.chance(0.4)) {
    typeSwitch(generation, random.pick(anys).name);
    return;
  }
  const tagged = random.chance(0.6);
  emit(generation, tagged ? `switch ${intExpression(generation, scope)} {` : 'switch {');
  for (let value = 0; value < 3; value++) {
    const values = value === 1 ? '1, 5' : String(value);
    emit(generation, `case ${tagged ? values : condition(generation, scope)}:`);
    branch(generation, { ...scope, inLoop: false });
    if (value < 2 && random.chance(0.15)) {
      emit(generation, '\tfallthrough');
    }
  }
  if (random.chance(0.7)) {
    emit(generation, 'default:');
    branch(generation, { ...scope, inLoop: false });
  }
  emit(generation, '}');
}

function typeSwitch(generation: Generation, name: string): void {
  const value = fresh(generation, 't');
  emit(generation, `switch ${value} := any(${name}).(type) {`);
  const types = ['int', 'string', 'failure', '*coded', 'nil'];
  for (const type of types.filter(() => generation.random.chance(0.7))) {
    emit(generation, `case ${type}:`);
    emit(generation, `\tfmt.Println("is ${type}", ${type === '*coded' ? `${value}.text` : value})`);
  }
  emit(generation, 'default:');
  emit(generation, `\tfmt.Println("other", ${value})`);
  emit(generation, '}');
}

function loop(generation: Generation, scope: Scope): boolean {
  const { random } = generation;
  const bound = random.between(1, 3);
  if (!afford(generation, scope, bound * 4)) {
    return false;
  }
  const index = fresh(generation, 'i');
  const element = fresh(generation, 'e');
  const slices = scope.variables.filter(({ type }) => type === 'ints');
  const label = random.chance(0.15) ? fresh(generation, 'Outer') : undefined;
  const overSlice = slices.length > 0 && random.chance(0.4);
  const head = overSlice
    ? `for ${index}, ${element} := range ${random.pick(slices).name}[:0]`
    : random.pick([
        `for ${index} := range ${bound}`,
        `for ${index} := 0; ${index} < ${bound}; ${index}++`,
      ]);
  const within = inner(scope, { inLoop: true, multiplier: scope.multiplier * bound });
  const first = overSlice ? head.replace('[:0]', '') : head;
  if (label !== undefined) {
    generation.lines.push(`${'\t'.repeat(generation.indent - 1)}${label}:`);
    within.labels.push(label);
  }
  block(generation, first, () => {
    emit(generation, `fmt.Println(${overSlice ? `${index}, ${element}` : index})`);
    const names = overSlice ? [index, element] : [index];
    // A loop variable is read only: changing it could keep the loop from ending.
    const snapshot = names.map((name) => ({ name: `${name}c`, type: 'int' as const }));
    snapshot.forEach(({ name }, at) => emit(generation, `${name} := ${names[at]}`));
    within.variables.push(...snapshot);
    snapshot.forEach(({ name }) => emit(generation, `_ = ${name}`));
    branchStatements(generation, within);
    if (label !== undefined) {
      block(generation, `if ${condition(generation, within)}`, () => {
        emit(generation, random.chance(0.5) ? `continue ${label}` : `break ${label}`);
      });
    } else {
      leaveLoop(generation, within);
    }
  });
  return true;
}

function callLiteral(generation: Generation, scope: Scope): void {
  const { random } = generation;
  const parameter = fresh(generation, 'a');
  if (random.chance(0.5)) {
    block(generation, 'func()', () => statementBlock(generation, literalScope(scope)), '}()');
    return;
  }
  const argument = intExpression(generation, scope);
  const literal = literalScope(scope, { leave: `return ${random.below(9)}` });
  literal.variables.push({ name: parameter, type: 'int' });
  const result = fresh(generation, 'x');
  block(
    generation,
    `${result} := func(${parameter} int) int`,
    () => {
      statementBlock(generation, literal);
      emit(generation, `return ${intExpression(generation, literal)}`);
    },
    `}(${argument})`,
  );
  emit(generation, `fmt.Println("${result}", ${result})`);
  scope.variables.push({ name: result, type: 'int' });
}

function deferred(generation: Generation, scope: Scope): void {
  const { random } = generation;
  const tag = fresh(generation, 'deferred');
  switch (random.below(4)) {
    case 0:
      emit(generation, `defer fmt.Println("${tag}", ${expression(generation, scope, 'int')})`);
      return;
    case 1: {
      const caught = fresh(generation, 'r');
      block(
        generation,
        'defer func()',
        () => {
          emit(generation, `${caught} := recover()`);
          emit(generation, `fmt.Println("${tag}", ${caught})`);
        },
        '}()',
      );
      return;
    }
    default:
      block(
        generation,
        'defer func()',
        () => statementBlock(generation, literalScope(scope)),
        '}()',
      );
  }
}

function countGoroutines(generation: Generation): void {
  emit(generation, 'fmt.Println("goroutines", runtime.NumGoroutine())');
}

function goexit(generation: Generation, scope: Scope): void {
  block(generation, `if ${condition(generation, scope)}`, () =>
    emit(generation, 'runtime.Goexit()'),
  );
}

function callback(generation: Generation, scope: Scope): void {
  const body = (): void => statementBlock(generation, literalScope(scope));
  block(generation, 'cgo.Callback(func()', body, '})');
}

function branch(generation: Generation, scope: Scope): void {
  generation.indent++;
  branchStatements(generation, inner(scope));
  generation.indent--;
}

function branchStatements(generation: Generation, scope: Scope): void {
  for (let count = generation.random.between(1, 3); count > 0; count--) {
    statement(generation, scope);
  }
}
