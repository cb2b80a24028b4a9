/**
 * "Find a schedule that reaches this line": a request, a command of the console (`reach FILE:LINE
 * [when EXPR]`) and a launch attribute. The search runs in slices between which all other requests
 * are answered; what it finds becomes a branch of history, and the scenario stops at the line.
 */
import { ReachSearch, goToTarget } from '../explore/reach.ts';
import type { ReachAnswer } from '../explore/reach.ts';
import { targetAt } from '../explore/target.ts';
import type { Target } from '../explore/types.ts';
import { encodeSchedule } from '../run/schedule.ts';
import { countOf } from '../run/words.ts';
import { asRecord, optionalInteger, optionalText, requireInteger } from './arguments.ts';
import type { Arguments } from './arguments.ts';
import { tellNote } from './console.ts';
import type { Debuggee, Program } from './debuggee.ts';
import {
  RequestError,
  cancelled,
  internalError,
  nothingFound,
  searchUnderWay,
  unknownSource,
} from './errors.ts';
import { toOurLine } from './positions.ts';
import type { Call, Handlers } from './requests.ts';
import { nextTurn, sliceMilliseconds } from './slices.ts';
import { fileOfSource } from './sources.ts';
import { threadOfMachine } from './threads.ts';
import { showTravelled } from './travel.ts';

export const reachRequests = { 'coroscope/reach': reach } satisfies Handlers;

const progressMilliseconds = 500;
/** Distinct states of a search, unless the request says otherwise. */
const defaultStateLimit = 500_000;

/** What the request, the console and the launch ask for. */
interface Question {
  readonly target: Target;
  readonly stateLimit: number;
}

/**
 * `source` or `path` (default: the scenario's file), `line`, perhaps `condition` and `stateLimit`.
 * Answers when the search has ended; the stop follows if there is a schedule.
 */
async function reach(debuggee: Debuggee, args: Arguments, call: Call): Promise<object> {
  const program = debuggee.atRest(call.command);
  const question = questionOf(debuggee, program, args);
  const answer = await search(debuggee, program, question, () => call.isCancelled());
  call.afterwards(() => show(debuggee, program, question.target, answer));
  const { found, preemption, complete, states, words } = answer;
  if (found === null) return { found: false, complete, states, message: words };
  const { preemptions, schedule } = found;
  return {
    found: true,
    complete,
    states,
    message: words,
    preemptions,
    steps: schedule.length,
    schedule: encodeSchedule(schedule, preemption),
  };
}

function questionOf(debuggee: Debuggee, program: Program, args: Arguments): Question {
  const { image, settings } = program;
  const source = args.source === undefined ? { path: args.path } : asRecord(args.source);
  let path = settings.program;
  if (source.path !== undefined || source.sourceReference !== undefined) {
    const file = fileOfSource(image, source);
    if (file < 0) throw unknownSource(String(source.path ?? source.sourceReference));
    path = image.files[file].path;
  }
  const line = toOurLine(debuggee, requireInteger(args, 'line'));
  const stateLimit = optionalInteger(args, 'stateLimit', defaultStateLimit);
  return { target: targetOf(program, path, line, optionalText(args, 'condition')), stateLimit };
}

function targetOf(
  { image }: Program,
  file: string,
  line: number,
  condition: string | undefined,
): Target {
  const given = condition?.trim() ?? '';
  const target = targetAt(image, file, line, given === '' ? null : given);
  if ('problem' in target) throw nothingFound(target.problem);
  return target;
}

/** Searches in slices. Rejects when it is cancelled or the scenario is not there any more. */
async function search(
  debuggee: Debuggee,
  program: Program,
  { target, stateLimit }: Question,
  isCancelled: () => boolean,
): Promise<ReachAnswer> {
  if (debuggee.search !== null) throw searchUnderWay();
  const { preemption } = program.timeline;
  const invariants = program.settings.checkInvariants;
  const searching = new ReachSearch(program.image, target, { preemption, invariants, stateLimit });
  const progress = new SearchProgress(debuggee, `a schedule that reaches ${target.name}`);
  debuggee.search = progress;
  try {
    while (searching.advance(sliceMilliseconds)) {
      progress.update(searching.states);
      await nextTurn();
      if (debuggee.program !== program || isCancelled() || progress.isCancelled) throw cancelled();
    }
    return searching.answer();
  } finally {
    // After a restart the search under way is another one.
    if (debuggee.search === progress) debuggee.search = null;
    progress.end();
  }
}

