import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { JobId } from '../../src/job/job.ts';
import { addEvent, beat, eventsOf, lastBeat } from '../../src/store/events.ts';
import {
  attemptsOf,
  closeAttempt,
  closeRun,
  findRuns,
  history,
  latestRun,
  openAttempt,
  openRun,
  openRuns,
  runOfSlot,
} from '../../src/store/runs.ts';
import type { Store } from '../../src/store/store.ts';
import { openStore } from '../../src/store/store.ts';
import { begin, minute, morning, newPath, newStore, nobody, race } from './rig.ts';

const backup = 'shop/backup' as JobId;

function plan(store: Store, sql: string): string {
  const rows = store.db.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`);
  return rows.map(({ detail }) => detail).join('\n');
}

suite('the launch permit', () => {
  test('is granted once for each slot, however many processes ask for it at once', async (t) => {
    const path = newPath(t);
    openStore(path).close();
    const granted = await race(t, 8, 'asks-permits', [path]);
    const slots = granted
      .flat()
      .map(Number)
      .sort((a, b) => a - b);
    assert.deepEqual(
      slots,
      Array.from({ length: 20 }, (_, index) => index + 1),
    );
  });

  test('is refused with the name of the run that has the slot', (t) => {
    const store = newStore(t);
    begin(store, { run: 'first', slot: morning });
    const opening = { newName: () => 'second', job: backup, revision: 1, trigger: 'schedule', holder: nobody } as const;
    assert.deepEqual(openRun(store, { ...opening, slot: morning, at: 1 }), { granted: false, run: 'first' });
    assert.deepEqual(openRun(store, { ...opening, slot: morning + minute, at: 1 }), { granted: true, run: 'second' });
    assert.equal(runOfSlot(store, backup, morning), 'first');
    assert.equal(runOfSlot(store, backup, morning + 1), undefined);
    assert.equal(runOfSlot(store, 'shop/other' as JobId, morning), undefined);
  });

  test('is not needed by runs by hand: they may be many', (t) => {
    const store = newStore(t);
    begin(store, { run: 'one' });
    begin(store, { run: 'two' });
    assert.equal(openRuns(store).length, 2);
  });

  test('comes with another name where the first is in use: no start is lost by chance', (t) => {
    const store = newStore(t);
    begin(store, { run: 'same' });
    const names = ['same', 'same', 'other'];
    const newName = () => names.shift() ?? 'too late';
    const opening = { newName, job: backup, revision: 1, slot: morning, trigger: 'schedule', holder: nobody, at: 1 };
    assert.deepEqual(openRun(store, opening as Parameters<typeof openRun>[1]), { granted: true, run: 'other' });
  });
});

suite('a run', () => {
  test('is remembered from its opening to its end', (t) => {
    const store = newStore(t);
    const holder = { pid: 77, boot: 'b', born: 3 };
    begin(store, { run: 'one', slot: morning, at: morning + 10, holder, revision: 4 });
    const opened = {
      run: 'one',
      job: 'shop/backup',
      revision: 4,
      slot: morning,
      trigger: 'schedule',
      state: 'running',
      attempts: 0,
      startedAt: morning + 10,
      endedAt: null,
      exitCode: null,
      signal: null,
      reason: null,
      cpuMs: null,
      peakMemory: null,
      stdoutBytes: 0,
      stderrBytes: 0,
    };
    assert.deepEqual(latestRun(store, backup), opened);
    assert.deepEqual(openRuns(store), [{ ...opened, ...holder }]);
    const closing = { run: 'one', state: 'failed', at: morning + 99, exitCode: 3, signal: undefined, reason: 'why' };
    assert.equal(closeRun(store, closing as Parameters<typeof closeRun>[1]), true);
    const closed = { ...opened, state: 'failed', endedAt: morning + 99, exitCode: 3, reason: 'why' };
    assert.deepEqual(latestRun(store, backup), closed);
    assert.deepEqual(openRuns(store), []);
  });

  test('ends once: a later word about it changes nothing', (t) => {
    const store = newStore(t);
    begin(store, { run: 'one' });
    const end = { run: 'one', at: 5, exitCode: undefined, signal: undefined, reason: undefined } as const;
    assert.equal(closeRun(store, { ...end, state: 'interrupted' }), true);
    assert.equal(closeRun(store, { ...end, state: 'succeeded' }), false);
    assert.equal(latestRun(store, backup)?.state, 'interrupted');
  });

  test('has its attempts in their order, and counts them', (t) => {
    const store = newStore(t);
    begin(store, { run: 'one' });
    openAttempt(store, 'one', 1, 10);
    closeAttempt(store, 'one', { number: 1, at: 20, end: 'exited with status 1' });
    openAttempt(store, 'one', 2, 30);
    assert.deepEqual(attemptsOf(store, 'one'), [
      { number: 1, startedAt: 10, endedAt: 20, end: 'exited with status 1' },
      { number: 2, startedAt: 30, endedAt: null, end: null },
    ]);
    assert.equal(latestRun(store, backup)?.attempts, 2);
  });

  test('has what happened around it, in the order in which it was written down', (t) => {
    const store = newStore(t);
    begin(store, { run: 'one' });
    addEvent(store, 'one', { at: 9, level: 'warning', message: 'first' });
    addEvent(store, 'one', { at: 8, level: 'info', message: 'second' });
    addEvent(store, 'two', { at: 8, level: 'info', message: 'of another' });
    assert.deepEqual(eventsOf(store, 'one'), [
      { at: 9, level: 'warning', message: 'first' },
      { at: 8, level: 'info', message: 'second' },
    ]);
  });

  test('is found by the beginning of its name, and more than one are two', (t) => {
    const store = newStore(t);
    for (const run of ['abc1', 'abc2', 'abc3', 'abd1']) begin(store, { run });
    const found = (prefix: string) => findRuns(store, prefix).map(({ run }) => run);
    assert.deepEqual(found('abc'), ['abc1', 'abc2']);
    assert.deepEqual(found('abd'), ['abd1']);
    assert.deepEqual(found('abc3'), ['abc3']);
    assert.deepEqual(found('abe'), []);
  });
});

suite('history', () => {
  function filled(store: Store): Store {
    const states = ['succeeded', 'failed'] as const;
    for (let n = 0; n < 6; n++) {
      const run = begin(store, { run: `run${n}`, job: n < 4 ? 'shop/backup' : 'shop/clean', at: morning + n * minute });
      const state = states[n % 2] ?? 'failed';
      closeRun(store, { run, state, at: morning, exitCode: 0, signal: undefined, reason: undefined });
    }
    return store;
  }

  test('shows the newest first, as far as the filters let them pass', (t) => {
    const store = filled(newStore(t));
    const names = (filter: Omit<Parameters<typeof history>[1], 'limit'>, limit = 10) =>
      history(store, { ...filter, limit }).map(({ run }) => run);
    assert.deepEqual(names({}), ['run5', 'run4', 'run3', 'run2', 'run1', 'run0']);
    assert.deepEqual(names({}, 2), ['run5', 'run4']);
    assert.deepEqual(names({ job: backup }), ['run3', 'run2', 'run1', 'run0']);
    assert.deepEqual(names({ state: 'failed' }), ['run5', 'run3', 'run1']);
    assert.deepEqual(names({ since: morning + 4 * minute }), ['run5', 'run4']);
    assert.deepEqual(names({ job: backup, state: 'failed', since: morning + 2 * minute }), ['run3']);
    assert.deepEqual(names({ state: 'missed' }), []);
  });

  test('and the latest run are found by an index, in order, however many runs there are', (t) => {
    const store = newStore(t);
    const queries = {
      latest: "SELECT * FROM run WHERE job = 'a' ORDER BY started_at DESC, id DESC LIMIT 1",
      ofJob: "SELECT * FROM run WHERE started_at >= 0 AND job = 'a' ORDER BY started_at DESC, id DESC LIMIT 20",
      all: 'SELECT * FROM run WHERE started_at >= 0 ORDER BY started_at DESC, id DESC LIMIT 20',
      open: "SELECT * FROM run WHERE state = 'running'",
      byName: "SELECT * FROM run WHERE id >= 'a' AND id < 'b' LIMIT 2",
      mails: "SELECT * FROM outbox WHERE run = 'a'",
      due: 'SELECT id FROM outbox WHERE next_at <= 5 ORDER BY next_at LIMIT 1',
    };
    const plans = Object.fromEntries(Object.entries(queries).map(([name, sql]) => [name, plan(store, sql)]));
    assert.deepEqual(plans, {
      latest: 'SEARCH run USING INDEX run_of_job (job=?)',
      ofJob: 'SEARCH run USING INDEX run_of_job (job=? AND started_at>?)',
      all: 'SEARCH run USING INDEX run_by_time (started_at>?)',
      open: 'SCAN run USING INDEX run_open',
      byName: 'SEARCH run USING PRIMARY KEY (id>? AND id<?)',
      mails: 'SEARCH outbox USING INDEX outbox_run (run=?)',
      due: 'SEARCH outbox USING COVERING INDEX outbox_due (next_at<?)',
    });
  });
});

test('the last beat of the tick is remembered, and only that', (t) => {
  const store = newStore(t);
  assert.equal(lastBeat(store, 'tick'), undefined);
  beat(store, 'tick', 5);
  beat(store, 'tick', 7);
  assert.equal(lastBeat(store, 'tick'), 7);
});
