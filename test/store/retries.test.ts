import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { continuationOf, dueRetries, noteRetry, takeRetry } from '../../src/store/retries.ts';
import { closeRun, openAttempt, runById } from '../../src/store/runs.ts';
import type { Store } from '../../src/store/store.ts';
import { begin, morning, newStore } from './rig.ts';

const due = (store: Store, now: number) => dueRetries(store, now).map(({ run }) => run);

function cutShort(store: Store, run: string, at: number): void {
  begin(store, { run });
  closeRun(store, { run, state: 'interrupted', at: morning, retry: { at, attempt: 2 } });
}

suite('the next attempt of a run', () => {
  test('is noted while its wrapper waits, and forgotten when it begins', (t) => {
    const store = newStore(t);
    begin(store, { run: 'one' });
    const noted = () => [runById(store, 'one')?.retryAt, runById(store, 'one')?.retryAttempt];
    noteRetry(store, 'one', { at: 5, attempt: 2 });
    assert.deepEqual(noted(), [5, 2]);
    openAttempt(store, 'one', 2, 5);
    assert.deepEqual(noted(), [null, null]);
  });

  test('is nobody else’s while the run is open', (t) => {
    const store = newStore(t);
    begin(store, { run: 'one' });
    noteRetry(store, 'one', { at: 5, attempt: 2 });
    assert.deepEqual([due(store, 5), takeRetry(store, 'one')], [[], false]);
  });

  test('of a run that was cut short is due at its time, the longest due first', (t) => {
    const store = newStore(t);
    cutShort(store, 'later', 7);
    cutShort(store, 'sooner', 5);
    assert.deepEqual([due(store, 4), due(store, 5), due(store, 7)], [[], ['sooner'], ['sooner', 'later']]);
    assert.equal(dueRetries(store, 5)[0]?.retryAttempt, 2);
  });

  test('is taken once', (t) => {
    const store = newStore(t);
    cutShort(store, 'one', 5);
    assert.deepEqual([takeRetry(store, 'one'), takeRetry(store, 'one'), due(store, 5)], [true, false, []]);
    assert.equal(continuationOf(store, 'one'), undefined);
  });

  test('can be given up', (t) => {
    const store = newStore(t);
    cutShort(store, 'one', 5);
    noteRetry(store, 'one', undefined);
    assert.deepEqual([due(store, 5), takeRetry(store, 'one')], [[], false]);
  });

  test('is none where the run ends for good, or has ended meanwhile', (t) => {
    const store = newStore(t);
    begin(store, { run: 'one' });
    noteRetry(store, 'one', { at: 5, attempt: 2 });
    closeRun(store, { run: 'one', state: 'cancelled', at: 4 });
    assert.deepEqual(due(store, 5), []);
    noteRetry(store, 'one', { at: 5, attempt: 2 });
    assert.deepEqual(due(store, 5), []);
  });
});
