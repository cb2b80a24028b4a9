/**
 * Syntax trees as text, for tests and for people: `(binary operator=+ a (call f b))`.
 *
 * Identifiers and plain type names stand for themselves, `null` fields and false flags are left
 * out, fields that may be absent carry their name, what fits on a line is on one line.
 */
import type { Node } from '../../src/language/ast.ts';

const LINE_WIDTH = 96;

/** Fields whose meaning their place in the node tells. */
const UNNAMED = new Set([
  'name',
  'names',
  'type',
  'element',
  'body',
  'left',
  'right',
  'operand',
  'expression',
  'inner',
  'object',
  'indices',
  'callee',
  'arguments',
  'statements',
  'statement',
  'declarations',
  'clauses',
  'values',
  'elements',
  'fields',
  'methods',
  'terms',
  'call',
  'channel',
  'then',
  'parts',
  'imports',
]);

/** Prints a tree, over several lines where it is wider than 96 columns. */
export function printTree(node: Node): string {
  return layout(describe(node), 0);
}

type Piece = string | { readonly head: string; readonly pieces: readonly Piece[] };

function describe(value: object): Piece {
  const { kind, name, packageName, typeArguments } = value as Readonly<{
    kind?: string;
    name?: unknown;
    packageName?: unknown;
    typeArguments?: unknown;
  }>;
  if (kind === 'identifier' && typeof name === 'string') return name;
  if (kind === 'named-type' && packageName === null && isEmpty(typeArguments)) {
    return (name as { name: string }).name;
  }
  const words = kind === undefined ? [] : [kind];
  const pieces: Piece[] = [];
  for (const [key, field] of Object.entries(value)) {
    if (key === 'kind' || key === 'span' || key === 'source' || key.endsWith('Span')) continue;
    if (field === null || field === false || isEmpty(field)) continue;
    if (typeof field === 'object') pieces.push(...describeField(key, field));
    else words.push(scalar(key, field as Scalar));
  }
  return { head: words.join(' '), pieces };
}

function isEmpty(field: unknown): boolean {
  return Array.isArray(field) && field.length === 0;
}

type Scalar = string | number | bigint | boolean;

function scalar(key: string, field: Scalar): string {
  if (field === true) return key;
  // Bytes that are no UTF-8 are lone surrogates, which a file cannot hold.
  const quoted = typeof field === 'string' && /[\s"()\udc80-\udcff]/u.test(field);
  return `${key}=${quoted ? JSON.stringify(field) : field}`;
}

function describeField(key: string, field: object): Piece[] {
  const list = Array.isArray(field);
  const pieces: Piece[] = (list ? field : [field]).map((item: unknown) => {
    if (item === null) return 'null';
    return typeof item === 'object' ? describe(item) : JSON.stringify(item);
  });
  if (UNNAMED.has(key)) return pieces;
  return [{ head: `${key}:`, pieces }];
}

function layout(piece: Piece, indent: number): string {
  const line = flat(piece);
  if (typeof piece === 'string' || indent + line.length <= LINE_WIDTH) return line;
  const inner = piece.pieces.map(
    (part) => `\n${' '.repeat(indent + 2)}${layout(part, indent + 2)}`,
  );
  return `(${piece.head}${inner.join('')})`;
}

function flat(piece: Piece): string {
  if (typeof piece === 'string') return piece;
  const inner = piece.pieces.map(flat);
  const words = piece.head === '' ? inner : [piece.head, ...inner];
  return `(${words.join(' ')})`;
}
