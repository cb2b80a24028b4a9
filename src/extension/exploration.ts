/**
 * A search over the schedules of one scenario, in slices, with its results in words. No `vscode`
 * here: the command shows what this finds.
 */
import { startSearch } from '../explore/explore.ts';
import {
  DEFAULT_SETTINGS,
  type ExploreResult,
  type ExploreSettings,
  type FoundOutcome,
  type Search,
} from '../explore/types.ts';
import { measure } from '../explore/measure.ts';
import { printsText } from '../explore/prints.ts';
import { Simplification, WITNESS_BUDGET } from '../explore/simplify.ts';
import { formatDiagnostic } from '../language/diagnostics.ts';
import type { Image, Outcome } from '../language/image.ts';
import { Machine } from '../machine/machine.ts';
import { expectationsFor, isAsExpected, outcomeText } from '../run/expectations.ts';
import { load } from '../run/load.ts';
import { encodeSchedule } from '../run/schedule.ts';
import { countOf } from '../run/words.ts';

/** More is for the command line, which may take hours and gigabytes. */
const STATE_LIMIT = 200_000;
/** A reader waits for all outcomes: for each, a simpler schedule is looked for only so long. */
const SIMPLIFY_MILLISECONDS = 300;

const settings: ExploreSettings = { ...DEFAULT_SETTINGS, stateLimit: STATE_LIMIT };

/** One distinct way in which the scenario can end. */
export interface ExploredOutcome {
  /** `throw "OS thread locking must match"` */
  readonly name: string;
  readonly isExpected: boolean;
  /** `on 12 schedules; this one: 1 preemption, 3 decisions, 154 steps` */
  readonly counts: string;
  /** A schedule that leads there, as the launch attribute `trace` takes it. */
  readonly schedule: string;
}

/** A search that can be left and gone on with between two slices. */
export class Exploration {
  readonly #image: Image;
  readonly #search: Search;
  readonly #machine: Machine;
  #result: ExploreResult | null = null;
  #simplification: Simplification | null = null;

  constructor(image: Image) {
    this.#image = image;
    this.#search = startSearch(image, settings);
    this.#machine = new Machine(image, { preemption: settings.preemption });
  }

  /** `LostWakeUp on go1.25-pre` */
  get name(): string {
    return `${this.#image.scenario.name} (${this.#image.profile})`;
  }

  /** Searches, then simplifies schedules, for about so long; false: all is done. */
  advance(milliseconds: number): boolean {
    if (this.#simplification !== null) return this.#simplification.advance(milliseconds);
    if (this.#search.advance(milliseconds)) return true;
    this.#result = this.#search.result();
    const budget = { ...WITNESS_BUDGET, milliseconds: SIMPLIFY_MILLISECONDS };
    const { outcomes } = this.#result;
    this.#simplification = new Simplification(this.#image, settings, outcomes, budget);
    return true;
  }

  /** `12,345 states, 2 outcomes` */
  progress(): string {
    const { states, outcomes } = this.#search.progress();
    return `${countOf(states, 'state')}, ${countOf(outcomes, 'outcome')}`;
  }

  /** `complete: every schedule is covered (1,204 states)`, or why it is not. */
  summary(): string {
    const { complete, incompleteBecause, states } = this.#result ?? this.#search.result();
    const isCancelled = this.#result === null;
    if (complete && !isCancelled) {
      return `complete: every schedule is covered (${countOf(states, 'state')})`;
    }
    // The bounds are options of the command line, where there is room for larger ones.
    const why = incompleteBecause.replace(
      /\((--\w+) raises that\)/,
      '(coroscope explore $1 raises that)',
    );
    return `not complete: ${isCancelled ? 'cancelled' : why} (${countOf(states, 'state')})`;
  }

  /** What was found so far: what is not expected first. */
  outcomes(): ExploredOutcome[] {
    const { outcomes } = this.#result ?? this.#search.result();
    const found = outcomes.map((outcome) => {
      if (outcome.preemptions < 0) measure(this.#machine, outcome);
      return this.#describe(outcome);
    });
    return found.sort((one, other) => Number(one.isExpected) - Number(other.isExpected));
  }

  #describe(found: FoundOutcome): ExploredOutcome {
    const { kind, message, schedule } = found;
    const outcome = { kind, message } as Outcome;
    const { expectations } = this.#image.scenario;
    const costs = [
      countOf(found.preemptions, 'preemption'),
      ...(found.visibleSteps < 0 ? [] : [countOf(found.visibleSteps, 'visible step')]),
      countOf(schedule.length, 'step'),
    ];
    return {
      name: outcomeText(outcome) + printsText(found),
      isExpected: isAsExpected(expectationsFor(expectations, this.#image.profile), {
        outcome,
        text: this.#textOf(schedule),
      }),
      counts: `on ${countOf(found.count, 'schedule')}; this one: ${costs.join(', ')}`,
      schedule: encodeSchedule(schedule, settings.preemption),
    };
  }

  /** All that is printed on a schedule. */
  #textOf(schedule: FoundOutcome['schedule']): string {
    this.#machine.reset();
    for (const { thread, answer } of schedule) this.#machine.step(thread, answer);
    return this.#machine.output.map(({ text }) => text).join('');
  }
}

/** Starts the search for a scenario of a text, or tells in one line why it cannot be run. */
export function startExploration(
  path: string,
  text: string,
  scenario: string,
): Exploration | { readonly problem: string } {
  const { image, diagnostics, problem } = load({ path, text }, { scenario });
  if (image !== null) return new Exploration(image);
  const error = diagnostics.find(({ severity }) => severity === 'error');
  return { problem: error === undefined ? (problem ?? '') : formatDiagnostic(error) };
}
