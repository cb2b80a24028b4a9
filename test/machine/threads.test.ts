import assert from 'node:assert';
import { ATOMIC_HOLDER, MAX_THREADS, TIME } from '../../src/language/image.ts';
import * as ops from '../../src/language/instructions.ts';
import type { MachineOptions } from '../../src/machine/machine.ts';
import { Machine } from '../../src/machine/machine.ts';
import type { FunctionSource, Operand } from './assemble.ts';
import { assemble, globalAddress } from './assemble.ts';

type Line = string | readonly [string, ...Operand[]];

const global = globalAddress;

/** A machine whose threads 1, 2, … run the given code; they have been made, thread 0 waits. */
function machineOf(
  threads: readonly (readonly Line[])[],
  options: MachineOptions & { more?: readonly FunctionSource[]; invariants?: string[] } = {},
): Machine {
  const main: Line[] = [];
  for (let thread = 1; thread <= threads.length; thread++) {
    main.push(['CONST', 3, -thread - 1], ['CONST', 4, 100 + thread], ['NEWTHREAD', 5, 3, 4]);
  }
  main.push(['CONST', 3, global(7)], ['AWAIT', 3], ['RET', 3, 0]);
  const image = assemble({
    globals: 8,
    invariants: options.invariants,
    functions: [
      { name: 'main', frame: 20, code: main },
      ...threads.map((code, index) => ({
        name: `thread${index + 1}`,
        frame: 20,
        code: [...code, ['RET', 3, 0] as const],
      })),
      ...(options.more ?? []),
    ],
  });
  const machine = new Machine(image, { checking: true, memoryWords: 1 << 18, ...options });
  for (let i = 0; i < threads.length; i++) machine.step(0);
  return machine;
}

const enabled = (machine: Machine) =>
  Array.from({ length: machine.threadCount() }, (_, thread) => thread).filter((thread) =>
    machine.isEnabled(thread),
  );

