/** What only this language has: the header, scenarios, expectations and conditions of models. */
import type {
  ConditionDeclaration,
  ExpectationNode,
  OptionsClause,
  RuntimeHeader,
  RuntimeOption,
  ScenarioDeclaration,
} from './ast.ts';
import type { Span } from './diagnostics.ts';
import { integerValue, stringValue } from './literals.ts';
import type { Parser } from './parser-core.ts';
import { isContextualDeclaration, skipToLineEnd } from './parser-recovery.ts';
import { parseBody } from './parser-statements.ts';

/** `runtime go1.25-pre gomaxprocs 8, blocksize=2` up to the end of the line. */
export function parseRuntimeHeader(p: Parser): RuntimeHeader {
  const { start } = p.next();
  const { text: profile, span: profileSpan } = parseRawWord(p, "a runtime profile after 'runtime'");
  const options: RuntimeOption[] = [];
  while (!p.at(';') && !p.at('end')) {
    if (p.eat(',')) continue;
    if (!p.at('identifier')) {
      p.unexpected('the name of an option', OPTION_HELP);
      while (!p.at(';') && !p.at('end')) p.next();
      break;
    }
    options.push(parseOption(p));
  }
  return { kind: 'runtime', span: p.span(start), profile, profileSpan, options };
}

const OPTION_HELP = 'an option is a name and a number: gomaxprocs 2';

/** `gomaxprocs 8` or `blocksize=2`, at the name. */
function parseOption(p: Parser): RuntimeOption {
  const { start } = p.token;
  const name = p.wordOf(p.next());
  p.eat('=');
  const value = p.at('int') ? Number(integerValue(p.wordOf(p.token)) ?? 0n) : 0;
  if (!p.eat('int')) p.unexpected(`a number for the option '${name}'`);
  return { span: p.span(start), name, value };
}

/** The text up to white space or a comma: profile names hold dots and hyphens. */
function parseRawWord(p: Parser, what: string): { text: string; span: Span } {
  if (!p.at('identifier')) {
    p.unexpected(what, 'for example go1.23');
    return { text: '', span: { start: p.previousEnd, end: p.previousEnd } };
  }
  const { start } = p.next();
  while (p.token.start === p.previousEnd && !p.at('end')) {
    if (p.at(';') || p.at(',') || p.at('{')) break;
    p.next();
  }
  const span = p.span(start);
  return { text: p.text.slice(span.start, span.end), span };
}

/** What the lines between a scenario's name and its body begin with. */
const HEAD_WORDS: readonly string[] = ['on', 'expect', 'with'];

/** `scenario Name`, `with` options and expectations, `{ … }`. */
export function parseScenario(p: Parser): ScenarioDeclaration {
  const header = p.next();
  const name = p.identifier("the scenario's name");
  const options: OptionsClause[] = [];
  const expectations: ExpectationNode[] = [];
  for (;;) {
    skipLineEndBefore(p, HEAD_WORDS);
    if (!atHeadWord(p)) break;
    const isOptions = p.atWord('with');
    if (isOptions) options.push(parseOptions(p));
    else expectations.push(parseExpectation(p));
    skipLineEndBefore(p, HEAD_WORDS);
    if (p.at('{') || p.at(';') || atHeadWord(p)) continue;
    if (isOptions) p.unexpected("',', the end of the line or '{' after an option", OPTION_HELP);
    else p.unexpected("the end of the expectation or '{'", expectationHelp(p));
    while (!p.at('{') && !p.at(';') && !p.at('end')) p.next();
  }
  // The body of a scenario may stand on its own line, unlike others: expectations come before it.
  if (p.atLineEnd() && p.peek().kind === '{') p.next();
  const body = parseBody(p, "before the scenario's body", header);
  return { kind: 'scenario', span: p.span(header.start), name, options, expectations, body };
}

function atHeadWord(p: Parser): boolean {
  return HEAD_WORDS.some((word) => p.atWord(word));
}

