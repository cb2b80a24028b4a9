/** Ends of runs that no instruction makes: bounds that were reached, and standstill. */
import type { Outcome } from '../language/image.ts';
import type { Machine } from '../machine/machine.ts';

/** Nothing can move, nothing is left over, and the runtime's own detector stays silent. */
const NOTHING_MOVES: Outcome = {
  kind: 'hang',
  message: 'nothing can move, and the runtime does not notice',
};

/** The profile whose threads nobody watches: that none can move is noticed here. */
const BARE_PROFILE = 'threads';
const ALL_WAIT: Outcome = { kind: 'deadlock', message: 'all threads wait' };

/** How a run ends in whose state no thread can move. */
export function standstillOutcome(machine: Machine): Outcome {
  const unmet = machine.checkConditions('quiescent');
  if (unmet !== null) return { kind: 'stuck', message: unmet };
  return machine.image.profile === BARE_PROFILE ? ALL_WAIT : NOTHING_MOVES;
}

export function stepLimitOutcome(limit: number): Outcome {
  const message =
    `steps: the run was given up after ${limit} steps. Usually a loop waits for something that ` +
    'never happens; if it is meant to be that long, raise the limit with --limit';
  return { kind: 'limit', message };
}

const LONG_STEP = 'instructions: ';

/** Whether a run was given up in the middle of a step: how it goes on is not known. */
export function isLongStep({ kind, message }: { kind: string; message: string }): boolean {
  return kind === 'limit' && message.startsWith(LONG_STEP);
}

export function longStepOutcome(limit: number): Outcome {
  const message =
    `${LONG_STEP}one step took more than ${limit}. Usually a loop without any operation that ` +
    'another thread could see runs for ever; if it is meant to be that long, set ' +
    'stepInstructions on its runtime line';
  return { kind: 'limit', message };
}