describe('machine: threads', () => {
  it('starts a thread before its first instruction, and says what it will do', () => {
    const machine = machineOf([
      [
        ['CONST', 3, 5],
        ['VGSTORE', global(2), 3],
      ],
    ]);
    assert.deepStrictEqual(enabled(machine), [1]);
    assert.strictEqual(machine.pendingOperation(1).address, 0);
    assert.strictEqual(machine.step(1), 'boundary');
    const { op, address } = machine.pendingOperation(1);
    assert.deepStrictEqual([op, address], [ops.OP_VGSTORE, global(2)]);
    assert.strictEqual(machine.step(1), 'ended');
    assert.strictEqual(machine.isLive(1), false);
    assert.strictEqual(machine.outcome(), null);
    assert.match(JSON.stringify(stepped(machine, 1)), /internal error: thread 1 was stepped/);
  });

  function stepped(machine: Machine, thread: number) {
    machine.step(thread);
    return machine.outcome();
  }

  it('gives each thread its number and its own word', () => {
    const code: Line[] = [
      ['TLS', 3],
      ['THREAD', 4],
      ['ADD', 3, 3, 4],
      ['GSTORE', global(0), 3],
      ['CONST', 3, 9],
      ['SETTLS', 3],
      ['YIELD'],
      ['TLS', 3],
      ['GSTORE', global(1), 3],
    ];
    const machine = machineOf([code, [['YIELD']]]);
    machine.step(1);
    assert.strictEqual(machine.memory[global(0)], 102);
    machine.step(2);
    machine.step(1);
    assert.strictEqual(machine.memory[global(1)], 9);
  });

  it('lets a lock be taken once', () => {
    const code: Line[] = [['CONST', 3, global(0)], ['LOCK', 3], ['YIELD'], ['UNLOCK', 3]];
    const machine = machineOf([code, code]);
    machine.step(1);
    machine.step(2);
    assert.deepStrictEqual(enabled(machine), [1, 2]);
    machine.step(2);
    assert.strictEqual(machine.memory[global(0)], 3);
    assert.deepStrictEqual(enabled(machine), [2]);
    machine.step(2);
    machine.step(2);
    assert.deepStrictEqual(enabled(machine), [1]);
  });

  it('keeps an atomic section whole, and asks for choices inside it', () => {
    const section: Line[] = [
      ['ATOMIC_BEGIN'],
      ['CONST', 3, 1],
      ['VGSTORE', global(0), 3],
      ['ATOMIC_BEGIN'],
      ['CONST', 4, 3],
      ['CHOOSE', 5, 4],
      ['ATOMIC_END'],
      ['VGSTORE', global(1), 5],
      ['YIELD'],
      ['ATOMIC_END'],
      ['CONST', 6, 5],
      ['YIELD'],
    ];
    const machine = machineOf([section, [['NOP'], ['YIELD']]]);
    assert.deepStrictEqual(enabled(machine), [1, 2]);
    machine.step(2);
    assert.strictEqual(machine.choiceCount(1), 1);
    machine.step(1);
    assert.strictEqual(machine.memory[global(0)], 1);
    assert.deepStrictEqual(enabled(machine), [1]);
    assert.strictEqual(machine.choiceCount(1), 3);
    machine.step(1, 2);
    assert.strictEqual(machine.memory[global(1)], 2);
    assert.strictEqual(machine.memory[ATOMIC_HOLDER], 0);
    assert.deepStrictEqual(enabled(machine), [1, 2]);
  });

  it('says when a model waits inside an atomic section', () => {
    const wait = (line: Line): Line[] => [['CONST', 3, global(0)], ['ATOMIC_BEGIN'], line];
    for (const line of [
      ['AWAIT', 3],
      ['AWAITIDLE', 3, 4, 5],
    ] as const) {
      const machine = machineOf([wait(line)]);
      machine.step(1);
      machine.step(1);
      assert.strictEqual(machine.outcome()?.kind, 'internal');
    }
  });

  it('lets time pass only when nothing else can move, to the earliest deadline', () => {
    const wait = (deadline: number): Line[] => [
      ['CONST', 3, global(0)],
      ['CONST', 4, deadline],
      ['AWAITIDLE', 3, 4, 5],
      ['GSTORE', global(1), 5],
      ['YIELD'],
    ];
    const machine = machineOf([wait(200), wait(100), [['YIELD'], ['AWAIT', 6]]]);
    for (const thread of [1, 2, 3]) machine.step(thread);
    assert.deepStrictEqual(enabled(machine), [3]);
    machine.poke(machine.memory[64 + 3 * 8 + 3] + 6, [global(6)]);
    assert.deepStrictEqual(enabled(machine), [2]);
    machine.step(2);
    assert.strictEqual(machine.memory[TIME], 100);
    assert.deepStrictEqual(enabled(machine), [2]);
    machine.step(2);
    assert.deepStrictEqual(enabled(machine), [1]);
    const mark = machine.mark();
    machine.poke(global(0), [1]);
    machine.step(1);
    assert.deepStrictEqual([machine.memory[TIME], machine.memory[global(1)]], [100, 1]);
    machine.undo(mark);
    machine.step(1);
    assert.deepStrictEqual([machine.memory[TIME], machine.memory[global(1)]], [200, 0]);
  });

  it('preempts where asked, and only with the option on', () => {
    const more: FunctionSource[] = [
      {
        name: 'asyncPreempt',
        frame: 8,
        isModel: true,
        code: [['CONST', 3, 7], ['GSTORE', global(0), 3], ['YIELD'], ['RET', 3, 0]],
      },
    ];
    const code: Line[] = [['PREEMPT'], ['CONST', 3, 1], ['VGSTORE', global(1), 3], ['YIELD']];
    const off = machineOf([code], { more });
    off.step(1);
    assert.strictEqual(off.pendingOperation(1).op, ops.OP_VGSTORE);
    const machine = machineOf([code], { more, preemption: true });
    assert.strictEqual(machine.choiceCount(1), 2);
    const mark = machine.mark();
    machine.step(1, 1);
    assert.strictEqual(machine.memory[global(0)], 7);
    machine.step(1);
    assert.strictEqual(machine.pendingOperation(1).op, ops.OP_VGSTORE);
    machine.undo(mark);
    machine.step(1, 0);
    assert.strictEqual(machine.memory[global(0)], 0);
    assert.strictEqual(machine.pendingOperation(1).op, ops.OP_VGSTORE);
  });

  it('does atomic operations on one word', () => {
    const rows: [string, number, number[], number, number][] = [
      ['AADD', 5, [3], 8, 8],
      ['AADD', 0x7fffffff, [1], -0x80000000, -0x80000000],
      ['ASWAP', 5, [3], 5, 3],
      ['ACAS', 5, [5, 9], 1, 9],
      ['ACAS', 5, [4, 9], 0, 5],
      ['AAND', 12, [10], 12, 8],
      ['AOR', 12, [10], 12, 14],
      ['ALOAD', 5, [], 5, 5],
    ];
    for (const [name, before, operands, result, after] of rows) {
      const machine = machineOf([
        [
          ['CONST', 3, global(0)],
          ...operands.map((value, index): Line => ['CONST', 5 + index, value]),
          [name, 4, 3, 5],
          ['GSTORE', global(1), 4],
        ],
      ]);
      machine.poke(global(0), [before]);
      machine.step(1);
      machine.step(1);
      const { memory } = machine;
      assert.deepStrictEqual([memory[global(1)], memory[global(0)]], [result, after], name);
    }
  });

  it('ends a step at a marked instruction when it is advanced, and goes on from there', () => {
    const machine = machineOf([
      [['NOP'], ['YIELD'], ['CONST', 3, 1], ['CONST', 4, 2], ['CONST', 5, 3], ['YIELD']],
    ]);
    machine.step(1);
    const whole = machine.mark();
    machine.step(1);
    const after = machine.snapshot();
    machine.undo(whole);
    const stops = new Uint8Array(machine.image.code.length / 4);
    const at = machine.pendingOperation(1).pc / 4;
    stops[at] = 1;
    stops[at + 2] = 1;
    assert.strictEqual(machine.advance(1, 0, 1000, stops), 'stop');
    assert.strictEqual(machine.pendingOperation(1).pc / 4, at + 2);
    assert.strictEqual(machine.isMidStep(), 1);
    assert.strictEqual(machine.advance(1, 0, 1, null), 'instructions');
    assert.strictEqual(machine.pendingOperation(1).pc / 4, at + 3);
    assert.strictEqual(machine.advance(1, 0, 1000, stops), 'boundary');
    assert.strictEqual(machine.isMidStep(), -1);
    assert.deepStrictEqual(machine.snapshot(), after);
  });

  it('prints, and takes it back', () => {
    const machine = machineOf([
      [['CONST', 3, 2], ['CONST', 4, "'hello"], ['PRINT', 3, 4], ['YIELD'], ['PRINT', 3, 4]],
    ]);
    machine.step(1);
    const mark = machine.mark();
    const { hashLow } = machine;
    machine.step(1);
    assert.deepStrictEqual(
      machine.output.map((entry) => entry.text),
      ['hello'],
    );
    assert.deepStrictEqual([machine.output[0].stream, machine.output[0].thread], [2, 1]);
    machine.undo(mark);
    assert.deepStrictEqual(machine.output, []);
    assert.strictEqual(machine.hashLow, hashLow);
  });

  it('checks conditions and leaves no trace', () => {
    const more: FunctionSource[] = [
      {
        name: 'small',
        frame: 20,
        results: 1,
        code: [
          ['VGLOAD', 4, global(0)],
          ['ALLOCN', 7, 16, 4],
          ['CONST', 5, 10],
          ['LT', 3, 4, 5],
          ['VGSTORE', global(3), 4],
          ['RET', 3, 1],
        ],
      },
    ];
    const machine = machineOf([[['NOP'], ['YIELD']]], { more, invariants: ['small'] });
    machine.poke(global(0), [9]);
    const before = machine.snapshot();
    assert.strictEqual(machine.checkConditions('invariant'), null);
    assert.strictEqual(machine.checkConditions('quiescent'), null);
    assert.deepStrictEqual(machine.snapshot(), before);
    machine.poke(global(0), [10]);
    const marks = machine.mark();
    assert.strictEqual(machine.checkConditions('invariant'), 'small');
    assert.strictEqual(machine.mark(), marks);
    machine.checkHash();
    assert.strictEqual(machine.step(1), 'boundary');
  });
});