/** Goes where the answer leads. Whatever moved in the meantime is left where it is. */
function show(debuggee: Debuggee, program: Program, target: Target, answer: ReachAnswer): void {
  const { found, preemption, words } = answer;
  if (debuggee.program !== program || found === null) return;
  if (debuggee.task !== null) {
    debuggee.task.whenOver.push(() => show(debuggee, program, target, answer));
    return;
  }
  tellNote(debuggee, `${words}\nschedule ${encodeSchedule(found.schedule, preemption)}`);
  if (debuggee.motion !== null) {
    debuggee.motion = null;
    debuggee.endProgress();
  }
  const thread = goToTarget(program.timeline, target, found.schedule, preemption);
  if (typeof thread === 'string') {
    const output = `${internalError('reach', thread).message}\n`;
    debuggee.send('output', { category: 'important', output });
    showTravelled(debuggee, program, { description: 'The schedule was lost' });
    return;
  }
  const goroutine = threadOfMachine(program, thread)?.id ?? null;
  const description = `Reached: ${countOf(found.preemptions, 'preemption')}`;
  showTravelled(debuggee, program, { description, isExact: true }, goroutine);
}

/** `reach a.coro:7 when x == 1`, without the first word. The file may be left out. */
const questionPattern = /^(?:(.+):)?(\d+)(?:\s+when\s+([^]+))?$/;

/**
 * Begins the search that a text asks for; its end is told in the console; with `failed`, that
 * there is no schedule is told there instead. Gives what is searched for, in a line, or throws what
 * is wrong with the text.
 */
export function beginReaching(
  debuggee: Debuggee,
  program: Program,
  text: string,
  failed: (message: string) => void = (message) => tellNote(debuggee, message),
): string {
  const match = questionPattern.exec(text.trim());
  if (match === null) throw nothingFound('write: reach FILE:LINE, or: reach FILE:LINE when EXPR');
  const [, file = program.settings.program, line, condition] = match;
  const target = targetOf(program, file, Number(line), condition);
  if (debuggee.search !== null) throw searchUnderWay();
  search(debuggee, program, { target, stateLimit: defaultStateLimit }, () => false)
    .then((answer) => {
      if (answer.found === null) failed(answer.words);
      else show(debuggee, program, target, answer);
    })
    .catch((error: unknown) => {
      const told = error instanceof RequestError ? error : internalError('reach', error);
      if (debuggee.program === program) failed(`Search for ${target.name}: ${told.message}`);
    });
  const when = target.condition === null ? '' : ` when ${target.condition}`;
  return `Searching for a schedule that reaches ${target.name}${when} …`;
}

let searchCount = 0;

/** Shows how many states a search has seen, once it takes long, and can be cancelled there. */
export class SearchProgress {
  readonly #debuggee: Debuggee;
  readonly #what: string;
  readonly #progressId = `reach-${++searchCount}`;
  #nextTime = performance.now() + progressMilliseconds;
  #isShown = false;
  isCancelled = false;

  constructor(debuggee: Debuggee, what: string) {
    this.#debuggee = debuggee;
    this.#what = what;
  }

  /** Takes a `cancel` of the protocol; false: it means another progress. */
  cancel(progressId: string): boolean {
    if (progressId !== this.#progressId) return false;
    this.isCancelled = true;
    return true;
  }

  update(states: number): void {
    const { client, send } = this.#debuggee;
    if (!client.supportsProgress || performance.now() < this.#nextTime) return;
    this.#nextTime = performance.now() + progressMilliseconds;
    const progressId = this.#progressId;
    const message = `${countOf(states, 'state')} so far`;
    if (this.#isShown) {
      send('progressUpdate', { progressId, message });
      return;
    }
    this.#isShown = true;
    const title = `Looking for ${this.#what}`;
    send('progressStart', { progressId, title, message, cancellable: true });
  }

  end(): void {
    if (this.#isShown) this.#debuggee.send('progressEnd', { progressId: this.#progressId });
  }
}
