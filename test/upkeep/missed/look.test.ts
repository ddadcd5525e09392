import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import type { Job, JobId, MailSettings } from '../../../src/job/job.ts';
import { dueJobs, recount } from '../../../src/store/due.ts';
import { addGap } from '../../../src/store/gaps.ts';
import { missedOver } from '../../../src/store/missed.ts';
import { owedSlots } from '../../../src/store/owed.ts';
import { pause } from '../../../src/store/pauses.ts';
import { closeRun, history } from '../../../src/store/runs.ts';
import { lookForMissed } from '../../../src/upkeep/missed/look.ts';
import { mailThrough, worldOf } from '../../launch/rig.ts';
import { MovedClock } from '../../moved-clock.ts';
import { begin, installJobs, jobOf, minute, morning, newStore } from '../../store/rig.ts';

const hour = 60 * minute;
const day = 24 * hour;
const told = { on: ['failure', 'missed'], to: [] } as const;

/** Jobs that were installed in the morning of a machine in UTC, and a tick that looks what they missed. */
function place(t: TestContext, changes: Partial<Job> = {}, mail?: MailSettings) {
  const store = newStore(t);
  const job = jobOf('backup', { timezone: 'Etc/UTC', schedule: ['0 * * * *'], notify: told, ...changes });
  installJobs(store, [job], mail);
  const clock = new MovedClock(morning);
  const world = worldOf(store, clock);
  const mails = () => store.db.all<{ subject: string; run: string }>('SELECT subject, run FROM outbox ORDER BY id');
  const rows = () => history(store, { state: 'missed', limit: 99 }).toReversed();
  const look = async (ms: number) => {
    clock.move(ms);
    await lookForMissed(world);
  };
  return { store, job, clock, world, look, rows, mails, backup: job.id as JobId };
}

const mail = mailThrough('refuses', '75');

suite('a slot without a run', () => {
  test('is missed once its grace is over, and not before', async (t) => {
    const { look, rows } = place(t);
    await look(hour + 2 * minute);
    assert.deepEqual(rows(), []);
    await look(minute);
    const [row] = rows();
    assert.deepEqual(
      [row?.slot, row?.firstSlot, row?.slots, row?.trigger],
      [morning + hour, morning + hour, 1, 'schedule'],
    );
    assert.deepEqual([row?.startedAt, row?.endedAt, row?.attempts], [morning + hour, morning + hour + 3 * minute, 0]);
  });

  test('is not missed that has its run', async (t) => {
    const { store, look, rows } = place(t);
    begin(store, { run: 'one', slot: morning + hour });
    await look(hour + 3 * minute);
    assert.deepEqual(rows(), []);
  });

  test('is one row with those before it, and one letter', async (t) => {
    const { look, rows, mails } = place(t, {}, mail);
    await look(5 * hour + 10 * minute);
    assert.deepEqual(
      rows().map(({ slot, firstSlot, slots }) => [slot, firstSlot, slots]),
      [[morning + 5 * hour, morning + hour, 5]],
    );
    assert.deepEqual(
      mails().map(({ run }) => run),
      [rows()[0]?.run],
    );
  });

  test('is reported on standard error where there is no mail', async (t) => {
    const { look, world } = place(t);
    await look(hour + 5 * minute);
    assert.equal(world.complaints.length, 1);
    assert.match(world.complaints.join(''), /shop\/backup on db1 missed its start of/);
  });

  test('is missed once, by however many ticks at the same time', async (t) => {
    const { world, clock, rows, mails } = place(t, {}, mail);
    clock.move(5 * hour + 10 * minute);
    await Promise.all([lookForMissed(world), lookForMissed(world), lookForMissed(world)]);
    assert.equal(rows().length, 1);
    assert.equal(mails().length, 1);
  });

  test('goes on with the row before it for the same reason, which is told again a day later', async (t) => {
    const { look, rows, mails } = place(t, {}, mail);
    await look(hour + 4 * minute);
    await look(hour);
    await look(hour);
    assert.deepEqual(
      rows().map(({ slots, firstSlot }) => [slots, firstSlot]),
      [[3, morning + hour]],
    );
    assert.equal(mails().length, 1);
    for (let hours = 0; hours < 24; hours++) await look(hour);
    assert.equal(rows().length, 1);
    assert.ok(mails().length <= 3, `${mails().length} mails in a day`);
  });

  test('makes way for a start that comes after all', async (t) => {
    const { store, look, rows, backup } = place(t);
    await look(2 * hour + 4 * minute);
    begin(store, { run: 'late', slot: morning + 2 * hour, at: morning + 2 * hour + 4 * minute });
    assert.equal(rows()[0]?.slot, null);
    assert.match(rows()[0]?.reason ?? '', /; its start of 2026-11-24 10:00 UTC came later$/);
    assert.equal(missedOver(store, backup, morning + hour)?.run, rows()[0]?.run);
  });

  test('of a job that is gone is none', async (t) => {
    const { store, look, rows } = place(t);
    installJobs(store, []);
    await look(2 * hour);
    assert.deepEqual([rows(), dueJobs(store, morning + day, 9)], [[], []]);
  });

  test('of an earlier schedule is none', async (t) => {
    const { store, job, look, rows } = place(t);
    installJobs(store, [{ ...job, schedule: ['30 * * * *'] }]);
    await look(hour + 20 * minute);
    assert.deepEqual(
      rows().map(({ slot }) => slot),
      [morning + 30 * minute],
    );
  });

  test('is remembered where something else than the times of its job is changed', async (t) => {
    const { store, job, look, clock, rows } = place(t);
    clock.move(hour + 5 * minute);
    installJobs(store, [{ ...job, description: 'other words' }]);
    await look(0);
    assert.equal(rows().length, 1);
  });

  test('of the time before this version is none', async (t) => {
    const { store, look, rows } = place(t);
    store.db.run('UPDATE due SET slot = 0');
    await look(30 * day);
    assert.deepEqual(rows(), []);
    await look(hour + 5 * minute);
    assert.equal(rows().length, 1);
  });

  test('after a clock that was set back is looked for from then on, and that of a missed stretch is not missed again', async (t) => {
    const { store, clock, look, rows } = place(t);
    await look(day);
    assert.deepEqual(
      rows().map(({ slots }) => slots),
      [23],
    );
    clock.move(minute - day);
    recount(store, clock.now());
    await look(3 * hour + 5 * minute);
    assert.deepEqual(
      rows().map(({ slots }) => slots),
      [23],
    );
    assert.equal(dueJobs(store, Number.MAX_SAFE_INTEGER, 1)[0]?.slot, morning + 4 * hour);
  });
});

