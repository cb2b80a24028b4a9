/** Stopping at outcomes: the filters by kind, and what an outcome says for itself. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Outcome, OutcomeKind } from '../language/image.ts';
import { handoffTable } from '../run/handoff-table.ts';
import {
  listOfRecords,
  listOfTexts,
  optionalText,
  requireInteger,
  requireText,
} from './arguments.ts';
import type { Arguments } from './arguments.ts';
import { runtimeLines } from './console.ts';
import type { Debuggee, Program } from './debuggee.ts';
import { noException } from './errors.ts';
import type { Handlers } from './requests.ts';
import { framesOf, labelOf, threadOf } from './threads.ts';
import type { DebugThread } from './threads.ts';

export const exceptionRequests = { setExceptionBreakpoints, exceptionInfo } satisfies Handlers;

interface Filter {
  readonly kind: OutcomeKind;
  readonly label: string;
  readonly description: string;
  readonly isDefault: boolean;
}

/** One filter a kind of outcome, most wanted first. */
const filters: readonly Filter[] = [
  filter('throw', 'Fatal errors (throw)', 'The runtime gives up: `fatal error: …`.'),
  filter('panic', 'Uncaught panics', 'A panic that no deferred call recovered.'),
  filter('deadlock', 'Deadlocks', 'All goroutines are asleep, and the runtime noticed.'),
  filter('fail', 'Failed checks (fail)', 'The scenario called `fail`.'),
  filter('violation', 'Broken invariants', 'An invariant of the runtime model does not hold.'),
  filter('stuck', 'Lost wake-ups (stuck)', 'Nothing can run, and work is left over.'),
  filter('hang', 'Hangs', 'Nothing can run, and the runtime does not notice.'),
  filter('signal', 'Signals', 'The process would be killed, such as by a nil dereference.'),
  filter('use-after-free', 'Use after free', 'Memory was used that had been freed.'),
  filter('leak', 'Leaks', 'Something was left behind at the end.'),
  filter('race', 'Data races', 'Nothing orders two accesses to the same memory.'),
  filter('limit', 'Limits', 'A bound of the simulation was reached; the message names it.'),
  filter('internal', 'Errors of Coroscope', 'The simulator itself failed. Please report it.'),
  filter('exit', 'Exit', 'The scenario ended the process with an exit status.', false),
  filter('ok', 'End of the scenario', 'Stop when all went well, to look back.', false),
];

function filter(kind: OutcomeKind, label: string, description: string, isDefault = true): Filter {
  return { kind, label, description, isDefault };
}

/** The filters as `initialize` announces them. */
export function announcedFilters(): DebugProtocol.ExceptionBreakpointsFilter[] {
  return filters.map(({ kind, label, description, isDefault }) => ({
    filter: kind,
    label,
    description,
    default: isDefault,
    supportsCondition: true,
    conditionDescription: 'Text that the message must contain, such as: locking must match',
  }));
}

/** What is stopped at when a client never says: all that is on by default. */
export function defaultFilters(): ReadonlyMap<string, string> {
  return new Map(filters.filter(({ isDefault }) => isDefault).map(({ kind }) => [kind, '']));
}

function setExceptionBreakpoints(
  debuggee: Debuggee,
  args: Arguments,
): DebugProtocol.SetExceptionBreakpointsResponse['body'] {
  const wanted = [
    ...listOfTexts(args, 'filters').map((kind) => ({ kind, condition: '' })),
    ...listOfRecords(args, 'filterOptions').map((option) => ({
      kind: requireText(option, 'filterId'),
      condition: optionalText(option, 'condition')?.trim() ?? '',
    })),
  ];
  const known = (kind: string) => filters.some((one) => one.kind === kind);
  debuggee.outcomeFilters = new Map(
    wanted.filter(({ kind }) => known(kind)).map(({ kind, condition }) => [kind, condition]),
  );
  return {
    breakpoints: wanted.map(({ kind }) =>
      known(kind)
        ? { verified: true }
        : { verified: false, message: `There is no filter ${kind}.` },
    ),
  };
}

/** Whether the run is to rest at this outcome before the session ends. */
export function isFiltered(debuggee: Debuggee, outcome: Outcome | null): boolean {
  if (outcome === null || debuggee.program?.settings.noDebug === true) return false;
  const condition = debuggee.outcomeFilters.get(outcome.kind);
  return condition !== undefined && outcome.message.includes(condition);
}

function exceptionInfo(
  debuggee: Debuggee,
  args: Arguments,
): DebugProtocol.ExceptionInfoResponse['body'] {
  const threadId = requireInteger(args, 'threadId');
  const program = debuggee.atRest('exceptionInfo');
  const thread = threadOf(program, threadId);
  const { outcome } = program.timeline;
  if (outcome === null) throw noException(threadId);
  const said = explanations(program, outcome);
  const stackTrace = [stackText(program, thread), ...historyText(program)].join('\n');
  return {
    exceptionId: outcome.kind,
    description: [outcome.message, ...said].join('\n'),
    breakMode: 'unhandled',
    details: {
      message: outcome.message,
      typeName: outcome.kind,
      stackTrace,
      ...(said.length > 0 ? { innerException: said.map((message) => ({ message })) } : {}),
    },
  };
}

/**
 * What the runtime said before it gave up, such as `coro: got lock external 1, want 0`; its
 * traceback is left out, because the stack is at hand.
 */
function explanations(program: Program, outcome: Outcome): string[] {
  if (outcome.kind === 'race') return raceLines(program);
  const lines = runtimeLines(program, maxRuntimeLines);
  const verdict = lines.findIndex((line) => line.includes(outcome.message.split('\n')[0]));
  return lines.slice(0, Math.max(0, verdict)).filter((line) => line.trim() !== '');
}

/** The report of a race: both accesses, and where their goroutines were started. */
function raceLines({ timeline }: Program): string[] {
  const lines = (timeline.output.at(-1)?.text ?? '').split('\n');
  const report = lines.indexOf('WARNING: DATA RACE') + 1;
  if (report === 0) return [];
  return lines.slice(report).filter((line) => line !== '' && !line.startsWith('==='));
}

const maxRuntimeLines = 20;

/** A longer past takes too long to tell in an answer to a request. */
const maxToldInstructions = 300_000;
const maxToldRows = 12;

/** The last handoffs and lock changes that led here, as a table. */
function historyText({ timeline }: Program): string[] {
  if (timeline.recordedInstructions > maxToldInstructions) return [];
  const [head, ...rows] = handoffTable(timeline).split('\n');
  if (rows.length === 0 || rows.some((row) => row.startsWith('…'))) return [];
  return ['', 'How it came to this:', head, ...rows.slice(-maxToldRows)];
}

/** Frames at either end of a stack that are told; the middle of a longer one is left out. */
const maxToldFrames = 50;

/** A stack as Go's tracebacks print it. */
function stackText(program: Program, thread: DebugThread): string {
  const lines = framesOf(program, thread).map(
    ({ name, path, line }) => `${name}(...)\n\t${path}:${line}`,
  );
  const left = lines.length - 2 * maxToldFrames;
  if (left > 0) lines.splice(maxToldFrames, left, `...${left} frames elided...`);
  return [`${labelOf(program, thread)}:`, ...lines].join('\n');
}
