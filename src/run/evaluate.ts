/**
 * Expressions in a frame: for watches, hovers, the console, conditions and log points. They read
 * the state and never change it.
 */
import type { Frame, Inspector, Value } from './inspect.ts';
import type { Timeline } from './timeline.ts';

/** For people: `undefined: x`, with the place in the expression. */
export interface EvaluationError {
  readonly error: string;
}

/** Parses and evaluates `text` in `frame` (null: only globals). Go's spelling; also `G1.lockedm`
 *  and `M0.lockedExt`, and `runtime.sched.nmidle`. */
export function evaluate(
  _inspector: Inspector,
  _frame: Frame | null,
  _text: string,
): Value | EvaluationError {
  throw new Error('internal error: not there yet, please report');
}

/** Sets a variable, field or element to the value of an expression. The timeline branches. Gives
 *  the value as it is now. */
export function assign(
  _timeline: Timeline,
  _inspector: Inspector,
  _frame: Frame | null,
  _place: Value,
  _text: string,
): Value | EvaluationError {
  throw new Error('internal error: not there yet, please report');
}

/** Names that may stand at the end of `text`, for the console's completions. */
export function complete(
  _inspector: Inspector,
  _frame: Frame | null,
  _text: string,
): readonly { readonly label: string; readonly kind: 'variable' | 'field' | 'module' }[] {
  throw new Error('internal error: not there yet, please report');
}
