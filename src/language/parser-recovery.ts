/**
 * Where the parser finds its footing again, and what it tells people who come from other
 * languages.
 */
import type { BinaryOperator } from './ast.ts';
import { skipBrackets } from './parser-core.ts';
import type { Parser } from './parser-core.ts';
import { isAutomatic } from './tokens.ts';
import type { Token, TokenKind } from './tokens.ts';

const STATEMENT_KEYWORDS: ReadonlySet<TokenKind> = new Set<TokenKind>([
  'break',
  'const',
  'continue',
  'defer',
  'fallthrough',
  'for',
  'go',
  'goto',
  'if',
  'return',
  'select',
  'switch',
  'type',
  'var',
  'case',
  'default',
]);

/** Skips the rest of a line that could not be understood, but not over a block or its end. */
export function skipToLineEnd(p: Parser): void {
  while (p.kind !== ';' && p.kind !== '}' && p.kind !== 'end') {
    if (p.kind === '{') {
      // `T{` is a literal, `x {` begins a block, whose statements are worth reading.
      if (p.token.start > p.previousEnd) return;
      skipBrackets(p);
    } else if (p.beginsLine(p.index) && STATEMENT_KEYWORDS.has(p.kind)) {
      return;
    } else if (atDeclaration(p)) {
      return;
    } else {
      p.next();
    }
  }
}

/**
 * Skips at least one token, and on to the next line that is indented no deeper than declarations
 * are: what is deeper belongs to the mistake, what is not has a right to its own diagnostic.
 */
export function skipToDeclaration(p: Parser): void {
  do p.next();
  while (p.kind !== 'end' && !beginsOuterLine(p));
}

/** Whether the cursor is at a declaration that no body can hold: in a body, a `}` is missing. */
export function atDeclaration(p: Parser): boolean {
  if (p.kind !== 'func' && p.kind !== 'identifier' && p.kind !== 'import' && p.kind !== 'package') {
    return false;
  }
  if (!p.beginsLine(p.index) || p.indentOf(p.token) > p.declarationIndent) return false;
  if (p.kind === 'func') {
    const following = p.peek();
    return following.kind === 'identifier' || (following.kind === '(' && isMethod(p));
  }
  if (p.kind !== 'identifier') return true;
  // A field or variable may be called `scenario`: what follows tells.
  return p.atWord('scenario') ? isScenario(p) : !p.atWord('runtime') && isContextualDeclaration(p);
}

/** At `scenario`: whether a name and an expectation or a body follow. */
function isScenario(p: Parser): boolean {
  if (p.peek().kind !== 'identifier') return false;
  const after = isAutomatic(p.peek(2)) ? p.peek(3) : p.peek(2);
  return (
    after.kind === '{' ||
    (after.kind === 'identifier' && /^(expect|on|with)$/.test(p.wordOf(after)))
  );
}

/** After `func`, at a receiver: whether a name and parameters follow it. */
function isMethod(p: Parser): boolean {
  let index = p.index + 1;
  while (p.tokens[index].kind !== ')') {
    const { kind } = p.tokens[index];
    if (kind === ';' || kind === '{' || kind === 'end') return false;
    index++;
  }
  const name = p.tokens[index + 1];
  const open = p.tokens[index + 2];
  return name?.kind === 'identifier' && open?.kind === '(';
}

function beginsOuterLine(p: Parser): boolean {
  if (!p.beginsLine(p.index) || p.indentOf(p.token) > p.declarationIndent) return false;
  return p.kind !== '}' && p.kind !== ')' && p.kind !== ']' && p.kind !== ';' && p.kind !== '{';
}

/** Whether an identifier and what follows it begin a scenario, a condition or the header. */
export function isContextualDeclaration(p: Parser): boolean {
  const word = p.wordOf(p.token);
  const following = p.peek();
  if (word === 'scenario' || word === 'runtime') return following.kind === 'identifier';
  if (word === 'invariant' || word === 'quiescent') return following.kind === 'string';
  return false;
}

const FUNCTION_WORDS: ReadonlySet<string> = new Set([
  'fn',
  'def',
  'function',
  'fun',
  'proc',
  'sub',
]);

