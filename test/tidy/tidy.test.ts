/** The habits of the project, checked on its own files; see rules.ts. */
import assert from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as rules from './rules.ts';

/** Files that may be longer than others, each for a reason. */
const longFiles: string[] = [
  // One closed set of node types: a reader looks for a node here and nowhere else.
  'src/language/ast.ts',
  'src/language/typed.ts',
  // One table of templates.
  'test/go/generator/semantics.ts',
];

/** Tools that only tests use: they look at what the product makes. */
const testTools = ['src/language/disassemble.ts', 'src/language/verify-image.ts'];

/** Tables with a remark beside each row, which read best on one line. */
const wideFiles = ['src/language/instructions.ts', 'src/language/image.ts'];

/** Functions that may be longer than a screen: dispatch over a closed set of cases. */
const longFunctions: string[] = [
  // The loop that executes instructions: a call for each would cost more than the instruction.
  'src/machine/interpreter.ts#execute',
  'src/machine/slow.ts#callsAndObjects',
];

/** What the bundles start from. */
const entries = ['src/extension/extension.ts', 'src/cli/main.ts', 'src/views/queue.tsx'];

/** Loaded by esbuild in place of Node's modules, not by an import. */
const aliases = /^src\/extension\/web-stubs\//;

const topLevel = `
  .ci .git .gitattributes .github .gitignore .npmrc .oxlintrc.json .vscode .vscodeignore biome.json
  ARCHITECTURE.md CHANGELOG.md CONTRIBUTING.md LICENSE README.md SECURITY.md esbuild.mjs media
  package-lock.json package.json src syntaxes test tsconfig.json
`.split(/\s+/);
const generated = ['node_modules', 'dist', 'out', '.vscode-test'];

const all = readTree('.');
const code = all.filter((file) => /\.(?:tsx?|mjs|coro)$/.test(file.path));
const scenarios = /^(?:src|test\/scenarios)\/.*\.coro$/;
const narrow = code.filter((file) => !file.path.endsWith('.coro') || scenarios.test(file.path));
const typescript = code.filter((file) => /\.(?:tsx?|mjs)$/.test(file.path));
const product = code.filter((file) => file.path.startsWith('src/'));

describe('tidy', () => {
  it('imports point left', () => none(rules.importDirection(product)));
  it('outside packages are known to one layer', () => none(rules.outsidePackages(product)));
  it('portable layers name no globals of one host', () => none(rules.hostGlobals(product)));
  it('files are short', () => none(rules.fileLengths(typescript, longFiles)));
  it('lines are narrow', () => none(rules.lineWidths(narrow, wideFiles)));
  it('functions fit a screen', () => none(rules.functionLengths(typescript, longFunctions)));
  it('banned words are not used', () => none(rules.bannedWords(code.filter(notTheRules))));
  it('no machine and no registry is named', () =>
    none(rules.machineTraces(all.filter(notTheRules))));
  it('every source file is used', () => {
    none(
      rules.deadFiles(
        product.filter((file) => !aliases.test(file.path)),
        [...entries, ...testTools],
      ),
    );
  });
  it('the top level holds what is expected', () => {
    const names = readdirSync('.').filter((name) => !generated.includes(name));
    none(names.filter((name) => !topLevel.includes(name)));
  });
});

describe('tidy rules can fail', () => {
  const file = (name: string, text: string) => [{ path: name, text }];

  it('import direction', () => {
    const left = file('src/run/a.ts', "import { b } from '../machine/b.ts';\n");
    const right = file('src/machine/a.ts', "import type {\n  B,\n} from '../run/b.ts';\n");
    none(rules.importDirection(left));
    some(rules.importDirection(right), 'src/machine/a.ts:1: machine may not import from run');
  });
  it('outside packages', () => {
    const inEngine = file('src/run/a.ts', "import * as vscode from 'vscode';\nimport 'node:fs';\n");
    some(rules.outsidePackages(inEngine), "src/run/a.ts:1: 'vscode' may be imported only in");
    some(rules.outsidePackages(inEngine), "src/run/a.ts:2: 'node:fs' may be imported only in");
    none(rules.outsidePackages(file('src/cli/a.ts', "import fs from 'node:fs';\n")));
  });
  it('host globals', () => {
    some(
      rules.hostGlobals(file('src/run/a.ts', 'process.exit(1);')),
      "src/run/a.ts:1: 'process.exit'",
    );
  });
  it('lengths and widths', () => {
    const line = '  x += 1;\n';
    const long = file('src/run/a.ts', `function f() {\n${line.repeat(400)}}\n`);
    some(rules.fileLengths(long, []), 'src/run/a.ts:1: 402 lines');
    some(rules.functionLengths(long, []), 'src/run/a.ts#f: 402 lines');
    none(rules.functionLengths(long, ['src/run/a.ts#f']));
    some(rules.functionLengths([], ['src/run/a.ts#f']), 'src/run/a.ts#f: needs no exception');
    const method = `class C {\n  async step(n: number): void {\n${line.repeat(80)}  }\n}\n`;
    some(rules.functionLengths(file('src/run/c.ts', method), []), 'src/run/c.ts#step: 82 lines');
    const suite = `describe('x', () => {\n${line.repeat(80)}});\n`;
    none(rules.functionLengths(file('test/a.ts', suite), []));
    some(rules.lineWidths(file('src/a.ts', 'x'.repeat(101)), []), 'src/a.ts:1: 101 columns');
  });
  it('words and traces', () => {
    const todo = ['TO', 'DO'].join('');
    some(rules.bannedWords(file('src/a.ts', `// ${todo}: later`)), `src/a.ts:1: '${todo}'`);
    some(rules.bannedWords(file('a.test.ts', ['it', 'only()'].join('.'))), "a.test.ts:1: 'it");
    some(rules.machineTraces(file('a.md', ['', 'home', 'someone'].join('/'))), 'a.md:1:');
    none(rules.machineTraces(file('a.md', 'see src/work/a and https://x.org/home/a')));
  });
  it('dead files', () => {
    const used = [...file('src/cli/main.ts', "import './a.ts';\n"), ...file('src/cli/a.ts', '')];
    none(rules.deadFiles(used, ['src/cli/main.ts']));
    some(
      rules.deadFiles([...used, ...file('src/cli/b.ts', '')], ['src/cli/main.ts']),
      'src/cli/b.ts',
    );
  });
});

function none(complaints: string[]): void {
  if (complaints.length > 0) assert.fail(`${complaints.length}:\n${complaints.join('\n')}`);
}

function some(complaints: string[], start: string): void {
  assert.ok(
    complaints.some((complaint) => complaint.startsWith(start)),
    `expected a complaint '${start}…', got ${JSON.stringify(complaints)}`,
  );
}

function readTree(folder: string): rules.SourceText[] {
  const ignored = [...generated, '.git'];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const name = path.posix.join(folder, entry.name);
    // By name: in a work tree of its own, .git is a file and node_modules may be a link.
    if (ignored.includes(entry.name)) return [];
    if (entry.isDirectory()) return readTree(name);
    if (/\.(?:png|gif|vsix|woff2?)$/.test(name)) return [];
    return [{ path: name, text: readFileSync(name, 'utf8') }];
  });
}

function notTheRules(file: rules.SourceText): boolean {
  return !file.path.startsWith('test/tidy/');
}
