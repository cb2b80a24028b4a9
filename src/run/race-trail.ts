/**
 * The detector of data races along a recorded history: it is told of what is recorded, once, and
 * goes back when a branch begins.
 */
import type { Machine } from '../machine/machine.ts';
import type { ImposedOutcome } from './history.ts';
import { firstRace, raceReport, raceText } from './race-report.ts';
import { RaceDetector } from './races.ts';

/** A moment, and where the detector was then. */
interface Mark {
  readonly instruction: number;
  readonly mark: number;
}

export class RaceTrail {
  readonly #machine: Machine;
  readonly #detector: RaceDetector;
  readonly #marks: Mark[];

  private constructor(machine: Machine, detector: RaceDetector, marks: Mark[]) {
    this.#machine = machine;
    this.#detector = detector;
    this.#marks = marks;
  }

  /** The machine stands at its first moment. */
  static start(machine: Machine): RaceTrail {
    const detector = new RaceDetector(machine);
    detector.reset();
    return new RaceTrail(machine, detector, []);
  }

  /** The thread begins a step that is about to be recorded. */
  before(thread: number): void {
    this.#detector.before(thread);
  }

  /**
   * A part of a step was recorded, that began at the moment `began`. Gives the end of the run, if a
   * race was found.
   */
  after(began: number): ImposedOutcome | null {
    this.#marks.push({ instruction: began, mark: this.#detector.mark() });
    const races = this.#detector.after();
    if (races.length === 0) return null;
    const race = firstRace(this.#machine, races);
    const message = raceText(this.#machine, race);
    return { kind: 'race', message, report: raceReport(this.#machine, race) };
  }

  /** For a branch that begins at a moment: what happened up to there. */
  branch(instruction: number): RaceTrail {
    const detector = this.#detector.copy();
    const count = this.#marks.findLastIndex((one) => one.instruction < instruction) + 1;
    const next = this.#marks[count];
    if (next !== undefined) detector.undo(next.mark);
    return new RaceTrail(this.#machine, detector, this.#marks.slice(0, count));
  }
}
