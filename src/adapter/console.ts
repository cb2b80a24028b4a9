/**
 * What the Debug Console is told: output of the scenario with the line that printed it, log points,
 * branches, the verdict. Output is told once: going back and forth again prints nothing twice.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import {
  expectationsFor,
  isAsExpected,
  judgeRun,
  outcomeText,
  standingText,
} from '../run/expectations.ts';
import type { Frame } from '../run/inspect.ts';
import { lookingAway } from '../run/looking-back.ts';
import { ReplayPolicy } from '../run/replay.ts';
import type { OutputLine, Timeline } from '../run/timeline.ts';
import type { Debuggee, Program } from './debuggee.ts';
import { lineOfInstruction } from './disassembly.ts';
import { toClientLine } from './positions.ts';
import { sourceOf } from './sources.ts';
import { framesOf, threadOfMachine } from './threads.ts';

type Place = { readonly file: number; readonly line: number };

/** Lines of output whose place is looked for at a time; the rest is told without. */
const maxPlaced = 200;

/** Tells what the scenario printed since the last time. */
export function tellOutput(debuggee: Debuggee, program: Program): void {
  const { timeline } = program;
  const { output, branch } = timeline;
  const told = toldOn(debuggee, timeline);
  if (output.length <= told) return;
  const fresh = output.slice(told);
  debuggee.toldLines.set(branch, output.length);
  const places = lookingAway(timeline, () =>
    fresh.slice(0, maxPlaced).map((line) => placeOf(program, line)),
  );
  for (const [index, { stream, text }] of fresh.entries()) {
    tell(debuggee, program, stream === 2 ? 'stderr' : 'stdout', text, places[index] ?? null);
  }
}

/**
 * Where a line of output comes from. With only the user's code in view that is the line of the
 * scenario that led to it, else that of the function that printed. The present moves to the moment
 * of printing.
 */
function placeOf(program: Program, line: OutputLine): Place | null {
  const frames = printingFrames(program, line);
  const own = program.settings.justMyCode ? frames.find((frame) => !frame.isModel) : undefined;
  return own ?? frames[0] ?? lineOfInstruction(program.image, line.pc);
}

/** The last lines that the runtime printed of its own accord before it gave up, oldest first. */
export function runtimeLines(program: Program, maxLines: number): string[] {
  const { timeline } = program;
  const { output } = timeline;
  return lookingAway(timeline, () => {
    const found: string[] = [];
    for (let index = output.length - 1; index >= 0 && found.length < maxLines; index--) {
      const line = output[index];
      if (line.stream !== 2 || printingFrames(program, line)[0]?.isModel !== true) break;
      found.unshift(line.text);
    }
    return found.join('').split('\n');
  });
}

/** The stack that printed a line, without the runtime's printing itself. */
function printingFrames(program: Program, line: OutputLine): readonly Frame[] {
  program.timeline.seekInstruction(line.instruction);
  const thread = threadOfMachine(program, line.thread);
  const frames = thread === null ? [] : framesOf(program, thread);
  const first = frames.findIndex(({ name }) => !/\bprint\w*$|^(?:fmt|os|log)\./.test(name));
  return frames.slice(Math.max(0, first));
}

/** Tells the text of a log point that was passed at `pc`. */
export function tellLog(debuggee: Debuggee, program: Program, text: string, pc: number): void {
  tell(debuggee, program, 'console', `${text}\n`, lineOfInstruction(program.image, pc));
}

/** Tells something about the session that has no place in the sources. */
export function tellNote(debuggee: Debuggee, text: string): void {
  debuggee.send('output', { category: 'console', output: `${text}\n` });
}

/**
 * Lines that the client was told on the present branch. Of a new one it knows what came before
 * the fork; that there is a new one is told here, too.
 */
function toldOn({ toldLines, send }: Debuggee, timeline: Timeline): number {
  const { branch, branches, output } = timeline;
  const known = toldLines.get(branch);
  if (known !== undefined) return known;
  const { parent, sharedSteps } = branches[branch];
  const shared = output.filter(({ step }) => step < sharedSteps).length;
  const told = parent === null ? 0 : Math.min(shared, toldLines.get(parent) ?? 0);
  toldLines.set(branch, told);
  if (parent !== null) {
    const text = `Branch ${branch} begins at step ${sharedSteps}; branch ${parent} is kept.\n`;
    send('output', { category: 'console', output: text });
  }
  return told;
}

/** Tells once that the trace of the launch does not hold any more, and what happens instead. */
export function tellLoss(debuggee: Debuggee, { policy }: Program): void {
  if (debuggee.isLossTold || !(policy instanceof ReplayPolicy) || policy.lost === null) return;
  debuggee.isLossTold = true;
  const output = `${policy.lost}; the run goes on naturally from there\n`;
  debuggee.send('output', { category: 'important', output });
}

/** Tells how the run ended, as the last words of a session. Gives whether that was expected. */
export function tellVerdict(debuggee: Debuggee, { image, timeline }: Program): boolean {
  const { outcome, output } = timeline;
  const { name, expectations: all } = image.scenario;
  const expectations = expectationsFor(all, image.profile);
  const text = output.map((line) => line.text).join('');
  const isExpected = isAsExpected(expectations, { outcome, text });
  const verdict = standingText(expectations, judgeRun(expectations, { outcome, text }));
  tellNote(debuggee, `${name} on ${image.profile}: ${outcomeText(outcome)}; ${verdict}`);
  return isExpected;
}

function tell(
  debuggee: Debuggee,
  program: Program,
  category: string,
  output: string,
  place: Place | null,
): void {
  const body: DebugProtocol.OutputEvent['body'] = { category, output };
  if (place !== null) {
    body.source = sourceOf(debuggee, program.image, place.file);
    body.line = toClientLine(debuggee, place.line);
  }
  debuggee.send('output', body);
}
