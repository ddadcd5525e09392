import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import type { Job } from '../../src/job/job.ts';
import type { Admission, Permit } from '../../src/launch/admission.ts';
import { admit } from '../../src/launch/admit.ts';
import { dueSlot } from '../../src/launch/slot.ts';
import { namedZone } from '../../src/schedule/zone/zone.ts';
import { eventsOf } from '../../src/store/events.ts';
import { spooled } from '../../src/store/lying.ts';
import { dueRetries } from '../../src/store/retries.ts';
import { closeRun, history, type Trigger } from '../../src/store/runs.ts';
import { MovedClock } from '../moved-clock.ts';
import { begin, jobOf, minute, morning } from '../store/rig.ts';
import { storeless, storeWith, worldOf } from './rig.ts';

const berlin = namedZone('Europe/Berlin');

suite('the slot that a start serves', () => {
  const due = (schedule: readonly [string, ...string[]], startedAt: number) => {
    return dueSlot(jobOf('backup', { schedule }), berlin, startedAt);
  };

  test('is this minute, for as long as it lasts', () => {
    for (const late of [0, 1, 59_999]) {
      assert.deepEqual(due(['0 9 * * *'], morning + late), { slot: morning, punctual: true });
    }
  });

  test('is one of up to five minutes ago where the start is late', () => {
    assert.deepEqual(due(['0 9 * * *'], morning + minute), { slot: morning, punctual: false });
    assert.deepEqual(due(['0 9 * * *'], morning + 5 * minute), { slot: morning, punctual: false });
    assert.equal(due(['0 9 * * *'], morning + 5 * minute + 1), undefined);
  });

  test('is none before the time, even by a millisecond', () => {
    assert.equal(due(['0 9 * * *'], morning - 1), undefined);
  });

  test('is the latest that any of the schedules has', () => {
    const schedule = ['0 9 * * *', '*/2 * * * *'] as const;
    assert.deepEqual(due(schedule, morning + 3 * minute), { slot: morning + 2 * minute, punctual: false });
    assert.deepEqual(due(['58 8 * * *', '0 9 * * *'], morning), { slot: morning, punctual: true });
  });

  test('is none for a job that only starts with the machine', () => {
    assert.equal(due(['@reboot'], morning), undefined);
  });
});

/** The minute of the hour that the morning is in the zone of this machine. */
const atNine = [`${new Date(morning).getMinutes()} * * * *`] as const;