suite('a slot within a pause', () => {
  test('is skipped with the words of the pause, and those before and behind are missed', async (t) => {
    const { store, look, rows } = place(t, { missed: 'run-once', startDeadline: minute });
    const paused = { scope: 'job', name: 'shop/backup', reason: 'a move', by: 'ann' } as const;
    pause(store, { ...paused, at: morning + 90 * minute, until: morning + 4 * hour });
    await look(6 * hour + 10 * minute);
    assert.deepEqual(
      rows().map(({ firstSlot, slots }) => [((firstSlot ?? 0) - morning) / hour, slots]),
      [
        [1, 1],
        [4, 3],
      ],
    );
    const [skipped, ...more] = history(store, { state: 'skipped', limit: 9 });
    assert.deepEqual(
      [skipped?.firstSlot, skipped?.slot, skipped?.slots, more],
      [morning + 2 * hour, morning + 3 * hour, 2, []],
    );
    assert.match(skipped?.reason ?? '', /^was paused by ann since .*: a move$/);
  });
});

suite('the reason', () => {
  const gap = { from: morning + 30 * minute, until: morning + 3 * hour };
  const causes = [
    ['machine-off', /^the machine was off from \d{4}-\d\d-\d\d \d\d:\d\d to /],
    ['machine-asleep', /^the machine was asleep from /],
    ['clock-forward', /^the clock was set forward by 2 hours 30 minutes at /],
    ['cron-silent', /^cron did not run between .* \(no tick\)$/],
  ] as const;
  for (const [cause, words] of causes) {
    test(`of a slot in a gap is its cause: ${cause}`, async (t) => {
      const { store, look, rows } = place(t);
      addGap(store, { ...gap, cause });
      await look(3 * hour + 3 * minute);
      assert.match(rows()[0]?.reason ?? '', words);
    });
  }
});

test('the reason of a stretch over several gaps is the one that explains the most of it', async (t) => {
  const { store, look, rows } = place(t, { schedule: ['* * * * *'] });
  addGap(store, { from: morning, until: morning + 2 * hour, cause: 'machine-off' });
  addGap(store, { from: morning + 2 * hour, until: morning + 2 * hour + 4 * minute, cause: 'cron-silent' });
  await look(2 * hour + 4 * minute);
  assert.match(rows()[0]?.reason ?? '', /^the machine was off from .*, and once more in that time$/);
});

