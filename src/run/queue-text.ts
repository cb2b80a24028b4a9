/** The cleanup queue as text, and what differs between two of its states. */
import type { QueueBlock, QueueCounter, QueueGoroutine, QueueState } from './queue.ts';
import type { Inspector } from './inspect.ts';
import { lookingAway } from './looking-back.ts';
import { processorsToShow } from './queue-shown.ts';
import { readCleanupQueue } from './queue.ts';
import type { Timeline } from './timeline.ts';

/** Something that differs from the state before. */
export interface QueueChange {
  /** What: `P0`, `full`, `free`, `sleeping`, `G2`, a counter's name, or `block` and an address. */
  readonly key: string;
  /** How: `was 1`, `pushed`, `was asleep`. */
  readonly text: string;
}

/** The queue now, and what changed on the way from an earlier moment. */
export interface QueueReport {
  readonly state: QueueState;
  readonly changes: readonly QueueChange[];
  /** The earlier moment: steps that were complete. */
  readonly sinceStep: number;
}

/**
 * The queue at the present, with what changed since `since` (a moment of the past, in
 * instructions); without it, since the state before the last step. Null when the profile has none.
 */
export function reportQueue(
  timeline: Timeline,
  inspector: Inspector,
  since: number | null,
): QueueReport | null {
  const state = readCleanupQueue(inspector);
  if (state === null) return null;
  const { instruction } = timeline;
  const isPast = since !== null && since >= timeline.start && since < instruction;
  return lookingAway(timeline, () => {
    if (isPast) timeline.seekInstruction(since);
    else timeline.back();
    const before = readCleanupQueue(inspector);
    const sinceStep = timeline.step;
    return { state, changes: before === null ? [] : queueChanges(state, before), sinceStep };
  });
}

/** What differs in `state` from `before`. */
export function queueChanges(state: QueueState, before: QueueState): QueueChange[] {
  return [
    ...blockChanges(state, before),
    ...counterChanges(state, before),
    ...sleepingChanges(state, before),
    ...goroutineChanges(state, before),
  ];
}

/** Blocks that are elsewhere than before, or filled otherwise. */
function blockChanges(state: QueueState, before: QueueState): QueueChange[] {
  const now = placesOf(state);
  const then = placesOf(before);
  const changes: QueueChange[] = [];
  const gone = new Map<string, string[]>();
  for (const [address, { place, block }] of now) {
    const old = then.get(address);
    const key = `block ${address}`;
    if (old === undefined) changes.push({ key, text: 'new' });
    else if (old.place !== place) changes.push({ key, text: `was in ${old.place}` });
    else if (contentOf(old.block) !== contentOf(block)) {
      changes.push({ key, text: `held ${old.block.cleanups.length}` });
    }
  }
  for (const [address, { place, block }] of then) {
    if (now.get(address)?.place === place) continue;
    gone.set(place, [...(gone.get(place) ?? []), block.name]);
  }
  for (const [key, names] of gone) {
    changes.push({ key: key.split(' ')[0], text: `lost ${names.join(', ')}` });
  }
  return changes;
}

interface Placed {
  readonly place: string;
  readonly block: QueueBlock;
}

function placesOf(state: QueueState): Map<number, Placed> {
  const places = new Map<number, Placed>();
  const note = (place: string, block: QueueBlock | null) => {
    if (block !== null) places.set(block.address, { place, block });
  };
  for (const { name, block } of state.processors) note(name, block);
  for (const block of state.full) note('full', block);
  for (const block of state.free) note('free', block);
  for (const { name, block } of state.goroutines) note(name, block);
  return places;
}

function contentOf(block: QueueBlock): string {
  return block.cleanups.map(({ text }) => text).join(' ');
}

function counterChanges(state: QueueState, before: QueueState): QueueChange[] {
  return state.counters.flatMap(({ name, value }) => {
    const old = before.counters.find((one) => one.name === name)?.value;
    return old === undefined || old === value ? [] : { key: name, text: `was ${old}` };
  });
}

