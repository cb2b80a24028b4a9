/**
 * Lines and columns of the client, which may count from 0 or from 1, and ours, which count from 1.
 */
import type { Debuggee } from './debuggee.ts';

/** Our line of a client's. */
export function toOurLine(debuggee: Debuggee, line: number): number {
  return line + 1 - debuggee.client.lineBase;
}

/** Our column of a client's. */
export function toOurColumn(debuggee: Debuggee, column: number): number {
  return column + 1 - debuggee.client.columnBase;
}

/** The client's line of ours. */
export function toClientLine(debuggee: Debuggee, line: number): number {
  return line - 1 + debuggee.client.lineBase;
}

/** The client's column of ours. */
export function toClientColumn(debuggee: Debuggee, column: number): number {
  return column - 1 + debuggee.client.columnBase;
}
