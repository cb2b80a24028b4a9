/**
 * From a scenario's text to an image that runs: parse, check, compile with the models of a runtime
 * profile. The parsed models of a profile are kept.
 */
import type { ExpectationNode, FileNode, ParseResult, RuntimeOption } from '../language/ast.ts';
import { check } from '../language/check.ts';
import { type CompileSettings, compile } from '../language/compile.ts';
import type { Diagnostic, SourceFile, Span } from '../language/diagnostics.ts';
import type { Image, OutcomeKind } from '../language/image.ts';
import { parseModel } from '../language/parser-model.ts';
import { parse } from '../language/parser.ts';
import type { CheckResult, TypedProgram } from '../language/typed.ts';
import { MACHINE_OPTIONS } from '../machine/machine.ts';
import { DEFAULT_PROFILE, type Profile, profiles } from '../models/profiles.ts';
import { hashText } from './text-hash.ts';
import { listNames } from './words.ts';

export interface LoadRequest {
  /** Without it: the first scenario of the file. */
  readonly scenario?: string;
  /** Without it: the profile of the file's `runtime` line, or DEFAULT_PROFILE. */
  readonly runtime?: string;
  /** Override those of the scenario, which override those of the `runtime` line, those of the profile. */
  readonly options?: Readonly<Record<string, number>>;
  /** Whether to watch runs for data races. */
  readonly races?: LookFor;
  /** Whether what is left when main has returned is a leak: sets the option `leaks`. */
  readonly leaks?: LookFor;
}

/** When to look for something that is no outcome unless asked for. Without it: when the scenario
 *  expects it, on the profile that it runs on. */
export type LookFor = 'always' | 'when expected' | 'never';

export interface LoadResult {
  /** Null when there are errors or there is a `problem`. */
  readonly image: Image | null;
  /** Of the scenario file, and (our bug) of models. */
  readonly diagnostics: readonly Diagnostic[];
  /** The scenario's file as diagnostics and the image know it. */
  readonly source: SourceFile;
  readonly file: FileNode;
  /** Of the file, in its order; `main` of a pasted Go program is one too. */
  readonly scenarios: readonly ScenarioSummary[];
  /** The scenario and the profile (without alias) that were chosen; '' when there is none. */
  readonly scenario: string;
  readonly profile: string;
  /** Every profile there is. */
  readonly profileNames: readonly string[];
  /** An unknown scenario, profile or option, or a file without scenario: for people, and says what
   *  there is. */
  readonly problem?: string;
}

export interface ScenarioSummary {
  readonly name: string;
  /** Offsets of the name in the file. */
  readonly start: number;
  readonly end: number;
  /** Of its own head: they override those of the `runtime` line. */
  readonly options: readonly RuntimeOption[];
  readonly expectations: readonly ExpectationNode[];
}

/** Never throws for bad input. */
export function load(
  input: { readonly path: string; readonly text: string },
  request: LoadRequest,
): LoadResult {
  const parsed = parsedScenario(input.path, input.text);
  const { file } = parsed;
  const { source } = file;
  const scenarios = scenariosOf(file);
  const diagnostics = [...parsed.diagnostics, ...unknownProfiles(file)];
  const named = request.runtime ?? file.runtime?.profile ?? DEFAULT_PROFILE;
  const profile = profileNamed(named);
  const base = { source, file, scenarios, profileNames: [...profiles.keys()] };
  const failed = (problem?: string, found: readonly Diagnostic[] = diagnostics): LoadResult => ({
    ...base,
    image: null,
    diagnostics: found,
    scenario: '',
    profile: profile?.name ?? '',
    ...(problem === undefined ? {} : { problem }),
  });
  if (profile === null) {
    // The file's own line has a diagnostic that says so.
    return failed(request.runtime === undefined ? undefined : unknownProfile(named));
  }
  diagnostics.push(...unknownOptions(profile, file));
  const checked = checkedWith(file, profile);
  const all = inOrder([...diagnostics, ...checked.diagnostics]);
  if (all.some((one) => one.severity === 'error')) return failed(undefined, all);
  const scenario = chooseScenario(scenarios, request.scenario);
  if ('problem' in scenario) return failed(scenario.problem, all);
  const options = optionsFor(profile, file, scenario, request);
  if (typeof options === 'string') return failed(options);
  const expected = expectationsFor(scenario.expectations, profile.name);
  if (request.leaks === 'never') options.leaks = 0;
  else if (isLookedFor('leak', request.leaks, expected)) options.leaks = 1;
  let hash: string | null = null;
  const image = compileScenario(checked.program, scenario.name, {
    profile: profile.name,
    options,
    get hash() {
      return (hash ??= hashOf(source, scenario.name, profile, options));
    },
    races: isLookedFor('race', request.races, expected),
  });
  return { ...base, image, diagnostics: all, scenario: scenario.name, profile: profile.name };
}

