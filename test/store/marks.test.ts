import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import type { JobId } from '../../src/job/job.ts';
import { setDue } from '../../src/store/due.ts';
import { lateDue, markLate, markSlow, noteTold, slowRuns, wasTold } from '../../src/store/marks.ts';
import { closeRun } from '../../src/store/runs.ts';
import { begin, installJobs, jobOf, minute, morning, newStore } from './rig.ts';

/** A store with a job whose run has gone on since the morning. */
function going(t: TestContext) {
  const store = newStore(t);
  installJobs(store, [jobOf('backup', { warnAfter: minute, lateAfter: minute })]);
  begin(store, { run: 'run1', slot: morning });
  return store;
}

suite('the marks of a run', () => {
  test('are set once, by whoever comes first', (t) => {
    const store = going(t);
    for (const mark of [markSlow, markLate]) {
      assert.deepEqual([mark(store, 'run1', morning), mark(store, 'run1', morning + 1)], [true, false]);
    }
  });

  test('are not set where it has ended', (t) => {
    const store = going(t);
    closeRun(store, { run: 'run1', state: 'succeeded', at: morning });
    assert.deepEqual([markSlow(store, 'run1', morning), markLate(store, 'run1', morning)], [false, false]);
  });

  test('keep it from being found again', (t) => {
    const store = going(t);
    const found = () => slowRuns(store, morning + minute, 9).map(({ run }) => run);
    assert.deepEqual(found(), ['run1']);
    markSlow(store, 'run1', morning);
    assert.deepEqual(found(), []);
  });
});

test('Runs that take long are found oldest first, so many at most', (t) => {
  const store = going(t);
  begin(store, { run: 'run0', at: morning - minute });
  const found = (limit: number) => slowRuns(store, morning + minute, limit).map(({ run }) => run);
  assert.deepEqual([found(9), found(1)], [['run0', 'run1'], ['run0']]);
});

test('A job is perhaps late from its late-after on, if the slot is not too young', (t) => {
  const store = going(t);
  const job = 'shop/backup' as JobId;
  setDue(store, job, morning);
  const found = (now: number, until: number) => lateDue(store, now, until).map(({ slot }) => slot);
  assert.deepEqual(found(morning + minute - 1, morning), []);
  assert.deepEqual(found(morning + minute, morning), [morning]);
  assert.deepEqual(found(morning + minute, morning - 1), []);
});

test('What was told elsewhere is noted once', (t) => {
  const store = newStore(t);
  const entry = { id: 'one', project: 'shop', createdAt: morning };
  assert.deepEqual(
    [wasTold(store, 'one'), noteTold(store, entry), noteTold(store, entry), wasTold(store, 'one')],
    [false, true, false, true],
  );
});
