/** What generators are made of, and the files that they make. */
import { Numbers } from './numbers.ts';

/** Makes the statements of a body that lies inside, so many at most. */
export type Body = (n: Numbers, most: number) => string[];

/** Statements, without indentation. */
export type Operation = (n: Numbers, body: Body) => string[];

export interface Generator {
  readonly name: string;
  /** Declarations of the file. */
  readonly prelude: string;
  readonly scenario: (n: Numbers) => string[];
}

/** Bodies are nested at most so deep. */
const DEEPEST = 3;

/** Bodies of statements that are picked from a list. */
export function operationsOf(operations: readonly Operation[]): Body {
  let depth = 0;
  const body: Body = (n, most) => {
    if (depth >= DEEPEST) return [];
    depth++;
    const count = n.below(most + 1);
    const lines = Array.from({ length: count }, () => n.pick(operations)(n, body)).flat();
    depth--;
    return lines;
  };
  return body;
}

export function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `\t${line}`);
}

/** A file with a scenario for each list of numbers: P0, P1 … */
export function fileOf(
  runtime: string,
  { prelude, scenario }: Generator,
  lists: readonly (readonly number[])[],
): string {
  const scenarios = lists.map((list, index) => {
    const n = new Numbers(list);
    const head = headOf(n);
    return [`scenario P${index}${head}{`, ...indented(scenario(n)), '}', ''].join('\n');
  });
  const all = scenarios.join('\n');
  const isUsed = /\brange [a-z]|\bPull\b/.test(all);
  return `runtime ${runtime}\n${isUsed ? prelude : ''}\n${all}`;
}

/** Sometimes what is printed makes a difference. */
function headOf(n: Numbers): string {
  if (n.below(4) < 3) return ' ';
  const texts = n.pick([['x 0'], ['x', 'y'], ['y'], ['x 1', 'deferred']]);
  return `\n\texpect sometimes ok prints ${texts.map((text) => `"${text}"`).join(', ')}\n`;
}

/** Statements with the declarations, by name, of what they (or later declarations) mention. */
export function withDeclarations(
  declarations: Readonly<Record<string, readonly string[]>>,
  lines: readonly string[],
): string[] {
  let all = [...lines];
  for (const [name, declared] of Object.entries(declarations).reverse()) {
    const mention = new RegExp(`\\b${name}\\b`);
    if (all.some((line) => mention.test(line))) all = [...declared, ...all];
  }
  return all;
}
