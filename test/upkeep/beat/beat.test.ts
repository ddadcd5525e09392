import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import type { JobId } from '../../../src/job/job.ts';
import { hostZone } from '../../../src/schedule/zone/zone.ts';
import { isOtherZone, lastMoment } from '../../../src/store/beats.ts';
import { dueJobs, setDue } from '../../../src/store/due.ts';
import { gapsBetween } from '../../../src/store/gaps.ts';
import { recordMissed } from '../../../src/store/missed.ts';
import { putInOutbox } from '../../../src/store/outbox.ts';
import { owe, owedSlots } from '../../../src/store/owed.ts';
import { firstInstalled, install } from '../../../src/store/registry.ts';
import { history } from '../../../src/store/runs.ts';
import { noteBeat } from '../../../src/upkeep/beat/beat.ts';
import { startDueNow } from '../../../src/upkeep/beat/other-zone.ts';
import { worldOf } from '../../launch/rig.ts';
import { MovedClock } from '../../moved-clock.ts';
import { until } from '../../run/rig.ts';
import {
  begin,
  installJobs,
  jobOf,
  minute,
  momentAt,
  morning,
  newStore,
  projectOf,
  settingsOf,
} from '../../store/rig.ts';

const hour = 60 * minute;
const day = 24 * hour;
const backup = 'shop/backup' as JobId;

function ticking(t: TestContext) {
  const store = newStore(t);
  installJobs(store, [jobOf('backup')]);
  const world = worldOf(store, new MovedClock(morning));
  const slot = () => store.db.get<{ slot: number }>('SELECT slot FROM due')?.slot;
  return { store, world, slot };
}

suite('the beat of the tick', () => {
  test('is noted with all clocks, and each gap with its cause', async (t) => {
    const { store, world } = ticking(t);
    await noteBeat(world, momentAt(morning));
    await noteBeat(world, momentAt(morning + minute));
    assert.deepEqual(gapsBetween(store, 0, morning + hour), []);
    await noteBeat(world, momentAt(morning + hour, { boot: 'next' }));
    assert.deepEqual(gapsBetween(store, 0, morning + hour), [
      { from: morning + minute, until: morning + hour, cause: 'machine-off' },
    ]);
    assert.deepEqual(lastMoment(store), momentAt(morning + hour, { boot: 'next' }));
  });

  test('that is the first of all, and late, tells that cron stood still since the jobs were installed', async (t) => {
    const { store, world } = ticking(t);
    const installed = firstInstalled(store) ?? 0;
    await noteBeat(world, momentAt(installed + hour));
    assert.deepEqual(gapsBetween(store, 0, installed + day), [
      { from: installed, until: installed + hour, cause: 'cron-silent' },
    ]);
  });

  test('after the clock was set back leaves no gap over the time that comes again', async (t) => {
    const { store, world } = ticking(t);
    const real = { uptime: 1, awake: 1 };
    await noteBeat(world, momentAt(morning, real));
    await noteBeat(world, momentAt(morning + 24 * hour, real));
    await noteBeat(world, momentAt(morning + minute, real));
    assert.deepEqual(gapsBetween(store, 0, morning + 48 * hour), [
      { from: morning, until: morning + minute, cause: 'clock-forward' },
      { from: morning + minute, until: morning + 24 * hour, cause: 'clock-back' },
    ]);
  });

  test('after the clock was set back leaves nothing missed or owed of the time that comes again', async (t) => {
    const { store, world } = ticking(t);
    const of = { revision: 1, at: morning + 9 * hour, reason: 'the clock was set', state: 'missed' } as const;
    const stretches = [
      { ...of, run: 'before', job: 'shop/a' as JobId, first: -4, count: 4 },
      { ...of, run: 'across', job: 'shop/b' as JobId, first: -4, count: 9 },
      { ...of, run: 'ahead', job: 'shop/c' as JobId, first: 1, count: 3 },
      { ...of, run: 'paused', job: 'shop/d' as JobId, first: 1, count: 3, state: 'skipped' },
    ] as const;
    for (const one of stretches) {
      const last = morning + (one.first + one.count - 1) * hour;
      recordMissed(store, { ...one, first: morning + one.first * hour, last }, () => one.run);
    }
    putInOutbox(store, {
      id: 'mail',
      project: 'shop',
      run: 'ahead',
      recipients: [],
      subject: '',
      text: '',
      createdAt: 0,
    });
    begin(store, { run: 'real', job: 'shop/e', slot: morning + hour, at: morning + hour });
    for (const after of [-1, 1])
      owe(store, { job: backup, slot: morning + after * hour, until: morning + day, reason: '' });
    await noteBeat(world, momentAt(morning + minute));
    await noteBeat(world, momentAt(morning, { uptime: morning + 2 * minute, awake: morning + 2 * minute }));
    assert.deepEqual(
      history(store, { limit: 9 }).map(({ run, slot, startedAt, slots }) => [
        run,
        slot === null ? null : (slot - morning) / hour,
        (startedAt - morning) / hour,
        slots,
      ]),
      [
        ['real', 1, 1, 1],
        ['across', null, 0, 4],
        ['before', -1, -1, 4],
      ],
    );
    assert.deepEqual(
      owedSlots(store).map(({ slot }) => slot),
      [morning - hour],
    );
    assert.deepEqual(store.db.all('SELECT id FROM outbox'), []);
  });

  test('after that of an earlier version knows the time alone', async (t) => {
    const { store, world } = ticking(t);
    store.db.run("INSERT INTO beat (kind, at) VALUES ('tick', ?)", morning);
    await noteBeat(world, momentAt(morning + hour));
    assert.equal(gapsBetween(store, 0, morning + hour)[0]?.cause, 'cron-silent');
  });

  test('has what is due worked out anew after the clock was set back, or the zone is another', async (t) => {
    const { store, world, slot } = ticking(t);
    await noteBeat(world, momentAt(morning));
    setDue(store, backup, morning + hour);
    await noteBeat(world, momentAt(morning + minute));
    assert.equal(slot(), morning + hour);
    await noteBeat(world, momentAt(morning - hour));
    assert.equal(slot(), -(morning - hour));
    setDue(store, backup, morning + hour);
    await noteBeat(world, momentAt(morning - hour + minute, { zone: 'Lisbon' }));
    assert.equal(slot(), -(morning - hour + minute));
  });
});

