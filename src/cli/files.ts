/** Reading what the user names: scenario files, folders of them, traces. */
import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { decodeSource } from '../language/source-text.ts';
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
    return { path: file, text: textOf(isFile(file) ? readFileSync(file) : readStream(file)) };
  } catch (error) {
    throw error instanceof UsageError ? error : cannot('read', file, error);
  }
}

/** A pipe or a device, which does not say how long it is. */
function readStream(file: string): Buffer {
  const descriptor = openSync(file, 'r');
  const chunks: Buffer[] = [];
  try {
    for (let size = 0; size <= maxBytes; ) {
      const chunk = Buffer.allocUnsafe(65_536);
      const count = readSync(descriptor, chunk);
      if (count === 0) return Buffer.concat(chunks);
      chunks.push(chunk.subarray(0, count));
      size += count;
    }
  } finally {
    closeSync(descriptor);
  }
  throw new UsageError(`${file} has more than ${maxBytes} bytes; a scenario file may not`);
}

/** For a session that goes on meanwhile: rejects with the reason. */
export async function readScenario(file: string): Promise<string> {
  // What is no file may never come to an end.
  if (!isFile(file) && statSync(file, { throwIfNoEntry: false }) !== undefined) {
    throw new Error(isFolder(file) ? 'it is a folder' : 'it is no file');
  }
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    if (size > maxBytes) throw new Error(`it has ${size} bytes, and may have ${maxBytes}`);
    return textOf(await handle.readFile());
  } finally {
    await handle.close();
  }
}

function textOf(bytes: Buffer): string {
  return decodeSource(bytes);
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
