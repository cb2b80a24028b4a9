/**
 * Whether a scenario's expectations hold over its schedules, within a budget. `always` must hold on
 * every schedule, `sometimes` on one at least; what the budget does not reach is said to be
 * undecided.
 */
import type { ExpectationNode } from '../language/ast.ts';
import type { Image, Outcome } from '../language/image.ts';
import { type Machine, MachinePool } from '../machine/machine.ts';
import type { Choice } from '../run/policy.ts';
import { expectationText, isAsExpected, isMet, type Result } from '../run/expectations.ts';
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
  } | null;
  /** For people: why it is undecided, or what was never found; else empty. */
  readonly because: string;
  readonly states: number;
  /** Every schedule was covered. */
  readonly complete: boolean;
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
  if (judge.isSettled()) return judge.verdict(0, true, '');
  const limits = { stateLimit: budget.states, secondsLimit: budget.seconds };
  const attempts: Partial<ExploreSettings>[] = [
    { strategy: 'exhaustive', ...limits },
    { strategy: 'bounded', bound: FIRST_BOUND, ...limits },
  ];
  let states = 0;
  let because = '';
  for (const attempt of attempts) {
    const search = startSearch(machine.image, { ...DEFAULT_SETTINGS, ...attempt }, machine);
    let isMore = true;
    while (isMore && !judge.isSettled()) {
      // Shortest slices: how far a search got when it is settled does not depend on the clock.
      for (let i = 0; i < SLICES_BETWEEN_LOOKS && isMore; i++) {
        isMore = search.advance(0);
        yield;
      }
      judge.look(search.result().outcomes);
    }
    const result = search.result();
    states = Math.max(states, result.states);
    if (judge.isSettled() || result.complete) {
      return judge.verdict(states, result.complete || judge.isSettled(), '');
    }
    because ||= result.incompleteBecause;
  }
  return judge.verdict(states, false, because);
}

/** `ok prints "1 2"`, without the quantifier. */
function wantedText(one: ExpectationNode): string {
  return expectationText([{ ...one, quantifier: 'always' }]);
}

class Judge {
  readonly #image: Image;
  readonly #pool: MachinePool;
  /** Follows the schedules that are judged. */
  #machine: Machine | null = null;
  readonly #expectations: readonly ExpectationNode[];
  /** Whether single schedules are judged at all: with nothing but `sometimes`, any may happen. */
  readonly #hasAlways: boolean;
  readonly #missing: Set<ExpectationNode>;
  readonly #seen = new Set<string>();
  #against: Verdict['counterexample'] = null;

  constructor(
    image: Image,
    expectations: readonly ExpectationNode[],
    natural: Result,
    pool: MachinePool,
  ) {
    this.#image = image;
    this.#pool = pool;
    this.#expectations = expectations;
    const sometimes = expectations.filter((one) => one.quantifier === 'sometimes');
    this.#hasAlways = sometimes.length === 0 || sometimes.length < expectations.length;
    this.#missing = new Set(sometimes.filter((one) => !isMet(one, natural)));
  }

  /** Gives back what it has followed schedules with. */
  release(): void {
    this.#machine?.release();
    this.#machine = null;
  }

  /** More searching cannot change the verdict. */
  isSettled(): boolean {
    if (this.#against !== null) return true;
    return !this.#hasAlways && this.#missing.size === 0;
  }

  look(outcomes: readonly FoundOutcome[]): void {
    for (const found of outcomes) {
      const key = outcomeKey(found);
      if (this.#seen.has(key)) continue;
      this.#seen.add(key);
      this.#machine ??= searchMachine(this.#image, false, { pool: this.#pool });
      const machine = this.#machine;
      machine.reset();
      for (const { thread, answer } of found.schedule) machine.step(thread, answer);
      const text = machine.output.map((one) => one.text).join('');
      const outcome = { kind: found.kind, message: found.message } as Outcome;
      const result = { outcome, text };
      for (const one of this.#missing) if (isMet(one, result)) this.#missing.delete(one);
      if (this.#hasAlways && !isAsExpected(this.#expectations, result)) {
        this.#against ??= { outcome, schedule: found.schedule };
      }
    }
  }

  verdict(states: number, complete: boolean, because: string): Verdict {
    const counterexample = this.#against;
    if (counterexample !== null) {
      return { verdict: 'failed', counterexample, because: '', states, complete };
    }
    if (!complete) return { verdict: 'undecided', counterexample, because, states, complete };
    const missing = [...this.#missing].map((one) => `${wantedText(one)} on no schedule`).join(', ');
    const verdict = missing === '' ? 'passed' : 'failed';
    return { verdict, counterexample, because: missing, states, complete };
  }
}
