/** A movement towards the future: walks from stop to stop until one is where it goes. */
import { INSTRUCTION_WORDS } from '../language/instructions.ts';
import type { MovementRequest, RunningMovement, Stepper, Stop } from './stepping.ts';

/** A pause looks this far for a statement to rest at. */
const PAUSE_INSTRUCTIONS = 100_000;

export class ForwardMovement implements RunningMovement {
  readonly #stepper: Stepper;
  readonly #request: MovementRequest;
  /** Where a step may rest; null for a continue. */
  readonly #statements: Uint8Array | null;
  readonly #rests: (thread: number) => boolean;
  readonly #stops: Uint8Array;

  constructor(
    stepper: Stepper,
    request: MovementRequest,
    statements: Uint8Array | null,
    rests: (thread: number) => boolean,
  ) {
    this.#stepper = stepper;
    this.#request = request;
    this.#statements = statements;
    this.#rests = rests;
    this.#stops = union(stepper.breakpoints.stops, statements);
  }

  run(maxInstructions: number): Stop | null {
    const { timeline } = this.#stepper;
    const limit = timeline.instruction + maxInstructions;
    while (timeline.instruction < limit) {
      const end = timeline.walk(this.#stops, limit - timeline.instruction);
      if (end === 'ended') return this.#ended();
      if (end === 'instructions') return null;
      const stop = this.#examine();
      if (stop !== null) return stop;
    }
    return null;
  }

  pause(): Stop {
    const { timeline } = this.#stepper;
    const { ownStatements, allStatements } = this.#stepper;
    const statements = this.#request.justMyCode ? ownStatements : allStatements;
    const end = timeline.walk(statements, PAUSE_INSTRUCTIONS);
    return end === 'ended' ? this.#ended() : this.#stepper.stopHere('pause');
  }

  /** A thread has arrived before an instruction of the table. */
  #examine(): Stop | null {
    const stepper = this.#stepper;
    const { thread } = stepper.timeline;
    const pc = stepper.pcOf(thread);
    const index = pc / INSTRUCTION_WORDS;
    if (stepper.breakpoints.stops[index] !== 0) {
      const hit = stepper.breakpoints.hit(stepper.inspector, thread, pc);
      if (hit !== null && hit.logs.length > 0) stepper.onLog(hit, stepper.goroutineHere());
      if (hit !== null && hit.ids.length > 0) return stepper.stopHere('breakpoint', hit);
    }
    const isPlace = this.#statements !== null && this.#statements[index] !== 0;
    return isPlace && this.#rests(thread) ? stepper.stopHere('step') : null;
  }

  #ended(): Stop {
    const { outcome } = this.#stepper.timeline;
    const isWanted = outcome !== null && this.#request.outcomeFilter?.(outcome) === true;
    return this.#stepper.stopHere(isWanted ? 'outcome' : 'end');
  }
}

function union(a: Uint8Array, b: Uint8Array | null): Uint8Array {
  if (b === null) return a;
  const both = a.slice();
  for (let i = 0; i < both.length; i++) both[i] |= b[i];
  return both;
}
