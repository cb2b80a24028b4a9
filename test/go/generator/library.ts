// Declarations that generated programs share: types with methods, generic functions, iterators.
// A program gets those that it uses.

/** The library declarations that the text uses, with those that they use. */
export function libraryFor(body: string): string {
  let text = body;
  const chosen: string[] = [];
  for (const { name, source } of library) {
    if (new RegExp(`\\b${name}\\b`).test(text)) {
      chosen.unshift(source);
      text += source;
    }
  }
  return chosen.join('');
}

/** Users before what they use, so that one pass finds all that is needed. */
const library = [
  {
    name: 'zipped',
    source: `func zipped(numbers iter.Seq[int], texts iter.Seq[string]) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		nextNumber, stopNumbers := iter.Pull(numbers)
		defer stopNumbers()
		nextText, stopTexts := iter.Pull(texts)
		defer stopTexts()
		for range 20 {
			number, ok1 := nextNumber()
			text, ok2 := nextText()
			if !ok1 || !ok2 || !yield(number, text) {
				return
			}
		}
	}
}

`,
  },
  {
    name: 'named',
    source: `func named(yield func(string) bool) {
	for _, name := range []string{"one", "two", "three"} {
		if !yield(name) {
			return
		}
	}
}

`,
  },
  {
    name: 'mapped',
    source: `func mapped[T, U any](seq iter.Seq[T], change func(T) U) iter.Seq[U] {
	return func(yield func(U) bool) {
		for value := range seq {
			if !yield(change(value)) {
				return
			}
		}
	}
}

`,
  },
  {
    name: 'taken',
    source: `func taken[T any](seq iter.Seq[T], count int) iter.Seq[T] {
	return func(yield func(T) bool) {
		for value := range seq {
			if count == 0 || !yield(value) {
				return
			}
			count--
		}
	}
}

`,
  },
  {
    name: 'grow',
    source: `type tree struct {
	left, right *tree
	value       int
}

func grow(value, depth int) *tree {
	if depth == 0 {
		return nil
	}
	return &tree{grow(value*2, depth-1), grow(value*2+1, depth-1), value}
}

func (t *tree) all(yield func(int) bool) {
	t.walk(yield)
}

func (t *tree) walk(yield func(int) bool) bool {
	if t == nil {
		return true
	}
	return t.left.walk(yield) && yield(t.value) && t.right.walk(yield)
}

`,
  },
  {
    name: 'list',
    source: `type list[T any] struct {
	head   *node[T]
	length int
}

type node[T any] struct {
	value T
	next  *node[T]
}

func (l *list[T]) push(value T) {
	l.head = &node[T]{value, l.head}
	l.length++
}

func (l *list[T]) each(yield func(int, T) bool) {
	index := 0
	for n := l.head; n != nil; n = n.next {
		if !yield(index, n.value) {
			return
		}
		index++
	}
}

`,
  },
  {
    name: 'sizer',
    source: `type sizer interface {
	size() int
}

type square int

func (s square) size() int {
	return int(s) * int(s)
}

func (s square) String() string {
	return fmt.Sprintf("square of %d", int(s))
}

func (r *rectangle) size() int {
	return r.x * r.y
}

`,
  },
  {
    name: 'rectangle',
    source: `type rectangle struct {
	point
	name string
}

`,
  },
  {
    name: 'larger',
    source: `func larger[T int | string](a, b T) T {
	if a > b {
		return a
	}
	return b
}

`,
  },
  {
    name: 'point',
    source: `type point struct {
	x, y int
}

func (p point) sum() int {
	return p.x + p.y
}

func (p *point) move(by int) {
	p.x += by
}

`,
  },
  {
    name: 'failure',
    source: `type failure struct {
	code int
}

func (f failure) Error() string {
	return fmt.Sprintf("failure %d", f.code)
}

`,
  },
  {
    name: 'coded',
    source: `type coded struct {
	text string
}

func (c *coded) Error() string {
	return "coded " + c.text
}

`,
  },
  { name: 'level', source: 'type level int\n\n' },
];
