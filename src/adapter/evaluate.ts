/** Expressions of watches, hovers and the console, and the console's completions. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { complete } from '../run/complete.ts';
import { evaluate as evaluateText } from '../run/evaluate.ts';
import type { Frame, Value } from '../run/inspect.ts';
import { optionalInteger, optionalText, requireInteger, requireText } from './arguments.ts';
import type { Arguments } from './arguments.ts';
import type { Debuggee, Program } from './debuggee.ts';
import { beginNearest } from './nearest.ts';
import { toClientColumn, toOurColumn, toOurLine } from './positions.ts';
import { queueAnswer } from './queue.ts';
import { beginReaching } from './reach.ts';
import type { Call, Handlers } from './requests.ts';
import { anyThread, findThread, framesOf } from './threads.ts';
import { bodyOf, frameArgument, setPlace, succeed } from './variables.ts';

export const evaluateRequests = { evaluate, completions } satisfies Handlers;

type Body = DebugProtocol.EvaluateResponse['body'];

/** `place = value`, but not a comparison. */
const assignment = /^([^=!<>:+\-*/%&|^"'`]+)=(?!=)([^]*)$/;

async function evaluate(debuggee: Debuggee, args: Arguments, call: Call): Promise<Body> {
  const program = debuggee.atRest('evaluate');
  const text = requireText(args, 'expression').trim();
  const context = optionalText(args, 'context');
  const frame = frameArgument(debuggee, args) ?? topFrame(debuggee, program);
  const { inspector } = program;
  const parts = context === 'repl' ? assignment.exec(text) : null;
  if (parts !== null) {
    const place = succeed(evaluateText(inspector, frame, parts[1].trim()));
    return toResult(setPlace(debuggee, program, frame, place, parts[2].trim(), call));
  }
  const found = evaluateText(inspector, frame, text);
  if (context === 'repl' && text === 'queue' && 'error' in found) {
    return { result: queueAnswer(program), variablesReference: 0 };
  }
  if (context === 'repl' && text === 'nearest' && 'error' in found) {
    return { result: await beginNearest(debuggee, program, call), variablesReference: 0 };
  }
  const reach =
    context === 'repl' && 'error' in found ? /^reach\b(?!\s*[.([])(.*)$/s.exec(text) : null;
  if (reach !== null) {
    return { result: beginReaching(debuggee, program, reach[1]), variablesReference: 0 };
  }
  const value = succeed(found);
  if (context === 'clipboard') {
    return { result: spelledOut(program, value, '', 0).join('\n'), variablesReference: 0 };
  }
  return toResult(bodyOf(debuggee, inspector, frame, value));
}

function toResult(body: ReturnType<typeof bodyOf>): Body {
  const { value, ...rest } = body;
  return { result: value, ...rest };
}

/** Where an expression without a frame is meant: the place where the scenario stopped. */
function topFrame(debuggee: Debuggee, program: Program): Frame | null {
  const thread = findThread(program, debuggee.focus) ?? anyThread(program);
  return thread === null ? null : (framesOf(program, thread)[0] ?? null);
}

const maxCopiedDepth = 4;
const maxCopiedChildren = 200;

/** A value with its children, one a line: what goes to the clipboard. */
function spelledOut(program: Program, value: Value, indent: string, depth: number): string[] {
  if (value.childCount === 0 || depth >= maxCopiedDepth) return [`${indent}${value.text}`];
  const children = program.inspector.childrenOf(value, 0, maxCopiedChildren);
  const lines = children.flatMap((child) => {
    const [first, ...rest] = spelledOut(program, child, `${indent}  `, depth + 1);
    return [`${indent}  ${child.name}: ${first.trimStart()}`, ...rest];
  });
  const left = value.childCount - children.length;
  return [`${indent}${value.text}`, ...lines, ...(left > 0 ? [`${indent}  … ${left} more`] : [])];
}

function completions(
  debuggee: Debuggee,
  args: Arguments,
): DebugProtocol.CompletionsResponse['body'] {
  const { program } = debuggee;
  const text = requireText(args, 'text');
  const column = toOurColumn(debuggee, requireInteger(args, 'column'));
  const line = toOurLine(debuggee, optionalInteger(args, 'line', debuggee.client.lineBase));
  const lines = text.split('\n');
  const written = (lines[line - 1] ?? '').slice(0, Math.max(0, column - 1));
  const lineStart = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  if (program === null || debuggee.phase !== 'stopped') return { targets: [] };
  const frame = frameArgument(debuggee, args) ?? topFrame(debuggee, program);
  const begun = /[\p{L}\p{N}_]*$/u.exec(written)?.[0] ?? '';
  const found = complete(program.inspector, frame, written);
  return {
    targets: found.map(({ label, kind }) => ({
      label,
      type: kind,
      start: toClientColumn(debuggee, lineStart + written.length - begun.length + 1),
      length: begun.length,
    })),
  };
}
