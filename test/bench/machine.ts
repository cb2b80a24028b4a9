/** Speed of the machine: instructions and recorded steps a second, undo, size of the log. */
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { Machine } from '../../src/machine/machine.ts';
import { load } from '../../src/run/load.ts';
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

const million = (count: number) => `${(count / 1e6).toFixed(1)} million`;

/** Processor time: other processes on the machine do not count. */
function seconds(action: () => void): number {
  const start = process.cpuUsage().user;
  action();
  return (process.cpuUsage().user - start) / 1e6;
}

for (const undo of [false, true]) {
  const machine = new Machine(image(false), { undo });
  const took = seconds(() => {
    for (let i = 0; i < 20; i++) {
      machine.advance(0, 0, 2e6, null);
      if (undo && i % 4 === 3) machine.clearLog();
    }
  });
  const rate = machine.instructionCount / took;
  console.log(`interpreted instructions a second, log ${undo ? 'on' : 'off'}: ${million(rate)}`);
}

const count = 1_000_000;
for (const generateAfter of [Infinity, 0]) {
  const machine = new Machine(image(true), { generateAfter });
  const marks: number[] = [];
  let before = 0;
  const forwards = () => {
    marks.length = 0;
    before = machine.instructionCount;
    for (let i = 0; i < count; i++) {
      marks.push(machine.mark());
      machine.step(0);
    }
  };
  const backwards = () => {
    for (let i = count - 1; i >= 0; i--) machine.undo(marks[i]);
  };
  // Once to let the engine compile, once to measure.
  forwards();
  backwards();
  const took = seconds(forwards);
  const instructions = (machine.instructionCount - before) / count;
  const bytes = (machine.logWords() * 4) / count;
  const back = seconds(backwards);
  const how = generateAfter === 0 ? 'generated' : 'interpreted';
  const each = `${instructions.toFixed(0)} instructions, ${bytes.toFixed(0)} bytes of log each`;
  console.log(`recorded steps a second, ${how}: ${million(count / took)} (${each})`);
  console.log(`undone steps a second: ${million(count / back)}`);
}

const folder = 'test/scenarios/go/races.coro';
const text = readFileSync(folder, 'utf8');
const { image: races } = load({ path: folder, text }, { scenario: 'NextRacesStop' });
if (races !== null) {
  const machine = new Machine(races, { generateAfter: 0 });
  const start = machine.mark();
  let seed = 1;
  const random = (bound: number) => {
    seed = (Math.imul(seed, 1103515245) + 12345) | 0;
    return (seed >>> 8) % bound;
  };
  let steps = 0;
  const walk = () => {
    const enabled: number[] = [];
    for (let i = 0; i < 400; i++) {
      enabled.length = 0;
      const threads = machine.threadCount();
      for (let thread = 0; thread < threads; thread++) {
        if (machine.isEnabled(thread)) enabled.push(thread);
      }
      if (enabled.length === 0) break;
      machine.step(enabled[random(enabled.length)]);
      steps++;
    }
    machine.undo(start);
  };
  for (let i = 0; i < 3000; i++) walk();
  steps = 0;
  const took = seconds(() => {
    for (let i = 0; i < 3000; i++) walk();
  });
  const length = (steps / 3000).toFixed(0);
  console.log(
    `random schedules a second of NextRacesStop (${length} steps): ${(3000 / took).toFixed(0)}`,
  );
}
