// Random statements about goroutines: starting them, channels, select, mutexes, wait groups.
import type { Body } from './coros.ts';
import type { Channel, Generation, Scope } from './scope.ts';
import { afford, block, emit, fresh, inner, literalScope } from './scope.ts';
import { intExpression } from './values.ts';

/** Starts a goroutine and waits for it, so that the two never run at the same time. */
export function handoff(generation: Generation, scope: Scope, body: Body): boolean {
  const { random } = generation;
  if (!afford(generation, scope, 6)) {
    return false;
  }
  const done = fresh(generation, 'done');
  const early = random.chance(0.5);
  emit(generation, `${done} := make(chan bool${random.pick(['', '', ', 1'])})`);
  block(
    generation,
    'go func()',
    () => {
      if (early) {
        emit(generation, `defer close(${done})`);
      }
      body(generation, literalScope(scope));
      if (!early) {
        emit(generation, `${done} <- true`);
      }
    },
    '}()',
  );
  if (random.chance(0.3)) {
    emit(generation, `fmt.Println("waiting", "${done}")`);
  }
  emit(generation, `<-${done}`);
  return true;
}

/** Several goroutines at once, and a wait group that waits for them. */
export function crowd(generation: Generation, scope: Scope, body: Body): boolean {
  const { random } = generation;
  const count = random.between(1, 3);
  if (!afford(generation, scope, count * 8)) {
    return false;
  }
  const group = fresh(generation, 'wg');
  emit(generation, `var ${group} sync.WaitGroup`);
  emit(generation, `${group}.Add(${random.chance(0.95) ? count : count + 1})`);
  block(generation, `for range ${count}`, () => {
    block(
      generation,
      'go func()',
      () => {
        emit(generation, `defer ${group}.Done()`);
        body(generation, goroutineScope(scope, count));
      },
      '}()',
    );
  });
  if (random.chance(0.5)) {
    body(generation, inner(scope));
  }
  emit(generation, `${group}.Wait()`);
  emit(generation, `fmt.Println("all of", "${group}")`);
  return true;
}

/** Starts a goroutine that nobody waits for. */
export function stray(generation: Generation, scope: Scope, body: Body): boolean {
  if (!afford(generation, scope, 6)) {
    return false;
  }
  block(generation, 'go func()', () => body(generation, goroutineScope(scope, 1)), '}()');
  if (generation.random.chance(0.6)) {
    emit(generation, 'runtime.Gosched()');
  }
  return true;
}

/** A goroutine that sends a few numbers, and a loop that receives them. */
export function producer(generation: Generation, scope: Scope, body: Body): boolean {
  const { random } = generation;
  const count = random.between(1, 4);
  if (!afford(generation, scope, count * 5)) {
    return false;
  }
  const channel = fresh(generation, 'ch');
  const received = fresh(generation, 'v');
  const index = fresh(generation, 'i');
  emit(generation, `${channel} := make(chan int${random.pick(['', ', 1', ', 3'])})`);
  block(
    generation,
    'go func()',
    () => {
      const lines = random.chance(0.2);
      if (lines) {
        emit(generation, 'runtime.LockOSThread()');
      }
      block(generation, `for ${index} := range ${count}`, () => {
        emit(generation, `${channel} <- ${index} * ${random.between(1, 9)}`);
      });
      if (random.chance(0.9)) {
        emit(generation, `close(${channel})`);
      }
    },
    '}()',
  );
  block(generation, `for ${received} := range ${channel}`, () => {
    emit(generation, `fmt.Println("received", ${received})`);
    const loop = inner(scope, { inLoop: true, multiplier: scope.multiplier * count });
    loop.variables.push({ name: received, type: 'int' });
    if (random.chance(0.4)) {
      body(generation, loop);
    }
  });
  return true;
}

/** Makes a channel that later statements use. */
export function makeChannel(generation: Generation, scope: Scope): void {
  const { random } = generation;
  const channel: Channel = { name: fresh(generation, 'ch'), capacity: random.between(0, 3) };
  const capacity = channel.capacity === 0 ? '' : `, ${channel.capacity}`;
  emit(generation, `${channel.name} := make(chan int${capacity})`);
  emit(generation, `fmt.Println(len(${channel.name}), cap(${channel.name}))`);
  scope.channels.push(channel);
}

/** Sends, receives, closes, or asks; it may block for ever. */
export function useChannel(generation: Generation, scope: Scope): void {
  const { random } = generation;
  const { name } = random.pick(scope.channels);
  const value = fresh(generation, 'v');
  const ok = fresh(generation, 'ok');
  switch (random.below(9)) {
    case 0:
      emit(generation, `close(${name})`);
      return;
    case 1:
      emit(generation, `fmt.Println("got", <-${name})`);
      return;
    case 2:
      emit(generation, `${value}, ${ok} := <-${name}`);
      emit(generation, `fmt.Println("got", ${value}, ${ok})`);
      scope.variables.push({ name: value, type: 'int' }, { name: ok, type: 'bool' });
      return;
    case 3:
    case 4:
      block(generation, `if len(${name}) < cap(${name})`, () => {
        emit(generation, `${name} <- ${intExpression(generation, scope)}`);
      });
      return;
    case 5:
      block(generation, `if len(${name}) > 0`, () => {
        emit(generation, `fmt.Println("took", <-${name}, len(${name}))`);
      });
      return;
    default:
      emit(generation, `${name} <- ${intExpression(generation, scope)}`);
  }
}

/** A select over the channels in scope, mostly with a default. */
export function select(generation: Generation, scope: Scope, body: Body): void {
  const { random } = generation;
  emit(generation, 'select {');
  for (const { name } of scope.channels.slice(-random.between(1, 2))) {
    const value = fresh(generation, 'v');
    const branch = inner(scope);
    if (random.chance(0.5)) {
      emit(generation, `case ${value} := <-${name}:`);
      emit(generation, `\tfmt.Println("selected", ${value})`);
      branch.variables.push({ name: value, type: 'int' });
    } else {
      emit(generation, `case ${name} <- ${intExpression(generation, scope)}:`);
      emit(generation, `\tfmt.Println("sent", "${name}")`);
    }
    generation.indent++;
    body(generation, { ...branch, inLoop: false });
    generation.indent--;
  }
  if (random.chance(0.8)) {
    emit(generation, 'default:');
    emit(generation, `\tfmt.Println("${fresh(generation, 'default')}")`);
  }
  emit(generation, '}');
}

/** A block under a mutex; seldom one that locks twice or unlocks too often. */
export function mutex(generation: Generation, scope: Scope, body: Body): void {
  const { random } = generation;
  let name = scope.mutexes.at(-1);
  if (name === undefined || random.chance(0.3)) {
    name = fresh(generation, 'mu');
    emit(generation, `var ${name} sync.Mutex`);
    scope.mutexes.push(name);
  }
  if (!random.chance(0.04)) {
    emit(generation, `${name}.Lock()`);
  }
  body(generation, inner(scope, { mutexes: random.chance(0.05) ? scope.mutexes : [] }));
  emit(generation, `${name}.Unlock()`);
}

function goroutineScope(scope: Scope, count: number): Scope {
  const multiplier = scope.multiplier * count;
  // What runs at the same time shares channels and locks only: data races prove nothing.
  const unshared = { variables: [], sequences: [], yields: [], pulls: [] };
  return literalScope(scope, { ...unshared, multiplier, concurrent: true });
}
