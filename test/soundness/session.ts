/** Programs by the batch: makes them, compares, counts, and makes smaller what fails. */
import { load, type LookFor } from '../../src/run/load.ts';
import { hashText } from '../../src/run/text-hash.ts';
import type { Image } from '../../src/language/image.ts';
import type { Threads } from '../explore/support.ts';
import { compare, compareRaces, compareWorkers, type Comparison, variants } from './compare.ts';
import { numbersOf } from './numbers.ts';
import { fileOf, type Generator } from './program.ts';
import { shrunkLines, shrunkNumbers } from './shrink.ts';

/** Numbers of a program; few take more decisions. */
const LENGTH = 80;

/** One program in so many is compared in this way, too. */
const PREEMPTED = 8;
const RACED = 4;
const BY_WORKERS = 32;

export interface Subject {
  /** For the files' `runtime` lines, in turn: the profile with options. */
  readonly runtimes: readonly string[];
  readonly generator: Generator;
  readonly stateLimit: number;
}

export interface Failure {
  readonly runtime: string;
  readonly generator: string;
  readonly seed: number;
  readonly number: number;
  readonly fault: string;
  readonly program: string;
}

export interface Counts {
  compared: number;
  skipped: number;
  states: number;
}

/** Programs that are made from one seed. `threads`: workers, if searches by several are tried. */
export class Session {
  readonly #seed: number;
  readonly #threads: Threads | null;

  constructor(seed: number, threads: Threads | null) {
    this.#seed = seed;
    this.#threads = threads;
  }

  /** Programs `first` to `first + size - 1`, in one file: what they have in common is compiled
   *  once. What fails is given, made smaller. */
  async runBatch(
    subject: Subject,
    first: number,
    size: number,
    counts: Counts,
  ): Promise<Failure[]> {
    const { runtimes, generator } = subject;
    const seed = this.#seed ^ numberOf(`${runtimes[0]} ${generator.name}`);
    const lists = Array.from({ length: size }, (_, i) => numbersOf(seed, first + i, LENGTH));
    const failures: Failure[] = [];
    const runtime = runtimes[Math.floor(first / size) % runtimes.length];
    const text = fileOf(runtime, generator, lists);
    for (const [index, list] of lists.entries()) {
      const number = first + index;
      const result = await this.#compared(subject, text, `P${index}`, number);
      if (result === null) {
        counts.skipped++;
        continue;
      }
      counts.compared++;
      counts.states += result.states;
      if (result.fault === '') continue;
      const program = await this.#shrunk(subject, runtime, number, list);
      const { fault } = (await this.#compared(subject, program, 'P0', number)) ?? result;
      const head = isOneIn(PREEMPTED, number) ? '// --preemption\n' : '';
      failures.push({
        runtime,
        generator: generator.name,
        seed: this.#seed,
        number,
        fault,
        program: head + program,
      });
    }
    return failures;
  }

  /** The number of a program says how it is compared. */
  async #compared(
    { stateLimit }: Subject,
    text: string,
    scenario: string,
    number: number,
  ): Promise<Comparison> {
    const image = imageOf(text, scenario);
    const preemption = isOneIn(PREEMPTED, number);
    const tried = [variants[0], variants[1 + (number % (variants.length - 1))]];
    const result = compare(image, tried, stateLimit, preemption);
    if (result === null || result.fault !== '') return result;
    let fault = '';
    if (isOneIn(RACED, number)) {
      fault = compareRaces(imageOf(text, scenario, 'always'), result, preemption);
    }
    if (fault === '' && this.#threads !== null && isOneIn(BY_WORKERS, number)) {
      fault = await compareWorkers(image, result, this.#threads, preemption);
    }
    return { ...result, fault };
  }

  async #shrunk(
    subject: Subject,
    runtime: string,
    number: number,
    list: readonly number[],
  ): Promise<string> {
    const fails = async (text: string): Promise<boolean> => {
      const result = await this.#compared(subject, text, 'P0', number).catch(() => null);
      return result !== null && result.fault !== '';
    };
    const textOf = (numbers: readonly number[]): string =>
      fileOf(runtime, subject.generator, [numbers]);
    const numbers = await shrunkNumbers(list, (fewer) => fails(textOf(fewer)));
    return shrunkLines(textOf(numbers), fails);
  }
}

/** Every profile and generator has programs of its own. */
function numberOf(name: string): number {
  return parseInt(hashText(name).slice(0, 7), 16);
}

function isOneIn(count: number, number: number): boolean {
  return number % count === count - 1;
}

function imageOf(text: string, scenario: string, races: LookFor = 'never'): Image {
  const input = { path: 'random.coro', text };
  const { image, diagnostics, problem } = load(input, { scenario, races });
  if (image !== null) return image;
  const complaints = diagnostics.map(({ message, span, file }) => {
    const line = file.text.slice(0, span.start).split('\n').length;
    return `${file.path}:${line}: ${message}`;
  });
  throw new Error(`${problem ?? complaints.join('\n')}\n${text}`);
}
