/**
 * The cleanup queue of a state, for people: blocks, counters, who sleeps and who runs, and in words
 * how it stands. Read by the names that the models give their records; a profile without a cleanup
 * queue has none of it.
 */
import type { RuntimeType } from '../language/image.ts';
import { objectsOfType } from './heap.ts';
import type { Inspector } from './inspect.ts';
import { globalNamed } from './model.ts';
import { judge, type QueueCondition } from './queue-condition.ts';
import { queueGoroutines, type QueueGoroutine } from './queue-goroutines.ts';

export type { QueueCondition } from './queue-condition.ts';
export type { QueueGoroutine } from './queue-goroutines.ts';

/** A cleanup that waits: the function with its argument. */
export interface QueueCleanup {
  /** Of the word that holds it. */
  readonly address: number;
  /** `close(&0)`. */
  readonly text: string;
}

/** A block of cleanups; its address tells it from others as long as a run lasts. */
export interface QueueBlock {
  readonly address: number;
  /** `block 1`, numbered in the order of the memory. */
  readonly name: string;
  readonly cleanups: readonly QueueCleanup[];
}

export interface QueueProcessor {
  /** `P0`. */
  readonly name: string;
  /** `M0`, or '' while nobody holds it. */
  readonly holder: string;
  /** The block that it fills; null: none. */
  readonly block: QueueBlock | null;
}

export interface QueueCounter {
  /** As the model calls it: `workUnits`, `state.wakes`. */
  readonly name: string;
  readonly value: number;
  readonly meaning: string;
  /** An expression that gives it. */
  readonly expression: string;
}

export interface QueueState {
  readonly profile: string;
  /** packed: one word says who sleeps and how many are to wake. counted: work units, and a second
   *  look before sleeping. finalizer: a list, and one goroutine for all (Go 1.24). */
  readonly accounting: 'packed' | 'counted' | 'finalizer';
  /** Cleanups that fill a block; 0 without blocks. */
  readonly blockSize: number;
  readonly processors: readonly QueueProcessor[];
  /** What waits to be run; the first is taken first. */
  readonly full: readonly QueueBlock[];
  readonly free: readonly QueueBlock[];
  readonly counters: readonly QueueCounter[];
  /** Parked cleanup goroutines by name; the first is woken first. */
  readonly sleeping: readonly string[];
  readonly goroutines: readonly QueueGoroutine[];
  readonly condition: QueueCondition;
}

/** Lists that are longer (a damaged state) are cut. */
const maxLinks = 10_000;

/** The cleanup queue of the state that `inspector` reads; null when its profile has none. */
export function readCleanupQueue(inspector: Inspector): QueueState | null {
  return QueueReader.of(inspector)?.read() ?? null;
}

/** A struct in the state, read by the names of its fields. */
class Struct {
  readonly #inspector: Inspector;
  readonly #type: RuntimeType;
  readonly address: number;

  constructor(inspector: Inspector, type: RuntimeType, address: number) {
    this.#inspector = inspector;
    this.#type = type;
    this.address = address;
  }

  has(name: string): boolean {
    return this.#type.fields.some((field) => field.name === name);
  }

  /** Address of a field; 0 when there is none. */
  at(name: string): number {
    const field = this.#type.fields.find((one) => one.name === name);
    return field === undefined ? 0 : this.address + field.offset;
  }

  /** First word of a field; 0 when there is none. */
  word(name: string): number {
    const address = this.at(name);
    return address === 0 ? 0 : this.#inspector.machine.memory[address];
  }

  /** A field that is a struct itself. */
  inner(name: string): Struct | null {
    const field = this.#type.fields.find((one) => one.name === name);
    const type = field === undefined ? null : this.#inspector.values.typeOf(field.type);
    if (type === null || field === undefined || type.kind !== 'struct') return null;
    return new Struct(this.#inspector, type, this.address + field.offset);
  }
}

class QueueReader {
  readonly #inspector: Inspector;
  readonly #queue: Struct;
  readonly #blockType: RuntimeType | null;
  readonly #names = new Map<number, string>();

