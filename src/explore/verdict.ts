/**
 * Whether a scenario's expectations hold over its schedules, within a budget. `always` must hold on
 * every schedule, `sometimes` on one at least; what the budget does not reach is said to be
 * undecided.
 */
import type { ExpectationNode } from '../language/ast.ts';
import type { Image, Outcome } from '../language/image.ts';
import { type Machine, MachinePool } from '../machine/machine.ts';
import type { Choice } from '../run/policy.ts';
import { isLongStep } from '../run/limits.ts';
import { judgeRun, judgeRuns, type Result, wantedText } from '../run/expectations.ts';
import { onNoSchedule, runsForEver, verdictText } from './coverage.ts';
import { FairSearch, mayPreempt } from './fair.ts';
import { searchMachine, startSearch } from './explore.ts';
import { outcomeKey } from './prints.ts';
import { DEFAULT_SETTINGS, type ExploreSettings, type FoundOutcome } from './types.ts';

export interface Budget {
  readonly states: number;
  readonly seconds: number;
}

export interface Verdict {
  readonly verdict: 'passed' | 'failed' | 'undecided';
  /** What speaks against it (failed), or null. */
  readonly counterexample: {
    readonly outcome: Outcome;
    readonly schedule: readonly Choice[];
    /** The schedule answers whether goroutines are preempted. */
    readonly preemption: boolean;
  } | null;
  /** For people: why it is undecided, or what was never found; else empty. */
  readonly because: string;
  readonly states: number;
  /** Every schedule was covered. */
  readonly complete: boolean;
  /** What that takes for granted, as in an ExploreResult. */
  readonly assumptions: readonly string[];
}

/** Preemptions that are tried first, simplest schedules first. */
const FIRST_BOUND = 2;
const SLICES_BETWEEN_LOOKS = 8;
/** Steps before code is generated: searches within the usual budget are over before it pays. */
const GENERATE_AFTER = 200_000;

/**
 * Decides, and lets others in wherever it yields: every few milliseconds. `natural` is the result
 * on the natural schedule, which the caller has run and judged already: here it counts as found.
 * Whoever decides often gives a pool for all the machines.
 */
export function* deciding(
  image: Image,
  expectations: readonly ExpectationNode[],
  natural: Result,
  budget: Budget,
  pool = new MachinePool(),
): Generator<undefined, Verdict> {
  const judge = new Judge(image, expectations, natural, pool);
  const machine = searchMachine(image, false, { pool, generateAfter: GENERATE_AFTER });
  try {
    return yield* decidingOn(machine, judge, budget);
  } finally {
    machine.release();
    judge.release();
  }
}

/** Decides without letting anybody in between. */
export function decide(...question: Parameters<typeof deciding>): Verdict {
  const work = deciding(...question);
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}

function* decidingOn(
  machine: Machine,
  judge: Judge,
  budget: Budget,
): Generator<undefined, Verdict> {
  if (judge.isSettled()) return judge.verdict({ ...NOTHING, isDecided: true });
  const limits = { stateLimit: budget.states, secondsLimit: budget.seconds };
  const attempts: Partial<ExploreSettings>[] = [
    { strategy: 'exhaustive', ...limits },
    { strategy: 'bounded', bound: FIRST_BOUND, ...limits },
  ];
  let states = 0;
  let because = '';
  for (const attempt of attempts) {
    const search = fairly(machine, { ...DEFAULT_SETTINGS, ...attempt });
    let isMore = true;
    while (isMore && !judge.isSettled()) {
      // Shortest slices: how far a search got when it is settled does not depend on the clock.
      for (let i = 0; i < SLICES_BETWEEN_LOOKS && isMore; i++) {
        isMore = search.advance(0);
        yield;
      }
      judge.look(search.result().outcomes, search.settings.preemption);
    }
    const result = search.result();
    states = Math.max(states, result.states);
    // The natural schedule has been judged, but no other one is known to end.
    if (runsForEver(result)) {
      const why = `no execution came to an end; ${verdictText(result)}`;
      return judge.verdict({ ...NOTHING, states, because: why });
    }
    if (judge.isSettled() || result.complete) {
      const { complete, assumptions } = result;
      return judge.verdict({ ...NOTHING, states, isDecided: true, complete, assumptions });
    }
    because ||= result.incompleteBecause;
  }
  return judge.verdict({ ...NOTHING, states, because });
}

