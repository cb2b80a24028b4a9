/** Setting variables: the value of an expression is written where a value lies. */
import type { RuntimeType } from '../language/image.ts';
import { type EvaluationError, operandOf, type Place } from './evaluate.ts';
import { EvaluationFailure } from './expressions.ts';
import type { Inspector, Value } from './inspect.ts';
import { describe, type Operand, simpleValue } from './operands.ts';
import type { Timeline } from './timeline.ts';

/** Sets a variable, field or element to the value of an expression. The timeline branches. Gives
 *  the value as it is now. */
export function assign(
  timeline: Timeline,
  inspector: Inspector,
  frame: Place | null,
  place: Value,
  text: string,
): Value | EvaluationError {
  const type = inspector.values.typeOf(place.type);
  if (type === null || place.address < 0) {
    return { error: `${place.name} is no variable: it cannot be set` };
  }
  try {
    const operand = operandOf(inspector, frame, text);
    timeline.write(place.address, wordsFor(inspector, type, operand));
  } catch (error) {
    if (error instanceof EvaluationFailure) return { error: error.message };
    throw error;
  }
  const datum = inspector.values.at(place.address, place.type);
  return inspector.values.present(place.name, datum, place.evaluateName);
}

/** The words (or the text) that make a place of type `type` hold the value. */
function wordsFor(
  inspector: Inspector,
  type: RuntimeType,
  operand: Operand,
): readonly number[] | string {
  const { values } = inspector;
  if (operand.kind === 'datum' && operand.datum.type.id === type.id) return operand.datum.words;
  const value = simpleValue(values, operand);
  const mismatch = () =>
    new EvaluationFailure(`a ${type.name} cannot hold ${describe(values, operand)}`);
  switch (type.kind) {
    case 'integer':
      if (typeof value !== 'number') throw mismatch();
      return [wordFor(type, value)];
    case 'bool':
      if (typeof value !== 'boolean') throw mismatch();
      return [value ? 1 : 0];
    case 'string':
      if (typeof value !== 'string') throw mismatch();
      return value === '' ? [0] : value;
    case 'pointer': {
      if (value === null) return [0];
      // `M0` names the record; where a pointer is expected it means the pointer to it.
      const isRecord = operand.kind === 'datum' && operand.datum.type.id === type.element;
      if (!isRecord || operand.datum.address < 0) throw mismatch();
      return [operand.datum.address];
    }
    case 'interface': {
      if (value === null) return [0, 0];
      if (operand.kind !== 'datum' || operand.datum.type.words !== 1) throw mismatch();
      return [operand.datum.type.id, operand.datum.words[0]];
    }
    case 'slice':
    case 'function':
    case 'channel':
    case 'unsafe-pointer':
      if (value !== null) throw mismatch();
      return Array.from({ length: type.words }, () => 0);
    default:
      throw mismatch();
  }
}

function wordFor(type: RuntimeType, value: number): number {
  const bits = Math.min(32, Math.abs(type.bits));
  // The machine's integers of 64 bits have 32, and uint64 only those that are not negative.
  const isSigned = type.bits < 0 || type.bits === 64;
  const low = type.bits > 0 ? 0 : -(2 ** (bits - 1));
  const high = isSigned ? 2 ** (bits - 1) - 1 : 2 ** bits - 1;
  if (!Number.isInteger(value) || value < low || value > high) {
    throw new EvaluationFailure(
      `${value} does not fit: a ${type.name} goes from ${low} to ${high}`,
    );
  }
  return value | 0;
}
