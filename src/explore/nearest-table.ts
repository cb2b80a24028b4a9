/**
 * A witness and the nearest schedule that passes, side by side: a row for each stretch that one
 * thread moves without another, from the step at which the two part.
 */
import type { Image } from '../language/image.ts';
import type { Choice } from '../run/policy.ts';
import { type Stretch, stretchesOf } from './witness-table.ts';

/** Rows from where the two part; what follows is summed up. */
const ROW_LIMIT = 16;

/** Two schedules that are equal before step `differsAt`, and what is said of their ends. */
export function nearestTable(
  image: Image,
  sides: readonly [Side, Side],
  differsAt: number,
  preemption: boolean,
): string {
  const columns = sides.map(({ title, schedule, end }) => {
    const stretches = stretchesOf(image, schedule, preemption, differsAt);
    const rows = stretches.slice(0, ROW_LIMIT).map(cellOf);
    const hidden = stretches.length - rows.length;
    if (hidden > 0) rows.push(`       … ${hidden} more ${hidden === 1 ? 'stretch' : 'stretches'}`);
    rows.push(`${String(schedule.length).padStart(5)}  ${end}`);
    return [` step  ${title}`, ...rows];
  });
  const [left, right] = columns;
  const width = Math.max(...left.map(({ length }) => length));
  const lines: string[] = [];
  for (let row = 0; row < Math.max(left.length, right.length); row++) {
    // The first row below the titles is the step that decides.
    const mark = row === 1 ? '►' : ' ';
    lines.push(`${mark} ${(left[row] ?? '').padEnd(width)}   ${right[row] ?? ''}`.trimEnd());
  }
  return lines.join('\n');
}

/** One of the two schedules: what it is called, and how it ends. */
export interface Side {
  readonly title: string;
  readonly schedule: readonly Choice[];
  readonly end: string;
}

function cellOf({ step, thread, text, place, steps }: Stretch): string {
  const more = steps > 1 ? ` (+${steps - 1})` : '';
  const { name, where } = place;
  return `${String(step).padStart(5)}  thread ${thread}, ${name}: ${text}${more}   ${where}`.trimEnd();
}
