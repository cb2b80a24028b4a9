/** Threads, their stacks, and the scopes of a frame. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Scope } from '../run/inspect.ts';
import { optionalInteger, requireInteger } from './arguments.ts';
import type { Arguments } from './arguments.ts';
import type { Debuggee, Program } from './debuggee.ts';
import { toReference } from './disassembly.ts';
import { toClientColumn, toClientLine } from './positions.ts';
import type { FrameOfThread } from './references.ts';
import type { Handlers } from './requests.ts';
import { sourceOf } from './sources.ts';
import { framesOf, labelOf, threadOf, threadsNow } from './threads.ts';

export const stackRequests = { threads, stackTrace, scopes } satisfies Handlers;

function threads(debuggee: Debuggee): DebugProtocol.ThreadsResponse['body'] {
  const program = debuggee.launched('threads');
  const shown = threadsNow(debuggee, program);
  return { threads: shown.map((thread) => ({ id: thread.id, name: labelOf(program, thread) })) };
}

function stackTrace(debuggee: Debuggee, args: Arguments): DebugProtocol.StackTraceResponse['body'] {
  const threadId = requireInteger(args, 'threadId');
  const program = debuggee.atRest('stackTrace');
  const thread = threadOf(program, threadId);
  const frames = framesOf(program, thread);
  const start = Math.max(0, optionalInteger(args, 'startFrame', 0));
  const levels = optionalInteger(args, 'levels', 0);
  const end = levels > 0 ? start + levels : frames.length;
  const stackFrames = frames
    .slice(start, end)
    .map((frame, offset) => toClient(debuggee, program, { thread, frame, index: start + offset }));
  return { stackFrames, totalFrames: frames.length };
}

function toClient(
  debuggee: Debuggee,
  program: Program,
  entry: FrameOfThread,
): DebugProtocol.StackFrame {
  const { frame } = entry;
  const isAside = frame.isModel && program.settings.justMyCode && !isStopPlace(debuggee, entry);
  return {
    id: debuggee.references.ofFrame(entry),
    name: frame.name,
    source: sourceOf(debuggee, program.image, frame.file, isAside),
    line: toClientLine(debuggee, frame.line),
    column: toClientColumn(debuggee, frame.column),
    endLine: toClientLine(debuggee, frame.endLine),
    endColumn: toClientColumn(debuggee, frame.endColumn),
    instructionPointerReference: toReference(frame.pc),
    canRestart: true,
    ...(isAside ? { presentationHint: 'subtle' as const } : {}),
  };
}

/**
 * Whether the scenario stopped in this very frame for its own sake: then it is no runtime
 * internal to be passed over, even when the runtime's code is not the user's.
 */
function isStopPlace(debuggee: Debuggee, { thread, index }: FrameOfThread): boolean {
  return debuggee.isExactStop && index === 0 && thread.id === debuggee.focus;
}

function scopes(debuggee: Debuggee, args: Arguments): DebugProtocol.ScopesResponse['body'] {
  const program = debuggee.atRest('scopes');
  const entry = debuggee.references.frame(requireInteger(args, 'frameId'));
  const found = program.inspector.scopes(entry.thread, entry.frame);
  return { scopes: found.map((scope) => scopeOf(debuggee, entry, scope)) };
}

function scopeOf(debuggee: Debuggee, entry: FrameOfThread, scope: Scope): DebugProtocol.Scope {
  const { thread, index, frame } = entry;
  const isLocal = scope.hint === 'locals';
  const variablesReference = debuggee.references.ofContainer(
    `scope ${thread.id} ${index} ${scope.name}`,
    {
      frame,
      children: (start = 0, count = Number.POSITIVE_INFINITY) =>
        scope.values().slice(start, start + count),
    },
  );
  return {
    name: scope.name,
    variablesReference,
    expensive: scope.hint === 'globals',
    ...(isLocal ? { presentationHint: 'locals' } : {}),
  };
}
