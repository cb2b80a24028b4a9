// Random Go programs for the comparison with real Go: each is determined by its seed, stays inside
// the language of .coro files, and ends, deadlocks or dies, but never runs on and on.
import { iteratorBody } from './coros.ts';
import { libraryFor } from './library.ts';
import { createRandom, type Random } from './random.ts';
import type { Generation, Shape, Yield } from './scope.ts';
import { block, emit, fresh, functionScope, sequenceType, yieldType } from './scope.ts';
import { statement, statementBlock, statements } from './statements.ts';
import { intExpression } from './values.ts';

/** What a generated program may use beside the core. */
export interface ProgramOptions {
  /** Calls from Go to C and back, as `cgo.Callback`. */
  readonly cgo?: boolean;
}

/** A generated program and what it is made of. */
export interface GeneratedProgram {
  readonly seed: number;
  readonly source: string;
  /** `solo` has one goroutine beside the coroutines, `handoff` several that take turns. */
  readonly mode: Mode;
  readonly cgo: boolean;
}

type Mode = 'solo' | 'handoff' | 'free';

const goroutineStatements = ['handoff', 'crowd', 'stray', 'producer', 'mutex'] as const;
/** What may be missing from a program altogether, so that others come to the fore. */
const optional = [
  ['bareLock', 'bareUnlock'],
  ['lock'],
  ['panic', 'runtimePanic'],
  ['goexit'],
  ['channel', 'useChannel', 'select'],
  ['stash'],
  ['shared'],
  ['switch', 'if', 'declare', 'assign'],
  ['range'],
  ['defer'],
  ['recover'],
  ['mutex'],
] as const;
const standardPackages =
  'context errors fmt iter runtime slices sort strconv strings sync sync/atomic time'.split(' ');
/** Passages are about the language; half of the programs are about coroutines alone. */
const passageShare = 0.3;

/** The program of this seed. */
export function generateProgram(seed: number, options: ProgramOptions = {}): GeneratedProgram {
  const random = createRandom(seed);
  const mode = random.pick(['solo', 'solo', 'solo', 'handoff', 'handoff', 'free'] as const);
  const cgo = options.cgo === true;
  const generation: Generation = {
    random,
    weights: chooseWeights(random, mode, cgo),
    lines: [],
    indent: 0,
    names: 0,
    fuel: random.between(15, 60),
    work: 400,
    callables: [],
    sequences: [],
    stashes: [],
    shared: undefined,
  };
  declareStashes(generation);
  declareShared(generation);
  for (let count = random.between(0, 2); count > 0; count--) {
    declareFunction(generation);
  }
  for (let count = random.between(1, 4); count > 0; count--) {
    declareSequence(generation);
  }
  if (random.chance(0.06)) {
    block(generation, 'func init()', () => statementBlock(generation, functionScope('return', 1)));
  }
  declareMain(generation);
  return { seed, source: assemble(generation.lines.join('\n')), mode, cgo };
}

function chooseWeights(random: Random, mode: Mode, cgo: boolean): Map<string, number> {
  const weights = new Map(Object.keys(statements).map((name) => [name, random.pick([1, 1, 2, 4])]));
  for (const group of optional) {
    if (random.chance(0.45)) {
      for (const name of group) {
        weights.set(name, 0);
      }
    }
  }
  if (mode !== 'solo') {
    // How soon a goroutine is gone after its last word is not decided.
    weights.set('count', 0);
  }
  if (mode === 'solo') {
    for (const name of goroutineStatements) {
      weights.set(name, name === 'mutex' ? 1 : 0);
    }
  } else if (mode === 'handoff') {
    weights.set('crowd', 0);
    weights.set('stray', 0);
  }
  weights.set('passage', random.chance(passageShare) ? 2 : 0);
  weights.set('callback', cgo ? 2 : 0);
  return weights;
}

function declareStashes(generation: Generation): void {
  if ((generation.weights.get('stash') ?? 0) === 0) {
    return;
  }
  const shape = generation.random.pick(['int', 'string', 'pair'] as const);
  const name = fresh(generation, 'stash');
  emit(generation, `var ${name} ${yieldType(shape)}`);
  emit(generation, '');
  generation.stashes.push({ name, shape });
}

function declareShared(generation: Generation): void {
  if ((generation.weights.get('shared') ?? 0) === 0) {
    return;
  }
  const shape = generation.random.pick(['int', 'int', 'string'] as const);
  generation.shared = { next: 'sharedNext', stop: 'sharedStop', shape };
  emit(generation, `var sharedNext func() (${shape}, bool)`);
  emit(generation, 'var sharedStop func()');
  emit(generation, '');
}

