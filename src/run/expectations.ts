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
 * How one run on one schedule stands under the expectations for its profile: `met` by one of them;
 * `possible`, where all are `sometimes`, which is decided over schedules; `open`, where such a run
 * was given up before it ended; or `unexpected`.
 */
export type Standing = 'met' | 'possible' | 'open' | 'unexpected';

/** The one judge of single runs. Expectations of every schedule are alternatives; without any, a
 *  run must end with `ok`. */
export function judgeRun(expectations: readonly ExpectationNode[], result: Result): Standing {
  if (expectations.length === 0) return result.outcome?.kind === 'ok' ? 'met' : 'unexpected';
  if (expectations.some((one) => isMet(one, result))) return 'met';
  if (expectations.some((one) => one.quantifier !== 'sometimes')) return 'unexpected';
  const kind = result.outcome?.kind;
  if (kind === 'internal') return 'unexpected';
  return kind === undefined || kind === 'limit' ? 'open' : 'possible';
}

/** Whether a run has ended in a way that the expectations allow. */
export function isAsExpected(expectations: readonly ExpectationNode[], result: Result): boolean {
  const standing = judgeRun(expectations, result);
  return standing === 'met' || standing === 'possible';
}

/** The standing of a run in words, for the line that tells its outcome. */
export function standingText(expectations: readonly ExpectationNode[], standing: Standing): string {
  const expected = expectationText(expectations);
  if (standing === 'met') return 'as expected';
  if (standing === 'possible') return `possible; ${expected} is decided over schedules`;
  return standing === 'open' ? `not decided; expected ${expected}` : `expected ${expected}`;
}

/** What speaks against a set of runs. */
export interface Judgement {
  /** Runs that must not happen. */
  readonly unexpected: readonly Result[];
  /** What must happen sometimes, and did in none of the runs. */
  readonly missing: readonly ExpectationNode[];
}

/** The one judge of schedules: of the results of all that were searched. */
export function judgeRuns(
  expectations: readonly ExpectationNode[],
  results: readonly Result[],
): Judgement {
  return {
    unexpected: results.filter((one) => judgeRun(expectations, one) === 'unexpected'),
    missing: expectations.filter(
      (wanted) => wanted.quantifier === 'sometimes' && !results.some((one) => isMet(wanted, one)),
    ),
  };
}

/** Whether a search is as expected. What one that is not complete has not found may still be
 *  there; but nothing that is expected happens where no execution ends. */
export function areAsExpected(
  expectations: readonly ExpectationNode[],
  results: readonly Result[],
  isComplete: boolean,
): boolean {
  if (!results.some((one) => judgeRun(expectations, one) !== 'open')) return false;
  const { unexpected, missing } = judgeRuns(expectations, results);
  return unexpected.length === 0 && (!isComplete || missing.length === 0);
}

/** Whether the run meets the expectation. */
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

/** `ok prints "1 2"`, without the quantifier. */
export function wantedText(one: ExpectationNode): string {
  return expectationText([{ ...one, quantifier: 'always' }]);
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
