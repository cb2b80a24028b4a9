/** The entry of the command line: finds the command, runs it, and sets the exit status. */
import process from 'node:process';
import { version } from '../../package.json';
import { checkCommand } from './check.ts';
import { type Command, EXIT_BAD, EXIT_OK, readArguments, UsageError } from './command.ts';
import { dapCommand } from './dap.ts';
import { exploreCommand } from './explore.ts';
import { exportCommand } from './export.ts';
import { commandHelp, generalHelp } from './help.ts';
import { mergeCommand } from './merge.ts';
import { modelsCommand } from './models.ts';
import { queueCommand } from './queue.ts';
import { runCommand } from './run.ts';
import { endWhenBroken, guard } from './terminal.ts';
import { serveRequests } from './workers.ts';

const commands: readonly Command[] = [
  runCommand,
  checkCommand,
  exploreCommand,
  mergeCommand,
  exportCommand,
  queueCommand,
  dapCommand,
  modelsCommand,
];

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === '--version' || name === '-V') {
    process.stdout.write(`${version}\n`);
    return EXIT_OK;
  }
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    const about = commands.find((command) => command.name === rest[0]);
    const text = about === undefined ? generalHelp(commands) : commandHelp(about);
    (name === undefined ? process.stderr : process.stdout).write(text);
    return name === undefined ? EXIT_BAD : EXIT_OK;
  }
  const command = commands.find((one) => one.name === name);
  if (command === undefined) {
    const names = commands.map((one) => one.name).join(', ');
    throw new UsageError(`there is no command ${name}; there are ${names}`);
  }
  const given = readArguments(command, rest);
  if (given.flag('help')) {
    process.stdout.write(commandHelp(command));
    return EXIT_OK;
  }
  return command.run(given);
}

endWhenBroken(process.stdout, 'standard output');
endWhenBroken(process.stderr, 'standard error');
guard(process.stdout);
guard(process.stderr);

// The same file is what worker threads run.
if (!serveRequests()) {
  main(process.argv.slice(2)).then(
    (status) => {
      process.exitCode = status;
    },
    (error: unknown) => {
      const isOurs = !(error instanceof UsageError);
      const message = error instanceof Error ? error.message : String(error);
      const text = isOurs && !message.startsWith('internal error') ? unexpected(error) : message;
      process.stderr.write(`coroscope: ${text}\n`);
      process.exitCode = EXIT_BAD;
    },
  );
}

function unexpected(error: unknown): string {
  const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `internal error: ${details}\nplease report`;
}
