/** The function that thread 0 begins with when no runtime model says otherwise. */
import { stringType } from './type-store.ts';
import type { TypedExpression, TypedFunction, TypedStatement } from './typed.ts';
import type { Span } from './diagnostics.ts';
import type { FunctionType, TupleType } from './types.ts';

const nowhere: Span = { start: 0, end: 0 };
const nothing: TupleType = { kind: 'tuple', elements: [] };
const thunk: FunctionType = { kind: 'function', parameters: [], variadic: false, results: [] };

/** Initialises the packages, runs the scenario and ends the run with the outcome `ok`. */
export function scenarioEntry(init: TypedFunction, main: TypedFunction): TypedFunction {
  const statements = [call(init), call(main), end()];
  return {
    name: 'runtime.rt0',
    packageName: 'runtime',
    file: main.file,
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

function end(): TypedStatement {
  return statement({
    kind: 'call',
    type: nothing,
    span: nowhere,
    callee: { kind: 'machine', name: 'Outcome', typeArguments: [] },
    arguments: ['ok', ''].map((value) => ({
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
