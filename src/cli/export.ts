/** `coroscope export`: a scenario in a form that other tools read. */
import process from 'node:process';
import { formatDiagnostic } from '../language/diagnostics.ts';
import { exportGo } from '../language/export-go.ts';
import { type Command, EXIT_OK, type Given, UsageError } from './command.ts';
import { readInput, writeOutput } from './files.ts';
import { loadOrReport } from './report.ts';
import { writeOutputOf } from './terminal.ts';

export const exportCommand: Command = {
  name: 'export',
  usage: 'FILE --to go [--scenario NAME] [-o OUT]',
  summary: 'Write a scenario as a Go program, for the real toolchain.',
  options: {
    to: { type: 'string', value: 'FORMAT', help: 'go: a Go program.' },
    scenario: { type: 'string', value: 'NAME', help: 'Without it: the first one of the file.' },
    output: {
      type: 'string',
      value: 'OUT',
      short: 'o',
      help: 'The file to write. Without it: standard output.',
    },
  },
  run,
};

function run(given: Given): number {
  const [file, ...more] = given.files;
  if (file === undefined) throw new UsageError('export needs the name of a scenario file');
  if (more.length > 0) throw new UsageError(`export takes one file, not also ${more.join(' ')}`);
  const format = given.text('to');
  if (format === undefined) throw new UsageError('export needs a format: --to go');
  if (format !== 'go') throw new UsageError(`there is no format ${format}; there is go`);
  const loaded = loadOrReport(readInput(file), { scenario: given.text('scenario') });
  const { text, diagnostics } = exportGo(loaded.file, loaded.scenario);
  if (diagnostics !== undefined) {
    for (const one of diagnostics) process.stderr.write(`${formatDiagnostic(one)}\n`);
    throw new UsageError(`${file}: ${loaded.scenario} cannot be a Go program`);
  }
  const output = given.text('output');
  if (output === undefined) writeOutputOf(process.stdout, text);
  else writeOutput(output, text);
  return EXIT_OK;
}
