/** What the options of `coroscope explore` mean: settings of a search, and what does not go together. */
import { targetAt } from '../explore/target.ts';
import { DEFAULT_SETTINGS, type ExploreSettings, type StrategyName } from '../explore/types.ts';
import type { Image } from '../language/image.ts';
import { type Given, UsageError } from './command.ts';
import { workerCount } from './workers.ts';

const MOST_SHARDS = 1_000_000;
const DEEPEST_PCT = 1000;

/** How many threads search. Throws a UsageError where only one can. */
export function workersOf(given: Given, settings: ExploreSettings): number {
  const workers = workerCount(given);
  if (workers > 1 && settings.strategy === 'shortest') {
    throw new UsageError('--shortest searches in one thread: it takes states in their order');
  }
  if (workers > 1 && settings.exact) {
    throw new UsageError('--exact stores whole states in one thread only');
  }
  return workers;
}

/** What the command line asks of the search. Throws a UsageError. */
export function settingsOf(given: Given, image: Image): ExploreSettings {
  const strategy = strategyOf(given);
  refuseStrangers(given, strategy);
  const base = DEFAULT_SETTINGS;
  const executions = given.count('random', 1) ?? given.count('pct', 1);
  const memory = given.count('memory', 1);
  return {
    ...base,
    strategy,
    bound: given.count('bound', 0) ?? base.bound,
    executions: executions ?? base.executions,
    pctDepth: pctDepthOf(given),
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

function pctDepthOf(given: Given): number {
  const depth = given.count('pct-depth', 1) ?? DEFAULT_SETTINGS.pctDepth;
  if (depth > DEEPEST_PCT) throw new UsageError(`--pct-depth takes at most ${DEEPEST_PCT}`);
  return depth;
}

function strategyOf(given: Given): StrategyName {
  const asked: StrategyName[] = [];
  if (given.count('bound', 0) !== undefined) asked.push('bounded');
  if (given.count('random', 1) !== undefined) asked.push('random');
  if (given.count('pct', 1) !== undefined) asked.push('pct');
  if (given.flag('shortest')) asked.push('shortest');
  if (asked.length > 1) {
    throw new UsageError(
      '--bound, --random, --pct and --shortest are different searches: give one of them',
    );
  }
  return asked[0] ?? 'exhaustive';
}

/** Options that mean something to some searches only: others would ignore them. */
const BELONGS: readonly (readonly [string, readonly StrategyName[], string])[] = [
  ['pct-depth', ['pct'], '--pct-depth belongs to --pct'],
  ['seed', ['random', 'pct'], '--seed belongs to --random and --pct; other searches throw no dice'],
  ['no-reduction', ['exhaustive', 'shortest'], '--no-reduction is for the exhaustive search'],
  ['exact', ['exhaustive', 'shortest'], '--exact is for the exhaustive search and --shortest'],
  [
    'limit',
    ['exhaustive', 'shortest', 'bounded'],
    '--limit counts stored states; --random and --pct are bounded by their number of executions',
  ],
];

function refuseStrangers(given: Given, strategy: StrategyName): void {
  for (const [option, strategies, problem] of BELONGS) {
    // The nearest schedule that passes is looked for within --limit, whatever the search.
    if (option === 'limit' && given.flag('nearest')) continue;
    const isGiven = given.flag(option) || given.text(option) !== undefined;
    if (isGiven && !strategies.includes(strategy)) throw new UsageError(problem);
  }
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
  if (count > MOST_SHARDS) throw new UsageError(`--shard takes at most ${MOST_SHARDS} parts`);
  if (match === null || index < 0 || index >= count) {
    throw new UsageError(`--shard takes I/N with I from 1 to N, not '${text}'`);
  }
  if (strategy === 'exhaustive' || strategy === 'shortest') {
    throw new UsageError(
      '--shard splits --random, --pct and --bound; a search of all schedules has no parts',
    );
  }
  return { index, count };
}
