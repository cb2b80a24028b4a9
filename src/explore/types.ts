/**
 * What a search is asked and what it answers: plain data, that goes to workers and into files.
 */
import type { OutcomeKind } from '../language/image.ts';
import type { Choice } from '../run/policy.ts';

export type StrategyName = 'exhaustive' | 'shortest' | 'bounded' | 'random' | 'pct';

export interface ExploreSettings {
  readonly strategy: StrategyName;
  /** Distinct states that may be stored. */
  readonly stateLimit: number;
  /** Seconds the search may take; 0: no limit. */
  readonly secondsLimit: number;
  /** Steps of one execution. */
  readonly depthLimit: number;
  /** Bytes for stored states. */
  readonly budgetBytes: number;
  /** Partial-order reduction (exhaustive). Outcomes are the same without. */
  readonly reduction: boolean;
  /** Stores whole states instead of their hashes. Slow; to check the hash. */
  readonly exact: boolean;
  /** Preemptions that `bounded` allows, from 0 upwards. */
  readonly bound: number;
  /** Executions of `random` and `pct`. */
  readonly executions: number;
  readonly seed: number;
  /** `pct`: depth of the bugs it looks for (1: one ordering is enough). */
  readonly pctDepth: number;
  /** Whether a goroutine may be preempted where nothing forces it to stop. */
  readonly preemption: boolean;
  /** Checks the models' `invariant`s after every step. */
  readonly invariants: boolean;
  /** Search for a schedule that reaches this place; the search ends when it is found. */
  readonly target: Target | null;
  /** Part `index` (from 0) of `count` independent parts (random, pct, bounded). */
  readonly shard: { readonly index: number; readonly count: number };
}

/** A line of a source file, optionally only when an expression holds there. */
export interface Target {
  /** stops[pc / 4] is not 0 at the line's statements. */
  readonly stops: Uint8Array;
  /** What people call it: `race.coro:12`. */
  readonly name: string;
  readonly condition: string | null;
  /** Noted by the search: why the condition never had a value; null once it had one. */
  conditionProblem?: string | null;
}

export const DEFAULT_SETTINGS: ExploreSettings = {
  strategy: 'exhaustive',
  stateLimit: 5_000_000,
  secondsLimit: 0,
  depthLimit: 1_000_000,
  budgetBytes: 1_000_000_000,
  reduction: true,
  exact: false,
  bound: 2,
  executions: 10_000,
  seed: 1,
  pctDepth: 3,
  preemption: false,
  invariants: false,
  target: null,
  shard: { index: 0, count: 1 },
};

/** One distinct way in which runs end. */
export interface FoundOutcome {
  readonly kind: OutcomeKind | 'reached';
  readonly message: string;
  /** The `prints` of expectations that its output meets; absent where none asks for text. */
  readonly prints?: readonly (readonly string[])[];
  /** Executions (exhaustive: ends of explored paths) that end so. */
  count: number;
  /** A schedule that leads there. */
  schedule: readonly Choice[];
  /** Of that schedule: switches away from a thread that could have gone on. */
  preemptions: number;
  /** Of that schedule: steps at which something was decided (more than one move was possible). */
  decisions: number;
  /** Of that schedule: steps that another thread can tell apart, as visible-steps.ts defines
   *  them; -1: not counted. */
  visibleSteps: number;
  /** The search for a simpler schedule has come to its end; absent where it was not made, or its
   *  budget was used up. */
  isSimplest?: true;
}

export interface ExploreResult {
  readonly strategy: StrategyName;
  /** Every schedule (within what the strategy promises) has been covered. */
  complete: boolean;
  /** Why not, for people; empty when complete. */
  incompleteBecause: string;
  /** What "every schedule" takes for granted, as far as it matters for the program (coverage.ts):
   *  `2 processors`, `no preemption`, `time passes only when nothing else can run`. */
  assumptions: string[];
  states: number;
  transitions: number;
  /** Executions that came to an end. */
  executions: number;
  /** Longest path in steps. */
  depth: number;
  seconds: number;
  outcomes: FoundOutcome[];
  /** Upper estimate of the probability that two states were taken for one. */
  lostStateProbability: number;
  /** `pct`: lower bound of the probability that one execution finds a bug of the depth. */
  pctProbability: number;
  /** Why the condition of the place that is looked for never had a value; null: it had one. Absent
   *  where it was never asked. */
  conditionProblem?: string | null;
  /** `pct`: what that bound is for. */
  pct?: PctBound;
}

/** The n and k of the bound of PCT (see pct.ts). */
export interface PctBound {
  readonly threads: number;
  readonly steps: number;
  /** Executions that had more steps. */
  readonly longer: number;
}

/** Told now and then while the search runs. */
export interface Progress {
  readonly states: number;
  readonly transitions: number;
  readonly executions: number;
  readonly seconds: number;
  readonly depth: number;
  readonly outcomes: number;
  /** Estimate of the part that is done, 0 to 1; negative: not known. */
  readonly done: number;
}

/** A search under way: `advance` works for about so long and tells whether more is to do. */
export interface Search {
  advance(milliseconds: number): boolean;
  progress(): Progress;
  /** Ends it for a reason: `cancelled`. `advance` tells when it has ended. */
  stop(reason: string): void;
  /** What was found so far; final when advance has returned false. */
  result(): ExploreResult;
}
