/** Functions, variables, constants and types. */
import type {
  ConstantDeclaration,
  Expression,
  FunctionDeclaration,
  Identifier,
  Parameter,
  TypeDeclaration,
  TypeNode,
  TypeParameter,
  VariableDeclaration,
} from './ast.ts';
import type { Parser } from './parser-core.ts';
import { parseExpressionList } from './parser-expressions.ts';
import { atDeclaration, skipToLineEnd } from './parser-recovery.ts';
import { parseBody } from './parser-statements.ts';
import { parseParameters, parseTypeParameters } from './parser-parameters.ts';
import { beginsType, parseSignature, parseType } from './parser-types.ts';
import type { Token } from './tokens.ts';

/** A function behind its `func`, with its receiver; `start` is where the keyword begins. */
export function parseFunctionRest(p: Parser, start: number): FunctionDeclaration {
  const header = p.tokens[p.index - 1];
  let receiver: Parameter | null = null;
  if (p.at('(')) {
    const open = p.token;
    const receivers = parseParameters(p);
    receiver = receivers[0] ?? null;
    if (receivers.length !== 1) {
      p.error(open, 'unexpected-token', `a method has one receiver, not ${receivers.length}`);
    }
  }
  const name = p.identifier("the function's name");
  const typeParameters: TypeParameter[] = p.at('[') ? parseTypeParameters(p) : [];
  const signature = parseSignature(p, 'declaration');
  const hasBody = p.at(';') ? p.peek().kind === '{' : !p.at('end') && !atDeclaration(p);
  const { clauseDepth } = p;
  p.clauseDepth = 0;
  const body = hasBody ? parseBody(p, "before the function's body", header) : null;
  p.clauseDepth = clauseDepth;
  const span = p.span(start);
  return { kind: 'function', span, name, receiver, typeParameters, signature, body };
}

type GroupMember = VariableDeclaration | ConstantDeclaration | TypeDeclaration;

/** `var …`, `const …` or `type …`, single or in parentheses. */
export function parseGroup(p: Parser): GroupMember[] {
  const keyword = p.next();
  const members: GroupMember[] = [];
  const parse = memberParser(p, keyword);
  if (!p.at('(')) {
    members.push(parse(keyword.start));
    return members;
  }
  const open = p.next();
  while (!p.at(')') && !p.at('}') && !p.at('end') && !atDeclaration(p)) {
    if (p.eat(';')) continue;
    const before = p.index;
    // A missing name lies behind the last token, before where this line began.
    members.push(parse(p.at('identifier') ? p.token.start : p.previousEnd));
    if (p.at(';') || p.at(')')) continue;
    p.unexpected(`the end of the line in '${keyword.kind} (…)'`);
    skipToLineEnd(p);
    if (p.index === before) p.next();
  }
  if (!p.eat(')')) {
    p.missingBraceReported = true;
    p.error(open, 'unclosed-bracket', `'(' of '${keyword.kind}' is never closed`);
  }
  return members;
}

/** The parser for one member of a group; constants carry what later lines repeat. */
function memberParser(p: Parser, keyword: Token): (start: number) => GroupMember {
  if (keyword.kind === 'var') return (start) => parseVariable(p, start);
  if (keyword.kind === 'type') return (start) => parseTypeDeclaration(p, start);
  let previous: ConstantDeclaration | null = null;
  return (start) => {
    previous = parseConstant(p, start, previous);
    return previous;
  };
}

function parseNames(p: Parser, what: string): Identifier[] {
  const names = [p.identifier(what)];
  while (p.eat(',')) names.push(p.identifier("a name after ','"));
  return names;
}

/** The type of a variable or constant, after its names; absent before `=`. */
function parseOptionalType(p: Parser): TypeNode | null {
  if (p.at(':') && beginsType(p.peek().kind)) {
    p.error(p.token, 'foreign-syntax', "unexpected ':'", "a type follows the name without ':'");
    p.next();
  }
  return beginsType(p.kind) ? parseType(p) : null;
}

function parseValues(p: Parser): Expression[] {
  if (p.at(':=')) {
    const help = "'var' and 'const' give values with '='";
    p.error(p.token, 'foreign-syntax', "unexpected ':='", help);
    p.next();
  } else if (!p.eat('=')) {
    return [];
  }
  return parseExpressionList(p, 'a value');
}

function parseVariable(p: Parser, start: number): VariableDeclaration {
  const names = parseNames(p, "a name after 'var'");
  const type = parseOptionalType(p);
  const values = parseValues(p);
  if (type === null && values.length === 0 && (p.at(';') || p.at(')'))) {
    p.unexpected("a type or '=' after the name");
  }
  return { kind: 'variable', span: p.span(start), names, type, values };
}

function parseConstant(
  p: Parser,
  start: number,
  previous: ConstantDeclaration | null,
): ConstantDeclaration {
  const names = parseNames(p, "a name after 'const'");
  let type = parseOptionalType(p);
  let values = parseValues(p);
  const span = p.span(start);
  if (values.length === 0) {
    if (previous === null || type !== null) {
      if (p.at(';') || p.at(')')) p.unexpected("'=' and a value: a constant has one");
    } else {
      ({ type } = previous);
      values = [...previous.values];
    }
  }
  const iota = previous === null ? 0 : previous.iota + 1;
  return { kind: 'constant', span, names, type, values, iota };
}

function parseTypeDeclaration(p: Parser, start: number): TypeDeclaration {
  const name = p.identifier("the type's name");
  const typeParameters = atTypeParameters(p) ? parseTypeParameters(p) : [];
  const alias = p.eat('=');
  const type = parseType(p, `the type that '${name.name}' names`);
  return { kind: 'type', span: p.span(start), name, typeParameters, alias, type };
}

/** At `[` behind a type's name: type parameters, or the length of an array type. */
function atTypeParameters(p: Parser): boolean {
  if (!p.at('[') || p.peek().kind !== 'identifier') return false;
  const after = p.peek(2).kind;
  if (after === ']' || after === '.') return false;
  if (after === ',' || after === '~' || after === 'identifier') return true;
  if (after === 'interface' || after === 'func' || after === 'map' || after === 'chan') return true;
  if (after === 'struct' || after === '[') return true;
  // `[P *T,]` and `[P (T),]` are parameters, `[N * M]T` and `[N (M)]T` a length: what tells them
  // apart is a comma or a union.
  if (after !== '*' && after !== '(') return false;
  for (let i = p.index + 3; i < p.tokens.length; i++) {
    const { kind } = p.tokens[i];
    if (kind === ',' || kind === '|') return true;
    if (kind === ']' || kind === ';' || kind === 'end') return false;
  }
  return false;
}
