/**
 * From a scenario's text to an image that runs: parse, check, compile with the models of a runtime
 * profile. The parsed models of a profile are kept.
 */
import type { Diagnostic, SourceFile } from '../language/diagnostics.ts';
import type { Image } from '../language/image.ts';
import type { ExpectationNode, FileNode } from '../language/ast.ts';

export const DEFAULT_PROFILE = 'go1.23';

export interface LoadRequest {
  /** Without it: the only or first scenario of the file. */
  readonly scenario?: string;
  /** Without it: the profile of the file's `runtime` line, or DEFAULT_PROFILE. */
  readonly runtime?: string;
  /** Override the options of the `runtime` line and those of the profile. */
  readonly options?: Readonly<Record<string, number>>;
}

export interface LoadResult {
  /** Null when there are errors or there is a `problem`. */
  readonly image: Image | null;
  /** Of the scenario file, and (our bug) of models. */
  readonly diagnostics: readonly Diagnostic[];
  /** The scenario's file as diagnostics and the image know it. */
  readonly source: SourceFile;
  readonly file: FileNode;
  /** Of the file, in its order; `main` of a pasted Go program is one too. */
  readonly scenarios: readonly ScenarioSummary[];
  /** The scenario and the profile (without alias) that were chosen; '' when unknown. */
  readonly scenario: string;
  readonly profile: string;
  /** Every profile there is. */
  readonly profileNames: readonly string[];
  /** An unknown scenario, profile or option, or a file without scenario: for people, and says what
   *  there is. */
  readonly problem?: string;
}

export interface ScenarioSummary {
  readonly name: string;
  /** Offsets of the name in the file. */
  readonly start: number;
  readonly end: number;
  readonly expectations: readonly ExpectationNode[];
}

/** Never throws for bad input. */
export function load(
  _source: { readonly path: string; readonly text: string },
  _request: LoadRequest,
): LoadResult {
  throw new Error('internal error: not there yet, please report');
}
