/** Scenarios for Zig's coroutines: two threads, a frame or two, and an event loop. */
import type { Numbers } from './numbers.ts';
import {
  type Generator,
  indented,
  operationsOf,
  type Operation,
  withDeclarations,
} from './program.ts';

/** Inside a coroutine. */
const inside: Operation[] = [
  () => ['zig.Suspend()'],
  () => ['zig.SuspendWith(func(p *zig.Frame) { loop.Add(p) })'],
  () => ['plain++'],
  () => ['atomic.StoreUint32(&a, 1)'],
  () => ['defer func() { plain += 3 }()'],
  () => ['defer zig.Errdefer(func() { plain += 5 })'],
  () => ['mu.Lock()', 'plain++', 'mu.Unlock()'],
  () => ['zig.SuspendWith(func(p *zig.Frame) { zig.Resume(p) })'],
  () => ['return'],
  () => ['println("x", plain)'],
];

const frames = ['p', 'q'];

/** On a thread's own stack. */
const outside: Operation[] = [
  (n) => [`zig.Resume(${n.pick(frames)})`],
  (n) => [`zig.Release(${n.pick(frames)})`],
  () => ['if h := loop.TryPoll(); h != nil {', '\tzig.Resume(h)', '}'],
  () => ['if h := loop.Poll(); h != nil {', '\tzig.Resume(h)', '}'],
  () => ['runtime.Wait(&a)'],
  () => ['plain++'],
  () => ['mu.Lock()', 'plain *= 2', 'mu.Unlock()'],
  () => ['atomic.AddUint32(&a, 1)'],
  (n) => [`if plain == ${n.below(4)} {`, '\tfail("plain", plain)', '}'],
  () => ['println("y", plain)'],
];

const awaiting: Operation[] = [
  () => ['zig.Await(p)'],
  () => ['zig.Suspend()'],
  () => ['plain += 2'],
  () => ['defer func() { plain += 7 }()'],
];

function scenario(hasSecond: boolean, n: Numbers): string[] {
  const first = operationsOf(inside)(n, 3);
  const second = hasSecond ? operationsOf(awaiting)(n, 2) : [];
  const own = operationsOf(outside);
  const other = own(n, 3);
  const main = own(n, 3);
  const last = n.pick([[], ['zig.Release(p)'], ['runtime.Wait(&a)'], ['fail("at", plain)']]);
  const lines = [
    'p := zig.Async(func() {',
    ...indented(first),
    '})',
    '_ = p',
    ...(hasSecond ? ['q := zig.Async(func() {', ...indented(second), '})', '_ = q'] : []),
    'zig.Thread(func() {',
    ...indented(other),
    '})',
    ...main,
    ...last,
  ];
  const all = hasSecond ? lines : lines.map((line) => line.replace('(q)', '(p)'));
  return withDeclarations(declarations, all);
}

const declarations = {
  a: ['a := uint32(0)', '_ = a'],
  plain: ['plain := 0', '_ = plain'],
  mu: ['var mu sync.Mutex'],
  loop: ['var loop zig.Loop'],
};

function generator(name: string, hasSecond: boolean): Generator {
  return { name, prelude: '', scenario: (n) => scenario(hasSecond, n) };
}

export const zigGenerators: readonly Generator[] = [
  generator('frames', false),
  generator('awaits', true),
];
