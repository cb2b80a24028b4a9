/**
 * The one place where the extension touches the layers on its left. Nothing here shows anything;
 * everything is plain data or a debug adapter.
 */
import type * as vscode from 'vscode';

/** A problem of a scenario text; offsets are UTF-16 units. */
export interface Problem {
  readonly start: number;
  readonly end: number;
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly message: string;
}

/** What a debug session asks of its host. */
export interface SessionHost {
  /** The text of a file, by file system path or URI. Rejects when it cannot be read. */
  readText(pathOrUri: string): Promise<string>;
}

/** The shipped model sources by path, such as `/go/coro.coro`. */
export function modelSources(): ReadonlyMap<string, string> {
  return new Map();
}

/** Every problem of the text, in its order. */
export function problemsOf(_path: string, _text: string): Problem[] {
  return [];
}

/** A debug adapter that runs inside the extension host. */
export function createAdapter(_host: SessionHost): vscode.DebugAdapter {
  throw new Error('internal error: there is no debug adapter yet, please report');
}
