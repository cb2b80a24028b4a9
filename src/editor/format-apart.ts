/** Between which declarations a blank line stands. */
import type { FileNode, Node, Statement } from '../language/ast.ts';
import type { Comment, Token } from '../language/tokens.ts';
import type { Collector } from './format-hints.ts';

interface DeclarationStart {
  readonly token: Token;
  readonly kind: string;
}

/** Sets declarations apart as gofmt does: where their kind changes and above a comment on them. */
export function separateDeclarations(
  c: Collector,
  file: FileNode,
  comments: readonly Comment[],
): void {
  const { declarations, imports, runtime, packageName } = file;
  const { text } = file.source;
  const commented = new Set<number>();
  for (const comment of comments) {
    const breaks = text.slice(comment.start, comment.end).split('\n').length;
    if (beginsLine(text, comment.start)) commented.add(comment.line + breaks);
  }
  const nodes = [...imports, ...declarations, ...(runtime === null ? [] : [runtime])];
  const starts = nodes.flatMap((node): DeclarationStart[] => {
    const token = declarationStart(c, node);
    return token === null ? [] : [{ token, kind: node.kind }];
  });
  if (packageName !== null) {
    const token = c.before(packageName.span.start);
    starts.push({ token, kind: 'package' });
  }
  starts.sort((a, b) => a.token.start - b.token.start);
  for (const [index, { token, kind }] of starts.entries()) {
    const previous = starts[index - 1];
    const apart = kind !== previous?.kind || commented.has(token.line);
    if (apart) c.hints.apart.add(token.start);
  }
}

/** The token that begins a declaration: its keyword; null for the later lines of a group. */
function declarationStart(c: Collector, node: Node): Token | null {
  const first = c.tokenAfter(node.span.start);
  const { kind } = node as Statement | FileNode['imports'][number];
  const mayGroup = kind === 'import' || String(kind) === 'variable' || String(kind) === 'constant';
  if (!mayGroup && String(kind) !== 'type') return first;
  if (['import', 'var', 'const', 'type'].includes(first.kind)) return first;
  const open = c.before(first.start);
  return open.kind === '(' ? c.before(open.start) : null;
}

/** Whether only blanks stand before an offset on its line. */
function beginsLine(text: string, offset: number): boolean {
  let at = offset - 1;
  while (at >= 0 && (text[at] === ' ' || text[at] === '\t')) at--;
  return at < 0 || text[at] === '\n';
}
