/**
 * The texts of a breakpoint (condition, hit count, log message), looked at when it is set: what can
 * never have a value is refused with the reason, and nobody waits for a stop that never comes.
 */
import type { Expression } from '../language/ast.ts';
import type { Image } from '../language/image.ts';
import { EvaluationFailure, expressionOf } from './expressions.ts';

interface Texts {
  readonly condition?: string;
  readonly hitCondition?: string;
  readonly logMessage?: string;
}

/** What is wrong with the texts, or null. Where the place is known, names are looked up there. */
export function mistakeIn(texts: Texts, names: ((name: string) => boolean) | null): string | null {
  const { condition, hitCondition, logMessage } = texts;
  const mistake = condition === undefined ? null : mistakeOf(condition, names);
  if (mistake !== null) return `the condition "${condition}" has no value: ${mistake}`;
  if (hitCondition !== undefined && hitCountOf(hitCondition) === null) {
    return `"${hitCondition}" is no hit count: write 5, >= 5, > 5, < 5, <= 5 or % 5`;
  }
  return logMessage === undefined ? null : mistakeOfLog(logMessage, names);
}

/** Operator and number of `5`, `>= 5`, `% 3`; null: the text is no hit count. */
export function hitCountOf(text: string): readonly [string, string] | null {
  const match = /^\s*(==?=?|>=|<=|>|<|%)?\s*(\d+)\s*$/.exec(text);
  if (match === null || (match[1] === '%' && Number(match[2]) === 0)) return null;
  return [match[1] ?? '=', match[2]];
}

/** Parts of a log message: braces that mean themselves, expressions, and braces too many. */
const logParts = /\{\{|\}\}|\{([^{}]*)\}|[{}]/g;

function mistakeOfLog(message: string, names: ((name: string) => boolean) | null): string | null {
  for (const [whole, expression] of message.matchAll(logParts)) {
    if (whole === '{' || whole === '}') {
      const lacks = whole === '{' ? 'closed' : 'opened';
      return `a brace of the log message is not ${lacks}: write {expression}, or ${whole}${whole} for itself`;
    }
    if (expression === undefined) continue;
    const mistake = mistakeOf(expression, names);
    if (mistake !== null) return `{${expression}} in the log message has no value: ${mistake}`;
  }
  return null;
}

function mistakeOf(text: string, names: ((name: string) => boolean) | null): string | null {
  try {
    const unknown = names === null ? null : unknownName(expressionOf(text), names);
    if (names === null) expressionOf(text);
    return unknown === null ? null : `there is no ${unknown} here`;
  } catch (error) {
    if (error instanceof EvaluationFailure) return error.message;
    throw error;
  }
}

/** The first name of a value that is not known; names of functions, types and fields are left. */
function unknownName(expression: Expression, isKnown: (name: string) => boolean): string | null {
  const first = (...parts: readonly (Expression | null | undefined)[]): string | null => {
    for (const part of parts) {
      const found = part ? unknownName(part, isKnown) : null;
      if (found !== null) return found;
    }
    return null;
  };
  switch (expression.kind) {
    case 'identifier':
      return isKnown(expression.name) ? null : expression.name;
    case 'parenthesized':
      return first(expression.inner);
    case 'selector':
    case 'type-assertion':
      return first(expression.object);
    case 'index':
      return first(expression.object);
    case 'unary':
    case 'star':
      return first(expression.operand);
    case 'binary':
      return first(expression.left, expression.right);
    default:
      return null;
  }
}

/** Whether a name means anything at one of the places, or everywhere. */
export function namesAt(image: Image, pcs: readonly number[]): (name: string) => boolean {
  const functions = image.functions.filter(({ start, end }) =>
    pcs.some((pc) => start <= pc && pc < end),
  );
  const isSeen = (name: string) =>
    functions.some(({ variables }) =>
      variables.some(
        (one) => one.name === name && pcs.some((pc) => one.start <= pc && pc < one.end),
      ),
    );
  return (name) =>
    /^(?:true|false|nil|[GMP]\d{1,9})$/.test(name) ||
    isSeen(name) ||
    image.globals.some((one) => one.name === name || one.packageName === name);
}
