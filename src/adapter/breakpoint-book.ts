/**
 * What the client wants to stop at. It is kept apart from the program, because it may be set before
 * a program is launched, and outlives it when the program is launched again.
 */
import type { DataBreakpoint } from '../run/data-breakpoints.ts';
import type {
  FunctionBreakpoint,
  InstructionBreakpoint,
  LineBreakpoint,
} from '../run/breakpoints.ts';

/** A line breakpoint; its file is the key it is kept under. */
export type BookedLine = Omit<LineBreakpoint, 'path'>;

export interface BookedFile {
  /** The source as the client names it: its path, or a reference. */
  readonly source: Readonly<Record<string, unknown>>;
  readonly lines: readonly BookedLine[];
}

export class BreakpointBook {
  #lastId = 0;
  /** By the client's name of the file. */
  readonly files = new Map<string | number, BookedFile>();
  functions: readonly FunctionBreakpoint[] = [];
  instructions: readonly InstructionBreakpoint[] = [];
  data: readonly DataBreakpoint[] = [];

  /** A number that no other breakpoint of the session has. */
  newId(): number {
    this.#lastId++;
    return this.#lastId;
  }
}
