/** The order in which the variables of a package are initialised. */
import type { Checker } from './checker.ts';
import type { GlobalEntity, Initializer, Package } from './entities.ts';
import { invalidType } from './type-store.ts';
import type { TypedFunction } from './typed.ts';

interface Node {
  readonly member: GlobalEntity;
  /** Variables that it needs, also through functions; emptied as they are initialised. */
  readonly needs: Set<GlobalEntity>;
  readonly neededBy: Node[];
  /** Place among the declarations of the package. */
  readonly order: number;
}

/**
 * The initialisers of a package in the order of Go's own compiler: again and again the
 * variable with the fewest open needs, the first declared among equals. Variables without a value
 * take part, which can be seen: they let later declarations go first. Constants are known before.
 */
export function orderInitializers(checker: Checker, home: Package): Initializer[] {
  const initializers = new Map<GlobalEntity, Initializer>();
  for (const one of checker.initializers) {
    if (one.file.package !== home) continue;
    for (const entity of one.globals) initializers.set(entity, one);
  }
  if (initializers.size === 0) return [];
  const waiting = nodesOf(checker, home);
  const ordered = new Set<Initializer>();
  while (waiting.size > 0) {
    const next = fewestNeeds(waiting);
    waiting.delete(next);
    if (next.needs.size > 0) reportCycle(checker, next);
    for (const node of next.neededBy) node.needs.delete(next.member);
    const initializer = initializers.get(next.member);
    if (initializer) ordered.add(initializer);
  }
  return [...ordered];
}

function nodesOf(checker: Checker, home: Package): Set<Node> {
  const reached = home.globals.filter((one) => one.variable !== null);
  const files = new Map(home.files.map((file, index) => [file, index]));
  const place = ({ file, node }: GlobalEntity): number =>
    (files.get(file) ?? 0) * 1e9 + node.span.start;
  reached.sort((a, b) => place(a) - place(b));
  const nodes = new Map<GlobalEntity, Node>();
  for (const [order, member] of reached.entries()) {
    nodes.set(member, { member, needs: needsOf(checker, member), neededBy: [], order });
  }
  for (const node of nodes.values()) {
    for (const member of node.needs) {
      const needed = nodes.get(member);
      if (needed) needed.neededBy.push(node);
      else node.needs.delete(member);
    }
  }
  return new Set(nodes.values());
}

function fewestNeeds(waiting: ReadonlySet<Node>): Node {
  let best: Node | null = null;
  for (const node of waiting) {
    if (node.needs.size === 0) return node;
    if (!best || node.needs.size < best.needs.size) best = node;
  }
  if (!best) throw new Error('internal error: nothing left to initialise, please report');
  return best;
}

function needsOf(checker: Checker, member: GlobalEntity): Set<GlobalEntity> {
  const found = new Set<GlobalEntity>();
  const seen = new Set<TypedFunction>();
  const pending = [...member.references];
  for (let next = pending.pop(); next; next = pending.pop()) {
    if ('declaration' in next) found.add(next);
    else if (!seen.has(next)) {
      seen.add(next);
      pending.push(...(checker.references.get(next) ?? []));
    }
  }
  return found;
}

function reportCycle(checker: Checker, { member }: Node): void {
  if (member.variable?.type === invalidType) return;
  const { file, node } = member;
  const message = `initialization cycle: ${node.name} refers to itself`;
  checker.report(file.source, node.span, 'initialization-cycle', message);
}
