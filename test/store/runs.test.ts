import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { JobId } from '../../src/job/job.ts';
import { beat, lastBeat } from '../../src/store/beats.ts';
import { addEvent, eventsOf } from '../../src/store/events.ts';
import { putInOutbox, toldOf } from '../../src/store/outbox.ts';
import {
  attemptsOf,
  closeAttempt,
  closeRun,
  findRuns,
  history,
  isOpen,
  latestRun,
  openAttempt,
  openRuns,
  requestCancel,
  runById,
  runOfSlot,
} from '../../src/store/runs.ts';
import { type Store, together } from '../../src/store/store.ts';
import { begin, minute, momentAt, morning, newStore } from './rig.ts';

const backup = 'shop/backup' as JobId;

function plan(store: Store, sql: string): string {
  const rows = store.db.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`);
  return rows.map(({ detail }) => detail).join('\n');
}

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
      cancelBy: null,
      retryAt: null,
      retryAttempt: null,
      continues: null,
      progress: null,
      firstSlot: null,
      slots: 1,
    };
    assert.deepEqual(latestRun(store, backup), opened);
    assert.deepEqual(openRuns(store), [{ ...opened, ...holder, taskPid: null, taskBorn: null }]);
    assert.equal(isOpen(store, 'one'), true);
    const cost = { cpuMs: 1_234, peakMemory: 5_678_000 };
    const closing = { run: 'one', state: 'failed', at: morning + 99, exitCode: 3, reason: 'why', ...cost } as const;
    assert.equal(closeRun(store, closing), true);
    const closed = { ...opened, state: 'failed', endedAt: morning + 99, exitCode: 3, reason: 'why', ...cost };
    assert.deepEqual(latestRun(store, backup), closed);
    assert.deepEqual(openRuns(store), []);
    assert.equal(isOpen(store, 'one'), false);
  });

  test('ends once: a later word about it changes nothing', (t) => {
    const store = newStore(t);
    begin(store, { run: 'one' });
    const end = { run: 'one', at: 5, exitCode: undefined, signal: undefined, reason: undefined } as const;
    assert.equal(closeRun(store, { ...end, state: 'interrupted' }), true);
    assert.equal(closeRun(store, { ...end, state: 'succeeded' }), false);
    assert.equal(latestRun(store, backup)?.state, 'interrupted');
  });

  test('is found by its slot', (t) => {
    const store = newStore(t);
    begin(store, { run: 'first', slot: morning });
    assert.equal(runOfSlot(store, backup, morning), 'first');
    assert.equal(runOfSlot(store, backup, morning + 1), undefined);
    assert.equal(runOfSlot(store, 'shop/other' as JobId, morning), undefined);
  });

  test('is among the open ones of its job alone, the oldest first', (t) => {
    const store = newStore(t);
    begin(store, { run: 'b', at: 1 });
    begin(store, { run: 'a', at: 2 });
    begin(store, { run: 'c', at: 0, job: 'shop/other' });
    const names = (job?: JobId) => openRuns(store, job).map(({ run }) => run);
    assert.deepEqual(
      [names(), names(backup)],
      [
        ['c', 'b', 'a'],
        ['b', 'a'],
      ],
    );
  });

  test('that somebody wants to end says who was first to ask, once it is cancelled', (t) => {
    const store = newStore(t);
    for (const run of ['one', 'two']) begin(store, { run });
    assert.equal(requestCancel(store, 'one', 'ann'), true);
    assert.equal(requestCancel(store, 'one', 'bob'), true);
    for (const run of ['one', 'two'])
      closeRun(store, { run, state: 'cancelled', at: 5, reason: 'was cancelled by SIGTERM' });
    const reasons = ['one', 'two'].map((run) => runById(store, run)?.reason);
    assert.deepEqual(reasons, ['was cancelled by ann', 'was cancelled by SIGTERM']);
    assert.equal(requestCancel(store, 'one', 'eve'), false);
    assert.equal(runById(store, 'one')?.cancelBy, 'ann');
  });

  test('that somebody wanted to end, and that ended by itself before, keeps its own reason', (t) => {
    const store = newStore(t);
    begin(store, { run: 'one' });
    requestCancel(store, 'one', 'ann');
    closeRun(store, { run: 'one', state: 'failed', at: 5, exitCode: 3, reason: 'exited with status 3' });
    assert.equal(runById(store, 'one')?.reason, 'exited with status 3');
  });

  test('ends and is told in one step: where the one fails, the other is not done', (t) => {
    const store = newStore(t);
    begin(store, { run: 'one' });
    const mail = { id: 'one.failed', project: 'shop', run: 'one', recipients: ['a@b.c'], subject: 's', text: 't' };
    const end = () =>
      together(store, () => {
        closeRun(store, { run: 'one', state: 'failed', at: 5 });
        putInOutbox(store, { ...mail, createdAt: 5 });
        throw new Error('killed here');
      });
    assert.throws(end, { message: 'killed here' });
    assert.deepEqual([isOpen(store, 'one'), toldOf(store, 'one')], [true, []]);
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
      inState:
        "SELECT * FROM run WHERE started_at >= 0 AND state = 'failed' ORDER BY started_at DESC, id DESC LIMIT 20",
      ofJobInState:
        "SELECT * FROM run WHERE started_at >= 0 AND job = 'a' AND +state = 'failed' ORDER BY started_at DESC, id DESC LIMIT 20",
      open: "SELECT * FROM run WHERE state IN ('waiting', 'running')",
      openOfJob: "SELECT * FROM run WHERE state IN ('waiting', 'running') AND job = 'a'",
      retries: 'SELECT * FROM run WHERE retry_at <= 5 AND ended_at IS NOT NULL ORDER BY retry_at',
      continuation: "SELECT id FROM run WHERE continues = 'a'",
      byName: "SELECT * FROM run WHERE id >= 'a' AND id < 'b' LIMIT 2",
      mails: "SELECT * FROM outbox WHERE run = 'a'",
      due: 'SELECT id FROM outbox WHERE next_at <= 5 ORDER BY next_at LIMIT 1',
    };
    const plans = Object.fromEntries(Object.entries(queries).map(([name, sql]) => [name, plan(store, sql)]));
    assert.deepEqual(plans, {
      latest: 'SEARCH run USING INDEX run_of_job (job=?)',
      ofJob: 'SEARCH run USING INDEX run_of_job (job=? AND started_at>?)',
      all: 'SEARCH run USING INDEX run_by_time (started_at>?)',
      inState: 'SEARCH run USING INDEX run_by_state (state=? AND started_at>?)',
      ofJobInState: 'SEARCH run USING INDEX run_of_job (job=? AND started_at>?)',
      open: 'SEARCH run USING INDEX run_by_state (state=?)',
      openOfJob: 'SEARCH run USING INDEX run_open (job=?)',
      retries: 'SEARCH run USING INDEX run_retry (retry_at<?)',
      continuation: 'SEARCH run USING COVERING INDEX run_continues (continues=?)',
      byName: 'SEARCH run USING PRIMARY KEY (id>? AND id<?)',
      mails: 'SEARCH outbox USING INDEX outbox_run (run=?)',
      due: 'SEARCH outbox USING COVERING INDEX outbox_due (next_at<?)',
    });
  });
});

test('the last beat of the tick is remembered, and only that', (t) => {
  const store = newStore(t);
  assert.equal(lastBeat(store, 'tick'), undefined);
  beat(store, momentAt(5));
  beat(store, momentAt(7));
  assert.equal(lastBeat(store, 'tick'), 7);
});
