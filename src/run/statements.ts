/** Where the statements of an image are: by line for breakpoints, by function for their entry. */
import { lineStarts, positionAt } from '../language/diagnostics.ts';
import type { FunctionInfo, Image } from '../language/image.ts';
import {
  INSTRUCTION_WORDS,
  OP_JEQ,
  OP_JF,
  OP_JLE,
  OP_JLT,
  OP_JMP,
  OP_JNE,
  OP_JT,
} from '../language/instructions.ts';

/** A statement, with every place of the code that it begins at (instances of a generic function
 *  have one each). Lines and columns are 1-based. */
export interface StatementPlace {
  readonly file: number;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly pcs: readonly number[];
}

export class StatementTable {
  readonly #image: Image;
  /** By file, in the order of the text; made when first asked for. */
  readonly #byFile = new Map<number, StatementPlace[]>();

  constructor(image: Image) {
    this.#image = image;
  }

  /** The statement that a breakpoint on the line means, or why there is none. */
  find(path: string, line: number, column: number | undefined): StatementPlace | string {
    const file = this.#image.files.findIndex((one) => one.path === path);
    const { name } = this.#image.scenario;
    if (file < 0) return `no part of this file runs in the scenario ${name}`;
    const places = this.#placesOf(file);
    const first = places.find((place) => place.line >= line);
    if (first === undefined || this.#isAnotherDeclaration(file, line, first.line)) {
      return `no statement of the scenario ${name} is here`;
    }
    if (column === undefined || first.line !== line) return first;
    const onLine = places.filter((place) => place.line === line);
    return onLine.find((place) => place.column >= column) ?? onLine[onLine.length - 1];
  }

  /** Statements that begin on lines startLine … endLine. */
  within(path: string, startLine: number, endLine: number): StatementPlace[] {
    const file = this.#image.files.findIndex((one) => one.path === path);
    if (file < 0) return [];
    return this.#placesOf(file).filter(({ line }) => startLine <= line && line <= endLine);
  }

  /** The place of one instruction. */
  at(pc: number): StatementPlace {
    const index = pc / INSTRUCTION_WORDS;
    const file = this.#image.sourceFiles[index];
    const source = this.#image.files[file];
    const start = positionAt(source, this.#image.sourceStarts[index]);
    const end = positionAt(source, this.#image.sourceEnds[index]);
    return { file, ...start, endLine: end.line, endColumn: end.column, pcs: [pc] };
  }

  /** Where functions of that name begin: `coroswitch`, `runtime.throw`, `stack.push`, `iter.Pull`
   *  (every instance). */
  functionEntries(name: string): number[] {
    const wanted = plainName(name.trim().replace(/\(\)$/, ''));
    return this.#image.functions
      .filter((info) => {
        if (info.isWrapper) return false;
        const full = plainName(info.name);
        return full === wanted || full === `${info.packageName}.${wanted}`;
      })
      .map((info) => this.#entryOf(info));
  }

  /** The first statement; the very beginning when a loop leads back to the first statement. */
  #entryOf({ start, end }: FunctionInfo): number {
    const { statements, code } = this.#image;
    let first = start;
    while (first < end && statements[first / INSTRUCTION_WORDS] === 0) first += INSTRUCTION_WORDS;
    if (first >= end) return start;
    for (let pc = start; pc < end; pc += INSTRUCTION_WORDS) {
      if (jumpTarget(code, pc) === first) return start;
    }
    return first;
  }

  #placesOf(file: number): StatementPlace[] {
    const known = this.#byFile.get(file);
    if (known !== undefined) return known;
    const { statements, sourceFiles, sourceStarts } = this.#image;
    const byStart = new Map<number, number[]>();
    for (let index = 0; index < statements.length; index++) {
      if (statements[index] === 0 || sourceFiles[index] !== file) continue;
      const pcs = byStart.get(sourceStarts[index]);
      if (pcs === undefined) byStart.set(sourceStarts[index], [index * INSTRUCTION_WORDS]);
      else pcs.push(index * INSTRUCTION_WORDS);
    }
    const places = [...byStart]
      .sort(([a], [b]) => a - b)
      .map(([, pcs]) => ({ ...this.at(pcs[0]), pcs }));
    this.#byFile.set(file, places);
    return places;
  }

  /** Whether a declaration begins between the line asked for and the one found: the code of the
   *  line asked for is then not part of the image. */
  #isAnotherDeclaration(file: number, line: number, foundLine: number): boolean {
    const source = this.#image.files[file];
    const starts = lineStarts(source);
    for (let next = Math.max(0, line); next < foundLine; next++) {
      const start = starts[next];
      if (/^(?:func|scenario|invariant|quiescent)\b/.test(source.text.slice(start, start + 12))) {
        return true;
      }
    }
    return false;
  }
}

/** Without type arguments and receiver brackets: `main.(*stack).push` is `main.stack.push`. */
function plainName(name: string): string {
  return name.replace(/\[[^\]]*\]/g, '').replace(/\(\*?([^()]*)\)/g, '$1');
}

function jumpTarget(code: Int32Array, pc: number): number {
  switch (code[pc]) {
    case OP_JMP:
      return code[pc + 1];
    case OP_JT:
    case OP_JF:
      return code[pc + 2];
    case OP_JEQ:
    case OP_JNE:
    case OP_JLT:
    case OP_JLE:
      return code[pc + 3];
    default:
      return -1;
  }
}
