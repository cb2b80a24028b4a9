// Makes a program on which the simulator and real Go part smaller, as long as they part: whole
// declarations and statements go, and blocks give way to what is in them. Generated names are
// unique, so what uses a name can go with what declares it.
import type { Block, Statement } from '../../src/language/ast.ts';
import { nodesOf } from '../../src/language/export-go-names.ts';
import { parse } from '../../src/language/parser.ts';
import { compare } from './compare.ts';
import { runPrograms } from './runner.ts';
import { simulation } from './simulate.ts';
import type { Toolchain } from './toolchains.ts';

/** Candidates that are built into one binary. */
const batchSize = 30;

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The smallest program found on which the two still part in the same way. */
export async function reduce(source: string, toolchain: Toolchain): Promise<string> {
  let best = source;
  for (let round = 0; round < 60; round++) {
    const smaller = await smallest(best, toolchain);
    if (smaller === undefined) {
      return best;
    }
    best = smaller;
    console.error(`reduced to ${best.split('\n').length} lines`);
  }
  return best;
}

async function smallest(source: string, toolchain: Toolchain): Promise<string | undefined> {
  const texts = [...new Set(candidates(source))].filter((text) => loads(text, toolchain));
  texts.sort((a, b) => a.length - b.length);
  for (let from = 0; from < texts.length; from += batchSize) {
    const batch = texts.slice(from, from + batchSize);
    const programs = batch.map((text, index) => ({ name: `candidate ${index}`, source: text }));
    const results = await runPrograms(toolchain, programs, () => {});
    const index = results.findIndex((result) => {
      const simulated = simulation(result.source, toolchain.profile);
      return result.outcomes.length === 1 && compare(result, simulated).verdict === 'disagrees';
    });
    if (index >= 0) {
      return batch[index];
    }
  }
  return undefined;
}

function loads(text: string, toolchain: Toolchain): boolean {
  return simulation(text, toolchain.profile).refused === undefined;
}

/** The programs that one step makes of this one. */
export function candidates(source: string): string[] {
  const { file } = parse({ path: 'candidate', text: source, isModel: false });
  const statements: Statement[] = [];
  const texts: string[] = [];
  for (const declaration of file.declarations) {
    for (const node of nodesOf(declaration)) {
      if (node.kind === 'block') {
        statements.push(...(node as Block).statements);
      } else if ('clauses' in node) {
        for (const { body } of node.clauses) {
          statements.push(...body);
        }
      }
    }
  }
  for (const declaration of file.declarations) {
    if (declaration.kind === 'function' && declaration.name.name !== 'main') {
      const { name } = declaration.name;
      const uses = usesOf(source, statements, [name]);
      texts.push(apply(source, [removal(declaration.span), ...uses]));
    }
    if (declaration.kind === 'type' || declaration.kind === 'variable') {
      texts.push(apply(source, [removal(declaration.span)]));
    }
  }
  for (const statement of statements) {
    const names = declaredBy(statement);
    const edits = [removal(statement.span), ...usesOf(source, statements, names)];
    texts.push(apply(source, edits));
    const body = bodyOf(statement);
    if (body !== undefined) {
      const inside = source.slice(body.span.start + 1, body.span.end - 1).trim();
      texts.push(apply(source, [{ ...removal(statement.span), text: inside }]));
    }
  }
  return texts.map(withoutUnusedImports);
}

function removal({ start, end }: { readonly start: number; readonly end: number }): Edit {
  return { start, end, text: '' };
}

/** Removes the innermost statements that mention one of the names. */
function usesOf(
  source: string,
  statements: readonly Statement[],
  names: readonly string[],
): Edit[] {
  if (names.length === 0) {
    return [];
  }
  const pattern = new RegExp(`\\b(?:${names.join('|')})\\b`);
  const using = statements.filter(({ span }) => pattern.test(source.slice(span.start, span.end)));
  return using
    .filter(({ span }) => !using.some((other) => other.span !== span && within(other.span, span)))
    .map(({ span }) => removal(span));
}

function within(
  small: { readonly start: number; readonly end: number },
  large: { readonly start: number; readonly end: number },
): boolean {
  return small.start >= large.start && small.end <= large.end;
}

function declaredBy(statement: Statement): string[] {
  if (statement.kind === 'define') {
    return statement.names.map(({ name }) => name).filter((name) => name !== '_');
  }
  if (statement.kind === 'declaration-statement') {
    return statement.declarations.flatMap((declaration) =>
      declaration.kind === 'type' ? [] : declaration.names.map(({ name }) => name),
    );
  }
  return [];
}

/** The block that may stand for the whole statement. */
function bodyOf(statement: Statement): Block | undefined {
  switch (statement.kind) {
    case 'if':
      return statement.then;
    case 'for':
    case 'range':
      return statement.body;
    case 'expression-statement':
    case 'defer':
    case 'go': {
      const call =
        statement.kind === 'expression-statement' ? statement.expression : statement.call;
      const callee = call.kind === 'call' ? call.callee : call;
      return callee.kind === 'function-literal' ? callee.body : undefined;
    }
    default:
      return undefined;
  }
}

function apply(source: string, edits: readonly Edit[]): string {
  const sorted = [...edits].sort((a, b) => a.start - b.start || b.end - a.end);
  let text = '';
  let at = 0;
  for (const edit of sorted) {
    if (edit.start >= at) {
      text += source.slice(at, edit.start) + edit.text;
      at = edit.end;
    }
  }
  return (text + source.slice(at))
    .replace(/\n\s*\n(\s*\n)+/g, '\n\n')
    .replace(/\n[\t ]+(?=\n)/g, '');
}

function withoutUnusedImports(text: string): string {
  return text.replace(/^\t"(?:\w+\/)?(\w+)"\n/gm, (line, name: string) =>
    new RegExp(`\\b${name}\\.`).test(text) ? line : '',
  );
}
