/**
 * The detector of data races along a recorded history: it is told of what is recorded, once, and
 * goes back when a branch begins.
 */
import { Machine } from '../machine/machine.ts';
import type { ImposedOutcome } from './history.ts';
import type { Policy } from './policy.ts';
import { firstRace, raceReport, raceText } from './race-report.ts';
import { type Race, RaceDetector } from './races.ts';
import { obstacleTo, ReplayPolicy } from './replay.ts';
import type { Schedule } from './schedule.ts';

/** A moment, and where the detector was then. */
interface Mark {
  readonly instruction: number;
  readonly mark: number;
}

export class RaceTrail {
  readonly #machine: Machine;
  readonly #detector: RaceDetector;
  readonly #marks: Mark[];
  /** Steps that may still race without ending the run, and the races that they have shown. */
  #stepsToPass: number;
  readonly #passed = new Set<string>();

  private constructor(machine: Machine, detector: RaceDetector, marks: Mark[], stepsToPass = 0) {
    this.#machine = machine;
    this.#detector = detector;
    this.#marks = marks;
    this.#stepsToPass = stepsToPass;
  }

  /** The machine stands at its first moment. A schedule that ends in a race was recorded for that
   *  race: those on the way there do not end the run. */
  static start(machine: Machine, policy: Policy): RaceTrail {
    const detector = new RaceDetector(machine);
    detector.reset();
    const schedule = policy instanceof ReplayPolicy ? policy.schedule : [];
    const isForLast = endsInRace(machine, schedule);
    return new RaceTrail(machine, detector, [], isForLast ? schedule.length : 0);
  }

  /** The thread begins a step that is about to be recorded. */
  before(thread: number): void {
    this.#stepsToPass--;
    this.#detector.before(thread);
  }

  /**
   * A part of a step was recorded, that began at the moment `began`. Gives the end of the run, if a
   * race was found.
   */
  after(began: number): ImposedOutcome | null {
    this.#marks.push({ instruction: began, mark: this.#detector.mark() });
    const races = this.#detector.after();
    if (this.#stepsToPass > 0) {
      for (const race of races) this.#passed.add(raceText(this.#machine, race));
      return null;
    }
    const isLast = this.#stepsToPass === 0;
    const news = isLast ? newRaces(this.#machine, races, this.#passed) : races;
    if (news.length === 0) return null;
    const race = firstRace(this.#machine, news);
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

function newRaces(machine: Machine, races: readonly Race[], known: ReadonlySet<string>): Race[] {
  return races.filter((race) => !known.has(raceText(machine, race)));
}

/** Longer schedules are not run twice. */
const LONGEST_LOOK = 1_000_000;

/** Whether the last step of a schedule shows a race that none before it has shown. */
function endsInRace({ image, preemption }: Machine, schedule: Schedule): boolean {
  if (schedule.length === 0 || schedule.length > LONGEST_LOOK) return false;
  const machine = new Machine(image, { preemption });
  const detector = new RaceDetector(machine);
  detector.reset();
  const known = new Set<string>();
  let news: Race[] = [];
  for (const choice of schedule) {
    for (const race of news) known.add(raceText(machine, race));
    if (machine.outcome() !== null || obstacleTo(machine, choice) !== null) return false;
    detector.before(choice.thread);
    machine.step(choice.thread, choice.answer);
    news = newRaces(machine, detector.after(), known);
  }
  return news.length > 0;
}
