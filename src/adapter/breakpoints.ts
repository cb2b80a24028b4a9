/** Breakpoints on lines, functions and instructions, and where they may stand. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { BreakpointRequest, PlacedBreakpoint } from '../run/breakpoints.ts';
import {
  asRecord,
  listOfRecords,
  optionalInteger,
  optionalText,
  requireInteger,
  requireText,
} from './arguments.ts';
import type { Arguments } from './arguments.ts';
import type { BookedFile, BookedLine } from './breakpoint-book.ts';
import type { Debuggee, Program } from './debuggee.ts';
import { parseReference } from './disassembly.ts';
import { tellPastLogs } from './past-hits.ts';
import { toClientColumn, toClientLine, toOurColumn, toOurLine } from './positions.ts';
import type { Call, Handlers } from './requests.ts';
import { fileOfSource, sourceKey, sourceOf } from './sources.ts';

export const breakpointRequests = {
  setBreakpoints,
  setFunctionBreakpoints,
  setInstructionBreakpoints,
  breakpointLocations,
} satisfies Handlers;

type Placed = DebugProtocol.SetBreakpointsResponse['body'];

function setBreakpoints(debuggee: Debuggee, args: Arguments, call: Call): Placed {
  const source = asRecord(args.source);
  const key = sourceKey(source);
  const oldStyle = Array.isArray(args.breakpoints) ? [] : linesOnly(args);
  const lines = [...listOfRecords(args, 'breakpoints'), ...oldStyle].map((item) => ({
    ...commonOf(debuggee, item),
    line: toOurLine(debuggee, requireInteger(item, 'line')),
    column: ourColumn(debuggee, item),
  }));
  const booked: BookedFile = { source, lines };
  const before = debuggee.book.files.get(key)?.lines ?? [];
  if (lines.length === 0) debuggee.book.files.delete(key);
  else debuggee.book.files.set(key, booked);
  const breakpoints = placeFile(debuggee, booked);
  tellPastOf(debuggee, newLogPoints(lines, before), call);
  return { breakpoints };
}

/** Log points that were not there before, by id. */
function newLogPoints(now: readonly BookedLine[], before: readonly BookedLine[]): Set<number> {
  const isNew = (one: BookedLine) =>
    one.logMessage !== undefined &&
    !before.some((old) => old.line === one.line && old.logMessage === one.logMessage);
  return new Set(now.filter(isNew).map(({ id }) => id));
}

function tellPastOf(debuggee: Debuggee, ids: ReadonlySet<number>, call: Call): void {
  const { program } = debuggee;
  if (ids.size === 0 || program === null || debuggee.phase !== 'stopped') return;
  call.afterwards(() => tellPastLogs(debuggee, program, ids, call));
}

function linesOnly(args: Arguments): Arguments[] {
  return Array.isArray(args.lines) ? args.lines.map((line: unknown) => ({ line })) : [];
}

function setFunctionBreakpoints(debuggee: Debuggee, args: Arguments): Placed {
  debuggee.book.functions = listOfRecords(args, 'breakpoints').map((item) => ({
    ...commonOf(debuggee, item),
    name: requireText(item, 'name').trim(),
  }));
  return { breakpoints: placeFunctions(debuggee) };
}

function setInstructionBreakpoints(debuggee: Debuggee, args: Arguments): Placed {
  debuggee.book.instructions = listOfRecords(args, 'breakpoints').map((item) => {
    const reference = parseReference(requireText(item, 'instructionReference'));
    const offset = optionalInteger(item, 'offset', 0);
    return { ...commonOf(debuggee, item), pc: reference + offset };
  });
  return { breakpoints: placeInstructions(debuggee) };
}

