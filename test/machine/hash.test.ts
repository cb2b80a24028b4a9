import assert from 'node:assert';
import { hashOf } from '../../src/machine/hash.ts';

/**
 * Hashes states that differ in a pattern, and counts those that share a lane with another. Random
 * 32-bit numbers would collide about n² / 2³³ times; both lanes together must never.
 */
function check(
  name: string,
  count: number,
  fill: (memory: Int32Array, index: number) => void,
): void {
  const memory = new Int32Array(4096);
  const low = new Int32Array(count);
  const high = new Int32Array(count);
  for (let index = 0; index < count; index++) {
    fill(memory, index);
    [low[index], high[index]] = hashOf(memory.subarray(3000), 0, 100);
  }
  const expected = count ** 2 / 2 ** 33;
  for (const lane of [low, high]) {
    const collisions = count - new Set(lane).size;
    assert.ok(collisions < 2 * expected + 10, `${name}: ${collisions} collisions in a lane`);
  }
  const both = new Set(Array.from(low, (value, i) => value * 2 ** 21 + (high[i] & 0x1fffff)));
  assert.ok(count - both.size <= 1, `${name}: ${count - both.size} states are lost`);
}

describe('machine: the hash', () => {
  const count = 1 << 17;

  it('tells states apart that count', () => {
    check('counters', count, (memory, i) => {
      for (let word = 0; word < 3; word++) memory[3070 + word] = (i >> (6 * word)) & 63;
    });
    check('one counter', count, (memory, i) => {
      memory[3080] = i;
    });
    check('large strides', count, (memory, i) => {
      memory[3081] = i << 15;
    });
  });

  it('tells states apart in which flags move', () => {
    check('flags', count, (memory, i) => {
      for (let word = 0; word < 17; word++) memory[3070 + word] = (i >> word) & 1;
    });
    check('pointers', count, (memory, i) => {
      for (let word = 0; word < 4; word++)
        memory[3070 + word] = 5000 + 16 * ((i >> (5 * word)) & 31);
    });
    check('two values swap', count, (memory, i) => {
      const [x, y] = [i & 511, (i >> 9) & 255];
      memory[3070] = x;
      memory[3071] = y;
      memory[3072] = x ^ y;
    });
  });
});
