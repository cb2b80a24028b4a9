/**
 * The schedule of a run, and its one-line text.
 *
 * The text is `c1` (the version) and one part a run of equal choices, joined by dots:
 * `c1.0x14.1.0a2x3` is thread 0 for 14 steps, thread 1 for one, thread 0 for three steps that
 * answer 2. `c1n` in place of `c1`: recorded without preemption, so that places where a goroutine
 * may be preempted are no steps. It can be pasted into any shell as it is.
 */
import type { Choice } from './policy.ts';

/** State 0 and this list determine a whole run. */
export type Schedule = readonly Choice[];

/** A text that is no schedule or no trace, or one of another program: the reason, for people. */
export interface Refusal {
  readonly problem: string;
}

/** Steps that a schedule may have: what a debugger can hold in memory. */
export const MAX_SCHEDULE_STEPS = 20_000_000;

const PREFIX = 'c1';

/** The one-line text of a schedule. `preemption`: of the machine that it was recorded on. */
export function encodeSchedule(schedule: Schedule, preemption = true): string {
  // Of millions of steps: whoever has interrupted a search waits for this.
  let text = preemption ? PREFIX : `${PREFIX}n`;
  const { length } = schedule;
  for (let begin = 0; begin < length; ) {
    const { thread, answer } = schedule[begin];
    let end = begin + 1;
    while (end < length && schedule[end].thread === thread && schedule[end].answer === answer)
      end++;
    text += `.${thread}`;
    if (answer !== 0) text += `a${answer}`;
    if (end - begin > 1) text += `x${end - begin}`;
    begin = end;
  }
  return text;
}

/** A schedule, and whether preemption was on when it was recorded. */
export interface DecodedSchedule {
  readonly schedule: Schedule;
  readonly preemption: boolean;
}

/** Inverse of `encodeSchedule`. */
export function decodeSchedule(text: string): DecodedSchedule | Refusal {
  const [version, ...parts] = text.trim().split('.');
  if (version !== PREFIX && version !== `${PREFIX}n`) {
    const isOther = /^c\d+n?$/.test(version);
    if (!isOther) return { problem: `a schedule begins with ${PREFIX}, not ${quote(version)}` };
    return { problem: `schedule of version ${version.slice(1)}; this program reads version 1` };
  }
  const schedule: Choice[] = [];
  for (const part of parts) {
    const match = /^(\d{1,3})(?:a(\d{1,9}))?(?:x(\d{1,9}))?$/.exec(part);
    if (match === null) return { problem: `${quote(part)} is no part of a schedule` };
    const count = Number(match[3] ?? 1);
    if (schedule.length + count > MAX_SCHEDULE_STEPS) {
      return { problem: `the schedule has more than ${MAX_SCHEDULE_STEPS} steps` };
    }
    const choice = { thread: Number(match[1]), answer: Number(match[2] ?? 0) };
    for (let i = 0; i < count; i++) schedule.push(choice);
  }
  return { schedule, preemption: version === PREFIX };
}

function quote(text: string): string {
  return JSON.stringify(text.length > 20 ? `${text.slice(0, 20)}…` : text);
}
