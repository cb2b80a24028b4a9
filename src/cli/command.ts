/** What a command of the command line is, and what all of them share. */
import { parseArgs } from 'node:util';

/** The command did what it was asked, and all is as expected. */
export const EXIT_OK = 0;
/** An expectation is not met. */
export const EXIT_UNMET = 1;
/** Bad usage or bad input. */
export const EXIT_BAD = 2;
/** What the command says could not be written: the number of sysexits' EX_IOERR. */
export const EXIT_OUTPUT = 74;
/** Whoever read the output has closed it: what shells give for a process that SIGPIPE has ended. */
export const EXIT_PIPE = 141;

export interface OptionSpec {
  readonly type: 'string' | 'boolean';
  /** Placeholder of the value in the help. */
  readonly value?: string;
  readonly short?: string;
  readonly multiple?: boolean;
  readonly help: string;
}

export interface Command {
  readonly name: string;
  /** What follows the name: `FILE [options]`. */
  readonly usage: string;
  /** In one line. */
  readonly summary: string;
  /** Paragraphs below the summary. */
  readonly details?: string;
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** Gives the exit status. */
  readonly run: (given: Given) => Promise<number> | number;
}

/** Arguments after they were taken apart. */
export interface Given {
  readonly files: readonly string[];
  /** Text of a string option, if it was given. */
  text(name: string): string | undefined;
  texts(name: string): readonly string[];
  flag(name: string): boolean;
  /** A whole number that is at least `least`. Throws a UsageError. */
  count(name: string, least: number): number | undefined;
}

/** Bad usage or input, said in the user's words; ends the command with EXIT_BAD. */
export class UsageError extends Error {}

/** Options that every command has. */
const commonOptions: Readonly<Record<string, OptionSpec>> = {
  help: { type: 'boolean', short: 'h', help: 'Show this help.' },
};

export function allOptions(command: Command): Readonly<Record<string, OptionSpec>> {
  return { ...command.options, ...commonOptions };
}

/** Takes the arguments of a command apart. Throws a UsageError. */
export function readArguments(command: Command, args: readonly string[]): Given {
  const options = Object.fromEntries(
    Object.entries(allOptions(command)).map(([name, { type, short, multiple }]) => [
      name,
      { type, ...(short === undefined ? {} : { short }), ...(multiple ? { multiple } : {}) },
    ]),
  );
  let parsed: { values: Record<string, unknown>; positionals: string[] };
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`${usageProblem(error)}; see coroscope ${command.name} --help`);
  }
  const { values, positionals } = parsed;
  return {
    files: positionals,
    text: (name) => values[name] as string | undefined,
    texts: (name) => (values[name] as string[] | undefined) ?? [],
    flag: (name) => values[name] === true,
    count: (name, least) => countOf(name, values[name] as string | undefined, least),
  };
}

/** Node's message without its advice about `--`, in our spelling. */
function usageProblem(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const [first] = message.split(/\.(?:\s|$)/);
  const [, option] = /^Option '(.*)' argument is ambiguous/.exec(first) ?? [];
  if (option !== undefined) return `option '${option}' takes no value that begins with '-'`;
  return first.charAt(0).toLowerCase() + first.slice(1);
}

function countOf(name: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text.replaceAll('_', ''));
  if (!/^[\d_]+$/.test(text) || !Number.isSafeInteger(value) || value < least) {
    throw new UsageError(`--${name} takes a whole number of at least ${least}, not '${text}'`);
  }
  return value;
}
