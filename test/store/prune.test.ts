import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { JobId } from '../../src/job/job.ts';
import { addEvent, eventsOf } from '../../src/store/events.ts';
import { openRun } from '../../src/store/open-run.ts';
import { forgetRuns } from '../../src/store/prune.ts';
import { attemptsOf, closeRun, history, openAttempt } from '../../src/store/runs.ts';
import { begin, newStore, nobody } from './rig.ts';

suite('forgetting', () => {
  test('spares what waits, what goes on, what is to be tried again, and the latest of each job', (t) => {
    const store = newStore(t);
    const names = ['done', 'going', 'to-be-tried', 'latest'];
    for (const [at, run] of names.entries()) begin(store, { run, at });
    const how = { overlap: 'wait', isAlive: () => true } as const;
    const waiting = {
      newName: () => 'waiting',
      job: 'shop/backup' as JobId,
      revision: 1,
      slot: undefined,
      at: 0,
      ...how,
    };
    openRun(store, { ...waiting, trigger: 'manual', holder: nobody });
    closeRun(store, { run: 'done', state: 'succeeded', at: 9 });
    closeRun(store, { run: 'to-be-tried', state: 'interrupted', at: 9, retry: { at: 10, attempt: 2 } });
    closeRun(store, { run: 'latest', state: 'succeeded', at: 9 });
    assert.equal(forgetRuns(store, 100, 100), 1);
    const left = history(store, { limit: 9 }).map(({ run }) => run);
    assert.deepEqual(left, ['latest', 'to-be-tried', 'going', 'waiting']);
  });

  test('takes all that belongs to a run with it', (t) => {
    const store = newStore(t);
    for (const [at, run] of ['old', 'new'].entries()) begin(store, { run, at });
    openAttempt(store, 'old', 1, 1);
    addEvent(store, 'old', { at: 1, level: 'info', message: 'of old' });
    closeRun(store, { run: 'old', state: 'succeeded', at: 9 });
    forgetRuns(store, 100, 100);
    assert.deepEqual([attemptsOf(store, 'old'), eventsOf(store, 'old')], [[], []]);
  });
});
