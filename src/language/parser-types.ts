/** Types, parameter lists and type parameters. */
import type {
  FieldNode,
  FunctionTypeNode,
  Identifier,
  InterfaceTypeNode,
  NamedTypeNode,
  Parameter,
  StructTypeNode,
  TypeNode,
} from './ast.ts';
import { stringValue } from './literals.ts';
import { parseList } from './parser-core.ts';
import type { Parser } from './parser-core.ts';
import { parseExpression } from './parser-expressions.ts';
import { atDeclaration, skipToLineEnd } from './parser-recovery.ts';
import { parseArrayOrInstance, parseConstraint, parseParameters } from './parser-parameters.ts';
import type { TokenKind } from './tokens.ts';

const BEGINS_TYPE: ReadonlySet<TokenKind> = new Set<TokenKind>([
  'identifier',
  '*',
  '[',
  'map',
  'chan',
  'func',
  'struct',
  'interface',
  '(',
  '<-',
]);

/** Whether a type may begin with this token. */
export function beginsType(kind: TokenKind): boolean {
  return BEGINS_TYPE.has(kind);
}

/** A type, or a bad node with a diagnostic that nothing was consumed for. */
export function parseType(p: Parser, what = 'a type'): TypeNode {
  p.enter();
  const type = parseTypeUnguarded(p, what);
  p.depth--;
  return type;
}

function parseTypeUnguarded(p: Parser, what: string): TypeNode {
  const { start } = p.token;
  switch (p.kind) {
    case 'identifier':
      return parseNamedType(p);
    case '*': {
      p.next();
      const element = parseType(p);
      return { kind: 'pointer-type', span: p.span(start), element };
    }
    case '[':
      return parseArrayOrSliceType(p);
    case 'map':
      return parseMapType(p);
    case 'chan':
    case '<-':
      return parseChannelType(p);
    case 'func': {
      if (atDeclaration(p)) break;
      p.next();
      const signature = parseSignature(p);
      return { ...signature, span: p.span(start) };
    }
    case 'struct':
      return parseStructType(p);
    case 'interface':
      return parseInterfaceType(p);
    case '(': {
      p.next();
      const inner = parseType(p);
      p.expect(')', 'after the type');
      return inner;
    }
    default:
      break;
  }
  p.unexpected(what, typeHelp(p));
  return p.bad(start);
}

function typeHelp(p: Parser): string | undefined {
  if (p.kind === '&') return "a pointer type is written '*T'";
  if (p.kind === ':') return "a type follows the name without ':'";
  return undefined;
}

/** `T`, `pkg.T`, `T[A, B]`. */
export function parseNamedType(p: Parser): NamedTypeNode {
  const { start } = p.token;
  let name = p.takeIdentifier();
  let packageName: Identifier | null = null;
  if (p.eat('.')) {
    packageName = name;
    name = p.identifier("the type's name after '.'");
  }
  let typeArguments: TypeNode[] = [];
  if (p.at('[') && p.peek().kind !== ']') typeArguments = parseTypeArguments(p);
  return { kind: 'named-type', span: p.span(start), packageName, name, typeArguments };
}

function parseTypeArguments(p: Parser): TypeNode[] {
  const open = p.next();
  const types: TypeNode[] = [];
  parseList(p, open, ']', 'the type arguments', () => types.push(parseType(p)));
  return types;
}

/** `[]T`, `[N]T`, `[...]T`. */
function parseArrayOrSliceType(p: Parser): TypeNode {
  const { start } = p.next();
  if (p.eat(']')) {
    const element = parseType(p, "the type of the elements after '[]'");
    return { kind: 'slice-type', span: p.span(start), element };
  }
  let length = null;
  if (!p.eat('...')) {
    const { inHeader } = p;
    p.inHeader = false;
    length = parseExpression(p, 'the length of the array');
    p.inHeader = inHeader;
  }
  p.expect(']', "after the array's length");
  const element = parseType(p, "the type of the elements after ']'");
  return { kind: 'array-type', span: p.span(start), length, element };
}

function parseMapType(p: Parser): TypeNode {
  const { start } = p.next();
  p.expect('[', "after 'map'", 'a map type is written map[K]V');
  const key = parseType(p, 'the type of the keys');
  p.expect(']', 'after the type of the keys');
  const value = parseType(p, 'the type of the values');
  return { kind: 'map-type', span: p.span(start), key, value };
}

function parseChannelType(p: Parser): TypeNode {
  const { start } = p.token;
  let direction: 'both' | 'send' | 'receive' = 'both';
  if (p.eat('<-')) {
    direction = 'receive';
    p.expect('chan', "after '<-' in a type");
  } else {
    p.next();
    if (p.eat('<-')) direction = 'send';
  }
  const element = parseType(p, "the type of the elements after 'chan'");
  return { kind: 'channel-type', span: p.span(start), direction, element };
}

