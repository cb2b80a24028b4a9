// What the simulator says about a program, in the terms in which real Go's runs are recorded.
import { formatDiagnostic } from '../../src/language/diagnostics.ts';
import type { Image } from '../../src/language/image.ts';
import { load } from '../../src/run/load.ts';
import { NaturalPolicy } from '../../src/run/natural.ts';
import { RandomPolicy } from '../../src/run/random.ts';
import { Timeline } from '../../src/run/timeline.ts';
import { dyingReport, splitLines, userGoroutines } from './outcome.ts';

/** One simulated run; thread names are P1, P2 as they come, as in the record of real Go. */
export interface SimulatedOutcome {
  readonly kind: string;
  readonly text: string;
  /** Lines on standard error before the runtime's report. */
  readonly lines: readonly string[];
  readonly output: readonly string[];
  /** What the runtime says as it dies, up to the first goroutine. */
  readonly report: readonly string[];
  /** The states of goroutines in the runtime's dump. */
  readonly goroutines: readonly string[];
}

/** A program that the simulator can run, or why it cannot. */
export type Simulation =
  | {
      /** With the processors that the profile has; null takes the natural schedule. */
      readonly run: (seed: number | null) => SimulatedOutcome;
      /** The natural schedule with one processor. */
      readonly runAlone: () => SimulatedOutcome;
      readonly refused?: undefined;
    }
  | { readonly run?: undefined; readonly refused: string };

export interface SimulationOptions {
  readonly scenario?: string;
  /** Whether broken invariants of the models end a run. */
  readonly checkInvariants?: boolean;
}

const stepLimit = 200_000;

/** Loads a program for a profile; `run(null)` takes the natural schedule, a seed a random one. */
export function simulation(
  source: string,
  profile: string,
  { scenario, checkInvariants = false }: SimulationOptions = {},
): Simulation {
  const program = { path: 'program.coro', text: source };
  // It is go build, not go build -race, that this is compared with; and a process ends with main.
  const request = { runtime: profile, scenario, races: 'never', leaks: 'never' } as const;
  const loaded = load(program, request);
  const { image } = loaded;
  if (image === null) {
    const errors = loaded.diagnostics.filter(({ severity }) => severity === 'error');
    return { refused: loaded.problem ?? errors.map(formatDiagnostic).join('\n') };
  }
  const runAlone = (): SimulatedOutcome => {
    const alone = load(program, { ...request, options: { gomaxprocs: 1 } });
    if (alone.image === null) {
      throw new Error('internal error: a program loads with two processors only, please report');
    }
    return runImage(alone.image, null, checkInvariants);
  };
  return { run: (seed) => runImage(image, seed, checkInvariants), runAlone };
}

function runImage(image: Image, seed: number | null, checkInvariants: boolean): SimulatedOutcome {
  const policy = seed === null ? new NaturalPolicy() : new RandomPolicy(seed);
  const timeline = new Timeline(image, { policy, stepLimit, checkInvariants });
  while (timeline.forward());
  const { outcome } = timeline;
  const texts = (stream: number): string[] =>
    splitLines(
      timeline.output
        .filter((line) => line.stream === stream)
        .map(({ text }) => text)
        .join(''),
    );
  const kind = outcome?.kind ?? 'none';
  const text = firstLine(outcome?.message ?? '');
  const errors = texts(2);
  const dump = errors.join('\n');
  return {
    kind,
    text,
    lines: nameThreads(errors),
    output: texts(1),
    report: dyingReport(dump),
    goroutines: userGoroutines(dump),
  };
}

/** The record holds the first of several panics, without how it was recovered. */
function firstLine(message: string): string {
  return (message.split('\n')[0] ?? '').replace(/ \[recovered.*\]$/, '');
}

/** The simulator names threads M0, M1 and nil; the record P1, P2 and 0x0. */
function nameThreads(lines: readonly string[]): string[] {
  const names = new Map<string, string>();
  const rename = (name: string): string => {
    if (name === 'nil' || name === '0x0') {
      return '0x0';
    }
    const known = names.get(name) ?? `P${names.size + 1}`;
    names.set(name, known);
    return known;
  };
  return lines.map((line) =>
    line.replace(
      /^coro: got thread (\S+), want (\S+)$/,
      (_, got: string, want: string) => `coro: got thread ${rename(got)}, want ${rename(want)}`,
    ),
  );
}
