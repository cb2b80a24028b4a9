/**
 * The run loop: lets a movement run in slices between which requests get through, says how far it
 * is when it takes long, and hands the stop over.
 */
import type { Stop } from '../run/stepping.ts';
import { tellOutput } from './console.ts';
import type { Debuggee, Motion, Program } from './debuggee.ts';
import { internalError } from './errors.ts';
import { sliceMilliseconds } from './slices.ts';
import { arrive, terminate } from './stops.ts';
import type { StopWords } from './stops.ts';

const instructionsAtOnce = 100_000;
/** Progress is shown when a movement takes longer than this, and again at this distance. */
const progressMilliseconds = 500;

/**
 * Begins a movement. The client is told nothing now: the request that asked for it implies it.
 * `title` names it in the progress that a long one reports.
 */
export function move(debuggee: Debuggee, program: Program, title: string, motion: Motion): void {
  debuggee.phase = 'running';
  debuggee.stop = null;
  debuggee.references.clear();
  debuggee.motion = motion;
  const progress = new Progress(debuggee, program, title);
  debuggee.endProgress = () => progress.end();
  if (debuggee.isPauseWanted) interrupt(debuggee);
  else slice();

  function slice(): void {
    // Another movement has begun, or the session is over.
    if (debuggee.motion !== motion) return progress.end();
    try {
      const stop = runSlice(motion);
      if (stop === null) {
        tellOutput(debuggee, program);
        progress.update();
        setTimeout(slice, 0);
        return;
      }
      if (motion.arrive === undefined) settle(debuggee, program, stop, motion.words?.());
      else {
        debuggee.motion = null;
        debuggee.endProgress();
        motion.arrive(stop);
      }
    } catch (error) {
      progress.end();
      giveUp(debuggee, title, error);
    }
  }
}

/** Goes on with a movement that was put aside, after what is being done now. */
export function resume(debuggee: Debuggee, program: Program, motion: Motion): void {
  setTimeout(() => {
    if (debuggee.program === program && debuggee.phase === 'running' && debuggee.motion === null) {
      move(debuggee, program, 'Running', motion);
    }
  }, 0);
}

function runSlice(motion: Motion): Stop | null {
  const start = performance.now();
  for (;;) {
    const stop = motion.run(instructionsAtOnce);
    if (stop !== null) return stop;
    if (performance.now() - start > sliceMilliseconds) return null;
  }
}

/** Ends the movement that is under way where it is, if there is one. */
export function interrupt(debuggee: Debuggee): void {
  const { motion, program, phase, task } = debuggee;
  if (task !== null) task.isGivenUp = true;
  if (motion !== null && program !== null) settle(debuggee, program, motion.pause());
  else if (phase !== 'stopped' && phase !== 'ended') debuggee.isPauseWanted = true;
}

function settle(debuggee: Debuggee, program: Program, stop: Stop, words?: StopWords): void {
  debuggee.motion = null;
  debuggee.endProgress();
  arrive(debuggee, program, stop, words);
}

/** A bug of ours in the middle of a movement: the state cannot be trusted any more. */
function giveUp(debuggee: Debuggee, title: string, error: unknown): void {
  const output = `${internalError(title, error).message}\n`;
  debuggee.send('output', { category: 'important', output });
  terminate(debuggee, 1);
}

let progressCount = 0;

/** Reports how far a movement is, once it takes long, to clients that can show it. */
class Progress {
  readonly #debuggee: Debuggee;
  readonly #program: Program;
  readonly #title: string;
  #nextTime = performance.now() + progressMilliseconds;
  #progressId: string | null = null;

  constructor(debuggee: Debuggee, program: Program, title: string) {
    this.#debuggee = debuggee;
    this.#program = program;
    this.#title = title;
  }

  update(): void {
    if (!this.#debuggee.client.supportsProgress || performance.now() < this.#nextTime) return;
    this.#nextTime = performance.now() + progressMilliseconds;
    const { step } = this.#program.timeline;
    const message = `step ${step.toLocaleString('en')}`;
    if (this.#progressId === null) {
      this.#progressId = `run-${++progressCount}`;
      const head = { progressId: this.#progressId, title: this.#title };
      const body = { ...head, message, cancellable: true };
      this.#debuggee.send('progressStart', body);
    } else {
      this.#debuggee.send('progressUpdate', { progressId: this.#progressId, message });
    }
  }

  end(): void {
    if (this.#progressId === null) return;
    this.#debuggee.send('progressEnd', { progressId: this.#progressId });
    this.#progressId = null;
  }
}
