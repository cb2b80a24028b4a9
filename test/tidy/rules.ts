/**
 * The project's habits as rules over its files. Every rule takes the files and gives complaints,
 * each a line `path:line: what and what instead`. Rules read text, not syntax trees: the formatter
 * makes the text regular enough, and a rule stays short enough to be believed.
 */
import { builtinModules } from 'node:module';
import path from 'node:path';

export interface SourceText {
  /** Relative to the repository's root, with `/`. */
  readonly path: string;
  readonly text: string;
}

export const maxFileLines = 400;
export const maxFunctionLines = 70;
export const maxColumns = 100;
export const maxTextColumns = 120;

/** The layers of src/, left to right: a file imports from its own layer and those before it. */
export const layers = [
  ['language'],
  ['models'],
  ['machine'],
  ['run'],
  ['explore'],
  ['adapter', 'editor'],
  ['cli', 'views'],
  ['extension'],
] as const;

/** Layers that run in an editor's host, a web worker and a terminal alike. */
const portableLayers = ['language', 'models', 'machine', 'run', 'explore', 'adapter', 'editor'];

const nodeModules = new Set(builtinModules);

interface Import {
  readonly specifier: string;
  readonly line: number;
}

/** The module specifiers that a file imports or re-exports, types included. */
export function importsOf(file: SourceText): Import[] {
  const found: Import[] = [];
  const pattern = /^(?:import|export)\s(?:[^'";]*?\sfrom\s)?'([^']+)'|\bimport\('([^']+)'\)/gm;
  for (const match of file.text.matchAll(pattern)) {
    const line = file.text.slice(0, match.index).split('\n').length;
    found.push({ specifier: match[1] ?? match[2] ?? '', line });
  }
  return found;
}

/** Imports point left only; see `layers`. */
export function importDirection(files: readonly SourceText[]): string[] {
  const complaints: string[] = [];
  for (const file of files) {
    const from = layerOf(file.path);
    if (from === null) continue;
    if (rankOf(from) < 0) complaints.push(`${file.path}:1: src/${from} is no known layer`);
    for (const { specifier, line } of importsOf(file)) {
      const to = specifier.startsWith('.') ? layerOf(resolveImport(file.path, specifier)) : null;
      if (to === null || to === from || rankOf(to) < rankOf(from)) continue;
      complaints.push(`${file.path}:${line}: ${from} may not import from ${to}`);
    }
  }
  return complaints;
}

/** Each outside package is known to one place: VS Code to the extension, DAP to the adapter … */
export function outsidePackages(files: readonly SourceText[]): string[] {
  const complaints: string[] = [];
  for (const file of files) {
    const layer = layerOf(file.path);
    if (layer === null) continue;
    for (const { specifier, line } of importsOf(file)) {
      if (specifier.startsWith('.')) continue;
      const home = homeOf(specifier);
      if (home.includes(layer)) continue;
      const where = home.length > 0 ? `only in src/${home.join(', src/')}` : 'nowhere in src yet';
      complaints.push(`${file.path}:${line}: '${specifier}' may be imported ${where}`);
    }
  }
  return complaints;
}

function homeOf(specifier: string): string[] {
  if (specifier === 'vscode') return ['extension'];
  if (specifier.startsWith('@vscode/debug')) return ['adapter', 'extension'];
  if (specifier === 'preact' || specifier.startsWith('preact/')) return ['views'];
  if (specifier.startsWith('node:') || nodeModules.has(specifier)) return ['cli'];
  return [];
}

/** What only Node or only a browser has is not named in layers that run in both. */
export function hostGlobals(files: readonly SourceText[]): string[] {
  const ofProcess = 'process\\.(?:env|argv|stdout|stderr|exit|cwd|hrtime)';
  const pattern = new RegExp(`\\b(?:${ofProcess}|Buffer\\.(?:from|alloc)|__dirname|require\\()`);
  const portable = files.filter((file) => portableLayers.includes(layerOf(file.path) ?? ''));
  return complainOfLines(portable, pattern, 'exists in Node only; this layer also runs elsewhere');
}

/** Files of at most `maxFileLines` lines; `exceptions` are paths that may be longer. */
export function fileLengths(files: readonly SourceText[], exceptions: readonly string[]): string[] {
  const long = new Map<string, number>();
  for (const file of files) {
    const lines = file.text.trimEnd().split('\n').length;
    if (lines > maxFileLines) long.set(file.path, lines);
  }
  return withExceptions(long, exceptions, (name, lines) => `${name}:1: ${lines} lines; split it`);
}

/**
 * Lines of at most `maxColumns` characters. In .coro files and around text literals, which the
 * formatter does not break, `maxTextColumns`. Lines that end in an address are let through, and so
 * are the files of `exceptions`.
 */
export function lineWidths(files: readonly SourceText[], exceptions: readonly string[]): string[] {
  const complaints: string[] = [];
  for (const file of files.filter((one) => !exceptions.includes(one.path))) {
    for (const [index, line] of file.text.split('\n').entries()) {
      const width = Array.from(line.replaceAll('\t', '    ')).length;
      const isText = file.path.endsWith('.coro') || /['"`]/.test(line.replace(/^ *\*.*/, ''));
      const limit = isText ? maxTextColumns : maxColumns;
      if (width <= limit || /https?:\/\/\S+$/.test(line)) continue;
      complaints.push(`${file.path}:${index + 1}: ${width} columns; at most ${limit}`);
    }
  }
  return complaints;
}

/**
 * Functions of at most `maxFunctionLines` lines; `exceptions` are `path#name`. A function reaches
 * from its first line to the closing brace of the same indentation, as the formatter lays it out.
 */
export function functionLengths(
  files: readonly SourceText[],
  exceptions: readonly string[],
): string[] {
  const long = new Map<string, number>();
  for (const file of files) {
    const lines = file.text.split('\n');
    for (const [index, line] of lines.entries()) {
      const start = functionStart(line);
      if (start === null) continue;
      const closing = new RegExp(`^ {${start.indent}}\\}[;,)]*$`);
      const length = lines
        .slice(index)
        .findIndex((other, offset) => offset > 0 && closing.test(other));
      if (length + 1 > maxFunctionLines) long.set(`${file.path}#${start.name}`, length + 1);
    }
  }
  const word = (name: string, lines: number) => `${name}: ${lines} lines; split the function`;
  return withExceptions(long, exceptions, word);
}

function functionStart(line: string): { name: string; indent: number } | null {
  const modifiers =
    '(?:export |default |async |static |private |protected |public |override |get |set )*';
  const declaration = new RegExp(`^( *)${modifiers}function\\*? (\\w+)`).exec(line);
  const method = new RegExp(`^( +)${modifiers}\\*?(#?\\w+)(?:<.*>)?\\(.*(?:\\{|\\()$`).exec(line);
  const arrow = /^( *)(?:export )?const (\w+) = (?:async )?(?:\(.*=>|function.*) \{$/.exec(line);
  const match = declaration ?? arrow ?? method;
  if (match === null || /^(?:if|for|while|switch|catch|return|function)$/.test(match[2]))
    return null;
  // A call that stands alone, such as `describe(...)`, looks like a method but takes an arrow.
  if (match === method && /(?:=> \{|\()$/.test(line) && !line.includes(') {')) return null;
  return { name: match[2], indent: match[1].length };
}

/** Words and calls that the project does without, each with what to do instead. */
export function bannedWords(files: readonly SourceText[]): string[] {
  const node20 = 'is missing in Node 20 or in older editors';
  const rules: [RegExp, string][] = [
    [/\b(?:Object|Map)\.groupBy\b/, node20],
    [/\bPromise\.(?:withResolvers|try)\b|\bArray\.fromAsync\b|\bfs\.globSync\b/, node20],
    [/\b(?:Iterator\.from|\.(?:keys|values|entries)\(\)\.(?:map|filter|toArray|some))\b/, node20],
    [/\b(?:TO\u0044O(?!\(\)|")|FIX\u004dE|XX\u0058|HA\u0043K)\b/, 'do it now, or write an issue'],
    [/\b(?:describe|it|test)\.(?:skip|only)\b|\bx(?:it|describe)\(/, 'run every test'],
    [/@ts-(?:ignore|nocheck)\b/, 'mend the type'],
    [/\bconsole\.log\b(?=.*\bdebug\b)/i, 'leave no debugging output'],
  ];
  return rules.flatMap(([pattern, advice]) => complainOfLines(files, pattern, advice));
}

/** No path of anybody's machine and no package registry stands in the repository. */
export function machineTraces(files: readonly SourceText[]): string[] {
  const paths = /(?<![\w.}/])\/(?:work|home|root|Users|tmp)\/\w/;
  const registries = /\b(?:registry\.(?:npmjs|yarnpkg|npmmirror)\.\w+|"resolved": "http)/;
  return [
    ...complainOfLines(files, paths, 'is a path of one machine'),
    ...complainOfLines(files, registries, 'names a package registry'),
  ];
}

/** Every source file is reached from an entry by imports. */
export function deadFiles(files: readonly SourceText[], entries: readonly string[]): string[] {
  const known = new Map(files.map((file) => [file.path, file]));
  const reached = new Set<string>();
  const pending = entries.filter((entry) => known.has(entry));
  while (pending.length > 0) {
    const next = pending.pop() as string;
    const file = known.get(next);
    if (file === undefined || reached.has(next)) continue;
    reached.add(next);
    for (const { specifier } of importsOf(file)) {
      if (specifier.startsWith('.')) pending.push(resolveImport(next, specifier));
    }
  }
  const dead = files.filter((file) => !reached.has(file.path) && !file.path.endsWith('.d.ts'));
  return dead.map((file) => `${file.path}:1: no entry of the product imports this file`);
}

function complainOfLines(files: readonly SourceText[], pattern: RegExp, why: string): string[] {
  const complaints: string[] = [];
  for (const file of files) {
    for (const [index, line] of file.text.split('\n').entries()) {
      const match = pattern.exec(line);
      if (match !== null) complaints.push(`${file.path}:${index + 1}: '${match[0]}' ${why}`);
    }
  }
  return complaints;
}

/** Complaints for what is not excepted, and for exceptions that nothing needs any more. */
function withExceptions(
  found: ReadonlyMap<string, number>,
  exceptions: readonly string[],
  word: (name: string, size: number) => string,
): string[] {
  const complaints = [...found]
    .filter(([name]) => !exceptions.includes(name))
    .map(([name, size]) => word(name, size));
  const unneeded = exceptions.filter((name) => !found.has(name));
  return [...complaints, ...unneeded.map((name) => `${name}: needs no exception any more`)];
}

function layerOf(file: string): string | null {
  return /^src\/([^/]+)\//.exec(file)?.[1] ?? null;
}

function rankOf(layer: string): number {
  return layers.findIndex((names) => (names as readonly string[]).includes(layer));
}

function resolveImport(from: string, specifier: string): string {
  return path.posix.join(path.posix.dirname(from), specifier);
}
