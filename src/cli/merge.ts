/** `coroscope merge`: one result out of those of several parts of a search. */
import process from 'node:process';
import { mergeResults } from '../explore/merge.ts';
import type { ExploreResult, FoundOutcome } from '../explore/types.ts';
import { decodeSchedule, encodeSchedule } from '../run/schedule.ts';
import { countOf } from '../run/words.ts';
import { type Command, EXIT_OK, type Given, UsageError } from './command.ts';
import { readInput } from './files.ts';

export const mergeCommand: Command = {
  name: 'merge',
  usage: 'FILE…',
  summary: 'Put the JSON results of the shards of one search together.',
  details: `Each file is what "coroscope explore --shard I/N --json" has printed. The result has the
same shape, and can be merged again. Parts of different scenarios, runtimes or settings are refused;
a part that is missing makes the result incomplete.`,
  options: {},
  run,
};

/** Missing parts that are named. */
const SHOWN_PARTS = 20;

/** What a part says beside its result. */
interface Part {
  readonly scenario: string;
  readonly runtime: string;
  readonly image: string;
  readonly shard: string;
  /** What was asked: the seed, how many executions … */
  readonly settings: unknown;
  readonly preemption: boolean;
  readonly result: ExploreResult;
}

function run(given: Given): number {
  if (given.files.length === 0) throw new UsageError('merge needs the names of result files');
  const parts = given.files.flatMap((name) => readParts(name));
  const [first] = parts;
  for (const part of parts) {
    for (const key of ['scenario', 'runtime', 'image'] as const) {
      if (part[key] === first[key]) continue;
      throw new UsageError(
        `these are parts of different searches: ${key} ${first[key]} and ${part[key]}`,
      );
    }
    const [asked, other] = [first, part].map((one) => JSON.stringify(one.settings));
    if (asked !== other) {
      throw new UsageError(`these are parts of different searches: ${asked} and ${other}`);
    }
    if (part.result.strategy === first.result.strategy) continue;
    throw new UsageError(
      `these are parts of different searches: ${first.result.strategy} and ${part.result.strategy}`,
    );
  }
  const { shard, missing } = joinShards(parts.map((part) => part.shard));
  const merged = mergeResults(parts.map((part) => part.result));
  if (missing.length > 0) {
    merged.complete = false;
    const which = `${countOf(missing.length, 'part')} of the search missing: ${someOf(missing)}`;
    merged.incompleteBecause = [which, merged.incompleteBecause].filter(Boolean).join('; ');
  }
  const { scenario, runtime, image, settings } = first;
  process.stdout.write(
    `${JSON.stringify({
      scenario,
      runtime,
      image,
      shard,
      settings,
      ...merged,
      outcomes: merged.outcomes.map((found) => ({
        ...found,
        schedule: encodeSchedule(
          found.schedule,
          parts.some((part) => part.preemption),
        ),
      })),
    })}\n`,
  );
  return EXIT_OK;
}

/** One object, or one a line (as GNU parallel prints them). Throws a UsageError. */
function readParts(name: string): Part[] {
  const lines = readInput(name)
    .text.split('\n')
    .filter((line) => line.trim() !== '');
  if (lines.length === 0) throw new UsageError(`${name} is empty`);
  return lines.map((line) => partOf(name, line));
}

function partOf(name: string, line: string): Part {
  const strange = new UsageError(`${name} is not a result of coroscope explore --json`);
  let read: unknown;
  try {
    read = JSON.parse(line);
  } catch {
    throw new UsageError(`${name} is not JSON of coroscope explore`);
  }
  if (!isPart(read)) throw strange;
  const { scenario, runtime, image, shard, settings, ...rest } = read;
  const schedules = rest.outcomes.map((found) => {
    if (!isFound(found)) throw strange;
    const decoded = decodeSchedule(found.schedule);
    if ('problem' in decoded) throw new UsageError(`${name}: ${decoded.problem}`);
    return decoded;
  });
  const found = (rest.outcomes as FoundOutcome[]).map((one, index) => ({
    ...one,
    schedule: schedules[index].schedule,
  }));
  const result = { ...rest, outcomes: found } as unknown as ExploreResult;
  const preemption = schedules.some((one) => one.preemption);
  return { scenario, runtime, image, shard, settings, preemption, result };
}

/** A result as it was read, of whose outcomes nothing is known yet. */
type ReadPart = Omit<Part, 'result' | 'preemption'> & { readonly outcomes: readonly unknown[] };

function isPart(read: unknown): read is ReadPart {
  if (typeof read !== 'object' || read === null) return false;
  const part = read as Record<string, unknown>;
  const texts = ['scenario', 'runtime', 'image', 'shard', 'strategy', 'incompleteBecause'];
  const numbers = ['states', 'transitions', 'executions', 'depth', 'seconds'];
  return (
    Array.isArray(part.outcomes) &&
    typeof part.complete === 'boolean' &&
    texts.every((key) => typeof part[key] === 'string') &&
    numbers.every((key) => typeof part[key] === 'number')
  );
}

function isFound(read: unknown): read is { readonly schedule: string } {
  if (typeof read !== 'object' || read === null) return false;
  const found = read as Record<string, unknown>;
  const isText = ['kind', 'message', 'schedule'].every((key) => typeof found[key] === 'string');
  return isText && typeof found.count === 'number';
}

/** Parts as `1/4` or `1,2/4`; each may be there once. Throws a UsageError. */
function joinShards(shards: readonly string[]): { shard: string; missing: number[] } {
  const strange = shards.find((shard) => !/^\d{1,7}(?:,\d{1,7})*\/\d{1,7}$/.test(shard));
  if (strange !== undefined) throw new UsageError(`'${strange}' is no part of a search`);
  const counts = new Set(shards.map((shard) => shard.split('/')[1]));
  if (counts.size !== 1) {
    throw new UsageError(`these are parts of different searches: shards ${shards.join(' and ')}`);
  }
  const count = Number([...counts][0]);
  const have = shards.flatMap((shard) => shard.split('/')[0].split(',').map(Number));
  const all = new Set<number>();
  for (const part of have) {
    if (part < 1 || part > count) throw new UsageError(`there is no part ${part} of ${count}`);
    if (all.has(part)) throw new UsageError(`part ${part} of the search is there twice`);
    all.add(part);
  }
  const missing: number[] = [];
  for (let part = 1; part <= count; part++) if (!all.has(part)) missing.push(part);
  return { shard: `${have.sort((a, b) => a - b).join(',')}/${count}`, missing };
}

/** `2, 3, 5`; of many the first ones. */
function someOf(parts: readonly number[]): string {
  const shown = parts.slice(0, SHOWN_PARTS).join(', ');
  return parts.length > SHOWN_PARTS ? `${shown} …` : shown;
}
