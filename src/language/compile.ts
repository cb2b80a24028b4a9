/**
 * The compiler: from the typed program to the image that the machine runs. It starts at what can be
 * called from outside (the entry, the scenario, the runtime's functions, conditions) and compiles
 * each function that one of them reaches.
 */
import { Analysis } from './analysis.ts';
import { FunctionCompiler } from './compile-function.ts';
import type { Unit } from './compile-function.ts';
import type { SourceFile } from './diagnostics.ts';
import { CodeBuffer } from './emit.ts';
import { GLOBALS } from './image.ts';
import type { ConditionInfo, FunctionInfo, GlobalInfo, Image, ImageFile } from './image.ts';
import { INSTRUCTION_WORDS } from './instructions.ts';
import { RuntimeTypes } from './runtime-types.ts';
import { missingFunction, scenarioEntry } from './scenario-entry.ts';
import type {
  TypedExpression,
  TypedFunction,
  TypedProgram,
  TypedScenario,
  Variable,
} from './typed.ts';
import { wordsOf } from './types.ts';

export interface CompileSettings {
  /** Name of the runtime profile. */
  readonly profile: string;
  readonly options: Record<string, number>;
  /** Of all sources, options and the scenario's name. */
  readonly hash: string;
}

/**
 * Compiles one scenario of a program without errors. Throws only for mistakes of ours (“internal
 * error: …”).
 */
export function compile(
  program: TypedProgram,
  scenario: TypedScenario,
  settings: CompileSettings,
): Image {
  return new ProgramCompiler(program, scenario).compile(settings);
}

interface Job {
  readonly source: TypedFunction;
  readonly local: boolean;
}

class ProgramCompiler implements Unit {
  readonly buffer = new CodeBuffer();
  readonly types: RuntimeTypes;
  readonly analysis = new Analysis();
  readonly callCache = new Map<TypedExpression, boolean>();
  readonly #program: TypedProgram;
  readonly #scenario: TypedScenario;
  readonly #numbers = new Map<TypedFunction, number>();
  readonly #localNumbers = new Map<TypedFunction, number>();
  /** All functions by number; those from functions.length on are still to be compiled. */
  readonly #jobs: Job[] = [];
  readonly #functions: FunctionInfo[] = [];
  /** Stand-ins for functions of package runtime that the profile lacks. */
  readonly #missing = new Map<string, TypedFunction>();
  readonly #packages = new Map<SourceFile, string>();
  readonly #files: SourceFile[] = [];
  readonly #fileNumbers = new Map<SourceFile, number>();
  readonly #strings: string[] = [];
  readonly #stringValues = new Map<string, number>([['', 0]]);
  readonly #globals: GlobalInfo[] = [];
  readonly #globalAddresses = new Map<Variable, number>();
  #globalsEnd = GLOBALS;

  constructor(program: TypedProgram, scenario: TypedScenario) {
    this.#program = program;
    this.#scenario = scenario;
    this.types = new RuntimeTypes(program.dynamicTypes);
  }

  compile(settings: CompileSettings): Image {
    const program = this.#program;
    const main = this.#scenario.body;
    // Files of the scenario come first: number 0 is what the user wrote.
    this.fileNumber(main.file);
    for (const variable of program.globals) this.globalAddress(variable);
    const entry = this.functionNumber(program.entry ?? scenarioEntry(program.init, main), false);
    const scenario = this.functionNumber(main, false);
    const runtimeFunctions: Record<string, number> = {};
    for (const [name, target] of program.runtimeFunctions) {
      runtimeFunctions[name] = this.functionNumber(target, false);
    }
    const conditions: ConditionInfo[] = program.conditions.map((each) => ({
      condition: each.condition,
      name: each.name,
      function: this.functionNumber(each.body, true),
    }));
    this.#compileReachable();
    const { buffer } = this;
    const instructions = buffer.pc / INSTRUCTION_WORDS;
    return {
      code: buffer.code.slice(0, buffer.pc),
      functions: this.#functions,
      types: this.types.types,
      strings: this.#strings,
      methodNames: this.types.methodNames,
      globals: this.#globals,
      globalsEnd: this.#globalsEnd,
      files: this.#files.map(imageFile),
      sourceFiles: buffer.files.slice(0, instructions),
      sourceStarts: buffer.starts.slice(0, instructions),
      sourceEnds: buffer.ends.slice(0, instructions),
      statements: buffer.statements.slice(0, instructions),
      entry,
      runtimeFunctions,
      conditions,
      scenario: {
        name: this.#scenario.name,
        expectations: this.#scenario.expectations,
        function: scenario,
      },
      profile: settings.profile,
      options: settings.options,
      hash: settings.hash,
    };
  }

  #compileReachable(): void {
    while (this.#functions.length < this.#jobs.length) {
      const { source, local } = this.#jobs[this.#functions.length];
      this.#functions.push(new FunctionCompiler(this, source, local).compile());
      if (this.#functions.length === this.#jobs.length) {
        this.types.linkMethods((target) => this.functionNumber(target, false));
      }
    }
  }

  functionNumber(target: TypedFunction, local: boolean): number {
    const bound = this.#bind(target);
    const numbers = local ? this.#localNumbers : this.#numbers;
    const known = numbers.get(bound);
    if (known !== undefined) return known;
    const number = this.#jobs.length;
    this.#jobs.push({ source: bound, local });
    numbers.set(bound, number);
    return number;
  }

  /** The functions that a model declares and the scenario provides. */
  #bind(target: TypedFunction): TypedFunction {
    if (target.body) return target;
    if (target === this.#program.mainMain || target.name === 'runtime.main_main') {
      return this.#scenario.body;
    }
    if (target.name === 'runtime.main_init') return this.#program.init;
    throw new Error(`internal error: ${target.name} has no body, please report`);
  }

  runtimeFunction(name: string): number {
    let target = this.#program.runtimeFunctions.get(name) ?? this.#missing.get(name);
    if (!target) {
      target = missingFunction(name, this.#scenario.body.file);
      this.#missing.set(name, target);
    }
    return this.functionNumber(target, false);
  }

  stringValue(text: string): number {
    let found = this.#stringValues.get(text);
    if (found === undefined) {
      found = -this.#strings.length - 1;
      this.#strings.push(text);
      this.#stringValues.set(text, found);
    }
    return found;
  }

  globalAddress(variable: Variable): number {
    const known = this.#globalAddresses.get(variable);
    if (known !== undefined) return known;
    const address = this.#globalsEnd;
    this.#globalAddresses.set(variable, address);
    this.#globalsEnd += wordsOf(variable.type);
    if (!variable.synthetic && variable.name !== '_') {
      this.#globals.push({
        name: variable.name,
        packageName: this.#packageOf(variable),
        type: this.types.id(variable.type),
        address,
      });
    }
    return address;
  }

  /** Globals belong to the package that their file's functions are of; of a model none of whose
   *  functions is used, the text tells. */
  #packageOf(variable: Variable): string {
    if (this.#packages.size === 0) {
      for (const each of this.#program.functions) this.#packages.set(each.file, each.packageName);
    }
    const { file } = variable;
    const named = file.isModel ? /^package (\w+)/m.exec(file.text)?.[1] : undefined;
    return this.#packages.get(file) ?? named ?? 'main';
  }

  fileNumber(file: SourceFile): number {
    let number = this.#fileNumbers.get(file);
    if (number === undefined) {
      number = this.#files.length;
      this.#files.push(file);
      this.#fileNumbers.set(file, number);
    }
    return number;
  }
}

function imageFile(file: SourceFile): ImageFile {
  return { path: file.path, text: file.text, isModel: file.isModel };
}
