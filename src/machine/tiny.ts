/**
 * Tiny objects. Go puts objects without pointers that are smaller than 16 bytes together into
 * blocks of 16 bytes, in the order in which they are allocated, and keeps a block as long as one of
 * them is alive. So the cleanup of a tiny object waits for its neighbours, too.
 *
 * Here every object has memory of its own, and which ones would share a block is told from
 * the order of their addresses, which is that in which one goroutine allocated them. (Go fills
 * blocks by P, and begins new ones with every collection.)
 */
import * as layout from '../language/image.ts';
import type { Image } from '../language/image.ts';

const BLOCK_BYTES = 16;
/** An int needs this alignment; what is smaller, its own size. */
const WORD_BYTES = 8;

/** What Go would make of an object: its size in bytes, and whether a tiny block has room for it. */
interface GoObject {
  readonly bytes: number;
  readonly isTiny: boolean;
}

/** Looks at an object by its header. `hasPointers` tells it of a type. */
export function goObject(
  memory: Int32Array,
  image: Image,
  object: number,
  hasPointers: (type: number) => boolean,
): GoObject {
  const word = memory[object + layout.OBJECT_TYPE];
  if (word === layout.OBJECT_STRING) return sized(memory[object]);
  const isArray = (word & layout.OBJECT_ARRAY_BIT) !== 0;
  const id = word & ~(layout.OBJECT_ARRAY_BIT | layout.OBJECT_FREED_BIT);
  const type = image.types[id];
  if (id < layout.FIRST_TYPE_ID || !type) return { bytes: -1, isTiny: false };
  const words = memory[object + layout.OBJECT_WORDS];
  const count = isArray && type.words > 0 ? Math.floor(words / type.words) : 1;
  const bytes = type.goBytes * count;
  return hasPointers(id) ? { bytes, isTiny: false } : sized(bytes);
}

function sized(bytes: number): GoObject {
  return { bytes, isTiny: bytes > 0 && bytes < BLOCK_BYTES };
}

/** Where a tiny allocator stands: the bytes that are used of its block, and who lies there. */
interface Block {
  used: number;
  objects: number[];
}

/** The tiny objects that share a block with `object`, of those allocated in this order. */
export function neighbours(
  inOrder: readonly number[],
  bytesOf: (object: number) => number,
  object: number,
): readonly number[] {
  let block: Block = { used: 0, objects: [] };
  let found: Block | undefined;
  for (const other of inOrder) {
    const bytes = bytesOf(other);
    const from = aligned(block.used, bytes);
    if (from + bytes <= BLOCK_BYTES) {
      block.objects.push(other);
      block.used = from + bytes;
      if (other === object) found = block;
      continue;
    }
    const fresh: Block = { used: bytes, objects: [other] };
    if (other === object) found = fresh;
    // The block with more room is filled on.
    if (bytes < block.used) block = fresh;
  }
  return found?.objects ?? [object];
}

function aligned(offset: number, bytes: number): number {
  let to = 1;
  if (bytes % WORD_BYTES === 0) to = WORD_BYTES;
  else if (bytes % 4 === 0) to = 4;
  else if (bytes % 2 === 0) to = 2;
  return Math.ceil(offset / to) * to;
}
