/** How the cleanup queue stands, in words: whether somebody will run what waits, and who. */
import type { Inspector } from './inspect.ts';
import { queueWorkers } from './queue-goroutines.ts';
import type { QueueState } from './queue.ts';
import { listNames } from './words.ts';

/**
 * idle: nothing waits. collecting: what waits is not queued yet. pending: work is queued and will
 * be noticed. busy: somebody is awake to take it. danger: it may get lost on some schedules from
 * here. lost: nobody will be told.
 */
export interface QueueCondition {
  readonly kind: 'idle' | 'collecting' | 'pending' | 'busy' | 'danger' | 'lost';
  readonly text: string;
}

type Facts = Omit<QueueState, 'condition'>;

const lostText = 'work is queued, every cleanup goroutine sleeps, and nobody will be told';
const nextPass = 'the next pass through findRunnable';

/** Judges a queue by what its goroutines and threads are about to do. */
export function judge(inspector: Inspector, queue: Facts): QueueCondition {
  if (queue.full.length === 0) return judgeEmpty(queue);
  if (queue.accounting === 'finalizer') return judgeFinalizer(queue);
  const { signalling, waking, taking } = queueWorkers(inspector);
  if (signalling.length > 0) {
    const text = `work is queued, and ${listNames(signalling)} is about to say so`;
    return { kind: 'pending', text };
  }
  if (waking.length > 0) {
    return { kind: 'pending', text: `work is queued, and ${listNames(waking)} is waking for it` };
  }
  return queue.accounting === 'packed' ? judgePacked(queue, taking) : judgeCounted(queue);
}

function judgeEmpty({ processors, goroutines, accounting }: Facts): QueueCondition {
  const working = goroutines.filter(({ activity }) => activity === 'working');
  if (working.length > 0) {
    const names = listNames(working.map(({ name }) => name));
    return { kind: 'busy', text: `nothing is queued; ${names} ${verb(working, 'runs')} cleanups` };
  }
  const partial = processors.filter(({ block }) => block !== null && block.cleanups.length > 0);
  if (partial.length > 0) {
    const names = listNames(partial.map(({ name }) => name));
    const text = `cleanups are collected in a block of ${names}, and nothing is queued yet`;
    return { kind: 'collecting', text };
  }
  const isQuiet = goroutines.every(({ activity }) => activity === 'asleep');
  if (goroutines.length === 0 || !isQuiet) return { kind: 'idle', text: 'nothing is queued' };
  const who = accounting === 'finalizer' ? goroutines[0].name : 'every cleanup goroutine';
  return { kind: 'idle', text: `nothing is queued, and ${who} sleeps` };
}

function judgePacked(queue: Facts, taking: readonly string[]): QueueCondition {
  const wakes = counter(queue, 'state.wakes');
  const asleep = counter(queue, 'state.asleep');
  const canGrow = counter(queue, 'ng') < counter(queue, 'max');
  const awake = namesOf(queue, ['ready', 'looking', 'woken']);
  const leaving = namesOf(queue, ['leaving']);
  if (wakes > 0 && asleep > 0) {
    return { kind: 'pending', text: `a wake-up is pending and will be honoured at ${nextPass}` };
  }
  if (awake.length > 0) return someoneAwake(awake);
  const working = namesOf(queue, ['working']);
  if (working.length > 0) return whenDone(working);
  if (leaving.length > 0 && wakes > 0) {
    const who = `${listNames(leaving)} has looked already and goes to sleep`;
    if (taking.length > 0) {
      const text = `work is queued; ${who}; ${listNames(taking)} uses the wake-up up for nobody`;
      return { kind: 'danger', text };
    }
    const text = canGrow
      ? `work is queued; ${who}; whoever honours the wake-up before that uses it up for nobody`
      : `work is queued; ${who}; the wake-up waits until then`;
    return { kind: canGrow ? 'danger' : 'pending', text };
  }
  if (leaving.length > 0) {
    const who = listNames(leaving);
    const text = `the wake-up is used up, and ${who} goes to sleep on queued work`;
    return { kind: 'lost', text: `${text}: nobody will be told` };
  }
  return { kind: 'lost', text: lostText };
}

function judgeCounted(queue: Facts): QueueCondition {
  const work = counter(queue, 'workUnits');
  const asleep = counter(queue, 'asleep');
  const awake = namesOf(queue, ['ready', 'looking', 'woken']);
  if (work === 0) {
    return { kind: 'busy', text: 'every queued block is claimed by somebody who takes it now' };
  }
  if (asleep > 0) {
    const text = `a wake-up is pending and will be honoured at ${nextPass}`;
    return { kind: 'pending', text };
  }
  if (awake.length > 0) return someoneAwake(awake);
  const working = namesOf(queue, ['working']);
  if (working.length > 0) return whenDone(working);
  const leaving = namesOf(queue, ['leaving']);
  if (leaving.length > 0) {
    const text = `${listNames(leaving)} goes to sleep and is counted; ${nextPass} will wake it`;
    return { kind: 'pending', text };
  }
  return { kind: 'lost', text: lostText };
}

const fingWait = 2;
const fingWake = 4;

function judgeFinalizer(queue: Facts): QueueCondition {
  const status = counter(queue, 'status');
  const isAsleep = queue.goroutines.some(({ activity }) => activity === 'asleep');
  if (!isAsleep) return someoneAwake(queue.goroutines.map(({ name }) => name));
  if ((status & fingWake) !== 0) {
    const until = (status & fingWait) === 0 ? ', as soon as it really sleeps' : '';
    const text = `a wake-up is pending and will be honoured at ${nextPass}${until}`;
    return { kind: 'pending', text };
  }
  return { kind: 'lost', text: lostText };
}

function someoneAwake(names: readonly string[]): QueueCondition {
  const who = listNames(names) || 'a goroutine';
  const text = `work is queued, and ${who} ${names.length > 1 ? 'are' : 'is'} awake and will look`;
  return { kind: 'busy', text };
}

function whenDone(names: readonly string[]): QueueCondition {
  const text = `work is queued; ${listNames(names)} will look when its block is done`;
  return { kind: 'busy', text };
}

function namesOf(queue: Facts, activities: readonly string[]): string[] {
  return queue.goroutines
    .filter(({ activity }) => activities.includes(activity))
    .map(({ name }) => name);
}

function counter(queue: Facts, name: string): number {
  return queue.counters.find((one) => one.name === name)?.value ?? 0;
}

function verb(many: readonly unknown[], singular: string): string {
  return many.length > 1 ? singular.slice(0, -1) : singular;
}
