/**
 * Breakpoints on values: stop when a variable, a field or an element changes, either way in time.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { mistakeIn } from '../run/breakpoint-texts.ts';
import type { DataBreakpoint } from '../run/data-breakpoints.ts';
import { listOfRecords, optionalText, requireText } from './arguments.ts';
import type { Arguments } from './arguments.ts';
import type { Debuggee } from './debuggee.ts';
import type { Handlers } from './requests.ts';
import { placeArgument } from './travel.ts';

export const dataBreakpointRequests = { dataBreakpointInfo, setDataBreakpoints } satisfies Handlers;

/** Words that one data breakpoint may watch. */
const maxWords = 64;

function dataBreakpointInfo(
  debuggee: Debuggee,
  args: Arguments,
): DebugProtocol.DataBreakpointInfoResponse['body'] {
  const program = debuggee.atRest('dataBreakpointInfo');
  const place = placeArgument(debuggee, program, args);
  const name = place.evaluateName ?? place.name;
  if (place.address < 0) return { dataId: null, description: `${name} has no place in memory` };
  const words = Math.max(1, place.words.length);
  if (words > maxWords) {
    return {
      dataId: null,
      description: `${name} is too large: ${words} words, at most ${maxWords}`,
    };
  }
  return {
    dataId: `${place.address}:${words}:${name}`,
    description: name,
    accessTypes: ['write'],
    // A place in memory belongs to this launch; the next one may lay things out otherwise.
    canPersist: false,
  };
}

function setDataBreakpoints(
  debuggee: Debuggee,
  args: Arguments,
): DebugProtocol.SetDataBreakpointsResponse['body'] {
  const placed: DataBreakpoint[] = [];
  const answers = listOfRecords(args, 'breakpoints').map((item): DebugProtocol.Breakpoint => {
    const id = debuggee.book.newId();
    const match = /^(\d{1,9}):(\d{1,2}):([^]*)$/.exec(requireText(item, 'dataId'));
    const memoryWords = debuggee.program?.timeline.machine.memory.length ?? 0;
    const [address, words] = match === null ? [0, 0] : [Number(match[1]), Number(match[2])];
    if (match === null || words > maxWords || address + words > memoryWords) {
      return { id, verified: false, message: 'This is no value of the scenario.' };
    }
    const accessType = optionalText(item, 'accessType') ?? 'write';
    if (accessType !== 'write') {
      return { id, verified: false, message: 'Only changes can be watched, not reads.' };
    }
    const texts = {
      condition: optionalText(item, 'condition') || undefined,
      hitCondition: optionalText(item, 'hitCondition') || undefined,
    };
    // Where it is changed is not known: names are looked up there.
    const mistake = mistakeIn(texts, null);
    if (mistake !== null) return { id, verified: false, message: mistake };
    placed.push({ id, address, words, name: match[3], ...texts });
    return { id, verified: true };
  });
  debuggee.book.data = placed;
  return { breakpoints: answers };
}
