/** Functions that the compiler makes where no runtime model has one. */
import { stringType } from './type-store.ts';
import type { TypedExpression, TypedFunction, TypedStatement } from './typed.ts';
import type { SourceFile, Span } from './diagnostics.ts';
import type { FunctionType, TupleType } from './types.ts';

const nowhere: Span = { start: 0, end: 0 };
const nothing: TupleType = { kind: 'tuple', elements: [] };
const thunk: FunctionType = { kind: 'function', parameters: [], variadic: false, results: [] };

/** What thread 0 begins with: initialises the packages, runs the scenario and ends the run with the
 *  outcome `ok`. */
export function scenarioEntry(init: TypedFunction, main: TypedFunction): TypedFunction {
  return made('runtime.rt0', main.file, [call(init), call(main), outcome('ok', '')]);
}

/** Stands for the body of whatever scenario is compiled: what models call main_main. */
export function scenarioStandIn(file: SourceFile): TypedFunction {
  return { ...made('runtime.main_main', file, []), body: null };
}

/** Stands for a function of package runtime that the profile lacks: says so when it is called. */
export function missingFunction(name: string, file: SourceFile): TypedFunction {
  const why = `this runtime profile has no ${name}: choose one with goroutines, such as go1.23`;
  return made(`runtime.${name}`, file, [outcome('limit', why)]);
}

function made(name: string, file: SourceFile, statements: TypedStatement[]): TypedFunction {
  return {
    name,
    packageName: 'runtime',
    file,
    span: nowhere,
    type: thunk,
    parameters: [],
    results: [],
    captures: [],
    body: { kind: 'block', span: nowhere, statements },
    hasDefer: false,
    isWrapper: true,
    isRangeBody: false,
  };
}

function call(target: TypedFunction): TypedStatement {
  return statement({
    kind: 'call',
    type: nothing,
    span: nowhere,
    callee: { kind: 'static', function: target },
    arguments: [],
  });
}

function outcome(kind: string, message: string): TypedStatement {
  return statement({
    kind: 'call',
    type: nothing,
    span: nowhere,
    callee: { kind: 'machine', name: 'Outcome', typeArguments: [] },
    arguments: [kind, message].map((value) => ({
      kind: 'constant',
      type: stringType,
      span: nowhere,
      value,
    })),
  });
}

function statement(expression: TypedExpression): TypedStatement {
  return { kind: 'expression', span: nowhere, expression };
}
