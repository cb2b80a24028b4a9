/**
 * The schedule of a run, its one-line text, and the trace file that binds it to sources.
 */
import type { Image, Outcome } from '../language/image.ts';
import type { Choice } from './policy.ts';

/** State 0 and this list determine a whole run. */
export type Schedule = readonly Choice[];

/** What a `.corotrace` file holds. */
export interface Trace {
  readonly version: number;
  /** `Image.hash`: of all sources, options and the scenario's name. */
  readonly imageHash: string;
  /** Path as it was recorded, and a hash of the text, of every source file. */
  readonly files: readonly { readonly path: string; readonly hash: string }[];
  readonly scenario: string;
  readonly profile: string;
  readonly options: Readonly<Record<string, number>>;
  readonly schedule: Schedule;
  readonly outcome: Outcome | null;
}

/** A text that is no schedule or no trace, or one of another program: the reason for people. */
export interface Refusal {
  readonly problem: string;
}

/** One line, safe to paste into a shell: `c1:` and run-length encoded choices. */
export function encodeSchedule(_schedule: Schedule): string {
  throw new Error('internal error: not there yet, please report');
}

/** Inverse of `encodeSchedule`. */
export function decodeSchedule(_text: string): Schedule | Refusal {
  throw new Error('internal error: not there yet, please report');
}

/** The text of a `.corotrace` file. */
export function formatTrace(_image: Image, _schedule: Schedule, _outcome: Outcome | null): string {
  throw new Error('internal error: not there yet, please report');
}

/** Reads a `.corotrace` file, or a one-line schedule (which is bound to nothing). */
export function parseTrace(_text: string): Trace | Schedule | Refusal {
  throw new Error('internal error: not there yet, please report');
}

/** Null when the trace was recorded on this very image, else the reason why it was not. */
export function traceMismatch(_trace: Trace, _image: Image): string | null {
  throw new Error('internal error: not there yet, please report');
}
