/** Scenarios for Go: two goroutines that do a few things with what the library has for them. */
import type { Numbers } from './numbers.ts';
import {
  type Generator,
  indented,
  operationsOf,
  type Operation,
  withDeclarations,
} from './program.ts';

const channels = ['buf', 'ch', 'wide', 'none'];

const memory: Operation[] = [
  () => ['plain++'],
  (n) => [`atomic.StoreInt32(&a, ${n.below(3)})`],
  () => ['atomic.AddInt32(&a, 1)'],
  () => ['if atomic.CompareAndSwapInt32(&a, 0, 1) {', '\tplain += 5', '}'],
  () => ['plain = int(atomic.LoadInt32(&a))'],
];

const passing: Operation[] = [
  (n) => [`${n.pick(channels)} <- ${n.below(3)}`],
  (n) => [`plain += <-${n.pick(channels)}`],
  (n) => [`close(${n.pick(channels)})`],
  (n) => [`if v, ok := <-${n.pick(channels)}; !ok {`, '\tplain += 3 + v', '}'],
  (n) => [`for v := range ${n.pick(channels)} {`, '\tplain += v', '}'],
  (n) => [`plain += len(${n.pick(channels)})`],
];

const choosing: Operation[] = [
  (n, body) => [
    'select {',
    `case v := <-${n.pick(channels)}:`,
    '\tplain += v',
    'default:',
    ...indented(body(n, 1)),
    '}',
  ],
  (n, body) => [
    'select {',
    `case ${n.pick(channels)} <- 1:`,
    ...indented(body(n, 1)),
    'default:',
    '\tplain += 9',
    '}',
  ],
  (n) => [
    'select {',
    `case v := <-${n.pick(channels)}:`,
    '\tplain += v',
    `case ${n.pick(channels)} <- 2:`,
    '\tplain += 5',
    '}',
  ],
  () => ['select {}'],
];

const locking: Operation[] = [
  () => ['mu.Lock()'],
  () => ['mu.Unlock()'],
  (n, body) => ['mu.Lock()', ...body(n, 1), 'mu.Unlock()'],
  (n, body) => ['if mu.TryLock() {', ...indented(body(n, 1)), '\tmu.Unlock()', '}'],
  () => ['mu.TryLock()'],
];

const readersAndWriters: Operation[] = [
  () => ['rw.RLock()', 'if plain == 1 {', '\tplain += 2', '}', 'rw.RUnlock()'],
  () => ['rw.Lock()', 'plain++', 'rw.Unlock()'],
  () => ['rw.RLock()'],
  () => ['rw.RUnlock()'],
  () => ['rw.Lock()'],
  () => ['if rw.TryRLock() {', '\trw.RUnlock()', '} else {', '\tplain += 3', '}'],
  () => ['if rw.TryLock() {', '\tplain += 2', '\trw.Unlock()', '}'],
];

const conditions: Operation[] = [
  () => ['mu.Lock()', 'cond.Wait()', 'mu.Unlock()'],
  () => ['mu.Lock()', 'for plain == 0 {', '\tcond.Wait()', '}', 'mu.Unlock()'],
  () => ['cond.Signal()'],
  () => ['cond.Broadcast()'],
  () => ['mu.Lock()', 'plain++', 'cond.Signal()', 'mu.Unlock()'],
];

const groups: Operation[] = [
  () => ['wg.Add(1)'],
  () => ['wg.Done()'],
  () => ['wg.Wait()'],
  () => ['wg.Add(1)', 'go func() {', '\tplain += 2', '\twg.Done()', '}()'],
  () => ['once.Do(func() { plain += 3 })'],
];

const timing: Operation[] = [
  (n) => [`time.Sleep(${1 + n.below(2)})`],
  (n) => [`time.AfterFunc(${1 + n.below(2)}, func() { plain += 3 })`],
  (n) => [`timer.Reset(${1 + n.below(2)})`],
  () => ['if timer.Stop() {', '\tplain += 5', '}'],
  () => ['<-timer.C'],
  (n) => [
    'select {',
    `case <-${n.pick(channels)}:`,
    `case <-time.After(${1 + n.below(2)}):`,
    '\tplain += 7',
    '}',
  ],
  () => ['<-ticker.C', 'ticker.Stop()'],
  () => ['ticker.Reset(2)'],
];

const contexts: Operation[] = [
  () => ['cancel()'],
  () => ['<-ctx.Done()'],
  () => ['if ctx.Err() != nil {', '\tplain += 3', '}'],
  () => ['{', '\tchild, end := context.WithCancel(ctx)', '\tend()', '\t<-child.Done()', '}'],
  (n) => [
    'select {',
    `case <-${n.pick(channels)}:`,
    'case <-ctx.Done():',
    '\tfail(ctx.Err())',
    '}',
  ],
  () => [
    '{',
    '\tsoon, end := context.WithTimeout(ctx, 1)',
    '\t<-soon.Done()',
    '\tfail(soon.Err())',
    '\tend()',
    '}',
  ],
];

