/** From a launch configuration to a program that runs, again on restart, and its end. */
import { formatDiagnostic } from '../language/diagnostics.ts';
import { THREADS, THREAD_PC, THREAD_WORDS } from '../language/image.ts';
import type { Image } from '../language/image.ts';
import { Breakpoints } from '../run/breakpoints.ts';
import { Inspector } from '../run/inspect.ts';
import { load } from '../run/load.ts';
import { NaturalPolicy } from '../run/natural.ts';
import type { Policy } from '../run/policy.ts';
import { RandomPolicy } from '../run/random.ts';
import { ReplayPolicy } from '../run/replay.ts';
import { Stepper, type Stop } from '../run/stepping.ts';
import { Timeline } from '../run/timeline.ts';
import { isScheduleText, parseTrace, traceMismatch } from '../run/trace.ts';
import type { TraceInput } from '../run/trace.ts';
import { asRecord, optionalFlag, optionalInteger, optionalText } from './arguments.ts';
import type { Arguments } from './arguments.ts';
import { placeAll } from './breakpoints.ts';
import { tellLog, tellNote } from './console.ts';
import type { Debuggee, LaunchSettings, Program } from './debuggee.ts';
import {
  RequestError,
  alreadyLaunched,
  attachNotOffered,
  badTrace,
  cannotLoad,
  launchAbandoned,
  noProgram,
  seedAndTrace,
  unreadable,
} from './errors.ts';
import type { Call, Handlers } from './requests.ts';
import { beginReaching } from './reach.ts';
import { move, resume } from './running.ts';
import { motionOf } from './stepping.ts';
import { showStop, terminate as endSession } from './stops.ts';

export const launchRequests = {
  launch,
  attach,
  configurationDone,
  restart,
  terminate,
  disconnect,
} satisfies Handlers;

async function launch(debuggee: Debuggee, args: Arguments, call: Call): Promise<undefined> {
  if (debuggee.phase !== 'new') throw alreadyLaunched();
  await install(debuggee, settingsOf(args), 'new');
  debuggee.phase = 'configuring';
  call.afterwards(() => {
    placeAll(debuggee);
    debuggee.send('initialized');
  });
}

function attach(): never {
  throw attachNotOffered();
}

function configurationDone(debuggee: Debuggee, _args: Arguments, call: Call): undefined {
  const program = debuggee.launched('configurationDone');
  if (debuggee.phase === 'configuring') call.afterwards(() => start(debuggee, program));
}

async function restart(debuggee: Debuggee, args: Arguments, call: Call): Promise<undefined> {
  const { settings } = debuggee.launched('restart');
  const { phase } = debuggee;
  const given = asRecord(args.arguments);
  const wanted = given.program === undefined ? settings : settingsOf(given);
  const { motion, program: old } = debuggee;
  debuggee.motion = null;
  let program: Program;
  try {
    program = await install(debuggee, wanted, phase);
  } catch (error) {
    // What was running goes on: a restart that fails has changed nothing.
    if (motion !== null && old !== null && !isOver(debuggee)) resume(debuggee, old, motion);
    throw error;
  }
  call.afterwards(() => {
    placeAll(debuggee);
    start(debuggee, program);
  });
}

function terminate(debuggee: Debuggee, _args: Arguments, call: Call): undefined {
  call.afterwards(() => endSession(debuggee, 0));
}

function disconnect(debuggee: Debuggee): undefined {
  debuggee.end();
}

/** Reads, compiles and puts in place; when that fails the session is in `phaseBefore` again. */
async function install(
  debuggee: Debuggee,
  settings: LaunchSettings,
  phaseBefore: Debuggee['phase'],
): Promise<Program> {
  debuggee.phase = 'loading';
  let program: Program;
  try {
    program = await build(debuggee, settings);
  } catch (error) {
    if (!isOver(debuggee)) debuggee.phase = phaseBefore;
    if (phaseBefore !== 'running') debuggee.isPauseWanted = false;
    throw error;
  }
  if (isOver(debuggee)) throw launchAbandoned();
  debuggee.program = program;
  debuggee.stop = null;
  debuggee.search = null;
  debuggee.focus = 0;
  debuggee.focusName = '';
  debuggee.references.clear();
  debuggee.toldLines.clear();
  debuggee.isLossTold = false;
  return program;
}

/** The session may have been ended while a file was being read. */
function isOver(debuggee: Debuggee): boolean {
  return debuggee.phase === 'ended';
}

/** Sets the scenario going: to its first statement, or on until something stops it. */
function start(debuggee: Debuggee, program: Program): void {
  const { stepper, settings } = program;
  if (settings.noDebug || (!settings.stopOnEntry && settings.reach === undefined)) {
    const motion = motionOf(debuggee, program, 'continue', 0);
    move(debuggee, program, `Running ${program.image.scenario.name}`, motion);
    return;
  }
  const { reach } = settings;
  const entering = stepper.toEntry();
  const arrive = (stop: Stop) => {
    const showEntry = () => {
      const description = `Start of ${program.image.scenario.name}`;
      showStop(debuggee, program, stop, { reason: 'entry', description });
    };
    if (reach === undefined) showEntry();
    else reachAtStart(debuggee, program, reach, showEntry);
  };
  move(debuggee, program, `Starting ${program.image.scenario.name}`, {
    run: (maxInstructions) => entering.run(maxInstructions),
    pause: () => entering.pause(),
    arrive,
  });
}

