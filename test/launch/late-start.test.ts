import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import type { Job, JobId, MailSettings } from '../../src/job/job.ts';
import { launch } from '../../src/launch/launch.ts';
import { setDue } from '../../src/store/due.ts';
import { eventsOf } from '../../src/store/events.ts';
import { lastRecord, spooled } from '../../src/store/lying.ts';
import { owe } from '../../src/store/owed.ts';
import type { Trigger } from '../../src/store/runs.ts';
import { tellLateStarts } from '../../src/upkeep/late.ts';
import { MovedClock } from '../moved-clock.ts';
import { jobOf, minute, morning } from '../store/rig.ts';
import { mailThrough, storeless, storeWith, worldOf } from './rig.ts';

const mail = mailThrough('refuses', '75');
const late = { lateAfter: 2 * minute, notify: { on: ['late'], to: [] }, timezone: 'Europe/Berlin' } as const;

/** A job whose slot is the morning's, and starts of it. */
function site(t: TestContext, changes: Partial<Job> = {}, through: readonly MailSettings[] = [mail]) {
  const { store, installed } = storeWith(t, jobOf('backup', { ...late, ...changes }), through[0]);
  const clock = new MovedClock(morning);
  const world = worldOf(store, clock);
  /** Starts the job so many milliseconds after its slot; the run's name. */
  const startAfter = async (ms: number, trigger: Trigger = 'schedule'): Promise<string> => {
    clock.move(ms);
    const launched = await launch(world, { installed, trigger, startedAt: clock.now() });
    assert.ok(launched.kind === 'ran');
    return launched.run;
  };
  const told = () => store.db.all<{ id: string; subject: string; run: string }>('SELECT id, subject, run FROM outbox');
  const said = (run: string) => eventsOf(store, run).map(({ message }) => message);
  return { store, installed, clock, world, startAfter, told, said };
}

const id = `shop/backup.${morning}.late`;

suite('a start that is later than late-after', () => {
  test('is told when it begins, and noted in its log', async (t) => {
    const { startAfter, told, said } = site(t);
    const run = await startAfter(3 * minute);
    assert.deepEqual(told(), [{ id, run, subject: '[db1] shop/backup began late: 3 minutes after it was due' }]);
    assert.deepEqual(said(run), ['began 3 minutes after it was due (late-after: 2 minutes)']);
  });

  test('is told on standard error where there is no mail', async (t) => {
    const { world, startAfter } = site(t, {}, []);
    await startAfter(3 * minute);
    assert.match(world.complaints.join(''), /^shop\/backup on db1 began 3 minutes after it was due\.\n/);
  });

  test('is not told again where it was told before it began', async (t) => {
    for (const through of [[mail], []]) {
      const { store, world, clock, startAfter, told, said } = site(t, {}, through);
      setDue(store, 'shop/backup' as JobId, morning);
      clock.move(2 * minute);
      await tellLateStarts(world);
      const run = await startAfter(minute);
      assert.deepEqual(
        told().map((entry) => [entry.id, entry.run]),
        [[id, '']],
      );
      assert.equal(world.complaints.length, 1 - through.length);
      assert.equal(said(run).length, 1);
    }
  });

  test('is noted and not told where the job does not ask for that', async (t) => {
    const { world, startAfter, told, said } = site(t, { notify: { on: ['failure'], to: [] } }, []);
    const run = await startAfter(3 * minute);
    assert.deepEqual([told(), world.complaints, said(run).length], [[], [], 1]);
  });

  test('without the database is left to the record of the run', async (t) => {
    // Nothing but processes tells what goes on, and other tests have some of a job of this name.
    const { installed, world, clock } = site(t, { overlap: 'allow' });
    clock.move(3 * minute);
    const settings = { mail, envFiles: [], target: 'user', launcher: { path: '/x', state: undefined } };
    await launch(storeless(world), { installed, trigger: 'schedule', startedAt: clock.now(), settings });
    const [record] = spooled(world.state, 0).flatMap((lying) => lastRecord(lying) ?? []);
    assert.deepEqual(
      record?.mails.map((entry) => entry.id),
      [id],
    );
    assert.match(JSON.stringify(record?.events), /began 3 minutes after it was due/);
  });
});

suite('a start is not late', () => {
  test('before late-after has passed', async (t) => {
    const { startAfter, told, said } = site(t);
    const run = await startAfter(2 * minute - 1);
    assert.deepEqual([told(), said(run)], [[], []]);
  });

  test('where the job has no late-after', async (t) => {
    const { startAfter, told } = site(t, { lateAfter: 0 });
    await startAfter(4 * minute);
    assert.deepEqual(told(), []);
  });

  test('by as much as jitter has put it off', async (t) => {
    for (const [random, mails] of [
      [0.5, 0],
      [0, 1],
    ] as const) {
      const { world, installed, clock, told } = site(t, { jitter: { offset: 0, delay: 4 * minute } });
      // Its wrapper starts with the slot, and is held up for three minutes.
      const start = { installed, trigger: 'schedule', startedAt: morning } as const;
      clock.move(3 * minute);
      await launch({ ...world, random: () => random }, start);
      assert.equal(told().length, mails, `random ${random}`);
    }
  });

  test('that makes up for a missed slot: that was told as missed', async (t) => {
    const { store, installed, world, clock, told } = site(t);
    owe(store, { job: installed.job.id, slot: morning, until: morning + 60 * minute, reason: 'cron was silent' });
    clock.move(3 * minute);
    const start = { installed, trigger: 'catch-up', slot: morning, startedAt: clock.now() } as const;
    assert.equal((await launch(world, start)).kind, 'ran');
    assert.deepEqual(told(), []);
  });

  test('that somebody asks for by hand', async (t) => {
    const { startAfter, told } = site(t);
    await startAfter(3 * minute, 'manual');
    assert.deepEqual(told(), []);
  });
});
