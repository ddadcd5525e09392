import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import type { Job } from '../../src/job/job.ts';
import { catchUp } from '../../src/launch/catch-up.ts';
import { launch } from '../../src/launch/launch.ts';
import { owedSlots } from '../../src/store/owed.ts';
import { installedJob } from '../../src/store/registry.ts';
import { noteBeat } from '../../src/upkeep/beat/beat.ts';
import { lookForMissed } from '../../src/upkeep/missed/look.ts';
import { worldOf } from '../launch/rig.ts';
import { MovedClock } from '../moved-clock.ts';
import { installJobs, jobOf, minute, momentAt, morning, newStore } from '../store/rig.ts';

const hour = 60 * minute;
const day = 24 * hour;

/** A machine whose cron starts one job every five minutes of the clock, and the tick each minute; real time is counted apart. */
function machine(t: TestContext, changes: Partial<Job>) {
  const store = newStore(t);
  const command = { kind: 'program', argv: ['/bin/true'] } as const;
  const job = jobOf('often', {
    timezone: 'Etc/UTC',
    schedule: ['*/5 * * * *'],
    notify: { on: [], to: [] },
    command,
    ...changes,
  });
  installJobs(store, [job]);
  const clock = new MovedClock(morning);
  const world = worldOf(store, clock);
  let elapsed = 0;
  const minutes = async (count: number, doesCronStart = true) => {
    for (let n = 0; n < count; n++) {
      clock.move(minute);
      elapsed += minute;
      const installed = installedJob(store, job.id);
      assert.ok(installed);
      const isDue = doesCronStart && clock.now() % (5 * minute) === 0;
      if (isDue) await launch(world, { installed, trigger: 'schedule', startedAt: clock.now() });
      await noteBeat(world, momentAt(clock.now(), { uptime: elapsed, awake: elapsed }));
      await lookForMissed(world);
      if (owedSlots(store).length > 0) await catchUp(world, job.id);
    }
  };
  const begun = () =>
    store.db.all<{ slot: number }>("SELECT slot FROM run WHERE state <> 'missed' AND slot IS NOT NULL ORDER BY slot");
  return { store, clock, minutes, begun: () => begun().map(({ slot }) => (slot - morning) / minute) };
}

function each(from: number, until: number): readonly number[] {
  return Array.from({ length: (until - from) / 5 + 1 }, (_, n) => from + n * 5);
}

suite('a clock that is set', () => {
  test('back by an hour starts nothing twice and misses nothing', async (t) => {
    const { store, clock, minutes, begun } = machine(t, { missed: 'run-all' });
    await minutes(20);
    clock.move(-hour);
    await minutes(100);
    assert.deepEqual(begun(), each(-35, 60));
    assert.deepEqual(store.db.all("SELECT id FROM run WHERE state = 'missed'"), []);
    assert.deepEqual(store.db.all('SELECT cause FROM gap'), [{ cause: 'clock-back' }]);
  });

  test('back by an hour does not hide what cron does not start then', async (t) => {
    const { store, clock, minutes } = machine(t, {});
    await minutes(20);
    clock.move(-hour);
    await minutes(13, false);
    const rows = store.db.all("SELECT first_slot, slots FROM run WHERE state = 'missed'");
    assert.deepEqual(rows, [{ first_slot: morning - 35 * minute, slots: 2 }]);
  });

  test('forward by a day makes up for so much as the job asks for, and not more than a hundred starts', async (t) => {
    for (const [missed, made] of [
      ['ignore', 0],
      ['run-once', 1],
      ['run-all', 100],
    ] as const) {
      const { store, clock, minutes } = machine(t, { missed, startDeadline: 7 * day });
      await minutes(10);
      clock.move(day);
      await minutes(10);
      const count = (sql: string) => store.db.get<{ n: number }>(`SELECT ${sql} AS n FROM run`)?.n;
      assert.equal(count("sum(trigger = 'catch-up')"), made, missed);
      assert.equal(count("sum(state = 'missed')"), 1, missed);
      // All of the day is accounted for.
      assert.equal(
        count("sum(CASE state WHEN 'missed' THEN slots ELSE slot IS NOT NULL END)"),
        (day + 20 * minute) / minute / 5,
        missed,
      );
      assert.deepEqual(store.db.all('SELECT cause FROM gap'), [{ cause: 'clock-forward' }]);
    }
  });

  test('forward by a day and back again runs each time once', async (t) => {
    const { store, clock, minutes, begun } = machine(t, { missed: 'run-once', startDeadline: 7 * day });
    await minutes(10);
    clock.move(day);
    await minutes(10);
    clock.move(-day);
    await minutes(30);
    const slots = begun();
    // The clock never stood at 15 and 20: they are among what was missed.
    assert.deepEqual(slots, [...new Set(slots)]);
    assert.deepEqual(
      slots.filter((slot) => slot <= 50),
      [5, 10, ...each(25, 50)],
    );
    assert.equal(store.db.all("SELECT id FROM run WHERE state = 'missed'").length, 1);
  });
});
