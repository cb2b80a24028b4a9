/** Writing generated code: lines, what is known of slots, and ways out of a block. */
import * as ops from '../language/instructions.ts';
import type { Tables } from './tables.ts';

const NEXT = ops.INSTRUCTION_WORDS;
/** More words at once are moved by the interpreter. */
export const INLINE_WORDS = 6;

/** What is known of a slot: an expression without effects, and whether memory has it too. */
interface Slot {
  readonly text: string;
  readonly dirty: boolean;
}

export class BlockWriter {
  protected readonly tables: Tables;
  /** Whether pointers to this frame's slots may exist. */
  protected readonly hasAddresses: boolean;
  protected readonly isRecording: boolean;
  protected lines: string[] = [];
  protected slots = new Map<number, Slot>();
  protected names = 0;
  protected pc = 0;
  /** Instructions since the count was brought up to date. */
  protected executed = 0;
  /** Inside a callee that is written in place: where its frame begins in this one, and the way out,
   *  which is to let the interpreter do the call. */
  protected offset = 0;
  protected wayOut: string | null = null;

  /** `isRecording`: what is loaded is told to core.recorder (for conditions, which store nothing). */
  constructor(tables: Tables, start: number, end: number, isRecording: boolean) {
    this.tables = tables;
    this.isRecording = isRecording;
    this.hasAddresses = false;
    for (let pc = start; pc < end; pc += NEXT) {
      if (tables.code[pc] === ops.OP_LEA) this.hasAddresses = true;
    }
  }

  protected emit(line: string): void {
    if (line !== '') this.lines.push(line);
  }

  protected name(): string {
    return `t${this.names++}`;
  }

  /** Brings the count of instructions up to date. */
  protected count(): void {
    this.emit(this.counted());
    this.executed = 0;
  }

  protected counted(extra = 0): string {
    const executed = this.executed + extra;
    return executed === 0 ? '' : `R.left -= ${executed};`;
  }

  protected read(operand: number): string {
    const slot = operand + this.offset;
    const known = this.slots.get(slot);
    if (known !== undefined) return known.text;
    const name = this.name();
    this.emit(`const ${name} = m[fp + ${slot}];`);
    this.slots.set(slot, { text: name, dirty: false });
    return name;
  }

  protected write(operand: number, expression: string): void {
    const slot = operand + this.offset;
    const known = this.slots.get(slot);
    if (known !== undefined && known.text === expression) return;
    let text = expression;
    if (!/^(?:-?\d+|t\d+|fp)$/.test(expression)) {
      text = this.name();
      this.emit(`const ${text} = ${expression};`);
    }
    this.slots.set(slot, { text, dirty: true });
  }

  /** A named value of an expression. */
  protected value(expression: string): string {
    const name = this.name();
    this.emit(`const ${name} = ${expression};`);
    return name;
  }

  /** Statements that bring memory up to date. */
  protected stores(): string {
    const stores: string[] = [];
    for (const [slot, { text, dirty }] of this.slots) {
      if (dirty) stores.push(store(`fp + ${slot}`, text));
    }
    return stores.join(' ');
  }

  /** Brings memory up to date; what is known of slots stays known. */
  protected flush(): void {
    this.emit(this.stores());
    for (const [slot, { text }] of this.slots) this.slots.set(slot, { text, dirty: false });
  }

  /** Statements that let the interpreter execute this instruction. */
  protected leave(): string {
    return `${this.stores()} ${this.counted()} return one(${this.pc}, fp);`;
  }

  /** If the condition holds, the interpreter executes this instruction. */
  protected unless(condition: string): void {
    this.emit(`if (${condition}) { ${this.wayOut ?? this.leave()} }`);
  }

  /** The instruction is executed by slow.ts; goes on if that comes back to the next one. */
  protected slowly(): boolean {
    const [op, a, b, c] = this.words();
    this.flush();
    this.executed++;
    this.count();
    const result = this.name();
    this.emit(`const ${result} = slow(${this.pc}, fp, ${op}, ${a}, ${b}, ${c});`);
    this.emit(`if (${result} !== ${this.pc + NEXT} || C.fp !== fp) return ${result};`);
    this.slots = new Map();
    return true;
  }

  protected words(): [number, number, number, number] {
    const { code } = this.tables;
    const pc = this.pc;
    return [code[pc], code[pc + 1], code[pc + 2], code[pc + 3]];
  }
}

/** A statement that writes a word, noted in the log as Core.write does. */
export function store(address: string, value: string): string {
  const note = `if (S[${address}] !== E) C.note(${address});`;
  return `if (m[${address}] !== ${value}) { ${note} m[${address}] = ${value}; }`;
}
