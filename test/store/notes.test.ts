import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { largestResult, noteProgress, noteResult, noteTask, resultOf } from '../../src/store/notes.ts';
import { openAttempt, openRunById, runById } from '../../src/store/runs.ts';
import { begin, newStore } from './rig.ts';

suite('what is noted of a run while it goes on', () => {
  test('is the process of its current attempt', (t) => {
    const store = newStore(t);
    begin(store, { run: 'one' });
    const task = () => [openRunById(store, 'one')?.taskPid, openRunById(store, 'one')?.taskBorn];
    openAttempt(store, 'one', 1, 5);
    assert.deepEqual(task(), [null, null]);
    noteTask(store, 'one', { pid: 77, born: 9 });
    assert.deepEqual(task(), [77, 9]);
    openAttempt(store, 'one', 2, 6);
    assert.deepEqual(task(), [null, null]);
  });

  test('is the latest progress, between 0 and 1', (t) => {
    const store = newStore(t);
    begin(store, { run: 'one' });
    const noted = [0.25, 7, -1].map((value) => {
      noteProgress(store, 'one', value);
      return runById(store, 'one')?.progress;
    });
    assert.deepEqual(noted, [0.25, 1, 0]);
  });

  test('is the latest result that is not too long, in bytes', (t) => {
    const store = newStore(t);
    begin(store, { run: 'one' });
    assert.equal(resultOf(store, 'one'), undefined);
    assert.equal(noteResult(store, 'one', '{"rows":3}'), true);
    assert.equal(noteResult(store, 'one', `"${'é'.repeat(largestResult / 2)}"`), false);
    assert.equal(resultOf(store, 'one'), '{"rows":3}');
    const longest = `"${'x'.repeat(largestResult - 2)}"`;
    assert.equal(noteResult(store, 'one', longest), true);
    assert.equal(resultOf(store, 'one'), longest);
  });
});
