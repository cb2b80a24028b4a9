// Programs written for one rule of Go or the other, in families: `families/NAME.txt` holds them,
// `families/NAME.go.txt` what every version of real Go said of them. Every test run compares
// the simulator with that; `npm run test:go -- --record` writes it anew.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { GoOutcome } from './outcome.ts';

export interface FamilyProgram {
  readonly family: string;
  readonly name: string;
  readonly source: string;
}

/** What some versions of Go said of a program. */
export interface FamilyOutcome {
  readonly profiles: readonly string[];
  /** The text of `outcomeText`. */
  readonly text: string;
}

const folder = path.join('test', 'go', 'families');
/** Packages by the name that programs use; those that are not here are named by their path. */
const paths: Readonly<Record<string, string>> = {
  atomic: 'sync/atomic',
  utf8: 'unicode/utf8',
};
const packages =
  `atomic cmp context errors fmt io iter math os runtime slices sort strconv strings sync time unicode
  utf8`.split(/\s+/);

/** The file that holds what Go said of a family. */
export function expectationFile(family: string): string {
  return path.join(folder, `${family}.go.txt`);
}

/** The names of all families. */
export function familyNames(): string[] {
  const names = readdirSync(folder).filter((name) => !name.endsWith('.go.txt'));
  return names.map((name) => path.basename(name, '.txt')).sort();
}

/** The programs of a family: each begins with a line `=== NAME`. */
export function familyPrograms(family: string): FamilyProgram[] {
  const text = readFileSync(path.join(folder, `${family}.txt`), 'utf8');
  return sections(text, /^=== (.+)\n/m).map(({ head, body }) => ({
    family,
    name: head,
    source: wholeProgram(body),
  }));
}

/** A program of what a section holds: statements of main, or declarations with a main. */
function wholeProgram(text: string): string {
  const bare = text.replace(/"(?:[^"\\\n]|\\.)*"|`[^`]*`|\/\/.*$/gm, '');
  const used = packages.filter((name) => new RegExp(`(?<![\\w.)\\]])${name}\\.[A-Z]`).test(bare));
  const lines = used.map((name) => `\t"${paths[name] ?? name}"\n`).join('');
  const imports = lines === '' ? '' : `import (\n${lines})\n\n`;
  const body = /^func main\(\)/m.test(text) ? text : `func main() {\n${text}}\n`;
  return `package main\n\n${imports}${body}`;
}

/** An outcome as the expectation files show it: how it ended, the report, and what was printed. */
export function outcomeText(
  outcome: Pick<GoOutcome, 'text' | 'report' | 'output'> & {
    readonly kind: string;
  },
): string {
  const { kind, text, report, output } = outcome;
  const rows = kind === 'panic' ? report : [`${kind} ${text}`.trim()];
  return [...rows, ...output.map((line) => `  ${line}`)].map((row) => `${row}\n`).join('');
}

/** The text of an expectation file. */
export function formatFamily(outcomes: ReadonlyMap<string, readonly FamilyOutcome[]>): string {
  let text = '';
  for (const [name, list] of outcomes) {
    text += `=== ${name}\n`;
    for (const one of list) text += `--- ${one.profiles.join(' ')}\n${one.text}`;
  }
  return text;
}

/** What Go said of the programs of a family, by their names. */
export function readFamily(family: string): Map<string, FamilyOutcome[]> {
  const text = readFileSync(expectationFile(family), 'utf8');
  return new Map(
    sections(text, /^=== (.+)\n/m).map(({ head, body }) => [
      head,
      sections(body, /^--- (.+)\n/m).map((part) => ({
        profiles: part.head.split(' '),
        text: part.body,
      })),
    ]),
  );
}

function sections(text: string, mark: RegExp): { readonly head: string; readonly body: string }[] {
  const parts = text.split(mark);
  const found: { head: string; body: string }[] = [];
  for (let i = 1; i + 1 < parts.length; i += 2) found.push({ head: parts[i], body: parts[i + 1] });
  return found;
}