  constructor(inspector: Inspector, queue: Struct) {
    this.#inspector = inspector;
    this.#queue = queue;
    this.#blockType = structNamed(inspector, 'runtime.cleanupBlock');
  }

  static of(inspector: Inspector): QueueReader | null {
    const { image } = inspector;
    const address = globalNamed(image, 'runtime', 'gcCleanups');
    const type = structNamed(inspector, 'runtime.cleanupQueue');
    if (address === 0 || type === null || inspector.model === null) return null;
    return new QueueReader(inspector, new Struct(inspector, type, address));
  }

  read(): QueueState {
    const queue = this.#queue;
    const accounting = queue.has('full')
      ? queue.has('workUnits')
        ? 'counted'
        : 'packed'
      : 'finalizer';
    this.#nameBlocks();
    const processors = this.#processors();
    const full = accounting === 'finalizer' ? this.#finalizers() : this.#stack('full');
    const free = this.#stack('free');
    const sleeping = this.#sleeping();
    const goroutines = queueGoroutines(this.#inspector, accounting, sleeping, (address) =>
      this.#block(address),
    );
    const { image } = this.#inspector;
    const state = {
      profile: image.profile,
      accounting,
      blockSize: accounting === 'finalizer' ? 0 : (image.options.blocksize ?? 0),
      processors,
      full,
      free,
      counters: this.#counters(),
      sleeping,
      goroutines,
    } as const;
    return { ...state, condition: judge(this.#inspector, state) };
  }

  /** Numbers all blocks there are in the order of the memory. */
  #nameBlocks(): void {
    const type = this.#blockType;
    if (type === null || type.fields.length === 0) return;
    const { image, machine } = this.#inspector;
    for (const [index, address] of objectsOfType(image, machine, type.id).entries()) {
      this.#names.set(address, `block ${index + 1}`);
    }
  }

  #first(stack: string): number {
    return this.#queue.inner(stack)?.word('first') ?? 0;
  }

  /** Addresses of linked blocks. */
  #links(first: number): number[] {
    const type = this.#blockType;
    const found: number[] = [];
    if (type === null || type.fields.length === 0) return found;
    for (let address = first; address !== 0 && found.length < maxLinks; ) {
      found.push(address);
      address = new Struct(this.#inspector, type, address).word('next');
    }
    return found;
  }

  #stack(name: string): QueueBlock[] {
    return this.#links(this.#first(name)).flatMap((address) => this.#block(address) ?? []);
  }

