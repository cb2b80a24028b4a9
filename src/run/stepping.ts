/**
 * What a debugger's buttons do, forwards and backwards, in terms of statements and goroutines.
 *
 * Each is begun and then run in slices, so that whoever drives it can answer a pause in between.
 * Places to rest are beginnings of statements: a movement rests when a thread arrives before one.
 */
import { type Outcome, THREAD_PC, THREAD_WORDS, THREADS } from '../language/image.ts';
import { INSTRUCTION_WORDS } from '../language/instructions.ts';
import type { BreakpointHit, Breakpoints } from './breakpoints.ts';
import { type Origin, originOf, relationTo } from './depth.ts';
import { BARE_THREAD_IDS, type Inspector } from './inspect.ts';
import { BackwardMovement, type Place } from './movement-backward.ts';
import { ForwardMovement } from './movement-forward.ts';
import { SLICE_INSTRUCTIONS, type Work } from './slices.ts';
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
  /** Outcomes to rest at (reason `outcome`); at others the run is over (reason `end`). */
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

export interface RunningMovement {
  /** Null: not there yet, call again. */
  run(maxInstructions: number): Stop | null;
  /** Gives up and rests where a debugger can stop. */
  pause(): Stop;
}

/** A step into another goroutine: to go back over it is to return to where it began. */
interface Crossing {
  readonly from: number;
  readonly to: number;
  readonly branch: number;
}

export class Stepper {
  readonly timeline: Timeline;
  readonly inspector: Inspector;
  readonly breakpoints: Breakpoints;
  /** 1 where a statement begins: in the scenario's own code; anywhere. */
  readonly ownStatements: Uint8Array;
  readonly allStatements: Uint8Array;
  readonly #everything: Uint8Array;
  #entryMoment = -1;
  #crossing: Crossing | null = null;
  /** Called with texts of log points as they are passed (forwards only). */
  onLog: (hit: BreakpointHit, goroutine: number | null) => void = () => {};

  constructor(timeline: Timeline, inspector: Inspector, breakpoints: Breakpoints) {
    this.timeline = timeline;
    this.inspector = inspector;
    this.breakpoints = breakpoints;
    this.allStatements = timeline.image.statements;
    this.ownStatements = this.allStatements.slice();
    for (const { isModel, start, end } of timeline.image.functions) {
      if (!isModel) continue;
      this.ownStatements.fill(0, start / INSTRUCTION_WORDS, end / INSTRUCTION_WORDS);
    }
    this.#everything = new Uint8Array(this.allStatements.length).fill(1);
  }

  /** To the first statement of the scenario (its `main.main`). */
  toEntry(): RunningMovement {
    const { timeline } = this;
    const info = timeline.image.functions[timeline.image.scenario.function];
    const stops = new Uint8Array(this.allStatements.length);
    const first = this.allStatements.indexOf(1, info.start / INSTRUCTION_WORDS);
    if (first >= 0 && first < info.end / INSTRUCTION_WORDS) stops[first] = 1;
    else stops[info.start / INSTRUCTION_WORDS] = 1;
    return {
      run: (maxInstructions) => {
        const end = timeline.walk(stops, maxInstructions);
        if (end === 'instructions') return null;
        if (end === 'stop') this.#entryMoment = timeline.instruction;
        return this.stopHere(end === 'stop' ? 'start' : 'end');
      },
      pause: () => this.stopHere('pause'),
    };
  }