/** The scenarios of a file that was parsed: those it declares, and `main` of a Go program. */
export function scenariosOf(file: FileNode): ScenarioSummary[] {
  const found: ScenarioSummary[] = [];
  for (const declaration of file.declarations) {
    const isScenario = declaration.kind === 'scenario';
    const isMain =
      declaration.kind === 'function' &&
      declaration.receiver === null &&
      declaration.name.name === 'main' &&
      declaration.body !== null;
    if (!isScenario && !isMain) continue;
    const expectations = isScenario ? declaration.expectations : [];
    const options = isScenario ? declaration.options.flatMap((clause) => clause.options) : [];
    const { name, span } = declaration.name;
    found.push({ name, start: span.start, end: span.end, options, expectations });
  }
  return found;
}

/** The profile behind a name or an alias; null when there is none. */
export function profileNamed(name: string): Profile | null {
  let found = profiles.get(name) ?? null;
  while (found !== null && found.aliasOf !== null) found = profiles.get(found.aliasOf) ?? null;
  return found;
}

/** The expectations that speak of a profile: those that name it, else those that name none. Empty:
 *  `ok` on every schedule is expected. */
export function expectationsFor(
  expectations: readonly ExpectationNode[],
  profile: string,
): readonly ExpectationNode[] {
  const own = expectations.filter(
    (one) => one.profile !== null && profileNamed(one.profile)?.name === profile,
  );
  return own.length > 0 ? own : expectations.filter((one) => one.profile === null);
}

function unknownProfile(name: string): string {
  return `there is no runtime profile ${name}; there are ${listNames([...profiles.keys()])}`;
}

/** Mistakes that the parser cannot know: names of profiles. */
function unknownProfiles(file: FileNode): Diagnostic[] {
  const found: Diagnostic[] = [];
  const examine = (name: string | null, span: Span | null) => {
    if (name === null || name === '' || span === null || profileNamed(name) !== null) return;
    found.push({
      file: file.source,
      span,
      severity: 'error',
      code: 'unknown-profile',
      message: `there is no runtime profile ${name}`,
      help: `there are ${listNames([...profiles.keys()])}`,
    });
  };
  if (file.runtime !== null) examine(file.runtime.profile, file.runtime.profileSpan);
  for (const scenario of scenariosOf(file)) {
    for (const { profile, profileSpan } of scenario.expectations) examine(profile, profileSpan);
  }
  return found;
}

/** Options that the profile does not have, in the `runtime` line and in the scenarios' heads. */
function unknownOptions(profile: Profile, file: FileNode): Diagnostic[] {
  const known = optionNames(profile);
  const given = [
    ...(file.runtime?.options ?? []),
    ...scenariosOf(file).flatMap((one) => one.options),
  ];
  return given
    .filter(({ name }) => !known.includes(name))
    .map(({ name, span }) => ({
      file: file.source,
      span,
      severity: 'error',
      code: 'unknown-option',
      message: `${profile.name} has no option ${name}`,
      help: `there are ${listNames(known)}`,
    }));
}

/** `states`: how many a check of the scenario may visit, without --states. */
const CHECK_OPTIONS: readonly string[] = ['states'];

