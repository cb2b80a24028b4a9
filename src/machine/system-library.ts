/** SYS: what packages of Go's library need of the machine: formatting, types, characters, objects. */
import { NIL_LIMIT, TIME } from '../language/image.ts';
import * as ops from '../language/instructions.ts';
import type { Core } from './core.ts';
import { internal } from './core.ts';
import { hasMethods } from './equality.ts';
import { sprintf } from './format-directives.ts';
import { KIND_ERRORF, KIND_SPRINT, KIND_SPRINTLN, newPrinting } from './format-methods.ts';
import { unwrap } from './format-names.ts';
import { sprint, sprintln } from './format.ts';
import { makeString, stringText } from './heap.ts';
import { objectAt } from './reachability.ts';
import { changeCase, isOfClass } from './runes.ts';
import { anyValues, trapped } from './system.ts';
import { encode } from './utf8.ts';
import { copyWords } from './words.ts';

/** From here on, some minutes before the words of time are full, it stands still. */
const LAST_TIME = 0x70000000;

/** The result words of a system call from SYS_FORMAT on; null after a trap. */
export function libraryCall(core: Core, number: number, base: number): readonly number[] | null {
  const { image } = core;
  const x = core.at(base);
  switch (number) {
    case ops.SYS_FORMAT:
      return format(core, base);
    case ops.SYS_FORMAT_WRAPPED: {
      const p = newPrinting(core, null, true);
      sprintf(p, stringText(core, x), anyValues(core, base + 1));
      return [p.wrapped[core.at(base + 4)] ?? -1];
    }
    case ops.SYS_ASSIGN_AS:
      return [assignAs(core, base) ? 1 : 0];
    case ops.SYS_AS_TARGET:
      return [targetOfAs(core, base)];
    case ops.SYS_RUNE_IS:
      return [isOfClass(x, core.at(base + 1)) ? 1 : 0];
    case ops.SYS_RUNE_CASE:
      return [changeCase(x, core.at(base + 1) !== 0)];
    case ops.SYS_SLICE_LEN:
      if (image.types[x]?.kind !== 'slice') return trapped(core, ops.TRAP_NIL, 0, 0);
      return [core.at(unwrap(core, base).address + 1)];
    case ops.SYS_SLICE_SWAP:
      if (image.types[x]?.kind !== 'slice') return trapped(core, ops.TRAP_NIL, 0, 0);
      swapElements(core, base);
      return [];
    case ops.SYS_IS_COMPARABLE:
      return [x === 0 || image.types[x]?.comparable === true ? 1 : 0];
    case ops.SYS_PASS_TIME:
      passTime(core, x, core.at(base + 1) !== 0);
      return [];
    case ops.SYS_OBJECT_OF:
      core.forgetEffect();
      return objectAt(core, x);
    default:
      throw internal(`there is no system call ${number}`);
  }
}

/** Time passes where it can matter: elsewhere it would make every state a new one. */
function passTime(core: Core, microseconds: number, isAwaited: boolean): void {
  if (!isAwaited && !core.tables.readsClock) return;
  const now = core.at(TIME);
  if (now < LAST_TIME) core.write(TIME, now + microseconds);
}

/** Text, value and method of `machine.Format`. */
function format(core: Core, base: number): readonly number[] {
  const kind = core.at(base);
  const values = anyValues(core, base + 2);
  const p = newPrinting(core, anyValues(core, base + 5), kind === KIND_ERRORF);
  let text: string;
  if (kind === KIND_SPRINT) text = sprint(p, values);
  else if (kind === KIND_SPRINTLN) text = sprintln(p, values);
  else text = sprintf(p, stringText(core, core.at(base + 1)), values);
  if (p.missing === null) return [makeString(core, encode(text))];
  const { value, method } = p.missing;
  const isWord = core.image.types[value.type]?.words === 1;
  return [0, value.type, isWord ? core.at(value.address) : value.address, method];
}

/** `*target = v` for the any values at `base`, where v fits; whether it does. */
function assignAs(core: Core, base: number): boolean {
  const { image } = core;
  const [have, pointer, target] = [core.at(base), core.at(base + 2), core.at(base + 3)];
  const wanted = image.types[image.types[pointer]?.element ?? 0];
  const isPointer = image.types[pointer]?.kind === 'pointer' && target >= NIL_LIMIT;
  if (have === 0 || !wanted || !isPointer) return false;
  if (wanted.kind === 'interface') {
    if (!hasMethods(image, have, wanted.id)) return false;
    copyWords(core, target, base, 2);
    return true;
  }
  if (wanted.id !== have) return false;
  copyWords(core, target, unwrap(core, base).address, wanted.words);
  return true;
}

/** What is wrong with a target of errors.As; 0: nothing. */
function targetOfAs(core: Core, base: number): number {
  const { image, tables } = core;
  const type = image.types[core.at(base)];
  if (!type) return 1;
  if (type.kind !== 'pointer' || core.at(base + 1) === 0) return 2;
  const error = tables.textInterfaces['error'] ?? 0;
  const isFit =
    image.types[type.element]?.kind === 'interface' || hasMethods(image, type.element, error);
  return isFit ? 0 : 3;
}

/** Swaps two elements, which are there, of the slice that an any value holds. */
function swapElements(core: Core, base: number): void {
  const { image } = core;
  const words = image.types[image.types[core.at(base)]?.element ?? 0]?.words ?? 1;
  const start = core.at(unwrap(core, base).address);
  const [x, y] = [start + core.at(base + 2) * words, start + core.at(base + 3) * words];
  for (let i = 0; i < words; i++) {
    const word = core.at(x + i);
    core.write(x + i, core.at(y + i));
    core.write(y + i, word);
  }
}
