/**
 * Model files: a scenario reaches about half of their functions, so a body is parsed when somebody
 * asks for its statements. Models are formatted: a body that begins at the end of the line of its
 * `func` ends at the first line that begins with a brace.
 */
import type { Block, FileNode, FunctionDeclaration, Statement } from './ast.ts';
import type { Diagnostic, SourceFile, Span } from './diagnostics.ts';
import { lexPart } from './lexer.ts';
import { Parser } from './parser-core.ts';
import { parseBlock } from './parser-statements.ts';
import { parseFile } from './parser.ts';

/**
 * The tree that `parse` gives for a formatted model, with bodies that are parsed late. Throws
 * (“internal error: …”) for a mistake in the model; for one in a body when that is parsed.
 */
export function parseModel(source: SourceFile): FileNode {
  const bodies = bodiesOf(source.text);
  const whole = { start: 0, end: source.text.length };
  const file = parsed(source, whole, bodies, parseFile);
  const starts = new Set(bodies.map((body) => body.start));
  const declarations = file.declarations.map((declaration) => {
    if (declaration.kind !== 'function' || declaration.body === null) return declaration;
    const { span } = declaration.body;
    return starts.has(span.start) ? withLateBody(declaration, source, span) : declaration;
  });
  return { ...file, declarations };
}

function withLateBody(
  declaration: FunctionDeclaration,
  source: SourceFile,
  span: Span,
): FunctionDeclaration {
  return { ...declaration, body: new LateBlock(source, span) };
}

/** A block whose statements are parsed when they are first asked for. */
class LateBlock implements Block {
  readonly kind = 'block';
  readonly span: Span;
  readonly #source: SourceFile;
  #statements: readonly Statement[] | null = null;

  constructor(source: SourceFile, span: Span) {
    this.span = span;
    this.#source = source;
  }

  get statements(): readonly Statement[] {
    this.#statements ??= parsed(this.#source, this.span, [], (p) => parseBlock(p)).statements;
    return this.#statements;
  }
}

/** Where the bodies of functions are, with their braces. */
function bodiesOf(text: string): Span[] {
  const found: Span[] = [];
  let at = text.indexOf('\nfunc ');
  while (at >= 0) {
    const lineEnd = text.indexOf('\n', at + 1);
    let next = lineEnd;
    if (text.charCodeAt(lineEnd - 1) === 123) {
      const close = text.indexOf('\n}', lineEnd);
      if (close < 0) break;
      found.push({ start: lineEnd - 1, end: close + 2 });
      next = close;
    }
    at = next < 0 ? -1 : text.indexOf('\nfunc ', next);
  }
  return found;
}

/** What `parse` makes of a part of a model that has no mistakes. */
function parsed<T>(
  source: SourceFile,
  part: Span,
  skipped: readonly Span[],
  parse: (p: Parser) => T,
): T {
  const lexed = lexPart(source, part, skipped);
  const p = new Parser(source, lexed, new Set());
  const result = parse(p);
  // A line ends behind a brace that closes.
  p.eat(';');
  const mistakes: Diagnostic[] = [...lexed.diagnostics, ...p.diagnostics];
  if (mistakes.length > 0 || p.kind !== 'end') {
    const message = mistakes[0]?.message ?? `the body at ${part.start} ends too early`;
    throw new Error(
      `internal error: model ${source.path} does not parse (${message}), please report`,
    );
  }
  return result;
}
