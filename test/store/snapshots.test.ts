import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  keepSnapshot,
  keptSnapshots,
  type NewSnapshot,
  namedSnapshot,
  snapshotById,
  snapshots,
} from '../../src/store/snapshots.ts';
import type { Store } from '../../src/store/store.ts';
import { newStore } from './rig.ts';

function snapshotOf(n: number, changes: Partial<NewSnapshot> = {}): NewSnapshot {
  const content = Buffer.from([0, 255, n]);
  return { target: 'user', takenAt: n, takenBy: 'ann', reason: 'sync', revision: n, content, ...changes };
}

function sizes(store: Store, target = 'user'): readonly number[] {
  return snapshots(store, target).map(({ content }) => content.length);
}

const mebibyte = 1024 * 1024;

suite('snapshots', () => {
  test('have the table byte for byte, with who, when, why and the revision', (t) => {
    const store = newStore(t);
    const id = keepSnapshot(store, snapshotOf(1));
    assert.deepEqual(snapshotById(store, id), { ...snapshotOf(1), id });
    assert.deepEqual(snapshots(store), [{ ...snapshotOf(1), id }]);
    assert.equal(snapshotById(store, id + 1), undefined);
  });

  test('may belong to no revision, and be of an empty table', (t) => {
    const store = newStore(t);
    const id = keepSnapshot(store, { ...snapshotOf(1), revision: undefined, content: Buffer.alloc(0) });
    const found = snapshotById(store, id);
    assert.deepEqual([found?.revision, found?.content.length], [undefined, 0]);
  });

  test('are kept to the newest fifty of each table', (t) => {
    const store = newStore(t);
    keepSnapshot(store, snapshotOf(1, { target: 'file:/x' }));
    for (let n = 1; n <= keptSnapshots.number + 3; n++) keepSnapshot(store, snapshotOf(n));
    assert.deepEqual(
      snapshots(store, 'user').map(({ takenAt }) => takenAt),
      Array.from({ length: keptSnapshots.number }, (_, index) => keptSnapshots.number + 3 - index),
    );
    assert.equal(snapshots(store, 'file:/x').length, 1);
    assert.equal(snapshots(store).length, keptSnapshots.number + 1);
  });

  test('are kept to sixteen mebibytes of each table together', (t) => {
    const store = newStore(t);
    keepSnapshot(store, snapshotOf(1, { target: 'file:/x' }));
    for (const size of [1, 2, 5, 6]) keepSnapshot(store, snapshotOf(1, { content: Buffer.alloc(size * mebibyte) }));
    assert.deepEqual(
      sizes(store),
      [6, 5, 2, 1].map((size) => size * mebibyte),
    );
    keepSnapshot(store, snapshotOf(1, { content: Buffer.alloc(5 * mebibyte) }));
    assert.deepEqual(
      sizes(store),
      [5, 6, 5].map((size) => size * mebibyte),
    );
    assert.deepEqual(sizes(store, 'file:/x'), [3]);
  });

  test('of a table that is larger than that are kept once', (t) => {
    const store = newStore(t);
    for (const size of [1, 17, 18]) keepSnapshot(store, snapshotOf(1, { content: Buffer.alloc(size * mebibyte) }));
    assert.deepEqual(sizes(store), [18 * mebibyte]);
    keepSnapshot(store, snapshotOf(1));
    assert.deepEqual(sizes(store), [3]);
  });

  test('that an earlier version kept count by their bytes as well', (t) => {
    const store = newStore(t);
    const sql =
      "INSERT INTO snapshot (target, taken_at, taken_by, reason, content) VALUES ('user', 1, 'ann', 'sync', ?)";
    store.db.run(sql, Buffer.alloc(16 * mebibyte));
    assert.equal(snapshots(store)[0]?.revision, undefined);
    keepSnapshot(store, snapshotOf(1));
    assert.deepEqual(sizes(store), [3]);
  });

  test('never get the number of one that was forgotten', (t) => {
    const store = newStore(t);
    const ids = [17, 17, 17].map((size) =>
      keepSnapshot(store, snapshotOf(1, { content: Buffer.alloc(size * mebibyte) })),
    );
    assert.deepEqual(ids, [1, 2, 3]);
  });

  test('are named by their numbers, and one that is not there leads to the nearest', (t) => {
    const store = newStore(t);
    for (const n of [1, 2, 3]) keepSnapshot(store, snapshotOf(n));
    store.db.run('DELETE FROM snapshot WHERE id = 2');
    assert.deepEqual(namedSnapshot(store, '3'), { ...snapshotOf(3), id: 3 });
    const nearest = { '2': 3, '0': 1, '9000': 3, last: 3, '99999999999999999999': 3 };
    for (const [name, near] of Object.entries(nearest)) {
      const hint = `the nearest is ${near}; cronwright snapshots lists them`;
      assert.throws(() => namedSnapshot(store, name), { message: `there is no snapshot ${name}`, hint });
    }
    assert.throws(() => namedSnapshot(newStore(t), '1'), { hint: 'nothing was written yet' });
  });
});