function breakpointLocations(
  debuggee: Debuggee,
  args: Arguments,
): DebugProtocol.BreakpointLocationsResponse['body'] {
  const { image, breakpoints } = debuggee.launched('breakpointLocations');
  const file = fileOfSource(image, asRecord(args.source));
  if (file < 0) return { breakpoints: [] };
  const first = requireInteger(args, 'line');
  const last = Math.min(optionalInteger(args, 'endLine', first), first + maxLocationLines);
  const places = breakpoints.locations(
    image.files[file].path,
    toOurLine(debuggee, first),
    toOurLine(debuggee, last),
  );
  return {
    breakpoints: places.map(({ line = 1, column, endLine, endColumn }) => ({
      line: toClientLine(debuggee, line),
      ...optionally('column', column, (value) => toClientColumn(debuggee, value)),
      ...optionally('endLine', endLine, (value) => toClientLine(debuggee, value)),
      ...optionally('endColumn', endColumn, (value) => toClientColumn(debuggee, value)),
    })),
  };
}

/** More lines than any scenario has, so that a huge range costs nothing. */
const maxLocationLines = 100_000;

/**
 * Sets all breakpoints of the book in a program that was just loaded, and tells the client where
 * they came to lie.
 */
export function placeAll(debuggee: Debuggee): void {
  const placed = [
    ...[...debuggee.book.files.values()].flatMap((file) => placeFile(debuggee, file)),
    ...placeFunctions(debuggee),
    ...placeInstructions(debuggee),
  ];
  for (const breakpoint of placed) {
    debuggee.send('breakpoint', { reason: 'changed', breakpoint });
  }
}

function placeFile(debuggee: Debuggee, booked: BookedFile): DebugProtocol.Breakpoint[] {
  const { program } = debuggee;
  if (program === null) return unplaced(booked.lines);
  const file = fileOfSource(program.image, booked.source);
  if (file < 0) {
    const name = program.image.scenario.name;
    return unplaced(booked.lines, `No part of this file runs in the scenario ${name}.`);
  }
  const { path } = program.image.files[file];
  const wanted = booked.lines.map((line) => ({ ...line, path }));
  return program.breakpoints.setLines(path, wanted).map(toClient(debuggee, program));
}

function placeFunctions(debuggee: Debuggee): DebugProtocol.Breakpoint[] {
  const { program, book } = debuggee;
  if (program === null) return unplaced(book.functions);
  return program.breakpoints.setFunctions(book.functions).map(toClient(debuggee, program));
}

function placeInstructions(debuggee: Debuggee): DebugProtocol.Breakpoint[] {
  const { program, book } = debuggee;
  if (program === null) return unplaced(book.instructions);
  return program.breakpoints.setInstructions(book.instructions).map(toClient(debuggee, program));
}

function unplaced(
  wanted: readonly BreakpointRequest[],
  message = 'It is set when the scenario is loaded.',
): DebugProtocol.Breakpoint[] {
  return wanted.map(({ id }) => ({ id, verified: false, message }));
}

function toClient(debuggee: Debuggee, program: Program) {
  return (placed: PlacedBreakpoint): DebugProtocol.Breakpoint => {
    const { id, verified, path, message } = placed;
    const file = program.image.files.findIndex((candidate) => candidate.path === path);
    return {
      id,
      verified,
      ...optionally('message', message, String),
      ...(file < 0 ? {} : { source: sourceOf(debuggee, program.image, file) }),
      ...optionally('line', placed.line, (line) => toClientLine(debuggee, line)),
      ...optionally('column', placed.column, (column) => toClientColumn(debuggee, column)),
      ...optionally('endLine', placed.endLine, (line) => toClientLine(debuggee, line)),
      ...optionally('endColumn', placed.endColumn, (column) => toClientColumn(debuggee, column)),
    };
  };
}

function commonOf(debuggee: Debuggee, item: Arguments): BreakpointRequest {
  return {
    id: debuggee.book.newId(),
    condition: meant(optionalText(item, 'condition')),
    hitCondition: meant(optionalText(item, 'hitCondition')),
    logMessage: meant(optionalText(item, 'logMessage')),
  };
}

/** Clients send '' for a field that was left empty. */
function meant(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text;
}

function ourColumn(debuggee: Debuggee, item: Arguments): number | undefined {
  if (item.column === undefined || item.column === null) return undefined;
  return toOurColumn(debuggee, requireInteger(item, 'column'));
}

function optionally<Name extends string, From, To>(
  name: Name,
  value: From | undefined,
  convert: (value: From) => To,
): { [key in Name]?: To } {
  return value === undefined ? {} : ({ [name]: convert(value) } as { [key in Name]?: To });
}
