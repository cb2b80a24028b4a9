/**
 * A search over the schedules of one scenario by a team, with its results in words. No `vscode`
 * here: the command shows what this finds.
 */
import {
  DEFAULT_SETTINGS,
  type ExploreResult,
  type ExploreSettings,
  type FoundOutcome,
} from '../explore/types.ts';
import { onNoSchedule, verdictText } from '../explore/coverage.ts';
import { FairSearch } from '../explore/fair.ts';
import { measure } from '../explore/measure.ts';
import { printsText } from '../explore/prints.ts';
import { formatDiagnostic } from '../language/diagnostics.ts';
import type { Image, Outcome } from '../language/image.ts';
import { Machine } from '../machine/machine.ts';
import {
  expectationsFor,
  isAsExpected,
  judgeRuns,
  outcomeText,
  type Result,
  wantedText,
} from '../run/expectations.ts';
import { load } from '../run/load.ts';
import { encodeSchedule } from '../run/schedule.ts';
import { countOf } from '../run/words.ts';
import type { SearchTeam } from './search-team.ts';

/** More is for the command line, which may take hours and gigabytes. */
const STATE_LIMIT = 200_000;
/** Of the host's own search, between two turns of others. */
const SLICE_MILLISECONDS = 40;

const asked: ExploreSettings = { ...DEFAULT_SETTINGS, stateLimit: STATE_LIMIT };

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

/** Who looks on while a search is under way. */
export interface Onlooker {
  readonly tell: (progress: string) => void;
  readonly isCancelled: () => boolean;
  /** Comes when it is cancelled. */
  readonly cancelled: Promise<unknown>;
}

/** A search, and then the simplest schedules for what it has found. */
export class Exploration {
  readonly #image: Image;
  #machine: Machine;
  /** Of the schedules that were found. */
  #settings = asked;
  #workers = 0;
  #result: ExploreResult | null = null;
  /** Outcomes of the result whose schedule is the simplest that was found in time. */
  readonly #simplified = new Set<FoundOutcome>();

  constructor(image: Image) {
    this.#image = image;
    this.#machine = new Machine(image, { preemption: asked.preemption });
  }

  /** `LostWakeUp (go1.25-pre)` */
  get name(): string {
    return `${this.#image.scenario.name} (${this.#image.profile})`;
  }

  /** Lets the team search and simplify, until all is done or it is cancelled; the team ends. */
  async run(team: SearchTeam, onlooker: Onlooker): Promise<void> {
    this.#workers = team.workers;
    try {
      const result = await this.#search(team, onlooker);
      this.#result = result;
      await Promise.race([this.#simplifyAll(team, result, onlooker), onlooker.cancelled]);
    } finally {
      team.end();
    }
  }

  async #search(team: SearchTeam, { tell, isCancelled }: Onlooker): Promise<ExploreResult> {
    const image = this.#image;
    const search = new FairSearch(image, asked, (settings) => team.start({ image, settings }));
    let isStopped = false;
    while (search.advance(SLICE_MILLISECONDS)) {
      if (!isStopped && isCancelled()) {
        isStopped = true;
        search.stop('cancelled');
      }
      const { states, outcomes } = search.progress();
      tell(`${countOf(states, 'state')}, ${countOf(outcomes, 'outcome')}`);
      await team.rest();
    }
    this.#settings = search.settings;
    this.#machine = new Machine(image, { preemption: this.#settings.preemption });
    return search.result();
  }

  /** As many at once as there are workers. */
  async #simplifyAll(
    team: SearchTeam,
    { outcomes }: ExploreResult,
    { tell, isCancelled }: Onlooker,
  ): Promise<void> {
    let next = 0;
    const takeOn = async () => {
      while (next < outcomes.length && !isCancelled()) {
        const index = next++;
        const outcome = await team.simplify(outcomes[index]);
        outcomes[index] = outcome;
        this.#simplified.add(outcome);
        tell(`simplest schedules: ${this.#simplified.size} of ${outcomes.length}`);
      }
    };
    await Promise.all(Array.from({ length: Math.max(1, team.workers) }, takeOn));
  }

  /** `complete: every schedule is covered (1,204 states, 2 workers)`, or why it is not. */
  summary(): string {
    if (this.#result === null) return 'not complete: nothing was searched';
    const { incompleteBecause, states } = this.#result;
    const workers = this.#workers === 0 ? '' : `, ${countOf(this.#workers, 'worker')}`;
    const size = `(${countOf(states, 'state')}${workers})`;
    // The bounds are options of the command line, where there is room for larger ones.
    const why = incompleteBecause.replace(
      /\((--\w+) raises that\)/,
      '(coroscope explore $1 raises that)',
    );
    const head = this.#result.outcomes.length === 0 ? 'no execution came to an end; ' : '';
    return `${head}${verdictText(this.#result, '', why)} ${size}${this.#missing()}`;
  }

  /** What is expected to happen sometimes, and was not found. */
  #missing(): string {
    const results = (this.#result?.outcomes ?? []).map((found) => this.#resultOf(found));
    const { missing } = judgeRuns(this.#expectations(), results);
    if (missing.length === 0) return '';
    const { complete, assumptions } = this.#result ?? { complete: false, assumptions: [] };
    const where = complete ? onNoSchedule(assumptions) : 'not found';
    return `; ${missing.map((one) => `${wantedText(one)} ${where}`).join(', ')}`;
  }

  #expectations() {
    return expectationsFor(this.#image.scenario.expectations, this.#image.profile);
  }

  #resultOf({ kind, message, schedule }: FoundOutcome): Result {
    return { outcome: { kind, message } as Outcome, text: this.#textOf(schedule) };
  }

  /** What was found so far: what is not expected first. */
  outcomes(): ExploredOutcome[] {
    const found = (this.#result?.outcomes ?? []).map((outcome) => {
      if (!this.#simplified.has(outcome)) measure(this.#machine, outcome);
      return this.#describe(outcome);
    });
    return found.sort((one, other) => Number(one.isExpected) - Number(other.isExpected));
  }

  #describe(found: FoundOutcome): ExploredOutcome {
    const { schedule } = found;
    const result = this.#resultOf(found);
    const costs = [
      countOf(found.preemptions, 'preemption'),
      ...(found.visibleSteps < 0 ? [] : [countOf(found.visibleSteps, 'visible step')]),
      countOf(schedule.length, 'step'),
    ];
    return {
      name: outcomeText(result.outcome) + printsText(found),
      isExpected: isAsExpected(this.#expectations(), result),
      counts: `on ${countOf(found.count, 'schedule')}; this one: ${costs.join(', ')}`,
      schedule: encodeSchedule(schedule, this.#settings.preemption),
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