suite('where the table was made for another zone of the host', () => {
  function moved(t: TestContext, zone: string) {
    const own = ticking(t);
    const project = projectOf([jobOf('backup', { timezone: 'Etc/UTC', schedule: ['* * * * *'] })]);
    install(own.store, { project, settings: settingsOf({ hostZone: zone }), by: 'ann', at: morning - minute });
    return own;
  }

  test('the tick sees it, until a sync has put it right', async (t) => {
    const { store, world } = moved(t, 'Antarctica/Troll');
    await noteBeat(world, momentAt(morning));
    assert.equal(isOtherZone(store), true);
    const project = projectOf([jobOf('backup')]);
    install(store, { project, settings: settingsOf({ hostZone: hostZone().name }), by: 'ann', at: morning });
    await noteBeat(world, momentAt(morning + minute));
    assert.equal(isOtherZone(store), false);
  });

  test('the tick starts what is due at this minute, unless it has its run', async (t) => {
    const { store, world, complaints } = { ...moved(t, 'Antarctica/Troll'), complaints: [] as string[] };
    setDue(store, backup, morning);
    const lost = { ...world, launcher: '/nowhere/cronwright', complain: (text: string) => void complaints.push(text) };
    await startDueNow(lost);
    await until('it is complained about', () => complaints.length > 0);
    assert.match(complaints.join(''), /^cronwright: shop\/backup could not be started: .*ENOENT/);
    begin(store, { run: 'one', slot: morning });
    await startDueNow(lost);
    assert.equal(complaints.length, 1);
    assert.equal(dueJobs(store, morning, 1).length, 1);
  });

  test('of the host, nothing is started by the tick', async (t) => {
    const { store, world } = moved(t, hostZone().name);
    await noteBeat(world, momentAt(morning));
    assert.equal(isOtherZone(store), false);
  });
});