/** `with gomaxprocs 2, maxms 3`: options for this scenario alone. */
function parseOptions(p: Parser): OptionsClause {
  const { start } = p.next();
  const options: RuntimeOption[] = [];
  do {
    if (!p.at('identifier') || atHeadWord(p)) {
      p.unexpected("the name of an option after 'with'", OPTION_HELP);
      break;
    }
    options.push(parseOption(p));
  } while (p.eat(','));
  return { span: p.span(start), options };
}

function expectationHelp(p: Parser): string | undefined {
  if (p.at('string')) return "a text follows the outcome at once, lines of output follow 'prints'";
  return undefined;
}

/** Lets a line break pass when the next line goes on with one of `words`. */
function skipLineEndBefore(p: Parser, words: readonly string[]): void {
  if (!p.atLineEnd()) return;
  const following = p.peek();
  if (following.kind === 'identifier' && words.includes(p.wordOf(following))) p.next();
}

/** `[on PROFILE] expect [always|sometimes] OUTCOME ["text"] [prints "line", …]`. */
function parseExpectation(p: Parser): ExpectationNode {
  const { start } = p.token;
  let profile: string | null = null;
  let profileSpan: Span | null = null;
  if (p.atWord('on')) {
    p.next();
    ({ text: profile, span: profileSpan } = parseRawWord(p, "a runtime profile after 'on'"));
    skipLineEndBefore(p, ['expect']);
  }
  let quantifier: ExpectationNode['quantifier'] = 'always';
  let outcome = '';
  let outcomeSpan = p.span(p.previousEnd);
  if (p.atWord('expect')) {
    p.next();
    if (p.atWord('always') || p.atWord('sometimes')) {
      quantifier = p.wordOf(p.next()) === 'always' ? 'always' : 'sometimes';
    }
    outcomeSpan = parseOutcome(p);
    outcome = p.text.slice(outcomeSpan.start, outcomeSpan.end);
  } else {
    p.unexpected("'expect'", 'for example: on go1.22 expect ok');
  }
  let text: string | null = null;
  if (p.at('string')) text = stringValue(p.wordOf(p.next()));
  skipLineEndBefore(p, ['prints']);
  const prints: string[] = [];
  if (p.atWord('prints')) {
    p.next();
    do {
      if (p.at('string')) prints.push(stringValue(p.wordOf(p.next())));
      else p.unexpected("a line of output in quotes after 'prints'");
    } while (p.eat(','));
  }
  const span = p.span(start);
  return {
    kind: 'expectation',
    span,
    profile,
    profileSpan,
    quantifier,
    outcome,
    outcomeSpan,
    text,
    prints,
  };
}

/** An outcome's name, with its hyphens. Which ones there are is the checker's to say. */
function parseOutcome(p: Parser): Span {
  if (!p.at('identifier')) {
    p.unexpected("an outcome after 'expect'", 'for example: ok, throw, panic, deadlock');
    return p.span(p.previousEnd);
  }
  const { start } = p.next();
  while (p.at('-') && p.token.start === p.previousEnd && p.peek().kind === 'identifier') {
    p.next();
    p.next();
  }
  return p.span(start);
}

/** `invariant "name" { … }` and `quiescent "name" { … }`. */
export function parseCondition(p: Parser): ConditionDeclaration {
  const header = p.token;
  const condition = p.wordOf(p.next()) === 'invariant' ? 'invariant' : 'quiescent';
  const name = stringValue(p.wordOf(p.next()));
  const body = parseBody(p, `before the body of '${condition}'`, header);
  return { kind: 'condition', span: p.span(header.start), condition, name, body };
}

/** Whether a declaration that only this language has begins here, or is meant to. */
export function atOwnDeclaration(p: Parser): boolean {
  if (p.kind !== 'identifier') return false;
  if (isContextualDeclaration(p)) return true;
  // `scenario {` and `runtime` alone lack what should follow: better their own message than none.
  return p.atWord('scenario') || p.atWord('runtime');
}

/** Ends a line of the head of the file. */
export function endHeadLine(p: Parser, what: string): void {
  if (p.eat(';') || p.at('end')) return;
  p.unexpected(`the end of ${what}`);
  skipToLineEnd(p);
}
