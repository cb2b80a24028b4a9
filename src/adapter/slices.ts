/**
 * Requests that take long: their work is done in slices, between which a pause or a cancel gets
 * through. All other requests wait, for the present is elsewhere meanwhile.
 */
import type { Work } from '../run/slices.ts';
import type { Debuggee, Program } from './debuggee.ts';
import { cancelled, sessionEnded } from './errors.ts';
import type { Call } from './requests.ts';

/** A slice ends after this time. */
export const sliceMilliseconds = 25;

/** The result of the work; throws when the request is cancelled, or a pause is asked for. */
export async function inSlices<Result>(
  debuggee: Debuggee,
  program: Program,
  call: Call,
  work: Work<Result>,
): Promise<Result> {
  const task = { isGivenUp: false, whenOver: [] as (() => void)[] };
  debuggee.task = task;
  try {
    for (;;) {
      const part = runSlice(work);
      if (part.done === true) return part.value;
      await nextTurn();
      if (debuggee.program !== program) throw sessionEnded(call.command);
      if (task.isGivenUp || call.isCancelled()) throw cancelled();
    }
  } finally {
    // What was begun comes back to the present.
    work.return(undefined as Result);
    if (debuggee.task === task) debuggee.task = null;
    for (const action of task.whenOver) action();
  }
}

function runSlice<Result>(work: Work<Result>): IteratorResult<undefined, Result> {
  const start = performance.now();
  for (;;) {
    const part = work.next();
    if (part.done === true || performance.now() - start > sliceMilliseconds) return part;
  }
}

/** Lets other requests in between. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}