  #block(address: number): QueueBlock | null {
    const type = this.#blockType;
    if (address === 0 || type === null || type.fields.length === 0) return null;
    const { memory } = this.#inspector.machine;
    const block = new Struct(this.#inspector, type, address);
    const slots = block.at('cleanups');
    const cleanups: QueueCleanup[] = [];
    for (let index = 0; index < block.word('n'); index++) {
      const fn = memory[slots + index];
      if (fn !== 0) cleanups.push({ address: slots + index, text: this.#cleanupText(fn) });
    }
    return { address, name: this.#names.get(address) ?? 'block', cleanups };
  }

  /** Go 1.24: the list of what waits, as if it were one block. */
  #finalizers(): QueueBlock[] {
    const type = structNamed(this.#inspector, 'runtime.finalizer');
    const first = this.#queue.word('first');
    if (type === null || first === 0) return [];
    const cleanups: QueueCleanup[] = [];
    for (let address = first; address !== 0 && cleanups.length < maxLinks; ) {
      const one = new Struct(this.#inspector, type, address);
      cleanups.push({ address: one.at('fn'), text: this.#cleanupText(one.word('fn')) });
      address = one.word('next');
    }
    return [{ address: this.#queue.at('first'), name: 'list', cleanups }];
  }

  /** `close(&0)` of the closure that AddCleanup made; else the function's name. */
  #cleanupText(closure: number): string {
    const { values, machine, functions } = this.#inspector;
    if (closure < 0) return shortName(values.functionName(closure));
    const number = machine.memory[closure];
    const captured = (name: string) => {
      const found = functions.info(number)?.variables.find((one) => one.name === name);
      if (found === undefined) return null;
      const inside = closure + found.index;
      const isBoxed = found.storage === 'capture-box';
      return values.at(isBoxed ? machine.memory[inside] : inside, found.type);
    };
    const cleanup = captured('cleanup');
    const argument = captured('arg');
    if (cleanup === null || argument === null) return shortName(values.functionName(closure));
    return `${shortName(values.functionName(cleanup.words[0]))}(${values.render(argument)})`;
  }

  #processors(): QueueProcessor[] {
    const { memory } = this.#inspector.machine;
    const { values, model } = this.#inspector;
    if (this.#queue.has('first')) return [];
    return this.#allp().map((p) => ({
      name: `P${p.word('id')}`,
      holder: (model && values.modelName(model.mType, p.word('m'))) ?? '',
      block: this.#block(memory[p.at('cleanups')]),
    }));
  }

  #allp(): Struct[] {
    const { image, machine, model, values } = this.#inspector;
    const type = model === null ? null : values.typeOf(model.pType);
    const allp = globalNamed(image, 'runtime', 'allp');
    const count = machine.memory[globalNamed(image, 'runtime', 'gomaxprocs')];
    if (type === null || allp === 0) return [];
    const found: Struct[] = [];
    for (let index = 0; index < count; index++) {
      const address = machine.memory[allp + index];
      if (address !== 0) found.push(new Struct(this.#inspector, type, address));
    }
    return found;
  }

  #counters(): QueueCounter[] {
    const queue = this.#queue;
    const counters: QueueCounter[] = [];
    const add = (owner: Struct | null, name: string, path: string, meaning: string) => {
      if (owner === null || !owner.has(name)) return;
      const value = owner.word(name) >>> 0;
      counters.push({ name: path, value, meaning, expression: `runtime.gcCleanups.${path}` });
    };
    const state = queue.inner('state');
    add(queue, 'workUnits', 'workUnits', 'blocks that wait and are not claimed');
    add(state, 'wakes', 'state.wakes', 'wake-ups asked for and not yet used');
    add(state, 'asleep', 'state.asleep', 'goroutines counted as asleep');
    add(queue, 'asleep', 'asleep', 'goroutines counted as asleep');
    add(queue, 'status', 'status', 'bits: 1 made, 2 sleeps, 4 has work');
    add(queue, 'ng', 'ng', 'cleanup goroutines there are');
    add(queue, 'needg', 'needg', 'more of them wanted');
    if (queue.has('ng')) {
      const value = this.#maxGoroutines();
      const meaning = 'cleanup goroutines there may be';
      counters.push({ name: 'max', value, meaning, expression: 'runtime.gomaxprocs' });
    }
    return counters;
  }

  #maxGoroutines(): number {
    const { image, machine } = this.#inspector;
    const gomaxprocs = machine.memory[globalNamed(image, 'runtime', 'gomaxprocs')];
    return Math.max(1, Math.floor(gomaxprocs / 4));
  }

  #sleeping(): string[] {
    const { machine, model, values } = this.#inspector;
    const type = model === null ? null : values.typeOf(model.gType);
    const names: string[] = [];
    if (model === null || type === null) return names;
    for (let g = this.#queue.word('sleeping'); g !== 0 && names.length < maxLinks; ) {
      names.push(`G${machine.memory[g + model.g.goid]}`);
      g = new Struct(this.#inspector, type, g).word('schedlink');
    }
    return names;
  }
}

function structNamed(inspector: Inspector, name: string): RuntimeType | null {
  const { types } = inspector.image;
  return types.find((type) => type?.kind === 'struct' && type.name === name) ?? null;
}

/** Without the scenario's package. */
function shortName(name: string): string {
  return name.replace(/^main\./, '');
}