function sleepingChanges(state: QueueState, before: QueueState): QueueChange[] {
  const now = state.sleeping.join(', ');
  const then = before.sleeping.join(', ');
  return now === then ? [] : [{ key: 'sleeping', text: `was ${then || 'empty'}` }];
}

function goroutineChanges(state: QueueState, before: QueueState): QueueChange[] {
  return state.goroutines.flatMap(({ name, doing, activity }) => {
    const old = before.goroutines.find((one) => one.name === name);
    if (old === undefined) return { key: name, text: 'new' };
    if (old.doing === doing && old.activity === activity) return [];
    return { key: name, text: `was ${old.doing}` };
  });
}

const noteOf = { lost: 'LOST: ', danger: 'DANGER: ' } as const;

/**
 * The picture as text, a line a thing. Lines of what changed begin with `*`, and say how it was;
 * blocks are written as `block 1 [close(1), close(2)]`.
 */
export function queueText(state: QueueState, changes: readonly QueueChange[]): string {
  const changed = (key: string) =>
    changes
      .filter((one) => one.key === key)
      .map(({ text }) => text)
      .join('; ');
  const line = (key: string, label: string, text: string, more = '') => {
    const how = [changed(key), more].filter((one) => one !== '').join('; ');
    const mark = how === '' ? ' ' : '*';
    return `${mark} ${label.padEnd(13)}${text}${how === '' ? '' : `   (${how})`}`;
  };
  const blockLine = (key: string, label: string, block: QueueBlock | null, none: string) =>
    block === null
      ? line(key, label, none)
      : line(key, label, blockText(state, block), changed(`block ${block.address}`));
  const { kind, text } = state.condition;
  const note = kind === 'lost' || kind === 'danger' ? noteOf[kind] : '';
  const size = state.blockSize > 0 ? `, block size ${state.blockSize}` : '';
  const stack = (name: 'full' | 'free') => {
    const blocks = state[name];
    const [first, ...others] = blocks;
    if (first === undefined) return [line(name, name, 'empty')];
    return [
      blockLine(name, name, first, ''),
      ...others.map((block) => blockLine('', '', block, '')),
    ];
  };
  const { filling, others } = processorsToShow(state, changes);
  return [
    `Cleanup queue on ${state.profile}${size}`,
    `${note}${text}`,
    '',
    ...filling.map(({ name, holder, block }) =>
      blockLine(name, `${name}${holder === '' ? '' : ` (${holder})`}`, block, 'no block'),
    ),
    ...(others === '' ? [] : [line('', others, 'no block')]),
    ...stack('full'),
    ...(state.accounting === 'finalizer' ? [] : stack('free')),
    ...state.counters.map((counter) => line(counter.name, counter.name, counterText(counter))),
    line('sleeping', 'sleeping', state.sleeping.join(', ') || 'nobody'),
    ...state.goroutines.map((one) => line(one.name, one.name, goroutineText(state, one))),
    '',
  ].join('\n');
}

function counterText({ value, meaning }: QueueCounter): string {
  return `${String(value).padEnd(3)} ${meaning}`;
}

function goroutineText(state: QueueState, { thread, doing, block }: QueueGoroutine): string {
  const where = thread === '' ? '' : ` on ${thread}`;
  const held = block === null ? '' : `; left of ${blockText(state, block)}`;
  return `${doing}${where}${held}`;
}

/** Cleanups of a block that are spelled out. */
const maxSpelled = 8;

/** `block 1 [close(1), close(2)] 2 of 20`. */
function blockText({ blockSize }: QueueState, { name, cleanups }: QueueBlock): string {
  const shown = cleanups.slice(0, maxSpelled).map(({ text }) => text);
  if (cleanups.length > shown.length) shown.push('…');
  const size = blockSize === 0 ? `${cleanups.length}` : `${cleanups.length} of ${blockSize}`;
  return `${name} [${shown.join(', ')}] ${size}`;
}
