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
    const which = `${countOf(missing.length, 'part')} of the search missing: ${missing.join(', ')}`;
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
  return lines.map((line) => partOf(name, line));
}

function partOf(name: string, line: string): Part {
  let read: Record<string, unknown>;
  try {
    read = JSON.parse(line) as Record<string, unknown>;
  } catch {
    throw new UsageError(`${name} is not JSON of coroscope explore`);
  }
  const outcomes = read.outcomes;
  if (typeof read.shard !== 'string' || !Array.isArray(outcomes)) {
    throw new UsageError(`${name} is not a result of coroscope explore --json`);
  }
  const { scenario, runtime, image, shard, settings, ...rest } = read as unknown as Part;
  const schedules = (outcomes as { schedule: string }[]).map((found) => {
    const decoded = decodeSchedule(found.schedule);
    if ('problem' in decoded) throw new UsageError(`${name}: ${decoded.problem}`);
    return decoded;
  });
  const found = (outcomes as FoundOutcome[]).map((one, index) => ({
    ...one,
    schedule: schedules[index].schedule,
  }));
  const result = { ...rest, outcomes: found } as unknown as ExploreResult;
  const preemption = schedules.some((one) => one.preemption);
  return { scenario, runtime, image, shard, settings, preemption, result };
}

/** Parts as `1/4` or `1,2/4`; each may be there once. Throws a UsageError. */
function joinShards(shards: readonly string[]): { shard: string; missing: number[] } {
  const counts = new Set(shards.map((shard) => shard.split('/')[1]));
  if (counts.size !== 1) {
    throw new UsageError(`these are parts of different searches: shards ${shards.join(' and ')}`);
  }
  const [count] = counts;
  const have = shards.flatMap((shard) => shard.split('/')[0].split(',').map(Number));
  const twice = have.find((one, index) => have.indexOf(one) !== index);
  if (twice !== undefined) throw new UsageError(`part ${twice} of the search is there twice`);
  const missing: number[] = [];
  for (let part = 1; part <= Number(count); part++) if (!have.includes(part)) missing.push(part);
  return { shard: `${have.sort((a, b) => a - b).join(',')}/${count}`, missing };
}
