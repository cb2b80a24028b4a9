/** One cell of `coroscope check`: a scenario on a profile. Plain data, for it may go to a worker. */
import { SEARCH_MEMORY_WORDS } from '../explore/explore.ts';
import { deciding } from '../explore/verdict.ts';
import type { Image, Outcome } from '../language/image.ts';
import { MachinePool } from '../machine/machine.ts';
import {
  expectationsFor,
  expectationText,
  judgeRun,
  judgeRuns,
  type Result,
} from '../run/expectations.ts';
import type { LookFor } from '../run/load.ts';
import { NaturalPolicy } from '../run/natural.ts';
import { encodeSchedule } from '../run/schedule.ts';
import { Timeline } from '../run/timeline.ts';
import { UsageError } from './command.ts';
import { loadOrReport } from './report.ts';

/** What is checked: a scenario of a file's text. */
export interface Cell {
  readonly path: string;
  readonly text: string;
  readonly scenario: string;
  readonly profile: string;
}

/** Options of the command; undefined: not given. */
export interface CellOptions {
  readonly steps: number | undefined;
  readonly states: number | undefined;
  readonly seconds: number | undefined;
  readonly invariants: boolean;
  readonly races: boolean;
  readonly leaks: boolean;
  readonly natural: boolean;
}

export interface CheckResult {
  readonly file: string;
  readonly scenario: string;
  readonly runtime: string;
  readonly expected: string;
  readonly outcome: Outcome | null;
  /** Null: not decided within the budget. */
  readonly passed: boolean | null;
  /** Distinct states that the search covered, and whether those were all. */
  readonly states: number;
  readonly complete: boolean;
  /** What that takes for granted, as in the result of `explore`. */
  readonly assumptions: readonly string[];
  /** Why it failed or was not decided, where that is more than the outcome. */
  readonly because: string;
  /** One line that replays the run. */
  readonly schedule: string;
}

/** The result, or why the scenario cannot be run at all. */
export type CellAnswer = { readonly result: CheckResult } | { readonly problem: string };

const DEFAULT_STATES = 30_000;
const DEFAULT_SECONDS = 5;
/** Instructions of the natural run between two looks at the keyboard. */
const SLICE_INSTRUCTIONS = 500_000;
/** Every cell has its machines, one after the other. */
const pool = new MachinePool();

/** Checks a cell, and lets others in wherever it yields: every few milliseconds. */
export function* checking(cell: Cell, options: CellOptions): Generator<undefined, CellAnswer> {
  const { scenario, profile } = cell;
  const races: LookFor = options.races ? 'always' : 'when expected';
  const leaks: LookFor = options.leaks ? 'always' : 'when expected';
  let image: Image;
  // Loading takes the longest time of all that is done at once.
  yield;
  try {
    ({ image } = loadOrReport(cell, { runtime: profile, scenario, races, leaks }));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { problem: error.message };
  }
  yield;
  return { result: yield* checkingImage(cell.path, image, options) };
}

function* checkingImage(
  file: string,
  image: Image,
  options: CellOptions,
): Generator<undefined, CheckResult> {
  const expectations = expectationsFor(image.scenario.expectations, image.profile);
  const natural = yield* runningNaturally(image, options);
  const base = {
    file,
    scenario: image.scenario.name,
    runtime: image.profile,
    expected: expectationText(expectations),
    outcome: natural.outcome,
    schedule: natural.schedule,
  };
  if (judgeRun(expectations, natural) === 'unexpected') {
    return { ...base, passed: false, states: 0, complete: false, assumptions: [], because: '' };
  }
  if (options.natural) {
    const passed = judgeRuns(expectations, [natural]).missing.length === 0 || null;
    return { ...base, passed, states: 0, complete: false, assumptions: [], because: '' };
  }
  const budget = {
    states: options.states ?? image.options.states ?? DEFAULT_STATES,
    seconds: options.seconds ?? DEFAULT_SECONDS,
  };
  const decision = yield* deciding(image, expectations, natural, budget, pool);
  const { verdict, counterexample, because, states, complete, assumptions } = decision;
  const passed = verdict === 'undecided' ? null : verdict === 'passed';
  const found = counterexample && {
    outcome: counterexample.outcome,
    schedule: encodeSchedule(counterexample.schedule, counterexample.preemption),
  };
  return { ...base, ...found, passed, states, complete, assumptions, because };
}

function* runningNaturally(
  image: Image,
  options: CellOptions,
): Generator<undefined, Result & { readonly schedule: string }> {
  const timeline = new Timeline(image, {
    policy: new NaturalPolicy(),
    stepLimit: options.steps,
    checkInvariants: options.invariants,
    preemption: true,
    machine: { memoryWords: image.options.memoryWords ?? SEARCH_MEMORY_WORDS, pool },
  });
  try {
    while (timeline.walk(null, SLICE_INSTRUCTIONS) !== 'ended') yield;
    const text = timeline.output.map((line) => line.text).join('');
    return { outcome: timeline.outcome, text, schedule: encodeSchedule(timeline.schedule()) };
  } finally {
    timeline.machine.release();
  }
}
