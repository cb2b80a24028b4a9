/** What format.test.ts formats, by family; the results are in the .txt files beside this one. */

const body = (text: string): string => `func f() {\n${text}\n}`;

export const inputs: Readonly<Record<string, readonly string[]>> = {
  operators: [
    body('x = a+b*c\nx = a*b+c\nx=(a+b)*c\nx = a + b\nx = a*b'),
    body('x = a<b&&c==d||e\nif a+1<b {}\nf(a+b, c*d)\nf(a+b)\nx[i+1]=y[a*b+c]'),
    body('x = s[a+1:b]\nx = s[a:b]\nx = s[ : n-1 ]\nx=s[i:i+1:n]\nf(s[a+1:b])'),
    body('x = -a*b- -c\nx = a- -b\nx = a & ^b\nx = *p / *q\nx = !a&&!b\nc <-v\nv = <- c\n<-c'),
    body('x+=1\ny&^= 2\ni ++\na,b=b,a\na,b:=f(x+1,y),g()'),
    body('x = a<<2&^d|e\nx = 1<<iota - 1\nx = (a*b+c)*d\nx = f(g(a+b, c))'),
  ],
  blocks: [
    body(
      'if x {y()}\nif x{ } else if y{a()} else {b()}\nfor{}\nfor i:=0;i<3;i++{f()}\nfor ;i<3; {}',
    ),
    body('for range 3{f()}\nfor i:=range n{}\nfor k,v=range m{}\n{ x() }\natomic{n++}'),
    body(
      'switch x{case 1,2:a();b()\ncase 3:\ndefault:c()}\nswitch{}\nselect{}\nselect{case v:=<-c:f(v)}',
    ),
    body('switch v:=x.(type){\ncase int,*T:\n// about v\nf(v)\n// the next case\ncase nil:\n}'),
    body('L:\nfor{break L}\ngoto M;M:x()\n\n\n\ny()\n\n'),
    'func f(){return 1}\nfunc g(){a();b()}\nfunc h(){if x{y()}}\nfunc i(){\n}\nfunc j(){}',
    body(
      'x:=func(a int)int{return a}\ngo func(){f()}()\ndefer func(){\nf()}()\nf(func(){\ng()\n},1)',
    ),
    body('f(a,\nb)\nf(\na,\nb,\n)\nf(a, func() {\nx()\n}, b,\nc)\nx = a+\nb\nx.\ny().\nz()'),
    body('if a&&\nb{\nf()\n}\nreturn a,\nb\nx := T{\n1,\n2}\n'.replace('2}', '2,\n}')),
    'func f() {\n\n\tx()\n\n\n\ty()\n\n}\n\n\n\nfunc g() {\n}\nfunc h() {\nx()\n}\nvar x int\nfunc i() {}',
    body('for i:=0;;i++{};x();y();'),
  ],
  types: [
    'type T struct{a int;b,c string `local`;U;*pkg.V;d []int}',
    'type T struct{\na int // one\nlonger []string // two\n\nb int\n// above\nc map[string]*T `tag` // three\nd int\n}',
    'type S struct{x int}\ntype E struct{ }\ntype I interface{ M ( a int )string;N() }\ntype J interface{M()}',
    'type Seq[V any]func(yield func(V)bool)\ntype P[K comparable,V ~int|~string]struct{k K}\ntype A=B',
    'func f(a,b int,c ...string)(x int,err error)\nfunc g(func(int)bool,...T)[]int\nfunc(s*Stack[T])Push(v T){}',
    'var c chan<-int\nvar d <- chan int\nvar e chan chan int\nvar f map[string][]*T\nvar g [3][N+1]int\nvar h func()(int)',
    body(
      'x := [...]int{1,2}\ny:=map[string]int{"a":1,"bcd":2}\nz := make([]int,3)\nw:=x.(*T)\nv:=(*T)(p)\nu:=[]T{{1,2},{}}',
    ),
    body('m:=map[string]int{\n"a":1,\n"bcd":2, // two\n// three\n"e":3,\n}'),
    body('s := struct{a int}{1}\nvar i interface{}\nf[int](x)\ng[int,string](y)\nf(xs...)'),
  ],
  declarations: [
    'package  main\nimport "fmt"\nimport ("iter";a "sync/atomic")\nvar x=1\nvar(\na int\nbcd=2 // two\ne string="x"\n)',
    'const(\nA uint32=iota // first\nBcd\n_\nE // last\n)\nconst X=1\nconst(A Duration=1\nBcd=2*A)',
    '// one\n\n\n// two\nfunc f() {} // three\n\n/* four */\nvar x int /* five */\n// six',
    'type (A int;B []A)\nvar a,b int=1,2\n',
    '\n\n\npackage p\n\n\n',
    '',
    '\n',
    '// only a comment',
    'func f() {\n\tx() // a\n\tlonger() // b\n\ty()\n\tz() // c\n\tif x { // d\n\t\ty() // e\n\t}\n}',
    'func f() {\r\n\tx()\r\n}\r\n',
    'var x = `a\n  b`\nvar y = f(`a\n  b`,\n1)',
    body('x() /* a */; /* b */ y()\n/* c */ z( /* d */ a, /* e */ b /* f */ )\n/* g\n h */\nw()'),
  ],
  scenarios: [
    'runtime   go1.25-pre   gomaxprocs 8 ,blocksize = 2\nscenario A expect ok{f()}',
    'scenario A\nexpect throw "x" prints "a",\n"b"\non go1.22   expect use-after-free\n{\nf()}',
    'scenario A\n\n// why\n\texpect sometimes deadlock\n  prints "x"\non zig-1363\nexpect ok {\nf()\n}',
    'scenario A{}\nscenario B{\n}\nscenario C {f();g()}\ninvariant "x"{return a==b}\nquiescent "y"{\nreturn c}',
    'package main\nruntime go1.23\nimport "iter"\nfunc main(){}',
  ],
};
