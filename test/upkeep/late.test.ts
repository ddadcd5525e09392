import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import type { Job, JobId, MailSettings } from '../../src/job/job.ts';
import { thisProcess } from '../../src/launch/holder.ts';
import { setDue } from '../../src/store/due.ts';
import { eventsOf } from '../../src/store/events.ts';
import { recordMissed } from '../../src/store/missed.ts';
import { openRun } from '../../src/store/open-run.ts';
import { claimFromOutbox, markSent } from '../../src/store/outbox.ts';
import { pause, resume } from '../../src/store/pauses.ts';
import { closeRun } from '../../src/store/runs.ts';
import type { Store } from '../../src/store/store.ts';
import { tellLateStarts } from '../../src/upkeep/late.ts';
import { forgetOldRuns, remembered } from '../../src/upkeep/retention.ts';
import { mailThrough, storeWith, worldOf } from '../launch/rig.ts';
import { MovedClock } from '../moved-clock.ts';
import { begin, jobOf, minute, morning } from '../store/rig.ts';

const mail = mailThrough('refuses', '75');
const told = { on: ['late'], to: [] } as const;
const backup = 'shop/backup' as JobId;
const everyMinute = ['* * * * *'] as const;

/** A job whose slot is the morning's, and the ticks that look whether it has begun. */
function site(t: TestContext, changes: Partial<Job> = {}, through: readonly MailSettings[] = [mail]) {
  const job = jobOf('backup', { lateAfter: 2 * minute, notify: told, timezone: 'Europe/Berlin', ...changes });
  const { store } = storeWith(t, job, through[0]);
  setDue(store, backup, morning);
  const clock = new MovedClock(morning);
  const world = worldOf(store, clock);
  const after = async (ms: number): Promise<readonly string[]> => {
    clock.move(ms);
    await tellLateStarts(world);
    return subjects(store);
  };
  return { store, world, after };
}

function subjects({ db }: Store): readonly string[] {
  return db.all<{ subject: string }>('SELECT subject FROM outbox ORDER BY id').map(({ subject }) => subject);
}

const notBegun = '[db1] shop/backup is late: it has not begun 2 minutes after it was due';

suite('a slot that nothing has started', () => {
  test('is told once, from late-after on', async (t) => {
    const { store, after } = site(t);
    assert.deepEqual(await after(2 * minute - 1), []);
    assert.deepEqual(await after(1), [notBegun]);
    const entry = claimFromOutbox(store, morning + 2 * minute);
    assert.deepEqual([entry?.id, entry?.run], [`shop/backup.${morning}.late`, '']);
    markSent(store, { id: entry?.id ?? '', at: morning, refused: [] });
    assert.deepEqual(await after(30_000), [notBegun]);
  });

  test('is told on standard error where there is no mail, once', async (t) => {
    const { world, after } = site(t, {}, []);
    await after(2 * minute);
    await after(30_000);
    assert.equal(world.complaints.join('').match(/^shop\/backup on db1 has not begun/gm)?.length, 1);
  });

  test('is one of several of its job, each told for itself', async (t) => {
    const { store, after } = site(t, { schedule: everyMinute, lateAfter: minute });
    begin(store, { run: 'run1', slot: morning, holder: thisProcess() });
    const late = (minutes: string) => `[db1] shop/backup is late: it has not begun ${minutes} after it was due`;
    assert.deepEqual(await after(2 * minute), [late('1 minute')]);
    assert.deepEqual(await after(minute), [late('1 minute'), late('1 minute')]);
  });

  test('is forgotten with the runs of its time', async (t) => {
    const { store, world, after } = site(t);
    await after(2 * minute);
    forgetOldRuns({ ...world, clock: new MovedClock(morning + 2 * minute + remembered) });
    assert.deepEqual(subjects(store), [notBegun]);
    forgetOldRuns({ ...world, clock: new MovedClock(morning + 3 * minute + remembered) });
    assert.deepEqual(subjects(store), []);
  });
});

