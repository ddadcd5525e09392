import assert from 'node:assert/strict';
import { readFileSync, renameSync } from 'node:fs';
import { suite, test } from 'node:test';
import type { JobId } from '../../src/job/job.ts';
import { thisProcess } from '../../src/launch/holder.ts';
import { lastBeat } from '../../src/store/beats.ts';
import { addEvent, eventsOf } from '../../src/store/events.ts';
import { addGap } from '../../src/store/gaps.ts';
import { outboxState, putInOutbox } from '../../src/store/outbox.ts';
import { updateOutput } from '../../src/store/output.ts';
import { keptRevisions } from '../../src/store/revisions.ts';
import { closeRun, findRuns, history, openAttempt } from '../../src/store/runs.ts';
import { markLaunched } from '../../src/store/spool.ts';
import { databasePath } from '../../src/store/state.ts';
import type { Store } from '../../src/store/store.ts';
import { versionsOf } from '../../src/store/versions.ts';
import { forgetOldRuns, remembered } from '../../src/upkeep/retention.ts';
import { tick } from '../../src/upkeep/tick.ts';
import { mailToFile, storeless, storeWith, worldOf } from '../launch/rig.ts';
import { MovedClock } from '../moved-clock.ts';
import { begin, installJobs, jobOf, minute, morning, newStore } from '../store/rig.ts';

suite('a tick', () => {
  test('notes that it came, closes what is dead, and sends what waits', async (t) => {
    const store = newStore(t);
    const { mail, file } = mailToFile(store);
    installJobs(store, [jobOf('backup')], mail);
    begin(store, { run: 'dead' });
    const world = worldOf(store, new MovedClock(morning));
    assert.equal(await tick(world), 0);
    assert.equal(lastBeat(store, 'tick'), morning);
    assert.equal(findRuns(store, 'dead')[0]?.state, 'interrupted');
    assert.match(readFileSync(file, 'utf8'), /^Subject: \[db1\] shop\/backup was interrupted/m);
    assert.equal(outboxState(store, 0).waiting, 0);
  });

  test('with nothing to do says nothing', async (t) => {
    const { store } = storeWith(t, jobOf('backup'));
    const world = worldOf(store, new MovedClock(morning));
    assert.equal(await tick(world), 0);
    assert.deepEqual(world.complaints, []);
  });

  test('goes on where a duty fails, complains, and says so with its status', async (t) => {
    const store = newStore(t);
    const { mail, file } = mailToFile(store);
    installJobs(store, [jobOf('backup')], mail);
    const world = worldOf(store, new MovedClock(morning));
    const entry = { id: 'one', project: 'shop', run: 'run1', recipients: ['ops@shop.example'], text: 'It failed.\n' };
    putInOutbox(store, { ...entry, subject: 'about one', createdAt: morning });
    store.db.run('DROP TABLE run');
    assert.equal(await tick(world), 2);
    assert.match(world.complaints.join(''), /^cronwright tick: no such table: run$/m);
    assert.match(readFileSync(file, 'utf8'), /^Subject: about one$/m);
  });
});

suite('a tick without its database', () => {
  test('says why once an hour, and with its status each time', async (t) => {
    const { store } = storeWith(t, jobOf('backup'));
    const clock = new MovedClock(morning);
    const alone = storeless(worldOf(store, clock));
    assert.equal(await tick(alone), 2);
    clock.move(minute);
    assert.equal(await tick(alone), 2);
    assert.equal(alone.complaints.join('').match(/the disk is gone/g)?.length, 1);
    clock.move(60 * minute);
    await tick(alone);
    assert.equal(alone.complaints.join('').match(/the disk is gone/g)?.length, 2);
  });

  test('that fails in the middle of its duties says so once', async (t) => {
    const { store } = storeWith(t, jobOf('backup'));
    renameSync(databasePath(store.directory), `${databasePath(store.directory)}.away`);
    const world = worldOf(store, new MovedClock(morning));
    assert.equal(await tick(world), 2);
    assert.equal(world.complaints.join('').match(/was removed or replaced/g)?.length, 1);
  });
});

