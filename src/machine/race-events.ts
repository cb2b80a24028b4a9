/** What is told to a detector of data races, in images that are made to look for them. */
import { GLOBALS, OBJECT_CONTEXT, OBJECT_SEGMENT, OBJECT_TYPE } from '../language/image.ts';
import { RACE_READ, RACE_WRITE } from '../language/instructions.ts';
import type { Core } from './core.ts';
import { functionAt } from './frames.ts';
import { objectOf } from './heap.ts';
import { scenarioPc } from './traceback.ts';

/** SYS_RACE with its arguments at `base`. */
export function tellRace(core: Core, base: number): void {
  const { memory } = core;
  if (memory[base + 5] === 0) return;
  const named = memory.subarray(base + 1, base + 5);
  core.raceEvents.push(memory[base], core.context, ...named, scenarioPc(core, core.pc, core.fp));
}

/** The scenario's code copies words (append, copy): it reads and writes them. From 0: it clears. */
export function tellCopy(core: Core, to: number, from: number, count: number): void {
  if (!core.image.races || core.image.functions[functionAt(core, core.pc)].isModel) return;
  tellAccess(core, RACE_WRITE, to, count);
  if (from !== 0) tellAccess(core, RACE_READ, from, count);
}

/** A stack is its goroutine's own, though another one may use it later. */
function tellAccess(core: Core, kind: number, address: number, count: number): void {
  const object = address < GLOBALS ? 0 : objectOf(core, address);
  const type = object === 0 ? 0 : core.memory[object + OBJECT_TYPE];
  if (type === OBJECT_CONTEXT || type === OBJECT_SEGMENT) return;
  core.raceEvents.push(kind, core.context, 0, address, count, 0, core.pc);
}
