import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import type { Job, JobName } from '../../src/job/job.ts';
import { admit } from '../../src/launch/admit.ts';
import type { Start } from '../../src/launch/world.ts';
import { outboxState } from '../../src/store/outbox.ts';
import { isOwed, owe } from '../../src/store/owed.ts';
import { type NewPause, pause, resume } from '../../src/store/pauses.ts';
import { closeRun, history, type Trigger } from '../../src/store/runs.ts';
import { MovedClock } from '../moved-clock.ts';
import { begin, jobOf, minute, morning } from '../store/rig.ts';
import { mailThrough, storeless, storeWith, worldOf } from './rig.ts';

/** The minute of the hour that the morning is in the zone of this machine. */
const atNine = [`${new Date(morning).getMinutes()} * * * *`] as const;
const label = 'nightly' as JobName;
const asked: NewPause = { scope: 'label', name: label, reason: 'new disks', by: 'ann', at: morning - 1, until: null };

function site(t: TestContext, changes: Partial<Job> = {}) {
  const job = jobOf('backup', { schedule: atNine, overlap: 'allow', labels: [label], ...changes });
  const { store, installed } = storeWith(t, job, mailThrough('refuses', '1'));
  const world = worldOf(store, new MovedClock(morning));
  const ask = async (trigger: Trigger, start: Partial<Start> = {}) => {
    const admission = await admit(world, { installed, trigger, startedAt: morning, ...start });
    return admission.kind;
  };
  return { store, world, installed, ask, runs: () => history(store, { limit: 10 }) };
}

suite('a start of what is paused', () => {
  test('by schedule is recorded as skipped, with who paused it and why, and nobody is told', async (t) => {
    const { store, world, ask, runs } = site(t);
    pause(store, asked);
    assert.equal(await ask('schedule', { startedAt: morning + 40 }), 'skipped');
    const [run, ...more] = runs();
    assert.deepEqual(more, []);
    assert.deepEqual([run?.state, run?.slot, run?.attempts, run?.endedAt], ['skipped', morning, 0, morning + 40]);
    assert.match(run?.reason ?? '', /^was paused with the label nightly by ann since [-\d]+ [:\d]+: new disks$/);
    assert.equal(outboxState(store, 0).waiting, 0);
    assert.deepEqual(world.complaints, []);
  });

  test('leaves the slot served: neither a second start nor the end of the pause brings it back', async (t) => {
    const { store, ask, runs } = site(t);
    pause(store, asked);
    await ask('schedule');
    assert.equal(await ask('schedule', { startedAt: morning + 1_000 }), 'not-due');
    resume(store, asked, { by: 'ann', at: morning + minute });
    assert.equal(await ask('schedule', { startedAt: morning + minute }), 'not-due');
    assert.equal(runs().length, 1);
  });

  test('at boot is recorded as skipped too', async (t) => {
    const { store, ask, runs } = site(t, { schedule: ['@reboot'] });
    pause(store, asked);
    assert.equal(await ask('boot'), 'skipped');
    assert.deepEqual([runs()[0]?.state, runs()[0]?.trigger], ['skipped', 'boot']);
  });

  test('leaves nothing where the minute is none of the job’s', async (t) => {
    const { store, ask, runs } = site(t);
    pause(store, asked);
    assert.equal(await ask('schedule', { startedAt: morning + 30 * minute }), 'not-due');
    assert.deepEqual(runs(), []);
  });

  test('to make up for a slot waits: the slot stays owed', async (t) => {
    const { store, installed, ask, runs } = site(t);
    const { id } = installed.job;
    owe(store, { job: id, slot: morning, until: morning + minute, reason: 'the machine was off' });
    pause(store, asked);
    assert.equal(await ask('catch-up', { slot: morning }), 'not-due');
    assert.deepEqual([runs(), isOwed(store, id, morning)], [[], true]);
    resume(store, asked, { by: 'ann', at: morning });
    assert.equal(await ask('catch-up', { slot: morning }), 'granted');
  });

  test('by hand runs all the same, and so does a retry of a run that had begun', async (t) => {
    const { store, ask } = site(t);
    begin(store, { run: 'first', slot: morning, at: morning });
    closeRun(store, { run: 'first', state: 'interrupted', at: morning, retry: { at: morning, attempt: 2 } });
    pause(store, asked);
    assert.equal(await ask('manual'), 'granted');
    const continues = { run: 'first', slot: morning, attempt: 2 };
    assert.equal(await ask('retry', { continues }), 'granted');
  });

  test('runs again from the instant at which the pause ends', async (t) => {
    const { store, ask } = site(t);
    pause(store, { ...asked, until: morning + 40 });
    assert.equal(await ask('schedule', { startedAt: morning + 40 }), 'granted');
  });

  test('runs where the pause is of another label or job', async (t) => {
    const { store, ask } = site(t);
    pause(store, { ...asked, name: 'weekly' });
    pause(store, { ...asked, scope: 'job', name: 'shop/backup-2' });
    assert.equal(await ask('schedule'), 'granted');
  });

  test('runs where the database cannot say that it is paused: the task comes first', async (t) => {
    const { store, world, installed } = site(t);
    pause(store, asked);
    const { kind } = await admit(storeless(world), { installed, trigger: 'schedule', startedAt: morning });
    assert.equal(kind, 'granted');
  });
});
