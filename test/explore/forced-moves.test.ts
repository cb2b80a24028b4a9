/** What is noted of forced moves comes back, and what is not noted is said to be missing. */
import assert from 'node:assert/strict';
import { ForcedMoves } from '../../src/explore/forced-moves.ts';

const path = Int32Array.of(0, 0, 0, 1, 0x201);

describe('forced moves', () => {
  it('are found by each of their words, with the paths to them', () => {
    const moves = new ForcedMoves();
    moves.note(100, 2, path, 5, 6);
    moves.note(101, 1, path, 2, 0);
    assert.deepEqual(moves.of(100), [{ path: [...path], sleep: 6 }]);
    assert.deepEqual(moves.of(101), [
      { path: [...path], sleep: 6 },
      { path: [0, 0], sleep: 0 },
    ]);
    assert.deepEqual(moves.of(102), []);
    moves.clear();
    assert.deepEqual(moves.of(100), []);
  });

  it('of one word are not all kept when they are very many', () => {
    const moves = new ForcedMoves();
    for (let i = 0; i < 10_000; i++) moves.note(100, 2, path, 1, 0);
    moves.note(200, 1, path, 1, 0);
    assert.deepEqual([moves.of(100), moves.of(101)], [null, null]);
    assert.equal(moves.of(200)?.length, 1);
    moves.clear();
    assert.deepEqual(moves.of(100), []);
  });

  it('are not kept when their paths take too much room', () => {
    const moves = new ForcedMoves();
    const changing = Int32Array.from({ length: 200_000 }, (_, index) => index & 1);
    for (let address = 100; address < 120; address++) moves.note(address, 1, changing, 200_000, 0);
    assert.equal(moves.of(100)?.length, 1);
    assert.equal(moves.of(119), null);
    assert.ok(moves.bytes <= 4 << 22);
  });
});
