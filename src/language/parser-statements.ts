/** Statements and blocks. */
import type {
  Block,
  BranchStatement,
  Expression,
  Identifier,
  IfStatement,
  Statement,
} from './ast.ts';
import type { Parser } from './parser-core.ts';
import { parseFunctionRest, parseGroup } from './parser-declarations.ts';
import { parseExpression, parseExpressionList } from './parser-expressions.ts';
import { parseSimpleStatement } from './parser-simple.ts';
import { parseFor, parseForRest, parseSelect, parseSwitch } from './parser-control.ts';
import {
  atDeclaration,
  isForeignFunction,
  skipForeignBlock,
  skipForeignDefinition,
  skipForeignLoop,
  skipToLineEnd,
  statementHelp,
} from './parser-recovery.ts';
import type { Token } from './tokens.ts';

/** `{ … }`; without the `{`, reports and gives an empty block. */
export function parseBlock(p: Parser, where = 'before the body'): Block {
  const open = p.token;
  if (!p.expect('{', where)) return { kind: 'block', span: p.span(open.start), statements: [] };
  const { inHeader } = p;
  p.inHeader = false;
  const statements = parseStatementList(p);
  p.inHeader = inHeader;
  closeBlock(p, open);
  return { kind: 'block', span: p.span(open.start), statements };
}

/** Consumes the `}` of a block, or says which `{` lacks its own. */
export function closeBlock(p: Parser, open: Token): void {
  if (p.at('}')) {
    const dedented = p.beginsLine(p.index) && p.indentOf(p.token) < p.indentOf(open);
    if (dedented && p.suspiciousBrace === null) p.suspiciousBrace = open;
    p.next();
    return;
  }
  if (p.missingBraceReported) return;
  p.missingBraceReported = true;
  const help = "add the '}' that closes it";
  p.error(p.suspiciousBrace ?? open, 'missing-brace', "this '{' is never closed", help);
}

/** Statements up to a `}`, a `case`, a declaration that no body can hold, or the file's end. */
export function parseStatementList(p: Parser, deeperThan = -1): Statement[] {
  const statements: Statement[] = [];
  while (!p.at('}') && !p.at('end') && !atDeclaration(p)) {
    const line = p.at(';') ? p.peek() : p.token;
    if (deeperThan >= 0 && p.indentOf(line) <= deeperThan && line.line > p.lastLine()) break;
    if (p.eat(';')) continue;
    if (p.at('case') || p.at('default')) {
      if (p.clauseDepth > 0) break;
      p.error(p.token, 'unexpected-token', `${p.found()} outside a switch or select`);
      skipToLineEnd(p);
      if (p.at('case') || p.at('default')) p.next();
      continue;
    }
    const first = p.token;
    const before = p.index;
    statements.push(parseStatement(p));
    if (!p.at(';') && !p.at('}')) recoverStatement(p, first, before);
  }
  return statements;
}

/** Reports that a statement goes on where it should end, and skips what belongs to it. */
function recoverStatement(p: Parser, first: Token, before: number): void {
  if (p.at('end') || p.at('case') || p.at('default') || atDeclaration(p)) return;
  p.unexpected('the end of the statement', statementHelp(p, first));
  skipToLineEnd(p);
  if (p.at('{')) {
    // The block behind what was not understood: its statements are read, its value is dropped.
    parseBlock(p);
    while (p.at(')') || p.at(']') || p.at(',') || p.at('(')) p.next();
  }
  if (p.index === before) p.next();
}

/** One statement without the semicolon behind it. */
export function parseStatement(p: Parser): Statement {
  p.enter();
  const statement = parseStatementUnguarded(p);
  p.depth--;
  return statement;
}

function parseStatementUnguarded(p: Parser): Statement {
  const { start } = p.token;
  switch (p.kind) {
    case '{':
      return parseBlock(p);
    case 'if':
      return parseIf(p);
    case 'for':
      return parseFor(p);
    case 'switch':
      return parseSwitch(p);
    case 'select':
      return parseSelect(p);
    case 'return': {
      p.next();
      const ends = p.at(';') || p.at('}') || p.at('case') || p.at('default');
      const values = ends ? [] : parseExpressionList(p);
      return { kind: 'return', span: p.span(start), values };
    }
    case 'go':
    case 'defer': {
      const kind = p.kind;
      p.next();
      const call = parseStartedCall(p, kind);
      return { kind, span: p.span(start), call };
    }
    case 'break':
    case 'continue':
    case 'goto':
    case 'fallthrough':
      return parseBranch(p, p.kind);
    case 'var':
    case 'const':
    case 'type': {
      const declarations = parseGroup(p);
      return { kind: 'declaration-statement', span: p.span(start), declarations };
    }
    case 'else':
      return parseStrayElse(p);
    case 'func':
      if (p.peek().kind === 'identifier') return parseNestedFunction(p);
      return parseSimpleStatement(p);
    case 'identifier':
      return parseWordStatement(p);
    default:
      return parseSimpleStatement(p);
  }
}

