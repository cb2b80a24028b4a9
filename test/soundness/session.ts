/** A run of many programs: makes them, compares, counts, and makes smaller what fails. */
import fc from 'fast-check';
import { load } from '../../src/run/load.ts';
import type { Image } from '../../src/language/image.ts';
import { compare, type Comparison, type Variant, variants } from './compare.ts';
import { numbersOf } from './numbers.ts';
import { fileOf, type Generator } from './program.ts';

/** Scenarios of one file: what they have in common is checked and compiled once. */
const BATCH = 16;
const LENGTH = 80;

export interface Failure {
  readonly profile: string;
  readonly generator: string;
  readonly seed: number;
  readonly number: number;
  readonly fault: string;
  readonly program: string;
}

export interface Subject {
  /** For the files' `runtime` lines, in turn: the profile with options. */
  readonly runtimes: readonly string[];
  readonly generator: Generator;
  readonly stateLimit: number;
}

export interface Counts {
  compared: number;
  skipped: number;
  states: number;
}

/** Programs `first` to `first + BATCH - 1` of a seed; what fails is given, made smaller. */
export function runBatch(
  subject: Subject,
  seed: number,
  first: number,
  counts: Counts,
  batch = BATCH,
): Failure[] {
  const lists = Array.from({ length: batch }, (_, i) => numbersOf(seed, first + i, LENGTH));
  const failures: Failure[] = [];
  const runtime = subject.runtimes[Math.floor(first / batch) % subject.runtimes.length];
  const text = fileOf(runtime, subject.generator, lists);
  for (const [index, list] of lists.entries()) {
    const number = first + index;
    const tried = [variants[0], variants[1 + (number % (variants.length - 1))]];
    const result = compared(imageOf(text, `P${index}`), tried, subject, number);
    if (result === null) {
      counts.skipped++;
      continue;
    }
    counts.compared++;
    counts.states += result.states;
    if (result.fault !== '') failures.push(shrunk(subject, runtime, tried, seed, number, list));
  }
  return failures;
}

function compared(
  image: Image,
  tried: readonly Variant[],
  { stateLimit }: Subject,
  number: number,
): Comparison {
  return compare(image, tried, stateLimit, isPreempted(number));
}

/** Every eighth program is preempted anywhere. */
function isPreempted(number: number): boolean {
  return number % 8 === 7;
}

export function imageOf(text: string, scenario: string): Image {
  const { image, diagnostics, problem } = load({ path: 'random.coro', text }, { scenario });
  if (image !== null) return image;
  const complaints = diagnostics.map(({ message, span, file }) => {
    const line = file.text.slice(0, span.start).split('\n').length;
    return `${file.path}:${line}: ${message}`;
  });
  throw new Error(`${problem ?? complaints.join('\n')}\n${text}`);
}

/** The smallest list of numbers whose program still fails, as fast-check finds it. */
function shrunk(
  subject: Subject,
  runtime: string,
  tried: readonly Variant[],
  seed: number,
  number: number,
  list: readonly number[],
): Failure {
  let program = '';
  let fault = '';
  const fails = (numbers: readonly number[]): boolean => {
    const text = fileOf(runtime, subject.generator, [numbers]);
    const result = compared(imageOf(text, 'P0'), tried, subject, number);
    if (result === null || result.fault === '') return false;
    program = text;
    fault = result.fault;
    return true;
  };
  const lists = fc.array(fc.nat({ max: 1 << 16 }), { maxLength: LENGTH });
  const property = fc.property(lists, (numbers) => !fails(numbers));
  fc.check(property, { examples: [[[...list]]], numRuns: 1, interruptAfterTimeLimit: 10_000 });
  if (isPreempted(number)) program = `// --preemption\n${program}`;
  return {
    profile: runtime,
    generator: subject.generator.name,
    seed,
    number,
    fault,
    program,
  };
}
