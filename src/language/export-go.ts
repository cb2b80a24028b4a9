/**
 * A scenario as a Go program for the real toolchain. The text is the interface: what the scenario
 * needs is copied as it stands, without the lines that Go does not know, under a `package main`.
 */
import type { Declaration, FileNode, ScenarioDeclaration } from './ast.ts';
import type { Diagnostic, Span } from './diagnostics.ts';
import { type GoNames, neededDeclarations, namesOf, nodesOf } from './export-go-names.ts';

export interface ExportOptions {
  /** Leave `cgo.Callback` as it is, for a build that has a package cgo of its own. */
  readonly keepCallbacks?: boolean;
}

/** The Go program, or why there is none: one diagnostic for each thing that Go does not have. */
export type ExportResult =
  | { readonly text: string; readonly diagnostics?: undefined }
  | { readonly text?: undefined; readonly diagnostics: readonly Diagnostic[] };

/** Packages that scenarios may use without importing them, by Go's import path. */
const importPaths: Readonly<Record<string, string>> = {
  atomic: 'sync/atomic',
  cmp: 'cmp',
  context: 'context',
  errors: 'errors',
  fmt: 'fmt',
  io: 'io',
  iter: 'iter',
  math: 'math',
  os: 'os',
  runtime: 'runtime',
  slices: 'slices',
  sort: 'sort',
  strconv: 'strconv',
  strings: 'strings',
  sync: 'sync',
  synctest: 'testing/synctest',
  time: 'time',
  unicode: 'unicode',
  utf8: 'unicode/utf8',
};

/** What Go's package runtime offers to programs, of what models have; they export more than that. */
const runtimeNames = new Set(
  `AddCleanup Cleanup Error GC GOMAXPROCS Goexit Gosched KeepAlive LockOSThread NumCPU NumCgoCall
  NumGoroutine PanicNilError SetFinalizer TypeAssertionError UnlockOSThread Version`.split(/\s+/),
);

/**
 * The scenario of the file as a Go program: its body becomes `main`, `fail` prints and exits with
 * status 1, `cgo.Callback` goes through C. A file that did not parse gives Go's own errors later.
 */
export function exportGo(
  file: FileNode,
  scenarioName: string,
  options: ExportOptions = {},
): ExportResult {
  const main = file.declarations.find(
    (declaration) =>
      (declaration.kind === 'scenario' || declaration.kind === 'function') &&
      declaration.name.name === scenarioName,
  );
  if (main === undefined) {
    const span = { start: 0, end: 0 };
    return { diagnostics: [refusal(file, span, `there is no scenario ${scenarioName} here`)] };
  }
  const needed = neededDeclarations(file, main);
  const diagnostics = [...needed].flatMap((declaration) => refusals(file, declaration));
  if (diagnostics.length > 0) {
    return { diagnostics };
  }
  const names = namesOf([...needed]);
  const ownFail = file.declarations.some(
    (declaration) => declaration.kind === 'function' && declaration.name.name === 'fail',
  );
  const fails = names.identifiers.has('fail') && !ownFail;
  const callsBack = names.packages.has('cgo');
  const standalone = callsBack && options.keepCallbacks !== true;
  const body = keptText(file, needed, standalone);
  const helpers = (fails ? failHelper : '') + (standalone ? callbackHelper : '');
  const preamble = standalone ? callbackPreamble : '';
  const imports = importBlock(file, names, fails, standalone);
  return { text: `package main\n\n${preamble}${imports}${body.trim()}\n${helpers}` };
}

const failHelper = `
func fail(values ...any) {
	os.Stderr.WriteString("fail: " + fmt.Sprintln(values...))
	os.Exit(1)
}
`;

const callbackPreamble = `/*
#include <stdint.h>
extern void callbackFromC(uintptr_t handle);
static inline void callThroughC(uintptr_t handle) { callbackFromC(handle); }
*/
import "C"

`;

const callbackHelper = `
func callThroughC(function func()) {
	handle := cgo.NewHandle(function)
	defer handle.Delete()
	C.callThroughC(C.uintptr_t(handle))
}

//export callbackFromC
func callbackFromC(handle C.uintptr_t) {
	cgo.Handle(handle).Value().(func())()
}
`;

/** What Go does not have, each with its place. */
function refusals(file: FileNode, declaration: Declaration): Diagnostic[] {
  const found: Diagnostic[] = [];
  const refuse = (span: Span, message: string): void => {
    found.push(refusal(file, span, message));
  };
  if (declaration.kind === 'function' && declaration.body === null) {
    refuse(declaration.span, `${declaration.name.name} has no body: only models bind it`);
  }
  for (const node of nodesOf(declaration)) {
    if (node.kind === 'atomic') {
      refuse(node.span, 'atomic blocks exist in models only');
    } else if (node.kind === 'selector' && node.object.kind === 'identifier') {
      const { name: packageName } = node.object;
      const { name: member } = node.name;
      if (packageName === 'zig' || packageName === 'machine') {
        refuse(node.span, `package ${packageName} has no counterpart in Go`);
      } else if (packageName === 'cgo' && member !== 'Callback') {
        refuse(node.span, `cgo.${member} is not exported: it needs C code of its own`);
      } else if (packageName === 'runtime' && !runtimeNames.has(member)) {
        refuse(node.span, `Go has no runtime.${member} for programs`);
      }
    }
  }
  return found;
}

