// What a run of a real Go program came to, read from its exit, its standard error and its output.

/** How a program ended; the words are those of the scenario language. */
export type OutcomeKind =
  | 'ok'
  | 'fail'
  | 'panic'
  | 'throw'
  | 'deadlock'
  | 'exit'
  | 'hang'
  | 'signal';

/** One run of one program. */
export interface GoOutcome {
  readonly kind: OutcomeKind;
  /** What follows `fatal error: ` or `panic: ` on its first line; a signal's name; empty for ok. */
  readonly text: string;
  /** The lines on standard error before it; thread addresses are named P1, P2 as they come. */
  readonly lines: readonly string[];
  /** What the program printed. */
  readonly output: readonly string[];
  /** What the runtime says as it dies, up to the first goroutine: all panics, `[recovered]`. */
  readonly report: readonly string[];
  /** The states of the user's goroutines in the dump, such as `coroutine, locked to thread`. */
  readonly goroutines: readonly string[];
}

/** How a process ended, as Node tells it. */
export interface ProcessEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly timedOut: boolean;
  readonly stderr: string;
  readonly stdout: string;
}

const deadlocks = /^(all goroutines are asleep - deadlock!|no goroutines \(main called)/;

/** Reads the outcome of a finished process. */
export function readOutcome(end: ProcessEnd): GoOutcome {
  const stderr = nameAddresses(asMain(end.stderr));
  const output = splitLines(asMain(end.stdout));
  const rows = stderr.split('\n');
  const at = rows.findIndex((row) => /^(fatal error|panic): /.test(row));
  const lines = rows.slice(0, Math.max(at, 0)).filter((row) => row !== '' && row !== '\t');
  const dump = { lines, output, report: dyingReport(stderr), goroutines: userGoroutines(stderr) };
  const result = (kind: OutcomeKind, text: string): GoOutcome => ({ kind, text, ...dump });
  if (end.timedOut) {
    return result('hang', '');
  }
  if (at >= 0) {
    const [head, ...rest] = (rows[at] ?? '').split(': ');
    const text = rest.join(': ').replace(/ \[recovered.*\]$/, '');
    if (head === 'panic') {
      return result('panic', text);
    }
    return result(deadlocks.test(text) ? 'deadlock' : 'throw', text);
  }
  const failure = /^fail: (.*)$/m.exec(stderr);
  if (failure?.[1] !== undefined && end.exitCode === 1) {
    return result('fail', failure[1]);
  }
  const signal = /^(SIG[A-Z]+)/m.exec(stderr)?.[1] ?? end.signal;
  if (signal !== null && signal !== undefined) {
    return result('signal', signal);
  }
  return end.exitCode === 0 ? result('ok', '') : result('exit', `exit status ${end.exitCode}`);
}

/** The lines before a fatal error that tell lock counts; others hold addresses and numbers. */
export function comparedLines(lines: readonly string[]): string[] {
  return lines.filter((line) => /^(coro: got |invalid m->|runtime: mp\.)/.test(line));
}

/** Programs of a batch are packages: their types are named as those of package main. */
function asMain(text: string): string {
  return text.replace(/\b(?:programs\/)?program\d+\./g, 'main.');
}

/** What is compared of an outcome as one text, for grouping equal ones. */
export function outcomeKey({
  kind,
  text,
  lines,
  output,
}: Omit<GoOutcome, 'goroutines' | 'report'>): string {
  const compared = kind === 'signal' || kind === 'hang' ? '' : text;
  return JSON.stringify([kind, compared, comparedLines(lines), output]);
}

/** Names the threads of the three lines of the coroutine check P1, P2 as they come. */
function nameAddresses(text: string): string {
  const names = new Map<string, string>();
  return text.replace(
    /^(coro: got thread )(\S+), want (\S+)$/gm,
    (_, head: string, got: string, want: string) => {
      const name = (address: string): string => {
        if (address === '0x0') {
          return address;
        }
        const known = names.get(address) ?? `P${names.size + 1}`;
        names.set(address, known);
        return known;
      };
      return `${head}${name(got)}, want ${name(want)}`;
    },
  );
}

/** The lines from `panic: ` or `fatal error: ` to the empty line before the first goroutine. */
export function dyingReport(stderr: string): string[] {
  const rows = stderr.split('\n');
  const from = rows.findIndex((row) => /^(fatal error|panic): /.test(row));
  const rest = from < 0 ? [] : rows.slice(from);
  const length = rest.findIndex((row) => row === '' || /^(\[signal|goroutine \d)/.test(row));
  return length < 0 ? rest : rest.slice(0, length);
}

/** The states of the user's goroutines in a dump, in its order. */
export function userGoroutines(stderr: string): string[] {
  const states: string[] = [];
  for (const stanza of stderr.split(/\n\n/)) {
    const match = /^goroutine \d+ (?:gp=\S+ m=\S+ (?:mp=\S+ )?)?\[(.*?)\]:/m.exec(stanza);
    const system = /^created by runtime\./m.test(stanza) || /^goroutine 0 /m.test(stanza);
    if (match?.[1] !== undefined && !system) {
      states.push(match[1].replace(/, \d+ minutes/, ''));
    }
  }
  return states;
}

/** The lines of a text, whether or not it ends with a line break. */
export function splitLines(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') {
    lines.pop();
  }
  return lines;
}
