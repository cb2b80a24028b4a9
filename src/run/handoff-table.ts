/**
 * A run as a table of text: a column a goroutine, a row whenever control or a thread lock changed
 * hands. It is read off the states themselves, at the places where a thread takes up a goroutine
 * and at the statements of the scenario.
 */
import type { Image } from '../language/image.ts';
import { INSTRUCTION_WORDS } from '../language/instructions.ts';
import { handoffPlaces } from './handoffs.ts';
import { type Goroutine, Inspector } from './inspect.ts';
import type { Timeline } from './timeline.ts';

const maxRows = 300;
/** Places that are looked at: a long loop that hands nothing over must not take for ever. */
const maxLooks = 200_000;
const maxColumns = 12;
const gap = 3;

interface Row {
  readonly step: number;
  readonly thread: number;
  /** By goroutine id: what has become of it. */
  readonly cells: ReadonlyMap<number, string>;
  /** Who handed over to whom on the thread. */
  readonly from: number;
  readonly to: number;
  readonly place: string;
}

/** What the table says of a goroutine; a change of it makes a row. */
interface Condition {
  readonly doing: string;
  readonly lock: string;
}

/** The table of the whole recorded run. The present is where it was before. */
export function handoffTable(timeline: Timeline): string {
  const now = timeline.instruction;
  const ended = timeline.outcome !== null;
  const inspector = new Inspector(timeline.image, timeline.machine);
  const rows = collectRows(timeline, inspector);
  timeline.seekInstruction(now);
  if (ended && timeline.outcome === null) timeline.forward();
  return render(rows);
}

function collectRows(timeline: Timeline, inspector: Inspector): Row[] {
  const rows: Row[] = [];
  const places = placesToLook(timeline.image);
  const known = new Map<number, Condition>();
  const running = new Map<number, number>();
  const end = timeline.recordedInstructions;
  timeline.seekInstruction(timeline.start);
  let isBegun = false;
  for (let looks = 0; looks < maxLooks && rows.length <= maxRows; looks++) {
    if (timeline.instruction >= end) break;
    const walked = timeline.walk(places, end - timeline.instruction);
    isBegun ||= hasBegun(timeline, inspector);
    if (!isBegun) continue;
    const row = look(timeline, inspector, known, running);
    if (row !== null) rows.push(row);
    if (walked !== 'stop') break;
  }
  return rows;
}

/** Statements of the scenario, and the first instruction of a goroutine that is taken up. */
function placesToLook(image: Image): Uint8Array {
  const places = handoffPlaces(image);
  for (const { isModel, start, end } of image.functions) {
    if (isModel) continue;
    for (let index = start / INSTRUCTION_WORDS; index < end / INSTRUCTION_WORDS; index++) {
      places[index] |= image.statements[index];
    }
  }
  return places;
}

/** Whether the scenario has begun: what lies before is the runtime's start. */
function hasBegun(timeline: Timeline, inspector: Inspector): boolean {
  const goroutine = inspector.goroutineOf(timeline.thread);
  if (goroutine === null) return false;
  const main = timeline.image.scenario.function;
  return inspector.rawFrames(goroutine).some((frame) => frame.function === main);
}

/** The row of what has changed since the last look; null when nothing has. */
function look(
  timeline: Timeline,
  inspector: Inspector,
  known: Map<number, Condition>,
  running: Map<number, number>,
): Row | null {
  const cells = new Map<number, string>();
  const goroutines = inspector.goroutines(false);
  for (const goroutine of goroutines) {
    const condition = conditionOf(inspector, goroutine);
    const before = known.get(goroutine.id);
    const text = changeText(inspector, goroutine, before, condition);
    known.set(goroutine.id, condition);
    if (text !== '') cells.set(goroutine.id, text);
  }
  for (const id of known.keys()) {
    if (goroutines.some((goroutine) => goroutine.id === id)) continue;
    known.delete(id);
    cells.set(id, 'ends');
  }
  const { thread } = timeline;
  const to = inspector.goidOf(thread);
  const from = running.get(thread) ?? 0;
  if (to !== 0) running.set(thread, to);
  if (cells.size === 0) return null;
  const isHandoff = from !== 0 && to !== 0 && from !== to && cells.has(from) && cells.has(to);
  return {
    step: timeline.step,
    thread,
    cells,
    from: isHandoff ? from : 0,
    to: isHandoff ? to : 0,
    place: placeOf(inspector, to),
  };
}

