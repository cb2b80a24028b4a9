/**
 * The reference: a search that shares nothing with the real ones. Breadth first over whole states
 * as texts, on the interpreter alone: no reduction, no hash, no undo log, no generated code, no
 * remembered steps. A state is copied into the machine for each of its moves, and out of it again.
 */
import { HEAP_TOP, OUTPUT_COUNT, type Image } from '../../src/language/image.ts';
import { Machine, type OutputEntry } from '../../src/machine/machine.ts';
import { standstillOutcome } from '../../src/run/limits.ts';
import { Memories } from './memories.ts';

/** More than the small programs of these tests need. */
export const MEMORY_WORDS = 1 << 18;

export interface Reference {
  /** As `outcomeKey` of the real search writes them, in a fixed order. */
  readonly outcomes: readonly string[];
  readonly states: number;
  /** The bound was met: not all states were seen. */
  readonly isCutOff: boolean;
}

export interface ReferenceSettings {
  readonly stateLimit: number;
  readonly preemption?: boolean;
}

interface State {
  /** The memory, but for how much was printed. */
  readonly memory: string;
  readonly output: readonly OutputEntry[];
}

/** Every outcome of every schedule. */
export function referenceOutcomes(image: Image, settings: ReferenceSettings): Reference {
  const { stateLimit, preemption = false } = settings;
  const machine = new Machine(image, {
    undo: false,
    generateAfter: Infinity,
    memoryWords: image.options.memoryWords ?? MEMORY_WORDS,
    preemption,
  });
  const clauses = image.scenario.expectations.map(({ prints }) => prints);
  const asked = clauses.filter((parts) => parts.length > 0);
  const memories = new Memories(machine.memory);
  const seen = new Set<string>();
  const outcomes = new Set<string>();
  /** States that are as many steps from state 0 as there were rounds, and those behind them. */
  let states: State[] = [];
  let next: State[] = [];

  /** The state in which the machine is has been reached. */
  const reach = (): void => {
    const text = asked.length > 0 ? textOf(machine.output) : '';
    const memory = memories.takeOut(machine.memory, machine.memory[HEAP_TOP]);
    const key = `${memory}\n${text}`;
    if (seen.has(key)) return;
    seen.add(key);
    const outcome = machine.outcome() ?? (canMove(machine) ? null : standstillOutcome(machine));
    if (outcome === null) next.push({ memory, output: [...machine.output] });
    else outcomes.add(outcomeText(outcome.kind, outcome.message, asked, text));
  };
  const goTo = (state: State): void => {
    memories.bringIn(machine.memory, state.memory);
    machine.output = [...state.output];
    machine.memory[OUTPUT_COUNT] = state.output.length;
  };

  reach();
  while (next.length > 0 && seen.size < stateLimit) {
    states = next;
    next = [];
    for (const state of states) {
      goTo(state);
      for (const [thread, answer] of movesOf(machine)) {
        goTo(state);
        machine.step(thread, answer);
        reach();
      }
    }
  }
  return { outcomes: [...outcomes].sort(), states: seen.size, isCutOff: next.length > 0 };
}

function canMove(machine: Machine): boolean {
  for (let thread = 0; thread < machine.threadCount(); thread++) {
    if (machine.isEnabled(thread)) return true;
  }
  return false;
}

/** Who can move, with every answer. */
function movesOf(machine: Machine): [thread: number, answer: number][] {
  const moves: [number, number][] = [];
  for (let thread = 0; thread < machine.threadCount(); thread++) {
    if (!machine.isEnabled(thread)) continue;
    const answers = machine.choiceCount(thread);
    for (let answer = 0; answer < answers; answer++) moves.push([thread, answer]);
  }
  return moves;
}

function textOf(output: readonly OutputEntry[]): string {
  return output.map(({ text }) => text).join('');
}

/** An outcome, and where expectations ask for text: those `prints` whose parts stand on lines of
 *  their own, in their order. */
function outcomeText(
  kind: string,
  message: string,
  asked: readonly (readonly string[])[],
  text: string,
): string {
  if (asked.length === 0) return `${kind} ${message}`;
  const met = asked.filter((parts) => {
    const lines = text.split('\n');
    return parts.every((part) => {
      const at = lines.findIndex((line) => line.includes(part));
      lines.splice(0, at + 1);
      return at >= 0;
    });
  });
  return `${kind} ${message} ${JSON.stringify(met)}`;
}
