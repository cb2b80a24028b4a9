/**
 * Reading a state for people: goroutines, stacks, scopes, variables. Nothing here changes it.
 *
 * What a Go model calls its goroutines is found by name (`runtime.allgs`, fields of `runtime.g`);
 * a profile without them shows the machine's threads in their place.
 */
import {
  CONTEXT_OWNER,
  HEAP_TOP,
  type Image,
  THREAD_CONTEXT,
  THREAD_STATUS,
  THREAD_WORDS,
  THREADS,
  type VariableInfo,
} from '../language/image.ts';
import { FRAME_CLOSURE } from '../language/instructions.ts';
import type { Machine } from '../machine/machine.ts';
import { childrenOf } from './children.ts';
import { objectsOfType } from './heap.ts';
import { type GoModel, goModelOf, STATUS_WORDS } from './model.ts';
import { describeFrame, type Frame, FunctionTable, type RawFrame, rawFrames } from './stack.ts';
import { type Datum, type Value, Values } from './values.ts';

export type { Frame } from './stack.ts';
export type { Value } from './values.ts';

/** A goroutine, or a machine thread in profiles without goroutines. */
export interface Goroutine {
  /** Stable during a run: goid, or thread number + 1. */
  readonly id: number;
  /** `G18 [coroutine, locked to M0]`. */
  readonly name: string;
  /** `G18`. */
  readonly shortName: string;
  /** `running`, `waiting`, …: a word for people. */
  readonly status: string;
  readonly isSystem: boolean;
  /** Its stack; 0 when it has none (any more). */
  readonly context: number;
  /** Address of the model's `g`, or 0. */
  readonly address: number;
  /** The machine thread that runs it now (or something for it), or -1. */
  readonly thread: number;
}

export interface Scope {
  /** `Locals`, `Goroutine`, `Thread (M)`, `Coros`, `Scheduler`, `Globals`. */
  readonly name: string;
  readonly hint: 'locals' | 'globals' | 'runtime';
  readonly values: () => readonly Value[];
}

/** Bare threads have ids from here on, where no goid comes. */
export const BARE_THREAD_IDS = 1_000_000_000;
const DEAD = 5;

export class Inspector {
  readonly image: Image;
  readonly machine: Machine;
  readonly model: GoModel | null;
  readonly values: Values;
  readonly functions: FunctionTable;
  /** The goroutine that was looked for last. */
  #lastG = 0;

  constructor(image: Image, machine: Machine) {
    this.image = image;
    this.machine = machine;
    this.model = goModelOf(image);
    this.values = new Values(image, machine, this.model);
    this.functions = new FunctionTable(image);
  }

  /** In ascending order of their ids. System goroutines only when asked for. */
  goroutines(withSystem: boolean): Goroutine[] {
    const found: Goroutine[] = [];
    const { model } = this;
    const { memory } = this.machine;
    const threads = this.#servingThreads();
    if (model === null) {
      for (let thread = 0; thread < this.machine.threadCount(); thread++) {
        if (memory[THREADS + thread * THREAD_WORDS + THREAD_STATUS] === 1) {
          found.push(this.#bareThread(thread));
        }
      }
      return found;
    }
    for (let g = memory[model.allgs]; g !== 0; g = memory[g + model.g.alllink]) {
      if (memory[g + model.g.atomicstatus] === DEAD) continue;
      const goroutine = this.#describe(model, g, threads);
      if (withSystem || !goroutine.isSystem) found.push(goroutine);
    }
    return found.sort((a, b) => a.id - b.id);
  }

  /** By id; also a bare thread by its. Null when there is none (any more). */
  goroutine(id: number): Goroutine | null {
    if (id >= BARE_THREAD_IDS) {
      const thread = id - BARE_THREAD_IDS;
      return thread < this.machine.threadCount() ? this.#bareThread(thread) : null;
    }
    if (this.model === null && id <= this.machine.threadCount()) {
      return this.goroutines(true).find((one) => one.id === id) ?? null;
    }
    const g = this.gNumbered(id);
    return g === 0 || this.model === null
      ? null
      : this.#describe(this.model, g, this.#servingThreads());
  }

  /** The goroutine that `thread` executes, or carries out a call for; null on a bare thread. */
  goroutineOf(thread: number): Goroutine | null {
    if (this.model === null) return this.goroutine(thread + 1);
    const id = this.goidOf(thread);
    return id === 0 ? null : this.goroutine(id);
  }

  /** Id of that goroutine; 0 when there is none. Cheap: for stepping. */
  goidOf(thread: number): number {
    const { model } = this;
    if (model === null) return thread + 1;
    const g = this.#gOf(model, thread);
    return g === 0 ? 0 : this.machine.memory[g + model.g.goid];
  }

  /** Address of the `g` that a thread runs: the owner of the stack it executes, or on a scheduler's
   *  stack the M's curg; 0 when there is none. */
  #gOf(model: GoModel, thread: number): number {
    const { memory } = this.machine;
    const context = memory[THREADS + thread * THREAD_WORDS + THREAD_CONTEXT];
    const owner = context === 0 ? 0 : memory[context + CONTEXT_OWNER];
    if (owner === 0) return 0;
    if (memory[owner + model.g.goid] !== 0) return owner;
    const m = memory[owner + model.g.m];
    return m === 0 ? 0 : memory[m + model.m.curg];
  }

