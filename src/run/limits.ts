/** Ends of runs that no instruction makes: bounds that were reached, and standstill. */
import type { Outcome } from '../language/image.ts';

/** Nothing can move, nothing is left over, and the runtime's own detector stays silent. */
export const NOTHING_MOVES: Outcome = {
  kind: 'hang',
  message: 'nothing can move, and the runtime does not notice',
};

export function stepLimitOutcome(limit: number): Outcome {
  const message =
    `steps: the run was given up after ${limit} steps. The usual cause is a loop that waits for ` +
    'something that never happens; a longer run needs a higher limit (--limit, stepLimit)';
  return { kind: 'limit', message };
}

export function longStepOutcome(limit: number): Outcome {
  const message =
    `instructions: a thread went on for more than ${limit} instructions without doing anything ` +
    'that another thread could see. The usual cause is a loop that never ends';
  return { kind: 'limit', message };
}
