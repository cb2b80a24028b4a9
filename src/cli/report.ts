/** What commands say about loading and running, in one place. */
import process from 'node:process';
import { formatDiagnostic } from '../language/diagnostics.ts';
import type { Image } from '../language/image.ts';
import { load, type LoadRequest, type LoadResult } from '../run/load.ts';
import type { OutputLine } from '../run/timeline.ts';
import { countOf } from '../run/words.ts';
import { type Given, UsageError } from './command.ts';
import type { InputFile } from './files.ts';

/** Diagnostics that are shown of one file; the rest is counted. */
const maxDiagnostics = 50;

/** Loads a scenario; says what is wrong on standard error and throws when it cannot run. */
export function loadOrReport(
  file: InputFile,
  request: LoadRequest,
): LoadResult & { readonly image: Image } {
  const loaded = load(file, request);
  const { image, diagnostics, problem } = loaded;
  for (const diagnostic of diagnostics.slice(0, maxDiagnostics)) {
    process.stderr.write(`${formatDiagnostic(diagnostic)}\n`);
  }
  if (diagnostics.length > maxDiagnostics) {
    process.stderr.write(`… and ${diagnostics.length - maxDiagnostics} more\n`);
  }
  if (problem !== undefined) throw new UsageError(`${file.path}: ${problem}`);
  if (image === null) {
    const errors = diagnostics.filter((one) => one.severity === 'error').length;
    throw new UsageError(`${file.path}: ${countOf(errors, 'error')}`);
  }
  return { ...loaded, image };
}

/** Options of the profile that were given as `--set name=value`. */
export function optionsGiven(settings: readonly string[]): Record<string, number> {
  const options: Record<string, number> = {};
  for (const setting of settings) {
    const match = /^([\p{L}_][\p{L}\p{N}_-]*)=(\d{1,9})$/u.exec(setting);
    if (match === null) {
      throw new UsageError(`--set takes NAME=NUMBER, such as gomaxprocs=1, not '${setting}'`);
    }
    options[match[1]] = Number(match[2]);
  }
  return options;
}

/** The lines that were printed, both streams in their order. */
export function linesOf(output: readonly OutputLine[]): string[] {
  const text = output.map((one) => one.text).join('');
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

/** What a run was asked to look for, to be asked again where a schedule is replayed: `--leaks `. */
export function lookedFor(given: Given): string {
  return ['races', 'leaks'].map((kind) => (given.flag(kind) ? `--${kind} ` : '')).join('');
}