function declareFunction(generation: Generation): void {
  const name = fresh(generation, 'compute');
  const before = generation.work;
  const scope = functionScope('return 7', 1);
  scope.variables.push({ name: 'x', type: 'int' });
  block(generation, `func ${name}(x int) int`, () => {
    statementBlock(generation, scope);
    emit(generation, `return ${intExpression(generation, scope)}`);
  });
  emit(generation, '');
  const cost = Math.max(2, before - generation.work);
  generation.work = before;
  generation.callables.push({ name, cost });
}

function declareSequence(generation: Generation): void {
  const { random } = generation;
  if (random.chance(0.15)) {
    adaptSequence(generation);
    return;
  }
  const shape: Shape = random.pick(['int', 'int', 'string', 'pair']);
  const name = fresh(generation, 'each');
  const yielder: Yield = { name: 'yield', shape };
  const before = generation.work;
  const parameterised = random.chance(0.3);
  const scope = functionScope('return', 1);
  scope.yields.push(yielder);
  const body = (): void => iteratorBody(generation, scope, yielder, statementBlock);
  if (parameterised) {
    scope.variables.push({ name: 'n', type: 'int' });
    block(generation, `func ${name}(n int) ${sequenceType(shape)}`, () => {
      block(generation, `return func(yield ${yieldType(shape)})`, body);
    });
  } else {
    block(generation, `func ${name}(yield ${yieldType(shape)})`, body);
  }
  emit(generation, '');
  const cost = Math.max(3, before - generation.work);
  generation.work = before;
  const used = parameterised ? `${name}(${random.below(9)})` : name;
  generation.sequences.push({ expression: used, shape, cost });
}

/** Adds a sequence made from library iterators: a tree walk, a mapped, filtered or zipped one. */
function adaptSequence(generation: Generation): void {
  const { random, sequences } = generation;
  const ints = sequences.filter(({ shape }) => shape === 'int');
  const strings = sequences.filter(({ shape }) => shape === 'string');
  const depth = random.between(1, 3);
  const walk = { expression: `grow(1, ${depth}).all`, shape: 'int' as const, cost: 4 * 2 ** depth };
  const numbers = ints.length > 0 && random.chance(0.7) ? random.pick(ints) : walk;
  const cost = numbers.cost * 3;
  const bound = random.between(1, 5);
  switch (random.below(4)) {
    case 0:
      sequences.push(walk);
      return;
    case 1: {
      const expression = `mapped(${numbers.expression}, func(v int) int { return v * ${bound} })`;
      sequences.push({ expression, shape: 'int', cost });
      return;
    }
    case 2:
      sequences.push({ expression: `taken(${numbers.expression}, ${bound})`, shape: 'int', cost });
      return;
    default: {
      const texts = strings.length > 0 ? random.pick(strings) : undefined;
      const second = texts?.expression ?? 'named';
      const expression = `zipped(${numbers.expression}, ${second})`;
      sequences.push({ expression, shape: 'pair', cost: cost + (texts?.cost ?? 4) * 2 });
    }
  }
}

/** Pulls the sequence that main shares: mostly in main, else while packages are initialised. */
function pullShared(generation: Generation): string | undefined {
  const { shared, sequences, random } = generation;
  const shareable = sequences.filter(({ shape }) => shape === shared?.shape);
  if (shared === undefined || shareable.length === 0) {
    return undefined;
  }
  const statement = `sharedNext, sharedStop = iter.Pull(${random.pick(shareable).expression})`;
  if (random.chance(0.85)) {
    return statement;
  }
  block(generation, 'func init()', () => emit(generation, statement));
  emit(generation, '');
  return '';
}

function declareMain(generation: Generation): void {
  const { random } = generation;
  const scope = functionScope('return', 1);
  generation.fuel = Math.max(generation.fuel, 12);
  const pulled = pullShared(generation);
  block(generation, 'func main()', () => {
    emit(generation, 'fmt.Println("start")');
    if (random.chance(0.2)) {
      emit(generation, 'runtime.LockOSThread()');
    }
    scope.variables.push({ name: 'i', type: 'int' });
    emit(generation, `i := ${random.below(9)}`);
    emit(generation, 'fmt.Println(i)');
    if (pulled !== undefined && generation.shared !== undefined) {
      scope.pulls.push(generation.shared);
    }
    if (pulled !== undefined && pulled !== '') {
      emit(generation, pulled);
    }
    for (let count = random.between(4, 12); count > 0; count--) {
      statement(generation, scope);
    }
    emit(generation, 'fmt.Println("end")');
  });
}

function assemble(body: string): string {
  const library = libraryFor(body);
  const text = `${library}${body}\n`;
  const packages = standardPackages.filter((name) =>
    new RegExp(`\\b${name.split('/').at(-1)}\\.[A-Z]`).test(text),
  );
  const imports = packages.map((name) => `\t"${name}"\n`).join('');
  return `package main\n\nimport (\n${imports})\n\n${text}`;
}
