/** Speed of the machine: instructions and recorded steps a second, undo, size of the log. */
import { Machine } from '../../src/machine/machine.ts';
import { assemble, globalAddress } from '../machine/assemble.ts';

function image(steps: boolean) {
  return assemble({
    globals: 4,
    functions: [
      {
        name: 'main',
        frame: 12,
        code: [
          ['CONST', 3, 0],
          ['YIELD'],
          'loop',
          ['CONST', 4, 0],
          ['CONST', 5, 0],
          'inner',
          ['ADD', 5, 5, 4],
          ['CONST', 6, 0xffff],
          ['AND', 5, 5, 6],
          ['MOV', 15, 4],
          ['CALL', 'twice()', 12],
          ['MOV', 7, 15],
          ['ADDI', 4, 4, 1],
          ['CONST', 6, steps ? 3 : 1000],
          ['JLT', 4, 6, '@inner'],
          [steps ? 'VGSTORE' : 'GSTORE', globalAddress(0), 3],
          ['ADDI', 3, 3, 1],
          ['JMP', '@loop'],
        ],
      },
      {
        name: 'twice',
        frame: 6,
        parameters: 1,
        results: 1,
        code: [
          ['ADD', 4, 3, 3],
          ['MOV', 3, 4],
          ['RET', 3, 1],
        ],
      },
    ],
  });
}

function seconds(action: () => void): number {
  const start = performance.now();
  action();
  return (performance.now() - start) / 1000;
}

const million = (count: number) => `${(count / 1e6).toFixed(1)} million`;

for (const undo of [false, true]) {
  const machine = new Machine(image(false), { undo, instructionLimit: 2e7 });
  const took = seconds(() => {
    for (let i = 0; i < 20; i++) {
      machine.advance(0, 0, 2e6, null);
      if (undo && i % 4 === 3) machine.clearLog();
    }
  });
  const rate = machine.instructionCount / took;
  console.log(`instructions a second, log ${undo ? 'on' : 'off'}: ${million(rate)}`);
}

const machine = new Machine(image(true));
const count = 1_000_000;
for (const round of [1, 2]) {
  const marks: number[] = [];
  const before = machine.instructionCount;
  const took = seconds(() => {
    for (let i = 0; i < count; i++) {
      marks.push(machine.mark());
      machine.step(0);
    }
  });
  const bytes = (machine.logWords() * 4) / count;
  const instructions = (machine.instructionCount - before) / count;
  const back = seconds(() => {
    for (let i = count - 1; i >= 0; i--) machine.undo(marks[i]);
  });
  if (round === 1) continue;
  console.log(
    `recorded steps a second: ${million(count / took)} (${instructions} instructions each)`,
  );
  console.log(`undone steps a second: ${million(count / back)}`);
  console.log(`log of a step: ${bytes.toFixed(0)} bytes`);
}