suite('the marks of launches', () => {
  test('go after ten minutes, and say nothing of the runs', async (t) => {
    const { store } = storeWith(t, jobOf('backup'));
    begin(store, { run: 'one', slot: morning, holder: thisProcess() });
    const backup = 'shop/backup' as JobId;
    markLaunched(store.directory, backup, morning);
    await tick(worldOf(store, new MovedClock(Math.max(Date.now(), morning) + 30 * minute)));
    assert.deepEqual(eventsOf(store, 'one'), []);
    assert.equal(markLaunched(store.directory, backup, morning), true);
  });
});

suite('what is remembered', () => {
  function ended(store: Store, run: string, at: number, job = 'shop/backup'): void {
    begin(store, { run, at, job });
    closeRun(store, { run, at, state: 'succeeded', exitCode: 0, signal: undefined, reason: undefined });
  }

  test('ends after ninety days, but for each job’s latest run and those that go on', (t) => {
    const { store } = storeWith(t, jobOf('backup'));
    ended(store, 'old', morning - minute);
    begin(store, { run: 'old-open', at: morning - minute });
    ended(store, 'new', morning);
    ended(store, 'rare', morning - minute, 'shop/rare');
    const world = worldOf(store, new MovedClock(morning + remembered));
    forgetOldRuns(world);
    assert.deepEqual(
      history(store, { limit: 9 })
        .map(({ run }) => run)
        .sort(),
      ['new', 'old-open', 'rare'],
    );
  });

  test('stays for a day after the clock was set forward by more than one: perhaps that was a mistake', (t) => {
    const { store } = storeWith(t, jobOf('backup'));
    ended(store, 'old', morning - minute);
    ended(store, 'new', morning);
    const clock = new MovedClock(morning + remembered);
    addGap(store, { from: morning + 10 * minute, until: clock.now(), cause: 'clock-forward' });
    forgetOldRuns(worldOf(store, clock));
    assert.equal(history(store, { limit: 9 }).length, 2);
    clock.move(25 * 60 * minute);
    forgetOldRuns(worldOf(store, clock));
    assert.equal(history(store, { limit: 9 }).length, 1);
  });

  test('goes with all that belongs to a run', (t) => {
    const { store } = storeWith(t, jobOf('backup'));
    ended(store, 'old', morning - minute);
    ended(store, 'new', morning);
    const total = { bytes: 1, omitted: 0 };
    for (const run of ['old', 'new']) {
      openAttempt(store, run, 1, morning);
      addEvent(store, run, { at: morning, level: 'info', message: 'something' });
      const add = [{ seq: 1, attempt: 1, stream: 'stdout', at: morning, bytes: Buffer.from('x') }] as const;
      updateOutput(store, { run, add, drop: [], totals: { stdout: total, stderr: total } });
      putInOutbox(store, { id: run, project: 'shop', run, recipients: [], subject: '', text: '', createdAt: morning });
    }
    forgetOldRuns(worldOf(store, new MovedClock(morning + remembered)));
    for (const table of ['attempt', 'event', 'output', 'outbox']) {
      assert.deepEqual(store.db.all(`SELECT run FROM ${table}`), [{ run: 'new' }], table);
    }
  });

  test('goes by a bounded part at a time', (t) => {
    const { store } = storeWith(t, jobOf('backup'));
    store.db.write(() => {
      for (let n = 0; n < 502; n++) ended(store, `run${n}`, morning + n);
    });
    const world = worldOf(store, new MovedClock(morning + minute + remembered));
    forgetOldRuns(world);
    assert.equal(history(store, { limit: 600 }).length, 2);
    forgetOldRuns(world);
    assert.deepEqual(
      history(store, { limit: 600 }).map(({ run }) => run),
      ['run501'],
    );
  });

  test('has the newest two hundred revisions of a project, and is brought to that once an hour', (t) => {
    const store = newStore(t);
    for (let n = 0; n < keptRevisions + 3; n++) {
      store.db.write(() => installJobs(store, [jobOf('backup', { description: `form ${n}` })]));
    }
    const clock = new MovedClock(morning + remembered + 16 * minute);
    const versions = () => versionsOf(store, 'shop/backup' as JobId).length;
    forgetOldRuns(worldOf(store, clock));
    assert.equal(versions(), keptRevisions + 3);
    clock.move(minute);
    forgetOldRuns(worldOf(store, clock));
    assert.equal(versions(), keptRevisions);
  });
});
