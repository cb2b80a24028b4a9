import assert from 'node:assert';
import process from 'node:process';
import { format } from '../../src/editor/format.ts';
import { lex } from '../../src/language/lexer.ts';
import { parse } from '../../src/language/parser.ts';
import { isAutomatic } from '../../src/language/tokens.ts';
import { corpus } from '../language/corpus.ts';
import { editTokens, randomFrom } from '../language/mutations.ts';
import type { Random } from '../language/mutations.ts';
import { printTree } from '../language/print-tree.ts';
import { freshSeed } from '../seed.ts';

/** SEED=n repeats a run. */
const seed = Number(process.env.SEED ?? freshSeed());

const BLANKS = [' ', '  ', '\t', ' \t '];
const GAPS = [...BLANKS, '', '\n', '\n\n\n', '/**/', ' /* c */ ', ' // c\n', '\n// d\n\n'];

/** The same tokens with other gaps between them, one in `rarity` of those without a line break. */
function shake(random: Random, text: string, gaps: readonly string[], rarity: number): string {
  const { tokens } = lex({ path: '', text, isModel: true });
  let result = '';
  let end = 0;
  for (const token of tokens) {
    const gap = text.slice(end, token.start);
    const keeps = gap.trim() !== '' || gap.includes('\n') || random(rarity) > 0;
    // A profile or an outcome is one word made of several tokens: nothing may come between them.
    const inWord = gap === '' && isInWord(text, token.start);
    result += keeps || inWord ? gap : gaps[random(gaps.length)];
    result += text.slice(token.start, token.end);
    // In the head of a scenario lines end without semicolons.
    const semicolon = !text.startsWith('scenario') && random(30) === 0;
    if (isAutomatic(token) && semicolon) result += ';';
    ({ end } = token);
  }
  return result;
}

function isInWord(text: string, at: number): boolean {
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  return /\b(runtime|on|expect|always|sometimes)\s+[\w.-]*$/.test(line);
}

function treeOf(text: string): string {
  const { file, diagnostics } = parse({ path: '', text, isModel: true });
  assert.deepEqual(
    diagnostics.map((d) => d.message),
    [],
    'the formatted text has errors',
  );
  return printTree(file);
}

function isValid(text: string): boolean {
  return parse({ path: '', text, isModel: true }).diagnostics.length === 0;
}

/** Counts the texts that were changed, so that a formatter that does nothing does not pass. */
function fuzz(family: string, count: number, make: (random: Random) => string): void {
  it(`${family}, seed ${seed}`, () => {
    let valid = 0;
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const text = make(randomFrom(seed + i));
      const where = `SEED=${seed + i}\n${JSON.stringify(text)}\n`;
      const once = format(text);
      assert.equal(format(once), once, `not idempotent: ${where}`);
      if (parse({ path: '', text, isModel: true }).diagnostics.length > 0) {
        assert.equal(once, text, `changed a text with errors: ${where}`);
        continue;
      }
      valid++;
      if (once === text) kept++;
      assert.equal(treeOf(once), treeOf(text), `another program: ${where}`);
    }
    assert.ok(valid > count / 20, `only ${valid} of ${count} texts were valid`);
    assert.ok(kept < valid, 'no text was formatted at all');
  });
}

describe('formatter on random input', () => {
  const files = corpus();
  const declarations = files.flatMap(({ text }) =>
    parse({ path: '', text, isModel: true }).file.declarations.map(
      ({ span }) => `${text.slice(span.start, span.end)}\n`,
    ),
  );
  const whole = declarations.filter(isValid);
  const pick = (random: Random): string => whole[random(whole.length)];
  fuzz('shaken gaps', 2000, (random) => shake(random, pick(random), GAPS, 20));
  fuzz('edited declarations', 1000, (random) =>
    shake(random, editTokens(random, pick(random)), GAPS, 40),
  );

  it(`does not depend on blanks, seed ${seed}`, () => {
    for (let i = 0; i < 1000; i++) {
      const random = randomFrom(seed + i);
      const text = pick(random);
      const shaken = shake(random, text, BLANKS, 3);
      assert.equal(format(shaken), format(text), `SEED=${seed + i}\n${JSON.stringify(shaken)}`);
    }
  });

  it('leaves the models as they are but for blanks', () => {
    for (const { path, text } of files) assert.equal(treeOf(format(text)), treeOf(text), path);
  });
});
