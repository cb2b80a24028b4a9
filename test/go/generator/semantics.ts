// Small passages that each turn on one rule of Go: what is copied, what is shared, what runs when.
// A table of templates; `#` stands for a random digit, `$` for a name's number.
import type { Generation, Scope } from './scope.ts';
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
];
