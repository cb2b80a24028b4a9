/** What of the queue is worth showing one by one: text and view agree on it. */
import type { QueueChange } from './queue-text.ts';
import type { QueueState } from './queue.ts';

/** Ps that have a block, or just lost one; the others are summed up: `P1 … P7`. */
export function processorsToShow(
  { processors }: QueueState,
  changes: readonly QueueChange[],
): { readonly filling: QueueState['processors']; readonly others: string } {
  const isShown = ({ name, block }: QueueState['processors'][number]) =>
    block !== null || changes.some(({ key }) => key === name);
  const filling = processors.filter(isShown);
  const rest = processors.filter((one) => !isShown(one)).map(({ name }) => name);
  const whole = rest.length > 2 ? `${rest[0]} … ${rest[rest.length - 1]}` : rest.join(', ');
  return { filling, others: filling.length > 0 && rest.length > 2 ? 'other Ps' : whole };
}
