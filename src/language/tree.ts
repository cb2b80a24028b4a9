/** Walking a syntax tree without knowing its kinds. */
import type { Node } from './ast.ts';

/**
 * The nodes directly below `node`, in the order of the text.
 *
 * What a constant repeats from the line above (see ConstantDeclaration) belongs to that line, and
 * is not given again.
 */
export function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  for (const [key, value] of Object.entries(node)) {
    if (key !== 'span' && key !== 'source' && typeof value === 'object') collect(value, children);
  }
  const { start, end } = node.span;
  const kind = 'kind' in node ? node.kind : undefined;
  const own =
    kind === 'constant'
      ? children.filter((child) => child.span.start >= start && child.span.end <= end)
      : children;
  return own.sort((a, b) => a.span.start - b.span.start || b.span.end - a.span.end);
}

function collect(value: object | null, children: Node[]): void {
  if (value === null) return;
  if ('span' in value) {
    children.push(value as Node);
    return;
  }
  for (const inner of Object.values(value)) {
    if (typeof inner === 'object') collect(inner, children);
  }
}

/**
 * The depth of a tree (1 for a leaf) and a node that lies there; without recursion.
 *
 * `a, b T` share the node of their type: each node is visited once, or nested groups would take
 * exponential time.
 */
export function deepestNode(root: Node): { depth: number; node: Node } {
  let deepest = { depth: 1, node: root };
  const pending = [deepest];
  const visited = new Set<Node>();
  for (let entry = pending.pop(); entry !== undefined; entry = pending.pop()) {
    if (entry.depth > deepest.depth) deepest = entry;
    const depth = entry.depth + 1;
    for (const node of childrenOf(entry.node)) {
      if (visited.has(node)) continue;
      visited.add(node);
      pending.push({ depth, node });
    }
  }
  return deepest;
}
