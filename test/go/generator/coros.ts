// Random statements about coroutines and thread locks: pull, next, stop, yield, lock, and what
// leaves them early: panic, Goexit, recover.
import type { Generation, Pull, Scope, Sequence, Shape, Yield } from './scope.ts';
import {
  afford,
  block,
  emit,
  fresh,
  inner,
  literalScope,
  sequenceType,
  yieldType,
} from './scope.ts';
import { condition, expression, intExpression, say, yieldArguments } from './values.ts';

/** Writes the statements of a block; given by the caller, since blocks nest anything. */
export type Body = (generation: Generation, scope: Scope) => void;

/** The names that a loop or a result of this shape binds. */
export function elementNames(generation: Generation, shape: Shape): string[] {
  const names = { int: ['v'], string: ['s'], pair: ['k', 's'] }[shape];
  return names.map((stem) => fresh(generation, stem));
}

/** Adds the elements of a shape to the scope, under the given names. */
export function bindElements(scope: Scope, shape: Shape, names: readonly string[]): void {
  const types = { int: ['int'], string: ['string'], pair: ['int', 'string'] } as const;
  types[shape].forEach((type, index) => {
    scope.variables.push({ name: names[index] as string, type });
  });
}

/** A sequence that may be run here, or none; its cost is taken from the budget. */
export function affordSequence(generation: Generation, scope: Scope): Sequence | undefined {
  const local = scope.sequences.length > 0 && generation.random.chance(0.5);
  const known = local ? scope.sequences : generation.sequences;
  if (known.length === 0) {
    return undefined;
  }
  const sequence = generation.random.pick(known);
  return afford(generation, scope, sequence.cost) ? sequence : undefined;
}

/** `next, stop := iter.Pull(sequence)`, sometimes with a deferred stop. */
export function pull(generation: Generation, scope: Scope): boolean {
  const sequence = affordSequence(generation, scope);
  if (sequence === undefined) {
    return false;
  }
  const next = fresh(generation, 'next');
  const stop = fresh(generation, 'stop');
  const packageFunction = sequence.shape === 'pair' ? 'iter.Pull2' : 'iter.Pull';
  emit(generation, `${next}, ${stop} := ${packageFunction}(${sequence.expression})`);
  if (generation.random.chance(0.3)) {
    emit(generation, `defer ${stop}()`);
  }
  emit(generation, `_, _ = ${next}, ${stop}`);
  const added: Pull = { next, stop, shape: sequence.shape };
  scope.pulls.push(added);
  if (generation.random.chance(0.7)) {
    callNext(generation, scope, added);
  }
  return true;
}

/** One call of next, or a loop of calls. */
export function next(generation: Generation, scope: Scope, body: Body): boolean {
  const chosen = generation.random.pick(scope.pulls);
  if (generation.random.chance(0.6)) {
    callNext(generation, scope, chosen);
    return true;
  }
  const bound = generation.random.between(2, 5);
  if (!afford(generation, scope, bound * 3)) {
    return false;
  }
  block(generation, `for range ${bound}`, () => {
    const loop = inner(scope, { inLoop: true, multiplier: scope.multiplier * bound });
    const ok = callNext(generation, loop, chosen);
    block(generation, `if !${ok}`, () => emit(generation, 'break'));
    if (generation.random.chance(0.4)) {
      body(generation, loop);
    }
  });
  return true;
}

/** A call of stop. */
export function stop(generation: Generation, scope: Scope): void {
  const chosen = generation.random.pick(scope.pulls);
  emit(generation, `${chosen.stop}()`);
  emit(generation, `fmt.Println("stopped", "${chosen.stop}")`);
}

/** Yields once or in a loop, and heeds the answer or not. */
export function yieldOnce(generation: Generation, scope: Scope): void {
  const { random } = generation;
  const chosen = random.pick(scope.yields);
  const call = `${chosen.name}(${yieldArguments(generation, scope, chosen.shape)})`;
  switch (random.below(6)) {
    case 0:
      emit(generation, `fmt.Println("yield", ${call})`);
      return;
    case 1:
      emit(generation, call);
      return;
    default:
      block(generation, `if !${call}`, () => {
        if (random.chance(0.5)) {
          emit(generation, `fmt.Println("${fresh(generation, 'over')}")`);
        }
        emit(generation, scope.leave);
      });
  }
}

/** Calls the yield function that some iterator left in a package-level variable. */
export function stashedYield(generation: Generation, scope: Scope): void {
  const { name, shape } = generation.random.pick(generation.stashes);
  block(generation, `if ${name} != nil`, () => {
    emit(generation, `fmt.Println("stash", ${name}(${yieldArguments(generation, scope, shape)}))`);
  });
}

/** Calls next or stop of the pull that main shares with everybody, the pulled iterator included. */
export function sharedPull(generation: Generation): void {
  const { shared, random } = generation;
  if (shared === undefined) {
    return;
  }
  block(generation, `if ${shared.next} != nil`, () => {
    if (random.chance(0.3)) {
      emit(generation, `${shared.stop}()`);
    } else {
      const names = [...elementNames(generation, shared.shape), fresh(generation, 'ok')];
      emit(generation, `${names.join(', ')} := ${shared.next}()`);
      emit(generation, `fmt.Println("shared", ${names.join(', ')})`);
    }
  });
}