  /** Innermost first, wrappers hidden; what runs on another stack on its behalf comes first. */
  frames(goroutine: Goroutine): Frame[] {
    return this.rawFrames(goroutine).map((raw) => describeFrame(this.image, raw));
  }

  /** The same without their places in the sources. */
  rawFrames(goroutine: Goroutine): RawFrame[] {
    const { thread, context } = goroutine;
    const all = rawFrames(this.functions, this.machine.memory, thread, context);
    return all.filter((one) => !this.functions.info(one.function).isWrapper);
  }

  scopes(goroutine: Goroutine, frame: Frame | null): Scope[] {
    const scopes: Scope[] = [];
    if (frame !== null) {
      scopes.push({ name: 'Locals', hint: 'locals', values: () => this.locals(frame) });
    }
    const { model } = this;
    if (model !== null) scopes.push(...this.#modelScopes(model, goroutine));
    scopes.push({ name: 'Globals', hint: 'globals', values: () => this.globals() });
    return scopes;
  }

  /** Variables in scope, parameters and results included; an inner one hides an outer one, which
   *  is then shown in parentheses. */
  locals(frame: Frame): Value[] {
    const visible = this.variablesAt(frame.function, frame.pc);
    const taken = new Set<string>();
    const found: Value[] = [];
    for (let index = visible.length - 1; index >= 0; index--) {
      const variable = visible[index];
      const isHidden = taken.has(variable.name);
      taken.add(variable.name);
      const name = isHidden ? `(${variable.name})` : variable.name;
      const datum = this.variable(frame, variable);
      if (datum !== null) found.unshift(this.values.present(name, datum, isHidden ? null : name));
    }
    return found;
  }

  /** Variables of a function that can be seen at `pc`, outer ones first. */
  variablesAt(number: number, pc: number): VariableInfo[] {
    const { variables } = this.functions.info(number);
    return variables.filter(({ name, start, end }) => start <= pc && pc < end && name !== '_');
  }

  /** Where a variable of a frame is; null when its box does not exist yet. */
  variable(frame: { readonly fp: number }, variable: VariableInfo): Datum | null {
    const { memory } = this.machine;
    const { storage, index, type } = variable;
    const { fp } = frame;
    const closure = memory[fp + FRAME_CLOSURE];
    switch (storage) {
      case 'slot':
        return this.values.at(fp + index, type);
      case 'box':
        return memory[fp + index] === 0 ? null : this.values.at(memory[fp + index], type);
      case 'capture':
        return closure === 0 ? null : this.values.at(closure + index, type);
      case 'capture-box': {
        const box = closure === 0 ? 0 : memory[closure + index];
        return box === 0 ? null : this.values.at(box, type);
      }
    }
  }

  /** Variables of the scenario's package. */
  globals(): Value[] {
    return this.#globalsOf('main');
  }

  /** Fields, elements, or what a pointer points to. `start` and `count` page indexed children. */
  childrenOf(value: Value, start = 0, count = Number.MAX_SAFE_INTEGER): Value[] {
    const datum = this.values.datumOf(value);
    if (datum === null) return [];
    return childrenOf(this.values, datum, value.evaluateName, start, count);
  }

  #modelScopes(model: GoModel, goroutine: Goroutine): Scope[] {
    const { memory } = this.machine;
    const g = goroutine.address;
    const m = g === 0 ? this.#mOfThread(model, goroutine.thread) : memory[g + model.g.m];
    const locked = g === 0 ? 0 : memory[g + model.g.lockedm];
    const scopes: Scope[] = [];
    const record = (name: string, address: number, type: number, path: string) => {
      if (address === 0) return;
      const datum = this.values.at(address, type);
      const values = () => childrenOf(this.values, datum, path, 0, Number.MAX_SAFE_INTEGER);
      scopes.push({ name, hint: 'runtime', values });
    };
    record('Goroutine', g, model.gType, goroutine.shortName);
    const thread = m === 0 ? locked : m;
    if (thread !== 0) {
      record('Thread (M)', thread, model.mType, `M${memory[thread + model.m.id]}`);
    }
    if (model.coroType !== 0) {
      scopes.push({ name: 'Coros', hint: 'runtime', values: () => this.#coros(model) });
    }
    scopes.push({ name: 'Scheduler', hint: 'runtime', values: () => this.#globalsOf('runtime') });
    return scopes;
  }

  #coros(model: GoModel): Value[] {
    return objectsOfType(this.image, this.machine, model.coroType).map((address, index) =>
      this.values.present(`coro ${index + 1}`, this.values.at(address, model.coroType), null),
    );
  }

  #globalsOf(packageName: string): Value[] {
    return this.image.globals
      .filter((one) => one.packageName === packageName && !one.name.startsWith('_'))
      .map(({ name, address, type }) => {
        const path = packageName === 'main' ? name : `${packageName}.${name}`;
        return this.values.present(name, this.values.at(address, type), path);
      });
  }

  #mOfThread(model: GoModel, thread: number): number {
    const { memory } = this.machine;
    if (thread < 0) return 0;
    const context = memory[THREADS + thread * THREAD_WORDS + THREAD_CONTEXT];
    const owner = context === 0 ? 0 : memory[context + CONTEXT_OWNER];
    return owner === 0 ? 0 : memory[owner + model.g.m];
  }

  #describe(model: GoModel, g: number, threads: ReadonlyMap<number, number>): Goroutine {
    const { memory } = this.machine;
    const id = memory[g + model.g.goid];
    const context = memory[g + model.g.context];
    const status = STATUS_WORDS[memory[g + model.g.atomicstatus]] ?? 'unknown';
    const reason = this.machine.readString(memory[g + model.g.waitreason]);
    const lockedM = memory[g + model.g.lockedm];
    const doing = status === 'waiting' && reason !== '' ? reason : status;
    const lock = lockedM === 0 ? '' : `, locked to M${memory[lockedM + model.m.id]}`;
    return {
      id,
      name: `G${id} [${doing}${lock}]`,
      shortName: `G${id}`,
      status,
      isSystem: model.g.isSystem >= 0 && memory[g + model.g.isSystem] !== 0,
      context,
      address: g,
      thread: threads.get(g) ?? -1,
    };
  }

