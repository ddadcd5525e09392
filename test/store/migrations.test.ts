import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { usualSettings } from '../../src/job/completed.ts';
import type { JobId } from '../../src/job/job.ts';
import { migrations } from '../../src/store/migrations.ts';
import { installedJob } from '../../src/store/registry.ts';
import { attemptsOf, history, openRuns, runById, runStates, triggers } from '../../src/store/runs.ts';
import { integrityProblems, openStore, type Store } from '../../src/store/store.ts';
import { installJobs, jobOf, newStore, race } from './rig.ts';
import { versionOne } from './version-1.ts';

const count = 20_000;

function schema(store: Store) {
  return store.db.all(
    "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name",
  );
}

suite('a database of the first version', () => {
  test('has every run with all that was known of it, once it is opened', (t) => {
    const store = openStore(versionOne(t, count));
    t.after(() => store.close());
    assert.deepEqual(store.db.get('PRAGMA user_version'), { user_version: migrations.length });
    assert.deepEqual(store.db.get('SELECT count(*) AS runs FROM run'), { runs: count });
    assert.deepEqual(runById(store, 'run0000000010'), {
      run: 'run0000000010',
      job: 'shop/job-3',
      revision: 3,
      slot: 600_000,
      trigger: 'schedule',
      state: 'failed',
      attempts: 1,
      startedAt: 600_001,
      endedAt: 600_002,
      exitCode: 3,
      signal: null,
      reason: 'exited with status 3',
      cpuMs: 7,
      peakMemory: 8,
      stdoutBytes: 9,
      stderrBytes: 10,
      cancelBy: null,
      retryAt: null,
      retryAttempt: null,
      continues: null,
      progress: null,
      firstSlot: null,
      slots: 1,
    });
    assert.equal(attemptsOf(store, 'run0000000010').length, 1);
    assert.equal(history(store, { state: 'failed', limit: count }).length, count / 5);
  });

  test('is the same as a new one then', (t) => {
    const old = openStore(versionOne(t, 1));
    t.after(() => old.close());
    assert.deepEqual(schema(old), schema(newStore(t)));
    assert.deepEqual(integrityProblems(old), []);
    assert.deepEqual(old.db.all('PRAGMA foreign_key_check'), []);
  });

  test('keeps a run that goes on, with the process that holds it', (t) => {
    const going = `INSERT INTO run (id, job, revision, trigger, state, pid, boot, born, started_at)
      VALUES ('going', 'shop/backup', 1, 'manual', 'running', 77, 'b', 3, 5)`;
    const store = openStore(versionOne(t, 3, going));
    t.after(() => store.close());
    const held = openRuns(store).map(({ run, pid, boot, born, taskPid }) => ({ run, pid, boot, born, taskPid }));
    assert.deepEqual(held, [{ run: 'going', pid: 77, boot: 'b', born: 3, taskPid: null }]);
  });

  test('is brought up to date once when many processes open it at the same moment', async (t) => {
    const answers = await race(t, 6, 'opens-store', [versionOne(t, count)]);
    assert.deepEqual(
      answers,
      answers.map(() => [String(count)]),
    );
  });

  test('gives the settings that its jobs lack their usual values, and the same file installed again changes nothing', (t) => {
    const store = newStore(t);
    const job = jobOf('backup');
    const revision = installJobs(store, [job]);
    const settings = Object.keys(usualSettings);
    for (const since of [0, settings.indexOf('labels')]) {
      const lacking = new Set(settings.slice(since));
      const stored = Object.entries(job).filter(([key]) => !lacking.has(key));
      store.db.run('UPDATE job SET spec = ?', JSON.stringify(Object.fromEntries(stored)));
      assert.deepEqual(installedJob(store, 'shop/backup' as JobId)?.job, job);
      assert.equal(installJobs(store, [job]), revision);
    }
    assert.equal(installJobs(store, [{ ...job, overlap: 'wait' }]), revision + 1);
  });
});

test('the table of runs admits every state and every trigger, and no other', (t) => {
  const { db } = newStore(t);
  const insert = (state: string, trigger: string) =>
    db.run(
      'INSERT INTO run (id, job, revision, trigger, state, started_at) VALUES (?, ?, 1, ?, ?, 1)',
      `${state}-${trigger}`,
      'a/b',
      trigger,
      state,
    );
  for (const state of runStates) for (const trigger of triggers) assert.equal(insert(state, trigger), 1);
  assert.throws(() => insert('resting', 'manual'), { code: 'SQLITE_CONSTRAINT_CHECK' });
  assert.throws(() => insert('running', 'whim'), { code: 'SQLITE_CONSTRAINT_CHECK' });
});