function refusal(file: FileNode, span: Span, message: string): Diagnostic {
  const help = 'a scenario is exported when Go has all it uses';
  return { file: file.source, span, severity: 'error', code: 'not-in-go', message, help };
}

/** The file's text without what is not needed, the scenario's head replaced by Go's. */
function keptText(file: FileNode, needed: ReadonlySet<Declaration>, standalone: boolean): string {
  const { text } = file.source;
  const edits: { readonly span: Span; readonly text: string }[] = [];
  const drop = (span: Span): void => {
    edits.push({ span, text: '' });
  };
  if (file.packageName !== null) {
    drop(lineOf(text, file.packageName.span));
  }
  if (file.runtime !== null) {
    drop(file.runtime.span);
  }
  file.imports.forEach(({ span }) => drop(lineOf(text, span)));
  importGroups(text, file).forEach(drop);
  for (const declaration of file.declarations) {
    if (!needed.has(declaration)) {
      drop(withComments(text, declaration.span));
    } else if (declaration.kind === 'scenario') {
      edits.push({ span: headOf(declaration), text: 'func main() ' });
    }
    if (needed.has(declaration) && standalone) {
      edits.push(...callbackEdits(declaration));
    }
  }
  return applyEdits(text, edits).replace(/\n{3,}/g, '\n\n');
}

function headOf(scenario: ScenarioDeclaration): Span {
  return { start: scenario.span.start, end: scenario.body.span.start };
}

function callbackEdits(declaration: Declaration): { span: Span; text: string }[] {
  const edits: { span: Span; text: string }[] = [];
  for (const node of nodesOf(declaration)) {
    if (node.kind !== 'selector' || node.object.kind !== 'identifier') continue;
    if (node.object.name === 'cgo' && node.name.name === 'Callback') {
      edits.push({ span: node.span, text: 'callThroughC' });
    }
  }
  return edits;
}

/** Import groups as a whole: their keyword and parentheses are no node's own text. */
function importGroups(text: string, file: FileNode): Span[] {
  const first = file.declarations[0]?.span.start ?? text.length;
  const head = text.slice(0, first);
  const spans: Span[] = [];
  for (const match of head.matchAll(/^import[ \t]*\(([^)]*)\)/gm)) {
    spans.push({ start: match.index, end: match.index + match[0].length });
  }
  return spans;
}

function lineOf(text: string, span: Span): Span {
  const start = text.lastIndexOf('\n', span.start - 1) + 1;
  const end = text.indexOf('\n', span.end);
  return { start, end: end < 0 ? text.length : end };
}

/** The span with the comment lines right above it, which speak of what it holds. */
function withComments(text: string, span: Span): Span {
  let { start } = lineOf(text, { start: span.start, end: span.start });
  if (text.slice(start, span.start).trim() !== '') {
    return span;
  }
  for (;;) {
    const above = text.lastIndexOf('\n', start - 2) + 1;
    if (start === 0 || !text.slice(above, start).trimStart().startsWith('//')) {
      return { start, end: span.end };
    }
    start = above;
  }
}

/** Applies the edits; one that lies inside another is part of what that removes. */
function applyEdits(
  text: string,
  edits: readonly { readonly span: Span; readonly text: string }[],
): string {
  const sorted = [...edits].sort((a, b) => a.span.start - b.span.start || b.span.end - a.span.end);
  let result = '';
  let at = 0;
  for (const { span, text: replacement } of sorted) {
    if (span.start < at) {
      at = Math.max(at, replacement === '' ? span.end : at);
      continue;
    }
    result += text.slice(at, span.start) + replacement;
    at = span.end;
  }
  return result + text.slice(at);
}

function importBlock(file: FileNode, names: GoNames, fails: boolean, standalone: boolean): string {
  const lines = new Map<string, string>();
  const imported = new Map(
    file.imports.map(({ alias, path }) => [
      alias?.name ?? path.split('/').pop() ?? '',
      { alias, path },
    ]),
  );
  for (const name of [...names.packages, ...(fails ? ['fmt', 'os'] : [])]) {
    const known = imported.get(name);
    const path = known?.path ?? importPaths[name];
    if (path !== undefined && name !== 'cgo') {
      lines.set(path, known?.alias ? `\t${known.alias.name} "${path}"\n` : `\t"${path}"\n`);
    }
  }
  if (standalone) {
    lines.set('runtime/cgo', '\t"runtime/cgo"\n');
  }
  if (lines.size === 0) {
    return '';
  }
  const sorted = [...lines].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line);
  return `import (\n${sorted.join('')})\n\n`;
}