  /** Back from the moment `now` to where `toEntry` rests; from there to the very beginning,
   *  which is the runtime's, not my code. */
  *goToStart(now: number, justMyCode: boolean): Work<Stop> {
    const { timeline } = this;
    if (this.#entryMoment < 0) {
      timeline.seekInstruction(timeline.start);
      const movement = this.toEntry();
      while (timeline.instruction < now) {
        const left = now - timeline.instruction;
        if (movement.run(Math.min(left, SLICE_INSTRUCTIONS)) !== null) break;
        yield;
      }
    } else {
      timeline.seekInstruction(this.#entryMoment);
    }
    const isThere = timeline.instruction === now && justMyCode;
    if (!isThere && (timeline.instruction >= now || timeline.outcome !== null)) {
      timeline.seekInstruction(timeline.start);
    }
    return this.stopHere('start');
  }

  begin(request: MovementRequest): RunningMovement {
    const { movement } = request;
    const origin = originOf(this.inspector, request.goroutine);
    const statements = request.justMyCode ? this.ownStatements : this.allStatements;
    switch (movement) {
      case 'continue':
        return new ForwardMovement(this, request, null, () => false);
      case 'instruction':
        return new ForwardMovement(this, request, this.#everything, this.#sameThread(origin));
      case 'step-over':
      case 'step-into':
      case 'step-out': {
        const rests = this.#forwardRule(request, origin);
        return this.#noting(new ForwardMovement(this, request, statements, rests));
      }
      case 'reverse-continue':
        return new BackwardMovement(this, request, null, () => 'pass');
      case 'instruction-back':
        return new BackwardMovement(this, request, this.#everything, (thread) =>
          this.#sameThread(origin)(thread) ? 'rest' : 'pass',
        );
      case 'step-back':
      case 'step-back-into':
      case 'step-back-out':
        return this.#backAcross() ?? this.#stepBack(request, origin, statements);
    }
  }

  /** Whether the arrival of `thread` before a statement is where the step goes. */
  #forwardRule({ movement, justMyCode }: MovementRequest, origin: Origin) {
    return (thread: number): boolean => {
      const relation = relationTo(this.inspector, origin, thread);
      switch (relation) {
        case 'same':
          return movement !== 'step-out';
        case 'outer':
          return true;
        case 'inner':
          return movement === 'step-into';
        case 'gone':
          return thread === origin.thread || !this.#canMove(origin.thread);
        case 'elsewhere':
          if (movement !== 'step-into' || thread !== origin.thread) return false;
          return !justMyCode || this.#handedOver(origin.goroutine);
      }
    };
  }

  /** Back by one statement of the goroutine; from its first one, to where its thread came from. */
  #stepBack(request: MovementRequest, origin: Origin, statements: Uint8Array): BackwardMovement {
    const { movement } = request;
    const judge = (thread: number): Place => {
      const isOwnThread = origin.thread < 0 || thread === origin.thread;
      const relation = relationTo(this.inspector, origin, thread);
      switch (relation) {
        case 'outer':
          return 'rest';
        case 'same':
          return movement === 'step-back-out' ? 'pass' : 'rest';
        case 'inner':
          return movement === 'step-back-into' ? 'rest' : 'pass';
        case 'elsewhere':
        case 'gone':
          if (!isOwnThread) return 'pass';
          if (movement === 'step-back-into') return 'rest';
          return relation === 'gone' ? 'beyond' : 'doorway';
      }
    };
    return new BackwardMovement(this, request, statements, judge);
  }

  #sameThread(origin: Origin) {
    return (thread: number): boolean => origin.thread < 0 || thread === origin.thread;
  }

  #canMove(thread: number): boolean {
    return thread >= 0 && this.timeline.machine.isEnabled(thread);
  }

  /** Whether the goroutine waits for a coroutine switch back to it. */
  #handedOver(id: number): boolean {
    const { model, machine } = this.inspector;
    const g = this.inspector.gNumbered(id);
    if (model === null || g === 0) return true;
    return machine.readString(machine.memory[g + model.g.waitreason]) === 'coroutine';
  }

  /** Remembers a step that ended on another goroutine. */
  #noting(movement: RunningMovement): RunningMovement {
    const { timeline, inspector } = this;
    const from = timeline.instruction;
    const before = inspector.goidOf(timeline.thread);
    const note = (stop: Stop | null): Stop | null => {
      if (stop?.reason === 'step' && stop.goroutine !== before) {
        this.#crossing = { from, to: timeline.instruction, branch: timeline.branch };
      }
      return stop;
    };
    return { run: (max) => note(movement.run(max)), pause: () => movement.pause() };
  }

  /** The way back over the step that has just crossed to another goroutine; null if none has. */
  #backAcross(): RunningMovement | null {
    const crossing = this.#crossing;
    const { timeline } = this;
    this.#crossing = null;
    if (crossing === null || crossing.branch !== timeline.branch) return null;
    if (crossing.to !== timeline.instruction || timeline.outcome !== null) return null;
    const go = () => {
      timeline.seekInstruction(crossing.from);
      return this.stopHere('step');
    };
    return { run: go, pause: go };
  }

  /** A stop at the present. */
  stopHere(reason: Stop['reason'], breakpoint: BreakpointHit | null = null): Stop {
    const { outcome } = this.timeline;
    return { reason, goroutine: this.goroutineHere(), breakpoint, outcome };
  }

  /** Id of the goroutine that has moved last (or of the bare thread). */
  goroutineHere(): number {
    const { thread } = this.timeline;
    return this.inspector.goidOf(thread) || BARE_THREAD_IDS + thread;
  }

  /** The instruction that the thread stands before. */
  pcOf(thread: number): number {
    return this.timeline.machine.memory[THREADS + thread * THREAD_WORDS + THREAD_PC];
  }
}
