/** The parts of the cleanup-queue view around the blocks: Ps, cleanup goroutines, counters. */
import { processorsToShow } from '../run/queue-shown.ts';
import type { QueueGoroutine } from '../run/queue.ts';
import { Block, changeOf, Mark, type PartProps } from './queue-blocks.tsx';

/** The Ps that fill a block; the others in one line. */
export function Processors(props: PartProps) {
  const { state, changes } = props;
  if (state.processors.length === 0) return null;
  const { filling, others } = processorsToShow(state, changes);
  return (
    <section class="part processors">
      <h2>Being filled</h2>
      <ul class="plain">
        {filling.map(({ name, holder, block }) => {
          const change = changeOf(changes, name);
          return (
            <li key={name} class={change === '' ? '' : 'changed'}>
              <span class="label">
                {name}
                {holder === '' ? '' : ` on ${holder}`}
              </span>
              <Mark text={change} />
              {block === null ? (
                <span class="none">no block</span>
              ) : (
                <Block {...props} block={block} place={name} />
              )}
            </li>
          );
        })}
      </ul>
      {others === '' ? null : <p class="none">{others}: no block</p>}
    </section>
  );
}

/** The cleanup goroutines: those that are awake first, then the sleeping list in its order. */
export function Goroutines(props: PartProps) {
  const { state, changes } = props;
  const { goroutines, sleeping } = state;
  const rank = ({ name }: QueueGoroutine) => sleeping.indexOf(name);
  const ordered = [...goroutines].sort((a, b) => rank(a) - rank(b));
  const change = changeOf(changes, 'sleeping');
  return (
    <section class={`part goroutines${change === '' ? '' : ' changed'}`}>
      <h2>
        Cleanup goroutines <span class="count">{goroutines.length}</span>
      </h2>
      {goroutines.length === 0 ? <p class="none">none yet</p> : null}
      <ul class="plain">
        {ordered.map((one) => (
          <li key={one.name}>
            <Goroutine {...props} goroutine={one} />
          </li>
        ))}
      </ul>
      <p class="none">
        sleeping list: {sleeping.length === 0 ? 'nobody' : sleeping.join(', ')}
        <Mark text={change} />
      </p>
    </section>
  );
}

function Goroutine({ goroutine, ...props }: PartProps & { readonly goroutine: QueueGoroutine }) {
  const { id, name, thread, activity, doing, block } = goroutine;
  const change = changeOf(props.changes, name);
  return (
    <div class={`goroutine ${activity}${change === '' ? '' : ' changed'}`}>
      <button
        type="button"
        class="name"
        title={`${name}: show its stack and variables`}
        onClick={() => props.ask({ kind: 'focus', id })}
      >
        <ActivityIcon isAsleep={activity === 'asleep'} />
        <span>{name}</span>
        {thread === '' ? null : <span class="amount">on {thread}</span>}
      </button>
      <span class="doing">{doing}</span>
      <Mark text={change} />
      {block === null ? null : <Block {...props} block={block} place={name} />}
    </div>
  );
}

/** A moon, or a dot. */
function ActivityIcon({ isAsleep }: { readonly isAsleep: boolean }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      {isAsleep ? (
        <path d="M6.2 1.6a6.5 6.5 0 1 0 8.2 8.2A5.6 5.6 0 0 1 6.2 1.6Z" />
      ) : (
        <circle cx="8" cy="8" r="4.5" />
      )}
    </svg>
  );
}

/** The queue's numbers; each leads to the line that changed it last. */
export function Counters({ state, changes, ask }: PartProps) {
  return (
    <section class="part counters">
      <h2>Counters</h2>
      <ul class="plain">
        {state.counters.map(({ name, value, meaning, expression }) => {
          const change = changeOf(changes, name);
          return (
            <li key={name}>
              <button
                type="button"
                class={`counter${change === '' ? '' : ' changed'}`}
                title={`${meaning}; open the line that changed it last`}
                onClick={() => ask({ kind: 'writer', expression })}
              >
                <span class="label">{name}</span> <b>{value}</b>
                <Mark text={change} />
                <span class="meaning">{meaning}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
