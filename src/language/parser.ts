/**
 * The parser: recursive descent over Go's grammar for the subset of ast.ts.
 *
 * Invariant: no input makes it throw, hang, or take more than linear time. It gives a tree of what
 * it understood, and a diagnostic for each line that holds a mistake.
 *
 * The parts: parser-file.ts (scenarios, the header), parser-declarations.ts, parser-statements.ts,
 * parser-control.ts (loops, switches), parser-expressions.ts, parser-types.ts; parser-core.ts holds
 * the cursor and lists, parser-recovery.ts what happens after a mistake.
 */
import type {
  Declaration,
  FileNode,
  Identifier,
  ImportNode,
  ParseResult,
  RuntimeHeader,
} from './ast.ts';
import { positionAt } from './diagnostics.ts';
import type { Diagnostic, SourceFile } from './diagnostics.ts';
import { lex } from './lexer.ts';
import { stringValue } from './literals.ts';
import { MAX_NESTING_DEPTH, NestingTooDeep, Parser } from './parser-core.ts';
import { parseFunctionRest, parseGroup } from './parser-declarations.ts';
import {
  atOwnDeclaration,
  parseCondition,
  parseRuntimeHeader,
  parseScenario,
} from './parser-file.ts';
import {
  atDeclaration,
  atModifier,
  isForeignFunction,
  skipToDeclaration,
} from './parser-recovery.ts';
import { deepestNode } from './tree.ts';
import type { Token } from './tokens.ts';

/** Bound on the diagnostics of one file. */
export const MAX_DIAGNOSTICS = 200;

/** Parses one file. Never throws: bad input gives diagnostics and `bad` nodes. */
export function parse(source: SourceFile): ParseResult {
  const lexed = lex(source);
  const errorLines = new Set<number>();
  for (const { span } of lexed.diagnostics) errorLines.add(positionAt(source, span.start).line - 1);
  const p = new Parser(source, lexed, errorLines);
  const file = parseFile(p);
  return { file, diagnostics: bounded(source, [...lexed.diagnostics, ...p.diagnostics]) };
}

/** In the order of the text, at most MAX_DIAGNOSTICS and a last one that says so. */
function bounded(source: SourceFile, diagnostics: Diagnostic[]): Diagnostic[] {
  diagnostics.sort((a, b) => a.span.start - b.span.start);
  if (diagnostics.length <= MAX_DIAGNOSTICS) return diagnostics;
  const { span } = diagnostics[MAX_DIAGNOSTICS];
  const more = diagnostics.length - MAX_DIAGNOSTICS;
  const kept = diagnostics.slice(0, MAX_DIAGNOSTICS);
  kept.push({
    file: source,
    span,
    severity: 'error',
    code: 'too-many-errors',
    message: `too many errors: ${more} more are not shown (bound: ${MAX_DIAGNOSTICS} a file)`,
    help: 'mend the first ones; is this a .coro file at all?',
  });
  return kept;
}

interface Head {
  packageName: Identifier | null;
  readonly imports: ImportNode[];
  runtime: RuntimeHeader | null;
  readonly declarations: Declaration[];
}

/** All declarations of a file. */
export function parseFile(p: Parser): FileNode {
  const head: Head = { packageName: null, imports: [], runtime: null, declarations: [] };
  while (p.at(';')) p.next();
  p.declarationIndent = p.indentOf(p.token);
  while (!p.at('end')) {
    if (p.eat(';')) continue;
    parseTopLevel(p, head);
  }
  const span = { start: 0, end: p.text.length };
  return { kind: 'file', span, source: p.source, ...head };
}

/** One declaration or line of the head; consumes at least one token. */
function parseTopLevel(p: Parser, head: Head): void {
  const first = p.token;
  p.links = 0;
  p.deepest = 0;
  p.suspiciousBrace = null;
  p.missingBraceReported = false;
  const count = head.declarations.length;
  try {
    if (!parseTopLevelUnguarded(p, head)) {
      p.unexpected('a declaration', declarationHelp(p));
      skipToDeclaration(p);
      return;
    }
    boundDepth(p, head.declarations, count);
  } catch (error) {
    if (!(error instanceof NestingTooDeep)) throw error;
    p.depth = 0;
    p.clauseDepth = 0;
    p.inHeader = false;
    p.allowTypeGuard = false;
    reportDepth(p, p.token);
    skipToDeclaration(p);
    return;
  }
  if (p.at(';') || p.at('end')) return;
  // What is not finished above has been reported; here the next declaration begins.
  if (p.token !== first && (p.missingBraceReported || atDeclaration(p))) return;
  const help = p.at('}')
    ? 'a block above has one too many, or this one has no beginning'
    : undefined;
  p.unexpected('the end of the declaration', help);
  skipToDeclaration(p);
}

/** False when nothing here begins a declaration. */
function parseTopLevelUnguarded(p: Parser, head: Head): boolean {
  if (atModifier(p)) {
    const help = 'names that begin with a capital letter are visible outside';
    p.error(p.token, 'foreign-syntax', `unexpected '${p.wordOf(p.token)}'`, help);
    p.next();
  }
  const { start } = p.token;
  switch (p.kind) {
    case 'package':
      parsePackage(p, head);
      return true;
    case 'import':
      parseImports(p, head);
      return true;
    case 'func':
      p.next();
      head.declarations.push(parseFunctionRest(p, start));
      return true;
    case 'var':
    case 'const':
    case 'type':
      for (const declaration of parseGroup(p)) head.declarations.push(declaration);
      return true;
    case 'identifier':
      return parseWordDeclaration(p, head);
    default:
      return false;
  }
}

