/** Walking the heap of a state: every object, also those that lie in a context's arena. */
import {
  HEAP_TOP,
  type Image,
  OBJECT_ARENA,
  OBJECT_HEADER_WORDS,
  OBJECT_TYPE,
  OBJECT_WORDS,
} from '../language/image.ts';
import type { Machine } from '../machine/machine.ts';

/** Addresses of the live objects of a type, in the order of the memory. */
export function objectsOfType(image: Image, machine: Machine, type: number): number[] {
  const found: number[] = [];
  visit(machine.memory, image.globalsEnd, machine.memory[HEAP_TOP], (object, id) => {
    if (id === type) found.push(object);
  });
  return found;
}

function visit(
  memory: Int32Array,
  start: number,
  end: number,
  visitor: (object: number, type: number) => void,
): void {
  let at = start;
  while (at + OBJECT_HEADER_WORDS <= end) {
    const object = at + OBJECT_HEADER_WORDS;
    const type = memory[object + OBJECT_TYPE];
    const next = object + memory[object + OBJECT_WORDS];
    // Behind the last object of an arena there are zeros.
    if (type === 0) return;
    if (type === OBJECT_ARENA) visit(memory, object, next, visitor);
    else visitor(object, type);
    at = next;
  }
}
