/** Reading what the user names: scenario files, folders of them, traces. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from './command.ts';

/** A file as it was read. */
export interface InputFile {
  readonly path: string;
  readonly text: string;
}

/** Larger files are no scenarios. */
const maxBytes = 10_000_000;

/** Throws a UsageError that says why the file cannot be read. */
export function readInput(file: string): InputFile {
  try {
    const { size } = statSync(file);
    if (size > maxBytes) {
      throw new UsageError(`${file} has ${size} bytes; a scenario file may have ${maxBytes}`);
    }
    return { path: file, text: readFileSync(file, 'utf8').replace(/^\uFEFF/, '') };
  } catch (error) {
    throw error instanceof UsageError ? error : cannot('read', file, error);
  }
}

/** Throws a UsageError that says why the file cannot be written. */
export function writeOutput(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw cannot('write', file, error);
  }
}

/** The scenario files that were named, and those in the folders that were named. */
export function scenarioFiles(named: readonly string[]): string[] {
  const found: string[] = [];
  for (const name of named) {
    if (!isFolder(name)) {
      found.push(name);
      continue;
    }
    const inside = filesBelow(name).filter((file) => file.endsWith('.coro'));
    if (inside.length === 0) throw new UsageError(`there is no .coro file in ${name}`);
    found.push(...inside);
  }
  return [...new Set(found)];
}

export function isFolder(name: string): boolean {
  return statSync(name, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

export function isFile(name: string): boolean {
  return statSync(name, { throwIfNoEntry: false })?.isFile() ?? false;
}

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const name = path.join(folder, entry.name);
      if (entry.name.startsWith('.') || entry.name === 'node_modules') return [];
      return entry.isDirectory() ? filesBelow(name) : [name];
    });
}

function cannot(verb: string, file: string, error: unknown): UsageError {
  const { code, message } = error as NodeJS.ErrnoException;
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: verb === 'read' ? 'there is no such file' : 'there is no such folder',
    EACCES: 'permission denied',
    EISDIR: 'it is a folder',
    ENOTDIR: 'a part of the path is no folder',
  };
  return new UsageError(`cannot ${verb} ${file}: ${reasons[code ?? ''] ?? message}`);
}
