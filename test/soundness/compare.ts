/** Whether the searches find what the reference finds: no outcome lost, none invented. */
import { startSearch } from '../../src/explore/explore.ts';
import { outcomeKey } from '../../src/explore/prints.ts';
import {
  DEFAULT_SETTINGS,
  type ExploreResult,
  type ExploreSettings,
} from '../../src/explore/types.ts';
import type { Image } from '../../src/language/image.ts';
import { Machine, MachinePool } from '../../src/machine/machine.ts';
import type { Threads } from '../explore/support.ts';
import { MEMORY_WORDS, type Reference, referenceOutcomes } from './reference.ts';

/** `complete`: the search must find all; otherwise it must only invent nothing. */
export interface Variant {
  readonly name: string;
  readonly settings: Partial<ExploreSettings>;
  readonly isComplete: boolean;
}

function variant(name: string, settings: Partial<ExploreSettings>, isComplete = true): Variant {
  return { name, settings, isComplete };
}

/** The first one is tried with every program, the others in turn. */
export const variants: readonly Variant[] = [
  variant('default', {}),
  variant('without reduction', { reduction: false }),
  variant('exact', { exact: true }),
  variant('exact, without reduction', { exact: true, reduction: false }),
  variant('shortest', { strategy: 'shortest' }),
  variant('bounded', { strategy: 'bounded', bound: 1000 }),
  variant('random', { strategy: 'random', executions: 30 }, false),
  variant('pct', { strategy: 'pct', executions: 30 }, false),
];

/** What the reference found, and where others differ: '' where they agree. Null: the program is too
 *  large to tell. */
export type Comparison = (Reference & { readonly fault: string }) | null;

const pool = new MachinePool();
/** States that the searches may store for each of the reference's: moves that are counted twice. */
const FACTOR = 20;
/** What a detector of races knows makes more states. */
const RACES_FACTOR = 10;

/** Compares some variants with the reference. */
export function compare(
  image: Image,
  tried: readonly Variant[],
  stateLimit: number,
  preemption = false,
): Comparison {
  const reference = referenceOutcomes(image, { stateLimit, preemption });
  if (reference.isCutOff) return null;
  const faults = tried.flatMap(({ name, settings, isComplete }) => {
    const result = searched(image, { ...settings, stateLimit: FACTOR * stateLimit, preemption });
    return differences(result, reference, isComplete).map((line) => `${name}: ${line}`);
  });
  return { ...reference, fault: faults.join('\n') };
}

export function searched(image: Image, settings: Partial<ExploreSettings>): ExploreResult {
  const memoryWords = image.options.memoryWords ?? MEMORY_WORDS;
  const { preemption = false } = settings;
  const machine = new Machine(image, { memoryWords, preemption, pool });
  const search = startSearch(image, { ...DEFAULT_SETTINGS, ...settings }, machine);
  while (search.advance(1000));
  const result = search.result();
  machine.release();
  return result;
}

function differences(
  result: ExploreResult,
  { outcomes }: Reference,
  isComplete: boolean,
): string[] {
  const found = result.outcomes.map((one) => outcomeKey(one));
  const lines = found.filter((one) => !outcomes.includes(one)).map((one) => `invented: ${one}`);
  if (!isComplete) return lines;
  if (!result.complete) lines.push(`not complete: ${result.incompleteBecause}`);
  lines.push(...outcomes.filter((one) => !found.includes(one)).map((one) => `lost: ${one}`));
  return lines;
}

/** Where data races are looked for: what the reduction leaves out has no other outcome. */
export function compareRaces(
  image: Image,
  { outcomes, states }: Reference,
  preemption: boolean,
): string {
  const stateLimit = RACES_FACTOR * FACTOR * (states + FACTOR);
  const all = searched(image, { stateLimit, preemption, reduction: false });
  const reduced = searched(image, { stateLimit, preemption });
  if (!all.complete || !reduced.complete) return '';
  const found = all.outcomes.map((one) => outcomeKey(one)).sort();
  const known = found.filter((one) => one.startsWith('race ') || outcomes.includes(one));
  const faults = differences(reduced, { outcomes: found, states, isCutOff: false }, true);
  const invented = found.filter((one) => !known.includes(one)).map((one) => `invented: ${one}`);
  return [...faults, ...invented].map((line) => `races: ${line}`).join('\n');
}

/** A search by several workers, with reduction and without. */
export async function compareWorkers(
  image: Image,
  reference: Reference,
  threads: Threads,
  preemption: boolean,
): Promise<string> {
  const faults: string[] = [];
  for (const reduction of [true, false]) {
    const result = await threads.search(image, { reduction, preemption });
    const name = reduction ? 'two workers' : 'two workers, without reduction';
    faults.push(...differences(result, reference, true).map((line) => `${name}: ${line}`));
  }
  return faults.join('\n');
}
