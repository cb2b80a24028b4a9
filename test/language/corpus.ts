import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { declarations, expressions, scenarios, statements, types } from './parser/inputs.ts';
import { parse } from '../../src/language/parser.ts';

export interface CorpusFile {
  readonly path: string;
  readonly text: string;
}

const folders = ['src/models', 'test/scenarios', 'test/language/format'];

/** Every valid text at hand: models, scenarios, and the parser's own inputs put into one file. */
export function corpus(): CorpusFile[] {
  const files: CorpusFile[] = [{ path: 'inputs.coro', text: inputsAsFile() }];
  for (const folder of folders) {
    if (!existsSync(folder)) continue;
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.coro')) continue;
      const path = `${folder}/${name.replaceAll('\\', '/')}`;
      const text = readFileSync(path, 'utf8');
      if (isValid(text)) files.push({ path, text });
    }
  }
  return files;
}

function inputsAsFile(): string {
  const inFunction = (input: string): string => `func _() {\n\t${input}\n}\n`;
  const pieces = [
    ...expressions.map((input) => inFunction(`_ = ${input}`)),
    ...statements.map(inFunction),
    ...types.map((input) => inFunction(`var _ ${input}`)),
    ...declarations
      .filter((input) => !/package|import|runtime/.test(input))
      .map((input) => `${input}\n`),
    ...scenarios.filter((input) => !/^(runtime|package)/.test(input)).map((input) => `${input}\n`),
  ];
  return `package main\n\n${pieces.filter(isValid).join('\n')}`;
}

function isValid(text: string): boolean {
  return parse({ path: 'corpus.coro', text, isModel: true }).diagnostics.length === 0;
}
