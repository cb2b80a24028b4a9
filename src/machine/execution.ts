/**
 * Executing steps and parts of steps, and changes from outside. The machine itself (machine.ts) is
 * this with a memory of what steps do.
 */
import type { Image, Outcome, OutcomeKind } from '../language/image.ts';
import {
  HEAP_TOP,
  MID_STEP,
  OUTCOME_KIND,
  OUTCOME_TEXT,
  OUTPUT_COUNT,
  THREAD_CONTEXT,
  THREAD_FP,
  THREAD_PC,
  THREAD_STATUS,
} from '../language/image.ts';
import { Ending, internal, RUN_ENDED, RUNNING } from './core.ts';
import { canGenerate, GeneratedCode } from './generated.ts';
import { makeMachineString } from './heap.ts';
import { AT_BOUNDARY, AT_LIMIT, AT_STOP, execute } from './interpreter.ts';
import { Questions } from './questions.ts';
import { endRun, entryOf, newThread, THREAD_LIVE } from './threads.ts';
import type { MachineOptions, Snapshot, Stop } from './types.ts';

/** Words above the heap that reset clears too: a condition may have been interrupted there. */
const SPARE_WORDS = 4096;
const MAX_MESSAGE_CHARACTERS = 2000;
/** Execution was ended by an error, which has become the outcome. */
export const FAILED = -1;

export class Execution extends Questions {
  #generated: GeneratedCode | null = null;
  #stepsUntilGenerating: number;

  constructor(image: Image, options: MachineOptions) {
    super(image, options);
    this.#stepsUntilGenerating = options.generateAfter ?? 4000;
  }

  /** State 0: thread 0 at its first visible operation. Empties the undo log. */
  reset(): void {
    this.clearMemory();
    this.hashLow = 0;
    this.hashHigh = 0;
    this.output.length = 0;
    this.raceEvents.length = 0;
    this.logTop = 0;
    this.instructionCount = 0;
    this.openSegment();
    this.write(HEAP_TOP, this.image.globalsEnd);
    this.thread = -1;
    this.context = 0;
    newThread(this, -this.image.entry - 1, 0);
    const end = this.run(0, 0, this.instructionLimit, null, true);
    if (end === AT_LIMIT) this.endAtLimit();
    this.endSegment(0);
    this.clearLog();
  }

  /** Gives the memory back to the pool that it was made with: the machine's last act. */
  release(): void {
    this.clearMemory();
    const { memory, stamp, epoch, log } = this;
    this.pool?.give({ memory, stamp, epoch, log });
  }

  /** One whole step, executed. */
  protected execute(thread: number, answer: number): Stop {
    const start = this.logTop;
    this.openSegment();
    let end = FAILED;
    try {
      this.load(thread, answer);
      const generated = this.#generated ?? this.#considerGenerating();
      end =
        generated === null
          ? execute(this, this.instructionLimit, null)
          : generated.execute(this.instructionLimit);
    } catch (error) {
      this.fail(error);
    }
    this.store(thread);
    if (end === AT_LIMIT) this.endAtLimit();
    this.endSegment(start);
    return end === AT_BOUNDARY ? 'boundary' : 'ended';
  }

