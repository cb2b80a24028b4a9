import assert from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { formatDiagnostic } from '../../src/language/diagnostics.ts';
import { MAX_DIAGNOSTICS, parse } from '../../src/language/parser.ts';
import { MAX_NESTING_DEPTH } from '../../src/language/parser-core.ts';
import { printTree } from './print-tree.ts';
import { checkGolden } from '../golden.ts';
import { declarations, expressions, scenarios, statements, types } from './parser/inputs.ts';

const folder = 'test/language/parser';

function parseText(text: string, path = 'in.coro') {
  return parse({ path, text, isModel: false });
}

/** One expectation file a family: each input, the tree of it, and what is said about it. */
function check(family: string, inputs: readonly string[], wrap: (input: string) => string): void {
  it(family, () => {
    const sections = inputs.map((input) => {
      const { file, diagnostics } = parseText(wrap(input));
      const body = file.declarations.map((declaration) =>
        wrap === bare || declaration.kind !== 'function' || declaration.body === null
          ? printTree(declaration)
          : declaration.body.statements.map(printTree).join('\n'),
      );
      const head = [file.packageName, ...file.imports, file.runtime];
      const parts = head.flatMap((node) => (node === null ? [] : [printTree(node)]));
      return [`>>> ${input}`, ...parts, ...body, ...diagnostics.map(formatDiagnostic), ''].join(
        '\n',
      );
    });
    checkGolden(`${folder}/${family}.txt`, sections.join('\n'));
  });
}

const bare = (input: string): string => input;
const inFunction = (input: string): string =>
  `func _() {\n${input.replaceAll(/^(?=.)/gm, '\t')}\n}\n`;

describe('parser', () => {
  check('expressions', expressions, (input) => inFunction(`_ = ${input}`));
  check('statements', statements, inFunction);
  check('types', types, (input) => inFunction(`var _ ${input}`));
  check('declarations', declarations, bare);
  check('scenarios', scenarios, bare);

  for (const name of readdirSync(`${folder}/mistakes`).filter((n) => n.endsWith('.coro'))) {
    it(`mistakes/${name}`, () => {
      const path = `${folder}/mistakes/${name}`;
      const { file, diagnostics } = parseText(readFileSync(path, 'utf8'), name);
      const names = file.declarations.map((declaration) => {
        if ('names' in declaration) return declaration.names.map((n) => n.name).join(',');
        return typeof declaration.name === 'string' ? declaration.name : declaration.name.name;
      });
      const lines = [...diagnostics.map(formatDiagnostic), `understood: ${names.join(' ')}`, ''];
      checkGolden(path.replace(/\.coro$/, '.txt'), lines.join('\n'));
    });
  }

  it('gives ten mistakes ten diagnostics, each on its line', () => {
    const path = `${folder}/mistakes/ten.coro`;
    const text = readFileSync(path, 'utf8');
    const marked = text
      .split('\n')
      .flatMap((line, i) => (line.includes('// MISTAKE') ? [i + 1] : []));
    const { diagnostics } = parseText(text);
    const lines = diagnostics.map((d) => text.slice(0, d.span.start).split('\n').length);
    assert.deepEqual(lines, marked);
    assert.equal(lines.length, 10);
  });
});

describe('parser bounds', () => {
  const nested = (open: string, inner: string, close: string, count: number): string =>
    `func f() {\n\t_ = ${open.repeat(count)}${inner}${close.repeat(count)}\n}\n\nfunc g() {}\n`;
  const deep: Record<string, string> = {
    parentheses: nested('(', 'x', ')', 100_000),
    'unclosed parentheses': nested('(', '', '', 100_000),
    negations: nested('!', 'x', '', 100_000),
    'function literals': nested('func() { _ = ', 'x', '}', 20_000),
    'composite literals': nested('{', '', '}', 100_000).replace('= {', '= T{'),
    sums: nested('x + ', 'x', '', 100_000),
    calls: nested('f', '', '()', 100_000),
    selectors: nested('', 'x', '.x', 100_000),
    pointers: `type T ${'*'.repeat(100_000)}int\n\nfunc g() {}\n`,
    'slice types': `var x ${'[]'.repeat(100_000)}int\n\nfunc g() {}\n`,
    blocks: `func f() ${'{'.repeat(100_000)}${'}'.repeat(100_000)}\n\nfunc g() {}\n`,
    'else if': `func f() { if x {} ${'else if x {} '.repeat(100_000)}\n}\n\nfunc g() {}\n`,
    labels: `func f() { ${'a: '.repeat(100_000)}\n}\n\nfunc g() {}\n`,
    'shared types': `func f(${'a, b func('.repeat(400)}int${')'.repeat(401)} {}\n\nfunc g() {}\n`,
  };
  for (const [name, text] of Object.entries(deep)) {
    it(`names the bound on nesting: ${name}`, () => {
      const { file, diagnostics } = parseText(text);
      assert.equal(diagnostics.length, 1, diagnostics.map(formatDiagnostic).join('\n'));
      assert.equal(diagnostics[0].code, 'nesting-too-deep');
      assert.match(diagnostics[0].message, new RegExp(String(MAX_NESTING_DEPTH)));
      const last = file.declarations.at(-1);
      assert.ok(
        last?.kind === 'function' && last.name.name === 'g',
        'the next declaration is read',
      );
    });
  }

  it('takes nesting below the bound', () => {
    assert.deepEqual(parseText(nested('(', 'x', ')', 400)).diagnostics, []);
    assert.deepEqual(parseText(nested('x + ', 'x', '', 400)).diagnostics, []);
  });

  it('says when there are too many errors', () => {
    const { diagnostics } = parseText('!\n'.repeat(5000));
    assert.equal(diagnostics.length, MAX_DIAGNOSTICS + 1);
    assert.match(diagnostics[MAX_DIAGNOSTICS].message, /4800 more .*bound: 200/);
  });

  it('takes empty files', () => {
    for (const text of ['', '\n', ' \t\r\n', '// only a comment', '/* */', ';;;', '\ufeff']) {
      const { file, diagnostics } = parseText(text);
      assert.deepEqual([file.declarations, diagnostics], [[], []], JSON.stringify(text));
    }
  });

  const large: Record<string, string> = {
    functions:
      'func f(a, b int) int {\n\tx := a + b*2\n\tif x > 3 {\n\t\treturn f(x)\n\t}\n\treturn x\n}\n',
    'one line': 'func f() { x(a, [1:2], b) }; ',
    garbage: 'x ( [ { ) } " ? func if := \' 1.2.3 ] ',
    'open brackets': '(\n',
    'unclosed calls': 'func f() {\n\tg(a b\n}\n',
    'open literals': 'var x = T{\n',
    'missing braces': 'func f() { if x {\n',
    strings: '"a\\q" ',
    'back quotes': '/* ` */ ',
    'bad methods': 'func (a, b\n',
    'type parameters': 'type T[a *b\n',
    loops: 'for (a ',
  };
  for (const [name, piece] of Object.entries(large)) {
    it(`reads large files, and ends: ${name}`, () => {
      // Quadratic work on half a megabyte would run into the test's own limit of minutes.
      parseText(piece.repeat(Math.ceil(500_000 / piece.length)));
    });
  }
});
