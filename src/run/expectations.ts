/** Whether a run is as its scenario expects. */
import type { ExpectationNode } from '../language/ast.ts';
import type { Outcome } from '../language/image.ts';

export { expectationsFor } from './load.ts';

/** What a run gave, as far as expectations look at it. */
export interface Result {
  readonly outcome: Outcome | null;
  /** All that was printed. */
  readonly text: string;
}

/**
 * Whether one run on one schedule may happen under the expectations for its profile. Those of every
 * schedule are alternatives; without any, nothing is asked of a single schedule but what
 * `sometimes` allows too.
 */
export function isAsExpected(expectations: readonly ExpectationNode[], result: Result): boolean {
  if (expectations.length === 0) return result.outcome?.kind === 'ok';
  return expectations.some((one) => isMet(one, result));
}

export function isMet({ outcome, text, prints }: ExpectationNode, result: Result): boolean {
  if (result.outcome === null || result.outcome.kind !== outcome) return false;
  if (text !== null && !result.outcome.message.includes(text)) return false;
  let from = 0;
  const lines = result.text.split('\n');
  return prints.every((part) => {
    const found = lines.findIndex((line, index) => index >= from && line.includes(part));
    from = found + 1;
    return found >= 0;
  });
}

/** As it stands in a scenario: `throw "OS thread locking" prints "got lock external 1"`. */
export function expectationText(expectations: readonly ExpectationNode[]): string {
  if (expectations.length === 0) return 'ok';
  return expectations
    .map(({ quantifier, outcome, text, prints }) => {
      const parts = [quantifier === 'sometimes' ? 'sometimes ' : '', outcome];
      if (text !== null) parts.push(` ${JSON.stringify(text)}`);
      if (prints.length > 0) {
        parts.push(` prints ${prints.map((line) => JSON.stringify(line)).join(', ')}`);
      }
      return parts.join('');
    })
    .join(' or ');
}

/** `throw "coro: OS thread locking …"`, for people. */
export function outcomeText(outcome: Outcome | null): string {
  if (outcome === null) return 'not finished';
  return outcome.message === ''
    ? outcome.kind
    : `${outcome.kind} ${JSON.stringify(outcome.message)}`;
}
