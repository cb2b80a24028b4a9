/**
 * What a debugger's buttons do, forwards and backwards, in terms of statements and goroutines.
 *
 * Each is begun and then run in slices, so that whoever drives it can answer a pause in between.
 */
import type { Outcome } from '../language/image.ts';
import type { BreakpointHit, Breakpoints } from './breakpoints.ts';
import type { Inspector } from './inspect.ts';
import type { Timeline } from './timeline.ts';

export type Movement =
  | 'continue'
  | 'step-over'
  | 'step-into'
  | 'step-out'
  | 'instruction'
  | 'reverse-continue'
  | 'step-back'
  | 'step-back-into'
  | 'step-back-out'
  | 'instruction-back';

export interface MovementRequest {
  readonly movement: Movement;
  /** The goroutine that the user looks at. */
  readonly goroutine: number;
  readonly justMyCode: boolean;
  /** Stop at outcomes other than `ok`: kinds for which the run rests before it is over. */
  readonly outcomeFilter?: (outcome: Outcome) => boolean;
}

export interface Stop {
  readonly reason: 'step' | 'breakpoint' | 'outcome' | 'start' | 'end' | 'pause';
  /** Goroutine to show; null when none runs. */
  readonly goroutine: number | null;
  readonly breakpoint: BreakpointHit | null;
  /** At the end of the run. */
  readonly outcome: Outcome | null;
}

export declare class Stepper {
  constructor(timeline: Timeline, inspector: Inspector, breakpoints: Breakpoints);
  /** Called with texts of log points as they are passed (forwards only). */
  onLog: (hit: BreakpointHit, goroutine: number | null) => void;
  /** To the first statement of the scenario (its `main.main`). */
  runToEntry(): Stop;
  begin(request: MovementRequest): RunningMovement;
}

export interface RunningMovement {
  /** Null: not there yet, call again. */
  run(maxInstructions: number): Stop | null;
  /** Gives up and rests at the next statement. */
  pause(): Stop;
}
