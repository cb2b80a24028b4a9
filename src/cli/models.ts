/** `coroscope models`: which runtime profiles there are, and the sources of their models. */
import process from 'node:process';
import { differingFiles, unifiedDiff } from '../models/difference.ts';
import { profiles } from '../models/profiles.ts';
import { profileNamed } from '../run/load.ts';
import { listNames } from '../run/words.ts';
import { type Command, EXIT_OK, type Given, UsageError } from './command.ts';
import { writeOutputOf } from './terminal.ts';

export const modelsCommand: Command = {
  name: 'models',
  usage: '[PROFILE [FILE] | diff PROFILE PROFILE]',
  summary:
    'List the runtime profiles, their model files and sources, and what differs between two.',
  options: { json: { type: 'boolean', help: 'Print one JSON object instead.' } },
  run,
};

function run(given: Given): number {
  const [name, path, second] = given.files;
  if (name === undefined) return listProfiles(given.flag('json'));
  if (name === 'diff') return showDifference(path, second, given.flag('json'));
  const profile = profileNamed(name);
  if (profile === null) {
    const names = listNames([...profiles.keys()]);
    throw new UsageError(`there is no runtime profile ${name}; there are ${names}`);
  }
  if (path === undefined) {
    const paths = profile.files.map((file) => file.path);
    const { description, options } = profile;
    const text = given.flag('json')
      ? JSON.stringify({ name: profile.name, description, options, files: paths })
      : paths.join('\n');
    process.stdout.write(`${text}\n`);
    return EXIT_OK;
  }
  const file = profile.files.find((one) => one.path === path);
  if (file === undefined) {
    throw new UsageError(`${name} has no model file ${path}; coroscope models ${name} lists them`);
  }
  writeOutputOf(process.stdout, file.text);
  return EXIT_OK;
}

/** The unified diff of the files that differ; exit status 0 whether or not there are any. */
function showDifference(
  before: string | undefined,
  after: string | undefined,
  isJson: boolean,
): number {
  if (before === undefined || after === undefined) {
    throw new UsageError('models diff needs two profiles: coroscope models diff go1.22 go1.23');
  }
  const [left, right] = [before, after].map((name) => {
    const profile = profileNamed(name);
    if (profile === null) {
      const names = listNames([...profiles.keys()]);
      throw new UsageError(`there is no runtime profile ${name}; there are ${names}`);
    }
    return profile;
  });
  const pairs = differingFiles(left, right);
  const files = pairs.map((pair) => ({
    before: pair.before?.path ?? null,
    after: pair.after?.path ?? null,
    diff: unifiedDiff(pair),
  }));
  const none = `nothing that is modelled differs between ${before} and ${after}`;
  const text = isJson
    ? JSON.stringify({ before, after, files })
    : files.map((file) => file.diff).join('\n') || none;
  process.stdout.write(`${text}\n`);
  return EXIT_OK;
}

function listProfiles(isJson: boolean): number {
  const list = [...profiles.values()].map(({ name, description, aliasOf, options }) => ({
    name,
    description,
    aliasOf,
    options,
  }));
  if (isJson) {
    process.stdout.write(`${JSON.stringify({ profiles: list })}\n`);
    return EXIT_OK;
  }
  const width = Math.max(...list.map(({ name }) => name.length));
  for (const { name, description, aliasOf } of list) {
    const alias = aliasOf === null ? '' : ` (as ${aliasOf})`;
    process.stdout.write(`${name.padEnd(width)}  ${description}${alias}\n`);
  }
  return EXIT_OK;
}
