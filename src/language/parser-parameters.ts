/** Parameter lists, type parameters and constraints. */
import type {
  Identifier,
  NamedTypeNode,
  Parameter,
  TypeNode,
  TypeParameter,
  UnionTypeNode,
} from './ast.ts';
import { parseList } from './parser-core.ts';
import type { Parser } from './parser-core.ts';
import { expressionToType, parseExpression } from './parser-expressions.ts';
import { beginsType, parseNamedType, parseType } from './parser-types.ts';

interface Entry {
  readonly start: number;
  readonly name: Identifier | null;
  readonly type: TypeNode | null;
  readonly variadic: boolean;
  readonly end: number;
}

/** `(a, b int, c ...string)` or `(int, string)`, by Go's rule: either all have names or none. */
export function parseParameters(p: Parser): Parameter[] {
  const open = p.next();
  const entries: Entry[] = [];
  parseList(p, open, ')', 'the parameters', () => entries.push(parseParameterEntry(p)));
  const named = entries.some((entry) => entry.name !== null && entry.type !== null);
  const parameters: Parameter[] = [];
  let type: TypeNode | null = null;
  let variadic = false;
  for (const entry of entries.reverse()) {
    const { start, end, name } = entry;
    if (!named) {
      const own: TypeNode = entry.type ?? nameAsType(name as Identifier);
      const span = { start, end };
      parameters.push({ span, name: null, type: own, variadic: entry.variadic });
      continue;
    }
    if (entry.type !== null) {
      ({ type, variadic } = entry);
    } else {
      variadic = false;
    }
    if (type === null) {
      type = { kind: 'bad', span: { start: end, end } };
      const token = p.tokens[tokenIndexAt(p, start)];
      p.error(token, 'missing-type', `the parameter '${name?.name}' has no type`);
    }
    const span = { start, end: Math.max(end, type.span.end) };
    if (name === null) {
      const token = p.tokens[tokenIndexAt(p, start)];
      p.error(token, 'missing-name', 'some parameters have names and this one has none');
    }
    parameters.push({ span, name, type, variadic });
  }
  return parameters.reverse();
}

/** The index of the token that starts at `offset`, searched backwards from the cursor. */
function tokenIndexAt(p: Parser, offset: number): number {
  let low = 0;
  let high = p.index;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (p.tokens[middle].start <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

function nameAsType(name: Identifier): NamedTypeNode {
  return { kind: 'named-type', span: name.span, packageName: null, name, typeArguments: [] };
}

function parseParameterEntry(p: Parser): Entry {
  const { start } = p.token;
  if (p.at('identifier')) {
    if (p.peek().kind === ':' && beginsType(p.peek(2).kind)) {
      const name = p.takeIdentifier();
      p.unexpected(`the type of '${name.name}'`, "a type follows the name without ':'");
      p.next();
      const type = parseType(p);
      return { start, name, type, variadic: false, end: p.previousEnd };
    }
    return parseNameAndType(p, start);
  }
  const variadic = p.eat('...');
  const type = parseType(p, 'a parameter');
  return {
    start: Math.min(start, type.span.start),
    name: null,
    type,
    variadic,
    end: p.previousEnd,
  };
}

/** What begins with an identifier: `T`, `pkg.T`, `T[A]`, `name T`, `name [N]T`, `name ...T`. */
function parseNameAndType(p: Parser, start: number): Entry {
  const following = p.peek().kind;
  if (following === '.') {
    const type = parseNamedType(p);
    return { start, name: null, type, variadic: false, end: p.previousEnd };
  }
  const name = p.takeIdentifier();
  if (p.at('[') && p.peek().kind !== ']') {
    const { type, isArray } = parseArrayOrInstance(p, name);
    const own = isArray ? name : null;
    return { start, name: own, type, variadic: false, end: p.previousEnd };
  }
  const variadic = p.eat('...');
  if (!variadic && !beginsType(p.kind)) {
    return { start, name, type: null, variadic, end: p.previousEnd };
  }
  const type = parseType(p);
  return { start, name, type, variadic, end: p.previousEnd };
}

/**
 * After `name`, at `[x`: an array type `[x]T` or the instantiation `name[x, y]`: told apart by what
 * follows the `]`.
 */
export function parseArrayOrInstance(
  p: Parser,
  name: Identifier,
): { type: TypeNode; isArray: boolean } {
  const open = p.next();
  if (p.at('...')) {
    p.next();
    p.expect(']', "after '...'");
    const element = parseType(p);
    const span = p.span(open.start);
    return { type: { kind: 'array-type', span, length: null, element }, isArray: true };
  }
  const indices: ReturnType<typeof parseExpression>[] = [];
  parseList(p, open, ']', 'the brackets', () => indices.push(parseExpression(p)));
  if (indices.length === 1 && beginsType(p.kind)) {
    const element = parseType(p);
    const span = p.span(open.start);
    return { type: { kind: 'array-type', span, length: indices[0], element }, isArray: true };
  }
  const typeArguments = indices.map((index) => expressionToType(p, index));
  const span = p.span(name.span.start);
  const type: TypeNode = { kind: 'named-type', span, packageName: null, name, typeArguments };
  return { type, isArray: false };
}

/** `[K comparable, V any]`; the cursor is before the `[`. */
export function parseTypeParameters(p: Parser): TypeParameter[] {
  const open = p.next();
  const found: { name: Identifier; constraint: TypeNode | null }[] = [];
  parseList(p, open, ']', 'the type parameters', () => {
    const name = p.identifier('the name of a type parameter');
    const bare = p.at(',') || p.at(']');
    found.push({ name, constraint: bare ? null : parseConstraint(p) });
  });
  let constraint: TypeNode | null = null;
  const parameters: TypeParameter[] = [];
  for (const entry of found.reverse()) {
    constraint = entry.constraint ?? constraint;
    const { name } = entry;
    if (constraint === null) {
      const help = `write [${name.name} any]`;
      const token = p.tokens[tokenIndexAt(p, name.span.start)];
      p.error(token, 'missing-type', `the type parameter '${name.name}' has no constraint`, help);
      constraint = { kind: 'bad', span: { start: name.span.end, end: name.span.end } };
    }
    const end = Math.max(name.span.end, constraint.span.end);
    parameters.push({ span: { start: name.span.start, end }, name, constraint });
  }
  return parameters.reverse();
}

/** `any`, `~int | ~string`. */
export function parseConstraint(p: Parser): TypeNode {
  const { start } = p.token;
  const terms: UnionTypeNode['terms'][number][] = [];
  do {
    const tilde = p.eat('~');
    terms.push({ tilde, type: parseType(p, 'a constraint') });
  } while (p.eat('|'));
  if (terms.length === 1 && !terms[0].tilde) return terms[0].type;
  // A type that is missing lies at the end of what is before it.
  const first = Math.min(start, terms[0].type.span.start);
  return { kind: 'union-type', span: p.span(first), terms };
}
