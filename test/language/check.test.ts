import assert from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import process from 'node:process';
import type { FileNode } from '../../src/language/ast.ts';
import { check, checkInfo, checkModels, requireScenario } from '../../src/language/check.ts';
import { formatDiagnostic } from '../../src/language/diagnostics.ts';
import { parse } from '../../src/language/parser.ts';
import { typeName } from '../../src/language/types.ts';
import { profiles } from '../../src/models/profiles.ts';
import { checkGolden } from '../golden.ts';
import { corpus } from './corpus.ts';
import { editTokens, randomFrom } from './mutations.ts';
import { printProgram } from './print-program.ts';
import { freshSeed } from '../seed.ts';

const folder = 'test/language/check';
const seed = Number(process.env.SEED ?? freshSeed());

function parsed(text: string, path = 'in.coro', isModel = false): FileNode {
  return parse({ path, text, isModel }).file;
}

function modelsOf(name: string): FileNode[] {
  const profile = profiles.get(name);
  if (profile?.aliasOf) return modelsOf(profile.aliasOf);
  return (profile?.files ?? []).map(({ path, text }) => parsed(text, path, true));
}

const models = modelsOf('go1.25');

function texts(path: string): string[] {
  return readdirSync(path).filter((name) => name.endsWith('.coro'));
}

describe('checker', () => {
  for (const name of texts(folder)) {
    it(`mistakes: ${name}`, () => {
      const file = parsed(readFileSync(`${folder}/${name}`, 'utf8'), name);
      const lines = check(file, models).diagnostics.map(formatDiagnostic);
      checkGolden(`${folder}/${name.replace('.coro', '.txt')}`, `${lines.join('\n')}\n`);
    });
  }

  for (const name of texts(`${folder}/lowering`)) {
    it(`lowering: ${name}`, () => {
      const path = `${folder}/lowering/${name}`;
      const { program, diagnostics } = check(parsed(readFileSync(path, 'utf8'), name), models);
      assert.deepEqual(diagnostics.map(formatDiagnostic), []);
      checkGolden(path.replace('.coro', '.txt'), printProgram(program));
    });
  }

  for (const [name, { aliasOf }] of profiles) {
    if (aliasOf !== null) continue;
    it(`accepts every function of the models of ${name}`, () => {
      assert.deepEqual(checkModels(modelsOf(name)).map(formatDiagnostic), []);
    });
  }

  it('lists every function once, each with a body or as the one that the scenario fills', () => {
    for (const { text } of corpus()) {
      const { program, diagnostics } = check(parsed(text), models);
      if (diagnostics.length > 0) continue;
      const { functions } = program;
      assert.equal(new Set(functions).size, functions.length);
      const empty = functions.filter((one) => one.body === null);
      assert.deepEqual(
        empty.map((one) => one.name).filter((one) => !one.endsWith('main_main')),
        [],
      );
    }
  });

  it('refuses declarations that need each other in thousands', () => {
    for (const [word, tail] of [
      ['const', '1'],
      ['var', 'f()'],
    ]) {
      const lines = Array.from({ length: 20_000 }, (_, i) => `${word} n${i} = n${i + 1}`);
      const text = `${lines.join('\n')}\n${word} n20000 = ${tail}\nfunc f() int { return 1 }\n`;
      const [first, ...others] = check(parsed(text), models).diagnostics;
      assert.equal(first?.code, 'nesting-limit');
      assert.deepEqual(others, []);
    }
    assert.deepEqual(check(parsed('func main() {}\n'), models).diagnostics, []);
  });

  it('tells what names mean', () => {
    const text = 'func f(a int) int { b := a; return b + g() }\nfunc g() int { return 1 }\n';
    const { names } = checkInfo(parsed(text), models);
    const found = [...names].flatMap(([node, { kind, type, definition }]) =>
      definition?.file.path === 'in.coro'
        ? [`${node.name}@${node.span.start} ${kind} ${typeName(type)} ${definition.span.start}`]
        : [],
    );
    const expected = [
      'b@20 variable int 20',
      'a@25 variable int 7',
      'b@35 variable int 20',
      'g@39 function func() int 50',
    ];
    for (const line of expected) assert.ok(found.includes(line), `${line} in ${found.join('; ')}`);
  });

  it('asks for something to run', () => {
    assert.equal(requireScenario(parsed('scenario A { }')), null);
    assert.equal(requireScenario(parsed('package main\nfunc main() {}')), null);
    assert.equal(requireScenario(parsed('func f() {}'))?.code, 'no-scenario');
  });

  it('works without models and without a file', () => {
    assert.deepEqual(check(null, []).diagnostics, []);
    assert.deepEqual(check(parsed('func f() { for range f2 { } }'), []).diagnostics.length, 1);
  });
});

describe('checker bounds', () => {
  const deep: Record<string, string> = {
    'binary operators': `func f(x int) { _ = x${' + x'.repeat(5000)} }`,
    blocks: `func f() { ${'{'.repeat(900)}${'}'.repeat(900)} }`,
    'pointer types': `var x ${'*'.repeat(900)}int`,
    'instances of instances': 'type T[A any] struct { t *T[*A] }\nvar x T[int]',
    'functions that instantiate themselves': 'func f[A any](a A) { f(&a) }\nfunc g() { f(1) }',
    'types of types': 'type A = B\ntype B = C\ntype C = A\nvar x A',
    'constants of constants': 'const a = b\nconst b = c\nconst c = a',
    'huge shifts': 'const a = 1 << 400 << 400 << 400\nvar b = 1 << a',
    'huge products': `const a = 9${'*99999999999999'.repeat(400)}`,
  };
  for (const [name, text] of Object.entries(deep)) {
    it(name, () => {
      const { diagnostics } = check(parsed(text), models);
      assert.ok(diagnostics.length < 20, diagnostics.map(formatDiagnostic).join('\n'));
    });
  }

  it(`edited files, seed ${seed}`, () => {
    const files = corpus();
    for (let i = 0; i < 150; i++) {
      const random = randomFrom(seed + i);
      const { text } = files[random(files.length)];
      const edited = editTokens(random, text);
      try {
        const { diagnostics } = check(parsed(edited), models);
        for (const { file, span, message } of diagnostics) {
          const inside = span.start >= 0 && span.start <= span.end && span.end <= file.text.length;
          assert.ok(inside, `diagnostic outside the file: ${message}`);
        }
      } catch (error) {
        throw new Error(`seed ${seed + i}: ${edited}`, { cause: error });
      }
    }
  });
});