/** A search at the start may take so long before the start is shown meanwhile. */
const patienceMilliseconds = 1000;

/** Looks for the line that the launch wants; if that takes long or fails, the start is shown. */
function reachAtStart(
  debuggee: Debuggee,
  program: Program,
  reach: string,
  showEntry: () => void,
): void {
  debuggee.phase = 'running';
  const showUnlessShown = () => {
    if (debuggee.program !== program || debuggee.phase !== 'running') return;
    if (debuggee.motion === null) showEntry();
  };
  const timer = setTimeout(showUnlessShown, patienceMilliseconds);
  const failed = (message: string) => {
    clearTimeout(timer);
    debuggee.send('output', { category: 'important', output: `${message}\n` });
    showUnlessShown();
  };
  try {
    tellNote(debuggee, beginReaching(debuggee, program, reach, failed));
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    failed(error.message);
  }
}

function settingsOf(args: Arguments): LaunchSettings {
  const program = optionalText(args, 'program');
  if (program === undefined || program === '') throw noProgram();
  const hasSeed = args.seed !== undefined && args.seed !== null;
  const settings: LaunchSettings = {
    program,
    scenario: optionalText(args, 'scenario') || undefined,
    runtime: optionalText(args, 'runtime') || undefined,
    seed: hasSeed ? optionalInteger(args, 'seed', 0) : undefined,
    trace: optionalText(args, 'trace') || undefined,
    reach: optionalText(args, 'reach') || undefined,
    stopOnEntry: optionalFlag(args, 'stopOnEntry', false),
    justMyCode: optionalFlag(args, 'justMyCode', true),
    showSystemGoroutines: optionalFlag(args, 'showSystemGoroutines', false),
    checkInvariants: optionalFlag(args, 'checkInvariants', false),
    races: optionalFlag(args, 'races', false),
    leaks: optionalFlag(args, 'leaks', false),
    noDebug: optionalFlag(args, 'noDebug', false),
  };
  if (settings.seed !== undefined && settings.trace !== undefined) throw seedAndTrace();
  return settings;
}

async function build(debuggee: Debuggee, settings: LaunchSettings): Promise<Program> {
  const text = await read(debuggee, settings.program);
  const recorded = settings.trace === undefined ? null : await readTrace(debuggee, settings.trace);
  const { image, diagnostics, problem } = load(
    { path: settings.program, text },
    {
      scenario: settings.scenario ?? recorded?.trace?.scenario,
      runtime: settings.runtime ?? recorded?.trace?.profile,
      options: recorded?.trace?.options,
      races: settings.races ? 'always' : 'when expected',
      leaks: settings.leaks ? 'always' : 'when expected',
    },
  );
  if (image === null) {
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    const lines = errors.slice(0, maxDiagnostics).map(formatDiagnostic);
    if (errors.length > maxDiagnostics) lines.push(`… ${errors.length - maxDiagnostics} more`);
    throw cannotLoad([...lines, ...(problem === undefined ? [] : [problem])].join('\n'));
  }
  for (const diagnostic of diagnostics) tellNote(debuggee, formatDiagnostic(diagnostic));
  const policy = policyOf(image, settings, recorded);
  const { checkInvariants } = settings;
  // The command line asks for preemption, too: a seed gives the same run here and there.
  const preemption = recorded?.preemption ?? true;
  const timeline = new Timeline(image, { policy, checkInvariants, preemption });
  const inspector = new Inspector(image, timeline.machine);
  const breakpoints = new Breakpoints(image);
  // Without debugging breakpoints are placed, so that clients see them, but nothing stops there.
  const obeyed = settings.noDebug ? new Breakpoints(image) : breakpoints;
  const stepper = new Stepper(timeline, inspector, obeyed);
  const program: Program = {
    settings,
    image,
    timeline,
    policy,
    inspector,
    breakpoints,
    stepper,
  };
  stepper.onLog = (hit) => {
    const entry = THREADS + timeline.thread * THREAD_WORDS;
    const pc = timeline.machine.memory[entry + THREAD_PC];
    for (const log of hit.logs) tellLog(debuggee, program, log.text, pc);
  };
  return program;
}

/** Diagnostics in one message; the editor shows the rest in the file itself. */
const maxDiagnostics = 10;

function policyOf(image: Image, settings: LaunchSettings, recorded: TraceInput | null): Policy {
  if (recorded === null) {
    return settings.seed === undefined ? new NaturalPolicy() : new RandomPolicy(settings.seed);
  }
  const mismatch = recorded.trace === null ? null : traceMismatch(recorded.trace, image);
  if (mismatch !== null) throw badTrace(mismatch);
  return new ReplayPolicy(recorded.schedule, new NaturalPolicy());
}

/** `trace` is a file, unless it is a schedule in its one-line form. */
async function readTrace(debuggee: Debuggee, trace: string): Promise<TraceInput> {
  const input = parseTrace(isScheduleText(trace) ? trace : await read(debuggee, trace));
  if ('problem' in input) throw badTrace(input.problem);
  return input;
}

async function read(debuggee: Debuggee, path: string): Promise<string> {
  try {
    return await debuggee.host.readText(path);
  } catch (error) {
    throw unreadable(path, error instanceof Error ? error.message : String(error));
  }
}
