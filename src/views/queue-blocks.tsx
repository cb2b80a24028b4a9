/** Blocks of cleanups: a stack of them, and one by itself. */
import type { QueueBlock, QueueState } from '../run/queue.ts';
import type { QueueChange } from '../run/queue-text.ts';
import type { FromQueueView } from './queue-messages.ts';

/** What every part of the view is given. */
export interface PartProps {
  readonly state: QueueState;
  readonly changes: readonly QueueChange[];
  readonly ask: (message: FromQueueView) => void;
}

/** How a thing changed, or ''. */
export function changeOf(changes: readonly QueueChange[], key: string): string {
  return changes
    .filter((one) => one.key === key)
    .map(({ text }) => text)
    .join('; ');
}

/** What changed, beside the thing itself: read out as well as seen. */
export function Mark({ text }: { readonly text: string }) {
  return text === '' ? null : <span class="mark"> {text}</span>;
}

/** One of the two stacks of blocks, the top one first. */
export function Blocks({
  list,
  title,
  ...props
}: PartProps & { readonly list: 'full' | 'free'; readonly title: string }) {
  const blocks = props.state[list];
  const change = changeOf(props.changes, list);
  return (
    <section class={`part ${list}${change === '' ? '' : ' changed'}`}>
      <h2>
        {title} <span class="count">{blocks.length}</span>
        <Mark text={change} />
      </h2>
      {blocks.length === 0 ? <p class="none">no block</p> : null}
      <ol class="blocks">
        {blocks.map((block) => (
          <li key={block.address}>
            <Block {...props} block={block} place={list} />
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Slots that are drawn one by one; larger blocks are a bar. */
const maxDrawnSlots = 24;

/** A block with its cleanups: both lead to the lines that put them there. */
export function Block({
  block,
  place,
  state,
  changes,
  ask,
}: PartProps & { readonly block: QueueBlock; readonly place: string }) {
  const { address, name, cleanups } = block;
  const change = changeOf(changes, `block ${address}`);
  const size = state.blockSize;
  const amount = size === 0 ? `${cleanups.length}` : `${cleanups.length} of ${size}`;
  // The list of Go 1.24 is no object: who changed its head is what can be asked.
  const question =
    state.accounting === 'finalizer'
      ? ({ kind: 'origin', what: name, address } as const)
      : ({ kind: 'origin', what: name, block: address } as const);
  return (
    <div class={`block${change === '' ? '' : ' changed'}`}>
      <button
        type="button"
        class="name"
        title={`${name} in ${place}: open the line that put it there`}
        onClick={() => ask(question)}
      >
        <span>{name}</span> <span class="amount">{amount}</span>
        <Mark text={change} />
      </button>
      {size === 0 ? null : <Fill used={cleanups.length} size={size} />}
      <ul class="cleanups">
        {cleanups.map(({ address: slot, text }) => (
          <li key={slot}>
            <button
              type="button"
              class="cleanup"
              title={`${text}: open the line that queued it`}
              onClick={() => ask({ kind: 'origin', what: text, address: slot })}
            >
              {text}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** How full a block is, as a picture. Said in words elsewhere. */
function Fill({ used, size }: { readonly used: number; readonly size: number }) {
  if (size > maxDrawnSlots) {
    return (
      <svg class="fill" viewBox={`0 0 ${size} 1`} preserveAspectRatio="none" aria-hidden="true">
        <rect class="slot" x="0" y="0" width={size} height="1" />
        <rect class="slot used" x="0" y="0" width={used} height="1" />
      </svg>
    );
  }
  return (
    <svg class="fill cells" viewBox={`0 0 ${size * 10} 8`} aria-hidden="true">
      {Array.from({ length: size }, (_, index) => (
        <rect
          key={index}
          class={index < used ? 'slot used' : 'slot'}
          x={index * 10 + 1}
          y="1"
          width="8"
          height="6"
          rx="1"
        />
      ))}
    </svg>
  );
}
