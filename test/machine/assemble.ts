/** A tiny assembler: images for tests of the machine, written by hand. */
import type { FunctionInfo, Image, RuntimeType } from '../../src/language/image.ts';
import { FIRST_TYPE_ID, GLOBALS } from '../../src/language/image.ts';
import * as ops from '../../src/language/instructions.ts';

/** An operand: a number, a label of the same function (`@name`), a function (`name()`), or a string
 *  constant (`'text`), which stands for its value. */
export type Operand = number | string;

export interface FunctionSource {
  readonly name: string;
  readonly frame?: number;
  readonly parameters?: number;
  readonly results?: number;
  readonly isModel?: boolean;
  readonly isWrapper?: boolean;
  /** Instructions [NAME, ...operands]; a string alone is a label. A label `epilogue` is special. */
  readonly code: readonly (string | readonly [string, ...Operand[]])[];
}

export interface ImageSource {
  readonly functions: readonly FunctionSource[];
  readonly globals?: number;
  readonly types?: readonly Partial<RuntimeType>[];
  readonly methodNames?: readonly string[];
  readonly invariants?: readonly string[];
  readonly quiescent?: readonly string[];
  readonly options?: Readonly<Record<string, number>>;
}

/** Ids of types given to `assemble`, in their order. */
export const typeId = (index: number) => FIRST_TYPE_ID + index;

/** Address of the n-th global word. */
export const globalAddress = (index: number) => GLOBALS + index;

/** The image of these functions; the first is the entry, and those of runtime names are known. */
export function assemble(source: ImageSource): Image {
  const names = source.functions.map((one) => one.name);
  const strings: string[] = [];
  const code: number[] = [];
  const functions: FunctionInfo[] = [];
  for (const item of source.functions) {
    const start = code.length;
    const labels = new Map<string, number>();
    let pc = start;
    for (const line of item.code) {
      if (typeof line === 'string') labels.set(line, pc);
      else pc += ops.INSTRUCTION_WORDS;
    }
    const operand = (text: Operand): number => {
      if (typeof text === 'number') return text;
      if (text.startsWith('@')) return known(labels.get(text.slice(1)), text);
      if (text.startsWith("'")) return constant(strings, text.slice(1));
      return known(names.indexOf(text.replace('()', '')), text);
    };
    for (const line of item.code) {
      if (typeof line === 'string') continue;
      const [name, ...operands] = line;
      const op = (ops as unknown as Record<string, number>)[`OP_${name}`];
      const words = [known(op, name), ...operands.map(operand)];
      while (words.length < ops.INSTRUCTION_WORDS) words.push(0);
      code.push(...words);
    }
    functions.push(functionInfo(item, start, code.length, labels.get('epilogue') ?? -1));
  }
  return imageOf(source, names, code, functions, strings);
}

function known(value: number | undefined, what: string): number {
  if (value === undefined || (value < 0 && !what.startsWith("'"))) throw new Error(`no ${what}`);
  return value;
}

function constant(strings: string[], text: string): number {
  let index = strings.indexOf(text);
  if (index < 0) index = strings.push(text) - 1;
  return -index - 1;
}

function functionInfo(
  item: FunctionSource,
  start: number,
  end: number,
  epilogue: number,
): FunctionInfo {
  return {
    name: item.name,
    packageName: 'main',
    file: 0,
    start,
    end,
    epilogue,
    frameWords: item.frame ?? 3,
    parameterWords: item.parameters ?? 0,
    resultWords: item.results ?? 0,
    isModel: item.isModel ?? false,
    isWrapper: item.isWrapper ?? false,
    isRangeBody: false,
    variables: [],
  };
}

function imageOf(
  source: ImageSource,
  names: readonly string[],
  code: readonly number[],
  functions: readonly FunctionInfo[],
  strings: readonly string[],
): Image {
  const count = code.length / ops.INSTRUCTION_WORDS;
  const isRuntime = (name: string) => ops.RUNTIME_FUNCTIONS.includes(name);
  const condition = (kind: 'invariant' | 'quiescent') => (name: string) => ({
    condition: kind,
    name,
    function: names.indexOf(name),
  });
  const types: (RuntimeType | null)[] = Array.from({ length: FIRST_TYPE_ID }, () => null);
  for (const type of source.types ?? []) types.push(completeType(types.length, type));
  return {
    code: Int32Array.from(code),
    functions,
    types,
    strings,
    methodNames: source.methodNames ?? [],
    globals: [],
    globalsEnd: GLOBALS + (source.globals ?? 0),
    files: [{ path: 'test.coro', text: '', isModel: false }],
    sourceFiles: new Uint16Array(count),
    sourceStarts: new Int32Array(count),
    sourceEnds: new Int32Array(count),
    statements: new Uint8Array(count),
    entry: 0,
    runtimeFunctions: Object.fromEntries(
      names.flatMap((name, index) => (isRuntime(name) ? [[name, index]] : [])),
    ),
    conditions: [
      ...(source.invariants ?? []).map(condition('invariant')),
      ...(source.quiescent ?? []).map(condition('quiescent')),
    ],
    scenario: { name: 'test', expectations: [], function: 0 },
    profile: 'threads',
    options: source.options ?? {},
    hash: '',
    races: false,
  };
}

function completeType(id: number, type: Partial<RuntimeType>): RuntimeType {
  return {
    name: `type${id}`,
    kind: 'integer',
    bits: -64,
    words: 1,
    element: 0,
    length: 0,
    fields: [],
    packageName: '',
    named: false,
    methods: {},
    comparable: true,
    goBytes: 8,
    ...type,
    id,
  };
}
