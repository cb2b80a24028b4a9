/**
 * What goes to standard output and standard error. Names of files, messages and what programs
 * print may hold characters that drive a terminal: they clear it, set its clipboard, or turn the
 * direction of the text around. They are shown as `\u001b`, which in JSON means the same character.
 */
import process from 'node:process';
import { EXIT_OUTPUT, EXIT_PIPE } from './command.ts';

type Stream = NodeJS.WriteStream;

/**
 * Control characters but tab and newline, marks of direction, line separators, invisible ones,
 * tags, and halves of characters.
 */
const hidden = new RegExp(
  [
    String.raw`[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad]`,
    String.raw`[\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]`,
    String.raw`[\u{e0000}-\u{e007f}]`,
    String.raw`\p{Surrogate}`,
  ].join('|'),
  'gu',
);

/** The text, with what would not be seen, or would be obeyed, as escapes. */
export function shown(text: string): string {
  return text.replace(hidden, (found) =>
    Array.from({ length: found.length }, (_, index) => {
      return `\\u${found.charCodeAt(index).toString(16).padStart(4, '0')}`;
    }).join(''),
  );
}

const plainWrites = new Map<Stream, (text: string) => boolean>();

/** Makes every text that is written to the stream fit for a terminal. */
export function guard(stream: Stream): void {
  const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
  plainWrites.set(stream, write);
  stream.write = ((text: unknown, ...rest: unknown[]) =>
    write(typeof text === 'string' ? shown(text) : text, ...rest)) as Stream['write'];
}

/** Takes `guard` back. */
export function leavePlain(stream: Stream): void {
  const write = plainWrites.get(stream);
  if (write !== undefined) stream.write = write as Stream['write'];
}

/** Writes a text as it is: for what is not meant for people's eyes, and our own line of progress. */
export function writePlain(stream: Stream, text: string): void {
  const write = plainWrites.get(stream);
  if (write === undefined) stream.write(text);
  else write(text);
}

/** Writes what a program prints: a file or another program gets every byte of it. */
export function writeOutputOf(stream: Stream, text: string): void {
  if (stream.isTTY) stream.write(text);
  else writePlain(stream, text);
}

/** A stream that cannot be written to ends the command, with a status that no verdict has. */
export function endWhenBroken(stream: Stream, name: string): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // A reader that has seen enough (head) closes the pipe; there is nobody to tell.
    if (error.code === 'EPIPE') process.exit(EXIT_PIPE);
    if (stream !== process.stderr) {
      process.stderr.write(`coroscope: cannot write to ${name}: ${error.message}\n`);
    }
    process.exit(EXIT_OUTPUT);
  });
}
