/**
 * You are the scheduler: the targets of a step in are the transitions that are enabled, and the one
 * that is picked is taken.
 *
 * Between two transitions a thread works on its own, up to the next thing that others may see. A
 * stop mostly lies in such a stretch; the targets are those at its end.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { awayFrom } from '../run/looking-back.ts';
import { operationText } from '../run/operations.ts';
import type { Choice } from '../run/policy.ts';
import type { Work } from '../run/slices.ts';
import { requireInteger } from './arguments.ts';
import type { Arguments } from './arguments.ts';
import { tellOutput } from './console.ts';
import type { Debuggee, Program } from './debuggee.ts';
import { RequestError, unknownTarget } from './errors.ts';
import type { Call, Handlers } from './requests.ts';
import { inSlices } from './slices.ts';
import { arrive, showStop } from './stops.ts';
import { threadOfMachine } from './threads.ts';

export const targetRequests = { stepInTargets } satisfies Handlers;

/** `text`: what is done when it is taken. */
type LabelledChoice = Choice & { readonly text: string };

async function stepInTargets(
  debuggee: Debuggee,
  args: Arguments,
  call: Call,
): Promise<DebugProtocol.StepInTargetsResponse['body']> {
  const program = debuggee.atRest('stepInTargets');
  debuggee.references.frame(requireInteger(args, 'frameId'));
  const choices = await inSlices(debuggee, program, call, enabledChoices(program));
  const targets = choices.map((choice, index) => ({
    id: index + 1,
    label: labelOf(program, choice),
  }));
  return { targets };
}

/** `G7 on M2: lock sched.lock` */
function labelOf(program: Program, { thread, text }: LabelledChoice): string {
  const goroutine = program.inspector.goroutineOf(thread);
  const who = goroutine === null ? `M${thread}` : `${goroutine.shortName} on M${thread}`;
  return `${who}: ${text}`;
}

/** What may move at the end of the step in progress; the present stays where it is. */
function enabledChoices({ timeline }: Program): Work<readonly LabelledChoice[]> {
  return awayFrom(timeline, look());

  function* look(): Work<readonly LabelledChoice[]> {
    if (timeline.insideStep) yield* timeline.goForward();
    return timeline.choices().map((choice) => {
      return { ...choice, text: operationText(timeline.machine, choice) };
    });
  }
}

/** Answers a step in with a target: takes that transition, and stops after it. */
export async function takeTarget(
  debuggee: Debuggee,
  args: Arguments,
  call: Call,
): Promise<undefined> {
  const targetId = requireInteger(args, 'targetId');
  const program = debuggee.atRest(call.command);
  const choices = await inSlices(debuggee, program, call, enabledChoices(program));
  const choice = choices[targetId - 1];
  if (choice === undefined) throw unknownTarget(targetId);
  call.afterwards(async () => {
    const { timeline } = program;
    const description = `You chose: ${choice.text}`;
    const isDone = await taken(debuggee, program, call, choice);
    if (debuggee.program !== program) return;
    const goroutine = threadOfMachine(program, choice.thread)?.id ?? null;
    const { outcome } = timeline;
    if (!isDone) {
      arrive(debuggee, program, { reason: 'pause', goroutine, breakpoint: null, outcome });
      return;
    }
    if (outcome !== null) {
      arrive(debuggee, program, { reason: 'end', goroutine, breakpoint: null, outcome });
      return;
    }
    tellOutput(debuggee, program);
    const stop = { reason: 'step', goroutine, breakpoint: null, outcome } as const;
    showStop(debuggee, program, stop, { description });
  });
}

/** Takes the transition; false when it was given up on the way. */
async function taken(
  debuggee: Debuggee,
  program: Program,
  call: Call,
  choice: Choice,
): Promise<boolean> {
  const { timeline } = program;
  const forward = () => inSlices(debuggee, program, call, timeline.goForward());
  try {
    if (timeline.insideStep) await forward();
    tellOutput(debuggee, program);
    if (timeline.decide(choice) === null) await forward();
    return true;
  } catch (error) {
    if (error instanceof RequestError) return false;
    throw error;
  }
}
