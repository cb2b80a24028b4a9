import assert from 'node:assert';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { foldingRanges } from '../../src/editor/folding.ts';
import { selectionRanges } from '../../src/editor/selection.ts';
import { documentSymbols } from '../../src/editor/symbols.ts';
import type { DocumentSymbol } from '../../src/editor/symbols.ts';
import { classifyTokens } from '../../src/editor/token-classes.ts';
import { parse } from '../../src/language/parser.ts';
import { checkGolden } from '../golden.ts';
import { corpus } from '../language/corpus.ts';
import { editTokens, randomFrom } from '../language/mutations.ts';
import { freshSeed } from '../seed.ts';

const folder = 'test/editor/features';
const seed = Number(process.env.SEED ?? freshSeed());

function read(name: string) {
  const text = readFileSync(`${folder}/${name}`, 'utf8');
  const source = { path: name, text, isModel: false };
  return { text, source, file: parse(source).file };
}

/** Compares what a feature says of features.coro with the expectation beside it. */
function check(feature: string, describeFile: (input: ReturnType<typeof read>) => string): void {
  it(feature, () => {
    checkGolden(`${folder}/${feature}.txt`, describeFile(read('features.coro')));
  });
}

function outline(symbols: readonly DocumentSymbol[], indent: string): string {
  return symbols
    .map(({ kind, name, detail, children }) => {
      const line = `${indent}${kind} ${name} — ${detail}`.trimEnd();
      return `${line}\n${outline(children, `${indent}  `)}`;
    })
    .join('');
}

describe('editor features', () => {
  check('symbols', ({ file }) => outline(documentSymbols(file), ''));

  check('folding', ({ source, text }) => {
    const lines = text.split('\n');
    const ranges = foldingRanges(source).map(
      ({ startLine, endLine, kind }) =>
        `${kind} +${endLine - startLine} ${lines[startLine].trim()}\n`,
    );
    return ranges.join('');
  });

  check('token-classes', ({ file, text }) => {
    // Every line of the text, and below it the names with their classes.
    const tokens = classifyTokens(file);
    let offset = 0;
    const described = text.split('\n').map((line) => {
      const end = offset + line.length;
      const here = tokens.filter(({ span }) => span.start >= offset && span.end <= end);
      offset = end + 1;
      const words = here.map(({ span, class: tokenClass, declaration }) => {
        return `${text.slice(span.start, span.end)}:${tokenClass}${declaration ? '!' : ''}`;
      });
      return words.length === 0 ? `${line}\n` : `${line}\n    ^ ${words.join(' ')}\n`;
    });
    return described.join('');
  });

  check('selection', ({ file, text }) => {
    const places = ['total + 1', '"hidden"', 'exhaust(count)', '// the', 'return total'];
    const described = places.map((place) => {
      const spans = selectionRanges(file, text.indexOf(place) + 1);
      const steps = spans.map(({ start, end }) => JSON.stringify(text.slice(start, end)));
      return `${place}\n${steps.map((step) => `  ${step.slice(0, 90)}\n`).join('')}`;
    });
    return described.join('');
  });

  it(`hold on edited files, seed ${seed}`, () => {
    const files = corpus();
    for (let i = 0; i < 300; i++) {
      const random = randomFrom(seed + i);
      const text = editTokens(random, files[random(files.length)].text);
      checkInvariants(text, random(text.length + 1), `SEED=${seed + i}`);
    }
  });

  it('do not take exponential time for nested groups of parameters', () => {
    checkInvariants(`func f(${'a, b func('.repeat(60)}int${')'.repeat(61)}\n`, 30, '');
  });
});

/** What every feature promises for every text. */
function checkInvariants(text: string, offset: number, where: string): void {
  const source = { path: 'edited.coro', text, isModel: true };
  const { file } = parse(source);
  const lines = text.split('\n').length;
  for (const { startLine, endLine } of foldingRanges(source)) {
    assert.ok(startLine >= 0 && startLine < endLine && endLine < lines, where);
  }
  let end = 0;
  for (const { span } of classifyTokens(file)) {
    assert.ok(span.start >= end && span.end > span.start && span.end <= text.length, where);
    ({ end } = span);
  }
  const spans = selectionRanges(file, offset);
  for (const [index, span] of spans.entries()) {
    const inner = spans[index - 1] ?? { start: offset, end: offset };
    assert.ok(span.start <= inner.start && span.end >= inner.end, where);
  }
  assert.deepEqual(spans.at(-1), { start: 0, end: text.length });
  for (const { span, nameSpan, children } of documentSymbols(file)) {
    for (const inner of [nameSpan, ...children.map((child) => child.span)]) {
      assert.ok(inner.start >= span.start && inner.end <= span.end, where);
    }
  }
}