/** `fn name(`: reported by the caller, with FUNCTION_HELP. */
export function isForeignFunction(p: Parser): boolean {
  if (p.kind !== 'identifier' || !FUNCTION_WORDS.has(p.wordOf(p.token))) return false;
  return p.peek().kind === 'identifier' && p.peek(2).kind === '(';
}

const MODIFIERS: ReadonlySet<string> = new Set([
  'pub',
  'public',
  'private',
  'static',
  'export',
  'async',
  'extern',
  'inline',
]);

/** `pub fn`, `export function`, `static func`: the first word says nothing here. */
export function atModifier(p: Parser): boolean {
  if (p.kind !== 'identifier' || !MODIFIERS.has(p.wordOf(p.token))) return false;
  const following = p.peek();
  return (
    following.line === p.token.line &&
    ['identifier', 'func', 'type', 'var', 'const'].includes(following.kind)
  );
}

/** `===`, `and` and their like between two operands: reports, and says which operator is meant. */
export function foreignOperator(p: Parser): BinaryOperator | null {
  let operator: BinaryOperator | null = null;
  if (p.kind === '===') operator = '==';
  else if (p.kind === '!==') operator = '!=';
  else if (p.kind === 'identifier' && !p.onNewLine() && beginsValue(p, p.peek())) {
    const word = p.wordOf(p.token);
    if (word === 'and') operator = '&&';
    if (word === 'or') operator = '||';
  }
  if (operator === null) return null;
  const message = `unexpected '${p.wordOf(p.token)}' between two expressions`;
  p.error(p.token, 'foreign-syntax', message, `write '${operator}'`);
  return operator;
}

/** `not x`: reports and consumes the word. */
export function foreignOperand(p: Parser): boolean {
  // `not(x)` calls a function of that name.
  if (!p.atWord('not') || p.peek().kind === '(' || !beginsValue(p, p.peek())) return false;
  p.error(p.token, 'foreign-syntax', "unexpected 'not'", "write '!'");
  p.next();
  return true;
}

function beginsValue(p: Parser, token: Token): boolean {
  if (token.line !== p.token.line) return false;
  const { kind } = token;
  return (
    kind === 'identifier' || kind === 'int' || kind === 'string' || kind === '!' || kind === '('
  );
}

const LET_WORDS: ReadonlySet<string> = new Set([
  'let',
  'auto',
  'val',
  'mut',
  'local',
  'my',
  'final',
]);

/**
 * `let x = 1`, `int x = 1`, `let mut x = 1`: reports, skips the words before the name and says that
 * the `=` which follows defines.
 */
export function skipForeignDefinition(p: Parser): boolean {
  if (p.kind !== 'identifier' || p.peek().kind !== 'identifier') return false;
  const isLet = LET_WORDS.has(p.wordOf(p.token));
  const mutable = isLet && p.peek(2).kind === 'identifier';
  const name = p.peek(mutable ? 2 : 1);
  const after = p.peek(mutable ? 3 : 2).kind;
  const defines = after === '=' || after === ':=' || (isLet && after === ':');
  if (!defines || name.line !== p.token.line) return false;
  const [word, spelled] = [p.wordOf(p.token), p.wordOf(name)];
  const help = isLet
    ? `write ${spelled} := …`
    : `write ${spelled} := …, or var ${spelled} ${word} = …`;
  p.error(p.token, 'foreign-syntax', `unexpected '${spelled}' after '${word}'`, help);
  p.next();
  if (mutable) p.next();
  return true;
}

/** Whether `while` or its like begins a loop here: reports and consumes the word. */
export function skipForeignLoop(p: Parser): boolean {
  if (p.kind !== 'identifier') return false;
  const word = p.wordOf(p.token);
  if (word !== 'while' && word !== 'until' && word !== 'foreach' && word !== 'loop') return false;
  const following = p.peek();
  const header = following.kind === '(' ? closesBeforeBrace(p) : following.kind !== '.';
  if (!header || !(following.kind === '{' || following.kind === '(' || beginsValue(p, following))) {
    return false;
  }
  const help = { while: 'for condition { … }', until: 'for !condition { … }', loop: 'for { … }' };
  const form = help[word as keyof typeof help] ?? 'for _, x := range xs { … }';
  p.error(p.token, 'foreign-syntax', `there is no '${word}' statement`, `write ${form}`);
  p.next();
  return true;
}

