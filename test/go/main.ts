// `npm run test:go`: runs scenarios and random programs with every Go at hand and in the simulator,
// and says where the two part. Exit status 0: they agree, or there is no Go; 1: they do not.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import type { ExpectationNode } from '../../src/language/ast.ts';
import { exportGo } from '../../src/language/export-go.ts';
import { load } from '../../src/run/load.ts';
import type { Verdict } from './compare.ts';
import { compare, unmetExpectations } from './compare.ts';
import { generateProgram } from './generator/program.ts';
import type { FamilyOutcome } from './families.ts';
import {
  expectationFile,
  familyNames,
  familyPrograms,
  formatFamily,
  outcomeText,
} from './families.ts';
import type { RecordedOutcome } from './recorded.ts';
import {
  comparedProgram,
  formatRecord,
  recordedSeeds,
  recordFile,
  recordLine,
} from './recorded.ts';
import { reduce } from './reduce.ts';
import type { GoProgram, GoResult } from './runner.ts';
import { isDeterministic, isVarying, runPrograms } from './runner.ts';
import { simulation } from './simulate.ts';
import type { Toolchain } from './toolchains.ts';
import { findToolchains, installToolchains } from './toolchains.ts';
import { unfoundOutcomes } from './varying.ts';

/** The versions that the models name; a missing one is said. */
const profiles = ['go1.22', 'go1.23', 'go1.24', 'go1.26', 'go1.27'] as const;
const scenarioFolder = path.join('test', 'scenarios', 'go');

/** A program, and the scenario of it that the simulator runs. */
interface Subject extends GoProgram {
  readonly simulated: string;
  readonly scenario?: string;
  readonly expectations?: readonly ExpectationNode[];
  /** The profile of the file's runtime line. */
  readonly fileProfile?: string;
}

const { values: options } = parseArgs({
  options: {
    install: { type: 'boolean', default: false },
    goroot: { type: 'string', multiple: true, default: [] },
    go: { type: 'string', default: '' },
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '100' },
    cgo: { type: 'boolean', default: false },
    scenarios: { type: 'boolean', default: false },
    'real-only': { type: 'boolean', default: false },
    show: { type: 'boolean', default: false },
    record: { type: 'boolean', default: false },
    family: { type: 'string', default: '' },
    help: { type: 'boolean', default: false },
    states: { type: 'boolean', default: false },
    reduce: { type: 'boolean', default: false },
  },
});

const help = `npm run test:go -- [OPTION…]: the simulator beside real Go
  --seed N --count N    random programs of these seeds (1, 100)
  --cgo                 random programs that call C
  --scenarios           no random programs
  --go go1.23,go1.27    these versions only
  --goroot FOLDER       a Go that is not found by itself
  --install             unpack Debian's packages of Go first
  --states              tell where goroutines wait for something else, too
  --show                print the programs
  --reduce              make programs that differ smaller
  --real-only           say what real Go does, without the simulator
  --record              write what Go said of the recorded seeds and of the families
  --family sync,time    these families only: no scenarios, no random programs`;

process.exitCode = await main();

async function main(): Promise<number> {
  if (options.help) {
    console.log(help);
    return 0;
  }
  if (options.install) {
    install();
  }
  const wanted = options.go === '' ? [...profiles] : options.go.split(',');
  const found = findToolchains(options.goroot).filter(({ profile }) => wanted.includes(profile));
  for (const profile of wanted.filter((name) => !found.some((go) => go.profile === name))) {
    console.log(
      `SKIPPED: ${profile} is not at hand (--install unpacks it on Debian, --goroot names it)`,
    );
  }
  if (options.record) {
    await recordFamilies(found);
    if (options.family === '') await record(found);
    return 0;
  }
  const subjects = chosenSubjects();
  if (options.show) {
    subjects.forEach(({ name, source }) => console.log(`// ${name}\n${source}`));
  }
  let faults = 0;
  for (const toolchain of found) {
    const results = await runPrograms(toolchain, subjects, (line) => console.error(line));
    if (options['real-only']) {
      printStatistics(toolchain, results);
    } else {
      faults += await judge(toolchain, subjects, results);
    }
  }
  return faults === 0 ? 0 : 1;
}

