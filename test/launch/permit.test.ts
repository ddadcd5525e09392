import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { askPermit, type Permit } from '../../src/launch/permit.ts';
import { dueSlot } from '../../src/launch/slot.ts';
import { namedZone } from '../../src/schedule/zone.ts';
import { eventsOf } from '../../src/store/events.ts';
import { history, type Trigger } from '../../src/store/runs.ts';
import { jobOf, minute, morning } from '../store/rig.ts';
import { storeWith } from './rig.ts';

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

suite('asking for a permit', () => {
  function site(t: TestContext) {
    const { store, installed } = storeWith(t, jobOf('backup'));
    const ask = (startedAt: number, trigger: Trigger = 'schedule'): Permit | undefined =>
      askPermit(store, { installed, trigger, startedAt }, berlin);
    return { store, ask, runs: () => history(store, { limit: 10 }) };
  }

  test('records the run with its slot, revision and time', (t) => {
    const { ask, runs } = site(t);
    const permit = ask(morning + 40);
    const [run] = runs();
    assert.deepEqual(permit, { run: run?.run, slot: morning });
    assert.deepEqual(
      [run?.job, run?.slot, run?.revision, run?.state, run?.startedAt],
      ['shop/backup', morning, 1, 'running', morning + 40],
    );
  });

  test('again within the same minute is refused, and the run remembers it', (t) => {
    const { store, ask, runs } = site(t);
    const first = ask(morning);
    assert.equal(ask(morning + 30_000), undefined);
    assert.equal(runs().length, 1);
    assert.deepEqual(eventsOf(store, first?.run ?? ''), [
      { at: morning + 30_000, level: 'warning', message: 'cron started this slot again; it was not run twice' },
    ]);
  });

  test('by a late start is granted where nobody served the slot', (t) => {
    const { ask } = site(t);
    assert.equal(ask(morning + 3 * minute)?.slot, morning);
  });

  test('by a late start leaves nothing where the slot was served: the line may fire wider than the schedule', (t) => {
    const { store, ask, runs } = site(t);
    const first = ask(morning);
    assert.equal(ask(morning + minute), undefined);
    assert.deepEqual([runs().length, eventsOf(store, first?.run ?? '')], [1, []]);
  });

  test('at a minute that is none of the job’s leaves nothing', (t) => {
    const { ask, runs } = site(t);
    assert.equal(ask(morning + 60 * minute), undefined);
    assert.deepEqual(runs(), []);
  });

  test('by hand or at boot is always granted, and takes no slot', (t) => {
    const { ask, runs } = site(t);
    assert.ok(ask(morning, 'manual'));
    assert.ok(ask(morning, 'manual'));
    assert.ok(ask(morning, 'boot'));
    assert.deepEqual(
      runs().map(({ slot }) => slot),
      [null, null, null],
    );
    assert.ok(ask(morning));
  });
});
