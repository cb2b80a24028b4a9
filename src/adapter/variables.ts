/** Variables: what is inside a scope or a value, page by page, and changing it. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { assign } from '../run/assign.ts';
import { evaluate } from '../run/evaluate.ts';
import type { EvaluationError } from '../run/evaluate.ts';
import type { Frame, Value } from '../run/inspect.ts';
import { optionalInteger, optionalText, requireInteger, requireText } from './arguments.ts';
import type { Arguments } from './arguments.ts';
import { tellOutput } from './console.ts';
import type { Debuggee, Program } from './debuggee.ts';
import { badArgument, cannotAssign, cannotEvaluate, unknownVariable } from './errors.ts';
import { toMemoryReference } from './memory.ts';
import type { Call, Handlers } from './requests.ts';

export const variableRequests = { variables, setVariable, setExpression } satisfies Handlers;

/** Children that are given at most when the client asks for all of them. */
const maxChildren = 10_000;

function variables(debuggee: Debuggee, args: Arguments): DebugProtocol.VariablesResponse['body'] {
  const { inspector } = debuggee.atRest('variables');
  const container = debuggee.references.container(requireInteger(args, 'variablesReference'));
  const start = Math.max(0, optionalInteger(args, 'start', 0));
  const count = optionalInteger(args, 'count', 0);
  const children = container.children(
    start,
    count > 0 ? Math.min(count, maxChildren) : maxChildren,
  );
  const filter = optionalText(args, 'filter');
  // A container has children of one sort; asked for the other one it has none.
  const isIndexed = children.length > 0 && children.every(({ name }) => /^\[\d+\]$/.test(name));
  if ((filter === 'indexed' && !isIndexed) || (filter === 'named' && isIndexed)) {
    return { variables: [] };
  }
  return { variables: children.map((value) => variableOf(debuggee, container.frame, value)) };

  function variableOf(owner: Debuggee, frame: Frame | null, value: Value): DebugProtocol.Variable {
    const { name, evaluateName } = value;
    return {
      name,
      ...bodyOf(owner, inspector, frame, value),
      ...(evaluateName === null ? {} : { evaluateName }),
      presentationHint: {
        kind: 'data',
        attributes: value.address < 0 || value.childCount > 0 ? ['readOnly'] : [],
      },
    };
  }
}

/** The part of a variable that the answers of `evaluate` and `setVariable` have, too. */
export function bodyOf(
  debuggee: Debuggee,
  inspector: Program['inspector'],
  frame: Frame | null,
  value: Value,
) {
  const counted = value.indexed ? 'indexedVariables' : 'namedVariables';
  return {
    value: value.text,
    type: value.typeName,
    variablesReference: referenceOf(debuggee, inspector, frame, value),
    ...(value.childCount > 0 ? { [counted]: value.childCount } : {}),
    ...(value.address > 0 ? { memoryReference: toMemoryReference(value.address) } : {}),
  };
}

/** The reference under which the client finds the children of `value`, or 0. */
function referenceOf(
  debuggee: Debuggee,
  inspector: Program['inspector'],
  frame: Frame | null,
  value: Value,
): number {
  if (value.childCount === 0) return 0;
  const place = value.address < 0 ? `temporary ${value.words.join(' ')}` : String(value.address);
  const name = value.evaluateName ?? value.name;
  const key = `value ${frame?.fp ?? 0} ${place} ${value.type} ${name}`;
  return debuggee.references.ofContainer(key, {
    frame,
    children: (start, count) => inspector.childrenOf(value, start, count),
  });
}

function setVariable(
  debuggee: Debuggee,
  args: Arguments,
  call: Call,
): DebugProtocol.SetVariableResponse['body'] {
  const program = debuggee.atRest('setVariable');
  const container = debuggee.references.container(requireInteger(args, 'variablesReference'));
  const name = requireText(args, 'name');
  const place = container.children(0, maxChildren).find((value) => value.name === name);
  if (place === undefined) throw unknownVariable(name);
  return setPlace(debuggee, program, container.frame, place, requireText(args, 'value'), call);
}

function setExpression(
  debuggee: Debuggee,
  args: Arguments,
  call: Call,
): DebugProtocol.SetExpressionResponse['body'] {
  const program = debuggee.atRest('setExpression');
  const frame = frameArgument(debuggee, args);
  const place = succeed(evaluate(program.inspector, frame, requireText(args, 'expression')));
  return setPlace(debuggee, program, frame, place, requireText(args, 'value'), call);
}

/** Sets `place` to the value of `text`: a branch begins, and what the client shows is outdated. */
export function setPlace(
  debuggee: Debuggee,
  program: Program,
  frame: Frame | null,
  place: Value,
  text: string,
  call: Call,
) {
  if (place.address < 0) throw cannotAssign(`${place.name} has no place that could be changed`);
  const { timeline, inspector } = program;
  const result = assign(timeline, inspector, frame, place, text);
  if ('error' in result) throw cannotAssign(result.error);
  call.afterwards(() => {
    tellOutput(debuggee, program);
    if (!debuggee.client.supportsInvalidated) return;
    debuggee.send('invalidated', { areas: ['variables', 'stacks', 'threads'] });
  });
  return bodyOf(debuggee, inspector, frame, result);
}

/** The frame that the argument `frameId` means; null without it. */
export function frameArgument(debuggee: Debuggee, args: Arguments): Frame | null {
  const frameId = optionalInteger(args, 'frameId', 0);
  if (frameId < 0) throw badArgument('frameId', 'the id of a stack frame');
  return frameId === 0 ? null : debuggee.references.frame(frameId).frame;
}

/** A value, or the error that says why there is none. */
export function succeed(result: Value | EvaluationError): Value {
  if ('error' in result) throw cannotEvaluate(result.error);
  return result;
}