function parseWordStatement(p: Parser): Statement {
  const { start } = p.token;
  const following = p.peek();
  if (following.kind === ':') {
    const label = p.takeIdentifier();
    p.next();
    if (p.at('}') || p.at(';')) {
      const statement: Statement = { kind: 'empty', span: p.span(p.previousEnd) };
      return { kind: 'labeled', span: p.span(start), label, statement };
    }
    const statement = parseStatement(p);
    return { kind: 'labeled', span: p.span(start), label, statement };
  }
  if (following.kind === '{' && p.atWord('atomic')) {
    p.next();
    const body = parseBlock(p);
    return { kind: 'atomic', span: p.span(start), body };
  }
  if (following.kind === '{' && skipForeignBlock(p)) return parseBlock(p);
  if (skipForeignLoop(p)) return parseForRest(p, start);
  if (isForeignFunction(p)) return parseNestedFunction(p);
  if (skipForeignDefinition(p)) return parseForeignDefinition(p, start);
  return parseSimpleStatement(p);
}

/** After `let`: what follows is read as a definition, so that the name is known further on. */
function parseForeignDefinition(p: Parser, start: number): Statement {
  const name = p.takeIdentifier();
  if (p.at(':')) {
    while (!p.at('=') && !p.at(';') && !p.at('}') && !p.at('end')) p.next();
  }
  if (!p.eat('=') && !p.eat(':=')) return p.bad(start);
  const values = parseExpressionList(p);
  return { kind: 'define', span: p.span(start), names: [name], values };
}

/** `func name() { … }` inside a function: reported, and read as `name := func() { … }`. */
function parseNestedFunction(p: Parser): Statement {
  const { start } = p.token;
  const help = 'write name := func(…) { … }';
  p.error(p.token, 'nested-function', 'functions with a name stand outside functions', help);
  p.next();
  const declaration = parseFunctionRest(p, start);
  const { name, signature, body } = declaration;
  const span = p.span(start);
  if (body === null) return p.bad(start);
  const value: Expression = {
    kind: 'function-literal',
    span: { start: signature.span.start, end: span.end },
    signature,
    body,
  };
  return { kind: 'define', span, names: [name], values: [value] };
}

function parseStartedCall(p: Parser, keyword: 'go' | 'defer'): Expression {
  const at = p.token;
  const call = parseExpression(p, `a call after '${keyword}'`);
  if (call.kind === 'call' || call.kind === 'bad') return call;
  const helps: Partial<Record<Expression['kind'], string>> = {
    'function-literal': "add '()' behind its '}'",
    parenthesized: 'leave out the parentheses around it',
  };
  p.error(
    call.kind === 'function-literal' ? p.tokens[p.index - 1] : at,
    'not-a-call',
    `'${keyword}' needs a call`,
    helps[call.kind] ?? "add '(…)'",
  );
  return { kind: 'bad', span: call.span, parts: [call] };
}

function parseBranch(p: Parser, branch: BranchStatement['branch']): Statement {
  const { start } = p.next();
  let label: Identifier | null = null;
  if (branch === 'goto') label = p.identifier("a label after 'goto'");
  else if (branch !== 'fallthrough' && p.at('identifier')) label = p.takeIdentifier();
  return { kind: 'branch', span: p.span(start), branch, label };
}

function parseStrayElse(p: Parser): Statement {
  const { start } = p.token;
  const help = "'else' stands on the line of the '}' before it";
  p.error(p.token, 'misplaced-else', "'else' without an 'if' before it", help);
  p.next();
  if (p.at('if') || p.at('{')) return parseStatement(p);
  return p.bad(start);
}