function optionNames(profile: Profile): readonly string[] {
  return [...Object.keys(profile.options), ...MACHINE_OPTIONS, ...CHECK_OPTIONS];
}

/** The options in force, or what is wrong with those of the request. */
function optionsFor(
  profile: Profile,
  file: FileNode,
  scenario: ScenarioSummary,
  request: LoadRequest,
): Record<string, number> | string {
  const options: Record<string, number> = { ...profile.options };
  const given = [...(file.runtime?.options ?? []), ...scenario.options];
  for (const { name, value } of given) options[name] = value;
  const known = optionNames(profile);
  for (const [name, value] of Object.entries(request.options ?? {})) {
    if (!known.includes(name)) {
      return `${profile.name} has no option ${name}; there are ${listNames(known)}`;
    }
    options[name] = value;
  }
  return options;
}

function chooseScenario(
  scenarios: readonly ScenarioSummary[],
  wanted: string | undefined,
): ScenarioSummary | { readonly problem: string } {
  if (scenarios.length === 0) {
    return { problem: 'the file has no scenario; write one: scenario Name expect ok { … }' };
  }
  if (wanted === undefined) return scenarios[0];
  const found = scenarios.find((one) => one.name === wanted);
  if (found !== undefined) return found;
  const names = listNames(scenarios.map((one) => one.name));
  return { problem: `the file has no scenario ${wanted}; it has ${names}` };
}

function compileScenario(program: TypedProgram, name: string, settings: CompileSettings): Image {
  const scenario = program.scenarios.find((one) => one.name === name);
  if (scenario === undefined) {
    throw new Error(`internal error: the checker lost scenario ${name}, please report`);
  }
  return compile(program, scenario, settings);
}

/** The file that was parsed last: its scenarios are often loaded one after the other. */
let lastParsed: ParseResult | null = null;

function parsedScenario(path: string, text: string): ParseResult {
  const source = lastParsed?.file.source;
  if (lastParsed === null || source?.text !== text || source.path !== path) {
    lastParsed = parse({ path, text, isModel: false });
  }
  return lastParsed;
}

const checkedFiles = new WeakMap<FileNode, Map<string, CheckResult>>();

function checkedWith(file: FileNode, profile: Profile): CheckResult {
  let results = checkedFiles.get(file);
  if (results === undefined) {
    results = new Map();
    checkedFiles.set(file, results);
  }
  let result = results.get(profile.name);
  if (result === undefined) {
    result = check(file, modelsOf(profile));
    results.set(profile.name, result);
  }
  return result;
}

/** What a trace is bound to: every text, every option, the scenario's name. */
function hashOf(
  source: SourceFile,
  scenario: string,
  profile: Profile,
  options: Readonly<Record<string, number>>,
): string {
  const settings = Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1));
  const models = profile.files.map((file) => `${file.path}\0${file.text}`);
  const parts = [source.text, scenario, profile.name, JSON.stringify(settings), ...models];
  return hashText(parts.join('\0'));
}

const parsedModels = new Map<string, readonly FileNode[]>();

/** The models of a profile, parsed once. */
function modelsOf(profile: Profile): readonly FileNode[] {
  let files = parsedModels.get(profile.name);
  if (files === undefined) {
    files = profile.files.map(({ path, text }) => modelFile(path, text));
    parsedModels.set(profile.name, files);
  }
  return files;
}

/** Models of several profiles share most of their files. */
const parsedFiles = new Map<string, FileNode>();

function modelFile(path: string, text: string): FileNode {
  let file = parsedFiles.get(path);
  if (file === undefined) {
    file = parseModel({ path: `coroscope-model:/${path}`, text, isModel: true });
    parsedFiles.set(path, file);
  }
  return file;
}

function inOrder(diagnostics: Diagnostic[]): Diagnostic[] {
  return diagnostics.sort((a, b) => a.span.start - b.span.start);
}

function isLookedFor(
  kind: OutcomeKind,
  when: LookFor | undefined,
  expected: readonly ExpectationNode[],
): boolean {
  if (when === 'always' || when === 'never') return when === 'always';
  return expected.some(({ outcome }) => outcome === kind);
}