  /** Part of a step: executes until the next boundary, or before an instruction (not the first one)
   *  whose stops[pc / 4] is not 0, or `maxInstructions`. The thread's pc and fp are exact after it.
   *  A thread in the middle of a step must be advanced to its boundary before another one moves. */
  advance(thread: number, answer: number, maxInstructions: number, stops: Uint8Array | null): Stop {
    const start = this.logTop;
    this.openSegment();
    const generated =
      stops === null && this.logging ? (this.#generated ?? this.#considerGenerating()) : null;
    const end =
      generated === null
        ? this.run(thread, answer, maxInstructions, stops, false)
        : this.runGenerated(generated, thread, answer, maxInstructions);
    const isMiddle = end === AT_STOP || end === AT_LIMIT;
    this.write(MID_STEP, isMiddle ? thread + 1 : 0);
    this.endSegment(start);
    this.changed();
    if (end === AT_BOUNDARY) return 'boundary';
    if (isMiddle) return end === AT_STOP ? 'stop' : 'instructions';
    return 'ended';
  }

  /** The thread that `advance` has left in the middle of a step, or -1. */
  isMidStep(): number {
    return this.memory[MID_STEP] - 1;
  }

  /** Ends the run from outside, as one step that can be undone; `report` is printed to standard
   *  error. */
  end(outcome: Outcome, report = ''): void {
    const start = this.logTop;
    this.openSegment();
    this.halt = RUN_ENDED;
    if (report !== '') {
      const { pc, thread, context } = this;
      this.output.push({ stream: 2, text: report, pc, thread: Math.max(0, thread), context });
      this.write(OUTPUT_COUNT, this.output.length);
    }
    this.writeOutcome(outcome.kind, outcome.message);
    this.endSegment(start);
    this.changed();
  }

  snapshot(): Snapshot {
    const words = this.memory.slice(0, this.memory[HEAP_TOP]);
    return { words, hashLow: this.hashLow, hashHigh: this.hashHigh };
  }

  /** Goes to a state of this image's; the undo log becomes empty. The output is cut to what the
   *  state has printed, never regained: the caller sets `output` when it goes forwards. */
  restore(snapshot: Snapshot): void {
    const { memory } = this;
    const end = memory[HEAP_TOP];
    memory.set(snapshot.words);
    memory.fill(0, snapshot.words.length, Math.max(end, snapshot.words.length));
    this.hashLow = snapshot.hashLow;
    this.hashHigh = snapshot.hashHigh;
    this.clearLog();
    this.output.length = Math.min(this.output.length, memory[OUTPUT_COUNT]);
  }

  /** Changes words from outside (a debugger's set variable), as one undoable step. */
  poke(address: number, values: readonly number[]): void {
    const start = this.logTop;
    this.openSegment();
    this.halt = RUN_ENDED;
    for (const [index, value] of values.entries()) this.write(address + index, value | 0);
    this.endSegment(start);
    this.changed();
  }

  /** The value of a new string, for `poke`; it is one undoable step. */
  makeString(text: string): number {
    const start = this.logTop;
    this.openSegment();
    this.halt = RUN_ENDED;
    const value = makeMachineString(this, text);
    this.endSegment(start);
    this.changed();
    return value;
  }

  /** The state has changed otherwise than by a whole step. */
  protected changed(): void {
    // Who knows more of the state overrides this.
  }

  // ---------------------------------------------------------------------------- inside

  private clearMemory(): void {
    const { memory } = this;
    memory.fill(0, 0, Math.max(memory[HEAP_TOP], this.image.globalsEnd) + SPARE_WORDS);
  }

  protected openSegment(): void {
    this.beginSegment();
    this.halt = RUNNING;
    this.isolated = false;
  }

  /** Takes the thread's registers from memory. */
  protected load(thread: number, answer: number): void {
    const { memory } = this;
    const own = entryOf(thread);
    this.thread = -1;
    if (memory[own + THREAD_STATUS] !== THREAD_LIVE || memory[OUTCOME_KIND] !== 0) {
      throw internal(`thread ${thread} was stepped, but cannot move`);
    }
    this.thread = thread;
    this.answer = answer;
    this.pc = memory[own + THREAD_PC];
    this.fp = memory[own + THREAD_FP];
    this.context = memory[own + THREAD_CONTEXT];
  }

  /** Leaves the registers of a thread that still lives in memory. */
  protected store(thread: number): void {
    const own = entryOf(thread);
    if (this.thread !== thread || this.memory[own + THREAD_STATUS] !== THREAD_LIVE) return;
    this.write(own + THREAD_PC, this.pc);
    this.write(own + THREAD_FP, this.fp);
  }

  /** Executes a part of a step; everything that goes wrong becomes an outcome. */
  private run(
    thread: number,
    answer: number,
    limit: number,
    stops: Uint8Array | null,
    before: boolean,
  ): number {
    let end = FAILED;
    try {
      this.load(thread, answer);
      end = execute(this, limit, stops, before);
    } catch (error) {
      this.fail(error);
    }
    this.store(thread);
    return end;
  }

  /** As `run`, where nothing is looked for on the way. */
  private runGenerated(
    generated: GeneratedCode,
    thread: number,
    answer: number,
    limit: number,
  ): number {
    let end = FAILED;
    try {
      this.load(thread, answer);
      end = generated.execute(limit);
    } catch (error) {
      this.fail(error);
    }
    this.store(thread);
    return end;
  }

  protected fail(error: unknown): void {
    if (error instanceof Ending) {
      this.writeOutcome(error.kind, error.message);
      return;
    }
    const text = error instanceof Error ? error.message : String(error);
    this.writeOutcome('internal', `internal error: ${text}, please report`);
  }

  /** Generated code pays when a machine executes many steps. */
  #considerGenerating(): GeneratedCode | null {
    if (this.#stepsUntilGenerating-- > 0) return null;
    if (this.checking || !this.logging || !canGenerate()) {
      this.#stepsUntilGenerating = Infinity;
      return null;
    }
    this.#generated = new GeneratedCode(this);
    return this.#generated;
  }

  protected endAtLimit(): void {
    this.writeOutcome(
      'limit',
      `instructions: one step took more than ${this.instructionLimit}. Usually a loop without any ` +
        'operation that another thread could see runs for ever; if it is meant to be that long, ' +
        'set stepInstructions on its runtime line',
    );
  }

  private writeOutcome(kind: OutcomeKind, message: string): void {
    endRun(this, kind, 0);
    this.write(OUTCOME_TEXT, this.machineString(message));
    this.halt = RUN_ENDED;
  }

  /** As makeMachineString, but at the end of memory there is the reserve. */
  private machineString(text: string): number {
    return makeMachineString(this, text.slice(0, MAX_MESSAGE_CHARACTERS));
  }
}
