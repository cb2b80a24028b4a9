/** Selection ranges: what "expand selection" selects, step by step, from the inside out. */
import type { FileNode, Node } from '../language/ast.ts';
import type { Span } from '../language/diagnostics.ts';
import { childrenOf } from '../language/tree.ts';

/**
 * The spans around `offset`, innermost first, each larger than the one before; the last is the
 * file. A block gives two steps: its statements, then the block with its braces.
 */
export function selectionRanges(file: FileNode, offset: number): Span[] {
  const outermostFirst: Span[] = [];
  let node: Node | undefined = file;
  while (node !== undefined) {
    push(outermostFirst, node.span);
    const children: Node[] = childrenOf(node);
    if ('kind' in node && node.kind === 'block' && children.length > 0) {
      const { start } = children[0].span;
      const { end } = children[children.length - 1].span;
      if (start <= offset && offset <= end) push(outermostFirst, { start, end });
    }
    node = childAt(children, offset);
  }
  return outermostFirst.reverse();
}

/** The child that holds `offset`; of two that touch there, the one that begins. */
function childAt(children: readonly Node[], offset: number): Node | undefined {
  let found: Node | undefined;
  for (const child of children) {
    const { start, end } = child.span;
    if (start <= offset && offset <= end && end > start) found = child;
  }
  return found;
}

function push(spans: Span[], span: Span): void {
  const last = spans.at(-1);
  if (last !== undefined && last.start === span.start && last.end === span.end) return;
  spans.push({ start: span.start, end: span.end });
}