suite('after a gap', () => {
  test('all of it is found at once, when the grace of the last is over', async (t) => {
    const { store, look, rows } = place(t, { schedule: ['* * * * *'] });
    const until = morning + 30 * minute;
    addGap(store, { from: morning, until, cause: 'machine-off' });
    await look(30 * minute);
    await look(2 * minute);
    assert.deepEqual(rows(), []);
    await look(minute);
    assert.deepEqual(
      rows().map(({ slot, slots }) => [slot, slots]),
      [[until, 30]],
    );
  });

  test('that follows another soon nobody waits', async (t) => {
    const { store, look, rows } = place(t, { schedule: ['* * * * *'] });
    addGap(store, { from: morning, until: morning + 25 * minute, cause: 'cron-silent' });
    addGap(store, { from: morning + 26 * minute, until: morning + 30 * minute, cause: 'cron-silent' });
    await look(30 * minute);
    assert.equal(rows()[0]?.slots, 27);
  });
});

suite('what is missed', () => {
  test('is made up for once with run-once: the latest slot, within the deadline', async (t) => {
    const { store, backup, look, rows, mails } = place(t, { missed: 'run-once', startDeadline: 2 * hour }, mail);
    await look(5 * hour + 10 * minute);
    const owed = owedSlots(store, backup).map(({ slot, until }) => [slot, until]);
    assert.deepEqual(owed, [[morning + 5 * hour, morning + 7 * hour]]);
    assert.deepEqual(
      rows().map(({ slots }) => slots),
      [4],
    );
    assert.equal(mails().length, 1);
  });

  test('is not made up for beyond the deadline', async (t) => {
    const { store, look, rows } = place(t, { missed: 'run-all', startDeadline: minute });
    await look(5 * hour + 10 * minute);
    assert.deepEqual([owedSlots(store), rows()[0]?.slots], [[], 5]);
  });

  test('is made up for whole with run-all, at most a hundred of the latest', async (t) => {
    const { store, look, rows } = place(t, { missed: 'run-all', startDeadline: 30 * day });
    await look(7 * day + 10 * minute);
    const owed = owedSlots(store).map(({ slot }) => slot);
    assert.deepEqual([owed.length, owed.at(-1)], [100, morning + 7 * day]);
    assert.deepEqual(
      rows().map(({ slots }) => slots),
      [68],
    );
    await look(hour);
    assert.equal(owedSlots(store).length, 100);
  });

  test('is told where all of it is made up for', async (t) => {
    const { look, rows, mails } = place(t, { missed: 'run-once', startDeadline: hour }, mail);
    await look(hour + 10 * minute);
    assert.deepEqual([rows(), mails().map(({ run }) => run)], [[], ['']]);
  });

  test('gives way to a later slot with run-once', async (t) => {
    const { store, look, rows } = place(t, { missed: 'run-once', startDeadline: day });
    await look(hour + 10 * minute);
    await look(hour);
    assert.deepEqual(
      owedSlots(store).map(({ slot }) => slot),
      [morning + 2 * hour],
    );
    assert.match(rows()[0]?.reason ?? '', /a later one is made up for in its place$/);
  });

  test('gives way to a later slot also where cron has started it after all', async (t) => {
    const { store, look, rows, backup } = place(t, { missed: 'run-once', startDeadline: day });
    await look(hour + 10 * minute);
    begin(store, { run: 'real', job: backup, slot: morning + hour });
    await look(hour);
    assert.deepEqual(
      owedSlots(store).map(({ slot }) => slot),
      [morning + 2 * hour],
    );
    assert.deepEqual(rows(), []);
  });
});

test('a hundred jobs of every minute are one letter after a week, in bounded work', async (t) => {
  const store = newStore(t);
  const often = { timezone: 'Etc/UTC', schedule: ['* * * * *'], missed: 'run-all', startDeadline: 30 * day } as const;
  const jobs = Array.from({ length: 100 }, (_, n) => jobOf(`job-${n}`, { ...often, notify: told }));
  installJobs(store, jobs, mail);
  const world = worldOf(store, new MovedClock(morning + 7 * day));
  await lookForMissed(world);
  assert.equal(owedSlots(store).length, 100 * 100);
  assert.equal(history(store, { state: 'missed', limit: 999 }).length, 100);
  assert.equal(store.db.all('SELECT 1 FROM outbox').length, 1);
  for (const { run } of history(store, { state: 'missed', limit: 1 })) {
    assert.equal(closeRun(store, { run, state: 'failed', at: 1 }), false);
  }
});
