/**
 * What the language tools say about bad input: plain data, offsets into the source text.
 *
 * Invariant: no function of this folder throws for bad input. It returns what it understood and
 * a list of diagnostics.
 */

/** A source text with the name that people see. `path` is what a debugger opens. */
export interface SourceFile {
  /** A file path or URI of the scenario, or `coroscope-model:/go/coro.coro` for a model. */
  readonly path: string;
  readonly text: string;
  /** Models may use model-only constructs and the package `machine`. */
  readonly isModel: boolean;
}

/** Half-open range of UTF-16 offsets in one file. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** One mistake (or warning) in a source file. */
export interface Diagnostic {
  readonly file: SourceFile;
  readonly span: Span;
  readonly severity: 'error' | 'warning';
  /** Stable kebab-case name of the kind of mistake, e.g. `undefined-name`. */
  readonly code: string;
  /** What is wrong, in a sentence without a final full stop. */
  readonly message: string;
  /** How to mend it, when we know. */
  readonly help?: string;
}

/** 1-based line and column (UTF-16 units) of an offset. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

const lineStartCache = new WeakMap<SourceFile, Int32Array>();

/** Offsets at which the lines of `file` begin; computed once a file. */
export function lineStarts(file: SourceFile): Int32Array {
  let starts = lineStartCache.get(file);
  if (!starts) {
    const found = [0];
    for (let i = 0; i < file.text.length; i++) {
      if (file.text.charCodeAt(i) === 10) found.push(i + 1);
    }
    starts = Int32Array.from(found);
    lineStartCache.set(file, starts);
  }
  return starts;
}

/** The 1-based position of `offset`; offsets past the end are clamped. */
export function positionAt(file: SourceFile, offset: number): Position {
  const starts = lineStarts(file);
  const clamped = Math.max(0, Math.min(offset, file.text.length));
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle] <= clamped) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: clamped - starts[low] + 1 };
}

/** `path:line:column: error: message (help)`, the form terminals and problem matchers know. */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const { line, column } = positionAt(diagnostic.file, diagnostic.span.start);
  const help = diagnostic.help ? ` (${diagnostic.help})` : '';
  const { path } = diagnostic.file;
  return `${path}:${line}:${column}: ${diagnostic.severity}: ${diagnostic.message}${help}`;
}
