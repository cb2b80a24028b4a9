// Whether the simulator and real Go agree on a program, and if not, where they part.
import type { ExpectationNode } from '../../src/language/ast.ts';
import type { GoOutcome } from './outcome.ts';
import { comparedLines, outcomeKey } from './outcome.ts';
import type { GoResult } from './runner.ts';
import { isDeterministic } from './runner.ts';
import type { SimulatedOutcome, Simulation } from './simulate.ts';

/** How a comparison came out; only `disagrees` and `refused` are faults. */
export type Verdict =
  /** The natural schedules, with one processor and with several, give what Go gives each time. */
  | 'agrees'
  /** Go gives it on every run, the simulator on some schedule only. */
  | 'agrees on some schedule'
  /** Go's runs differ among themselves, and the simulator reaches one of their outcomes. */
  | 'undecided'
  /** Go's runs differ among themselves, and none of their outcomes was met on a few schedules. */
  | 'not reached'
  | 'disagrees'
  /** The simulator's language refuses a program that Go compiles. */
  | 'refused'
  /** Go refuses the program: nothing to compare. */
  | 'not Go';

export interface Comparison {
  readonly verdict: Verdict;
  /** For people: what both sides say, where they part. */
  readonly report: string;
  /** What the two dumps say the goroutines wait for, where that differs. */
  readonly states?: string;
}

/** Schedules that are tried when the natural one does not give Go's outcome. */
const randomSchedules = 30;

/** Compares real Go's runs with the simulator's. */
export function compare(result: GoResult, simulation: Simulation): Comparison {
  if (result.refused !== undefined) {
    return { verdict: 'not Go', report: result.refused };
  }
  if (simulation.run === undefined) {
    return { verdict: 'refused', report: simulation.refused };
  }
  const expected = new Set(result.outcomes.map(({ outcome }) => comparable(outcome)));
  const decided = isDeterministic(result);
  const natural = simulation.run(null);
  const alone = simulation.runAlone();
  const reached = [natural, alone].filter((outcome) => expected.has(comparable(outcome)));
  if (reached.length === 2) {
    return {
      verdict: decided ? 'agrees' : 'undecided',
      report: '',
      ...otherStates(result, natural),
    };
  }
  const [first] = result.outcomes;
  if (first === undefined) {
    return { verdict: 'not Go', report: 'Go was not run' };
  }
  if (/\bgo func\b|\bgo \w+\(/.test(result.source)) {
    for (let seed = 1; seed <= randomSchedules && reached.length === 0; seed++) {
      reached.push(...[simulation.run(seed)].filter((run) => expected.has(comparable(run))));
    }
    if (reached.length > 0) {
      return { verdict: decided ? 'agrees on some schedule' : 'undecided', report: '' };
    }
  }
  if (result.outcomes.every(({ outcome }) => outlasts(outcome, natural))) {
    return { verdict: 'undecided', report: '' };
  }
  const missed = expected.has(comparable(natural)) ? alone : natural;
  const report = difference(first.outcome, missed);
  return { verdict: decided ? 'disagrees' : 'not reached', report };
}

/**
 * The expectations of a scenario that real Go does not meet, each in a line. What holds on some
 * schedule only cannot be asked of a few runs. Expectations without a profile are about the file's
 * own one; later versions are held to them too, unless it is go1.22, before the fix. Data races are
 * another build's to find, and what main leaves behind nobody's.
 */
export function unmetExpectations(
  result: GoResult,
  expectations: readonly ExpectationNode[],
  fileProfile: string,
): string[] {
  const own = expectations.filter(({ profile }) => profile === result.profile);
  const held =
    fileProfile === result.profile || (fileProfile !== 'go1.22' && result.profile !== 'go1.22');
  if (own.length === 0 && !held) {
    return [];
  }
  const chosen = own.length > 0 ? own : expectations.filter(({ profile }) => profile === null);
  if (chosen.some(({ outcome }) => outcome === 'race' || outcome === 'leak')) {
    return [];
  }
  const always = chosen.filter(({ quantifier }) => quantifier === 'always');
  const unmet: string[] = [];
  for (const { outcome } of result.outcomes) {
    const meets = ({ outcome: kind, text }: ExpectationNode): boolean =>
      kind === outcome.kind && outcome.text.includes(text ?? '');
    const met =
      always.length === 0 ? chosen.length > 0 || outcome.kind === 'ok' : always.some(meets);
    if (!met) {
      unmet.push(`  Go says ${outcome.kind} ${outcome.text}`);
    }
  }
  return unmet;
}

/** Compares what the dumps say of panics and, in a deadlock, of all goroutines. */
function otherStates(result: GoResult, natural: SimulatedOutcome): { states?: string } {
  const real = result.outcomes[0]?.outcome;
  if (real === undefined || (real.kind !== 'deadlock' && real.kind !== 'panic')) {
    return {};
  }
  const words = ({ report, goroutines }: SimulatedOutcome): string =>
    (real.kind === 'panic' ? report : [...goroutines].sort()).join('; ');
  const [left, right] = [words(real), words(natural)];
  return left === right ? {} : { states: `  Go         ${left}\n  simulator  ${right}` };
}

/** Whether Go was still at it when its time was up, and the simulator, whose stacks and steps have
 *  smaller bounds, had printed the same until it came to one of them. */
function outlasts(real: GoOutcome, simulated: SimulatedOutcome): boolean {
  const isBound = simulated.kind === 'limit';
  if (real.kind !== 'hang' || !isBound) return false;
  return simulated.output.every((line, index) => line === real.output[index]);
}

/** The process-ending words that the two sides have in common. */
function comparable(
  outcome: Omit<GoOutcome, 'goroutines' | 'report' | 'kind'> & { kind: string },
): string {
  const kind = outcome.kind as GoOutcome['kind'];
  // What a program's own output ends with is compared, but not that it ends with a line break.
  return outcomeKey({ ...outcome, kind });
}

/** Both sides in a few lines: the endings, and the first line of output that differs. */
export function difference(real: GoOutcome, simulated: SimulatedOutcome): string {
  const ending = ({ kind, text, lines }: SimulatedOutcome): string =>
    [kind, text, ...comparedLines(lines)].filter((part) => part !== '').join(' | ');
  const rows = [`  Go         ${ending(real)}`, `  simulator  ${ending(simulated)}`];
  const length = Math.max(real.output.length, simulated.output.length);
  for (let index = 0; index < length; index++) {
    const [left, right] = [real.output[index], simulated.output[index]];
    if (left !== right) {
      const shown = (line: string | undefined): string => line ?? '(no more output)';
      rows.push(`  line ${index + 1}: Go "${shown(left)}", simulator "${shown(right)}"`);
      break;
    }
  }
  return rows.join('\n');
}