const ends: Operation[] = [
  () => ['panic("over")'],
  () => ['runtime.Goexit()'],
  () => ['return'],
  (n) => [`println("${n.pick(['x', 'y'])}", plain)`],
  () => ['defer println("deferred", plain)'],
  () => ['defer func() {', '\tif recover() != nil {', '\t\tplain += 11', '\t}', '}()'],
  () => ['defer mu.Unlock()'],
  (n) => [`if plain == ${n.below(3)} {`, '\tfail("plain", plain)', '}'],
  () => ['os.Exit(3)'],
];

const ranges: Operation[] = [
  (n, body) => ['for i := range spawn {', ...indented([...body(n, 1), 'plain += i']), '}'],
  (n, body) => [
    'for i := range aside {',
    ...indented(body(n, 1)),
    '\tif i == 1 {',
    '\t\tbreak',
    '\t}',
    '}',
  ],
];

const pulls: Operation[] = [
  () => ['next()'],
  () => ['if v, ok := next(); ok {', '\tplain += v', '}'],
  () => ['stop()'],
  () => ['runtime.LockOSThread()'],
];

const other: Operation[] = [
  () => ['runtime.Gosched()'],
  (n, body) => ['go func() {', ...indented(body(n, 1)), '}()'],
  (n, body) => ['for range 2 {', ...indented(body(n, 1)), '}'],
];

/** Iterators, one of which runs the body of a loop on a goroutine of its own. */
const iterators = `
func spawn(yield func(int) bool) {
	done := make(chan bool)
	go func() {
		yield(1)
		done <- true
	}()
	yield(2)
	<-done
}

func aside(yield func(int) bool) {
	go func() { yield(3) }()
}

func two(yield func(int) bool) {
	_ = yield(1) && yield(2)
}
`;

/** In the order of their lines; a `_ =` makes it enough that a number is written. */
const declarations = {
  a: ['a := int32(0)'],
  plain: ['plain := 0', '_ = plain'],
  ch: ['ch := make(chan int)'],
  buf: ['buf := make(chan int, 1)'],
  wide: ['wide := make(chan int, 2)'],
  none: ['var none chan int'],
  mu: ['var mu sync.Mutex'],
  rw: ['var rw sync.RWMutex'],
  wg: ['var wg sync.WaitGroup'],
  once: ['var once sync.Once'],
  cond: ['cond := sync.NewCond(&mu)'],
  timer: ['timer := time.NewTimer(1)'],
  ticker: ['ticker := time.NewTicker(1)'],
  ctx: ['ctx, cancel := context.WithCancel(context.Background())', '_, _ = ctx, cancel'],
  next: ['next, stop := iter.Pull(two)', '_, _ = next, stop'],
};

function scenario(operations: readonly Operation[], n: Numbers): string[] {
  const body = operationsOf(operations);
  const others = Array.from({ length: 1 + (n.below(4) === 3 ? 1 : 0) }, () => body(n, 3));
  const first = body(n, 3);
  const last = n.pick([
    [],
    ['fail("at", plain)'],
    ['<-ch'],
    ['mu.Lock()', 'fail("locked", plain)'],
    ['wg.Wait()'],
    ['time.Sleep(1)', 'fail("late", plain)'],
  ]);
  const lines = [
    ...others.flatMap((other) => ['go func() {', ...indented(other), '}()']),
    ...first,
    ...last,
  ];
  const used = lines.some((line) => line.includes('cancel()')) ? ['_ = ctx'] : [];
  const pulled = lines.some((line) => line.includes('stop()')) ? ['_ = next'] : [];
  return withDeclarations(declarations, [...used, ...pulled, ...lines]);
}

function generator(name: string, ...lists: readonly Operation[][]): Generator {
  return { name, prelude: iterators, scenario: (n) => scenario(lists.flat(), n) };
}

export const goGenerators: readonly Generator[] = [
  generator('memory', memory),
  generator('channels', memory, passing, passing),
  generator('selects', memory, passing, choosing, choosing),
  generator('locks', memory, locking, locking),
  generator('readers', readersAndWriters),
  generator('conditions', conditions),
  generator('groups', memory, groups),
  generator('timers', passing, timing, timing),
  generator('contexts', passing, contexts, contexts),
  generator('ranges', memory, ranges, ranges),
  generator('pulls', memory, pulls, pulls),
  generator('ends', memory, passing, locking, ends, ends),
  generator('all', memory, passing, choosing, locking, conditions, groups, timing, ends, other),
];
