import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { LineOut } from '../../src/crontab/plan.ts';
import type { JobId } from '../../src/job/job.ts';
import { keepSnapshot } from '../../src/store/snapshots.ts';
import type { Store } from '../../src/store/store.ts';
import { forgetTaken, noteTaken, takenFor } from '../../src/store/taken.ts';
import { morning, newStore } from './rig.ts';

function kept(store: Store): number {
  return keepSnapshot(store, {
    target: 'user',
    takenAt: morning,
    takenBy: 'ann',
    reason: '',
    content: Buffer.from(''),
  });
}

function line(job: string, text: string, snapshot: number | null): LineOut {
  return { job: job as JobId, target: 'user', text, snapshot };
}

suite('a line whose place a job has taken', () => {
  test('is noted for its project alone, in its order, with the snapshot that has it', (t) => {
    const store = newStore(t);
    const lines = [line('shop/b', '# nightly', kept(store)), line('shop/b', '0 3 * * * b', 1), line('shop/a', 'a', 1)];
    noteTaken(store, [...lines, line('shop-2/a', 'a', 1), line('shop2/a', 'a', 1)]);
    assert.deepEqual(takenFor(store, 'shop'), lines);
    store.db.run('DELETE FROM snapshot');
    assert.deepEqual(
      takenFor(store, 'shop').map(({ snapshot }) => snapshot),
      [null, null, null],
    );
  });

  test('is noted once, however often it is put back and taken again', (t) => {
    const store = newStore(t);
    for (const snapshot of [kept(store), kept(store)]) noteTaken(store, [line('shop/a', 'a', snapshot)]);
    assert.deepEqual(takenFor(store, 'shop'), [line('shop/a', 'a', 2)]);
  });

  test('is forgotten where its table was not written after all', (t) => {
    const store = newStore(t);
    const [one, two] = [kept(store), kept(store)];
    noteTaken(store, [line('shop/a', 'a', one), line('shop/a', 'b', two)]);
    forgetTaken(store, [two]);
    assert.deepEqual(takenFor(store, 'shop'), [line('shop/a', 'a', one)]);
  });
});
