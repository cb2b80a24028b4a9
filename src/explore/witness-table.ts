/**
 * A witness as a text table: a column a thread, a row for each stretch that one thread moves
 * without another, with what it does first. The decisive switch, after which the outcome could not
 * be avoided by the simplest schedule, is marked.
 */
import type { Image } from '../language/image.ts';
import { positionAt } from '../language/diagnostics.ts';
import { Machine } from '../machine/machine.ts';
import { operationText } from '../run/operations.ts';
import type { Choice } from '../run/policy.ts';

const COLUMN_WIDTH = 34;
/** Rows shown at the end of a long witness; the beginning is summed up. */
const ROW_LIMIT = 40;

interface Row {
  readonly step: number;
  readonly thread: number;
  readonly text: string;
  readonly where: string;
  readonly isPreemption: boolean;
  steps: number;
}

/** The table, lines joined by newlines. `preemption` as in the search that found the schedule. */
export function witnessTable(
  image: Image,
  schedule: readonly Choice[],
  preemption: boolean,
): string {
  const rows = rowsOf(image, schedule, preemption);
  const threads = [...new Set(rows.map((row) => row.thread))].sort((a, b) => a - b);
  const head = threads.map((thread) => `thread ${thread}`.padEnd(COLUMN_WIDTH)).join('');
  const lines = [`   step  ${head}`.trimEnd()];
  const hidden = Math.max(0, rows.length - ROW_LIMIT);
  if (hidden > 0) lines.push(`         … ${hidden} stretches before`);
  const decisive = rows.findLastIndex((row) => row.isPreemption);
  for (const [index, row] of rows.entries()) {
    if (index < hidden) continue;
    const column = threads.indexOf(row.thread);
    const mark = index === decisive ? '►' : row.isPreemption ? '›' : ' ';
    const more = row.steps > 1 ? ` (+${row.steps - 1})` : '';
    const cell = `${row.text}${more}`;
    const pad = ' '.repeat(column * COLUMN_WIDTH);
    lines.push(`${mark} ${String(row.step).padStart(5)}  ${pad}${cell}   ${row.where}`.trimEnd());
  }
  if (decisive >= 0) lines.push('► the decisive switch: the thread before could have gone on');
  return lines.join('\n');
}

function rowsOf(image: Image, schedule: readonly Choice[], preemption: boolean): Row[] {
  const machine = new Machine(image, { preemption });
  machine.reset();
  const rows: Row[] = [];
  let last = -1;
  for (const [step, choice] of schedule.entries()) {
    const { thread, answer } = choice;
    const isAnswer = machine.choiceCount(thread) > 1;
    const previous = rows[rows.length - 1];
    if (thread === last && previous !== undefined && !isAnswer) {
      previous.steps++;
    } else {
      const isPreemption = last >= 0 && thread !== last && machine.isEnabled(last);
      const { pc } = machine.pendingOperation(thread);
      const text = operationText(machine, choice);
      rows.push({ step, thread, text, where: placeOf(image, pc), isPreemption, steps: 1 });
    }
    machine.step(thread, answer);
    last = thread;
  }
  return rows;
}

function placeOf(image: Image, pc: number): string {
  const file = image.files[image.sourceFiles[pc >> 2]];
  if (file === undefined) return '';
  const { line } = positionAt(file, image.sourceStarts[pc >> 2]);
  return `${file.path.replace(/^.*[/:]/, '')}:${line}`;
}
