/**
 * The one place where the extension touches the layers on its left. Nothing here shows anything:
 * it gives plain data, and a debug adapter. Others import it when they need it, not before: that
 * keeps the language and the machine out of the extension's activation.
 */
import type * as vscode from 'vscode';
import { CoroscopeSession, type SessionHost } from '../adapter/session.ts';
import type { Diagnostic } from '../language/diagnostics.ts';
import { differingFiles } from '../models/difference.ts';
import { profiles } from '../models/profiles.ts';
import { load } from '../run/load.ts';

/** A problem of a scenario text; offsets are UTF-16 units. */
export interface Problem {
  readonly start: number;
  readonly end: number;
  readonly severity: 'error' | 'warning';
  readonly code: string;
  /** What is wrong and, on a line of its own, how to mend it. */
  readonly message: string;
}

/** The shipped model sources by path, such as `/go/coro.coro`. */
export function modelSources(): ReadonlyMap<string, string> {
  const files = [...profiles.values()].flatMap((profile) => profile.files);
  return new Map(files.map(({ path, text }) => [`/${path}`, text]));
}

/** The runtime profiles, oldest first, with what they are in a line. */
export function profileChoices(): { name: string; description: string }[] {
  return [...profiles.values()].map(({ name, description }) => ({ name, description }));
}

/** Paths of the model files that differ between two profiles; null where one has none. */
export function modelDifferences(
  before: string,
  after: string,
): { before: string | null; after: string | null }[] {
  const left = profiles.get(before);
  const right = profiles.get(after);
  if (left === undefined || right === undefined) return [];
  return differingFiles(left, right).map((pair) => ({
    before: pair.before && `/${pair.before.path}`,
    after: pair.after && `/${pair.after.path}`,
  }));
}

/** Every problem of the text, in its order. */
export function problemsOf(path: string, text: string): Problem[] {
  const { source, diagnostics, problem } = load({ path, text }, {});
  const own = diagnostics.filter((diagnostic) => diagnostic.file === source).map(toProblem);
  if (problem === undefined) return own;
  return [...own, { start: 0, end: 0, severity: 'warning', code: 'no-scenario', message: problem }];
}

/** A debug adapter that runs inside the extension host. */
export function createAdapter(host: SessionHost): vscode.DebugAdapter {
  // The DAP library implements VS Code's interface, but types messages by the protocol.
  return new CoroscopeSession(host) as unknown as vscode.DebugAdapter;
}

function toProblem({ span, severity, code, message, help }: Diagnostic): Problem {
  const text = help === undefined ? message : `${message}\n${help}`;
  return { start: span.start, end: span.end, severity, code, message: text };
}
