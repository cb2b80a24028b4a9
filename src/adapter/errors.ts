/**
 * Every error that a request can be answered with, a numbered function each.
 *
 * 31xx: the request came at the wrong time. 32xx: the request names what is not there. 33xx: the
 * scenario, its text or its settings. 34xx: an expression. 35xx: time travel. 3900: our own bug.
 */

/** An answer to a request that says why it could not be done. */
export class RequestError extends Error {
  readonly id: number;
  /** Whether the editor shows the message as a notification, too. */
  readonly showUser: boolean;

  constructor(id: number, message: string, showUser = false) {
    super(message);
    this.id = id;
    this.showUser = showUser;
  }
}

// --------------------------------------------------------------------------- at the wrong time

/** The request needs a scenario, and none has been launched. */
export function notLaunched(command: string): RequestError {
  return new RequestError(3101, `${command}: no scenario has been launched`);
}

/** A second launch in one session. */
export function alreadyLaunched(): RequestError {
  return new RequestError(3102, 'a scenario has been launched already; restart it instead');
}

/** The request looks at a state, and the scenario is moving. */
export function notStopped(command: string): RequestError {
  return new RequestError(3103, `${command}: the scenario is running; pause it first`);
}

/** The session is over. */
export function sessionEnded(command: string): RequestError {
  return new RequestError(3104, `${command}: the session has ended`);
}

/** The client cancelled the request. */
export function cancelled(): RequestError {
  return new RequestError(3105, 'cancelled');
}

/** The program could be given up while its text was being read. */
export function launchAbandoned(): RequestError {
  return new RequestError(3106, 'the session ended before the scenario was loaded');
}

/** One search at a time: two would only slow each other down. */
export function searchUnderWay(): RequestError {
  return new RequestError(3108, 'a search for a schedule is under way; cancel it first');
}

/** attach is not offered: there is nothing outside to attach to. */
export function attachNotOffered(): RequestError {
  return new RequestError(
    3107,
    'Coroscope simulates the runtime itself, so there is no process to attach to; use "launch"',
    true,
  );
}

// -------------------------------------------------------------------------- what is not there

/** No request of that name. */
export function unknownRequest(command: string): RequestError {
  return new RequestError(3201, `the request ${quote(command)} is not known`);
}

/** An argument is missing or of another type. */
export function badArgument(name: string, expected: string): RequestError {
  return new RequestError(3202, `the argument ${name} must be ${expected}`);
}

/** No thread of that number lives now. */
export function unknownThread(threadId: number): RequestError {
  return new RequestError(3203, `there is no thread ${threadId} now`);
}

/** The frame belongs to another stop, or never was. */
export function unknownFrame(frameId: number): RequestError {
  return new RequestError(3204, `the stack frame ${frameId} is not of this stop`);
}

/** The variables reference belongs to another stop, or never was. */
export function unknownVariables(reference: number): RequestError {
  return new RequestError(3205, `the variables reference ${reference} is not of this stop`);
}

/** No such variable in that container. */
export function unknownVariable(name: string): RequestError {
  return new RequestError(3206, `there is no variable ${quote(name)} here`);
}

/** No source of that reference or path. */
export function unknownSource(what: string): RequestError {
  return new RequestError(3207, `there is no source ${what} in this session`);
}

/** The chosen step-in target is not enabled any more. */
export function unknownTarget(targetId: number): RequestError {
  return new RequestError(3208, `the target ${targetId} is not among those of this stop`);
}

/** A memory or instruction reference that is no address. */
export function badReference(reference: string): RequestError {
  return new RequestError(3209, `${quote(reference)} is no address of this scenario`);
}

/** The thread is not at a failure. */
export function noException(threadId: number): RequestError {
  return new RequestError(3210, `thread ${threadId} is not stopped at an outcome`);
}

/** The frame cannot be started again. */
export function cannotRestartFrame(why: string): RequestError {
  return new RequestError(3211, `this frame cannot be restarted: ${why}`, true);
}

// -------------------------------------------------------------- scenario, texts and settings

/** The launch names no file. */
export function noProgram(): RequestError {
  return new RequestError(
    3301,
    'the launch configuration names no "program"; give the path of a .coro file',
    true,
  );
}

/** The file, or a file it needs, could not be read. */
export function unreadable(path: string, reason: string): RequestError {
  return new RequestError(3302, `cannot read ${path}: ${reason}`, true);
}

/** The scenario, the profile or the text is wrong; `text` says where and how to mend it. */
export function cannotLoad(text: string): RequestError {
  return new RequestError(3303, text, true);
}

/** The trace cannot be followed. */
export function badTrace(reason: string): RequestError {
  return new RequestError(3304, `cannot follow the trace: ${reason}`, true);
}

/** Two settings exclude each other. */
export function seedAndTrace(): RequestError {
  return new RequestError(
    3305,
    'a launch has either a "seed" or a "trace", not both: a trace fixes the whole schedule',
    true,
  );
}

// ---------------------------------------------------------------------------- expressions

/** The expression could not be evaluated; `reason` says where and why. */
export function cannotEvaluate(reason: string): RequestError {
  return new RequestError(3401, reason);
}

/** The value could not be changed. */
export function cannotAssign(reason: string): RequestError {
  return new RequestError(3402, reason, true);
}

// ---------------------------------------------------------------------------- time travel

/** A place in time outside what has been recorded. */
export function outsideTimeline(step: number, lastStep: number): RequestError {
  return new RequestError(3501, `step ${step} is outside the timeline, which has 0 … ${lastStep}`);
}

/** Nothing of the kind was found before or after the present. Whoever asked shows it. */
export function nothingFound(what: string): RequestError {
  return new RequestError(3502, what);
}

/** No branch of that number. */
export function unknownBranch(branch: number): RequestError {
  return new RequestError(3503, `there is no branch ${branch}`);
}

// ------------------------------------------------------------------------------- our own bugs

/** What should never be seen. */
export function internalError(command: string, error: unknown): RequestError {
  const what = error instanceof Error ? error.message : String(error);
  return new RequestError(3900, `internal error: ${command}: ${what}, please report`, true);
}

function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 77)}…` : text);
}
