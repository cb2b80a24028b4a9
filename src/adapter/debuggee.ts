/**
 * What one session debugs and how it stands: the program that was launched, whether it moves, what
 * the client was told. The request groups work on it; it knows nothing of requests itself.
 */
import type { Image } from '../language/image.ts';
import type { Breakpoints } from '../run/breakpoints.ts';
import type { Inspector } from '../run/inspect.ts';
import type { Policy } from '../run/policy.ts';
import type { Stepper, Stop } from '../run/stepping.ts';
import type { Timeline } from '../run/timeline.ts';
import { BreakpointBook } from './breakpoint-book.ts';
import { notLaunched, notStopped, sessionEnded } from './errors.ts';
import type { StopWords } from './stops.ts';
import { References } from './references.ts';

/** What a session asks of the program it runs in. */
export interface SessionHost {
  /** The text of a file, by file system path or URI. Rejects when it cannot be read. */
  readText(pathOrUri: string): Promise<string>;
  /** The host shows `coroscope-model:` documents by itself: sources then carry no reference. */
  readonly opensModels?: boolean;
}

/** A launch configuration after its checks; see `launch.ts`. */
export interface LaunchSettings {
  readonly program: string;
  readonly scenario: string | undefined;
  readonly runtime: string | undefined;
  readonly seed: number | undefined;
  /** A file, or the one-line form of a schedule. */
  readonly trace: string | undefined;
  /** `FILE:LINE when EXPR`: a schedule that comes there is searched for at the start. */
  readonly reach: string | undefined;
  readonly stopOnEntry: boolean;
  readonly justMyCode: boolean;
  readonly showSystemGoroutines: boolean;
  readonly checkInvariants: boolean;
  readonly races: boolean;
  readonly leaks: boolean;
  /** Run without stopping anywhere. */
  readonly noDebug: boolean;
}

/** The scenario that was launched, ready to run. */
export interface Program {
  readonly settings: LaunchSettings;
  readonly image: Image;
  readonly timeline: Timeline;
  /** The policy that the run began with. */
  readonly policy: Policy;
  readonly inspector: Inspector;
  readonly breakpoints: Breakpoints;
  readonly stepper: Stepper;
}

/**
 * new: before launch. loading: the launch reads files. configuring: until configurationDone.
 * running, stopped: as they say. ended: after terminated was sent.
 */
export type Phase = 'new' | 'loading' | 'configuring' | 'running' | 'stopped' | 'ended';

/** What the client said about itself. */
export interface Client {
  readonly lineBase: 0 | 1;
  readonly columnBase: 0 | 1;
  readonly pathsAreUris: boolean;
  readonly supportsProgress: boolean;
  readonly supportsInvalidated: boolean;
}

/** Sends an event to the client. */
export type SendEvent = (event: string, body?: object) => void;

/** A movement that has begun; the run loop calls it in slices. */
export interface Motion {
  /** Null: not there yet. */
  run(maxInstructions: number): Stop | null;
  /** Gives up and rests where a debugger can stop. */
  pause(): Stop;
  /** What happens at its end, if not what happens at any stop. */
  arrive?(stop: Stop): void;
  /** What is said of its end, if not what follows from the stop. */
  words?(): StopWords;
}

/** A request that is being answered in slices; the present is elsewhere meanwhile. */
export interface Task {
  isGivenUp: boolean;
  /** What has to wait for the present. */
  readonly whenOver: (() => void)[];
}

/** Kinds of outcome to stop at, each with a text that the message must contain, or ''. */
export type OutcomeFilters = ReadonlyMap<string, string>;

export class Debuggee {
  readonly host: SessionHost;
  readonly send: SendEvent;
  phase: Phase = 'new';
  client: Client = {
    lineBase: 1,
    columnBase: 1,
    pathsAreUris: false,
    supportsProgress: false,
    supportsInvalidated: false,
  };
  program: Program | null = null;
  /** What the client wants to stop at, kept when a program is launched again. */
  readonly book = new BreakpointBook();
  outcomeFilters: OutcomeFilters = new Map();
  /** Why it stands where it stands; null while it moves and before the first stop. */
  stop: Stop | null = null;
  /** Whether it stopped for the sake of this very place, and not of the user's code that led to it. */
  isExactStop = false;
  /** The thread that the last stop showed. */
  focus = 0;
  /** Its short name, such as `G18`. */
  focusName = '';
  /** Handles that were given to the client since the last stop. */
  readonly references = new References();
  /** What moves now, and since when. */
  motion: Motion | null = null;
  /** The request that is being answered in slices. */
  task: Task | null = null;
  /** The client wants a pause of what has not begun to move yet. */
  isPauseWanted = false;
  /** Takes away what shows how far the motion is. */
  endProgress: () => void = () => undefined;
  /** The search for a schedule that is under way; it takes a cancel by the id of its progress. */
  search: { cancel(progressId: string): boolean } | null = null;
  /** Lines of output that the client was told, by branch. */
  readonly toldLines = new Map<number, number>();
  /** Whether the client knows that the trace could not be followed to its end. */
  isLossTold = false;

  constructor(host: SessionHost, send: SendEvent) {
    this.host = host;
    this.send = send;
  }

  /** The program, whatever it does; throws before launch and after the end. */
  launched(command: string): Program {
    if (this.phase === 'ended') throw sessionEnded(command);
    if (this.program === null) throw notLaunched(command);
    return this.program;
  }

  /** The program at rest, so that its state can be looked at. */
  atRest(command: string): Program {
    const program = this.launched(command);
    if (this.phase !== 'stopped') throw notStopped(command);
    return program;
  }

  /** Stops whatever moves and forgets the program. No event is sent. */
  end(): void {
    this.phase = 'ended';
    this.motion = null;
    this.stop = null;
    this.references.clear();
    this.program = null;
  }
}