const BLOCK_WORDS: ReadonlySet<string> = new Set(['try', 'do', 'finally', 'unsafe', 'begin']);

/** `try {` and its like: reports and consumes the word; the block is read as a plain one. */
export function skipForeignBlock(p: Parser): boolean {
  const word = p.wordOf(p.token);
  if (!BLOCK_WORDS.has(word) || p.peek().kind !== '{') return false;
  p.error(p.token, 'foreign-syntax', `there is no '${word}' statement`, STATEMENT_HELP[word]);
  p.next();
  return true;
}

/** Bound on the look-ahead for `(…) {`, so that it costs no more than a glance. */
const MAX_LOOKAHEAD = 200;

function closesBeforeBrace(p: Parser): boolean {
  const close = closingParenthesis(p, p.index + 1);
  return close !== null && p.tokens[close + 1]?.kind === '{';
}

/** The index of the `)` for the `(` at `index`; null when it is far or there is none. */
function closingParenthesis(p: Parser, index: number): number | null {
  let open = 0;
  for (let i = index; i < Math.min(index + MAX_LOOKAHEAD, p.tokens.length); i++) {
    const { kind } = p.tokens[i];
    if (kind === '(') open++;
    if (kind === ')' && --open === 0) return i;
    if (kind === '{') return null;
  }
  return null;
}

/** At `(` behind `for`: whether it is the `for (init; cond; post) {` of other languages. */
export function hasForeignForParentheses(p: Parser): boolean {
  if (p.kind !== '(') return false;
  const close = closingParenthesis(p, p.index);
  if (close === null || p.tokens[close + 1]?.kind !== '{') return false;
  for (let i = p.index; i < close; i++) {
    if (p.tokens[i].kind === ';' || p.tokens[i].kind === ':=') return true;
  }
  return false;
}

const STATEMENT_HELP: Readonly<Record<string, string>> = {
  try: 'there are no exceptions to catch; write defer func() { recover() }()',
  do: 'write for { … }, and break at its end',
  match: 'write switch x { case …: }',
  throw: 'write panic(…)',
  raise: 'write panic(…)',
  new: 'write new(T) or &T{…}',
  await: 'calls block by themselves; start concurrent ones with go f()',
  async: 'start concurrent work with go f()',
  unless: 'write if !condition { … }',
  delete: 'memory is collected; nothing need be freed',
  import: 'imports stand at the head of the file',
};

/** What to write when the statement that `first` began does not end at the cursor as it should. */
export function statementHelp(p: Parser, first: Token): string | undefined {
  const word = first.kind === 'identifier' ? p.wordOf(first) : '';
  if (word in STATEMENT_HELP) return STATEMENT_HELP[word];
  const last = p.tokens[p.index - 1];
  const lastWord = last?.kind === 'identifier' ? p.wordOf(last) : '';
  if (lastWord in STATEMENT_HELP) return STATEMENT_HELP[lastWord];
  switch (p.kind) {
    case '++':
    case '--':
      return `'${p.kind}' is a statement of its own`;
    case '->':
    case '::':
      return "members are reached with '.', through pointers too";
    case '=>':
      return 'a function value is written func(…) { … }';
    case '=':
    case ':=':
      return 'one statement holds one assignment';
    case ')':
    case ']':
      return 'nothing opens it';
    case 'if':
      return 'the condition comes first: if condition { … }';
    case ':':
      return "blocks stand in '{' and '}'";
    case '{':
      if (first.kind !== 'if' && first.kind !== 'for' && first.kind !== 'switch') return undefined;
      return 'put a literal in a header into parentheses: (T{…})';
    default:
      break;
  }
  if (last?.kind !== 'identifier' || p.index - 1 > p.tokens.length) return undefined;
  if (p.kind === 'string' || p.kind === 'int') return `a call has parentheses: ${lastWord}(…)`;
  if (p.kind === 'identifier') return "is an operator, ':=' or '=' missing?";
  return undefined;
}
