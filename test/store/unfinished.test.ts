import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { keepSnapshot } from '../../src/store/snapshots.ts';
import { unfinishedTables } from '../../src/store/unfinished.ts';
import { noteWritten } from '../../src/store/written.ts';
import { newStore } from './rig.ts';

const content = Buffer.from([0, 255]);
const snapshot = { target: 'user', takenAt: 10, takenBy: 'ann', reason: 'sync', revision: 1, content };

suite('a table that a revision was to write', () => {
  test('is unfinished until it is noted as written', (t) => {
    const store = newStore(t);
    noteWritten(store, 'user', content, 5);
    keepSnapshot(store, snapshot);
    keepSnapshot(store, { ...snapshot, target: 'file:/table' });
    const [one, other] = unfinishedTables(store, 1);
    assert.deepEqual([one, other?.target], [{ target: 'user', content }, 'file:/table']);
    noteWritten(store, 'user', content, 10);
    assert.deepEqual(
      unfinishedTables(store, 1).map(({ target }) => target),
      ['file:/table'],
    );
  });

  test('is nothing to another revision, nor where something else was to be written since', (t) => {
    const store = newStore(t);
    keepSnapshot(store, snapshot);
    assert.deepEqual(unfinishedTables(store, 2), []);
    keepSnapshot(store, { ...snapshot, reason: 'restore of snapshot 1', revision: undefined, takenAt: 20 });
    assert.deepEqual(unfinishedTables(store, 1), []);
  });
});
