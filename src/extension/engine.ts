/**
 * The one place where the extension touches the layers on its left. Nothing here shows anything:
 * it gives plain data, and a debug adapter. Others import it when they need it, not before: that
 * keeps the language and the machine out of the extension's activation.
 */
import type * as vscode from 'vscode';
import { CoroscopeSession, type SessionHost } from '../adapter/session.ts';
import { type FoldingRange, foldingRanges } from '../editor/folding.ts';
import { format } from '../editor/format.ts';
import { selectionRanges } from '../editor/selection.ts';
import { type DocumentSymbol, documentSymbols } from '../editor/symbols.ts';
import { type ClassifiedToken, classifyTokens } from '../editor/token-classes.ts';
import type { FileNode } from '../language/ast.ts';
import type { Diagnostic, SourceFile, Span } from '../language/diagnostics.ts';
import { parse } from '../language/parser.ts';
import { differingFiles } from '../models/difference.ts';
import { profiles } from '../models/profiles.ts';
import { load } from '../run/load.ts';

export { startExploration } from './exploration.ts';
export { hostTeam, workerTeam } from './search-team.ts';
export { serve } from './search-worker.ts';
export { bundleName, workerText } from './worker-channels.ts';

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

/** The outline of the text: its declarations in their order, with members inside. */
export function outlineOf(text: string): DocumentSymbol[] {
  return documentSymbols(treeOf(text));
}

/** What can be folded, by 0-based lines. */
export function foldsOf(text: string): FoldingRange[] {
  return foldingRanges(sourceOf(text));
}

/** For each offset the spans around it, innermost first; the last is the file. */
export function selectionsOf(text: string, offsets: readonly number[]): Span[][] {
  const file = treeOf(text);
  return offsets.map((offset) => selectionRanges(file, offset));
}

/** The text as the formatter lays it out; unchanged while it has syntax errors. */
export function formatted(text: string): string {
  return format(text);
}

/** What names are, in the order of the text. */
export function classesOf(text: string): ClassifiedToken[] {
  return classifyTokens(treeOf(text));
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

function treeOf(text: string): FileNode {
  return parse(sourceOf(text)).file;
}

/** Only the syntax matters here, so that models' constructs are taken everywhere. */
function sourceOf(text: string): SourceFile {
  return { path: '', text, isModel: true };
}
