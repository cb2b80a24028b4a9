/**
 * Breakpoints of lines and functions: where they fall in the image, and whether one holds the run.
 */
import { type Image, THREAD_FP, THREAD_WORDS, THREADS } from '../language/image.ts';
import { INSTRUCTION_WORDS } from '../language/instructions.ts';
import { hitCountOf, mistakeIn, namesAt } from './breakpoint-texts.ts';
import { evaluate, holds, type Place } from './evaluate.ts';
import type { Inspector } from './inspect.ts';
import { type StatementPlace, StatementTable } from './statements.ts';

export interface BreakpointRequest {
  /** Chosen by the caller; comes back in stops. */
  readonly id: number;
  /** An expression that must be true (not 0). */
  readonly condition?: string;
  /** `5`, `>= 5`, `% 3`: how many hits it takes. */
  readonly hitCondition?: string;
  /** With it the breakpoint logs and does not stop; `{expression}` is filled in. */
  readonly logMessage?: string;
}

export interface LineBreakpoint extends BreakpointRequest {
  /** 1-based. Without a column: the first statement of the line, or of the next line with one. */
  readonly line: number;
  readonly column?: number;
}

export interface FunctionBreakpoint extends BreakpointRequest {
  /** `coroswitch`, `runtime.throw`, `main.exhaust`. */
  readonly name: string;
}

export interface InstructionBreakpoint extends BreakpointRequest {
  /** Of the instruction; a multiple of 4. */
  readonly pc: number;
}

/** Where a breakpoint came to lie, or why it did not. Lines and columns are 1-based. */
export interface PlacedBreakpoint {
  readonly id: number;
  readonly verified: boolean;
  readonly path?: string;
  readonly line?: number;
  readonly column?: number;
  readonly endLine?: number;
  readonly endColumn?: number;
  readonly message?: string;
}

export interface BreakpointHit {
  readonly ids: readonly number[];
  readonly kind: 'line' | 'function' | 'instruction' | 'data';
  /** Of data breakpoints: what changed, from what to what. */
  readonly text?: string;
  /** Texts of log points passed here. */
  readonly logs: readonly { readonly id: number; readonly text: string }[];
}

/** All breakpoints of a session with one image. */
export class Breakpoints {
  readonly #image: Image;
  readonly #statements: StatementTable;
  readonly #lines = new Map<string, Point[]>();
  #functions: Point[] = [];
  #instructions: Point[] = [];
  #byPc = new Map<number, Point[]>();
  #stops: Uint8Array;

  constructor(image: Image) {
    this.#image = image;
    this.#statements = new StatementTable(image);
    this.#stops = new Uint8Array(image.code.length / INSTRUCTION_WORDS);
  }

  /** 1 at pc / 4 where any breakpoint lies. */
  get stops(): Uint8Array {
    return this.#stops;
  }

  /** Replaces all line breakpoints of a file; the answer is in the order of the request. */
  setLines(path: string, breakpoints: readonly LineBreakpoint[]): PlacedBreakpoint[] {
    const points: Point[] = [];
    const placed = breakpoints.map((request): PlacedBreakpoint => {
      const { id, line, column } = request;
      const found = this.#statements.find(path, line, column);
      if (typeof found === 'string') return { id, verified: false, message: found };
      const where = { path, ...positionOf(found) };
      const mistake = this.#mistakeIn(request, found.pcs);
      if (mistake !== null) return { id, verified: false, message: mistake, ...where };
      points.push(new Point(request, 'line', found.pcs));
      return { id, verified: true, ...where };
    });
    this.#lines.set(path, points);
    this.#rebuild();
    return placed;
  }

  setFunctions(breakpoints: readonly FunctionBreakpoint[]): PlacedBreakpoint[] {
    this.#functions = [];
    const placed = breakpoints.map((request): PlacedBreakpoint => {
      const { id, name } = request;
      const pcs = this.#statements.functionEntries(name);
      if (pcs.length === 0) {
        const message = `no function ${name} runs in the scenario ${this.#image.scenario.name}`;
        return { id, verified: false, message };
      }
      const mistake = this.#mistakeIn(request, pcs);
      const where = this.#placeOf(pcs[0]);
      if (mistake !== null) return { id, verified: false, message: mistake, ...where };
      this.#functions.push(new Point(request, 'function', pcs));
      return { id, verified: true, ...where };
    });
    this.#rebuild();
    return placed;
  }

  /** Those at no instruction are not verified. */
  setInstructions(breakpoints: readonly InstructionBreakpoint[]): PlacedBreakpoint[] {
    this.#instructions = [];
    const placed = breakpoints.map((request): PlacedBreakpoint => {
      const { id, pc } = request;
      const isInside = pc >= 0 && pc < this.#image.code.length && pc % INSTRUCTION_WORDS === 0;
      if (!isInside) return { id, verified: false, message: 'there is no instruction here' };
      const mistake = this.#mistakeIn(request, [pc]);
      const where = this.#placeOf(pc);
      if (mistake !== null) return { id, verified: false, message: mistake, ...where };
      this.#instructions.push(new Point(request, 'instruction', [pc]));
      return { id, verified: true, ...where };
    });
    this.#rebuild();
    return placed;
  }