/** Ranges over a sequence, as iterators are mostly used. */
export function rangeOver(generation: Generation, scope: Scope, body: Body): boolean {
  const sequence = affordSequence(generation, scope);
  if (sequence === undefined || !afford(generation, scope, 12)) {
    return false;
  }
  const names = elementNames(generation, sequence.shape);
  block(generation, `for ${names.join(', ')} := range ${sequence.expression}`, () => {
    emit(generation, `fmt.Println(${names.join(', ')})`);
    const loop = inner(scope, { inLoop: true, multiplier: scope.multiplier * 4 });
    bindElements(loop, sequence.shape, names);
    body(generation, loop);
    leaveLoop(generation, loop);
  });
  return true;
}

/** Locks and unlocks the thread around a block, or only one of both where chaos is wanted. */
export function lock(generation: Generation, scope: Scope, body: Body): void {
  const { random } = generation;
  emit(generation, 'runtime.LockOSThread()');
  if (random.chance(0.2)) {
    emit(generation, 'defer runtime.UnlockOSThread()');
    return;
  }
  body(generation, inner(scope, { depth: scope.depth }));
  if (random.chance(0.1)) {
    emit(generation, 'runtime.LockOSThread()');
    emit(generation, 'runtime.UnlockOSThread()');
  }
  emit(generation, 'runtime.UnlockOSThread()');
}

/** A panic with a value of some type. */
export function raise(generation: Generation, scope: Scope): void {
  const { random } = generation;
  const value = random.pick([
    `"${fresh(generation, 'boom')}"`,
    intExpression(generation, scope),
    expression(generation, scope, 'string'),
    `failure{${random.below(9)}}`,
    `fmt.Errorf("wrapped %d", ${random.below(9)})`,
    `&coded{"${fresh(generation, 'code')}"}`,
    random.chance(0.5) ? 'true' : `level(${random.below(9)})`,
  ]);
  if (random.chance(0.7)) {
    block(generation, `if ${condition(generation, scope)}`, () =>
      emit(generation, `panic(${value})`),
    );
  } else {
    emit(generation, `panic(${value})`);
  }
}

/** A function literal that recovers what its body panics with. */
export function recovering(generation: Generation, scope: Scope, body: Body): void {
  const { random } = generation;
  const caught = fresh(generation, 'r');
  block(
    generation,
    'func()',
    () => {
      block(
        generation,
        'defer func()',
        () => {
          block(generation, `if ${caught} := recover(); ${caught} != nil`, () => {
            emit(generation, `fmt.Println("recovered", ${caught})`);
            if (random.chance(0.1)) {
              emit(generation, `panic(fmt.Sprint("again ", ${caught}))`);
            }
          });
        },
        '}()',
      );
      body(generation, literalScope(scope));
    },
    '}()',
  );
}

/** A local iterator: a closure that may use everything around it. */
export function localSequence(generation: Generation, scope: Scope, body: Body): boolean {
  const { random } = generation;
  const shape = random.pick(['int', 'string', 'pair'] as const);
  const name = fresh(generation, 'local');
  const yielder: Yield = { name: fresh(generation, 'yield'), shape };
  const before = generation.work;
  block(generation, `${name} := func(${yielder.name} ${yieldType(shape)})`, () => {
    const scoped = literalScope(scope, { multiplier: 1 });
    scoped.yields.push(yielder);
    iteratorBody(generation, scoped, yielder, body);
  });
  emit(generation, `_ = ${name}`);
  const cost = Math.max(3, before - generation.work);
  const expressionText = random.chance(0.5) ? name : `${sequenceType(shape)}(${name})`;
  scope.sequences.push({ expression: expressionText, shape, cost });
  return true;
}

/** The body of an iterator: a few yields among anything else. */
export function iteratorBody(
  generation: Generation,
  scope: Scope,
  yielder: Yield,
  body: Body,
): void {
  const { random } = generation;
  const stash = generation.stashes.find(({ shape }) => shape === yielder.shape);
  if (stash !== undefined && random.chance(0.5)) {
    emit(generation, `${stash.name} = ${yielder.name}`);
  }
  const only = { ...scope, yields: [yielder] };
  if (random.chance(0.5)) {
    body(generation, inner(scope));
  }
  const bound = random.between(1, 3);
  if (random.chance(0.5) && afford(generation, scope, bound * 3)) {
    block(generation, `for range ${bound}`, () => {
      const loop = inner(only, { inLoop: true, multiplier: scope.multiplier * bound });
      if (random.chance(0.4)) {
        body(generation, inner(loop, { yields: scope.yields }));
      }
      yieldOnce(generation, loop);
    });
  } else {
    yieldOnce(generation, only);
  }
  if (random.chance(0.5)) {
    body(generation, inner(scope));
    yieldOnce(generation, only);
  }
}

/** Ends a round of a loop: on, out, or nothing. */
export function leaveLoop(generation: Generation, scope: Scope): void {
  const { random } = generation;
  if (!random.chance(0.3)) {
    return;
  }
  const label =
    scope.labels.length > 0 && random.chance(0.5) ? ` ${random.pick(scope.labels)}` : '';
  const way = random.pick(['break', 'continue', 'break', scope.leave]);
  const text = way === scope.leave ? way : way + label;
  block(generation, `if ${condition(generation, scope)}`, () => emit(generation, text));
}

function callNext(generation: Generation, scope: Scope, { next: name, shape }: Pull): string {
  const names = elementNames(generation, shape);
  const ok = fresh(generation, 'ok');
  emit(generation, `${[...names, ok].join(', ')} := ${name}()`);
  emit(generation, `fmt.Println("${name}", ${[...names, ok].join(', ')})`);
  bindElements(scope, shape, names);
  scope.variables.push({ name: ok, type: 'bool' });
  if (generation.random.chance(0.1)) {
    say(generation, scope);
  }
  return ok;
}
