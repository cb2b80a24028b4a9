/** Long work that can be put aside: whoever drives it looks at the clock in between. */

/** Gives way (`yield`) after each small part of the work; what it returns is the result. */
export type Work<Result> = Generator<undefined, Result, undefined>;

/** Does all of it at once. */
export function finish<Result>(work: Work<Result>): Result {
  for (;;) {
    const part = work.next();
    if (part.done === true) return part.value;
  }
}

/** Instructions that are executed between two places to give way. */
export const SLICE_INSTRUCTIONS = 20_000;
