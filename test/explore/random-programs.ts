/** Small random scenarios of threads that share a few words and a lock. */

/** A scenario's text; the same for the same numbers of `random(n)`, each from 0 to n - 1. */
export function randomScenario(random: (n: number) => number): string {
  const threads = 2 + random(2);
  const bodies = Array.from({ length: threads }, () => body(random));
  const [first, ...others] = bodies;
  return `runtime threads
scenario Random {
	a, b, plain := uint32(0), uint32(0), 0
	var mu, mu2 sync.Mutex
${others.map((lines) => `\tgo func() {\n${indented(lines, 2)}\n\t}()`).join('\n')}
${indented(first, 1)}
	if a == 1 && b == 2 {
		fail("one and two", plain)
	}
	_ = plain
	if mu2.TryLock() {
		println("free")
	}
	mu.Lock()
}
`;
}

function body(random: (n: number) => number): string[] {
  const lines: string[] = [];
  const count = 1 + random(4);
  for (let i = 0; i < count; i++) {
    const word = random(2) === 0 ? 'a' : 'b';
    const choices = [
      [`atomic.StoreUint32(&${word}, ${1 + random(2)})`],
      [`atomic.AddUint32(&${word}, 1)`],
      ['plain++'],
      [`plain = int(${word})`],
      ['mu.Lock()', 'plain += 2', 'mu.Unlock()'],
      ['mu2.Lock()', `atomic.StoreUint32(&${word}, 3)`, 'mu2.Unlock()'],
      ['mu.Lock()', 'mu2.Lock()', 'plain *= 2', 'mu2.Unlock()', 'mu.Unlock()'],
      ['if mu.TryLock() {', '\tplain += 3', '\tmu.Unlock()', '}'],
      ['mu2.Lock()', 'mu2.Unlock()', 'plain++'],
      ['mu.Lock()', `atomic.AddUint32(&${word}, 1)`, 'mu.Unlock()'],
      [`if atomic.LoadUint32(&${word}) > 1 {`, `\tprintln("${word}", plain)`, '}'],
      [`if atomic.CompareAndSwapUint32(&${word}, 1, 2) {`, '\tmu.Lock()', '}'],
    ];
    lines.push(...choices[random(choices.length)]);
  }
  return lines;
}

function indented(lines: readonly string[], depth: number): string {
  return lines.map((line) => '\t'.repeat(depth) + line).join('\n');
}
