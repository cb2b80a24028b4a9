/**
 * What runs print, as far as expectations ask: `expect sometimes ok prints "1 2"`. Text lies
 * outside the state of the machine, so where an expectation asks for it, a search must know more of
 * a state: how far what was printed has come to meet each `prints`. Then states that differ in that
 * are two states, and outcomes that differ in what they meet are two outcomes.
 */
import type { Image } from '../language/image.ts';
import type { Machine, OutputEntry } from '../machine/machine.ts';
import { expectationsFor } from '../run/expectations.ts';
import type { FoundOutcome } from './types.ts';

/** The parts of a `prints`, each on a line of its own, in this order. */
type Clause = readonly string[];

/** How far the output has come: a number of its own for each progress, and a hash. */
export interface PrintProgress {
  readonly number: number;
  readonly low: number;
  readonly high: number;
}

/** After so many entries of the output: by clause, the parts that whole lines have met; and the
 *  line that is not ended yet. */
interface Position {
  readonly entry: OutputEntry;
  readonly met: readonly number[];
  readonly line: string;
}

export class Prints {
  readonly #machine: Machine;
  readonly #clauses: readonly Clause[];
  /** By entry of the machine's output. */
  readonly #positions: Position[] = [];
  readonly #known = new Map<string, PrintProgress>();

  /** Null when no expectation of the image asks for text. */
  static of(machine: Machine): Prints | null {
    const clauses = clausesOf(machine.image);
    return clauses.length === 0 ? null : new Prints(machine, clauses);
  }

  private constructor(machine: Machine, clauses: readonly Clause[]) {
    this.#machine = machine;
    this.#clauses = clauses;
  }

  /** How far the output has come where the machine is. */
  progress(): PrintProgress {
    const { met, line } = this.#position();
    const isAllMet = met.every((count, index) => count === this.#clauses[index].length);
    const key = `${met.join()}\n${isAllMet ? '' : line}`;
    let known = this.#known.get(key);
    if (known === undefined) {
      known = { number: this.#known.size + 1, low: hashOf(key, 1), high: hashOf(key, 2) };
      this.#known.set(key, known);
    }
    return known;
  }

  /** The clauses that the output meets where the machine is. */
  met(): Clause[] {
    const { met, line } = this.#position();
    return this.#clauses.filter(
      (clause, index) => this.#after(clause, met[index], line) === clause.length,
    );
  }

  #position(): Pick<Position, 'met' | 'line'> {
    const { output } = this.#machine;
    const positions = this.#positions;
    let same = 0;
    const most = Math.min(positions.length, output.length);
    while (same < most && positions[same].entry === output[same]) same++;
    positions.length = same;
    let position: Pick<Position, 'met' | 'line'> =
      same > 0 ? positions[same - 1] : { met: this.#clauses.map(() => 0), line: '' };
    for (const entry of output.slice(same)) {
      const lines = (position.line + entry.text).split('\n');
      const line = lines.pop() ?? '';
      const met = position.met.map((count, index) =>
        lines.reduce((all, one) => this.#after(this.#clauses[index], all, one), count),
      );
      position = { met, line };
      positions.push({ entry, met, line });
    }
    return position;
  }

  /** How many parts are met after one more line. */
  #after(clause: Clause, met: number, line: string): number {
    return met < clause.length && line.includes(clause[met]) ? met + 1 : met;
  }
}

/** Whether what is printed makes a difference to an expectation. */
export function asksForText(image: Image): boolean {
  return clausesOf(image).length > 0;
}

function clausesOf(image: Image): Clause[] {
  const expectations = expectationsFor(image.scenario.expectations, image.profile);
  return expectations.map(({ prints }) => prints).filter((prints) => prints.length > 0);
}

/** What tells one outcome of a search from another. */
export function outcomeKey({
  kind,
  message,
  prints,
}: Pick<FoundOutcome, 'kind' | 'message' | 'prints'>): string {
  return prints === undefined
    ? `${kind} ${message}`
    : `${kind} ${message} ${JSON.stringify(prints)}`;
}

/** For people, behind the outcome: ` prints "1 2"`. */
export function printsText({ prints }: Pick<FoundOutcome, 'prints'>): string {
  if (prints === undefined || prints.length === 0) return '';
  const texts = prints.map((clause) => clause.map((part) => JSON.stringify(part)).join(', '));
  return ` prints ${texts.join(' and ')}`;
}

/** A hash of 32 bits (FNV-1a, and a last mixing). */
function hashOf(text: string, seed: number): number {
  let hash = Math.imul(seed, 0x811c9dc5);
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