  #bareThread(thread: number): Goroutine {
    const entry = THREADS + thread * THREAD_WORDS;
    const status = this.machine.isEnabled(thread) ? 'running' : 'waiting';
    const isM = this.model !== null;
    const shortName = isM ? `M${thread}` : `Thread ${thread}`;
    return {
      id: isM ? BARE_THREAD_IDS + thread : thread + 1,
      name: `${shortName} [${isM ? 'no goroutine' : status}]`,
      shortName,
      status,
      isSystem: isM,
      context: this.machine.memory[entry + THREAD_CONTEXT],
      address: 0,
      thread,
    };
  }

  /** By address of the `g`: the thread that executes it or carries out a call for it. */
  #servingThreads(): Map<number, number> {
    const { model } = this;
    const serving = new Map<number, number>();
    if (model === null) return serving;
    const { memory } = this.machine;
    for (let thread = 0; thread < this.machine.threadCount(); thread++) {
      if (memory[THREADS + thread * THREAD_WORDS + THREAD_STATUS] !== 1) continue;
      const g = this.#gOf(model, thread);
      if (g !== 0) serving.set(g, thread);
    }
    return serving;
  }

  /** Address of the `g` with that goid; 0 when there is none or it is dead. */
  gNumbered(goid: number): number {
    const { model } = this;
    if (model === null) return 0;
    const { memory } = this.machine;
    const isIt = (g: number) =>
      memory[g + model.g.goid] === goid && memory[g + model.g.atomicstatus] !== DEAD;
    // The same one is asked for again and again; records of goroutines stay where they are.
    if (this.#lastG !== 0 && this.#lastG < memory[HEAP_TOP] && isIt(this.#lastG)) {
      return this.#lastG;
    }
    for (let g = memory[model.allgs]; g !== 0; g = memory[g + model.g.alllink]) {
      if (!isIt(g)) continue;
      this.#lastG = g;
      return g;
    }
    return 0;
  }

  /** Address of the `m` with that id; 0 when there is none. */
  mNumbered(id: number): number {
    const { model } = this;
    if (model === null || model.allm === 0) return 0;
    const { memory } = this.machine;
    for (let m = memory[model.allm]; m !== 0; m = memory[m + model.m.alllink]) {
      if (memory[m + model.m.id] === id) return m;
    }
    return 0;
  }
}
