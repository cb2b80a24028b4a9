/** The texts of --help. */
import { allOptions, type Command } from './command.ts';

const columns = 78;

/** What `coroscope --help` prints. */
export function generalHelp(commands: readonly Command[]): string {
  const width = Math.max(...commands.map((command) => command.name.length));
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return `Coroscope runs scenarios on simulated language runtimes, and debugs them both ways.

usage: coroscope COMMAND [arguments]

${lines.join('\n')}

coroscope COMMAND --help tells more about one. Exit status: 0 when all is as
expected, 1 when an expectation is not met, 2 on bad usage or input (said on
standard error), 74 when the output cannot be written, 141 when its reader has
closed it (as after | head -1).
`;
}

/** What `coroscope COMMAND --help` prints. */
export function commandHelp(command: Command): string {
  const options = Object.entries(allOptions(command)).map(([name, { short, value, help }]) => {
    const head = `${short === undefined ? '' : `-${short}, `}--${name}${value ? ` ${value}` : ''}`;
    return { head, help };
  });
  const width = Math.max(...options.map(({ head }) => head.length)) + 2;
  const lines = options.map(({ head, help }) => {
    const text = wrap(help, columns - width - 2).join(`\n${' '.repeat(width + 2)}`);
    return `  ${head.padEnd(width)}${text}`;
  });
  const details = command.details === undefined ? '' : `\n${command.details.trim()}\n`;
  return `${command.summary}

usage: coroscope ${command.name} ${command.usage}
${details}
${lines.join('\n')}
`;
}

function wrap(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines[lines.length - 1];
    if (last !== '' && last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines;
}