  /** Places of a line range where a breakpoint may stand. */
  locations(path: string, startLine: number, endLine: number): PlacedBreakpoint[] {
    return this.#statements
      .within(path, startLine, endLine)
      .map((place) => ({ id: 0, verified: true, path, ...positionOf(place) }));
  }

  /** Asked when `thread` is about to execute the instruction at `pc`: counts hits, evaluates
   *  conditions. Null: nothing to stop or log here. `ids` is empty when only log points fired. */
  hit(inspector: Inspector, thread: number, pc: number): BreakpointHit | null {
    const points = this.#byPc.get(pc);
    if (points === undefined) return null;
    const fp = inspector.machine.memory[THREADS + thread * THREAD_WORDS + THREAD_FP];
    const place: Place = { function: inspector.functions.at(pc), pc, fp };
    const ids: number[] = [];
    const logs: { id: number; text: string }[] = [];
    let kind: BreakpointHit['kind'] = 'line';
    for (const point of points) {
      const isMet = point.isMet(inspector, place);
      if (isMet === false) continue;
      const { id, logMessage } = point.request;
      if (isMet !== true) logs.push({ id, text: isMet });
      if (isMet === true && logMessage !== undefined) {
        logs.push({ id, text: fillIn(inspector, place, logMessage) });
        continue;
      }
      ids.push(id);
      kind = point.kind;
    }
    return ids.length === 0 && logs.length === 0 ? null : { ids, kind, logs };
  }

  #mistakeIn(request: BreakpointRequest, pcs: readonly number[]): string | null {
    return mistakeIn(request, namesAt(this.#image, pcs));
  }

  #rebuild(): void {
    const all = [...this.#lines.values()].flat();
    all.push(...this.#functions, ...this.#instructions);
    this.#stops = new Uint8Array(this.#stops.length);
    this.#byPc = new Map();
    for (const point of all) {
      for (const pc of point.pcs) {
        this.#stops[pc / INSTRUCTION_WORDS] = 1;
        const others = this.#byPc.get(pc);
        if (others === undefined) this.#byPc.set(pc, [point]);
        else others.push(point);
      }
    }
  }

  #placeOf(pc: number): Partial<PlacedBreakpoint> {
    const place = this.#statements.at(pc);
    return { path: this.#image.files[place.file].path, ...positionOf(place) };
  }
}

function positionOf({ line, column, endLine, endColumn }: StatementPlace) {
  return { line, column, endLine, endColumn };
}

/** One breakpoint where it lies. */
class Point {
  readonly request: BreakpointRequest;
  readonly kind: 'line' | 'function' | 'instruction';
  readonly pcs: readonly number[];
  /** Moments at which it was passed with its condition met, ascending: the n-th hit stays the n-th
   *  one when the run is walked again. */
  readonly #moments: number[] = [];

  constructor(request: BreakpointRequest, kind: Point['kind'], pcs: readonly number[]) {
    this.request = request;
    this.kind = kind;
    this.pcs = pcs;
  }

  /** Whether it holds the run; a text: its condition cannot be evaluated, and why. */
  isMet(inspector: Inspector, place: Place): boolean | string {
    const { condition, hitCondition } = this.request;
    if (condition !== undefined) {
      const result = holds(inspector, place, condition);
      if (result === false) return false;
      if (result !== true) return `the condition "${condition}" has no value: ${result.error}`;
    }
    if (hitCondition === undefined) return true;
    const [operator, limit] = hitCountOf(hitCondition) ?? ['=', '0'];
    return counts(operator, this.#numberOfHit(inspector.machine.instructionCount), limit);
  }

  #numberOfHit(moment: number): number {
    const moments = this.#moments;
    let index = moments.length;
    while (index > 0 && moments[index - 1] > moment) index--;
    if (moments[index - 1] === moment) return index;
    moments.splice(index, 0, moment);
    return index + 1;
  }
}

function counts(operator: string, hits: number, limitText: string): boolean {
  const limit = Number(limitText);
  switch (operator) {
    case '>=':
      return hits >= limit;
    case '<=':
      return hits <= limit;
    case '>':
      return hits > limit;
    case '<':
      return hits < limit;
    case '%':
      return limit > 0 && hits % limit === 0;
    default:
      return hits === limit;
  }
}

/** The text of a log point: `{expression}` is replaced by its value, `{{` is a brace. */
export function fillIn(inspector: Inspector, place: Place | null, template: string): string {
  return template.replace(/\{\{|\}\}|\{([^{}]+)\}/g, (whole, expression: string | undefined) => {
    if (expression === undefined) return whole[0];
    const value = evaluate(inspector, place, expression);
    if ('error' in value) return `{${value.error}}`;
    // A text is written without its quotes; a long one is cut behind them.
    const quoted = /^"(?:[^"\\]|\\.)*"/.exec(value.text)?.[0];
    if (value.typeName !== 'string' || quoted === undefined) return value.text;
    return (JSON.parse(quoted) as string) + value.text.slice(quoted.length);
  });
}