/** A declaration that begins with an ordinary word; false when this is none. */
function parseWordDeclaration(p: Parser, head: Head): boolean {
  const { start } = p.token;
  if (isForeignFunction(p)) {
    p.error(p.token, 'foreign-syntax', `unexpected '${p.wordOf(p.token)}'`, "write 'func'");
    p.next();
    head.declarations.push(parseFunctionRest(p, start));
    return true;
  }
  if (!atOwnDeclaration(p)) return false;
  const word = p.wordOf(p.token);
  if (word === 'scenario') {
    head.declarations.push(parseScenario(p));
  } else if (word === 'runtime') {
    const at = p.token;
    const runtime = parseRuntimeHeader(p);
    if (head.runtime !== null) {
      p.error(at, 'duplicate-runtime', 'a file names its runtime once');
    } else if (head.declarations.length > 0) {
      const help = 'put it before the first declaration';
      p.error(at, 'misplaced-runtime', 'the runtime stands at the head of the file', help);
    }
    head.runtime ??= runtime;
  } else {
    head.declarations.push(parseCondition(p));
  }
  return true;
}

function parsePackage(p: Parser, head: Head): void {
  const at = p.next();
  const name = p.identifier("the package's name");
  const late = head.packageName !== null || head.imports.length + head.declarations.length > 0;
  if (late) {
    p.error(at, 'misplaced-package', "'package' stands once, at the head of the file");
  }
  head.packageName ??= name;
}

/** `import "a"`, `import x "a"`, `import ( … )`. */
function parseImports(p: Parser, head: Head): void {
  const at = p.next();
  if (head.declarations.length > 0) {
    const help = 'put it before the first declaration';
    p.error(at, 'misplaced-import', 'imports stand at the head of the file', help);
  }
  if (!p.at('(')) return parseImport(p, head, at.start);
  const open = p.next();
  while (!p.at(')') && !p.at('end')) {
    if (p.eat(';')) continue;
    if (!p.at('string') && !p.at('identifier') && !p.at('.')) break;
    parseImport(p, head, p.token.start);
    if (!p.at(';') && !p.at(')')) {
      p.unexpected('the end of the line');
      if (p.eat(',')) continue;
      while (!p.at(';') && !p.at(')') && !p.at('end')) p.next();
    }
  }
  if (p.eat(')')) return;
  p.missingBraceReported = true;
  p.error(open, 'unclosed-bracket', "'(' of 'import' is never closed");
}

function parseImport(p: Parser, head: Head, start: number): void {
  let alias: Identifier | null = null;
  if (p.at('identifier')) alias = p.takeIdentifier();
  else if (p.at('.')) {
    p.error(p.token, 'dot-import', 'imports keep their package name', "delete the '.'");
    p.next();
  }
  if (!p.at('string')) {
    p.unexpected('the path of a package in quotes', 'for example import "iter"');
    return;
  }
  const path = stringValue(p.wordOf(p.next()));
  head.imports.push({ kind: 'import', span: p.span(start), alias, path });
}

function declarationHelp(p: Parser): string | undefined {
  switch (p.kind) {
    case '}':
      return 'nothing opens it';
    case 'struct':
    case 'interface':
      return `write type Name ${p.kind} { … }`;
    case 'identifier':
      break;
    default:
      return 'statements stand inside functions and scenarios';
  }
  const word = p.wordOf(p.token);
  if (word === 'class' || word === 'record') return 'write type Name struct { … }';
  if (word === 'enum') return 'write const ( A = iota; B; C )';
  if (word === 'let' || word === 'val') return "write 'var'";
  if (word === 'expect' || word === 'on' || word === 'with') {
    return "expectations and options stand between a scenario's name and its '{'";
  }
  if (word === 'invariant' || word === 'quiescent') return `write ${word} "name" { … }`;
  if (word === 'use' || word === 'include' || word === 'using' || word === 'from') {
    return 'write import "name"';
  }
  return 'statements stand inside functions and scenarios';
}

/** Drops the declarations since `from` that are too deep for the phases that recurse over them. */
function boundDepth(p: Parser, declarations: Declaration[], from: number): void {
  // A level of the parser gives at most four levels of the tree; most declarations are far below.
  if (p.deepest * 4 + p.links < MAX_NESTING_DEPTH) return;
  for (let i = declarations.length - 1; i >= from; i--) {
    const { depth, node } = deepestNode(declarations[i]);
    if (depth <= MAX_NESTING_DEPTH) continue;
    declarations.splice(i, 1);
    reportDepth(p, tokenAt(p, node.span.start));
  }
}

function tokenAt(p: Parser, offset: number): Token {
  let low = 0;
  let high = p.tokens.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (p.tokens[middle].start <= offset) low = middle;
    else high = middle - 1;
  }
  return p.tokens[low];
}

function reportDepth(p: Parser, at: Token): void {
  const message = `nesting is deeper than the bound of ${MAX_NESTING_DEPTH} levels`;
  p.error(at, 'nesting-too-deep', message, 'give parts of it names of their own');
}
