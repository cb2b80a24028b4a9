/**
 * The compiler: from the typed program to the image that the machine runs. It starts at what can be
 * called from outside (the entry, the runtime's functions, conditions, the scenario) and compiles
 * each function that one of them reaches. What is reached without the scenario comes first, so that
 * it is compiled once for all scenarios of a program.
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
import { missingFunction, scenarioEntry, scenarioStandIn } from './scenario-entry.ts';
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
  /** Whether the image tells a detector of data races what happens. */
  readonly races: boolean;
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
  const parts = settings.races ? sharedWithRaces : sharedParts;
  let shared = parts.get(program);
  if (shared === undefined) {
    shared = new ProgramCompiler(program, null, settings.races);
    shared.compileShared();
    parts.set(program, shared);
  }
  return new ProgramCompiler(program, shared, settings.races).compile(scenario, settings);
}

/** What all scenarios of a program have in common, compiled. */
const sharedParts = new WeakMap<TypedProgram, ProgramCompiler>();
const sharedWithRaces = new WeakMap<TypedProgram, ProgramCompiler>();

/** Function numbers of what the run begins with, and of the scenario's body. */
const ENTRY_FUNCTION = 0;
const SCENARIO_FUNCTION = 1;

interface Job {
  readonly source: TypedFunction;
  readonly local: boolean;
}

class ProgramCompiler implements Unit {
  readonly buffer: CodeBuffer;
  readonly types: RuntimeTypes;
  readonly analysis: Analysis;
  readonly callCache: Map<TypedExpression, boolean>;
  readonly races: boolean;
  private readonly program: TypedProgram;
  private readonly numbers: Map<TypedFunction, number>;
  private readonly localNumbers: Map<TypedFunction, number>;
  /** All functions by number; null: the scenario's body, as long as it is not known. */
  private readonly jobs: (Job | null)[];
  private readonly functions: FunctionInfo[];
  /** Functions below this number are compiled, but for the scenario's body. */
  private compiled: number;
  /** Stand-ins for functions of package runtime that the profile lacks. */
  private readonly missing: Map<string, TypedFunction>;
  private readonly packages: Map<SourceFile, string>;
  private readonly files: SourceFile[];
  private readonly fileNumbers: Map<SourceFile, number>;
  private readonly strings: string[];
  private readonly stringValues: Map<string, number>;
  private readonly globals: GlobalInfo[];
  private readonly globalAddresses: Map<Variable, number>;
  private globalsEnd: number;
  private conditions: readonly ConditionInfo[];

  /** Goes on from what `shared` has compiled, which stays as it is. */
  constructor(program: TypedProgram, shared: ProgramCompiler | null, races: boolean) {
    this.races = races;
    this.program = program;
    this.buffer = shared?.buffer.copy() ?? new CodeBuffer();
    this.types = shared?.types.copy() ?? new RuntimeTypes(program.dynamicTypes);
    this.analysis = shared?.analysis ?? new Analysis();
    this.callCache = shared?.callCache ?? new Map();
    this.numbers = new Map(shared?.numbers);
    this.localNumbers = new Map(shared?.localNumbers);
    this.jobs = [...(shared?.jobs ?? [])];
    this.functions = [...(shared?.functions ?? [])];
    this.compiled = shared?.compiled ?? 0;
    this.missing = new Map(shared?.missing);
    this.packages = shared?.packages ?? packagesOf(program);
    this.files = [...(shared?.files ?? [])];
    this.fileNumbers = new Map(shared?.fileNumbers);
    this.strings = [...(shared?.strings ?? [])];
    this.stringValues = new Map(shared?.stringValues ?? [['', 0]]);
    this.globals = [...(shared?.globals ?? [])];
    this.globalAddresses = new Map(shared?.globalAddresses);
    this.globalsEnd = shared?.globalsEnd ?? GLOBALS;
    this.conditions = shared?.conditions ?? [];
  }

  /** What does not depend on the scenario. */
  compileShared(): void {
    const program = this.program;
    // Files of the scenario come first: number 0 is what the user wrote.
    this.fileNumber(program.init.file);
    for (const variable of program.globals) this.globalAddress(variable);
    const entry = program.entry ?? scenarioEntry(program.init, scenarioStandIn(program.init.file));
    this.functionNumber(entry, false);
    this.jobs.push(null);
    for (const target of program.runtimeFunctions.values()) this.functionNumber(target, false);
    this.conditions = program.conditions.map((each) => ({
      condition: each.condition,
      name: each.name,
      function: this.functionNumber(each.body, true),
    }));
    this.#compileReachable();
  }