/** A search on the machine, made fair; on another one, where goroutines are to be preempted. */
function fairly(machine: Machine, asked: ExploreSettings): FairSearch {
  return new FairSearch(machine.image, asked, (settings) =>
    settings.preemption
      ? startSearch(machine.image, settings)
      : startSearch(machine.image, settings, machine),
  );
}

/** What was searched when a verdict is given. */
interface Covered {
  readonly states: number;
  /** More searching would not change the verdict, be all covered or not. */
  readonly isDecided: boolean;
  readonly complete: boolean;
  readonly assumptions: readonly string[];
  readonly because: string;
}

const NOTHING: Covered = {
  states: 0,
  isDecided: false,
  complete: false,
  assumptions: [],
  because: '',
};

class Judge {
  readonly #image: Image;
  readonly #pool: MachinePool;
  /** Follows the schedules that are judged. */
  #machine: Machine | null = null;
  /** Whether what is found may be a run that is given up for want of a preemption. */
  readonly #mayPreempt: boolean;
  readonly #expectations: readonly ExpectationNode[];
  /** Whether single schedules are judged at all: with nothing but `sometimes`, any may happen. */
  readonly #hasAlways: boolean;
  #missing: readonly ExpectationNode[];
  readonly #seen = new Set<string>();
  #against: Verdict['counterexample'] = null;

  constructor(
    image: Image,
    expectations: readonly ExpectationNode[],
    natural: Result,
    pool: MachinePool,
  ) {
    this.#image = image;
    this.#mayPreempt = mayPreempt(image);
    this.#pool = pool;
    this.#expectations = expectations;
    this.#hasAlways =
      expectations.length === 0 || expectations.some((one) => one.quantifier !== 'sometimes');
    this.#missing = judgeRuns(expectations, [natural]).missing;
  }

  /** Gives back what it has followed schedules with. */
  release(): void {
    this.#machine?.release();
    this.#machine = null;
  }

  /** More searching cannot change the verdict. */
  isSettled(): boolean {
    if (this.#against !== null) return true;
    return !this.#hasAlways && this.#missing.length === 0;
  }

  look(outcomes: readonly FoundOutcome[], preemption: boolean): void {
    if (this.#machine?.preemption !== preemption) this.release();
    for (const found of outcomes) {
      const key = outcomeKey(found);
      if (this.#seen.has(key)) continue;
      this.#seen.add(key);
      this.#machine ??= searchMachine(this.#image, preemption, { pool: this.#pool });
      const machine = this.#machine;
      machine.reset();
      for (const { thread, answer } of found.schedule) machine.step(thread, answer);
      const text = machine.output.map((one) => one.text).join('');
      const outcome = { kind: found.kind, message: found.message } as Outcome;
      const result = { outcome, text };
      this.#missing = judgeRuns(this.#missing, [result]).missing;
      const isOpen = !preemption && this.#mayPreempt && isLongStep(found);
      if (!isOpen && judgeRun(this.#expectations, result) === 'unexpected') {
        this.#against ??= { outcome, schedule: found.schedule, preemption };
      }
    }
  }

  verdict({ isDecided, because, ...base }: Covered): Verdict {
    const counterexample = this.#against;
    if (counterexample !== null) {
      return { verdict: 'failed', counterexample, because: '', ...base };
    }
    if (!isDecided) return { verdict: 'undecided', counterexample, because, ...base };
    const nowhere = onNoSchedule(base.assumptions);
    const missing = this.#missing.map((one) => `${wantedText(one)} ${nowhere}`).join(', ');
    const verdict = missing === '' ? 'passed' : 'failed';
    return { verdict, counterexample, because: missing, ...base };
  }
}
