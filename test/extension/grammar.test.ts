/** The TextMate grammar, run by the engine that VS Code runs, over a sample of every construct. */
import assert from 'node:assert';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type * as OnigurumaModule from 'vscode-oniguruma';
import type * as TextmateModule from 'vscode-textmate';
import { checkGolden } from '../golden.ts';
import { KEYWORDS } from '../../src/language/tokens.ts';

// Both packages hide their names from ES modules.
const require = createRequire(import.meta.url);
const oniguruma = require('vscode-oniguruma') as typeof OnigurumaModule;
const textmate = require('vscode-textmate') as typeof TextmateModule;

const grammarFile = 'syntaxes/coro.tmLanguage.json';
const sample = 'test/extension/grammar.coro';
const expected = 'test/extension/grammar.expected.txt';

describe('grammar', () => {
  let grammar: TextmateModule.IGrammar;
  before(async () => {
    grammar = await loadGrammar();
  });

  it('scopes the sample', () => {
    const actual = describeScopes(grammar, readFileSync(sample, 'utf8'));
    checkGolden(expected, actual);
  });

  it('knows every keyword', () => {
    const texts = new Map(KEYWORDS.map((word) => [word, `\t${word} {`]));
    texts.set('package', 'package main').set('import', 'import (');
    const plain = KEYWORDS.filter((word) => {
      const [token] = tokensOf(grammar, texts.get(word) ?? '').filter(({ text }) => text === word);
      return token === undefined || token.scope === '';
    });
    assert.deepEqual(plain, []);
  });
});

async function loadGrammar(): Promise<TextmateModule.IGrammar> {
  const wasm = require.resolve('vscode-oniguruma/release/onig.wasm');
  await oniguruma.loadWASM(readFileSync(wasm));
  const registry = new textmate.Registry({
    onigLib: Promise.resolve(oniguruma),
    loadGrammar: async () =>
      textmate.parseRawGrammar(readFileSync(grammarFile, 'utf8'), grammarFile),
  });
  const grammar = await registry.loadGrammar('source.coro');
  assert.ok(grammar);
  return grammar;
}

interface ScopedText {
  readonly text: string;
  /** The innermost scope; empty where only the whole file's applies. */
  readonly scope: string;
}

function tokensOf(grammar: TextmateModule.IGrammar, text: string): ScopedText[] {
  let state = textmate.INITIAL;
  return text.split('\n').flatMap((line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    state = ruleStack;
    return tokens.map(({ startIndex, endIndex, scopes }) => ({
      text: line.slice(startIndex, endIndex),
      scope: scopes.length > 1 ? scopes[scopes.length - 1].replace(/\.coro$/, '') : '',
    }));
  });
}

/** Each line of the sample, and below it each scoped piece of it. */
function describeScopes(grammar: TextmateModule.IGrammar, text: string): string {
  let state = textmate.INITIAL;
  const lines: string[] = [];
  for (const line of text.trimEnd().split('\n')) {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    state = ruleStack;
    lines.push(line);
    for (const { startIndex, endIndex, scopes } of tokens) {
      const piece = line.slice(startIndex, endIndex).trim();
      if (scopes.length < 2 || piece === '') continue;
      lines.push(`    ${piece}  ${scopes.slice(1).join(' ').replaceAll('.coro', '')}`);
    }
  }
  return `${lines.join('\n')}\n`;
}
