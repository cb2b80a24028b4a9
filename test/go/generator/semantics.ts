// Small passages that each turn on one rule of Go: what is copied, what is shared, what runs when.
// A table of templates; `#` stands for a random digit, `$` for a name's number.
import type { Generation, Scope } from './scope.ts';
import { morePassages } from './passages.ts';
import { emit, fresh } from './scope.ts';

/** Writes one passage in a block of its own. */
export function passage(generation: Generation, _scope: Scope): void {
  const number = fresh(generation, '');
  const template = generation.random.pick(passages);
  const text = template
    .replaceAll('$', number)
    .replace(/#/g, () => String(generation.random.between(1, 9)));
  emit(generation, 'func() {');
  for (const line of text.trim().split('\n')) {
    emit(generation, `\t${line}`);
  }
  emit(generation, '}()');
}

const passages = [
  // Results that a deferred function changes.
  `
f$ := func(x int) (result int, err error) {
	defer func() {
		if r := recover(); r != nil {
			result, err = -x, fmt.Errorf("caught %v", r)
		}
		result *= 2
	}()
	if x > 4 {
		panic("large")
	}
	return x + #, nil
}
fmt.Println(f$(#))
fmt.Println(f$(#))`,
  // Arguments of defer are evaluated at once; the calls run last to first.
  `
x$ := #
for i := range 3 {
	defer fmt.Println("deferred", i, x$)
	x$ += i
}
defer func() { fmt.Println("closure", x$) }()
x$ = #`,
  // append shares its array until it grows.
  `
a$ := make([]int, #, 10)
b$ := append(a$, #)
c$ := append(a$, #)
b$[0] = #
fmt.Println(a$, b$, c$, len(c$), cap(c$))
var d$ []int
for i := range # {
	d$ = append(d$, i)
	fmt.Print(cap(d$), " ")
}
fmt.Println(d$ == nil, d$)
e$ := d$[:1:1]
e$ = append(e$, #)
fmt.Println(d$, e$, copy(d$, e$), d$)`,
  // Arrays and structs are values; range copies an array.
  `
a$ := [4]int{#, #, #}
b$ := a$
b$[1]++
p$ := &a$
p$[2] = #
for i, v := range a$ {
	a$[3] += v
	fmt.Println(i, v)
}
fmt.Println(a$, b$, a$ == b$, len(p$))`,
  `
one$ := rectangle{point{#, #}, "r"}
two$ := one$
two$.move(#)
pointer$ := &two$
pointer$.name += "x"
three$ := *pointer$
three$.x = #
fmt.Println(one$, two$, three$, one$ == two$, pointer$.sum())
fmt.Printf("%v %+v %T\\n", one$, pointer$.point, three$)`,
  // Closures capture variables, not values; a loop's variable is new in each round.
  `
var calls$ []func() int
total$ := 0
for i := 0; i < 3; i++ {
	calls$ = append(calls$, func() int {
		i += #
		total$ += i
		return i
	})
}
for _, call := range calls$ {
	fmt.Println(call(), call(), total$)
}`,
  // Interfaces: methods through values and pointers, type switches, comparison.
  `
for _, s := range []sizer{square(#), &rectangle{point{#, #}, "q"}, square(3)} {
	switch t := s.(type) {
	case square:
		fmt.Println("square", int(t), t.size(), s == square(3))
	case *rectangle:
		fmt.Println("rectangle", t.name, t.size(), s == nil)
	}
	if _, ok := s.(fmt.Stringer); ok {
		fmt.Println("stringer", s)
	}
}`,
  // Order of evaluation and assignment.
  `
trace$ := func(x int) int {
	fmt.Println("trace", x)
	return x
}
a$ := []int{#, #, #}
i$ := 0
i$, a$[i$] = 2, #
a$[0], a$[1], a$[2] = a$[2], a$[0], a$[1]
fmt.Println(i$, a$, trace$(#)+trace$(#)*trace$(#))
fmt.Println(trace$(#) > 5 && trace$(#) > 5 || trace$(#) > 5)`,
  // Integers of fixed size wrap; shifts and bit operators.
  `
u$ := uint8(200)
s$ := int8(100)
w$ := uint32(4294967290)
for range # {
	u$ += 20
	s$ += 9
	w$ += 3
}
fmt.Println(u$, s$, w$, ^u$, -s$, u$>>#, w$<<#, u$&^12, u$^s8$(s$), -7/2, -7%3)`.replace(
    's8$(s$)',
    'uint8(s$)',
  ),
  // Strings are bytes; range decodes runes.
  `
s$ := "aé" + fmt.Sprint(#, "z")
for i, r := range s$ {
	fmt.Println(i, r, string(r))
}
fmt.Println(len(s$), s$[0], s$[1:], s$ < "b", s$[len(s$)-1:] == "z")
fmt.Printf("%q %x %5s|%-5s|%c %U\\n", s$, "hi", "a", "b", 'x', 'é')`,
  // Labels, and break inside switch and select.
  `
outer$:
for i := range # {
	switch {
	case i == 1:
		continue outer$
	case i == 3:
		break outer$
	case i == 2:
		break
	default:
		fmt.Println("default", i)
		fallthrough
	case i == 7:
		fmt.Println("fell", i)
	}
	fmt.Println("after", i)
}`,
  // Constants, iota and untyped arithmetic.
  `
const (
	first$ = iota * #
	second$
	_
	fourth$
	big$ = 1 << 40
)
fmt.Println(first$, second$, fourth$, big$>>38, big$/(1<<36), len("constant"))`,
  // Variadic functions, method values, functions as values.
  `
sum$ := func(label string, values ...int) int {
	total := 0
	for _, v := range values {
		total += v
	}
	fmt.Println(label, len(values), values == nil, total)
	return total
}
sum$("none")
sum$("some", #, #)
sum$("spread", []int{#, #, #}...)
p$ := point{#, #}
sum2$ := p$.sum
move$ := p$.move
move$(#)
fmt.Println(sum2$(), p$.sum(), point.sum(p$))
var nothing$ func()
fmt.Println(nothing$ == nil)`,
  // Panics replace each other; recover works in the deferred function only.
  `
defer func() { fmt.Println("outer", recover()) }()
defer func() {
	defer func() { fmt.Println("inner", recover()) }()
	panic("second #")
}()
defer func() {
	func() { fmt.Println("too deep", recover()) }()
}()
panic("first #")`,
  // Channels: nil ones, closed ones, channels of channels.
  `
var none$ chan int
requests$ := make(chan chan int, 1)
reply$ := make(chan int, 2)
requests$ <- reply$
(<-requests$) <- #
select {
case v := <-none$:
	fmt.Println("never", v)
case v, ok := <-reply$:
	fmt.Println("reply", v, ok)
}
close(reply$)
v$, ok$ := <-reply$
fmt.Println(v$, ok$, len(none$), cap(reply$))`,
  // Printing: the verbs of what programs print.
  `
var err$ error = failure{#}
var empty$ error
var any$ any = []string{"a", "b c"}
fmt.Println(err$, empty$, any$, [2]bool{true}, &point{#, #}, struct{}{}, []error{err$, empty$})
fmt.Printf("%d|%4d|%-4d|%04d|%x|%b|%o|%+d\\n", #, #, #, #, 25#, #, #, #)
fmt.Printf("%v %s %t %% %T %T\\n", any$, err$, true, any$, err$)
fmt.Printf("%d %s\\n", "text", #)
fmt.Printf("%d\\n", #, #)
fmt.Printf("%d %d\\n", #)`,
  // Built-in functions.
  `
a$ := []int{#, #, #}
fmt.Println(min(#, #, a$[0]), max("b", "a"), len(a$[1:]), cap(a$[1:2]))
clear(a$)
fmt.Println(a$, copy(a$, []int{#, #}), a$)
p$ := new(int)
*p$ += #
q$ := &*p$
fmt.Println(*p$, p$ == q$)`,
  // Generic types and functions.
  `
l$ := &list[string]{}
for i := range # {
	l$.push(fmt.Sprint("item", i))
}
for i, text := range l$.each {
	fmt.Println(i, text)
	if i == 3 {
		break
	}
}
fmt.Println(l$.length, larger(l$.length, #), larger("a", "b"))`,
  // sync and atomic.
  `
var once$ sync.Once
for i := range 3 {
	once$.Do(func() { fmt.Println("once", i) })
}
var rw$ sync.RWMutex
rw$.RLock()
rw$.RLock()
fmt.Println(rw$.TryLock(), rw$.TryRLock())
rw$.RUnlock()
rw$.RUnlock()
rw$.RUnlock()
rw$.Lock()
fmt.Println("locked", rw$.TryRLock())
rw$.Unlock()`,
  `
var n$ atomic.Int32
fmt.Println(n$.Add(#), n$.CompareAndSwap(5, #), n$.Load(), n$.Swap(#))
var raw$ int32
atomic.AddInt32(&raw$, #)
atomic.StoreInt32(&raw$, atomic.LoadInt32(&raw$)+1)
fmt.Println(raw$)`,
  // Wait groups that go wrong, and what a plain goroutine leaves behind.
  `
var wg$ sync.WaitGroup
wg$.Add(2)
results$ := make([]int, 2)
for i := range 2 {
	go func() {
		defer wg$.Done()
		results$[i] = (i + 1) * #
	}()
}
wg$.Wait()
fmt.Println(results$)
defer func() { fmt.Println("recovered", recover()) }()
wg$.Done()`,
  // Waking: readers before writers, conditions, values that are made once.
  `
var rw$ sync.RWMutex
data$ := 0
done$ := make(chan int)
rw$.RLock()
go func() {
	rw$.Lock()
	data$ = #
	rw$.Unlock()
	done$ <- 1
}()
runtime.Gosched()
fmt.Println("reading", data$)
rw$.RUnlock()
<-done$
rw$.RLock()
fmt.Println("read", data$)
rw$.RUnlock()`,
  `
var mu$ sync.Mutex
cond$ := sync.NewCond(&mu$)
ready$ := 0
var wg$ sync.WaitGroup
for range 2 {
	wg$.Add(1)
	go func() {
		defer wg$.Done()
		mu$.Lock()
		for ready$ == 0 {
			cond$.Wait()
		}
		ready$ += #
		mu$.Unlock()
	}()
}
runtime.Gosched()
mu$.Lock()
ready$ = 1
cond$.Broadcast()
mu$.Unlock()
wg$.Wait()
fmt.Println("ready", ready$)`,
  `
value$ := sync.OnceValue(func() int {
	fmt.Println("computed")
	return #
})
fmt.Println(value$(), value$())`,
  // Time: sleepers wake in the order of their times; a timer that was stopped stays silent.
  `
order$ := make(chan int, 3)
for i := range 3 {
	go func() {
		time.Sleep(time.Duration(30-10*i) * 2 * time.Millisecond)
		order$ <- i
	}()
}
fmt.Println(<-order$, <-order$, <-order$)
select {
case <-order$:
	fmt.Println("never")
case <-time.After(time.Millisecond):
	fmt.Println("late")
}`,
  `
fired$ := make(chan string, 2)
timer$ := time.AfterFunc(time.Millisecond, func() { fired$ <- "first" })
other$ := time.AfterFunc(time.Minute, func() { fired$ <- "other" })
fmt.Println(<-fired$, other$.Stop(), other$.Stop(), timer$.Stop())`,
  // Errors in errors.
  `
base$ := errors.New("base #")
wrapped$ := fmt.Errorf("wrapped: %w", base$)
twice$ := fmt.Errorf("twice %d: %w", #, wrapped$)
fmt.Println(twice$, errors.Is(twice$, base$), errors.Is(base$, twice$))
fmt.Println(errors.Unwrap(wrapped$) == base$)
fmt.Println(errors.Unwrap(base$), errors.Join(base$, nil, wrapped$))
fmt.Println(errors.Is(twice$, failure{#}), errors.New("a") == errors.New("a"))`,
  // Strings.
  `
parts$ := strings.Split("a,b,#", ",")
fmt.Println(parts$, len(parts$), strings.Join(parts$, "+"), strings.Repeat("ab", #))
fmt.Println(strings.Index("chicken", "ken"), strings.Contains("abc", "d"), strings.HasPrefix("abc", "ab"))
fmt.Println(strings.ToUpper("Abc"), strconv.Itoa(-#) + "x", strconv.Quote("a\\"b"))`,
  // Nested data: slices of slices, structs in slices, pointers shared.
  `
grid$ := make([][]int, 2)
for i := range grid$ {
	grid$[i] = make([]int, 3)
	grid$[i][i] = #
}
copy$ := append([][]int{}, grid$...)
copy$[0][2] = #
points$ := []point{{1, #}, {#, 2}}
for _, p := range points$ {
	p.x = 100
}
for i := range points$ {
	points$[i].y++
}
pointers$ := []*point{&points$[0], {3, #}}
pointers$[0].move(#)
fmt.Println(grid$, copy$, points$, *pointers$[0], pointers$[1].sum(), len(grid$[0:1]))`,
  // Named function types, methods on them, functions that return functions.
  `
var apply$ = func(fs ...func(int) int) func(int) int {
	return func(x int) int {
		for _, f := range fs {
			x = f(x)
		}
		return x
	}
}
double$ := func(x int) int { return x * 2 }
fmt.Println(apply$(double$, func(x int) int { return x + # }, double$)(#), apply$()(#))`,
  // Recursion, shadowing, several results, if with a statement.
  `
var fib$ func(int) (int, int)
fib$ = func(n int) (int, int) {
	if n == 0 {
		return 0, 1
	}
	a, b := fib$(n - 1)
	return b, a + b
}
x$ := #
if x$, y := fib$(x$); y > 5 {
	x$ := fmt.Sprint(x$, y)
	fmt.Println("inner", x$)
} else if z := x$ + y; z > 2 {
	fmt.Println("other", z)
}
fmt.Println("outer", x$)`,
  // Panics in deferred calls, in methods of nil, in conversions; what recover returns.
  `
for _, f := range []func(){
	func() { var s sizer; s.size() },
	func() { var p *rectangle; p.move(#) },
	func() { i := #; _ = []int{1, 2, 3}[i:2] },
	func() { var a any = square(#); _ = a.(fmt.Stringer).(error) },
	func() { var a any = "text"; _ = a.(square) },
	func() { var a any; _ = a.(int) },
	func() { x := #; _ = make([]int, x-20) },
	func() { panic(fmt.Sprintf("%d", #)) },
	func() { s := "text"; x := 10; _ = s[x] },
	func() { s := "text"; x := 10; _ = s[x:] },
	func() { var a, b any = []int{1}, []int{1}; _ = a == b },
} {
	func() {
		defer func() {
			r := recover()
			_, isError := r.(error)
			fmt.Println(r, isError)
		}()
		f()
	}()
}`,
  ...morePassages,
];
