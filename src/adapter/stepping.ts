/** Continue, the steps, their reverses, and pause. */
import { watching } from '../run/data-breakpoints.ts';
import type { Movement, Stop } from '../run/stepping.ts';
import { optionalFlag, optionalInteger, optionalText, requireInteger } from './arguments.ts';
import type { Arguments } from './arguments.ts';
import type { Debuggee, Motion, Program } from './debuggee.ts';
import { isFiltered } from './exceptions.ts';
import type { Call, Handlers } from './requests.ts';
import { interrupt, move } from './running.ts';
import { finish } from './stops.ts';
import { takeTarget } from './targets.ts';
import { threadOf } from './threads.ts';

export const steppingRequests = {
  continue: (debuggee, args, call) => {
    request(debuggee, args, call, 'continue');
    return { allThreadsContinued: !optionalFlag(args, 'singleThread', false) };
  },
  next: (debuggee, args, call) => request(debuggee, args, call, 'step-over'),
  stepIn: (debuggee, args, call) => {
    if (optionalInteger(args, 'targetId', 0) !== 0) return takeTarget(debuggee, args, call);
    return request(debuggee, args, call, 'step-into');
  },
  stepOut: (debuggee, args, call) => request(debuggee, args, call, 'step-out'),
  stepBack: (debuggee, args, call) => request(debuggee, args, call, 'step-back'),
  reverseContinue: (debuggee, args, call) => request(debuggee, args, call, 'reverse-continue'),
  pause,
  cancel,
} satisfies Handlers;

/** What a movement is called while it takes long. */
const titles: Readonly<Record<Movement, string>> = {
  continue: 'Running',
  'step-over': 'Stepping over',
  'step-into': 'Stepping in',
  'step-out': 'Stepping out',
  instruction: 'Stepping one instruction',
  'reverse-continue': 'Running backwards',
  'step-back': 'Stepping back',
  'step-back-into': 'Stepping back in',
  'step-back-out': 'Stepping back out',
  'instruction-back': 'Stepping back one instruction',
};

const backwards: ReadonlySet<Movement> = new Set<Movement>([
  'reverse-continue',
  'step-back',
  'step-back-into',
  'step-back-out',
  'instruction-back',
]);

/** Answers a request that moves the scenario: checks it now, moves after the response. */
export function request(
  debuggee: Debuggee,
  args: Arguments,
  call: Call,
  named: Movement,
): undefined {
  const threadId = requireInteger(args, 'threadId');
  const program = debuggee.atRest(call.command);
  const goroutine = threadOf(program, threadId).id;
  const movement = withGranularity(named, optionalText(args, 'granularity'));
  const onlyThis = optionalFlag(args, 'singleThread', false) ? goroutine : null;
  call.afterwards(() => beginMovement(debuggee, program, movement, goroutine, onlyThis));
}

/** Steps by instruction when the client's disassembly is in front. */
function withGranularity(movement: Movement, granularity: string | undefined): Movement {
  const isRun = movement === 'continue' || movement === 'reverse-continue';
  if (granularity !== 'instruction' || isRun) return movement;
  return backwards.has(movement) ? 'instruction-back' : 'instruction';
}

function beginMovement(
  debuggee: Debuggee,
  program: Program,
  movement: Movement,
  goroutine: number,
  onlyThis: number | null,
): void {
  // The client has seen the end; going on from there ends the session.
  if (program.timeline.outcome !== null && !backwards.has(movement)) {
    finish(debuggee, program);
    return;
  }
  const motion = motionOf(debuggee, program, movement, goroutine);
  const whole = onlyThis === null ? motion : alone(program, motion, onlyThis);
  move(debuggee, program, titles[movement], backwards.has(movement) ? goingBack(whole) : whole);
}

/** The motion, of whose end it is said that it lies before where it began. */
function goingBack(motion: Motion): Motion {
  return {
    run: (maxInstructions) => motion.run(maxInstructions),
    pause: () => motion.pause(),
    words: () => ({ isBack: true }),
  };
}

/** The motion, during which no other thread moves as long as that of `goroutine` can. */
function alone({ timeline, inspector }: Program, motion: Motion, goroutine: number): Motion {
  const thread = inspector.goroutine(goroutine)?.thread ?? -1;
  if (thread < 0) return motion;
  const guarded = (act: () => Stop | null) => {
    timeline.alone = thread;
    try {
      return act();
    } finally {
      timeline.alone = null;
    }
  };
  return {
    run: (maxInstructions) => guarded(() => motion.run(maxInstructions)),
    pause: () => motion.pause(),
  };
}

/** A movement with all that can stop it. */
export function motionOf(
  debuggee: Debuggee,
  program: Program,
  movement: Movement,
  goroutine: number,
): Motion {
  const { stepper, timeline, inspector, settings } = program;
  const running = stepper.begin({
    movement,
    goroutine,
    justMyCode: settings.justMyCode,
    outcomeFilter: (outcome) => isFiltered(debuggee, outcome),
  });
  const watched = settings.noDebug ? [] : debuggee.book.data;
  return watching(running, watched, backwards.has(movement), timeline, inspector);
}

/** Pausing what stands still is no mistake: the stop was on its way when the client asked. */
function pause(debuggee: Debuggee, _args: Arguments, call: Call): undefined {
  debuggee.launched('pause');
  call.afterwards(() => interrupt(debuggee));
}

/** Requests that wait are dropped by the session; a movement that reports progress is paused, and a
 *  search ends. */
function cancel(debuggee: Debuggee, args: Arguments, call: Call): undefined {
  const progressId = optionalText(args, 'progressId');
  if (progressId !== undefined && debuggee.search?.cancel(progressId) !== true) {
    call.afterwards(() => interrupt(debuggee));
  }
  return undefined;
}
