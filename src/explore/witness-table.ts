/**
 * A witness as a text table, a column a thread. Either its visible steps (visible-steps.ts), with
 * the words at which they race; or all of it, a row for each stretch that one thread moves without
 * another, with what it does first. The decisive switch, after which the outcome could not be
 * avoided by the simplest schedule, is marked.
 */
import type { Image } from '../language/image.ts';
import { OUTPUT_COUNT, THREADS, THREAD_CONTEXT, THREAD_WORDS } from '../language/image.ts';
import { positionAt } from '../language/diagnostics.ts';
import { Machine } from '../machine/machine.ts';
import { framesOf } from '../machine/traceback.ts';
import { addressName, operationText } from '../run/operations.ts';
import type { Choice } from '../run/policy.ts';
import { visibleSteps } from './visible-steps.ts';

const COLUMN_WIDTH = 34;
/** Rows shown at the end of a long witness; the beginning is summed up. */
const ROW_LIMIT = 40;

export interface Row {
  readonly step: number;
  readonly thread: number;
  readonly text: string;
  readonly where: string;
  readonly isPreemption: boolean;
}

/** Steps that one thread takes without another; what it does first stands for all. */
export interface Stretch extends Row {
  steps: number;
  /** The function in which it begins. */
  readonly place: Place;
}

/** All of a schedule, lines joined by newlines. `preemption` as in the search that found it. */
export function witnessTable(
  image: Image,
  schedule: readonly Choice[],
  preemption: boolean,
): string {
  const rows = stretchesOf(image, schedule, preemption).map((row) => ({
    ...row,
    text: row.steps > 1 ? `${row.text} (+${row.steps - 1})` : row.text,
  }));
  return table(rows, 'stretches');
}

/** The visible steps of a schedule, lines joined by newlines. */
export function visibleTable(
  image: Image,
  schedule: readonly Choice[],
  preemption: boolean,
): string {
  const machine = new Machine(image, { preemption });
  const visible = visibleSteps(machine, schedule);
  if (visible === null) return witnessTable(image, schedule, preemption);
  if (visible.length === 0) {
    return '    no visible step: whatever another thread does, it finds the same';
  }
  const names = visible.map(({ words }) => namesOf(image, machine, words));
  machine.reset();
  const rows: Row[] = [];
  let last = -1;
  let isPreemption = false;
  for (const [step, { thread, answer }] of schedule.entries()) {
    if (last >= 0 && thread !== last) isPreemption = machine.isEnabled(last);
    last = thread;
    if (visible[rows.length]?.step === step) {
      const { name, where } = placeOfThread(image, machine, thread);
      rows.push({ step, thread, text: `${name}: ${names[rows.length]}`, where, isPreemption });
      isPreemption = false;
    }
    machine.step(thread, answer);
  }
  return table(rows, 'visible steps');
}

function table(rows: readonly Row[], what: string): string {
  const threads = [...new Set(rows.map((row) => row.thread))].sort((a, b) => a - b);
  const head = threads.map((thread) => `thread ${thread}`.padEnd(COLUMN_WIDTH)).join('');
  const lines = [`   step  ${head}`.trimEnd()];
  const hidden = Math.max(0, rows.length - ROW_LIMIT);
  if (hidden > 0) lines.push(`         … ${hidden} ${what} before`);
  const decisive = rows.findLastIndex((row) => row.isPreemption);
  for (const [index, row] of rows.entries()) {
    if (index < hidden) continue;
    const column = threads.indexOf(row.thread);
    const mark = index === decisive ? '►' : row.isPreemption ? '›' : ' ';
    const pad = ' '.repeat(column * COLUMN_WIDTH);
    lines.push(
      `${mark} ${String(row.step).padStart(5)}  ${pad}${row.text}   ${row.where}`.trimEnd(),
    );
  }
  if (decisive >= 0) lines.push('► the decisive switch: the thread before could have gone on');
  return lines.join('\n');
}

/** The words at which a step races: locks and variables by name, other words together. */
function namesOf(image: Image, machine: Machine, words: readonly number[]): string {
  const names = words.map((word) => {
    return word === OUTPUT_COUNT ? 'output' : addressName(image, machine, word);
  });
  const [first, ...more] = new Set(names);
  return more.length === 0 ? first : `${first} and ${more.length} more`;
}

interface Place {
  readonly name: string;
  readonly where: string;
}

/** Functions that are one operation: their caller says more about where a thread is. */
const OPERATIONS = /^(?:runtime\.(?:un)?lock|atomic\..*)$/;

/** Where the thread is, in the function that takes the lock rather than in `lock`. */
function placeOfThread(image: Image, machine: Machine, thread: number): Place {
  const context = machine.memory[THREADS + thread * THREAD_WORDS + THREAD_CONTEXT];
  const frames = framesOf(machine, context);
  const frame =
    frames.find((one) => !OPERATIONS.test(image.functions[one.function].name)) ?? frames[0];
  if (frame === undefined) return { name: 'begin', where: '' };
  const name = image.functions[frame.function].name.replace(/^.*\./, '');
  return { name, where: placeOf(image, frame.pc) };
}

/** The stretches of a schedule from a step on: there one begins in any case. */
export function stretchesOf(
  image: Image,
  schedule: readonly Choice[],
  preemption: boolean,
  from = 0,
): Stretch[] {
  const machine = new Machine(image, { preemption });
  machine.reset();
  const rows: Stretch[] = [];
  let last = -1;
  for (const [step, choice] of schedule.entries()) {
    const { thread, answer } = choice;
    const isAnswer = machine.choiceCount(thread) > 1;
    const previous = rows[rows.length - 1];
    if (step < from) {
      // Before what is looked at.
    } else if (thread === last && previous !== undefined && !isAnswer) {
      previous.steps++;
    } else {
      const isPreemption = last >= 0 && thread !== last && machine.isEnabled(last);
      const { pc } = machine.pendingOperation(thread);
      const text = operationText(machine, choice);
      const where = placeOf(image, pc);
      const place = placeOfThread(image, machine, thread);
      rows.push({ step, thread, text, where, isPreemption, steps: 1, place });
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