/** Where nothing can be installed, the comparison goes on with what there is. */
function install(): void {
  try {
    console.log(`unpacked Go ${installToolchains().join(', ') || '(all were there)'}`);
  } catch (error) {
    console.log(`SKIPPED: cannot unpack Go: ${String(error)}`);
  }
}

/** Prints what does not agree and one line of totals; returns how many faults there are. */
async function judge(
  toolchain: Toolchain,
  subjects: readonly Subject[],
  results: readonly GoResult[],
): Promise<number> {
  const counts = new Map<Verdict, number>();
  let unmet = 0;
  let otherStates = 0;
  for (const [index, subject] of subjects.entries()) {
    const result = results[index] as GoResult;
    if (subject.expectations !== undefined && result.refused === undefined) {
      const complaints = unmetExpectations(result, subject.expectations, subject.fileProfile ?? '');
      unmet += complaints.length;
      complaints.forEach((line) => console.log(`${toolchain.profile} ${subject.name}:\n${line}`));
    }
    const { scenario } = subject;
    if (isVarying(subject.source) && result.refused === undefined) {
      const seen = result.outcomes.map(({ outcome }) => outcomeText(outcome));
      const unfound = unfoundOutcomes(subject.simulated, toolchain.profile, seen);
      const verdict: Verdict = unfound.length === 0 ? 'agrees on some schedule' : 'disagrees';
      counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
      unfound.forEach((text) =>
        console.log(`${toolchain.profile} ${subject.name}: the search does not find: ${text}`),
      );
      continue;
    }
    const simulated = simulation(subject.simulated, toolchain.profile, { scenario });
    const { verdict, report, states } = compare(result, simulated);
    if (states !== undefined) {
      otherStates++;
      if (options.states) {
        console.log(`${toolchain.profile} ${subject.name}: other goroutine states\n${states}`);
      }
    }
    counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
    const shown = options.states || verdict !== 'not reached';
    if (report !== '' && verdict !== 'not Go' && shown) {
      console.log(`${toolchain.profile} ${subject.name}: ${verdict}\n${report}`);
      if (options.reduce && verdict === 'disagrees') {
        console.log(await reduce(subject.simulated, toolchain));
      }
    }
  }
  const words = [...counts].map(([verdict, count]) => `${count} ${verdict}`);
  const totals = [...words, `${otherStates} with other goroutine states`].join(', ');
  console.log(
    `${toolchain.profile} (${toolchain.version}): ${subjects.length} programs: ${totals}`,
  );
  return unmet + (counts.get('disagrees') ?? 0) + (counts.get('refused') ?? 0);
}

/** All that is to be compared, or the programs of the families that were named. */
function chosenSubjects(): Subject[] {
  if (options.family !== '') return familySubjects();
  const written = options['real-only'] ? [] : [...scenarioSubjects(), ...familySubjects()];
  return [...written, ...randomSubjects()];
}

/** The families that were named; all when none was. */
function chosenFamilies(): string[] {
  const names = familyNames();
  if (options.family === '') return names;
  const wanted = options.family.split(',');
  const unknown = wanted.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Error(`no such family: ${unknown.join(', ')}`);
  return wanted;
}

/** Every scenario under test/scenarios/go that Go has all the words for. */
function scenarioSubjects(): Subject[] {
  const subjects: Subject[] = [];
  for (const file of readdirSync(scenarioFolder).filter((name) => name.endsWith('.coro'))) {
    const place = path.join(scenarioFolder, file);
    const text = readFileSync(place, 'utf8');
    const { file: tree, scenarios, profile: fileProfile } = load({ path: place, text }, {});
    for (const { name, expectations } of scenarios) {
      const exported = exportGo(tree, name, { keepCallbacks: true });
      if (exported.text !== undefined) {
        const source = exported.text;
        subjects.push({
          name: `${file} ${name}`,
          source,
          simulated: text,
          scenario: name,
          expectations,
          fileProfile,
        });
      }
    }
  }
  return subjects;
}

function familySubjects(): Subject[] {
  return chosenFamilies()
    .flatMap(familyPrograms)
    .map(({ family, name, source }) => ({ name: `${family}: ${name}`, source, simulated: source }));
}

