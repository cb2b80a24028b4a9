/**
 * Breakpoints of lines and functions: where they fall in the image, and whether one holds the run.
 */
import type { Image } from '../language/image.ts';
import type { Inspector } from './inspect.ts';

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
  readonly path: string;
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

export declare class Breakpoints {
  constructor(image: Image);
  /** Replaces all line breakpoints of a file; the answer is in the order of the request. */
  setLines(path: string, breakpoints: readonly LineBreakpoint[]): readonly PlacedBreakpoint[];
  setFunctions(breakpoints: readonly FunctionBreakpoint[]): readonly PlacedBreakpoint[];
  /** Those at no instruction are not verified. */
  setInstructions(breakpoints: readonly InstructionBreakpoint[]): readonly PlacedBreakpoint[];
  /** Places of a line range where a breakpoint may stand. */
  locations(path: string, startLine: number, endLine: number): readonly PlacedBreakpoint[];
  /** 1 at pc / 4 where any breakpoint lies. */
  readonly stops: Uint8Array;
  /** Asked when `thread` is about to execute the instruction at `pc`: counts hits, evaluates
   *  conditions. Null: nothing to stop or log here. `ids` is empty when only log points fired. */
  hit(inspector: Inspector, thread: number, pc: number): BreakpointHit | null;
}
