/**
 * What "every schedule" means for a program: what a search takes for granted, and the one place
 * that puts it in words. Only what matters is said: without timers nothing of time, with no more
 * goroutines than processors nothing of processors.
 */
import { usesClock } from '../language/clock.ts';
import type { Image } from '../language/image.ts';
import {
  INSTRUCTION_WORDS,
  OP_SYS,
  SYS_APPEND,
  SYS_BYTES_STRING,
  SYS_COPY,
  SYS_COPY_STRING,
  SYS_MOVE,
  SYS_RUNES_STRING,
} from '../language/instructions.ts';
import type { Machine } from '../machine/machine.ts';
import { type GoModel, goModelOf } from '../run/model.ts';
import type { ExploreResult, ExploreSettings } from './types.ts';

/** The elements of `assumptions` in a result: `2 processors` and these. */
const NO_PREEMPTION = 'no preemption';
const SOME_PREEMPTION = 'preemption at loops and calls only';
const IDLE_CLOCK = 'time passes only when nothing else can run';
const SLICED_CLOCK = 'time passes only when nothing else can run, or 10 ms with a preemption';
const WHOLE_SLICES = 'what append, copy, clear and conversions of slices touch is not interleaved';
/** System calls that read or write the elements of slices. */
const SLICE_CALLS = [
  SYS_APPEND,
  SYS_BYTES_STRING,
  SYS_COPY,
  SYS_COPY_STRING,
  SYS_MOVE,
  SYS_RUNES_STRING,
];

/** How many goroutines a search meets at once. */
export class GoroutineCount {
  readonly #machine: Machine;
  readonly #model: GoModel | null;
  readonly #processors: number;
  #most = 0;

  constructor(machine: Machine) {
    this.#machine = machine;
    this.#model = goModelOf(machine.image);
    this.#processors = processorsOf(machine.image);
  }

  /** More than there are processors, dead ones that were not taken again among them. */
  get areMoreThanProcessors(): boolean {
    return this.#most > this.#processors;
  }

  /** More than one; of bare threads that is not counted. */
  get areSeveral(): boolean {
    return this.#model === null || this.#most > 1;
  }

  /** The machine is in a state of the search. */
  look(): void {
    const model = this.#model;
    if (model === null || this.areMoreThanProcessors) return;
    const { memory } = this.#machine;
    let count = 0;
    for (let g = memory[model.allgs]; g > 0; g = memory[g + model.g.alllink]) {
      if (model.g.isSystem < 0 || memory[g + model.g.isSystem] === 0) count++;
    }
    this.#most = Math.max(this.#most, count);
  }
}

/** What a search of the image takes for granted, as `assumptions` of its result. */
export function assumptionsOf(
  image: Image,
  { preemption }: Pick<ExploreSettings, 'preemption'>,
  goroutines: GoroutineCount,
): string[] {
  const areScarce = goroutines.areMoreThanProcessors;
  return [
    ...(areScarce ? [processorsText(processorsOf(image))] : []),
    ...(areScarce ? [preemption ? SOME_PREEMPTION : NO_PREEMPTION] : []),
    ...(usesClock(image) ? [preemption ? SLICED_CLOCK : IDLE_CLOCK] : []),
    ...(goroutines.areSeveral && touchesSlices(image) ? [WHOLE_SLICES] : []),
  ];
}

/** Whether the scenario's own code touches whole slices: what that reads and writes is no visible
 *  operation, so no order of it and what other goroutines do is tried. */
function touchesSlices({ code, functions }: Image): boolean {
  return functions.some(({ isModel, start, end }) => {
    if (isModel) return false;
    for (let pc = start; pc < end; pc += INSTRUCTION_WORDS) {
      if (code[pc] === OP_SYS && SLICE_CALLS.includes(code[pc + 1])) return true;
    }
    return false;
  });
}

/** Processors of a Go profile; of others there is no bound. */
function processorsOf(image: Image): number {
  return image.options.gomaxprocs ?? Number.POSITIVE_INFINITY;
}

function processorsText(count: number): string {
  return count === 1 ? '1 processor' : `${count} processors`;
}

/** `every schedule on 2 processors without preemption`, and what else is taken for given behind it. */
export function scopeOf(assumptions: readonly string[]): { which: string; given: string } {
  const processors = assumptions.find((one) => /^\d+ processors?$/.test(one));
  const words = [
    ...(processors === undefined ? [] : [` on ${processors}`]),
    ...(assumptions.includes(NO_PREEMPTION) ? [' without preemption'] : []),
    ...(assumptions.includes(SOME_PREEMPTION) ? [' with preemption at loops and calls only'] : []),
  ];
  const clock = assumptions.find((one) => one === IDLE_CLOCK || one === SLICED_CLOCK);
  const time = clock === undefined ? '' : `; ${clock.replace('passes', 'was taken to pass')}`;
  const slices = assumptions.includes(WHOLE_SLICES)
    ? `; ${WHOLE_SLICES.replace(' is ', ' was ')}`
    : '';
  return { which: words.join(''), given: time + slices };
}

/** `every schedule on 2 processors without preemption is covered; time was …`. */
export function coveredText(assumptions: readonly string[], part = ''): string {
  const { which, given } = scopeOf(assumptions);
  return `every schedule${part}${which} is covered${given}`;
}

/** `on no schedule`, of those that the assumptions leave. */
export function onNoSchedule(assumptions: readonly string[]): string {
  const { which, given } = scopeOf(assumptions);
  return `on no schedule${which}${given}`;
}

/** Whether every schedule was covered, and none of them ends: all loops were closed. */
export function runsForEver({ complete, executions, outcomes }: ExploreResult): boolean {
  return complete && executions === 0 && outcomes.length === 0;
}

/** What a search has covered, in a line: `complete: …` or `not complete: …`. `because` may say
 *  otherwise why it is not. */
export function verdictText(
  result: ExploreResult,
  part = '',
  because = result.incompleteBecause,
): string {
  const { complete, assumptions } = result;
  if (!complete) {
    return `not complete: ${because || 'stopped at the first schedule that gets there'}`;
  }
  const covered = coveredText(assumptions, part);
  if (!runsForEver(result)) return `complete: ${covered}`;
  const { which, given } = scopeOf(assumptions);
  return `complete: every schedule${part}${which} runs for ever${given}`;
}
