import assert from 'node:assert';
import process from 'node:process';
import type { Node } from '../../src/language/ast.ts';
import { lex } from '../../src/language/lexer.ts';
import { parse } from '../../src/language/parser.ts';
import { childrenOf } from '../../src/language/tree.ts';
import { corpus } from './corpus.ts';
import { editTokens, randomBytes, randomFrom, randomTokens } from './mutations.ts';
import { freshSeed } from '../seed.ts';

/** SEED=n repeats a run. */
const seed = Number(process.env.SEED ?? freshSeed());

/** Everything that holds for every text. */
function checkParse(text: string): void {
  const source = { path: 'fuzz.coro', text, isModel: false };
  const { file, diagnostics } = parse(source);
  checkTokens(text);
  for (const { span, message } of diagnostics) {
    const inside = span.start >= 0 && span.start <= span.end && span.end <= text.length;
    assert.ok(inside, `diagnostic outside the file: ${message}`);
  }
  checkNode(file, { start: 0, end: text.length });
}

function checkTokens(text: string): void {
  const { tokens } = lex({ path: 'fuzz.coro', text, isModel: false });
  let end = 0;
  for (const token of tokens) {
    assert.ok(token.start >= end && token.end >= token.start && token.end <= text.length);
    ({ end } = token);
  }
  assert.equal(tokens.at(-1)?.kind, 'end');
}

function checkNode(node: Node, outer: Node['span']): void {
  const { start, end } = node.span;
  const kind = 'kind' in node ? String(node.kind) : 'node';
  const where = `${kind} ${start}..${end} in ${outer.start}..${outer.end}`;
  assert.ok(start >= outer.start && start <= end && end <= outer.end, where);
  for (const child of childrenOf(node)) checkNode(child, node.span);
}

/** Runs `check` on texts of a family; a failure shows the seed and the text. */
function fuzz(family: string, count: number, make: (seed: number) => string): void {
  it(`${family}, seed ${seed}`, () => {
    for (let i = 0; i < count; i++) {
      const text = make(seed + i);
      try {
        checkParse(text);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        assert.fail(`SEED=${seed + i}: ${message}\n${JSON.stringify(text)}`);
      }
    }
  });
}

describe('parser on random input', () => {
  const files = corpus();

  it('has valid files to start from', () => {
    assert.ok(files.length > 0);
    for (const { path, text } of files) {
      const { diagnostics } = parse({ path, text, isModel: true });
      assert.deepEqual(
        diagnostics.map((d) => d.message),
        [],
        path,
      );
      checkParse(text);
    }
  });

  fuzz('bytes', 300, (n) => randomBytes(randomFrom(n)));
  fuzz('tokens', 300, (n) => randomTokens(randomFrom(n)));
  fuzz('edited files', 1500, (n) => {
    const random = randomFrom(n);
    return editTokens(random, files[random(files.length)].text);
  });
});
