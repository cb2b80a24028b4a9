/**
 * How append grows a slice: as Go's growslice does, which rounds up to the allocator's size
 * classes, so that cap() prints what it prints in Go. Follows runtime/slice.go, msize.go and
 * sizeclasses.go.
 */
import type { Image } from '../language/image.ts';

/** Sizes of Go's small objects, in bytes. */
const SIZE_CLASSES = [
  0, 8, 16, 24, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224, 240, 256, 288, 320, 352,
  384, 416, 448, 480, 512, 576, 640, 704, 768, 896, 1024, 1152, 1280, 1408, 1536, 1792, 2048, 2304,
  2688, 3072, 3200, 3456, 4096, 4864, 5120, 5376, 6144, 6528, 6784, 6912, 8192, 9472, 9728, 10240,
  10880, 12288, 13568, 14336, 16384, 18432, 19072, 20480, 21760, 24576, 27264, 28672, 32768,
];
const PAGE_BYTES = 8192;
const MALLOC_HEADER_BYTES = 8;
/** Objects with pointers above this size have a header. */
const MIN_SIZE_FOR_HEADER = 512;
const DOUBLING_THRESHOLD = 256;

/** Capacity of a slice of element type `element` that must hold `length`, from `capacity`. */
export function grownCapacity(
  image: Image,
  element: number,
  length: number,
  capacity: number,
): number {
  const bytes = image.types[element]?.goBytes ?? 8;
  return roundedCapacity(nextCapacity(length, capacity), bytes, !hasPointers(image, element));
}

function nextCapacity(length: number, capacity: number): number {
  if (length > capacity * 2) return length;
  if (capacity < DOUBLING_THRESHOLD) return capacity * 2;
  let next = capacity;
  while (next < length) next += (next + 3 * DOUBLING_THRESHOLD) >> 2;
  return next;
}

/** As many elements as fit the memory block that Go would take for `capacity` of them. */
export function roundedCapacity(
  capacity: number,
  elementBytes: number,
  noPointers: boolean,
): number {
  if (elementBytes === 0) return capacity;
  return Math.floor(roundUpSize(capacity * elementBytes, noPointers) / elementBytes);
}

function roundUpSize(bytes: number, noPointers: boolean): number {
  const header = !noPointers && bytes > MIN_SIZE_FOR_HEADER ? MALLOC_HEADER_BYTES : 0;
  const needed = bytes + header;
  const fitting = SIZE_CLASSES.find((size) => size >= needed);
  if (fitting !== undefined) return fitting - header;
  return Math.ceil(bytes / PAGE_BYTES) * PAGE_BYTES;
}

function hasPointers(image: Image, id: number): boolean {
  const type = image.types[id];
  switch (type?.kind) {
    case 'bool':
    case 'integer':
      return false;
    case 'struct':
      return type.fields.some((field) => hasPointers(image, field.type));
    case 'array':
      return type.length > 0 && hasPointers(image, type.element);
    default:
      return true;
  }
}
