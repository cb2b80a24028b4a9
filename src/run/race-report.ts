/** Data races for people: in a line, as an outcome; and in full, after the report of Go's detector. */
import { positionAt } from '../language/diagnostics.ts';
import { GLOBALS, type Image } from '../language/image.ts';
import { INSTRUCTION_WORDS } from '../language/instructions.ts';
import type { Machine } from '../machine/machine.ts';
import { addressName } from './operations.ts';
import type { Race, RaceAccess } from './races.ts';

/** Longer pieces of source are no name of a variable. */
const LONGEST_NAME = 40;

/**
 * `counter: write at race.coro:12, read at race.coro:15`: the same words whichever of the two came
 * first, and whoever did them.
 */
export function raceText(machine: Machine, race: Race): string {
  const { image } = machine;
  const [first, second] = inOrder(image, race);
  const sides = [first, second].map((side) => `${deed(side)} at ${placeText(image, side.pc)}`);
  return `${nameOf(machine, race.address, first, second)}: ${sides.join(', ')}`;
}

/** The first of several races, as people read. */
export function firstRace(machine: Machine, races: readonly Race[]): Race {
  const ordered = races.map((race) => ({ race, text: raceText(machine, race) }));
  ordered.sort((a, b) => (a.text < b.text ? -1 : 1));
  return ordered[0].race;
}

/** Several lines, in the words of Go's own report, with the variable in place of its address. */
export function raceReport(machine: Machine, race: Race): string {
  const { image } = machine;
  const { now, before } = race;
  const name = nameOf(machine, race.address, ...inOrder(image, race));
  const who = (side: RaceAccess) => whoIs(image, side.number);
  const lines = [
    '==================',
    'WARNING: DATA RACE',
    `${capital(deed(now))} at ${name} by ${who(now)}:`,
    ...frameLines(image, now.pc),
    '',
    `Previous ${deed(before)} at ${name} by ${who(before)}:`,
    ...frameLines(image, before.pc),
  ];
  for (const side of [now, before]) {
    if (side.startPc < 0 || isFirst(image, side.number)) continue;
    const life = side.hasEnded ? 'finished' : 'running';
    lines.push('', `${capital(who(side))} (${life}) created at:`);
    lines.push(...frameLines(image, side.startPc));
  }
  lines.push('==================');
  return `${lines.join('\n')}\n`;
}

/** By place in the text; of one place the write first. */
function inOrder(image: Image, { now, before }: Race): [RaceAccess, RaceAccess] {
  const key = (side: RaceAccess) => {
    const index = side.pc / INSTRUCTION_WORDS;
    return [image.sourceFiles[index], image.sourceStarts[index], side.isWrite ? 0 : 1, side.pc];
  };
  const [a, b] = [key(now), key(before)];
  const difference = a.findIndex((part, i) => part !== b[i]);
  return difference >= 0 && a[difference] > b[difference] ? [before, now] : [now, before];
}

function deed({ isWrite, isAtomic }: RaceAccess): string {
  return `${isAtomic ? 'atomic ' : ''}${isWrite ? 'write' : 'read'}`;
}

/** A global by its name; what lies elsewhere by what the text calls it there. */
function nameOf(machine: Machine, address: number, a: RaceAccess, b: RaceAccess): string {
  const { image } = machine;
  if (address >= GLOBALS && address < image.globalsEnd) return addressName(image, machine, address);
  const texts = [a, b].filter((side) => !side.isAtomic).map((side) => sourceText(image, side.pc));
  const name = texts.find((text) => /^[\p{L}_][\p{L}\p{N}_.[\]*]*$/u.test(text));
  if (name !== undefined) return name;
  // A loop over a function keeps account of its turns in variables that no text stands for.
  if (texts.every((text) => text === '')) return 'state of the loop';
  return texts.find((text) => text.length <= LONGEST_NAME) ?? 'memory';
}

/** What the variable is called where it is read or written: the target of an assignment, the
 *  channel that is sent to or closed, the slice that is appended to. */
function sourceText(image: Image, pc: number): string {
  const index = pc / INSTRUCTION_WORDS;
  const { text } = image.files[image.sourceFiles[index]];
  const source = text.slice(image.sourceStarts[index], image.sourceEnds[index]);
  const channel = /^(?:(?:close|append|copy)\(([^(),]*).*|([^<]*?)\s*<-.*)$/.exec(source);
  if (channel !== null) return channel[1] ?? channel[2];
  const target = /^([^=(]*?)\s*(?:[-+*/%&|^]|<<|>>|&\^)?(?:=[^=]|\+\+|--)/.exec(source);
  return (target === null ? source : target[1]).trim();
}

/** `race.coro:12`, without folders. */
function placeText(image: Image, pc: number): string {
  const { path, line } = positionOf(image, pc);
  return `${path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)}:${line}`;
}

function positionOf(image: Image, pc: number): { path: string; line: number } {
  const index = pc / INSTRUCTION_WORDS;
  const file = image.files[image.sourceFiles[index]];
  return { path: file.path, line: positionAt(file, image.sourceStarts[index]).line };
}

function frameLines(image: Image, pc: number): string[] {
  const info = image.functions.find(({ start, end }) => pc >= start && pc < end);
  const { path, line } = positionOf(image, pc);
  return [`  ${info?.name ?? '?'}()`, `      ${path}:${line}`];
}

function hasGoroutines(image: Image): boolean {
  return image.runtimeFunctions['newproc'] !== undefined && image.profile.startsWith('go');
}

function isFirst(image: Image, number: number): boolean {
  return number === (hasGoroutines(image) ? 1 : 0);
}

function whoIs(image: Image, number: number): string {
  const kind = hasGoroutines(image) ? 'goroutine' : 'thread';
  return isFirst(image, number) ? `main ${kind}` : `${kind} ${number}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