describe('machine: limits', () => {
  const outcomeOf = (code: readonly Line[], options: MachineOptions = {}) => {
    const machine = machineOf([code], options);
    for (let i = 0; i < 100_000 && machine.isEnabled(1); i++) machine.step(1);
    machine.checkHash();
    return machine.outcome();
  };

  it('ends a step that has no end', () => {
    const outcome = outcomeOf(['loop', ['JMP', '@loop']], { instructionLimit: 1000 });
    assert.strictEqual(outcome?.kind, 'limit');
    assert.match(
      outcome.message,
      /^instructions: one step took more than 1000\. .*set stepInstructions/,
    );
  });

  it('ends a run that needs more memory than there is', () => {
    const code: Line[] = [['CONST', 3, 5000], 'loop', ['ALLOCN', 4, 16, 3], ['JMP', '@loop']];
    const outcome = outcomeOf(code);
    assert.strictEqual(outcome?.kind, 'limit');
    assert.match(outcome.message, /^memory: .*set memoryWords on its runtime line$/);
  });

  it('ends a run of too many threads', () => {
    const code: Line[] = ['loop', ['CONST', 3, -3], ['NEWTHREAD', 4, 3, 3], ['JMP', '@loop']];
    const more: FunctionSource[] = [{ name: 'other', code: [['YIELD'], ['RET', 3, 0]] }];
    const machine = machineOf([code], { more, memoryWords: 1 << 20 });
    while (machine.isEnabled(1)) machine.step(1);
    assert.strictEqual(machine.outcome()?.kind, 'limit');
    assert.strictEqual(machine.threadCount(), MAX_THREADS);
  });

  it('goes back from all of them', () => {
    const code: Line[] = [['CONST', 3, 5000], 'loop', ['ALLOCN', 4, 16, 3], ['JMP', '@loop']];
    const machine = machineOf([code]);
    const before = machine.snapshot();
    const mark = machine.mark();
    machine.step(1);
    machine.undo(mark);
    assert.deepStrictEqual(machine.snapshot(), before);
    assert.strictEqual(machine.outcome(), null);
  });
});
