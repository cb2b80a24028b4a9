/**
 * The entry to the search: makes the one a setting asks for. A strategy is a file of its own behind
 * the interface Search; a new one is added here and nowhere else.
 */
import type { Image } from '../language/image.ts';
import { Machine, type MachineOptions } from '../machine/machine.ts';
import { BoundedSearch } from './bounded.ts';
import { ExhaustiveSearch } from './exhaustive.ts';
import { PctSearch } from './pct.ts';
import { RandomSearch } from './random.ts';
import { ShortestSearch } from './shortest.ts';
import type { ExploreResult, ExploreSettings, Search } from './types.ts';

/** Words of memory where the scenario does not say: what is cleared and counted again and again. */
export const SEARCH_MEMORY_WORDS = 1 << 21;

/** A machine for searching: with less memory than one that is debugged. */
export function searchMachine(
  image: Image,
  preemption: boolean,
  options: Pick<MachineOptions, 'pool' | 'generateAfter'> = {},
): Machine {
  const memoryWords = image.options.memoryWords ?? SEARCH_MEMORY_WORDS;
  return new Machine(image, { ...options, preemption, memoryWords });
}

/** A search over the schedules of an image; on its own machine, or on one made before. */
export function startSearch(
  image: Image,
  settings: ExploreSettings,
  machine: Machine = searchMachine(image, settings.preemption),
): Search {
  switch (settings.strategy) {
    case 'exhaustive':
      return new ExhaustiveSearch(machine, settings);
    case 'shortest':
      return new ShortestSearch(machine, settings);
    case 'bounded':
      return new BoundedSearch(machine, settings);
    case 'random':
      return new RandomSearch(machine, settings);
    case 'pct':
      return new PctSearch(machine, settings);
  }
}

/** Searches to the end, without letting anybody in between. For tests and small searches. */
export function explore(image: Image, settings: ExploreSettings): ExploreResult {
  const search = startSearch(image, settings);
  while (search.advance(1000));
  return search.result();
}
