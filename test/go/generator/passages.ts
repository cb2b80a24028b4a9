// More passages, of what other generated statements do not come to: the texts of nested values, bad
// bounds, the ends of integers, bytes that are no text, packages.

/** Templates as in semantics.ts: `#` stands for a digit, `$` for a name's number. */
export const morePassages: readonly string[] = [
  // Texts of values inside of values.
  `
type tag$ string
type box$ struct {
	A    square
	b    square
	E    error
	List []square
	tag$
}
var first$ sizer = square(#)
v$ := box$ {first$.(square), square(#), failure{#}, []square{#, #}, "t"}
fmt.Println(v$, []error{failure{#}, nil}, [2]square{#}, []any{square(#), failure{#}, nil})
fmt.Printf("%v %+v %d %s|%x %q\\n", v$, v$, v$.List, v$.E, []square{#}, []square{#})
fmt.Printf("%#v %T %5v|%-12v|%t\\n", v$.List, v$, square(#), square(#), square(#))
var none$ *rectangle
fmt.Printf("%v %+v %s\\n", none$, struct{ P *point }{}, []string{"a", "b c"})`,
  // Methods that panic while they are printed, and errors of several.
  `
var broken$ sizer = square(#)
fmt.Println(fmt.Errorf("%w and %w", failure{#}, failure{#}), fmt.Errorf("%w", 3))
fmt.Println(fmt.Sprintf("%w", failure{#}))
var target$ failure
joined$ := fmt.Errorf("over: %w", errors.Join(errors.New("a"), failure{#}))
fmt.Println(errors.As(joined$, &target$), target$.code, errors.Is(joined$, failure{5}), broken$)`,
  // All the ways for a bound to be wrong.
  `
s$ := []int{1, 2, 3, 4, 5}[:3:#]
t$ := "text"
a$ := [4]int{}
for _, n := range []int{-1, #, #, 6} {
	for _, f := range []func(){
		func() { fmt.Println(s$[n:]) },
		func() { fmt.Println(s$[:n]) },
		func() { fmt.Println(len(s$[1:n:3]), len(s$[:1:n])) },
		func() { fmt.Println(a$[n:], a$[:n]) },
		func() { fmt.Println(t$[n:], t$[:n]) },
		func() { fmt.Println([2]int(s$[:n]), a$[n], len(make([]int, n-3))) },
		func() { fmt.Println(len(make([]int, 3, n))) },
	} {
		func() {
			defer func() {
				if r := recover(); r != nil {
					fmt.Println(r)
				}
			}()
			f()
		}()
	}
}`.replace('[:3:#]', '[:3:4]'),
  // Integers at the ends of their ranges; counts of shifts that are large.
  `
u$ := uint32(4000000000)
i$ := int32(-2147483648)
b$ := int8(-128)
k$ := int32(-1) * #
for range # {
	u$ += 100000007
	i$ ^= k$
	b$ -= #
	fmt.Println(u$, i$/k$, i$%k$, b$/-1, uint8(b$)<<(u$&15), i$>>(u$&31))
	fmt.Println(k$<<u$, u$>>u$, uint16(u$)*uint16(u$))
}
fmt.Println(min(u$, #), max(u$, #), u$ > #, uint8(u$), int16(i$), -i$, ^u$, u$/#, u$%7)`,
  // Strings whose bytes are no text.
  `
const odd$ = "a\\xff\\xc3"
s$ := odd$ + "\\xa9" + string([]byte{200 + #})
for i, r := range s$ {
	fmt.Print(i, " ", r, " ")
}
fmt.Printf("%d %d %q %x\\n", len(odd$), len(s$), s$, s$)
fmt.Printf("%v %+q\\n", s$ == "a\\xffé\\xcf", []rune(s$)[1:])
fmt.Println([]byte(s$[:#%4]), odd$ < "b", strings.ToUpper("é" + s$[:1]))
fmt.Println(strings.Count(s$, "\\xff"))`,
  // Ranging over arrays and over what calls give.
  `
a$ := [3]int{#, #, #}
p$ := &a$
get$ := func() *[3]int {
	fmt.Print("get ")
	return p$
}
for i := range get$() {
	p$[i] += #
}
for i, v := range *p$ {
	p$[2] = #
	fmt.Print(i, v, " ")
}
for i, v := range p$ {
	p$[2] += 10
	fmt.Print(i, v, " ")
}
fmt.Println(len(get$()), cap(get$()), *get$())`,
  // Packages slices, sort and strconv.
  `
s$ := []int{#, #, #, #, #}
slices.Sort(s$)
i$, found$ := slices.BinarySearch(s$, #)
fmt.Println(s$, i$, found$, slices.Contains(s$, #), slices.Index(s$, #), slices.Max(s$))
fmt.Println(slices.Compact(slices.Clone(s$)))
points$ := []point{{#, 1}, {#, 2}, {#, 3}, {#, 4}}
slices.SortFunc(points$, func(a, b point) int { return a.x - b.x })
sort.SliceStable(points$, func(i, j int) bool { return points$[i].y > points$[j].y })
fmt.Println(points$, slices.Insert(s$[:2:2], 1, #), slices.Delete(slices.Clone(s$), 1, 3))
for _, text := range []string{"#", "-#", "#x", "", "99", "300"} {
	n, err := strconv.ParseInt(text, 10, 8)
	fmt.Println(n, err)
}`,
  // Functions that are made once panic every time; values that are swapped when they fit.
  `
calls$ := 0
once$ := sync.OnceValue(func() int {
	calls$++
	if calls$ < # {
		panic(fmt.Sprint("call ", calls$))
	}
	return calls$
})
for range 2 {
	func() {
		defer func() { fmt.Println(recover()) }()
		fmt.Println(once$())
	}()
}
var v$ atomic.Value
v$.Store(#)
fmt.Println(v$.Swap(#), v$.CompareAndSwap(#, #), v$.Load())
defer func() { fmt.Println("value", recover()) }()
v$.Store("text")`,
  // Contexts that are cancelled from above, and by time.
  `
ctx$, cancel$ := context.WithCancel(context.WithValue(context.Background(), point{}, #))
child$, stop$ := context.WithTimeout(ctx$, # * time.Millisecond)
defer stop$()
done$ := make(chan int)
go func() {
	<-child$.Done()
	fmt.Println("child", child$.Err(), ctx$.Err(), child$.Value(point{}))
	done$ <- #
}()
fmt.Println(<-done$)
cancel$()
fmt.Println(ctx$.Err(), child$.Err(), context.Cause(ctx$))`,
];