function conditionOf(inspector: Inspector, goroutine: Goroutine): Condition {
  const { model, machine } = inspector;
  const lock = /, (locked to M\d+)\]$/.exec(goroutine.name)?.[1] ?? '';
  const doing = /\[([^,\]]*)/.exec(goroutine.name)?.[1] ?? goroutine.status;
  if (model === null || lock === '') return { doing, lock };
  const { memory } = machine;
  const m = memory[goroutine.address + model.g.lockedm];
  const counts = [memory[m + model.m.lockedExt], memory[m + model.m.lockedInt]];
  const inner = counts[1] === 0 ? '' : `+${counts[1]} int`;
  return { doing, lock: `${lock} (${counts[0]}${inner})` };
}

function changeText(
  inspector: Inspector,
  goroutine: Goroutine,
  before: Condition | undefined,
  { doing, lock }: Condition,
): string {
  const parts: string[] = [];
  if (before === undefined && goroutine.id !== 1) {
    const { model, machine } = inspector;
    const parent = model === null ? 0 : machine.memory[goroutine.address + model.g.parentGoid];
    parts.push(parent === 0 ? 'new' : `new, by G${parent}`);
  }
  if (before === undefined || before.doing !== doing) {
    parts.push(doing === 'running' ? 'runs' : doing === 'runnable' ? 'is ready' : `[${doing}]`);
  }
  const lockBefore = before?.lock ?? '';
  if (lockBefore !== lock) parts.push(lock === '' ? 'no lock' : lock);
  return parts.join(', ');
}

/** `pull.coro:31`: where the goroutine stands in the scenario. */
function placeOf(inspector: Inspector, id: number): string {
  const goroutine = inspector.goroutine(id);
  if (goroutine === null) return '';
  const frame = inspector.frames(goroutine).find((one) => !one.isModel);
  if (frame === undefined) return '';
  return `${frame.path.replace(/^.*[\\/]/, '')}:${frame.line}`;
}

function render(rows: readonly Row[]): string {
  const ids = [...new Set(rows.flatMap((row) => [...row.cells.keys()]))].sort((a, b) => a - b);
  const shown = ids.slice(0, maxColumns);
  const widths = shown.map((id) =>
    Math.max(3, ...rows.map((row) => row.cells.get(id)?.length ?? 0)),
  );
  const header = shown.map((id, index) => `G${id}`.padEnd(widths[index] + gap)).join('');
  const lines = [`${'step'.padStart(6)}  ${'on'.padEnd(4)}${header}at`];
  for (const row of rows.slice(0, maxRows)) {
    const head = `${String(row.step).padStart(6)}  ${`M${row.thread}`.padEnd(4)}`;
    lines.push(`${head}${cellsOf(row, shown, widths)}${row.place}`.trimEnd());
  }
  if (rows.length > maxRows) lines.push(`… the first ${maxRows} rows are shown`);
  if (ids.length > maxColumns) lines.push(`… ${ids.length - maxColumns} goroutines are not shown`);
  return lines.join('\n');
}

/** The cells of a row, with an arrow from who handed over to who goes on. */
function cellsOf(row: Row, ids: readonly number[], widths: readonly number[]): string {
  const from = ids.indexOf(row.from);
  const to = ids.indexOf(row.to);
  const isArrow = from >= 0 && to >= 0;
  const left = Math.min(from, to);
  const right = Math.max(from, to);
  let line = '';
  for (const [index, id] of ids.entries()) {
    const text = row.cells.get(id) ?? '';
    const width = widths[index] + gap;
    if (!isArrow || index < left || index >= right) {
      line += text.padEnd(width);
      continue;
    }
    const isTail = index === left && from > to;
    const isHead = index === right - 1 && to > from;
    const isFirst = index === left;
    const begin = text === '' && !isFirst ? '' : `${text} `;
    const room = width - begin.length;
    if (isTail) line += `${begin}◀${'─'.repeat(room - 1)}`;
    else if (isHead) line += `${begin}${'─'.repeat(room - 2)}▶ `;
    else line += begin + '─'.repeat(room);
    if (from > to && index === right - 1) line = `${line.slice(0, -1)} `;
  }
  return line;
}