  compile(scenario: TypedScenario, settings: CompileSettings): Image {
    const { body, name, expectations } = scenario;
    this.jobs[SCENARIO_FUNCTION] = { source: body, local: false };
    this.numbers.set(body, SCENARIO_FUNCTION);
    this.#compileJob(SCENARIO_FUNCTION);
    this.#compileReachable();
    const { buffer } = this;
    const instructions = buffer.pc / INSTRUCTION_WORDS;
    const runtimeFunctions: Record<string, number> = {};
    for (const [called, target] of this.program.runtimeFunctions) {
      runtimeFunctions[called] = this.functionNumber(target, false);
    }
    return {
      code: buffer.code.slice(0, buffer.pc),
      functions: this.functions,
      types: this.types.types,
      strings: this.strings,
      methodNames: this.types.methodNames,
      globals: this.globals,
      globalsEnd: this.globalsEnd,
      files: this.files.map(imageFile),
      sourceFiles: buffer.files.slice(0, instructions),
      sourceStarts: buffer.starts.slice(0, instructions),
      sourceEnds: buffer.ends.slice(0, instructions),
      statements: buffer.statements.slice(0, instructions),
      entry: ENTRY_FUNCTION,
      runtimeFunctions,
      conditions: this.conditions,
      scenario: { name, expectations, function: SCENARIO_FUNCTION },
      profile: settings.profile,
      options: settings.options,
      // Taken late: most images are never asked.
      get hash() {
        return settings.hash;
      },
      races: settings.races,
    };
  }

  #compileReachable(): void {
    for (;;) {
      while (this.compiled < this.jobs.length) this.#compileJob(this.compiled++);
      this.types.linkMethods((target) => this.functionNumber(target, false));
      if (this.compiled === this.jobs.length) return;
    }
  }

  #compileJob(number: number): void {
    const job = this.jobs[number];
    if (job === null) return;
    this.functions[number] = new FunctionCompiler(this, job.source, job.local).compile();
  }

  functionNumber(target: TypedFunction, local: boolean): number {
    if (this.#isScenario(target)) return SCENARIO_FUNCTION;
    const bound = this.#bind(target);
    const numbers = local ? this.localNumbers : this.numbers;
    const known = numbers.get(bound);
    if (known !== undefined) return known;
    const number = this.jobs.length;
    this.jobs.push({ source: bound, local });
    numbers.set(bound, number);
    return number;
  }

  /** Whether this is what models declare as the program's main function. */
  #isScenario(target: TypedFunction): boolean {
    return target.body === null && target.name === 'runtime.main_main';
  }

  /** The function that a model declares and the scenario's file provides. */
  #bind(target: TypedFunction): TypedFunction {
    if (target.body) return target;
    if (target.name === 'runtime.main_init') return this.program.init;
    throw new Error(`internal error: ${target.name} has no body, please report`);
  }

  runtimeFunction(name: string): number {
    let target = this.program.runtimeFunctions.get(name) ?? this.missing.get(name);
    if (!target) {
      target = missingFunction(name, this.program.init.file);
      this.missing.set(name, target);
    }
    return this.functionNumber(target, false);
  }

  stringValue(text: string): number {
    let found = this.stringValues.get(text);
    if (found === undefined) {
      found = -this.strings.length - 1;
      this.strings.push(text);
      this.stringValues.set(text, found);
    }
    return found;
  }

  globalAddress(variable: Variable): number {
    const known = this.globalAddresses.get(variable);
    if (known !== undefined) return known;
    const address = this.globalsEnd;
    this.globalAddresses.set(variable, address);
    this.globalsEnd += wordsOf(variable.type);
    if (!variable.synthetic && variable.name !== '_') {
      this.globals.push({
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
    const { file } = variable;
    const named = file.isModel ? /^package (\w+)/m.exec(file.text)?.[1] : undefined;
    return this.packages.get(file) ?? named ?? 'main';
  }

  fileNumber(file: SourceFile): number {
    let number = this.fileNumbers.get(file);
    if (number === undefined) {
      number = this.files.length;
      this.files.push(file);
      this.fileNumbers.set(file, number);
    }
    return number;
  }
}

function packagesOf(program: TypedProgram): Map<SourceFile, string> {
  return new Map(program.functions.map((each) => [each.file, each.packageName]));
}

function imageFile(file: SourceFile): ImageFile {
  return { path: file.path, text: file.text, isModel: file.isModel };
}