suite('a slot is not told as late', () => {
  const started = { run: 'run1', slot: morning, holder: thisProcess() };

  test('that has its run, even one that has ended', async (t) => {
    const { store, after } = site(t);
    begin(store, started);
    closeRun(store, { run: 'run1', state: 'succeeded', at: morning });
    assert.deepEqual(await after(2 * minute), []);
  });

  test('that is recorded as missed', async (t) => {
    const { store, after } = site(t);
    const stretch = { first: morning, last: morning, count: 1, at: morning, reason: 'cron was silent' };
    recordMissed(store, { job: backup, revision: 1, ...stretch }, () => 'run1');
    assert.deepEqual(await after(2 * minute), []);
  });

  test('that is so long past that it is missed', async (t) => {
    const { after } = site(t);
    assert.deepEqual(await after(10 * minute), []);
  });

  test('within its first minute, while cron may be starting it, however short late-after is', async (t) => {
    const { after } = site(t, { lateAfter: 1_000, schedule: everyMinute });
    assert.deepEqual(await after(minute - 1), []);
    assert.equal((await after(30_001)).length, 1);
  });

  test('of a job without late-after, or one that does not ask to be told', async (t) => {
    for (const changes of [{ lateAfter: 0 }, { notify: { on: ['failure'], to: [] } }] as const) {
      const { world, after } = site(t, changes, []);
      assert.deepEqual([await after(2 * minute), world.complaints], [[], []]);
    }
  });

  test('that a pause holds back, even one that has ended meanwhile', async (t) => {
    const { store, after } = site(t);
    const paused = { scope: 'job', name: backup } as const;
    pause(store, { ...paused, reason: '', by: 'ann', at: morning - minute, until: null });
    resume(store, paused, { by: 'ann', at: morning + minute });
    assert.deepEqual(await after(2 * minute), []);
  });

  test('of a job whose zone the system has lost, which does not keep others from being told', async (t) => {
    const { store, after } = site(t);
    store.db.run("UPDATE job SET spec = json_set(spec, '$.timezone', 'Mars/Olympus')");
    assert.deepEqual(await after(2 * minute), []);
  });

  test('where its job’s first slot is not worked out yet', async (t) => {
    const { store, after } = site(t);
    setDue(store, backup, -morning);
    assert.deepEqual(await after(2 * minute), []);
  });
});

suite('a start that waits for its turn', () => {
  /** A start that waits for run1, which goes on. */
  function waiting(t: TestContext, changes: Partial<Job> = {}) {
    const own = site(t, { overlap: 'wait', ...changes });
    begin(own.store, { run: 'run1', at: morning - 60 * minute, holder: thisProcess() });
    const how = { overlap: 'wait', isAlive: () => true, holder: thisProcess(), at: morning } as const;
    const slot = { job: backup, revision: 1, slot: morning, trigger: 'schedule' } as const;
    assert.equal(openRun(own.store, { newName: () => 'run2', ...slot, ...how }).kind, 'waiting');
    return own;
  }

  const stillWaits = '[db1] shop/backup is late: it still waits to begin 2 minutes after it was due';

  test('is told once, with the run that it waits for, and noted in its log', async (t) => {
    const { store, after } = waiting(t);
    assert.deepEqual(await after(2 * minute - 1), []);
    assert.deepEqual(await after(1), [stillWaits]);
    assert.deepEqual(await after(60 * minute), [stillWaits]);
    const entry = claimFromOutbox(store, morning + 90 * minute);
    assert.match(entry?.text ?? '', /^ {2}behind {3}run run1, which has to end first$/m);
    assert.equal(entry?.run, 'run2');
    assert.deepEqual(
      eventsOf(store, 'run2').map(({ message }) => message),
      ['waits to begin 2 minutes after it was due (late-after: 2 minutes)'],
    );
  });

  test('is not late while jitter may have put it off', async (t) => {
    const { after } = waiting(t, { jitter: { offset: 0, delay: 5 * minute } });
    assert.deepEqual(await after(7 * minute - 1), []);
    assert.equal((await after(1)).length, 1);
  });

  test('is late from the end on of what jitter chose', async (t) => {
    const { store, after } = waiting(t, { jitter: { offset: 0, delay: 60 * minute } });
    store.db.run("UPDATE run SET retry_at = ?, retry_attempt = 1 WHERE id = 'run2'", morning + minute);
    assert.deepEqual(await after(3 * minute - 1), []);
    assert.equal((await after(1)).length, 1);
  });

  test('is not told where its wrapper is gone', async (t) => {
    const { store, after } = waiting(t);
    store.db.run("UPDATE run SET boot = 'an earlier one'");
    assert.deepEqual(await after(2 * minute), []);
  });
});