function randomSubjects(): Subject[] {
  if (options.scenarios) {
    return [];
  }
  const first = Number(options.seed);
  return Array.from({ length: Number(options.count) }, (_, index) => {
    const seed = first + index;
    const { mode } = generateProgram(seed, { cgo: options.cgo });
    const source = comparedProgram(seed, options.cgo);
    return { name: `seed ${seed} (${mode})`, source, simulated: source };
  });
}

/** Runs the programs whose outcomes stand in the repository, and writes what Go says of them. */
async function record(toolchains: readonly Toolchain[]): Promise<void> {
  const programs = [false, true].flatMap((cgo) =>
    Array.from({ length: cgo ? recordedSeeds.cgo : recordedSeeds.plain }, (_, index) => {
      const seed = index + 1;
      return { seed, cgo, name: `seed ${seed}`, source: comparedProgram(seed, cgo) };
    }),
  );
  const outcomes: RecordedOutcome[] = [];
  for (const toolchain of toolchains) {
    const results = await runPrograms(toolchain, programs, (line) => console.error(line));
    for (const [index, { seed, cgo }] of programs.entries()) {
      const result = results[index];
      const outcome = result?.outcomes[0]?.outcome;
      if (result !== undefined && outcome !== undefined && isDeterministic(result)) {
        const line = recordLine(outcome);
        outcomes.push({ profile: toolchain.profile, seed, cgo, line });
      }
    }
  }
  writeFileSync(recordFile, formatRecord(outcomes));
  console.log(`${recordFile}: ${outcomes.length} outcomes`);
}

/** Writes what every version of Go says of the programs of the families. */
async function recordFamilies(toolchains: readonly Toolchain[]): Promise<void> {
  for (const family of chosenFamilies()) {
    const programs = familyPrograms(family);
    const outcomes = new Map<string, FamilyOutcome[]>(programs.map(({ name }) => [name, []]));
    for (const toolchain of toolchains) {
      const results = await runPrograms(toolchain, programs, (line) => console.error(line));
      for (const result of results) {
        const list = outcomes.get(result.name) ?? [];
        for (const text of familyTexts(result)) addOutcome(list, toolchain.profile, text);
        outcomes.set(result.name, list);
      }
    }
    writeFileSync(expectationFile(family), formatFamily(outcomes));
    console.log(`${expectationFile(family)}: ${programs.length} programs`);
  }
}

/** What one version of Go said of a program: one text, or all that were met where the program says
 *  that Go does not decide it, or nothing. */
function familyTexts(result: GoResult): string[] {
  if (result.refused !== undefined) {
    console.log(`${result.profile}: refuses ${result.name}: ${result.refused}`);
    return ['refused\n'];
  }
  const texts = result.outcomes.map(({ outcome }) => outcomeText(outcome)).sort();
  if (isDeterministic(result) || isVarying(result.source)) return [...new Set(texts)];
  console.log(`${result.profile}: ${result.name}: not decided`);
  return [];
}

function addOutcome(list: FamilyOutcome[], profile: string, text: string): void {
  const at = list.findIndex((one) => one.text === text);
  const profiles = [...(list[at]?.profiles ?? []), profile];
  if (at < 0) list.push({ profiles, text });
  else list[at] = { profiles, text };
}

/** How many programs came to what, and how many of these were decided by Go. */
function printStatistics(toolchain: Toolchain, results: readonly GoResult[]): void {
  const counts = new Map<string, { all: number; decided: number }>();
  for (const result of results) {
    const outcome = result.outcomes[0]?.outcome;
    const text = outcome?.text.replace(/\d+/g, 'N').slice(0, 60) ?? '';
    const key = outcome === undefined ? 'refused' : `${outcome.kind} ${text}`;
    const count = counts.get(key) ?? { all: 0, decided: 0 };
    count.all++;
    count.decided += isDeterministic(result) ? 1 : 0;
    counts.set(key, count);
  }
  const decided = results.filter(isDeterministic).length;
  console.log(
    `${toolchain.profile} (${toolchain.version}): ${decided} of ${results.length} decided`,
  );
  for (const [key, count] of [...counts].sort(([, a], [, b]) => b.all - a.all)) {
    console.log(`${String(count.all).padStart(6)} ${String(count.decided).padStart(5)}  ${key}`);
  }
}
