/**
 * The machine: runs an image one step at a time, forwards and backwards. All its state is `memory`
 * (laid out as src/language/image.ts says); whoever has the memory has everything.
 */
import type { Image } from '../language/image.ts';
import { NONE } from './effect-pool.ts';
import { Effects, LEARN } from './effects.ts';
import { Execution, FAILED } from './execution.ts';
import { AT_BOUNDARY, AT_LIMIT } from './interpreter.ts';
import { Invariants } from './invariants.ts';
import { PendingEffects } from './pending-effects.ts';
import { executeRecorded, Recorder } from './recorder.ts';
import type { MachineOptions, Stop } from './types.ts';

export { MACHINE_OPTIONS, RACE_EVENT_NUMBERS } from './core.ts';
export { MachinePool } from './pool.ts';
export { scenarioPc } from './traceback.ts';
export type {
  MachineOptions,
  OutputEntry,
  PendingOperation,
  Snapshot,
  Stop,
} from './types.ts';

export class Machine extends Execution {
  #effects: Effects | null = null;
  #pending: PendingEffects | null = null;
  #invariants: Invariants | null = null;

  constructor(image: Image, options: MachineOptions = {}) {
    super(image, options);
    this.reset();
  }

  /** One whole step of a thread that is enabled: `boundary`, or `ended` when the thread or the run
   *  has ended. */
  step(thread: number, answer = 0): Stop {
    const effects = this.#effects;
    const pending = this.#pending;
    if (effects === null || pending === null) return this.execute(thread, answer);
    const known = answer === 0 ? pending.stepOf(thread) : NONE;
    const effect = known === NONE ? effects.find(thread, answer) : known;
    if (effect > 0) {
      const end = effects.apply(effect);
      pending.follow(effect, thread);
      return end === AT_BOUNDARY ? 'boundary' : 'ended';
    }
    if (effect === LEARN) return this.#learn(effects, pending, thread, answer);
    const stop = this.execute(thread, answer);
    pending.forget();
    return stop;
  }

  /** From now on, steps are remembered: for searches, which make the same ones again and again. */
  rememberEffects(): void {
    if (!this.logging || this.checking) return;
    if (this.#effects !== null) return;
    this.#effects = new Effects(this, new Recorder(this.memory));
    this.#pending = new PendingEffects(this, this.#effects);
  }

  /** A number for what the thread's step does in this state, if that is remembered, or 0. Valid until
   *  effectsGeneration changes. */
  effectOf(thread: number, answer: number): number {
    const pending = answer === 0 ? (this.#pending?.stepOf(thread) ?? NONE) : NONE;
    if (pending !== NONE || this.#effects === null) return pending;
    return Math.max(NONE, this.#effects.find(thread, answer));
  }

  effectsGeneration(): number {
    return this.#effects?.generation ?? 0;
  }

  /**
   * All moves that can be made now, packed `answer << 8 | thread`, in `moves`; how many, even if
   * not all fit. Where it is remembered what a move does, and neither thread nor run end with it,
   * `lows` and `highs` have the lanes of the hash behind it; else both are 0.
   */
  moves(moves: Int32Array, lows: Int32Array, highs: Int32Array): number {
    if (this.#pending !== null) return this.#pending.moves(moves, lows, highs);
    let count = 0;
    const threads = this.threadCount();
    for (let thread = 0; thread < threads; thread++) {
      if (!this.isEnabled(thread)) continue;
      const answers = this.choiceCount(thread);
      for (let answer = 0; answer < answers; answer++, count++) {
        moves[count] = (answer << 8) | thread;
        lows[count] = 0;
        highs[count] = 0;
      }
    }
    return count;
  }

  /** As step, and what it does is learned. */
  #learn(effects: Effects, pending: PendingEffects, thread: number, answer: number): Stop {
    const start = this.logTop;
    const printed = this.output.length;
    const { instructionCount } = this;
    this.openSegment();
    let end = FAILED;
    try {
      this.load(thread, answer);
      this.recorder = effects.begin();
      end = executeRecorded(this, this.recorder, this.instructionLimit);
    } catch (error) {
      this.forgetEffect();
      this.fail(error);
    }
    this.store(thread);
    if (end === AT_LIMIT) {
      this.forgetEffect();
      this.endAtLimit();
    }
    this.recorder = null;
    this.endSegment(start);
    const executed = this.instructionCount - instructionCount;
    const effect = effects.keep(thread, answer, start, printed, end, executed);
    if (effect === NONE) pending.forget();
    else pending.follow(effect, thread);
    return end === AT_BOUNDARY ? 'boundary' : 'ended';
  }

  override undo(mark: number): void {
    super.undo(mark);
    this.#pending?.undoTo(this.logTop);
  }

  override clearLog(): void {
    super.clearLog();
    this.#pending?.clear();
  }

  override dropLogBefore(mark: number): void {
    super.dropLogBefore(mark);
    this.#pending?.clear();
  }

  override enabledThreads(into: Int32Array): number {
    return this.#pending?.enabledThreads(into) ?? super.enabledThreads(into);
  }

  override choiceCount(thread: number): number {
    return this.#pending?.choiceCount(thread) ?? super.choiceCount(thread);
  }

  /** Words that the undo log holds (4 bytes each). */
  logWords(): number {
    return this.logTop + (this.#pending?.logWords() ?? 0);
  }

  /** Name of an invariant that does not hold, or null. `since`: a mark where all of them held; only
   *  steps have been made from there. */
  brokenInvariant(since?: number): string | null {
    if (this.#effects === null) return this.checkConditions('invariant');
    this.#invariants ??= new Invariants(this, this.#effects.recorder);
    if (since === undefined) return this.#invariants.broken();
    return this.#invariants.brokenSince(since - this.logBase);
  }

  protected override changed(): void {
    this.#pending?.forget();
  }
}
