/**
 * The compiler, by the code it makes, by what that code does, and by what the machine relies on.
 */
import assert from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import type { FileNode } from '../../src/language/ast.ts';
import { check } from '../../src/language/check.ts';
import { compile } from '../../src/language/compile.ts';
import { formatDiagnostic } from '../../src/language/diagnostics.ts';
import { disassemble } from '../../src/language/disassemble.ts';
import type { Image } from '../../src/language/image.ts';
import { INSTRUCTIONS, SYSTEM_CALLS } from '../../src/language/instruction-table.ts';
import * as instructions from '../../src/language/instructions.ts';
import { parse } from '../../src/language/parser.ts';
import { verifyImage } from '../../src/language/verify-image.ts';
import { profiles } from '../../src/models/profiles.ts';
import { NaturalPolicy } from '../../src/run/natural.ts';
import { Timeline } from '../../src/run/timeline.ts';
import { checkGolden } from '../golden.ts';

const folder = 'test/language/compile';

/** Parsed files by path and text: profiles share most of theirs. */
const parsed = new Map<string, FileNode>();

function parseFile(path: string, text: string, isModel: boolean): FileNode {
  const key = `${path}\0${text}`;
  let file = parsed.get(key);
  if (!file) {
    const result = parse({ path, text, isModel });
    assert.deepEqual(result.diagnostics.map(formatDiagnostic), []);
    parsed.set(key, (file = result.file));
  }
  return file;
}

/** An image of each scenario; on other profiles than the file's own, of the first one. Null when the
 *  profile does not take the file. */
function images(path: string, profile: string): Image[] | null {
  const file = parseFile(path, readFileSync(path, 'utf8'), false);
  const models = (profiles.get(profile)?.files ?? []).map((model) =>
    parseFile(model.path, model.text, true),
  );
  const { program, diagnostics } = check(file, models);
  if (diagnostics.some((each) => each.severity === 'error')) return null;
  const options = { ...profiles.get(profile)?.options };
  const settings = { profile, options, hash: '', races: false };
  const isOwn = file.runtime === null || file.runtime.profile === profile;
  const scenarios = isOwn ? program.scenarios : program.scenarios.slice(0, 1);
  return scenarios.map((scenario) => compile(program, scenario, settings));
}

/** All functions of a file, called or not: an image has only those that are reached. */
function reachAll(text: string): string {
  const names = [...text.matchAll(/^func (\w+)\(/gm)].map((match) => match[1]);
  const uses = names.map((name) => `\t_ = ${name}\n`).join('');
  return text.replace('scenario Main {\n', `scenario Main {\n${uses}`);
}

/** Compiles a file of functions; gives the code of each, as the file orders them. */
function code(name: string): string {
  const path = `${folder}/${name}.coro`;
  const text = reachAll(readFileSync(path, 'utf8'));
  const file = parseFile(path, text, false);
  const profile = file.runtime?.profile ?? 'threads';
  const models = (profiles.get(profile)?.files ?? []).map((model) =>
    parseFile(model.path, model.text, true),
  );
  const { program, diagnostics } = check(file, models);
  assert.deepEqual(diagnostics.map(formatDiagnostic), []);
  const image = compile(program, program.scenarios[0], {
    profile,
    options: {},
    hash: '',
    races: false,
  });
  assert.deepEqual(verifyImage(image), []);
  const own = image.functions.filter((each) => image.files[each.file].path === path);
  const ordered = own.slice().sort((a, b) => startOf(image, a.start) - startOf(image, b.start));
  const names = new Set(ordered.map((each) => each.name));
  const hidden = ['main.main', 'main.init', 'runtime.rt0'];
  return Array.from(names)
    .filter((each) => !hidden.includes(each))
    .map((each) => withTexts(image, disassemble(image, each)) + variables(image, each))
    .join('\n');
}

/** String constants as texts, not as numbers that change when a model gets another string. */
function withTexts(image: Image, listing: string): string {
  return listing.replace(/(CONST F\d+) -(\d{2,3})$/gm, (line, start: string, number: string) => {
    const text = image.strings[Number(number) - 1];
    return text === undefined ? line : `${start} ${JSON.stringify(text)}`;
  });
}

/** Where a debugger finds the variables, and from which instruction to which. */
function variables(image: Image, name: string): string {
  const info = image.functions.find((each) => each.name === name);
  assert.ok(info);
  const index = (pc: number): number => (pc - info.start) / instructions.INSTRUCTION_WORDS;
  return info.variables
    .map(({ name, kind, storage, index: at, type, start, end }) => {
      const where = `${storage} ${at} @${index(start)}..${index(end)}`;
      return `  ${kind} ${name} ${image.types[type]?.name}: ${where}\n`;
    })
    .join('');
}

function startOf(image: Image, pc: number): number {
  return image.sourceStarts[pc / instructions.INSTRUCTION_WORDS];
}

describe('compiler', () => {
  for (const name of ['arithmetic', 'memory', 'control', 'functions', 'channels']) {
    it(`makes the code of ${name}.coro`, () => checkGolden(`${folder}/${name}.txt`, code(name)));
  }

  for (const name of ['semantics', 'finer-points']) {
    it(`makes ${name}.coro print what it prints in Go`, () => {
      const [image] = images(`${folder}/${name}.coro`, 'go1.23') ?? [];
      assert.ok(image, 'it has errors');
      const timeline = new Timeline(image, { policy: new NaturalPolicy(), stepLimit: 100_000 });
      while (timeline.forward());
      const text = timeline.output.map((line) => line.text).join('');
      assert.deepEqual(timeline.outcome, { kind: 'ok', message: '' });
      checkGolden(`${folder}/${name}.txt`, text);
    });
  }

  it('knows the shape of every instruction and system call', () => {
    const entries = Object.entries(instructions) as [string, unknown][];
    for (const [name, value] of entries) {
      if (typeof value !== 'number' || name === 'OP_VISIBLE') continue;
      if (name.startsWith('OP_')) assert.equal(INSTRUCTIONS[value]?.name, name.slice(3));
      if (name.startsWith('SYS_')) assert.equal(SYSTEM_CALLS[value]?.name, name.slice(4));
    }
  });

  it('makes images that the machine can rely on, of all scenarios and models', () => {
    const files = readdirSync('test/scenarios', { recursive: true, encoding: 'utf8' });
    let count = 0;
    for (const name of files.filter((each) => each.endsWith('.coro'))) {
      for (const profile of profiles.keys()) {
        for (const image of images(`test/scenarios/${name}`, profile) ?? []) {
          assert.deepEqual(verifyImage(image), [], `${name} ${image.scenario.name} on ${profile}`);
          count++;
        }
      }
    }
    assert.ok(count > 50, `only ${count} images`);
  });
});