/** Parameters and results; the cursor is before the `(`. */
export function parseSignature(
  p: Parser,
  where: 'type' | 'declaration' = 'type',
): FunctionTypeNode {
  const { start } = p.token;
  let parameters: Parameter[] = [];
  if (p.at('(')) parameters = parseParameters(p);
  else p.unexpected("'(' before the parameters");
  const results = parseResults(p, where);
  return { kind: 'function-type', span: p.span(start), parameters, results };
}

function parseResults(p: Parser, where: 'type' | 'declaration'): Parameter[] {
  // `case func(): x()` is valid: a colon is a slip in declarations only.
  if (p.at('->') || (p.at(':') && where === 'declaration') || p.at('=>')) {
    if (!beginsType(p.peek().kind)) return [];
    const message = `unexpected '${p.kind}' before the result type`;
    p.error(p.token, 'foreign-syntax', message, 'the result types follow the parameters directly');
    p.next();
  }
  if (p.at('(')) return parseParameters(p);
  if (!beginsType(p.kind) || atDeclaration(p)) return [];
  const type = parseType(p);
  return [{ span: type.span, name: null, type, variadic: false }];
}

function parseStructType(p: Parser): StructTypeNode {
  const { start } = p.next();
  const fields: FieldNode[] = [];
  parseMembers(p, "after 'struct'", 'a field', () => parseFields(p, fields));
  return { kind: 'struct-type', span: p.span(start), fields };
}

function parseInterfaceType(p: Parser): InterfaceTypeNode {
  const { start } = p.next();
  const methods: InterfaceTypeNode['methods'][number][] = [];
  const embedded: TypeNode[] = [];
  parseMembers(p, "after 'interface'", 'a method', () => {
    if (p.at('identifier') && p.peek().kind === '(') {
      const name = p.takeIdentifier();
      methods.push({ name, signature: parseSignature(p) });
    } else {
      embedded.push(parseConstraint(p));
    }
  });
  return { kind: 'interface-type', span: p.span(start), methods, embedded };
}

/** Where these stand, the `}` is missing. */
const NO_MEMBER: ReadonlySet<TokenKind> = new Set<TokenKind>([
  'func',
  'type',
  'var',
  'const',
  'import',
  'package',
]);

/** The lines between the braces of a struct or interface. */
function parseMembers(p: Parser, where: string, what: string, member: () => void): void {
  const open = p.token;
  if (!p.expect('{', where)) return;
  while (!p.at('}') && !p.at('end')) {
    if (p.eat(';')) continue;
    if (NO_MEMBER.has(p.kind) || atDeclaration(p)) break;
    const before = p.index;
    member();
    if (p.eat(';') || p.at('}')) continue;
    const help = p.at(',') ? 'each stands on its own line, without a comma' : undefined;
    p.unexpected(`the end of ${what}`, help);
    if (p.eat(',')) continue;
    skipToLineEnd(p);
    if (p.index === before) p.next();
  }
  if (p.eat('}')) return;
  p.missingBraceReported = true;
  p.error(open, 'missing-brace', "this '{' is never closed", "add '}'");
}

function parseFields(p: Parser, fields: FieldNode[]): void {
  const { start } = p.token;
  const following = p.peek();
  const embeds = following.kind === ';' || following.kind === '}' || following.kind === '.';
  if (p.at('*') || (p.at('identifier') && (embeds || following.kind === 'string'))) {
    const type = parseType(p);
    fields.push(embeddedField(p, start, type));
    return;
  }
  const names = [p.identifier("a field's name")];
  if (p.at('[') && p.peek().kind !== ']') {
    const { type, isArray } = parseArrayOrInstance(p, names[0]);
    if (isArray) pushFields(p, fields, names, type);
    else fields.push(embeddedField(p, start, type));
    return;
  }
  while (p.eat(',')) names.push(p.identifier("a field's name"));
  if (p.at(':')) {
    p.unexpected("the field's type", "a type follows the name without ':'");
    p.next();
  }
  const type = parseType(p, "the field's type");
  pushFields(p, fields, names, type);
}

function pushFields(p: Parser, fields: FieldNode[], names: Identifier[], type: TypeNode): void {
  const tag = parseTag(p);
  for (const name of names) {
    fields.push({ span: p.span(name.span.start), name, type, embedded: false, tag });
  }
}

function embeddedField(p: Parser, start: number, type: TypeNode): FieldNode {
  const target = type.kind === 'pointer-type' ? type.element : type;
  let name: Identifier = { kind: 'identifier', name: '_', span: type.span };
  if (target.kind === 'named-type') ({ name } = target);
  else if (target.kind !== 'bad') p.unexpected('a type name to embed');
  const tag = parseTag(p);
  const span = p.span(Math.min(start, type.span.start));
  return { span, name, type, embedded: true, tag };
}

function parseTag(p: Parser): string | null {
  if (!p.at('string')) return null;
  return stringValue(p.wordOf(p.next()));
}
