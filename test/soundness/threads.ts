/** Scenarios for bare threads: what is shared is a few words, a few locks, and package sync. */
import type { Numbers } from './numbers.ts';
import {
  type Generator,
  indented,
  operationsOf,
  type Operation,
  withDeclarations,
} from './program.ts';

const words = ['a', 'b'];
const locks = ['mu', 'mu2'];

const memory: Operation[] = [
  (n) => [`atomic.StoreUint32(&${n.pick(words)}, ${n.below(3)})`],
  (n) => [`atomic.AddUint32(&${n.pick(words)}, 1)`],
  () => ['plain++'],
  (n) => [`plain = int(${n.pick(words)})`],
  (n) => [`${n.pick(words)} = 1`],
  (n) => [
    `if atomic.CompareAndSwapUint32(&${n.pick(words)}, ${n.below(2)}, 2) {`,
    '\tplain += 5',
    '}',
  ],
  (n) => [`if atomic.LoadUint32(&${n.pick(words)}) > ${n.below(2)} {`, '\tplain += 7', '}'],
  (n) => [`atomic.SwapUint32(&${n.pick(words)}, uint32(plain))`],
];

const locking: Operation[] = [
  (n) => [`${n.pick(locks)}.Lock()`],
  (n) => [`${n.pick(locks)}.Unlock()`],
  (n, body) => {
    const lock = n.pick(locks);
    return [`${lock}.Lock()`, ...body(n, 2), `${lock}.Unlock()`];
  },
  (n, body) => {
    const lock = n.pick(locks);
    return [`if ${lock}.TryLock() {`, ...indented(body(n, 1)), `\t${lock}.Unlock()`, '}'];
  },
  (n) => [`if ${n.pick(locks)}.TryLock() {`, '\tplain += 3', '}'],
  (n) => [`${n.pick(locks)}.TryLock()`],
];

const waits: Operation[] = [
  (n) => [`runtime.Wait(&${n.pick(words)})`],
  (n) => [`atomic.StoreUint32(&${n.pick(words)}, 1)`],
  (n) => [`atomic.StoreUint32(&${n.pick(words)}, 0)`],
];

const sections: Operation[] = [
  (n, body) => ['runtime.Atomically(func() {', ...indented(body(n, 2)), '})'],
];

const ends: Operation[] = [
  (n) => [`if plain == ${n.below(4)} {`, `\tfail("plain", plain, a)`, '}'],
  (n) => [`if ${n.pick(words)} == ${n.below(3)} {`, '\tpanic("word")', '}'],
  () => ['runtime.Goexit()'],
  () => ['return'],
  (n) => [`println("${n.pick(['x', 'y'])}", plain)`],
  (n) => [`defer println("deferred", ${n.pick(words)})`],
  (n) => [`defer ${n.pick(locks)}.Unlock()`],
];

const groups: Operation[] = [
  () => ['wg.Add(1)'],
  () => ['wg.Done()'],
  () => ['wg.Wait()'],
  () => ['wg.Go(func() { plain++ })'],
  () => ['wg.Add(1)', 'go func() {', '\tplain += 2', '\twg.Done()', '}()'],
];

const conditions: Operation[] = [
  () => ['mu.Lock()', 'cond.Wait()', 'mu.Unlock()'],
  () => ['mu.Lock()', 'if plain == 0 {', '\tcond.Wait()', '}', 'mu.Unlock()'],
  () => ['cond.Signal()'],
  () => ['cond.Broadcast()'],
  () => ['mu.Lock()', 'plain++', 'cond.Signal()', 'mu.Unlock()'],
];

const ranges: Operation[] = [
  (n, body) => ['for i := range spawn {', ...indented([...body(n, 2), 'plain += i']), '}'],
  (n, body) => [
    'for i := range spawn {',
    ...indented(body(n, 1)),
    '\tif i == 1 {',
    '\t\tbreak',
    '\t}',
    '}',
  ],
  (n, body) => ['for i := range aside {', ...indented([...body(n, 2), 'plain += i']), '}'],
];

const other: Operation[] = [
  () => ['runtime.Gosched()'],
  (n) => [`plain += runtime.Choose(${1 + n.below(3)})`],
  (n, body) => ['go func() {', ...indented(body(n, 2)), '}()'],
  (n, body) => ['for range 2 {', ...indented(body(n, 1)), '}'],
];

/** Iterators that run the body of a loop on threads of their own. */
const iterators = `
func spawn(yield func(int) bool) {
	done := uint32(0)
	go func() {
		yield(1)
		atomic.StoreUint32(&done, 1)
	}()
	yield(2)
	runtime.Wait(&done)
}

func aside(yield func(int) bool) {
	go func() { yield(3) }()
}
`;

function scenario(operations: readonly Operation[], most: number, n: Numbers): string[] {
  const body = operationsOf(operations);
  const others = Array.from({ length: 1 + n.below(most - 1) }, () => body(n, most));
  const first = body(n, most);
  const last = n.pick([
    [],
    ['runtime.Wait(&b)'],
    ['mu.Lock()'],
    ['wg.Wait()'],
    ['if plain > 1 {', '\tfail("plain", plain)', '}'],
    ['fail("at", plain, a, b)'],
  ]);
  return withDeclarations(declarations, [
    ...others.flatMap((lines) => ['go func() {', ...indented(lines), '}()']),
    ...first,
    ...last,
  ]);
}

/** In the order of their lines; a `_ =` makes it enough that a number is written. */
const declarations = {
  a: ['a := uint32(0)', '_ = a'],
  b: ['b := uint32(0)', '_ = b'],
  plain: ['plain := 0', '_ = plain'],
  mu: ['var mu sync.Mutex'],
  mu2: ['var mu2 sync.Mutex'],
  wg: ['var wg sync.WaitGroup'],
  cond: ['cond := sync.NewCond(&mu)'],
};

/** `most`: statements of a body, and threads. */
function generator(name: string, most: number, ...lists: readonly Operation[][]): Generator {
  return { name, prelude: iterators, scenario: (n) => scenario(lists.flat(), most, n) };
}

export const threadsGenerators: readonly Generator[] = [
  generator('memory', 3, memory),
  generator('locks', 3, memory, locking),
  generator('waits', 3, memory, locking, waits, waits),
  generator('sections', 3, memory, locking, waits, sections, sections, sections, sections),
  generator('groups', 3, memory, groups, locking),
  generator('conditions', 3, memory, conditions),
  generator('ranges', 2, memory, locking, ranges, ranges, ranges),
  generator('ends', 3, memory, locking, ends, other),
  generator('all', 3, memory, locking, waits, sections, groups, conditions, ranges, ends, other),
];
