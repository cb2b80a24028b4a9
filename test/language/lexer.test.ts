import { lex } from '../../src/language/lexer.ts';
import { isAutomatic } from '../../src/language/tokens.ts';
import { formatDiagnostic } from '../../src/language/diagnostics.ts';
import { checkGolden } from '../golden.ts';

/** One expectation file a family: each input, its tokens and what is said about it. */
function check(family: string, inputs: readonly string[]): void {
  it(family, () => {
    checkGolden(`test/language/lexer/${family}.txt`, `${inputs.map(describeTokens).join('\n')}`);
  });
}

function describeTokens(text: string): string {
  const { tokens, comments, diagnostics } = lex({ path: 'in.coro', text, isModel: false });
  const words = tokens.slice(0, -1).map((token) => {
    if (isAutomatic(token)) return '⏎';
    const spelled = JSON.stringify(text.slice(token.start, token.end)).slice(1, -1);
    return token.kind === text.slice(token.start, token.end)
      ? spelled
      : `${token.kind}‹${spelled}›`;
  });
  const lines = [`>>> ${JSON.stringify(text)}`, words.join(' ')];
  for (const { start, end } of comments)
    lines.push(`comment ${JSON.stringify(text.slice(start, end))}`);
  lines.push(...diagnostics.map(formatDiagnostic));
  return `${lines.join('\n')}\n`;
}

describe('lexer', () => {
  check('semicolons', [
    'x\ny',
    'f()\n',
    'return\nbreak\ncontinue\nfallthrough\n',
    'i++\nj--\n',
    'a[1]\nT{}\n',
    'x +\ny',
    'if x {\n}\n',
    'x // comment\ny',
    'x /* comment */ y',
    'x /* line\nbreak */ y',
    'x',
    '"a"\n\'b\'\n`c`\n1\n2.5\n',
    'x\r\ny\r\n',
    '\n\n\nx\n\n\n',
    'a;b;;c',
    '',
  ]);
  check('operators', [
    '+ - * / % & | ^ << >> &^ += -= *= /= %= &= |= ^= <<= >>= &^=',
    '&& || <- ++ -- == < > = ! ~ != <= >= := ... ( [ { , . ) ] } ; :',
    'a<-b x<-1 a&^b a&&b a...b',
    'a->b a=>b a===b a!==b a::b',
    'x>-1 x=-1 x=>1',
  ]);
  check('numbers', [
    '0 7 42 1_000_000 0x1F 0XaB_cd 0b1010 0B1 0o17 0O7 017 0_7',
    '1.5 .5 1. 1e9 1E-9 1.5e+3 1_0.5_0 0x1p-2',
    '08 1_ 1__0 0x 0b12 0o8 1abc 3i 1e 1.2.3 _1',
    '1..3 x[1:2] a.5',
    `${'9'.repeat(600)} x`,
    'go1.25.1 zig0.2 go1.25-pre zig-1363',
  ]);
  check('strings', [
    '"" "a" "a\\n\\t\\"\\\\" "\\x41\\101\\u00e9\\U0001F600"',
    '`raw \\n` `two\nlines` x',
    '"unterminated\nx',
    '"unterminated',
    '"ends in backslash\\',
    '"bad \\q escape" "\\xZ" "\\u12" "\\UFFFFFFFF" "\\ud800"',
    '`never closed\nx\ny',
    "'a' '\\n' '\\'' '\\x41' '世' '😀'",
    "'' 'ab' 'it''s'",
    "'a\nx",
  ]);
  check('comments', [
    '// one\nx // two\n/* three */ y',
    '/* never closed\nx',
    '/**/x/***/y',
    '// at the end',
  ]);
  check('characters', [
    'x # comment\ny',
    'a ? b : c',
    'x @ y $ z',
    '“quoted”',
    'x\u00a0y',
    'x\u200by',
    '\ufeffpackage x',
    '\u0000\u0001x',
    'größe 世界 _x1 é',
    'x → y',
    '\u{1F600}\u{1F601}x',
    '\ud800',
  ]);
});