/** `if init; condition { … } else …`; the cursor is at `if` or at what was written for it. */
function parseIf(p: Parser): IfStatement {
  const { start } = p.token;
  const keyword = p.next();
  const { inHeader } = p;
  p.inHeader = true;
  let init: Statement | null = null;
  let condition: Statement | null = null;
  if (!p.at('{') && !p.at(';')) condition = parseSimpleStatement(p);
  if (p.at(';') && !(p.atLineEnd() && condition !== null)) {
    p.next();
    init = condition;
    condition = p.at('{') ? null : parseSimpleStatement(p);
  }
  p.inHeader = inHeader;
  const test = conditionOf(p, condition, keyword);
  const then = parseBody(p, "after the condition of 'if'", keyword);
  const otherwise = parseElse(p);
  return { kind: 'if', span: p.span(start), init, condition: test, then, otherwise };
}

/** The expression that a header's statement is; reports `x = 1` and statements without a value. */
export function conditionOf(p: Parser, statement: Statement | null, keyword: Token): Expression {
  if (statement === null) {
    p.unexpected(`a condition after '${p.wordOf(keyword)}'`);
    return p.bad(p.previousEnd);
  }
  if (statement.kind === 'expression-statement') return statement.expression;
  if (statement.kind === 'bad') return statement;
  const { span } = statement;
  if (statement.kind === 'assign' && statement.operator === null && statement.left.length === 1) {
    const help = "compare with '=='";
    p.error(keyword, 'assignment-in-condition', "'=' assigns and gives no condition", help);
    const [[left], [right]] = [statement.left, statement.right];
    return { kind: 'binary', span, operator: '==', left, right };
  }
  const help = statement.kind === 'define' ? "add '; condition' behind it" : undefined;
  p.error(keyword, 'missing-condition', 'this statement gives no condition', help);
  return { kind: 'bad', span, parts: [statement] };
}

/** The block of if, for or a function; mends a brace on the next line and a missing one. */
export function parseBody(p: Parser, where: string, header: Token): Block {
  if (p.at('{')) return parseBlock(p);
  if (p.atLineEnd() && p.peek().kind === '{') {
    const help = 'a line break ends the statement before it';
    p.error(p.peek(), 'misplaced-brace', "'{' must stand on the line before", help);
    p.next();
    return parseBlock(p);
  }
  const help = p.at(':') || p.atWord('then') ? "blocks stand in '{' and '}'" : undefined;
  p.unexpected(`'{' ${where}`, help);
  while (!p.at('{') && !p.at(';') && !p.at('}') && !p.at('end') && !p.onNewLine()) p.next();
  if (p.at('{')) return parseBlock(p);
  return parseIndentedBody(p, header);
}

/** A body whose `{` is missing: the lines that are indented deeper than their header. */
function parseIndentedBody(p: Parser, header: Token): Block {
  const start = p.previousEnd;
  const indent = p.indentOf(header);
  const following = p.atLineEnd() ? p.peek() : p.token;
  let statements: Statement[] = [];
  if (following.line > p.lastLine() && p.indentOf(following) > indent) {
    p.eat(';');
    statements = parseStatementList(p, indent);
  }
  const close = p.atLineEnd() ? p.peek() : p.token;
  if (close.kind === '}' && p.indentOf(close) === indent && indent > p.declarationIndent - 1) {
    const ownsBrace = statements.length > 0 || indent > p.declarationIndent;
    if (ownsBrace) {
      p.eat(';');
      p.next();
    }
  }
  return { kind: 'block', span: p.span(start), statements };
}

function parseElse(p: Parser): Block | IfStatement | null {
  const onNewLine = p.atLineEnd();
  const word = onNewLine ? p.peek() : p.token;
  const foreign = word.kind === 'identifier' && /^(elif|elsif|elseif)$/.test(p.wordOf(word));
  if (word.kind !== 'else' && !foreign) return null;
  // An automatic semicolon stands before any other token of the next line; an explicit one ends.
  if (onNewLine) p.next();
  if (foreign) {
    const message = `there is no '${p.wordOf(word)}'`;
    p.error(word, 'foreign-syntax', message, 'write } else if condition {');
    return parseElseIf(p);
  }
  if (onNewLine) {
    const help = "write '} else' on one line";
    p.error(word, 'misplaced-else', "'else' must stand on the line of the '}' before it", help);
  }
  p.next();
  if (p.at('if')) return parseElseIf(p);
  return parseBody(p, "or 'if' after 'else'", word);
}

function parseElseIf(p: Parser): IfStatement {
  p.enter();
  const statement = parseIf(p);
  p.depth--;
  return statement;
}