suite('asking for a permit', () => {
  function site(t: TestContext, changes: Partial<Job> = {}) {
    const { store, installed } = storeWith(t, jobOf('backup', { schedule: atNine, overlap: 'allow', ...changes }));
    const world = worldOf(store, new MovedClock(morning));
    const ask = (startedAt: number, trigger: Trigger = 'schedule'): Promise<Admission> =>
      admit(world, { installed, trigger, startedAt });
    const granted = async (startedAt: number, trigger?: Trigger): Promise<Permit> => {
      const admission = await ask(startedAt, trigger);
      assert.ok(admission.kind === 'granted');
      return admission.permit;
    };
    return { store, world, installed, ask, granted, runs: () => history(store, { limit: 10 }) };
  }

  const notDue: Admission = { kind: 'not-due' };

  test('records the run with its slot, revision and time', async (t) => {
    const { granted, runs } = site(t);
    const permit = await granted(morning + 40);
    const [run] = runs();
    assert.deepEqual([permit.run, permit.slot, permit.trouble], [run?.run, morning, undefined]);
    assert.deepEqual(
      [run?.job, run?.slot, run?.revision, run?.state, run?.startedAt],
      ['shop/backup', morning, 1, 'running', morning + 40],
    );
  });

  test('again within the same minute is refused, and the run remembers it', async (t) => {
    const { store, granted, ask, runs } = site(t);
    const { run } = await granted(morning);
    assert.deepEqual(await ask(morning + 30_000), notDue);
    assert.equal(runs().length, 1);
    assert.deepEqual(eventsOf(store, run), [
      { at: morning + 30_000, level: 'warning', message: 'cron started this slot again; it was not run twice' },
    ]);
  });

  test('by a late start is granted where nobody served the slot', async (t) => {
    assert.equal((await site(t).granted(morning + 3 * minute)).slot, morning);
  });

  test('by a late start leaves nothing where the slot was served: the line may fire wider than the schedule', async (t) => {
    const { store, granted, ask, runs } = site(t);
    const { run } = await granted(morning);
    assert.deepEqual(await ask(morning + minute), notDue);
    assert.deepEqual([runs().length, eventsOf(store, run)], [1, []]);
  });

  test('at a minute that is none of the job’s leaves nothing', async (t) => {
    const { ask, runs } = site(t);
    assert.deepEqual(await ask(morning + 30 * minute), notDue);
    assert.deepEqual(runs(), []);
  });

  test('by hand or at boot is always granted, and takes no slot', async (t) => {
    const { granted, runs } = site(t);
    await granted(morning, 'manual');
    await granted(morning, 'manual');
    await granted(morning, 'boot');
    assert.deepEqual(
      runs().map(({ slot }) => slot),
      [null, null, null],
    );
    await granted(morning);
  });

  test('of the database leaves one in the spool, for a start that cannot read the database', async (t) => {
    const { world, installed, granted } = site(t);
    await granted(morning);
    const start = { installed, trigger: 'schedule', startedAt: morning + 1_000 } as const;
    assert.deepEqual(await admit(storeless(world), start), notDue);
  });

  test('of the spool keeps a start out that finds the database usable again, and says why', async (t) => {
    const { world, installed, ask, runs } = site(t);
    const start = { installed, trigger: 'schedule', startedAt: morning } as const;
    assert.equal((await admit(storeless(world), start)).kind, 'granted');
    const { kind } = await ask(morning + 1_000);
    assert.equal(kind, 'skipped');
    const reason = 'its slot was launched already, while the database could not be used';
    assert.deepEqual(
      runs().map((run) => [run.state, run.reason]),
      [['skipped', reason]],
    );
  });

  test('of a retry replaces nobody: the run that goes on began after the one that is retried', async (t) => {
    const { store, world, installed, granted, runs } = site(t, { overlap: 'replace' });
    begin(store, { run: 'first', slot: morning, at: morning });
    closeRun(store, { run: 'first', state: 'interrupted', at: morning, retry: { at: morning, attempt: 2 } });
    await granted(morning + minute, 'manual');
    const continues = { run: 'first', slot: morning, attempt: 2 };
    const admission = await admit(world, { installed, trigger: 'retry', startedAt: morning + 2 * minute, continues });
    assert.equal(admission.kind, 'skipped');
    assert.equal(runs().filter(({ cancelBy }) => cancelBy !== null).length, 0);
  });

  test('of a retry without the database leaves it for later: nobody could note that it was made', async (t) => {
    const { store, world, installed } = site(t);
    begin(store, { run: 'first', slot: morning, at: morning });
    closeRun(store, { run: 'first', state: 'interrupted', at: morning, retry: { at: morning, attempt: 2 } });
    const continues = { run: 'first', slot: morning, attempt: 2 };
    const retry = { installed, trigger: 'retry', startedAt: morning, continues } as const;
    assert.deepEqual(await admit(storeless(world), retry), notDue);
    assert.deepEqual(spooled(store.directory, 0), []);
    assert.equal(dueRetries(store, morning).length, 1);
  });

  test('is not refused by a mistake of ours: the task comes first, and the stack is shown', async (t) => {
    const { store, world, granted } = site(t);
    store.db.run('DROP TABLE run');
    const { trouble } = await granted(morning);
    assert.match(trouble?.message ?? '', /no such table: run/);
    assert.match(world.complaints.join(''), /no such table: run\n +at /);
  });
});
