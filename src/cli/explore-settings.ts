/** What the options of `coroscope explore` mean: settings of a search, and what does not go together. */
import { targetAt } from '../explore/target.ts';
import { DEFAULT_SETTINGS, type ExploreSettings } from '../explore/types.ts';
import type { Image } from '../language/image.ts';
import { type Given, UsageError } from './command.ts';
import { workerCount } from './workers.ts';

/** How many threads search. Throws a UsageError where only one can. */
export function workersOf(given: Given, settings: ExploreSettings): number {
  const workers = workerCount(given);
  if (workers > 1 && settings.exact) {
    throw new UsageError('--exact stores whole states in one thread only');
  }
  return workers;
}

/** What the command line asks of the search. Throws a UsageError. */
export function settingsOf(given: Given, image: Image): ExploreSettings {
  const bound = given.count('bound', 0);
  const random = given.count('random', 1);
  const pct = given.count('pct', 1);
  if ([bound, random, pct].filter((one) => one !== undefined).length > 1) {
    throw new UsageError('--bound, --random and --pct are different searches: give one of them');
  }
  const base = DEFAULT_SETTINGS;
  const strategy =
    bound !== undefined
      ? 'bounded'
      : random !== undefined
        ? 'random'
        : pct !== undefined
          ? 'pct'
          : 'exhaustive';
  const memory = given.count('memory', 1);
  return {
    ...base,
    strategy,
    bound: bound ?? base.bound,
    executions: random ?? pct ?? base.executions,
    pctDepth: given.count('pct-depth', 1) ?? base.pctDepth,
    seed: given.count('seed', 0) ?? base.seed,
    stateLimit: given.count('limit', 1) ?? base.stateLimit,
    secondsLimit: given.count('seconds', 1) ?? base.secondsLimit,
    depthLimit: given.count('depth', 1) ?? depthOf(strategy),
    budgetBytes: memory === undefined ? base.budgetBytes : memory * 1_000_000,
    preemption: given.flag('preemption'),
    invariants: given.flag('invariants'),
    reduction: !given.flag('no-reduction'),
    exact: given.flag('exact'),
    target: targetOf(given, image),
    shard: shardOf(given.text('shard'), strategy),
  };
}

/** A depth-first search goes about as deep as there are states; one execution rarely does. */
function depthOf(strategy: ExploreSettings['strategy']): number {
  return strategy === 'exhaustive' ? 10 * DEFAULT_SETTINGS.depthLimit : DEFAULT_SETTINGS.depthLimit;
}

function targetOf(given: Given, image: Image): ExploreSettings['target'] {
  const place = given.text('reach');
  if (place === undefined) {
    if (given.text('when') !== undefined) throw new UsageError('--when belongs to --reach');
    return null;
  }
  const match = /^(.*):(\d+)$/.exec(place);
  if (match === null) throw new UsageError(`--reach takes FILE:LINE, not '${place}'`);
  const condition = given.text('when') ?? null;
  const target = targetAt(image, match[1], Number(match[2]), condition);
  if ('problem' in target) throw new UsageError(`--reach: ${target.problem}`);
  return target;
}

function shardOf(text: string | undefined, strategy: string): { index: number; count: number } {
  if (text === undefined) return { index: 0, count: 1 };
  const match = /^(\d+)\/(\d+)$/.exec(text);
  const index = Number(match?.[1]) - 1;
  const count = Number(match?.[2]);
  if (match === null || index < 0 || index >= count) {
    throw new UsageError(`--shard takes I/N with I from 1 to N, not '${text}'`);
  }
  if (strategy === 'exhaustive') {
    throw new UsageError(
      '--shard splits --random, --pct and --bound; an exhaustive search has no parts',
    );
  }
  return { index, count };
}
